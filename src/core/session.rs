//! One kiosk, one person at a time: events in, state and commands out.

use super::command::Commands;
use super::consent::Purpose;
use super::context::{Ctx, Failures, Journey};
use super::event::Event;
use super::fault::Fault;
use super::policy::Policy;
use super::readiness::{FaceLock, bars};
use super::screen::{Board, Comfort, Control, Lang, Screen, Warning};
use super::stage::{Exit, Seen, Stage, Step, home};
use super::ticket::Ticket;
use super::time::Tick;

/// The state machine of one kiosk.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // each a fact of its own
pub struct Session {
    pub(super) policy: Policy,
    pub(super) locks: Vec<FaceLock>,
    pub(super) board: Board,
    pub(super) store_open: bool,
    pub(super) home_lang: Lang,
    pub(super) comfort: Comfort,
    pub(super) headphones: bool,
    /// The voice began because headphones were plugged in.
    pub(super) by_plug: bool,
    /// Larger and slower was offered to this person.
    pub(super) offered: bool,
    pub(super) journey: Journey,
    pub(super) failures: Failures,
    pub(super) stage: Stage,
    pub(super) now: Tick,
    pub(super) idle_since: Tick,
    pub(super) extensions: u8,
    pub(super) next_id: u64,
    /// The number to wait for.
    pub(super) ticket: Option<Ticket>,
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
            headphones: false,
            by_plug: false,
            offered: false,
            journey: Journey::new(Purpose::Verify),
            failures: Failures::default(),
            stage: Stage::Home(home::Home),
            now: Tick(0),
            idle_since: Tick(0),
            extensions: 0,
            next_id: 0,
            ticket: None,
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
                if bars(locks) && self.stage.needs_face() {
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
            // What the warning itself says must not end it.
            Event::Stirred => {
                if self.warning().is_none() {
                    self.idle_since = self.now;
                }
            }
            Event::Headphones(plugged) => {
                self.headphones(*plugged, out);
                return;
            }
            Event::Ticket(ticket) => {
                // Only for whoever waits for one: never for the next.
                if matches!(self.stage, Stage::Assist(_) | Stage::Result(_)) {
                    self.ticket = Some(*ticket);
                }
                return;
            }
            Event::Wake | Event::NoticeEnd | Event::Camera(..) | Event::Seen(..) | Event::Blind(..)
            | Event::Card(..) | Event::Reply(..) => {}
        }
        if self.idle_end().is_some_and(|end| self.now >= end) {
            self.go_home(out);
            return;
        }
        let step = {
            let Self { policy, comfort, locks, journey, failures, stage, next_id, now, .. } = self;
            stage.on(event, &mut Ctx { at: *now, policy, comfort: *comfort, locks, journey, failures, out, next_id })
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
                    Control::MethodCard => self.stage.verifies_by_card(),
                    Control::CallStaff => matches!(self.stage, Stage::Assist(_)),
                    _ => false,
                };
                if !here && !controls.contains(&control) {
                    controls.push(control);
                }
            }
        }
        if self.comfort.simple && self.leads_back() {
            controls.push(Control::Back);
        }
        controls.extend(Control::EVERYWHERE);
        let warning = self.warning();
        if warning.is_some_and(|w| w.extendable) {
            controls.push(Control::MoreTime);
        }
        Screen { view, controls, comfort: self.comfort, headphones: self.headphones, ticket: self.ticket, warning }
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
            _ if self.comfort.take(control) => {}
            Control::Back => self.back(out),
            Control::MoreTime => self.extensions += 1,
            Control::Home | Control::KeepTemplate => self.go_home(out),
            Control::CallStaff => self.follow(Exit::CallStaff, out),
            Control::MethodCard => self.follow(Exit::ChoseCard, out),
            _ => return false,
        }
        true
    }

    /// Changes the language. A notice read in another language is not the one on the screen: it
    /// is shown again, and the question waits.
    fn speak(&mut self, lang: Lang) {
        let changed = self.comfort.lang != lang;
        self.comfort.lang = lang;
        if !changed {
            return;
        }
        match &self.stage {
            Stage::Notice(notice) => self.stage = Stage::Notice(notice.again(self.now)),
            Stage::Consent(_) => self.stage = self.notice(),
            _ => {}
        }
    }

    /// When the session ends by itself. At the first screen: when the wishes of somebody who
    /// walked away are forgotten.
    fn idle_end(&self) -> Option<Tick> {
        let fresh = Comfort { lang: self.home_lang, speech: self.headphones, ..Comfort::default() };
        let waits = self.stage.is_participant()
            || (matches!(self.stage, Stage::Home(_)) && self.comfort != fresh);
        waits.then(|| self.idle_since + self.policy.idle_ms * self.comfort.patience())
    }

    fn warning(&self) -> Option<Warning> {
        // At the first screen too: whoever still reads there would lose their wishes without a word.
        let left = self.idle_end()?.since(self.now);
        (left <= self.policy.warn_ms).then(|| Warning {
            seconds: u8::try_from(left.div_ceil(1000).max(1)).unwrap_or(u8::MAX),
            extendable: self.extensions < self.policy.extensions,
        })
    }
}
