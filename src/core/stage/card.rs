//! The card way: the same outcome, and the way in to enrolling and withdrawing.

use crate::core::audit::AttemptResult;
use crate::core::command::Command;
use crate::core::consent::Purpose;
use crate::core::event::{CardEvent, Event, Reply};
use crate::core::evidence::{CardFacts, Grant, Method, judge_card};
use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::core::screen::{Control, View};
use crate::core::context::{Ctx, Journey, Pending};

use super::result::Outcome;
use super::{Exit, GuardianExit, Step};

#[derive(Debug)]
pub(in crate::core) struct Card {
    run: RunId,
    purpose: Purpose,
    guardian: bool,
    reading: bool,
    recording: Option<(Pending, Grant)>,
}

impl Card {
    pub(in crate::core) fn enter(ctx: &mut Ctx) -> Self {
        let run = ctx.run();
        ctx.out.push(Command::ReaderOn(run));
        Self { run, purpose: ctx.journey.purpose, guardian: false, reading: false, recording: None }
    }

    /// The next card is the guardian's; what the child's said stays.
    pub(in crate::core) fn of_guardian(ctx: &mut Ctx) -> Self {
        ctx.out.push(Command::ExpectGuardian);
        Self { guardian: true, ..Self::enter(ctx) }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        if let Some((asked, grant)) = self.recording {
            return match asked.answer(ctx.at, event) {
                None => Step::Stay,
                Some(Ok(Reply::Recorded)) => Step::Leave(Exit::Granted(grant)),
                Some(Ok(_)) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
                Some(Err(fault)) => Step::Leave(Exit::Faulted(fault)),
            };
        }
        match event {
            Event::Card(run, card) if *run == self.run => match card {
                CardEvent::Found => {
                    self.reading = true;
                    Step::Stay
                }
                CardEvent::Failed(fault) if self.guardian => Step::Leave(Exit::Guardian(GuardianExit::CardFailed(*fault))),
                CardEvent::Failed(fault) => Step::Leave(Exit::Faulted(*fault)),
                CardEvent::Read(facts) => self.read(*facts, ctx),
            },
            _ => Step::Stay,
        }
    }

    pub(super) fn view(&self, _journey: &Journey) -> (View, Vec<Control>) {
        (View::Card { purpose: self.purpose, reading: self.reading, guardian: self.guardian }, Vec::new())
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.recording.map(|(asked, _)| asked)
    }

    /// Whether a card is read here to be verified by it.
    pub(super) fn verifies(&self) -> bool {
        self.purpose == Purpose::Verify && !self.guardian
    }

    fn read(&mut self, facts: CardFacts, ctx: &mut Ctx) -> Step {
        if self.guardian {
            return Step::Leave(Exit::Guardian(GuardianExit::Identified(facts)));
        }
        if self.purpose != Purpose::Verify {
            return Step::Leave(Exit::Identified(facts));
        }
        ctx.journey.person = facts.person;
        let Some(pass) = judge_card(facts, ctx.policy) else {
            ctx.note_attempt(Method::Card, AttemptResult::ToStaff);
            let outcome = if facts.expired { Outcome::CardExpired } else { Outcome::CardToStaff };
            return Step::Leave(Exit::Ended(outcome));
        };
        let grant = Grant::by_card(pass);
        let entry = ctx.attempt(Method::Card, AttemptResult::Granted, grant.person());
        self.recording = Some((ctx.ask(|request| Command::Record(request, entry)), grant));
        Step::Stay
    }
}
