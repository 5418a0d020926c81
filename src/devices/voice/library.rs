//! Which clip says which words, and the clips themselves: used only if they are the ones of this build.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::core::screen::Lang;

/// Every clip of this build: language, name, checksum, length in ms, words.
pub(super) const INDEX: &str = include_str!("../../../assets/voice/index.tsv");

/// The folder beside the site file with recordings of the site's own words.
const OWN: &str = "speech";

/// Where a clip is, and what it must be.
#[derive(Clone, Debug)]
struct Clip {
    file: PathBuf,
    /// Checksum; none for the site's own recordings, which the site answers for.
    sha256: Option<&'static str>,
}

/// All clips, by language and words.
#[derive(Default)]
pub struct Library {
    clips: HashMap<(Lang, String), Clip>,
    /// Length of the longest words, by language and first character. Units: bytes.
    longest: HashMap<(Lang, char), usize>,
}

impl Library {
    /// The clips of this build, in a folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let mut library = Self::default();
        for line in INDEX.lines() {
            let mut fields = line.splitn(5, '\t');
            let (Some(tag), Some(name), Some(sha256), Some(_), Some(words)) =
                (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Some(lang) = Lang::ALL.into_iter().find(|lang| lang.tag() == tag) else { continue };
            let file = folder.join(tag).join(format!("{name}.ogg"));
            library.add(lang, words, Clip { file, sha256: Some(sha256) });
        }
        library
    }

    /// Adds the site's own recordings: `speech/<language>/<key>.ogg` beside the site file, where `own`
    /// gives the words of each key. Gives the keys that have none.
    pub fn add_site(&mut self, beside: &Path, own: &[(&'static str, Lang, String)]) -> Vec<String> {
        let mut missing = Vec::new();
        for (key, lang, words) in own {
            let file = ["ogg", "wav"].map(|kind| beside.join(OWN).join(lang.tag()).join(format!("{key}.{kind}")));
            match file.into_iter().find(|file| file.is_file()) {
                Some(file) => self.add(*lang, words, Clip { file, sha256: None }),
                None if self.speaks(*lang, words) => {}
                None => missing.push(format!("{}/{key}", lang.tag())),
            }
        }
        missing
    }

    fn add(&mut self, lang: Lang, words: &str, clip: Clip) {
        let words = trimmed(words);
        let Some(first) = words.chars().next() else { return };
        let longest = self.longest.entry((lang, first)).or_default();
        *longest = words.len().max(*longest);
        self.clips.insert((lang, words.to_owned()), clip);
    }

    /// Whether every word of a text has a clip.
    #[must_use]
    pub fn speaks(&self, lang: Lang, text: &str) -> bool {
        super::plan(lang, text, self).iter().all(|piece| !matches!(piece, super::Piece::Unsaid(_)))
    }

    /// Whether these words are one clip.
    pub(super) fn has(&self, lang: Lang, words: &str) -> bool {
        self.clips.contains_key(&(lang, words.to_owned()))
    }

    /// Length of the longest words that begin with this character. Units: bytes.
    pub(super) fn longest(&self, lang: Lang, first: char) -> usize {
        self.longest.get(&(lang, first)).copied().unwrap_or(0)
    }

    /// The sound of a clip: mono, at [`super::RATE`]. None if it is missing or not the one of this build.
    #[must_use]
    pub fn sound(&self, lang: Lang, words: &str) -> Option<Vec<f32>> {
        let clip = self.clips.get(&(lang, words.to_owned()))?;
        let bytes = std::fs::read(&clip.file).ok()?;
        if let Some(expected) = clip.sha256 {
            let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            if found != expected {
                tracing::warn!(file = %clip.file.display(), "is not the clip of this build, so it is not played");
                return None;
            }
        }
        decode(bytes)
    }
}

/// Any clip as mono at the common rate.
fn decode(bytes: Vec<u8>) -> Option<Vec<f32>> {
    use rodio::Source;
    let source = rodio::Decoder::new(Cursor::new(bytes)).ok()?;
    let (channels, rate) = (usize::from(source.channels().get()), source.sample_rate().get());
    let samples: Vec<f32> = source.collect();
    let mono: Vec<f32> = samples.chunks(channels).map(|all| all.iter().sum::<f32>() / channels as f32).collect();
    Some(if rate == super::RATE { mono } else { resampled(&mono, rate) })
}

/// Linear resampling: the site's own recordings only, spoken words.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // positions within a clip
fn resampled(samples: &[f32], rate: u32) -> Vec<f32> {
    let step = f64::from(rate) / f64::from(super::RATE);
    let count = (samples.len() as f64 / step) as usize;
    let at = |i: usize| samples.get(i).copied().unwrap_or(0.0);
    (0..count)
        .map(|i| {
            let place = i as f64 * step;
            let (left, share) = (place as usize, place.fract() as f32);
            at(left) * (1.0 - share) + at(left + 1) * share
        })
        .collect()
}

/// Words without what stands around them.
pub(super) fn trimmed(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || "。，、！？；：.,!?;:·—()（）“”「」\"'".contains(c))
}

/// Where the clips are: `voice` beside the program, in its share folder, or in the source tree.
#[must_use]
pub fn folder() -> PathBuf {
    crate::resources::folder("voice", "assets/voice", "index.tsv")
}
