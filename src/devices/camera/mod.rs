//! The real cameras: own thread, own clock, a watchdog, every fault by name, and back again by itself.

mod colour;
mod errno;
mod find;
mod kernel;
mod modes;
mod pair;
mod pixels;
mod plain;
mod source;
mod supervise;


use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{Camera, CameraSink, Clock};

pub use find::{Node, nodes};
pub use pair::Pair;
pub use source::Kind;

use supervise::{Flags, Shift};

/// How long stopping may take before the device is left to its fate. Units: rounds of `ROUND`.
const STOP_ROUNDS: u32 = 8;
const ROUND: Duration = Duration::from_millis(25);
/// How long a camera may be off the bus before it counts as gone: a plug that shook, a bus that was
/// reset. Units: milliseconds.
const GONE_MS: u64 = 4_000;

/// A camera of this machine, found by name. Colour through nokhwa; infrared, and what nokhwa cannot
/// open, through v4l.
pub struct NokhwaCamera {
    name: String,
    kind: Kind,
    clock: Arc<dyn Clock>,
    shot: Option<Shot>,
    /// Since when no such camera is there, after one was; zero while one is. Nothing is waited for that
    /// was never there.
    missed: AtomicU64,
    seen: AtomicBool,
}

/// One period with the camera on.
struct Shot {
    flags: Arc<Flags>,
    thread: JoinHandle<()>,
}

impl NokhwaCamera {
    /// A camera whose name contains `name`; blank takes the first.
    #[must_use]
    pub fn new(name: &str, clock: Arc<dyn Clock>) -> Self {
        Self { name: name.to_owned(), kind: Kind::Colour, clock, shot: None, missed: AtomicU64::new(0), seen: AtomicBool::new(false) }
    }

    /// The same as a camera that sees infrared: one grey picture, given as three equal channels.
    #[must_use]
    pub fn infrared(mut self) -> Self {
        self.kind = Kind::Infrared;
        self
    }
}

impl Camera for NokhwaCamera {
    fn start(&mut self, run: RunId, sink: Arc<dyn CameraSink>) {
        self.stop();
        let flags = Arc::new(Flags::default());
        let shift = Shift { run, sink, flags: flags.clone(), clock: self.clock.clone() };
        let watch = shift.clone();
        let (name, kind) = (self.name.clone(), self.kind);
        let thread = std::thread::spawn(move || {
            let opened = shift.flags.clone();
            shift.work(|| {
                let node = find::by_name(&name, kind).ok_or(Fault::CameraMissing)?;
                opened.opening(node.index);
                source::open(&node, kind)
            });
        });
        std::thread::spawn(move || watch.watch());
        self.shot = Some(Shot { flags, thread });
    }

    fn stop(&mut self) {
        let Some(shot) = self.shot.take() else { return };
        shot.flags.stop();
        shot.thread.thread().unpark();
        for round in 0..STOP_ROUNDS {
            if shot.thread.is_finished() {
                let _ = shot.thread.join();
                return;
            }
            if round > 0 {
                shot.flags.wake();
            }
            std::thread::sleep(ROUND);
        }
        // It holds no frame, and gives up by itself when the system lets it.
        tracing::warn!("the camera did not let go in time");
    }

    fn present(&self) -> bool {
        if self.shot.is_some() || find::by_name(&self.name, self.kind).is_some() {
            self.missed.store(0, Ordering::Relaxed);
            self.seen.store(true, Ordering::Relaxed);
            return true;
        }
        let now = self.clock.tick().0.max(1);
        let since = self.missed.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed).map_or_else(|since| since, |_| now);
        self.seen.load(Ordering::Relaxed) && now.saturating_sub(since) < GONE_MS
    }
}

impl Drop for NokhwaCamera {
    fn drop(&mut self) {
        self.stop();
    }
}
