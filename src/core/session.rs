//! One kiosk, one person at a time: events in, state and commands out.

use super::audit::AuditEvent;
use super::command::{Command, Commands};
use super::consent::Purpose;
use super::context::{Ctx, Failures, Journey};
use super::event::Event;
use super::fault::Fault;
use super::policy::Policy;
use super::readiness::FaceLock;
use super::screen::{Board, Comfort, Control, Lang, Screen, Warning};
use super::stage::{Exit, Seen, Stage, Step};
use super::stage::{assist, card, claim, compare, consent, enrol, home, notice, position, result, staff, withdraw};
use super::time::Tick;

/// The state machine of one kiosk.
#[derive(Debug)]
pub struct Session {
    policy: Policy,
    locks: Vec<FaceLock>,
    board: Board,
    store_open: bool,
    home_lang: Lang,
    comfort: Comfort,
    journey: Journey,
    failures: Failures,
    stage: Stage,
    now: Tick,
    idle_since: Tick,
    extensions: u8,
    next_id: u64,
}

impl Session {
    /// A kiosk at its first screen, face way closed until [`Event::Locks`] says otherwise.
    #[must_use]
    pub fn new(policy: Policy, home_lang: Lang) -> Self {
        Self {
            policy,
            locks: vec![FaceLock::ModelsLoading],
            board: Board::default(),
            store_open: true,
            home_lang,
            comfort: Comfort { lang: home_lang, ..Comfort::default() },
            journey: Journey::new(Purpose::Verify),
            failures: Failures::default(),
            stage: Stage::Home(home::Home),
            now: Tick(0),
            idle_since: Tick(0),
            extensions: 0,
            next_id: 0,
        }
    }

    /// Takes one event that happened at `at` and adds what must be done to `out`.
    ///
    /// Time never runs backwards here: an earlier `at` counts as the last one.
    pub fn handle(&mut self, at: Tick, event: &Event, out: &mut Commands) {
        self.now = self.now.max(at);
        match event {
            Event::Locks(locks) => {
                self.locks.clone_from(locks);
                if !locks.is_empty() && self.stage.needs_face() {
                    self.follow(Exit::Faulted(Fault::VisionFailed), out);
                }
                return;
            }
            Event::Board(board) => {
                self.board.clone_from(board);
                return;
            }
            Event::Store(open) => {
                self.store_open = *open;
                let stuck = matches!(self.stage, Stage::OutOfService(_));
                if *open == stuck {
                    self.go_home(out);
                }
                return;
            }
            Event::Tap(control) => {
                if !self.screen().offers(*control) {
                    return;
                }
                self.idle_since = self.now;
                if self.tap_anywhere(*control, out) {
                    return;
                }
            }
            Event::ClaimEdited(_) | Event::StaffTyped => self.idle_since = self.now,
            Event::Wake | Event::NoticeEnd | Event::Camera(..) | Event::Seen(..) | Event::Blind(..)
            | Event::Card(..) | Event::Reply(..) => {}
        }
        if self.idle_end().is_some_and(|end| self.now >= end) {
            self.go_home(out);
            return;
        }
        let step = {
            let Self { policy, locks, journey, failures, stage, next_id, now, .. } = self;
            stage.on(event, &mut Ctx { at: *now, policy, locks, journey, failures, out, next_id })
        };
        if let Step::Leave(exit) = step {
            self.follow(exit, out);
        }
    }

    /// The moment by which [`Event::Wake`] must come, if none other does.
    #[must_use]
    pub fn deadline(&self) -> Option<Tick> {
        let idle = self.idle_end().map(|end| {
            let warn = Tick(end.0.saturating_sub(self.policy.warn_ms));
            if self.now < warn {
                warn
            } else {
                // Each second of the countdown is a new screen.
                let left = end.since(self.now);
                Tick(end.0 - left.saturating_sub(1) / 1000 * 1000)
            }
        });
        [idle, self.stage.deadline(self.now)].into_iter().flatten().min()
    }

