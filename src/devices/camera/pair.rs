//! A colour camera with an infrared one beside it, as one camera. People see themselves in colour;
//! the other's frames go to whoever asks whether the face is there too.

use std::sync::Arc;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{Beside, Camera, CameraSink, Frame};

/// Both are on together, off together, and missing if one is.
pub struct Pair<C> {
    colour: C,
    infrared: C,
    beside: Arc<Beside>,
}

impl<C: Camera> Pair<C> {
    /// Puts what `infrared` sees into `beside`.
    #[must_use]
    pub fn new(colour: C, infrared: C, beside: Arc<Beside>) -> Self {
        Self { colour, infrared, beside }
    }
}

impl<C: Camera> Camera for Pair<C> {
    fn start(&mut self, run: RunId, sink: Arc<dyn CameraSink>) {
        self.beside.clear();
        self.infrared.start(run, Arc::new(Side(self.beside.clone())));
        self.colour.start(run, sink);
    }

    fn stop(&mut self) {
        self.colour.stop();
        self.infrared.stop();
        self.beside.clear();
    }

    fn present(&self) -> bool {
        // Both are asked: each keeps count of how long it has been away.
        let (colour, infrared) = (self.colour.present(), self.infrared.present());
        colour && infrared
    }
}

/// A fault of the infrared camera needs no words of its own: without its frames nobody passes for
/// live, and that has its way on.
struct Side(Arc<Beside>);

impl CameraSink for Side {
    fn frame(&self, _run: RunId, frame: Frame) {
        self.0.put(frame);
    }

    fn state(&self, _run: RunId, state: Result<(), Fault>) {
        if state.is_err() {
            self.0.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Keeps its sink, and whether it is on.
    #[derive(Clone, Default)]
    struct Held(Arc<Mutex<Option<Arc<dyn CameraSink>>>>, bool);

    impl Held {
        fn sink(&self) -> Option<Arc<dyn CameraSink>> {
            self.0.lock().unwrap().clone()
        }
    }

    impl Camera for Held {
        fn start(&mut self, _run: RunId, sink: Arc<dyn CameraSink>) {
            *self.0.lock().unwrap() = Some(sink);
        }

        fn stop(&mut self) {
            *self.0.lock().unwrap() = None;
        }

        fn present(&self) -> bool {
            self.1
        }
    }

    struct Nobody;

    impl CameraSink for Nobody {
        fn frame(&self, _: RunId, _: Frame) {}
        fn state(&self, _: RunId, _: Result<(), Fault>) {}
    }

    #[test]
    fn both_are_on_and_off_together_and_nothing_of_a_run_is_left() {
        let (colour, infrared, beside) = (Held(Arc::default(), true), Held(Arc::default(), true), Arc::new(Beside::default()));
        let mut pair = Pair::new(colour.clone(), infrared.clone(), beside.clone());
        pair.start(RunId(1), Arc::new(Nobody));
        assert!(colour.sink().is_some());
        let sink = infrared.sink().expect("it is on");
        let frame = || Frame::new(1, 1, vec![9; 3]).unwrap();
        sink.frame(RunId(1), frame());
        assert!(beside.now().is_some());
        sink.state(RunId(1), Err(Fault::CameraStalled));
        assert!(beside.now().is_none(), "a frozen picture is no evidence");
        sink.frame(RunId(1), frame());
        pair.stop();
        assert!(beside.now().is_none() && colour.sink().is_none() && infrared.sink().is_none());
    }

    #[test]
    fn one_that_is_missing_is_a_camera_that_is_missing() {
        for (colour, infrared) in [(true, true), (true, false), (false, true)] {
            let pair = Pair::new(Held(Arc::default(), colour), Held(Arc::default(), infrared), Arc::default());
            assert_eq!(pair.present(), colour && infrared);
        }
    }
}
