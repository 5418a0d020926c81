//! What lies on the reader and what stands before the camera, changed by hand or by script.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use crate::core::fault::Fault;
use crate::core::time::Date;
use crate::ports::{DemoDeck, Identity, Secret};

/// The sample people and scenes of a demo.
pub struct Deck {
    cards: Vec<Card>,
    scenes: Vec<Scene>,
    now: Mutex<Now>,
}

struct Now {
    scene: String,
    card: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    card: Vec<Card>,
    scene: Vec<Scene>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    id: String,
    label: String,
    name: String,
    number: String,
    birth: Option<String>,
    expires: Option<String>,
    /// The reader fails instead.
    fault: Option<Fault>,
}

/// What the camera sees.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    id: String,
    label: String,
    /// Pictures shown one after another, left to right when `together`.
    #[serde(default)]
    pub(super) pictures: Vec<PathBuf>,
    /// Side by side in one frame.
    #[serde(default)]
    pub(super) together: bool,
    /// Which part of the picture; all of it if left out.
    pub(super) view: Option<View>,
    /// The camera fails instead.
    pub(super) fault: Option<Fault>,
}

/// A part of a picture. Units: pixels of the picture.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct View {
    /// What is in the middle of the frame.
    pub(super) centre: [f32; 2],
    /// How much of the height fills the frame.
    pub(super) span: f32,
}

/// The demo's files cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct DeckError {
    /// Which file.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl Deck {
    /// Reads the sample people from a file; pictures are named relative to it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(file: &Path) -> Result<Arc<Self>, DeckError> {
        let error = |reason: String| DeckError { file: file.display().to_string(), reason };
        let text = std::fs::read_to_string(file).map_err(|e| error(e.to_string()))?;
        let File { card, mut scene } = toml::from_str(&text).map_err(|e| error(e.message().to_owned()))?;
        let base = file.parent().unwrap_or(Path::new("."));
        scene.iter_mut().flat_map(|s| &mut s.pictures).for_each(|p| *p = base.join(&p));
        let first = scene.first().map(|s| s.id.clone()).ok_or_else(|| error("no scene".into()))?;
        Ok(Arc::new(Self { cards: card, scenes: scene, now: Mutex::new(Now { scene: first, card: None }) }))
    }

    /// Replaces what stands before the camera by a picture, a folder or an MJPEG file.
    #[must_use]
    pub fn with_camera(self: Arc<Self>, path: &Path) -> Arc<Self> {
        let scene = Scene {
            id: "file".into(),
            label: "file".into(),
            pictures: vec![path.to_owned()],
            together: false,
            view: None,
            fault: None,
        };
        let mut scenes = self.scenes.clone();
        scenes.insert(0, scene);
        Arc::new(Self { cards: self.cards.clone(), scenes, now: Mutex::new(Now { scene: "file".into(), card: None }) })
    }

    pub(super) fn current_scene(&self) -> Option<Scene> {
        let id = self.lock().scene.clone();
        self.scenes.iter().find(|s| s.id == id).cloned()
    }

    pub(super) fn current_card(&self) -> Option<Result<Identity, Fault>> {
        let id = self.lock().card.clone()?;
        let card = self.cards.iter().find(|c| c.id == id)?;
        if let Some(fault) = card.fault {
            return Some(Err(fault));
        }
        let date = |text: &Option<String>| text.as_deref().and_then(Date::parse);
        Some(Ok(Identity::new(
            Secret::new(card.name.clone()),
            Secret::new(card.number.clone()),
            date(&card.birth),
            date(&card.expires),
        )))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DemoDeck for Deck {
    fn cards(&self) -> Vec<(String, String)> {
        self.cards.iter().map(|c| (c.id.clone(), c.label.clone())).collect()
    }

    fn scenes(&self) -> Vec<(String, String)> {
        self.scenes.iter().map(|s| (s.id.clone(), s.label.clone())).collect()
    }

    fn lay_card(&self, id: &str) -> bool {
        let known = self.cards.iter().any(|c| c.id == id);
        if known || id == "none" {
            self.lock().card = known.then(|| id.to_owned());
        }
        known || id == "none"
    }

    fn show(&self, id: &str) -> bool {
        let known = self.scenes.iter().any(|s| s.id == id);
        if known {
            id.clone_into(&mut self.lock().scene);
        }
        known
    }

    fn scene(&self) -> String {
        self.lock().scene.clone()
    }

    fn card(&self) -> String {
        self.lock().card.clone().unwrap_or_else(|| "none".into())
    }
}
