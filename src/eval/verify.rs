//! Accuracy by the rule of Labeled Faces in the Wild.

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
}
