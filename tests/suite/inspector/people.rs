//! Checks on what is stored of people.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use mianzheng::config::Site;
use mianzheng::core::alarm::Alarm;
use mianzheng::core::audit::{AttemptResult, AuditEvent};
use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::{AgeBand, Purpose};
use mianzheng::core::evidence::Method;
use mianzheng::core::guardian::{Evidence, GuardianDraft, Relation};
use mianzheng::core::ids::{PersonId, ReceiptId};
use mianzheng::core::operator::{Action, Denied, LoggedIn, Role};
use mianzheng::core::rights::{RequestKind, Standing, Suspension};
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::papers::SiteScribe;
use mianzheng::ports::{ClaimNumber, Identity, LogInRefused, Records, Rights, Scribe, Security};
use mianzheng::store::{Store, StoreError};

use crate::support::{root, run};
use crate::vault::{DAY, PASSWORD, Room, both, enrol, face, person, secret, staff};

fn site(from: &str, to: &str) -> Site {
    let text = fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site");
    assert!(text.contains(from), "{from}");
    Site::parse("test", &text.replace(from, to)).expect("a site")
}

fn born(number: u32, birth: Option<&str>) -> Identity {
    Identity::new(secret(&format!("name {number}")), secret(&format!("document-{number:05}")), birth.and_then(Date::parse), None)
}

fn draft(purpose: Purpose) -> ConsentDraft {
    ConsentDraft { purpose, person: None, lang: Lang::ZhCn, shown_ms: 9_000, guardian: None, standing: None }
}

/// A child with a guardian who agreed, and the guardian.
fn child(store: &mut Store, witness: &LoggedIn, birth: &str) -> (PersonId, ReceiptId, Identity) {
    let (child, guardian) = (born(1, Some(birth)), born(2, Some("1960-03-03")));
    let act = GuardianDraft { relation: Relation::Grandparent, evidence: Evidence::Mandate };
    let draft = ConsentDraft { guardian: Some(act), ..draft(Purpose::Enrol) };
    let receipt = store.store_guardian_consent(&draft, Some(&child), &guardian, witness).expect("stored").expect("a witness who may");
    let claim = ClaimNumber::parse("6611").expect("a number");
    let order = EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None };
    let person = store.enrol(&order, &child, &claim, &face(1)).expect("registered");
    (person, receipt, guardian)
}

fn every_file(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            every_file(&path, look);
        } else {
            look(&path, &fs::read(&path).unwrap_or_default());
        }
    }
}

#[test]
fn check_12_no_picture_is_left_on_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, temp) = (folder.path().join("data"), folder.path().join("temp"));
    fs::create_dir(&temp).expect("a folder");
    // Success and mismatch, with a temporary folder of its own.
    let script = fs::read_to_string(root().join("tests/data/journeys/first.jsonl")).expect("a script");
    let script: String = script.lines().filter(|line| !line.contains("screenshot")).map(|line| format!("{line}\n")).collect();
    let file = folder.path().join("check.jsonl");
    fs::write(&file, script).expect("written");
    let mut program = crate::support::program();
    let program = program.env("TMPDIR", &temp).args(["demo", "--headless", "--script"]).arg(&file).arg("--data").arg(&data);
    let out = program.output().expect("runs");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let mut files = 0;
    let mut look = |path: &Path, bytes: &[u8]| {
        files += 1;
        for magic in [&b"\xff\xd8\xff"[..], b"\x89PNG\r", b"RIFF", b"GIF8", b"BM"] {
            assert!(!bytes.starts_with(magic), "{} is a picture", path.display());
        }
        let inside = bytes.windows(8).any(|w| w == b"\x89PNG\r\n\x1a\n" || w.starts_with(b"\xff\xd8\xff\xe0") || w.starts_with(b"\xff\xd8\xff\xdb"));
        assert!(!inside, "{} holds a picture", path.display());
        assert!(bytes.len() < 2_000_000, "{} is as large as a frame", path.display());
    };
    every_file(&data, &mut look);
    every_file(&temp, &mut look);
    assert!(files >= 3, "the search reads the store: {files}");
}

