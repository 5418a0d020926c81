//! The separate question. Silence is no, and no is never asked again.

use crate::core::command::Command;
use crate::core::consent::ConsentReceipt;
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::screen::{Asked, Control, View};
use crate::core::context::{Ctx, Journey, Pending};
use crate::core::time::Tick;

use super::result::Outcome;
use super::{Exit, GuardianExit, Step};

/// How long the question stands before it can be answered: the second tap of a double tap on the
/// screen before must not answer it. Units: ms.
const SETTLE_MS: u64 = 600;

#[derive(Debug)]
pub(in crate::core) struct Consent {
    since: Tick,
    asked: Option<Pending>,
    /// Agreed once, and asked once more.
    sure: bool,
}

impl Consent {
    pub(in crate::core) fn at(since: Tick) -> Self {
        Self { since, asked: None, sure: false }
    }

    /// When it can be answered.
    pub(super) fn opens(&self) -> Tick {
        self.since + SETTLE_MS
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        if let Some(answer) = self.asked.and_then(|asked| asked.answer(ctx.at, event)) {
            return match answer {
                Ok(Reply::ConsentStored(id)) => {
                    ctx.journey.consent = ConsentReceipt::stored(id, ctx.journey.purpose, ctx.journey.age, ctx.journey.guarded);
                    if ctx.journey.consent.is_some() {
                        Step::Leave(Exit::Agreed)
                    } else {
                        Step::Leave(Exit::Ended(Outcome::GuardianNeeded))
                    }
                }
                Ok(_) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
                Err(fault) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        match event {
            Event::Tap(Control::Agree) if ctx.comfort.simple && !self.sure => {
                *self = Self { sure: true, ..Self::at(ctx.at) };
                Step::Stay
            }
            // A guardian's word counts once staff have witnessed it.
            Event::Tap(Control::Agree) if ctx.journey.asked() == Asked::Guardian => Step::Leave(Exit::Guardian(GuardianExit::Agreed)),
            Event::Tap(Control::Agree) if self.asked.is_none() => {
                let draft = ctx.journey.draft();
                self.asked = Some(ctx.ask(|request| Command::StoreConsent(request, draft)));
                Step::Stay
            }
            Event::Tap(Control::Decline) => Step::Leave(Exit::Declined),
            _ => Step::Stay,
        }
    }

    pub(super) fn view(&self, journey: &Journey, now: Tick) -> (View, Vec<Control>) {
        if self.asked.is_some() {
            return (View::Working, Vec::new());
        }
        let controls = if now < self.opens() { Vec::new() } else { vec![Control::Agree, Control::Decline] };
        (View::Consent { purpose: journey.purpose, asked: journey.asked(), sure: self.sure }, controls)
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.asked
    }
}
