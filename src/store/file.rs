//! Opening the store.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use rusqlite_migration::{M, Migrations};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::core::audit::AuditEvent;
use crate::ports::{Clock, Facts, Notice, StoreFault};

use super::audit::AuditLog;
use super::error::StoreError;
use super::version;
use super::guard::{self, Watched};
use super::keys::{self, Epoch, Epochs, Key, KeyFolder, Master, Purpose, Tpm, Unlock};
use super::seal::{Column, Place};
use super::search::Search;
use super::spool::Spool;

/// "MZ03": the mark of our files. "MZ01" and "MZ02" were trial forms no release ever had.
pub(super) const APPLICATION: i64 = 0x4d5a_3033;
const TRIAL: [i64; 2] = [0x4d5a_3031, 0x4d5a_3032];
/// How long an open store is waited for: one second.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(50);
pub(super) const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("migrations/001.sql")),
    M::up(include_str!("migrations/002.sql")),
    M::up(include_str!("migrations/003.sql")),
    M::up(include_str!("migrations/004.sql")),
];

/// Where a store and its keys are kept: in two folders, so that one can be backed up, or moved to
/// another medium, without the other.
#[derive(Clone, Debug)]
pub struct StorePaths {
    /// The database file.
    pub database: PathBuf,
    /// The folder of the keys.
    pub keys: PathBuf,
}

impl StorePaths {
    /// The usual places under one data folder.
    #[must_use]
    pub fn under(data: &Path) -> Self {
        Self { database: data.join("store/mianzheng.db"), keys: data.join("keys") }
    }
}

/// The keys of an open store.
pub(super) struct StoreKeys {
    pub(super) master: Master,
    pub(super) epoch: Epoch,
    pub(super) index: Key,
    pub(super) consents: Key,
    pub(super) transform: Key,
    pub(super) operators: Key,
    pub(super) pepper: Key,
    pub(super) guard: Key,
    pub(super) roster: Key,
}

impl StoreKeys {
    pub(super) fn new(master: Master, epoch: Epoch) -> Self {
        Self {
            index: master.derive(Purpose::Index),
            consents: master.derive(Purpose::Consents),
            transform: master.derive(Purpose::Transform),
            operators: master.derive(Purpose::Operators),
            pepper: master.derive(Purpose::Pepper),
            guard: master.derive(Purpose::Guard),
            roster: master.derive(Purpose::Roster),
            master,
            epoch,
        }
    }
}

/// The open store.
pub struct Store {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    pub(super) folder: KeyFolder,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) device: [u8; 16],
    pub(super) retention_days: u32,
    /// The notice of this site.
    pub(super) notice: Notice,
    pub(super) keys: StoreKeys,
    pub(super) log: AuditLog,
    pub(super) watched: Watched,
    /// What was last seen of the machine.
    pub(super) seen: Facts,
    /// A sealed value did not open, or a look-up row pointed elsewhere.
    pub(super) changed: Cell<bool>,
    /// Which file was opened: device and inode.
    pub(super) inode: (u64, u64),
    /// Held as long as the store is open: two programs at once would each go on with a log and an
    /// epoch of their own.
    pub(super) lock: fs::File,
    /// Opened with the recovery code.
    pub(super) recovered: bool,
    /// Where card attempts go while the disk refuses.
    pub(super) spare: Option<Spool>,
    /// Only while the site runs 1:N.
    pub(super) search: Option<Search>,
    /// When the whole log was last checked. Units: ms since 1970 UTC.
    pub(super) checked_ms: i64,
}

