//! FMR against FNMR over all thresholds, and at one.
//!
//! A comparison matches iff its score is at or above the threshold. Terms as in ISO/IEC 19795-1.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::interval::{Rate, count, real, share};

/// The most points a curve is reduced to.
pub const MAX_POINTS: usize = 400;

/// A score that is not a finite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite;

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a score is not a finite number")
    }
}

impl std::error::Error for NotFinite {}

/// One threshold and how often comparisons err there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// Scores at or above it match.
    pub threshold: f32,
    /// False matches among non-mated comparisons.
    pub fmr: Rate,
    /// False non-matches among mated comparisons.
    pub fnmr: Rate,
}

/// One point of a DET curve, shares in 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetPoint {
    /// Scores at or above it match.
    pub threshold: f32,
    /// False match rate.
    pub fmr: f64,
    /// False non-match rate.
    pub fnmr: f64,
}

/// Where the two error rates are the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EqualError {
    /// The threshold at which they are closest.
    pub threshold: f32,
    /// Their mean there, 0..=1.
    pub rate: f64,
}

/// A named DET curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What it is of.
    pub name: String,
    /// Its points, as from [`Scores::curve`].
    pub points: Vec<DetPoint>,
    /// The point of the shipped threshold.
    pub shipped: Option<DetPoint>,
}

/// False accept rate of a transaction of one attempt: FMR * (1 - FTA). ISO/IEC 19795-1.
#[must_use]
pub fn far(fmr: f64, fta: f64) -> f64 {
    fmr * (1.0 - fta)
}

/// False reject rate of a transaction of one attempt: FTA + FNMR * (1 - FTA). ISO/IEC 19795-1.
#[must_use]
pub fn frr(fnmr: f64, fta: f64) -> f64 {
    fta + fnmr * (1.0 - fta)
}

/// Scores of mated and of non-mated comparisons; higher means more alike.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Lowest first.
    mated: Vec<f32>,
    /// Lowest first.
    non_mated: Vec<f32>,
}

impl Scores {
    /// Takes the scores, in any order; either list may be empty.
    ///
    /// # Errors
    ///
    /// [`NotFinite`] if any score is not a finite number: leaving it out would change the rates.
    pub fn new(mut mated: Vec<f32>, mut non_mated: Vec<f32>) -> Result<Self, NotFinite> {
        if !mated.iter().chain(&non_mated).all(|score| score.is_finite()) {
            return Err(NotFinite);
        }
        mated.sort_unstable_by(f32::total_cmp);
        non_mated.sort_unstable_by(f32::total_cmp);
        Ok(Self { mated, non_mated })
    }

    /// Scores of mated comparisons, lowest first.
    #[must_use]
    pub fn mated(&self) -> &[f32] {
        &self.mated
    }

    /// Scores of non-mated comparisons, lowest first.
    #[must_use]
    pub fn non_mated(&self) -> &[f32] {
        &self.non_mated
    }

    /// The error rates at `threshold`. None if either list is empty or the threshold is not finite.
    #[must_use]
    #[allow(clippy::similar_names)] // the terms of the standard
    pub fn at(&self, threshold: f32) -> Option<OperatingPoint> {
        let (false_matches, false_non_matches) = self.errors(threshold);
        let fmr = Rate::of(false_matches, count(self.non_mated.len()))?;
        let fnmr = Rate::of(false_non_matches, count(self.mated.len()))?;
        threshold.is_finite().then_some(OperatingPoint { threshold, fmr, fnmr })
    }

    /// The lowest threshold at which at most a share `fmr` (0..1) of the non-mated comparisons match.
    ///
    /// None if either list is empty, `fmr` is not within 0..1, or there are fewer than 0.9 / `fmr` non-mated
    /// comparisons: then the data cannot tell such a rate.
    #[must_use]
    pub fn at_fmr(&self, fmr: f64) -> Option<OperatingPoint> {
        let possible = real(count(self.non_mated.len())) * fmr;
        if !(possible >= 0.9 && fmr < 1.0) {
            return None;
        }
        self.at(self.threshold_for(whole(possible + 1e-9)))
    }

