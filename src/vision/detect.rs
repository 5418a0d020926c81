//! Finding faces with YuNet.
//!
//! Source of the decoding: OpenCV Zoo, YuNet 2023mar (contract in `models/NOTICE.md`).

use fast_image_resize as fir;
use tract_onnx::prelude::*;

use crate::ports::Frame;

use super::engine::{self, EngineError, Plan};

/// Longest side of the picture the kiosk detects on: a face at a kiosk is large. Units: pixels.
pub const KIOSK_SIDE: u32 = 320;
/// Score from which a detection counts. Source: OpenCV Zoo's own default, checked on LFW.
const MIN_SCORE: f32 = 0.6;
/// Overlap from which two detections are one face. Source: OpenCV Zoo's own default.
const MAX_OVERLAP: f32 = 0.3;
const STRIDES: [u16; 3] = [8, 16, 32];

/// A face in a picture. Units: pixels of the whole frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Left, top, width, height.
    pub bounds: [f32; 4],
    /// Right eye, left eye, nose, right and left corner of the mouth, as the person has them.
    pub landmarks: [[f32; 2]; 5],
    /// Range: 0.6 to 1.
    pub score: f32,
}

impl Face {
    /// Distance between the eyes. Units: pixels.
    #[must_use]
    pub fn eye_distance(&self) -> f32 {
        let [[ax, ay], [bx, by], ..] = self.landmarks;
        (ax - bx).hypot(ay - by)
    }

    /// Middle of the face.
    #[must_use]
    pub fn centre(&self) -> [f32; 2] {
        let [x, y, w, h] = self.bounds;
        [x + w / 2.0, y + h / 2.0]
    }
}

/// The detector; keeps one prepared model for each input size it has met.
pub struct Detector {
    model: Vec<u8>,
    side: u32,
    plans: Vec<((u32, u32), Plan)>,
    resizer: fir::Resizer,
}

impl Detector {
    /// Takes model bytes; `side` is the longest side detection runs at, a multiple of 32.
    ///
    /// # Errors
    /// When the model does not load.
    pub fn new(model: Vec<u8>, side: u32) -> Result<Self, EngineError> {
        let mut detector = Self { model, side, plans: Vec::new(), resizer: fir::Resizer::new() };
        detector.plan(side, side / 4 * 3)?;
        Ok(detector)
    }

    /// All faces, best score first.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn detect(&mut self, frame: &Frame) -> Result<Vec<Face>, EngineError> {
        self.detect_at(frame, self.side)
    }

    /// As above, with the longest side of the picture brought to `side`, a multiple of 32.
    ///
    /// # Errors
    /// As above.
    pub fn detect_at(&mut self, frame: &Frame, side: u32) -> Result<Vec<Face>, EngineError> {
        let (input, scale) = self.input(frame, side)?;
        let shape = input.shape();
        let (height, width) = (shape[2], shape[3]);
        let plan = self.plan(u32::try_from(width).unwrap_or(0), u32::try_from(height).unwrap_or(0))?;
        let outputs = engine::run(&plan, input)?;
        let mut faces = decode(&outputs, width, height)?;
        faces.iter_mut().for_each(|face| rescale(face, 1.0 / scale));
        Ok(suppress(faces))
    }

    /// The raw outputs for one prepared input, for golden tests. Shape of input: 1, 3, h, w; BGR.
    ///
    /// # Errors
    /// When the model does not take it.
    pub fn raw(&mut self, width: u32, height: u32, bgr: &[f32]) -> Result<Vec<Vec<f32>>, EngineError> {
        let input = Tensor::from_shape(&[1, 3, height as usize, width as usize], bgr).map_err(|_| EngineError::Run)?;
        let plan = self.plan(width, height)?;
        engine::run(&plan, input)?.iter().map(|value| Ok(engine::numbers(value)?.to_vec())).collect()
    }

    /// Shrinks (or grows) so that the longest side fits, pads right and below with black.
    fn input(&mut self, frame: &Frame, side: u32) -> Result<(Tensor, f32), EngineError> {
        let (w, h) = (frame.width(), frame.height());
        let longest = w.max(h);
        let fit = |length: u32| (length * side).div_ceil(longest).clamp(1, side);
        let (small_w, small_h) = (fit(w), fit(h));
        let scale = side as f32 / longest as f32;
        let source = fir::images::ImageRef::new(w, h, frame.rgb(), fir::PixelType::U8x3).map_err(|_| EngineError::Run)?;
        let mut small = fir::images::Image::new(small_w, small_h, fir::PixelType::U8x3);
        let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Bilinear));
        self.resizer.resize(&source, &mut small, &options).map_err(|_| EngineError::Run)?;

        let (pad_w, pad_h) = (small_w.next_multiple_of(32) as usize, small_h.next_multiple_of(32) as usize);
        let plane = pad_w * pad_h;
        let mut bgr = vec![0.0_f32; 3 * plane];
        for (y, row) in small.buffer().chunks_exact(small_w as usize * 3).enumerate() {
            for (x, pixel) in row.chunks_exact(3).enumerate() {
                let at = y * pad_w + x;
                bgr[at] = f32::from(pixel[2]);
                bgr[plane + at] = f32::from(pixel[1]);
                bgr[2 * plane + at] = f32::from(pixel[0]);
            }
        }
        zeroize::Zeroize::zeroize(small.buffer_mut());
        let input = Tensor::from_shape(&[1, 3, pad_h, pad_w], &bgr).map_err(|_| EngineError::Run)?;
        zeroize::Zeroize::zeroize(&mut bgr);
        Ok((input, scale))
    }

    fn plan(&mut self, width: u32, height: u32) -> Result<Plan, EngineError> {
        let (width, height) = (width.next_multiple_of(32), height.next_multiple_of(32));
        if let Some((_, plan)) = self.plans.iter().find(|(size, _)| *size == (width, height)) {
            return Ok(plan.clone());
        }
        let plan = engine::load(&self.model, &[1, 3, height as usize, width as usize])?;
        self.plans.push(((width, height), plan.clone()));
        Ok(plan)
    }
}

