//! Which way a head points, from the 468 points.

use serde::Serialize;

use crate::core::evidence::Turn;
use crate::vision::mesh::Mesh;

use super::component::Component;

/// Outer corners of the right and the left eye, top of the forehead, chin. Source: mediapipe's mesh.
const RIGHT_EYE: usize = 33;
const LEFT_EYE: usize = 263;
const FOREHEAD: usize = 10;
const CHIN: usize = 152;
/// From here a head counts as turned. Units: degrees. Own choice: clearly more than what people who
/// look ahead do, clearly less than what costs similarity.
const TURNED: f32 = 8.0;

/// Angles of a head. Units: degrees. Scores: OFIQ, the square of the cosine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pose {
    /// Above 0: turned to the own left.
    pub yaw: Component,
    /// Above 0: looking up.
    pub pitch: Component,
    /// Above 0: tipped to the own left shoulder.
    pub roll: Component,
}

impl Pose {
    /// The angles; none where the points make no face.
    ///
    /// Own native: the line through the eyes and that from forehead to chin, in depth. OFIQ asks a
    /// network.
    #[must_use]
    pub fn of(mesh: &Mesh) -> Option<Self> {
        let point = |index: usize| mesh.points.get(index).copied();
        let (right, left) = (point(RIGHT_EYE)?, point(LEFT_EYE)?);
        let (forehead, chin) = (point(FOREHEAD)?, point(CHIN)?);
        let along = |from: [f32; 3], to: [f32; 3]| std::array::from_fn::<f32, 3, _>(|axis| to[axis] - from[axis]);
        let [ex, ey, ez] = along(right, left);
        let [cx, cy, cz] = along(forehead, chin);
        let roll = ey.atan2(ex);
        let yaw = ez.atan2(ex.hypot(ey));
        let pitch = (-cz).atan2(cx.hypot(cy));
        let component = |angle: f32| Component::new(angle.to_degrees(), angle.cos().max(0.0).powi(2));
        let all = [yaw, pitch, roll];
        let real = ex.hypot(ey) > 1.0 && all.iter().all(|angle| angle.is_finite());
        real.then(|| Self { yaw: component(yaw), pitch: component(pitch), roll: component(roll) })
    }

    /// Whether the head is turned, and where to.
    #[must_use]
    pub fn turn(&self) -> Turn {
        match self.yaw.native {
            yaw if yaw >= TURNED => Turn::Left,
            yaw if yaw <= -TURNED => Turn::Right,
            _ => Turn::Ahead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::mesh::POINTS;

    /// A head's four points, turned about the axes. Units: degrees.
    fn head(yaw: f32, pitch: f32, roll: f32) -> Mesh {
        let turn = |[x, y, z]: [f32; 3]| {
            let (s, c) = yaw.to_radians().sin_cos();
            // To the own left: the left side, at larger x, goes away.
            let [x, y, z] = [x * c - z * s, y, x * s + z * c];
            let (s, c) = pitch.to_radians().sin_cos();
            let [x, y, z] = [x, y * c + z * s, -y * s + z * c];
            let (s, c) = roll.to_radians().sin_cos();
            [x * c - y * s + 200.0, x * s + y * c + 200.0, z]
        };
        let mut points = vec![[200.0, 200.0, 0.0]; POINTS];
        points[RIGHT_EYE] = turn([-40.0, -20.0, 0.0]);
        points[LEFT_EYE] = turn([40.0, -20.0, 0.0]);
        points[FOREHEAD] = turn([0.0, -70.0, 0.0]);
        points[CHIN] = turn([0.0, 80.0, 0.0]);
        Mesh { points, presence: 1.0 }
    }

    #[test]
    fn angles_are_found_from_the_persons_own_side() {
        let pose = |yaw, pitch, roll| Pose::of(&head(yaw, pitch, roll)).unwrap();
        assert!((pose(20.0, 0.0, 0.0).yaw.native - 20.0).abs() < 0.1);
        assert!((pose(0.0, 15.0, 0.0).pitch.native - 15.0).abs() < 0.1);
        assert!((pose(0.0, 0.0, -12.0).roll.native + 12.0).abs() < 0.1);
        assert_eq!(pose(0.0, 0.0, 0.0).yaw.score, 100);
        assert_eq!(pose(45.0, 0.0, 0.0).yaw.score, 50);
        assert_eq!([pose(12.0, 0.0, 0.0), pose(-12.0, 5.0, 0.0), pose(3.0, 9.0, 9.0)].map(|p| p.turn()), [Turn::Left, Turn::Right, Turn::Ahead]);
    }

    #[test]
    fn points_that_make_no_face_have_no_pose() {
        assert!(Pose::of(&Mesh { points: vec![[1.0; 3]; POINTS], presence: 1.0 }).is_none());
        assert!(Pose::of(&Mesh { points: Vec::new(), presence: 1.0 }).is_none());
        assert!(Pose::of(&Mesh { points: vec![[f32::NAN; 3]; POINTS], presence: 1.0 }).is_none());
    }
}
