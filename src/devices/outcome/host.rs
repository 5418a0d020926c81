//! Outcomes to the site's own system: JSON lines on a Unix stream socket it listens at.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::core::alarm::Alarm;
use crate::core::evidence::{Grant, Method};
use crate::core::ids::PersonId;
use crate::core::ticket::Ticket;
use crate::core::time::Tick;
use crate::ports::{Clock, OutcomePort};

use super::bell::Bell;
use super::intake::Intake;
use super::link::Link;
use super::message::Event;
use super::queue::Queue;

/// How long after a connection failed or ended the next is tried. Units: ms.
const RETRY_MS: u64 = 1000;

type Sink = Arc<dyn Fn(Ticket) + Send + Sync>;

struct Shared {
    state: Mutex<State>,
    /// Wakes the thread.
    bell: Bell,
    connected: AtomicBool,
}

#[derive(Default)]
struct State {
    queue: Queue,
    sink: Option<Sink>,
    ended: bool,
}

/// The site's system. Calls return at once, whatever it does; dropping this ends the connection.
pub struct HostOutcome {
    shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    policy: u32,
    thread: Option<JoinHandle<()>>,
}

impl HostOutcome {
    /// Connects to `socket` in the background, again and again. `policy` is the version of the
    /// site's policy, sent with each verification.
    ///
    /// # Errors
    /// When there is no thread or no descriptor for it. That nobody listens is no error.
    pub fn start(socket: &Path, policy: u32, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), bell: Bell::new()?, connected: AtomicBool::new(false) });
        let work = Work {
            shared: shared.clone(),
            clock: clock.clone(),
            path: socket.to_owned(),
            link: None,
            intake: Intake::default(),
            due: Tick(0),
        };
        let thread = std::thread::Builder::new().name("outcome-host".into()).spawn(move || work.run())?;
        Ok(Self { shared, clock, policy, thread: Some(thread) })
    }

    /// Whether somebody listens there now.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.shared.connected.load(Ordering::SeqCst)
    }

    fn verified(&self, method: Method, person: Option<PersonId>) {
        self.tell(Event::Verified { method, person, policy: self.policy });
    }

    fn tell(&self, event: Event) {
        lock(&self.shared).queue.push(self.clock.tick(), self.clock.unix_ms(), event);
        self.shared.bell.ring();
    }
}

impl OutcomePort for HostOutcome {
    fn granted(&mut self, grant: &Grant) {
        self.verified(grant.method(), grant.person());
    }

    fn staff_called(&mut self) {
        self.tell(Event::Help { ticket: None });
    }

    fn alarm(&mut self, alarm: Alarm) {
        self.tell(Event::Alarm { alarm });
    }

    /// Numbers come on another thread. One that comes over 10 s after its event is not told.
    fn listen(&mut self, sink: Box<dyn Fn(Ticket) + Send + Sync>) {
        lock(&self.shared).sink = Some(sink.into());
    }
}

impl Drop for HostOutcome {
    fn drop(&mut self) {
        lock(&self.shared).ended = true;
        self.shared.bell.ring();
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
    shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    path: PathBuf,
    link: Option<Link>,
    intake: Intake,
    /// When to try next.
    due: Tick,
}

impl Work {
    fn run(mut self) {
        loop {
            let ended = lock(&self.shared).ended;
            let now = self.clock.tick();
            if self.link.is_none() && !ended && now >= self.due {
                self.due = now + RETRY_MS;
                self.link = Link::open(&self.path).ok();
                self.intake.reconnected();
            }
            if self.exchange(now).is_err() {
                self.link = None;
                self.due = now + RETRY_MS;
            }
            self.shared.connected.store(self.link.is_some() && !ended, Ordering::SeqCst);
            if ended {
                return;
            }
            self.wait();
        }
    }

    /// Takes what came and sends what waits, as far as the other side reads.
    fn exchange(&mut self, now: Tick) -> io::Result<()> {
        let Some(link) = &mut self.link else { return Ok(()) };
        link.finish(now)?;
        loop {
            // Not sent under the lock: the caller never waits for the socket.
            let Some((at, message)) = lock(&self.shared).queue.next(now) else { break };
            if !link.send(at, &message)? {
                break;
            }
            lock(&self.shared).queue.sent(message.seq);
            if !matches!(message.event, Event::Alarm { .. }) {
                self.intake.asked(message.seq, at);
            }
        }
        let sink = lock(&self.shared).sink.clone();
        link.receive(now, &mut self.intake, &mut |ticket| {
            if let Some(sink) = &sink {
                sink(ticket);
            }
        })
    }

    /// Until something happens, at most a second.
    fn wait(&mut self) {
        let now = self.clock.tick();
        let pending = lock(&self.shared).queue.next(now).is_some();
        let bell = self.shared.bell.poll_fd();
        let ms = match &self.link {
            Some(_) => RETRY_MS,
            None => self.due.since(now).min(RETRY_MS),
        };
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::try_from(ms * 1_000_000).unwrap_or(0).min(999_999_999) };
        let _ = match &self.link {
            Some(link) => {
                let out = if pending || link.busy() { PollFlags::OUT } else { PollFlags::empty() };
                poll(&mut [bell, PollFd::new(&link.stream, PollFlags::IN | out)], Some(&wait))
            }
            None => poll(&mut [bell], Some(&wait)),
        };
        self.shared.bell.hush();
    }
}

#[cfg(test)]
#[path = "host_tests.rs"]
mod tests;
