//! The whole way from a frame to an embedding, with all models loaded once.

use std::path::Path;

use crate::core::consent::Purpose;
use crate::core::evidence::{Guidance, Liveness};
use crate::core::fault::Fault;
use crate::ports::{Embedding, Eyes, Frame, Look};

use super::align::{FrameFromAligned, warp};
use super::depth;
use super::detect::{Detector, Face, KIOSK_SIDE};
use super::embed::Embedder;
use super::engine::EngineError;
use super::follow::{self, Follow};
use super::liveness::LivenessModel;
use super::manifest::{self, Job, ModelError};
use super::mesh::{Mesh, MeshModel};
use super::quality::{self, Quality};

/// All models together, and what is kept from one frame of a run to the next.
pub struct Pipeline {
    detector: Detector,
    embedder: Embedder,
    /// The built-in model, then what an installer added.
    liveness: Vec<LivenessModel>,
    mesh: MeshModel,
    run: Run,
}

/// What is kept from frame to frame. Wiped at the end of a run.
#[derive(Default)]
struct Run {
    purpose: Option<Purpose>,
    follow: Follow,
    /// The first good view: what depth is measured against.
    first: Option<Mesh>,
    /// Every second face is embedded as a mirror shows it: fused, they are better than either
    /// alone, at the cost of one each (`src/decisions/0013`).
    mirror: bool,
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
        let (model, _) = manifest::read(folder, Job::Landmarks)?;
        let mesh = MeshModel::new(&model).map_err(broken(Job::Landmarks))?;
        let (model, tag) = manifest::read(folder, Job::Embed)?;
        let embedder = Embedder::new(&model, tag).map_err(broken(Job::Embed))?;
        drop(model);
        let (model, _) = manifest::read(folder, Job::Liveness)?;
        let mut liveness = vec![LivenessModel::new(&model).map_err(broken(Job::Liveness))?];
        for (extra, model) in manifest::extras(folder)? {
            let name = format!("extra/{}", extra.file);
            liveness.push(LivenessModel::extra(&extra, &model).map_err(|_| ModelError::Broken(name))?);
        }
        let (model, _) = manifest::read(folder, Job::Detect)?;
        let detector = Detector::new(model, KIOSK_SIDE).map_err(broken(Job::Detect))?;
        Ok(Self { detector, embedder, liveness, mesh, run: Run::default() })
    }

    /// Every face of a picture, best score first.
    ///
    /// # Errors
    /// When a model does not run.
    pub fn examine(&mut self, frame: &Frame) -> Result<Vec<Examined>, EngineError> {
        let faces = self.detector.detect(frame)?;
        faces
            .iter()
            .map(|face| {
                let mesh = self.mesh.find(frame, face)?;
                let quality = Quality::of(frame, face, mesh.as_ref(), &faces);
                Ok(Examined { quality, live: self.live(frame, face)?, face: face.clone() })
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

    /// The embedding of one face, as it is or as a mirror shows it; none if its landmarks make no face.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn embed(&self, frame: &Frame, face: &Face, mirrored: bool) -> Result<Option<Embedding>, EngineError> {
        let Some(transform) = FrameFromAligned::of(face) else { return Ok(None) };
        let transform = if mirrored { transform.mirrored() } else { transform };
        let aligned = zeroize::Zeroizing::new(warp(frame, transform));
        self.embedder.embed(&aligned).map(Some)
    }

    /// The 468 points of one face; none where the model sees no face.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn mesh(&self, frame: &Frame, face: &Face) -> Result<Option<Mesh>, EngineError> {
        self.mesh.find(frame, face)
    }

    /// How live one face looks: the mean of all models.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn live(&self, frame: &Frame, face: &Face) -> Result<Liveness, EngineError> {
        let mut sum = 0.0;
        for model in &self.liveness {
            sum += f32::from(model.judge(frame, face)?);
        }
        Liveness::try_from(sum / self.liveness.len() as f32).map_err(|_| EngineError::Run)
    }

    /// The face nearest to the middle of a picture, for data sets of one person a picture. Looked at
    /// twice, as the kiosk does: once to find it, once from near.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn central_face(&mut self, frame: &Frame) -> Result<Option<Face>, EngineError> {
        let (x, y) = (frame.width() as f32 / 2.0, frame.height() as f32 / 2.0);
        let central = |faces: Vec<Face>, to: [f32; 2]| {
            let distance = |face: &Face| {
                let [cx, cy] = face.centre();
                (cx - to[0]).hypot(cy - to[1])
            };
            faces.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
        };
        let Some(first) = central(self.detector.detect(frame)?, [x, y]) else { return Ok(None) };
        let near = follow::near(&mut self.detector, frame, &first)?;
        Ok(Some(central(near, first.centre()).unwrap_or(first)))
    }
}

impl Eyes for Pipeline {
    fn begin(&mut self, purpose: Purpose) {
        self.run = Run { purpose: Some(purpose), ..Run::default() };
    }

    fn end(&mut self) {
        self.run = Run::default();
    }

    fn look(&mut self, frame: &Frame) -> Result<Look, Fault> {
        let fault = |_: EngineError| Fault::VisionFailed;
        // From here on there is only the zone.
        let Some(zone) = follow::zone(frame) else { return Ok(Look::Guide(Guidance::NoFace)) };
        let faces = self.run.follow.faces(&mut self.detector, &zone).map_err(fault)?;
        let face = match quality::select(&zone, &faces) {
            Ok(face) => face,
            Err(guidance) => {
                self.run.follow.lose();
                return Ok(Look::Guide(guidance));
            }
        };
        self.run.follow.keep(face);
        let Some(mesh) = self.mesh(&zone, face).map_err(fault)? else {
            return Ok(Look::Guide(Guidance::FaceForward));
        };
        let quality = Quality::of(&zone, face, Some(&mesh), &faces);
        if let Some(guidance) = quality::advise(&quality, self.run.purpose) {
            return Ok(Look::Guide(guidance));
        }
        let live = self.live(&zone, face).map_err(fault)?;
        self.run.mirror = !self.run.mirror;
        // Landmarks that make no face: as good as turned away.
        let Some(embedding) = self.embed(&zone, face, self.run.mirror).map_err(fault)? else {
            return Ok(Look::Guide(Guidance::FaceForward));
        };
        let relief = match &self.run.first {
            Some(first) => depth::residual(first, &mesh).is_some_and(|left| left >= depth::MIN_RESIDUAL),
            None => false,
        };
        let (turn, covered) = (quality.turn(), quality.covered.is_likely());
        self.run.first.get_or_insert(mesh);
        Ok(Look::Good { embedding, live, turn, relief, covered })
    }
}
