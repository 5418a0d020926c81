//! `eval verify`: how well faces are told apart, on a list of pairs or on all pairs of a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use mianzheng::core::message::Msg;
use mianzheng::core::policy::Policy;
use mianzheng::eval::bootstrap::{ROUNDS, SEED};
use mianzheng::eval::comparisons::{Compared, Subject, by_subject, fta, scores};
use mianzheng::eval::det::{Curve, DetPoint, Scores};
use mianzheng::eval::groups::{self, Groups};
use mianzheng::eval::histogram::Histogram;
use mianzheng::eval::pairs::{self, Pair};
use mianzheng::eval::timing::summary;
use mianzheng::eval::verification_page::{self, NamedPoint, VerificationReport};
use mianzheng::eval::verify::{Scored, accuracy};
use mianzheng::locale::Arg;
use mianzheng::picture;
use mianzheng::ports::Embedding;
use mianzheng::vision::pipeline::Pipeline;
use serde_json::{Value, json};

use super::super::args::VerifyArgs;
use super::{DONE, FAULT, Failure, Load, Say, USAGE, about, on_all, pictures, print, write_page};

/// Rates an operating point is stated for, as the reports name them.
const RATES: [(&str, f64); 5] = [("1e-2", 1e-2), ("1e-3", 1e-3), ("1e-4", 1e-4), ("1e-5", 1e-5), ("1e-6", 1e-6)];

/// One picture: as it is, and fused with its mirror image, as the kiosk fuses its frames.
struct Face {
    single: Embedding,
    fused: Embedding,
}

/// One comparison: the two subjects, both scores, and the fold of the list.
struct Trial {
    subjects: [usize; 2],
    single: f32,
    fused: f32,
    fold: usize,
}

pub(super) fn verify(args: &VerifyArgs, load: &Load, say: &Say) -> Result<u8, Failure> {
    let bad = |file: &Path, code: u8, reason: &str| {
        let file = file.display().to_string();
        say.fail(code, Msg::CliPairs, &[("file", Arg::Text(&file)), ("reason", Arg::Text(reason))])
    };
    let list = args.pairs.as_deref().map(|list| {
        let text = std::fs::read_to_string(list).map_err(|e| bad(list, FAULT, &e.to_string()))?;
        pairs::parse(&text).map_err(|e| bad(list, USAGE, &e.to_string()))
    });
    let list = list.transpose()?;
    let groups = args.groups.as_deref().map(|file| {
        let text = std::fs::read_to_string(file).map_err(|e| bad(file, FAULT, &e.to_string()))?;
        Groups::parse(&text).map_err(|e| bad(file, USAGE, &e.to_string()))
    });
    let groups = groups.transpose()?;
    let files = match &list {
        Some(pairs) => {
            let mut files: Vec<PathBuf> = pairs.iter().flat_map(|pair| &pair.files).map(|file| args.images.join(file)).collect();
            files.sort();
            files.dedup();
            files
        }
        None => pictures(&args.images).map_err(|e| bad(&args.images, FAULT, &e.to_string()))?,
    };
    let found = on_all(&files, load, say, &embed)?;
    let faces: BTreeMap<&Path, &Face> =
        found.iter().filter_map(|(file, face)| Some((file.as_path(), &face.as_ref()?.0))).collect();
    if faces.is_empty() {
        return Err(bad(args.pairs.as_deref().unwrap_or(&args.images), FAULT, "no picture of it could be used"));
    }
    let times: Vec<f64> = found.iter().filter_map(|(_, face)| Some(face.as_ref()?.1)).collect();
    let subjects = subjects(&found);
    let trials = match &list {
        Some(pairs) => of_list(pairs, &args.images, &faces, &subjects),
        None => all(&faces, &subjects),
    };
    let report = Report { subjects: &subjects, trials: &trials, groups: groups.as_ref(), folds: list.is_some() };
    let single = report.of(|trial| trial.single).ok_or_else(|| say.fail(FAULT, Msg::FaultVisionFailed, &[]))?;
    let fused = report.of(|trial| trial.fused).ok_or_else(|| say.fail(FAULT, Msg::FaultVisionFailed, &[]))?;
    let mut answer = json!({
        "pairs": list.as_ref().map_or(trials.len(), Vec::len),
        "compared": trials.len(),
        "failed_to_acquire": files.len() - faces.len(),
        "subjects": subjects.len(),
        "fta": fta(&subjects),
        "shipped_threshold": Policy::default().match_threshold,
        "ms_per_image": summary(times),
        "shipped": fused.json(),
    });
    if let (Value::Object(answer), Value::Object(single)) = (&mut answer, single.json()) {
        answer.extend(single);
    }
    print(&answer, args.json);
    write_page(args.html.as_ref(), || page(args, &report, &single, &fused), say)?;
    Ok(DONE)
}

