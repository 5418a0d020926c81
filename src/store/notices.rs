//! The notices that were in force, each as it was.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::core::audit::AuditEvent;
use crate::core::notice::Matter;
use crate::core::operator::{Action, Approval};
use crate::core::retention::DAY_MS;
use crate::ports::{Notice, StoreFault};

use super::audit::hex;
use super::file::Store;
use super::seal::{Column, Place};

/// The notice in force, as far as consents ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InForce {
    pub(super) version: u64,
    /// Goes up with each material change: consents of an earlier one are suspended.
    pub(super) generation: u64,
    /// When this generation began. Units: ms since 1970 UTC.
    pub(super) since_ms: i64,
    pub(super) hash: String,
    pub(super) matter: Matter,
}

/// How a notice lies in its sealed column.
#[derive(Serialize, Deserialize)]
struct StoredNotice {
    hash: String,
    material: bool,
    text: String,
}

/// One notice that was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeLine {
    /// Its number.
    pub version: u64,
    /// Fingerprint: hexadecimal SHA-256 of its text.
    pub hash: String,
    /// From when. Units: ms since 1970 UTC.
    pub since_ms: i64,
    /// Whether consents given before were suspended by it.
    pub material: bool,
}

impl Store {
    /// Puts the site's notice into force where that asks nobody for anything new: the first one, or
    /// a change that is not material. Another waits for [`Store::approve_notice`].
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn offer_notice(&mut self) -> Result<(), StoreFault> {
        if self.notice_waits() && self.has_operators() { Ok(()) } else { self.put_notice_in_force() }
    }

    /// Whether the site's notice asks for something else than the one in force.
    #[must_use]
    pub fn notice_waits(&self) -> bool {
        let before = self.watched.notice.as_ref();
        !self.notice.text.is_empty() && before.is_some_and(|before| self.notice.matter.is_material_change(&before.matter))
    }

    /// Puts the site's notice into force; consents given to another are suspended.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn approve_notice(&mut self, approval: &Approval) -> Result<(), StoreFault> {
        if approval.action() != Action::ApprovePolicy {
            return Err(StoreFault);
        }
        self.put_notice_in_force()
    }

    /// Puts the site's notice into force, if it is not yet. It becomes a new version; none is ever
    /// written over.
    fn put_notice_in_force(&mut self) -> Result<(), StoreFault> {
        let Notice { text, matter } = self.notice.clone();
        // Opened by a command that does not know the site.
        if text.is_empty() {
            return Ok(());
        }
        let hash = hex(&Sha256::digest(&text));
        let before = self.watched.notice.clone();
        if before.as_ref().is_some_and(|before| before.hash == hash && before.matter == matter) {
            return Ok(());
        }
        let material = before.as_ref().is_some_and(|before| matter.is_material_change(&before.matter));
        let now = self.now();
        let generation = before.as_ref().map_or(1, |before| before.generation + u64::from(material));
        let since_ms = before.as_ref().filter(|_| !material).map_or(now, |before| before.since_ms);
        let plain = serde_json::to_vec(&StoredNotice { hash: hash.clone(), material, text }).map_err(|_| StoreFault)?;
        let (device, key) = (self.device, self.keys.consents.clone());
        let version: i64 = self.db.query_row("SELECT coalesce(max(version), 0) + 1 FROM notices", [], |row| row.get(0))?;
        let mut after = self.watched.clone();
        after.notice = Some(InForce { version: version.cast_unsigned(), generation, since_ms, hash: hash.clone(), matter });
        if material {
            after.filing.matter_changed(self.clock.today());
        }
        self.change_watched(after, |tx| {
            let place = Place { device, column: Column::Notice, row: version, epoch: 0 };
            let sealed = place.seal(&key, &plain)?;
            tx.execute("INSERT INTO notices (version, since_ms, body) VALUES (?1, ?2, ?3)", params![version, now, sealed])?;
            Ok(((), vec![AuditEvent::NoticeInForce { version: version.cast_unsigned(), hash, material }]))
        })
    }

    /// Every notice that was in force, newest first.
    ///
    /// # Errors
    /// When the store cannot be read, or a row was changed.
    pub fn notices(&mut self) -> Result<Vec<NoticeLine>, StoreFault> {
        let rows: Vec<(i64, i64)> = {
            let mut query = self.db.prepare("SELECT version, since_ms FROM notices ORDER BY version DESC")?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        rows.into_iter()
            .map(|(version, since_ms)| {
                let StoredNotice { hash, material, .. } = self.stored_notice(version)?.ok_or(StoreFault)?;
                Ok(NoticeLine { version: version.cast_unsigned(), hash, since_ms, material })
            })
            .collect()
    }

    /// The text of a notice by the beginning of its fingerprint, or by its number.
    ///
    /// # Errors
    /// When the store cannot be read, or a row was changed.
    pub fn notice_text(&mut self, which: &str) -> Result<Option<String>, StoreFault> {
        let lines = self.notices()?;
        let long = which.len() >= 6;
        let found = lines.iter().find(|line| line.version.to_string() == which || (long && line.hash.starts_with(which)));
        let Some(line) = found else { return Ok(None) };
        Ok(self.stored_notice(line.version.cast_signed())?.map(|notice| notice.text))
    }

    /// Number and fingerprint of the notice in force.
    #[must_use]
    pub fn notice_in_force(&self) -> Option<(u64, String)> {
        self.watched.notice.as_ref().map(|notice| (notice.version, notice.hash.clone()))
    }

    fn stored_notice(&self, version: i64) -> Result<Option<StoredNotice>, StoreFault> {
        let body: Option<Vec<u8>> =
            self.db.query_row("SELECT body FROM notices WHERE version = ?1", [version], |row| row.get(0)).optional()?;
        let Some(body) = body else { return Ok(None) };
        let plain = self.unseal(self.place(Column::Notice, version), &self.keys.consents, &body)?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| StoreFault)
    }

    /// Templates that have waited too long for a new consent: since the notice changed, or since
    /// the child is 14. Units of `grace`: days.
    pub(super) fn waited_too_long(&self, grace: i64) -> Result<Vec<i64>, StoreFault> {
        let now = self.now();
        let mut due = Vec::new();
        let Some(notice) = &self.watched.notice else { return Ok(due) };
        if now.saturating_sub(notice.since_ms) > grace * DAY_MS {
            let mut query = self.db.prepare(
                "SELECT t.person, t.receipt FROM templates t JOIN consents c ON c.id = t.receipt WHERE c.given_ms <= ?1",
            )?;
            let rows: Vec<(i64, i64)> =
                query.query_map([notice.since_ms], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            for (person, receipt) in rows {
                // One damaged record must not keep the others.
                let Ok(Some(consent)) = self.stored_consent(receipt) else { continue };
                if consent.generation < notice.generation {
                    due.push(person);
                }
            }
        }
        let mut query = self.db.prepare("SELECT person FROM guardians")?;
        let children: Vec<i64> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for child in children {
            if !due.contains(&child) && self.of_age_for(child)?.is_some_and(|days| days > grace) {
                due.push(child);
            }
        }
        Ok(due)
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<StoredNotice>(bytes);
}
