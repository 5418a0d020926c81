//! The simulated reader on a pseudo-terminal, for anything that opens a serial port.
//!
//! A pseudo-terminal ignores speed and parity, so the bytes are delayed as a wire would.

use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::devices::sim::pty::Line;

use super::Sam;
use super::specimen::Card;
use super::trouble::Troubles;

/// What one byte takes at 115200 bits per second, start and stop bit included.
pub const BYTE: Duration = Duration::from_nanos(86_806);

/// How many bytes are delayed together.
const CHUNK: usize = 16;
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// What the serving thread shares with the handle.
struct Shared {
    sam: Sam,
    plugged: bool,
    ended: bool,
    /// Why the pseudo-terminal could not be made again.
    failed: Option<io::Error>,
}

/// A simulated reader being served. Dropping it ends it and removes the link.
pub struct Served {
    shared: Arc<Mutex<Shared>>,
    thread: Option<JoinHandle<()>>,
}

/// Serves a simulated reader at `link`, a symbolic link to a pseudo-terminal. `byte` is what one byte
/// takes on the wire, such as [`BYTE`]; zero is as fast as possible.
///
/// # Errors
/// When there is no pseudo-terminal or the link cannot be made.
pub fn serve(link: &Path, byte: Duration) -> io::Result<Served> {
    let line = Line::open(link)?;
    let shared = Shared { sam: Sam::default(), plugged: true, ended: false, failed: None };
    let shared = Arc::new(Mutex::new(shared));
    let (link, theirs) = (link.to_owned(), shared.clone());
    let thread = std::thread::Builder::new().name("sam-pty".into()).spawn(move || work(link, line, &theirs, byte))?;
    Ok(Served { shared, thread: Some(thread) })
}

impl Served {
    /// Lays a card on the reader, or with none takes it away.
    pub fn lay(&self, card: Option<Card>) {
        lock(&self.shared).sam.lay(card);
    }

    /// Which card lies there.
    #[must_use]
    pub fn card(&self) -> Option<Card> {
        lock(&self.shared).sam.card()
    }

    /// What goes wrong from now on.
    pub fn trouble(&self, troubles: Troubles) {
        lock(&self.shared).sam.trouble(troubles);
    }

    /// Pulls the cable, or plugs it in again. Takes effect within about 10 ms, in the middle of an
    /// answer too.
    pub fn plug(&self, plugged: bool) {
        lock(&self.shared).plugged = plugged;
    }

    /// Why it could not be plugged in again, if so.
    #[must_use]
    pub fn failed(&self) -> Option<io::Error> {
        lock(&self.shared).failed.take()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        lock(&self.shared).ended = true;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves until ended. The line is dropped while the cable is pulled.
fn work(link: PathBuf, line: Line, shared: &Mutex<Shared>, byte: Duration) {
    let mut line = Some(line);
    let mut answer = Vec::new();
    loop {
        let (plugged, ended) = state(shared);
        match (&line, plugged) {
            _ if ended => return,
            (Some(open), true) => {
                if exchange(open, shared, byte, &mut answer).is_err() {
                    // Nobody has it open.
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
            (None, true) => match Line::open(&link) {
                Ok(open) => line = Some(open),
                Err(error) => {
                    lock(shared).failed = Some(error);
                    std::thread::sleep(Duration::from_millis(100));
                }
            },
            (_, false) => {
                if line.take().is_some() {
                    lock(shared).sam.restart();
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

fn state(shared: &Mutex<Shared>) -> (bool, bool) {
    let shared = lock(shared);
    (shared.plugged, shared.ended)
}

/// Waits a moment for a command and answers it.
fn exchange(line: &Line, shared: &Mutex<Shared>, byte: Duration, answer: &mut Vec<u8>) -> io::Result<()> {
    let mut input = [0; 64];
    if poll(&mut [PollFd::from_borrowed_fd(line.end.as_fd(), PollFlags::IN)], Some(&LOOK))? == 0 {
        return Ok(());
    }
    let count = rustix::io::read(&line.end, &mut input)?;
    let wire = Wire::new(byte, count);
    lock(shared).sam.feed(&input[..count], answer);
    let mut sent = 0;
    for chunk in answer.chunks(CHUNK) {
        sent += chunk.len();
        wire.wait(sent);
        if state(shared) != (true, false) {
            break;
        }
        let mut rest = chunk;
        while !rest.is_empty() {
            rest = &rest[rustix::io::write(&line.end, rest)?..];
        }
    }
    answer.clear();
    Ok(())
}

/// Delays bytes as a wire would.
struct Wire {
    start: Instant,
    byte: Duration,
    received: usize,
}

impl Wire {
    fn new(byte: Duration, received: usize) -> Self {
        #[allow(clippy::disallowed_methods)] // the simulated wire is a clock of its own
        let start = Instant::now();
        Self { start, byte, received }
    }

    /// Waits until so many bytes could have been sent.
    fn wait(&self, sent: usize) {
        let due = self.byte * u32::try_from(self.received + sent).unwrap_or(u32::MAX);
        std::thread::sleep(due.saturating_sub(self.start.elapsed()));
    }
}
