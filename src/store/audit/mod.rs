//! The audit log: a closed set of events, sealed bodies, a hash chain over them, signed heads.
//!
//! Each body is sealed for its place with a key nobody has who only has the file: whoever edits
//! an entry cannot make one that opens. Whoever recomputes the chain cannot sign its head. Whoever
//! cuts entries together with their heads is behind the anchor beside the keys, and behind every
//! head kept elsewhere (`audit head`).

mod anchor;
mod chain;
mod check;
mod export;
mod signer;

use rusqlite::{Connection, OptionalExtension, params};

use crate::core::audit::AuditEvent;
use crate::ports::StoreFault;

use super::error::StoreError;
use super::keys::{Key, KeyFolder, Master, Purpose};
use super::seal::{Column, Place};
use anchor::Anchor;
pub(super) use anchor::Mark;
pub(super) use chain::hex;
use chain::{Hash, Head, leaf, link};
pub use check::{Damage, Report};
use signer::Signer;

const DAY_MS: i64 = 86_400_000;
const SALT: usize = 16;

/// The log of one store.
pub(super) struct AuditLog {
    device: [u8; 16],
    key: Key,
    signer: Signer,
    anchor: Anchor,
    last: Mark,
    /// The largest wall time seen. Units: ms since 1970 UTC.
    seen_ms: i64,
    /// Of what is watched; noted in the anchor.
    pub(super) generation: u64,
    /// Of the newest head: step and day.
    head: Option<(u64, i64)>,
}

impl AuditLog {
    /// Goes on where the log ended.
    pub(super) fn open(db: &Connection, device: [u8; 16], folder: &KeyFolder, master: &Master) -> Result<Self, StoreError> {
        let fresh: bool = db
            .query_row("SELECT count(*) = 0 FROM heads", [], |row| row.get(0))
            .map_err(|e| StoreError::from_sqlite(std::path::Path::new("audit"), &e))?;
        let signer = Signer::open(folder, master, fresh)?;
        Self::with(db, device, master, signer, Anchor::open(folder, master.derive(Purpose::Anchor)))
    }

    /// The log of a backup, with the signing key that was saved with it; nothing is written beside
    /// the database until [`AuditLog::settle`].
    pub(super) fn of_backup(db: &Connection, device: [u8; 16], master: &Master, saved: &[u8; 40]) -> Result<Self, StoreError> {
        let anchor = Anchor::nowhere(master.derive(Purpose::Anchor));
        Self::with(db, device, master, Signer::of_backup(master, saved), anchor)
    }

    /// The log of a backup takes the place of the one before.
    pub(super) fn settle(&mut self, folder: &KeyFolder, master: &Master) -> Result<(), StoreError> {
        self.signer.settle(folder)?;
        self.seen_ms = self.seen_ms.max(Self::noted_ms(folder, master));
        Anchor::forget(folder)?;
        self.anchor = Anchor::open(folder, master.derive(Purpose::Anchor));
        self.anchor.write(&Mark { at_ms: self.seen_ms, generation: self.generation, ..self.last });
        Ok(())
    }

    /// How far the log in the key folder's note had come, whatever database there is.
    pub(super) fn noted(folder: &KeyFolder, master: &Master) -> u64 {
        Anchor::open(folder, master.derive(Purpose::Anchor)).read().map_or(0, |mark| mark.seq)
    }

    /// The largest wall time that note knows. Units: ms since 1970 UTC.
    pub(super) fn noted_ms(folder: &KeyFolder, master: &Master) -> i64 {
        Anchor::open(folder, master.derive(Purpose::Anchor)).read().map_or(i64::MIN, |mark| mark.at_ms)
    }

    /// The signing key, for a backup.
    pub(super) fn saved_signer(&self) -> zeroize::Zeroizing<[u8; 40]> {
        self.signer.saved()
    }

