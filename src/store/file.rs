//! Opening the store, and what operators ask of it.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use rusqlite_migration::{M, Migrations};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::core::consent::AgeBand;
use crate::core::ids::PersonId;
use crate::ports::{Clock, Records, StoreFault};

use super::error::StoreError;
use super::keys::{KeyFile, KeyPurpose, Keys};
use super::seal::{Column, Place};

/// "MZ01": the mark of our files.
const APPLICATION: i64 = 0x4d5a_3031;
const MIGRATIONS: &[M<'_>] = &[M::up(include_str!("migrations/001.sql"))];

/// Where a store and its key are kept: in two folders, so that one can be backed up, or moved to
/// another medium, without the other.
#[derive(Clone, Debug)]
pub struct StorePaths {
    /// The database file.
    pub database: PathBuf,
    /// The key file.
    pub key: PathBuf,
}

impl StorePaths {
    /// The usual places under one data folder.
    #[must_use]
    pub fn under(data: &Path) -> Self {
        Self { database: data.join("store/mianzheng.db"), key: data.join("keys/master.key") }
    }
}

/// The open store.
pub struct Store {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) device: [u8; 16],
    pub(super) retention_days: u32,
    /// SHA-256 of the notice in force, by which consents say what was shown.
    pub(super) notice: String,
    pub(super) identity_key: Zeroizing<[u8; 32]>,
    pub(super) template_key: Zeroizing<[u8; 32]>,
    index_key: Zeroizing<[u8; 32]>,
}

/// One line of the list of people: nothing that says who they are.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PersonLine {
    /// The row.
    pub id: u64,
    /// Age on this day.
    pub age: AgeBand,
    /// Whether a live template is stored.
    pub template: bool,
    /// When the template ends. Units: milliseconds since 1970 UTC.
    pub expires_ms: Option<i64>,
}

impl Store {
    /// Opens the store, making store and key where there is neither.
    ///
    /// # Errors
    /// When store and key do not belong together, or the file cannot be used. Nothing is changed
    /// then; in particular no key is made for a store that lost its own.
    pub fn open(paths: &StorePaths, clock: Arc<dyn Clock>, retention_days: u32, notice: &str) -> Result<Self, StoreError> {
        let path = &paths.database;
        let io = |e: std::io::Error| StoreError::Io(path.clone(), e.to_string());
        let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
        let exists = path.exists();
        let keys = if exists || paths.key.exists() { KeyFile::open(&paths.key)? } else { KeyFile::create(&paths.key)? };
        if exists {
            inspect(path, &keys)?;
        } else {
            if let Some(folder) = path.parent() {
                fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
            }
            // Private from its first moment; what SQLite puts beside it takes over the mode.
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
        }
        let mut db = Connection::open(path).map_err(sqlite)?;
        prepare(&mut db).map_err(sqlite)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut db).map_err(|e| match e {
            rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::from_sqlite(path, &err),
            _ => StoreError::Corrupt(path.clone()),
        })?;
        let device = device(&db).map_err(|e| StoreError::from_sqlite(path, &e))?;
        let mut store = Self {
            db,
            path: path.clone(),
            clock,
            device,
            retention_days,
            notice: notice.to_owned(),
            identity_key: keys.derive(KeyPurpose::Identity),
            template_key: keys.derive(KeyPurpose::Template),
            index_key: keys.derive(KeyPurpose::Index),
        };
        store.check_key(keys.place())?;
        store.expire().map_err(|StoreFault| StoreError::Corrupt(path.clone()))?;
        Ok(store)
    }

    /// Everybody, without saying who they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn people(&mut self) -> Result<Vec<PersonLine>, StoreError> {
        let now = self.clock.unix_ms();
        let rows: Result<Vec<(i64, Option<i64>)>, _> = (|| {
            let mut query = self.db.prepare(
                "SELECT p.id, t.expires_ms FROM people p LEFT JOIN templates t ON t.person = p.id ORDER BY p.id",
            )?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })();
        let rows = rows.map_err(|e| StoreError::from_sqlite(&self.path, &e))?;
        rows.into_iter()
            .map(|(id, expires_ms)| {
                let person = PersonId(u64::try_from(id).unwrap_or(0));
                let age = self.age(person).map_err(|_| StoreError::Corrupt(self.path.clone()))?;
                Ok(PersonLine { id: person.0, age, template: expires_ms.is_some_and(|t| t > now), expires_ms })
            })
            .collect()
    }

    /// Whether this person is stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_person(&mut self, person: PersonId) -> Result<bool, StoreError> {
        self.db
            .query_row("SELECT 1 FROM people WHERE id = ?1", [person.0.cast_signed()], |_| Ok(()))
            .optional()
            .map(|row| row.is_some())
            .map_err(|e| StoreError::from_sqlite(&self.path, &e))
    }

    /// A keyed hash by which a value can be found without being stored.
    pub(super) fn index(&self, kind: &[u8], value: &[u8]) -> [u8; 16] {
        let mut out = [0; 16];
        // HMAC takes keys of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.index_key) {
            mac.update(kind);
            mac.update(&[0]);
            mac.update(value);
            out.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        out
    }

    /// The stored check value opens, or is made if the store is new.
    fn check_key(&mut self, key: &Path) -> Result<(), StoreError> {
        let place = Place { device: self.device, column: Column::KeyCheck, row: 0 };
        let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(&self.path, &e);
        let stored: Option<Vec<u8>> = self
            .db
            .query_row("SELECT value FROM meta WHERE name = 'key_check'", [], |row| row.get(0))
            .optional()
            .map_err(sqlite)?;
        if let Some(blob) = stored {
            return place.open(&self.identity_key, &blob).map(drop).map_err(|_| StoreError::WrongKey(key.to_owned()));
        }
        let people: i64 = self.db.query_row("SELECT count(*) FROM people", [], |row| row.get(0)).map_err(sqlite)?;
        if people > 0 {
            return Err(StoreError::Corrupt(self.path.clone()));
        }
        let blob = place.seal(&self.identity_key, b"mianzheng").map_err(|_| StoreError::WrongKey(key.to_owned()))?;
        self.db.execute("INSERT INTO meta VALUES ('key_check', ?1)", params![blob]).map_err(sqlite)?;
        Ok(())
    }
}

