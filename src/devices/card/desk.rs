//! The desk reader behind the kiosk's port: one period of looking is one thread.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::core::time::Tick;
use crate::ports::{CardReader, CardSight, Clock};

use super::check::{Inconsistency, check};
use super::driver::Driver;
use super::fault::CardFault;
use super::reader::{Pace, Sight, identify, run};
use super::serial::Serial;
use super::usb::Device;
use super::wire::Wire;

/// Where a reader is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Port {
    /// A serial port, or a bridge to one.
    Serial(PathBuf),
    /// Native USB, `0400:C35A`.
    Usb,
}

impl Port {
    /// As a site file names it: `usb`, or a path.
    #[must_use]
    pub fn named(name: &str) -> Self {
        if name == "usb" { Self::Usb } else { Self::Serial(PathBuf::from(name)) }
    }

    /// The path of a serial port.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Serial(path) => Some(path),
            Self::Usb => None,
        }
    }

    fn open(&self) -> io::Result<Box<dyn Wire>> {
        Ok(match self {
            Self::Serial(path) => Box::new(Serial::open(path)?),
            Self::Usb => Box::new(Device::open()?),
        })
    }
}

/// A desk reader for identity cards.
pub struct DeskReader {
    port: Port,
    clock: Arc<dyn Clock>,
    /// The security module it must have: the pinned one, or the one it had at the start.
    sam: Option<String>,
    looking: Arc<AtomicBool>,
}

impl DeskReader {
    /// A reader at this port. Asks it who it is; a reader that is not there yet may come later.
    #[must_use]
    pub fn new(port: Port, pinned: Option<String>, clock: Arc<dyn Clock>) -> Self {
        let sam = pinned.or_else(|| port.open().ok().and_then(|wire| identify(wire, &Real(clock.clone()))));
        Self { port, clock, sam, looking: Arc::default() }
    }

    /// Whether a reader answers now, and which security module it says it has.
    ///
    /// # Errors
    /// Why the port cannot be used.
    pub fn probe(port: &Port, clock: Arc<dyn Clock>) -> io::Result<Option<String>> {
        Ok(identify(port.open()?, &Real(clock)))
    }
}

impl CardReader for DeskReader {
    fn start(&mut self, id: RunId, sink: Box<dyn Fn(RunId, CardSight) + Send + Sync>) {
        self.stop();
        let looking = Arc::new(AtomicBool::new(true));
        self.looking = looking.clone();
        let (port, clock, sam) = (self.port.clone(), self.clock.clone(), self.sam.clone());
        std::thread::spawn(move || {
            let pace = Real(clock.clone());
            let mut tell = |sight: Sight| {
                let told = told(sight, &*clock);
                // A lost reader ends this period for the person; the next touch looks again.
                if matches!(told, Some(CardSight::Failed(_))) {
                    looking.store(false, Ordering::SeqCst);
                }
                if let Some(told) = told {
                    sink(id, told);
                }
            };
            run(&mut || port.open(), &mut Driver::new(sam), &pace, &mut tell, &looking);
        });
    }

    fn stop(&mut self) {
        self.looking.store(false, Ordering::SeqCst);
    }

    fn identity(&self) -> Option<String> {
        self.sam.clone()
    }
}

fn told(sight: Sight, clock: &dyn Clock) -> Option<CardSight> {
    Some(match sight {
        Sight::Found => CardSight::Found,
        Sight::Back => return None,
        Sight::Read(reading) => match check(&reading, clock.today()) {
            // The date is looked at where all documents are.
            Ok(()) | Err(Inconsistency::Expired) => CardSight::Read(reading.into_identity()),
            Err(_) => CardSight::Doubtful(reading.into_identity()),
        },
        Sight::Failed(CardFault::Tampered) => CardSight::Changed,
        Sight::Failed(fault) => CardSight::Failed(match fault {
            CardFault::ReaderMissing => Fault::ReaderMissing,
            CardFault::ReaderFailed | CardFault::Tampered => Fault::ReaderFailed,
            CardFault::CardUnreadable => Fault::CardUnreadable,
            CardFault::CardRemoved => Fault::CardRemoved,
            CardFault::CardRefused => Fault::CardRefused,
            CardFault::CardUnsupported => Fault::CardUnsupported,
        }),
    })
}

/// The kiosk's clock, and real sleep.
struct Real(Arc<dyn Clock>);

impl Pace for Real {
    fn now(&self) -> Tick {
        self.0.tick()
    }

    fn sleep(&self, ms: u64) {
        std::thread::sleep(Duration::from_millis(ms));
    }
}
