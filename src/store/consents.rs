//! Consents: what was agreed to, when, to which notice, by whom. Pseudonyms only.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use crate::core::audit::AuditEvent;
use crate::core::command::ConsentDraft;
use crate::core::consent::{AgeBand, Purpose};
use crate::core::guardian::GuardianDraft;
use crate::core::ids::{OperatorId, PersonId, ReceiptId};
use crate::core::operator::{Action, LoggedIn};
use crate::core::retention::{Kind, end_ms};
use crate::core::rights::{Standing, standing};
use crate::ports::{ConsentRecord, Identity, StoreFault};

use super::audit::{Mark, hex};
use super::error::StoreError;
use super::file::{Store, StoreKeys};
use super::seal::{Column, Place};

/// How a consent lies in its sealed column.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredConsent {
    pub(super) purpose: Purpose,
    pub(super) lang: String,
    /// SHA-256 of the notice shown; empty if it was on paper.
    pub(super) notice: String,
    pub(super) shown_ms: u64,
    /// "screen" or "paper".
    pub(super) means: String,
    /// Number of the notice; 0 if it was on paper.
    #[serde(default)]
    pub(super) version: u64,
    /// Goes up with each material change of the notice.
    #[serde(default)]
    pub(super) generation: u64,
    /// How long a template may be kept under it. Units: days.
    #[serde(default)]
    pub(super) days: u32,
    #[serde(default)]
    pub(super) guardian: Option<StoredGuardian>,
    /// Keyed hash of the document number of whoever it is about, where a card was read.
    #[serde(default)]
    pub(super) subject: Option<[u8; 16]>,
    /// A child's own yes: the guardian's consent it rests on.
    #[serde(default)]
    pub(super) standing: Option<ReceiptId>,
}

/// The guardian's part of it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredGuardian {
    #[serde(flatten)]
    pub(super) act: GuardianDraft,
    pub(super) witness: OperatorId,
    /// Keyed hash of the guardian's document number: says who they are to nobody without the key.
    pub(super) index: [u8; 16],
}

/// Puts a consent into the caller's transaction.
pub(super) fn insert(
    tx: &Connection,
    keys: &StoreKeys,
    device: [u8; 16],
    person: Option<i64>,
    consent: &StoredConsent,
    now: i64,
) -> Result<ReceiptId, StoreFault> {
    let plain = serde_json::to_vec(consent).map_err(|_| StoreFault)?;
    tx.prepare_cached("INSERT INTO consents (person, body, given_ms) VALUES (?1, x'', ?2)")?.execute(params![person, now])?;
    let row = tx.last_insert_rowid();
    let place = Place { device, column: Column::Consent, row, epoch: 0 };
    let sealed = place.seal(&keys.consents, &plain)?;
    tx.prepare_cached("UPDATE consents SET body = ?1 WHERE id = ?2")?.execute(params![sealed, row])?;
    Ok(ReceiptId(row.cast_unsigned()))
}

impl Store {
    /// Puts a consent given on paper on record, for enrolment at the command line.
    ///
    /// # Errors
    /// When it could not be stored.
    pub fn store_paper_consent(&mut self, identity: &Identity) -> Result<ReceiptId, StoreError> {
        let draft = ConsentDraft {
            purpose: Purpose::Enrol,
            person: None,
            lang: crate::core::screen::Lang::ZhCn,
            shown_ms: 0,
            guardian: None,
            standing: None,
        };
        // What the paper said is on the paper: the screen's notice was not shown.
        self.insert_consent(&draft, Some(identity), "paper", None)
            .map_err(|_| StoreError::Io(self.path.clone(), "the consent was not stored".into()))
    }

    pub(super) fn insert_consent(
        &mut self,
        draft: &ConsentDraft,
        identity: Option<&Identity>,
        means: &str,
        guardian: Option<StoredGuardian>,
    ) -> Result<ReceiptId, StoreFault> {
        let person: Option<i64> = match (identity, draft.person) {
            (Some(identity), _) => {
                let index = self.index(b"document", identity.number().expose().as_bytes());
                self.db.query_row("SELECT id FROM people WHERE document_index = ?1", [index], |r| r.get(0)).optional()?
            }
            (None, person) => person.map(|person| person.0.cast_signed()),
        };
        let shown = means == "screen";
        let notice = self.watched.notice.clone().unwrap_or_default();
        let stored = StoredConsent {
            purpose: draft.purpose,
            lang: draft.lang.tag().to_owned(),
            notice: if shown { notice.hash } else { String::new() },
            shown_ms: draft.shown_ms,
            means: means.to_owned(),
            version: if shown { notice.version } else { 0 },
            generation: notice.generation,
            days: self.retention_days,
            guardian,
            subject: identity.map(|identity| self.index(b"document", identity.number().expose().as_bytes())),
            standing: draft.standing,
        };
        let now = self.now();
        let Self { db, log, keys, device, .. } = self;
        let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
        let receipt = insert(&tx, keys, *device, person, &stored, now)?;
        // That it was given is in the log too: a record taken away is missed.
        let mark: Mark = log.append(&tx, now, &AuditEvent::Consented { receipt, purpose: draft.purpose })?;
        tx.commit()?;
        log.committed(mark);
        Ok(receipt)
    }

