//! Error rates of groups of people, at one threshold.
//!
//! Differential performance in the sense of ISO/IEC 19795-10: how far the error rates of demographic groups lie apart.

mod list;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::comparisons::{Compared, Subject, fta};
use super::interval::{Rate, count};
pub use list::{Groups, GroupsError};

/// A group of fewer subjects is marked as too few, and never named as the worst.
pub const ENOUGH_SUBJECTS: u64 = 30;

/// One group of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What the list calls it.
    pub value: String,
    /// How many subjects it has.
    pub subjects: u64,
    /// Whether that is under [`ENOUGH_SUBJECTS`].
    pub too_few: bool,
    /// Of comparisons of two people within the group. None without such comparisons.
    pub fmr: Option<Rate>,
    /// Of comparisons of one person. None without such comparisons.
    pub fnmr: Option<Rate>,
    /// Failures to acquire. None without attempts.
    pub fta: Option<Rate>,
}

/// The group with the highest rate among those with enough subjects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    /// Which group.
    pub value: String,
    /// Its rate divided by the overall rate, at least 0; 1 means no difference.
    pub ratio: f64,
}

/// All groups of one grouping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grouping {
    /// What people are grouped by.
    pub name: String,
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// Subjects without a group.
    pub unstated: u64,
    /// FMR of all comparisons of different people, within groups and across.
    pub overall_fmr: Option<Rate>,
    /// FMR of all comparisons of two people of the same group: higher than the overall one where people of a group
    /// are more alike.
    pub within_fmr: Option<Rate>,
    /// FNMR of everybody.
    pub overall_fnmr: Option<Rate>,
    /// FTA of everybody.
    pub overall_fta: Option<Rate>,
    /// Highest FMR over the overall one. None unless two groups have enough subjects and the overall rate is above 0.
    pub worst_fmr: Option<Worst>,
    /// Highest FNMR over the overall one. None as for [`Self::worst_fmr`].
    pub worst_fnmr: Option<Worst>,
}

/// Errors and comparisons, of different people and of the same.
#[derive(Clone, Copy, Default)]
struct Sums {
    false_matches: u64,
    non_mated: u64,
    false_non_matches: u64,
    mated: u64,
}

impl Sums {
    fn add(&mut self, compared: &Compared, threshold: f32) {
        let matched = compared.score >= threshold;
        if compared.mated() {
            self.mated += 1;
            self.false_non_matches += u64::from(!matched);
        } else {
            self.non_mated += 1;
            self.false_matches += u64::from(matched);
        }
    }

    fn fmr(&self) -> Option<Rate> {
        Rate::of(self.false_matches, self.non_mated)
    }

    fn fnmr(&self) -> Option<Rate> {
        Rate::of(self.false_non_matches, self.mated)
    }
}

/// The rates of every group at `threshold`. `comparisons` name subjects by their position in `subjects`.
#[must_use]
pub fn report(groups: &Groups, subjects: &[Subject], comparisons: &[Compared], threshold: f32) -> Vec<Grouping> {
    let grouping = |(column, name): (usize, &String)| {
        let value_of = |subject: &Subject| groups.value(&subject.name, column);
        let mut members: BTreeMap<&str, Vec<Subject>> = BTreeMap::new();
        for subject in subjects {
            if let Some(value) = value_of(subject) {
                members.entry(value).or_default().push(subject.clone());
            }
        }
        let values: Vec<&str> = members.keys().copied().collect();
        let group_of: Vec<Option<usize>> =
            subjects.iter().map(|subject| values.binary_search(&value_of(subject)?).ok()).collect();
        let mut sums = vec![Sums::default(); values.len()];
        let (mut overall, mut within) = (Sums::default(), Sums::default());
        for compared in comparisons {
            overall.add(compared, threshold);
            let group = |subject: usize| group_of.get(subject).copied().flatten();
            let (a, b) = (group(compared.a), group(compared.b));
            if let Some(sums) = a.filter(|_| a == b).and_then(|group| sums.get_mut(group)) {
                sums.add(compared, threshold);
                within.add(compared, threshold);
            }
        }
        let figures: Vec<Group> = members
            .iter()
            .zip(&sums)
            .map(|((value, members), sums)| Group {
                value: (*value).to_owned(),
                subjects: count(members.len()),
                too_few: count(members.len()) < ENOUGH_SUBJECTS,
                fmr: sums.fmr(),
                fnmr: sums.fnmr(),
                fta: fta(members),
            })
            .collect();
        Grouping {
            name: name.clone(),
            unstated: count(group_of.iter().filter(|group| group.is_none()).count()),
            worst_fmr: worst(&figures, overall.fmr(), |group| group.fmr),
            worst_fnmr: worst(&figures, overall.fnmr(), |group| group.fnmr),
            overall_fmr: overall.fmr(),
            within_fmr: within.fmr(),
            overall_fnmr: overall.fnmr(),
            overall_fta: fta(subjects),
            groups: figures,
        }
    };
    groups.names().iter().enumerate().map(grouping).collect()
}

