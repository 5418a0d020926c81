//! Staff, logged in, decide about whoever stands here, and say why.

use crate::core::command::Command;
use crate::core::context::{Ctx, Pending};
use crate::core::event::{Event, Reply};
use crate::core::evidence::{Grant, judge_staff};
use crate::core::fault::Fault;
use crate::core::ids::PersonId;
use crate::core::operator::{Reason, Role};
use crate::core::screen::{Choice, Control, View};

use super::result::Outcome;
use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) struct Admit {
    role: Role,
    person: Option<PersonId>,
    /// What waits to be on record, and what follows from it.
    asked: Option<(Pending, Option<Grant>)>,
}

impl Admit {
    pub(in crate::core) fn by(role: Role, person: Option<PersonId>) -> Self {
        Self { role, person, asked: None }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        if let Some((asked, grant)) = self.asked {
            return match (asked.answer(ctx.at, event), grant) {
                (None, _) => Step::Stay,
                (Some(Ok(Reply::Recorded)), Some(grant)) => Step::Leave(Exit::Granted(grant)),
                (Some(Ok(Reply::Recorded)), None) => Step::Leave(Exit::Ended(Outcome::StaffDeclined)),
                (Some(Ok(_)), _) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
                (Some(Err(fault)), _) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        let Event::Tap(control) = event else { return Step::Stay };
        let Some(reason) = reason_of(*control) else { return Step::Stay };
        let person = self.person;
        let grant = judge_staff(self.role, reason, person).map(Grant::by_staff);
        self.asked = Some((ctx.ask(|request| Command::Decide(request, person, reason)), grant));
        Step::Stay
    }

    pub(super) fn view(&self) -> (View, Vec<Control>) {
        if self.asked.is_some() {
            return (View::Working, Vec::new());
        }
        (View::Choice { about: Choice::Admit }, REASONS.map(|(control, _)| control).to_vec())
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.asked.map(|(asked, _)| asked)
    }
}

const REASONS: [(Control, Reason); 5] = [
    (Control::SawDocument, Reason::SawDocument),
    (Control::KnowsPerson, Reason::KnowsPerson),
    (Control::AskedElsewhere, Reason::AskedElsewhere),
    (Control::NotExpected, Reason::NotExpected),
    (Control::AtTheDesk, Reason::AtTheDesk),
];

fn reason_of(control: Control) -> Option<Reason> {
    REASONS.into_iter().find(|(one, _)| *one == control).map(|(_, reason)| reason)
}
