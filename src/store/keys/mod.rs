//! The keys of a device: one master key in several slots, a random epoch key, all in a folder of
//! their own so that it can lie on another medium than the store.

mod epoch;
mod folder;
mod master;
mod slot;
mod tpm;

pub(super) use epoch::{Epoch, Epochs};
pub(super) use folder::KeyFolder;
#[cfg(test)]
pub(super) use folder::STEPS_LEFT;
pub(super) use master::{Key, Master, Purpose, derive, random_key};
pub(super) use slot::ARGON;
pub use slot::{SlotKind, Unlock};
pub use tpm::Tpm;

use crate::ports::Secret;

use super::error::StoreError;
use slot::Slot;

/// Opens the first slot that opens.
///
/// # Errors
/// [`StoreError::KeyMissing`] if there is no slot; else why the last one tried did not open.
pub(super) fn open(folder: &KeyFolder, unlock: &Unlock) -> Result<Master, StoreError> {
    let mut last = StoreError::KeyMissing(folder.path(SlotKind::File.file()));
    for kind in SlotKind::ALL {
        let Some(bytes) = folder.read(kind.file())? else { continue };
        let slot = Slot::parse(&bytes).filter(|slot| slot.kind() == kind);
        match slot.map(|slot| slot.open(unlock, folder)) {
            Some(Ok(master)) => return Ok(master),
            // A slot nothing was offered for says less than one that was tried and failed.
            Some(Err(StoreError::PassphraseNeeded(_))) if !matches!(last, StoreError::KeyMissing(_)) => {}
            Some(Err(error)) => last = error,
            None => last = StoreError::KeyDamaged(folder.path(kind.file())),
        }
    }
    Err(last)
}

/// Whether the recovery code that was given opens its slot.
pub(super) fn open_with_recovery(folder: &KeyFolder, unlock: &Unlock) -> Result<bool, StoreError> {
    let Some(bytes) = folder.read(SlotKind::Recovery.file())? else { return Ok(false) };
    let slot = Slot::parse(&bytes).ok_or_else(|| StoreError::KeyDamaged(folder.path(SlotKind::Recovery.file())))?;
    slot.open(unlock, folder).map(|_| true)
}

/// Makes a new master key, in a key file.
pub(super) fn create(folder: &KeyFolder) -> Result<Master, StoreError> {
    let master = Master::random()?;
    add(folder, SlotKind::File, &master, &Unlock::default())?;
    // What counts is what the next start will read.
    open(folder, &Unlock::default())
}

/// Adds a slot, or makes it anew. The records are not touched.
pub(super) fn add(folder: &KeyFolder, kind: SlotKind, master: &Master, unlock: &Unlock) -> Result<(), StoreError> {
    let slot = Slot::wrap(kind, master, unlock, folder)?;
    // Proven before it counts: a slot that does not open is worse than none.
    if slot.open(unlock, folder)?.bytes() != master.bytes() {
        return Err(StoreError::KeyDamaged(folder.path(kind.file())));
    }
    folder.put(kind.file(), &slot.to_bytes())
}

/// Adds a recovery slot and gives its code, which is shown once and kept nowhere.
pub(super) fn add_recovery(folder: &KeyFolder, master: &Master) -> Result<Secret, StoreError> {
    let code = slot::recovery_code()?;
    let unlock = Unlock { recovery: Some(Secret::new(code.expose().to_owned())), ..Unlock::default() };
    add(folder, SlotKind::Recovery, master, &unlock)?;
    Ok(code)
}

/// Removes a slot; never the last one that opens without the recovery code.
pub(super) fn remove(folder: &KeyFolder, kind: SlotKind) -> Result<(), StoreError> {
    let daily = slots(folder).into_iter().filter(|other| *other != kind && *other != SlotKind::Recovery).count();
    if kind != SlotKind::Recovery && daily == 0 {
        return Err(StoreError::LastSlot);
    }
    folder.destroy(kind.file())
}

/// The slots there are.
pub(super) fn slots(folder: &KeyFolder) -> Vec<SlotKind> {
    SlotKind::ALL.into_iter().filter(|kind| folder.has(kind.file())).collect()
}

/// For the fuzz targets: reads bytes as every file of the key folder.
pub(super) fn parse_all(bytes: &[u8]) {
    let folder = KeyFolder::new(std::path::Path::new("/nowhere"));
    if let Some(slot) = Slot::parse(bytes).filter(|slot| slot.kind() == SlotKind::File) {
        let _ = slot.open(&Unlock::default(), &folder);
    }
    epoch::parse(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn slots_come_and_go_and_the_master_key_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = KeyFolder::new(dir.path());
        let master = create(&folder).unwrap();
        assert!(matches!(remove(&folder, SlotKind::File), Err(StoreError::LastSlot)));
        let code = add_recovery(&folder, &master).unwrap();
        assert!(matches!(remove(&folder, SlotKind::File), Err(StoreError::LastSlot)), "recovery is not for every day");
        let right = Unlock { passphrase: Some(secret("correct horse battery")), ..Unlock::default() };
        add(&folder, SlotKind::Passphrase, &master, &right).unwrap();
        remove(&folder, SlotKind::File).unwrap();
        assert_eq!(slots(&folder), [SlotKind::Passphrase, SlotKind::Recovery]);
        assert!(matches!(open(&folder, &Unlock::default()), Err(StoreError::PassphraseNeeded(_))));
        let wrong = Unlock { passphrase: Some(secret("wrong horse battery")), ..Unlock::default() };
        assert!(matches!(open(&folder, &wrong), Err(StoreError::PassphraseWrong(_))));
        assert_eq!(open(&folder, &right).unwrap().bytes(), master.bytes());
        let recovery = Unlock { recovery: Some(code), ..Unlock::default() };
        assert_eq!(open(&folder, &recovery).unwrap().bytes(), master.bytes());
    }

    #[test]
    fn a_tpm_slot_without_its_helper_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let folder = KeyFolder::new(dir.path());
        let master = create(&folder).unwrap();
        let none = add(&folder, SlotKind::Tpm, &master, &Unlock::default());
        assert!(matches!(none, Err(StoreError::TpmMissing(_))));
        assert_eq!(slots(&folder), [SlotKind::File]);
    }
}
