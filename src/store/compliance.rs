//! What the device keeps of its own lawfulness: assessment, incidents, filing, termination.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::core::assessment::Signed;
use crate::core::audit::AuditEvent;
use crate::core::consent::AgeBand;
use crate::core::filing::{Filing, Passed};
use crate::core::ids::PersonId;
use crate::core::operator::{Action, Approval};
use crate::core::readiness::StoreFacts;
use crate::core::time::Date;
use crate::ports::StoreFault;

use super::audit::hex;
use super::dossier::{self, AssessmentForm, Incident, Kept};
use super::file::Store;

/// What a termination destroyed, for its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Destroyed {
    /// How many people's data.
    pub count: u64,
    /// The newest log entry afterwards, and its place in the chain.
    pub head: (u64, String),
}

impl Store {
    /// What readiness asks.
    pub(super) fn store_facts(&self) -> StoreFacts {
        StoreFacts {
            operators: self.has_operators(),
            policy_approved: self.watched.policy.as_deref() == Some(&self.seen.policy),
            assessment: self.watched.assessment.clone(),
            incident: self.watched.incident,
            notice_waits: self.notice_waits(),
            terminated: self.watched.filing.terminated.is_some(),
        }
    }

    /// Signs an assessment: it is kept, and the face way rests on it.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn sign_assessment(&mut self, approval: &Approval, form: &AssessmentForm) -> Result<Signed, StoreFault> {
        let (Action::SignAssessment, Some(by)) = (approval.action(), approval.by().first().copied()) else { return Err(StoreFault) };
        let hash = hex(&Sha256::digest(serde_json::to_vec(form).map_err(|_| StoreFault)?));
        let signed = Signed { subject: form.subject.clone(), hash: hash.clone(), on: self.clock.today(), by };
        let before = self.all_kept::<AssessmentForm>(None)?.into_iter().filter(|kept| kept.ended_ms.is_none());
        let before: Vec<i64> = before.map(|kept| kept.number.cast_signed()).collect();
        let (device, key, now) = (self.device, self.keys.consents.clone(), self.now());
        // After an incident the same answers say that nobody looked.
        let same = self.assessment()?.is_some_and(|(old, _)| old.answers == form.answers);
        if self.watched.incident && same {
            return Err(StoreFault);
        }
        let mut after = self.watched.clone();
        // A changed purpose or method is a filed matter too.
        if after.assessment.as_ref().is_some_and(|old| !signed.subject.changed_since(&old.subject).is_empty()) {
            after.filing.matter_changed(self.clock.today());
        }
        after.assessment = Some(signed.clone());
        after.incident = false;
        self.change_watched(after, |tx| {
            for old in before {
                tx.execute("UPDATE dossier SET ended_ms = ?1 WHERE id = ?2", rusqlite::params![now, old])?;
            }
            dossier::insert(tx, &key, device, None, form, now)?;
            Ok(((), vec![AuditEvent::Assessed { hash, by }]))
        })?;
        Ok(signed)
    }

    /// The assessment in force: the form, and by whom and when it was signed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn assessment(&self) -> Result<Option<(AssessmentForm, Signed)>, StoreFault> {
        let form = self.all_kept::<AssessmentForm>(None)?.into_iter().find(|kept| kept.ended_ms.is_none());
        Ok(form.map(|kept| kept.body).zip(self.watched.assessment.clone()))
    }

    /// Opens an incident. Everybody stored counts as affected.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn open_incident(&mut self, approval: &Approval, mut incident: Incident) -> Result<u64, StoreFault> {
        if approval.action() != Action::ManageIncident {
            return Err(StoreFault);
        }
        for line in self.people().map_err(|_| StoreFault)? {
            incident.affected.push(PersonId(line.id));
            if line.age != AgeBand::Adult {
                incident.minors.push(PersonId(line.id));
            }
        }
        let (device, key, now) = (self.device, self.keys.consents.clone(), self.now());
        let mut after = self.watched.clone();
        let (drill, major) = (incident.drill, incident.major);
        after.incident |= major && !drill;
        self.change_watched(after, |tx| {
            let number = dossier::insert(tx, &key, device, None, &incident, now)?;
            Ok((number, vec![AuditEvent::IncidentOpened { number, drill, major }]))
        })
    }

    /// Closes an incident. The face way stays closed after a major one until the assessment is
    /// made anew. False if there is no such open incident.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn close_incident(&mut self, approval: &Approval, number: u64) -> Result<bool, StoreFault> {
        if approval.action() != Action::ManageIncident {
            return Err(StoreFault);
        }
        if self.incident(number)?.is_none_or(|kept| kept.ended_ms.is_some()) {
            return Ok(false);
        }
        let now = self.now();
        self.change(|tx| {
            tx.execute("UPDATE dossier SET ended_ms = ?1 WHERE id = ?2", rusqlite::params![now, number.cast_signed()])?;
            Ok(vec![AuditEvent::IncidentClosed { number }])
        })?;
        Ok(true)
    }

    /// One incident.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn incident(&self, number: u64) -> Result<Option<Kept<Incident>>, StoreFault> {
        self.kept(number)
    }

    /// All incidents, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn incidents(&self) -> Result<Vec<Kept<Incident>>, StoreFault> {
        self.all_kept(None)
    }

    /// What is known of the filing.
    #[must_use]
    pub fn filing(&self) -> &Filing {
        &self.watched.filing
    }

    /// The filing, or its change, was made.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn filed(&mut self, approval: &Approval, number: &str, on: Date) -> Result<(), StoreFault> {
        if approval.action() != Action::ManageFiling {
            return Err(StoreFault);
        }
        let mut after = self.watched.clone();
        if number.trim().is_empty() || on > self.clock.today() {
            return Err(StoreFault);
        }
        after.filing.file(number.trim(), on);
        self.change_watched(after, |_| Ok(((), vec![AuditEvent::Filed])))
    }

    /// How many people are on the processor's other devices, by a merge of sketches.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn counted_elsewhere(&mut self, approval: &Approval, count: u64) -> Result<(), StoreFault> {
        if approval.action() != Action::ManageFiling {
            return Err(StoreFault);
        }
        let mut after = self.watched.clone();
        after.filing.elsewhere = count;
        self.change_watched(after, |_| Ok(((), vec![AuditEvent::Done { action: Action::ManageFiling, by: approval.by().to_vec() }])))?;
        self.count_for_filing()
    }

    /// Notes the day 100,000 are reached.
    pub(super) fn count_for_filing(&mut self) -> Result<(), StoreFault> {
        if self.watched.filing.reached.is_some() {
            return Ok(());
        }
        let people: i64 = self.db.query_row("SELECT count(*) FROM people", [], |row| row.get(0))?;
        let mut after = self.watched.clone();
        let entry = match after.filing.count(people.cast_unsigned(), self.clock.today()) {
            None => return Ok(()),
            Some(Passed::Near(persons)) => AuditEvent::FilingNear { persons },
            Some(Passed::Due) => AuditEvent::FilingReached,
        };
        self.change_watched(after, |_| Ok(((), vec![entry])))
    }

    /// Destroys everybody's face data and ends the face way of this device for good. Consents,
    /// records and assessments stay as long as the law says.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn terminate(&mut self, approval: &Approval) -> Result<Destroyed, StoreFault> {
        if approval.action() != Action::Terminate {
            return Err(StoreFault);
        }
        // Once: the day it happened is the day the period counts from.
        if self.watched.filing.terminated.is_some() && self.people().is_ok_and(|people| people.is_empty()) {
            return Err(StoreFault);
        }
        // Closed first: nobody is added while others are destroyed.
        let mut after = self.watched.clone();
        after.filing.terminated = after.filing.terminated.or(Some(self.clock.today()));
        self.change_watched(after, |_| Ok(((), Vec::new())))?;
        let count = self.erase_everybody()?;
        let by = approval.by().to_vec();
        self.change(|_| Ok(vec![AuditEvent::Terminated { count }, AuditEvent::Done { action: Action::Terminate, by }]))?;
        Ok(Destroyed { count, head: self.log_head() })
    }

    /// The records of processing, oldest first: time and event, of a period. That they were taken
    /// out goes on record first.
    ///
    /// # Errors
    /// When the store cannot be read, or the approval is for something else.
    pub fn processing_records(&mut self, approval: &Approval, from_ms: i64) -> Result<Vec<(i64, AuditEvent)>, StoreFault> {
        self.looked(approval)?;
        let mut records = Vec::new();
        self.log.each_newest(&self.db, i64::MAX, |at_ms, event| {
            if at_ms >= from_ms {
                records.push((at_ms, event));
            }
        })?;
        records.reverse();
        Ok(records)
    }

    /// Puts a look at the device's papers on record.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn looked(&mut self, approval: &Approval) -> Result<(), StoreFault> {
        if !matches!(approval.action(), Action::SeeCompliance | Action::ManageFiling | Action::ManageIncident) {
            return Err(StoreFault);
        }
        self.write_entry(&AuditEvent::Done { action: approval.action(), by: approval.by().to_vec() })
    }
}
