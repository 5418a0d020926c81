//! Is this picture of a face good enough, and if not, what could the person change?
//!
//! First measures only, each from geometry or light of one frame; components after
//! ISO/IEC 29794-5 replace them one by one.

use crate::core::evidence::Guidance;
use crate::ports::Frame;

use super::covered::Covered;
use super::detect::Face;

/// Part of the frame, from its middle, in which a face is looked at. Faces outside are not.
/// Range: 0 to 1 of width and of height.
const ZONE: [f32; 2] = [0.70, 0.94];
/// Smallest distance between the eyes. Units: pixels. OFIQ's sigmoid gives 22 of 100 at 45.
const MIN_EYES_PX: f32 = 45.0;
/// Largest face height, of the frame's: beyond it chin or forehead are lost.
const MAX_FACE: f32 = 0.85;
/// Farthest the face may be off the middle, of the frame's width and height.
const MAX_OFFSET: [f32; 2] = [0.20, 0.24];
/// Nose off the middle of the eyes, in eye distances: about 25 degrees of yaw.
const MAX_YAW: f32 = 0.38;
/// Mean luma of the face. Range: 0 to 255. OFIQ's luminance component falls off at .2 and .8.
const LUMA: [f32; 2] = [45.0, 225.0];
/// Mean absolute Laplacian of luma inside the face, of a picture scaled to 64 px eye distance.
const MIN_SHARPNESS: f32 = 1.2;

/// What was measured of one face.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Quality {
    /// Distance between the eyes. Units: pixels.
    pub eye_distance_px: f32,
    /// Nose off the middle of the eyes. Units: eye distances; 0 is straight ahead.
    pub yaw: f32,
    /// Mean luma. Range: 0 to 255.
    pub luma: f32,
    /// Mean absolute Laplacian of luma.
    pub sharpness: f32,
    /// How far mouth and eyes are from the colour of the cheeks.
    pub covered: Covered,
}

impl Quality {
    /// Measures one face.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // coordinates of a picture
    pub fn of(frame: &Frame, face: &Face) -> Self {
        let eyes = face.eye_distance();
        let [right, left, nose, ..] = face.landmarks;
        let yaw = (nose[0] - f32::midpoint(right[0], left[0])).abs() / eyes.max(1.0);
        let [x, y, w, h] = face.bounds;
        // One sample per 1/64 of an eye distance: the measure does not depend on resolution.
        let step = (eyes / 64.0).max(1.0);
        let luma = |u: f32, v: f32| {
            let [r, g, b] = frame.pixel(u as i64, v as i64);
            0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
        };
        let (mut sum, mut edges, mut count) = (0.0, 0.0, 0.0_f32);
        let (cols, rows) = ((w / step) as u16, (h / step) as u16);
        for row in 0..rows {
            for col in 0..cols {
                let (u, v) = (x + f32::from(col) * step, y + f32::from(row) * step);
                let here = luma(u, v);
                sum += here;
                edges += (4.0 * here - luma(u - step, v) - luma(u + step, v) - luma(u, v - step) - luma(u, v + step)).abs();
                count += 1.0;
            }
        }
        let count = count.max(1.0);
        let covered = Covered::of(frame, face);
        Self { eye_distance_px: eyes, yaw, luma: sum / count, sharpness: edges / count, covered }
    }

    fn guidance(&self) -> Option<Guidance> {
        let checks = [
            (self.yaw > MAX_YAW, Guidance::FaceForward),
            (self.luma < LUMA[0], Guidance::TooDark),
            (self.luma > LUMA[1], Guidance::TooBright),
            (self.sharpness < MIN_SHARPNESS, Guidance::HoldStill),
        ];
        checks.into_iter().find(|(bad, _)| *bad).map(|(_, guidance)| guidance)
    }
}

/// The one face in the zone, or what to do about it.
///
/// # Errors
/// The guidance for the person.
pub fn select<'a>(frame: &Frame, faces: &'a [Face]) -> Result<&'a Face, Guidance> {
    let (w, h) = (frame.width() as f32, frame.height() as f32);
    let off = |face: &Face| {
        let [x, y] = face.centre();
        [(x / w - 0.5).abs(), (y / h - 0.5).abs()]
    };
    let inside = |face: &&Face| {
        let [x, y] = off(face);
        x <= ZONE[0] / 2.0 && y <= ZONE[1] / 2.0
    };
    let mut zone: Vec<&Face> = faces.iter().filter(inside).collect();
    // Somebody far behind is no second person at the kiosk: less than half the size.
    let largest = zone.iter().map(|face| face.bounds[3]).fold(0.0, f32::max);
    zone.retain(|face| face.bounds[3] * 2.0 > largest);
    let face = match zone.as_slice() {
        [] => return Err(Guidance::NoFace),
        [face] => *face,
        _ => return Err(Guidance::ManyFaces),
    };
    if face.eye_distance() < MIN_EYES_PX {
        return Err(Guidance::Closer);
    }
    if face.bounds[3] > MAX_FACE * h {
        return Err(Guidance::Farther);
    }
    let [x, y] = off(face);
    if x > MAX_OFFSET[0] || y > MAX_OFFSET[1] {
        return Err(Guidance::Centre);
    }
    Ok(face)
}

/// The first thing about the picture that the person could change.
#[must_use]
pub fn advise(quality: &Quality) -> Option<Guidance> {
    quality.guidance()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(luma: u8) -> Frame {
        Frame::new(640, 480, vec![luma; 640 * 480 * 3]).unwrap()
    }

    fn face(x: f32, y: f32, height: f32) -> Face {
        let w = height * 0.75;
        let at = |dx: f32, dy: f32| [x + dx * w, y + dy * height];
        Face {
            bounds: [x - w / 2.0, y - height / 2.0, w, height],
            landmarks: [at(-0.25, -0.1), at(0.25, -0.1), at(0.0, 0.1), at(-0.2, 0.25), at(0.2, 0.25)],
            score: 0.9,
        }
    }

    #[test]
    fn one_face_in_the_zone_is_taken_and_a_bystander_outside_is_not() {
        let faces = [face(320.0, 240.0, 240.0), face(20.0, 240.0, 240.0)];
        assert_eq!(select(&frame(120), &faces), Ok(&faces[0]));
    }

    #[test]
    fn two_people_in_the_zone_stop_the_capture() {
        let faces = [face(240.0, 240.0, 220.0), face(400.0, 240.0, 200.0)];
        assert_eq!(select(&frame(120), &faces), Err(Guidance::ManyFaces));
    }

    #[test]
    fn distance_and_place_are_guided() {
        for (case, expected) in [
            (face(320.0, 240.0, 60.0), Guidance::Closer),
            (face(320.0, 240.0, 460.0), Guidance::Farther),
            (face(500.0, 240.0, 200.0), Guidance::Centre),
        ] {
            assert_eq!(select(&frame(120), &[case]), Err(expected));
        }
        assert_eq!(select(&frame(120), &[]), Err(Guidance::NoFace));
    }

    #[test]
    fn darkness_is_noticed_before_blur() {
        let f = face(320.0, 240.0, 240.0);
        assert_eq!(advise(&Quality::of(&frame(10), &f)), Some(Guidance::TooDark));
        assert_eq!(advise(&Quality::of(&frame(250), &f)), Some(Guidance::TooBright));
        assert_eq!(advise(&Quality::of(&frame(120), &f)), Some(Guidance::HoldStill));
    }
}
