//! Does a face move as a head does, or as a flat picture of one?
//!
//! Whatever way a flat picture is turned, its points go from one frame to the next by a homography.
//! A head's do not: the nose moves against the cheeks. What is left after the best homography is
//! small for a picture and larger for a head that moves by some degrees. A still head looks flat
//! too, so this confirms and never denies.

use super::mesh::Mesh;

/// Root mean square of what is left, in eye distances, from which a face has depth.
/// Source: `models/NOTICE.md`; a flat photograph's 90th percentile is .014, a real head's .015 to
/// .048 from 4 to 8 degrees. Own choice above both, so that it seldom confirms wrongly.
pub const MIN_RESIDUAL: f32 = 0.020;
/// Outer corners of the right and the left eye. Source: mediapipe's face mesh.
const EYES: [usize; 2] = [33, 263];
/// Entries of a homography that are free: the ninth is 1.
const FREE: usize = 8;

/// What is left between two views of a face after the best homography. Units: eye distances. None where the points make no face.
///
/// Source: direct linear transform on normalised points (Hartley 1997), least squares.
#[must_use]
pub fn residual(from: &Mesh, to: &Mesh) -> Option<f32> {
    let (a, b) = (normalised(from)?, normalised(to)?);
    let mut normal = [[0.0_f64; FREE + 1]; FREE];
    for ([x, y], [u, v]) in a.iter().zip(&b) {
        let rows = [
            ([*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], *u),
            ([0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y], *v),
        ];
        for (row, value) in rows {
            for (line, factor) in normal.iter_mut().zip(row) {
                line.iter_mut().zip(row).for_each(|(cell, other)| *cell += factor * other);
                line[FREE] += factor * value;
            }
        }
    }
    let h = solve(normal)?;
    let left = a.iter().zip(&b).map(|([x, y], [u, v])| {
        let w = h[6] * x + h[7] * y + 1.0;
        let (du, dv) = ((h[0] * x + h[1] * y + h[2]) / w - u, (h[3] * x + h[4] * y + h[5]) / w - v);
        du * du + dv * dv
    });
    let rms = (left.sum::<f64>() / a.len() as f64).sqrt();
    let [right, other] = EYES.map(|index| b[index]);
    let eyes = (right[0] - other[0]).hypot(right[1] - other[1]);
    #[allow(clippy::cast_possible_truncation)] // a small ratio
    let residual = (rms / eyes) as f32;
    residual.is_finite().then_some(residual)
}

/// Points about their middle, a mean distance of √2 from it.
fn normalised(mesh: &Mesh) -> Option<Vec<[f64; 2]>> {
    let n = mesh.points.len();
    if n <= EYES[1] {
        return None;
    }
    let points = || mesh.points.iter().map(|[x, y, _]| [f64::from(*x), f64::from(*y)]);
    let sum = points().fold([0.0; 2], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
    let middle = sum.map(|v| v / n as f64);
    let spread = points().map(|[x, y]| (x - middle[0]).hypot(y - middle[1])).sum::<f64>() / n as f64;
    if !spread.is_finite() || spread < 1e-6 {
        return None;
    }
    let scale = std::f64::consts::SQRT_2 / spread;
    Some(points().map(|[x, y]| [(x - middle[0]) * scale, (y - middle[1]) * scale]).collect())
}

/// Gauss with pivots. None where the equations do not determine an answer.
fn solve(mut rows: [[f64; FREE + 1]; FREE]) -> Option<[f64; FREE]> {
    for column in 0..FREE {
        let pivot = (column..FREE).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-9 {
            return None;
        }
        rows.swap(column, pivot);
        let line = rows[column];
        for row in &mut rows[column + 1..] {
            let factor = row[column] / line[column];
            row.iter_mut().zip(line).for_each(|(cell, other)| *cell -= factor * other);
        }
    }
    let mut answer = [0.0; FREE];
    for row in (0..FREE).rev() {
        let known: f64 = (row + 1..FREE).map(|column| rows[row][column] * answer[column]).sum();
        answer[row] = (rows[row][FREE] - known) / rows[row][row];
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::mesh::POINTS;

    /// A rough head: points of a half ellipsoid, the eyes where the mesh has them.
    fn head(yaw: f32, flat: bool) -> Mesh {
        let golden = 2.399_963;
        let mut points: Vec<[f32; 3]> = (0..POINTS)
            .map(|i| {
                let r = (i as f32 / POINTS as f32).sqrt();
                let (sin, cos) = (i as f32 * golden).sin_cos();
                let (x, y) = (r * cos * 60.0, r * sin * 80.0);
                [x, y, if flat { 0.0 } else { -(1.0 - r * r).sqrt() * 60.0 }]
            })
            .collect();
        points[EYES[0]] = [-32.0, -20.0, if flat { 0.0 } else { -30.0 }];
        points[EYES[1]] = [32.0, -20.0, if flat { 0.0 } else { -30.0 }];
        let (sin, cos) = yaw.to_radians().sin_cos();
        for [x, y, z] in &mut points {
            let (turned, deep) = (*x * cos + *z * sin, -*x * sin + *z * cos);
            // Seen from 600 away.
            let scale = 600.0 / (600.0 + deep);
            (*x, *y, *z) = (300.0 + turned * scale, 200.0 + *y * scale, deep);
        }
        Mesh { points, presence: 1.0 }
    }

    #[test]
    fn flat_pictures_leave_nothing_and_heads_leave_more_the_more_they_turn() {
        let left = |yaw: f32, flat: bool| residual(&head(0.0, flat), &head(yaw, flat)).unwrap();
        for yaw in [3.0, 10.0, 25.0] {
            assert!(left(yaw, true) < 1e-3, "{yaw}: {}", left(yaw, true));
        }
        assert!(left(0.0, false) < 1e-6, "a still head looks flat");
        assert!(left(4.0, false) < left(8.0, false));
        assert!(left(8.0, false) > MIN_RESIDUAL, "{}", left(8.0, false));
    }

    #[test]
    fn points_that_make_no_face_give_nothing() {
        let none = Mesh { points: Vec::new(), presence: 1.0 };
        let heap = Mesh { points: vec![[5.0; 3]; POINTS], presence: 1.0 };
        assert!(residual(&none, &head(0.0, false)).is_none());
        assert!(residual(&heap, &head(0.0, false)).is_none());
    }
}
