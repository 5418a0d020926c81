//! Light on a face: how bright, how spread, how much is lost, how even.
//!
//! Luminance is linear light: sRGB made linear, 0.2126 R + 0.7152 G + 0.0722 B, in 256 levels.
//! Source: OFIQ `image_utils.cpp`. So 25 of 255 is a grey of 89 in the picture, and a well-lit face
//! has a mean near 0.25.

use std::f32::consts::PI;
use std::sync::LazyLock;

use crate::vision::quality::anchors::Anchors;
use crate::vision::quality::component::{Component, Sigmoid, sigmoid};
use crate::vision::quality::region::{Region, bilinear};
use crate::ports::Frame;

/// Highest level that counts as lost in the dark. Source: OFIQ.
const DARK: usize = 25;
/// Lowest level that counts as lost in the light. Source: OFIQ.
const BRIGHT: usize = 247;
/// OFIQ's aligned face has 113 pixels between the eyes.
const ALIGNED_EYES: f32 = 113.0;
/// One pixel in two of OFIQ's aligned face is read: some 5000 of a face, own choice for speed.
const STEP: f32 = 2.0;
/// Side of OFIQ's cheek zones, 0.3 of the distance between the eyes, in pixels of the aligned face.
const ZONE: u8 = 33;

/// What linear light a level of sRGB is. Range: 0 to 1. Source: IEC 61966-2-1.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|level| match level as f32 / 255.0 {
        x if x > 0.04045 => ((x + 0.055) / 1.055).powf(2.4),
        x => x / 12.92,
    })
});

/// Light on a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Mean luminance. Range: 0 to 1. Score: `100 S(x, 0.2, 0.05) (1 - S(x, 0.8, 0.05))`, S the
    /// sigmoid. Source: OFIQ. Dark skin lowers it.
    pub mean: Component,
    /// Variance of luminance. Range: 0 to 0.25. Score: `100 sin(pi 60 x / (60 x + 1))`, best at
    /// 1/60. Source: OFIQ.
    pub variance: Component,
    /// Share of levels 0 to 25. Score: `120 (0.832 - S(x, 0.92, 0.05))`. Source: OFIQ, which leaves
    /// out what a network takes for occluded; here all of the region counts.
    pub under_exposure: Component,
    /// Share of levels 247 to 255. Score: `1 / (x + 0.01)`. Source: OFIQ; as above.
    pub over_exposure: Component,
    /// Entropy of the levels. Units: bits. Range: 0 to 8. Score: `12.5 x`. Source: OFIQ.
    pub dynamic_range: Component,
    /// Common part of the histograms of two zones on the cheeks. Range: 0 to 1. Score:
    /// `100 x^0.3`. Source: OFIQ. Coarse: grain alone keeps two cheeks from being equal.
    pub uniformity: Component,
}

impl Light {
    /// Measures a face. Cost: some 5000 pixels and two zones of 33 x 33, whatever its size.
    #[must_use]
    pub fn of(frame: &Frame, region: &Region, anchors: &Anchors) -> Self {
        let mut levels = [0_u32; 256];
        let step = anchors.eyes() * STEP / ALIGNED_EYES;
        region.each(frame, step, |rgb| levels[luminance(rgb)] += 1);
        let total = levels.iter().sum::<u32>() as f32;
        if total < 1.0 {
            let nothing = Component::default();
            return Self {
                mean: nothing,
                variance: nothing,
                under_exposure: nothing,
                over_exposure: nothing,
                dynamic_range: nothing,
                uniformity: nothing,
            };
        }
        let shares = levels.map(|count| count as f32 / total);
        let share = |levels: &[f32]| levels.iter().sum::<f32>();
        let light = |level: usize| level as f32 / 255.0;
        let mean: f32 = shares.iter().enumerate().map(|(level, p)| p * light(level)).sum();
        let variance: f32 = shares.iter().enumerate().map(|(level, p)| p * (light(level) - mean).powi(2)).sum();
        let entropy: f32 = shares.iter().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum();
        let (dark, bright) = (share(&shares[..=DARK]), share(&shares[BRIGHT..]));
        let common = common(&zones(frame, anchors));
        let mean_score = 100.0 * sigmoid(mean, 0.2, 0.05) * (1.0 - sigmoid(mean, 0.8, 0.05));
        let under = Sigmoid { h: 120.0, a: 0.832, s: -1.0, x0: 0.92, w: 0.05 };
        Self {
            mean: Component::new(mean, mean_score),
            variance: Component::new(variance, 100.0 * (60.0 * variance / (60.0 * variance + 1.0) * PI).sin()),
            under_exposure: under.of(dark),
            over_exposure: Component::new(bright, 1.0 / (bright + 0.01)),
            dynamic_range: Component::new(entropy, 12.5 * entropy),
            uniformity: Component::new(common, 100.0 * common.powf(0.3)),
        }
    }
}

