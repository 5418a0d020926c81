//! Devices that are not there: each says so at once.

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::core::screen::Lang;
use crate::ports::{
    CardReader, CardSight, IdentityAuthority, Paper, PhoneSight, PhoneSink, Printer, ScanSink, Scanner, Utterance, Voice,
};

/// No card reader is connected.
#[derive(Debug, Default)]
pub struct NoReader;

impl CardReader for NoReader {
    fn start(&mut self, run: RunId, sink: Box<dyn Fn(RunId, CardSight) + Send + Sync>) {
        sink(run, CardSight::Failed(Fault::ReaderMissing));
    }

    fn stop(&mut self) {}

    fn present(&self) -> bool {
        false
    }
}

/// No printer is set up.
#[derive(Debug, Default)]
pub struct NoPrinter;

impl Printer for NoPrinter {
    fn print(&self, _: &Paper) -> bool {
        false
    }
}

/// No sound device is there, or none is wanted: text goes on.
#[derive(Debug, Default)]
pub struct NoVoice;

impl Voice for NoVoice {
    fn say(&mut self, _: Utterance, _: Box<dyn FnOnce(u64) + Send>) {}

    fn hush(&mut self) {}
}

/// The site has no phone way.
#[derive(Debug, Default)]
pub struct NoPhone;

impl IdentityAuthority for NoPhone {
    fn start(&mut self, run: RunId, _: Lang, sink: PhoneSink) {
        sink(run, PhoneSight::Failed(Fault::PhoneMissing));
    }

    fn stop(&mut self) {}

    fn present(&self) -> bool {
        false
    }
}

/// Nothing types by itself.
#[derive(Debug, Default)]
pub struct NoScanner;

impl Scanner for NoScanner {
    fn start(&mut self, _: ScanSink) {}
}
