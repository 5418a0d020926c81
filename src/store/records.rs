//! What a session asks of the store.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use zeroize::Zeroizing;

use crate::core::audit::AuditEvent;
use crate::core::command::{ConsentDraft, EnrolOrder};
use crate::core::consent::Purpose;
use crate::core::event::KnownPerson;
use crate::core::evidence::Method;
use crate::core::ids::{PersonId, ReceiptId};
use crate::core::retention::{DAY_MS, Kind, end_ms};
use crate::ports::{ClaimNumber, DIMENSION, Embedding, Identity, Records, StoreFault, Template};

use super::audit::{AuditLog, Mark};
use super::error::StoreError;
use super::file::{Store, StoreKeys};
use super::keys::Epoch;
use super::people::{MARKS, Marks, StoredIdentity};
use super::person_key::PersonKey;
use super::seal::{Column, Place, Unsealable};
use super::spool::{SPOOL, Spool};

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

impl From<StoreError> for StoreFault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "keys");
        Self
    }
}

/// Everything that is stored when a person enrols.
pub(super) struct NewPerson<'a> {
    pub(super) device: [u8; 16],
    pub(super) now: i64,
    pub(super) expires: i64,
    pub(super) document_index: [u8; 16],
    pub(super) claim_index: [u8; 16],
    pub(super) stored: StoredIdentity,
    pub(super) template: &'a Embedding,
    pub(super) order: &'a EnrolOrder,
    /// Keyed hash of the guardian's document number, if a guardian agreed.
    pub(super) guardian: Option<[u8; 16]>,
}

impl NewPerson<'_> {
    pub(super) fn insert(
        self,
        tx: &Connection,
        keys: &StoreKeys,
        epoch: &Epoch,
        log: &mut AuditLog,
        last: Mark,
    ) -> Result<(PersonId, Mark), StoreFault> {
        tx.prepare_cached("INSERT INTO people (document_index, claim_index, identity, created_ms) VALUES (?1, ?2, x'', ?3)")?
            .execute(params![self.document_index, self.claim_index, self.now])?;
        let row = tx.last_insert_rowid();
        let sealed = self.seal(tx, keys, epoch, row)?;
        let receipt = self.order.receipt.0.cast_signed();
        tx.prepare_cached(
            "INSERT INTO templates (person, receipt, model, template, created_ms, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![row, receipt, self.template.model(), sealed, self.now, self.expires])?;
        // From now on the consent is this person's.
        tx.prepare_cached("UPDATE consents SET person = ?1, ended_ms = NULL WHERE id = ?2")?.execute(params![row, receipt])?;
        if let Some(index) = self.guardian {
            tx.execute("INSERT INTO guardians (person, guardian_index) VALUES (?1, ?2)", params![row, index])?;
        }
        let person = PersonId(row.cast_unsigned());
        let entry = AuditEvent::Enrolled { person, receipt: self.order.receipt, policy: self.order.policy };
        let mark = log.append_after(tx, last, self.now, &entry)?;
        Ok((person, mark))
    }

    /// Seals identity and template under a new data key, and the data key under the epoch.
    fn seal(&self, tx: &Connection, keys: &StoreKeys, epoch: &Epoch, row: i64) -> Result<Vec<u8>, StoreFault> {
        let key = PersonKey::random()?;
        let place = |column, epoch| Place { device: self.device, column, row, epoch };
        let plain = Zeroizing::new(serde_json::to_vec(&self.stored).map_err(|_| StoreFault)?);
        let identity = place(Column::Identity, 0).seal(&key.identity(), &plain)?;
        let wrapped = place(Column::PersonKey, epoch.number).seal(&epoch.key, key.bytes())?;
        tx.prepare_cached("UPDATE people SET identity = ?1 WHERE id = ?2")?.execute(params![identity, row])?;
        tx.prepare_cached("INSERT INTO person_keys (person, wrapped) VALUES (?1, ?2)")?.execute(params![row, wrapped])?;
        let template = Template::protect(self.template, key.transform(&keys.transform));
        let mut plain = Zeroizing::new([0_u8; MARKS + DIMENSION * 4]);
        let marks = Marks { expires: self.expires, model: template.model(), receipt: self.order.receipt, restricted: false };
        plain[..MARKS].copy_from_slice(&marks.bytes());
        for (bytes, value) in plain[MARKS..].chunks_exact_mut(4).zip(template.values()) {
            bytes.copy_from_slice(&value.to_le_bytes());
        }
        Ok(place(Column::Template, 0).seal(&key.template(), &*plain)?)
    }
}

impl Records for Store {
    fn find_claim(&mut self, claim: &ClaimNumber) -> Result<Option<KnownPerson>, StoreFault> {
        let index = self.index(b"claim", claim.expose());
        self.known("claim_index", index)
    }

    fn find_identity(&mut self, identity: &Identity) -> Result<Option<KnownPerson>, StoreFault> {
        let index = self.index(b"document", identity.number().expose().as_bytes());
        self.known("document_index", index)
    }

