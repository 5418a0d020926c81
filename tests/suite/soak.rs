//! Many sessions in one program: memory stays where it was. Twelve hours of one every two minutes are
//! `mianzheng bench --soak 360`; here fewer, so that the suite stays short.

use crate::support::{json, run};

#[test]
fn memory_does_not_grow_over_sessions_by_face_and_card() {
    let sessions = std::env::var("MIANZHENG_SOAK").unwrap_or_else(|_| "15".into());
    // No judgement of speed here: that of the bench itself is left aside.
    let answer = json(&run(&["bench", "--soak", &sessions, "--json"]));
    assert!(answer["granted_by_face"].as_u64().is_some_and(|granted| granted >= 6), "{answer}");
    assert_eq!(answer["memory_flat"], true, "{answer}");
}
