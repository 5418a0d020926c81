//! A door behind a serial relay, such as the LCUS-1 (`Wiring::OPEN`, `Wiring::CLOSE`).

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serialport::{ClearBuffer, DataBits, FlowControl, Parity, SerialPort, StopBits, TTYPort};

use crate::core::alarm::Alarm;
use crate::core::evidence::Grant;
use crate::core::time::Tick;
use crate::ports::{Clock, OutcomePort, TicketSink};

use super::door::{Act, Door};
use super::wiring::Wiring;

/// How often a relay that is there is looked at, and one that is not is looked for. Units: ms.
const LOOK_MS: u64 = 500;
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    bell: Condvar,
    connected: AtomicBool,
}

#[derive(Default)]
struct State {
    /// When somebody was verified last, if the thread does not know yet.
    asked: Option<Tick>,
    ended: bool,
}

/// Opens the door for everybody who is verified. Close is sent at the start, after the relay
/// returned, and when this is dropped.
pub struct RelayOutcome {
    shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    thread: Option<JoinHandle<()>>,
}

impl RelayOutcome {
    /// Drives the relay on a thread of its own. That it is not there is no error: it may come.
    ///
    /// # Errors
    /// When there is no thread.
    pub fn start(wiring: Wiring, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let work = Work {
            door: Door::new(wiring.hold_ms),
            wiring,
            shared: shared.clone(),
            clock: clock.clone(),
            port: None,
            due: Tick(0),
        };
        let thread = std::thread::Builder::new().name("outcome-relay".into()).spawn(move || work.run())?;
        Ok(Self { shared, clock, thread: Some(thread) })
    }

    /// Whether the relay is there.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.shared.connected.load(Ordering::SeqCst)
    }

    fn open(&self) {
        lock(&self.shared).asked = Some(self.clock.tick());
        self.shared.bell.notify_one();
    }
}

impl OutcomePort for RelayOutcome {
    fn granted(&mut self, _: &Grant) {
        self.open();
    }

    fn staff_called(&mut self) {}

    fn alarm(&mut self, _: Alarm) {}

    /// Gives no numbers.
    fn listen(&mut self, _: TicketSink) {}
}

impl Drop for RelayOutcome {
    fn drop(&mut self) {
        lock(&self.shared).ended = true;
        self.shared.bell.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the thread has.
struct Work {
    wiring: Wiring,
    shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    door: Door,
    port: Option<TTYPort>,
    /// When to look for the relay next.
    due: Tick,
}

impl Work {
    fn run(mut self) {
        loop {
            let (asked, ended) = {
                let mut state = lock(&self.shared);
                (state.asked.take(), state.ended)
            };
            let now = self.clock.tick();
            if let Some(at) = asked {
                self.door.ask(at);
            }
            if ended {
                if let Some(port) = &mut self.port {
                    let _ = port.write_all(&self.wiring.close);
                }
                return;
            }
            if self.port.is_none() && now >= self.due {
                self.due = now + LOOK_MS;
                self.port = open(&self.wiring);
            }
            let rest = self.drive(now).unwrap_or_else(|_| {
                self.port = None;
                self.door.lost();
                self.due.since(now)
            });
            self.shared.connected.store(self.port.is_some(), Ordering::SeqCst);
            self.wait(rest);
        }
    }

    /// Does what the door needs; says how long it then rests. Units: ms.
    fn drive(&mut self, now: Tick) -> io::Result<u64> {
        let Some(port) = &mut self.port else { return Ok(self.due.since(now).min(LOOK_MS)) };
        // Some relays answer; nobody wants to know. A relay that is gone fails here.
        port.clear(ClearBuffer::Input)?;
        loop {
            match self.door.next(now) {
                Act::Open => {
                    port.write_all(&self.wiring.open)?;
                    self.door.opened(self.clock.tick());
                }
                Act::Close => {
                    port.write_all(&self.wiring.close)?;
                    self.door.closed();
                }
                Act::Rest(ms) => return Ok(ms.unwrap_or(LOOK_MS).min(LOOK_MS)),
            }
        }
    }

    fn wait(&self, ms: u64) {
        let state = lock(&self.shared);
        if state.asked.is_none() && !state.ended {
            // At least a moment: a relay that comes and fails at once must not be driven in circles.
            drop(self.shared.bell.wait_timeout(state, Duration::from_millis(ms.max(1))));
        }
    }
}

/// The port, if it is there and nobody else holds it.
fn open(wiring: &Wiring) -> Option<TTYPort> {
    let builder = serialport::new(wiring.port.to_str()?, wiring.baud)
        .data_bits(DataBits::Eight)
        .parity(Parity::None)
        .stop_bits(StopBits::One)
        .flow_control(FlowControl::None)
        .timeout(WRITE_TIMEOUT)
        .exclusive(true);
    TTYPort::open(&builder).ok()
}

#[cfg(test)]
#[path = "relay_tests.rs"]
mod tests;
