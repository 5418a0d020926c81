//! `demo --probe`, for `bench`: when the first screen was painted, how often the camera's picture
//! changes on the screen while the models run, what memory it took.

use std::time::{Duration, Instant};

use mianzheng::core::readiness::FaceLock;
use mianzheng::core::screen::{Control, View};
use mianzheng::ports::DemoDeck;
use mianzheng::runtime::Act;
use mianzheng::ui::KioskUi;

use super::args::DemoArgs;
use super::demo::{Stage, headless};
use super::kiosk::show_until;
use super::say::{DONE, FAULT, Failure, Say};

/// How long the camera's picture is watched, and the longest time to get there.
const WATCHED: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(40);
/// Time between two touches.
const AGAIN: Duration = Duration::from_millis(400);

pub(super) fn probe(stage: Stage, demo: &DemoArgs, say: &Say) -> Result<u8, Failure> {
    let shared = stage.kiosk.shared.clone();
    // Ready, or closed for good: either way nothing more is loaded.
    let ready = {
        let shared = shared.clone();
        move || matches!(shared.screen().view, View::Home { locks } if !locks.contains(&FaceLock::ModelsLoading))
    };
    if demo.headless {
        let mut headless = headless(stage, demo);
        headless.pause();
        println!("{{\"painted\":true}}");
        while !ready() {
            headless.pause();
        }
        return peak();
    }
    let Stage { kiosk, site, deck, folder: _folder, .. } = stage;
    deck.show("a1");
    let mut frames = 0_u32;
    let mut watch = Watch::default();
    let pressing = deck.clone();
    let done = move |ui: &KioskUi, ctx: &egui::Context| {
        frames += 1;
        // Nothing else wakes a screen on which nothing changes.
        ctx.request_repaint_after(AGAIN / 8);
        // What is drawn in one frame is on the screen when the next begins.
        if frames == 2 {
            println!("{{\"painted\":true}}");
        }
        if frames <= 2 || watch.begun.is_none() && !ready() {
            return false;
        }
        watch.step(ui, &shared.screen().view, &*pressing)
    };
    show_until(kiosk, &site, Some(deck), Some(demo.size), say, Box::new(done))?;
    peak()
}

fn peak() -> Result<u8, Failure> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: Option<u64> = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    println!("{{\"peak_kib\":{}}}", kib.ok_or(Failure { code: FAULT, message: "VmHWM".into() })?);
    Ok(DONE)
}

/// Registers a sample person up to the camera and watches its picture.
#[derive(Default)]
struct Watch {
    begun: Option<Instant>,
    acted: Option<Instant>,
    shown: Vec<Instant>,
    last: u64,
    told: bool,
}

impl Watch {
    /// After each frame; true when enough was seen.
    #[allow(clippy::disallowed_methods)] // measuring is what this is for
    fn step(&mut self, ui: &KioskUi, view: &View, deck: &dyn DemoDeck) -> bool {
        let now = Instant::now();
        let begun = *self.begun.get_or_insert(now);
        if now.duration_since(begun) > PATIENCE {
            return true;
        }
        if let View::Position { .. } = view {
            if ui.preview() != self.last {
                self.last = ui.preview();
                self.shown.push(now);
            }
            let enough = !self.told && self.shown.first().is_some_and(|first| now.duration_since(*first) >= WATCHED);
            if enough {
                self.told = true;
                self.tell();
            }
            return self.told;
        }
        // Again and again: a question takes no answer in its first moments.
        if self.acted.is_none_or(|acted| now.duration_since(acted) >= AGAIN) {
            self.acted = Some(now);
            match view {
                View::Home { .. } => ui.act(Act::Tap(Control::Register)),
                View::Card { .. } => drop(deck.lay_card("a")),
                View::Notice { .. } => {
                    ui.act(Act::NoticeEnd);
                    ui.act(Act::Tap(Control::Continue));
                }
                View::Consent { .. } => ui.act(Act::Tap(Control::Agree)),
                View::Claim { len: 0, .. } => {
                    [2, 4, 6, 8].into_iter().for_each(|digit| ui.act(Act::Digit(digit)));
                    ui.act(Act::Tap(Control::ClaimDone));
                }
                _ => {}
            }
        }
        false
    }

    /// Changes of the picture a second: all together, and in the worst second.
    fn tell(&self) {
        let (Some(first), Some(last)) = (self.shown.first(), self.shown.last()) else { return };
        let span = last.duration_since(*first).as_secs_f64();
        let mean = (self.shown.len() - 1) as f64 / span.max(f64::MIN_POSITIVE);
        let second = Duration::from_secs(1);
        let full = self.shown.iter().filter(|from| last.duration_since(**from) >= second);
        let within = |from: &Instant| self.shown.iter().filter(|at| *at > from && at.duration_since(*from) <= second).count();
        let worst = full.map(within).min();
        println!("{{\"preview_fps\":{mean:.1},\"preview_worst_second\":{}}}", worst.map_or("null".into(), |n| n.to_string()));
    }
}
