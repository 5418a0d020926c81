//! `bench`: how long each step takes on this machine, and under what load that was seen.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::path::{Path, PathBuf};
use std::time::Instant;

use mianzheng::core::consent::Purpose;
use mianzheng::core::message::Msg;
use mianzheng::eval::timing::{Summary, summary};
use mianzheng::picture;
use mianzheng::ports::{Eyes, Frame, Look};
use mianzheng::vision::detect::Face;
use mianzheng::vision::align::{FrameFromAligned, warp};
use mianzheng::vision::depth;
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;
use mianzheng::vision::quality::Quality;
use serde_json::{Map, Value, json};

use super::args::{Args, BenchArgs};
use super::{bench_card, bench_soak, bench_store};
use super::demo::samples;
use super::say::{DONE, FAULT, Failure, Say};

/// Size of a kiosk camera's frame. Units: pixels.
const FRAME: (u32, u32) = (640, 480);

pub(super) fn bench(bench: &BenchArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    if let Some(sessions) = bench.soak {
        return bench_soak::soak(sessions, bench.json, args, say);
    }
    let folder = manifest::folder(args.models.as_deref());
    let mut pipeline = Pipeline::load(&folder).map_err(|e| say.model(&e))?;
    let file = bench.image.clone().unwrap_or_else(|| samples().join("../portraits/obama.jpg"));
    let portrait = picture::load(&file).map_err(|e| say.picture(&file, &e.to_string()))?;
    let fault = || say.fail(FAULT, Msg::FaultVisionFailed, &[]);
    let found = pipeline.central_face(&portrait).map_err(|_| fault())?;
    let found = found.ok_or_else(|| say.picture(&file, "face"))?;
    let frame = as_camera(&portrait, &found).ok_or_else(fault)?;
    let face = pipeline.central_face(&frame).map_err(|_| fault())?.ok_or_else(fault)?;
    let transform = FrameFromAligned::of(&face).ok_or_else(fault)?;
    let jpeg = std::fs::read(&file).map_err(|e| say.picture(&file, &e.to_string()))?;

    let rounds = bench.rounds.max(5);
    let mut steps = Map::new();
    let mut add = |name: &str, run: &mut dyn FnMut() -> bool| -> Result<(), Failure> {
        let Summary { p50_ms, p95_ms } = time(rounds, run).ok_or_else(fault)?;
        let cpu = cpu_time(rounds, run).ok_or_else(fault)?;
        let step = json!({ "p50_ms": round(p50_ms), "p95_ms": round(p95_ms), "p50_cpu_ms": round(cpu.p50_ms) });
        steps.insert(name.into(), step);
        Ok(())
    };
    add("decode", &mut || picture::decode(&jpeg).is_ok())?;
    add("detect", &mut || pipeline.faces(&frame).is_ok_and(|faces| !faces.is_empty()))?;
    add("align", &mut || !warp(&frame, transform).is_empty())?;
    add("embed", &mut || pipeline.embed(&frame, &face, false).is_ok())?;
    add("mesh", &mut || pipeline.mesh(&frame, &face).is_ok_and(|mesh| mesh.is_some()))?;
    let mesh = pipeline.mesh(&frame, &face).ok().flatten().ok_or_else(fault)?;
    add("quality", &mut || Quality::of(&frame, &face, Some(&mesh), &[]).unified() > 0)?;
    add("depth", &mut || depth::residual(&mesh, &mesh).is_some())?;
    add("liveness", &mut || pipeline.live(&frame, &face).is_ok())?;
    add("detect_embed", &mut || {
        let found = pipeline.faces(&frame).ok().and_then(|faces| faces.into_iter().next());
        found.is_some_and(|face| pipeline.embed(&frame, &face, false).is_ok())
    })?;
    pipeline.begin(Purpose::Verify);
    // Everything the kiosk does with a frame: zone, detection, points, quality, liveness, embedding, depth.
    add("pipeline", &mut || matches!(pipeline.look(&frame), Ok(Look::Good { .. })))?;
    pipeline.end();
    let decision = bench_soak::decision(args);
    let card = bench_card::measure(rounds, say)?;
    let (startup_ms, peak, preview) = probe(args);
    let stores = bench_store::measure(bench.people, rounds, say)?;
    let answer = json!({
        "machine": machine(),
        "load": std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim(),
        "build": if cfg!(debug_assertions) { "dev" } else { "release" },
        "frame": format!("{}x{}", FRAME.0, FRAME.1),
        "detect_side": mianzheng::vision::detect::KIOSK_SIDE,
        "rounds": rounds,
        "steps": steps,
        "face_to_outcome": decision,
        "card_laid_to_outcome": card,
        "one_to_n": stores.one_to_n,
        "store_open_ms": stores.open_ms,
        "store": stores.details,
        "preview": preview,
        "startup_ms": startup_ms.map(round),
        "peak_memory_mib": peak.map(round),
        "installed_mib": installed_mib(&folder).map(round),
        "package_mib": package_mib().map(round),
    });
    println!("{}", if bench.json { answer.to_string() } else { serde_json::to_string_pretty(&answer).unwrap_or_default() });
    Ok(DONE)
}

