//! How a person wants to be served: combinable, forgotten after each person.

use serde::{Deserialize, Serialize};

use self::Volume::{Loud, Loudest, Normal, Quiet, Soft};
use super::screen::{Control, Lang};

/// The person's wishes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[allow(clippy::struct_excessive_bools)] // wishes are combinable: each is on or off for itself
pub struct Comfort {
    /// Language.
    pub lang: Lang,
    /// Larger text and targets, fewer things on a screen, slower speech, more time.
    pub large: bool,
    /// Black, white and yellow, 7:1 and more.
    pub contrast: bool,
    /// Everything is spoken and every key has a voice.
    pub speech: bool,
    /// Nothing is spoken; staff are told to write.
    pub text_only: bool,
    /// All controls in the lower part of the screen.
    pub low: bool,
    /// One thing at a time, asked once more, with a way back.
    pub simple: bool,
    /// A touch counts when it is held, and only once; one key is enough.
    pub steady: bool,
    /// How fast the voice speaks.
    pub pace: Pace,
    /// How loud it is.
    pub volume: Volume,
}

/// How fast the voice speaks; nothing said means as the other wishes want it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Slow with large text, else normal.
    #[default]
    Fitting,
    /// 0.8 of the normal speed.
    Slow,
    /// As recorded.
    Even,
    /// 1.25 of the normal speed.
    Brisk,
    /// 1.5 of the normal speed.
    Fast,
}

/// How loud the voice is. The installer sets the amplifier so that `Normal` is at most 65 dBA
/// (EN 301 549, 5.1.4.13); every person starts there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum Volume {
    Soft,
    Quiet,
    #[default]
    Normal,
    Loud,
    Loudest,
}

impl Comfort {
    /// How much longer everything waits.
    #[must_use]
    pub fn patience(self) -> u64 {
        if self.large || self.speech || self.simple || self.steady { 2 } else { 1 }
    }

    /// Speed of the voice. Range: 80 to 150 percent of the recording.
    #[must_use]
    pub fn tempo(self) -> u16 {
        match self.pace {
            Pace::Slow => 80,
            Pace::Fitting if self.large || self.simple => 80,
            Pace::Fitting | Pace::Even => 100,
            Pace::Brisk => 125,
            Pace::Fast => 150,
        }
    }

    /// Takes a wish. False if this control is none.
    pub(super) fn take(&mut self, control: Control) -> bool {
        match control {
            Control::LangZhCn => self.lang = Lang::ZhCn,
            Control::LangZhTw => self.lang = Lang::ZhTw,
            Control::LangEn => self.lang = Lang::En,
            Control::Large => self.large = !self.large,
            Control::Contrast => self.contrast = !self.contrast,
            Control::Speech => {
                self.speech = !self.speech;
                self.text_only = false;
            }
            Control::TextOnly => {
                self.text_only = !self.text_only;
                self.speech = false;
            }
            Control::LowReach => self.low = !self.low,
            Control::Simple => self.simple = !self.simple,
            Control::Steady => self.steady = !self.steady,
            Control::Faster => self.pace = self.faster(),
            Control::Slower => self.pace = self.slower(),
            Control::Louder => self.volume = self.volume.louder(),
            Control::Softer => self.volume = self.volume.softer(),
            // Saying it again is done where it was said.
            Control::Repeat => {}
            _ => return false,
        }
        true
    }

    fn faster(self) -> Pace {
        match self.tempo() {
            ..100 => Pace::Even,
            100..125 => Pace::Brisk,
            _ => Pace::Fast,
        }
    }

    fn slower(self) -> Pace {
        match self.tempo() {
            ..=100 => Pace::Slow,
            101..=125 => Pace::Even,
            _ => Pace::Brisk,
        }
    }
}

impl Volume {
    /// Every step, softest first.
    pub const ALL: [Self; 5] = [Soft, Quiet, Normal, Loud, Loudest];

    /// Change against the recording. Units: dB. The recordings leave no room above themselves.
    #[must_use]
    pub fn gain_db(self) -> f32 {
        match self {
            Soft => -24.0,
            Quiet => -18.0,
            Normal => -12.0,
            Loud => -6.0,
            Loudest => 0.0,
        }
    }

    fn louder(self) -> Self {
        Self::ALL.into_iter().find(|step| *step > self).unwrap_or(self)
    }

    fn softer(self) -> Self {
        Self::ALL.into_iter().rev().find(|step| *step < self).unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_and_text_only_exclude_each_other() {
        let mut comfort = Comfort::default();
        assert!(comfort.take(Control::Speech) && comfort.take(Control::TextOnly));
        assert!(comfort.text_only && !comfort.speech);
        assert!(comfort.take(Control::Speech));
        assert!(comfort.speech && !comfort.text_only);
    }

    #[test]
    fn volume_and_pace_go_step_by_step_and_stop_at_the_ends() {
        let mut comfort = Comfort::default();
        let tempo = |comfort: &mut Comfort, control| {
            comfort.take(control);
            comfort.tempo()
        };
        assert_eq!([Control::Faster; 3].map(|c| tempo(&mut comfort, c)), [125, 150, 150]);
        assert_eq!([Control::Slower; 4].map(|c| tempo(&mut comfort, c)), [125, 100, 80, 80]);
        comfort = Comfort { large: true, ..Comfort::default() };
        assert_eq!(comfort.tempo(), 80);
        assert_eq!(tempo(&mut comfort, Control::Faster), 100);
        (0..9).for_each(|_| assert!(comfort.take(Control::Louder)));
        assert_eq!(comfort.volume, Volume::Loudest);
        (0..9).for_each(|_| assert!(comfort.take(Control::Softer)));
        assert_eq!(comfort.volume, Volume::Soft);
        assert!(!comfort.take(Control::Agree));
    }
}
