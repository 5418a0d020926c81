//! Size and place of a face in its picture, and whether it is the only one.

use crate::vision::quality::anchors::Anchors;
use crate::vision::quality::component::{Component, Sigmoid};
use crate::ports::Frame;
use crate::vision::detect::Face;

/// Distance between the centres of the eyes, over the cosine of the yaw. Units: pixels; yaw in
/// degrees, at most 80 is undone. Score: 50 at 70 pixels, width 20. Source: OFIQ.
#[must_use]
pub fn inter_eye_distance(anchors: &Anchors, yaw: f32) -> Component {
    let yaw = if yaw.is_finite() { yaw.clamp(-80.0, 80.0) } else { 0.0 };
    Sigmoid::rising(70.0, 20.0).of(anchors.eyes() / yaw.to_radians().cos())
}

/// Distance T from eyes to chin, of the height of the picture. Score: `200 (1 - S(|x - 0.45|, 0,
/// 0.05))`, best at 0.45. Source: OFIQ. It asks for the format of a passport picture.
#[must_use]
pub fn head_size(anchors: &Anchors, frame: &Frame) -> Component {
    let size = anchors.t() / frame.height() as f32;
    Sigmoid { h: 200.0, ..Sigmoid::falling(0.0, 0.05) }.of_distance(size, (size - 0.45).abs())
}

/// Square root of the area of the largest other face, of this one's; 1 where another is larger.
/// Score: `100 (1 - x)`. Source: OFIQ, whose face is always the largest. `others` may hold the face
/// itself.
#[must_use]
pub fn single_face(face: &Face, others: &[Face]) -> Component {
    let area = |face: &Face| face.bounds[2] * face.bounds[3];
    let second = others.iter().filter(|other| *other != face).map(area).fold(0.0, f32::max);
    let share = if second > 0.0 { (second / area(face)).sqrt().min(1.0) } else { 0.0 };
    Component::new(share, 100.0 * (1.0 - share))
}

/// Room about a face in its picture. Left and right are those of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// From the left border to the eye farther from it. Units: distances between the eyes. Score: 50
    /// at 0.9, width 0.1: low only once the nearer eye is at the border. Source: OFIQ, whose results
    /// for its own test pictures were checked to be from the farther eye.
    pub leftward: Component,
    /// From the right border to the eye farther from it; as above.
    pub rightward: Component,
    /// From the upper border to the middle of the eyes. Units: T. Score: 50 at 1.4, width 0.1.
    /// Source: OFIQ.
    pub above: Component,
    /// From the middle of the eyes to the lower border. Units: T. Score: 50 at 1.8, width 0.1.
    /// Source: OFIQ.
    pub below: Component,
}

impl Room {
    /// Measures the room.
    #[must_use]
    pub fn of(anchors: &Anchors, frame: &Frame) -> Self {
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        let (near, far) = (anchors.right[0].min(anchors.left[0]), anchors.right[0].max(anchors.left[0]));
        let beside = |room: f32| Sigmoid::rising(0.9, 0.1).of(room / anchors.eyes());
        let [_, y] = anchors.middle();
        Self {
            leftward: beside(far),
            rightward: beside(width - near),
            above: Sigmoid::rising(1.4, 0.1).of(y / anchors.t()),
            below: Sigmoid::rising(1.8, 0.1).of((height - y) / anchors.t()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eyes `eyes` apart, T 1.8 times that.
    fn face(x: f32, y: f32, eyes: f32) -> (Face, Anchors) {
        let at = |dx: f32, dy: f32| [x + dx * eyes, y + dy * eyes];
        let landmarks = [at(-0.5, 0.0), at(0.5, 0.0), at(0.0, 0.5), at(-0.4, 1.0), at(0.4, 1.0)];
        let bounds = [x - eyes, y - eyes, 2.0 * eyes, 2.7 * eyes];
        let anchors = Anchors { right: landmarks[0], left: landmarks[1], mouth: at(0.0, 1.0), chin: at(0.0, 1.8) };
        (Face { bounds, landmarks, score: 0.9 }, anchors)
    }

    #[test]
    fn far_faces_score_low_and_a_turned_head_is_made_good() {
        let distance = |eyes, yaw| inter_eye_distance(&face(200.0, 150.0, eyes).1, yaw);
        assert!(distance(130.0, 0.0).score > 94 && distance(30.0, 0.0).score < 15);
        assert!((distance(50.0, 60.0).native - 100.0).abs() < 0.1);
        assert!(distance(50.0, 90.0).native < 300.0 && distance(50.0, f32::NAN).native > 49.0);
    }

    #[test]
    fn the_best_head_takes_nearly_half_the_height() {
        let frame = Frame::new(400, 400, vec![0; 480_000]).unwrap();
        let size = |eyes| head_size(&face(200.0, 150.0, eyes).1, &frame);
        assert_eq!(size(100.0).score, 100);
        assert!(size(30.0).score < 2 && (size(30.0).native - 0.135).abs() < 1e-3);
    }

    #[test]
    fn a_border_that_cuts_the_face_is_told_by_its_side() {
        let frame = Frame::new(400, 400, vec![0; 480_000]).unwrap();
        let room = |x, y| Room::of(&face(x, y, 80.0).1, &frame);
        let (left, right) = (room(20.0, 200.0), room(380.0, 200.0));
        assert!(left.leftward.score < 50 && left.rightward.score == 100);
        assert!(right.rightward.score < 50 && right.leftward.score == 100);
        let (up, down) = (room(200.0, 130.0), room(200.0, 200.0));
        assert!(up.above.score < 5 && up.below.score > 50 && down.below.score < 5 && down.above.score < 60);
    }

    #[test]
    fn a_second_face_lowers_the_score_by_its_side() {
        let (one, half) = (face(200.0, 150.0, 80.0).0, face(60.0, 60.0, 40.0).0);
        assert_eq!(single_face(&one, &[]).score, 100);
        assert_eq!(single_face(&one, std::slice::from_ref(&one)).score, 100);
        assert_eq!(single_face(&one, &[one.clone(), half.clone()]).score, 50);
        assert_eq!(single_face(&half, &[one]).score, 0);
    }
}
