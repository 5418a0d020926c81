//! Making a backup.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use zeroize::Zeroizing;

use crate::core::audit::AuditEvent;
use crate::core::operator::{Action, Approval};
use crate::core::retention::{Kind, end_ms};
use crate::store::erasure::rewrap;
use crate::store::file::Store;
use crate::store::seal::{Column, Place, Unsealable};
use crate::store::StoreError;

use super::key::BackupKey;
use super::{Header, PIECE};

impl Store {
    /// Writes a backup to a new file and gives the moment it ends. Units: ms since 1970 UTC.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or the approval is for something else. A file
    /// that was begun is removed.
    pub fn back_up(&mut self, approval: &Approval, to: &Path) -> Result<i64, StoreError> {
        let unwritten = |e: &dyn std::fmt::Display| StoreError::Io(to.to_owned(), e.to_string());
        if approval.action() != Action::Backup {
            return Err(unwritten(&"not approved"));
        }
        let now = self.now();
        let ends_ms = end_ms(Kind::Backup, self.retention_days, now);
        let key = BackupKey::random(ends_ms)?;
        let header = Header { id: key.id, made_ms: now, ends_ms, device: self.device };
        let image = self.image(&key, &header)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(|e| unwritten(&e))?;
        // The key first: a file without its key is nothing, and so is a key without its file.
        let written = key.write(&self.folder, &self.keys.master).and_then(|()| {
            write(file, &key, &header, &image).map_err(|e| unwritten(&e))
        });
        if let Err(error) = written {
            let _ = std::fs::remove_file(to);
            let _ = self.folder.destroy(&super::key::file(key.id));
            return Err(error);
        }
        self.write_entry(&AuditEvent::Done { action: Action::Backup, by: approval.by().to_vec() })
            .map_err(|_| StoreError::Io(self.path.clone(), "it cannot be written".into()))?;
        Ok(ends_ms)
    }

    /// Signing key of the log, and the database with its data keys wrapped for the backup. What is sealed stays sealed.
    fn image(&self, key: &BackupKey, header: &Header) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(&self.path, &e);
        let mut copy = Connection::open_in_memory().map_err(sqlite)?;
        Backup::new(&self.db, &mut copy)
            .and_then(|run| run.run_to_completion(1000, std::time::Duration::ZERO, None))
            .map_err(sqlite)?;
        let epoch = &self.keys.epoch;
        let place = |row| Place { device: self.device, column: Column::PersonKey, row, epoch: epoch.number };
        rewrap(
            &copy,
            |row, wrapped| place(row).open(&epoch.key, wrapped),
            |row, plain| header.person(row).seal(&*key.of(row).ok_or(Unsealable)?, plain),
        )
        .map_err(|_| StoreError::Corrupt(self.path.clone()))?;
        // No page may keep a data key under the epoch.
        copy.execute_batch("VACUUM").map_err(sqlite)?;
        let image = copy.serialize("main").map_err(sqlite)?;
        let mut whole = Zeroizing::new(Vec::with_capacity(40 + image.len()));
        whole.extend(self.log.saved_signer().iter());
        whole.extend(image.iter());
        Ok(whole)
    }
}

fn write(mut file: File, key: &BackupKey, header: &Header, plain: &Zeroizing<Vec<u8>>) -> std::io::Result<()> {
    file.write_all(&header.to_bytes())?;
    let sealing = header.key(&key.pieces);
    let mut pieces = plain.chunks(PIECE).enumerate().peekable();
    while let Some((number, piece)) = pieces.next() {
        let place = header.place(i64::try_from(number).unwrap_or(i64::MAX), pieces.peek().is_none());
        let sealed = place.seal(&sealing, piece).map_err(std::io::Error::other)?;
        file.write_all(&u32::try_from(sealed.len()).map_err(std::io::Error::other)?.to_be_bytes())?;
        file.write_all(&sealed)?;
    }
    file.sync_all()
}
