//! The voice: says what the screen shows, and falls silent at once.

use crate::core::screen::Lang;

/// Something to say. Its texts may be private: they are neither logged nor kept.
pub struct Utterance {
    /// Given back when it was said to its end.
    pub id: u64,
    /// Language of the texts.
    pub lang: Lang,
    /// The texts, one after the other.
    pub texts: Vec<String>,
    /// Speed. Units: percent of the recording; 80 to 150.
    pub tempo: u16,
    /// Change against the recording. Units: dB; 0 or less.
    pub gain_db: f32,
}

/// Speaks. One utterance at a time: a new one ends the one before.
pub trait Voice: Send {
    /// Begins to speak in the background; `done` is told the id when the end was reached, not when
    /// it was cut off. Without a sound device nothing happens at all.
    fn say(&mut self, utterance: Utterance, done: Box<dyn FnOnce(u64) + Send>);
    /// Falls silent.
    fn hush(&mut self);
    /// Whether something is being said now.
    fn is_speaking(&self) -> bool {
        false
    }
}
