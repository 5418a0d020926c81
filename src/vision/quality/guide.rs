//! Is this picture of a face good enough, and if not, what could the person change?

use crate::core::consent::Purpose;
use crate::core::evidence::Guidance;
use crate::ports::Frame;

use crate::vision::detect::Face;

use super::Quality;

/// Smallest distance between the eyes. Units: pixels. OFIQ's sigmoid gives 22 of 100 at 45.
const MIN_EYES_PX: f32 = 45.0;
/// Largest face height, of the zone's: beyond it chin or forehead are lost.
const MAX_FACE: f32 = 0.90;
/// Farthest the face may be off the middle, of the zone's width and height.
const MAX_OFFSET: [f32; 2] = [0.28, 0.26];
/// Farthest a head may be turned, nod and tip. Units: degrees. Own choice: faces of web portraits
/// turned farther lose similarity fast; for a template a little less.
const MAX_ANGLES: [f32; 3] = [27.0, 24.0, 30.0];
const MAX_ANGLES_ENROL: [f32; 3] = [24.0, 18.0, 20.0];
/// Least mean luminance of a face, linear, and the largest share of its levels lost in the dark and
/// in the light. Own choice: at a quarter of the light of a good portrait the embedding still agrees
/// with itself (.97), at a sixteenth no longer well (.94); with .4 of the levels lost above, .43 to .79.
const MIN_MEAN: f32 = 0.03;
const MAX_DARK: f32 = 0.95;
const MAX_BRIGHT: f32 = 0.4;
/// Least sharpness, for a comparison and for a template. Own choice: blur of that much leaves a
/// similarity to the sharp picture of .90 to .95; at half of it .56 to .79 (SFace, four portraits).
const MIN_SHARPNESS: [f32; 2] = [0.08, 0.12];

/// The one face in the zone, or what to do about it.
///
/// # Errors
/// The guidance for the person.
pub fn select<'a>(zone: &Frame, faces: &'a [Face]) -> Result<&'a Face, Guidance> {
    let (w, h) = (zone.width() as f32, zone.height() as f32);
    let off = |face: &Face| {
        let [x, y] = face.centre();
        [(x / w - 0.5).abs(), (y / h - 0.5).abs()]
    };
    // Half a face at the border belongs to somebody who stands outside.
    let mut faces: Vec<&Face> = faces.iter().filter(|face| off(face).iter().all(|part| *part <= 0.5)).collect();
    // Somebody far behind is no second person at the kiosk: less than half the size.
    let largest = faces.iter().map(|face| face.bounds[3]).fold(0.0, f32::max);
    faces.retain(|face| face.bounds[3] * 2.0 > largest);
    let face = match faces.as_slice() {
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

/// The first thing about the picture that the person could change. For a template that is stored,
/// more is asked than for one comparison. Eyes, mouth and even light are never asked for: not
/// everybody can.
#[must_use]
pub fn advise(quality: &Quality, purpose: Option<Purpose>) -> Option<Guidance> {
    let enrol = purpose == Some(Purpose::Enrol);
    let limits = if enrol { MAX_ANGLES_ENROL } else { MAX_ANGLES };
    let angles = [quality.head_pose_yaw, quality.head_pose_pitch, quality.head_pose_roll];
    let turned = angles.iter().flatten().zip(limits).any(|(angle, limit)| angle.native.abs() > limit);
    let dark = quality.luminance_mean.native < MIN_MEAN || quality.under_exposure_prevention.native > MAX_DARK;
    let checks = [
        (turned, Guidance::FaceForward),
        (dark, Guidance::TooDark),
        (quality.over_exposure_prevention.native > MAX_BRIGHT, Guidance::TooBright),
        (quality.sharpness.native < MIN_SHARPNESS[usize::from(enrol)], Guidance::HoldStill),
    ];
    checks.into_iter().find(|(bad, _)| *bad).map(|(_, guidance)| guidance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(luma: u8) -> Frame {
        Frame::new(448, 451, vec![luma; 448 * 451 * 3]).unwrap()
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
        let faces = [face(224.0, 225.0, 240.0), face(-4.0, 225.0, 240.0)];
        assert_eq!(select(&frame(120), &faces), Ok(&faces[0]));
    }

    #[test]
    fn two_people_in_the_zone_stop_the_capture() {
        let faces = [face(144.0, 225.0, 220.0), face(304.0, 225.0, 200.0)];
        assert_eq!(select(&frame(120), &faces), Err(Guidance::ManyFaces));
    }

    #[test]
    fn distance_and_place_are_guided() {
        for (case, expected) in [
            (face(224.0, 225.0, 60.0), Guidance::Closer),
            (face(224.0, 225.0, 430.0), Guidance::Farther),
            (face(380.0, 225.0, 200.0), Guidance::Centre),
        ] {
            assert_eq!(select(&frame(120), &[case]), Err(expected));
        }
        assert_eq!(select(&frame(120), &[]), Err(Guidance::NoFace));
    }

    #[test]
    fn darkness_is_noticed_before_blur() {
        let f = face(224.0, 225.0, 240.0);
        assert_eq!(advise(&Quality::of(&frame(10), &f, None, &[]), None), Some(Guidance::TooDark));
        assert_eq!(advise(&Quality::of(&frame(254), &f, None, &[]), None), Some(Guidance::TooBright));
        assert_eq!(advise(&Quality::of(&frame(120), &f, None, &[]), None), Some(Guidance::HoldStill));
    }
}
