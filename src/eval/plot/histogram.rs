//! Scores in bins, one stepped outline for each kind.

use super::super::det::whole;
use super::super::histogram::{BINS, Counted, Histogram};
use super::super::interval::{count, real};
use super::super::words::{grouped, threshold};
use super::{LEFT, RIGHT, Svg, frame, label, legend, path, rule, shortened, upwards};

/// Height of the field for all kinds.
const HEIGHT: f64 = 300.0;
/// Height of the field of one kind, where each has its own.
const LOW: f64 = 84.0;
/// Most kinds in one field.
const TOGETHER: usize = 3;
/// Height of the name of one threshold, or of one kind.
const NAME: f64 = 18.0;

/// How the counts are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// As they are.
    Linear,
    /// Their logarithm: for kinds of very different number.
    Logarithmic,
}

/// The outlines of `data`, with `marks` (name and threshold) as vertical rules. Up to three kinds share a field; more
/// have one each, all to the same scale.
#[must_use]
pub fn histogram(title: &str, x: &str, data: &Histogram, counts: Counts, marks: &[(&str, f32)]) -> Svg {
    let (low, high) = (f64::from(data.low), f64::from(data.high));
    let across = |value: f64| LEFT + (RIGHT - LEFT) * ((value - low) / (high - low)).clamp(0.0, 1.0);
    let mut marks = marks.to_vec();
    marks.sort_by(|one, other| one.1.total_cmp(&other.1));
    let apart = data.series.len() > TOGETHER;
    let height = if apart { LOW } else { HEIGHT };
    let mut scale = Scale::of(data, counts, 12.0 + NAME * real(count(marks.len())), height);
    let top = scale.top;
    let mut body = String::new();
    if apart {
        for (at, series) in data.series.iter().enumerate() {
            scale.top += if at == 0 { NAME } else { LOW + NAME * 1.5 };
            body += &label(LEFT, scale.top - 5.0, "start", &named(series));
            body += &field(&scale);
            body += &outline(&series.counts, &scale, at);
        }
    } else {
        body += &field(&scale);
        for (at, series) in data.series.iter().enumerate() {
            body += &outline(&series.counts, &scale, at);
        }
    }
    let bottom = scale.bottom();
    for (value, text) in round_values(low, high) {
        body += &rule((across(value), bottom), (across(value), bottom + 5.0), "#333333");
        body += &label(across(value), bottom + 20.0, "middle", &text);
    }
    body += &label(f64::midpoint(LEFT, RIGHT), bottom + 44.0, "middle", x);
    body += &upwards(top, bottom, scale.name);
    for (at, (name, value)) in marks.iter().enumerate() {
        let (x, y) = (across(f64::from(*value)), 14.0 + NAME * real(count(at)));
        body += &rule((x, y - 10.0), (x, bottom), "#1a1a1a");
        let text = format!("{name} {}", threshold(Some(*value)));
        let (x, anchor) = if x < 400.0 { (x + 5.0, "start") } else { (x - 5.0, "end") };
        body += &label(x, y, anchor, &text);
    }
    let mut end = bottom + 56.0;
    if !apart {
        let names: Vec<(String, bool)> = data.series.iter().map(|series| (named(series), false)).collect();
        let (names, below) = legend(bottom + 72.0, &names);
        body += &names;
        end = below;
    }
    Svg { title: title.to_owned(), desc: told(data, &scale, &marks), height: end, body }
}

/// A kind and how many scores it has.
fn named(series: &Counted) -> String {
    format!("{} ({})", shortened(&series.name, 50), grouped(series.counts.iter().sum()))
}

/// The frame of one field and its horizontal rules.
fn field(scale: &Scale) -> String {
    let mut body = String::new();
    for tick in &scale.ticks {
        let at = scale.place(*tick);
        body += &rule((LEFT, at), (RIGHT, at), "#cccccc");
        body += &label(LEFT - 8.0, at + 4.5, "end", &grouped(*tick));
    }
    body + &frame(scale.top, scale.bottom())
}

/// Round values within `low..=high`, about five, and how an axis names them.
fn round_values(low: f64, high: f64) -> Vec<(f64, String)> {
    let power = ((high - low) / 6.0).log10().floor();
    let fits = |factor: &f64| (high - low) / (factor * 10_f64.powf(power)) <= 6.0;
    let step = [1.0, 2.0, 2.5, 5.0].into_iter().find(fits).unwrap_or(10.0) * 10_f64.powf(power);
    let fine = (step * 10_f64.powf(-power) - 2.5).abs() < 1e-9;
    let digits = whole((-step.log10()).ceil()).min(9) + usize::from(fine && power < 1.0);
    let (first, last) = ((low / step - 1e-6).ceil(), (high / step + 1e-6).floor());
    (0..=whole(last - first).min(12))
        .map(|at| (first + real(count(at))) * step)
        .map(|value| (value, format!("{:.digits$}", value + 0.0)))
        .collect()
}

/// The vertical axis.
struct Scale {
    counts: Counts,
    highest: f64,
    ticks: Vec<u64>,
    name: &'static str,
    top: f64,
    height: f64,
}