    fn with(db: &Connection, device: [u8; 16], master: &Master, signer: Signer, anchor: Anchor) -> Result<Self, StoreError> {
        let sqlite = |e: rusqlite::Error| StoreError::from_sqlite(std::path::Path::new("audit"), &e);
        let last = db
            .query_row("SELECT seq, at_ms, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
                Ok(Mark { seq: row.get::<_, i64>(0)?.cast_unsigned(), at_ms: row.get(1)?, hash: row.get(2)?, generation: 0 })
            })
            .optional()
            .map_err(sqlite)?;
        let head = db
            .query_row("SELECT step, at_ms FROM heads ORDER BY step DESC LIMIT 1", [], |row| {
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.div_euclid(DAY_MS)))
            })
            .optional()
            .map_err(sqlite)?;
        let mut last = last.unwrap_or(Mark { seq: 0, at_ms: i64::MIN, hash: [0; 32], generation: 0 });
        // Of a log that was cut, the numbers that are known to have been given are not given
        // again: the gap stays for all to see.
        let signed: i64 = db.query_row("SELECT coalesce(max(seq), 0) FROM heads", [], |row| row.get(0)).map_err(sqlite)?;
        let noted = anchor.read().map_or(0, |mark| mark.seq);
        last.seq = last.seq.max(signed.cast_unsigned()).max(noted);
        let seen_ms = anchor.read().map_or(last.at_ms, |mark| mark.at_ms);
        let generation = anchor.read().map_or(0, |mark| mark.generation);
        Ok(Self { device, key: master.derive(Purpose::Audit), signer, anchor, last, seen_ms, generation, head })
    }

    /// Adds an entry and signs the new head. Counts once the caller's transaction is committed and
    /// [`AuditLog::committed`] was called.
    pub(super) fn append(&mut self, db: &Connection, at_ms: i64, event: &AuditEvent) -> Result<Mark, StoreFault> {
        self.append_after(db, self.last, at_ms, event)
    }

    /// As [`AuditLog::append`], after an entry of the same transaction.
    pub(super) fn append_after(&mut self, db: &Connection, last: Mark, at_ms: i64, event: &AuditEvent) -> Result<Mark, StoreFault> {
        let seq = last.seq + 1;
        let mut body = vec![0; SALT];
        getrandom::fill(&mut body).map_err(|_| StoreFault)?;
        serde_json::to_writer(&mut body, event).map_err(|_| StoreFault)?;
        let hash = link(&last.hash, seq, at_ms, &leaf(&body[..SALT], &body[SALT..]));
        let sealed = self.place(seq).seal(&self.key, &body)?;
        let day = at_ms.div_euclid(DAY_MS);
        if self.head.is_some_and(|(step, of)| step == self.signer.step && of < day) {
            self.signer.advance().map_err(|_| StoreFault)?;
        }
        let head = Head { step: self.signer.step, seq, at_ms, hash, next_key: self.signer.next_public() };
        if head.step == 0 {
            db.prepare_cached("INSERT OR IGNORE INTO meta VALUES ('first_key', ?1)")?.execute(params![self.signer.public()])?;
        }
        let signature = self.signer.sign(&head.message(&self.device));
        db.prepare_cached("INSERT INTO audit (seq, at_ms, body, hash) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![seq.cast_signed(), at_ms, sealed, hash])?;
        db.prepare_cached(
            "INSERT OR REPLACE INTO heads (step, seq, at_ms, hash, next_key, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![head.step.cast_signed(), seq.cast_signed(), at_ms, hash, head.next_key, signature])?;
        Ok(Mark { seq, at_ms, hash, generation: 0 })
    }

    /// The entry is durable.
    pub(super) fn committed(&mut self, mark: Mark) {
        self.last = mark;
        self.head = Some((self.signer.step, mark.at_ms.div_euclid(DAY_MS)));
        self.seen(mark.at_ms);
    }

    /// The largest wall time the log or its anchor has seen. Units: ms since 1970 UTC.
    pub(super) fn latest_ms(&self) -> i64 {
        self.seen_ms
    }

    /// The clock shows this.
    pub(super) fn seen(&mut self, wall_ms: i64) {
        self.set_clock(self.seen_ms.max(wall_ms));
    }

    /// A supervisor says that the clock is right as it is.
    pub(super) fn set_clock(&mut self, wall_ms: i64) {
        self.seen_ms = wall_ms;
        self.anchor.write(&Mark { at_ms: wall_ms, generation: self.generation, ..self.last });
    }

    /// What the anchor says, if it is there.
    pub(super) fn anchored(&self) -> Option<Mark> {
        self.anchor.read()
    }

    /// There is a log, but the note beside the keys of how far it had come is not there.
    pub(super) fn anchor_gone(&self) -> bool {
        self.last.seq > 0 && self.anchor.read().is_none()
    }

    pub(super) fn last(&self) -> Mark {
        self.last
    }

    fn place(&self, seq: u64) -> Place {
        Place { device: self.device, column: Column::Audit, row: seq.cast_signed(), epoch: 0 }
    }

    fn open_body(&self, seq: u64, sealed: &[u8]) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        self.place(seq).open(&self.key, sealed).ok().filter(|body| body.len() > SALT)
    }

    /// The public key of step 0, as the database has it.
    pub(super) fn first_key(db: &Connection) -> Option<[u8; 32]> {
        db.query_row("SELECT value FROM meta WHERE name = 'first_key'", [], |row| row.get(0)).ok()
    }

    /// Where the chain begins: after the last entry that was dropped.
    fn base(db: &Connection) -> (u64, Hash) {
        let stored: Option<Vec<u8>> = db.query_row("SELECT value FROM meta WHERE name = 'audit_base'", [], |row| row.get(0)).ok();
        let parsed = stored.as_deref().and_then(|bytes| {
            let (seq, hash) = bytes.split_first_chunk::<8>()?;
            Some((u64::from_be_bytes(*seq), hash.try_into().ok()?))
        });
        parsed.unwrap_or((0, [0; 32]))
    }

    /// Drops whole days of entries older than `before_ms`, in the caller's transaction, and says
    /// so in the log. Nothing else ever removes an entry.
    pub(super) fn drop_before(&mut self, db: &Connection, before_ms: i64, now_ms: i64) -> Result<Option<Mark>, StoreFault> {
        // Whole days, so that it does not go on hour by hour.
        let before_ms = before_ms.div_euclid(DAY_MS) * DAY_MS;
        // Up to the first entry that must stay: times may go back where a clock was set.
        let keep: Option<i64> = db
            .query_row("SELECT min(seq) FROM audit WHERE at_ms >= ?1", [before_ms], |row| row.get(0))
            .optional()?
            .flatten();
        let to: Option<(i64, Hash)> = db
            .query_row("SELECT seq, hash FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT 1", [keep.unwrap_or(i64::MAX)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((to, hash)) = to else { return Ok(None) };
        db.execute("DELETE FROM audit WHERE seq <= ?1", [to])?;
        let base = [&to.to_be_bytes()[..], &hash].concat();
        db.execute("INSERT OR REPLACE INTO meta VALUES ('audit_base', ?1)", params![base])?;
        let event = AuditEvent::SegmentDropped { to: to.cast_unsigned(), hash: chain::hex(&hash) };
        self.append(db, now_ms, &event).map(Some)
    }

    /// Shows entries, newest first, at most so many. What does not open is left out; the check of
    /// the log speaks of it.
    pub(super) fn each_newest(&self, db: &Connection, most: i64, mut show: impl FnMut(i64, AuditEvent)) -> Result<(), StoreFault> {
        let mut query = db.prepare_cached("SELECT seq, at_ms, body FROM audit ORDER BY seq DESC LIMIT ?1")?;
        let mut rows = query.query([most])?;
        while let Some(row) = rows.next()? {
            let (seq, at_ms, sealed): (i64, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let Some(body) = self.open_body(seq.cast_unsigned(), &sealed) else { continue };
            if let Ok(event) = serde_json::from_slice(&body[SALT..]) {
                show(at_ms, event);
            }
        }
        Ok(())
    }

    /// For the fuzz targets.
    pub(super) fn parse_all(bytes: &[u8]) {
        signer::parse(bytes);
        let _ = serde_json::from_slice::<AuditEvent>(bytes);
    }
}
