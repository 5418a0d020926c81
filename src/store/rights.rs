//! What people may do with what is stored of them.

use rusqlite::{OptionalExtension, params};

use crate::core::audit::AuditEvent;
use crate::core::command::ConsentDraft;
use crate::core::consent::{AgeBand, Purpose};
use crate::core::evidence::Method;
use crate::core::audit::AttemptResult;
use crate::core::ids::{PersonId, ReceiptId};
use crate::core::operator::{Action, Approval, LoggedIn};
use crate::core::rights::{RequestKind, Standing, Wards, answer_by};
use crate::core::time::Date;
use crate::ports::{ConsentRecord, Identity, OwnData, RequestRecord, Rights, Secret, StoreFault};

use super::dossier::{self, Kept, Request};
use super::file::Store;
use super::seal::Column;

/// Attempts shown on a page.
const SHOWN: usize = 12;
/// Entries of the log looked through for them.
const LOOKED: i64 = 200_000;

/// When, how, with which result.
type Attempt = (i64, Method, AttemptResult);
/// What the session is told of a template: its consent, whether it is paused, from when, until when.
type TemplateRow = (i64, bool, i64, i64);

impl Rights for Store {
    fn wards(&mut self, guardian: &Identity) -> Result<Wards, StoreFault> {
        let index = self.index(b"document", guardian.number().expose().as_bytes());
        let rows: Vec<(i64, i64)> = {
            let mut query = self.db.prepare_cached(
                "SELECT g.person, t.receipt FROM guardians g JOIN templates t ON t.person = g.person WHERE g.guardian_index = ?1 ORDER BY g.person",
            )?;
            query.query_map([index], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        let mut wards = Wards::default();
        let mut slots = wards.iter_mut();
        for (person, receipt) in rows {
            // The row alone says nothing: the child's own consent must name this card.
            let consent = self.stored_consent(receipt)?;
            let named = consent.and_then(|consent| consent.guardian).is_some_and(|guardian| guardian.index == index);
            let person = PersonId(person.cast_unsigned());
            if named && self.age(person)?.needs_guardian()
                && let Some(slot) = slots.next()
            {
                *slot = Some(person);
            }
        }
        self.report_changed()?;
        Ok(wards)
    }

    fn store_guardian_consent(
        &mut self,
        draft: &ConsentDraft,
        child: Option<&Identity>,
        guardian: &Identity,
        witness: &LoggedIn,
    ) -> Result<Option<ReceiptId>, StoreFault> {
        self.insert_guardian_consent(draft, child, guardian, witness)
    }

    fn own_data(&mut self, person: PersonId, by: Option<&Approval>) -> Result<OwnData, StoreFault> {
        let row = person.0.cast_signed();
        let (identity, age) = (self.identity(person)?, self.age(person)?);
        let minor = age != AgeBand::Adult;
        if let Some(approval) = by
            && approval.action() != (if minor { Action::OpenMinor } else { Action::OpenRecord })
        {
            return Err(StoreFault);
        }
        let by = by.map(|approval| approval.by().to_vec()).unwrap_or_default();
        self.write_entry(&AuditEvent::Opened { person, minor, by })?;
        let template: Option<TemplateRow> = self
            .db
            .query_row("SELECT receipt, restricted, created_ms, expires_ms FROM templates WHERE person = ?1", [row], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
            })
            .optional()?;
        let standing = match template {
            Some((receipt, restricted, ..)) => self.template_standing(receipt, age, restricted)?.0,
            None => Standing::None,
        };
        let consent = match template {
            Some((receipt, ..)) => self.consent_record(ReceiptId(receipt.cast_unsigned()))?,
            None => None,
        };
        let (attempts, earlier) = self.attempts(person)?;
        let requests = self.all_kept::<Request>(Some(person))?.into_iter().filter_map(request_record).collect();
        let stored = template.map(|(_, _, from, until)| (from, until));
        let (name, number) = (identity.name().expose().to_owned(), identity.number().expose().to_owned());
        self.report_changed()?;
        Ok(OwnData { name: Secret::new(name), number: Secret::new(number), age, standing, stored, consent, attempts, earlier, requests })
    }

    fn age_of_person(&mut self, person: PersonId) -> Result<AgeBand, StoreFault> {
        self.age(person)
    }

    fn consent(&mut self, receipt: ReceiptId) -> Result<Option<ConsentRecord>, StoreFault> {
        self.consent_record(receipt)
    }

    fn receipt_of(&mut self, person: PersonId) -> Result<Option<ReceiptId>, StoreFault> {
        let row = person.0.cast_signed();
        let receipt: Option<i64> =
            self.db.query_row("SELECT receipt FROM templates WHERE person = ?1", [row], |r| r.get(0)).optional()?;
        Ok(receipt.map(|receipt| ReceiptId(receipt.cast_unsigned())))
    }

    fn restrict(&mut self, person: PersonId, on: bool) -> Result<(), StoreFault> {
        self.seal_template_again(person, |marks| marks.restricted = on, AuditEvent::Restricted { person, on })
    }

    fn request(&mut self, person: PersonId, kind: RequestKind) -> Result<u64, StoreFault> {
        let now = self.now();
        // Asked twice is asked once.
        let open = self.all_kept::<Request>(Some(person))?.into_iter().find(|kept| kept.ended_ms.is_none() && kept.body.kind == kind);
        if let Some(open) = open {
            return Ok(open.number);
        }
        let (device, body) = (self.device, Request { kind, answer: None });
        let mut number = 0;
        self.change_with(|tx, keys| {
            number = dossier::insert(tx, &keys.consents, device, Some(person), &body, now)?;
            Ok(vec![AuditEvent::Requested { number, person, kind }])
        })?;
        Ok(number)
    }

    fn renew(&mut self, person: PersonId, receipt: ReceiptId) -> Result<(), StoreFault> {
        let consent = self.stored_consent(receipt.0.cast_signed())?.ok_or(StoreFault)?;
        let whose: Option<i64> =
            self.db.query_row("SELECT person FROM consents WHERE id = ?1", [receipt.0.cast_signed()], |row| row.get(0))?;
        let guarded = consent.guardian.is_some() || !self.age(person)?.needs_guardian();
        if consent.purpose != Purpose::Enrol || whose != Some(person.0.cast_signed()) || !guarded {
            return Err(StoreFault);
        }
        self.seal_template_again(person, |marks| marks.receipt = receipt, AuditEvent::Renewed { person, receipt })
    }
}

impl Store {
    /// Requests nobody has answered, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open_requests(&self) -> Result<Vec<RequestRecord>, StoreFault> {
        let open = self.open_kept::<Request>()?;
        // One damaged record must not hide the others; the check of the store speaks of it.
        let kept = open.into_iter().filter_map(|(number, _)| self.kept::<Request>(number).ok().flatten());
        Ok(kept.filter_map(request_record).collect())
    }

