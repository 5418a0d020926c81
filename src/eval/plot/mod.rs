//! Drawings for the pages: error curves and histograms, told apart by dashes and marks as well as by colour.

mod det;
mod histogram;

use super::html::escape;
pub use det::{Line, det};
pub use histogram::{Counts, histogram};

/// Left edge of the field, in units of the drawing.
const LEFT: f64 = 84.0;
/// Right edge of the field.
const RIGHT: f64 = 620.0;
/// Width of every drawing.
const WIDTH: f64 = 640.0;
/// Height of one line of the legend.
const LINE: f64 = 24.0;

/// Each at least 4.5:1 on white.
const COLOURS: [&str; 6] = ["#1b4f9c", "#b3261e", "#1e6b2e", "#6a3d9a", "#7a4a00", "#333333"];
/// Seven, so that dash and colour together repeat only after 42 lines.
const DASHES: [&str; 7] = ["none", "9 4", "2 3", "10 3 2 3", "16 5", "5 2", "10 3 2 3 2 3"];

/// A drawing with a title and a description for those who cannot see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Svg {
    title: String,
    desc: String,
    height: f64,
    body: String,
}

impl Svg {
    /// As an element; `id` must be used once in a page.
    #[must_use]
    pub(super) fn render(&self, id: &str) -> String {
        let Self { title, desc, height, body } = self;
        let (title, desc) = (escape(title), escape(desc));
        format!(
            "<svg role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
             viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
             font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{desc}</desc>\n{body}</svg>"
        )
    }
}

/// Colour of the line at position `at`.
fn colour(at: usize) -> &'static str {
    COLOURS.get(at % COLOURS.len()).copied().unwrap_or("#000000")
}

/// A path drawn as the line at position `at`.
fn path(d: &str, at: usize) -> String {
    let (colour, dash) = (colour(at), DASHES.get(at % DASHES.len()).copied().unwrap_or("none"));
    format!("<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\n")
}

/// A mark of a shape of its own for each of six lines.
fn mark(at: usize, x: f64, y: f64) -> String {
    let style = format!("fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"1.5\"", colour(at));
    match at % 6 {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" {style}/>"),
        1 => format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"11\" height=\"11\" {style}/>", x - 5.5, y - 5.5),
        2 => format!("<path d=\"M{x:.1} {:.1}l7 12h-14z\" {style}/>", y - 7.0),
        3 => format!("<path d=\"M{x:.1} {:.1}l7 7l-7 7l-7 -7z\" {style}/>", y - 7.0),
        4 => format!("<path d=\"M{x:.1} {:.1}l7 -12h-14z\" {style}/>", y + 7.0),
        _ => format!("<path d=\"M{:.1} {:.1}h5v-5h5v5h5v5h-5v5h-5v-5h-5z\" {style}/>", x - 7.5, y - 2.5),
    }
}

/// A rule from one point to another.
fn rule(from: (f64, f64), to: (f64, f64), colour: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>\n")
}

/// Text at a point; `anchor` is `start`, `middle` or `end`.
fn label(x: f64, y: f64, anchor: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n", escape(text))
}

/// The name of the vertical axis, upwards, in the middle between `top` and `bottom`.
fn upwards(top: f64, bottom: f64, text: &str) -> String {
    let y = f64::midpoint(top, bottom);
    format!("<text transform=\"translate(18 {y:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n", escape(text))
}

/// The frame of the field.
fn frame(top: f64, bottom: f64) -> String {
    let (width, height) = (RIGHT - LEFT, bottom - top);
    format!("<path d=\"M{LEFT} {top}h{width}v{height}h-{width}z\" fill=\"none\" stroke=\"#333333\"/>\n")
}

/// The names of the lines from `top` down, each with a piece of its line, and its mark if it has one.
fn legend(top: f64, names: &[(String, bool)]) -> (String, f64) {
    let mut body = String::new();
    let mut y = top;
    for (at, (name, marked)) in names.iter().enumerate() {
        body += &path(&format!("M{LEFT} {y:.1}h56"), at);
        if *marked {
            body += &mark(at, LEFT + 28.0, y);
        }
        body += &label(LEFT + 68.0, y + 4.5, "start", name);
        y += LINE;
    }
    (body, y)
}

/// A name of at most `longest` characters.
fn shortened(name: &str, longest: usize) -> String {
    if name.chars().count() <= longest {
        return name.to_owned();
    }
    name.chars().take(longest.saturating_sub(1)).chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as in WCAG.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    #[test]
    fn every_colour_stands_out_from_white() {
        for colour in COLOURS {
            assert!(1.05 / (luminance(colour) + 0.05) >= 4.5, "{colour}");
        }
    }

    #[test]
    fn lines_differ_without_colour() {
        let mut dashes = DASHES.to_vec();
        dashes.sort_unstable();
        dashes.dedup();
        assert_eq!(dashes.len(), DASHES.len());
    }

    #[test]
    fn names_are_text_and_fit() {
        let (body, _) = legend(0.0, &[(shortened(&"<script>".repeat(20), 30), true)]);
        assert!(!body.contains("<script") && body.contains('\u{2026}'));
    }
}
