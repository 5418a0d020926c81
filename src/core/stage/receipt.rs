//! The receipt of a consent, to read, photograph or print.

use crate::core::command::Command;
use crate::core::context::{Ctx, Pending};
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::ids::ReceiptId;
use crate::core::screen::{Control, View};

use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) struct Receipt {
    asked: Option<Pending>,
    printed: Option<bool>,
}

impl Receipt {
    pub(in crate::core) fn enter(receipt: ReceiptId, ctx: &mut Ctx) -> Self {
        Self { asked: Some(ctx.ask(|request| Command::ShowReceipt(request, receipt))), printed: None }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        if let Some(answer) = self.asked.and_then(|asked| asked.answer(ctx.at, event)) {
            self.asked = None;
            return match answer {
                Ok(Reply::ReceiptShown) => Step::Stay,
                Ok(Reply::Printed(done)) => {
                    self.printed = Some(done);
                    Step::Stay
                }
                Ok(_) => Step::Leave(Exit::Faulted(Fault::StoreRead)),
                Err(fault) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        if matches!(event, Event::Tap(Control::Print)) && self.asked.is_none() {
            self.asked = Some(ctx.ask(Command::Print));
        }
        Step::Stay
    }

    pub(super) fn view(&self) -> (View, Vec<Control>) {
        match self.asked {
            Some(_) => (View::Working, Vec::new()),
            None => (View::Paper { own: false, printed: self.printed }, vec![Control::Print]),
        }
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.asked
    }
}
