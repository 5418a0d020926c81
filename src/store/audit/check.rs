//! Is the log whole? Reads it from the first entry kept to the last and names the first damage.

use rusqlite::Connection;

use crate::core::audit::AuditEvent;

use super::chain::{Hash, Head, hex, leaf, link};
use super::{AuditLog, SALT, signer};

/// What is wrong with a log, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// An entry is missing: this one does not follow the one before.
    Gap(u64),
    /// This entry was edited, or put here from elsewhere.
    Entry(u64),
    /// The chain was computed anew: the signed head of this step does not fit.
    Head(u64),
    /// The end was cut off: entries up to this one are known to have been there.
    Cut(u64),
    /// Entries were dropped and the log does not say so.
    Unexplained(u64),
    /// It cannot be read at all.
    Unreadable,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// How many entries were read.
    pub entries: u64,
    /// The last entry.
    pub last: u64,
    /// Its place in the chain: hexadecimal SHA-256.
    pub hash: String,
    /// The first damage, if any.
    pub damage: Option<Damage>,
}

/// What has been read of the chain.
struct Walk {
    seq: u64,
    hash: Hash,
    entries: u64,
    /// Whether the log itself explains where it begins.
    explained: bool,
}

impl AuditLog {
    /// Reads the whole log, or what is newer than `newest` entries from its end.
    pub(in crate::store) fn check(&self, db: &Connection, newest: Option<u64>) -> Report {
        let mut walk = Walk { seq: 0, hash: [0; 32], entries: 0, explained: true };
        let damage = self.walk(db, newest, &mut walk).unwrap_or(Some(Damage::Unreadable));
        Report { entries: walk.entries, last: walk.seq, hash: hex(&walk.hash), damage }
    }

    fn walk(&self, db: &Connection, newest: Option<u64>, walk: &mut Walk) -> rusqlite::Result<Option<Damage>> {
        let base = Self::base(db);
        (walk.seq, walk.hash) = base;
        walk.explained = base.0 == 0;
        let skip = newest.map_or(0, |count| self.last.seq.saturating_sub(count));
        if skip > base.0 {
            walk.hash = db.query_row("SELECT hash FROM audit WHERE seq = ?1", [skip.cast_signed()], |row| row.get(0))?;
            walk.seq = skip;
            walk.explained = true;
        }
        let mut heads = Self::heads(db)?;
        if let Some(damage) = self.chain_of_keys(db, &heads) {
            return Ok(Some(damage));
        }
        heads.retain(|(head, _)| head.seq > walk.seq);
        let mut heads = heads.into_iter().peekable();
        let mut signed = walk.seq;
        let mut rows = db.prepare("SELECT seq, at_ms, body, hash FROM audit WHERE seq > ?1 ORDER BY seq")?;
        let mut rows = rows.query([walk.seq.cast_signed()])?;
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)?.cast_unsigned();
            if seq != walk.seq + 1 {
                return Ok(Some(Damage::Gap(walk.seq + 1)));
            }
            let (at_ms, body): (i64, Vec<u8>) = (row.get(1)?, row.get(2)?);
            let Some(body) = self.open_body(seq, &body) else { return Ok(Some(Damage::Entry(seq))) };
            let hash = link(&walk.hash, seq, at_ms, &leaf(&body[..SALT], &body[SALT..]));
            if hash != row.get::<_, Hash>(3)? {
                return Ok(Some(Damage::Entry(seq)));
            }
            if !walk.explained {
                let dropped = AuditEvent::SegmentDropped { to: base.0, hash: hex(&base.1) };
                walk.explained = serde_json::from_slice::<AuditEvent>(&body[SALT..]).is_ok_and(|event| event == dropped);
            }
            (walk.seq, walk.hash) = (seq, hash);
            walk.entries += 1;
            while let Some((head, _)) = heads.next_if(|(head, _)| head.seq == seq) {
                if head.hash != hash {
                    return Ok(Some(Damage::Head(head.step)));
                }
                signed = seq;
            }
        }
        if let Some((head, _)) = heads.next() {
            return Ok(Some(Damage::Cut(head.seq)));
        }
        if signed < walk.seq {
            // The newest head signs the newest entry, always.
            return Ok(Some(Damage::Head(self.signer.step)));
        }
        if !walk.explained {
            return Ok(Some(Damage::Unexplained(base.0)));
        }
        let anchored = self.anchored().filter(|mark| mark.seq > walk.seq || (mark.seq == walk.seq && mark.hash != walk.hash));
        Ok(anchored.map(|mark| Damage::Cut(mark.seq)))
    }

    pub(super) fn heads(db: &Connection) -> rusqlite::Result<Vec<(Head, [u8; 64])>> {
        let mut rows = db.prepare("SELECT step, seq, at_ms, hash, next_key, signature FROM heads ORDER BY step")?;
        let heads = rows.query_map([], |row| {
            let head = Head {
                step: row.get::<_, i64>(0)?.cast_unsigned(),
                seq: row.get::<_, i64>(1)?.cast_unsigned(),
                at_ms: row.get(2)?,
                hash: row.get(3)?,
                next_key: row.get(4)?,
            };
            Ok((head, row.get(5)?))
        })?;
        heads.collect()
    }

    /// Every head is signed by the key the one before names; the last by a key this device has or
    /// had.
    fn chain_of_keys(&self, db: &Connection, heads: &[(Head, [u8; 64])]) -> Option<Damage> {
        let Some(mut key) = Self::first_key(db) else {
            return (self.last.seq > 0).then_some(Damage::Head(0));
        };
        let mut before = 0;
        for (step, (head, signature)) in heads.iter().enumerate() {
            let signed = signer::verifies(&key, &head.message(&self.device), signature);
            if head.step != step as u64 || !signed || head.seq < before {
                return Some(Damage::Head(step as u64));
            }
            (key, before) = (head.next_key, head.seq);
        }
        // The key in the folder is that of the last head, or one step on.
        let ours = match heads.last() {
            Some((head, _)) if head.step == self.signer.step => self.signer.next_public() == head.next_key,
            Some((head, _)) if head.step + 1 == self.signer.step => self.signer.public() == head.next_key,
            Some(_) => false,
            None => self.last.seq == 0,
        };
        (!ours).then_some(Damage::Head(self.signer.step))
    }
}
