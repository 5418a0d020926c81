//! Putting a backup in the place of a store that cannot be opened.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::backup::Backup;
use rusqlite::{Connection, params};
use zeroize::Zeroizing;

use crate::core::audit::AuditEvent;
use crate::core::ids::PersonId;
use crate::core::operator::{Action, Approval};
use crate::ports::{Clock, Facts, Notice, StoreFault};
use crate::store::StoreError;
use crate::store::audit::AuditLog;
use crate::store::erasure::rewrap;
use crate::store::file::{Store, StoreKeys, StorePaths};
use crate::store::keys::{self, Epoch, Epochs, Key, KeyFolder, Master, Unlock};
use crate::store::seal::{Column, Place};

use super::key::{BackupKey, file as key_file};
use super::{HEADER, Header};

/// Why nothing was restored. What was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    /// The store opens: there is nothing to restore.
    #[error("the store opens")]
    Opens,
    /// The file is not a backup, or not a whole one.
    #[error("{0} is not a whole backup")]
    NotABackup(PathBuf),
    /// Its key is gone: past its time, or of another device.
    #[error("{0} has no key here")]
    NoKey(PathBuf),
    /// Two persons did not approve.
    #[error("not approved")]
    NotApproved,
    /// Keys or disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Restores a backup and gives how many people it brought back.
