//! What the screen says aloud: private things into headphones only, nothing where no sound is wanted.

use std::sync::atomic::Ordering;

use crate::core::event::Event;
use crate::core::message::Msg;
use crate::core::time::Date;
use crate::locale::Locale;
use crate::ports::{Identity, Utterance};

use super::handle::Said;
use super::kiosk::{Input, Kiosk};

/// Nothing takes longer to be said; a sound device that hangs must not stop the clock. Units: ms.
const LONGEST_MS: u64 = 300_000;

impl Kiosk {
    /// Says these texts in place of what is being said.
    pub(super) fn say(&mut self, id: u64, said: Vec<Said>) {
        let screen = self.session.screen();
        let comfort = screen.comfort;
        if comfort.text_only {
            return;
        }
        let texts = for_all(said, screen.headphones, || Locale::new().text(comfort.lang, Msg::SpeechPrivate));
        let utterance = Utterance { id, lang: comfort.lang, texts, tempo: comfort.tempo(), gain_db: comfort.volume.gain_db() };
        let to = self.to.clone();
        self.spoken_at = self.devices.clock.tick();
        self.devices.voice.say(utterance, Box::new(move |id| drop(to.send(Input::Said(id)))));
    }

    /// An utterance was heard to its end: only now does time run on for who listened.
    pub(super) fn said(&mut self, id: u64) {
        self.shared.said.store(id, Ordering::SeqCst);
        self.shared.repaint();
        self.step(&Event::Stirred);
    }

    /// Who listens does something: a page takes two minutes to be read out.
    pub(super) fn listened(&mut self) {
        let since = self.devices.clock.tick().since(self.spoken_at);
        if self.devices.voice.is_speaking() && since < LONGEST_MS {
            self.step(&Event::Stirred);
        }
    }

    /// Whether larger and slower is offered to whom this document belongs to.
    pub(super) fn is_elder(&self, identity: &Identity, today: Date) -> bool {
        let birth = identity.birth().filter(|birth| *birth <= today);
        self.devices.elder_age.zip(birth).is_some_and(|(age, birth)| birth.years_before(today) >= age)
    }
}

/// What may be heard by everybody near: instead of what is private, once, that it is.
fn for_all(said: Vec<Said>, headphones: bool, hint: impl Fn() -> String) -> Vec<String> {
    let mut hinted = false;
    said.into_iter()
        .filter_map(|said| match said.private && !headphones {
            false => Some(said.text),
            true if hinted => None,
            true => {
                hinted = true;
                Some(hint())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_texts_are_heard_in_headphones_only() {
        let said = |text: &str, private| Said { text: text.into(), private };
        let all = vec![said("open", false), said("name", true), said("date", true), said("end", false)];
        assert_eq!(for_all(all.clone(), false, || "hint".into()), ["open", "hint", "end"]);
        assert_eq!(for_all(all, true, || "hint".into()), ["open", "name", "date", "end"]);
    }
}
