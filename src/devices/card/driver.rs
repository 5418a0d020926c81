//! What to send next and what an answer means: a state machine without wire and without clock.

use crate::core::time::Tick;

use super::command::Command;
use super::fault::CardFault;
use super::frame::Answer;
use super::record::{self, Reading, RecordFault};
use super::sam_id::sam_id_text;
use super::status::{Advice, Status};

/// How often it looks for a card. Units: milliseconds; 300 or more is advised for these modules.
pub const POLL_MS: u64 = 300;
/// How long a card that moved is left to lie still. Units: milliseconds.
pub const SETTLE_MS: u64 = 500;
/// How many failures to choose or read one card are normal.
pub const TRIES: u8 = 5;
/// After how many failed readings the security module is restarted.
const RESET_AFTER: u8 = 3;
/// How often a command is sent at most before an unclear answer or silence counts.
const SENDS: u8 = 3;
/// How many times in a row no card may be seen before it counts as taken away.
const MISSES: u8 = 3;

/// What happened.
pub enum Event {
    /// A card lies there and is being read.
    Found,
    /// It was read. Not yet checked: see [`record::check`].
    Read(Reading),
    /// It ended without a reading.
    Failed(CardFault),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this and hand in the answer.
    Send(Command),
    /// Do nothing before this moment.
    Wait(Tick),
    /// Nothing more: one start, one reading or one fault.
    Over,
}

/// Where the driver is: what it sends next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Status,
    SamId,
    Find,
    Select,
    Read,
    Reset,
    Over,
}

/// The state machine. One driver serves one start; it survives a lost connection.
pub struct Driver {
    state: State,
    not_before: Tick,
    /// The security module this reader must have.
    pinned: Option<String>,
    /// The security module this reader had first.
    known: Option<String>,
    told: bool,
    sends: u8,
    failures: u8,
    misses: u8,
}

impl Driver {
    /// A driver that accepts only the pinned security module, if one is given. Form: that of
    /// [`sam_id_text`].
    #[must_use]
    pub fn new(pinned: Option<String>) -> Self {
        let state = State::Status;
        Self { state, not_before: Tick(0), pinned, known: None, told: false, sends: 0, failures: 0, misses: 0 }
    }

    /// The connection is a new one: everything is asked again. A security module that differs from
    /// the one before is tampering.
    pub fn reconnected(&mut self) {
        if self.state != State::Over {
            self.go(State::Status);
            self.not_before = Tick(0);
        }
    }

    /// The loss of the reader was told: a card that is found again is told again.
    pub fn forget_card(&mut self) {
        (self.told, self.failures, self.misses) = (false, 0, 0);
    }

    /// Which security module the reader says it has; none before it was asked.
    #[must_use]
    pub fn sam_id(&self) -> Option<&str> {
        self.known.as_deref()
    }

    /// What to do next.
    #[must_use]
    pub fn next(&self, now: Tick) -> Step {
        match self.state {
            State::Over => Step::Over,
            _ if now < self.not_before => Step::Wait(self.not_before),
            State::Status => Step::Send(Command::Status),
            State::SamId => Step::Send(Command::SamId),
            State::Find => Step::Send(Command::Find),
            State::Select => Step::Send(Command::Select),
            State::Read => Step::Send(Command::Read),
            State::Reset => Step::Send(Command::Reset),
        }
    }

