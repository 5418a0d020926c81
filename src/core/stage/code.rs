//! Card and code: the card was read, now the code that goes with it. The digits stay outside the core.

use crate::core::audit::AttemptResult;
use crate::core::command::Command;
use crate::core::event::{Event, Reply};
use crate::core::evidence::{CardPass, Grant};
use crate::core::fault::Fault;
use crate::core::message::Msg;
use crate::core::screen::{Control, View};
use crate::core::context::{Ctx, Pending};

use super::claim::DIGITS;
use super::result::Outcome;
use super::{Exit, Step};

/// Tries before staff look.
const TRIES: u8 = 3;

#[derive(Debug)]
enum Asked {
    Code(Pending),
    Record(Pending, Grant),
}

#[derive(Debug)]
pub(in crate::core) struct Code {
    pass: Option<CardPass>,
    len: u8,
    tries: u8,
    remark: Option<Msg>,
    asked: Option<Asked>,
}

impl Code {
    pub(in crate::core) fn of(pass: CardPass) -> Self {
        Self { pass: Some(pass), len: 0, tries: 0, remark: None, asked: None }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        let answer = self.pending().and_then(|asked| asked.answer(ctx.at, event));
        if let Some(answer) = answer {
            return match (self.asked.take(), answer) {
                (_, Err(fault)) => Step::Leave(Exit::Faulted(fault)),
                (Some(Asked::Record(_, grant)), Ok(Reply::Recorded)) => Step::Leave(Exit::Granted(grant)),
                (Some(Asked::Code(_)), Ok(Reply::CodeRight(right))) => self.checked(right, ctx),
                _ => Step::Leave(Exit::Faulted(Fault::StoreRead)),
            };
        }
        match event {
            Event::ClaimEdited(len) => {
                self.len = *len;
                self.remark = None;
            }
            Event::Tap(Control::ClaimDone) if self.ready() => {
                self.asked = Some(Asked::Code(ctx.ask(Command::CheckCode)));
            }
            _ => {}
        }
        Step::Stay
    }

    fn checked(&mut self, right: bool, ctx: &mut Ctx) -> Step {
        if right && let Some(pass) = self.pass.take() {
            let grant = Grant::by_card(pass);
            let entry = ctx.attempt(grant.method(), AttemptResult::Granted, grant.person());
            self.asked = Some(Asked::Record(ctx.ask(|request| Command::Record(request, entry)), grant));
            return Step::Stay;
        }
        self.tries += 1;
        self.len = 0;
        self.remark = Some(Msg::CodeWrong);
        ctx.out.push(Command::EraseClaim);
        if self.tries < TRIES {
            return Step::Stay;
        }
        ctx.note_attempt(crate::core::evidence::Method::Card, AttemptResult::ToStaff);
        Step::Leave(Exit::Ended(Outcome::CardToStaff))
    }

    pub(super) fn view(&self) -> (View, Vec<Control>) {
        if matches!(self.asked, Some(Asked::Record(..))) {
            return (View::Working, Vec::new());
        }
        let controls = if self.ready() { vec![Control::ClaimDone] } else { Vec::new() };
        (View::Code { len: self.len, ready: self.ready(), remark: self.remark }, controls)
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        match self.asked {
            Some(Asked::Code(asked) | Asked::Record(asked, _)) => Some(asked),
            None => None,
        }
    }

    fn ready(&self) -> bool {
        DIGITS.contains(&self.len) && self.asked.is_none()
    }
}
