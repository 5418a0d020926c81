//! Which model files this program was built for, and the check that it gets exactly those.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::ports::ModelTag;

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

/// Fingerprint of all models together: hexadecimal SHA-256. Only these are ever used, so it is that of
/// the program, wherever the files are.
#[must_use]
pub fn mark() -> String {
    hex(&Sha256::digest(MANIFEST))
}

/// Whether every model is the recorded one.
#[must_use]
pub fn all_there(folder: &Path) -> bool {
    [Job::Detect, Job::Embed, Job::Liveness, Job::Landmarks].into_iter().all(|job| read(folder, job).is_ok())
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
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned)).unwrap_or_default();
    let places = [
        beside.join("models"),
        beside.join("../share/mianzheng/models"),
        PathBuf::from("models"),
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models"),
    ];
    places.into_iter().find(|place| place.join("manifest.toml").is_file()).unwrap_or_else(|| PathBuf::from("models"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
