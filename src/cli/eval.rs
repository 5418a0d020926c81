//! `eval`: accuracy on pairs, single pictures, two pictures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mianzheng::core::evidence::{Verdict, judge_match};
use mianzheng::core::fault::Fault;
use mianzheng::core::ids::PersonId;
use mianzheng::core::message::Msg;
use mianzheng::core::policy::Policy;
use mianzheng::eval::pairs::{self, Pair};
use mianzheng::eval::timing::summary;
use mianzheng::eval::verify::{Report, Scored, accuracy, at_fmr, errors_at};
use mianzheng::locale::Arg;
use mianzheng::picture;
use mianzheng::ports::{Embedding, Frame};
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;
use serde_json::json;

use super::args::{Args, EvalCommand};
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};

pub(super) fn eval(command: &EvalCommand, args: &Args, say: &Say) -> Result<u8, Failure> {
    let load = || Pipeline::load(&manifest::folder(args.models.as_deref())).map_err(|e| say.model(&e));
    match command {
        EvalCommand::Verify { images, pairs, json } => verify(images, pairs, *json, &load, say),
        EvalCommand::Image { files, json } => image(files, *json, &mut load()?, say),
        EvalCommand::Compare { a, b, json } => compare(a, b, *json, &mut load()?, say),
    }
}

fn verify(
    images: &Path,
    list: &Path,
    as_json: bool,
    load: &(dyn Fn() -> Result<Pipeline, Failure> + '_),
    say: &Say,
) -> Result<u8, Failure> {
    let bad_list = |code: u8, reason: &str| {
        let file = list.display().to_string();
        say.fail(code, Msg::CliPairs, &[("file", Arg::Text(&file)), ("reason", Arg::Text(reason))])
    };
    let text = std::fs::read_to_string(list).map_err(|e| bad_list(FAULT, &e.to_string()))?;
    let pairs = pairs::parse(&text).map_err(|e| bad_list(USAGE, &e.to_string()))?;
    let mut files: Vec<PathBuf> = pairs.iter().flat_map(|pair| pair.files.clone()).collect();
    files.sort();
    files.dedup();
    let (faces, times) = embed_all(images, &files, load, say)?;
    if faces.is_empty() {
        return Err(bad_list(FAULT, "no picture of it could be used"));
    }
    let scores: Vec<Scored> = pairs.iter().filter_map(|pair| score(pair, &faces)).collect();
    let missing = files.len() - faces.len();
    let mut report = Report {
        pairs: pairs.len(),
        compared: scores.len(),
        failed_to_acquire: missing,
        accuracy: accuracy(&scores).unwrap_or(0.0),
        threshold_at_fmr: BTreeMap::new(),
        tmr_at_fmr: BTreeMap::new(),
        shipped_threshold: Policy::default().match_threshold,
        shipped_fmr: 0.0,
        shipped_fnmr: 0.0,
        ms_per_image: summary(times),
    };
    (report.shipped_fmr, report.shipped_fnmr) = errors_at(&scores, report.shipped_threshold);
    for (name, fmr) in [("1e-2", 1e-2), ("1e-3", 1e-3), ("1e-4", 1e-4)] {
        // Fewer impostor pairs than 1 / fmr say nothing about that rate.
        let enough = scores.iter().filter(|s| !s.mated).count() as f64 * fmr >= 0.9;
        if let Some((threshold, tmr)) = at_fmr(&scores, fmr).filter(|_| enough) {
            report.threshold_at_fmr.insert(name.into(), threshold);
            report.tmr_at_fmr.insert(name.into(), tmr);
        }
    }
    if as_json {
        println!("{}", json!(report));
    } else {
        println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    }
    Ok(DONE)
}

fn score(pair: &Pair, faces: &BTreeMap<PathBuf, Embedding>) -> Option<Scored> {
    let [a, b] = &pair.files;
    let similarity = faces.get(a)?.similarity(faces.get(b)?)?;
    Some(Scored { similarity: similarity.into(), mated: pair.mated, fold: pair.fold })
}

/// Embeds every picture on all processors. A picture that cannot be used gives one line on
/// standard error, is counted, and stops nothing.
#[allow(clippy::disallowed_methods)] // measuring is what this is for
fn embed_all(
    images: &Path,
    files: &[PathBuf],
    load: &dyn Fn() -> Result<Pipeline, Failure>,
    say: &Say,
) -> Result<(BTreeMap<PathBuf, Embedding>, Vec<f64>), Failure> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(files.len().max(1));
    let pipelines: Vec<Pipeline> = (0..workers).map(|_| load()).collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let found = Mutex::new((BTreeMap::new(), Vec::new()));
    std::thread::scope(|scope| {
        for mut pipeline in pipelines {
            let (next, found) = (&next, &found);
            scope.spawn(move || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = Instant::now();
                    match embed_one(&mut pipeline, &images.join(file)) {
                        Ok(face) => {
                            let took = begun.elapsed().as_secs_f64() * 1000.0;
                            if let Ok(mut found) = found.lock() {
                                found.0.insert(file.clone(), face);
                                found.1.push(took);
                            }
                        }
                        Err(Some(reason)) => eprintln!("mianzheng: {}", say.picture(&images.join(file), &reason).message),
                        Err(None) => {
                            let name = images.join(file).display().to_string();
                            eprintln!("mianzheng: {}", say.with(Msg::CliNoFace, &[("file", Arg::Text(&name))]));
                        }
                    }
                }
            });
        }
    });
    found.into_inner().map_err(|_| say.fail(FAULT, Msg::FaultVisionFailed, &[]))
}

