//! Where the parts of a face are.

use crate::vision::detect::Face;
use crate::vision::mesh::Mesh;

/// Corners of the right eye (outer, inner), then of the left. Source: MediaPipe's mesh.
const CORNERS: [[usize; 2]; 2] = [[33, 133], [362, 263]];
/// Inner edge of the upper and the lower lip, in the middle. Source: as above.
const LIPS: [usize; 2] = [13, 14];
/// Source: as above.
const CHIN: usize = 152;
/// From eyes to chin, of the distance from eyes to mouth. Source: MediaPipe's canonical face.
const CHIN_OF_MOUTH: f32 = 1.73;

/// Places in a face. Units: pixels of the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchors {
    /// Centre of the right eye, as the person has it: the middle of its corners.
    pub right: [f32; 2],
    /// Centre of the left eye.
    pub left: [f32; 2],
    /// Middle of the mouth.
    pub mouth: [f32; 2],
    /// Lowest point of the chin.
    pub chin: [f32; 2],
}

impl Anchors {
    /// From the mesh; without one from the five landmarks, the chin then being placed as the
    /// canonical face has it. None where the points make no face: an eye distance below 1 pixel, or
    /// something that is no number.
    #[must_use]
    pub fn of(face: &Face, mesh: Option<&Mesh>) -> Option<Self> {
        let found = mesh.and_then(Self::of_mesh).unwrap_or_else(|| Self::of_landmarks(face));
        let numbers = [found.right, found.left, found.mouth, found.chin].as_flattened().iter().all(|n| n.is_finite());
        (numbers && found.eyes() >= 1.0 && found.t() >= 1.0).then_some(found)
    }

    fn of_mesh(mesh: &Mesh) -> Option<Self> {
        let point = |index: usize| mesh.points.get(index).map(|[x, y, _]| [*x, *y]);
        let between = |[a, b]: [usize; 2]| Some(middle(point(a)?, point(b)?));
        let [right, left] = CORNERS;
        Some(Self { right: between(right)?, left: between(left)?, mouth: between(LIPS)?, chin: point(CHIN)? })
    }

    fn of_landmarks(face: &Face) -> Self {
        let [right, left, _, mouth_right, mouth_left] = face.landmarks;
        let (eyes, mouth) = (middle(right, left), middle(mouth_right, mouth_left));
        let chin = std::array::from_fn(|axis| eyes[axis] + CHIN_OF_MOUTH * (mouth[axis] - eyes[axis]));
        Self { right, left, mouth, chin }
    }

    /// Distance between the eyes. Units: pixels.
    #[must_use]
    pub fn eyes(&self) -> f32 {
        distance(self.right, self.left)
    }

    /// Middle between the eyes.
    #[must_use]
    pub fn middle(&self) -> [f32; 2] {
        middle(self.right, self.left)
    }

    /// Distance from the middle of the eyes to the chin. Units: pixels. Source: OFIQ's T metric.
    #[must_use]
    pub fn t(&self) -> f32 {
        distance(self.middle(), self.chin)
    }

    /// Unit vectors to the person's left along the eyes, and down the face.
    #[must_use]
    pub fn axes(&self) -> [[f32; 2]; 2] {
        let eyes = self.eyes();
        let [x, y] = [0, 1].map(|axis| (self.left[axis] - self.right[axis]) / eyes);
        [[x, y], [-y, x]]
    }
}

fn middle(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [f32::midpoint(a[0], b[0]), f32::midpoint(a[1], b[1])]
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face() -> Face {
        let landmarks = [[40.0, 50.0], [80.0, 50.0], [60.0, 70.0], [45.0, 90.0], [75.0, 90.0]];
        Face { bounds: [10.0, 10.0, 100.0, 120.0], landmarks, score: 0.9 }
    }

    #[test]
    fn landmarks_alone_place_the_chin() {
        let anchors = Anchors::of(&face(), None).unwrap();
        assert_eq!((anchors.eyes(), anchors.middle(), anchors.mouth), (40.0, [60.0, 50.0], [60.0, 90.0]));
        assert!((anchors.t() - 69.2).abs() < 0.01 && anchors.chin[1] > 115.0);
        assert_eq!(anchors.axes(), [[1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(Anchors::of(&Face { landmarks: [[1.0; 2]; 5], ..face() }, None), None);
        assert_eq!(Anchors::of(&Face { landmarks: [[f32::NAN; 2]; 5], ..face() }, None), None);
    }
}
