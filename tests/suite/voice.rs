//! The voice: every prompt has its clips, in every language, and they are the ones of this build.

use std::collections::BTreeSet;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mianzheng::config::{PROFILES, Site};
use mianzheng::core::message::Msg;
use mianzheng::core::screen::Lang;
use mianzheng::devices::voice::{ClipVoice, Library, Output, Piece, RATE, plan};
use mianzheng::locale::{Arg, Locale, SOURCES};
use mianzheng::ports::{Utterance, Voice};

use crate::support::root;

fn library() -> Library {
    Library::new(&root().join("assets/voice"))
}

/// Every value a sentence can hold: numbers where there is a number, else a letter.
fn args() -> Vec<(&'static str, Arg<'static>)> {
    let numbers = ["seconds", "count", "digit", "percent", "days", "late", "number"];
    let names: BTreeSet<&str> = SOURCES[0].1.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).collect();
    names.into_iter().map(|name| (name, if numbers.contains(&name) { Arg::Number(20) } else { Arg::Text("A") })).collect()
}

#[test]
fn every_spoken_message_has_its_clips_in_every_language() {
    let (library, locale, args) = (library(), Locale::new(), args());
    let mut missing = Vec::new();
    for lang in Lang::ALL {
        for msg in Msg::ALL.iter().filter(|msg| msg.is_spoken()) {
            let text = locale.strict(lang, *msg, &args).unwrap_or_else(|| panic!("{}: a value this test does not know", msg.id()));
            for piece in plan(lang, &text, &library) {
                if let Piece::Unsaid(words) = piece {
                    missing.push(format!("{} {}: {words}", lang.tag(), msg.id()));
                }
            }
        }
        // Numbers, dates, devices and telephones, wherever they stand.
        for value in ["0", "7", "20", "100", "105", "365", "2026-11-22", "A-07", "0571-00000000"] {
            assert!(library.speaks(lang, value), "{lang:?} {value}: {:?}", plan(lang, value, &library));
        }
    }
    assert!(missing.is_empty(), "{} without a clip (assets/voice/units.py and render.py make them): {missing:#?}", missing.len());
}

#[test]
fn the_words_of_the_built_in_profiles_are_spoken() {
    let library = library();
    for (name, text) in PROFILES {
        for (key, lang, words) in Site::parse(name, text).expect("a profile").spoken() {
            assert!(library.speaks(lang, &words), "{name} {key} {lang:?}: {words}");
        }
    }
}

#[test]
fn no_clip_is_left_over_changed_or_missing() {
    let index = std::fs::read_to_string(root().join("assets/voice/index.tsv")).expect("an index");
    let library = library();
    let profiles: String = PROFILES.iter().map(|(_, text)| *text).collect();
    let mut files = BTreeSet::new();
    for line in index.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [tag, name, _, _, words] = fields[..] else { panic!("{line}") };
        let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == tag).expect("a language");
        files.insert(format!("{tag}/{name}.ogg"));
        // The sound is there, and has the checksum the program was built with.
        assert!(library.sound(lang, words).is_some_and(|sound| sound.len() > RATE as usize / 20), "{tag} {words}");
        let (_, source) = SOURCES.iter().find(|(of, _)| *of == lang).expect("a locale");
        let extra = words.chars().all(|c| c.is_ascii_digit()) || words.chars().count() == 1 || words == "hundred" || MONTHS.contains(&words);
        assert!(extra || source.contains(words) || profiles.contains(words), "{tag} {words}: nobody says this any more");
    }
    for tag in Lang::ALL.map(Lang::tag) {
        for entry in std::fs::read_dir(root().join("assets/voice").join(tag)).expect("a folder") {
            let name = format!("{tag}/{}", entry.expect("an entry").file_name().to_string_lossy());
            assert!(files.contains(&name), "{name} is in no index");
        }
    }
}

const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
];

#[test]
fn a_clip_that_was_changed_is_not_played() {
    let index = std::fs::read_to_string(root().join("assets/voice/index.tsv")).expect("an index");
    let line = index.lines().find(|line| line.starts_with("en\t")).expect("a clip");
    let fields: Vec<&str> = line.split('\t').collect();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("en")).expect("a folder");
    let name = format!("en/{}.ogg", fields[1]);
    let mut bytes = std::fs::read(root().join("assets/voice").join(&name)).expect("a clip");
    std::fs::write(folder.path().join(&name), &bytes).expect("a copy");
    assert!(Library::new(folder.path()).sound(Lang::En, fields[4]).is_some());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(folder.path().join(&name), &bytes).expect("a changed copy");
    assert!(Library::new(folder.path()).sound(Lang::En, fields[4]).is_none());
}

/// Remembers what was played; all of it is heard at once, or never.
#[derive(Clone, Default)]
struct Ear {
    heard: Arc<Mutex<Vec<f32>>>,
    stops: Arc<Mutex<usize>>,
    deaf: bool,
}

impl Output for Ear {
    fn append(&mut self, samples: Vec<f32>) {
        self.heard.lock().expect("an ear").extend(samples);
    }

    fn stop(&mut self) {
        *self.stops.lock().expect("a count") += 1;
    }

    fn is_empty(&mut self) -> bool {
        !self.deaf
    }
}

fn utterance(id: u64, tempo: u16, gain_db: f32) -> Utterance {
    Utterance { id, lang: Lang::En, texts: vec![Locale::new().text(Lang::En, Msg::SpeechKeys)], tempo, gain_db }
}

fn said(tempo: u16, gain_db: f32) -> Vec<f32> {
    let ear = Ear::default();
    let inner = ear.clone();
    let mut voice = ClipVoice::start(library(), move || inner);
    let (tell, done) = channel();
    voice.say(utterance(7, tempo, gain_db), Box::new(move |id| tell.send(id).expect("a listener")));
    assert_eq!(done.recv_timeout(Duration::from_secs(20)), Ok(7), "told when it was heard");
    drop(voice);
    ear.heard.lock().expect("an ear").clone()
}

fn loudness(samples: &[f32]) -> f32 {
    let power: f32 = samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32;
    10.0 * power.log10()
}

#[test]
fn speed_and_volume_are_what_was_asked_for() {
    let normal = said(100, 0.0);
    assert!(normal.len() > RATE as usize * 4, "{} samples", normal.len());
    let slow = said(80, 0.0).len() as f32 / normal.len() as f32;
    let fast = said(150, 0.0).len() as f32 / normal.len() as f32;
    // The pauses between sentences stay as they are.
    assert!((1.12..1.3).contains(&slow) && (0.6..0.85).contains(&fast), "slow {slow}, fast {fast}");
    let quieter = loudness(&said(100, -12.0)) - loudness(&normal);
    assert!((quieter + 12.0).abs() < 0.1, "{quieter} dB");
}

#[test]
fn who_acts_is_answered_by_silence() {
    let ear = Ear { deaf: true, ..Ear::default() };
    let inner = ear.clone();
    let mut voice = ClipVoice::start(library(), move || inner);
    let (tell, done) = channel();
    voice.say(utterance(1, 100, 0.0), Box::new(move |id| tell.send(id).expect("a listener")));
    let until = |what: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !what() {
            assert!(start.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    until(&|| !ear.heard.lock().expect("an ear").is_empty());
    let stops = *ear.stops.lock().expect("a count");
    voice.hush();
    until(&|| *ear.stops.lock().expect("a count") > stops);
    drop(voice);
    assert!(done.try_recv().is_err(), "what was cut off does not count as heard");
}
