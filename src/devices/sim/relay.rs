//! A simulated door relay on a pseudo-terminal.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::devices::outcome::Wiring;
use crate::ports::Clock;

use super::pty::Line;

const PAUSE: Duration = Duration::from_millis(10);
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

struct Shared {
    ended: AtomicBool,
    plugged: AtomicBool,
    failed: RwLock<Option<io::ErrorKind>>,
}

/// A relay being served. Dropping it ends it and removes the link.
pub struct SimRelay {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl SimRelay {
    /// Serves a relay at the port of `wiring`, a symbolic link to a pseudo-terminal. Each command it
    /// understands is a line in `out`: `open 1234` or `closed 4234`. Units: ms of `clock`'s ticks.
    /// Other bytes are passed over.
    ///
    /// # Errors
    /// When there is no pseudo-terminal or no thread, or the link cannot be made.
    pub fn serve(wiring: &Wiring, clock: Arc<dyn Clock>, out: Box<dyn Write + Send>) -> io::Result<Self> {
        let line = Line::open(wiring.port())?;
        let (ended, plugged) = (AtomicBool::new(false), AtomicBool::new(true));
        let shared = Arc::new(Shared { ended, plugged, failed: RwLock::new(None) });
        let (theirs, wiring) = (shared.clone(), wiring.clone());
        let thread = std::thread::Builder::new()
            .name("sim-relay".into())
            .spawn(move || work(&theirs, &wiring, line, &*clock, out))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Pulls the cable, or plugs it in again; takes effect within about 10 ms.
    pub fn plug(&self, plugged: bool) {
        self.shared.plugged.store(plugged, Ordering::SeqCst);
    }

    /// Why it could not be plugged in again, if so.
    #[must_use]
    pub fn failed(&self) -> Option<io::ErrorKind> {
        *self.shared.failed.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SimRelay {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(shared: &Shared, wiring: &Wiring, line: Line, clock: &dyn Clock, mut out: Box<dyn Write + Send>) {
    let mut line = Some(line);
    let mut commands = Commands::default();
    while !shared.ended.load(Ordering::SeqCst) {
        let plugged = shared.plugged.load(Ordering::SeqCst);
        match &line {
            Some(open) if plugged => {
                let mut piece = [0; 256];
                let Some(count) = receive(open, &mut piece) else {
                    // Nobody has it open.
                    std::thread::sleep(PAUSE);
                    continue;
                };
                for byte in &piece[..count] {
                    if let Some(word) = commands.push(*byte, wiring) {
                        let _ = writeln!(out, "{word} {}", clock.tick().0);
                        let _ = out.flush();
                    }
                }
            }
            None if plugged => match Line::open(wiring.port()) {
                Ok(open) => line = Some(open),
                Err(error) => {
                    *shared.failed.write().unwrap_or_else(PoisonError::into_inner) = Some(error.kind());
                    std::thread::sleep(PAUSE);
                }
            },
            _ => {
                (line, commands) = (None, Commands::default());
                std::thread::sleep(PAUSE);
            }
        }
    }
}

/// What came, waiting a moment for it; nothing when the other end is closed.
fn receive(line: &Line, into: &mut [u8]) -> Option<usize> {
    let mut fds = [PollFd::new(&line.end, PollFlags::IN)];
    match poll(&mut fds, Some(&LOOK)) {
        Ok(0) => Some(0),
        _ => rustix::io::read(&line.end, into).ok(),
    }
}

/// Finds commands among bytes.
#[derive(Default)]
struct Commands(Vec<u8>);

impl Commands {
    fn push(&mut self, byte: u8, wiring: &Wiring) -> Option<&'static str> {
        let commands = [(wiring.open_bytes(), "open"), (wiring.close_bytes(), "closed")];
        let longest = wiring.open_bytes().len().max(wiring.close_bytes().len());
        if self.0.len() == longest {
            self.0.remove(0);
        }
        self.0.push(byte);
        let (_, word) = commands.into_iter().find(|(bytes, _)| self.0.ends_with(bytes))?;
        self.0.clear();
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn commands_are_found_among_junk() {
        let wiring = Wiring::lcus(Path::new("x"));
        let mut commands = Commands::default();
        let bytes = [0, 0xA0, 0xA0, 1, 1, 0xA2, 1, 0xA0, 1, 0, 0xA1, 0xA1, 0xA0, 1, 0, 0xA2];
        let words: Vec<_> = bytes.iter().filter_map(|byte| commands.push(*byte, &wiring)).collect();
        assert_eq!(words, ["open", "closed"]);
    }
}
