//! The page on how well presentation attacks are detected.

use serde::{Deserialize, Serialize};

use super::about::{About, EDGES, INTERVALS};
use super::html::Page;
use super::pad::{Chosen, Counts, Figures, NOT_ISO, PadPoint, PadReport, SetReport, SpeciesFigures};
use super::plot::{self, Line, det, histogram};
use super::words::{NO_DATA, grouped, rate, short_rate, threshold};

/// What no such measurement shows.
const ALWAYS: [&str; 5] = [
    "How the program fares against kinds of attack that were not tried, or against someone who tries until it works.",
    "Conformance: no laboratory took part, and the attacks were not made as ISO/IEC 30107-3 and its levels ask.",
    "How the rates would be for other people, cameras or light than those measured.",
    "Whether an attack that passes would also match the face of its target: that is measured apart.",
    "Rates below what the number of presentations can tell: 0 of 30 attacks may still be up to one in ten.",
];

/// Everything such a page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PadPageReport {
    /// What was measured, on what.
    pub about: About,
    /// What was found.
    pub found: PadReport,
}

/// The page as text, UTF-8. It always says that this is not an ISO evaluation.
#[must_use]
pub fn page(report: &PadPageReport) -> String {
    let found = &report.found;
    let mut page = report
        .about
        .page()
        .notice(&format!("This is a measurement by the makers of the program. It is {NOT_ISO}."))
        .heading("Data")
        .paragraph(
            "People are parted into two sets, so that nobody is in both. Thresholds are chosen on the development set; \
             the rates that count are those of the test set.",
        )
        .table(
            "How much data there is",
            &["Set", "People", "Bona fide presentations", "Attack presentations"],
            &[
                counted("Development set", found.development),
                counted("Test set", found.test.counts),
                counted("Both", found.whole.counts),
            ],
        );
    page = set(page, "Test set", &found.test, usize::MAX).paragraph(&format!(
        "A presentation is classified as live if its score is at or above the threshold. APCER: attacks classified as \
         live, of each species by itself; an attack without response counts as not accepted, and APNRR tells how many \
         had none. BPCER: bona fide presentations with a response that were classified as attacks; BPNRR: those without \
         response; \"BPCER with BPNRR\" counts both among all. Terms as in ISO/IEC 30107-3; this is {NOT_ISO}. {INTERVALS}"
    ));
    if !found.curves.is_empty() {
        page = page.heading("APCER against BPCER").svg(&curves(found)).paragraph(EDGES);
    }
    if let Some(data) = &found.histogram {
        let shipped = found.test.points.iter().find(|point| point.chosen == Chosen::Shipped);
        let marks: Vec<(&str, f32)> =
            shipped.and_then(|point| point.threshold).iter().map(|value| ("shipped threshold", *value)).collect();
        let title = "Scores of the test set";
        let scale = plot::Counts::Logarithmic;
        page = page.heading("Scores").svg(&histogram(title, "Score (higher: more live)", data, scale, &marks));
    }
    page = set(page, "Both sets together", &found.whole, 1).paragraph(
        "Here the people on whom thresholds were chosen are among those measured: at the chosen thresholds the rates look \
         better than they should. At the shipped threshold they do so only if it was chosen on these data.",
    );
    report.about.limits(page, &ALWAYS).finish()
}

fn counted(name: &str, counts: Counts) -> Vec<String> {
    vec![name.to_owned(), grouped(counts.subjects), grouped(counts.bona_fide), grouped(counts.attacks)]
}

/// How a threshold was chosen, in words.
fn chosen(point: &PadPoint) -> String {
    match point.chosen {
        Chosen::Shipped => "shipped".to_owned(),
        Chosen::DevelopmentBpcer(bpcer) => format!("BPCER {} on development set", round(bpcer)),
    }
}

/// A stated share as percent, without needless zeros.
fn round(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    format!("{}\u{a0}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// One set; the species of each of the first `detailed` operating points.
fn set(page: Page, name: &str, report: &SetReport, detailed: usize) -> Page {
    let auc = report.auc.map_or_else(|| NO_DATA.to_owned(), |auc| format!("{auc:.4}"));
    let row = |point: &PadPoint| {
        let figures = point.figures.clone().unwrap_or_default();
        let worst = figures.worst.as_ref();
        vec![
            chosen(point),
            threshold(point.threshold),
            worst.map_or(NO_DATA, |worst| &worst.species).to_owned(),
            rate(worst.map(|worst| worst.apcer), worst.and_then(|worst| worst.apcer_by_subject)),
            rate(figures.bpcer, figures.bpcer_by_subject),
            short_rate(figures.bpnrr),
            short_rate(figures.bpcer_with_non_response),
        ]
    };
    let mut page =
        page.heading(name).paragraph(&format!("Area under the ROC curve, all species together: {auc}.")).table(
            &format!("{name}: operating points"),
            &["Operating point", "Threshold", "Worst species", "Its APCER", "BPCER", "BPNRR", "BPCER with BPNRR"],
            &report.points.iter().map(row).collect::<Vec<_>>(),
        );
    for point in report.points.iter().take(detailed) {
        if let Some(figures) = point.figures.as_ref().filter(|figures| !figures.species.is_empty()) {
            page = species(page, &format!("{name}, each species (threshold: {})", chosen(point)), figures);
        }
    }
    page
}

fn species(page: Page, caption: &str, figures: &Figures) -> Page {
    let row = |one: &SpeciesFigures| {
        vec![
            one.species.clone(),
            rate(Some(one.apcer), one.apcer_by_subject),
            short_rate(one.apcer_of_responses),
            short_rate(Some(one.apnrr)),
        ]
    };
    let rows: Vec<Vec<String>> = figures.species.iter().map(row).collect();
    page.table(caption, &["Species", "APCER", "APCER among responses", "APNRR"], &rows)
}

fn curves(found: &PadReport) -> plot::Svg {
    let lines: Vec<Line> = found
        .curves
        .iter()
        .map(|curve| Line {
            name: curve.name.clone(),
            points: curve.points.iter().map(|point| (point.fmr, point.fnmr)).collect(),
            mark: curve.shipped.map(|point| (point.fmr, point.fnmr)),
        })
        .collect();
    det("APCER against BPCER of each species, responses of the test set", "APCER", "BPCER", &lines)
}

#[cfg(test)]
mod tests {
    use super::super::html::tests::sound;
    use super::super::pad::{self, Presentation};
    use super::*;

    fn of(presentations: &[Presentation]) -> String {
        let found = pad::report(presentations, 0.5).unwrap();
        let report = PadPageReport { about: About::default(), found };
        let text = page(&report);
        sound(&text);
        assert!(text.contains(NOT_ISO));
        text
    }

    #[test]
    fn a_full_page() {
        let one = |at: u16, species: Option<&str>, score: f32| Presentation {
            subject: format!("s{}", at % 30),
            species: species.map(str::to_owned),
            set: None,
            score: (!at.is_multiple_of(17)).then_some(score),
        };
        let all: Vec<Presentation> = (0..300_u16)
            .flat_map(|at| {
                let part = f32::from(at * 7 % 300) / 300.0;
                [one(at, None, 0.4 + 0.6 * part), one(at + 5, Some("<script>print</script>"), 0.7 * part)]
            })
            .collect();
        let text = of(&all);
        for part in ["&lt;script&gt;print", "Worst species", "BPCER with BPNRR", "by subject:"] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn an_empty_page() {
        assert!(of(&[]).contains(NO_DATA));
    }
}
