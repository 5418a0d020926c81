//! One measured property and its score.

use serde::Serialize;

/// One quality component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Component {
    /// As measured; the unit is that of the component.
    pub native: f32,
    /// 0 is worst, 100 is best.
    pub score: u8,
}

impl Component {
    /// From a share of 1; what is no number scores 0.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 100
    pub(super) fn new(native: f32, share: f32) -> Self {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        Self { native, score: (share * 100.0).round() as u8 }
    }
}

/// Rises from 0 to 1 about `middle`. Source: the form of all OFIQ mappings.
pub(super) fn sigmoid(x: f32, middle: f32, width: f32) -> f32 {
    1.0 / (1.0 + ((middle - x) / width).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_stay_within_their_range_and_nonsense_scores_nothing() {
        assert_eq!(Component::new(1.0, 7.0).score, 100);
        assert_eq!(Component::new(1.0, -1.0).score, 0);
        assert_eq!(Component::new(f32::NAN, f32::NAN).score, 0);
        assert!((sigmoid(70.0, 70.0, 20.0) - 0.5).abs() < 1e-6);
    }
}
