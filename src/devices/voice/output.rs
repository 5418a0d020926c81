//! Where sound goes: a loudspeaker, or a file for who wants to check what was said when.

use std::fs::File;
use std::io::Write;
use std::num::{NonZeroU16, NonZeroU32};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::core::time::Tick;
use crate::ports::Clock;

use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player};

use super::RATE;

/// Plays samples one after the other.
pub trait Output {
    /// Adds sound to what is being played.
    fn append(&mut self, samples: Vec<f32>);
    /// Falls silent at once and forgets what was to come.
    fn stop(&mut self);
    /// Whether all of it was heard.
    fn is_empty(&mut self) -> bool;
}

/// The default sound device, opened when it is first needed and again after it went away.
#[derive(Default)]
pub struct Loudspeaker {
    sink: Option<(MixerDeviceSink, Arc<AtomicBool>)>,
    player: Option<Player>,
}

impl Loudspeaker {
    /// Whether sound can be played now.
    ///
    /// # Errors
    /// Why not, in the words of the sound system.
    pub fn check() -> Result<(), String> {
        Self::open(Arc::default()).map(drop)
    }

    fn open(broken: Arc<AtomicBool>) -> Result<MixerDeviceSink, String> {
        let builder = DeviceSinkBuilder::from_default_device().map_err(|e| e.to_string())?;
        let callback = move |_| broken.store(true, Ordering::SeqCst);
        let mut sink = builder
            // Short enough that a key is answered by silence at once.
            .with_buffer_size(cpal::BufferSize::Fixed(1024))
            .with_error_callback(callback)
            .open_stream()
            .map_err(|e| e.to_string())?;
        sink.log_on_drop(false);
        Ok(sink)
    }

    fn player(&mut self) -> Option<&Player> {
        if self.sink.as_ref().is_some_and(|(_, broken)| broken.load(Ordering::SeqCst)) {
            self.player = None;
            self.sink = None;
        }
        if self.sink.is_none() {
            let broken = Arc::new(AtomicBool::new(false));
            match Self::open(broken.clone()) {
                Ok(sink) => self.sink = Some((sink, broken)),
                Err(reason) => {
                    tracing::debug!(reason, "no sound");
                    return None;
                }
            }
        }
        if self.player.is_none() {
            self.player = self.sink.as_ref().map(|(sink, _)| Player::connect_new(sink.mixer()));
        }
        self.player.as_ref()
    }
}

impl Output for Loudspeaker {
    fn append(&mut self, samples: Vec<f32>) {
        if let (Some(player), Some(rate)) = (self.player(), NonZeroU32::new(RATE)) {
            player.append(SamplesBuffer::new(NonZeroU16::MIN, rate, samples));
        }
    }

    fn stop(&mut self) {
        if let Some(player) = self.player.take() {
            player.stop();
        }
    }

    fn is_empty(&mut self) -> bool {
        self.player.as_ref().is_none_or(Player::empty)
    }
}

/// A WAV file that grows as time goes by: silence where nothing was said.
pub struct Recording {
    file: PathBuf,
    clock: Arc<dyn Clock>,
    start: Tick,
    samples: Vec<i16>,
    /// Where what is queued ends. Units: samples.
    end: usize,
}

impl Recording {
    /// Begins now.
    #[must_use]
    pub fn new(file: &Path, clock: Arc<dyn Clock>) -> Self {
        let start = clock.tick();
        Self { file: file.to_owned(), clock, start, samples: Vec::new(), end: 0 }
    }

    #[allow(clippy::cast_possible_truncation)] // hours at most
    fn now(&self) -> usize {
        (self.clock.tick().since(self.start) as usize) * (RATE as usize / 1000)
    }

    fn save(&self) -> std::io::Result<()> {
        let mut file = std::io::BufWriter::new(File::create(&self.file)?);
        let bytes = u32::try_from(self.samples.len() * 2).unwrap_or(u32::MAX - 36);
        file.write_all(b"RIFF")?;
        file.write_all(&(36 + bytes).to_le_bytes())?;
        file.write_all(b"WAVEfmt ")?;
        file.write_all(&16_u32.to_le_bytes())?;
        // PCM, one channel.
        file.write_all(&[1, 0, 1, 0])?;
        file.write_all(&RATE.to_le_bytes())?;
        file.write_all(&(RATE * 2).to_le_bytes())?;
        file.write_all(&[2, 0, 16, 0])?;
        file.write_all(b"data")?;
        file.write_all(&bytes.to_le_bytes())?;
        self.samples.iter().try_for_each(|sample| file.write_all(&sample.to_le_bytes()))?;
        file.flush()
    }
}

impl Output for Recording {
    #[allow(clippy::cast_possible_truncation)] // clamped
    fn append(&mut self, samples: Vec<f32>) {
        let start = self.now().max(self.end);
        self.samples.resize(start, 0);
        self.samples.extend(samples.iter().map(|sample| (sample.clamp(-1.0, 1.0) * 32_767.0) as i16));
        self.end = self.samples.len();
    }

    fn stop(&mut self) {
        let now = self.now();
        self.samples.truncate(now);
        self.end = self.end.min(now);
        // Whoever ends the program between two sentences finds what was said until then.
        if let Err(error) = self.save() {
            tracing::warn!(file = %self.file.display(), %error, "the recording was not written");
        }
    }

    fn is_empty(&mut self) -> bool {
        self.now() >= self.end
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.stop();
    }
}
