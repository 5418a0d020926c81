//! Which way a head points, from the 468 points.

use serde::Serialize;

use crate::vision::quality::canonical::{MIDDLE, Point, SIDES};
use crate::vision::quality::component::Component;
use crate::vision::mesh::Mesh;

/// Angles of a head, from the person's side. Units: degrees. Range: -90 to 90 for yaw, else -180 to
/// 180.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pose {
    /// Above 0: turned to the own left.
    pub yaw: f32,
    /// Above 0: looking up.
    pub pitch: f32,
    /// Above 0: tipped towards the own left shoulder.
    pub roll: f32,
}

impl Pose {
    /// The angles; none where the points make no face.
    ///
    /// Own native, where OFIQ asks a network: the rotation that brings the canonical face onto 33
    /// points of the mesh with the least weighted squared error (Horn 1987), read as pitch first,
    /// then yaw, then roll, as OFIQ reads its network's matrix. On four portraits it agrees within 3
    /// degrees with a fit to x and y alone; mirrored ones give the mirrored angle within 4. The mesh
    /// itself may fall short: of 30 degrees drawn onto a flat ground it saw 20.
    #[must_use]
    pub fn of(mesh: &Mesh) -> Option<Self> {
        let r = rotation(&pairs(mesh)?)?;
        let degrees = |angle: f64| angle.to_degrees();
        let yaw = degrees(r[2][0].clamp(-1.0, 1.0).asin());
        let pitch = degrees(-r[2][1].atan2(r[2][2]));
        let roll = degrees(r[1][0].atan2(r[0][0]));
        #[allow(clippy::cast_possible_truncation)] // degrees
        let pose = Self { yaw: yaw as f32, pitch: pitch as f32, roll: roll as f32 };
        [pose.yaw, pose.pitch, pose.roll].iter().all(|angle| angle.is_finite()).then_some(pose)
    }

    /// Yaw, pitch, roll; native in degrees. Score: `100 cos²`, 0 beyond 90 degrees. Source: OFIQ.
    #[must_use]
    pub fn components(&self) -> [Component; 3] {
        [self.yaw, self.pitch, self.roll]
            .map(|angle| Component::new(angle, 100.0 * angle.to_radians().cos().max(0.0).powi(2)))
    }
}

/// Canonical point, point of the mesh, weight. The axes are those of a frame: x to the right, y
/// down, z away from the camera.
type Pair = ([f64; 3], [f64; 3], f64);

/// None where the mesh lacks points.
fn pairs(mesh: &Mesh) -> Option<Vec<Pair>> {
    let right = SIDES.iter().map(|(_, point)| *point);
    let left = SIDES.iter().map(|(index, (_, [x, y, z], weight))| (*index, [-x, *y, *z], *weight));
    let pair = |(index, [x, y, z], weight): Point| {
        let seen = mesh.points.get(index)?.map(f64::from);
        Some(([x, -y, -z], seen, weight))
    };
    MIDDLE.into_iter().chain(right).chain(left).map(pair).collect()
}

