//! Eyes and mouth: open, closed, covered.

use crate::vision::quality::anchors::Anchors;
use crate::vision::quality::component::{Component, Sigmoid};
use crate::vision::mesh::Mesh;
use super::covered::Covered;

/// Upper and lower lid of the right eye, then of the left: three pairs each, the counterparts of the
/// pairs that OFIQ takes. Source: MediaPipe's mesh.
const LIDS: [[[usize; 2]; 3]; 2] = [[[160, 144], [159, 145], [158, 153]], [[385, 380], [386, 374], [387, 373]]];
/// Inner edge of the upper and the lower lip, three pairs. Source: as above.
const LIPS: [[usize; 2]; 3] = [[81, 178], [13, 14], [311, 402]];
/// Width of the fall about a limit of [`Covered`], of that limit. Own choice: what has the colour of
/// the cheeks scores above 99, twice the limit below 1.
const COVER_WIDTH: f32 = 0.2;

/// Largest opening of the eye that is less open, of the distance T from eyes to chin. Score: 50 at
/// 0.02, width 0.01. Source: OFIQ. None where the mesh lacks points. This mesh follows lids only in
/// part: an eye drawn shut still measured 0.05 to 0.07, so a high score proves no open eye.
#[must_use]
pub fn eyes_open(mesh: &Mesh, anchors: &Anchors) -> Option<Component> {
    let [right, left] = LIDS.map(|pairs| widest(mesh, &pairs));
    Some(Sigmoid::rising(0.02, 0.01).of(right?.min(left?) / anchors.t()))
}

/// Largest distance between the inner edges of the lips, of T. Score: 50 at 0.2, falling with width
/// 0.06. Source: OFIQ. None where the mesh lacks points.
#[must_use]
pub fn mouth_closed(mesh: &Mesh, anchors: &Anchors) -> Option<Component> {
    Some(Sigmoid::falling(0.2, 0.06).of(widest(mesh, &LIPS)? / anchors.t()))
}

/// Distance of the colour over the eyes from that of the cheeks. Units: levels of Cb and Cr. Score:
/// 50 at [`Covered::MAX_EYES`], falling. Own native and mapping: OFIQ takes the share of the eyes'
/// zone that a network calls occluded.
#[must_use]
pub fn eyes_visible(covered: Covered) -> Component {
    cover(Covered::MAX_EYES).of(covered.eyes)
}

/// As [`eyes_visible`], of mouth and chin: 50 at [`Covered::MAX_LOWER`].
#[must_use]
pub fn mouth_visible(covered: Covered) -> Component {
    cover(Covered::MAX_LOWER).of(covered.lower)
}

/// The worse of the two colour distances, each of its limit. Score: 50 at 1, falling. Own native and
/// mapping, as above; forehead and cheeks are not looked at.
#[must_use]
pub fn face_visible(covered: Covered) -> Component {
    cover(1.0).of((covered.eyes / Covered::MAX_EYES).max(covered.lower / Covered::MAX_LOWER))
}

const fn cover(limit: f32) -> Sigmoid {
    Sigmoid::falling(limit, limit * COVER_WIDTH)
}

fn widest(mesh: &Mesh, pairs: &[[usize; 2]; 3]) -> Option<f32> {
    let point = |index: usize| mesh.points.get(index).map(|[x, y, _]| [*x, *y]);
    let mut widest = 0.0_f32;
    for [upper, lower] in pairs {
        let ([ax, ay], [bx, by]) = (point(*upper)?, point(*lower)?);
        widest = widest.max((ax - bx).hypot(ay - by));
    }
    Some(widest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T is 100.
    const ANCHORS: Anchors = Anchors { right: [-30.0, 0.0], left: [30.0, 0.0], mouth: [0.0, 60.0], chin: [0.0, 100.0] };

    fn face(right: f32, left: f32, lips: f32) -> Mesh {
        let mut points = vec![[0.0; 3]; 468];
        for (eye, (x, gap)) in [(-30.0, right), (30.0, left)].into_iter().enumerate() {
            for (pair, share) in LIDS[eye].iter().zip([0.8, 1.0, 0.8]) {
                points[pair[0]] = [x, -gap * share / 2.0, 0.0];
                points[pair[1]] = [x, gap * share / 2.0, 0.0];
            }
        }
        for [upper, lower] in LIPS {
            points[upper] = [0.0, 60.0 - lips / 2.0, 0.0];
            points[lower] = [0.0, 60.0 + lips / 2.0, 0.0];
        }
        Mesh { points, presence: 1.0 }
    }

    #[test]
    fn open_and_closed_are_told_apart() {
        let eyes = |right, left| eyes_open(&face(right, left, 0.0), &ANCHORS).unwrap();
        assert!((eyes(7.0, 8.0).native - 0.07).abs() < 1e-6 && eyes(7.0, 8.0).score > 98);
        assert!(eyes(0.2, 8.0).score < 20, "one closed eye counts");
        let mouth = |lips| mouth_closed(&face(7.0, 7.0, lips), &ANCHORS).unwrap().score;
        assert!(mouth(1.0) > 95 && mouth(35.0) < 10);
        let none = Mesh { points: Vec::new(), presence: 1.0 };
        assert!(eyes_open(&none, &ANCHORS).is_none() && mouth_closed(&none, &ANCHORS).is_none());
    }

    #[test]
    fn covered_parts_score_half_at_their_limit() {
        let at = |lower, eyes| {
            let covered = Covered { lower, eyes };
            [eyes_visible(covered), mouth_visible(covered), face_visible(covered)].map(|c| c.score)
        };
        assert_eq!(at(20.0, 28.0), [50, 50, 50]);
        assert!(at(2.0, 2.0).iter().all(|score| *score > 98));
        let masked = at(40.0, 2.0);
        assert!(masked[0] > 98 && masked[1] < 2 && masked[2] < 2);
        assert_eq!(at(f32::NAN, f32::NAN)[0], 0);
    }
}