#[test]
fn check_14_retention_ends_and_a_clock_set_back_is_noticed() {
    let text = fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site");
    assert!(Site::parse("test", &text.replace("retention-days = 365", "retention-days = 99999")).is_err(), "without an end");
    let room = Room::new();
    let site = site("retention-days = 365", "retention-days = 30");
    let mut store = room.open_for(&site);
    let id = enrol(&mut store, 1);
    room.pass(30 * DAY - 1);
    assert!(store.template(id).expect("readable").is_some());
    room.pass(1);
    assert!(store.template(id).expect("readable").is_none());
    let approval = store.approval(Action::SeeCompliance, &[]).expect("while being set up");
    let log = store.processing_records(&approval, 0).expect("readable");
    assert!(log.iter().any(|(_, event)| *event == AuditEvent::Expired { person: id }), "its end is on record");
    room.clock.unix_ms.fetch_sub(DAY, Ordering::SeqCst);
    store.tend().expect("tended");
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::ClockBack));
}

#[test]
fn check_16_guardians_decide_and_staff_need_approval() {
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let staff = staff(&mut store);
    let approval = both(&mut store, &staff, Action::ManageOperators);
    store.add_operator(&approval, &secret("wu"), &secret("seven white cranes"), Role::Clerk).expect("added");
    let clerk = store.log_in(&secret("wu"), &secret("seven white cranes")).expect("logged in");
    let (id, receipt, guardian) = child(&mut store, &clerk, "2020-05-05");
    // The guardian's own card speaks for the child, a stranger's does not.
    assert_eq!(store.wards(&guardian).expect("readable"), [Some(id), None, None, None, None, None, None, None]);
    assert_eq!(store.wards(&born(3, Some("1970-01-01"))).expect("readable"), [None; 8]);
    let data = store.own_data(id, None).expect("a copy");
    assert_eq!((data.age, data.standing), (AgeBand::Under14, Standing::Live));
    let record = data.consent.expect("a consent");
    assert_eq!(record.guardian.map(|(act, witness)| (act.relation, witness)), Some((Relation::Grandparent, clerk.id())));
    // A clerk alone may not open a minor's record, and that they tried is on record.
    assert_eq!(store.approval(Action::OpenMinor, std::slice::from_ref(&clerk)), Err(Denied::Second(clerk.id())));
    let wrong = store.approval(Action::OpenRecord, std::slice::from_ref(&clerk)).expect("an adult's they may");
    assert!(store.own_data(id, Some(&wrong)).is_err(), "approved for an adult, used for a child");
    let [chen, _] = staff;
    let two = store.approval(Action::OpenMinor, &[clerk, chen]).expect("clerk and supervisor");
    assert!(store.own_data(id, Some(&two)).is_ok());
    let opened = AuditEvent::Opened { person: id, minor: true, by: two.by().to_vec() };
    assert!(log(&mut store).contains(&opened), "not on record");
    // Planting a look-up row gives nobody a child.
    room.database().execute("UPDATE guardians SET guardian_index = (SELECT document_index FROM people LIMIT 1)", []).expect("planted");
    assert_eq!(store.wards(&born(1, Some("2020-05-05"))).expect("readable"), [None; 8]);
    store.erase(id).expect("withdrawn");
    assert!(store.consent(receipt).expect("readable").expect("kept").ended_ms.is_some());
}

#[test]
fn nobody_is_lifted_out_of_childhood_by_one_clerk() {
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let [chen, lin] = staff(&mut store);
    let (id, ..) = child(&mut store, &chen, "2018-01-01");
    let older = born(1, Some("1999-01-01"));
    let alone = store.approval(Action::AnswerRequest, std::slice::from_ref(&chen)).expect("a supervisor");
    assert!(store.correct(&alone, id, &older).is_err(), "approved for an adult's");
    let alone = store.approval(Action::OpenMinor, std::slice::from_ref(&chen)).expect("a supervisor");
    assert!(store.correct(&alone, id, &older).is_err(), "one person");
    let two = store.approval(Action::OpenMinor, &[chen, lin]).expect("two");
    store.correct(&two, id, &older).expect("corrected");
    assert!(log(&mut store).contains(&AuditEvent::Corrected { person: id, birth: true, by: two.by().to_vec() }));
    // What is not said stays as it is.
    let approval = store_approval(&mut store);
    store.correct(&approval, id, &born(1, None)).expect("corrected");
    assert_eq!(store.age_of_person(id), Ok(AgeBand::Adult));
}

fn store_approval(store: &mut Store) -> mianzheng::core::operator::Approval {
    let lin = store.log_in(&secret("lin"), &secret("old stones in the yard")).expect("logged in");
    store.approval(Action::AnswerRequest, &[lin]).expect("a supervisor")
}

