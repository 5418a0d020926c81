//! One period with the camera on: opens it, hands on what it delivers, opens it again when it went
//! away; and a watchdog beside it, because a frozen stream hangs its reader.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{CameraSink, Clock};

use super::kernel;
use super::source::Source;

/// Nothing usable for this long: the stream is frozen, or what it delivers is no picture. Units: ms.
const STALL_MS: u64 = 1_300;
/// A camera that is being opened may take this long before anybody is told. Units: ms.
const FIRST_MS: u64 = 1_700;
/// After this long without a first frame it is opened anew. Slow ones need 3 s. Units: ms.
const FIRST_KICK_MS: u64 = 5_000;
/// A camera that does not open at once may be about to: its node has no rights yet, the last reader
/// is still letting go. Nobody is told before. Units: ms.
const GRACE_MS: u64 = 1_000;
/// Between two tries to open it. Units: ms.
const PAUSES: (u64, u64) = (100, 500);
/// How often the watchdog looks.
const WATCH: Duration = Duration::from_millis(50);

/// What capture thread, watchdog and owner tell each other.
#[derive(Default)]
pub(super) struct Flags {
    stop: AtomicBool,
    /// The capture thread has let go of the device.
    done: AtomicBool,
    /// A device is open or being opened; else there is nothing to watch.
    open: AtomicBool,
    /// When the current attempt to open it began.
    since: AtomicU64,
    /// Tick of the last usable frame of this attempt; zero before the first.
    last: AtomicU64,
    /// Tick at which bytes last came, usable or not.
    heard: AtomicU64,
    /// The sink was told of a fault and of no frame since.
    told: AtomicBool,
    /// The watchdog has woken the reader; whatever it says now is an echo.
    kicked: AtomicBool,
    /// One more than the index of the open device node; zero before there was one.
    node: AtomicU32,
}

impl Flags {
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Which node is opened now.
    pub(super) fn opening(&self, node: u32) {
        self.node.store(node.saturating_add(1), Ordering::SeqCst);
    }

    /// Wakes a reader that hangs.
    pub(super) fn wake(&self) {
        if let Some(node) = self.node.load(Ordering::SeqCst).checked_sub(1) {
            kernel::stream_off(node);
        }
    }
}

/// Everything a period needs; capture thread and watchdog have one each.
#[derive(Clone)]
pub(super) struct Shift {
    pub(super) run: RunId,
    pub(super) sink: Arc<dyn CameraSink>,
    pub(super) flags: Arc<Flags>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Shift {
    /// Captures until told to stop. Every fault is told once; then it is tried again.
    pub(super) fn work(&self, mut open: impl FnMut() -> Result<Box<dyn Source>, Fault>) {
        let begun = self.now();
        let mut pause = PAUSES.0;
        while !self.flags.stopped() {
            self.flags.last.store(0, Ordering::SeqCst);
            self.flags.heard.store(0, Ordering::SeqCst);
            self.flags.kicked.store(false, Ordering::SeqCst);
            self.flags.since.store(self.now(), Ordering::SeqCst);
            self.flags.open.store(true, Ordering::SeqCst);
            // The libraries panic where a driver misbehaves, also while they let go.
            let ended = catch_unwind(AssertUnwindSafe(|| self.deliver(&mut open)));
            self.flags.open.store(false, Ordering::SeqCst);
            let fault = ended.unwrap_or(Fault::CameraFailed);
            let delivered = self.flags.last.load(Ordering::SeqCst) > 0;
            if self.flags.stopped() {
                break;
            }
            if delivered {
                pause = PAUSES.0;
            }
            if (delivered || self.now().saturating_sub(begun) >= GRACE_MS) && !self.flags.kicked.load(Ordering::SeqCst) {
                self.tell(fault);
            }
            self.rest(pause);
            pause = (pause * 2).min(PAUSES.1);
        }
        self.flags.done.store(true, Ordering::SeqCst);
    }

    /// Opens the camera and hands on its frames until it fails or is stopped.
    fn deliver(&self, open: &mut impl FnMut() -> Result<Box<dyn Source>, Fault>) -> Fault {
        let mut source = match open() {
            Ok(source) => source,
            Err(fault) => return fault,
        };
        let mut good = self.now();
        while !self.flags.stopped() {
            let frame = match source.next() {
                Ok(frame) => frame,
                Err(fault) => return fault,
            };
            // The time a frame is taken is its own: the driver's stamps mean something else each.
            let now = self.now();
            self.flags.heard.store(now, Ordering::SeqCst);
            match frame {
                Some(_) if self.flags.stopped() => {}
                Some(frame) => {
                    good = now;
                    self.flags.last.store(now, Ordering::SeqCst);
                    self.flags.told.store(false, Ordering::SeqCst);
                    self.sink.frame(self.run, frame);
                }
                None if now.saturating_sub(good) > STALL_MS => return Fault::CameraFailed,
                None => {}
            }
        }
        Fault::CameraFailed
    }

    /// Wakes a reader whose stream is frozen; then, and after a stop, goes on waking it until the
    /// device is let go.
    pub(super) fn watch(&self) {
        while !self.flags.done.load(Ordering::SeqCst) {
            std::thread::sleep(WATCH);
            if !self.flags.open.load(Ordering::SeqCst) {
                continue;
            }
            if self.flags.stopped() || self.flags.kicked.load(Ordering::SeqCst) {
                self.flags.wake();
                continue;
            }
            let since = |tick: &AtomicU64| self.now().saturating_sub(tick.load(Ordering::SeqCst));
            let heard = self.flags.heard.load(Ordering::SeqCst) > 0;
            let (told, kicked) = if heard {
                let silent = since(&self.flags.heard);
                (silent > STALL_MS, silent > STALL_MS)
            } else {
                let waiting = since(&self.flags.since);
                (waiting > FIRST_MS, waiting > FIRST_KICK_MS)
            };
            if told {
                self.tell(Fault::CameraStalled);
            }
            if kicked {
                self.flags.kicked.store(true, Ordering::SeqCst);
            }
        }
    }

    /// Tells the sink, once until the next frame.
    fn tell(&self, fault: Fault) {
        if !self.flags.told.swap(true, Ordering::SeqCst) && !self.flags.stopped() {
            self.sink.state(self.run, Err(fault));
        }
    }

    /// Waits, but not after a stop.
    fn rest(&self, ms: u64) {
        let end = self.now() + ms;
        while !self.flags.stopped() && self.now() < end {
            std::thread::park_timeout(Duration::from_millis(end.saturating_sub(self.now()).max(1)));
        }
    }

    fn now(&self) -> u64 {
        self.clock.tick().0.max(1)
    }
}

#[cfg(test)]
#[path = "supervise_tests.rs"]
mod tests;