    /// How many requests wait for an answer, and how many of them too long.
    pub(super) fn waiting(&self) -> Result<(u64, u64), StoreFault> {
        let (open, now) = (self.open_kept::<Request>()?, self.now());
        let late = open.iter().filter(|(_, made_ms)| answer_by(*made_ms) < now).count();
        Ok((open.len() as u64, late as u64))
    }

    /// Answers a request; a refusal says why. False if there is no such open request.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn answer_request(&mut self, approval: &Approval, number: u64, text: &str, refused: bool) -> Result<bool, StoreFault> {
        if approval.action() != Action::AnswerRequest || text.trim().is_empty() {
            return Err(StoreFault);
        }
        let Some(kept) = self.kept::<Request>(number)?.filter(|kept| kept.ended_ms.is_none()) else { return Ok(false) };
        let by = approval.by().to_vec();
        let body = Request { answer: Some((text.trim().to_owned(), refused, by.clone())), ..kept.body };
        let (device, now) = (self.device, self.now());
        self.change_with(|tx, keys| {
            dossier::update(tx, &keys.consents, device, number, &body)?;
            tx.execute("UPDATE dossier SET ended_ms = ?1 WHERE id = ?2", params![now, number.cast_signed()])?;
            Ok(vec![AuditEvent::Answered { number, refused, by }])
        })?;
        Ok(true)
    }

    /// Corrects name, number or dates of a person.
    ///
    /// # Errors
    /// When it could not be made durable, the number is somebody else's, or the approval is for
    /// something else.
    pub fn correct(&mut self, approval: &Approval, person: PersonId, identity: &Identity) -> Result<(), StoreFault> {
        let row = person.0.cast_signed();
        let mut stored = self.stored_identity(row)?;
        let today = self.clock.today();
        let before = stored.age(today);
        let after = identity.birth().map_or(before, |birth| AgeBand::on(Some(birth), today));
        let minor = before != AgeBand::Adult || after != AgeBand::Adult;
        let needed = if minor { Action::OpenMinor } else { Action::AnswerRequest };
        // Out of childhood by a correction: two persons.
        let grown = before.needs_guardian() && !after.needs_guardian();
        if approval.action() != needed || (grown && approval.by().len() < 2) {
            return Err(StoreFault);
        }
        identity.name().expose().clone_into(&mut stored.name);
        identity.number().expose().clone_into(&mut stored.number);
        // What is not said stays as it is.
        let birth = identity.birth().is_some_and(|day| stored.birth.replace(day.to_string()) != Some(day.to_string()));
        if let Some(day) = identity.expires() {
            stored.expires = Some(day.to_string());
        }
        let key = self.person_key(row)?.identity();
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&stored).map_err(|_| StoreFault)?);
        let sealed = self.place(Column::Identity, row).seal(&key, &plain)?;
        let index = self.index(b"document", stored.number.as_bytes());
        let by = approval.by().to_vec();
        self.change(|tx| {
            tx.execute("UPDATE people SET identity = ?1, document_index = ?2 WHERE id = ?3", params![sealed, index, row])?;
            Ok(vec![AuditEvent::Corrected { person, birth, by }])
        })
    }

    /// The newest attempts of a person, and how many came before.
    fn attempts(&self, person: PersonId) -> Result<(Vec<Attempt>, u64), StoreFault> {
        let (mut shown, mut earlier) = (Vec::new(), 0);
        self.log.each_newest(&self.db, LOOKED, |at_ms, event| {
            if let AuditEvent::Attempt { method, result, person: Some(whose), .. } = event
                && whose == person
            {
                if shown.len() < SHOWN { shown.push((at_ms, method, result)) } else { earlier += 1 }
            }
        })?;
        Ok((shown, earlier))
    }

    /// For how many days a child has been 14 or older; none while younger, or of unknown age.
    pub(super) fn of_age_for(&self, row: i64) -> Result<Option<i64>, StoreFault> {
        let stored = self.stored_identity(row)?;
        let Some(birth) = stored.birth.as_deref().and_then(Date::parse) else { return Ok(None) };
        let today = self.clock.today();
        if AgeBand::on(Some(birth), today).needs_guardian() {
            return Ok(None);
        }
        let mut day = today;
        // Back to the last day on which a guardian was needed.
        let mut past = 0;
        while past < 400 && !AgeBand::on(Some(birth), day).needs_guardian() {
            day = day.before();
            past += 1;
        }
        Ok(Some(past))
    }
}

fn request_record(kept: Kept<Request>) -> Option<RequestRecord> {
    Some(RequestRecord {
        number: kept.number,
        person: kept.person?,
        kind: kept.body.kind,
        made_ms: kept.made_ms,
        due_ms: answer_by(kept.made_ms),
        answer: kept.body.answer.map(|(text, refused, _)| (text, refused)),
    })
}