    /// Where FMR and FNMR cross. None if either list is empty.
    #[must_use]
    #[allow(clippy::similar_names)] // the terms of the standard
    pub fn equal_error(&self) -> Option<EqualError> {
        let mut thresholds = [self.mated.as_slice(), self.non_mated.as_slice()].concat();
        thresholds.sort_unstable_by(f32::total_cmp);
        let above = thresholds.last()?.next_up();
        thresholds.push(above);
        let crossed = thresholds.partition_point(|&threshold| self.rates(threshold).is_some_and(|(a, b)| b < a));
        let near = |at: usize| {
            let threshold = *thresholds.get(at)?;
            let (fmr, fnmr) = self.rates(threshold)?;
            Some(((fmr - fnmr).abs(), EqualError { threshold, rate: f64::midpoint(fmr, fnmr) }))
        };
        let before = crossed.checked_sub(1).and_then(near);
        match (before, near(crossed)) {
            (Some(before), Some(after)) => Some(if before.0 < after.0 { before.1 } else { after.1 }),
            (one, other) => one.or(other).map(|(_, point)| point),
        }
    }

    /// The DET curve, lowest threshold first: FMR falls (or stays), FNMR rises (or stays). At most [`MAX_POINTS`]
    /// points, evenly spread over the logarithm of the FMR from 1 down to one false match, and one with none. Empty
    /// if either list is empty.
    #[must_use]
    pub fn curve(&self) -> Vec<DetPoint> {
        let total = self.non_mated.len();
        let steps = MAX_POINTS - 2;
        let spread = |step: usize| real(count(total)).powf(share(count(step), count(steps)));
        let mut allowed: Vec<usize> = (0..=steps).map(|step| whole(spread(step).round()).min(total)).collect();
        allowed.push(0);
        allowed.sort_unstable_by(|a, b| b.cmp(a));
        allowed.dedup();
        let mut points: Vec<DetPoint> = allowed
            .into_iter()
            .map(|allowed| self.threshold_for(allowed))
            .filter_map(|threshold| self.rates(threshold).map(|(fmr, fnmr)| DetPoint { threshold, fmr, fnmr }))
            .collect();
        points.dedup_by(|one, other| one.threshold <= other.threshold);
        points
    }

    /// The lowest threshold at which at most `allowed` non-mated comparisons match; the lowest score if all may.
    fn threshold_for(&self, allowed: usize) -> f32 {
        let last_rejected = self.non_mated.len().checked_sub(allowed + 1).and_then(|at| self.non_mated.get(at));
        match last_rejected {
            Some(score) => score.next_up(),
            None => self.non_mated.first().copied().unwrap_or(0.0),
        }
    }

    /// False matches and false non-matches at `threshold`.
    fn errors(&self, threshold: f32) -> (u64, u64) {
        let below = |scores: &[f32]| scores.partition_point(|&score| score < threshold);
        (count(self.non_mated.len() - below(&self.non_mated)), count(below(&self.mated)))
    }

    /// FMR and FNMR at `threshold`. None if either list is empty.
    fn rates(&self, threshold: f32) -> Option<(f64, f64)> {
        let (false_matches, false_non_matches) = self.errors(threshold);
        let rates =
            (share(false_matches, count(self.non_mated.len())), share(false_non_matches, count(self.mated.len())));
        (!self.mated.is_empty() && !self.non_mated.is_empty()).then_some(rates)
    }
}

