//! Which pixels of a picture belong to a face.

use crate::vision::quality::anchors::Anchors;
use crate::ports::Frame;
use crate::vision::detect::Face;
use crate::vision::mesh::Mesh;

/// From temple over jaw and chin to temple, and the upper edge of both brows: what the 98 points of
/// OFIQ's landmarks enclose. Source: MediaPipe's mesh.
const OUTLINE: [usize; 33] = [
    127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356,
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
];
/// How far the brows lie above the eyes, of the distance between the eyes. Source: as above.
const BROW: f32 = 0.4;

/// The visible skin of a face, from brows to chin, as a convex polygon.
#[derive(Clone, Debug, PartialEq)]
pub struct Region(Vec<[f32; 2]>);

impl Region {
    /// The hull of the mesh; without one, the ellipse in the detector's box below the brows (own
    /// choice: nothing but the box is known then).
    #[must_use]
    pub fn of(face: &Face, mesh: Option<&Mesh>, anchors: &Anchors) -> Self {
        let outline = mesh.map(|mesh| OUTLINE.iter().filter_map(|index| mesh.points.get(*index)));
        let mut points: Vec<[f32; 2]> = outline.into_iter().flatten().map(|[x, y, _]| [*x, *y]).collect();
        if points.len() < OUTLINE.len() {
            let ([x, y, w, h], [_, down], eyes) = (face.bounds, anchors.axes(), anchors.middle());
            let below = |[x, y]: &[f32; 2]| (x - eyes[0]) * down[0] + (y - eyes[1]) * down[1] > -BROW * anchors.eyes();
            let turn = (0..48_u8).map(|step| f32::from(step) * std::f32::consts::TAU / 48.0);
            let around = turn.map(|angle| [x + w / 2.0 * (1.0 + angle.cos()), y + h / 2.0 * (1.0 + angle.sin())]);
            points = around.filter(below).collect();
        }
        Self(hull(points))
    }

    /// Calls `with` for the pixels of the face inside the frame, one in `step` columns and rows.
    /// Units of `step`: pixels.
    #[allow(clippy::cast_possible_truncation)] // coordinates of a picture
    pub fn each(&self, frame: &Frame, step: f32, mut with: impl FnMut([u8; 3])) {
        let step = if step.is_finite() { step.max(1.0) } else { 1.0 };
        let ends = |axis: usize, last: u32| {
            let low = self.0.iter().map(|point| point[axis]).fold(f32::INFINITY, f32::min);
            let high = self.0.iter().map(|point| point[axis]).fold(f32::NEG_INFINITY, f32::max);
            (low.max(0.0), high.min(last as f32 - 1.0))
        };
        let (mut y, bottom) = ends(1, frame.height());
        let (first, last) = ends(0, frame.width());
        while y <= bottom {
            let (left, right) = self.span(y);
            let mut x = left.max(first);
            while x <= right.min(last) {
                with(frame.pixel(x as i64, y as i64));
                x += step;
            }
            y += step;
        }
    }

    /// Where the row `y` enters and leaves the polygon.
    fn span(&self, y: f32) -> (f32, f32) {
        let (mut left, mut right) = (f32::INFINITY, f32::NEG_INFINITY);
        for (a, b) in self.0.iter().zip(self.0.iter().cycle().skip(1)) {
            if (a[1] - y) * (b[1] - y) <= 0.0 && (a[1] - b[1]).abs() > f32::EPSILON {
                let x = a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]);
                (left, right) = (left.min(x), right.max(x));
            }
        }
        (left, right)
    }
}

/// The colour at a place between pixels, whose centres are at whole numbers.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a coordinate; 0 to 255
pub(crate) fn bilinear(frame: &Frame, [x, y]: [f32; 2]) -> [u8; 3] {
    // Not `floor`: it is a call where the processor is not known to have it.
    let below = |n: f32| (n as i64).saturating_sub(i64::from(n < 0.0));
    let (left, top) = (below(x), below(y));
    let (across, down) = (x - left as f32, y - top as f32);
    let row = |y: i64| {
        let (a, b) = (frame.pixel(left, y), frame.pixel(left.saturating_add(1), y));
        [0, 1, 2].map(|c| f32::from(a[c]) + across * (f32::from(b[c]) - f32::from(a[c])))
    };
    let (a, b) = (row(top), row(top.saturating_add(1)));
    [0, 1, 2].map(|c| (a[c] + down * (b[c] - a[c]) + 0.5) as u8)
}

/// The convex hull of some points. Source: Andrew's monotone chain, 1979.
fn hull(mut points: Vec<[f32; 2]>) -> Vec<[f32; 2]> {
    points.retain(|point| point.iter().all(|n| n.is_finite()));
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let mut around: Vec<[f32; 2]> = Vec::with_capacity(points.len() * 2);
    let mut chain = |points: &mut dyn Iterator<Item = &[f32; 2]>| {
        let start = around.len();
        for point in points {
            while let [.., a, b] = around[start..] {
                if (b[0] - a[0]) * (point[1] - a[1]) > (b[1] - a[1]) * (point[0] - a[0]) {
                    break;
                }
                around.pop();
            }
            around.push(*point);
        }
        around.pop(); // the first of the other half
    };
    chain(&mut points.iter());
    chain(&mut points.iter().rev());
    around
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face() -> Face {
        let landmarks = [[40.0, 50.0], [80.0, 50.0], [60.0, 70.0], [45.0, 90.0], [75.0, 90.0]];
        Face { bounds: [10.0, 10.0, 100.0, 120.0], landmarks, score: 0.9 }
    }

    #[test]
    fn the_region_is_what_its_outline_encloses() {
        let frame = Frame::new(200, 200, vec![9; 120_000]).unwrap();
        let count = |region: &Region| {
            let mut count = 0;
            region.each(&frame, 1.0, |_| count += 1);
            count
        };
        let square =
            Region(hull(vec![[10.0, 10.0], [20.0, 20.0], [10.0, 29.0], [29.0, 10.0], [29.0, 29.0], [15.0, 25.0]]));
        assert_eq!((square.0.len(), count(&square)), (4, 400));
        let outside = Region(hull(vec![[-9.0, -9.0], [4.0, -9.0], [-9.0, 4.0], [4.0, 4.0]]));
        assert_eq!(count(&outside), 25, "only what lies in the frame");
        assert_eq!(
            [vec![], vec![[f32::NAN; 2]; 3], vec![[3.0; 2]; 9]].map(|points| count(&Region(hull(points)))),
            [0; 3]
        );
        let face = face();
        let below = count(&Region::of(&face, None, &Anchors::of(&face, None).unwrap()));
        assert!((6500..9424).contains(&below), "the ellipse without the forehead: {below}");
    }

    #[test]
    fn between_pixels_colours_are_mixed() {
        let frame = Frame::new(2, 1, vec![0, 0, 0, 100, 200, 40]).unwrap();
        assert_eq!(bilinear(&frame, [0.5, 0.0]), [50, 100, 20]);
        assert_eq!(bilinear(&frame, [f32::MAX, f32::MIN]), [100, 200, 40]);
        let _ = bilinear(&frame, [f32::NAN; 2]);
    }
}
