//! The whole way from a frame to an embedding, with all models loaded once.

use std::path::Path;

use crate::core::evidence::{Guidance, Liveness};
use crate::core::fault::Fault;
use crate::ports::{Embedding, Eyes, Frame, Look};

use super::align::{FrameFromAligned, warp};
use super::detect::{Detector, Face, KIOSK_SIDE};
use super::embed::Embedder;
use super::engine::EngineError;
use super::liveness::LivenessModel;
use super::manifest::{self, Job, ModelError};
use super::quality::{self, Quality};

/// Detector, embedder and liveness model together.
pub struct Pipeline {
    detector: Detector,
    embedder: Embedder,
    liveness: LivenessModel,
}

/// What can be said of one face in a picture.
pub struct Examined {
    /// Where it is.
    pub face: Face,
    /// How good the picture of it is.
    pub quality: Quality,
    /// How live it looks.
    pub live: Liveness,
}

impl Pipeline {
    /// Reads and checks the models in `folder` and prepares them.
    ///
    /// # Errors
    /// Names the file that is missing, changed or broken. Nothing is used in that case.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        let broken = |job: Job| move |_: EngineError| ModelError::Broken(format!("{job:?}").to_lowercase());
        // One after the other: the bytes of one are gone before the next is read.
        manifest::read(folder, Job::Landmarks)?;
        let (model, tag) = manifest::read(folder, Job::Embed)?;
        let embedder = Embedder::new(&model, tag).map_err(broken(Job::Embed))?;
        drop(model);
        let (model, _) = manifest::read(folder, Job::Liveness)?;
        let liveness = LivenessModel::new(&model).map_err(broken(Job::Liveness))?;
        let (model, _) = manifest::read(folder, Job::Detect)?;
        let detector = Detector::new(model, KIOSK_SIDE).map_err(broken(Job::Detect))?;
        Ok(Self { detector, embedder, liveness })
    }

    /// Every face of a picture, best score first.
    ///
    /// # Errors
    /// When a model does not run.
    pub fn examine(&mut self, frame: &Frame) -> Result<Vec<Examined>, EngineError> {
        let faces = self.detector.detect(frame)?;
        faces
            .into_iter()
            .map(|face| {
                let live = self.liveness.judge(frame, &face)?;
                Ok(Examined { quality: Quality::of(frame, &face), live, face })
            })
            .collect()
    }

    /// Every face, without judging it.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn faces(&mut self, frame: &Frame) -> Result<Vec<Face>, EngineError> {
        self.detector.detect(frame)
    }

    /// The embedding of one face; none if its landmarks make no face.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn embed(&self, frame: &Frame, face: &Face) -> Result<Option<Embedding>, EngineError> {
        let Some(transform) = FrameFromAligned::of(face) else { return Ok(None) };
        let mut aligned = zeroize::Zeroizing::new(warp(frame, transform));
        let embedding = self.embedder.embed(&aligned)?;
        zeroize::Zeroize::zeroize(&mut *aligned);
        Ok(Some(embedding))
    }

    /// How live one face looks.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn live(&self, frame: &Frame, face: &Face) -> Result<Liveness, EngineError> {
        self.liveness.judge(frame, face)
    }

    /// The face nearest to the middle of a picture, for data sets of one person a picture.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn central_face(&mut self, frame: &Frame) -> Result<Option<Face>, EngineError> {
        let (x, y) = (frame.width() as f32 / 2.0, frame.height() as f32 / 2.0);
        let distance = |face: &Face| {
            let [cx, cy] = face.centre();
            (cx - x).hypot(cy - y)
        };
        let faces = self.detector.detect(frame)?;
        Ok(faces.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b))))
    }
}

impl Eyes for Pipeline {
    fn look(&mut self, frame: &Frame) -> Result<Look, Fault> {
        let fault = |_: EngineError| Fault::VisionFailed;
        let faces = self.detector.detect(frame).map_err(fault)?;
        let face = match quality::select(frame, &faces) {
            Ok(face) => face,
            Err(guidance) => return Ok(Look::Guide(guidance)),
        };
        let quality = Quality::of(frame, face);
        if let Some(guidance) = quality::advise(&quality) {
            return Ok(Look::Guide(guidance));
        }
        let live = self.live(frame, face).map_err(fault)?;
        let covered = quality.covered.is_likely();
        // Landmarks that make no face: as good as turned away.
        let embedding = self.embed(frame, face).map_err(fault)?;
        Ok(embedding.map_or(Look::Guide(Guidance::FaceForward), |embedding| Look::Good { embedding, live, covered }))
    }
}
