//! A note beside the keys of how far the log had come: a database that knows less than this was
//! cut or is an old copy.
//!
//! Written after each commit and not forced to the disk, so it may be behind, never ahead. Two
//! places in turn: a torn write leaves the other.
//!
//! ```text
//! twice: seq u64 | at_ms i64 | hash 32 | generation u64 | HMAC-SHA256 32
//! ```

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::store::keys::{Key, KeyFolder};

use super::chain::Hash;

const FILE: &str = "anchor";
const BODY: usize = 8 + 8 + 32 + 8;
const PLACE: usize = BODY + 32;

/// How far the log had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Mark {
    pub(in crate::store) seq: u64,
    /// The largest wall time seen. Units: ms since 1970 UTC.
    pub(in crate::store) at_ms: i64,
    pub(in crate::store) hash: Hash,
    /// Of what is watched: see `guard`.
    pub(in crate::store) generation: u64,
}

pub(super) struct Anchor {
    key: Key,
    file: Option<File>,
}

impl Anchor {
    /// Opens it for writing; a folder that may only be read leaves it as it is.
    pub(super) fn open(folder: &KeyFolder, key: Key) -> Self {
        let path = folder.path(FILE);
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        Self { key, file: options.or_else(|_| File::open(&path)).ok() }
    }

    /// None, for a log that is not in its place yet.
    pub(super) fn nowhere(key: Key) -> Self {
        Self { key, file: None }
    }

    /// Begins anew: the log that was noted here is gone, and the one in its place says so.
    pub(super) fn forget(folder: &KeyFolder) -> Result<(), crate::store::StoreError> {
        folder.destroy(FILE)
    }

    /// The farthest mark that is whole.
    pub(super) fn read(&self) -> Option<Mark> {
        let file = self.file.as_ref()?;
        let marks = [0, 1].into_iter().filter_map(|place| {
            let mut bytes = [0; PLACE];
            file.read_exact_at(&mut bytes, place * PLACE as u64).ok()?;
            self.parse(&bytes)
        });
        marks.max_by_key(|mark| (mark.seq, mark.generation))
    }

    /// Notes how far the log is. Best effort: the log itself is what counts.
    pub(super) fn write(&self, mark: &Mark) {
        let Some(file) = &self.file else { return };
        let mut bytes = [0; PLACE];
        bytes[..8].copy_from_slice(&mark.seq.to_be_bytes());
        bytes[8..16].copy_from_slice(&mark.at_ms.to_be_bytes());
        bytes[16..48].copy_from_slice(&mark.hash);
        bytes[48..BODY].copy_from_slice(&mark.generation.to_be_bytes());
        let Some(mac) = self.mac(&bytes[..BODY]) else { return };
        bytes[BODY..].copy_from_slice(&mac.finalize().into_bytes());
        let first = file.metadata().is_ok_and(|meta| meta.len() == 0);
        let written = file.write_all_at(&bytes, (mark.seq + mark.generation) % 2 * PLACE as u64);
        // From its first moment there must be one: a log without is taken for tampered with.
        if first && written.is_ok() {
            let _ = file.sync_all();
        }
    }

    fn parse(&self, bytes: &[u8; PLACE]) -> Option<Mark> {
        self.mac(&bytes[..BODY])?.verify_slice(&bytes[BODY..]).ok()?;
        Some(Mark {
            seq: u64::from_be_bytes(bytes[..8].try_into().ok()?),
            at_ms: i64::from_be_bytes(bytes[8..16].try_into().ok()?),
            hash: bytes[16..48].try_into().ok()?,
            generation: u64::from_be_bytes(bytes[48..BODY].try_into().ok()?),
        })
    }

    fn mac(&self, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).ok()?;
        mac.update(body);
        Some(mac)
    }
}