/// The rotation from the first to the second points. None where all points are one, or no numbers.
fn rotation(pairs: &[Pair]) -> Option<[[f64; 3]; 3]> {
    let total: f64 = pairs.iter().map(|(_, _, weight)| weight).sum();
    let mean = |of: fn(&Pair) -> [f64; 3]| -> [f64; 3] {
        std::array::from_fn(|axis| pairs.iter().map(|pair| pair.2 * of(pair)[axis]).sum::<f64>() / total)
    };
    let (mean_from, mean_to) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let mut s = [[0.0; 3]; 3];
    for (from, to, weight) in pairs {
        for i in 0..3 {
            for j in 0..3 {
                s[i][j] += weight * (from[i] - mean_from[i]) * (to[j] - mean_to[j]);
            }
        }
    }
    // Horn's matrix: the eigenvector of its largest eigenvalue is the quaternion sought.
    let [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = s;
    let mut m = [
        [xx + yy + zz, yz - zy, zx - xz, xy - yx],
        [yz - zy, xx - yy - zz, xy + yx, zx + xz],
        [zx - xz, xy + yx, yy - xx - zz, yz + zy],
        [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ];
    let bound = m.iter().flatten().map(|n| n * n).sum::<f64>().sqrt();
    if !bound.is_finite() || bound < 1e-6 {
        return None;
    }
    // No eigenvalue is below 0 after the shift; squaring 12 times is 4096 steps of power iteration.
    (0..4).for_each(|i| m[i][i] += bound);
    for _ in 0..12 {
        let trace: f64 = (0..4).map(|i| m[i][i]).sum();
        let row = |i: usize, j: usize| (0..4).map(|k| m[i][k] * m[k][j]).sum::<f64>() / (trace * trace);
        m = std::array::from_fn(|i| std::array::from_fn(|j| row(i, j)));
    }
    let best = m.iter().enumerate().max_by(|(i, a), (j, b)| a[*i].total_cmp(&b[*j])).map(|(_, row)| *row)?;
    let length = best.iter().map(|n| n * n).sum::<f64>().sqrt();
    let [w, x, y, z] = best.map(|n| n / length);
    Some([
        [w * w + x * x - y * y - z * z, 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
        [2.0 * (x * y + w * z), w * w - x * x + y * y - z * z, 2.0 * (y * z - w * x)],
        [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), w * w - x * x - y * y + z * z],
    ])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The canonical face, turned: pitch, then yaw, then roll. Units: degrees.
    #[allow(clippy::cast_possible_truncation)] // coordinates of a picture
    pub(crate) fn head(yaw: f64, pitch: f64, roll: f64) -> Mesh {
        let turn = |[x, y, z]: [f64; 3]| {
            let (s, c) = (-pitch).to_radians().sin_cos();
            let [x, y, z] = [x, y * c - z * s, y * s + z * c];
            let (s, c) = (-yaw).to_radians().sin_cos();
            let [x, y, z] = [x * c + z * s, y, -x * s + z * c];
            let (s, c) = roll.to_radians().sin_cos();
            [x * c - y * s, x * s + y * c, z].map(|n| (n * 12.0 + 300.0) as f32)
        };
        let mut points = vec![[300.0; 3]; 468];
        let blank = Mesh { points: points.clone(), presence: 1.0 };
        let indices = MIDDLE.iter().map(|p| p.0).chain(SIDES.iter().map(|s| s.1.0)).chain(SIDES.iter().map(|s| s.0));
        for (index, (from, _, _)) in indices.zip(pairs(&blank).unwrap()) {
            points[index] = turn(from);
        }
        Mesh { points, presence: 1.0 }
    }

    #[test]
    fn angles_are_found_alone_and_together() {
        for (yaw, pitch, roll) in
            [(0.0, 0.0, 0.0), (25.0, 0.0, 0.0), (0.0, 20.0, 0.0), (0.0, 0.0, -25.0), (-40.0, 15.0, 170.0)]
        {
            let pose = Pose::of(&head(yaw, pitch, roll)).unwrap();
            let off = [f64::from(pose.yaw) - yaw, f64::from(pose.pitch) - pitch, f64::from(pose.roll) - roll];
            assert!(off.iter().all(|angle| angle.abs() < 0.05), "{pose:?}");
        }
    }

    #[test]
    fn signs_are_those_of_the_person() {
        let nose = |mesh: &Mesh| [mesh.points[4][0] - mesh.points[6][0], mesh.points[4][1] - mesh.points[6][1]];
        let straight = nose(&head(0.0, 0.0, 0.0));
        assert!(nose(&head(20.0, 0.0, 0.0))[0] > 5.0, "the own left is at the right of the picture");
        assert!(nose(&head(0.0, 20.0, 0.0))[1] < straight[1], "up is smaller y");
        let tipped = head(0.0, 0.0, 20.0);
        assert!(tipped.points[10][0] > tipped.points[4][0], "the forehead goes to the own left");
    }

    #[test]
    fn scores_are_squared_cosines() {
        let scores = |yaw| Pose { yaw, pitch: 0.0, roll: 120.0 }.components().map(|c| c.score);
        assert_eq!(scores(0.0), [100, 100, 0]);
        assert_eq!(scores(45.0)[0], 50);
        assert_eq!(scores(-25.0)[0], 82);
    }

    #[test]
    fn points_that_make_no_face_have_no_pose() {
        for points in [vec![[1.0; 3]; 468], Vec::new(), vec![[f32::NAN; 3]; 468], vec![[f32::INFINITY; 3]; 468]] {
            assert!(Pose::of(&Mesh { points, presence: 1.0 }).is_none());
        }
    }
}
