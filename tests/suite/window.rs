//! A real window on a real X server, touched from outside.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::program;

const SIZE: (u32, u32) = (720, 1280);

/// Ends the process when the test does, whatever happens: asked first, so that it clears up.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).stderr(Stdio::null()).status();
        for _ in 0..60 {
            if self.0.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen of our own: the server picks a free number and tells it.
fn server() -> (Ended, String) {
    let mut child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", &format!("{}x{}x24", SIZE.0, SIZE.1), "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb; ./x test installs it");
    let mut line = String::new();
    let out = child.stdout.take().expect("stdout");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).expect("a display number");
    (Ended(child), format!(":{}", line.trim()))
}

fn xdotool(display: &str, args: &[&str]) -> String {
    let out = Command::new("xdotool").env("DISPLAY", display).args(args).output().expect("xdotool");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// Waits until the journal's last screen is of this kind.
fn until(journal: &Path, wanted: impl Fn(&Value) -> bool) {
    let end = Instant::now() + Duration::from_secs(90);
    loop {
        let text = fs::read_to_string(journal).unwrap_or_default();
        let last = text.lines().rev().find_map(|line| serde_json::from_str::<Value>(line).ok());
        if last.as_ref().is_some_and(|line| wanted(&line["screen"])) {
            return;
        }
        assert!(Instant::now() < end, "the window stays at {last:?}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Where the controls are: asked from the same screen drawn in memory at the same size.
fn places(ids: &[&str], folder: &Path) -> Vec<(i32, i32)> {
    let script = folder.join("places.jsonl");
    let hits = folder.join("hits.json");
    let text = format!(
        "{{\"do\":\"expect\",\"stage\":\"home\",\"offers\":[\"method-face\"],\"within_ms\":120000}}\n{{\"do\":\"hits\",\"file\":{hits:?}}}\n"
    );
    fs::write(&script, text).expect("written");
    let size = format!("{}x{}", SIZE.0, SIZE.1);
    let out = program().args(["demo", "--headless", "--size", &size, "--script"]).arg(&script).output().expect("runs");
    assert!(out.status.success(), "{out:?}");
    let hits: Value = serde_json::from_str(&fs::read_to_string(&hits).expect("hits")).expect("JSON");
    ids.iter()
        .map(|id| {
            let rect = &hits[*id];
            let at = |i: usize| rect[i].as_f64().unwrap_or_else(|| panic!("{id} is not in {hits}"));
            ((at(0) + at(2) / 2.0) as i32, (at(1) + at(3) / 2.0) as i32)
        })
        .collect()
}

/// The first screen is drawn, and both ways are open.
fn at_home(journal: &Path) {
    until(journal, |screen| screen["view"]["home"]["locks"].as_array().is_some_and(Vec::is_empty));
}

#[test]
fn a_stop_from_outside_ends_as_if_by_hand_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, display) = server();
    let journal = folder.path().join("journal.jsonl");
    let kiosk = program()
        .env("DISPLAY", &display)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .args(["demo", "--size", "720x1280", "--journal"])
        .arg(&journal)
        .stderr(Stdio::null())
        .spawn()
        .expect("the demo starts");
    let mut kiosk = Ended(kiosk);
    at_home(&journal);
    // The folder of its data is open while it runs.
    let files = fs::read_dir(format!("/proc/{}/fd", kiosk.0.id())).expect("its open files").flatten();
    let data = files.filter_map(|file| fs::read_link(file.path()).ok()).find_map(|file| {
        file.ancestors().find(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mianzheng-demo-"))).map(Path::to_owned)
    });
    let data = data.expect("the demo's data");
    assert!(data.is_dir());
    let end = Instant::now() + Duration::from_mins(1);
    while xdotool(&display, &["search", "--onlyvisible", "--class", "mianzheng"]).is_empty() {
        assert!(Instant::now() < end, "no window");
        std::thread::sleep(Duration::from_millis(50));
    }
    let id = kiosk.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
    let status = loop {
        if let Some(status) = kiosk.0.try_wait().expect("a child") {
            break status;
        }
        assert!(Instant::now() < end, "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{status}");
    assert!(!data.exists(), "what the demo kept");
}

#[test]
fn touching_the_card_button_in_a_real_window_opens_the_card_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, display) = server();
    let places = places(&["method-card", "demo-card-a"], folder.path());
    let journal = folder.path().join("journal.jsonl");
    let size = format!("{}x{}", SIZE.0, SIZE.1);
    let kiosk = program()
        .env("DISPLAY", &display)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .args(["demo", "--size", &size, "--journal"])
        .arg(&journal)
        .stderr(Stdio::null())
        .spawn()
        .expect("the demo starts");
    let _kiosk = Ended(kiosk);
    at_home(&journal);
    let end = Instant::now() + Duration::from_mins(1);
    let window = loop {
        let found = xdotool(&display, &["search", "--onlyvisible", "--class", "mianzheng"]);
        if let Some(id) = found.lines().next().filter(|id| !id.is_empty()) {
            break id.to_owned();
        }
        assert!(Instant::now() < end, "no window");
        std::thread::sleep(Duration::from_millis(50));
    };
    xdotool(&display, &["windowmove", &window, "0", "0"]);
    xdotool(&display, &["windowfocus", &window]);
    let touch = |place: (i32, i32)| {
        xdotool(&display, &["mousemove", "--window", &window, &place.0.to_string(), &place.1.to_string()]);
        std::thread::sleep(Duration::from_millis(150));
        xdotool(&display, &["mousedown", "1"]);
        std::thread::sleep(Duration::from_millis(80));
        xdotool(&display, &["mouseup", "1"]);
    };
    touch(places[0]);
    until(&journal, |screen| screen["view"]["card"].is_object());
    touch(places[1]);
    until(&journal, |screen| screen["view"]["result"]["title"] == "granted-title");

    let picture = folder.path().join("window.png");
    let shot = Command::new("import").env("DISPLAY", &display).args(["-window", "root"]).arg(&picture).status();
    assert!(shot.expect("imagemagick").success());
    let colours = Command::new("identify").args(["-format", "%k %w %h"]).arg(&picture).output().expect("imagemagick");
    let words: Vec<u32> = String::from_utf8_lossy(&colours.stdout).split_whitespace().filter_map(|w| w.parse().ok()).collect();
    assert!(words[0] > 50 && (words[1], words[2]) == SIZE, "an empty window: {words:?}");
}
