//! Does something hide a part of the face: a mask, a scarf, dark glasses?
//!
//! Skin has nearly one colour all over a face; cloth and dark glass have another. So the colour
//! (Cb, Cr of ITU-R BT.601) around mouth and chin, and over the eyes, is compared with that of the
//! cheeks and the bridge of the nose. A hint rests on this, never a verdict: beards, birthmarks and
//! black cloth are what it takes for each other.

use crate::ports::Frame;

use crate::vision::align::FrameFromAligned;
use crate::vision::detect::Face;

/// A rectangle of the aligned face: left, top, right, bottom. Units: pixels of 112.
type Patch = [u8; 4];

const CHEEKS: [Patch; 3] = [[28, 60, 40, 70], [72, 60, 84, 70], [50, 50, 62, 60]];
const LOWER: [Patch; 3] = [[46, 100, 66, 110], [30, 84, 38, 98], [74, 84, 82, 98]];
const EYES: [Patch; 2] = [[30, 46, 47, 57], [65, 46, 82, 57]];
/// Every second pixel is enough for a median.
const STEP: usize = 2;

/// How far the colour of two parts of a face is from its cheeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Covered {
    /// Around mouth and chin. Range: 0 to about 180.
    pub lower: f32,
    /// Over the eyes. Range: as above.
    pub eyes: f32,
}

impl Covered {
    /// Above it, mouth or chin is taken for covered. Units: levels of Cb and Cr, together.
    /// Source: `models/fit_covered.py`, 99 % of 1,500 web portraits lie below.
    pub const MAX_LOWER: f32 = 20.0;
    /// As above, for the eyes.
    pub const MAX_EYES: f32 = 28.0;

    /// Measures one face; nothing stands out where its landmarks make no face.
    #[must_use]
    pub fn of(frame: &Frame, face: &Face) -> Self {
        let Some(transform) = FrameFromAligned::of(face) else { return Self { lower: 0.0, eyes: 0.0 } };
        let colour = |patches: &[Patch]| median_colour(frame, transform, patches);
        let cheeks = colour(&CHEEKS);
        let away = |[blue, red]: [f32; 2]| (blue - cheeks[0]).hypot(red - cheeks[1]);
        Self { lower: away(colour(&LOWER)), eyes: away(colour(&EYES)) }
    }

    /// Whether something seems to hide a part of the face.
    #[must_use]
    pub fn is_likely(self) -> bool {
        self.lower > Self::MAX_LOWER || self.eyes > Self::MAX_EYES
    }
}

/// Median of Cb and of Cr over some patches.
#[allow(clippy::cast_possible_truncation)] // coordinates of a picture
fn median_colour(frame: &Frame, transform: FrameFromAligned, patches: &[Patch]) -> [f32; 2] {
    let (mut blue, mut red) = (Vec::with_capacity(160), Vec::with_capacity(160));
    for [left, top, right, bottom] in patches {
        for row in (*top..*bottom).step_by(STEP) {
            for col in (*left..*right).step_by(STEP) {
                let (x, y) = transform.apply(f64::from(col), f64::from(row));
                let [r, g, b] = frame.pixel(x.round() as i64, y.round() as i64).map(f32::from);
                blue.push(-0.1687 * r - 0.3313 * g + 0.5 * b);
                red.push(0.5 * r - 0.4187 * g - 0.0813 * b);
            }
        }
    }
    let median = |values: &mut Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    [median(&mut blue), median(&mut red)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKIN: [u8; 3] = [205, 160, 135];

    /// A plain face of 112 x 112 with one band of another colour.
    fn face(rows: std::ops::Range<usize>, colour: [u8; 3]) -> (Frame, Face) {
        let pixels = (0..112_usize).flat_map(|row| {
            let here = if rows.contains(&row) { colour } else { SKIN };
            std::iter::repeat_n(here, 112).flatten()
        });
        let landmarks = [[38.3, 51.7], [73.5, 51.5], [56.0, 71.7], [41.5, 92.4], [70.7, 92.2]];
        let face = Face { bounds: [0.0, 0.0, 112.0, 112.0], landmarks, score: 0.9 };
        (Frame::new(112, 112, pixels.collect()).unwrap(), face)
    }

    #[test]
    fn cloth_over_the_mouth_and_glass_over_the_eyes_are_noticed() {
        let likely = |rows, colour| {
            let (frame, face) = face(rows, colour);
            Covered::of(&frame, &face).is_likely()
        };
        assert!(!likely(0..0, SKIN), "nothing is covered");
        assert!(likely(76..112, [120, 170, 220]), "a blue mask");
        assert!(likely(44..59, [0, 30, 60]), "dark glasses");
        assert!(!likely(76..112, [180, 138, 116]), "a shadow has the colour of skin");
    }
}
