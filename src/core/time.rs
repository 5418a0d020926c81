//! Moments and calendar days, passed in from outside.

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// A monotonic moment. Units: milliseconds since the program started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tick(pub u64);

impl Tick {
    /// Milliseconds from `earlier` to this moment; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for Tick {
    type Output = Self;

    fn add(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// A day of the Gregorian calendar, always a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The earliest day there is here.
    pub const EARLIEST: Self = Self { year: 1900, month: 1, day: 1 };

    /// Makes a date, or nothing if no such day exists. Range: years 1900 to 2999.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let real = (1900..3000).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        real.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD` or `YYYYMMDD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = match text.len() {
            8 => text.to_owned(),
            10 if text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' => {
                text.chars().filter(|c| *c != '-').collect()
            }
            _ => return None,
        };
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
    }

    /// Days since 1 January 1970; negative before (proleptic Gregorian calendar).
    #[must_use]
    pub fn days(self) -> i64 {
        // Years begin in March here, so that the leap day is the last of its year.
        let shifted = i64::from(self.year) - i64::from(self.month <= 2);
        let era_day = (shifted / 400 * 146_097) + (shifted % 400) * 365 + (shifted % 400) / 4 - (shifted % 400) / 100;
        let month = (i64::from(self.month) + 9) % 12;
        era_day + (153 * month + 2) / 5 + i64::from(self.day) - 1 - 719_468
    }

    /// The day after; the last day there is here stays.
    #[must_use]
    pub fn next(self) -> Self {
        let Self { year, month, day } = self;
        let tomorrow = Self::new(year, month, day + 1).or(Self::new(year, month + 1, 1));
        tomorrow.or(Self::new(year + 1, 1, 1)).unwrap_or(self)
    }

    /// The day before; the earliest day there is here stays.
    #[must_use]
    pub fn before(self) -> Self {
        let Self { year, month, day } = self;
        let last = |year, month| Self::new(year, month, days_in_month(year, month));
        if day > 1 {
            return Self { year, month, day: day - 1 };
        }
        if month > 1 { last(year, month - 1) } else { last(year - 1, 12) }.unwrap_or(self)
    }

    /// This many days later.
    #[must_use]
    pub fn plus(self, days: u32) -> Self {
        (0..days).fold(self, |day, _| day.next())
    }

    /// Whether it is a Saturday or a Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        // 1 January 1970 was a Thursday.
        matches!((self.days() + 3).rem_euclid(7), 5 | 6)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Whole years completed strictly before `today`.
    ///
    /// A birthday itself still counts to the year before it, and a birth on 29 February completes
    /// its year on 1 March: the protective reading of Civil Code art. 1259 and of the Supreme
    /// People's Court's 2006 rule on counting years of age.
    #[must_use]
    pub fn years_before(self, today: Self) -> u16 {
        let years = today.year.saturating_sub(self.year);
        if (today.month, today.day) > (self.month, self.day) { years } else { years.saturating_sub(1) }
    }
}

impl TryFrom<String> for Date {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        Self::parse(&text).ok_or(NotADay)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// A text that is no day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a day as YYYY-MM-DD")]
pub struct NotADay;

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(birth: &str, today: &str) -> u16 {
        Date::parse(birth).unwrap().years_before(Date::parse(today).unwrap())
    }

    #[test]
    fn fourteenth_birthday_itself_is_still_thirteen() {
        assert_eq!(years("2012-05-01", "2026-05-01"), 13);
        assert_eq!(years("2012-05-01", "2026-05-02"), 14);
    }

    #[test]
    fn leap_day_birth_completes_its_year_on_the_first_of_march() {
        assert_eq!(years("2012-02-29", "2026-02-28"), 13);
        assert_eq!(years("2012-02-29", "2026-03-01"), 14);
        assert_eq!(years("2012-02-29", "2028-02-29"), 15);
        assert_eq!(years("2012-02-29", "2028-03-01"), 16);
    }

    #[test]
    fn days_are_counted_through_leap_years_and_centuries() {
        let days = |text: &str| Date::parse(text).unwrap().days();
        assert_eq!((days("1970-01-01"), days("2000-03-01"), days("2026-11-22")), (0, 11_017, 20_779));
        let mut day = Date::EARLIEST;
        for number in days("1900-01-01")..days("2105-01-01") {
            assert_eq!(day.days(), number, "{day}");
            assert_eq!(day.next().before(), day);
            day = day.next();
        }
        assert_eq!(day.to_string(), "2105-01-01");
        let weekend = |text: &str| Date::parse(text).unwrap().is_weekend();
        assert!(weekend("2026-11-22") && weekend("2026-11-21") && !weekend("2026-11-23") && !weekend("2026-11-20"));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "20260431", "1899-01-01", "2026/01/01", "２０２６"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::parse("20240229").unwrap().to_string(), "2024-02-29");
    }
}