#[allow(clippy::disallowed_methods)] // measuring is what this is for
fn embed(pipeline: &mut Pipeline, file: &Path) -> Result<(Face, f64), Option<String>> {
    let broken = |_| Some(String::from("the models do not run"));
    let begun = Instant::now();
    let frame = picture::load(file).map_err(|e| Some(e.to_string()))?;
    let face = pipeline.central_face(&frame).map_err(broken)?.ok_or(None)?;
    let single = pipeline.embed(&frame, &face, false).map_err(broken)?.ok_or(None)?;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    let mirrored = pipeline.embed(&frame, &face, true).map_err(broken)?.ok_or(None)?;
    let fused = Embedding::fused([&single, &mirrored]).ok_or(None)?;
    Ok((Face { single, fused }, took))
}

/// Who a picture shows: the name of its folder, in LFW and in most data sets.
fn subject_of(file: &Path) -> String {
    file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn subjects(found: &[(PathBuf, Option<(Face, f64)>)]) -> Vec<Subject> {
    let mut counted: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (file, face) in found {
        let (attempts, failures) = counted.entry(subject_of(file)).or_default();
        *attempts += 1;
        *failures += u64::from(face.is_none());
    }
    counted.into_iter().map(|(name, (attempts, failures))| Subject { name, attempts, failures }).collect()
}

fn index(subjects: &[Subject], file: &Path) -> Option<usize> {
    let name = subject_of(file);
    subjects.binary_search_by(|subject| subject.name.as_str().cmp(&name)).ok()
}

fn of_list(list: &[Pair], images: &Path, faces: &BTreeMap<&Path, &Face>, subjects: &[Subject]) -> Vec<Trial> {
    let of = |pair: &Pair| {
        let [a, b] = [images.join(&pair.files[0]), images.join(&pair.files[1])];
        let (one, other) = (faces.get(a.as_path())?, faces.get(b.as_path())?);
        trial(one, other, [index(subjects, &a)?, index(subjects, &b)?], pair.fold)
    };
    list.iter().filter_map(of).collect()
}

fn all(faces: &BTreeMap<&Path, &Face>, subjects: &[Subject]) -> Vec<Trial> {
    let known: Vec<(usize, &Face)> = faces.iter().filter_map(|(file, face)| Some((index(subjects, file)?, *face))).collect();
    let mut trials = Vec::with_capacity(known.len() * known.len() / 2);
    for (at, (a, one)) in known.iter().enumerate() {
        trials.extend(known[at + 1..].iter().filter_map(|(b, other)| trial(one, other, [*a, *b], 0)));
    }
    trials
}

fn trial(one: &Face, other: &Face, subjects: [usize; 2], fold: usize) -> Option<Trial> {
    let single = one.single.similarity(&other.single)?.into();
    let fused = one.fused.similarity(&other.fused)?.into();
    Some(Trial { subjects, single, fused, fold })
}

struct Report<'a> {
    subjects: &'a [Subject],
    trials: &'a [Trial],
    groups: Option<&'a Groups>,
    folds: bool,
}

