//! Light on a face, and how fine its detail is.

use serde::Serialize;

use crate::ports::Frame;
use crate::vision::detect::Face;

use super::component::{Component, sigmoid};

/// Darkest and brightest levels that count as lost. Range: 0 to 255. Source: OFIQ.
const DARK: usize = 25;
const BRIGHT: usize = 247;

/// Brightness, exposure and evenness over the box of a face.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Light {
    /// Mean luma. Range: 0 to 1. Source: OFIQ, falls off at 0.2 and 0.8.
    pub mean: Component,
    /// Entropy of the levels. Units: bits. Source: OFIQ, full at 8.
    pub dynamic_range: Component,
    /// Share of levels up to 25. Source: OFIQ.
    pub under_exposure: Component,
    /// Share of levels from 247. Source: OFIQ.
    pub over_exposure: Component,
    /// Common part of the histograms of the left and the right half. Range: 0 to 1. Source: OFIQ,
    /// which takes the two cheeks.
    pub uniformity: Component,
}

/// Light, and sharpness: mean absolute Laplacian of luma at 64 pixels between the eyes. Own native
/// (OFIQ asks a random forest); 50 at 2.5, own choice between a portrait (above 4) and what the
/// guidance calls blurred (below 1.2).
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // coordinates of a picture
pub(super) fn measure(frame: &Frame, face: &Face) -> (Light, Component) {
    let [x, y, w, h] = face.bounds;
    // One sample per 1/64 of an eye distance: nothing here depends on resolution.
    let step = (face.eye_distance() / 64.0).max(1.0);
    let (cols, rows) = (((w / step) as usize).min(1024), ((h / step) as usize).min(1024));
    let mut luma = vec![0.0_f32; cols * rows];
    let mut halves = [[0_u32; 256]; 2];
    for (row, line) in luma.chunks_exact_mut(cols.max(1)).enumerate() {
        for (col, cell) in line.iter_mut().enumerate() {
            let (u, v) = (x + col as f32 * step, y + row as f32 * step);
            let [r, g, b] = frame.pixel(u as i64, v as i64).map(f32::from);
            *cell = 0.299 * r + 0.587 * g + 0.114 * b;
            halves[usize::from(col * 2 >= cols)][cell.clamp(0.0, 255.0) as usize] += 1;
        }
    }
    let mut edges = 0.0_f32;
    for row in 1..rows.saturating_sub(1) {
        let (above, here, below) = (&luma[(row - 1) * cols..], &luma[row * cols..], &luma[(row + 1) * cols..]);
        for col in 1..cols.saturating_sub(1) {
            edges += (4.0 * here[col] - here[col - 1] - here[col + 1] - above[col] - below[col]).abs();
        }
    }
    let edges = edges / (luma.len() as f32).max(1.0);
    zeroize::Zeroize::zeroize(&mut luma);
    (Light::of(&halves), Component::new(edges, sigmoid(edges, 2.5, 0.8)))
}

impl Light {
    fn of(halves: &[[u32; 256]; 2]) -> Self {
        let all: [u32; 256] = std::array::from_fn(|level| halves[0][level] + halves[1][level]);
        let count = |levels: &[u32]| levels.iter().sum::<u32>() as f32;
        let total = count(&all).max(1.0);
        let mean = all.iter().enumerate().map(|(level, n)| level as f32 * *n as f32).sum::<f32>() / total / 255.0;
        let entropy: f32 = all.iter().filter(|n| **n > 0).map(|n| *n as f32 / total).map(|p| -p * p.log2()).sum();
        let (dark, bright) = (count(&all[..=DARK]) / total, count(&all[BRIGHT..]) / total);
        let sides = halves.map(|half| count(&half).max(1.0));
        // Neighbouring levels together: two halves of one face never have exactly the same levels.
        let shares = |half: usize| halves[half].as_chunks::<8>().0.iter().map(move |bin| count(bin) / sides[half]);
        let common: f32 = shares(0).zip(shares(1)).map(|(a, b)| a.min(b)).sum();
        Self {
            mean: Component::new(mean, sigmoid(mean, 0.2, 0.05) * (1.0 - sigmoid(mean, 0.8, 0.05))),
            dynamic_range: Component::new(entropy, entropy / 8.0),
            under_exposure: Component::new(dark, 1.2 * (0.832 - sigmoid(dark, 0.92, 0.05))),
            over_exposure: Component::new(bright, 0.01 / (bright + 0.01)),
            uniformity: Component::new(common, common.max(0.0).powf(0.3)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: impl Fn(usize, usize) -> u8) -> (Light, Component) {
        let rgb = (0..128 * 128).flat_map(|i| [value(i % 128, i / 128); 3]).collect();
        let face = Face {
            bounds: [0.0, 0.0, 128.0, 128.0],
            landmarks: [[32.0, 40.0], [96.0, 40.0], [64.0, 70.0], [40.0, 100.0], [88.0, 100.0]],
            score: 0.9,
        };
        measure(&Frame::new(128, 128, rgb).unwrap(), &face)
    }

    #[test]
    fn each_fault_of_the_light_lowers_its_own_score() {
        let texture = |x: usize, y: usize| 90 + u8::try_from((x * 7 + y * 13) % 80).unwrap();
        let (good, sharp) = of(texture);
        assert!(good.mean.score > 90 && good.uniformity.score > 90 && sharp.score > 90);
        assert!(of(|x, y| texture(x, y) / 8).0.mean.score < 10);
        assert!(of(|_, _| 10).0.under_exposure.score < 5);
        assert!(of(|_, _| 254).0.over_exposure.score < 5);
        let half = of(|x, y| if x < 64 { texture(x, y) } else { texture(x, y) / 4 }).0;
        assert!(half.uniformity.score < good.uniformity.score - 30);
        assert!(of(|_, _| 120).1.score < 10, "a plain wall has no detail");
    }
}
