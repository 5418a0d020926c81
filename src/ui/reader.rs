//! Decides what is said: what leads through a screen to everybody, everything to who listens.

use std::collections::BTreeMap;

use egui::Id;

use crate::core::message::Msg;
use crate::core::screen::{Comfort, Screen, View};
use crate::locale::Locale;
use crate::runtime::{Act, Said};

use super::heard::{Heard, Kind, Region, Stop};

/// What was said last, and of what.
#[derive(Default)]
pub(super) struct Reader {
    /// The screen it belongs to.
    screen: Option<Mark>,
    /// Texts that are said when they change.
    live: BTreeMap<String, String>,
    /// What can be said again.
    last: Vec<Said>,
    /// Counts utterances.
    id: u64,
    /// The utterance that holds a page to its end.
    page: Option<u64>,
    /// What was focused, and its words.
    focus: Option<(Id, String)>,
    warned: bool,
    /// That something is for headphones only was said of this screen.
    hinted: bool,
    sound: Comfort,
}

/// What makes a screen another one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    view: std::mem::Discriminant<View>,
    title: String,
    comfort: (bool, crate::core::screen::Lang),
}

impl Reader {
    /// Compares what was drawn with what was said, and says the difference.
    pub(super) fn follow(&mut self, screen: &Screen, heard: &Heard, focused: Option<Id>, locale: &Locale) -> Option<Act> {
        let comfort = screen.comfort;
        let sound = (self.sound.volume, self.sound.pace) != (comfort.volume, comfort.pace);
        self.sound = comfort;
        let mark = Mark {
            view: std::mem::discriminant(&screen.view),
            title: heard.stops.iter().find(|stop| stop.name == "title").map(|stop| stop.words.clone()).unwrap_or_default(),
            comfort: (comfort.speech, comfort.lang),
        };
        let warned = screen.warning.is_some();
        let rises = warned && !self.warned;
        self.warned = warned;
        let new = self.screen.as_ref() != Some(&mark);
        let live: BTreeMap<String, String> =
            heard.stops.iter().filter(|stop| stop.is_live()).map(|stop| (stop.name.clone(), stop.words.clone())).collect();
        let news: Vec<Said> = heard.stops.iter().filter(|stop| stop.is_live() && is_said(stop, screen)).filter(|stop| self.live.get(&stop.name) != Some(&stop.words)).map(said).collect();
        self.live = live;
        let focus = focused.and_then(|id| heard.get(id)).map(|stop| (stop.id, stop.words.clone()));
        let moved = focus.is_some() && focus != self.focus;
        self.focus = focus;
        if rises {
            let texts: Vec<Said> = heard.stops.iter().filter(|stop| stop.region == Region::Message && stop.kind == Kind::Prompt).map(said).collect();
            return Some(self.say(texts));
        }
        if warned {
            // What lies under the message is not said; its own words are, when the keys come to them.
            let stop = focused.filter(|_| moved && comfort.speech).and_then(|id| heard.get(id))?;
            return Some(self.say(vec![said(stop)]));
        }
        if new {
            self.screen = Some(mark);
            self.page = None;
            let texts = whole(screen, heard, locale);
            // What the screen before said is gone with it, for the ear too.
            self.last.clone_from(&texts);
            self.hinted = false;
            if texts.is_empty() {
                return None;
            }
            let act = self.say(texts);
            self.page = (comfort.speech && heard.page_end().is_some()).then_some(self.id);
            return Some(act);
        }
        if moved && comfort.speech {
            let stop = focused.and_then(|id| heard.get(id))?;
            if stop.private && !screen.headphones && std::mem::replace(&mut self.hinted, true) {
                // That it is for headphones was said once.
                return Some(Act::Hush);
            }
            return Some(self.say(vec![said(stop)]));
        }
        if !news.is_empty() {
            return Some(self.say(news));
        }
        sound.then(|| self.again())
    }

    /// Says the whole screen again.
    pub(super) fn again(&mut self) -> Act {
        if self.last.is_empty() {
            return Act::Hush;
        }
        let act = self.say(self.last.clone());
        // Heard again to the end counts as heard.
        self.page = self.page.map(|_| self.id);
        act
    }

    /// Whether all of the page was heard.
    pub(super) fn page_heard(&self, said: u64) -> bool {
        self.page == Some(said)
    }

    fn say(&mut self, texts: Vec<Said>) -> Act {
        self.id += 1;
        Act::Say(self.id, texts)
    }
}

fn said(stop: &Stop) -> Said {
    Said { text: stop.words.clone(), private: stop.private }
}

/// Whether this is said to this person without being asked for.
fn is_said(stop: &Stop, screen: &Screen) -> bool {
    match stop.kind {
        _ if screen.comfort.text_only => false,
        Kind::Control => false,
        Kind::Prompt => stop.region == Region::Content,
        Kind::Text | Kind::Page => screen.comfort.speech && stop.region == Region::Content,
    }
}

/// A whole screen. At the first one the machine is silent until somebody wants it to speak.
fn whole(screen: &Screen, heard: &Heard, locale: &Locale) -> Vec<Said> {
    let at_home = matches!(screen.view, View::Home { .. });
    if at_home && !screen.comfort.speech {
        return Vec::new();
    }
    let name = heard.stops.iter().filter(|stop| at_home && stop.name == "site");
    let mut texts: Vec<Said> = name.chain(heard.stops.iter().filter(|stop| is_said(stop, screen))).map(said).collect();
    if at_home {
        texts.push(Said { text: locale.text(screen.comfort.lang, Msg::SpeechKeys), private: false });
    }
    texts
}
