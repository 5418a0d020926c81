//! Verification accuracy from scored pairs.

use std::collections::BTreeMap;

use serde::Serialize;

/// One compared pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// Cosine similarity.
    pub similarity: f32,
    /// One person.
    pub mated: bool,
    /// Fold it belongs to.
    pub fold: usize,
}

/// What a run found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Pairs in the list.
    pub pairs: usize,
    /// Pairs compared; the others had a picture without a usable face.
    pub compared: usize,
    /// Pictures lost.
    pub failed_to_acquire: usize,
    /// By LFW's own rule: the threshold of each fold is the best of the other folds.
    pub accuracy: f64,
    /// Threshold at which this share of the impostor pairs would match.
    pub threshold_at_fmr: BTreeMap<String, f32>,
    /// Share of the mated pairs that match there.
    pub tmr_at_fmr: BTreeMap<String, f64>,
    /// Similarity the product uses.
    pub shipped_threshold: f32,
    /// False matches and non-matches there.
    pub shipped_fmr: f64,
    /// See above.
    pub shipped_fnmr: f64,
    /// Time for a picture: decode, detect, align, embed.
    pub ms_per_image: super::timing::Summary,
}

/// Accuracy by LFW's rule. None without at least two folds.
#[must_use]
pub fn accuracy(scores: &[Scored]) -> Option<f64> {
    let folds = scores.iter().map(|s| s.fold).max()? + 1;
    let mut sum = 0.0;
    let mut counted = 0.0;
    for fold in 0..folds {
        let (test, train): (Vec<Scored>, Vec<Scored>) = scores.iter().partition(|s| s.fold == fold);
        if test.is_empty() || train.is_empty() {
            continue;
        }
        sum += share_right(&test, best_threshold(&train));
        counted += 1.0;
    }
    (counted > 0.0).then(|| sum / counted)
}

/// Lowest threshold at which at most `fmr` of the impostors match, and the mated share there.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts
pub fn at_fmr(scores: &[Scored], fmr: f64) -> Option<(f32, f64)> {
    let mut impostors: Vec<f32> = scores.iter().filter(|s| !s.mated).map(|s| s.similarity).collect();
    let mated: Vec<f32> = scores.iter().filter(|s| s.mated).map(|s| s.similarity).collect();
    let allowed = (impostors.len() as f64 * fmr).floor() as usize;
    impostors.sort_by(|a, b| b.total_cmp(a));
    // The first impostor that must not match stays just below the threshold.
    let threshold = impostors.get(allowed)?.next_up();
    let matched = mated.iter().filter(|s| **s >= threshold).count();
    (!mated.is_empty()).then(|| (threshold, matched as f64 / mated.len() as f64))
}

/// False match and false non-match rate at a threshold.
#[must_use]
pub fn errors_at(scores: &[Scored], threshold: f32) -> (f64, f64) {
    let rate = |mated: bool, wrong: &dyn Fn(f32) -> bool| {
        let all: Vec<f32> = scores.iter().filter(|s| s.mated == mated).map(|s| s.similarity).collect();
        all.iter().filter(|s| wrong(**s)).count() as f64 / all.len().max(1) as f64
    };
    (rate(false, &|s| s >= threshold), rate(true, &|s| s < threshold))
}

fn share_right(scores: &[Scored], threshold: f32) -> f64 {
    scores.iter().filter(|s| (s.similarity >= threshold) == s.mated).count() as f64 / scores.len() as f64
}

/// The threshold that judges most pairs rightly; the middle of the best range.
fn best_threshold(scores: &[Scored]) -> f32 {
    let mut sorted: Vec<Scored> = scores.to_vec();
    sorted.sort_by(|a, b| a.similarity.total_cmp(&b.similarity));
    // Below everything: all mated pairs right, all others wrong.
    let mut right = sorted.iter().filter(|s| s.mated).count();
    let mut best = (right, f32::MIN, sorted.first().map_or(0.0, |s| s.similarity));
    for (index, score) in sorted.iter().enumerate() {
        right = if score.mated { right - 1 } else { right + 1 };
        let next = sorted.get(index + 1).map_or(1.0, |s| s.similarity);
        if right > best.0 {
            best = (right, score.similarity, next);
        }
    }
    f32::midpoint(best.1.max(-1.0), best.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(similarity: f32, mated: bool, fold: usize) -> Scored {
        Scored { similarity, mated, fold }
    }

    #[test]
    fn separable_pairs_are_all_right_and_swapped_ones_all_wrong() {
        let make = |mated_high: bool| -> Vec<Scored> {
            (0..4).flat_map(|fold| [scored(0.9, mated_high, fold), scored(0.1, !mated_high, fold)]).collect()
        };
        assert_eq!(accuracy(&make(true)), Some(1.0));
        assert!(accuracy(&make(false)).unwrap() <= 0.5);
        assert_eq!(accuracy(&[]), None);
    }

    #[test]
    fn threshold_comes_from_the_other_folds_only() {
        // Fold 0 alone would choose 0.5; the others force 0.8, which fails its mated pair.
        let scores = [
            scored(0.6, true, 0),
            scored(0.4, false, 0),
            scored(0.9, true, 1),
            scored(0.75, false, 1),
            scored(0.9, true, 1),
            scored(0.75, false, 1),
        ];
        // Fold 0 judged at .825: half right. Fold 1 judged at .5: half right.
        assert!((accuracy(&scores).unwrap() - 0.5).abs() < 1e-9);
    }

    #[test]
    fn at_most_the_stated_share_of_impostors_matches() {
        let mut scores: Vec<Scored> = (0..1000_u16).map(|i| scored(f32::from(i) / 2000.0, false, 0)).collect();
        scores.extend([scored(0.4994, true, 0), scored(0.9, true, 0)]);
        let (threshold, tmr) = at_fmr(&scores, 1e-3).unwrap();
        assert!((errors_at(&scores, threshold).0 - 1e-3).abs() < 1e-12);
        assert!((tmr - 1.0).abs() < 1e-9);
        let (strict, _) = at_fmr(&scores, 0.0).unwrap();
        assert!(errors_at(&scores, strict).0.abs() < 1e-12);
    }
}