#[test]
fn a_wrong_site_file_suspends_nobody() {
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let id = enrol(&mut store, 1);
    staff(&mut store);
    drop(store);
    // Somebody opens the store with another purpose: it waits, and nothing is suspended.
    let mut store = room.open_for(&site("purpose = \"visit\"", "purpose = \"entry\""));
    assert!(store.notice_waits() && store.notice_in_force().is_some_and(|(version, _)| version == 1));
    assert!(store.template(id).expect("readable").is_some());
    drop(store);
    let mut store = room.open_for(&site("A-03", "A-03"));
    assert!(!store.notice_waits() && store.template(id).expect("readable").is_some());
    drop(store);
    // A shorter time is promised at once, and kept to for those who are stored already.
    let mut store = room.open_for(&site("retention-days = 365", "retention-days = 30"));
    assert!(store.notice_in_force().is_some_and(|(version, _)| version == 2));
    room.pass(31 * DAY);
    assert!(store.template(id).expect("readable").is_none(), "kept longer than the notice says");
}

fn log(store: &mut Store) -> Vec<AuditEvent> {
    let lin = store.log_in(&secret("lin"), &secret("old stones in the yard")).expect("logged in");
    let approval = store.approval(Action::SeeCompliance, &[lin]).expect("a supervisor");
    store.processing_records(&approval, 0).expect("readable").into_iter().map(|(_, event)| event).collect()
}

#[test]
fn no_child_is_stored_without_a_guardian_whatever_the_session_says() {
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let [chen, _] = staff(&mut store);
    let claim = ClaimNumber::parse("1111").expect("a number");
    let order = |receipt, age| EnrolOrder { receipt, policy: 1, samples: Vec::new(), age };
    for (birth, age) in [(Some("2012-11-22"), None), (None, None), (None, Some(AgeBand::Under14))] {
        let receipt = store.store_consent(&draft(Purpose::Enrol), Some(&born(1, birth))).expect("stored");
        assert!(store.enrol(&order(receipt, age), &born(1, birth), &claim, &face(1)).is_err(), "{birth:?}");
    }
    for (birth, age) in [(Some("2012-11-21"), None), (None, Some(AgeBand::Adult))] {
        let receipt = store.store_consent(&draft(Purpose::Enrol), Some(&born(1, birth))).expect("stored");
        let id = store.enrol(&order(receipt, age), &born(1, birth), &claim, &face(1)).expect("registered");
        store.erase(id).expect("erased");
    }
    // A guardian under 18, the child's own card, evidence that shows something else: no consent.
    let act = GuardianDraft { relation: Relation::Parent, evidence: Evidence::Household };
    let with = |act| ConsentDraft { guardian: Some(act), ..draft(Purpose::Enrol) };
    let (kid, parent) = (born(1, Some("2020-01-01")), born(2, Some("1990-01-01")));
    let odd = GuardianDraft { relation: Relation::Grandparent, evidence: Evidence::Household };
    assert_eq!(store.store_guardian_consent(&with(act), Some(&kid), &born(3, Some("2010-01-01")), &chen), Ok(None));
    assert_eq!(store.store_guardian_consent(&with(act), Some(&parent), &parent, &chen), Ok(None));
    assert_eq!(store.store_guardian_consent(&with(odd), Some(&kid), &parent, &chen), Ok(None));
    assert!(store.store_guardian_consent(&with(act), Some(&kid), &parent, &chen).expect("stored").is_some());
    assert!(store.store_consent(&with(act), Some(&kid)).is_err(), "a guardian's word without guardian and witness");
}

#[test]
fn check_20_a_copy_opens_nowhere_and_edits_are_noticed() {
    let (room, elsewhere) = (Room::new(), Room::new());
    let mut store = room.open();
    let (a, b) = (enrol(&mut store, 1), enrol(&mut store, 2));
    drop(store);
    drop(elsewhere.open());
    fs::copy(room.paths().database, elsewhere.paths().database).expect("copied");
    assert!(matches!(elsewhere.try_open(), Err(StoreError::WrongKey(_) | StoreError::Corrupt(_) | StoreError::Stale(_))));
    let swap = "UPDATE templates SET template = (SELECT template FROM templates WHERE person = ?2) WHERE person = ?1";
    room.database().execute(swap, [a.0.cast_signed(), b.0.cast_signed()]).expect("swapped");
    // Giving back what somebody paused, by hand.
    room.database().execute("UPDATE templates SET restricted = 1 WHERE person = ?1", [b.0.cast_signed()]).expect("edited");
    let mut store = room.open();
    assert!(store.template(a).is_err(), "a template of somebody else opened");
    assert!(store.template(b).is_err(), "a mark that is not sealed counted");
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::RowChanged));
    // There is no command that gives a template, a picture or the database away.
    let help = String::from_utf8(run(&["help"]).stdout).expect("text");
    let people = String::from_utf8(run(&["people", "--help"]).stdout).expect("text");
    for word in ["template export", "dump", "sync", "images"] {
        assert!(!help.contains(word) && !people.contains(word), "{word}");
    }
}

