//! Bringing a face to the place the embedding model expects.

use crate::ports::Frame;

use super::detect::Face;
use super::sample::{self, Beyond, Form, FrameFromCrop};

/// Side of the aligned picture. Units: pixels.
pub const SIDE: usize = 112;

/// Where the five landmarks belong. Source: SFace / ArcFace template, `models/NOTICE.md`.
const TEMPLATE: [[f64; 2]; 5] =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

/// A similarity transform: `frame = [a -b; b a] * aligned + [tx, ty]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameFromAligned(FrameFromCrop);

impl FrameFromAligned {
    /// The least-squares similarity between the template and the landmarks of a face.
    ///
    /// Fails closed: none when the landmarks coincide or are not numbers.
    /// Source: Umeyama 1991; in two dimensions it is a linear fit of one complex number.
    #[must_use]
    pub fn of(face: &Face) -> Option<Self> {
        let to = face.landmarks.map(|[x, y]| [f64::from(x), f64::from(y)]);
        let (mean_from, mean_to) = (mean(&TEMPLATE), mean(&to));
        // The fit runs from the frame to the template, as the model's own pre-processing does,
        // and is then inverted: the two directions weigh errors differently.
        let (mut dot, mut cross, mut power) = (0.0, 0.0, 0.0);
        for (template, point) in TEMPLATE.iter().zip(&to) {
            let (px, py) = (point[0] - mean_to[0], point[1] - mean_to[1]);
            let (qx, qy) = (template[0] - mean_from[0], template[1] - mean_from[1]);
            dot += px * qx + py * qy;
            cross += px * qy - py * qx;
            power += px * px + py * py;
        }
        let (a, b) = (dot / power, cross / power);
        let scale = a * a + b * b;
        if !scale.is_finite() || scale < 1e-9 {
            return None;
        }
        let (ia, ib) = (a / scale, -b / scale);
        let tx = mean_to[0] - (ia * mean_from[0] - ib * mean_from[1]);
        let ty = mean_to[1] - (ib * mean_from[0] + ia * mean_from[1]);
        Some(Self(FrameFromCrop::turned(ia, ib, [tx, ty])))
    }

    /// Where a point of the aligned face lies in the frame.
    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        self.0.apply(x, y)
    }

    /// The same, of the face as a mirror shows it.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self(self.0.mirrored(SIDE as f64 - 1.0))
    }
}

/// Samples the aligned face bilinearly. Shape: 3 planes (RGB) of 112 x 112. Range: 0 to 255.
#[must_use]
pub fn warp(frame: &Frame, transform: FrameFromAligned) -> Vec<f32> {
    let form = Form { side: SIDE, order: [0, 1, 2], top: 255.0, beyond: Beyond::Black };
    sample::planes(frame, transform.0, form)
}

fn mean(points: &[[f64; 2]; 5]) -> [f64; 2] {
    let sum = points.iter().fold([0.0; 2], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
    sum.map(|v| v / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn landmarks_on_the_template_need_no_transform() {
        #[allow(clippy::cast_possible_truncation)]
        let landmarks = TEMPLATE.map(|p| p.map(|v| v as f32));
        let face = Face { bounds: [0.0; 4], landmarks, score: 1.0 };
        let t = FrameFromAligned::of(&face).unwrap();
        for (x, y) in [(0.0, 0.0), (111.0, 50.0)] {
            let (u, v) = t.apply(x, y);
            assert!((u - x).abs() < 1e-4 && (v - y).abs() < 1e-4);
        }
    }

    #[test]
    fn coinciding_landmarks_give_nothing() {
        let face = Face { bounds: [0.0; 4], landmarks: [[5.0, 5.0]; 5], score: 1.0 };
        assert!(FrameFromAligned::of(&face).is_none());
        let face = Face { bounds: [0.0; 4], landmarks: [[f32::NAN, 5.0]; 5], score: 1.0 };
        assert!(FrameFromAligned::of(&face).is_none());
    }
}
