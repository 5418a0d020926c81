//! Size and place of a face in its picture.

use serde::Serialize;

use crate::ports::Frame;
use crate::vision::detect::Face;

use super::component::{Component, sigmoid};
use super::pose::Pose;

/// Distance between the eyes, over the cosine of the yaw. Units: pixels. Source: OFIQ, 50 at 70 px.
pub(super) fn inter_eye_distance(face: &Face, pose: Option<Pose>) -> Component {
    let yaw = pose.map_or(0.0, |pose| pose.yaw.native.to_radians());
    let distance = face.eye_distance() / yaw.cos().max(0.1);
    Component::new(distance, sigmoid(distance, 70.0, 20.0))
}

/// From between the eyes to the chin, of the height of the picture. Source: OFIQ, best at 0.45.
pub(super) fn head_size(eyes_to_chin: f32, frame: &Frame) -> Component {
    let size = eyes_to_chin / frame.height() as f32;
    Component::new(size, 2.0 * (1.0 - sigmoid((size - 0.45).abs(), 0.0, 0.05)))
}

/// Area of the second largest face, of the largest. Source: OFIQ.
pub(super) fn single_face(face: &Face, others: &[Face]) -> Component {
    let area = |face: &Face| face.bounds[2] * face.bounds[3];
    let second = others.iter().filter(|other| *other != face).map(area).fold(0.0, f32::max);
    let share = second / area(face).max(1.0);
    Component::new(share, 1.0 - share)
}

/// Room about a face. Units: distances between the eyes, from the middle of the eyes to the border.
/// Source: OFIQ's forms; it measures upwards and downwards in distances from eyes to chin, here
/// taken as 1.5 distances between the eyes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Crop {
    /// To the left border of the picture.
    pub leftward: Component,
    /// To the right border.
    pub rightward: Component,
    /// To the upper border.
    pub above: Component,
    /// To the lower border.
    pub below: Component,
}

impl Crop {
    pub(super) fn of(face: &Face, frame: &Frame) -> Self {
        let [right, left, ..] = face.landmarks;
        let middle = [f32::midpoint(right[0], left[0]), f32::midpoint(right[1], left[1])];
        let eyes = face.eye_distance().max(1.0);
        let beside = |room: f32| Component::new(room / eyes, sigmoid(room / eyes, 0.9, 0.1));
        let along = |room: f32, middle: f32| {
            let room = room / eyes / 1.5;
            Component::new(room, sigmoid(room, middle, 0.1))
        };
        Self {
            leftward: beside(middle[0]),
            rightward: beside(frame.width() as f32 - middle[0]),
            above: along(middle[1], 1.4),
            below: along(frame.height() as f32 - middle[1], 1.8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, y: f32, eyes: f32) -> Face {
        let at = |dx: f32, dy: f32| [x + dx * eyes, y + dy * eyes];
        Face {
            bounds: [x - eyes, y - eyes, 2.0 * eyes, 2.7 * eyes],
            landmarks: [at(-0.5, 0.0), at(0.5, 0.0), at(0.0, 0.5), at(-0.4, 1.0), at(0.4, 1.0)],
            score: 0.9,
        }
    }

    #[test]
    fn far_faces_and_faces_at_the_border_score_low() {
        let frame = Frame::new(400, 400, vec![0; 480_000]).unwrap();
        assert!(inter_eye_distance(&face(200.0, 150.0, 120.0), None).score > 90);
        assert!(inter_eye_distance(&face(200.0, 150.0, 30.0), None).score < 20);
        let crop = Crop::of(&face(40.0, 150.0, 80.0), &frame);
        assert!(crop.leftward.score < 5 && crop.rightward.score > 95);
        assert!(head_size(180.0, &frame).score > 95 && head_size(40.0, &frame).score < 5);
    }

    #[test]
    fn a_second_face_lowers_the_score_by_its_size() {
        let one = face(200.0, 150.0, 80.0);
        assert_eq!(single_face(&one, std::slice::from_ref(&one)).score, 100);
        assert!(single_face(&one, &[one.clone(), face(60.0, 60.0, 40.0)]).score <= 75);
    }
}
