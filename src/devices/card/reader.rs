//! The loop that joins wire, frames and driver, and survives a pulled cable.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use zeroize::Zeroize;

use crate::core::time::Tick;

use super::command::Command;
use super::driver::{Driver, Event, Step};
use super::fault::CardFault;
use super::frame::{Answer, Decoder, SILENCE_MS};
use super::record::Reading;
use super::wire::Wire;

/// How often a lost reader is looked for. Units: milliseconds.
pub const REOPEN_MS: u64 = 500;
/// How long a reader may be lost before it is told. Units: milliseconds.
pub const GRACE_MS: u64 = 2000;
/// The longest sleep at a time. Units: milliseconds.
const NAP_MS: u64 = 50;

/// Time as the loop needs it, passed in.
pub trait Pace {
    /// Milliseconds since the program started; never runs backwards.
    fn now(&self) -> Tick;
    /// Does nothing for this long. Units: milliseconds.
    fn sleep(&self, ms: u64);
}

/// What the loop tells.
pub enum Sight {
    /// A card lies there and is being read.
    Found,
    /// It was read, not yet checked.
    Read(Reading),
    /// There is no reading. After [`CardFault::ReaderMissing`] the loop goes on; any other fault ends it.
    Failed(CardFault),
    /// The reader that was missing is back.
    Back,
}

/// Reads one card. Returns after a reading, after a fault of card or reader, or at most 250 ms (while a
/// silent port is being opened: as long as `open` takes, 1.5 s for a serial port) after
/// `keep_going` became false; a lost connection is opened again every [`REOPEN_MS`].
///
/// Blocks; give it a thread of its own.
pub fn run(
    open: &mut dyn FnMut() -> io::Result<Box<dyn Wire>>,
    driver: &mut Driver,
    clock: &dyn Pace,
    sink: &mut dyn FnMut(Sight),
    keep_going: &AtomicBool,
) {
    let on = || keep_going.load(Ordering::SeqCst);
    let mut loss = Loss::default();
    let mut first = true;
    while on() {
        if let Ok(wire) = open() {
            if !std::mem::take(&mut first) {
                driver.reconnected();
            }
            let mut session = Session { wire, decoder: Decoder::default(), clock, keep_going };
            if session.talk(driver, sink, &mut loss).is_ok() {
                return;
            }
        }
        let since = *loss.since.get_or_insert(clock.now());
        if !loss.told && clock.now().since(since) >= GRACE_MS {
            loss.told = true;
            driver.forget_card();
            sink(Sight::Failed(CardFault::ReaderMissing));
        }
        nap(clock, clock.now() + REOPEN_MS, &on);
    }
}

/// Asks a connected reader which security module it says it has; none if it does not answer.
pub fn identify(wire: Box<dyn Wire>, clock: &dyn Pace) -> Option<String> {
    let keep_going = AtomicBool::new(true);
    let mut session = Session { wire, decoder: Decoder::default(), clock, keep_going: &keep_going };
    let mut driver = Driver::new(None);
    // STATUS and the number, each a few times at most: never looks for a card.
    for _ in 0..8 {
        match driver.next(clock.now()) {
            Step::Send(command @ (Command::Status | Command::SamId)) => {
                let Session { wire, decoder, .. } = &mut session;
                exchange(wire, decoder, clock, &mut driver, command, &|| true).ok()?;
            }
            Step::Wait(until) => nap(clock, until, &|| true),
            Step::Send(_) | Step::Over => break,
        }
    }
    driver.sam_id().map(str::to_owned)
}

/// A lost reader. It is found again when it took a command, not when its path is there.
#[derive(Default)]
struct Loss {
    since: Option<Tick>,
    told: bool,
}

/// Sleeps until then, or until it has to end.
fn nap(clock: &dyn Pace, until: Tick, on: &dyn Fn() -> bool) {
    while on() && clock.now() < until {
        clock.sleep(until.since(clock.now()).min(NAP_MS));
    }
}

/// One connection.
struct Session<'a> {
    wire: Box<dyn Wire>,
    decoder: Decoder,
    clock: &'a dyn Pace,
    keep_going: &'a AtomicBool,
}

impl Session<'_> {
    /// Talks until the driver is over or the loop has to end.
    fn talk(&mut self, driver: &mut Driver, sink: &mut dyn FnMut(Sight), loss: &mut Loss) -> io::Result<()> {
        let on = || self.keep_going.load(Ordering::SeqCst);
        while on() {
            let event = match driver.next(self.clock.now()) {
                Step::Over => return Ok(()),
                Step::Wait(until) => {
                    nap(self.clock, until, &on);
                    continue;
                }
                Step::Send(command) => exchange(&mut self.wire, &mut self.decoder, self.clock, driver, command, &on)?,
            };
            if std::mem::take(loss).told {
                sink(Sight::Back);
            }
            match event {
                Some(Event::Found) => sink(Sight::Found),
                Some(Event::Read(reading)) => sink(Sight::Read(reading)),
                Some(Event::Failed(fault)) => sink(Sight::Failed(fault)),
                None => {}
            }
        }
        Ok(())
    }
}

/// Sends one command and waits for its answer, for as long as the command may take.
fn exchange(
    wire: &mut dyn Wire,
    decoder: &mut Decoder,
    clock: &dyn Pace,
    driver: &mut Driver,
    command: Command,
    on: &dyn Fn() -> bool,
) -> io::Result<Option<Event>> {
    wire.discard()?;
    decoder.expect(command);
    wire.send(&command.bytes())?;
    let deadline = clock.now() + command.timeout();
    let mut piece = [0; 512];
    let result = loop {
        let left = deadline.since(clock.now());
        if left == 0 {
            break Ok(driver.silent(clock.now()));
        }
        if !on() {
            break Ok(None);
        }
        let count = match wire.receive(&mut piece, Duration::from_millis(left.min(SILENCE_MS))) {
            Ok(count) => count,
            Err(error) => break Err(error),
        };
        if let Some(event) = decode(decoder, &piece[..count], &mut |answer| driver.answered(clock.now(), answer)) {
            break Ok(event);
        }
    };
    decoder.discard();
    piece.zeroize();
    result
}

/// Looks for an answer in what came; nothing having come is the silence that makes a torso of the rest.
fn decode<R>(decoder: &mut Decoder, piece: &[u8], read: &mut dyn FnMut(Answer<'_>) -> R) -> Option<R> {
    let mut rest = piece;
    loop {
        let taken = decoder.push(rest);
        rest = &rest[taken..];
        if let Some(result) = decoder.take(&mut *read) {
            return Some(result);
        }
        if rest.is_empty() && (!piece.is_empty() || !decoder.quiet()) {
            return None;
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