impl Store {
    /// As [`Store::open_with`], with the key file or the TPM.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub fn open(paths: &StorePaths, clock: Arc<dyn Clock>, retention_days: u32, notice: impl Into<Notice>) -> Result<Self, StoreError> {
        let unlock = Unlock { tpm: Tpm::find(), ..Unlock::default() };
        Self::open_with(paths, clock, retention_days, notice, &unlock)
    }

    /// Opens the store, making store and keys where there is neither.
    ///
    /// # Errors
    /// When store and keys do not belong together, or the file cannot be used. Nothing is changed
    /// then; in particular no key is made for a store that lost its own.
    pub fn open_with(
        paths: &StorePaths,
        clock: Arc<dyn Clock>,
        retention_days: u32,
        notice: impl Into<Notice>,
        unlock: &Unlock,
    ) -> Result<Self, StoreError> {
        Self::open_as(version::own(), paths, unlock, clock, retention_days, notice)
    }

    /// The same as a program of some version.
    pub(super) fn open_as(
        this: version::Version,
        paths: &StorePaths,
        unlock: &Unlock,
        clock: Arc<dyn Clock>,
        retention_days: u32,
        notice: impl Into<Notice>,
    ) -> Result<Self, StoreError> {
        let path = &paths.database;
        let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
        let folder = KeyFolder::new(&paths.keys);
        let exists = path.exists();
        let lock = if exists { Some(lock(path)?) } else { None };
        let empty = fs::metadata(path).map_or(true, |meta| meta.len() == 0) && !path.with_extension("db-wal").exists();
        let recovered = unlock.recovery.is_some() && keys::open_with_recovery(&folder, unlock)?;
        let master = if exists || !keys::slots(&folder).is_empty() { keys::open(&folder, unlock)? } else { keys::create(&folder)? };
        // Keys that were in use, and no database: its medium is not there, or it was taken away.
        // A new one in its place would cost the keys of the old.
        let used = AuditLog::noted(&folder, &master) > 0 || Epochs { folder: &folder, master: &master }.highest() > 1;
        if empty && used {
            return Err(StoreError::Missing(path.clone()));
        }
        if exists {
            inspect(path, &master, &folder)?;
        } else {
            create(path)?;
        }
        let lock = match lock {
            Some(lock) => lock,
            None => self::lock(path)?,
        };
        let mut db = Connection::open(path).map_err(sqlite)?;
        prepare(&mut db).map_err(sqlite)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut db).map_err(|e| match e {
            rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::from_sqlite(path, &err),
            _ => StoreError::Corrupt(path.clone()),
        })?;
        let device = name(&db, &master).map_err(sqlite)?;
        let epochs = Epochs { folder: &folder, master: &master };
        let epoch = match number(&db, "epoch").map_err(sqlite)? {
            Some(epoch) => epochs.of(epoch)?,
            None => first_epoch(&db, &epochs, path)?,
        };
        let fault = |StoreFault| StoreError::Corrupt(path.clone());
        let keys = StoreKeys::new(master, epoch);
        let used = AuditLog::noted(&folder, &keys.master) > 0;
        let before = version::check(&db, device, &keys, this, used).map_err(sqlite)?;
        if before == version::Before::Newer {
            return Err(StoreError::Newer(path.clone()));
        }
        let log = AuditLog::open(&db, device, &folder, &keys.master)?;
        let (watched, changed) = guard::load(&db, device, &keys, log.last().seq == 0, log.generation).map_err(fault)?;
        let inode = fs::metadata(path).map_or((0, 0), |meta| (meta.dev(), meta.ino()));
        let mut store = Self {
            db,
            path: path.clone(),
            folder,
            clock,
            device,
            retention_days,
            notice: notice.into(),
            keys,
            log,
            watched,
            seen: Facts::default(),
            changed: Cell::new(changed || before == version::Before::Changed),
            inode,
            lock,
            recovered,
            spare: None,
            search: None,
            checked_ms: i64::MIN,
        };
        let unwritten = |StoreFault| StoreError::Io(path.clone(), "it cannot be written".into());
        store.begin().map_err(unwritten)?;
        if before != version::Before::Same {
            version::note(&store.db, device, &store.keys, this).map_err(unwritten)?;
        }
        Ok(store)
    }

    /// This moment, as far as the store trusts the clock: never before the latest it has seen.
    /// Units: ms since 1970 UTC.
    pub(super) fn now(&self) -> i64 {
        self.clock.unix_ms().max(self.log.latest_ms())
    }

    /// One transaction with its audit entries; all or nothing.
    pub(super) fn change(&mut self, work: impl FnOnce(&Transaction) -> Result<Vec<AuditEvent>, StoreFault>) -> Result<(), StoreFault> {
        self.change_with(|tx, _| work(tx))
    }

    pub(super) fn change_with(
        &mut self,
        work: impl FnOnce(&Transaction, &StoreKeys) -> Result<Vec<AuditEvent>, StoreFault>,
    ) -> Result<(), StoreFault> {
        let now = self.now();
        let Self { db, log, keys, .. } = self;
        let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
        let mut mark = None;
        for entry in work(&tx, keys)? {
            mark = Some(log.append_after(&tx, mark.unwrap_or(log.last()), now, &entry)?);
        }
        tx.commit()?;
        if let Some(mark) = mark {
            log.committed(mark);
        }
        Ok(())
    }

    pub(super) fn write_entry(&mut self, entry: &AuditEvent) -> Result<(), StoreFault> {
        self.change(|_| Ok(vec![entry.clone()]))
    }

    /// Opens a sealed value and remembers if it does not open.
    pub(super) fn unseal(&self, place: Place, key: &[u8; 32], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreFault> {
        place.open(key, blob).map_err(|unsealable| {
            self.changed.set(true);
            unsealable.into()
        })
    }

    pub(super) fn place(&self, column: Column, row: i64) -> Place {
        let epoch = if column == Column::PersonKey { self.keys.epoch.number } else { 0 };
        Place { device: self.device, column, row, epoch }
    }

    /// A keyed hash by which a value can be found without being stored.
    pub(super) fn index(&self, kind: &[u8], value: &[u8]) -> [u8; 16] {
        let mut out = [0; 16];
        // HMAC takes keys of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.keys.index) {
            mac.update(kind);
            mac.update(&[0]);
            mac.update(value);
            out.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        out
    }
}

