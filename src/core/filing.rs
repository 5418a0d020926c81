//! Filing with the authority from 100,000 persons on (Measures art. 15).

use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Deadline};
use super::time::Date;

/// From so many persons on, filing is due. Measures art. 15.
pub const DUE: u64 = 100_000;
/// Warnings before: our own.
pub const NEAR: [u64; 2] = [80_000, 95_000];
/// Working days for filing, for a change, and for cancelling.
const DAYS: u32 = 30;

/// What is known of the filing. Kept with what is watched, so that it cannot be edited away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Filing {
    /// The day 100,000 persons were reached.
    pub reached: Option<Date>,
    /// Number and day of the filing.
    pub filed: Option<(String, Date)>,
    /// The day a filed matter changed; none after the change was filed.
    pub changed: Option<Date>,
    /// The day processing was terminated.
    pub terminated: Option<Date>,
    /// The day the filing was cancelled after that.
    pub cancelled: Option<Date>,
    /// Persons on the processor's other devices, by the latest merge.
    pub elsewhere: u64,
    /// The last of the warnings before that went on record.
    pub warned: u64,
}

/// A count that was passed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// One of the warnings before 100,000.
    Near(u64),
    /// 100,000.
    Due,
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// One of the warnings before 100,000.
    Near,
    /// File by this day.
    File {
        /// When 100,000 were reached.
        reached: Date,
        /// The last day.
        by: Deadline,
    },
    /// File a change by this day.
    Change {
        /// When it changed.
        changed: Date,
        /// The last day.
        by: Deadline,
    },
    /// Cancel the filing by this day.
    Cancel {
        /// When processing ended.
        terminated: Date,
        /// The last day.
        by: Deadline,
    },
}

impl Step {
    /// The last day, if there is something to do.
    #[must_use]
    pub fn by(self) -> Option<Deadline> {
        match self {
            Self::Nothing | Self::Near => None,
            Self::File { by, .. } | Self::Change { by, .. } | Self::Cancel { by, .. } => Some(by),
        }
    }
}

impl Filing {
    /// Notes the day 100,000 are reached, and each warning before; each is passed once.
    pub fn count(&mut self, persons: u64, today: Date) -> Option<Passed> {
        let all = persons.saturating_add(self.elsewhere);
        if self.reached.is_some() {
            return None;
        }
        if all >= DUE {
            self.reached = Some(today);
            return Some(Passed::Due);
        }
        let level = NEAR.into_iter().rev().find(|level| all >= *level && *level > self.warned)?;
        self.warned = level;
        Some(Passed::Near(level))
    }

    /// A filed matter changed.
    pub fn matter_changed(&mut self, today: Date) {
        // Also before the number is entered: the filing itself may be on its way.
        if (self.filed.is_some() || self.reached.is_some()) && self.changed.is_none() {
            self.changed = Some(today);
        }
    }

    /// The filing, its change or its cancelling was made on a day.
    pub fn file(&mut self, number: &str, on: Date) {
        if self.terminated.is_some_and(|terminated| on >= terminated) {
            self.cancelled = Some(on);
            return;
        }
        self.filed = Some((number.to_owned(), on));
        // What changed after that day is still to be filed.
        if self.changed.is_some_and(|changed| on >= changed) {
            self.changed = None;
        }
    }

    /// What there is to do now: termination before change before filing.
    #[must_use]
    pub fn step(&self, persons: u64, calendar: &Calendar) -> Step {
        let by = |from| calendar.deadline(from, DAYS);
        match (self.terminated, &self.filed, self.changed, self.reached) {
            (Some(terminated), Some(_), ..) if self.cancelled.is_none() => Step::Cancel { terminated, by: by(terminated) },
            (Some(_), ..) => Step::Nothing,
            (None, Some(_), Some(changed), _) => Step::Change { changed, by: by(changed) },
            (None, None, _, Some(reached)) => Step::File { reached, by: by(reached) },
            (None, None, _, None) if persons.saturating_add(self.elsewhere) >= NEAR[0] => Step::Near,
            (None, ..) => Step::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn the_hundred_thousandth_person_starts_the_period_once() {
        let calendar = Calendar { years: [2025].into(), holidays: [day("2025-06-02")].into(), ..Calendar::default() };
        let mut filing = Filing::default();
        assert_eq!(filing.count(79_999, day("2025-05-01")), None);
        assert_eq!(filing.count(80_000, day("2025-05-02")), Some(Passed::Near(80_000)));
        assert_eq!(filing.count(80_001, day("2025-05-02")), None);
        assert_eq!(filing.count(96_000, day("2025-05-03")), Some(Passed::Near(95_000)));
        assert_eq!(filing.count(99_999, day("2025-05-31")), None);
        assert_eq!(filing.step(99_999, &calendar), Step::Near);
        assert_eq!(filing.step(79_999, &calendar), Step::Nothing);
        assert_eq!(filing.count(100_000, day("2025-06-01")), Some(Passed::Due));
        // Fewer again: once reached is reached, and the day stays.
        assert_eq!(filing.count(100_001, day("2025-06-05")), None);
        assert_eq!(filing.step(99_000, &calendar).by().unwrap().day, day("2025-07-14"));
        filing.file("F-1", day("2025-05-20"));
        assert_eq!(filing.step(100_001, &calendar), Step::Nothing);
        filing.matter_changed(day("2025-06-01"));
        filing.matter_changed(day("2025-06-20"));
        assert!(matches!(filing.step(100_001, &calendar), Step::Change { by, .. } if by.day == day("2025-07-14")));
        filing.file("F-1", day("2025-05-31"));
        assert!(matches!(filing.step(100_001, &calendar), Step::Change { .. }), "filed before it changed");
        filing.terminated = Some(day("2025-06-01"));
        assert!(matches!(filing.step(0, &calendar), Step::Cancel { by, .. } if by.day == day("2025-07-14")));
        filing.file("F-1", day("2025-06-20"));
        assert_eq!(filing.step(0, &calendar), Step::Nothing, "cancelled");
    }

    #[test]
    fn the_processors_other_devices_count_too() {
        let mut filing = Filing { elsewhere: 60_000, ..Filing::default() };
        assert_eq!(filing.count(40_000, day("2026-01-05")), Some(Passed::Due));
        assert_eq!(Filing::default().count(40_000, day("2026-01-05")), None);
    }
}
