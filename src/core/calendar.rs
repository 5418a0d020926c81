//! Working days: weekdays that are no holiday, and weekend days worked in their place.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::time::Date;

/// The State Council's yearly table of holidays, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Calendar {
    /// Years the table is complete for.
    pub years: BTreeSet<u16>,
    /// Weekdays off.
    pub holidays: BTreeSet<Date>,
    /// Weekend days worked.
    pub workdays: BTreeSet<Date>,
}

/// The end of a period of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day.
    pub day: Date,
    /// A year on the way is not in the table: weekdays were counted there, so holidays may make it
    /// later.
    pub unsure: Option<u16>,
}

impl Calendar {
    /// Whether people work on this day.
    #[must_use]
    pub fn works(&self, day: Date) -> bool {
        if day.is_weekend() { self.workdays.contains(&day) } else { !self.holidays.contains(&day) }
    }

    /// The last of so many working days. The day it begins with is not counted (Civil Code
    /// art. 201).
    #[must_use]
    pub fn deadline(&self, from: Date, working_days: u32) -> Deadline {
        let (mut day, mut left, mut unsure) = (from, working_days, None);
        while left > 0 {
            let next = day.next();
            if next == day {
                break;
            }
            day = next;
            if !self.years.contains(&day.year()) {
                unsure = unsure.or(Some(day.year()));
            }
            left -= u32::from(self.works(day));
        }
        Deadline { day, unsure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn thirty_working_days_from_the_first_of_june_end_as_the_authority_announced() {
        let calendar = Calendar { years: [2025].into(), holidays: [day("2025-06-02")].into(), ..Calendar::default() };
        assert_eq!(calendar.deadline(day("2025-06-01"), 30), Deadline { day: day("2025-07-14"), unsure: None });
    }

    #[test]
    fn days_worked_at_a_weekend_count_and_unknown_years_are_said() {
        let calendar = Calendar { years: [2026].into(), workdays: [day("2026-10-10")].into(), ..Calendar::default() };
        assert_eq!(calendar.deadline(day("2026-10-09"), 1).day, day("2026-10-10"));
        assert_eq!(Calendar::default().deadline(day("2026-10-09"), 1), Deadline { day: day("2026-10-12"), unsure: Some(2026) });
        assert_eq!(calendar.deadline(day("2026-12-30"), 5).unsure, Some(2027));
        assert_eq!(calendar.deadline(day("2026-10-09"), 0).day, day("2026-10-09"));
    }
}
