//! One slot for the latest frame: nothing queues up, nobody waits for a slow reader.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::core::ids::RunId;
use crate::ports::Frame;

/// The latest frame of the current run. Readers share it; it is wiped when the last lets go.
#[derive(Default)]
pub struct LatestFrame {
    slot: Mutex<Slot>,
    arrived: Condvar,
}

#[derive(Default)]
struct Slot {
    run: Option<RunId>,
    count: u64,
    frame: Option<Arc<Frame>>,
}

impl LatestFrame {
    /// Accepts frames of this run from now on, and of no other.
    pub(super) fn begin(&self, run: RunId) {
        let mut slot = self.lock();
        *slot = Slot { run: Some(run), count: slot.count, frame: None };
    }

    /// Drops the frame and accepts none.
    pub(super) fn end(&self) {
        let mut slot = self.lock();
        slot.run = None;
        slot.frame = None;
        slot.count += 1;
        self.arrived.notify_all();
    }

    /// Drops the frame of a camera that went away; the next is the first again.
    pub(super) fn clear(&self, run: RunId) {
        let mut slot = self.lock();
        if slot.run == Some(run) {
            slot.frame = None;
            slot.count += 1;
        }
    }

    /// Puts a frame; one of another run is dropped, and so wiped. True for the first of a run.
    pub(super) fn put(&self, run: RunId, frame: Frame) -> bool {
        let mut slot = self.lock();
        if slot.run != Some(run) {
            return false;
        }
        let first = slot.frame.is_none();
        slot.frame = Some(Arc::new(frame));
        slot.count += 1;
        self.arrived.notify_all();
        first
    }

    /// The latest frame and its number, if there is one.
    #[must_use]
    pub fn now(&self) -> Option<(u64, Arc<Frame>)> {
        let slot = self.lock();
        slot.frame.clone().map(|frame| (slot.count, frame))
    }

    /// Waits for a frame newer than `seen`.
    pub(super) fn newer(&self, seen: u64, timeout: Duration) -> Option<(u64, Arc<Frame>)> {
        let slot = self.lock();
        let waited = self
            .arrived
            .wait_timeout_while(slot, timeout, |slot| slot.frame.is_none() || slot.count <= seen)
            .unwrap_or_else(PoisonError::into_inner);
        let slot = waited.0;
        if slot.count <= seen {
            return None;
        }
        slot.frame.clone().map(|frame| (slot.count, frame))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::new(1, 1, vec![1, 2, 3]).unwrap()
    }

    #[test]
    fn a_frame_of_an_earlier_run_never_arrives() {
        let latest = LatestFrame::default();
        latest.begin(RunId(1));
        assert!(latest.put(RunId(1), frame()));
        latest.end();
        assert!(latest.now().is_none());
        latest.begin(RunId(2));
        latest.put(RunId(1), frame());
        assert!(latest.now().is_none());
        assert!(latest.newer(0, Duration::from_millis(1)).is_none());
    }

    #[test]
    fn only_the_latest_is_kept() {
        let latest = LatestFrame::default();
        latest.begin(RunId(1));
        latest.put(RunId(1), frame());
        latest.put(RunId(1), frame());
        let (count, _) = latest.newer(0, Duration::ZERO).unwrap();
        assert!(latest.newer(count, Duration::ZERO).is_none());
    }
}
