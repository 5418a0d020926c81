//! Error rates with the exact interval of Clopper and Pearson.
//!
//! All intervals are two-sided, 95 %. They take trials as independent; comparisons that share a subject are not,
//! so beside them stands the bootstrap by subject ([`super::bootstrap`]).

use serde::{Deserialize, Serialize};

/// What lies outside an interval, both sides together.
const ALPHA: f64 = 0.05;

/// From one value to another, both shares in 0..=1, `low <= high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies within, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Errors among trials. Built by [`Rate::of`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How many trials went wrong.
    pub errors: u64,
    /// How many trials there were, at least 1.
    pub trials: u64,
    /// `errors / trials`, 0..=1.
    pub rate: f64,
    /// Clopper-Pearson, 95 %, trials taken as independent.
    pub interval: Interval,
    /// Where there were no errors: the bound of [`rule_of_three`].
    pub rule_of_three: Option<f64>,
}

impl Rate {
    /// The rate of `errors` in `trials`. None without trials, or with more errors than trials.
    #[must_use]
    pub fn of(errors: u64, trials: u64) -> Option<Self> {
        let interval = clopper_pearson(errors, trials)?;
        let rule_of_three = (errors == 0).then(|| rule_of_three(trials));
        Some(Self { errors, trials, rate: share(errors, trials), interval, rule_of_three })
    }
}

/// `3 / trials`, at most 1: with no errors seen, the rate lies below this with 95 % confidence (one-sided).
/// ISO/IEC 19795-1 names it so; it takes trials as independent.
#[must_use]
pub fn rule_of_three(trials: u64) -> f64 {
    (3.0 / real(trials)).min(1.0)
}

/// The exact 95 % interval of a share (Clopper and Pearson, Biometrika 26, 1934). None without trials, or with
/// more errors than trials.
#[must_use]
pub fn clopper_pearson(errors: u64, trials: u64) -> Option<Interval> {
    let right = trials.checked_sub(errors)?;
    if trials == 0 {
        return None;
    }
    let (wrong, right, rate) = (real(errors), real(right), share(errors, trials));
    let low =
        if errors == 0 { 0.0 } else { solve(0.0, rate, |x| incomplete_beta(wrong, right + 1.0, x) < ALPHA / 2.0) };
    let high = if errors == trials {
        1.0
    } else {
        solve(rate, 1.0, |x| incomplete_beta(wrong + 1.0, right, x) < 1.0 - ALPHA / 2.0)
    };
    Some(Interval { low, high })
}

/// `errors / trials`; 0 without trials.
pub(super) fn share(errors: u64, trials: u64) -> f64 {
    if trials == 0 { 0.0 } else { real(errors) / real(trials) }
}

/// A count as a number; exact up to 2^53.
#[allow(clippy::cast_precision_loss)]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

/// A length as a count.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Where `below` turns from true to false between `low` and `high`, by bisection.
fn solve(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high || high - low <= high * 1e-14 {
            break;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function; `a` and `b` above 0, `x` in 0..=1.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
#[allow(clippy::many_single_char_names)] // as in every book
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    /// Stands for zero where one would divide by it.
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut sum = d;
    for step in 1..1_000_000_u32 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        sum *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        sum *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    sum
}

/// The logarithm of the gamma function of a number above 0: Stirling's series, shifted to where it is exact.
fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 15.0 {
        shift += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - shift
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(interval: Interval, low: f64, high: f64) {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-4 * b.abs().max(1e-9);
        assert!(close(interval.low, low) && close(interval.high, high), "{interval:?} is not {low}..{high}");
    }

    #[test]
    fn known_values() {
        near(Rate::of(0, 100).unwrap().interval, 0.0, 0.036_216_7);
        near(Rate::of(5, 100).unwrap().interval, 0.016_431_9, 0.112_834_9);
        near(Rate::of(1, 10).unwrap().interval, 0.002_528_58, 0.445_016);
        near(Rate::of(50, 100).unwrap().interval, 0.398_321, 0.601_679);
        near(Rate::of(100, 100).unwrap().interval, 0.963_783_3, 1.0);
        near(Rate::of(0, 1).unwrap().interval, 0.0, 0.975);
        // few errors in very many trials: the exact limits of the Poisson distribution, 4.7954 and 18.3904
        near(Rate::of(10, 10_000_000).unwrap().interval, 4.795_39e-7, 1.839_036e-6);
    }

    #[test]
    fn without_trials_there_is_no_rate() {
        assert_eq!(Rate::of(0, 0), None);
        assert_eq!(Rate::of(2, 1), None);
        assert!((rule_of_three(300) - 0.01).abs() < 1e-12);
        assert!((rule_of_three(0) - 1.0).abs() < 1e-12);
        assert!(Rate::of(0, 300).unwrap().rule_of_three.is_some());
        assert!(Rate::of(1, 300).unwrap().rule_of_three.is_none());
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_rate(trials in 1_u64..200_000_000, part in 0.0_f64..=1.0) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let errors = (real(trials) * part * part * part) as u64;
            let rate = Rate::of(errors.min(trials), trials).unwrap();
            prop_assert!(rate.interval.contains(rate.rate));
            prop_assert!(rate.interval.low >= 0.0 && rate.interval.high <= 1.0);
            prop_assert!(rate.interval.low < rate.interval.high);
        }

        #[test]
        fn swapping_right_and_wrong_mirrors_the_interval(trials in 1_u64..5_000, errors in 0_u64..5_000) {
            let errors = errors.min(trials);
            let (one, other) = (Rate::of(errors, trials).unwrap(), Rate::of(trials - errors, trials).unwrap());
            prop_assert!((one.interval.low - (1.0 - other.interval.high)).abs() < 1e-9);
        }
    }
}
