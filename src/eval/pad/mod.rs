//! Presentation attack detection, measured. Terms as in ISO/IEC 30107-3; what comes out is not an ISO evaluation.
//!
//! A presentation is classified as live (bona fide) iff it has a score at or above the threshold.

mod figures;
mod split;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::bootstrap::{ROUNDS, SEED};
use super::det::{Curve, DetPoint, Scores};
use super::histogram::Histogram;
pub use figures::{Counts, Figures, SpeciesFigures, figures, threshold_for_bpcer};
pub use split::{Split, split};

/// What every report of this kind says of itself.
pub const NOT_ISO: &str = "not an ISO evaluation";

/// The BPCER for which thresholds are chosen on the development set.
pub const BPCERS: [f64; 3] = [0.01, 0.05, 0.10];

/// Which of the two sets a subject belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Set {
    /// Thresholds are chosen on it.
    Development,
    /// Error rates are stated of it.
    Test,
}

/// Something held before the camera once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// Whose face it shows; for an attack, the face imitated.
    pub subject: String,
    /// Which kind of presentation attack instrument; None: a bona fide presentation.
    pub species: Option<String>,
    /// Set of the subject, if the data say so; else it follows from the name.
    pub set: Option<Set>,
    /// How live it looks, 0..=1, higher is more live; None: non-response.
    pub score: Option<f32>,
}

/// Why presentations cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PadError {
    /// A score of this subject, or the threshold if None, does not lie in 0..=1.
    Score(Option<String>),
    /// The data put this subject into both sets.
    BothSets(String),
}

impl fmt::Display for PadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score(Some(subject)) => write!(f, "subject {subject}: a score is not within 0 and 1"),
            Self::Score(None) => f.write_str("the threshold is not within 0 and 1"),
            Self::BothSets(subject) => write!(f, "subject {subject}: in the development set and in the test set"),
        }
    }
}

impl std::error::Error for PadError {}

/// How a threshold was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chosen {
    /// The one the program ships with.
    Shipped,
    /// The highest that keeps the BPCER of the development set at or below this share.
    DevelopmentBpcer(f64),
}

/// The error rates at one threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PadPoint {
    /// How the threshold was chosen.
    pub chosen: Chosen,
    /// The threshold, 0..=1. None: the development set has too few bona fide presentations to choose it.
    pub threshold: Option<f32>,
    /// The rates. None without threshold.
    pub figures: Option<Figures>,
}

/// What was found in one set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetReport {
    /// How much data it has.
    pub counts: Counts,
    /// How likely a bona fide presentation scores above an attack, ties count half, 0..=1; all species together, those
    /// without response left out. None without either.
    pub auc: Option<f64>,
    /// The shipped threshold, then one for each of [`BPCERS`].
    pub points: Vec<PadPoint>,
}

/// All that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PadReport {
    /// [`NOT_ISO`].
    pub standing: String,
    /// How much data thresholds were chosen on.
    pub development: Counts,
    /// The test set: none of its subjects had a part in choosing thresholds.
    pub test: SetReport,
    /// Both sets together: for the chosen thresholds it looks better than it should.
    pub whole: SetReport,
    /// APCER (as FMR) against BPCER (as FNMR) of each species of the test set, responses only.
    pub curves: Vec<Curve>,
    /// Scores of the test set: bona fide, then each species.
    pub histogram: Option<Histogram>,
}

/// Evaluates `presentations` at the `shipped` threshold (0..=1) and at those chosen for [`BPCERS`].
///
/// # Errors
///
/// [`PadError`] if a score or the threshold lies outside 0..=1, or the data put a subject into both sets.
pub fn report(presentations: &[Presentation], shipped: f32) -> Result<PadReport, PadError> {
    let valid = |score: f32| (0.0..=1.0).contains(&score);
    if !valid(shipped) {
        return Err(PadError::Score(None));
    }
    if let Some(bad) = presentations.iter().find(|one| one.score.is_some_and(|score| !valid(score))) {
        return Err(PadError::Score(Some(bad.subject.clone())));
    }
    let Split { development, test } = split(presentations)?;
    let chosen = BPCERS.map(|bpcer| (Chosen::DevelopmentBpcer(bpcer), threshold_for_bpcer(&development, bpcer)));
    let thresholds: Vec<_> = std::iter::once((Chosen::Shipped, Some(shipped))).chain(chosen).collect();
    let of = |set: &[&Presentation]| SetReport {
        counts: Counts::of(set),
        auc: auc(set),
        points: thresholds
            .iter()
            .map(|&(chosen, threshold)| PadPoint {
                chosen,
                threshold,
                figures: threshold.map(|threshold| figures(set, threshold, ROUNDS, SEED)),
            })
            .collect(),
    };
    let (bona_fide, attacks) = responses(&test);
    let series: Vec<(&str, &[f32])> = std::iter::once(("bona fide", bona_fide.as_slice()))
        .chain(attacks.iter().map(|(species, scores)| (*species, scores.as_slice())))
        .filter(|(_, scores)| !scores.is_empty())
        .collect();
    Ok(PadReport {
        standing: NOT_ISO.to_owned(),
        development: Counts::of(&development),
        whole: of(&presentations.iter().collect::<Vec<_>>()),
        curves: attacks.iter().filter_map(|(name, scores)| curve(name, &bona_fide, scores, shipped)).collect(),
        histogram: Histogram::between(0.0, 1.0, &series).filter(|_| !series.is_empty()),
        test: of(&test),
    })
}

/// Scores of bona fide presentations, and of attacks by species, without non-responses.
fn responses<'a>(set: &[&'a Presentation]) -> (Vec<f32>, BTreeMap<&'a str, Vec<f32>>) {
    let mut bona_fide = Vec::new();
    let mut attacks: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for one in set {
        let Some(score) = one.score else { continue };
        match &one.species {
            None => bona_fide.push(score),
            Some(species) => attacks.entry(species).or_default().push(score),
        }
    }
    (bona_fide, attacks)
}

/// APCER against BPCER of one species. None without bona fide presentations or attacks.
fn curve(species: &str, bona_fide: &[f32], attacks: &[f32], shipped: f32) -> Option<Curve> {
    let scores = Scores::new(bona_fide.to_vec(), attacks.to_vec()).ok()?;
    let at = scores.at(shipped)?;
    let shipped = Some(DetPoint { threshold: at.threshold, fmr: at.fmr.rate, fnmr: at.fnmr.rate });
    Some(Curve { name: species.to_owned(), points: scores.curve(), shipped })
}

/// The area under the ROC curve: pairs in the right order, ties half (Mann and Whitney).
fn auc(set: &[&Presentation]) -> Option<f64> {
    use super::interval::{count, real};
    let (bona_fide, attacks) = responses(set);
    let mut attacks: Vec<f32> = attacks.into_values().flatten().collect();
    attacks.sort_unstable_by(f32::total_cmp);
    let won: f64 = bona_fide
        .iter()
        .map(|score| {
            let below = attacks.partition_point(|attack| attack < score);
            let not_above = attacks.partition_point(|attack| attack <= score);
            f64::midpoint(real(count(below)), real(count(not_above)))
        })
        .sum();
    let pairs = real(count(bona_fide.len())) * real(count(attacks.len()));
    (pairs > 0.0).then(|| won / pairs)
}

#[cfg(test)]
mod tests;
