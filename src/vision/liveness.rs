//! Passive liveness: does this look like a face, or like a picture of one?

use tract_onnx::prelude::*;

use crate::core::evidence::Liveness;
use crate::ports::Frame;

use super::detect::Face;
use super::engine::{self, EngineError, Plan};

/// Side of the model's input. Units: pixels.
pub const SIDE: usize = 128;
/// How much larger than the face the crop is. Source: `models/NOTICE.md`.
const CROP: f32 = 2.7;
/// The class that means a live face. Source: `models/NOTICE.md`.
const LIVE_CLASS: usize = 0;

/// The liveness model.
pub struct LivenessModel {
    plan: Plan,
}

impl LivenessModel {
    /// Takes model bytes.
    ///
    /// # Errors
    /// When the model does not load.
    pub fn new(model: &[u8]) -> Result<Self, EngineError> {
        Ok(Self { plan: engine::load(model, &[1, 3, SIDE, SIDE])? })
    }

    /// Judges one face in its surroundings.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn judge(&self, frame: &Frame, face: &Face) -> Result<Liveness, EngineError> {
        let classes = self.classes(&zeroize::Zeroizing::new(crop(frame, face)))?;
        Liveness::try_from(classes[LIVE_CLASS]).map_err(|_| EngineError::Run)
    }

    /// Probabilities of the three classes. Shape of input: 3 planes (BGR) of 128 x 128, 0 to 255.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn classes(&self, bgr: &[f32]) -> Result<[f32; 3], EngineError> {
        let input = Tensor::from_shape(&[1, 3, SIDE, SIDE], bgr).map_err(|_| EngineError::Run)?;
        let outputs = engine::run(&self.plan, input)?;
        let raw: [f32; 3] = engine::numbers(outputs.first().ok_or(EngineError::Run)?)?
            .try_into()
            .map_err(|_| EngineError::Run)?;
        Ok(softmax(raw))
    }
}

fn softmax(raw: [f32; 3]) -> [f32; 3] {
    let top = raw.into_iter().fold(f32::MIN, f32::max);
    let powers = raw.map(|v| (v - top).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|v| v / sum)
}

/// 2.7 times the box around the face, less where the frame is smaller, moved inside the frame.
/// Planes in the order blue, green, red: the model was trained so, and is blind otherwise.
#[allow(clippy::cast_possible_truncation)] // coordinates of a picture
fn crop(frame: &Frame, face: &Face) -> Vec<f32> {
    let (frame_w, frame_h) = (frame.width() as f32, frame.height() as f32);
    let [_, _, w, h] = face.bounds;
    let [cx, cy] = face.centre();
    let factor = CROP.min((frame_w - 1.0) / w).min((frame_h - 1.0) / h);
    let (crop_w, crop_h) = (w * factor, h * factor);
    let left = (cx - crop_w / 2.0).clamp(0.0, (frame_w - 1.0 - crop_w).max(0.0));
    let top = (cy - crop_h / 2.0).clamp(0.0, (frame_h - 1.0 - crop_h).max(0.0));
    let mut planes = vec![0.0_f32; 3 * SIDE * SIDE];
    for row in 0..SIDE {
        for col in 0..SIDE {
            let x = left + (col as f32 + 0.5) * crop_w / SIDE as f32 - 0.5;
            let y = top + (row as f32 + 0.5) * crop_h / SIDE as f32 - 0.5;
            let pixel = bilinear(frame, x, y);
            for (plane, channel) in [2, 1, 0].into_iter().enumerate() {
                planes[plane * SIDE * SIDE + row * SIDE + col] = pixel[channel];
            }
        }
    }
    planes
}

#[allow(clippy::cast_possible_truncation)]
fn bilinear(frame: &Frame, x: f32, y: f32) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (left, top) = (left as i64, top as i64);
    let [p, q, r, s] =
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| frame.pixel(left + dx, top + dy).map(f32::from));
    std::array::from_fn(|c| (p[c] * (1.0 - fx) + q[c] * fx) * (1.0 - fy) + (r[c] * (1.0 - fx) + s[c] * fx) * fy)
}
