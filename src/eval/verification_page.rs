//! The page on how well faces are told apart.

use serde::{Deserialize, Serialize};

use super::about::{About, EDGES, INTERVALS};
use super::comparisons::BySubject;
use super::det::{Curve, EqualError, OperatingPoint, far, frr};
use super::groups::{ENOUGH_SUBJECTS, Group, Grouping, Worst};
use super::histogram::Histogram;
use super::html::Page;
use super::interval::Rate;
use super::plot::{Counts, Line, det, histogram};
use super::words::{NO_DATA, grouped, interval, percent, rate, short_rate, threshold};

/// What no such measurement shows.
const ALWAYS: [&str; 5] = [
    "How the rates would be for other people, cameras, light, or ages of the enrolled image than those measured.",
    "How well presentation attacks (prints, screens, masks) are detected: that is measured apart.",
    "Rates below what the number of comparisons can tell: an interval that starts at 0 is no proof of 0.",
    "Whether thresholds would stand on new data: rates at a threshold chosen on these data look better than they are.",
    "Errors of the data set itself: wrongly named images count as errors of the program.",
];

/// An operating point with its name and the intervals by drawing subjects anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedPoint {
    /// How the threshold was chosen.
    pub name: String,
    /// None: the data cannot tell it.
    pub point: Option<OperatingPoint>,
    /// Intervals at its threshold.
    pub by_subject: BySubject,
}

/// Everything such a page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerificationReport {
    /// What was measured, on what.
    pub about: About,
    /// How many people.
    pub subjects: u64,
    /// Failures to acquire. None: not measured; FAR and FRR are then not stated.
    pub fta: Option<Rate>,
    /// The operating points.
    pub points: Vec<NamedPoint>,
    /// Where the two rates are equal.
    pub equal_error: Option<EqualError>,
    /// One curve, or two to compare.
    pub curves: Vec<Curve>,
    /// Scores of mated and of non-mated comparisons.
    pub histogram: Option<Histogram>,
    /// The shipped threshold, drawn into the histogram.
    pub shipped: Option<f32>,
    /// Error rates of groups, at the shipped threshold.
    pub groups: Vec<Grouping>,
}

/// The page as text, UTF-8.
#[must_use]
pub fn page(report: &VerificationReport) -> String {
    let mut page = report.about.page().heading("Error rates");
    page = page.paragraph(&format!(
        "Measured on {} people. Failure to acquire (FTA): {}. Equal error rate: {}. FAR and FRR are those of a \
         transaction of one attempt, FAR = FMR \u{d7} (1 - FTA) and FRR = FTA + FNMR \u{d7} (1 - FTA). Terms as in ISO/IEC 19795-1.",
        grouped(report.subjects),
        report.fta.map_or_else(
            || "not measured".to_owned(),
            |fta| format!("{} ({} of {}; {})", percent(fta.rate), grouped(fta.errors), grouped(fta.trials), interval(fta.interval)),
        ),
        report.equal_error.map_or_else(
            || NO_DATA.to_owned(),
            |equal| format!("{} at threshold {:.4}", percent(equal.rate), equal.threshold),
        ),
    ));
    page = points(page, report).paragraph(INTERVALS);
    if !report.curves.is_empty() {
        page = page.heading("FMR against FNMR").svg(&curves(&report.curves)).paragraph(EDGES);
    }
    if let Some(data) = &report.histogram {
        let marks: Vec<(&str, f32)> = report.shipped.iter().map(|shipped| ("shipped threshold", *shipped)).collect();
        let drawing =
            histogram("Scores of comparisons", "Score (higher: more alike)", data, Counts::Logarithmic, &marks);
        page = page.heading("Scores").svg(&drawing);
    }
    if !report.groups.is_empty() {
        page = groups(page, &report.groups);
    }
    report.about.limits(page, &ALWAYS).finish()
}

fn points(page: Page, report: &VerificationReport) -> Page {
    let rows: Vec<Vec<String>> = report
        .points
        .iter()
        .map(|named| {
            let (point, drawn) = (named.point, named.by_subject);
            let fta = report.fta.map(|fta| fta.rate);
            let transaction = |rate: fn(f64, f64) -> f64, of: fn(&OperatingPoint) -> Rate| {
                point
                    .as_ref()
                    .zip(fta)
                    .map_or_else(|| NO_DATA.to_owned(), |(point, fta)| percent(rate(of(point).rate, fta)))
            };
            vec![
                named.name.clone(),
                threshold(point.map(|point| point.threshold)),
                rate(point.map(|point| point.fmr), drawn.fmr),
                rate(point.map(|point| point.fnmr), drawn.fnmr),
                transaction(far, |point| point.fmr),
                transaction(frr, |point| point.fnmr),
            ]
        })
        .collect();
    page.table("Operating points", &["Operating point", "Threshold", "FMR", "FNMR", "FAR", "FRR"], &rows)
}

