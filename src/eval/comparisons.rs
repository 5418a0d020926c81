//! Comparisons that know whose images were compared.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Tally, all_pairs, one_way, two_way};
use super::det::{NotFinite, Scores};
use super::interval::{Interval, Rate, count};

/// A person whose images were compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What the data set calls the person.
    pub name: String,
    /// Images from which a template was tried.
    pub attempts: u64,
    /// Images that gave none: failures to acquire; at most `attempts`.
    pub failures: u64,
}

/// One comparison. Mated iff `a == b`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Position of one subject in the list of subjects.
    pub a: usize,
    /// Position of the other subject.
    pub b: usize,
    /// How alike the two images are; higher means more alike.
    pub score: f32,
}

impl Compared {
    /// Whether both images are of the same person.
    #[must_use]
    pub fn mated(&self) -> bool {
        self.a == self.b
    }
}

/// Intervals of both error rates at one threshold, by drawing subjects anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BySubject {
    /// Of the FMR.
    pub fmr: Option<Interval>,
    /// Of the FNMR.
    pub fnmr: Option<Interval>,
}

/// The scores alone.
///
/// # Errors
///
/// [`NotFinite`] if a score is not a finite number.
pub fn scores(comparisons: &[Compared]) -> Result<Scores, NotFinite> {
    let of = |mated: bool| {
        comparisons.iter().filter(|compared| compared.mated() == mated).map(|compared| compared.score).collect()
    };
    Scores::new(of(true), of(false))
}

/// Failures to acquire among all attempts. None without attempts.
#[must_use]
pub fn fta(subjects: &[Subject]) -> Option<Rate> {
    let sum = |of: fn(&Subject) -> u64| subjects.iter().map(of).fold(0_u64, u64::saturating_add);
    Rate::of(sum(|subject| subject.failures), sum(|subject| subject.attempts))
}

/// The intervals of the error rates at `threshold`, by [`two_way`] and [`one_way`].
///
/// That of the FMR is None unless every image that gave a template was compared once with every such image of every
/// other subject. Either is None where nothing varies.
#[must_use]
pub fn by_subject(
    subjects: &[Subject],
    comparisons: &[Compared],
    threshold: f32,
    rounds: usize,
    seed: u64,
) -> BySubject {
    let mut tallies = vec![Tally::default(); subjects.len()];
    let (mut non_mated, mut false_matches) = (0, Vec::new());
    for compared in comparisons {
        let matched = compared.score >= threshold;
        if !compared.mated() {
            non_mated += 1;
            if matched {
                false_matches.push((compared.a, compared.b));
            }
        } else if let Some(tally) = tallies.get_mut(compared.a) {
            tally.trials += 1;
            tally.errors += u64::from(!matched);
        }
    }
    // subjects without mated comparisons say nothing about the FNMR
    tallies.retain(|tally| tally.trials > 0);
    let images: Vec<u64> = subjects.iter().map(|subject| subject.attempts.saturating_sub(subject.failures)).collect();
    let complete = count(non_mated) == all_pairs(&images);
    BySubject {
        fmr: if complete { two_way(&images, &false_matches, rounds, seed) } else { None },
        fnmr: one_way(&tallies, rounds, seed),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// `people` subjects with 3 images each, one attempt failed; every image compared with every other.
    pub(in super::super) fn everyone(people: usize) -> (Vec<Subject>, Vec<Compared>) {
        let subjects =
            (0..people).map(|at| Subject { name: format!("s{at}"), attempts: 4, failures: 1 }).collect::<Vec<_>>();
        let images: Vec<usize> = (0..people).flat_map(|at| [at; 3]).collect();
        let mut comparisons = Vec::new();
        let mut random = super::super::bootstrap::SplitMix64::new(9);
        for (at, &a) in images.iter().enumerate() {
            for &b in &images[at + 1..] {
                #[allow(clippy::cast_precision_loss)]
                let noise = random.below(1000) as f32 / 1000.0;
                comparisons.push(Compared { a, b, score: if a == b { 0.3 + 0.7 * noise } else { 0.5 * noise } });
            }
        }
        (subjects, comparisons)
    }

    #[test]
    fn intervals_hold_their_rates() {
        let (subjects, comparisons) = everyone(40);
        let point = scores(&comparisons).unwrap().at(0.45).unwrap();
        let drawn = by_subject(&subjects, &comparisons, 0.45, 300, 1);
        assert!(drawn.fmr.unwrap().contains(point.fmr.rate));
        assert!(drawn.fnmr.unwrap().contains(point.fnmr.rate));
        assert_eq!(fta(&subjects).unwrap().errors, 40);
    }

    #[test]
    fn no_interval_from_incomplete_comparisons() {
        let (subjects, mut comparisons) = everyone(10);
        comparisons.pop();
        comparisons.retain(|compared| compared.a != 0 || compared.b != 1);
        assert_eq!(by_subject(&subjects, &comparisons, 0.45, 50, 1).fmr, None);
        assert_eq!(by_subject(&[], &[], 0.5, 50, 1), BySubject::default());
        assert_eq!(fta(&[]), None);
    }
}
