//! What a second camera sees beside the first.

use std::sync::{Arc, Mutex, PoisonError};

use crate::core::ids::RunId;

use super::Frame;

/// The latest frame of a second camera; none while it is off, or delivers nothing. Wiped when the last
/// holder lets go.
#[derive(Default)]
pub struct Beside(Mutex<Slot>);

#[derive(Default)]
struct Slot {
    run: Option<RunId>,
    frame: Option<Arc<Frame>>,
}

impl Beside {
    /// Takes frames of this run from now on, and of no other.
    pub fn begin(&self, run: RunId) {
        *self.lock() = Slot { run: Some(run), frame: None };
    }

    /// Drops the frame and takes none.
    pub fn end(&self) {
        *self.lock() = Slot::default();
    }

    /// Puts a frame in the place of the last; one of another run is dropped, and so wiped.
    pub fn put(&self, run: RunId, frame: Frame) {
        let mut slot = self.lock();
        if slot.run == Some(run) {
            slot.frame = Some(Arc::new(frame));
        }
    }

    /// Drops the frame of a camera that went away.
    pub fn clear(&self) {
        self.lock().frame = None;
    }

    /// The latest.
    #[must_use]
    pub fn now(&self) -> Option<Arc<Frame>> {
        self.lock().frame.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
