//! Eyes and mouth: open, closed, visible.

use crate::vision::mesh::Mesh;

use super::component::{Component, sigmoid};

/// Upper and lower lid of the right eye, then of the left. Source: mediapipe's face mesh.
const LIDS: [[usize; 2]; 2] = [[159, 145], [386, 374]];
/// Corners of the right eye, then of the left.
const CORNERS: [[usize; 2]; 2] = [[33, 133], [362, 263]];
/// Inner upper and lower lip.
const LIPS: [usize; 2] = [13, 14];
const CHIN: usize = 152;

/// Distances inside a face. Units: pixels.
#[derive(Clone, Copy)]
pub(super) struct Measure {
    pub(super) eyes_to_chin: f32,
    /// Of the eye that is less open: one closed eye is enough to be told of.
    lids: f32,
    lips: f32,
}

impl Measure {
    /// None where the points make no face.
    pub(super) fn of(mesh: &Mesh) -> Option<Self> {
        let point = |index: usize| mesh.points.get(index).map(|[x, y, _]| [*x, *y]);
        let between = |[a, b]: [usize; 2]| -> Option<f32> {
            let ([ax, ay], [bx, by]) = (point(a)?, point(b)?);
            Some((ax - bx).hypot(ay - by))
        };
        let mut middle = [0.0; 2];
        for corner in CORNERS.into_iter().flatten() {
            let [x, y] = point(corner)?;
            middle = [middle[0] + x / 4.0, middle[1] + y / 4.0];
        }
        let [x, y] = point(CHIN)?;
        let eyes_to_chin = (x - middle[0]).hypot(y - middle[1]);
        let lids = between(LIDS[0])?.min(between(LIDS[1])?);
        let measure = Self { eyes_to_chin, lids, lips: between(LIPS)? };
        (eyes_to_chin.is_finite() && eyes_to_chin > 1.0).then_some(measure)
    }

    /// Source: OFIQ, 50 at 0.02.
    pub(super) fn eyes_open(self) -> Component {
        let share = self.lids / self.eyes_to_chin;
        Component::new(share, sigmoid(share, 0.02, 0.01))
    }

    /// Source: OFIQ, 50 at 0.2.
    pub(super) fn mouth_closed(self) -> Component {
        let share = self.lips / self.eyes_to_chin;
        Component::new(share, 1.0 - sigmoid(share, 0.2, 0.06))
    }
}

/// How visible a part is, from the distance of its colour to that of the cheeks. Own native: OFIQ
/// asks a segmentation network. 50 where the guidance takes the part for covered.
pub(super) fn visible(distance: f32, limit: f32) -> Component {
    Component::new(distance, 1.0 - sigmoid(distance, limit, limit / 5.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::mesh::POINTS;

    fn face(lids: f32, lips: f32) -> Mesh {
        let mut points = vec![[0.0; 3]; POINTS];
        for (eye, x) in [(0, -30.0), (1, 30.0)] {
            points[CORNERS[eye][0]] = [x - 12.0, 0.0, 0.0];
            points[CORNERS[eye][1]] = [x + 12.0, 0.0, 0.0];
            points[LIDS[eye][0]] = [x, -lids / 2.0, 0.0];
            points[LIDS[eye][1]] = [x, lids / 2.0, 0.0];
        }
        points[LIPS[0]] = [0.0, 60.0 - lips / 2.0, 0.0];
        points[LIPS[1]] = [0.0, 60.0 + lips / 2.0, 0.0];
        points[CHIN] = [0.0, 100.0, 0.0];
        Mesh { points, presence: 1.0 }
    }

    #[test]
    fn open_and_closed_are_told_apart() {
        let measure = |lids, lips| Measure::of(&face(lids, lips)).unwrap();
        assert!(measure(8.0, 0.0).eyes_open().score > 95 && measure(0.5, 0.0).eyes_open().score < 20);
        assert!(measure(8.0, 2.0).mouth_closed().score > 90 && measure(8.0, 35.0).mouth_closed().score < 20);
        assert!(Measure::of(&Mesh { points: Vec::new(), presence: 1.0 }).is_none());
    }

    #[test]
    fn covered_parts_score_half_at_the_limit() {
        assert_eq!(visible(20.0, 20.0).score, 50);
        assert!(visible(5.0, 20.0).score > 90 && visible(45.0, 20.0).score < 5);
    }
}
