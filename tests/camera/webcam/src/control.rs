//! The word that says what the webcam does now.

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(20);

/// What the webcam does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Whole frames.
    Run,
    /// Nothing, though it stays plugged in.
    Freeze,
    /// Frames of noise.
    Junk,
    /// The first half of each frame.
    Half,
    /// JPEG without its Huffman tables.
    NoTables,
    /// Frames marked as damaged, as the standard has it.
    Damaged,
    /// Off the bus.
    Unplug,
    /// Ends the program.
    Quit,
}

pub(crate) struct Control {
    name: String,
    file: PathBuf,
    word: Word,
    looked: Option<Instant>,
}

impl Control {
    pub(crate) fn new(name: &str, file: &str) -> Self {
        Self { name: name.to_owned(), file: file.into(), word: Word::Run, looked: None }
    }

    /// The word now; says so when it is another than before.
    pub(crate) fn word(&mut self) -> Word {
        if self.looked.is_some_and(|at| at.elapsed() < EVERY) {
            return self.word;
        }
        self.looked = Some(Instant::now());
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        let word = match text.trim() {
            "run" => Word::Run,
            "freeze" => Word::Freeze,
            "junk" => Word::Junk,
            "half" => Word::Half,
            "notables" => Word::NoTables,
            "damaged" => Word::Damaged,
            "unplug" => Word::Unplug,
            "quit" => Word::Quit,
            // Being written at this moment.
            _ => self.word,
        };
        if word != self.word {
            self.word = word;
            self.say(text.trim());
        }
        word
    }

    /// One line with the time since the machine started, in milliseconds.
    pub(crate) fn say(&self, what: &str) {
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
        let seconds: f64 = uptime.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default();
        println!("{:.0} webcam: {} {what}", seconds * 1000.0, self.name);
    }
}
