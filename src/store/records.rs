//! People, templates, consents and the record of what was done.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::core::audit::AuditEvent;
use crate::core::command::ConsentDraft;
use crate::core::consent::{AgeBand, Purpose};
use crate::core::event::KnownPerson;
use crate::core::ids::{PersonId, ReceiptId};
use crate::core::time::Date;
use crate::ports::{ClaimNumber, DIMENSION, Embedding, Identity, ModelTag, Records, Secret, StoreFault};

use super::error::StoreError;
use super::file::Store;
use super::seal::{Column, Place, Unsealable};

const DAY_MS: i64 = 86_400_000;

/// How an identity lies in its sealed column.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
struct StoredIdentity {
    name: String,
    number: String,
    birth: Option<String>,
    expires: Option<String>,
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
        let row = person.0.cast_signed();
        let blob: Vec<u8> = self.db.query_row("SELECT identity FROM people WHERE id = ?1", [row], |r| r.get(0))?;
        let plain = self.place(Column::Identity, row).open(&self.identity_key, &blob)?;
        let stored: StoredIdentity = serde_json::from_slice(&plain).map_err(|_| StoreFault)?;
        Ok(AgeBand::on(stored.birth.as_deref().and_then(Date::parse), self.clock.today()))
    }

    /// Puts a consent given on paper on record, for enrolment at the command line.
    ///
    /// # Errors
    /// When it could not be stored.
    pub fn store_paper_consent(&mut self, identity: &Identity) -> Result<ReceiptId, StoreError> {
        let draft =
            ConsentDraft { purpose: Purpose::Enrol, person: None, lang: crate::core::screen::Lang::ZhCn, shown_ms: 0 };
        self.insert_consent(&draft, Some(identity), "paper")
            .map_err(|_| StoreError::Io(self.path.clone(), "the consent was not stored".into()))
    }

    fn place(&self, column: Column, row: i64) -> Place {
        Place { device: self.device, column, row }
    }

    fn known(&self, column: &str, index: [u8; 16]) -> Result<Option<KnownPerson>, StoreFault> {
        let sql = format!(
            "SELECT p.id, t.expires_ms FROM people p LEFT JOIN templates t ON t.person = p.id WHERE p.{column} = ?1"
        );
        let row: Option<(i64, Option<i64>)> =
            self.db.query_row(&sql, [index], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((id, expires)) = row else { return Ok(None) };
        let person = PersonId(id.cast_unsigned());
        let has_template = expires.is_some_and(|end| end > self.clock.unix_ms());
        Ok(Some(KnownPerson { person, age: self.age(person)?, has_template }))
    }

    fn insert_consent(
        &mut self,
        draft: &ConsentDraft,
        identity: Option<&Identity>,
        means: &str,
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
                self.notice,
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
        self.purge_expired()?;
        let row: Option<(i64, Vec<u8>, ModelTag)> = self
            .db
            .query_row(
                "SELECT id, template, model FROM templates WHERE person = ?1",
                [person.0.cast_signed()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let Some((row, blob, model)) = row else { return Ok(None) };
        let plain = self.place(Column::Template, row).open(&self.template_key, &blob)?;
        let mut values = Zeroizing::new([0.0_f32; DIMENSION]);
        if plain.len() != DIMENSION * 4 {
            return Err(StoreFault);
        }
        for (value, bytes) in values.iter_mut().zip(plain.chunks_exact(4)) {
            *value = f32::from_le_bytes(bytes.try_into().map_err(|_| StoreFault)?);
        }
        Embedding::new(model, &values).map(Some).ok_or(StoreFault)
    }

    fn store_consent(&mut self, draft: &ConsentDraft, identity: Option<&Identity>) -> Result<ReceiptId, StoreFault> {
        self.insert_consent(draft, identity, "screen")
    }

    fn enrol(
        &mut self,
        receipt: ReceiptId,
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
        };
        let plain = Zeroizing::new(serde_json::to_vec(&stored).map_err(|_| StoreFault)?);
        let mut numbers = Zeroizing::new([0_u8; DIMENSION * 4]);
        for (bytes, value) in numbers.chunks_exact_mut(4).zip(template.values()) {
            bytes.copy_from_slice(&value.to_le_bytes());
        }
        let place = |column, row| Place { device: self.device, column, row };
        let tx = Transaction::new(&mut self.db, TransactionBehavior::Immediate)?;
        // A person enrolling again gets a new row: nothing of the old one is carried over.
        tx.execute("DELETE FROM people WHERE pseudonym = ?1", [pseudonym])?;
        tx.execute(
            "INSERT INTO people (pseudonym, claim_index, identity, created_ms) VALUES (?1, ?2, x'', ?3)",
            params![pseudonym, claim_index, now],
        )?;
        let person = tx.last_insert_rowid();
        let sealed = place(Column::Identity, person).seal(&self.identity_key, &plain)?;
        tx.execute("UPDATE people SET identity = ?1 WHERE id = ?2", params![sealed, person])?;
        tx.execute(
            "INSERT INTO templates (person, receipt, model, template, created_ms, expires_ms)
             VALUES (?1, ?2, ?3, x'', ?4, ?5)",
            params![person, receipt.0.cast_signed(), template.model(), now, expires],
        )?;
        let row = tx.last_insert_rowid();
        let sealed = place(Column::Template, row).seal(&self.template_key, &*numbers)?;
        tx.execute("UPDATE templates SET template = ?1 WHERE id = ?2", params![sealed, row])?;
        tx.commit()?;
        Ok(PersonId(person.cast_unsigned()))
    }

    fn erase(&mut self, person: PersonId) -> Result<(), StoreFault> {
        let row = person.0.cast_signed();
        let now = self.clock.unix_ms();
        let tx = Transaction::new(&mut self.db, TransactionBehavior::Immediate)?;
        tx.execute(
            "UPDATE consents SET ended_ms = ?1 WHERE ended_ms IS NULL
             AND pseudonym = (SELECT pseudonym FROM people WHERE id = ?2)",
            params![now, row],
        )?;
        tx.execute("DELETE FROM people WHERE id = ?1", [row])?;
        tx.commit()?;
        // What was deleted must not stay behind in the write-ahead log. A reader in another
        // process may hold it open; then the next checkpoint does it.
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }

    fn record(&mut self, event: &AuditEvent) -> Result<(), StoreFault> {
        let json = serde_json::to_string(event).map_err(|_| StoreFault)?;
        self.db.execute("INSERT INTO attempts (at_ms, event) VALUES (?1, ?2)", params![self.clock.unix_ms(), json])?;
        Ok(())
    }
}

/// A sealed identity, opened again. For tests that nothing is lost on the way.
impl Store {
    /// The stored identity of a person.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn identity(&mut self, person: PersonId) -> Result<Identity, StoreFault> {
        let row = person.0.cast_signed();
        let blob: Vec<u8> = self.db.query_row("SELECT identity FROM people WHERE id = ?1", [row], |r| r.get(0))?;
        let plain = self.place(Column::Identity, row).open(&self.identity_key, &blob)?;
        let stored: StoredIdentity = serde_json::from_slice(&plain).map_err(|_| StoreFault)?;
        Ok(Identity::new(
            Secret::new(stored.name.clone()),
            Secret::new(stored.number.clone()),
            stored.birth.as_deref().and_then(Date::parse),
            stored.expires.as_deref().and_then(Date::parse),
        ))
    }
}
