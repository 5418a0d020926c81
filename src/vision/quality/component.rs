//! One measured property of a picture, and how it becomes a score.

use serde::Serialize;

/// One quality component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Component {
    /// As measured; the unit is that of the component. Always a number; 0 where there was nothing
    /// to measure.
    pub native: f32,
    /// 0 is worst, 100 is best.
    pub score: u8,
}

impl Component {
    /// Rounds and clamps `score` to 0..=100, as OFIQ does; what is no number scores 0.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to 0..=100 first
    pub fn new(native: f32, score: f32) -> Self {
        if !native.is_finite() || score.is_nan() {
            return Self::default();
        }
        Self { native, score: score.round().clamp(0.0, 100.0) as u8 }
    }
}

/// `1 / (1 + exp((x0 - x) / w))`: rises from 0 to 1, 0.5 at `x0`. Source: OFIQ `Measure.h`.
#[must_use]
pub fn sigmoid(x: f32, x0: f32, w: f32) -> f32 {
    1.0 / (1.0 + ((x0 - x) / w).exp())
}

/// OFIQ's mapping `Q(x) = h (a + s sigmoid(x, x0, w))`. Source: OFIQ `Measure.h`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sigmoid {
    /// Scale.
    pub h: f32,
    /// Shift.
    pub a: f32,
    /// Weight and sign of the sigmoid.
    pub s: f32,
    /// Centre. Units: those of the native value.
    pub x0: f32,
    /// Width. Units: as above.
    pub w: f32,
}

impl Sigmoid {
    /// More is better: 0 to 100.
    #[must_use]
    pub const fn rising(x0: f32, w: f32) -> Self {
        Self { h: 100.0, a: 0.0, s: 1.0, x0, w }
    }

    /// Less is better: 100 to 0.
    #[must_use]
    pub const fn falling(x0: f32, w: f32) -> Self {
        Self { h: 100.0, a: 1.0, s: -1.0, x0, w }
    }

    /// The component of a native value.
    #[must_use]
    pub fn of(self, native: f32) -> Component {
        self.of_distance(native, native)
    }

    /// Reports `native`, scores `x`: for a mapping that takes a distance from the best value.
    #[must_use]
    pub fn of_distance(self, native: f32, x: f32) -> Component {
        let Self { h, a, s, x0, w } = self;
        Component::new(native, h * (a + s * sigmoid(x, x0, w)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_stay_within_their_range_and_nonsense_scores_nothing() {
        assert_eq!(Component::new(1.0, 700.0).score, 100);
        assert_eq!(Component::new(1.0, -1.0).score, 0);
        assert_eq!(Component::new(f32::NAN, f32::NAN), Component::default());
        assert_eq!(Component::new(f32::INFINITY, 50.0), Component::default());
    }

    #[test]
    fn the_centre_scores_half_either_way() {
        assert_eq!(Sigmoid::rising(70.0, 20.0).of(70.0).score, 50);
        assert_eq!(Sigmoid::falling(0.2, 0.06).of(0.2).score, 50);
        assert!(Sigmoid::rising(70.0, 20.0).of(130.0).score > 94);
        assert!(Sigmoid::falling(0.2, 0.06).of(0.0).score > 95);
    }
}
