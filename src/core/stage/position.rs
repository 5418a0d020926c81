//! The camera is on: one calm hint at a time until enough good frames are gathered.

use crate::core::command::Command;
use crate::core::consent::Purpose;
use crate::core::event::Event;
use crate::core::evidence::{Capture, Finding, Guidance, Liveness};
use crate::core::ids::{RunId, SampleId};
use crate::core::screen::{Control, View};
use crate::core::context::Ctx;
use crate::core::time::Tick;

use super::{Exit, Step};

/// How many different hints are given before the other ways are pointed out.
const HINTS_BEFORE_OFFER: u8 = 2;

/// How long a face that seems covered is asked about before it is compared as it is. Units: ms.
const COVERED_HINT_MS: u64 = 6_000;

/// The good frames of one unbroken view of one face.
#[derive(Debug, Default)]
pub(in crate::core) struct Gathered {
    pub(super) samples: Vec<SampleId>,
    pub(super) lives: Vec<Liveness>,
}

impl Gathered {
    /// The samples of frames that looked live themselves.
    pub(super) fn live_samples(&self, threshold: f32) -> Vec<SampleId> {
        let both = self.samples.iter().zip(&self.lives);
        both.filter(|(_, live)| f32::from(**live) >= threshold).map(|(sample, _)| *sample).collect()
    }
}

#[derive(Debug)]
pub(in crate::core) struct Position {
    run: RunId,
    live: bool,
    hint: Option<(Guidance, Tick)>,
    hints: u8,
    covered_since: Option<Tick>,
    gathered: Gathered,
    needed: usize,
}

impl Position {
    /// Opens the camera.
    ///
    /// # Errors
    /// Without a live consent there is no capture; the outcome says so.
    pub(in crate::core) fn enter(ctx: &mut Ctx) -> Option<Self> {
        if !ctx.locks.is_empty() {
            return None;
        }
        let run = ctx.run();
        let capture = Capture::under(ctx.journey.consent.as_ref()?, run);
        ctx.out.push(Command::CameraOn(capture));
        let needed = usize::from(ctx.policy.frames);
        Some(Self { run, live: false, hint: None, hints: 0, covered_since: None, gathered: Gathered::default(), needed })
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match event {
            Event::Camera(run, state) if *run == self.run => match state {
                Ok(()) => self.live = true,
                Err(fault) => return Step::Leave(Exit::Faulted(*fault)),
            },
            Event::Blind(run, fault) if *run == self.run => return Step::Leave(Exit::Faulted(*fault)),
            Event::Seen(run, finding) if *run == self.run => return self.seen(*finding, ctx),
            _ => {}
        }
        Step::Stay
    }

    pub(super) fn view(&self, _now: Tick) -> (View, Vec<Control>) {
        let percent = self.gathered.samples.len() * 100 / self.needed.max(1);
        let view = View::Position {
            live: self.live,
            hint: self.hint.map(|(hint, _)| hint),
            percent: u8::try_from(percent.min(100)).unwrap_or(100),
            offer_others: self.hints >= HINTS_BEFORE_OFFER,
        };
        (view, Vec::new())
    }

    fn seen(&mut self, finding: Finding, ctx: &mut Ctx) -> Step {
        self.live = true;
        match finding {
            Finding::Guide(guidance) => {
                if matches!(guidance, Guidance::NoFace | Guidance::ManyFaces) && !self.gathered.samples.is_empty() {
                    // Somebody else may stand there next: what was gathered counts no more.
                    let broken = std::mem::take(&mut self.gathered);
                    ctx.out.push(Command::ForgetSamples(broken.samples));
                }
                self.show(Some(guidance), ctx);
                Step::Stay
            }
            Finding::Covered { sample, .. } if !self.hint_was_given(ctx) => {
                ctx.out.push(Command::ForgetSamples(vec![sample]));
                self.show(Some(Guidance::Uncover), ctx);
                Step::Stay
            }
            Finding::Good { sample, live } | Finding::Covered { sample, live } => {
                if matches!(finding, Finding::Good { .. }) {
                    self.covered_since = None;
                }
                self.show(None, ctx);
                self.gathered.samples.push(sample);
                self.gathered.lives.push(live);
                if self.gathered.samples.len() < self.needed {
                    return Step::Stay;
                }
                Step::Leave(Exit::Gathered(std::mem::take(&mut self.gathered)))
            }
        }
    }

    /// Whether a face that looks covered was asked about long enough. Beards and birthmarks look
    /// so too: they are compared all the same. Never stored, though: a template with a mask on
    /// would match other masks.
    fn hint_was_given(&mut self, ctx: &Ctx) -> bool {
        let since = *self.covered_since.get_or_insert(ctx.at);
        let compared = ctx.journey.consent.as_ref().is_some_and(|consent| consent.purpose() == Purpose::Verify);
        compared && ctx.at.since(since) >= COVERED_HINT_MS
    }

    /// Changes the hint, but never sooner than a person can take it in.
    fn show(&mut self, next: Option<Guidance>, ctx: &Ctx) {
        let current = self.hint.map(|(hint, _)| hint);
        let held = self.hint.is_none_or(|(_, since)| ctx.at.since(since) >= ctx.policy.hint_ms);
        if current != next && held {
            self.hint = next.map(|hint| (hint, ctx.at));
            self.hints = self.hints.saturating_add(u8::from(next.is_some()));
        }
    }
}
