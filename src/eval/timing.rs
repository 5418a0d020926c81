//! How long things take, in the two numbers everybody asks for.

use serde::Serialize;

/// Middle and slow end of some durations. Units: milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Median.
    #[serde(rename = "p50")]
    pub p50_ms: f64,
    /// 95th percentile.
    #[serde(rename = "p95")]
    pub p95_ms: f64,
}

/// Sums durations up. Units: milliseconds.
#[must_use]
pub fn summary(mut durations_ms: Vec<f64>) -> Summary {
    durations_ms.sort_by(f64::total_cmp);
    Summary { p50_ms: percentile(&durations_ms, 50), p95_ms: percentile(&durations_ms, 95) }
}

/// Nearest-rank percentile of sorted numbers.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_rank() {
        let s = summary((1..=100).rev().map(f64::from).collect());
        assert!((s.p50_ms - 50.0).abs() < 1e-9 && (s.p95_ms - 95.0).abs() < 1e-9);
        assert!(summary(Vec::new()).p50_ms.abs() < 1e-9);
    }
}