/// Runs something once to warm up and then `rounds` times; none if it fails.
#[allow(clippy::disallowed_methods)] // measuring is what this is for
pub(super) fn time(rounds: u32, run: &mut dyn FnMut() -> bool) -> Option<Summary> {
    let mut times = Vec::new();
    for round in 0..=rounds {
        let begun = Instant::now();
        if !run() {
            return None;
        }
        if round > 0 {
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    Some(summary(times))
}

/// As above, in time of this thread's processor.
fn cpu_time(rounds: u32, run: &mut dyn FnMut() -> bool) -> Option<Summary> {
    let now = || {
        let at = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        at.tv_sec as f64 * 1000.0 + at.tv_nsec as f64 / 1e6
    };
    let times: Option<Vec<f64>> = (0..rounds)
        .map(|_| {
            let begun = now();
            run().then(|| now() - begun)
        })
        .collect();
    times.map(summary)
}

/// The portrait as a webcam would see it: the face in the middle, a quarter of the frame's height
/// between its eyes and its chin, grey wall around.
#[allow(clippy::cast_possible_truncation)] // coordinates of a picture
fn as_camera(portrait: &Frame, face: &Face) -> Option<Frame> {
    let (width, height) = FRAME;
    let scale = face.bounds[3] / (height as f32 * 0.45);
    let [x, y] = face.centre();
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height {
        for col in 0..width {
            let u = x + (col as f32 - width as f32 / 2.0) * scale;
            let v = y + (row as f32 - height as f32 / 2.0) * scale;
            let inside = (0.0..portrait.width() as f32).contains(&u) && (0.0..portrait.height() as f32).contains(&v);
            rgb.extend(if inside { portrait.pixel(u as i64, v as i64) } else { [128; 3] });
        }
    }
    Frame::new(width, height, rgb).ok()
}

/// Starts this very program's demo and measures its first painted screen and its peak of memory.
#[allow(clippy::disallowed_methods)]
fn probe(args: &Args) -> (Option<f64>, Option<f64>, Value) {
    let display = std::env::var_os("DISPLAY").is_some_and(|v| !v.is_empty());
    let Ok(program) = std::env::current_exe() else { return (None, None, Value::Null) };
    let mut command = Command::new(program);
    command.args(["demo", "--probe", "--size", "1080x1920"]).stdout(Stdio::piped()).stderr(Stdio::null());
    if !display {
        command.arg("--headless");
    }
    if let Some(models) = &args.models {
        command.arg("--models").arg(models);
    }
    let begun = Instant::now();
    let Ok(mut child) = command.spawn() else { return (None, None, Value::Null) };
    let (mut painted, mut peak, mut preview) = (None, None, Value::Null);
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
        let value: Value = serde_json::from_str(&line).unwrap_or_default();
        if value.get("painted").is_some() {
            painted = Some(begun.elapsed().as_secs_f64() * 1000.0);
        }
        if value.get("preview_fps").is_some() {
            preview = value.clone();
        }
        if let Some(kib) = value.get("peak_kib").and_then(Value::as_u64) {
            peak = Some(kib as f64 / 1024.0);
        }
    }
    let _ = child.wait();
    (painted, peak, preview)
}

/// What is on the disk once it is installed: program, models, clips. Fonts, texts and icons are in the
/// program. Clips that are the same in two languages count once, as the package links them.
fn installed_mib(models: &Path) -> Option<f64> {
    let size = |path: &Path| path.metadata().map_or(0, |meta| meta.len());
    let program = size(&std::env::current_exe().ok()?);
    let models: u64 = files(models, "onnx").iter().map(|file| size(file)).sum();
    let voice = mianzheng::devices::voice::folder();
    let clips = ["zh-CN", "zh-TW", "en"].iter().flat_map(|lang| files(&voice.join(lang), "ogg"));
    let bytes: std::collections::BTreeSet<Vec<u8>> = clips.filter_map(|file| std::fs::read(file).ok()).collect();
    let clips: usize = bytes.iter().map(Vec::len).sum();
    Some((program + models + clips as u64) as f64 / f64::from(1 << 20))
}

/// The newest package `./x package` has made; none if there is none.
fn package_mib() -> Option<f64> {
    let made = files(Path::new("out/package"), "deb").into_iter();
    let kiosk = made.filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mianzheng_")));
    let newest = kiosk.max_by_key(|file| file.metadata().and_then(|meta| meta.modified()).ok())?;
    Some(newest.metadata().ok()?.len() as f64 / f64::from(1 << 20))
}

/// The files of a folder with this ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    all.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

pub(super) fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1).map(str::trim));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} x{cores}", model.unwrap_or("unknown"))
}

pub(super) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