/// The level of a pixel's linear light.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 255
fn luminance([r, g, b]: [u8; 3]) -> usize {
    let [r, g, b] = [r, g, b].map(|level| LINEAR[usize::from(level)]);
    (((0.2126 * r + 0.7152 * g + 0.0722 * b) * 255.0 + 0.5) as usize).min(255)
}

/// Levels in two zones: from below each eye's centre inwards, the upper edge half way from eyes to
/// mouth. Source: OFIQ. Read as in its aligned face, bilinearly: so the count of pixels, on which
/// the measure depends, is the same for faces of every size.
fn zones(frame: &Frame, anchors: &Anchors) -> [[u32; 256]; 2] {
    let unit = anchors.eyes() / ALIGNED_EYES;
    let ([across, down], middle) = (anchors.axes(), anchors.middle());
    let to_mouth = (anchors.mouth[0] - middle[0]).hypot(anchors.mouth[1] - middle[1]);
    let zone = |eye: [f32; 2], inwards: f32| {
        let mut levels = [0_u32; 256];
        for row in 0..ZONE {
            for col in 0..ZONE {
                let (u, v) = (inwards * f32::from(col) * unit, to_mouth / 2.0 + f32::from(row) * unit);
                let at = [0, 1].map(|axis| eye[axis] + u * across[axis] + v * down[axis]);
                levels[luminance(bilinear(frame, at))] += 1;
            }
        }
        levels
    };
    [zone(anchors.right, 1.0), zone(anchors.left, -1.0)]
}

/// Common part of two histograms of as many pixels.
fn common([one, other]: &[[u32; 256]; 2]) -> f32 {
    let both: u32 = one.iter().zip(other).map(|(a, b)| a.min(b)).sum();
    both as f32 / (f32::from(ZONE) * f32::from(ZONE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::detect::Face;

    /// A plain face of 240 x 240, 80 pixels between the eyes, as `paint` colours it.
    fn light(paint: impl Fn(u32, u32) -> u8) -> Light {
        let pixels = (0..240 * 240).flat_map(|at| [paint(at % 240, at / 240); 3]).collect();
        let frame = Frame::new(240, 240, pixels).unwrap();
        let landmarks = [[80.0, 100.0], [160.0, 100.0], [120.0, 140.0], [90.0, 180.0], [150.0, 180.0]];
        let face = Face { bounds: [30.0, 20.0, 180.0, 215.0], landmarks, score: 0.9 };
        let anchors = Anchors::of(&face, None).unwrap();
        Light::of(&frame, &Region::of(&face, None, &anchors), &anchors)
    }

    #[test]
    fn a_plain_face_has_the_light_of_its_grey() {
        let light = light(|_, _| 188); // half of the light
        assert!((light.mean.native - 0.5).abs() < 0.01 && light.mean.score >= 99);
        assert!(light.variance.native < 1e-6 && light.variance.score == 0);
        assert!(light.dynamic_range.native.abs() < 1e-6);
        assert_eq!((light.under_exposure.score, light.over_exposure.score), (100, 100));
        assert!((light.uniformity.native - 1.0).abs() < 1e-6 && light.uniformity.score == 100);
    }

    #[test]
    fn the_ends_of_the_scale_are_lost() {
        let (dark, edge) = (light(|_, _| 80), light(|_, _| 92));
        assert!(dark.under_exposure.native > 0.99 && dark.under_exposure.score < 5 && dark.mean.score < 15);
        assert!(edge.under_exposure.native < 0.01);
        let bright = light(|_, _| 254);
        assert!(bright.over_exposure.native > 0.99 && bright.over_exposure.score == 1 && bright.mean.score < 5);
    }

    /// Range: 0 to 15.
    fn grain(x: u32, y: u32) -> u8 {
        u8::try_from((x * 7 + y * 13) % 16).unwrap()
    }

    #[test]
    fn one_lit_side_is_not_even_and_grain_is_spread() {
        let half = light(|x, y| if x < 120 { 200 } else { 100 } + grain(x, y));
        assert_eq!(half.uniformity.score, 0);
        let even = light(|x, y| 140 + grain(x, y));
        assert!(even.uniformity.score > 90 && even.dynamic_range.native > 3.0);
        assert!(half.dynamic_range.native > even.dynamic_range.native);
    }

    #[test]
    fn a_face_beyond_the_picture_has_no_light() {
        let frame = Frame::new(10, 10, vec![200; 300]).unwrap();
        let landmarks = [[80.0, 100.0], [160.0, 100.0], [120.0, 140.0], [90.0, 180.0], [150.0, 180.0]];
        let face = Face { bounds: [30.0, 20.0, 180.0, 215.0], landmarks, score: 0.9 };
        let anchors = Anchors::of(&face, None).unwrap();
        let light = Light::of(&frame, &Region::of(&face, None, &anchors), &anchors);
        assert_eq!(light.mean, Component::default());
    }
}
