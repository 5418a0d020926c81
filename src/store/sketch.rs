//! Counting distinct persons over several devices of one processor without sharing identities.
//!
//! Each device feeds a keyed hash of each document number into a `HyperLogLog`: 16,384 small
//! registers, which cannot be turned back into numbers, and say whether somebody is in it only to
//! who has the group key and already knows their number. Merging needs no key.

use std::hash::{BuildHasher, Hasher};

use hmac::{Hmac, KeyInit, Mac};
use hyperloglogplus::{HyperLogLog, HyperLogLogPlus};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::core::audit::AuditEvent;
use crate::core::operator::{Action, Approval};
use crate::ports::StoreFault;

use super::audit::hex;
use super::file::Store;

/// 2^14 registers: a standard error of 0.81 %.
const PRECISION: u8 = 14;
/// Two standard errors: nineteen of twenty counts are within. Units: per mille.
pub const ERROR_PER_MILLE: u64 = 16;

/// What is put in is hashed already.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct AsItIs;

#[derive(Default)]
struct Last(u64);

impl Hasher for Last {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl BuildHasher for AsItIs {
    type Hasher = Last;

    fn build_hasher(&self) -> Last {
        Last::default()
    }
}

/// A count of distinct persons that names none of them.
#[derive(Serialize, Deserialize)]
pub struct Sketch {
    /// Says whether two sketches were made under one group key, without saying which.
    group: String,
    registers: HyperLogLogPlus<u64, AsItIs>,
}

/// Two sketches cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sketches were made under different group keys")]
pub struct OtherGroup;

impl Sketch {
    /// An empty sketch of a group; never fails with the precision used here.
    fn new(key: &[u8; 32]) -> Result<Self, StoreFault> {
        let registers = HyperLogLogPlus::new(PRECISION, AsItIs).map_err(|_| StoreFault)?;
        Ok(Self { group: hex(&keyed(key, b"group", b"")[..8]), registers })
    }

    fn add(&mut self, key: &[u8; 32], number: &[u8]) {
        let hash = keyed(key, b"person", number);
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        self.registers.insert(&u64::from_be_bytes(first));
    }

    /// Takes another in: who is in both counts once.
    ///
    /// # Errors
    /// When it was made under another key.
    pub fn merge(&mut self, other: &Self) -> Result<(), OtherGroup> {
        if self.group != other.group {
            return Err(OtherGroup);
        }
        self.registers.merge(&other.registers).map_err(|_| OtherGroup)
    }

    /// About how many distinct persons.
    pub fn count(&mut self) -> u64 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count, far below 2^52
        let count = self.registers.count().round().max(0.0) as u64;
        count
    }
}

fn keyed(key: &[u8; 32], kind: &[u8], value: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    // HMAC takes keys of any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(kind);
        mac.update(&[0]);
        mac.update(value);
        out.copy_from_slice(&mac.finalize().into_bytes());
    }
    out
}

impl Store {
    /// Makes the key of a group of devices, or takes one over; gives the key in force.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn join_group(&mut self, approval: &Approval, key: Option<[u8; 32]>) -> Result<[u8; 32], StoreFault> {
        if approval.action() != Action::ManageFiling {
            return Err(StoreFault);
        }
        let key = match (key, self.watched.group) {
            (Some(key), _) | (None, Some(key)) => key,
            (None, None) => {
                let mut fresh = [0; 32];
                getrandom::fill(&mut fresh).map_err(|_| StoreFault)?;
                fresh
            }
        };
        let mut after = self.watched.clone();
        after.group = Some(key);
        let done = AuditEvent::Done { action: Action::ManageFiling, by: approval.by().to_vec() };
        self.change_watched(after, |_| Ok(((), vec![done])))?;
        Ok(key)
    }

    /// A sketch of everybody stored here; none without a group key.
    ///
    /// # Errors
    /// When the store cannot be read, or the approval is for something else.
    pub fn sketch(&mut self, approval: &Approval) -> Result<Option<Sketch>, StoreFault> {
        self.looked(approval)?;
        let Some(key) = self.watched.group else { return Ok(None) };
        let mut sketch = Sketch::new(&key)?;
        let rows: Vec<i64> = {
            let mut query = self.db.prepare("SELECT id FROM people")?;
            query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for row in rows {
            sketch.add(&key, self.stored_identity(row)?.number.as_bytes());
        }
        Ok(Some(sketch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_that_share_people_count_them_once_and_strangers_do_not_mix() {
        let key = [7; 32];
        let of = |range: std::ops::Range<u32>| {
            let mut sketch = Sketch::new(&key).unwrap();
            range.for_each(|n| sketch.add(&key, format!("person-{n}").as_bytes()));
            let text = serde_json::to_string(&sketch).unwrap();
            assert!(!text.contains("person"));
            serde_json::from_str::<Sketch>(&text).unwrap()
        };
        let (mut one, two) = (of(0..60_000), of(40_000..110_000));
        one.merge(&two).unwrap();
        let count = one.count();
        assert!(count.abs_diff(110_000) * 1000 < 110_000 * 2 * ERROR_PER_MILLE, "{count}");
        let mut small = of(0..100);
        assert!(small.count().abs_diff(100) <= 2);
        assert_eq!(small.merge(&Sketch::new(&[8; 32]).unwrap()), Err(OtherGroup));
    }
}
