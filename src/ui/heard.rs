//! What was drawn in one frame, as somebody meets it who listens or goes from key to key: in reading
//! order, each thing with the words that are also its name for a screen reader.

use egui::{Id, Rect};

/// The parts of a screen, in the order they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Region {
    /// A message above all else.
    Message,
    /// What the screen is about.
    #[default]
    Content,
    /// Card, staff, start page.
    Ways,
    /// The voice: again, louder, faster.
    Sound,
    /// Ways to be served, and languages.
    Access,
    /// Name of the place.
    Head,
    /// Contact.
    Foot,
    /// The demo's own strip: not part of the kiosk, never spoken.
    Deck,
}

/// What a stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words that lead through: spoken to everybody.
    Prompt,
    /// Words that are there to be read: spoken to who listens to all.
    Text,
    /// Words on a page that scrolls.
    Page,
    /// Something to press.
    Control,
}

/// One thing on the screen.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) region: Region,
    pub(super) kind: Kind,
    pub(super) rect: Rect,
    pub(super) words: String,
    pub(super) private: bool,
}

/// Everything on the screen.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Where what is drawn now belongs.
    pub(super) region: Region,
    /// What is drawn now is about one person.
    pub(super) private: bool,
    pub(super) stops: Vec<Stop>,
    /// What was focused was pressed by a key.
    pub(super) action: bool,
}

/// The names of texts that lead through a screen.
const PROMPTS: [&str; 13] = [
    "title", "lead", "body", "hint", "remark", "others", "purpose", "warn-title", "warn-body", "seated", "written", "either", "how",
];
/// Those that are said when they change while the screen stays.
const LIVE: [&str; 5] = ["hint", "remark", "others", "status", "entered"];
/// Those nobody has to hear: what they say is said by something else, or is a picture's caption.
const SILENT: [&str; 3] = ["camera-on", "access", "demo-mark"];

impl Heard {
    /// Begins a frame.
    pub(super) fn clear(&mut self) {
        self.stops.clear();
        self.region = Region::default();
        self.private = false;
        self.action = false;
    }

    /// A text was drawn.
    pub(super) fn text(&mut self, name: &str, id: Id, rect: Rect, words: &str) {
        if SILENT.contains(&name) || self.region == Region::Deck {
            return;
        }
        let kind = match name {
            _ if PROMPTS.contains(&name) => Kind::Prompt,
            _ if name.starts_with("piece-") => Kind::Page,
            _ => Kind::Text,
        };
        self.push(name, id, kind, rect, words);
    }

    /// A control was drawn that can be used.
    pub(super) fn control(&mut self, name: &str, id: Id, rect: Rect, words: &str) {
        self.push(name, id, Kind::Control, rect, words);
    }

    fn push(&mut self, name: &str, id: Id, kind: Kind, rect: Rect, words: &str) {
        let (region, private) = (self.region, self.private);
        self.stops.push(Stop { id, name: name.to_owned(), region, kind, rect, words: words.to_owned(), private });
    }

    /// Puts everything into reading order.
    pub(super) fn settle(&mut self) {
        self.stops.sort_by_key(|stop| stop.region);
    }

    /// The stop with this id.
    pub(super) fn get(&self, id: Id) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.id == id)
    }

    /// The last words of a page.
    pub(super) fn page_end(&self) -> Option<&Stop> {
        self.stops.iter().rfind(|stop| stop.kind == Kind::Page)
    }
}

impl Stop {
    /// Whether it is said when it changes while the screen stays.
    pub(super) fn is_live(&self) -> bool {
        LIVE.contains(&self.name.as_str())
    }
}
