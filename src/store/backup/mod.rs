//! Backups: one encrypted file, made by two persons, that never brings back who was erased.
//!
//! The file is useless without a key of its own, which stays in the key folder: it ends with the
//! backup, and erasing a person takes that person's part out of it (see `puncture`). So a backup
//! helps when the database is lost, not when the key folder is lost with it: keep the two on
//! different media.
//!
//! ```text
//! "MZBACK2\n" | backup (8) | made at (8) | ends at (8) | device (16)
//! pieces: length u32 | sealed piece; the last one is marked in what is sealed
//! ```
//! The pieces together: signing key of the log (40) | SQLite database whose data keys are wrapped
//! for this backup.

mod create;
mod key;
mod puncture;
mod restore;

pub(super) use key::{expire, forget};
pub use restore::{NotRestored, restore};

use super::keys::{Key, derive};
use super::seal::{Column, Place};

const MAGIC: &[u8; 8] = b"MZBACK2\n";
const HEADER: usize = 8 + 8 + 8 + 8 + 16;
/// Units: bytes of plaintext.
const PIECE: usize = 1 << 20;

/// What the first bytes of a backup say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) id: [u8; 8],
    pub(super) made_ms: i64,
    pub(super) ends_ms: i64,
    pub(super) device: [u8; 16],
}

impl Header {
    fn to_bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&self.id);
        bytes[16..24].copy_from_slice(&self.made_ms.to_be_bytes());
        bytes[24..32].copy_from_slice(&self.ends_ms.to_be_bytes());
        bytes[32..].copy_from_slice(&self.device);
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
        let (made, rest) = rest.split_first_chunk::<8>()?;
        let (ends, rest) = rest.split_first_chunk::<8>()?;
        let (device, _) = rest.split_first_chunk::<16>()?;
        Some(Self { id: *id, made_ms: i64::from_be_bytes(*made), ends_ms: i64::from_be_bytes(*ends), device: *device })
    }

    /// The key of the pieces belongs to this very header.
    fn key(&self, pieces: &Key) -> Key {
        derive(pieces, &self.to_bytes())
    }

    fn place(&self, piece: i64, last: bool) -> Place {
        Place { device: self.device, column: Column::BackupPiece, row: piece, epoch: u64::from(last) }
    }

    /// Where a person's data key belongs in this backup.
    fn person(&self, row: i64) -> Place {
        Place { device: self.device, column: Column::BackupPerson, row, epoch: u64::from_be_bytes(self.id) }
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    key::parse(bytes);
    let _ = puncture::Punctured::parse(bytes).map(|keys| keys.key(7));
    let header = Header { id: [1; 8], made_ms: 0, ends_ms: 1, device: [2; 16] };
    let _ = restore::pieces(&mut &*bytes, |_| Some(derive(&[3; 32], &header.to_bytes())));
}
