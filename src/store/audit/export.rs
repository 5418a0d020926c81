//! The log as a text anybody can check: JSON lines, entries in the open, no key needed.

use std::io::Write;

use rusqlite::Connection;
use serde_json::json;

use super::chain::hex;
use super::{AuditLog, SALT};

impl AuditLog {
    /// Writes header, entries and heads. The events hold pseudonyms only.
    ///
    /// # Errors
    /// When it cannot be written. A damaged entry is written as far as it can be read: the
    /// verifier will say so.
    pub(in crate::store) fn export(&self, db: &Connection, out: &mut dyn Write) -> std::io::Result<()> {
        let other = |e: rusqlite::Error| std::io::Error::other(format!("{:?}", e.sqlite_error_code()));
        let (seq, hash) = Self::base(db);
        let header = json!({
            "mianzheng-audit": 1,
            "device": hex(&self.device),
            "base": { "seq": seq, "hash": hex(&hash) },
            "first-key": Self::first_key(db).map(|key| hex(&key)),
        });
        writeln!(out, "{header}")?;
        let mut rows = db.prepare("SELECT seq, at_ms, body, hash FROM audit ORDER BY seq").map_err(other)?;
        let mut rows = rows.query([]).map_err(other)?;
        while let Some(row) = rows.next().map_err(other)? {
            let seq = row.get::<_, i64>(0).map_err(other)?.cast_unsigned();
            let (at_ms, body, hash): (i64, Vec<u8>, [u8; 32]) =
                (row.get(1).map_err(other)?, row.get(2).map_err(other)?, row.get(3).map_err(other)?);
            let plain = self.open_body(seq, &body);
            let (salt, event) = plain.as_ref().map_or((&[][..], ""), |plain| {
                (&plain[..SALT], std::str::from_utf8(&plain[SALT..]).unwrap_or_default())
            });
            writeln!(out, "{}", json!({ "seq": seq, "at_ms": at_ms, "salt": hex(salt), "event": event, "hash": hex(&hash) }))?;
        }
        for (head, signature) in Self::heads(db).map_err(other)? {
            let line = json!({
                "step": head.step, "seq": head.seq, "at_ms": head.at_ms, "hash": hex(&head.hash),
                "next-key": hex(&head.next_key), "signature": hex(&signature),
            });
            writeln!(out, "{}", json!({ "head": line }))?;
        }
        out.flush()
    }
}
