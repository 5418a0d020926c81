//! `bench`, whole sessions: how long a person waits for the outcome by face, and whether memory or
//! waiting grow over many sessions. This very program's demo runs them, on simulated devices and real
//! models; its journal says when what happened.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use mianzheng::core::message::Msg;
use mianzheng::eval::timing::summary;
use serde_json::{Value, json};

use super::args::Args;
use super::bench::round;
use super::demo::TempFolder;
use super::say::{DONE, FAULT, Failure, NO, Say};

/// Growth that counts as none, of memory and of waiting. Range: share.
const FLAT: f64 = 0.05;
const STEADY: f64 = 0.25;
/// Time between two looks at the memory.
const LOOK: Duration = Duration::from_millis(200);

/// From the camera's order, and from the first good frame, to the announced outcome. Units: ms.
pub(super) fn decision(args: &Args) -> Value {
    let run = Run::of(3, args);
    let Some(run) = run else { return Value::Null };
    let p = |times: &[f64]| {
        let found = summary(times.to_vec());
        json!({ "p50_ms": round(found.p50_ms), "p95_ms": round(found.p95_ms) })
    };
    json!({ "from_camera_on": p(&run.from_camera_on), "from_first_good_frame": p(&run.from_first_good) })
}

/// Many sessions in one program.
pub(super) fn soak(sessions: u32, as_json: bool, args: &Args, say: &Say) -> Result<u8, Failure> {
    let run = Run::of(sessions.max(6), args).ok_or_else(|| say.fail(FAULT, Msg::FaultVisionFailed, &[]))?;
    // The first third warms up: models, fonts, textures, the store's pages.
    let third = |values: &[f64], which: usize| summary(values.chunks(values.len().div_ceil(3).max(1)).nth(which).unwrap_or_default().to_vec()).p50_ms;
    let growth = |values: &[f64]| third(values, 2) / third(values, 1).max(f64::MIN_POSITIVE) - 1.0;
    let (memory, waiting) = (growth(&run.memory_mib), growth(&run.from_first_good));
    let holds = memory <= FLAT && waiting <= STEADY;
    let answer = json!({
        "sessions": sessions,
        "granted_by_face": run.from_first_good.len(),
        "took_s": round(run.took_s),
        "memory_mib": { "second_third": round(third(&run.memory_mib, 1)), "last_third": round(third(&run.memory_mib, 2)), "growth": round(memory) },
        "waiting_ms": { "second_third": round(third(&run.from_first_good, 1)), "last_third": round(third(&run.from_first_good, 2)), "growth": round(waiting) },
        "memory_flat": memory <= FLAT,
        "waiting_steady": waiting <= STEADY,
    });
    println!("{}", if as_json { answer.to_string() } else { serde_json::to_string_pretty(&answer).unwrap_or_default() });
    Ok(if holds { DONE } else { NO })
}

/// What a run of sessions showed.
#[derive(Default)]
struct Run {
    memory_mib: Vec<f64>,
    from_camera_on: Vec<f64>,
    from_first_good: Vec<f64>,
    took_s: f64,
}

impl Run {
    #[allow(clippy::disallowed_methods)] // measuring is what this is for
    fn of(sessions: u32, args: &Args) -> Option<Self> {
        let folder = TempFolder::new().ok()?;
        let (script, journal) = (folder.0.join("script.jsonl"), folder.0.join("journal.jsonl"));
        let mut file = std::fs::File::create(&script).ok()?;
        for line in lines(sessions) {
            writeln!(file, "{line}").ok()?;
        }
        drop(file);
        let mut command = Command::new(std::env::current_exe().ok()?);
        command.args(["demo", "--headless", "--voice", "off", "--script"]).arg(&script).arg("--journal").arg(&journal);
        command.env("TMPDIR", &folder.0).stdout(Stdio::null()).stderr(Stdio::inherit());
        if let Some(models) = &args.models {
            command.arg("--models").arg(models);
        }
        let begun = std::time::Instant::now();
        let mut child = command.spawn().ok()?;
        let mut run = Self::default();
        let ended = loop {
            if let Some(status) = child.try_wait().ok()? {
                break status;
            }
            run.memory_mib.extend(resident_mib(child.id()));
            std::thread::sleep(LOOK);
        };
        run.took_s = begun.elapsed().as_secs_f64();
        run.read(&journal)?;
        ended.success().then_some(run)
    }

    fn read(&mut self, journal: &Path) -> Option<()> {
        let (mut on, mut good) = (None, None);
        for line in std::fs::read_to_string(journal).ok()?.lines() {
            let step: Value = serde_json::from_str(line).ok()?;
            let Some(at) = step["at"].as_f64() else { continue };
            if step["event"]["seen"][1]["good"].is_object() {
                good = good.or(Some(at));
            }
            for command in step["commands"].as_array().into_iter().flatten() {
                if command["camera-on"].is_object() {
                    (on, good) = (Some(at), None);
                }
                if command["announce"]["method"] == "face" {
                    self.from_camera_on.extend(on.map(|on| at - on));
                    self.from_first_good.extend(good.map(|good| at - good));
                }
            }
        }
        Some(())
    }
}

/// One registration, then sessions: by face, with a face that does not match, by card.
fn lines(sessions: u32) -> Vec<Value> {
    let tap = |id: &str| json!({ "do": "tap", "id": id });
    let number = ["digit-2", "digit-4", "digit-6", "digit-8", "claim-done"].map(tap);
    let expect = |stage: &str| json!({ "do": "expect", "stage": stage, "within_ms": 60000 });
    let notice = || [expect("notice"), json!({ "do": "tap", "id": "notice-down", "until": "continue" }), tap("continue"), expect("consent"), tap("agree")];
    let mut lines = vec![
        json!({ "do": "expect", "stage": "home", "offers": ["method-face"], "within_ms": 60000 }),
        tap("register"),
        expect("card"),
        json!({ "do": "camera", "id": "a1" }),
        json!({ "do": "card", "id": "a" }),
    ];
    lines.extend(notice());
    lines.push(expect("claim"));
    lines.extend(number.clone());
    lines.extend([expect("result"), tap("home"), expect("home")]);
    for session in 0..sessions {
        if session % 3 == 2 {
            lines.extend([tap("method-card"), expect("card"), json!({ "do": "card", "id": "a" }), expect("result"), tap("home"), expect("home")]);
            continue;
        }
        lines.push(json!({ "do": "camera", "id": if session % 9 == 4 { "b" } else { "a2" } }));
        lines.extend([tap("method-face"), expect("claim")]);
        lines.extend(number.clone());
        lines.extend(notice());
        lines.extend([expect("result"), tap("home"), expect("home")]);
    }
    lines
}

/// Memory a process holds now. Units: MiB.
fn resident_mib(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_session_of_the_script_begins_and_ends_at_home() {
        let lines = lines(9);
        let homes = lines.iter().filter(|line| line["do"] == "tap" && line["id"] == "home").count();
        assert_eq!(homes, 10);
    }
}