/// The group with the highest rate, if two or more have enough subjects.
fn worst(groups: &[Group], overall: Option<Rate>, rate: impl Fn(&Group) -> Option<Rate>) -> Option<Worst> {
    let overall = overall.filter(|overall| overall.errors > 0)?.rate;
    let rates: Vec<(&str, f64)> = groups
        .iter()
        .filter(|group| !group.too_few)
        .filter_map(|group| Some((group.value.as_str(), rate(group)?.rate)))
        .collect();
    let (value, highest) = rates.iter().copied().max_by(|one, other| one.1.total_cmp(&other.1))?;
    (rates.len() > 1).then(|| Worst { value: value.to_owned(), ratio: highest / overall })
}

#[cfg(test)]
mod tests {
    use super::super::comparisons::tests::everyone;
    use super::*;

    #[test]
    fn groups_add_up() {
        let (subjects, comparisons) = everyone(70);
        let lines = (0..69).map(|at| {
            format!(
                "s{at}, {} ,{}\n",
                ["f", "m"][at % 2],
                if at < 5 {
                    "old"
                } else if at < 60 {
                    "young"
                } else {
                    ""
                }
            )
        });
        let groups = Groups::parse(&format!("subject,sex,age-band\n{}", lines.collect::<String>())).unwrap();
        let report = report(&groups, &subjects, &comparisons, 0.45);
        let [sex, age] = report.as_slice() else { panic!("two groupings") };
        assert_eq!((sex.name.as_str(), sex.unstated, age.unstated), ("sex", 1, 10));
        let [f, m] = sex.groups.as_slice() else { panic!("two groups") };
        assert_eq!((f.value.as_str(), f.subjects, f.too_few, m.subjects), ("f", 35, false, 34));
        assert_eq!(f.fmr.unwrap().trials, 35 * 34 / 2 * 9);
        assert_eq!(f.fnmr.unwrap().trials, 35 * 3);
        assert_eq!((f.fta.unwrap().errors, f.fta.unwrap().trials), (35, 140));
        assert_eq!(sex.within_fmr.unwrap().errors, f.fmr.unwrap().errors + m.fmr.unwrap().errors);
        let highest = f.fmr.unwrap().rate.max(m.fmr.unwrap().rate);
        let ratio = sex.worst_fmr.as_ref().unwrap().ratio;
        assert!((ratio - highest / sex.overall_fmr.unwrap().rate).abs() < 1e-12);
        // only one age band has enough subjects to be called the worst
        assert!(age.groups[0].too_few && age.worst_fmr.is_none() && age.worst_fnmr.is_none());
        assert!(serde_json::to_string(&report).is_ok());
    }

    #[test]
    fn nothing_to_say() {
        let groups = Groups::parse("subject,sex\na,f").unwrap();
        let report = report(&groups, &[], &[], 0.5);
        assert!(report[0].groups.is_empty() && report[0].overall_fmr.is_none() && report[0].worst_fmr.is_none());
    }
}
