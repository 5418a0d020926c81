//! The camera is on: one calm hint at a time until enough good frames are gathered.

use crate::core::audit::AttemptResult;
use crate::core::command::Command;
use crate::core::consent::Purpose;
use crate::core::event::Event;
use crate::core::fault::Fault;
use crate::core::evidence::{Capture, Finding, Good, Guidance, Liveness, Method, Turn};
use crate::core::ids::{RunId, SampleId};
use crate::core::readiness::bars;
use crate::core::screen::{Control, View};
use crate::core::context::Ctx;
use crate::core::time::Tick;

use super::result::Outcome;
use super::{Exit, Step};

/// How many different hints are given before the other ways are pointed out.
const HINTS_BEFORE_OFFER: u8 = 2;

/// How long a face that seems covered is asked about before it is compared as it is. Units: ms.
const COVERED_HINT_MS: u64 = 6_000;

/// How long a person who registers is given to turn the head a little, to each side. Who cannot, or
/// does not hear of it, loses nothing. Units: ms.
const TURN_MS: u64 = 4_000;
/// How long a camera that worked and went away may take to come back before the other ways are all
/// that is left. A plug that shook or a bus that was reset takes 1 to 3 s. Units: ms.
const AWAY_MS: u64 = 8_000;
/// Of the frames of a registration, how many may be of a face that is turned: a quarter to each side.
const TURNED_SHARE: usize = 4;
/// Frames that moved as a head does before it counts: one alone may be blurred.
const RELIEF_FRAMES: usize = 3;

/// The good frames of one unbroken view of one face.
#[derive(Debug, Default)]
pub(in crate::core) struct Gathered {
    pub(super) samples: Vec<SampleId>,
    pub(super) lives: Vec<Liveness>,
    turns: Vec<Turn>,
    deep: usize,
}

impl Gathered {
    fn add(&mut self, good: Good) {
        self.samples.push(good.sample);
        self.lives.push(good.live);
        self.turns.push(good.turn);
        self.deep += usize::from(good.relief);
    }

    /// Whether the face was seen to have depth.
    pub(super) fn relief(&self) -> bool {
        self.deep >= RELIEF_FRAMES
    }

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
    /// It delivers frames; nobody may have looked at them yet.
    works: bool,
    /// The camera worked and went away: why, and when.
    away: Option<(Fault, Tick)>,
    hint: Option<(Guidance, Tick)>,
    hints: u8,
    covered_since: Option<Tick>,
    turning: Option<Turning>,
    gathered: Gathered,
    needed: usize,
}

/// Which side of the face is asked for, and since when; only for registering.
#[derive(Clone, Copy, Debug)]
struct Turning {
    side: Turn,
    since: Option<Tick>,
}

impl Position {
    /// Opens the camera.
    ///
    /// # Errors
    /// Without a live consent there is no capture; the outcome says so.
    pub(in crate::core) fn enter(ctx: &mut Ctx) -> Option<Self> {
        if bars(ctx.locks) {
            return None;
        }
        let run = ctx.run();
        let capture = Capture::under(ctx.journey.consent.as_ref()?, run);
        let needed = usize::from(ctx.policy.frames);
        let turning = (capture.purpose() == Purpose::Enrol).then_some(Turning { side: Turn::Ahead, since: None });
        ctx.out.push(Command::CameraOn(capture));
        let gathered = Gathered::default();
        Some(Self { run, live: false, works: false, away: None, hint: None, hints: 0, covered_since: None, turning, gathered, needed })
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match event {
            Event::Camera(run, state) if *run == self.run => match state {
                Ok(()) => {
                    self.works = true;
                    self.away = None;
                }
                Err(fault) => return self.lost(*fault, ctx),
            },
            Event::Blind(run, fault) if *run == self.run => return Step::Leave(Exit::Faulted(*fault)),
            // Of a camera that is away nothing counts any more but that two people stood there.
            Event::Seen(run, finding) if *run == self.run && (self.away.is_none() || matches!(finding, Finding::Swapped)) => {
                return self.seen(*finding, ctx);
            }
            Event::Seen(run, Finding::Good(good)) if *run == self.run => ctx.out.push(Command::ForgetSamples(vec![good.sample])),
            Event::Wake => {
                if let Some((fault, since)) = self.away
                    && ctx.at.since(since) >= AWAY_MS
                {
                    return Step::Leave(Exit::Faulted(fault));
                }
            }
            _ => {}
        }
        Step::Stay
    }

