//! Says utterances clip by clip on a thread of its own; a new one, or silence, cuts the last one off.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::core::message::Msg;
use crate::locale::Locale;
use crate::ports::{Utterance, Voice};

use super::library::Library;
use super::output::Output;
use super::plan::{Piece, plan};
use super::RATE;

/// How often it looks whether all was heard.
const LOOK: Duration = Duration::from_millis(20);
/// Silence between two texts of an utterance. Units: ms.
const BETWEEN_MS: u16 = 450;

enum Order {
    Say(Utterance, Box<dyn FnOnce(u64) + Send>),
    Hush,
}

/// A voice made of clips.
pub struct ClipVoice {
    to: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
    speaking: Arc<AtomicBool>,
}

impl ClipVoice {
    /// Starts the voice; `output` is made on its thread.
    #[must_use]
    pub fn start<O: Output>(library: Library, output: impl FnOnce() -> O + Send + 'static) -> Self {
        let (to, orders) = channel();
        let speaking = Arc::new(AtomicBool::new(false));
        let told = speaking.clone();
        let thread = std::thread::spawn(move || speak(&library, &mut output(), &orders, &told));
        Self { to: Some(to), thread: Some(thread), speaking }
    }

    fn tell(&self, order: Order) {
        if let Some(to) = &self.to {
            let _ = to.send(order);
        }
    }
}

impl Voice for ClipVoice {
    fn say(&mut self, utterance: Utterance, done: Box<dyn FnOnce(u64) + Send>) {
        self.tell(Order::Say(utterance, done));
    }

    fn hush(&mut self) {
        self.tell(Order::Hush);
    }

    fn is_speaking(&self) -> bool {
        self.speaking.load(Ordering::SeqCst)
    }
}

impl Drop for ClipVoice {
    fn drop(&mut self) {
        self.to = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn speak(library: &Library, output: &mut impl Output, orders: &Receiver<Order>, speaking: &AtomicBool) {
    let locale = Locale::new();
    let mut next = orders.recv().ok();
    while let Some(order) = next {
        output.stop();
        next = match order {
            Order::Hush => orders.recv().ok(),
            Order::Say(utterance, done) => {
                let pieces = pieces(&utterance, library, &locale);
                speaking.store(true, Ordering::SeqCst);
                let ended = play(&utterance, &pieces, library, output, orders);
                speaking.store(false, Ordering::SeqCst);
                match ended {
                    Ended::Heard => {
                        done(utterance.id);
                        orders.recv().ok()
                    }
                    Ended::Cut(order) => Some(order),
                    Ended::Over => None,
                }
            }
        };
    }
    output.stop();
}

enum Ended {
    Heard,
    Cut(Order),
    Over,
}

/// Everything to play; at the end, once, that something has no recording.
fn pieces(utterance: &Utterance, library: &Library, locale: &Locale) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for text in &utterance.texts {
        pieces.extend(plan(utterance.lang, text, library));
        pieces.push(Piece::Pause(BETWEEN_MS));
    }
    if pieces.iter().any(|piece| matches!(piece, Piece::Unsaid(_))) {
        pieces.extend(plan(utterance.lang, &locale.text(utterance.lang, Msg::SpeechUnsaid), library));
    }
    pieces
}

fn play(utterance: &Utterance, pieces: &[Piece], library: &Library, output: &mut impl Output, orders: &Receiver<Order>) -> Ended {
    let gain = 10_f32.powf(utterance.gain_db.min(0.0) / 20.0);
    for piece in pieces {
        let sound = match piece {
            Piece::Clip(words) => library.sound(utterance.lang, words).map(|sound| stretched(sound, utterance.tempo)),
            Piece::Pause(ms) => Some(vec![0.0; usize::from(*ms) * RATE as usize / 1000]),
            Piece::Unsaid(_) => None,
        };
        // The first clip is heard while the next is read; whoever acts meanwhile is answered first.
        match orders.try_recv() {
            Ok(order) => return Ended::Cut(order),
            Err(std::sync::mpsc::TryRecvError::Disconnected) => return Ended::Over,
            Err(std::sync::mpsc::TryRecvError::Empty) => {}
        }
        if let Some(sound) = sound {
            output.append(sound.into_iter().map(|sample| sample * gain).collect());
        }
    }
    while !output.is_empty() {
        match orders.recv_timeout(LOOK) {
            Ok(order) => return Ended::Cut(order),
            Err(RecvTimeoutError::Disconnected) => return Ended::Over,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    Ended::Heard
}

/// The same words slower or faster, at the same pitch. Units of `tempo`: percent.
fn stretched(sound: Vec<f32>, tempo: u16) -> Vec<f32> {
    let Some(rate) = NonZeroU32::new(RATE).filter(|_| tempo != 100) else { return sound };
    wsola::stretch(&sound, rate, NonZeroU16::MIN, f32::from(tempo) / 100.0).unwrap_or(sound)
}
