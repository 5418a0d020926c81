//! Passive liveness: does this look like a face, or like a picture of one?

use tract_onnx::prelude::*;

use crate::core::evidence::Liveness;
use crate::ports::Frame;

use super::detect::Face;
use super::engine::{self, EngineError, Plan};
use super::manifest::Extra;
use super::sample::{self, Beyond, Form, FrameFromCrop};

/// Side of the model's input. Units: pixels.
pub const SIDE: usize = 128;
/// How much larger than the face the crop is. Source: `models/NOTICE.md`.
const CROP: f32 = 2.7;
/// Order of the planes: the model was trained so, and is blind otherwise.
const BGR: [usize; 3] = [2, 1, 0];
/// The class that means a live face. Source: `models/NOTICE.md`.
const LIVE_CLASS: usize = 0;

/// How a liveness model takes a face.
#[derive(Clone, Copy, Debug)]
struct Input {
    side: usize,
    crop: f32,
    order: [usize; 3],
    top: f32,
    live_class: usize,
}

/// The built-in model's. Source: `models/NOTICE.md`.
const OURS: Input = Input { side: SIDE, crop: CROP, order: BGR, top: 255.0, live_class: LIVE_CLASS };

/// What the built-in model gives for [`known`], before softmax is taken. Source: another engine,
/// `models/golden.py` (`liveness_128x128`).
const KNOWN_ANSWER: [f32; 3] = [0.039_339, 0.959_792, 0.000_870];

/// One liveness model.
pub struct LivenessModel {
    plan: Plan,
    input: Input,
}

impl LivenessModel {
    /// Takes the bytes of the built-in model.
    ///
    /// # Errors
    /// When the model does not load, or does not give the known answer: it would judge blindly.
    pub fn new(model: &[u8]) -> Result<Self, EngineError> {
        let model = Self { plan: engine::load(model, &[1, 3, SIDE, SIDE])?, input: OURS };
        model.answers_as_known()?;
        Ok(model)
    }

    /// Takes a further model and its description.
    ///
    /// # Errors
    /// When the model does not load or gives another number of classes.
    pub fn extra(extra: &Extra, model: &[u8]) -> Result<Self, EngineError> {
        let order = if extra.blue_first { BGR } else { [0, 1, 2] };
        let input = Input { side: extra.side, crop: extra.crop, order, top: extra.top, live_class: extra.live_class };
        let model = Self { plan: engine::load(model, &[1, 3, extra.side, extra.side])?, input };
        let blank = vec![0.0; 3 * extra.side * extra.side];
        let fits = model.classes(&blank).is_ok_and(|classes| classes.len() == extra.classes);
        if fits { Ok(model) } else { Err(EngineError::Load) }
    }

    /// Judges one face in its surroundings.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn judge(&self, frame: &Frame, face: &Face) -> Result<Liveness, EngineError> {
        let classes = self.classes(&zeroize::Zeroizing::new(crop(frame, face, self.input)))?;
        let live = classes.get(self.input.live_class).ok_or(EngineError::Run)?;
        Liveness::try_from(*live).map_err(|_| EngineError::Run)
    }

    /// Probabilities of the classes. Shape of input: 3 planes of side x side, as the model takes them.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn classes(&self, planes: &[f32]) -> Result<Vec<f32>, EngineError> {
        let side = self.input.side;
        let input = Tensor::from_shape(&[1, 3, side, side], planes).map_err(|_| EngineError::Run)?;
        let outputs = engine::run(&self.plan, input)?;
        Ok(softmax(engine::numbers(outputs.first().ok_or(EngineError::Run)?)?))
    }

    /// A swapped channel leaves everything running and drops the model to chance. So before its
    /// first use: the crop of a coloured wall has blue first, and the model knows its answer.
    fn answers_as_known(&self) -> Result<(), EngineError> {
        let wall = [200, 100, 50].repeat(64 * 64);
        let wall = Frame::new(64, 64, wall).map_err(|_| EngineError::Load)?;
        let face = Face { bounds: [20.0, 20.0, 24.0, 24.0], landmarks: [[32.0; 2]; 5], score: 1.0 };
        let planes = crop(&wall, &face, self.input);
        let first = |plane: usize| planes.get(plane * SIDE * SIDE).copied().unwrap_or_default();
        let blue_first = [(0, 50.0), (1, 100.0), (2, 200.0)].iter().all(|(plane, level)| (first(*plane) - level).abs() < 0.5);
        let known = (0..3 * SIDE * SIDE).map(|at| {
            let (c, y, x) = (at / (SIDE * SIDE), at / SIDE % SIDE, at % SIDE);
            ((x * 7 + y * 13 + c * 29) % 256) as f32
        });
        let answer = self.classes(&known.collect::<Vec<f32>>())?;
        let right = answer.len() == 3 && answer.iter().zip(KNOWN_ANSWER).all(|(a, b)| (a - b).abs() < 2e-3);
        if blue_first && right { Ok(()) } else { Err(EngineError::Load) }
    }
}

fn softmax(raw: &[f32]) -> Vec<f32> {
    let top = raw.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = raw.iter().map(|v| (v - top).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|v| v / sum).collect()
}

/// So many times the box around the face, less where the frame is smaller, moved inside the frame.
fn crop(frame: &Frame, face: &Face, input: Input) -> Vec<f32> {
    let (frame_w, frame_h) = (frame.width() as f32, frame.height() as f32);
    let [_, _, w, h] = face.bounds;
    let [cx, cy] = face.centre();
    let factor = input.crop.min((frame_w - 1.0) / w).min((frame_h - 1.0) / h);
    let (crop_w, crop_h) = (w * factor, h * factor);
    let left = (cx - crop_w / 2.0).clamp(0.0, (frame_w - 1.0 - crop_w).max(0.0));
    let top = (cy - crop_h / 2.0).clamp(0.0, (frame_h - 1.0 - crop_h).max(0.0));
    let (step_x, step_y) = (f64::from(crop_w) / input.side as f64, f64::from(crop_h) / input.side as f64);
    let corner = [f64::from(left) + step_x / 2.0 - 0.5, f64::from(top) + step_y / 2.0 - 0.5];
    let map = FrameFromCrop([[step_x, 0.0, corner[0]], [0.0, step_y, corner[1]]]);
    sample::planes(frame, map, Form { side: input.side, order: input.order, top: input.top, beyond: Beyond::Border })
}
