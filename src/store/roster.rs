//! The site's own list in the store: keyed hashes to look up, names sealed, the numbers not kept.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::core::audit::AuditEvent;
use crate::core::ids::PersonId;
use crate::core::operator::{Action, Approval};
use crate::core::time::Date;
use crate::ports::{BadgeOwner, ClaimNumber, Identity, Roster, Secret, StoreFault};

use super::file::Store;
use super::seal::{Column, Place};

/// Somebody on the list.
pub struct RosterEntry {
    /// As printed on the document.
    pub name: Secret,
    /// Of the document; only a keyed hash is kept.
    pub number: Secret,
    /// Badge or code; only a keyed hash is kept.
    pub code: Option<Secret>,
    /// The site's own remark: room, ward, host.
    pub note: Option<Secret>,
    /// First day; none: at once.
    pub from: Option<Date>,
    /// Last day; none: until the list is replaced.
    pub until: Option<Date>,
}

/// How an entry lies in its sealed column. The hashes are in it too: a row cannot be pointed at
/// somebody else.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
#[serde(deny_unknown_fields)]
struct Body {
    number_index: [u8; 16],
    code_index: Option<[u8; 16]>,
    name: String,
    note: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

impl Body {
    fn holds_on(&self, today: Date) -> bool {
        let day = |text: &Option<String>| text.as_deref().and_then(Date::parse);
        day(&self.from).is_none_or(|from| from <= today) && day(&self.until).is_none_or(|until| today <= until)
    }
}

/// How many are on the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RosterCount {
    /// All.
    pub entries: u64,
    /// Today.
    pub today: u64,
    /// With a badge or code.
    pub codes: u64,
}

impl Store {
    /// Puts a list in the place of the one before; an empty one ends it. All or nothing.
    ///
    /// # Errors
    /// When it could not be made durable, two entries are of one document or code, or the approval
    /// is for something else.
    pub fn replace_roster(&mut self, approval: &Approval, entries: &[RosterEntry]) -> Result<(), StoreFault> {
        if approval.action() != Action::ManageRoster {
            return Err(StoreFault);
        }
        let today = self.clock.today();
        let rows: Vec<Body> = entries
            .iter()
            // Whoever's time is over is not put on the device at all.
            .filter(|entry| entry.until.is_none_or(|until| today <= until))
            .map(|entry| Body {
                number_index: self.index(b"document", entry.number.expose().as_bytes()),
                code_index: entry.code.as_ref().map(|code| self.index(b"badge", code.expose().as_bytes())),
                name: entry.name.expose().to_owned(),
                note: entry.note.as_ref().map(|note| note.expose().to_owned()),
                from: entry.from.map(String::from),
                until: entry.until.map(String::from),
            })
            .collect();
        let entry = AuditEvent::RosterReplaced { entries: rows.len() as u64, by: approval.by().to_vec() };
        let device = self.device;
        self.change_with(|tx, keys| {
            tx.execute("DELETE FROM roster", [])?;
            for body in &rows {
                tx.prepare_cached("INSERT INTO roster (number_index, code_index, body) VALUES (?1, ?2, x'')")?
                    .execute(params![body.number_index, body.code_index])?;
                let row = tx.last_insert_rowid();
                let plain = zeroize::Zeroizing::new(serde_json::to_vec(body).map_err(|_| StoreFault)?);
                let sealed = Place { device, column: Column::Roster, row, epoch: 0 }.seal(&keys.roster, &plain)?;
                tx.prepare_cached("UPDATE roster SET body = ?1 WHERE id = ?2")?.execute(params![sealed, row])?;
            }
            Ok(vec![entry])
        })?;
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }

    /// How many are on the list.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn roster_count(&mut self) -> Result<RosterCount, StoreFault> {
        let today = self.clock.today();
        let rows: Vec<(i64, Vec<u8>)> = {
            let mut query = self.db.prepare("SELECT id, body FROM roster")?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        let mut count = RosterCount::default();
        for (row, blob) in rows {
            let body = self.roster_body(row, &blob)?;
            count.entries += 1;
            count.today += u64::from(body.holds_on(today));
            count.codes += u64::from(body.code_index.is_some());
        }
        Ok(count)
    }

    /// Takes those off the list whose last day is over.
    pub(super) fn end_roster(&mut self) -> Result<(), StoreFault> {
        let today = self.clock.today();
        let rows: Vec<(i64, Vec<u8>)> = {
            let mut query = self.db.prepare("SELECT id, body FROM roster")?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        let over = |body: &Body| body.until.as_deref().and_then(Date::parse).is_some_and(|until| until < today);
        for (row, blob) in rows {
            if self.roster_body(row, &blob).is_ok_and(|body| over(&body)) {
                self.db.execute("DELETE FROM roster WHERE id = ?1", [row])?;
            }
        }
        Ok(())
    }

    fn roster_body(&self, row: i64, blob: &[u8]) -> Result<Body, StoreFault> {
        let plain = self.unseal(self.place(Column::Roster, row), &self.keys.roster, blob)?;
        serde_json::from_slice(&plain).map_err(|_| StoreFault)
    }

    /// The entry a hash leads to, if it says so itself and holds today.
    fn roster_entry(&mut self, column: &str, index: [u8; 16]) -> Result<Option<Body>, StoreFault> {
        let sql = format!("SELECT id, body FROM roster WHERE {column} = ?1");
        let row: Option<(i64, Vec<u8>)> =
            self.db.prepare_cached(&sql)?.query_row([index], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((row, blob)) = row else { return Ok(None) };
        let body = self.roster_body(row, &blob);
        self.report_changed()?;
        let body = body?;
        let own = if column == "number_index" { Some(body.number_index) } else { body.code_index };
        if own != Some(index) {
            tracing::error!("a row of the list was changed or swapped");
            self.changed.set(true);
            self.report_changed()?;
            return Err(StoreFault);
        }
        Ok(body.holds_on(self.clock.today()).then_some(body))
    }

    /// Whether the document behind this keyed hash is on the list today.
    pub(super) fn listed_by(&mut self, document: [u8; 16]) -> Result<bool, StoreFault> {
        Ok(self.roster_entry("number_index", document)?.is_some())
    }
}

impl Roster for Store {
    fn listed(&mut self, identity: &Identity) -> Result<bool, StoreFault> {
        let index = self.index(b"document", identity.number().expose().as_bytes());
        self.listed_by(index)
    }

    fn badge(&mut self, code: &Secret) -> Result<Option<BadgeOwner>, StoreFault> {
        let index = self.index(b"badge", code.expose().as_bytes());
        let Some(body) = self.roster_entry("code_index", index)? else { return Ok(None) };
        let person: Option<i64> = self
            .db
            .prepare_cached("SELECT id FROM people WHERE document_index = ?1")?
            .query_row([body.number_index], |row| row.get(0))
            .optional()?;
        Ok(Some(BadgeOwner { person: person.map(|row| PersonId(row.cast_unsigned())) }))
    }

    fn code_right(&mut self, identity: &Identity, code: &ClaimNumber) -> Result<bool, StoreFault> {
        let document = self.index(b"document", identity.number().expose().as_bytes());
        let badge = self.index(b"badge", code.expose());
        if self.roster_entry("number_index", document)?.is_some_and(|body| body.code_index == Some(badge)) {
            return Ok(true);
        }
        let claim = self.index(b"claim", code.expose());
        let whose = self.known("claim_index", claim)?.map(|known| known.person);
        let owner = self.known("document_index", document)?.map(|known| known.person);
        Ok(whose.is_some() && whose == owner)
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Body>(bytes);
}
