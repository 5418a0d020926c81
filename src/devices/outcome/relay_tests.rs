use std::path::Path;

use super::*;
use crate::devices::clock::SystemClock;
use crate::devices::sim::{SimRelay, Tape};

/// Generous: a slow machine must not fail.
const TRIES: usize = 6000;

struct Site {
    _dir: tempfile::TempDir,
    tape: Tape,
    sim: SimRelay,
    relay: Option<RelayOutcome>,
}

impl Site {
    fn new(hold_ms: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let wiring = Wiring::lcus(&dir.path().join("relay")).with_hold(hold_ms).unwrap();
        let (tape, clock) = (Tape::default(), Arc::new(SystemClock::default()));
        let sim = SimRelay::serve(&wiring, clock.clone(), Box::new(tape.clone())).unwrap();
        let relay = RelayOutcome::start(wiring, clock).unwrap();
        Self { _dir: dir, tape, sim, relay: Some(relay) }
    }

    fn open(&self) {
        self.relay.as_ref().unwrap().open();
    }

    /// What was reported, with the times in ms.
    fn reports(&self) -> Vec<(String, u64)> {
        let text = self.tape.text();
        let parts = text.lines().map(|line| line.split_once(' ').unwrap());
        parts.map(|(what, at)| (what.to_owned(), at.parse().unwrap())).collect()
    }

    fn until(&self, expected: &[&str]) {
        for _ in 0..TRIES {
            let words: Vec<_> = self.reports().into_iter().map(|(what, _)| what).collect();
            if words == expected {
                return;
            }
            assert!(words.len() <= expected.len(), "{words:?} instead of {expected:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{:?} instead of {expected:?}", self.reports());
    }

    fn until_connected(&self, connected: bool) {
        for _ in 0..TRIES {
            if self.relay.as_ref().unwrap().connected() == connected {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("never {connected}");
    }
}

#[test]
fn it_closes_at_the_start_opens_holds_and_closes() {
    let site = Site::new(500);
    site.until(&["closed"]);
    site.open();
    site.until(&["closed", "open", "closed"]);
    let times: Vec<_> = site.reports().into_iter().map(|(_, at)| at).collect();
    assert!(times.is_sorted(), "how long is tested in door.rs, without a clock: {times:?}");
}

#[test]
fn opening_again_extends_and_dropping_closes() {
    let mut site = Site::new(30_000);
    site.until(&["closed"]);
    site.open();
    site.until(&["closed", "open"]);
    site.open();
    site.relay = None;
    site.until(&["closed", "open", "closed"]);
}

#[test]
fn a_relay_that_vanishes_and_returns_is_closed_first() {
    let site = Site::new(30_000);
    site.until(&["closed"]);
    site.open();
    site.until(&["closed", "open"]);
    site.sim.plug(false);
    site.until_connected(false);
    site.sim.plug(true);
    site.until(&["closed", "open", "closed"]);
    site.open();
    site.until(&["closed", "open", "closed", "open"]);
}

#[test]
fn a_port_that_is_not_there_holds_nobody_up() {
    let clock = Arc::new(SystemClock::default());
    let relay = RelayOutcome::start(Wiring::lcus(Path::new("/nonexistent/relay")), clock).unwrap();
    (0..1000).for_each(|_| relay.open());
    assert!(!relay.connected());
}
