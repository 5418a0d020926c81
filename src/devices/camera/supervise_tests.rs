//! The supervisor with made-up cameras: told once, back by itself, stopped at once.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;
use crate::devices::clock::SystemClock;
use crate::ports::Frame;

/// What the sink heard.
#[derive(Debug, PartialEq)]
enum Told {
    Frame,
    Fault(Fault),
}

struct Ear(Mutex<Sender<Told>>);

impl CameraSink for Ear {
    fn frame(&self, _run: RunId, _frame: Frame) {
        let _ = self.0.lock().unwrap().send(Told::Frame);
    }

    fn state(&self, _run: RunId, state: Result<(), Fault>) {
        if let Err(fault) = state {
            let _ = self.0.lock().unwrap().send(Told::Fault(fault));
        }
    }
}

/// Delivers what it is given, then fails.
struct Tape(VecDeque<Option<()>>, Result<(), Fault>);

impl Source for Tape {
    fn next(&mut self) -> Result<Option<Frame>, Fault> {
        std::thread::sleep(Duration::from_millis(5));
        match (self.0.pop_front(), self.1) {
            (Some(frame), _) => Ok(frame.map(|()| Frame::new(1, 1, vec![1, 2, 3]).unwrap())),
            (None, Err(fault)) => Err(fault),
            // Goes on without a usable frame.
            (None, Ok(())) => Ok(None),
        }
    }
}

#[allow(clippy::unnecessary_wraps)] // what opening a camera answers
fn tape(frames: usize, then: Result<(), Fault>) -> Result<Box<dyn Source>, Fault> {
    Ok(Box::new(Tape(std::iter::repeat_n(Some(()), frames).collect(), then)))
}

fn begin(open: impl FnMut() -> Result<Box<dyn Source>, Fault> + Send + 'static) -> (Receiver<Told>, Arc<Flags>, std::thread::JoinHandle<()>) {
    let (to, told) = channel();
    let flags = Arc::new(Flags::default());
    // A node that no descriptor is open on.
    flags.opening(u32::MAX);
    let shift = Shift { run: RunId(1), sink: Arc::new(Ear(Mutex::new(to))), flags: flags.clone(), clock: Arc::new(SystemClock::default()) };
    let watch = shift.clone();
    std::thread::spawn(move || watch.watch());
    (told, flags, std::thread::spawn(move || shift.work(open)))
}

fn next(told: &Receiver<Told>) -> Told {
    told.recv_timeout(Duration::from_secs(20)).expect("nothing was told")
}

#[test]
fn a_camera_that_is_pulled_is_told_once_and_comes_back() {
    let mut turn = 0;
    let (told, flags, thread) = begin(move || {
        turn += 1;
        match turn {
            1 => tape(3, Err(Fault::CameraUnplugged)),
            // Off the bus, then back without rights yet.
            2 | 3 => Err(Fault::CameraMissing),
            4 => Err(Fault::CameraDenied),
            _ => tape(1000, Ok(())),
        }
    });
    assert_eq!([next(&told), next(&told), next(&told)], [Told::Frame, Told::Frame, Told::Frame]);
    assert_eq!(next(&told), Told::Fault(Fault::CameraUnplugged));
    assert_eq!(next(&told), Told::Frame, "nothing else is told until it is back");
    flags.stop();
    thread.join().unwrap();
}

#[test]
fn what_never_opens_is_told_after_a_moment_and_a_short_refusal_is_not() {
    let (told, flags, thread) = begin(|| Err(Fault::CameraBusy));
    assert_eq!(next(&told), Told::Fault(Fault::CameraBusy));
    flags.stop();
    thread.join().unwrap();
    assert!(told.try_recv().is_err(), "told twice");

    let mut turn = 0;
    let (told, flags, thread) = begin(move || {
        turn += 1;
        if turn < 3 { Err(Fault::CameraBusy) } else { tape(1000, Ok(())) }
    });
    assert_eq!(next(&told), Told::Frame);
    flags.stop();
    thread.join().unwrap();
}

#[test]
fn junk_without_end_is_a_camera_that_failed_and_a_panic_is_too() {
    let mut turn = 0;
    let (told, flags, thread) = begin(move || {
        turn += 1;
        match turn {
            1 => tape(1, Ok(())),
            2 => tape(1, Err(Fault::CameraUnplugged)),
            3 => panic!("a driver that misbehaves"),
            _ => tape(1000, Ok(())),
        }
    });
    assert_eq!(next(&told), Told::Frame);
    assert_eq!(next(&told), Told::Fault(Fault::CameraFailed));
    assert_eq!(next(&told), Told::Frame);
    assert_eq!(next(&told), Told::Fault(Fault::CameraUnplugged));
    assert_eq!(next(&told), Told::Frame);
    flags.stop();
    thread.join().unwrap();
}

#[test]
fn a_frozen_camera_is_told_by_the_watchdog_and_no_frame_comes_after_a_stop() {
    struct Frozen(Receiver<()>, bool);
    impl Source for Frozen {
        fn next(&mut self) -> Result<Option<Frame>, Fault> {
            if std::mem::replace(&mut self.1, true) {
                // As a reader hangs in the kernel.
                let _ = self.0.recv();
            }
            Ok(Frame::new(1, 1, vec![1, 2, 3]).ok())
        }
    }
    let (wake, frozen) = channel();
    let mut frozen = Some(frozen);
    let (told, flags, thread) = begin(move || match frozen.take() {
        Some(frozen) => Ok(Box::new(Frozen(frozen, false)) as Box<dyn Source>),
        None => Err(Fault::CameraMissing),
    });
    assert_eq!(next(&told), Told::Frame);
    assert_eq!(next(&told), Told::Fault(Fault::CameraStalled));
    flags.stop();
    wake.send(()).unwrap();
    thread.join().unwrap();
    assert!(told.try_recv().is_err(), "a frame after the stop");
}