    /// The screen now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        let (view, own) = self.stage.view(&self.journey, &Seen { locks: &self.locks, board: &self.board }, self.now);
        let mut controls = own;
        if self.stage.is_participant() {
            for control in [Control::MethodCard, Control::CallStaff, Control::Home] {
                let here = match control {
                    Control::MethodCard => self.stage.is_card_for(Purpose::Verify),
                    Control::CallStaff => matches!(self.stage, Stage::Assist(_)),
                    _ => false,
                };
                if !here && !controls.contains(&control) {
                    controls.push(control);
                }
            }
        }
        controls.extend(Control::EVERYWHERE);
        let warning = self.warning();
        if warning.is_some_and(|w| w.extendable) {
            controls.push(Control::MoreTime);
        }
        Screen { view, controls, comfort: self.comfort, warning }
    }

    /// The policy decisions are made by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Controls that mean the same on every screen.
    fn tap_anywhere(&mut self, control: Control, out: &mut Commands) -> bool {
        match control {
            Control::LangZhCn => self.speak(Lang::ZhCn),
            Control::LangZhTw => self.speak(Lang::ZhTw),
            Control::LangEn => self.speak(Lang::En),
            Control::Large => self.comfort.large = !self.comfort.large,
            Control::Contrast => self.comfort.contrast = !self.comfort.contrast,
            Control::MoreTime => self.extensions += 1,
            Control::Home => self.go_home(out),
            Control::CallStaff => self.follow(Exit::CallStaff, out),
            Control::MethodCard => self.follow(Exit::ChoseCard, out),
            Control::MethodFace | Control::Register | Control::Withdraw | Control::ClaimDone
            | Control::Continue | Control::Agree | Control::Decline | Control::ConfirmWithdraw
            | Control::Retry | Control::StaffOnly | Control::LogIn | Control::ClearAlarms => return false,
        }
        true
    }

    /// Changes the language. A notice read in another language is not the one on the screen: it
    /// is shown again, and the question waits.
    fn speak(&mut self, lang: Lang) {
        let changed = self.comfort.lang != lang;
        self.comfort.lang = lang;
        if changed && matches!(self.stage, Stage::Notice(_) | Stage::Consent(_)) {
            self.stage = Stage::Notice(notice::Notice::at(self.now));
        }
    }

    /// Decides what follows when a stage is done.
    fn follow(&mut self, exit: Exit, out: &mut Commands) {
        let next = match exit {
            Exit::ChoseFace => self.begin(Purpose::Verify, out, |_| Stage::Claim(claim::Claim::default())),
            Exit::ChoseCard => {
                let refused = self.journey.refused;
                let stage = self.begin(Purpose::Verify, out, |ctx| Stage::Card(card::Card::enter(ctx)));
                self.journey.refused = refused;
                stage
            }
            Exit::ChoseRegister => self.begin(Purpose::Enrol, out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::ChoseWithdraw => self.begin(Purpose::Withdraw, out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::ChoseStaff => {
                let first = !self.board.operators;
                self.begin(Purpose::Verify, out, |_| Stage::Staff(staff::Staff::enter(first)))
            }
            Exit::CallStaff => {
                self.leave_devices(out);
                out.push(Command::WipeSession);
                out.push(Command::CallStaff);
                out.push(Command::Note(AuditEvent::StaffCalled));
                Stage::Assist(assist::Assist)
            }
            Exit::Claimed => match self.journey.purpose {
                Purpose::Enrol => self.open_camera(out),
                Purpose::Verify | Purpose::Withdraw => Stage::Notice(notice::Notice::at(self.now)),
            },
            Exit::Identified(facts) => self.after_card(facts, out),
            Exit::NoticeRead { shown_ms } => {
                self.journey.notice_ms = shown_ms;
                self.journey.notice_lang = self.comfort.lang;
                Stage::Consent(consent::Consent::at(self.now))
            }
            Exit::Agreed => match self.journey.purpose {
                Purpose::Enrol => Stage::Claim(claim::Claim::default()),
                Purpose::Verify | Purpose::Withdraw => self.open_camera(out),
            },
            Exit::Declined => {
                self.journey.refused = true;
                out.push(Command::Note(AuditEvent::Refused { purpose: self.journey.purpose }));
                self.end(result::Outcome::Declined, out)
            }
            Exit::Gathered(gathered) => {
                out.push(Command::CameraOff);
                self.enter(out, |ctx| match ctx.journey.purpose {
                    Purpose::Enrol => enrol::Enrol::enter(&gathered, ctx).map(Stage::Enrol),
                    Purpose::Verify | Purpose::Withdraw => {
                        compare::Compare::enter(&gathered, ctx).map(Stage::Compare)
                    }
                })
                .unwrap_or_else(|outcome| self.end(outcome, out))
            }
            Exit::Granted(grant) => {
                out.push(Command::Announce(grant));
                self.end(result::Outcome::Granted(grant.method()), out)
            }
            Exit::Ended(outcome) => self.end(outcome, out),
            Exit::Again => self.open_camera(out),
            Exit::CardAgain => self.enter(out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::Faulted(fault) => {
                out.push(Command::Note(AuditEvent::Faulted { fault }));
                self.end(result::Outcome::Fault(fault), out)
            }
        };
        self.stage = next;
        self.idle_since = self.now;
        self.extensions = 0;
    }

    /// Starts a new journey from whatever went on before.
    fn begin(&mut self, purpose: Purpose, out: &mut Commands, stage: impl FnOnce(&mut Ctx) -> Stage) -> Stage {
        self.leave_devices(out);
        out.push(Command::WipeSession);
        self.journey = Journey::new(purpose);
        self.enter(out, stage)
    }

    /// Ends in a result: devices off, samples gone, and all else that is not needed any more.
    fn end(&mut self, outcome: result::Outcome, out: &mut Commands) -> Stage {
        self.leave_devices(out);
        Self::settle(outcome, out)
    }

    fn settle(outcome: result::Outcome, out: &mut Commands) -> Stage {
        out.push(if outcome.keeps_session() { Command::WipeSamples } else { Command::WipeSession });
        Stage::Result(outcome)
    }

    fn after_card(&mut self, facts: super::evidence::CardFacts, out: &mut Commands) -> Stage {
        self.leave_devices(out);
        self.journey.person = facts.person;
        self.journey.age = facts.age;
        match self.journey.purpose {
            // A card past its date still shows whose template it is: deleting is a right.
            Purpose::Withdraw if facts.has_template => Stage::Withdraw(withdraw::Withdraw::default()),
            Purpose::Withdraw => Self::settle(result::Outcome::NothingStored, out),
            Purpose::Enrol | Purpose::Verify if facts.expired => Self::settle(result::Outcome::CardExpired, out),
            Purpose::Enrol | Purpose::Verify if facts.age.needs_guardian() => {
                Self::settle(result::Outcome::GuardianNeeded, out)
            }
            Purpose::Enrol | Purpose::Verify => Stage::Notice(notice::Notice::at(self.now)),
        }
    }

    /// The only way to the camera: without a live consent there is none.
    fn open_camera(&mut self, out: &mut Commands) -> Stage {
        self.enter(out, |ctx| position::Position::enter(ctx).map(Stage::Position))
            .unwrap_or(Stage::Result(result::Outcome::Declined))
    }

    fn go_home(&mut self, out: &mut Commands) {
        self.leave_devices(out);
        out.push(Command::WipeSession);
        self.journey = Journey::new(Purpose::Verify);
        self.comfort = Comfort { lang: self.home_lang, ..Comfort::default() };
        self.stage = if self.store_open { Stage::Home(home::Home) } else { Stage::out_of_service() };
        self.idle_since = self.now;
        self.extensions = 0;
    }

    fn leave_devices(&mut self, out: &mut Commands) {
        match self.stage {
            Stage::Position(_) => out.push(Command::CameraOff),
            Stage::Card(_) => out.push(Command::ReaderOff),
            Stage::Home(_) | Stage::Claim(_) | Stage::Notice(_) | Stage::Consent(_) | Stage::Compare(_)
            | Stage::Enrol(_) | Stage::Withdraw(_) | Stage::Assist(_) | Stage::Staff(_) | Stage::Result(_)
            | Stage::OutOfService(_) => {}
        }
    }

    fn enter<T>(&mut self, out: &mut Commands, make: impl FnOnce(&mut Ctx) -> T) -> T {
        let Self { policy, locks, journey, failures, next_id, now, .. } = self;
        make(&mut Ctx { at: *now, policy, locks, journey, failures, out, next_id })
    }

    /// When the session ends by itself. At the first screen: when the wishes of somebody who
    /// walked away are forgotten.
    fn idle_end(&self) -> Option<Tick> {
        let fresh = Comfort { lang: self.home_lang, ..Comfort::default() };
        let waits = self.stage.is_participant()
            || (matches!(self.stage, Stage::Home(_)) && self.comfort != fresh);
        let factor = if self.comfort.large { 2 } else { 1 };
        waits.then(|| self.idle_since + self.policy.idle_ms * factor)
    }

    fn warning(&self) -> Option<Warning> {
        let left = self.idle_end().filter(|_| self.stage.is_participant())?.since(self.now);
        (left <= self.policy.warn_ms).then(|| Warning {
            seconds: u8::try_from(left.div_ceil(1000).max(1)).unwrap_or(u8::MAX),
            extendable: self.extensions < self.policy.extensions,
        })
    }
}
