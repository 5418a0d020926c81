//! The product's camera adapter on a real device, told about line by line. Runs inside the virtual
//! machine of `./x test-camera`; `cargo test` neither builds nor runs it.
//!
//! `lab list`; `lab watch NAME SECONDS [--infrared | --beside NAME] [--walls] [--save DIR]`. Every line begins with
//! the time since the machine started, in milliseconds.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mianzheng::core::fault::Fault;
use mianzheng::core::ids::RunId;
use mianzheng::devices::camera::{NokhwaCamera, Pair, nodes};
use mianzheng::devices::clock::SystemClock;
use mianzheng::ports::{Camera, CameraSink, Clock, Frame};
use mianzheng::sandbox::{Needs, harden, restrict};
use sha2::{Digest, Sha256};

/// How many frames are written out.
const SAVED: u64 = 3;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some("list") => {
            for node in nodes() {
                say(&format!("node video{} {}", node.index, node.name));
            }
            ExitCode::SUCCESS
        }
        Some("watch") => watch(words.collect()),
        _ => ExitCode::from(2),
    }
}

#[allow(clippy::print_stdout)]
fn say(line: &str) {
    println!("{} lab: {line}", uptime());
}

/// Time since the machine started. Units: milliseconds.
fn uptime() -> u64 {
    SystemClock::default().boot().map_or(0, |(_, since)| since)
}

fn watch(words: Vec<String>) -> ExitCode {
    let [name, seconds, options @ ..] = words.as_slice() else { return ExitCode::from(2) };
    let Ok(seconds) = seconds.parse() else { return ExitCode::from(2) };
    let has = |option: &str| options.iter().any(|word| word == option);
    let value = |option: &str| options.iter().position(|word| word == option).and_then(|at| options.get(at + 1));
    let save = value("--save").map(PathBuf::from);
    if has("--walls") {
        // As the program does first of all.
        harden();
        let needs = Needs { write: save.clone().into_iter().collect(), ..Needs::default() };
        let walls = restrict(&needs);
        say(&format!("walls files {:?} calls {:?}", walls.files, walls.calls));
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let camera = NokhwaCamera::new(name, clock.clone());
    let mut camera: Box<dyn Camera> = match value("--beside") {
        Some(other) => Box::new(Pair::new(camera, NokhwaCamera::new(other, clock).infrared(), Arc::default())),
        None if has("--infrared") => Box::new(camera.infrared()),
        None => Box::new(camera),
    };
    say(&format!("present {}", camera.present()));
    let ear = Arc::new(Ear { save, ..Ear::default() });
    say("start");
    camera.start(RunId(1), ear.clone());
    std::thread::sleep(Duration::from_secs(seconds));
    let before = uptime();
    camera.stop();
    let frames = ear.frames.load(Ordering::SeqCst);
    say(&format!("stopped in {} ms, {frames} frames", uptime() - before));
    std::thread::sleep(Duration::from_millis(300));
    let late = ear.frames.load(Ordering::SeqCst) - frames;
    say(&format!("{late} frames after the stop"));
    ExitCode::SUCCESS
}

/// Says when frames begin to come, and when they cease.
#[derive(Default)]
struct Ear {
    frames: AtomicU64,
    away: AtomicBool,
    last: Mutex<Option<String>>,
    save: Option<PathBuf>,
}

impl CameraSink for Ear {
    fn frame(&self, _run: RunId, frame: Frame) {
        let count = self.frames.fetch_add(1, Ordering::SeqCst) + 1;
        let first = count == 1 || self.away.swap(false, Ordering::SeqCst);
        let mark = hex(&Sha256::digest(frame.rgb())[..8]);
        let mut last = self.last.lock().expect("nobody panics here");
        if first {
            say(&format!("frames {}x{}", frame.width(), frame.height()));
        }
        if first || last.as_deref() != Some(&mark) && count < 40 {
            say(&format!("picture {mark}"));
        }
        *last = Some(mark);
        if let Some(folder) = self.save.as_ref().filter(|_| count <= SAVED) {
            write(&folder.join(format!("frame-{count}.png")), &frame);
        }
    }

    fn state(&self, _run: RunId, state: Result<(), Fault>) {
        if let Err(fault) = state {
            self.away.store(true, Ordering::SeqCst);
            say(&format!("fault {}", serde_json::to_string(&fault).unwrap_or_default().trim_matches('"')));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &std::path::Path, frame: &Frame) {
    let file = std::fs::File::create(path).expect("the folder can be written");
    let mut encoder = png::Encoder::new(file, frame.width(), frame.height());
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(frame.rgb()).expect("a picture");
}
