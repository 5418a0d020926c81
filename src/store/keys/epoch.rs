//! The epoch key: random, never derived, so that destroying it means something.
//!
//! It wraps the data key of each person. After an erasure the data keys that remain are wrapped
//! under a new epoch key and the old one is destroyed: from then on nothing opens what was erased,
//! not the file, its log, its free pages or an old copy, whoever has the master key. The file here
//! holds the wrapped epoch key; were it in the database, an old copy would bring it back.
//!
//! ```text
//! "MZEPOC2\n" | number (8) | nonce (12) | wrapped key (32) | tag (16)
//! ```

use super::folder::KeyFolder;
use super::master::{Key, Master, Purpose, random_key};
use crate::store::StoreError;
use crate::store::seal::{Column, Place};

const MAGIC: &[u8; 8] = b"MZEPOC2\n";
const NOW: &str = "epoch.key";
const NEXT: &str = "epoch.next";

/// One epoch key.
pub(in crate::store) struct Epoch {
    pub(in crate::store) number: u64,
    pub(in crate::store) key: Key,
}

/// The epoch keys in the key folder: the one in force and, while a change is under way, the next.
pub(in crate::store) struct Epochs<'a> {
    pub(in crate::store) folder: &'a KeyFolder,
    pub(in crate::store) master: &'a Master,
}

impl Epochs<'_> {
    /// The first epoch of a new store.
    pub(in crate::store) fn first(&self) -> Result<Epoch, StoreError> {
        let epoch = Epoch { number: 1, key: random_key()? };
        self.write(NOW, &epoch)?;
        Ok(epoch)
    }

    /// The key of the epoch the database names, whatever was cut off between file and database.
    pub(in crate::store) fn of(&self, number: u64) -> Result<Epoch, StoreError> {
        let now = self.read(NOW)?;
        if let Some(epoch) = now.filter(|epoch| epoch.number == number) {
            // A next one was made, but the database never came to it.
            self.folder.destroy(NEXT)?;
            return Ok(epoch);
        }
        match self.read(NEXT)?.filter(|epoch| epoch.number == number) {
            Some(epoch) => {
                self.folder.rename(NEXT, NOW)?;
                Ok(epoch)
            }
            // The key went on without this database: it is an old copy.
            None => Err(StoreError::Stale(self.folder.path(NOW))),
        }
    }

    /// The highest number that was ever given here, as far as the files say.
    pub(in crate::store) fn highest(&self) -> u64 {
        let number = |name| self.read(name).ok().flatten().map_or(0, |epoch| epoch.number);
        number(NOW).max(number(NEXT))
    }

    /// Prepares the epoch after this one, durably, before the database goes over to it.
    pub(in crate::store) fn prepare_after(&self, number: u64) -> Result<Epoch, StoreError> {
        let next = Epoch { number: number + 1, key: random_key()? };
        self.write(NEXT, &next)?;
        Ok(next)
    }

    /// The database went over: destroys the key before.
    pub(in crate::store) fn settle(&self) -> Result<(), StoreError> {
        self.folder.rename(NEXT, NOW)
    }

    fn write(&self, name: &str, epoch: &Epoch) -> Result<(), StoreError> {
        let sealed = place(epoch.number).seal(&self.master.derive(Purpose::Epoch), &*epoch.key);
        let sealed = sealed.map_err(|_| StoreError::NoRandom)?;
        self.folder.put(name, &[&MAGIC[..], &epoch.number.to_be_bytes(), &sealed].concat())
    }

    fn read(&self, name: &str) -> Result<Option<Epoch>, StoreError> {
        let Some(bytes) = self.folder.read(name)? else { return Ok(None) };
        let damaged = || StoreError::KeyDamaged(self.folder.path(name));
        let (number, sealed) = parse(&bytes).ok_or_else(damaged)?;
        let plain = place(number).open(&self.master.derive(Purpose::Epoch), sealed).map_err(|_| damaged())?;
        let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| damaged())?;
        Ok(Some(Epoch { number, key: Key::new(key) }))
    }
}

/// The key folder may be made before the database has its name: no device here.
fn place(number: u64) -> Place {
    Place { device: [0; 16], column: Column::EpochKey, row: 0, epoch: number }
}

/// Number and sealed key.
pub(super) fn parse(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (number, sealed) = rest.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*number), sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_off_change_of_epoch_ends_on_one_side_or_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let folder = KeyFolder::new(dir.path());
        let master = Master::random().unwrap();
        let epochs = Epochs { folder: &folder, master: &master };
        let first = epochs.first().unwrap();
        let next = epochs.prepare_after(first.number).unwrap();
        // The database stayed: the next key goes.
        assert_eq!(*epochs.of(1).unwrap().key, *first.key);
        assert!(matches!(epochs.of(2), Err(StoreError::Stale(_))));
        // The database went over: the first key goes, for good.
        let second = epochs.prepare_after(first.number).unwrap();
        assert_ne!(*second.key, *next.key);
        assert_eq!(*epochs.of(2).unwrap().key, *second.key);
        assert!(matches!(epochs.of(1), Err(StoreError::Stale(_))));
        assert_eq!(folder.names(), [NOW]);
    }
}
