//! The whole way over a real pseudo-terminal.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mianzheng::core::time::{Date, Tick};
use mianzheng::devices::card::check::check;
use mianzheng::devices::card::driver::Driver;
use mianzheng::devices::card::fault::CardFault;
use mianzheng::devices::card::reader::{Pace, Sight, run};
use mianzheng::devices::card::record::CardKind;
use mianzheng::devices::card::serial::Serial;
use mianzheng::devices::sim::sam::pty::{BYTE, Served, serve};
use mianzheng::devices::sim::sam::specimen::Card;
use mianzheng::devices::sim::sam::trouble::Trouble;

struct Real(Instant);

impl Pace for Real {
    fn now(&self) -> Tick {
        Tick(u64::try_from(self.0.elapsed().as_millis()).unwrap())
    }

    fn sleep(&self, ms: u64) {
        std::thread::sleep(Duration::from_millis(ms));
    }
}

/// A loop on a thread of its own.
struct Running {
    sights: Receiver<Sight>,
    keep_going: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

fn start(link: &Path) -> Running {
    let (sender, sights) = channel();
    let keep_going = Arc::new(AtomicBool::new(true));
    let (on, mut open) = (keep_going.clone(), Serial::opener(link.to_owned()));
    let thread = std::thread::spawn(move || {
        #[allow(clippy::disallowed_methods)] // a test's own clock
        let clock = Real(Instant::now());
        let pinned = Some("05.03-20150331-0001234567-1234567890".to_owned());
        run(&mut open, &mut Driver::new(pinned), &clock, &mut |sight| sender.send(sight).unwrap(), &on);
    });
    Running { sights, keep_going, thread }
}

impl Running {
    /// The next sight; a minute is a hang, not a measurement.
    fn next(&self) -> Sight {
        self.sights.recv_timeout(Duration::from_mins(1)).expect("a sight")
    }

    fn end(self) {
        self.keep_going.store(false, Ordering::SeqCst);
        self.thread.join().unwrap();
    }
}

fn served() -> (tempfile::TempDir, std::path::PathBuf, Served) {
    let place = tempfile::tempdir().unwrap();
    let link = place.path().join("reader");
    let served = serve(&link, BYTE).unwrap();
    (place, link, served)
}

fn kind_of(sight: Sight) -> CardKind {
    let Sight::Read(reading) = sight else { panic!("no reading") };
    assert_eq!(check(&reading, Date::new(2026, 11, 23).unwrap()), Ok(()));
    reading.kind
}

#[test]
fn all_cards_are_read_over_a_pseudo_terminal() {
    let (_place, link, served) = served();
    for card in Card::ALL {
        served.lay(None);
        let running = start(&link);
        served.lay(Some(card));
        assert!(matches!(running.next(), Sight::Found));
        assert_eq!(
            kind_of(running.next()),
            match card {
                Card::Resident => CardKind::Resident,
                Card::Hmt => CardKind::HmtPermit,
                Card::Foreigner2017 => CardKind::Foreigner2017,
                Card::Foreigner2023 => CardKind::Foreigner2023,
            }
        );
        running.thread.join().unwrap();
    }
}

#[test]
fn a_cable_pulled_while_reading_comes_back() {
    let (_place, link, served) = served();
    let running = start(&link);
    served.lay(Some(Card::Resident));
    assert!(matches!(running.next(), Sight::Found));
    served.plug(false);
    assert!(matches!(running.next(), Sight::Failed(CardFault::ReaderMissing)));
    assert!(!link.exists());
    served.plug(true);
    assert!(matches!(running.next(), Sight::Back));
    assert!(matches!(running.next(), Sight::Found));
    assert_eq!(kind_of(running.next()), CardKind::Resident);
    assert!(served.failed().is_none());
    running.thread.join().unwrap();
    drop(served);
    assert!(std::fs::symlink_metadata(&link).is_err(), "the link is removed");
}

#[test]
fn a_swapped_reader_is_noticed_when_it_comes_back() {
    let (_place, link, served) = served();
    let running = start(&link);
    served.lay(Some(Card::Resident));
    assert!(matches!(running.next(), Sight::Found));
    served.plug(false);
    served.trouble(Trouble::SwappedSam.into());
    assert!(matches!(running.next(), Sight::Failed(CardFault::ReaderMissing)));
    served.plug(true);
    assert!(matches!(running.next(), Sight::Back));
    assert!(matches!(running.next(), Sight::Failed(CardFault::Tampered)));
    running.thread.join().unwrap();
}

#[test]
fn a_reader_that_was_never_there_can_be_ended() {
    let place = tempfile::tempdir().unwrap();
    let running = start(&place.path().join("nothing"));
    assert!(matches!(running.next(), Sight::Failed(CardFault::ReaderMissing)));
    running.end();
}

#[test]
fn a_port_is_held_by_one_program() {
    let (_place, link, _served) = served();
    let first = Serial::open(&link).unwrap();
    assert!(Serial::open(&link).is_err());
    drop(first);
    assert!(Serial::open(&link).is_ok());
}
