//! How fine the detail of a face is.

use crate::vision::quality::anchors::Anchors;
use crate::vision::quality::component::{Component, Sigmoid};
use crate::vision::quality::region::bilinear;
use crate::ports::Frame;

/// The face is read at this many samples between the eyes. Own choice: the picture that the
/// recognition sees has 35; finer detail is of no use to it and is not asked for.
const EYES: f32 = 32.0;
/// Samples in a row and in a column: three quarters of an eye distance to either side, from the
/// brows to the chin's edge.
const SIDE: usize = 49;
/// The row of the eyes.
const EYE_ROW: f32 = 8.0;
/// How far the taps of one sample may lie apart; each, being bilinear, covers two pixels. Units:
/// pixels.
const APART: f32 = 1.5;
/// Most taps of one sample in a row. Own choice for speed: beyond it, faces are so large that they
/// need not be read whole.
const MAX_TAPS: f32 = 4.0;
/// Differences below it, in sum over the face, are rounding. Units: levels.
const ROUNDING: f32 = SIDE as f32;

/// Share of the differences between neighbours that one more blur takes away: little is left to take
/// where the face is blurred already. Range: 0 to 1. Score: 50 at 0.1, width 0.02.
///
/// Own native, where OFIQ asks a random forest: luma at a fixed scale, smoothed by [1 2 1]/4 both ways
/// against noise; `sum max(0, d - e) / sum d`, d and e the differences of neighbours before and after a
/// mean of three, along rows and columns (after Crete and others, 2007). Contrast and brightness
/// cancel out; so does resolution, once there is enough.
///
/// Own mapping, from four portraits: sharp ones have 0.17 to 0.21; at 0.1 blur, a Gaussian of 0.035 eye
/// distances, has cost `SFace` 5 to 10 % of the similarity with the sharp picture; at 0.035 it has cost
/// 20 to 45 %. Much noise on a small blurred face still lifts it, to 0.15.
#[must_use]
pub fn sharpness(frame: &Frame, anchors: &Anchors) -> Component {
    Sigmoid::rising(0.1, 0.02).of(lost(&smooth(&luma(frame, anchors))))
}

type Samples = [[f32; SIDE]; SIDE];

/// Luma (BT.601) of the face, upright; each sample the mean of what it covers.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 4
fn luma(frame: &Frame, anchors: &Anchors) -> Samples {
    let step = anchors.eyes() / EYES;
    let ([across, down], middle) = (anchors.axes(), anchors.middle());
    let taps = (step / APART).ceil().clamp(1.0, MAX_TAPS);
    let offset = |tap: u8| (f32::from(tap) + 0.5) / taps - 0.5;
    let tap = |u: f32, v: f32| {
        let at = [0, 1].map(|axis| middle[axis] + (u * across[axis] + v * down[axis]) * step);
        let [r, g, b] = bilinear(frame, at).map(f32::from);
        0.299 * r + 0.587 * g + 0.114 * b
    };
    std::array::from_fn(|row| {
        std::array::from_fn(|col| {
            let (u, v) = (col as f32 - (SIDE / 2) as f32, row as f32 - EYE_ROW);
            let all = 0..taps as u8;
            let sum: f32 = all
                .clone()
                .flat_map(|dv| all.clone().map(move |du| (du, dv)))
                .map(|(du, dv)| tap(u + offset(du), v + offset(dv)))
                .sum();
            sum / (taps * taps)
        })
    })
}

/// Turns rows into columns.
fn turned(samples: &Samples) -> Samples {
    std::array::from_fn(|row| std::array::from_fn(|col| samples[col][row]))
}

/// [1 2 1]/4 along rows and columns; the border stays.
fn smooth(samples: &Samples) -> Samples {
    let along = |samples: &Samples| {
        let mut smooth = *samples;
        for (line, source) in smooth.iter_mut().zip(samples) {
            for (cell, [a, b, c]) in line.iter_mut().skip(1).zip(source.array_windows()) {
                *cell = (a + 2.0 * b + c) / 4.0;
            }
        }
        turned(&smooth)
    };
    along(&along(samples))
}

/// See [`sharpness`].
fn lost(samples: &Samples) -> f32 {
    let (mut all, mut taken) = (0.0_f32, 0.0_f32);
    let other = turned(samples);
    for line in samples.iter().chain(&other) {
        for [a, b, c, d] in line.array_windows() {
            // The means about b and c differ by the ends.
            let (sharp, soft) = ((c - b).abs(), (d - a).abs() / 3.0);
            all += sharp;
            taken += (sharp - soft).max(0.0);
        }
    }
    if all > ROUNDING { taken / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A face with eyes, brows, nose and mouth of ellipses, `eyes` pixels between the eyes; edges are
    /// `soft` eye distances wide.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sides and greys
    fn face(eyes: f32, soft: f32, contrast: f32) -> Component {
        let side = (eyes * 2.5) as u32;
        let spots = [
            (-0.5, 0.0, 0.2, 0.08),
            (0.5, 0.0, 0.2, 0.08),
            (-0.5, -0.2, 0.25, 0.05),
            (0.5, -0.2, 0.25, 0.05),
            (0.0, 0.55, 0.15, 0.06),
            (0.0, 0.95, 0.35, 0.07),
        ];
        let grey = |x: f32, y: f32| {
            let (x, y) = (x / eyes - 1.25, y / eyes - 0.8);
            let inside = spots.iter().map(|(cx, cy, rx, ry)| {
                let far = ((x - cx) / rx).hypot((y - cy) / ry);
                1.0 / (1.0 + ((far - 1.0) * ry / soft * 4.0).exp())
            });
            (170.0 - contrast * inside.fold(0.0, f32::max)) as u8
        };
        let pixels = (0..side * side).flat_map(|at| [grey((at % side) as f32, (at / side) as f32); 3]).collect();
        let frame = Frame::new(side, side, pixels).unwrap();
        let (x, y) = (1.25 * eyes, 0.8 * eyes);
        let [right, left] = [[x - eyes / 2.0, y], [x + eyes / 2.0, y]];
        sharpness(&frame, &Anchors { right, left, mouth: [x, y + eyes], chin: [x, y + 1.8 * eyes] })
    }

    #[test]
    fn blur_lowers_the_score_and_contrast_and_size_do_not() {
        let [sharp, soft, softer] = [0.02, 0.15, 0.4].map(|soft| face(90.0, soft, 100.0));
        assert!(sharp.score > 80, "{sharp:?}");
        assert!(sharp.native > soft.native + 0.03 && soft.native > softer.native, "{sharp:?} {soft:?} {softer:?}");
        assert!((face(90.0, 0.02, 40.0).native - sharp.native).abs() < 0.03);
        assert!((face(180.0, 0.02, 100.0).native - sharp.native).abs() < 0.03);
    }

    #[test]
    fn nothing_to_see_is_not_sharp() {
        assert_eq!(face(90.0, 0.02, 0.0), Sigmoid::rising(0.1, 0.02).of(0.0));
    }
}
