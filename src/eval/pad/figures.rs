//! Error rates of attack detection at one threshold.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::bootstrap::{Tally, one_way};
use super::super::det::whole;
use super::super::interval::{Interval, Rate, count, real};
use super::Presentation;

/// How much data a set has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Different subjects.
    pub subjects: u64,
    /// Bona fide presentations, non-responses included.
    pub bona_fide: u64,
    /// Attack presentations, non-responses included.
    pub attacks: u64,
}

impl Counts {
    /// Counts `set`.
    #[must_use]
    pub fn of(set: &[&Presentation]) -> Self {
        let subjects: BTreeSet<&str> = set.iter().map(|one| one.subject.as_str()).collect();
        let bona_fide = set.iter().filter(|one| one.species.is_none()).count();
        Self {
            subjects: count(subjects.len()),
            bona_fide: count(bona_fide),
            attacks: count(set.len().saturating_sub(bona_fide)),
        }
    }
}

/// The error rates of one species of presentation attack instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeciesFigures {
    /// Which species.
    pub species: String,
    /// APCER: attacks classified as bona fide among all attacks; a non-response counts as not accepted.
    pub apcer: Rate,
    /// The same interval by drawing subjects anew. None where nothing varies.
    pub apcer_by_subject: Option<Interval>,
    /// APCER among the attacks that had a response: never lower. None if none had.
    pub apcer_of_responses: Option<Rate>,
    /// APNRR: attacks without response among all.
    pub apnrr: Rate,
}

/// The error rates of one set at one threshold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Each species, by name. They are not to be averaged: ISO/IEC 30107-3 asks for the worst.
    pub species: Vec<SpeciesFigures>,
    /// The species with the highest APCER; among equals the one with fewer attacks. None without attacks.
    pub worst: Option<SpeciesFigures>,
    /// BPCER: bona fide presentations classified as attacks, among those with a response. None without these.
    pub bpcer: Option<Rate>,
    /// The same interval by drawing subjects anew. None where nothing varies.
    pub bpcer_by_subject: Option<Interval>,
    /// BPNRR: bona fide presentations without response among all. None without these.
    pub bpnrr: Option<Rate>,
    /// Bona fide presentations classified as attacks or without response, among all. None without these.
    pub bpcer_with_non_response: Option<Rate>,
}

/// The error rates of `set` at `threshold`, with `rounds` drawings of subjects started at `seed`.
#[must_use]
pub fn figures(set: &[&Presentation], threshold: f32, rounds: usize, seed: u64) -> Figures {
    let mut attacks: BTreeMap<&str, Vec<&Presentation>> = BTreeMap::new();
    let mut bona_fide: Vec<&Presentation> = Vec::new();
    for &one in set {
        match &one.species {
            Some(species) => attacks.entry(species).or_default().push(one),
            None => bona_fide.push(one),
        }
    }
    let live = |one: &Presentation| one.score.is_some_and(|score| score >= threshold);
    let responding = |all: &[&Presentation]| count(all.iter().filter(|one| one.score.is_some()).count());
    let species: Vec<SpeciesFigures> = attacks
        .into_iter()
        .filter_map(|(species, all)| {
            let (trials, responses) = (count(all.len()), responding(&all));
            let accepted = count(all.iter().filter(|one| live(one)).count());
            Some(SpeciesFigures {
                species: species.to_owned(),
                apcer: Rate::of(accepted, trials)?,
                apcer_by_subject: one_way(&tallies(all.iter().map(|one| (*one, live(one)))), rounds, seed),
                apcer_of_responses: Rate::of(accepted, responses),
                apnrr: Rate::of(trials - responses, trials)?,
            })
        })
        .collect();
    let (trials, responses) = (count(bona_fide.len()), responding(&bona_fide));
    let rejected = count(bona_fide.iter().filter(|one| one.score.is_some() && !live(one)).count());
    let judged = bona_fide.iter().filter(|one| one.score.is_some()).map(|one| (*one, !live(one)));
    Figures {
        worst: species.iter().max_by(|one, other| harm(one).total_cmp(&harm(other)).then(fewer(one, other))).cloned(),
        bpcer: Rate::of(rejected, responses),
        bpcer_by_subject: one_way(&tallies(judged), rounds, seed),
        bpnrr: Rate::of(trials - responses, trials),
        bpcer_with_non_response: Rate::of(rejected + trials - responses, trials),
        species,
    }
}

/// The highest threshold that rejects at most a share `bpcer` (0..1) of the bona fide presentations with a response.
/// None with fewer than 0.9 / `bpcer` of them: then they cannot tell such a rate.
#[must_use]
pub fn threshold_for_bpcer(set: &[&Presentation], bpcer: f64) -> Option<f32> {
    let mut scores: Vec<f32> = set.iter().filter(|one| one.species.is_none()).filter_map(|one| one.score).collect();
    scores.sort_unstable_by(f32::total_cmp);
    let possible = real(count(scores.len())) * bpcer;
    if !(possible >= 0.9 && bpcer < 1.0) {
        return None;
    }
    scores.get(whole(possible + 1e-9)).copied()
}

fn harm(figures: &SpeciesFigures) -> f64 {
    figures.apcer.rate
}

/// Of two equal rates the one of fewer attacks is less certain, so worse.
fn fewer(one: &SpeciesFigures, other: &SpeciesFigures) -> std::cmp::Ordering {
    other.apcer.trials.cmp(&one.apcer.trials)
}

/// Errors and trials of each subject.
fn tallies<'a>(judged: impl Iterator<Item = (&'a Presentation, bool)>) -> Vec<Tally> {
    let mut subjects: BTreeMap<&str, Tally> = BTreeMap::new();
    for (one, wrong) in judged {
        let tally = subjects.entry(&one.subject).or_default();
        tally.trials += 1;
        tally.errors += u64::from(wrong);
    }
    subjects.into_values().collect()
}
