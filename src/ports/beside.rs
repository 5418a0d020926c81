//! What a second camera sees beside the first.

use std::sync::{Arc, Mutex, PoisonError};

use super::Frame;

/// The latest frame of a second camera; none while it is off, or delivers nothing. Wiped when the last
/// holder lets go.
#[derive(Default)]
pub struct Beside(Mutex<Option<Arc<Frame>>>);

impl Beside {
    /// Puts a frame in the place of the last.
    pub fn put(&self, frame: Frame) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(frame));
    }

    /// Drops it.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The latest.
    #[must_use]
    pub fn now(&self) -> Option<Arc<Frame>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
