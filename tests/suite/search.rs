//! Templates of different keys share nothing; a search is exact and forgets at once.

use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::Purpose;
use mianzheng::core::evidence::Similarity;
use mianzheng::core::ids::PersonId;
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::ports::{ClaimNumber, Identity, Records};
use mianzheng::store::NoSearch;

use crate::vault::{Room, enrol, face, secret};

#[test]
fn a_search_finds_exactly_who_it_should_and_forgets_at_once() {
    let floor = Similarity::try_from(0.6).expect("a score");
    let room = Room::new();
    let mut store = room.open();
    let ids: Vec<PersonId> = (1..=40).map(|number| enrol(&mut store, number)).collect();
    assert_eq!(store.identify(&face(7), floor, 1), Err(NoSearch::NotBuilt), "1:1 has no index");
    assert_eq!(store.build_index().expect("built"), 40);
    let found = store.identify(&face(7), floor, 1).expect("found");
    assert_eq!((found.len(), found[0].0), (1, ids[6]));
    assert!(f32::from(found[0].1) > 0.9999);
    assert!(store.identify(&face(77), floor, 2).expect("searched").is_empty());
    let later = enrol(&mut store, 50);
    assert_eq!(store.identify(&face(50), floor, 1).expect("found")[0].0, later);
    store.erase(ids[6]).expect("erased");
    assert!(store.identify(&face(7), floor, 1).expect("searched").is_empty(), "an erased person is found");
    // Everybody reaches a floor of -1: the answer would not be exact for more than a few.
    for number in 60..100 {
        enrol(&mut store, number);
    }
    assert_eq!(store.identify(&face(1), Similarity::try_from(-1.0).expect("a score"), 1), Err(NoSearch::Threshold));
}

#[test]
fn minors_are_never_in_a_search() {
    let room = Room::new();
    let mut store = room.open();
    let child = Identity::new(secret("a child"), secret("a document"), Date::parse("2010-01-01"), None);
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&child)).expect("a receipt");
    let claim = ClaimNumber::parse("4321").expect("a number");
    store.enrol(&EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None }, &child, &claim, &face(3)).expect("enrolled");
    assert_eq!(store.build_index().expect("built"), 0);
    assert!(store.identify(&face(3), Similarity::try_from(0.5).expect("a score"), 1).expect("searched").is_empty());
}

#[test]
fn check_39_two_enrolments_share_no_comparable_value() {
    let stored = |room: &Room, id: PersonId| -> Vec<f32> {
        // The most an attacker with every key could see: the turned vector itself.
        let mut store = room.open();
        let template = store.template(id).expect("readable").expect("a template");
        template.values().to_vec()
    };
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let (one, other) = (Room::new(), Room::new());
    let (a, b) = (enrol(&mut one.open(), 5), enrol(&mut other.open(), 5));
    let first = stored(&one, a);
    assert!((dot(&first, &first) - 1.0).abs() < 1e-4);
    assert!(dot(&first, &stored(&other, b)).abs() < 0.53, "two devices");
    let again = enrol(&mut one.open(), 5);
    assert_ne!(again, a);
    assert!(dot(&first, &stored(&one, again)).abs() < 0.53, "two enrolments");
    // And the comparison itself is as it was.
    let mut store = one.open();
    let template = store.template(again).expect("readable").expect("a template");
    let plain = f32::from(face(5).similarity(&face(6)).expect("comparable"));
    assert!((f32::from(template.similarity(&face(6)).expect("comparable")) - plain).abs() < 1e-5);
}
