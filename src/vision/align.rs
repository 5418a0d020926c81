//! Bringing a face to the place the embedding model expects.

use crate::ports::Frame;

use super::detect::Face;

/// Side of the aligned picture. Units: pixels.
pub const SIDE: usize = 112;

/// Where the five landmarks belong. Source: SFace / ArcFace template, `models/NOTICE.md`.
const TEMPLATE: [[f64; 2]; 5] =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

/// A similarity transform: `frame = [a -b; b a] * aligned + [tx, ty]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameFromAligned {
    a: f64,
    b: f64,
    tx: f64,
    ty: f64,
}

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
        Some(Self { a: ia, b: ib, tx, ty })
    }

    /// Where a point of the aligned face lies in the frame.
    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        (self.a * x - self.b * y + self.tx, self.b * x + self.a * y + self.ty)
    }
}

/// Samples the aligned face bilinearly. Shape: 3 planes (RGB) of 112 x 112. Range: 0 to 255.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // coordinates of a picture
pub fn warp(frame: &Frame, transform: FrameFromAligned) -> Vec<f32> {
    let mut planes = vec![0.0_f32; 3 * SIDE * SIDE];
    for row in 0..SIDE {
        for col in 0..SIDE {
            let (x, y) = transform.apply(col as f64, row as f64);
            let (left, top) = (x.floor(), y.floor());
            let (fx, fy) = ((x - left) as f32, (y - top) as f32);
            let (left, top) = (left as i64, top as i64);
            let [p, q, r, s] = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| black_outside(frame, left + dx, top + dy));
            for channel in 0..3 {
                let above = p[channel] * (1.0 - fx) + q[channel] * fx;
                let below = r[channel] * (1.0 - fx) + s[channel] * fx;
                planes[channel * SIDE * SIDE + row * SIDE + col] = above * (1.0 - fy) + below * fy;
            }
        }
    }
    planes
}

fn black_outside(frame: &Frame, x: i64, y: i64) -> [f32; 3] {
    let inside = (0..i64::from(frame.width())).contains(&x) && (0..i64::from(frame.height())).contains(&y);
    if inside { frame.pixel(x, y).map(f32::from) } else { [0.0; 3] }
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
