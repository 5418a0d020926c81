//! `eval`: accuracy on data sets, single pictures, two pictures.

mod pad;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mianzheng::core::evidence::{Verdict, judge_match};
use mianzheng::core::fault::Fault;
use mianzheng::core::ids::PersonId;
use mianzheng::core::message::Msg;
use mianzheng::core::policy::Policy;
use mianzheng::eval::about::{About, Model};
use mianzheng::locale::Arg;
use mianzheng::picture;
use mianzheng::ports::{Embedding, Frame};
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;
use serde_json::json;

use super::args::{Args, EvalCommand};
use super::bench::machine;
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};

pub(super) fn eval(command: &EvalCommand, args: &Args, say: &Say) -> Result<u8, Failure> {
    let load = || Pipeline::load(&manifest::folder(args.models.as_deref())).map_err(|e| say.model(&e));
    match command {
        EvalCommand::Verify(verify) => verify::verify(verify, &load, say),
        EvalCommand::Pad(pad) => pad::pad(pad, &load, say),
        EvalCommand::Image { files, json } => image(files, *json, &mut load()?, say),
        EvalCommand::Compare { a, b, json } => compare(a, b, *json, &mut load()?, say),
    }
}

/// Gives a pipeline to each worker that asks.
type Load<'a> = dyn Fn() -> Result<Pipeline, Failure> + 'a;

/// What a report says of how its figures came about.
#[allow(clippy::disallowed_methods)] // a report says when
fn about(title: &str, what: &str, data: String) -> About {
    let models = manifest::entries().unwrap_or_default();
    About {
        title: title.into(),
        what: what.into(),
        data,
        when: jiff::Zoned::now().strftime("%Y-%m-%d %H:%M %:z").to_string(),
        program: format!("mianzheng {}", env!("CARGO_PKG_VERSION")),
        machine: machine(),
        models: models.into_iter().map(|model| Model { name: model.name, sha256: model.sha256 }).collect(),
        limits: Vec::new(),
    }
}

fn print(answer: &serde_json::Value, as_json: bool) {
    println!("{}", if as_json { answer.to_string() } else { serde_json::to_string_pretty(answer).unwrap_or_default() });
}

/// Writes a page where it was asked for.
fn write_page(file: Option<&PathBuf>, page: impl FnOnce() -> String, say: &Say) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    std::fs::write(file, page()).map_err(|e| {
        let name = file.display().to_string();
        say.fail(FAULT, Msg::CliPairs, &[("file", Arg::Text(&name)), ("reason", Arg::Text(&e.to_string()))])
    })
}

/// What is done with one picture; no reason means that there is no face.
type Work<'a, T> = dyn Fn(&mut Pipeline, &Path) -> Result<T, Option<String>> + Sync + 'a;

/// Does something with every picture, on all processors. What cannot be used gives one line on
/// standard error and stops nothing.
fn on_all<T: Send>(
    files: &[PathBuf],
    load: &Load,
    say: &Say,
    work: &Work<T>,
) -> Result<Vec<(PathBuf, Option<T>)>, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(files.len().max(1));
    let pipelines: Vec<Pipeline> = (0..workers).map(|_| load()).collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for mut pipeline in pipelines {
            let (next, found) = (&next, &found);
            scope.spawn(move || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(&mut pipeline, file).map_err(|reason| match reason {
                        Some(reason) => eprintln!("mianzheng: {}", say.picture(file, &reason).message),
                        None => {
                            let name = file.display().to_string();
                            eprintln!("mianzheng: {}", say.with(Msg::CliNoFace, &[("file", Arg::Text(&name))]));
                        }
                    });
                    if let Ok(mut found) = found.lock() {
                        found.push((file.clone(), result.ok()));
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().map_err(|_| say.fail(FAULT, Msg::FaultVisionFailed, &[]))?;
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

/// Every picture below a folder, in order.
fn pictures(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(pictures(&path)?);
        } else if path.extension().is_some_and(|ending| ["jpg", "jpeg", "png"].iter().any(|e| ending.eq_ignore_ascii_case(e))) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn embed_frame(pipeline: &mut Pipeline, frame: &Frame) -> Result<Option<Embedding>, Fault> {
    let fault = |_| Fault::VisionFailed;
    match pipeline.central_face(frame).map_err(fault)? {
        Some(face) => pipeline.embed(frame, &face, false).map_err(fault),
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
    print(&json!({ "images": images }), as_json);
    Ok(code)
}

fn compare(a: &Path, b: &Path, as_json: bool, pipeline: &mut Pipeline, say: &Say) -> Result<u8, Failure> {
    let policy = Policy::default();
    let threshold = policy.match_threshold;
    let answer = |similarity: Option<f32>, verdict: &str| {
        print(&json!({ "similarity": similarity, "threshold": threshold, "verdict": verdict }), as_json);
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