#[test]
fn check_22_roles_are_kept_and_five_tries_lock() {
    let room = Room::new();
    let mut store = room.open();
    assert_eq!(store.log_in(&secret("admin"), &secret("admin")), Err(LogInRefused::Wrong), "a default account");
    let staff = staff(&mut store);
    let approval = both(&mut store, &staff, Action::ManageOperators);
    store.add_operator(&approval, &secret("wu"), &secret("seven white cranes"), Role::Clerk).expect("added");
    let clerk = store.log_in(&secret("wu"), &secret("seven white cranes")).expect("logged in");
    for action in [Action::SignAssessment, Action::ManageOperators, Action::ExportAudit, Action::SeeCompliance, Action::Terminate] {
        assert!(store.approval(action, std::slice::from_ref(&clerk)).is_err(), "{action:?}");
        assert!(log(&mut store).contains(&AuditEvent::Denied { action, operator: Some(clerk.id()) }), "{action:?} is not on record");
    }
    for _ in 0..5 {
        let _ = store.log_in(&secret("wu"), &secret("wrong"));
    }
    assert!(matches!(store.log_in(&secret("wu"), &secret("seven white cranes")), Err(LogInRefused::Wait(_))), "right too late");
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::LoginsFailed));
    assert!(store.log_in(&secret("chen"), &secret(PASSWORD)).is_ok(), "others are not locked out");
}

