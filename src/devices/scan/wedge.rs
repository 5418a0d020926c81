//! A scanner that types, read on a thread of its own.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ports::{ScanSink, Scanner};

use super::assemble::Assembler;
use super::find::Which;
use super::held::{Heard, Held, Keys};
use super::rules::Rules;

/// How long after a scanner was looked for in vain it is looked for again.
const LOOK: Duration = Duration::from_secs(1);
/// How long a wait for keys lasts at most; a stop takes so long. Units: ms.
const WAIT_MS: u64 = 200;

/// How the scanner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not there, or not started.
    Missing,
    /// There and in use; nobody else hears its keys.
    Held,
    /// There, but not ours: another program holds it, or its node may not be opened. It is not used.
    Refused,
}

/// Makes or finds what has the keys.
type Opener = dyn Fn() -> io::Result<Box<dyn Keys>> + Send + Sync;

#[derive(Default)]
struct Shared {
    ended: AtomicBool,
    state: AtomicU8,
}

/// A scanner held exclusively. Looks for it every second while it is not there.
pub struct WedgeScanner {
    rules: Rules,
    opener: Arc<Opener>,
    running: Option<(Arc<Shared>, JoinHandle<()>)>,
}

impl WedgeScanner {
    /// The scanner the configuration names; it is let alone until started.
    #[must_use]
    pub fn new(which: Which, rules: Rules) -> Self {
        let (class, nodes) = (Path::new("/sys/class/input"), Path::new("/dev/input"));
        Self::of(rules, move || Ok(Box::new(Held::open(&which.nodes(class, nodes))?)))
    }

    fn of(rules: Rules, opener: impl Fn() -> io::Result<Box<dyn Keys>> + Send + Sync + 'static) -> Self {
        Self { rules, opener: Arc::new(opener), running: None }
    }

    /// How it is now.
    #[must_use]
    pub fn state(&self) -> State {
        match self.running.as_ref().map(|(shared, _)| shared.state.load(Ordering::SeqCst)) {
            Some(1) => State::Held,
            Some(2) => State::Refused,
            _ => State::Missing,
        }
    }

    fn stop(&mut self) {
        if let Some((shared, thread)) = self.running.take() {
            shared.ended.store(true, Ordering::SeqCst);
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

impl Scanner for WedgeScanner {
    /// Started again, it tells only the new sink. Without a thread it stays missing.
    fn start(&mut self, sink: ScanSink) {
        self.stop();
        let shared = Arc::new(Shared::default());
        let (theirs, opener, rules) = (shared.clone(), self.opener.clone(), self.rules);
        let thread = std::thread::Builder::new().name("scanner".into()).spawn(move || work(&theirs, &*opener, rules, &sink));
        self.running = thread.ok().map(|thread| (shared, thread));
    }
}

impl Drop for WedgeScanner {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(shared: &Shared, opener: &Opener, rules: Rules, sink: &ScanSink) {
    while !shared.ended.load(Ordering::SeqCst) {
        let opened = opener();
        let state = match &opened {
            Ok(_) => State::Held,
            Err(error) if matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::PermissionDenied) => State::Refused,
            Err(_) => State::Missing,
        };
        shared.put(state);
        if let Ok(mut keys) = opened {
            // Ends with an error when it is unplugged.
            let _ = read(shared, &mut *keys, rules, sink);
            shared.put(State::Missing);
        }
        if !shared.ended.load(Ordering::SeqCst) {
            std::thread::park_timeout(LOOK);
        }
    }
}

/// Reads until told to stop, or the device is gone.
fn read(shared: &Shared, keys: &mut dyn Keys, rules: Rules, sink: &ScanSink) -> io::Result<()> {
    let mut assembler = Assembler::new(rules);
    let mut quiet_ms = 0;
    while !shared.ended.load(Ordering::SeqCst) {
        // One more: a silence is longer than the longest gap.
        let due_ms = assembler.silence_ms().map_or(u64::MAX, |ms| ms + 1);
        let wait_ms = due_ms.saturating_sub(quiet_ms).min(WAIT_MS);
        let heard = keys.hear(wait_ms, &mut |heard| match heard {
            Heard::Stroke(stroke) => assembler.push(stroke, &mut |scan| sink(scan)),
            Heard::Lost => assembler.lost(),
        })?;
        quiet_ms = if heard { 0 } else { quiet_ms.saturating_add(wait_ms) };
        if quiet_ms >= due_ms {
            assembler.silence(&mut |scan| sink(scan));
            quiet_ms = 0;
        }
    }
    Ok(())
}

impl Shared {
    fn put(&self, state: State) {
        let number = match state {
            State::Missing => 0,
            State::Held => 1,
            State::Refused => 2,
        };
        self.state.store(number, Ordering::SeqCst);
    }
}

#[cfg(test)]
#[path = "wedge_tests.rs"]
mod tests;
