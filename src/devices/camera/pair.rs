//! A colour camera with an infrared one beside it, as one camera. People see themselves in colour;
//! the other's frames go to whoever asks whether the face is there too.

use std::sync::Arc;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{Beside, Camera, CameraSink, Frame};

/// Both are on together, off together, and missing if one is. While the infrared camera delivers
/// nothing, neither does the pair: its fault is the pair's, with its own words, and nobody is taken for
/// somebody who shows a picture because a camera is slow.
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
        self.beside.begin(run);
        self.infrared.start(run, Arc::new(Side { beside: self.beside.clone(), to: sink.clone() }));
        self.colour.start(run, Arc::new(Front { beside: self.beside.clone(), to: sink }));
    }

    fn stop(&mut self) {
        self.colour.stop();
        self.infrared.stop();
        self.beside.end();
    }

    fn present(&self) -> bool {
        // Both are asked: each keeps count of how long it has been away.
        let (colour, infrared) = (self.colour.present(), self.infrared.present());
        colour && infrared
    }
}

/// Hands colour frames on while there are infrared ones.
struct Front {
    beside: Arc<Beside>,
    to: Arc<dyn CameraSink>,
}

impl CameraSink for Front {
    fn frame(&self, run: RunId, frame: Frame) {
        if self.beside.now().is_some() {
            self.to.frame(run, frame);
        }
    }

    fn state(&self, run: RunId, state: Result<(), Fault>) {
        self.to.state(run, state);
    }
}

/// Keeps infrared frames, and tells of faults.
struct Side {
    beside: Arc<Beside>,
    to: Arc<dyn CameraSink>,
}

impl CameraSink for Side {
    fn frame(&self, run: RunId, frame: Frame) {
        self.beside.put(run, frame);
    }

    fn state(&self, run: RunId, state: Result<(), Fault>) {
        if state.is_err() {
            // A frozen picture is no evidence. Before the fault is told, so that no frame follows it.
            self.beside.clear();
        }
        self.to.state(run, state);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Keeps its sink, and whether it is there.
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

    /// What reached the kiosk: `None` a frame, else a fault.
    #[derive(Default)]
    struct Told(Mutex<Vec<Option<Fault>>>);

    impl CameraSink for Told {
        fn frame(&self, _: RunId, _: Frame) {
            self.0.lock().unwrap().push(None);
        }

        fn state(&self, _: RunId, state: Result<(), Fault>) {
            self.0.lock().unwrap().push(state.err());
        }
    }

    fn frame() -> Frame {
        Frame::new(1, 1, vec![9; 3]).unwrap()
    }

    #[test]
    fn neither_delivers_without_the_other_and_a_fault_of_either_is_told() {
        let (colour, infrared, told) = (Held::default(), Held::default(), Arc::new(Told::default()));
        let mut pair = Pair::new(colour.clone(), infrared.clone(), Arc::default());
        pair.start(RunId(1), told.clone());
        let (front, side) = (colour.sink().unwrap(), infrared.sink().unwrap());
        front.frame(RunId(1), frame());
        assert_eq!(*told.0.lock().unwrap(), [], "the other is still starting");
        side.frame(RunId(1), frame());
        front.frame(RunId(1), frame());
        side.state(RunId(1), Err(Fault::CameraStalled));
        front.frame(RunId(1), frame());
        side.frame(RunId(1), frame());
        front.frame(RunId(1), frame());
        front.state(RunId(1), Err(Fault::CameraUnplugged));
        assert_eq!(*told.0.lock().unwrap(), [None, Some(Fault::CameraStalled), None, Some(Fault::CameraUnplugged)]);
    }

    #[test]
    fn both_are_off_together_and_nothing_of_a_run_is_left() {
        let (colour, infrared, beside) = (Held::default(), Held::default(), Arc::new(Beside::default()));
        let mut pair = Pair::new(colour.clone(), infrared.clone(), beside.clone());
        pair.start(RunId(1), Arc::new(Told::default()));
        let side = infrared.sink().unwrap();
        side.frame(RunId(1), frame());
        assert!(beside.now().is_some());
        pair.stop();
        assert!(beside.now().is_none() && colour.sink().is_none() && infrared.sink().is_none());
        side.frame(RunId(1), frame());
        assert!(beside.now().is_none(), "a thread that let go late");
    }

    #[test]
    fn one_that_is_missing_is_a_camera_that_is_missing() {
        for (colour, infrared) in [(true, true), (true, false), (false, true)] {
            let pair = Pair::new(Held(Arc::default(), colour), Held(Arc::default(), infrared), Arc::default());
            assert_eq!(pair.present(), colour && infrared);
        }
    }
}
