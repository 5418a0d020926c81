//! One error rate against another, both axes logarithmic.

use super::super::words::{NO_DATA, decade, lowest_decade, percent};
use super::{LEFT, RIGHT, Svg, frame, label, legend, mark, path, rule, shortened, upwards};

/// Top of the field.
const TOP: f64 = 16.0;
/// Bottom of the field.
const BOTTOM: f64 = 436.0;

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// Rates (horizontal, vertical), 0..=1, in the order in which they are joined.
    pub points: Vec<(f64, f64)>,
    /// The point of the shipped threshold.
    pub mark: Option<(f64, f64)>,
}

/// The curves over axes named `x` and `y`. Points where a rate is zero have no place on such axes and are left out; a
/// mark there is put on the edge. The axes reach down to what the curves need, at most to a millionth.
#[must_use]
pub fn det(title: &str, x: &str, y: &str, lines: &[Line]) -> Svg {
    let points = || lines.iter().flat_map(|line| line.points.iter().chain(&line.mark));
    let across = Axis { lowest: lowest_decade(points().map(|point| point.0)), from: LEFT, to: RIGHT };
    let up = Axis { lowest: lowest_decade(points().map(|point| point.1)), from: BOTTOM, to: TOP };
    let mut body = String::new();
    for power in across.lowest..=0 {
        let at = across.place(10_f64.powi(power));
        body += &rule((at, TOP), (at, BOTTOM), "#cccccc");
        body += &label(at, BOTTOM + 20.0, "middle", decade(power));
    }
    for power in up.lowest..=0 {
        let at = up.place(10_f64.powi(power));
        body += &rule((LEFT, at), (RIGHT, at), "#cccccc");
        body += &label(LEFT - 12.0, at + 4.5, "end", decade(power));
    }
    body += &frame(TOP, BOTTOM);
    body += &label(f64::midpoint(LEFT, RIGHT), BOTTOM + 44.0, "middle", x);
    body += &upwards(TOP, BOTTOM, y);
    for (at, line) in lines.iter().enumerate() {
        let places: Vec<String> = line
            .points
            .iter()
            .filter(|(x, y)| *x > 0.0 && *y > 0.0)
            .map(|(x, y)| format!("{:.1} {:.1}", across.place(*x), up.place(*y)))
            .collect();
        if !places.is_empty() {
            body += &path(&format!("M{}", places.join("L")), at);
        }
    }
    for (at, line) in lines.iter().enumerate() {
        if let Some((x, y)) = line.mark {
            body += &mark(at, across.place(x), up.place(y));
        }
    }
    let names: Vec<(String, bool)> = lines.iter().map(|line| (named(line), line.mark.is_some())).collect();
    let (names, end) = legend(BOTTOM + 72.0, &names);
    body += &names;
    Svg { title: title.to_owned(), desc: told(x, y, lines), height: end, body }
}

/// A logarithmic axis from a power of ten to 1.
struct Axis {
    lowest: i32,
    from: f64,
    to: f64,
}

impl Axis {
    /// Where a rate lies; what is too low lies on the edge.
    fn place(&self, rate: f64) -> f64 {
        let lowest = f64::from(self.lowest);
        let part = (rate.max(1e-12).log10().clamp(lowest, 0.0) - lowest) / -lowest;
        self.from + (self.to - self.from) * part
    }
}

/// A curve for the legend: its name, and the rates of the shipped threshold.
fn named(line: &Line) -> String {
    match line.mark {
        None => shortened(&line.name, 60),
        Some((x, y)) => format!("{} (shipped: {}, {})", shortened(&line.name, 32), percent(x), percent(y)),
    }
}

/// The curves in words: the vertical rate at powers of ten of the horizontal one.
fn told(x: &str, y: &str, lines: &[Line]) -> String {
    let curve = |line: &Line| {
        let powers = lowest_decade(line.points.iter().map(|point| point.0));
        let at = |power: i32| {
            let limit = 10_f64.powi(power) * (1.0 + 1e-9);
            let point = line.points.iter().find(|point| point.0 > 0.0 && point.0 <= limit)?;
            Some(format!("{} at {}", percent(point.1), percent(point.0)))
        };
        let mut places: Vec<String> = (powers..0).rev().filter_map(at).collect();
        places.dedup();
        let places = if places.is_empty() { NO_DATA.to_owned() } else { places.join(", ") };
        let mark = |(x, y)| format!(" Shipped threshold: {} at {}.", percent(y), percent(x));
        format!(" {}: {places}.{}", line.name, line.mark.map(mark).unwrap_or_default())
    };
    let curves: String = lines.iter().map(curve).collect();
    format!("Horizontal: {x}. Vertical: {y}. Both logarithmic; rates of zero are not drawn.{curves}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_their_place() {
        let axis = Axis { lowest: -4, from: 0.0, to: 400.0 };
        let places = [1.0, 0.1, 1e-4, 1e-9, 0.0].map(|rate| axis.place(rate));
        for (place, expected) in places.into_iter().zip([400.0, 300.0, 0.0, 0.0, 0.0]) {
            assert!((place - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn zero_rates_are_not_drawn_but_marks_are() {
        let line = Line { name: "a <b>".to_owned(), points: vec![(1.0, 0.0), (0.0, 1.0)], mark: Some((0.0, 0.1)) };
        let drawing = det("t", "FMR", "FNMR", &[line]);
        assert!(!drawing.body.contains("<path d=\"M620") && drawing.body.contains("<circle"));
        assert!(drawing.body.contains("a &lt;b&gt;") && !drawing.render("x").contains("<b>"));
        assert!(det("t", "x", "y", &[]).render("x").ends_with("</svg>"));
    }

    #[test]
    fn the_description_tells_the_curve() {
        let points = vec![(1.0, 0.001), (0.1, 0.01), (0.001, 0.2)];
        let desc = det("t", "FMR", "FNMR", &[Line { name: "a".to_owned(), points, mark: None }]).desc;
        assert!(desc.replace('\u{a0}', "").contains("a: 1.00% at 10.0%, 20.0% at 0.100%."), "{desc}");
    }
}
