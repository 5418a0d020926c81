//! People, templates, consents and the record of what was done.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::core::audit::AuditEvent;
use crate::core::command::{ConsentDraft, EnrolOrder};
use crate::core::consent::{AgeBand, Purpose};
use crate::core::event::KnownPerson;
use crate::core::ids::{PersonId, ReceiptId};
use crate::core::time::Date;
use crate::ports::{ClaimNumber, DIMENSION, Embedding, Identity, ModelTag, Records, Secret, StoreFault};

use super::error::StoreError;
use super::file::Store;
use super::seal::{Column, Place, Unsealable};

const DAY_MS: i64 = 86_400_000;

/// Row, pseudonym, claim index, whether there is a template.
type LookUp = (i64, [u8; 16], [u8; 16], bool);

/// How an identity lies in its sealed column.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
struct StoredIdentity {
    name: String,
    number: String,
    birth: Option<String>,
    expires: Option<String>,
    /// The chosen number: says which look-up row belongs to this person.
    claim: String,
}

impl From<rusqlite::Error> for StoreFault {
    fn from(error: rusqlite::Error) -> Self {
        // The code only: an SQLite message may quote a value.
        tracing::error!(code = ?error.sqlite_error_code(), "store");
        Self
    }
}

impl From<Unsealable> for StoreFault {
    fn from(_: Unsealable) -> Self {
        tracing::error!("a sealed value does not open: it was changed or moved");
        Self
    }
}

impl Store {
    /// Age of a stored person today.
    pub(super) fn age(&self, person: PersonId) -> Result<AgeBand, StoreFault> {
        let stored = self.stored_identity(person.0.cast_signed())?;
        Ok(AgeBand::on(stored.birth.as_deref().and_then(Date::parse), self.clock.today()))
    }

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

    fn place(&self, column: Column, row: i64) -> Place {
        Place { device: self.device, column, row }
    }

    fn known(&mut self, column: &str, index: [u8; 16]) -> Result<Option<KnownPerson>, StoreFault> {
        self.expire()?;
        let sql = format!(
            "SELECT p.id, p.pseudonym, p.claim_index, t.id IS NOT NULL
             FROM people p LEFT JOIN templates t ON t.person = p.id WHERE p.{column} = ?1"
        );
        let row: Option<LookUp> = self
            .db
            .query_row(&sql, [index], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let Some((id, pseudonym, claim_index, has_template)) = row else { return Ok(None) };
        let stored = self.stored_identity(id)?;
        // The look-up columns are not sealed: what they point to must itself say that it is so.
        let pointed = self.index(b"document", stored.number.as_bytes()) == pseudonym
            && self.index(b"claim", stored.claim.as_bytes()) == claim_index;
        if !pointed {
            tracing::error!("a look-up row was changed or swapped");
            return Err(StoreFault);
        }
        let age = AgeBand::on(stored.birth.as_deref().and_then(Date::parse), self.clock.today());
        Ok(Some(KnownPerson { person: PersonId(id.cast_unsigned()), age, has_template }))
    }

    fn stored_identity(&self, row: i64) -> Result<StoredIdentity, StoreFault> {
        let blob: Vec<u8> = self.db.query_row("SELECT identity FROM people WHERE id = ?1", [row], |r| r.get(0))?;
        let plain = self.place(Column::Identity, row).open(&self.identity_key, &blob)?;
        serde_json::from_slice(&plain).map_err(|_| StoreFault)
    }

    /// Deletes people with everything of theirs, ends their consents, records it, and lets nothing
    /// of it stay behind in the write-ahead log.
    fn destroy(&mut self, people: &[PersonId], entry: impl Fn(PersonId) -> AuditEvent) -> Result<(), StoreFault> {
        let now = self.clock.unix_ms();
        let tx = Transaction::new(&mut self.db, TransactionBehavior::Immediate)?;
        for person in people {
            let row = person.0.cast_signed();
            tx.execute(
                "UPDATE consents SET ended_ms = ?1 WHERE ended_ms IS NULL
                 AND pseudonym = (SELECT pseudonym FROM people WHERE id = ?2)",
                params![now, row],
            )?;
            tx.execute("DELETE FROM people WHERE id = ?1", [row])?;
            insert_entry(&tx, now, &entry(*person))?;
        }
        tx.commit()?;
        // A reader in another process may hold the log open; then the next checkpoint does it.
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }

    fn insert_consent(
        &mut self,
        draft: &ConsentDraft,
        identity: Option<&Identity>,
        means: &str,
        notice: &str,
    ) -> Result<ReceiptId, StoreFault> {
        let pseudonym: Option<Vec<u8>> = match (identity, draft.person) {
            (Some(identity), _) => Some(self.index(b"document", identity.number().expose().as_bytes()).to_vec()),
            (None, Some(person)) => self
                .db
                .query_row("SELECT pseudonym FROM people WHERE id = ?1", [person.0.cast_signed()], |r| r.get(0))
                .optional()?,
            (None, None) => None,
        };
        let purpose = match draft.purpose {
            Purpose::Verify => "verify",
            Purpose::Enrol | Purpose::Withdraw => "enrol",
        };
        self.db.execute(
            "INSERT INTO consents (pseudonym, purpose, lang, notice, shown_ms, means, given_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                pseudonym,
                purpose,
                draft.lang.tag(),
                notice,
                i64::try_from(draft.shown_ms).unwrap_or(i64::MAX),
                means,
                self.clock.unix_ms()
            ],
        )?;
        Ok(ReceiptId(self.db.last_insert_rowid().cast_unsigned()))
    }
}