/// What one way of comparing gave.
struct Found {
    accuracy: Option<f64>,
    scores: Scores,
    points: Vec<(&'static str, NamedPoint)>,
    shipped: NamedPoint,
    groups: Vec<groups::Grouping>,
}

impl Report<'_> {
    fn of(&self, score: impl Fn(&Trial) -> f32) -> Option<Found> {
        let compared: Vec<Compared> =
            self.trials.iter().map(|t| Compared { a: t.subjects[0], b: t.subjects[1], score: score(t) }).collect();
        let scored = |t: &Trial| Scored { similarity: score(t), mated: t.subjects[0] == t.subjects[1], fold: t.fold };
        let scored: Vec<Scored> = self.trials.iter().filter(|_| self.folds).map(scored).collect();
        let scores = scores(&compared).ok()?;
        let drawn = |threshold: f32| by_subject(self.subjects, &compared, threshold, ROUNDS, SEED);
        let shipped = Policy::default().match_threshold;
        let point = |(name, fmr): (&'static str, f64)| {
            let point = scores.at_fmr(fmr)?;
            let title = format!("FMR at most {name}");
            Some((name, NamedPoint { name: title, by_subject: drawn(point.threshold), point: Some(point) }))
        };
        Some(Found {
            accuracy: accuracy(&scored),
            points: RATES.into_iter().filter_map(point).collect(),
            shipped: NamedPoint { name: "shipped".into(), point: scores.at(shipped), by_subject: drawn(shipped) },
            groups: self.groups.map(|list| groups::report(list, self.subjects, &compared, shipped)).unwrap_or_default(),
            scores,
        })
    }
}

impl Found {
    fn json(&self) -> Value {
        let at = |value: &dyn Fn(&NamedPoint) -> Option<Value>| -> Value {
            self.points.iter().filter_map(|(name, point)| Some(((*name).to_owned(), value(point)?))).collect::<serde_json::Map<_, _>>().into()
        };
        let rate = |value: fn(&NamedPoint) -> Option<f64>| value(&self.shipped);
        json!({
            "accuracy": self.accuracy,
            "threshold_at_fmr": at(&|named| Some(json!(named.point?.threshold))),
            "tmr_at_fmr": at(&|named| Some(json!(1.0 - named.point?.fnmr.rate))),
            "equal_error": self.scores.equal_error(),
            "shipped_fmr": rate(|named| Some(named.point?.fmr.rate)),
            "shipped_fnmr": rate(|named| Some(named.point?.fnmr.rate)),
            "points": self.points.iter().map(|(_, point)| point).chain([&self.shipped]).collect::<Vec<_>>(),
            "groups": self.groups,
        })
    }

    fn curve(&self, name: &str) -> Curve {
        let shipped = self.shipped.point.map(|at| DetPoint { threshold: at.threshold, fmr: at.fmr.rate, fnmr: at.fnmr.rate });
        Curve { name: name.into(), points: self.scores.curve(), shipped }
    }
}

fn page(args: &VerifyArgs, report: &Report, single: &Found, fused: &Found) -> String {
    let list = args.pairs.as_ref().map_or("all pairs of its pictures".into(), |list| format!("the pairs of {}", list.display()));
    let what = "Verification, one to one: cosine similarity of two embeddings, one picture against one, and each \
                picture fused with its mirror image, as the kiosk fuses its frames.";
    let mut about = about("Face verification", what, format!("{}, {list}", args.images.display()));
    about.limits.push("A kiosk fuses a dozen frames of a guided presentation; single pictures of a data set are harder.".into());
    let named = |found: &Found, of: &str| -> Vec<NamedPoint> {
        let points = found.points.iter().map(|(_, point)| point).chain([&found.shipped]);
        points.map(|point| NamedPoint { name: format!("{}, {of}", point.name), ..point.clone() }).collect()
    };
    let series: [(&str, &[f32]); 2] = [("mated", fused.scores.mated()), ("non-mated", fused.scores.non_mated())];
    verification_page::page(&VerificationReport {
        about,
        subjects: report.subjects.len() as u64,
        fta: fta(report.subjects),
        points: [named(single, "single picture"), named(fused, "with mirror image")].concat(),
        equal_error: fused.scores.equal_error(),
        curves: vec![single.curve("single picture"), fused.curve("with mirror image")],
        histogram: Histogram::of(&series),
        shipped: Some(Policy::default().match_threshold),
        groups: fused.groups.clone(),
    })
}
