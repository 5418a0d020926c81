//! Consents: what was agreed to, when, to which notice. Pseudonyms only.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use crate::core::audit::AuditEvent;
use crate::core::command::ConsentDraft;
use crate::core::consent::Purpose;
use crate::core::ids::ReceiptId;
use crate::ports::{Identity, StoreFault};

use super::error::StoreError;
use super::file::Store;
use super::seal::{Column, Place};

/// How a consent lies in its sealed column.
#[derive(Serialize, Deserialize)]
struct StoredConsent {
    purpose: Purpose,
    lang: String,
    /// SHA-256 of the notice shown; empty if it was on paper.
    notice: String,
    shown_ms: u64,
    /// "screen" or "paper".
    means: String,
}

impl Store {
    /// Puts a consent given on paper on record, for enrolment at the command line.
    ///
    /// # Errors
    /// When it could not be stored.
    pub fn store_paper_consent(&mut self, identity: &Identity) -> Result<ReceiptId, StoreError> {
        let draft =
            ConsentDraft { purpose: Purpose::Enrol, person: None, lang: crate::core::screen::Lang::ZhCn, shown_ms: 0 };
        // What the paper said is on the paper: the screen's notice was not shown.
        self.insert_consent(&draft, Some(identity), "paper", "")
            .map_err(|_| StoreError::Io(self.path.clone(), "the consent was not stored".into()))
    }

    pub(super) fn insert_consent(
        &mut self,
        draft: &ConsentDraft,
        identity: Option<&Identity>,
        means: &str,
        notice: &str,
    ) -> Result<ReceiptId, StoreFault> {
        let person: Option<i64> = match (identity, draft.person) {
            (Some(identity), _) => {
                let index = self.index(b"document", identity.number().expose().as_bytes());
                self.db.query_row("SELECT id FROM people WHERE document_index = ?1", [index], |r| r.get(0)).optional()?
            }
            (None, person) => person.map(|person| person.0.cast_signed()),
        };
        let stored = StoredConsent {
            purpose: draft.purpose,
            lang: draft.lang.tag().to_owned(),
            notice: notice.to_owned(),
            shown_ms: draft.shown_ms,
            means: means.to_owned(),
        };
        let plain = serde_json::to_vec(&stored).map_err(|_| StoreFault)?;
        let now = self.now();
        let Self { db, log, keys, device, .. } = self;
        let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
        tx.execute("INSERT INTO consents (person, body, given_ms) VALUES (?1, x'', ?2)", params![person, now])?;
        let row = tx.last_insert_rowid();
        let place = Place { device: *device, column: Column::Consent, row, epoch: 0 };
        let sealed = place.seal(&keys.consents, &plain)?;
        tx.execute("UPDATE consents SET body = ?1 WHERE id = ?2", params![sealed, row])?;
        let receipt = ReceiptId(row.cast_unsigned());
        // That it was given is in the log too: a record taken away is missed.
        let mark = log.append(&tx, now, &AuditEvent::Consented { receipt, purpose: draft.purpose })?;
        tx.commit()?;
        log.committed(mark);
        Ok(receipt)
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<StoredConsent>(bytes);
}