impl Records for Store {
    fn find_claim(&mut self, claim: &ClaimNumber) -> Result<Option<KnownPerson>, StoreFault> {
        let index = self.index(b"claim", claim.expose());
        self.known("claim_index", index)
    }

    fn find_identity(&mut self, identity: &Identity) -> Result<Option<KnownPerson>, StoreFault> {
        let index = self.index(b"document", identity.number().expose().as_bytes());
        self.known("pseudonym", index)
    }

    fn template(&mut self, person: PersonId) -> Result<Option<Embedding>, StoreFault> {
        self.expire()?;
        let row: Option<(Vec<u8>, ModelTag, i64)> = self
            .db
            .query_row(
                "SELECT template, model, expires_ms FROM templates WHERE person = ?1",
                [person.0.cast_signed()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let Some((blob, model, expires)) = row else { return Ok(None) };
        // Sealed for the person, not for the row: a template given to somebody else stays shut.
        let plain = self.place(Column::Template, person.0.cast_signed()).open(&self.template_key, &blob)?;
        let (sealed_expiry, numbers) = plain.split_at_checked(8).ok_or(StoreFault)?;
        if sealed_expiry != expires.to_be_bytes() || numbers.len() != DIMENSION * 4 {
            return Err(StoreFault);
        }
        let mut values = Zeroizing::new([0.0_f32; DIMENSION]);
        for (value, bytes) in values.iter_mut().zip(numbers.chunks_exact(4)) {
            *value = f32::from_le_bytes(bytes.try_into().map_err(|_| StoreFault)?);
        }
        Embedding::new(model, &values).map(Some).ok_or(StoreFault)
    }

    fn store_consent(&mut self, draft: &ConsentDraft, identity: Option<&Identity>) -> Result<ReceiptId, StoreFault> {
        let notice = self.notice.clone();
        self.insert_consent(draft, identity, "screen", &notice)
    }

    fn enrol(
        &mut self,
        order: &EnrolOrder,
        identity: &Identity,
        claim: &ClaimNumber,
        template: &Embedding,
    ) -> Result<PersonId, StoreFault> {
        let pseudonym = self.index(b"document", identity.number().expose().as_bytes());
        let claim_index = self.index(b"claim", claim.expose());
        let now = self.clock.unix_ms();
        let expires = now + i64::from(self.retention_days) * DAY_MS;
        let stored = StoredIdentity {
            name: identity.name().expose().to_owned(),
            number: identity.number().expose().to_owned(),
            birth: identity.birth().map(|d| d.to_string()),
            expires: identity.expires().map(|d| d.to_string()),
            claim: String::from_utf8_lossy(claim.expose()).into_owned(),
        };
        let plain = Zeroizing::new(serde_json::to_vec(&stored).map_err(|_| StoreFault)?);
        let mut numbers = Zeroizing::new([0_u8; 8 + DIMENSION * 4]);
        numbers[..8].copy_from_slice(&expires.to_be_bytes());
        for (bytes, value) in numbers[8..].chunks_exact_mut(4).zip(template.values()) {
            bytes.copy_from_slice(&value.to_le_bytes());
        }
        let place = |column, row| Place { device: self.device, column, row };
        let tx = Transaction::new(&mut self.db, TransactionBehavior::Immediate)?;
        // A person enrolling again gets a new row: nothing of the old one is carried over, and
        // the consents it rested on end.
        tx.execute(
            "UPDATE consents SET ended_ms = ?1 WHERE ended_ms IS NULL AND pseudonym = ?2 AND id <> ?3",
            params![now, pseudonym, order.receipt.0.cast_signed()],
        )?;
        tx.execute("DELETE FROM people WHERE pseudonym = ?1", [pseudonym])?;
        tx.execute(
            "INSERT INTO people (pseudonym, claim_index, identity, created_ms) VALUES (?1, ?2, x'', ?3)",
            params![pseudonym, claim_index, now],
        )?;
        let person = tx.last_insert_rowid();
        let sealed = place(Column::Identity, person).seal(&self.identity_key, &plain)?;
        tx.execute("UPDATE people SET identity = ?1 WHERE id = ?2", params![sealed, person])?;
        let sealed = place(Column::Template, person).seal(&self.template_key, &*numbers)?;
        tx.execute(
            "INSERT INTO templates (person, receipt, model, template, created_ms, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![person, order.receipt.0.cast_signed(), template.model(), sealed, now, expires],
        )?;
        let stored = PersonId(person.cast_unsigned());
        insert_entry(&tx, now, &AuditEvent::Enrolled { person: stored, receipt: order.receipt, policy: order.policy })?;
        tx.commit()?;
        Ok(stored)
    }

    fn erase(&mut self, person: PersonId) -> Result<(), StoreFault> {
        self.destroy(&[person], |person| AuditEvent::Withdrawn { person })
    }

    fn expire(&mut self) -> Result<(), StoreFault> {
        let now = self.clock.unix_ms();
        let due: Vec<PersonId> = {
            let mut query = self.db.prepare_cached("SELECT person FROM templates WHERE expires_ms <= ?1")?;
            let rows = query.query_map([now], |row| row.get::<_, i64>(0))?;
            rows.map(|row| row.map(|id| PersonId(id.cast_unsigned()))).collect::<Result<_, _>>()?
        };
        if due.is_empty() { Ok(()) } else { self.destroy(&due, |person| AuditEvent::Expired { person }) }
    }

    fn record(&mut self, event: &AuditEvent) -> Result<(), StoreFault> {
        insert_entry(&self.db, self.clock.unix_ms(), event)
    }
}

fn insert_entry(db: &rusqlite::Connection, at_ms: i64, event: &AuditEvent) -> Result<(), StoreFault> {
    let json = serde_json::to_string(event).map_err(|_| StoreFault)?;
    db.execute("INSERT INTO attempts (at_ms, event) VALUES (?1, ?2)", params![at_ms, json])?;
    Ok(())
}

impl Store {
    /// The stored identity of a person, for their own look at it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn identity(&mut self, person: PersonId) -> Result<Identity, StoreFault> {
        let stored = self.stored_identity(person.0.cast_signed())?;
        Ok(Identity::new(
            Secret::new(stored.name.clone()),
            Secret::new(stored.number.clone()),
            stored.birth.as_deref().and_then(Date::parse),
            stored.expires.as_deref().and_then(Date::parse),
        ))
    }
}
