//! `eval pad`: how well pictures of faces are told from faces. Not an ISO evaluation, and it says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mianzheng::core::message::Msg;
use mianzheng::core::policy::Policy;
use mianzheng::eval::pad::{Presentation, report};
use mianzheng::eval::pad_page::{self, PadPageReport};
use mianzheng::locale::Arg;
use mianzheng::picture;
use mianzheng::vision::pipeline::Pipeline;
use serde_json::json;

use super::super::args::PadArgs;
use super::{DONE, FAULT, Failure, Load, Say, USAGE, about, on_all, pictures, print, write_page};

pub(super) fn pad(args: &PadArgs, load: &Load, say: &Say) -> Result<u8, Failure> {
    let bad = |folder: &Path, code: u8, reason: &str| {
        let file = folder.display().to_string();
        say.fail(code, Msg::CliPairs, &[("file", Arg::Text(&file)), ("reason", Arg::Text(reason))])
    };
    let mut folders: Vec<(Option<String>, PathBuf)> = vec![(None, args.bonafide.clone())];
    for attack in &args.attack {
        let named = attack.split_once('=').filter(|(species, folder)| !species.is_empty() && !folder.is_empty());
        let (species, folder) = named.ok_or_else(|| bad(Path::new(attack), USAGE, "expected SPECIES=DIR"))?;
        folders.push((Some(species.to_owned()), folder.into()));
    }
    let least = usize::from(Policy::default().frames);
    let mut presentations = Vec::new();
    for (species, folder) in folders {
        let files = pictures(&folder).map_err(|e| bad(&folder, FAULT, &e.to_string()))?;
        if files.is_empty() {
            return Err(bad(&folder, FAULT, "there is no picture"));
        }
        let judged = on_all(&files, load, say, &judge)?;
        let of = |file: &Path, score: Option<f32>| {
            Presentation { subject: subject_of(&folder, file), species: species.clone(), set: None, score }
        };
        if args.clips {
            let mut clips: BTreeMap<&Path, Vec<f32>> = BTreeMap::new();
            for (file, score) in &judged {
                let clip = clips.entry(file.parent().unwrap_or(file)).or_default();
                clip.extend(score);
            }
            presentations.extend(clips.into_iter().map(|(clip, scores)| of(&clip.join("frame"), median(scores, least))));
        } else {
            presentations.extend(judged.iter().map(|(file, score)| of(file, *score)));
        }
    }
    let shipped = Policy::default().live_threshold;
    let found = report(&presentations, shipped).map_err(|e| bad(&args.bonafide, USAGE, &e.to_string()))?;
    let answer = json!({
        "standing": found.standing,
        "presentations": presentations.len(),
        "frames_a_presentation": if args.clips { json!(least) } else { json!(1) },
        "shipped_threshold": shipped,
        "found": found,
    });
    print(&answer, args.json);
    let page = || {
        let what = "Passive liveness: bona fide presentations against kinds of attack.";
        let mut about = about("Presentation attack detection", what, data(args));
        if !args.clips {
            about.limits.push("Single frames were judged. The kiosk decides by the median of at least twelve frames of one face.".into());
        }
        pad_page::page(&PadPageReport { about, found })
    };
    write_page(args.html.as_ref(), page, say)?;
    Ok(DONE)
}

fn data(args: &PadArgs) -> String {
    let attacks = if args.attack.is_empty() { "no attacks".into() } else { args.attack.join(", ") };
    format!("bona fide: {}; attacks: {attacks}", args.bonafide.display())
}

/// How live the face nearest to the middle looks. Range: 0 to 1.
fn judge(pipeline: &mut Pipeline, file: &Path) -> Result<f32, Option<String>> {
    let broken = |_| Some(String::from("the models do not run"));
    let frame = picture::load(file).map_err(|e| Some(e.to_string()))?;
    let face = pipeline.central_face(&frame).map_err(broken)?.ok_or(None)?;
    pipeline.live(&frame, &face).map(f32::from).map_err(broken)
}

/// The lower median, as the kiosk takes it; too few frames are no answer.
fn median(mut scores: Vec<f32>, least: usize) -> Option<f32> {
    scores.sort_by(f32::total_cmp);
    scores.get((scores.len().max(1) - 1) / 2).copied().filter(|_| scores.len() >= least)
}

/// The first folder below the data set's, or the file's name before the first underscore.
fn subject_of(folder: &Path, file: &Path) -> String {
    let below = file.strip_prefix(folder).unwrap_or(file);
    let first = below.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
    if below.components().count() > 1 {
        return first;
    }
    let stem = Path::new(&first).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or(first);
    stem.split('_').next().unwrap_or_default().to_owned()
}