///
/// `approve` sees the restored store, whose operators are those of the backup, before it counts.
///
/// # Errors
/// Leaves everything as it was, but for the last steps, which may be repeated.
pub fn restore(
    paths: &StorePaths,
    clock: &Arc<dyn Clock>,
    from: &Path,
    unlock: &Unlock,
    approve: impl FnOnce(&mut Store) -> Option<Approval>,
) -> Result<u64, NotRestored> {
    let folder = KeyFolder::new(&paths.keys);
    if paths.database.exists() {
        match Store::open_with(paths, clock.clone(), u32::MAX, "", unlock) {
            Ok(_) => return Err(NotRestored::Opens),
            Err(StoreError::Corrupt(_) | StoreError::Stale(_) | StoreError::Missing(_)) => {}
            // Open elsewhere, a full disk, a key that is not there: nothing a backup helps with.
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(folder) = paths.database.parent() {
        fs::create_dir_all(folder).map_err(|e| StoreError::Io(folder.to_owned(), e.to_string()))?;
    }
    let lock = crate::store::file::lock(&paths.database)?;
    let master = keys::open(&folder, unlock)?;
    let broken = || NotRestored::NotABackup(from.to_owned());
    let now = clock.unix_ms().max(AuditLog::noted_ms(&folder, &master));
    let (header, key, plain) = read(from, &folder, &master, now)?;
    let (signer, image) = plain.split_first_chunk::<40>().ok_or_else(broken)?;
    let noted = AuditLog::noted(&folder, &master);
    // A draft beside the store; everything in it is sealed.
    let draft = paths.database.with_extension("restoring");
    let epochs = Epochs { folder: &folder, master: &master };
    let next = epochs.prepare_after(epochs.highest())?;
    let db = unpack(image, &draft, &header, &key, &next).map_err(|_| broken())?;
    let log = AuditLog::of_backup(&db, header.device, &master, signer)?;
    let mut store = assemble((db, lock), &draft, &folder, clock, header.device, StoreKeys::new(keys::open(&folder, unlock)?, next), log)?;
    let done = approve(&mut store).filter(|approval| approval.action() == Action::Restore);
    let Some(approval) = done else {
        drop(store);
        let _ = fs::remove_file(&draft);
        return Err(NotRestored::NotApproved);
    };
    let fault = |StoreFault| NotRestored::Store(StoreError::Io(draft.clone(), "it cannot be written".into()));
    let people = finish(&mut store, &approval, noted).map_err(fault)?;
    let Store { db, mut log, lock, .. } = store;
    db.close().map_err(|(_, e)| StoreError::from_sqlite(&draft, &e))?;
    // Keys first: cut off here, the database that is there does not open, and all can be repeated.
    log.settle(&folder, &master)?;
    epochs.settle()?;
    swap(paths, &draft).map_err(|e| StoreError::Io(paths.database.clone(), e.to_string()))?;
    drop(lock);
    Ok(people)
}

fn read(from: &Path, folder: &KeyFolder, master: &Master, now: i64) -> Result<(Header, BackupKey, Zeroizing<Vec<u8>>), NotRestored> {
    let broken = || NotRestored::NotABackup(from.to_owned());
    let mut key = None;
    let mut reader = BufReader::new(File::open(from).map_err(|e| StoreError::Io(from.to_owned(), e.to_string()))?);
    let found = pieces(&mut reader, |header| {
        let found = BackupKey::read(folder, master, &key_file(header.id)).ok().flatten().filter(|key| key.ends_ms > now);
        let sealing = found.as_ref().map(|key| header.key(&key.pieces));
        key = found;
        sealing
    });
    match (found, key) {
        (Pieces::Whole(header, plain), Some(key)) => Ok((header, key, plain)),
        (Pieces::NoKey, _) => Err(NotRestored::NoKey(from.to_owned())),
        _ => Err(broken()),
    }
}

pub(super) enum Pieces {
    Whole(Header, Zeroizing<Vec<u8>>),
    NoKey,
    Broken,
}

/// Reads header and pieces; every byte is authentic or nothing is returned.
pub(super) fn pieces(reader: &mut impl Read, key: impl FnOnce(&Header) -> Option<Key>) -> Pieces {
    let mut bytes = [0; HEADER];
    if reader.read_exact(&mut bytes).is_err() {
        return Pieces::Broken;
    }
    let Some(header) = Header::parse(&bytes) else { return Pieces::Broken };
    let Some(key) = key(&header) else { return Pieces::NoKey };
    let mut plain = Zeroizing::new(Vec::new());
    for number in 0.. {
        let mut length = [0; 4];
        if reader.read_exact(&mut length).is_err() {
            return Pieces::Broken;
        }
        let length = u32::from_be_bytes(length) as usize;
        if length > super::PIECE + 64 {
            return Pieces::Broken;
        }
        let mut sealed = vec![0; length];
        if reader.read_exact(&mut sealed).is_err() {
            return Pieces::Broken;
        }
        if let Ok(piece) = header.place(number, false).open(&key, &sealed) {
            plain.extend(piece.iter());
            continue;
        }
        return match header.place(number, true).open(&key, &sealed) {
            Ok(piece) => {
                plain.extend(piece.iter());
                Pieces::Whole(header, plain)
            }
            Err(_) => Pieces::Broken,
        };
    }
    Pieces::Broken
}

/// Writes the database of the backup to the draft: without who was erased since, the keys of all
/// others under the new epoch.
fn unpack(image: &[u8], draft: &Path, header: &Header, key: &BackupKey, next: &Epoch) -> Result<Connection, rusqlite::Error> {
    let mut memory = Connection::open_in_memory()?;
    memory.deserialize_read_exact("main", image, image.len(), false)?;
    let rows: Vec<i64> = {
        let mut rows = memory.prepare("SELECT person FROM person_keys")?;
        rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    memory.execute_batch("PRAGMA foreign_keys = ON")?;
    for row in rows.into_iter().filter(|row| key.of(*row).is_none()) {
        memory.execute("DELETE FROM people WHERE id = ?1", [row])?;
    }
    let fault = |StoreFault| rusqlite::Error::InvalidQuery;
    let place = |row| Place { device: header.device, column: Column::PersonKey, row, epoch: next.number };
    let open = |row, wrapped: &[u8]| match key.of(row) {
        Some(key) => header.person(row).open(&key, wrapped),
        None => Err(crate::store::seal::Unsealable),
    };
    rewrap(&memory, open, |row, plain| place(row).seal(&next.key, plain)).map_err(fault)?;
    // Numbers given since the backup are not given again: they are in records elsewhere.
    memory.execute("UPDATE sqlite_sequence SET seq = seq + 100000", [])?;
    memory.execute("UPDATE meta SET value = ?1 WHERE name = 'epoch'", params![next.number.to_be_bytes()])?;
    let _ = fs::remove_file(draft);
    // Private from its first moment.
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft);
    made.map_err(|_| rusqlite::Error::InvalidQuery)?;
    let mut db = Connection::open(draft)?;
    Backup::new(&memory, &mut db)?.run_to_completion(1000, std::time::Duration::ZERO, None)?;
    db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")?;
    Ok(db)
}

fn assemble(
    (db, lock): (Connection, File),
    draft: &Path,
    folder: &KeyFolder,
    clock: &Arc<dyn Clock>,
    device: [u8; 16],
    keys: StoreKeys,
    log: AuditLog,
) -> Result<Store, NotRestored> {
    let fault = |StoreFault| NotRestored::NotABackup(draft.to_owned());
    let (watched, changed) = crate::store::guard::load(&db, device, &keys, false, 0).map_err(fault)?;
    Ok(Store {
        db,
        path: draft.to_owned(),
        folder: folder.clone(),
        clock: clock.clone(),
        device,
        retention_days: 1,
        notice: Notice::default(),
        keys,
        log,
        watched,
        seen: Facts::default(),
        changed: Cell::new(changed),
        inode: (0, 0),
        lock,
        recovered: false,
        spare: None,
        search: None,
        checked_ms: i64::MIN,
    })
}

/// Ends the consents of those who did not come back, and puts on record what was done.
fn finish(store: &mut Store, approval: &Approval, noted: u64) -> Result<u64, StoreFault> {
    let gone: Vec<PersonId> = {
        let mut rows = store.db.prepare(
            "SELECT DISTINCT person FROM consents WHERE ended_ms IS NULL AND person IS NOT NULL
             AND person NOT IN (SELECT id FROM people)",
        )?;
        let rows = rows.query_map([], |row| Ok(PersonId(row.get::<_, i64>(0)?.cast_unsigned())))?;
        rows.collect::<Result<_, _>>()?
    };
    // What happened since the backup is not known: somebody must look before a face is used again.
    let mut after = store.watched.clone();
    after.assessment = None;
    store.change_watched(after, |_| Ok(((), Vec::new())))?;
    let now = store.now();
    let by = approval.by().to_vec();
    store.change(|tx| {
        let mut entries = vec![AuditEvent::Done { action: Action::Restore, by }, AuditEvent::Restored { before: noted }];
        for person in gone {
            let row = person.0.cast_signed();
            tx.execute("UPDATE consents SET ended_ms = ?1 WHERE ended_ms IS NULL AND person = ?2", params![now, row])?;
            entries.push(AuditEvent::Withdrawn { person });
        }
        Ok(entries)
    })?;
    let people: i64 = store.db.query_row("SELECT count(*) FROM people", [], |row| row.get(0))?;
    Ok(people.cast_unsigned())
}

/// Puts the draft in the place of the database. A write-ahead log left beside it would be replayed
/// into the restored file: it goes first.
fn swap(paths: &StorePaths, draft: &Path) -> std::io::Result<()> {
    let database = &paths.database;
    if database.exists() {
        fs::rename(database, database.with_extension("damaged"))?;
    }
    for ending in ["db-wal", "db-shm"] {
        match fs::remove_file(database.with_extension(ending)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    File::open(draft)?.sync_all()?;
    fs::rename(draft, database)?;
    database.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
