//! 468 points of a face: where it looks, how far its eyes are open, whether it has depth.

use tract_onnx::prelude::*;

use crate::ports::Frame;

use super::detect::Face;
use super::engine::{self, EngineError, Plan};
use super::sample::{self, Beyond, Form, FrameFromCrop};

/// Side of the model's input. Units: pixels.
pub const SIDE: usize = 192;
/// Points of a face. Source: mediapipe's face mesh.
pub const POINTS: usize = 468;
/// The crop, of the longer side of the detector's box. Source: mediapipe's own crop.
const CROP: f32 = 1.5;
/// Below it the model itself sees no face in the crop. Source: mediapipe's own default.
const MIN_PRESENCE: f32 = 0.5;

/// The points of one face. Wiped on drop.
#[derive(zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Mesh {
    /// x, y in pixels of the frame; z in the same scale, smaller is nearer to the camera.
    /// Shape: [`POINTS`] x 3.
    pub points: Vec<[f32; 3]>,
    /// Whether a face is there at all. Range: 0 to 1.
    pub presence: f32,
}

/// The landmark model.
pub struct MeshModel {
    plan: Plan,
}

impl MeshModel {
    /// Takes model bytes.
    ///
    /// # Errors
    /// When the model does not load.
    pub fn new(model: &[u8]) -> Result<Self, EngineError> {
        Ok(Self { plan: engine::load(model, &[1, 3, SIDE, SIDE])? })
    }

    /// The points of one face; none where the model sees no face.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn find(&self, frame: &Frame, face: &Face) -> Result<Option<Mesh>, EngineError> {
        let Some(map) = upright(face) else { return Ok(None) };
        let form = Form { side: SIDE, order: [0, 1, 2], top: 1.0, beyond: Beyond::Border };
        let crop = zeroize::Zeroizing::new(sample::planes(frame, map, form));
        let (numbers, score) = self.raw(&crop)?;
        let presence = 1.0 / (1.0 + (-score).exp());
        if presence < MIN_PRESENCE {
            return Ok(None);
        }
        let FrameFromCrop([[scale_cos, ..], [scale_sin, ..]]) = map;
        let scale = scale_cos.hypot(scale_sin);
        #[allow(clippy::cast_possible_truncation)] // coordinates of a picture
        let point = |[u, v, z]: &[f32; 3]| {
            let (x, y) = map.apply(f64::from(*u), f64::from(*v));
            [x as f32, y as f32, (f64::from(*z) * scale) as f32]
        };
        let points = numbers.as_chunks::<3>().0.iter().map(point).collect();
        Ok(Some(Mesh { points, presence }))
    }

    /// The model's raw outputs: x, y, z in pixels of the input, and a logit.
    /// Shape of input: 3 planes (RGB) of 192 x 192, 0 to 1.
    ///
    /// # Errors
    /// When the model does not run or gives another number of points.
    pub fn raw(&self, rgb: &[f32]) -> Result<(zeroize::Zeroizing<Vec<f32>>, f32), EngineError> {
        let input = Tensor::from_shape(&[1, 3, SIDE, SIDE], rgb).map_err(|_| EngineError::Run)?;
        let outputs = engine::run(&self.plan, input)?;
        let output = |index: usize| engine::numbers(outputs.get(index).ok_or(EngineError::Run)?);
        let (points, score) = (output(0)?, output(1)?);
        match (points.len(), score) {
            (n, [score]) if n == POINTS * 3 => Ok((zeroize::Zeroizing::new(points.to_vec()), *score)),
            _ => Err(EngineError::Run),
        }
    }
}

/// A square around the face, turned so that the eyes are level; none if the face has no size.
fn upright(face: &Face) -> Option<FrameFromCrop> {
    let [right, left, ..] = face.landmarks.map(|point| point.map(f64::from));
    let [_, _, w, h] = face.bounds;
    let side = f64::from(w.max(h) * CROP);
    let turn = (left[1] - right[1]).atan2(left[0] - right[0]);
    let step = side / SIDE as f64;
    let (a, b) = (turn.cos() * step, turn.sin() * step);
    let [cx, cy] = face.centre().map(f64::from);
    // Pixel centres on pixel centres.
    let middle = SIDE as f64 / 2.0 - 0.5;
    let (tx, ty) = (cx - 0.5 - (a - b) * middle, cy - 0.5 - (b + a) * middle);
    (side.is_finite() && side >= 1.0).then(|| FrameFromCrop::turned(a, b, [tx, ty]))
}