fn curves(curves: &[Curve]) -> super::plot::Svg {
    let lines: Vec<Line> = curves
        .iter()
        .map(|curve| Line {
            name: curve.name.clone(),
            points: curve.points.iter().map(|point| (point.fmr, point.fnmr)).collect(),
            mark: curve.shipped.map(|point| (point.fmr, point.fnmr)),
        })
        .collect();
    det("DET curve", "False match rate (FMR)", "False non-match rate (FNMR)", &lines)
}

fn groups(page: Page, groupings: &[Grouping]) -> Page {
    let mut page = page.heading("Groups of people").paragraph(&format!(
        "Differential performance in the sense of ISO/IEC 19795-10, at the shipped threshold. The FMR of a group is that \
         of two different people of the same group. Groups of fewer than {ENOUGH_SUBJECTS} people are marked as too few \
         and never named as the worst."
    ));
    for grouping in groupings {
        let row = |group: &Group| {
            let people = grouped(group.subjects) + if group.too_few { "\ntoo few" } else { "" };
            vec![group.value.clone(), people, rate(group.fmr, None), rate(group.fnmr, None), short_rate(group.fta)]
        };
        let mut rows: Vec<Vec<String>> = grouping.groups.iter().map(row).collect();
        let all = &grouping.groups;
        let stated: u64 = all.iter().map(|group| group.subjects).sum();
        rows.push(vec![
            "All groups, pairs within a group".to_owned(),
            grouped(stated),
            rate(grouping.within_fmr, None),
            rate(pooled(all, |group| group.fnmr), None),
            short_rate(pooled(all, |group| group.fta)),
        ]);
        rows.push(vec![
            "Everybody, all pairs".to_owned(),
            grouped(stated.saturating_add(grouping.unstated)),
            rate(grouping.overall_fmr, None),
            rate(grouping.overall_fnmr, None),
            short_rate(grouping.overall_fta),
        ]);
        page = page
            .subheading(&format!("By {}", grouping.name))
            .table(&format!("Error rates by {}", grouping.name), &["Group", "People", "FMR", "FNMR", "FTA"], &rows)
            .list(&[worst("FMR", grouping.worst_fmr.as_ref()), worst("FNMR", grouping.worst_fnmr.as_ref())]);
    }
    page
}

/// The rate of several groups together.
fn pooled(groups: &[Group], rate: fn(&Group) -> Option<Rate>) -> Option<Rate> {
    let sum = |of: fn(&Rate) -> u64| groups.iter().filter_map(rate).map(|rate| of(&rate)).fold(0, u64::saturating_add);
    Rate::of(sum(|rate| rate.errors), sum(|rate| rate.trials))
}

fn worst(rate: &str, worst: Option<&Worst>) -> String {
    worst.map_or_else(
        || format!("Worst {rate} to overall {rate}: cannot be told (no errors, or fewer than two groups with enough people)."),
        |worst| format!("Worst {rate} to overall {rate}: {:.2} times, group {}.", worst.ratio, worst.value),
    )
}

#[cfg(test)]
mod tests {
    use super::super::{comparisons, comparisons::tests::everyone, det::DetPoint, groups::Groups, html::tests::sound};
    use super::*;

    #[test]
    fn a_full_page() {
        let (subjects, compared) = everyone(64);
        let scores = comparisons::scores(&compared).unwrap();
        let listed = Groups::parse(
            &std::iter::once("subject,<script>\n".to_owned())
                .chain((0..64).map(|at| format!("s{at},<img{}>\n", at % 2)))
                .collect::<String>(),
        )
        .unwrap();
        let point = scores.at(0.45).unwrap();
        let shipped = DetPoint { threshold: 0.45, fmr: point.fmr.rate, fnmr: point.fnmr.rate };
        let report = VerificationReport {
            subjects: 64,
            fta: comparisons::fta(&subjects),
            points: vec![
                NamedPoint {
                    name: "shipped".to_owned(),
                    point: Some(point),
                    by_subject: comparisons::by_subject(&subjects, &compared, 0.45, 100, 1),
                },
                NamedPoint { name: "FMR 1e-9".to_owned(), point: None, by_subject: BySubject::default() },
            ],
            equal_error: scores.equal_error(),
            curves: vec![Curve { name: "<script>".to_owned(), points: scores.curve(), shipped: Some(shipped) }],
            histogram: Histogram::of(&[("mated", scores.mated()), ("non-mated", scores.non_mated())]),
            shipped: Some(0.45),
            groups: super::super::groups::report(&listed, &subjects, &compared, 0.45),
            ..VerificationReport::default()
        };
        let text = page(&report);
        sound(&text);
        for part in ["&lt;script&gt;", "by subject:", "no data", "times, group &lt;img", "What this does not show"] {
            assert!(text.contains(part), "{part}");
        }
        let stored = serde_json::to_string(&report).unwrap();
        assert_eq!(page(&serde_json::from_str(&stored).unwrap()), text);
    }

    #[test]
    fn an_empty_page() {
        sound(&page(&VerificationReport::default()));
    }
}
