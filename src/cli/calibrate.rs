//! `calibrate`: which liveness threshold fits this camera in its place. An installer shows faces of
//! people who agreed, and attacks; only scores are kept, until the program ends, and no picture.

use std::io::{BufRead, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use mianzheng::config::Site;
use mianzheng::core::consent::Purpose;
use mianzheng::core::evidence::Guidance;
use mianzheng::core::fault::Fault;
use mianzheng::core::ids::RunId;
use mianzheng::core::message::Msg;
use mianzheng::devices::camera::NokhwaCamera;
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::sim::{Deck, SimCamera};
use mianzheng::eval::pad::{Counts, NOT_ISO, Presentation, figures, threshold_for_bpcer};
use mianzheng::eval::interval::Rate;
use mianzheng::locale::Arg;
use mianzheng::ports::{Camera, CameraSink, Clock, Eyes, Frame, Look};
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;
use serde_json::json;

use super::args::{Args, CalibrateArgs};
use super::demo::samples;
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};

/// Longest time for one presentation. Units: s.
const PATIENCE_S: u64 = 20;
/// Draws of the bootstrap, and its seed: the same scores give the same intervals.
const ROUNDS: usize = 1000;
const SEED: u64 = 1;

pub(super) fn calibrate(calibrate: &CalibrateArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let site = Site::load(&calibrate.site).map_err(|e| say.site(&e))?;
    if !(0.001..=0.5).contains(&calibrate.bpcer) {
        return Err(say.usage("--bpcer: 0.001 to 0.5"));
    }
    let folder = manifest::folder(args.models.as_deref());
    let mut eyes = Pipeline::load(&folder).map_err(|e| say.model(&e))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let mut camera: Box<dyn Camera> = match &calibrate.camera {
        None => Box::new(NokhwaCamera::new(&site.devices.camera, clock)),
        Some(path) => {
            std::fs::metadata(path).map_err(|e| say.picture(path, &e.to_string()))?;
            let people = samples().join("people.toml");
            let deck = Deck::load(&people).map_err(|_| say.picture(&people, "people.toml"))?;
            Box::new(SimCamera::new(deck.with_camera(path)))
        }
    };
    let needed = usize::from(site.policy.frames);
    let mut presentations = Vec::new();
    eprintln!("{}", say.text(Msg::CliCalibrateHow));
    for line in std::io::stdin().lock().lines() {
        let Ok(word) = line else { break };
        let word = word.trim();
        if word == "end" {
            break;
        }
        let species = (!word.is_empty()).then(|| word.to_owned());
        let run = RunId(presentations.len() as u64 + 1);
        let score = present(&mut *camera, &mut eyes, run, needed, say).map_err(|fault| say.fail(FAULT, fault.words().0, &[]))?;
        eprintln!("{}", say.text(if score.is_some() { Msg::CliCalibrateSeen } else { Msg::CliCalibrateUnseen }));
        // Nobody is named: each presentation stands for itself.
        presentations.push(Presentation { subject: run.0.to_string(), species, set: None, score });
    }
    let all: Vec<&Presentation> = presentations.iter().collect();
    let bonafide: Vec<&Presentation> = all.iter().copied().filter(|one| one.species.is_none()).collect();
    if bonafide.is_empty() {
        return Err(say.fail(USAGE, Msg::CliCalibrateNobody, &[]));
    }
    let now = figures(&all, site.policy.live_threshold, ROUNDS, SEED);
    let fitted = threshold_for_bpcer(&bonafide, calibrate.bpcer);
    // Never below the shipped floor, however few attacks were shown.
    let proposed = fitted.map(|threshold| (threshold.clamp(0.5, 0.99) * 1000.0).floor() / 1000.0);
    let then = proposed.map(|threshold| figures(&all, threshold, ROUNDS, SEED));
    let answer = json!({
        "standing": NOT_ISO,
        "counts": Counts::of(&all),
        "in_force": { "live_threshold": site.policy.live_threshold, "figures": now },
        "asked_bpcer": calibrate.bpcer,
        "proposed": proposed.map(|threshold| json!({ "live_threshold": threshold, "figures": then })),
    });
    if calibrate.json {
        println!("{answer}");
    } else {
        let rate = |rate: Option<Rate>| rate.map_or_else(|| "–".into(), |rate| format!("{} / {}", rate.errors, rate.trials));
        let line = |threshold: f32, figures: &mianzheng::eval::pad::Figures| {
            let threshold = format!("{threshold:.3}");
            let (bpcer, worst) = (rate(figures.bpcer), figures.worst.as_ref());
            let (species, apcer) = worst.map_or(("-".into(), "-".into()), |w| (w.species.clone(), rate(Some(w.apcer))));
            say.with(Msg::CliCalibrateFound, &[("threshold", Arg::Text(&threshold)), ("bpcer", Arg::Text(&bpcer)), ("species", Arg::Text(&species)), ("apcer", Arg::Text(&apcer))])
        };
        println!("{}", line(site.policy.live_threshold, &now));
        match (proposed, &then) {
            (Some(threshold), Some(figures)) => {
                println!("{}", line(threshold, figures));
                println!("{}", say.text(Msg::CliCalibrateNext));
                println!("[policy]\nlive-threshold = {threshold:.3}");
            }
            _ => println!("{}", say.text(Msg::CliCalibrateFew)),
        }
        std::io::stdout().flush().ok();
    }
    Ok(if proposed.is_some() { DONE } else { NO })
}

/// One presentation: the lower median of the first good frames of one face; none if too few come.
#[allow(clippy::disallowed_methods)] // waiting for a device
fn present(camera: &mut dyn Camera, eyes: &mut Pipeline, run: RunId, needed: usize, say: &Say) -> Result<Option<f32>, Fault> {
    let (to, from) = sync_channel(1);
    eyes.begin(Purpose::Verify);
    camera.start(run, Arc::new(Latest(to)));
    let end = Instant::now() + Duration::from_secs(PATIENCE_S);
    let seen = gather(eyes, &from, needed, end, say);
    camera.stop();
    eyes.end();
    let mut lives = seen?;
    lives.sort_by(f32::total_cmp);
    Ok(lives.get((lives.len().max(1) - 1) / 2).copied().filter(|_| lives.len() >= needed))
}

#[allow(clippy::disallowed_methods)]
fn gather(eyes: &mut Pipeline, from: &Receiver<Result<Frame, Fault>>, needed: usize, end: Instant, say: &Say) -> Result<Vec<f32>, Fault> {
    let (mut lives, mut told) = (Vec::new(), None);
    while lives.len() < needed {
        let left = end.saturating_duration_since(Instant::now());
        let Ok(frame) = from.recv_timeout(left) else { break };
        match eyes.look(&frame?)? {
            Look::Good { live, .. } => lives.push(f32::from(live)),
            Look::Guide(guidance) => {
                // Somebody left: what was gathered is not one view any more.
                if matches!(guidance, Guidance::NoFace | Guidance::ManyFaces) {
                    lives.clear();
                }
                if told.replace(guidance) != Some(guidance) {
                    eprintln!("  {}", say.text(guidance.words()));
                }
            }
        }
    }
    Ok(lives)
}

/// Holds one frame; those that come meanwhile are wiped.
struct Latest(SyncSender<Result<Frame, Fault>>);

impl CameraSink for Latest {
    fn frame(&self, _: RunId, frame: Frame) {
        let _ = self.0.try_send(Ok(frame));
    }

    fn state(&self, _: RunId, state: Result<(), Fault>) {
        if let Err(fault) = state {
            let _ = self.0.try_send(Err(fault));
        }
    }
}
