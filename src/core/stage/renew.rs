//! A stored template rests on the consent just given; no new picture is taken.

use crate::core::command::Command;
use crate::core::context::{Ctx, Pending};
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;

use super::result::Outcome;
use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) struct Renew {
    asked: Pending,
}

impl Renew {
    /// None without a person and a consent.
    pub(in crate::core) fn enter(ctx: &mut Ctx) -> Option<Self> {
        let (person, receipt) = (ctx.journey.person?, ctx.journey.consent.as_ref()?.id());
        Some(Self { asked: ctx.ask(|request| Command::Renew(request, person, receipt)) })
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match self.asked.answer(ctx.at, event) {
            None => Step::Stay,
            Some(Ok(Reply::Done)) => Step::Leave(Exit::Ended(Outcome::Renewed)),
            Some(Ok(_)) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
            Some(Err(fault)) => Step::Leave(Exit::Faulted(fault)),
        }
    }

    pub(super) fn pending(&self) -> Pending {
        self.asked
    }
}
