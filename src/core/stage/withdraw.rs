//! Destroying one's template: card, one question, done. The face is not used.

use crate::core::command::Command;
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::screen::{Control, View};
use crate::core::context::{Ctx, Pending};

use super::result::Outcome;
use super::{Exit, Step};

#[derive(Debug, Default)]
pub(in crate::core) struct Withdraw {
    asked: Option<Pending>,
}

impl Withdraw {
    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        if let Some(answer) = self.asked.and_then(|asked| asked.answer(ctx.at, event)) {
            return match (answer, ctx.journey.person) {
                (Ok(Reply::Erased(receipt)), Some(_)) => Step::Leave(Exit::Ended(Outcome::Erased(receipt))),
                (Ok(Reply::NotApproved), _) => Step::Leave(Exit::Ended(Outcome::MinorNeedsApproval)),
                (Ok(_), _) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
                (Err(fault), _) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        if let (Event::Tap(Control::ConfirmWithdraw), Some(person), None) = (event, ctx.journey.person, self.asked) {
            self.asked = Some(ctx.ask(|request| Command::Erase(request, person)));
        }
        Step::Stay
    }

    pub(super) fn view(&self) -> (View, Vec<Control>) {
        if self.asked.is_some() { (View::Working, Vec::new()) } else { (View::ConfirmWithdraw, vec![Control::KeepTemplate, Control::ConfirmWithdraw]) }
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.asked
    }
}
