//! Which model files this program was built for, and the check that it gets exactly those.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::ports::ModelTag;
use crate::resources;

/// The manifest the program was built with; the files beside it must agree.
const MANIFEST: &str = include_str!("../../models/manifest.toml");

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Job {
    /// Find faces.
    Detect,
    /// Turn a face into numbers.
    Embed,
    /// Tell a live face from a picture.
    Liveness,
    /// Find 468 points.
    Landmarks,
}

/// One line of the manifest.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// Short name.
    pub name: String,
    /// What it is for.
    pub job: Job,
    /// File name inside the models folder.
    pub file: String,
    /// Of the file, in hexadecimal.
    pub sha256: String,
}

#[derive(Deserialize)]
struct Manifest {
    model: Vec<Entry>,
}

/// A further liveness model that an installer added: `models/extra/manifest.toml`, one table
/// `[[liveness]]` for each. The kiosk takes the mean of all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Extra {
    /// File name inside `models/extra`.
    pub file: String,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    /// Side of the input. Range: 32 to 512. Units: pixels.
    pub side: usize,
    /// How much larger than the face the crop is. Range: 1 to 4.
    pub crop: f32,
    /// Whether the planes are blue, green, red; else red, green, blue.
    pub blue_first: bool,
    /// Value of a full channel: 255 or 1.
    pub top: f32,
    /// Numbers the model gives, before softmax. Range: 2 to 16.
    pub classes: usize,
    /// Which of them means a live face.
    pub live_class: usize,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extras {
    #[serde(default)]
    liveness: Vec<Extra>,
}

impl Extra {
    fn is_sound(&self) -> bool {
        (32..=512).contains(&self.side)
            && (1.0..=4.0).contains(&self.crop)
            && [1.0, 255.0].contains(&self.top)
            && (2..=16).contains(&self.classes)
            && self.live_class < self.classes
            && !self.file.contains(['/', '\\'])
    }
}

/// The further liveness models with their bytes. Fails closed: one that is missing, changed or badly
/// described closes the face way, as the built-in ones do.
///
/// # Errors
/// Names the file.
pub fn extras(folder: &Path) -> Result<Vec<(Extra, Vec<u8>)>, ModelError> {
    let folder = folder.join("extra");
    let listed = folder.join("manifest.toml");
    let text = match std::fs::read_to_string(&listed) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(_) => return Err(ModelError::Missing("extra/manifest.toml".into())),
    };
    let extras: Extras = toml::from_str(&text).map_err(|_| ModelError::Broken("extra/manifest.toml".into()))?;
    let read = |extra: Extra| {
        let name = format!("extra/{}", extra.file);
        if !extra.is_sound() {
            return Err(ModelError::Broken(name));
        }
        let bytes = std::fs::read(folder.join(&extra.file)).map_err(|_| ModelError::Missing(name.clone()))?;
        if hex(&Sha256::digest(&bytes)) != extra.sha256.to_lowercase() {
            return Err(ModelError::Changed(name));
        }
        Ok((extra, bytes))
    };
    extras.liveness.into_iter().map(read).collect()
}

/// A model file is not what the manifest says.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not there, or cannot be read.
    #[error("model {0} was not found")]
    Missing(String),
    /// Its checksum differs.
    #[error("model {0} does not have the recorded checksum")]
    Changed(String),
    /// It does not load.
    #[error("model {0} cannot be loaded")]
    Broken(String),
}

/// All entries.
///
/// # Errors
/// When the built-in manifest is damaged, which a test excludes.
pub fn entries() -> Result<Vec<Entry>, ModelError> {
    let manifest: Manifest = toml::from_str(MANIFEST).map_err(|_| ModelError::Broken("manifest.toml".into()))?;
    Ok(manifest.model)
}

/// Fingerprint of all models together: hexadecimal SHA-256. Of the built-in ones only the recorded
/// are ever used, wherever they are; what an installer added changes the mark, and so asks for a
/// new impact assessment.
#[must_use]
pub fn mark(folder: &Path) -> String {
    let mut digest = Sha256::new();
    digest.update(MANIFEST);
    if let Ok(added) = std::fs::read(folder.join("extra/manifest.toml")) {
        digest.update(added);
    }
    hex(&digest.finalize())
}

/// Whether every model is the recorded one.
#[must_use]
pub fn all_there(folder: &Path) -> bool {
    [Job::Detect, Job::Embed, Job::Liveness, Job::Landmarks].into_iter().all(|job| read(folder, job).is_ok()) && extras(folder).is_ok()
}

/// Reads the model for a job, if and only if it is the recorded one.
///
/// # Errors
/// Names the file that is missing or differs.
pub fn read(folder: &Path, job: Job) -> Result<(Vec<u8>, ModelTag), ModelError> {
    let entry = entries()?
        .into_iter()
        .find(|entry| entry.job == job)
        .ok_or_else(|| ModelError::Missing(format!("{job:?}")))?;
    let bytes = std::fs::read(folder.join(&entry.file)).map_err(|_| ModelError::Missing(entry.file.clone()))?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    if hex(&digest) != entry.sha256 {
        return Err(ModelError::Changed(entry.file));
    }
    let mut tag = ModelTag::default();
    tag.copy_from_slice(&digest[..8]);
    Ok((bytes, tag))
}

/// Where the models are: named, beside the program, installed, or in the source tree.
///
/// The place does not matter for safety: only files with the built-in checksums are used.
#[must_use]
pub fn folder(named: Option<&Path>) -> PathBuf {
    if let Some(named) = named {
        return named.to_owned();
    }
    resources::folder("models", "models", "manifest.toml")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