#[test]
fn check_28_my_data_shows_what_why_until_when_and_what_was_asked() {
    let room = Room::new();
    let site = site("A-03", "A-03");
    let mut store = room.open_for(&site);
    let [chen, _] = staff(&mut store);
    let id = enrol(&mut store, 4);
    let attempt = AuditEvent::Attempt { method: Method::Face, result: AttemptResult::Granted, person: Some(id), policy: 1 };
    store.record(&attempt).expect("recorded");
    let number = store.request(id, RequestKind::Correct).expect("on record");
    assert_eq!(store.request(id, RequestKind::Correct).expect("on record"), number, "asked twice is asked once");
    let scribe = SiteScribe::new(&site);
    let page = |store: &mut Store| scribe.own(&store.own_data(id, None).expect("readable"), Lang::En).plain();
    let text = page(&mut store);
    for part in ["name-of-00004", "doc********004", "at the latest", "business", "verified", "correction", "answer by"] {
        assert!(text.to_lowercase().contains(part), "{part} is missing: {text}");
    }
    assert!(!text.contains("document-00004"), "the whole number on a screen");
    // Paused: kept, not compared; and again.
    store.restrict(id, true).expect("paused");
    assert!(store.template(id).expect("readable").is_none(), "a paused template is compared");
    assert_eq!(store.find_identity(&person(4)).expect("readable").expect("kept").template, Standing::Restricted);
    store.restrict(id, false).expect("goes on");
    assert!(store.template(id).expect("readable").is_some());
    // A refusal says why; the person reads it.
    let approval = store.approval(Action::AnswerRequest, &[chen]).expect("a supervisor");
    assert!(store.answer_request(&approval, number, "  ", true).is_err(), "without a reason");
    assert!(store.answer_request(&approval, number, "the register says otherwise", true).expect("stored"));
    assert!(!store.answer_request(&approval, number, "again", false).expect("no such open request"));
    assert!(page(&mut store).contains("the register says otherwise"));
    // What is late is said.
    store.request(id, RequestKind::Complain).expect("on record");
    room.pass(31 * DAY);
    assert_eq!(store.condition().expect("open").requests, (1, 1));
    // And a correction is one.
    let right = Identity::new(secret("the right name"), secret("document-00004"), Date::parse("1981-01-01"), None);
    store.correct(&approval, id, &right).expect("corrected");
    assert!(page(&mut store).contains("the right name"));
    // The receipt holds the fields of TS 27560 and nothing of the face.
    let receipt = store.own_data(id, None).expect("readable").consent.expect("a consent");
    let text = scribe.receipt(&receipt, None, Lang::En).plain();
    for part in ["TS 27560", "Sample Service Centre", "1 Sample Road", "People's Republic", "nobody", "SHA-256", "A-03"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(!text.contains("right name") && !text.contains("document-"), "a receipt holds a pseudonym only");
}

#[test]
fn check_36_a_material_change_suspends_until_consent_is_given_anew() {
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let id = enrol(&mut store, 5);
    let before = store.notice_in_force().expect("a notice");
    drop(store);
    // Another telephone: told, not asked.
    let mut store = room.open_for(&site("电话 12345（演示）", "电话 54321（演示）"));
    let told = store.notice_in_force().expect("a notice");
    assert_eq!((told.0, told.1 == before.1), (2, false));
    assert!(store.template(id).expect("readable").is_some());
    drop(store);
    // Kept longer: asked.
    let longer = site("retention-days = 365", "retention-days = 400");
    let mut store = room.open_for(&longer);
    let known = store.find_identity(&person(5)).expect("readable").expect("kept");
    assert_eq!(known.template, Standing::Suspended(Suspension::NoticeChanged));
    assert!(store.template(id).expect("readable").is_none(), "a suspended template is compared");
    // Anew, without a new picture. A consent for something else, or of somebody else, does not do.
    let other = store.store_consent(&draft(Purpose::Verify), Some(&person(5))).expect("stored");
    let stranger = store.store_consent(&draft(Purpose::Enrol), Some(&person(6))).expect("stored");
    assert!(store.renew(id, other).is_err() && store.renew(id, stranger).is_err());
    let receipt = store.store_consent(&draft(Purpose::Enrol), Some(&person(5))).expect("stored");
    store.renew(id, receipt).expect("renewed");
    assert!(store.template(id).expect("readable").is_some());
    // Who does not come by within ninety days is not kept.
    let late = enrol(&mut store, 7);
    drop(store);
    let mut store = room.open_for(&site("retention-days = 365", "retention-days = 500"));
    room.pass(89 * DAY);
    store.tend().expect("tended");
    assert!(store.find_identity(&person(7)).expect("readable").is_some());
    room.pass(3 * DAY);
    store.tend().expect("tended");
    assert!(store.find_identity(&person(7)).expect("readable").is_none(), "{late:?} waits for ever");
    drop(store);
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let id = enrol(&mut store, 5);
    drop(store);
    let mut store = room.open_for(&site("电话 12345（演示）", "电话 54321（演示）"));
    drop(store);
    store = room.open_for(&longer);
    let receipt = store.store_consent(&draft(Purpose::Enrol), Some(&person(5))).expect("stored");
    store.renew(id, receipt).expect("renewed");
    // The old text by its fingerprint; and each as it was.
    let text = store.notice_text(&before.1).expect("readable").expect("kept");
    assert!(text.contains("电话 12345") && !text.contains("电话 54321"));
    assert_eq!(mianzheng::notice::pages(&text, Lang::ZhTw).len(), 3);
    let lines = store.notices().expect("readable");
    assert_eq!(lines.iter().map(|line| (line.version, line.material)).collect::<Vec<_>>(), [(3, true), (2, false), (1, false)]);
    // A child comes of age: the guardian's consent has ended by itself.
    let staff = staff(&mut store);
    let (kid, _, guardian) = child(&mut store, &staff[0], "2012-12-25");
    assert!(store.template(kid).expect("readable").is_some());
    room.clock.days.store(34, Ordering::SeqCst);
    assert!(store.template(kid).expect("readable").is_none());
    assert_eq!(store.find_identity(&born(1, Some("2012-12-25"))).expect("readable").expect("kept").template, Standing::Suspended(Suspension::CameOfAge));
    assert_eq!(store.wards(&guardian).expect("readable"), [None; 8], "the guardian's say has ended too");
    // A clerk alone lifts nobody out of childhood, nor does anybody by what is stored alone.
    // What waits too long for a new consent is destroyed.
    room.clock.days.store(34 + 92, Ordering::SeqCst);
    room.pass(2 * DAY);
    store.tend().expect("tended");
    assert!(store.find_identity(&born(1, Some("2012-12-25"))).expect("readable").is_none());
    assert!(store.find_identity(&person(5)).expect("readable").is_some());
}

#[test]
fn words_of_the_notice_that_change_must_be_judged() {
    // If this fails, the built-in words of the notice changed. If people agreed to something else
    // by it, raise `core::notice::EDITION`; then put the new fingerprint here.
    let words: String = mianzheng::locale::SOURCES[0]
        .1
        .lines()
        .filter(|line| ["notice-method", "notice-kinds", "notice-keep", "notice-place", "notice-purpose"].iter().any(|id| line.starts_with(id)))
        .map(|line| format!("{line}\n"))
        .collect();
    let digest: String = <sha2::Sha256 as sha2::Digest>::digest(words).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((mianzheng::core::notice::EDITION, digest.as_str()), (2, "90f1a545213da227"));
}
