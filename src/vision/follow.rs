//! Where faces are looked for: only in the zone, and near the last place once one is followed.

use crate::ports::Frame;

use super::detect::{Detector, Face};
use super::engine::EngineError;

/// Part of the frame, about its middle, that is looked at. What lies outside is never given to any
/// model: who passes by is not analysed. Range: 0 to 1 of width and of height.
pub const ZONE: [f32; 2] = [0.70, 0.94];
/// Every so many frames the whole zone is searched, so that a second person is noticed.
const WHOLE_EVERY: u8 = 3;
/// Part searched about a followed face, of the longer side of its box.
const AROUND: f32 = 1.7;
/// Longest side of the picture a followed face is looked for in. Units: pixels. On `eval/lfw-dev`,
/// of 192, 224, 256 and 320 none is clearly better; all are better than no second look
/// (`src/decisions/0013`).
const NEAR_SIDE: u32 = 224;

/// The zone of a frame, by itself.
///
/// Fails closed: none for a frame too small to have one.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // parts of a picture's sides
pub fn zone(frame: &Frame) -> Option<Frame> {
    let part = |side: u32, share: f32| (side as f32 * share).round() as u32;
    let (width, height) = (part(frame.width(), ZONE[0]), part(frame.height(), ZONE[1]));
    frame.part((frame.width() - width) / 2, (frame.height() - height) / 2, width, height)
}

/// A face followed from frame to frame.
#[derive(Default)]
pub(super) struct Follow {
    last: Option<Face>,
    near: u8,
}

impl Follow {
    /// All faces of the zone, or the followed one.
    ///
    /// # Errors
    /// When the model does not run.
    pub(super) fn faces(&mut self, detector: &mut Detector, zone: &Frame) -> Result<Vec<Face>, EngineError> {
        if let Some(last) = self.last.take().filter(|_| self.near + 1 < WHOLE_EVERY) {
            let found = near(detector, zone, &last)?;
            if let [face] = &found[..] {
                self.near += 1;
                self.last = Some(face.clone());
                return Ok(found);
            }
        }
        self.near = 0;
        detector.detect(zone)
    }

    /// From now on this face is followed.
    pub(super) fn keep(&mut self, face: &Face) {
        self.last = Some(face.clone());
    }

    /// Follows nobody.
    pub(super) fn lose(&mut self) {
        *self = Self::default();
    }
}

/// Looks where a face was: its landmarks are found more exactly than in the whole picture.
/// Coordinates are those of the whole.
///
/// # Errors
/// When the model does not run.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not below zero by then
pub(super) fn near(detector: &mut Detector, zone: &Frame, last: &Face) -> Result<Vec<Face>, EngineError> {
    let [_, _, w, h] = last.bounds;
    let side = w.max(h) * AROUND;
    let [cx, cy] = last.centre();
    let (left, top) = ((cx - side / 2.0).max(0.0) as u32, (cy - side / 2.0).max(0.0) as u32);
    let Some(part) = zone.part(left, top, side as u32, side as u32) else { return Ok(Vec::new()) };
    let mut faces = detector.detect_at(&part, NEAR_SIDE)?;
    for face in &mut faces {
        face.bounds[0] += left as f32;
        face.bounds[1] += top as f32;
        face.landmarks.iter_mut().for_each(|point| *point = [point[0] + left as f32, point[1] + top as f32]);
    }
    Ok(faces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_zone_is_left_in_it() {
        // The left and right seventh white, the middle black.
        let rgb = (0..480).flat_map(|_| (0..640).flat_map(|x| [if (96..544).contains(&x) { 0 } else { 255 }; 3])).collect();
        let frame = Frame::new(640, 480, rgb).unwrap();
        let zone = zone(&frame).unwrap();
        assert_eq!((zone.width(), zone.height()), (448, 451));
        assert!(zone.rgb().iter().all(|value| *value == 0));
    }
}
