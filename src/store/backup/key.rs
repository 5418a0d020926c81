//! The key of a backup, which stays on the device and ends with the backup.
//!
//! ```text
//! "MZBKEY2\n" | backup (8) | ends at (8) | sealed: key of the pieces (32), seeds of the persons
//! ```

use zeroize::Zeroizing;

use crate::core::ids::PersonId;
use crate::store::StoreError;
use crate::store::audit::hex;
use crate::store::keys::{Key, KeyFolder, Master, Purpose, random_key};
use crate::store::seal::{Column, Place};

use super::puncture::Punctured;

const MAGIC: &[u8; 8] = b"MZBKEY2\n";
/// Far more than a month of erasures needs.
const LONGEST: usize = 64 << 20;

/// The key of one backup.
pub(super) struct BackupKey {
    pub(super) id: [u8; 8],
    pub(super) ends_ms: i64,
    pub(super) pieces: Key,
    pub(super) people: Punctured,
}

impl BackupKey {
    pub(super) fn random(ends_ms: i64) -> Result<Self, StoreError> {
        let mut id = [0; 8];
        getrandom::fill(&mut id).map_err(|_| StoreError::NoRandom)?;
        Ok(Self { id, ends_ms, pieces: random_key()?, people: Punctured::new()? })
    }

    pub(super) fn write(&self, folder: &KeyFolder, master: &Master) -> Result<(), StoreError> {
        let people = self.people.to_bytes();
        let mut plain = Zeroizing::new(Vec::with_capacity(32 + people.len()));
        plain.extend(self.pieces.iter());
        plain.extend(people.iter());
        let sealed = place(self.id, self.ends_ms).seal(&master.derive(Purpose::Backup), &plain);
        let sealed = sealed.map_err(|_| StoreError::NoRandom)?;
        folder.put(&file(self.id), &[&MAGIC[..], &self.id, &self.ends_ms.to_be_bytes(), &sealed].concat())
    }

    pub(super) fn read(folder: &KeyFolder, master: &Master, name: &str) -> Result<Option<Self>, StoreError> {
        let Some(bytes) = folder.read_up_to(name, LONGEST)? else { return Ok(None) };
        let damaged = || StoreError::KeyDamaged(folder.path(name));
        let (id, ends_ms, sealed) = parse(&bytes).ok_or_else(damaged)?;
        let plain = place(id, ends_ms).open(&master.derive(Purpose::Backup), sealed).map_err(|_| damaged())?;
        let (pieces, people) = plain.split_first_chunk::<32>().ok_or_else(damaged)?;
        let people = Punctured::parse(people).ok_or_else(damaged)?;
        Ok(Some(Self { id, ends_ms, pieces: Key::new(*pieces), people }))
    }

    /// The key a person's data key is wrapped under in this backup; none if they were erased.
    pub(super) fn of(&self, row: i64) -> Option<Key> {
        self.people.key(u32::try_from(row).ok()?)
    }
}

fn place(id: [u8; 8], ends_ms: i64) -> Place {
    let mut device = [0; 16];
    device[..8].copy_from_slice(&id);
    Place { device, column: Column::BackupKey, row: ends_ms, epoch: 0 }
}

pub(super) fn file(id: [u8; 8]) -> String {
    format!("backup-{}.key", hex(&id))
}

/// Backup, its end, sealed rest.
pub(super) fn parse(bytes: &[u8]) -> Option<([u8; 8], i64, &[u8])> {
    let (id, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    let (ends, sealed) = rest.split_first_chunk::<8>()?;
    Some((*id, i64::from_be_bytes(*ends), sealed))
}

fn names(folder: &KeyFolder) -> Vec<String> {
    folder.names().into_iter().filter(|name| name.starts_with("backup-")).collect()
}

/// Takes people out of every backup there is.
pub(in crate::store) fn forget(folder: &KeyFolder, master: &Master, people: &[PersonId]) -> Result<(), StoreError> {
    for name in names(folder) {
        let mut key = match BackupKey::read(folder, master, &name) {
            Ok(Some(key)) => key,
            // A key that does not open brings nobody back; one that cannot be read now might.
            Err(StoreError::Io(path, reason)) => return Err(StoreError::Io(path, reason)),
            Ok(None) | Err(_) => continue,
        };
        people.iter().filter_map(|person| u32::try_from(person.0).ok()).for_each(|leaf| key.people.puncture(leaf));
        key.write(folder, master)?;
    }
    Ok(())
}

/// Destroys the keys of backups past their time.
pub(in crate::store) fn expire(folder: &KeyFolder, master: &Master, now_ms: i64) -> Result<(), StoreError> {
    for name in names(folder) {
        if BackupKey::read(folder, master, &name).is_ok_and(|key| key.is_some_and(|key| key.ends_ms <= now_ms)) {
            folder.destroy(&name)?;
        }
    }
    Ok(())
}