    /// As [`crate::ports::Rights::store_guardian_consent`].
    pub(super) fn insert_guardian_consent(
        &mut self,
        draft: &ConsentDraft,
        child: Option<&Identity>,
        guardian: &Identity,
        witness: &LoggedIn,
    ) -> Result<Option<ReceiptId>, StoreFault> {
        let who = LoggedIn::checked(witness.id(), witness.role());
        let Ok(approval) = self.approval(Action::Witness, &[who]) else { return Ok(None) };
        let (Some(act), Some(witness)) = (draft.guardian, approval.by().first().copied()) else { return Ok(None) };
        let today = self.clock.today();
        let adult = AgeBand::on(guardian.birth(), today) == AgeBand::Adult;
        let index = self.index(b"document", guardian.number().expose().as_bytes());
        let expired = guardian.expires().is_some_and(|end| end < today);
        let same = child.is_some_and(|child| child.number().expose() == guardian.number().expose());
        // The session looked at all this; the store does not take its word for it.
        if !adult || expired || same || !act.relation.shown_by().contains(&act.evidence) {
            return Ok(None);
        }
        self.insert_consent(draft, child, "screen", Some(StoredGuardian { act, witness, index })).map(Some)
    }

    /// A consent as it lies there.
    pub(super) fn stored_consent(&self, row: i64) -> Result<Option<StoredConsent>, StoreFault> {
        let body: Option<Vec<u8>> =
            self.db.prepare_cached("SELECT body FROM consents WHERE id = ?1")?.query_row([row], |r| r.get(0)).optional()?;
        let Some(body) = body else { return Ok(None) };
        let plain = self.unseal(self.place(Column::Consent, row), &self.keys.consents, &body)?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| StoreFault)
    }

    /// What a template may be used for, and the guardian's receipt it rests on.
    pub(super) fn template_standing(&self, receipt: i64, age: AgeBand, restricted: bool) -> Result<(Standing, Option<ReceiptId>), StoreFault> {
        let consent = self.stored_consent(receipt)?.ok_or(StoreFault)?;
        let in_force = self.watched.notice.as_ref().is_none_or(|notice| notice.generation == consent.generation);
        let by_guardian = consent.guardian.is_some();
        let guardian = by_guardian.then_some(ReceiptId(receipt.cast_unsigned()));
        Ok((standing(age, by_guardian, in_force && consent.purpose == Purpose::Enrol, restricted), guardian))
    }

    /// As [`crate::ports::Rights::consent`].
    pub(super) fn consent_record(&mut self, receipt: ReceiptId) -> Result<Option<ConsentRecord>, StoreFault> {
        let row = receipt.0.cast_signed();
        let times: Option<(Option<i64>, i64, Option<i64>)> = self
            .db
            .query_row("SELECT person, given_ms, ended_ms FROM consents WHERE id = ?1", [row], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        let (Some((person, given_ms, ended_ms)), Some(consent)) = (times, self.stored_consent(row)?) else { return Ok(None) };
        let until_ms = (consent.purpose == Purpose::Enrol).then(|| end_ms(Kind::Person, consent.days, given_ms));
        Ok(Some(ConsentRecord {
            receipt,
            device: hex(&self.device),
            person: person.map(|row| PersonId(row.cast_unsigned())),
            purpose: consent.purpose,
            lang: consent.lang,
            notice: (consent.version, consent.notice),
            on_paper: consent.means != "screen",
            given_ms,
            until_ms,
            ended_ms,
            guardian: consent.guardian.map(|guardian| (guardian.act, guardian.witness)),
        }))
    }

    /// How many consents to keep a template are in force, and how many of them a guardian gave.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn consents_in_force(&self) -> Result<(u64, u64), StoreFault> {
        let count = |sql: &str| self.db.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned);
        Ok((count("SELECT count(*) FROM templates")?, count("SELECT count(*) FROM guardians")?))
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<StoredConsent>(bytes);
}
