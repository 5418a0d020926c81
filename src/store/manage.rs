//! What operators do to keys and log, and a look at a store that changes nothing.

use std::io::Write;

use rusqlite::{Connection, OpenFlags};

use crate::core::audit::AuditEvent;
use crate::core::operator::{Action, Approval};
use crate::core::theft::Theft;
use crate::ports::{Secret, StoreFault};

use super::audit::{Report, hex};
use super::error::StoreError;
use super::file::{Store, StorePaths, inspect};
use super::keys::{self, KeyFolder, SlotKind, Unlock};
use super::operators::acceptable;

impl Store {
    /// Adds a way to open the master key. For [`SlotKind::Recovery`] gives the code, which is kept
    /// nowhere.
    ///
    /// # Errors
    /// When the slot does not open again, or the approval is for something else.
    pub fn add_slot(&mut self, approval: &Approval, kind: SlotKind, unlock: &Unlock) -> Result<Option<Secret>, StoreError> {
        self.key_change(approval)?;
        if kind == SlotKind::Passphrase && !unlock.passphrase.as_ref().is_some_and(|secret| acceptable("", secret.expose())) {
            return Err(StoreError::PassphraseWeak);
        }
        let code = if kind == SlotKind::Recovery {
            Some(keys::add_recovery(&self.folder, &self.keys.master)?)
        } else {
            keys::add(&self.folder, kind, &self.keys.master, unlock)?;
            None
        };
        self.done(approval)?;
        Ok(code)
    }

    /// Removes a way to open the master key; never the last one for every day.
    ///
    /// # Errors
    /// When it is the last, or the approval is for something else.
    pub fn remove_slot(&mut self, approval: &Approval, kind: SlotKind) -> Result<(), StoreError> {
        self.key_change(approval)?;
        keys::remove(&self.folder, kind)?;
        self.done(approval)
    }

    /// The ways to open the master key there are.
    #[must_use]
    pub fn slots(&self) -> Vec<SlotKind> {
        keys::slots(&self.folder)
    }

    fn key_change(&self, approval: &Approval) -> Result<(), StoreError> {
        let right = approval.action() == Action::ChangeKeys;
        if right { Ok(()) } else { Err(StoreError::Io(self.path.clone(), "not approved".into())) }
    }

    fn done(&mut self, approval: &Approval) -> Result<(), StoreError> {
        self.write_entry(&AuditEvent::Done { action: approval.action(), by: approval.by().to_vec() })
            .map_err(|StoreFault| StoreError::Io(self.path.clone(), "it cannot be written".into()))
    }

    /// Checks the whole log.
    #[must_use]
    pub fn check_log(&self) -> Report {
        self.log.check(&self.db, None)
    }

    /// Number and place in the chain of the newest entry, to be kept elsewhere.
    #[must_use]
    pub fn log_head(&self) -> (u64, String) {
        let last = self.log.last();
        (last.seq, hex(&last.hash))
    }

    /// The public key the log began with, to be kept elsewhere: hexadecimal.
    #[must_use]
    pub fn log_first_key(&self) -> String {
        let key = super::audit::AuditLog::first_key(&self.db);
        key.map(|key| hex(&key)).unwrap_or_default()
    }

    /// The place in the chain of an entry: hexadecimal SHA-256.
    #[must_use]
    pub fn log_hash(&self, seq: u64) -> Option<String> {
        let hash: [u8; 32] =
            self.db.query_row("SELECT hash FROM audit WHERE seq = ?1", [seq.cast_signed()], |row| row.get(0)).ok()?;
        Some(hex(&hash))
    }

    /// Writes the log as a text anybody can check, after putting the export itself on record.
    ///
    /// # Errors
    /// When it cannot be written, or the approval is for something else.
    pub fn export_log(&mut self, approval: &Approval, out: &mut dyn Write) -> std::io::Result<()> {
        if approval.action() != Action::ExportAudit {
            return Err(std::io::Error::other("not approved"));
        }
        self.done(approval).map_err(std::io::Error::other)?;
        self.log.export(&self.db, out)
    }
}

/// What can be said of a store without opening it for work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// How many people are stored.
    pub people: u64,
    /// What a thief would get.
    pub theft: Theft,
    /// How many operators there are.
    pub operators: u64,
}

/// Looks at a store without making or changing anything. None if there is none yet.
///
/// # Errors
/// As [`Store::open_with`].
pub fn glance(paths: &StorePaths, unlock: &Unlock) -> Result<Option<Glance>, StoreError> {
    let path = &paths.database;
    let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
    let folder = KeyFolder::new(&paths.keys);
    if !path.exists() {
        return Ok(None);
    }
    let master = keys::open(&folder, unlock)?;
    inspect(path, &master, &folder)?;
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(sqlite)?;
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(sqlite);
    let slots = keys::slots(&folder);
    Ok(Some(Glance {
        people: count("SELECT count(*) FROM people")?.cast_unsigned(),
        theft: Theft::of(slots.contains(&SlotKind::File), slots.contains(&SlotKind::Tpm)),
        operators: count("SELECT count(*) FROM operators WHERE id > 0")?.cast_unsigned(),
    }))
}
