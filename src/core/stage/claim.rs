//! Say who you are, by a number of your own choice. The digits themselves stay outside the core.

use crate::core::command::Command;
use crate::core::consent::Purpose;
use crate::core::event::{Event, KnownPerson, Reply};
use crate::core::fault::Fault;
use crate::core::guardian::Guarded;
use crate::core::message::Msg;
use crate::core::policy::Admit;
use crate::core::rights::{Standing, Suspension};
use crate::core::screen::{Control, View};
use crate::core::context::{Ctx, Journey, Pending};

use super::result::Outcome;
use super::{Exit, Step};

/// Fewest and most digits of a number.
pub(super) const DIGITS: std::ops::RangeInclusive<u8> = 4..=8;

#[derive(Debug, Default)]
pub(in crate::core) struct Claim {
    len: u8,
    asked: Option<Pending>,
    remark: Option<Msg>,
    for_staff: bool,
}

impl Claim {
    /// Staff look up somebody who told them their number.
    pub(in crate::core) fn of_staff() -> Self {
        Self { for_staff: true, ..Self::default() }
    }

    pub(super) fn for_staff(&self) -> bool {
        self.for_staff
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        if let Some(answer) = self.asked.and_then(|asked| asked.answer(ctx.at, event)) {
            self.asked = None;
            return match answer {
                Ok(Reply::Found(found)) => self.found(found, ctx),
                Ok(_) => Step::Leave(Exit::Faulted(Fault::StoreRead)),
                Err(fault) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        match event {
            Event::ClaimEdited(len) => {
                self.len = *len;
                self.remark = None;
                Step::Stay
            }
            Event::Tap(Control::ClaimDone) if self.ready() => {
                self.asked = Some(ctx.ask(Command::FindClaim));
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    pub(super) fn view(&self, journey: &Journey) -> (View, Vec<Control>) {
        let controls = if self.ready() { vec![Control::ClaimDone] } else { Vec::new() };
        let choosing = journey.purpose == Purpose::Enrol;
        (View::Claim { len: self.len, ready: self.ready(), remark: self.remark, choosing }, controls)
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.asked
    }

    fn ready(&self) -> bool {
        DIGITS.contains(&self.len) && self.asked.is_none()
    }

    fn found(&mut self, found: Option<KnownPerson>, ctx: &mut Ctx) -> Step {
        match (ctx.journey.purpose, found) {
            (Purpose::Enrol, Some(other)) if ctx.journey.person != Some(other.person) => {
                self.len = 0;
                self.remark = Some(Msg::ClaimTaken);
                ctx.out.push(Command::EraseClaim);
                Step::Stay
            }
            (Purpose::Enrol, _) => Step::Leave(Exit::Claimed),
            (Purpose::MyData, Some(known)) => Step::Leave(Exit::RecordFound(known.person)),
            // Not on the list: the same words as for an unknown number. The card says it plainly.
            (Purpose::Verify, Some(known)) if known.template.is_stored() && admitted(&known, ctx) => {
                match known.template {
                    Standing::Suspended(Suspension::NoGuardian) => return Step::Leave(Exit::Ended(Outcome::GuardianNeeded)),
                    Standing::Restricted | Standing::Suspended(_) => return Step::Leave(Exit::Ended(Outcome::RenewNeeded)),
                    Standing::Live | Standing::None => {}
                }
                if known.age.needs_guardian() {
                    let Some(receipt) = known.guardian else { return Step::Leave(Exit::Ended(Outcome::GuardianNeeded)) };
                    ctx.journey.guarded = Some(Guarded::standing(receipt));
                    ctx.journey.standing = Some(receipt);
                }
                if ctx.failures.count(known.person, ctx.at) >= ctx.policy.attempts {
                    return Step::Leave(Exit::Ended(Outcome::NoMatch { again: false }));
                }
                ctx.journey.person = Some(known.person);
                ctx.journey.age = known.age;
                Step::Leave(Exit::Claimed)
            }
            // The same words whether the number or only the template is unknown: a number must
            // not tell whose it is.
            (Purpose::Verify | Purpose::Withdraw | Purpose::MyData, _) => Step::Leave(Exit::Ended(Outcome::NotFound)),
        }
    }
}

fn admitted(known: &KnownPerson, ctx: &Ctx) -> bool {
    ctx.policy.admit == Admit::Anyone || known.listed
}