/// Looks at an existing file without changing it: is it ours, whole, not newer, of this key?
fn inspect(path: &Path, keys: &KeyFile) -> Result<(), StoreError> {
    let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
    let corrupt = || StoreError::Corrupt(path.to_owned());
    // A file that is empty beside a log of its own lost what it held.
    let log = path.with_extension("db-wal");
    if fs::metadata(path).is_ok_and(|meta| meta.len() == 0) {
        return if log.exists() { Err(corrupt()) } else { Ok(()) };
    }
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(sqlite)?;
    db.busy_timeout(Duration::from_secs(2)).map_err(sqlite)?;
    let number = |pragma: &str| db.query_row(pragma, [], |row| row.get::<_, i64>(0)).map_err(sqlite);
    let version = number("PRAGMA user_version")?;
    if usize::try_from(version).is_ok_and(|v| v > MIGRATIONS.len()) {
        return Err(StoreError::Newer(path.to_owned()));
    }
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(sqlite)?;
    if verdict != "ok" {
        return Err(corrupt());
    }
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if tables == 0 {
        // Made, but nothing was ever written: a first start that was cut off.
        return Ok(());
    }
    if number("PRAGMA application_id")? != APPLICATION {
        return Err(corrupt());
    }
    let device: Option<[u8; 16]> = value(&db, "device").map_err(sqlite)?;
    let check: Option<Vec<u8>> = value(&db, "key_check").map_err(sqlite)?;
    match (device, check) {
        (Some(device), Some(check)) => Place { device, column: Column::KeyCheck, row: 0 }
            .open(&keys.derive(KeyPurpose::Identity), &check)
            .map(drop)
            .map_err(|_| StoreError::WrongKey(keys.place().to_owned())),
        // A first start that was cut off here has stored nobody yet.
        _ if number("SELECT count(*) FROM people")? == 0 => Ok(()),
        _ => Err(corrupt()),
    }
}

fn value<T: rusqlite::types::FromSql>(db: &Connection, name: &str) -> Result<Option<T>, rusqlite::Error> {
    db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()
}

/// Settings. `FULL` because `NORMAL` loses acknowledged work at power loss.
fn prepare(db: &mut Connection) -> Result<(), rusqlite::Error> {
    db.busy_timeout(Duration::from_secs(2))?;
    for (pragma, setting) in [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("secure_delete", "ON"),
        ("foreign_keys", "ON"),
        ("trusted_schema", "OFF"),
        ("temp_store", "MEMORY"),
    ] {
        db.pragma_update(None, pragma, setting)?;
    }
    Ok(())
}

/// The random name of this device's store, made once.
fn device(db: &Connection) -> Result<[u8; 16], rusqlite::Error> {
    let mut fresh = [0; 16];
    getrandom::fill(&mut fresh).map_err(|_| rusqlite::Error::InvalidQuery)?;
    db.execute("INSERT OR IGNORE INTO meta VALUES ('device', ?1)", params![fresh])?;
    db.query_row("SELECT value FROM meta WHERE name = 'device'", [], |row| row.get(0))
}
