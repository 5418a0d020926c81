//! Pages of a person's own data, receipts, requests: carried out for the session, which sees none
//! of it.

use std::sync::Arc;

use crate::core::audit::AuditEvent;
use crate::core::command::ConsentDraft;
use crate::core::consent::AgeBand;
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::ids::{PersonId, ReceiptId, RequestId};
use crate::core::operator::Action;
use crate::core::rights::OwnFacts;
use crate::ports::{Paper, StoreFault};

use super::kiosk::{Input, Kiosk};

impl Kiosk {
    /// A consent; a guardian's with the identity of both and whoever witnessed it.
    pub(super) fn store_consent(&mut self, request: RequestId, draft: &ConsentDraft) {
        let records = &mut self.devices.records;
        let private = &mut self.private;
        let reply = match (draft.guardian, &private.guardian, &private.staff) {
            (None, ..) => records.store_consent(draft, private.identity.as_ref()).map(Reply::ConsentStored),
            (Some(_), Some(guardian), Some(witness)) => records
                .store_guardian_consent(draft, private.identity.as_ref(), guardian, witness)
                .map(|stored| stored.map_or(Reply::NotApproved, Reply::ConsentStored)),
            (Some(_), ..) => Ok(Reply::NotApproved),
        };
        if draft.guardian.is_some() {
            // The witness has done their part.
            private.staff = None;
        }
        self.reply(request, reply, Fault::StoreWrite);
    }

    /// Staff confirmed an age: by whom is known here only, and they have done their part.
    pub(super) fn age_confirmed(&mut self, age: AgeBand) {
        let by = self.private.staff.take().map(|staff| staff.id());
        let _ = self.devices.records.record(&AuditEvent::AgeConfirmed { age, by });
    }

    /// Whether this may be done: by the person always; by staff in their place if their role may, and
    /// then it goes on record who did it.
    pub(super) fn may_act_for(&mut self, action: Action) -> bool {
        let Some(staff) = &self.private.staff else { return true };
        let records = &mut self.devices.records;
        let Some(approval) = records.approve(action, std::slice::from_ref(staff)) else { return false };
        records.record(&AuditEvent::Done { action, by: approval.by().to_vec() }).is_ok()
    }

    /// A person's own data on the screen. Staff need the approval their role gives.
    pub(super) fn show_own(&mut self, request: RequestId, person: PersonId, by_staff: bool) {
        let reply = self.own_page(person, by_staff);
        self.reply(request, reply.map(|facts| facts.map_or(Reply::NotApproved, Reply::Own)), Fault::StoreRead);
    }

    fn own_page(&mut self, person: PersonId, by_staff: bool) -> Result<Option<OwnFacts>, StoreFault> {
        let records = &mut self.devices.records;
        let approval = if by_staff {
            let minor = records.age_of_person(person)? != AgeBand::Adult;
            let action = if minor { Action::OpenMinor } else { Action::OpenRecord };
            let Some(approval) = records.approve(action, self.private.staff.as_slice()) else { return Ok(None) };
            Some(approval)
        } else {
            None
        };
        let data = records.own_data(person, approval.as_ref())?;
        let facts = OwnFacts {
            standing: data.standing,
            age: data.age,
            receipt: data.consent.as_ref().map(|consent| consent.receipt),
            relation: data.consent.as_ref().and_then(|consent| consent.guardian).map(|(act, _)| act.relation),
        };
        let paper = self.devices.scribe.own(&data, self.session.screen().comfort.lang);
        self.put_paper(paper);
        Ok(Some(facts))
    }

    /// A receipt on the screen.
    pub(super) fn show_receipt(&mut self, request: RequestId, receipt: ReceiptId) {
        let lang = self.session.screen().comfort.lang;
        let records = &mut self.devices.records;
        let reply = match records.consent(receipt) {
            Ok(Some(record)) => {
                let age = record.person.and_then(|person| records.age_of_person(person).ok());
                let paper = self.devices.scribe.receipt(&record, age, lang);
                self.put_paper(paper);
                Ok(Reply::ReceiptShown)
            }
            Ok(None) | Err(StoreFault) => Err(StoreFault),
        };
        self.reply(request, reply, Fault::StoreRead);
    }

    /// Prints what is on the screen.
    pub(super) fn print(&mut self, request: RequestId) {
        let Some(paper) = self.shared.paper() else {
            return self.later(Event::Reply(request, Ok(Reply::Printed(false))));
        };
        // A printer may keep its callers waiting; the kiosk goes on.
        let (printer, to) = (self.devices.printer.clone(), self.to.clone());
        std::thread::spawn(move || {
            let printed = printer.print(&paper);
            let _ = to.send(Input::Event(Event::Reply(request, Ok(Reply::Printed(printed)))));
        });
    }

    /// Something a person asked for is done, or not.
    pub(super) fn done(&self, request: RequestId, result: Result<(), StoreFault>) {
        self.reply(request, result.map(|()| Reply::Done), Fault::StoreWrite);
    }

    fn put_paper(&self, paper: Paper) {
        self.shared.put_paper(Some(Arc::new(paper)));
    }
}
