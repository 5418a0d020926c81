//! Watches simulated devices from outside, so that a script can say what must have happened.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::core::alarm::Alarm;
use crate::core::evidence::{Grant, Method};
use crate::core::ids::RunId;
use crate::core::ticket::Ticket;
use crate::ports::{Camera, CameraSink, CardReader, CardSight, OutcomePort, Witness};

/// What has been seen.
#[derive(Default)]
pub struct Watch {
    opened: AtomicU64,
    on: AtomicBool,
    outcome: Mutex<Option<&'static str>>,
}

impl Watch {
    /// A camera that is watched.
    #[must_use]
    pub fn camera(self: &Arc<Self>, camera: Box<dyn Camera>) -> Box<dyn Camera> {
        Box::new(Watched { device: camera, watch: self.clone() })
    }

    /// A reader that is watched.
    #[must_use]
    pub fn reader(self: &Arc<Self>, reader: Box<dyn CardReader>) -> Box<dyn CardReader> {
        Box::new(Watched { device: reader, watch: self.clone() })
    }

    /// An outcome port that is watched.
    #[must_use]
    pub fn outcome(self: &Arc<Self>, outcome: Box<dyn OutcomePort>) -> Box<dyn OutcomePort> {
        Box::new(Watched { device: outcome, watch: self.clone() })
    }

    fn set(&self, outcome: Option<&'static str>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
    }
}

impl Witness for Arc<Watch> {
    fn camera_opened(&self) -> u64 {
        self.opened.load(Ordering::SeqCst)
    }

    fn camera_on(&self) -> bool {
        self.on.load(Ordering::SeqCst)
    }

    fn outcome(&self) -> Option<&'static str> {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Watched<T> {
    device: T,
    watch: Arc<Watch>,
}

impl Camera for Watched<Box<dyn Camera>> {
    fn start(&mut self, run: RunId, sink: Arc<dyn CameraSink>) {
        self.watch.opened.fetch_add(1, Ordering::SeqCst);
        self.watch.on.store(true, Ordering::SeqCst);
        self.watch.set(None);
        self.device.start(run, sink);
    }

    fn stop(&mut self) {
        self.device.stop();
        self.watch.on.store(false, Ordering::SeqCst);
    }

    fn present(&self) -> bool {
        self.device.present()
    }
}

impl CardReader for Watched<Box<dyn CardReader>> {
    fn start(&mut self, run: RunId, sink: Box<dyn Fn(RunId, CardSight) + Send + Sync>) {
        self.watch.set(None);
        self.device.start(run, sink);
    }

    fn stop(&mut self) {
        self.device.stop();
    }

    fn identity(&self) -> Option<String> {
        self.device.identity()
    }
}

impl OutcomePort for Watched<Box<dyn OutcomePort>> {
    fn granted(&mut self, grant: &Grant) {
        self.watch.set(Some(match grant.method() {
            Method::Face => "face",
            Method::Card => "card",
            Method::Staff => "staff",
            Method::Phone => "phone",
        }));
        self.device.granted(grant);
    }

    fn alarm(&mut self, alarm: Alarm) {
        self.device.alarm(alarm);
    }

    fn listen(&mut self, sink: Box<dyn Fn(Ticket) + Send + Sync>) {
        self.device.listen(sink);
    }

    fn staff_called(&mut self) {
        self.device.staff_called();
    }
}
