//! The form of the log: what is hashed, what is signed. A verifier in another language needs
//! nothing but this page (`tests/data/audit/verify.py` is one).
//!
//! ```text
//! leaf = SHA-256("mz-leaf-1\0" | salt 16 | event as JSON)
//! hash = SHA-256("mz-chain-1\0" | hash before 32 | seq u64 | at_ms i64 | leaf 32)
//! head = "mz-head-1\0" | device 16 | step u64 | seq u64 | at_ms i64 | hash 32 | next public key 32
//! ```
//! Numbers are big-endian; the hash before entry 1 is 32 zeros. Every head is signed (Ed25519) by
//! the key of its step and names the key of the next: the first public key, kept elsewhere, is
//! enough to check all that follow. The salt keeps an exported hash from being guessed backwards.

use sha2::{Digest, Sha256};

/// SHA-256.
pub(in crate::store) type Hash = [u8; 32];

pub(super) fn leaf(salt: &[u8], event: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"mz-leaf-1\0");
    hash.update(salt);
    hash.update(event);
    hash.finalize().into()
}

pub(super) fn link(before: &Hash, seq: u64, at_ms: i64, leaf: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"mz-chain-1\0");
    hash.update(before);
    hash.update(seq.to_be_bytes());
    hash.update(at_ms.to_be_bytes());
    hash.update(leaf);
    hash.finalize().into()
}

/// The newest entry of a day, to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) step: u64,
    pub(super) seq: u64,
    pub(super) at_ms: i64,
    pub(super) hash: Hash,
    pub(super) next_key: [u8; 32],
}

impl Head {
    pub(super) fn message(&self, device: &[u8; 16]) -> Vec<u8> {
        [
            &b"mz-head-1\0"[..],
            device,
            &self.step.to_be_bytes(),
            &self.seq.to_be_bytes(),
            &self.at_ms.to_be_bytes(),
            &self.hash,
            &self.next_key,
        ]
        .concat()
    }
}

pub(in crate::store) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
