//! The card way, and the phone way beside it: the same outcome, and the way in to one's own data.

use crate::core::audit::AttemptResult;
use crate::core::command::Command;
use crate::core::consent::Purpose;
use crate::core::event::{CardEvent, Event, Reply};
use crate::core::evidence::{CardFacts, CardVerdict, Grant, Method, Shown, StaffWhy, judge_card};
use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::core::screen::{Control, View};
use crate::core::context::{Ctx, Journey, Pending};

use super::result::Outcome;
use super::{Exit, GuardianExit, Step, WayExit};

#[derive(Debug)]
pub(in crate::core) struct Card {
    run: RunId,
    purpose: Purpose,
    guardian: bool,
    phone: bool,
    reading: bool,
    recording: Option<(Pending, Grant)>,
}

impl Card {
    pub(in crate::core) fn enter(ctx: &mut Ctx) -> Self {
        let run = ctx.run();
        ctx.out.push(Command::ReaderOn(run));
        Self { run, purpose: ctx.journey.purpose, guardian: false, phone: false, reading: false, recording: None }
    }

    /// The next card is the guardian's; what the child's said stays.
    pub(in crate::core) fn of_guardian(ctx: &mut Ctx) -> Self {
        ctx.out.push(Command::ExpectGuardian);
        Self { guardian: true, ..Self::enter(ctx) }
    }

    /// The person's own phone says who they are.
    pub(in crate::core) fn by_phone(ctx: &mut Ctx) -> Self {
        let run = ctx.run();
        ctx.out.push(Command::PhoneOn(run));
        Self { run, purpose: Purpose::Verify, guardian: false, phone: true, reading: false, recording: None }
    }

    /// What switches the device off that this stage uses.
    pub(in crate::core) fn off(&self) -> Command {
        if self.phone { Command::PhoneOff } else { Command::ReaderOff }
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
        let Self { purpose, reading, guardian, .. } = *self;
        let view = if self.phone { View::Phone { ready: reading } } else { View::Card { purpose, reading, guardian } };
        (view, Vec::new())
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        self.recording.map(|(asked, _)| asked)
    }

    /// Whether a card is read here to be verified by it.
    pub(super) fn verifies(&self) -> bool {
        self.purpose == Purpose::Verify && !self.guardian && !self.phone
    }

    fn read(&mut self, facts: CardFacts, ctx: &mut Ctx) -> Step {
        if self.guardian {
            return Step::Leave(Exit::Guardian(GuardianExit::Identified(facts)));
        }
        if self.purpose != Purpose::Verify {
            // To see, change or store what is one's own, the document itself must be there.
            let own = facts.shown == Shown::Document && !facts.doubt;
            return Step::Leave(if own { Exit::Identified(facts) } else { Exit::Ended(Outcome::CardToStaff) });
        }
        ctx.journey.person = facts.person;
        let pass = match judge_card(facts, ctx.policy) {
            CardVerdict::Pass(pass) => pass,
            CardVerdict::Code(pass) => return Step::Leave(Exit::Way(WayExit::CodeNeeded(pass))),
            CardVerdict::Staff(why) => {
                let method = if self.phone { Method::Phone } else { Method::Card };
                ctx.note_attempt(method, AttemptResult::ToStaff);
                return Step::Leave(match why {
                    StaffWhy::Expired => Exit::Ended(Outcome::CardExpired),
                    StaffWhy::Look => Exit::Ended(Outcome::CardToStaff),
                    StaffWhy::NotListed => Exit::Ended(Outcome::NotListed),
                    StaffWhy::Decide => Exit::Way(WayExit::DecisionNeeded(facts.person)),
                });
            }
        };
        let grant = Grant::by_card(pass);
        let entry = ctx.attempt(grant.method(), AttemptResult::Granted, grant.person());
        self.recording = Some((ctx.ask(|request| Command::Record(request, entry)), grant));
        Step::Stay
    }
}
