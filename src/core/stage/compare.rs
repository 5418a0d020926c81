//! Liveness, comparison, record: in this order, and only then a grant.

use crate::core::alarm::Alarm;
use crate::core::audit::AttemptResult;
use crate::core::command::Command;
use crate::core::event::{Event, Reply};
use crate::core::evidence::{Grant, LivePass, LiveVerdict, Method, Verdict, judge_liveness, judge_match};
use crate::core::fault::Fault;
use crate::core::ids::PersonId;
use crate::core::context::{Ctx, Pending};

use super::position::Gathered;
use super::result::Outcome;
use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) enum Compare {
    Comparing { asked: Pending, person: PersonId, live: Option<LivePass> },
    Recording { asked: Pending, grant: Grant },
}

impl Compare {
    /// Starts the comparison.
    ///
    /// # Errors
    /// The outcome when there is nothing to compare or the frames are not clearly live.
    pub(in crate::core) fn enter(gathered: &Gathered, ctx: &mut Ctx) -> Result<Self, Outcome> {
        let LiveVerdict::Live(live) = judge_liveness(&gathered.lives, gathered.relief(), ctx.policy) else {
            if let Some(person) = ctx.journey.person {
                ctx.failures.add(person, ctx.at);
            }
            ctx.note_attempt(Method::Face, AttemptResult::Referred);
            if ctx.failures.doubt(ctx.at) {
                ctx.out.push(Command::Raise(Alarm::LivenessRepeated));
            }
            return Err(Outcome::Referred);
        };
        let person = ctx.journey.person.ok_or(Outcome::NotFound)?;
        // A frame that did not look live itself proves nothing about who stands there.
        let samples = gathered.live_samples(ctx.policy.live_threshold);
        let asked = ctx.ask(|request| Command::Compare(request, person, samples));
        Ok(Self::Comparing { asked, person, live: Some(live) })
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        let Some(answer) = self.pending().answer(ctx.at, event) else { return Step::Stay };
        match (self, answer) {
            (_, Err(fault)) => Step::Leave(Exit::Faulted(fault)),
            (Self::Recording { grant, .. }, Ok(Reply::Recorded)) => Step::Leave(Exit::Granted(*grant)),
            (Self::Comparing { .. }, Ok(Reply::Mixed)) => {
                ctx.note_attempt(Method::Face, AttemptResult::Referred);
                Step::Leave(Exit::Ended(Outcome::Referred))
            }
            (compare @ Self::Comparing { .. }, Ok(Reply::Compared(similarity))) => {
                let Self::Comparing { person, live, .. } = compare else { return Step::Stay };
                match judge_match(similarity, *person, ctx.policy) {
                    Verdict::Match(matched) => {
                        ctx.failures.clear(*person);
                        let grant = live.take().zip(ctx.journey.consent.as_ref());
                        let grant = grant.and_then(|(live, consent)| Grant::by_face(consent, live, matched));
                        let Some(grant) = grant else { return Step::Leave(Exit::Faulted(Fault::VisionFailed)) };
                        let entry = ctx.attempt(Method::Face, AttemptResult::Granted, grant.person());
                        let asked = ctx.ask(|request| Command::Record(request, entry));
                        *compare = Self::Recording { asked, grant };
                        Step::Stay
                    }
                    Verdict::NoMatch => {
                        ctx.failures.add(*person, ctx.at);
                        ctx.note_attempt(Method::Face, AttemptResult::NoMatch);
                        let again = ctx.failures.count(*person, ctx.at) < ctx.policy.attempts;
                        Step::Leave(Exit::Ended(Outcome::NoMatch { again }))
                    }
                }
            }
            (_, Ok(_)) => Step::Leave(Exit::Faulted(Fault::VisionFailed)),
        }
    }

    pub(super) fn pending(&self) -> Pending {
        match self {
            Self::Comparing { asked, .. } | Self::Recording { asked, .. } => *asked,
        }
    }
}
