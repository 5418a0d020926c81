use super::*;
use proptest::prelude::*;

fn one(subject: &str, species: Option<&str>, set: Option<Set>, score: Option<f32>) -> Presentation {
    Presentation { subject: subject.to_owned(), species: species.map(str::to_owned), set, score }
}

/// 40 subjects; bona fide scores from 0.5 up, prints below 0.7, screens below 0.3, some non-responses.
fn some() -> Vec<Presentation> {
    let mut all = Vec::new();
    for subject in 0..40_u16 {
        let name = format!("s{subject}");
        for take in 0..10_u16 {
            let part = f32::from(take * 40 + subject) / 400.0;
            let score = |low: f32, high: f32| (take != 9).then_some(low + (high - low) * part);
            all.push(one(&name, None, None, score(0.5, 1.0)));
            all.push(one(&name, Some("print"), None, score(0.0, 0.7)));
            all.push(one(&name, Some("screen"), None, Some(0.3 * part)));
        }
    }
    all
}

#[test]
fn rates_as_counted_by_hand() {
    let all = [
        one("a", None, None, Some(0.9)),
        one("a", None, None, Some(0.5)),
        one("b", None, None, Some(0.4)),
        one("b", None, None, None),
        one("a", Some("print"), None, Some(0.5)),
        one("b", Some("print"), None, Some(0.1)),
        one("b", Some("print"), None, None),
        one("b", Some("mask"), None, Some(0.2)),
    ];
    let found = figures(&all.iter().collect::<Vec<_>>(), 0.5, 100, 1);
    let pair = |rate: Option<super::super::interval::Rate>| rate.map(|rate| (rate.errors, rate.trials));
    assert_eq!((pair(found.bpcer), pair(found.bpnrr)), (Some((1, 3)), Some((1, 4))));
    assert_eq!(pair(found.bpcer_with_non_response), Some((2, 4)));
    let worst = found.worst.unwrap();
    assert_eq!((worst.species.as_str(), pair(Some(worst.apcer))), ("print", Some((1, 3))));
    assert_eq!((pair(worst.apcer_of_responses), pair(Some(worst.apnrr))), (Some((1, 2)), Some((1, 3))));
    assert_eq!(found.species.iter().map(|one| one.species.as_str()).collect::<Vec<_>>(), ["mask", "print"]);
}

#[test]
fn the_threshold_keeps_the_stated_bpcer() {
    let all: Vec<Presentation> = (0..100_u8).map(|at| one("a", None, None, Some(f32::from(at) / 100.0))).collect();
    let set: Vec<&Presentation> = all.iter().collect();
    for (bpcer, errors) in [(0.01, 1), (0.05, 5), (0.10, 10)] {
        let threshold = threshold_for_bpcer(&set, bpcer).unwrap();
        assert_eq!(figures(&set, threshold, 10, 1).bpcer.unwrap().errors, errors);
        assert_eq!(figures(&set, threshold.next_up(), 10, 1).bpcer.unwrap().errors, errors + 1);
    }
    assert_eq!(threshold_for_bpcer(&set, 0.005), None);
    assert_eq!(threshold_for_bpcer(&[], 0.1), None);
}

#[test]
fn a_whole_report() {
    let all = some();
    let found = report(&all, 0.57).unwrap();
    assert_eq!(found.standing, NOT_ISO);
    assert_eq!(found.development.subjects + found.test.counts.subjects, 40);
    assert_eq!(found.whole.counts, Counts { subjects: 40, bona_fide: 400, attacks: 800 });
    assert!(found.test.auc.unwrap() > 0.9 && found.test.points.len() == 4);
    let shipped = found.test.points[0].figures.as_ref().unwrap();
    assert_eq!(shipped.worst.as_ref().unwrap().species, "print");
    assert!(shipped.bpcer_by_subject.unwrap().contains(shipped.bpcer.unwrap().rate));
    assert_eq!(found.curves.len(), 2);
    assert_eq!(found.histogram.as_ref().unwrap().series.len(), 3);
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<PadReport>(&text).unwrap().test.counts, found.test.counts);
    assert_eq!(report(&all, 0.57).unwrap(), found);
}

#[test]
fn ordering_of_the_area_under_the_curve() {
    let of = |live: f32, attack: f32| {
        let all = [one("a", None, None, Some(live)), one("a", Some("x"), None, Some(attack))];
        auc(&all.iter().collect::<Vec<_>>()).unwrap()
    };
    assert!((of(0.9, 0.1) - 1.0).abs() < 1e-12);
    assert!(of(0.1, 0.9).abs() < 1e-12 && (of(0.5, 0.5) - 0.5).abs() < 1e-12);
}

#[test]
fn sets_as_given_stay() {
    let all = [
        one("a", None, Some(Set::Test), None),
        one("a", Some("print"), None, None),
        one("b", None, Some(Set::Development), None),
    ];
    let parted = split(&all).unwrap();
    assert_eq!((parted.test.len(), parted.development.len()), (2, 1));
    let both = [one("a", None, Some(Set::Test), None), one("a", None, Some(Set::Development), None)];
    assert_eq!(report(&both, 0.5).unwrap_err(), PadError::BothSets("a".to_owned()));
}

#[test]
fn names_part_about_evenly() {
    let all: Vec<Presentation> = (0..1000).map(|at| one(&format!("{at:04}"), None, None, None)).collect();
    let parted = split(&all).unwrap();
    assert!((430..570).contains(&parted.test.len()), "{}", parted.test.len());
}

#[test]
fn scores_outside_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, -0.1, 1.1] {
        assert_eq!(report(&[one("a", None, None, Some(bad))], 0.5).unwrap_err(), PadError::Score(Some("a".to_owned())));
        assert_eq!(report(&[], bad).unwrap_err(), PadError::Score(None));
    }
}

#[test]
fn without_data_nothing_is_claimed() {
    let found = report(&[], 0.5).unwrap();
    assert!(found.test.auc.is_none() && found.histogram.is_none() && found.curves.is_empty());
    assert_eq!(found.test.points[0].figures, Some(Figures::default()));
    assert!(found.test.points[1].threshold.is_none() && found.test.points[1].figures.is_none());
    assert!(serde_json::to_string(&found).is_ok());
}

proptest! {
    #[test]
    fn any_data_give_a_report_without_nan(
        data in proptest::collection::vec(
            (0_u8..6, proptest::option::of(0_u8..3), proptest::option::of(0.0_f32..=1.0)), 0..40),
        shipped in 0.0_f32..=1.0,
    ) {
        let all: Vec<Presentation> = data
            .iter()
            .map(|(subject, species, score)| {
                one(&subject.to_string(), species.map(|kind| format!("k{kind}")).as_deref(), None, *score)
            })
            .collect();
        let parted = split(&all).unwrap();
        for live in &parted.development {
            prop_assert!(parted.test.iter().all(|other| other.subject != live.subject));
        }
        let found = report(&all, shipped).unwrap();
        let text = serde_json::to_string(&found).unwrap();
        prop_assert!(serde_json::from_str::<PadReport>(&text).is_ok());
        let shown = format!("{found:?}");
        prop_assert!(!shown.contains("NaN") && !shown.contains("inf"));
    }
}
