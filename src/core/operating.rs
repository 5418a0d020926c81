//! Which similarity stands for which false match rate, and where that was measured.

/// One measured operating point of the shipped models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// False match rate of one comparison. Range: 0 to 1.
    pub fmr: f64,
    /// Cosine similarity.
    pub threshold: f32,
}

/// The shipped models and the shipped way of looking, each picture fused with its mirror image.
///
/// Down to 1e-5: `mianzheng eval verify --images DIR --all-pairs` on the 2,320 pictures of folds 1-3
/// of LFW, 2.69 million non-mated pairs, 2026-11-23 (26 false matches at 1e-5; the interval by
/// subjects is 0.4e-5 to 1.9e-5). 1e-6: all 29.6 million non-mated pairs of 7,701 pictures, one frame
/// against one, before this repository existed (`models/NOTICE.md`); the smaller set cannot tell it.
pub const POINTS: [Point; 4] = [
    Point { fmr: 1e-3, threshold: 0.364 },
    Point { fmr: 1e-4, threshold: 0.421 },
    Point { fmr: 1e-5, threshold: 0.474 },
    Point { fmr: 1e-6, threshold: 0.539 },
];

/// How far behind the second must stay in a search. Own choice: a third of what lies between two
/// tenfold steps of the rate, twice.
pub const SEARCH_MARGIN: f32 = 0.05;

/// The threshold for a stated rate, between the measured points along the logarithm of the rate;
/// none outside of what was measured.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // between two thresholds
pub fn threshold_for(fmr: f64) -> Option<f32> {
    POINTS.windows(2).find_map(|pair| {
        let [from, to] = pair else { return None };
        let share = (from.fmr.log10() - fmr.log10()) / (from.fmr.log10() - to.fmr.log10());
        // A hair outside is rounding of the logarithm.
        let inside = (-1e-9..=1.0 + 1e-9).contains(&share);
        inside.then_some(from.threshold + (to.threshold - from.threshold) * share as f32)
    })
}

/// The threshold of one comparison in a search among `gallery` templates: what `threshold` is for
/// one, a tenfold step of the rate higher for each tenfold of templates. Beyond the measured points
/// the widest measured step is taken for each. Range: up to 0.95.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // a number of steps
pub fn search_threshold(threshold: f32, gallery: usize) -> f32 {
    let widest = POINTS.windows(2).map(|pair| pair[1].threshold - pair[0].threshold).fold(0.0, f32::max);
    let steps = (gallery.max(1) as f64).log10() as f32;
    (threshold + widest * steps).min(0.95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_points_are_met_and_nothing_is_guessed_beyond() {
        for point in POINTS {
            assert!((threshold_for(point.fmr).unwrap() - point.threshold).abs() < 1e-6);
        }
        let between = threshold_for(3e-5).unwrap();
        assert!(between > 0.421 && between < 0.474);
        assert_eq!(threshold_for(1e-7), None);
        assert_eq!(threshold_for(0.1), None);
        assert_eq!(threshold_for(f64::NAN), None);
    }

    #[test]
    fn more_templates_ask_for_more_likeness() {
        assert!((search_threshold(0.474, 1) - 0.474).abs() < 1e-6);
        assert!(search_threshold(0.474, 100) > search_threshold(0.474, 10));
        assert!(search_threshold(0.474, usize::MAX) <= 0.95);
        // A rate of 1e-5 for the whole search among ten is 1e-6 for each: not below the measured point.
        assert!(search_threshold(0.474, 10) >= 0.539 - 1e-6);
    }
}
