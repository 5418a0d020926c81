//! Scores counted in bins.

use serde::{Deserialize, Serialize};

use super::det::whole;
use super::interval::{count, real};

/// How many bins a histogram has.
pub const BINS: usize = 50;

/// One kind of score, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// What they are scores of.
    pub name: String,
    /// Scores in each of the [`BINS`] bins, lowest bin first.
    pub counts: Vec<u64>,
}

/// Several kinds of scores over the same bins, all equally wide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Where the lowest bin starts.
    pub low: f32,
    /// Where the highest bin ends; above `low`.
    pub high: f32,
    /// The counts.
    pub series: Vec<Counted>,
}

impl Histogram {
    /// Counts `series` (name and scores) between `low` and `high`; scores beyond them go to the outermost bin, scores
    /// that are not finite are left out. None if `low < high` does not hold or either is not finite.
    #[must_use]
    pub fn between(low: f32, high: f32, series: &[(&str, &[f32])]) -> Option<Self> {
        if !(low < high && low.is_finite() && high.is_finite()) {
            return None;
        }
        let scale = real(count(BINS)) / (f64::from(high) - f64::from(low));
        let series = series.iter().map(|&(name, scores)| {
            let mut counts = vec![0_u64; BINS];
            for &score in scores.iter().filter(|score| score.is_finite()) {
                let bin = whole((f64::from(score) - f64::from(low)) * scale).min(BINS - 1);
                if let Some(count) = counts.get_mut(bin) {
                    *count += 1;
                }
            }
            Counted { name: name.to_owned(), counts }
        });
        Some(Self { low, high, series: series.collect() })
    }

    /// As [`Self::between`], from the lowest to the highest finite score. None if there are none, or all are alike.
    #[must_use]
    pub fn of(series: &[(&str, &[f32])]) -> Option<Self> {
        let finite = || series.iter().flat_map(|(_, scores)| *scores).copied().filter(|score| score.is_finite());
        Self::between(finite().reduce(f32::min)?, finite().reduce(f32::max)?, series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finite_score_is_counted_once() {
        let scores = [-1.0, -0.99, 0.0, 1.0, f32::NAN, f32::INFINITY];
        let histogram = Histogram::of(&[("a", &scores), ("b", &[])]).unwrap();
        assert_eq!((histogram.low, histogram.high), (-1.0, 1.0));
        let counts = &histogram.series[0].counts;
        assert_eq!((counts.len(), counts.iter().sum::<u64>()), (BINS, 4));
        assert_eq!((counts[0], counts[25], counts[49]), (2, 1, 1));
        assert_eq!(Histogram::between(0.0, 1.0, &[("a", &[-5.0, 5.0])]).unwrap().series[0].counts[49], 1);
    }

    #[test]
    fn nothing_to_count() {
        assert_eq!(Histogram::of(&[]), None);
        assert_eq!(Histogram::of(&[("a", &[0.5, 0.5])]), None);
        assert_eq!(Histogram::between(1.0, 0.0, &[]), None);
        assert_eq!(Histogram::between(f32::NAN, 0.0, &[]), None);
    }
}
