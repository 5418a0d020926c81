//! Numbers as the pages print them.

use super::det::whole;
use super::interval::{Interval, Rate};

/// What stands where there is no figure.
pub const NO_DATA: &str = "no data";

/// A share (0..=1) as percent with three significant digits.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if !value.is_finite() {
        return NO_DATA.to_owned();
    }
    if value <= 0.0 {
        return "0\u{a0}%".to_owned();
    }
    let mut digits = 0;
    while digits < 9 && value * 10_f64.powi(digits) < 99.95 {
        digits += 1;
    }
    // 100 needs no digit, 10 to 99.9 one, 1 to 9.99 two
    format!("{value:.0$}\u{a0}%", usize::try_from(digits).unwrap_or(0))
}

/// A count with a comma before every three digits.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Both ends as percent.
#[must_use]
pub fn interval(interval: Interval) -> String {
    format!("{} to {}", percent(interval.low), percent(interval.high))
}

/// The rate, how it was counted, its exact interval, and the one by drawing subjects anew: one line each.
#[must_use]
pub fn rate(rate: Option<Rate>, by_subject: Option<Interval>) -> String {
    let Some(rate) = rate else { return NO_DATA.to_owned() };
    let mut lines = vec![
        percent(rate.rate),
        format!("{} of {}", grouped(rate.errors), grouped(rate.trials)),
        format!("exact: {}", interval(rate.interval)),
    ];
    if let Some(bound) = rate.rule_of_three {
        lines.push(format!("rule of three: below {}", percent(bound)));
    }
    if let Some(drawn) = by_subject {
        lines.push(format!("by subject: {}", interval(drawn)));
    }
    lines.join("\n")
}

/// A rate and how it was counted, on two lines.
#[must_use]
pub fn short_rate(rate: Option<Rate>) -> String {
    rate.map_or_else(
        || NO_DATA.to_owned(),
        |rate| format!("{}\n{} of {}", percent(rate.rate), grouped(rate.errors), grouped(rate.trials)),
    )
}

/// A threshold, with four decimals.
#[must_use]
pub fn threshold(threshold: Option<f32>) -> String {
    threshold.map_or_else(|| NO_DATA.to_owned(), |threshold| format!("{threshold:.4}"))
}

/// How far down a logarithmic axis must reach to show `values` (0..=1): a power of ten within -6..=-2.
pub(super) fn lowest_decade(values: impl Iterator<Item = f64>) -> i32 {
    let lowest = values.filter(|value| *value > 0.0).fold(1.0, f64::min);
    let decades = whole(-lowest.log10().floor()).clamp(2, 6);
    -i32::try_from(decades).unwrap_or(6)
}

/// A power of ten (-6..=0) as an axis names it.
pub(super) fn decade(power: i32) -> &'static str {
    match power {
        0 => "1",
        -1 => "0.1",
        -2 => "0.01",
        -3 => "10\u{207b}\u{b3}",
        -4 => "10\u{207b}\u{2074}",
        -5 => "10\u{207b}\u{2075}",
        _ => "10\u{207b}\u{2076}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_keep_three_digits() {
        let plain = |share| percent(share).replace('\u{a0}', "");
        let all = [0.0, 1.0, 0.362_167, 0.05, 0.001_234, 0.000_001, 0.999_999, 1e-15, -1.0, 0.0999].map(plain);
        assert_eq!(all, ["0%", "100%", "36.2%", "5.00%", "0.123%", "0.000100%", "100%", "0.000000000%", "0%", "9.99%"]);
        assert_eq!(percent(f64::NAN), NO_DATA);
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_rate_says_how_it_was_counted() {
        let text = rate(Rate::of(0, 300), None).replace('\u{a0}', " ");
        assert_eq!(text, "0 %\n0 of 300\nexact: 0 % to 1.22 %\nrule of three: below 1.00 %");
        assert_eq!((rate(None, None).as_str(), threshold(None).as_str()), (NO_DATA, NO_DATA));
    }

    #[test]
    fn axes_reach_down_to_the_data() {
        assert_eq!(lowest_decade([0.0, 0.5].into_iter()), -2);
        assert_eq!(lowest_decade([0.000_2].into_iter()), -4);
        assert_eq!(lowest_decade([1e-9].into_iter()), -6);
        assert_eq!(lowest_decade(std::iter::empty()), -2);
    }
}