/// Keeps every other program from opening this store until the file is dropped.
pub(super) fn lock(database: &Path) -> Result<fs::File, StoreError> {
    let path = database.with_extension("lock");
    let file = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = file.map_err(|e| StoreError::Io(path, e.to_string()))?;
    // Somebody at the command line is done in a moment; a running kiosk is not.
    for _ in 0..LOCK_TRIES {
        if rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok() {
            return Ok(file);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(StoreError::Busy(database.to_owned()))
}

/// Looks at an existing file without changing it: is it ours, whole, not newer, of this key?
pub(super) fn inspect(path: &Path, master: &Master, folder: &KeyFolder) -> Result<(), StoreError> {
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
    let application = number("PRAGMA application_id")?;
    if TRIAL.contains(&application) {
        return Err(StoreError::Trial(path.to_owned()));
    }
    if usize::try_from(version).is_ok_and(|v| v > MIGRATIONS.len()) {
        return Err(StoreError::Newer(path.to_owned()));
    }
    // Looks at every page but the records themselves, which their seals protect.
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(sqlite)?;
    if verdict != "ok" {
        return Err(corrupt());
    }
    if number("SELECT count(*) FROM sqlite_schema")? == 0 {
        // Made, but nothing was ever written: a first start that was cut off.
        return Ok(());
    }
    if application != APPLICATION {
        return Err(corrupt());
    }
    // A trigger or a changed table could make an erasure, or a lock-out, a lie.
    if usize::try_from(version).is_ok_and(|v| v == MIGRATIONS.len()) && schema(&db).map_err(sqlite)? != own_schema().map_err(sqlite)? {
        return Err(corrupt());
    }
    match value::<Vec<u8>>(&db, "key").map_err(sqlite)? {
        Some(id) if id == master.id() => Ok(()),
        Some(_) => Err(StoreError::WrongKey(folder.path("master.key"))),
        // A first start that was cut off here has stored nobody yet.
        None if number("SELECT count(*) FROM people")? == 0 => Ok(()),
        None => Err(corrupt()),
    }
}

fn create(path: &Path) -> Result<(), StoreError> {
    let io = |e: std::io::Error| StoreError::Io(path.to_owned(), e.to_string());
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
    }
    // Private from its first moment; what SQLite puts beside it takes over the mode.
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
    Ok(())
}

pub(super) fn value<T: rusqlite::types::FromSql>(db: &Connection, name: &str) -> Result<Option<T>, rusqlite::Error> {
    db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()
}

fn number(db: &Connection, name: &str) -> Result<Option<u64>, rusqlite::Error> {
    Ok(value::<[u8; 8]>(db, name)?.map(u64::from_be_bytes))
}

/// Every table, index, trigger and view, as the database says them.
fn schema(db: &Connection) -> Result<Vec<(String, Option<String>)>, rusqlite::Error> {
    let mut rows = db.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name")?;
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// What they must be.
fn own_schema() -> Result<Vec<(String, Option<String>)>, rusqlite::Error> {
    let mut db = Connection::open_in_memory()?;
    Migrations::from_slice(MIGRATIONS).to_latest(&mut db).map_err(|_| rusqlite::Error::InvalidQuery)?;
    schema(&db)
}

/// Settings. `FULL` because `NORMAL` loses acknowledged work at power loss.
pub(super) fn prepare(db: &mut Connection) -> Result<(), rusqlite::Error> {
    db.busy_timeout(Duration::from_secs(2))?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
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

/// The random name of this device's store, and which master key it belongs to, made once.
fn name(db: &Connection, master: &Master) -> Result<[u8; 16], rusqlite::Error> {
    let mut fresh = [0; 16];
    getrandom::fill(&mut fresh).map_err(|_| rusqlite::Error::InvalidQuery)?;
    db.execute("INSERT OR IGNORE INTO meta VALUES ('device', ?1), ('key', ?2)", params![fresh, master.id()])?;
    db.query_row("SELECT value FROM meta WHERE name = 'device'", [], |row| row.get(0))
}

/// A new store begins with a new epoch; one that has people and names no epoch is damaged.
fn first_epoch(db: &Connection, epochs: &Epochs, path: &Path) -> Result<Epoch, StoreError> {
    let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
    let people: i64 = db.query_row("SELECT count(*) FROM people", [], |row| row.get(0)).map_err(sqlite)?;
    let entries: i64 = db.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).map_err(sqlite)?;
    if people > 0 || entries > 0 {
        return Err(StoreError::Corrupt(path.to_owned()));
    }
    // A first start that was cut off after its key was made goes on with it.
    let epoch = epochs.of(1).or_else(|_| epochs.first())?;
    let stored = db.execute("INSERT INTO meta VALUES ('epoch', ?1)", params![epoch.number.to_be_bytes()]);
    stored.map(|_| epoch).map_err(sqlite)
}
