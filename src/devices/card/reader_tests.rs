//! The whole loop against the simulated reader, in simulated time.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::*;
use crate::core::time::Date;
use crate::devices::card::check::check;
use crate::devices::sim::sam::Sam;
use crate::devices::sim::sam::specimen::Card;
use crate::devices::sim::sam::trouble::{Trouble, Troubles};

/// Time that passes only when somebody waits.
#[derive(Clone, Default)]
struct Time(Arc<Mutex<u64>>);

impl Time {
    fn pass(&self, ms: u64) {
        *self.0.lock().unwrap() += ms;
    }
}

impl Pace for Time {
    fn now(&self) -> Tick {
        Tick(*self.0.lock().unwrap())
    }

    fn sleep(&self, ms: u64) {
        self.pass(ms.max(1));
    }
}

/// The simulated reader without a pseudo-terminal. `pulled` is when the cable is out.
struct Direct {
    sam: Arc<Mutex<Sam>>,
    out: Vec<u8>,
    time: Time,
    pulled: (u64, u64),
}

impl Direct {
    fn alive(&self) -> io::Result<()> {
        let out = (self.pulled.0..self.pulled.1).contains(&self.time.now().0);
        if out { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl Wire for Direct {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.alive()?;
        self.sam.lock().unwrap().feed(bytes, &mut self.out);
        Ok(())
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.alive()?;
        let count = self.out.len().min(into.len()).min(100);
        into[..count].copy_from_slice(&self.out[..count]);
        self.out.drain(..count);
        let waited = if count == 0 { u64::try_from(wait.as_millis()).unwrap() } else { 9 };
        self.time.pass(waited);
        Ok(count)
    }

    fn discard(&mut self) -> io::Result<()> {
        self.out.clear();
        self.alive()
    }
}

/// What a run told, in words, and how long it took.
fn told(card: Option<Card>, troubles: Troubles, pinned: Option<&str>, pulled: (u64, u64)) -> (Vec<String>, u64) {
    let (time, mut sam) = (Time::default(), Sam::default());
    sam.lay(card);
    sam.trouble(troubles);
    let sam = Arc::new(Mutex::new(sam));
    let keep_going = AtomicBool::new(true);
    let words = Rc::new(RefCell::new(Vec::new()));
    let mut open = || {
        let wire = Direct { sam: sam.clone(), out: Vec::new(), time: time.clone(), pulled };
        if time.now().0 > 60_000 {
            keep_going.store(false, Ordering::SeqCst);
        }
        wire.alive()?;
        sam.lock().unwrap().restart();
        Ok(Box::new(wire) as Box<dyn Wire>)
    };
    let mut sink = |sight: Sight| {
        let today = Date::new(2026, 11, 23).unwrap();
        words.borrow_mut().push(match sight {
            Sight::Found => "found".to_owned(),
            Sight::Back => "back".to_owned(),
            Sight::Read(reading) => match check(&reading, today) {
                Ok(()) => "good".to_owned(),
                Err(what) => format!("{what:?}"),
            },
            Sight::Failed(fault) => format!("{fault:?}"),
        });
    };
    run(&mut open, &mut Driver::new(pinned.map(str::to_owned)), &time, &mut sink, &keep_going);
    let words = words.borrow().clone();
    (words, time.now().0)
}

const NEVER: (u64, u64) = (0, 0);

#[test]
fn every_card_is_read() {
    for card in Card::ALL {
        let (words, ms) = told(Some(card), Troubles::default(), Some("05.03-20150331-0001234567-1234567890"), NEVER);
        assert_eq!(words, ["found", "good"]);
        assert!(ms < 500, "{ms}");
    }
}

#[test]
fn every_trouble_ends_in_a_reading_or_a_fault() {
    for card in Card::ALL {
        for trouble in Trouble::ALL {
            let expected: &[&str] = match trouble {
                Trouble::Noise
                | Trouble::BadChecksum
                | Trouble::Truncated
                | Trouble::SelectFailsOnce
                | Trouble::OldModuleFindsOnce => &["found", "good"],
                Trouble::Silence | Trouble::NotAuthorised | Trouble::SelfTest => &["ReaderFailed"],
                Trouble::SelectFails | Trouble::ReadFails | Trouble::JunkRecord => &["found", "CardUnreadable"],
                Trouble::CardRefused | Trouble::SamRefused => &["found", "CardRefused"],
                Trouble::UnknownKind => &["found", "CardUnsupported"],
                Trouble::SwappedSam => &["Tampered"],
                Trouble::RemovedMidRead => &["found", "CardRemoved"],
                Trouble::Expired => &["found", "Expired"],
                Trouble::WrongCheckDigit => &["found", "NumberCheck"],
            };
            let pin = Some("05.03-20150331-0001234567-1234567890");
            let (words, ms) = told(Some(card), trouble.into(), pin, NEVER);
            assert_eq!(words, expected, "{card:?} {trouble:?}");
            assert!(ms < 30_000, "{trouble:?} took {ms}");
        }
    }
}

#[test]
fn a_module_that_finds_once_and_a_card_that_moves() {
    let both = [Trouble::OldModuleFindsOnce, Trouble::SelectFailsOnce].into_iter().collect();
    assert_eq!(told(Some(Card::Resident), both, None, NEVER).0, ["found", "good"]);
}

#[test]
fn a_pulled_cable_is_told_once_and_its_return_too() {
    // In the middle of the reading.
    let (words, _) = told(Some(Card::Resident), Troubles::default(), None, (60, 10_000));
    assert_eq!(words, ["found", "ReaderMissing", "back", "found", "good"]);
    // Never there at first.
    let (words, _) = told(Some(Card::Resident), Troubles::default(), None, (0, 5_000));
    assert_eq!(words, ["ReaderMissing", "back", "found", "good"]);
    // Shorter than the grace: nobody is told.
    let (words, _) = told(Some(Card::Resident), Troubles::default(), None, (60, 1_000));
    assert_eq!(words, ["found", "good"]);
}

/// Can be opened, and breaks at the first byte.
struct Broken;

impl Wire for Broken {
    fn send(&mut self, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn receive(&mut self, _: &mut [u8], _: Duration) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn discard(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_path_that_opens_and_breaks_at_once_is_no_reader() {
    let (time, keep_going) = (Time::default(), AtomicBool::new(true));
    let mut open = || {
        keep_going.store(time.now().0 < 20_000, Ordering::SeqCst);
        Ok(Box::new(Broken) as Box<dyn Wire>)
    };
    let mut missing = 0;
    let mut sink = |sight| missing += u32::from(matches!(sight, Sight::Failed(CardFault::ReaderMissing)));
    run(&mut open, &mut Driver::new(None), &time, &mut sink, &keep_going);
    assert_eq!(missing, 1);
}

#[test]
fn it_ends_soon_when_told_to() {
    let (time, keep_going) = (Time::default(), AtomicBool::new(false));
    let mut open = || Err(io::ErrorKind::NotFound.into());
    run(&mut open, &mut Driver::new(None), &time, &mut |_| (), &keep_going);
    let (words, ms) = told(None, Troubles::default(), None, (0, u64::MAX));
    assert_eq!(words, ["ReaderMissing"]);
    assert!(ms < 61_000);
}