    /// Takes the answer to the last command.
    pub fn answered(&mut self, now: Tick, answer: Answer<'_>) -> Option<Event> {
        match (answer.status.advice(), answer.status, self.state) {
            (Advice::Resend, ..) => self.resend(now),
            (Advice::Refused, ..) => Some(self.over(CardFault::CardRefused)),
            (Advice::Unsupported, ..) => Some(self.over(CardFault::CardUnsupported)),
            // A reader that cannot say who it is passes only where nobody wants to know.
            (_, Status::Done, State::SamId) => self.identified(answer.data),
            (Advice::Without | Advice::Fault, status, State::SamId)
                if !matches!(status, Status::SelfTest | Status::NotAuthorised) && self.anyone_will_do() =>
            {
                self.go(State::Find)
            }
            (Advice::Without, _, State::SamId) | (_, Status::UnknownCommand, State::SamId) => {
                Some(self.over(CardFault::Tampered))
            }
            (Advice::Fault, ..) => Some(self.over(CardFault::ReaderFailed)),
            (_, Status::Done, State::Status) => self.go(State::SamId),
            (_, Status::Done, State::Reset) => self.again(now, SETTLE_MS),
            (_, Status::Found, State::Find) if answer.data.len() == 4 => self.found(),
            // A card that is there is told as found a second time by some modules only once lifted:
            // choosing it without finding it is worth a try.
            (Advice::LookAgain, _, State::Find) if self.told => {
                self.misses += 1;
                self.go(State::Select)
            }
            (Advice::LookAgain, _, State::Find) => self.again(now, POLL_MS),
            (_, Status::Done, State::Select) if answer.data.len() == 8 => self.go(State::Read),
            (_, Status::Done, State::Read) => self.read(now, answer.data),
            (Advice::LookAgain | Advice::RetryCard, _, State::Select) if self.misses > 0 => self.missed(now),
            (Advice::LookAgain | Advice::RetryCard | Advice::Without, _, State::Find | State::Select | State::Read) => {
                self.failed(now)
            }
            // An answer that fits no question.
            _ => self.resend(now),
        }
    }

    /// No answer came in time.
    pub fn silent(&mut self, now: Tick) -> Option<Event> {
        // A card is read once per SELECT: asking again would only be refused.
        if self.state == State::Read { self.failed(now) } else { self.resend(now) }
    }

    fn found(&mut self) -> Option<Event> {
        self.misses = 0;
        let told = std::mem::replace(&mut self.told, true);
        self.go(State::Select);
        (!told).then_some(Event::Found)
    }

    fn anyone_will_do(&self) -> bool {
        self.pinned.is_none() && self.known.is_none()
    }

    fn identified(&mut self, data: &[u8]) -> Option<Event> {
        let Some(id) = sam_id_text(data) else { return Some(self.over(CardFault::ReaderFailed)) };
        if [&self.pinned, &self.known].into_iter().flatten().any(|expected| *expected != id) {
            return Some(self.over(CardFault::Tampered));
        }
        self.known = Some(id);
        self.go(State::Find)
    }

    fn read(&mut self, now: Tick, data: &mut [u8]) -> Option<Event> {
        match record::parse(data) {
            Ok(reading) => {
                self.state = State::Over;
                Some(Event::Read(reading))
            }
            Err(RecordFault::Unsupported) => Some(self.over(CardFault::CardUnsupported)),
            Err(RecordFault::Lengths | RecordFault::Field(_)) => self.failed(now),
        }
    }

    /// The card could not be chosen or read: look for it again after a moment, a few times.
    fn failed(&mut self, now: Tick) -> Option<Event> {
        let reading = self.state == State::Read;
        self.failures += 1;
        if self.failures >= TRIES {
            return Some(self.over(CardFault::CardUnreadable));
        }
        if reading && self.failures >= RESET_AFTER {
            return self.go(State::Reset);
        }
        self.again(now, SETTLE_MS)
    }

    /// A card that was there is not seen.
    fn missed(&mut self, now: Tick) -> Option<Event> {
        if self.misses >= MISSES {
            return Some(self.over(CardFault::CardRemoved));
        }
        self.again(now, POLL_MS)
    }

    /// The same command again, then a restart, then no more.
    fn resend(&mut self, now: Tick) -> Option<Event> {
        self.sends += 1;
        if self.sends < SENDS {
            return None;
        }
        match self.state {
            State::Select | State::Read => {
                self.sends = 0;
                self.failed(now)
            }
            _ => Some(self.over(CardFault::ReaderFailed)),
        }
    }

    fn again(&mut self, now: Tick, wait: u64) -> Option<Event> {
        self.not_before = now + wait;
        self.go(State::Find)
    }

    fn go(&mut self, state: State) -> Option<Event> {
        (self.state, self.sends) = (state, 0);
        None
    }

    fn over(&mut self, fault: CardFault) -> Event {
        self.state = State::Over;
        Event::Failed(fault)
    }
}

#[cfg(test)]
#[path = "driver_tests.rs"]
mod tests;