/// The embedding of the central face; `None` as error when there is none.
fn embed_one(pipeline: &mut Pipeline, file: &Path) -> Result<Embedding, Option<String>> {
    let frame = picture::load(file).map_err(|e| Some(e.to_string()))?;
    embed_frame(pipeline, &frame).map_err(|_| Some(String::from("the models do not run")))?.ok_or(None)
}

fn embed_frame(pipeline: &mut Pipeline, frame: &Frame) -> Result<Option<Embedding>, Fault> {
    let fault = |_| Fault::VisionFailed;
    match pipeline.central_face(frame).map_err(fault)? {
        Some(face) => pipeline.embed(frame, &face).map_err(fault),
        None => Ok(None),
    }
}

fn image(files: &[PathBuf], as_json: bool, pipeline: &mut Pipeline, say: &Say) -> Result<u8, Failure> {
    let mut images = Vec::new();
    let mut code = DONE;
    for file in files {
        let frame = match picture::load(file) {
            Ok(frame) => frame,
            Err(error) => {
                eprintln!("mianzheng: {}", say.picture(file, &error.to_string()).message);
                images.push(json!({ "file": file.display().to_string(), "faces": [], "error": error.to_string() }));
                code = FAULT;
                continue;
            }
        };
        let faces = pipeline.examine(&frame).map_err(|_| say.fail(FAULT, Msg::FaultVisionFailed, &[]))?;
        let faces: Vec<serde_json::Value> = faces
            .iter()
            .map(|found| {
                json!({
                    "box": found.face.bounds,
                    "score": found.face.score,
                    "landmarks": found.face.landmarks,
                    "quality": found.quality,
                    "liveness": f32::from(found.live),
                })
            })
            .collect();
        images.push(json!({ "file": file.display().to_string(), "faces": faces }));
    }
    let answer = json!({ "images": images });
    println!("{}", if as_json { answer.to_string() } else { serde_json::to_string_pretty(&answer).unwrap_or_default() });
    Ok(code)
}

fn compare(a: &Path, b: &Path, as_json: bool, pipeline: &mut Pipeline, say: &Say) -> Result<u8, Failure> {
    let policy = Policy::default();
    let threshold = policy.match_threshold;
    let answer = |similarity: Option<f32>, verdict: &str| {
        let answer = json!({ "similarity": similarity, "threshold": threshold, "verdict": verdict });
        println!("{}", if as_json { answer.to_string() } else { serde_json::to_string_pretty(&answer).unwrap_or_default() });
    };
    let mut faces = Vec::new();
    for file in [a, b] {
        let face = picture::load(file)
            .map_err(|e| say.picture(file, &e.to_string()))
            .and_then(|frame| embed_frame(pipeline, &frame).map_err(|_| say.fail(FAULT, Msg::FaultVisionFailed, &[])));
        match face {
            Ok(Some(face)) => faces.push(face),
            Ok(None) => {
                let name = file.display().to_string();
                eprintln!("mianzheng: {}", say.with(Msg::CliNoFace, &[("file", Arg::Text(&name))]));
                answer(None, "retry");
                return Ok(NO);
            }
            Err(failure) => {
                answer(None, "fault");
                return Err(failure);
            }
        }
    }
    let similarity = faces[0].similarity(&faces[1]).ok_or_else(|| say.fail(FAULT, Msg::FaultVisionFailed, &[]))?;
    match judge_match(similarity, PersonId(0), &policy) {
        Verdict::Match(_) => {
            answer(Some(similarity.into()), "match");
            Ok(DONE)
        }
        Verdict::NoMatch => {
            answer(Some(similarity.into()), "no_match");
            Ok(NO)
        }
    }
}
