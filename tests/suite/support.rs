//! What several tests need.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};

use mianzheng::core::time::{Date, Tick};
use mianzheng::core::alarm::Alarm;
use mianzheng::ports::{Clock, Facts, Sentinel};

/// The program under test.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mianzheng"));
    command.current_dir(root()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("LANG", "en_GB.UTF-8");
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

pub(crate) fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program starts")
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn portrait(name: &str) -> PathBuf {
    root().join("tests/data/portraits").join(name)
}

/// Standard output as JSON.
pub(crate) fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("not one JSON object: {e}: {output:?}"))
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A machine on which nothing changes.
pub(crate) struct NoSentinel;

impl Sentinel for NoSentinel {
    fn look(&mut self) -> Vec<Alarm> {
        Vec::new()
    }

    fn facts(&self) -> Facts {
        Facts::default()
    }
}

/// A clock that stands still unless told.
#[derive(Default)]
pub(crate) struct TestClock {
    pub tick: AtomicU64,
    pub unix_ms: AtomicU64,
    pub uptime: AtomicU64,
    /// Days since 22 November 2026.
    pub days: AtomicU64,
}

impl Clock for TestClock {
    fn tick(&self) -> Tick {
        Tick(self.tick.load(Ordering::SeqCst))
    }

    fn today(&self) -> Date {
        Date::parse("2026-11-22").expect("a date").plus(u32::try_from(self.days.load(Ordering::SeqCst)).expect("days"))
    }

    fn boot(&self) -> Option<(String, u64)> {
        Some(("this start".into(), self.uptime.load(Ordering::SeqCst)))
    }

    fn unix_ms(&self) -> i64 {
        self.unix_ms.load(Ordering::SeqCst).cast_signed()
    }
}