/// The whole part of a number; 0 for what is below 0 or not a number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scores(mated: &[f32], non_mated: &[f32]) -> Scores {
        Scores::new(mated.to_vec(), non_mated.to_vec()).unwrap()
    }

    #[test]
    fn the_threshold_itself_matches() {
        let point = scores(&[0.2, 0.5, 0.9], &[0.1, 0.5]).at(0.5).unwrap();
        assert_eq!((point.fmr.errors, point.fmr.trials, point.fnmr.errors, point.fnmr.trials), (1, 2, 1, 3));
    }

    #[test]
    fn the_lowest_threshold_of_a_rate() {
        let non_mated: Vec<f32> = (0..1000_u16).map(|at| f32::from(at) / 1000.0).collect();
        let scores = scores(&[0.5, 0.9985, 2.0], &non_mated);
        let point = scores.at_fmr(0.001).unwrap();
        assert_eq!((point.fmr.errors, point.fnmr.errors), (1, 1));
        assert_eq!(point.threshold.to_bits(), 0.998_f32.next_up().to_bits());
        assert_eq!(scores.at(0.998).unwrap().fmr.errors, 2);
        assert_eq!(scores.at_fmr(0.000_95).unwrap().fmr.errors, 0);
        assert_eq!(scores.at_fmr(0.0008), None);
        assert_eq!(scores.at_fmr(1.0), None);
        assert_eq!(scores.at_fmr(0.0), None);
        assert_eq!(scores.at_fmr(f64::NAN), None);
    }

    #[test]
    fn tied_scores_go_together() {
        let point = scores(&[1.0], &[0.5; 100]).at_fmr(0.5).unwrap();
        assert_eq!(point.fmr.errors, 0);
    }

    #[test]
    fn equal_error_of_known_scores() {
        let equal = scores(&[0.3, 0.6, 0.7, 0.8], &[0.1, 0.2, 0.4, 0.65]).equal_error().unwrap();
        assert!((equal.rate - 0.25).abs() < 1e-12, "{equal:?}");
        let apart = scores(&[0.8, 0.9], &[0.1, 0.2]).equal_error().unwrap();
        assert!(apart.rate.abs() < 1e-12 && apart.threshold > 0.2 && apart.threshold <= 0.8);
        let swapped = scores(&[0.1], &[0.9]).equal_error().unwrap();
        assert!((swapped.rate - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_say() {
        assert!(Scores::new(vec![f32::NAN], vec![]).is_err());
        assert!(Scores::new(vec![], vec![f32::INFINITY]).is_err());
        for scores in [scores(&[], &[]), scores(&[1.0], &[]), scores(&[], &[1.0])] {
            assert_eq!((scores.at(0.5), scores.at_fmr(0.5), scores.equal_error()), (None, None, None));
            assert!(scores.curve().is_empty());
        }
        assert_eq!(scores(&[1.0], &[0.0]).at(f32::NAN), None);
    }

    #[test]
    fn attempts_that_fail_to_acquire() {
        assert!((far(0.01, 0.1) - 0.009).abs() < 1e-12 && (frr(0.02, 0.1) - 0.118).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_curve_is_monotone_and_true(
            mated in proptest::collection::vec(-1.0_f32..1.0, 1..300),
            non_mated in proptest::collection::vec(-1.0_f32..0.8, 1..3000),
        ) {
            let scores = Scores::new(mated, non_mated).unwrap();
            let curve = scores.curve();
            prop_assert!(curve.len() <= MAX_POINTS && curve.len() >= 2);
            for pair in curve.windows(2) {
                prop_assert!(pair[0].threshold < pair[1].threshold);
                prop_assert!(pair[0].fmr >= pair[1].fmr && pair[0].fnmr <= pair[1].fnmr);
            }
            for point in &curve {
                let at = scores.at(point.threshold).unwrap();
                prop_assert!((at.fmr.rate - point.fmr).abs() < 1e-12 && (at.fnmr.rate - point.fnmr).abs() < 1e-12);
            }
            prop_assert!((curve[0].fmr - 1.0).abs() < 1e-12 && curve[curve.len() - 1].fmr.abs() < 1e-12);
            let equal = scores.equal_error().unwrap();
            prop_assert!((0.0..=1.0).contains(&equal.rate));
        }

        #[test]
        fn no_lower_threshold_would_do(
            non_mated in proptest::collection::vec(-1.0_f32..1.0, 20..400),
            fmr in 0.05_f64..0.99,
        ) {
            let scores = Scores::new(vec![0.0], non_mated).unwrap();
            let point = scores.at_fmr(fmr).unwrap();
            prop_assert!(point.fmr.rate <= fmr + 1e-9);
            prop_assert!(scores.at(point.threshold.next_down()).unwrap().fmr.rate > fmr);
        }
    }
}