    fn template(&mut self, person: PersonId) -> Result<Option<Template>, StoreFault> {
        let now = self.now();
        let expires: Option<i64> =
            self.db.query_row("SELECT expires_ms FROM templates WHERE person = ?1", [person.0.cast_signed()], |r| r.get(0)).optional()?;
        let _ = self.expire();
        if expires.is_none_or(|expires| expires <= now) {
            return Ok(None);
        }
        let row = person.0.cast_signed();
        let template = self.live_template(row);
        self.report_changed()?;
        template
    }

    fn store_consent(&mut self, draft: &ConsentDraft, identity: Option<&Identity>) -> Result<ReceiptId, StoreFault> {
        // A guardian's word comes with guardian and witness, or not at all.
        if draft.guardian.is_some() {
            return Err(StoreFault);
        }
        self.insert_consent(draft, identity, "screen", None)
    }

    fn enrol(
        &mut self,
        order: &EnrolOrder,
        identity: &Identity,
        claim: &ClaimNumber,
        template: &Embedding,
    ) -> Result<PersonId, StoreFault> {
        let now = self.now();
        let consent = self.stored_consent(order.receipt.0.cast_signed())?.ok_or(StoreFault)?;
        let generation = self.watched.notice.as_ref().map_or(consent.generation, |notice| notice.generation);
        let document = self.index(b"document", identity.number().expose().as_bytes());
        let theirs = consent.subject.is_none_or(|subject| subject == document);
        let fits = consent.purpose == Purpose::Enrol && consent.generation == generation && theirs;
        let guardian = consent.guardian.map(|guardian| guardian.index);
        if self.watched.filing.terminated.is_some() || !fits {
            return Err(StoreFault);
        }
        let row = NewPerson {
            device: self.device,
            now,
            expires: end_ms(Kind::Person, self.retention_days, now),
            document_index: self.index(b"document", identity.number().expose().as_bytes()),
            claim_index: self.index(b"claim", claim.expose()),
            stored: StoredIdentity {
                name: identity.name().expose().to_owned(),
                number: identity.number().expose().to_owned(),
                birth: identity.birth().map(|d| d.to_string()),
                expires: identity.expires().map(|d| d.to_string()),
                claim: String::from_utf8_lossy(claim.expose()).into_owned(),
                confirmed: order.age,
            },
            template,
            order,
            guardian,
        };
        // The session looked at it; the store does not take its word for it.
        if row.stored.age(self.clock.today()).needs_guardian() && guardian.is_none() {
            return Err(StoreFault);
        }
        // Somebody enrolling again is destroyed and made anew, in one: new row, new key, new
        // transform, and the epoch that could open the old ones goes.
        let person = if let Some(before) = self.find_identity(identity)? {
            let replaced = |person| AuditEvent::Replaced { person };
            self.destroy_and(&[before.person], replaced, |tx, keys, epoch, log, mark| row.insert(tx, keys, epoch, log, mark))?
        } else {
            let Self { db, log, keys, .. } = self;
            let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
            let last = log.last();
            let (person, mark) = row.insert(&tx, keys, &keys.epoch, log, last)?;
            tx.commit()?;
            log.committed(mark);
            person
        };
        // The person is stored: what follows must not say that they are not.
        let _ = self.index_person(person);
        let _ = self.count_for_filing();
        Ok(person)
    }

    fn erase(&mut self, person: PersonId) -> Result<(), StoreFault> {
        self.destroy(&[person], |person| AuditEvent::Withdrawn { person })
    }

    fn expire(&mut self) -> Result<(), StoreFault> {
        let now = self.now();
        let due: Vec<PersonId> = {
            // A notice that came into force later may promise less time than the one of their day.
            let days = self.watched.notice.as_ref().map_or(u32::MAX, |notice| notice.matter.retention_days);
            let promised = if days == 0 { i64::MIN } else { now.saturating_sub(i64::from(days).saturating_mul(DAY_MS)) };
            let mut query = self.db.prepare_cached("SELECT person FROM templates WHERE expires_ms <= ?1 OR created_ms <= ?2")?;
            let rows = query.query_map([now, promised], |row| row.get::<_, i64>(0))?;
            rows.map(|row| row.map(|id| PersonId(id.cast_unsigned()))).collect::<Result<_, _>>()?
        };
        if due.is_empty() { Ok(()) } else { self.destroy(&due, |person| AuditEvent::Expired { person }) }
    }

    fn record(&mut self, event: &AuditEvent) -> Result<(), StoreFault> {
        let AuditEvent::Attempt { method: Method::Card, result, policy, .. } = event else { return self.write_entry(event) };
        // A disk that refuses must not close the card way: what happened is kept as while the
        // store is closed, and taken in at the next start.
        self.write_entry(event).or_else(|StoreFault| {
            let spool = self.spare.get_or_insert_with(|| Spool::at(self.path.with_file_name(SPOOL)));
            spool.record(&AuditEvent::Attempt { method: Method::Card, result: *result, person: None, policy: *policy })
        })
    }
}
