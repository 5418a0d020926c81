//! The real camera, through nokhwa: own thread, own clock, a watchdog, and every fault by name.

mod find;
mod shoot;
mod wake;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{Camera, CameraSink, Clock};

pub use find::{Node, nodes};

/// No frame for this long: the stream is frozen. Units: milliseconds.
const STALL_MS: u64 = 1500;
/// How long a camera may take to open and deliver its first frame. Units: milliseconds.
const FIRST_FRAME_MS: u64 = 6000;
/// How often the watchdog looks.
const WATCH: Duration = Duration::from_millis(100);
/// How long stopping may take before the device is left to its fate. Units: watchdog rounds.
const STOP_ROUNDS: u32 = 8;

/// A camera of this machine, found by name.
pub struct NokhwaCamera {
    name: String,
    clock: Arc<dyn Clock>,
    shot: Option<Shot>,
}

/// One period with the camera on.
struct Shot {
    flags: Arc<Flags>,
    thread: JoinHandle<()>,
}

/// What capture thread, watchdog and owner tell each other.
pub(super) struct Flags {
    stop: AtomicBool,
    /// The capture thread has let go of the device.
    done: AtomicBool,
    /// Tick of the last frame; zero before the first.
    last: AtomicU64,
    /// The watchdog has spoken; whatever the capture thread says now is its echo.
    stalled: AtomicBool,
    /// Index of the open device node.
    node: AtomicU64,
}

impl NokhwaCamera {
    /// A camera whose name contains `name`; blank takes the first.
    #[must_use]
    pub fn new(name: &str, clock: Arc<dyn Clock>) -> Self {
        Self { name: name.to_owned(), clock, shot: None }
    }
}

impl Camera for NokhwaCamera {
    fn start(&mut self, run: RunId, sink: Arc<dyn CameraSink>) {
        self.stop();
        let Some(node) = find::by_name(&self.name) else {
            sink.state(run, Err(Fault::CameraMissing));
            return;
        };
        let flags = Arc::new(Flags {
            stop: AtomicBool::new(false),
            done: AtomicBool::new(false),
            last: AtomicU64::new(0),
            stalled: AtomicBool::new(false),
            node: AtomicU64::new(u64::from(node.index)),
        });
        let (clock, shared, to) = (self.clock.clone(), flags.clone(), sink.clone());
        let thread = std::thread::spawn(move || {
            shoot::shoot(node.index, run, &*to, &shared, &*clock);
            shared.done.store(true, Ordering::SeqCst);
        });
        let (clock, shared) = (self.clock.clone(), flags.clone());
        std::thread::spawn(move || watch(run, &*sink, &shared, &*clock));
        self.shot = Some(Shot { flags, thread });
    }

    fn stop(&mut self) {
        let Some(shot) = self.shot.take() else { return };
        shot.flags.stop.store(true, Ordering::SeqCst);
        for round in 0..STOP_ROUNDS {
            if shot.thread.is_finished() {
                let _ = shot.thread.join();
                return;
            }
            if round > 0 {
                wake::stream_off(shot.flags.node.load(Ordering::SeqCst));
            }
            std::thread::sleep(WATCH / 4);
        }
        tracing::warn!("the camera did not let go in time");
    }
}

impl Drop for NokhwaCamera {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Wakes a reader whose stream is frozen and says so, once; then, and after a stop, goes on waking
/// it until the device is let go.
fn watch(run: RunId, sink: &dyn CameraSink, flags: &Flags, clock: &dyn Clock) {
    let begun = clock.tick().0;
    while !flags.done.load(Ordering::SeqCst) {
        std::thread::sleep(WATCH);
        let stopped = flags.stop.load(Ordering::SeqCst) || flags.stalled.load(Ordering::SeqCst);
        if stopped {
            wake::stream_off(flags.node.load(Ordering::SeqCst));
            continue;
        }
        let last = flags.last.load(Ordering::SeqCst);
        let (since, patience) = if last == 0 { (begun, FIRST_FRAME_MS) } else { (last, STALL_MS) };
        if clock.tick().0.saturating_sub(since) > patience {
            flags.stalled.store(true, Ordering::SeqCst);
            sink.state(run, Err(Fault::CameraStalled));
        }
    }
}
