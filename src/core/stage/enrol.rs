//! A new template: live, verified against itself before it is saved, stored whole or not at all.

use crate::core::alarm::Alarm;
use crate::core::audit::AttemptResult;
use crate::core::command::{Command, EnrolOrder};
use crate::core::event::{Event, Reply};
use crate::core::evidence::{LiveVerdict, Method, Verdict, judge_liveness, judge_match};
use crate::core::fault::Fault;
use crate::core::ids::{PersonId, ReceiptId, SampleId};
use crate::core::context::{Ctx, Pending};

use super::position::Gathered;
use super::result::Outcome;
use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) enum Enrol {
    Checking { asked: Pending, samples: Vec<SampleId>, receipt: ReceiptId },
    Saving { asked: Pending },
}

impl Enrol {
    /// Starts by comparing the first half of the frames with the second.
    ///
    /// # Errors
    /// The outcome when there is no consent or the frames are not clearly live.
    pub(in crate::core) fn enter(gathered: &Gathered, ctx: &mut Ctx) -> Result<Self, Outcome> {
        let LiveVerdict::Live(_) = judge_liveness(&gathered.lives, gathered.relief(), ctx.policy) else {
            ctx.note_attempt(Method::Face, AttemptResult::Referred);
            if ctx.failures.doubt(ctx.at) {
                ctx.out.push(Command::Raise(Alarm::LivenessRepeated));
            }
            return Err(Outcome::Referred);
        };
        let receipt = ctx.journey.consent.as_ref().ok_or(Outcome::Declined)?.id();
        let samples = gathered.live_samples(ctx.policy.live_threshold);
        let (first, second) = samples.split_at(samples.len() / 2);
        let asked = ctx.ask(|request| Command::CompareHalves(request, first.to_vec(), second.to_vec()));
        Ok(Self::Checking { asked, samples, receipt })
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        let Some(answer) = self.pending().answer(ctx.at, event) else { return Step::Stay };
        let next = match (&mut *self, answer) {
            (_, Err(fault)) => return Step::Leave(Exit::Faulted(fault)),
            (Self::Checking { .. }, Ok(Reply::Mixed)) => return Step::Leave(Exit::Ended(Outcome::EnrolUnclear)),
            (Self::Checking { samples, receipt, .. }, Ok(Reply::Compared(similarity))) => {
                // The person is not stored yet; the check is of the frames against each other.
                let Verdict::Match(_) = judge_match(similarity, PersonId(0), ctx.policy) else {
                    return Step::Leave(Exit::Ended(Outcome::EnrolUnclear));
                };
                let (samples, receipt, policy) = (std::mem::take(samples), *receipt, ctx.policy.version);
                let order = EnrolOrder { receipt, policy, samples, age: ctx.journey.confirmed };
                Self::Saving { asked: ctx.ask(|request| Command::Enrol(request, order)) }
            }
            (Self::Saving { .. }, Ok(Reply::Enrolled(_))) => return Step::Leave(Exit::Ended(Outcome::Enrolled)),
            (_, Ok(_)) => return Step::Leave(Exit::Faulted(Fault::StoreWrite)),
        };
        *self = next;
        Step::Stay
    }

    pub(super) fn pending(&self) -> Pending {
        match self {
            Self::Checking { asked, .. } | Self::Saving { asked } => *asked,
        }
    }
}