    /// A camera that worked may come back: the consent stands, what was gathered does not. One that
    /// never worked, or may not be used, is not waited for.
    fn lost(&mut self, fault: Fault, ctx: &mut Ctx) -> Step {
        if self.away.is_some() {
            return Step::Stay;
        }
        let may_come = self.works && fault != Fault::CameraDenied || fault == Fault::CameraStalled;
        if !may_come {
            return Step::Leave(Exit::Faulted(fault));
        }
        self.live = false;
        self.works = false;
        self.hint = None;
        self.away = Some((fault, ctx.at));
        self.start_over(ctx);
        Step::Stay
    }

    /// Somebody else may stand there next: what was gathered counts no more.
    fn start_over(&mut self, ctx: &mut Ctx) {
        if self.gathered.samples.is_empty() {
            return;
        }
        let broken = std::mem::take(&mut self.gathered);
        ctx.out.push(Command::ForgetSamples(broken.samples));
        if let Some(turning) = &mut self.turning {
            *turning = Turning { side: Turn::Ahead, since: None };
        }
    }

    /// When a camera that went away is waited for no longer.
    pub(super) fn deadline(&self) -> Option<Tick> {
        self.away.map(|(_, since)| since + AWAY_MS)
    }

    pub(super) fn view(&self, _now: Tick) -> (View, Vec<Control>) {
        let percent = self.gathered.samples.len() * 100 / self.needed.max(1);
        let view = View::Position {
            live: self.live,
            away: self.away.map(|(fault, _)| fault),
            hint: self.hint.map(|(hint, _)| hint),
            percent: u8::try_from(percent.min(100)).unwrap_or(100),
            offer_others: self.away.is_some() || self.hints >= HINTS_BEFORE_OFFER,
        };
        (view, Vec::new())
    }

    fn seen(&mut self, finding: Finding, ctx: &mut Ctx) -> Step {
        self.live = true;
        self.works = true;
        match finding {
            Finding::Guide(guidance) => {
                if matches!(guidance, Guidance::NoFace | Guidance::ManyFaces) {
                    self.start_over(ctx);
                }
                self.show(Some(guidance), ctx);
                Step::Stay
            }
            // Never two people in one attempt, and nobody in the place of another.
            Finding::Swapped => {
                ctx.note_attempt(Method::Face, AttemptResult::Referred);
                Step::Leave(Exit::Ended(Outcome::Referred))
            }
            Finding::Good(good) if good.covered && !self.hint_was_given(ctx) => {
                ctx.out.push(Command::ForgetSamples(vec![good.sample]));
                self.show(Some(Guidance::Uncover), ctx);
                Step::Stay
            }
            Finding::Good(good) => {
                if !good.covered {
                    self.covered_since = None;
                }
                let asked = self.asked(ctx);
                self.show(asked, ctx);
                if asked.is_some_and(|asked| asked_of(good.turn) != Some(asked)) {
                    ctx.out.push(Command::ForgetSamples(vec![good.sample]));
                    return Step::Stay;
                }
                self.gathered.add(good);
                if self.gathered.samples.len() < self.needed {
                    return Step::Stay;
                }
                Step::Leave(Exit::Gathered(std::mem::take(&mut self.gathered)))
            }
        }
    }

    /// Which way a person who registers is asked to turn now: half the frames ahead, then some of
    /// each side as far as they come in time, then whatever comes.
    fn asked(&mut self, ctx: &Ctx) -> Option<Guidance> {
        let turning = self.turning.as_mut()?;
        let count = |side| self.gathered.turns.iter().filter(|turn| **turn == side).count();
        let share = self.needed / TURNED_SHARE;
        let late = turning.since.is_some_and(|since| ctx.at.since(since) >= TURN_MS);
        let next = match turning.side {
            Turn::Ahead if self.gathered.samples.len() >= self.needed / 2 => Some(Turn::Left),
            Turn::Left if late || count(Turn::Left) >= share => Some(Turn::Right),
            Turn::Right if late || count(Turn::Right) >= share => None,
            same => Some(same),
        };
        match next {
            Some(side) if side != turning.side => *turning = Turning { side, since: Some(ctx.at) },
            Some(_) => {}
            None => self.turning = None,
        }
        asked_of(self.turning?.side)
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
            let about_trouble = next.is_some_and(|hint| !matches!(hint, Guidance::TurnLeft | Guidance::TurnRight));
            self.hints = self.hints.saturating_add(u8::from(about_trouble));
        }
    }
}

fn asked_of(side: Turn) -> Option<Guidance> {
    match side {
        Turn::Ahead => None,
        Turn::Left => Some(Guidance::TurnLeft),
        Turn::Right => Some(Guidance::TurnRight),
    }
}
