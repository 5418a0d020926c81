//! A simulated camera: shows the deck's scene at webcam speed, and fails as real ones do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{Camera, CameraSink, DemoDeck};

use super::deck::Deck;
use super::source::Source;

/// Time between two frames, 15 a second.
const PACE: Duration = Duration::from_millis(66);
/// Frames before a camera is unplugged or freezes.
const LIVE_FRAMES: u32 = 5;
/// How long a frozen camera is given, like the real supervisor does.
const STALL: Duration = Duration::from_millis(1500);

/// Shows what stands before the demo's camera.
pub struct SimCamera {
    deck: Arc<Deck>,
    /// Number of the current run; a thread of another run ends.
    current: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
    pace: Duration,
}

impl SimCamera {
    /// A camera for this deck.
    #[must_use]
    pub fn new(deck: Arc<Deck>) -> Self {
        Self { deck, current: Arc::default(), thread: None, pace: PACE }
    }

    /// The same with another time between two frames.
    #[must_use]
    pub fn paced(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }
}

impl Camera for SimCamera {
    fn start(&mut self, run: RunId, sink: Arc<dyn CameraSink>) {
        self.stop();
        self.current.store(run.0, Ordering::SeqCst);
        let (deck, current, pace) = (self.deck.clone(), self.current.clone(), self.pace);
        self.thread = Some(std::thread::spawn(move || shoot(&deck, &current, pace, run, &*sink)));
    }

    fn stop(&mut self) {
        self.current.store(0, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

impl Drop for SimCamera {
    fn drop(&mut self) {
        self.stop();
    }
}

fn shoot(deck: &Deck, current: &AtomicU64, pace: Duration, run: RunId, sink: &dyn CameraSink) {
    let on = || current.load(Ordering::SeqCst) == run.0;
    let mut scene_id = String::new();
    let mut fault = None;
    let mut source = None;
    let mut shown = 0;
    while on() {
        if deck.scene() != scene_id {
            scene_id = deck.scene();
            let scene = deck.current_scene();
            fault = scene.as_ref().and_then(|scene| scene.fault);
            source = scene.as_ref().map(Source::of);
            shown = 0;
        }
        match fault {
            Some(Fault::CameraUnplugged) if shown < LIVE_FRAMES => {}
            Some(Fault::CameraStalled) if shown < LIVE_FRAMES => {}
            Some(fault) => {
                if fault == Fault::CameraStalled {
                    std::thread::park_timeout(STALL);
                }
                if on() {
                    sink.state(run, Err(fault));
                }
                // It comes back when something else stands before it.
                while on() && deck.scene() == scene_id {
                    std::thread::park_timeout(pace);
                }
                continue;
            }
            None => {}
        }
        if let Some(frame) = source.as_mut().and_then(Source::frame) {
            sink.frame(run, frame);
            shown += 1;
        }
        std::thread::park_timeout(pace);
    }
}