/// Outputs come as cls, obj, bbox and kps, each for strides 8, 16 and 32.
fn decode(outputs: &[TValue], width: usize, height: usize) -> Result<Vec<Face>, EngineError> {
    let mut faces = Vec::new();
    for (level, stride) in STRIDES.into_iter().enumerate() {
        let pick = |kind: usize| engine::numbers(outputs.get(kind * 3 + level).ok_or(EngineError::Run)?);
        let (cls, obj, boxes, points) = (pick(0)?, pick(1)?, pick(2)?, pick(3)?);
        let (cols, rows) = (width / usize::from(stride), height / usize::from(stride));
        let cells = cols * rows;
        if [cls.len(), obj.len(), boxes.len() / 4, points.len() / 10].iter().any(|n| *n != cells) {
            return Err(EngineError::Run);
        }
        let s = f32::from(stride);
        for cell in 0..cells {
            let score = (cls[cell].clamp(0.0, 1.0) * obj[cell].clamp(0.0, 1.0)).sqrt();
            if score.is_nan() || score < MIN_SCORE {
                continue;
            }
            let (col, row) = ((cell % cols) as f32, (cell / cols) as f32);
            let b = &boxes[cell * 4..cell * 4 + 4];
            let (w, h) = (b[2].exp() * s, b[3].exp() * s);
            let (cx, cy) = ((col + b[0]) * s, (row + b[1]) * s);
            let k = &points[cell * 10..cell * 10 + 10];
            let landmarks = std::array::from_fn(|i| [(k[2 * i] + col) * s, (k[2 * i + 1] + row) * s]);
            faces.push(Face { bounds: [cx - w / 2.0, cy - h / 2.0, w, h], landmarks, score });
        }
    }
    Ok(faces)
}

fn rescale(face: &mut Face, factor: f32) {
    face.bounds.iter_mut().chain(face.landmarks.iter_mut().flatten()).for_each(|v| *v *= factor);
}

/// Keeps the best of overlapping detections.
fn suppress(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|other| overlap(&other.bounds, &face.bounds) <= MAX_OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

/// Intersection over union.
fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let w = (a[0] + a[2]).min(b[0] + b[2]) - a[0].max(b[0]);
    let h = (a[1] + a[3]).min(b[1] + b[3]) - a[1].max(b[1]);
    let common = w.max(0.0) * h.max(0.0);
    common / (a[2] * a[3] + b[2] * b[3] - common).max(f32::EPSILON)
}
