//! One's own data: seen, copied, paused, corrected, deleted. By card or staff, never by face.

use crate::core::command::Command;
use crate::core::context::{Ctx, Pending};
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::ids::PersonId;
use crate::core::rights::{OwnFacts, RequestKind, Standing};
use crate::core::screen::{Control, View};

use super::result::Outcome;
use super::{Exit, Step};

/// What is awaited.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Page,
    Change,
    Print,
}

#[derive(Debug)]
pub(in crate::core) struct MyData {
    /// The person, if they are stored, then the children under their care.
    people: Vec<PersonId>,
    /// How many of the people are the person themselves: the rest are wards.
    own: usize,
    at: usize,
    by_staff: bool,
    asked: Option<(Pending, Asked)>,
    facts: Option<OwnFacts>,
    printed: Option<bool>,
}

impl MyData {
    /// Shows the first page. There is at least one person.
    pub(in crate::core) fn enter(own: Option<PersonId>, wards: &[PersonId], by_staff: bool, ctx: &mut Ctx) -> Option<Self> {
        let people: Vec<PersonId> = own.into_iter().chain(wards.iter().copied()).collect();
        let first = *people.first()?;
        let asked = ctx.ask(|request| Command::ShowOwn(request, first, by_staff));
        let own = usize::from(own.is_some());
        Some(Self { people, own, at: 0, by_staff, asked: Some((asked, Asked::Page)), facts: None, printed: None })
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        let Some(person) = self.people.get(self.at).copied() else { return Step::Leave(Exit::Ended(Outcome::NothingKnown)) };
        if let Some((pending, what)) = self.asked {
            let Some(answer) = pending.answer(ctx.at, event) else { return Step::Stay };
            self.asked = None;
            return match (what, answer) {
                (Asked::Page, Ok(Reply::Own(facts))) => {
                    self.facts = Some(facts);
                    Step::Stay
                }
                (Asked::Change, Ok(Reply::Done)) => {
                    self.show(person, ctx);
                    Step::Stay
                }
                (Asked::Print, Ok(Reply::Printed(done))) => {
                    self.printed = Some(done);
                    Step::Stay
                }
                (_, Ok(Reply::NotApproved)) => Step::Leave(Exit::Ended(Outcome::MinorNeedsApproval)),
                (Asked::Page, Ok(_)) => Step::Leave(Exit::Faulted(Fault::StoreRead)),
                (Asked::Change | Asked::Print, Ok(_)) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
                (_, Err(fault)) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        let Event::Tap(control) = event else { return Step::Stay };
        match control {
            Control::Restrict => self.change(ctx, |request| Command::Restrict(request, person, true)),
            Control::Unrestrict if self.by_staff => {}
            Control::Unrestrict => self.change(ctx, |request| Command::Restrict(request, person, false)),
            Control::AskCorrection => self.change(ctx, |request| Command::File(request, person, RequestKind::Correct)),
            Control::Complain => self.change(ctx, |request| Command::File(request, person, RequestKind::Complain)),
            Control::AskExplanation => self.change(ctx, |request| Command::File(request, person, RequestKind::Explain)),
            Control::Print => self.asked = Some((ctx.ask(Command::Print), Asked::Print)),
            Control::NextChild => {
                self.at = (self.at + 1) % self.people.len();
                if let Some(next) = self.people.get(self.at).copied() {
                    self.show(next, ctx);
                }
            }
            Control::Withdraw => return Step::Leave(Exit::WithdrawOf(person)),
            Control::Renew => {
                if let Some(facts) = self.facts.filter(|_| !self.by_staff) {
                    return Step::Leave(Exit::Renew { person, age: facts.age, ward: self.at >= self.own });
                }
            }
            Control::ShowReceipt => {
                if let Some(receipt) = self.facts.and_then(|facts| facts.receipt) {
                    return Step::Leave(Exit::ShowReceipt(receipt));
                }
            }
            _ => {}
        }
        Step::Stay
    }

    pub(super) fn view(&self) -> (View, Vec<Control>) {
        let (Some(facts), None) = (self.facts, self.asked) else { return (View::Working, Vec::new()) };
        let mut controls = Vec::new();
        match facts.standing {
            Standing::Live => controls.push(Control::Restrict),
            // To use it again is for the person alone to say.
            Standing::Restricted if !self.by_staff => controls.push(Control::Unrestrict),
            Standing::Suspended(_) if !self.by_staff => controls.push(Control::Renew),
            Standing::Restricted | Standing::Suspended(_) | Standing::None => {}
        }
        if facts.standing.is_stored() {
            controls.push(Control::Withdraw);
        }
        controls.extend([Control::AskCorrection, Control::AskExplanation, Control::Complain, Control::Print]);
        controls.extend(facts.receipt.map(|_| Control::ShowReceipt));
        controls.extend((self.people.len() > 1).then_some(Control::NextChild));
        (View::Paper { own: true, printed: self.printed }, controls)
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.asked.map(|(asked, _)| asked)
    }

    fn show(&mut self, person: PersonId, ctx: &mut Ctx) {
        self.facts = None;
        self.printed = None;
        let by_staff = self.by_staff;
        self.asked = Some((ctx.ask(|request| Command::ShowOwn(request, person, by_staff)), Asked::Page));
    }

    fn change(&mut self, ctx: &mut Ctx, command: impl FnOnce(crate::core::ids::RequestId) -> Command) {
        self.asked = Some((ctx.ask(command), Asked::Change));
    }
}