impl Scale {
    fn of(data: &Histogram, counts: Counts, top: f64, height: f64) -> Self {
        let most = data.series.iter().flat_map(|series| &series.counts).copied().max().unwrap_or(0).max(1);
        let (highest, ticks, name) = match counts {
            Counts::Linear => {
                let step = round_step(most, if height > LOW { 6 } else { 2 });
                let ticks: Vec<u64> = (0..=most.div_ceil(step)).map(|at| at.saturating_mul(step)).collect();
                (ticks.last().copied().unwrap_or(most), ticks, "Scores in a bin")
            }
            Counts::Logarithmic => {
                let mut ticks = vec![1_u64];
                while let Some(last) = ticks.last().copied().filter(|last| *last < most) {
                    ticks.push(last.saturating_mul(10));
                }
                (ticks.last().copied().unwrap_or(1).max(10), ticks, "Scores in a bin (logarithmic)")
            }
        };
        Self { counts, highest: real(highest), ticks, name, top, height }
    }

    fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Where a count lies. On a logarithmic axis the bottom is half a score.
    fn place(&self, count: u64) -> f64 {
        let part = match self.counts {
            Counts::Linear => real(count) / self.highest,
            Counts::Logarithmic => (real(count).max(0.5) * 2.0).log10() / (self.highest * 2.0).log10(),
        };
        self.bottom() - self.height * part.clamp(0.0, 1.0)
    }
}

/// A step of 1, 2 or 5 times a power of ten, so that at most `steps` reach `most`.
fn round_step(most: u64, steps: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if most.div_ceil(step) <= steps {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// The steps of one kind; bins without scores are left open.
fn outline(counts: &[u64], scale: &Scale, series: usize) -> String {
    let width = (RIGHT - LEFT) / real(count(counts.len().max(1)));
    let bottom = scale.bottom();
    let mut steps = Vec::new();
    let mut before = 0;
    for (at, &bin) in counts.iter().chain(&[0]).enumerate() {
        let left = LEFT + width * real(count(at));
        steps.push(match (before, bin) {
            (0, 0) => String::new(),
            (0, _) => format!("M{left:.1} {bottom:.1}V{:.1}H{:.1}", scale.place(bin), left + width),
            (_, 0) => format!("V{bottom:.1}"),
            _ => format!("V{:.1}H{:.1}", scale.place(bin), left + width),
        });
        before = bin;
    }
    let steps = steps.concat();
    if steps.is_empty() { steps } else { path(&steps, series) }
}

/// The histogram in words.
fn told(data: &Histogram, scale: &Scale, marks: &[(&str, f32)]) -> String {
    let width = f64::from(data.high - data.low) / real(count(BINS));
    let kinds = data.series.iter().map(|series| {
        let total: u64 = series.counts.iter().sum();
        let fullest = series.counts.iter().enumerate().max_by_key(|(_, count)| **count).filter(|_| total > 0);
        let near = |(at, _)| format!(", most near {:.3}", f64::from(data.low) + width * (real(count(at)) + 0.5));
        format!(" {}: {} scores{}.", series.name, grouped(total), fullest.map(near).unwrap_or_default())
    });
    let marks = marks.iter().map(|(name, value)| format!(" {name}: {}.", threshold(Some(*value))));
    let text: Vec<String> = kinds.chain(marks).collect();
    format!("{}, over {:.3} to {:.3}.{}", scale.name, data.low, data.high, text.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([1, 6, 7, 60, 61, 1_000_000].map(|most| round_step(most, 6)), [1, 1, 2, 10, 20, 200_000]);
        assert!(round_step(u64::MAX, 2) > 0);
    }

    #[test]
    fn axis_values_are_round() {
        let texts = |low, high| round_values(low, high).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(-0.37, 0.91), ["-0.25", "0.00", "0.25", "0.50", "0.75"]);
        assert_eq!(texts(3.0, 27.0), ["5", "10", "15", "20", "25"]);
    }

    #[test]
    fn outlines_leave_empty_bins_open() {
        let data = Histogram::between(0.0, 1.0, &[("a", &[0.0, 0.5, 1.0]), ("b", &[])]).unwrap();
        let drawing = histogram("t", "score", &data, Counts::Logarithmic, &[("shipped", 0.5), ("other", 0.9)]);
        let path = drawing.body.lines().find(|line| line.contains("stroke-width=\"2\"")).unwrap();
        let d = path.split('"').nth(1).unwrap();
        assert_eq!((d.matches('M').count(), d.matches('H').count(), d.matches('V').count()), (3, 3, 6), "{d}");
        assert!(drawing.desc.contains("a: 3 scores") && drawing.desc.contains("b: 0 scores."));
    }

    #[test]
    fn many_kinds_have_a_field_each() {
        let names = ["a", "b", "c", "d", "e"];
        let series: Vec<(&str, &[f32])> = names.iter().map(|name| (*name, [0.5_f32].as_slice())).collect();
        for counts in [Counts::Linear, Counts::Logarithmic] {
            let data = Histogram::between(0.0, 1.0, &series).unwrap();
            let drawing = histogram("t", "x", &data, counts, &[]);
            assert!(names.iter().all(|name| drawing.body.contains(&format!(">{name} (1)<"))));
            assert!(drawing.render("i").contains("role=\"img\""));
        }
    }
}
