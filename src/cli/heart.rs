//! Signs of life for whoever watches over the program, such as systemd: ready when there is
//! something on the screen, alive while both the screen and the kiosk behind it go on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mianzheng::core::time::Tick;
use mianzheng::devices::clock::SystemClock;
use mianzheng::ports::Clock;
use mianzheng::runtime::Shared;
use sd_notify::NotifyState;

/// The kiosk's loop goes round at least every 5 s, and a screen draws itself every 2 s even if nothing
/// changes on it; later than this they hang. Units: milliseconds.
const HANGS_MS: u64 = 8_000;
/// A screen on which nothing changes draws itself this often all the same.
const AGAIN: Duration = Duration::from_secs(2);
/// Between two signs.
const EVERY: Duration = Duration::from_secs(1);

pub(super) struct Heart {
    /// Goes up with the screen's thread; none where nobody watches.
    drawn: Option<Arc<AtomicU64>>,
    ready: bool,
}

impl Heart {
    pub(super) fn new(behind: Arc<Shared>) -> Self {
        // Not by the library: it asks whether it is this process that is watched, and that is the
        // compositor this one runs in.
        let watched = std::env::var("WATCHDOG_USEC").is_ok_and(|every| every.parse::<u64>().is_ok());
        let drawn = watched.then(Arc::<AtomicU64>::default);
        if let Some(drawn) = drawn.clone() {
            std::thread::spawn(move || watch(&behind, &drawn));
        }
        Self { drawn, ready: false }
    }

    /// Called from the thread of the screen, again and again.
    pub(super) fn beat(&self, ctx: &egui::Context) {
        if let Some(drawn) = &self.drawn {
            drawn.fetch_add(1, Ordering::SeqCst);
            ctx.request_repaint_after(AGAIN);
        }
    }

    /// Called after a frame was drawn.
    pub(super) fn drawn(&mut self) {
        if !self.ready {
            self.ready = true;
            tell(&[NotifyState::Ready]);
        }
    }
}

/// A count, and when it last went up.
struct Pulse {
    count: u64,
    at: Tick,
}

impl Pulse {
    fn beats(&mut self, count: u64, now: Tick) -> bool {
        if count != self.count {
            *self = Self { count, at: now };
        }
        now.since(self.at) < HANGS_MS
    }
}

fn watch(behind: &Shared, drawn: &AtomicU64) {
    let clock = SystemClock::default();
    let mut kiosk = Pulse { count: 0, at: clock.tick() };
    let mut screen = Pulse { count: 0, at: clock.tick() };
    loop {
        let now = clock.tick();
        let kiosk = kiosk.beats(behind.beats(), now);
        // A compositor asks for no picture while the monitor is off: that is no fault of the program.
        let screen = screen.beats(drawn.load(Ordering::SeqCst), now) || is_dark(Path::new("/sys/class/drm"));
        if kiosk && screen {
            tell(&[NotifyState::Watchdog]);
        }
        std::thread::sleep(EVERY);
    }
}

/// Whether there are connectors for monitors, and on none of them one that is on.
fn is_dark(connectors: &Path) -> bool {
    let read = |path: &Path, file: &str| std::fs::read_to_string(path.join(file)).map(|text| text.trim().to_owned()).ok();
    let found = std::fs::read_dir(connectors).into_iter().flatten().flatten().map(|entry| entry.path());
    let known: Vec<(String, Option<String>)> =
        found.filter_map(|path| Some((read(&path, "status")?, read(&path, "dpms")))).collect();
    !known.is_empty() && !known.iter().any(|(status, power)| status == "connected" && power.as_deref().is_none_or(|power| power == "On"))
}

/// Where nobody watches, nothing is said.
fn tell(state: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager does not listen");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_stops_when_the_count_does() {
        let mut pulse = Pulse { count: 0, at: Tick(0) };
        assert!(pulse.beats(1, Tick(7_000)));
        assert!(pulse.beats(1, Tick(14_000)));
        assert!(!pulse.beats(1, Tick(15_000)));
        assert!(pulse.beats(2, Tick(15_001)));
    }

    #[test]
    fn a_monitor_that_is_off_or_gone_is_dark_and_none_at_all_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_dark(folder.path()), "a machine without such a list");
        let port = |name: &str, status: &str, power: &str| {
            let port = folder.path().join(name);
            std::fs::create_dir_all(&port).unwrap();
            std::fs::write(port.join("status"), format!("{status}\n")).unwrap();
            std::fs::write(port.join("dpms"), format!("{power}\n")).unwrap();
        };
        port("card0-HDMI-A-1", "disconnected", "Off");
        assert!(is_dark(folder.path()));
        port("card0-DP-1", "connected", "Off");
        assert!(is_dark(folder.path()));
        port("card0-DP-1", "connected", "On");
        assert!(!is_dark(folder.path()));
    }
}
