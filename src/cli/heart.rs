//! Signs of life for whoever watches over the program, such as systemd: ready when there is
//! something on the screen, alive while both the screen and the kiosk behind it go on.

use std::time::Duration;

use mianzheng::core::time::Tick;
use mianzheng::devices::clock::SystemClock;
use mianzheng::ports::Clock;
use mianzheng::runtime::Shared;
use sd_notify::NotifyState;

/// The kiosk's loop goes round at least every 5 s; later than this it hangs. Units: milliseconds.
const LOOP_MS: u64 = 8_000;
/// A screen on which nothing changes draws itself this often all the same.
const AGAIN: Duration = Duration::from_secs(2);

pub(super) struct Heart {
    clock: SystemClock,
    watched: bool,
    ready: bool,
    beats: u64,
    beaten: Tick,
    told: Option<Tick>,
}

impl Heart {
    pub(super) fn new() -> Self {
        // Not by the library: it asks whether it is this process that is watched, and that is the
        // compositor this one runs in.
        let watched = std::env::var("WATCHDOG_USEC").is_ok_and(|every| every.parse::<u64>().is_ok());
        Self { clock: SystemClock::default(), watched, ready: false, beats: 0, beaten: Tick(0), told: None }
    }

    /// Called from the thread of the screen, again and again.
    pub(super) fn beat(&mut self, shared: &Shared, ctx: &egui::Context) {
        let now = self.clock.tick();
        if shared.beats() != self.beats {
            self.beats = shared.beats();
            self.beaten = now;
        }
        if self.watched {
            ctx.request_repaint_after(AGAIN);
            let due = self.told.is_none_or(|told| now.since(told) >= 1_000);
            if due && now.since(self.beaten) < LOOP_MS {
                self.told = Some(now);
                tell(&[NotifyState::Watchdog]);
            }
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

/// Where nobody watches, nothing is said.
fn tell(state: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager does not listen");
    }
}
