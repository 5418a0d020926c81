//! When a door is open: a request, a hold time, and what happens when the relay vanishes. No wire.

use crate::core::time::Tick;

use super::queue::VERIFIED_MS;

/// What to send to the relay now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The bytes that open.
    Open,
    /// The bytes that close.
    Close,
    /// Nothing, for so long at most unless asked. Units: ms; none is for ever.
    Rest(Option<u64>),
}

/// Decides when to open and to close. Closed until told that it opened.
#[derive(Debug)]
pub struct Door {
    hold_ms: u64,
    /// Somebody was verified then, and it has not opened for them yet.
    wanted: Option<Tick>,
    /// It is open till then.
    until: Option<Tick>,
    /// Close has not arrived since the relay came.
    unsure: bool,
}

impl Door {
    /// A door held open for so long. Units: ms.
    #[must_use]
    pub fn new(hold_ms: u64) -> Self {
        Self { hold_ms, wanted: None, until: None, unsure: true }
    }

    /// Somebody was verified at `at`. While it is open it stays open for the hold time from then.
    pub fn ask(&mut self, at: Tick) {
        match self.until {
            Some(until) => self.until = Some(until.max(at + self.hold_ms)),
            None => self.wanted = Some(at),
        }
    }

    /// What to send. Close comes before anything else after the relay came or vanished; a request
    /// older than 5 s is forgotten.
    pub fn next(&mut self, now: Tick) -> Act {
        self.wanted = self.wanted.filter(|at| now.since(*at) <= VERIFIED_MS);
        match (self.until, self.wanted) {
            _ if self.unsure => Act::Close,
            (Some(until), _) if now >= until => Act::Close,
            (Some(until), _) => Act::Rest(Some(until.since(now))),
            (None, Some(_)) => Act::Open,
            (None, None) => Act::Rest(None),
        }
    }

    /// Open was sent at `now`.
    pub fn opened(&mut self, now: Tick) {
        self.wanted = None;
        self.until = Some(now + self.hold_ms);
    }

    /// Close was sent.
    pub fn closed(&mut self) {
        self.until = None;
        self.unsure = false;
    }

    /// The relay is gone; nobody knows how it stands.
    pub fn lost(&mut self) {
        self.until = None;
        self.unsure = true;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ready() -> Door {
        let mut door = Door::new(3000);
        assert_eq!(door.next(Tick(0)), Act::Close, "at the start");
        door.closed();
        door
    }

    #[test]
    fn it_opens_holds_and_closes() {
        let mut door = ready();
        assert_eq!(door.next(Tick(5)), Act::Rest(None));
        door.ask(Tick(10));
        assert_eq!(door.next(Tick(10)), Act::Open);
        door.opened(Tick(12));
        assert_eq!(door.next(Tick(1012)), Act::Rest(Some(2000)));
        assert_eq!(door.next(Tick(3012)), Act::Close);
        door.closed();
        assert_eq!(door.next(Tick(3013)), Act::Rest(None));
    }

    #[test]
    fn asking_again_extends_the_hold() {
        let mut door = ready();
        door.ask(Tick(0));
        door.opened(Tick(0));
        door.ask(Tick(2000));
        assert_eq!(door.next(Tick(3000)), Act::Rest(Some(2000)), "no second opening");
        assert_eq!(door.next(Tick(5000)), Act::Close);
    }

    #[test]
    fn a_relay_that_returns_is_closed_first_and_opens_only_for_who_is_still_there() {
        for (returns, then) in [(5100, Act::Open), (5101, Act::Rest(None))] {
            let mut door = ready();
            door.lost();
            door.ask(Tick(100));
            assert_eq!(door.next(Tick(returns)), Act::Close);
            door.closed();
            assert_eq!(door.next(Tick(returns)), then);
        }
        let mut door = ready();
        door.opened(Tick(0));
        door.lost();
        assert_eq!(door.next(Tick(1)), Act::Close, "also when it vanished while open");
    }

    proptest! {
        #[test]
        fn it_never_stays_open_past_the_last_request_and_the_hold(
            steps in prop::collection::vec((0_u64..2000, any::<bool>(), 0_u8..20), 1..80)
        ) {
            let (mut door, mut now, mut last) = (Door::new(3000), 0, 0);
            for (later, ask, luck) in steps {
                now += later;
                if ask {
                    door.ask(Tick(now));
                    last = now;
                }
                match door.next(Tick(now)) {
                    _ if luck == 0 => door.lost(),
                    Act::Open => {
                        prop_assert!(now - last <= VERIFIED_MS);
                        door.opened(Tick(now));
                    }
                    Act::Close => door.closed(),
                    Act::Rest(Some(ms)) => prop_assert!(now + ms <= last + VERIFIED_MS + 3000),
                    Act::Rest(None) => prop_assert!(door.until.is_none()),
                }
            }
        }
    }
}
