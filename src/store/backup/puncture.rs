//! A key for every person out of one seed, from which single keys can be taken away for good.
//!
//! A binary tree of seeds (Goldreich, Goldwasser and Micali 1986): each child is derived from its
//! parent by a one-way step, the leaf of a person's row number is their key. Taking a key away
//! replaces the seed above it by the seeds beside the way down to it: all other leaves can still be
//! derived, that one cannot, by nobody. So a backup on a shelf forgets a person when the key file
//! on the device does.

use zeroize::Zeroizing;

use crate::store::StoreError;
use crate::store::keys::{Key, derive, random_key};

const DEPTH: u8 = 32;
const NODE: usize = 1 + 4 + 32;

struct Node {
    /// How many steps below the root: 0 is the root, 32 a leaf.
    depth: u8,
    /// The way from the root: its first `depth` bits.
    prefix: u32,
    seed: Key,
}

impl Node {
    fn covers(&self, leaf: u32) -> bool {
        self.depth == 0 || (leaf ^ self.prefix) >> (DEPTH - self.depth) == 0
    }

    /// The child towards a leaf (`same`) or beside that way.
    fn child(&self, leaf: u32, same: bool) -> Self {
        let bit = 1 << (DEPTH - 1 - self.depth);
        let right = (leaf & bit != 0) == same;
        let label: &[u8] = if right { b"mianzheng 2 right" } else { b"mianzheng 2 left" };
        let prefix = if right { self.prefix | bit } else { self.prefix };
        Self { depth: self.depth + 1, prefix, seed: derive(&self.seed, label) }
    }
}

/// The seeds that are left.
pub(super) struct Punctured(Vec<Node>);

impl Punctured {
    pub(super) fn new() -> Result<Self, StoreError> {
        Ok(Self(vec![Node { depth: 0, prefix: 0, seed: random_key()? }]))
    }

    /// The key of a leaf; none if it was taken away.
    pub(super) fn key(&self, leaf: u32) -> Option<Key> {
        let node = self.0.iter().find(|node| node.covers(leaf))?;
        let mut node = Node { depth: node.depth, prefix: node.prefix, seed: node.seed.clone() };
        while node.depth < DEPTH {
            node = node.child(leaf, true);
        }
        Some(node.seed)
    }

    /// Takes the key of a leaf away.
    pub(super) fn puncture(&mut self, leaf: u32) {
        let Some(at) = self.0.iter().position(|node| node.covers(leaf)) else { return };
        let mut node = self.0.swap_remove(at);
        while node.depth < DEPTH {
            self.0.push(node.child(leaf, false));
            node = node.child(leaf, true);
        }
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.0.len() * NODE));
        for node in &self.0 {
            bytes.push(node.depth);
            bytes.extend(node.prefix.to_be_bytes());
            bytes.extend(node.seed.iter());
        }
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (nodes, rest) = bytes.as_chunks::<NODE>();
        let nodes = nodes.iter().map(|node| {
            let depth = node[0];
            let prefix = u32::from_be_bytes(node[1..5].try_into().ok()?);
            let seed = Key::new(node[5..].try_into().ok()?);
            (depth <= DEPTH).then_some(Node { depth, prefix, seed })
        });
        rest.is_empty().then(|| nodes.collect::<Option<_>>().map(Self)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_taken_away_is_gone_and_all_else_stays(
            gone in proptest::collection::vec(0_u32..64, 0..20),
            others in proptest::collection::vec(any::<u32>(), 8),
        ) {
            let mut keys = Punctured::new().unwrap();
            let asked: Vec<u32> = others.iter().copied().chain(0..64).collect();
            let before: Vec<_> = asked.iter().map(|leaf| *keys.key(*leaf).unwrap()).collect();
            gone.iter().for_each(|leaf| keys.puncture(*leaf));
            let keys = Punctured::parse(&keys.to_bytes()).unwrap();
            for (leaf, before) in asked.iter().zip(before) {
                let now = keys.key(*leaf).map(|key| *key);
                prop_assert_eq!(now, (!gone.contains(leaf)).then_some(before));
            }
            // None of the seeds that are left is above a leaf that is gone.
            prop_assert!(gone.iter().all(|leaf| keys.0.iter().all(|node| !node.covers(*leaf))));
        }
    }

    #[test]
    fn two_leaves_have_two_keys() {
        let keys = Punctured::new().unwrap();
        assert_ne!(*keys.key(0).unwrap(), *keys.key(1).unwrap());
        assert_ne!(*keys.key(0).unwrap(), *keys.key(u32::MAX).unwrap());
    }
}
