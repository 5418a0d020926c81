//! Checks on the device's own papers, at the store and at the command line.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use mianzheng::config::Site;
use mianzheng::core::assessment::Part;
use mianzheng::core::audit::AuditEvent;
use mianzheng::core::calendar::Calendar;
use mianzheng::core::filing::{Filing, Step};
use mianzheng::core::operator::{Action, LoggedIn, Role};
use mianzheng::core::readiness::{FaceLock, Known, Models, reasons};
use mianzheng::core::time::Date;
use mianzheng::ports::{Clock, Facts, Records, Rights, Security};
use mianzheng::store::{AssessmentForm, Incident, IncidentKind, Store};

use crate::support::{json, root, run, stderr};
use crate::vault::{DAY, Room, both, enrol, person, secret, staff};

fn site(from: &str, to: &str) -> Site {
    let text = fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site");
    Site::parse("test", &text.replace(from, to)).expect("a site")
}

fn locks(room: &Room, store: &mut Store, site: &Site) -> Vec<FaceLock> {
    store.observe(&Facts { policy: "p".into(), ..Facts::default() }).expect("observed");
    let condition = store.condition().expect("open");
    reasons(&Known {
        site: &site.facts("models"),
        models: Models::Ready,
        camera: true,
        card_reader: true,
        store: Some(&condition.facts),
        alarms: &[],
        today: room.clock.today(),
        in_service: true,
    })
}

fn sign(store: &mut Store, who: &LoggedIn, site: &Site) {
    let form = AssessmentForm { answers: vec!["an answer".into(); 12], subject: site.subject("models"), lang: "en".into() };
    let approval = store.approval(Action::SignAssessment, std::slice::from_ref(who)).expect("a supervisor");
    store.sign_assessment(&approval, &form).expect("signed");
}

#[test]
fn check_23_the_assessment_opens_and_a_change_or_a_major_incident_closes() {
    let room = Room::new();
    let here = site("A-03", "A-03");
    let mut store = room.open_for(&here);
    let [chen, lin] = staff(&mut store);
    assert_eq!(locks(&room, &mut store, &here), [FaceLock::NoAssessment]);
    sign(&mut store, &chen, &here);
    assert_eq!(locks(&room, &mut store, &here), []);
    let other = site("purpose = \"visit\"", "purpose = \"entry\"");
    assert_eq!(locks(&room, &mut store, &other), [FaceLock::AssessmentChanged(Part::Purpose)]);
    sign(&mut store, &chen, &other);
    assert_eq!(locks(&room, &mut store, &other), []);
    let incident = |drill, major| Incident {
        kind: IncidentKind::Leak,
        drill,
        major,
        what: "w".into(),
        remedy: "r".into(),
        affected: Vec::new(),
        minors: Vec::new(),
    };
    let approval = store.approval(Action::ManageIncident, std::slice::from_ref(&chen)).expect("a supervisor");
    store.open_incident(&approval, incident(true, true)).expect("an exercise");
    assert_eq!(locks(&room, &mut store, &other), [], "an exercise closes nothing");
    let number = store.open_incident(&approval, incident(false, true)).expect("opened");
    assert!(store.close_incident(&approval, number).expect("closed"));
    assert_eq!(locks(&room, &mut store, &other), [FaceLock::Incident], "closed is not assessed");
    drop(store);
    // The other purpose is another notice too: people would be asked anew, so two persons approve it.
    let mut store = room.open_for(&other);
    assert_eq!(locks(&room, &mut store, &other), [FaceLock::NoticeNew, FaceLock::Incident], "forgotten by a restart");
    assert!(store.approval(Action::ApprovePolicy, std::slice::from_ref(&chen)).is_err(), "alone");
    let approval = store.approval(Action::ApprovePolicy, &[chen, lin]).expect("two");
    store.approve_notice(&approval).expect("approved");
    let chen = store.log_in(&secret("chen"), &secret(crate::vault::PASSWORD)).expect("logged in");
    assert_eq!(locks(&room, &mut store, &other), [FaceLock::Incident]);
    let same = AssessmentForm { answers: vec!["an answer".into(); 12], subject: other.subject("models"), lang: "en".into() };
    let approval = store.approval(Action::SignAssessment, std::slice::from_ref(&chen)).expect("a supervisor");
    assert!(store.sign_assessment(&approval, &same).is_err(), "the same words after an incident");
    let anew = AssessmentForm { answers: vec!["looked at again".into(); 12], ..same };
    store.sign_assessment(&approval, &anew).expect("signed");
    assert_eq!(locks(&room, &mut store, &other), []);
    room.clock.days.store(366, Ordering::SeqCst);
    assert_eq!(locks(&room, &mut store, &other), [FaceLock::AssessmentOld]);
}

#[test]
fn check_24_records_stay_three_years_and_hold_nothing_biometric() {
    let room = Room::new();
    let here = site("A-03", "A-03");
    let mut store = room.open_for(&here);
    let [chen, _] = staff(&mut store);
    sign(&mut store, &chen, &here);
    let id = enrol(&mut store, 1);
    // Renewed on the way: the consent before ended then, not when it was given.
    room.pass(200 * DAY);
    let draft = mianzheng::core::command::ConsentDraft {
        purpose: mianzheng::core::consent::Purpose::Enrol,
        person: None,
        lang: mianzheng::core::screen::Lang::En,
        shown_ms: 1,
        guardian: None,
        standing: None,
    };
    let receipt = store.store_consent(&draft, Some(&person(1))).expect("stored");
    store.renew(id, receipt).expect("renewed");
    store.erase(id).expect("withdrawn");
    // No command deletes a record.
    for command in [&["comply", "--help"][..], &["audit", "--help"], &["comply", "records", "--help"]] {
        let help = String::from_utf8(run(command).stdout).expect("text").to_lowercase();
        assert!(!help.contains("delete") && !help.contains("purge") && !help.contains("remove"), "{help}");
    }
    room.live(&mut store, 3 * 365);
    let count = |room: &Room, table: &str| -> i64 {
        room.database().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("counted")
    };
    assert_eq!((count(&room, "consents"), count(&room, "dossier")), (2, 1), "gone before three years");
    let approval = store.approval(Action::SeeCompliance, &[chen]).expect("a supervisor");
    let text = format!("{:?}", store.processing_records(&approval, 0).expect("readable"));
    assert!(text.contains("Renewed") && text.contains("Withdrawn"));
    assert!(!text.contains("name-of") && !text.contains("document-"), "a record names somebody");
    room.live(&mut store, 10);
    assert_eq!(count(&room, "consents"), 0, "kept for ever");
    assert_eq!(count(&room, "dossier"), 1, "the assessment in force stays");
}

#[test]
fn check_25_the_hundred_thousandth_person_starts_the_period() {
    let calendar: Calendar = toml::from_str(include_str!("../../../assets/calendar.toml")).expect("a table");
    let first = Date::parse("2025-06-01").expect("a day");
    let reached = Filing { reached: Some(first), ..Filing::default() };
    let by = reached.step(100_000, &calendar).by().expect("a day");
    assert_eq!((by.day.to_string().as_str(), by.unsure), ("2025-07-14", None));
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let [chen, _] = staff(&mut store);
    let approval = store.approval(Action::ManageFiling, &[chen]).expect("a supervisor");
    store.counted_elsewhere(&approval, 99_998).expect("stored");
    enrol(&mut store, 1);
    enrol(&mut store, 1);
    assert_eq!(store.filing().reached, None, "one person twice counts once");
    assert_eq!(store.filing().step(1, &calendar), Step::Near);
    enrol(&mut store, 2);
    assert_eq!(store.filing().reached, Date::parse("2026-11-22"));
    drop(store);
    let store = room.open_for(&site("A-03", "A-03"));
    assert_eq!(store.filing().reached, Date::parse("2026-11-22"), "forgotten by a restart");
}

#[test]
fn check_26_a_change_and_the_end_have_their_periods() {
    let calendar: Calendar = toml::from_str(include_str!("../../../assets/calendar.toml")).expect("a table");
    let room = Room::new();
    let here = site("A-03", "A-03");
    let mut store = room.open_for(&here);
    let staff = staff(&mut store);
    sign(&mut store, &staff[0], &here);
    let approval = store.approval(Action::ManageFiling, &staff[..1]).expect("a supervisor");
    store.filed(&approval, "F-2026-7", Date::parse("2026-11-01").expect("a day")).expect("stored");
    assert_eq!(store.filing().step(9, &calendar), Step::Nothing);
    enrol(&mut store, 1);
    drop(store);
    let other = site("purpose = \"visit\"", "purpose = \"entry\"");
    let mut store = room.open_for(&other);
    let approval = both(&mut store, &staff, Action::ApprovePolicy);
    store.approve_notice(&approval).expect("approved");
    let approval = store.approval(Action::ManageFiling, &staff[..1]).expect("a supervisor");
    let Step::Change { changed, by } = store.filing().step(9, &calendar) else { panic!("no task") };
    assert_eq!(Some(changed), Date::parse("2026-11-22"));
    assert!(by.day > changed.plus(38) && by.unsure == Some(2027), "{by:?}");
    store.filed(&approval, "F-2026-7", Date::parse("2026-11-22").expect("a day")).expect("stored");
    assert_eq!(store.filing().step(9, &calendar), Step::Nothing);
    let approval = both(&mut store, &staff, Action::Terminate);
    let destroyed = store.terminate(&approval).expect("done");
    assert_eq!(destroyed.count, 1);
    assert!(store.terminate(&approval).is_err(), "twice");
    assert!(matches!(store.filing().step(0, &calendar), Step::Cancel { .. }));
    assert!(store.find_identity(&person(1)).expect("readable").is_none());
    assert!(locks(&room, &mut store, &other).contains(&FaceLock::Terminated));
    let consents: i64 = room.database().query_row("SELECT count(*) FROM consents", [], |row| row.get(0)).expect("counted");
    assert_eq!(consents, 1, "the records stay");
    let approval = store.approval(Action::ManageFiling, &staff[..1]).expect("a supervisor");
    store.filed(&approval, "cancelled", Date::parse("2026-11-22").expect("a day")).expect("stored");
    assert_eq!(store.filing().step(0, &calendar), Step::Nothing);
}

/// A kiosk set up by the guided first run, in a folder of its own.
struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::write(office.at("pw"), "early rain on the river\n").expect("written");
        let out = office.set_up(ANSWERS);
        assert_eq!(out.status.code(), Some(0), "{out:?}");
        office
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path").to_owned()
    }

    fn set_up(&self, answers: &str) -> std::process::Output {
        fs::write(self.at("answers"), answers).expect("written");
        let mut program = crate::support::program();
        program.args(["setup", "--lang", "en", "--data", &self.at("data"), "--new-password", &self.at("pw")]);
        program.stdin(fs::File::open(self.at("answers")).expect("answers")).output().expect("runs")
    }

    fn go(&self, code: i32, words: &str, args: &[&str]) -> String {
        let (data, site, pw) = (self.at("data"), self.at("data/site.toml"), self.at("pw"));
        let all = [args, &["--data", &data, "--site", &site, "--operator", "chen", "--passwords", &pw, "--lang", "en"]].concat();
        let out = run(&all);
        let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), stderr(&out));
        assert_eq!(out.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
        said
    }
}

const ANSWERS: &str = "1\nGreen Stalk Service Centre\n0571-1234\n1 Green Stalk Road\n\nA-07\n180\n\nwhere one person stands, 40 to 90 cm away\n\
    on the front, at the top\ntwo clerks on weekdays from 9 to 17\nlocked case, accounts by the supervisor\nthe head of the desk; training; plan 3\n\
    low; fit to be used\nchen\ny\n";

#[test]
fn a_newcomer_reaches_a_lawful_kiosk_by_the_guided_first_run() {
    let office = Office { folder: tempfile::tempdir().expect("a folder") };
    fs::write(office.at("pw"), "early rain on the river\n").expect("written");
    // Nothing is stored before everything was answered.
    let out = office.set_up("1\nGreen Stalk Service Centre\n");
    assert_eq!(out.status.code(), Some(1));
    assert!(!Path::new(&office.at("data")).exists(), "half a set-up was left");
    // What cannot be is asked again, by name.
    let stumbling = ANSWERS.replacen("Green Stalk Service Centre\n", "\nTODO\nGreen Stalk Service Centre\n", 1).replacen("180", "0\n9999\n180", 1).replacen("locked case", "the face is FASTER\nlocked case", 1);
    let out = office.set_up(&stumbling);
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    assert_eq!(said.matches("processor.name").count(), 2, "{said}");
    assert!(said.contains("1 to 1096") && said.contains("\"faster\""), "{said}");
    assert!(said.contains(&format!("--data {}", office.at("data"))), "the command would open another store: {said}");
    // The device itself says that it is lawful.
    let (data, site, pw) = (office.at("data"), office.at("data/site.toml"), office.at("pw"));
    let out = run(&["comply", "report", "--json", "--data", &data, "--site", &site, "--operator", "chen", "--passwords", &pw]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let report = json(&out);
    assert_eq!((report["ready"].as_bool(), report["locks"].as_array().map(Vec::len)), (Some(true), Some(0)), "{report}");
    assert_eq!(report["articles"].as_array().map(Vec::len), Some(20));
    assert!(report["articles"].as_array().expect("articles").iter().all(|a| a["state"] != "not_met"), "{report}");
    assert_eq!(report["checks"].as_array().map(Vec::len), Some(40));
    // A second run changes nothing.
    let out = office.set_up(ANSWERS);
    assert_eq!(out.status.code(), Some(1));
    assert!(stderr(&out).contains("already"), "{out:?}");
}

#[test]
fn a_set_up_without_signature_stays_closed_and_says_how_to_go_on() {
    let office = Office { folder: tempfile::tempdir().expect("a folder") };
    fs::write(office.at("pw"), "early rain on the river\n").expect("written");
    let out = office.set_up(&ANSWERS.replace("\ny\n", "\nn\n"));
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    office.go(1, "comply assess", &["comply", "report"]);
    let form = office.at("data/assessment.toml");
    let text = fs::read_to_string(&form).expect("a form");
    fs::write(&form, text.replace("low; fit to be used", "(to be filled in)")).expect("written");
    office.go(1, "12", &["comply", "assess", "--sign", &form]);
    fs::write(&form, &text).expect("written");
    office.go(0, "signed", &["comply", "assess", "--sign", &form]);
    office.go(0, "", &["comply", "report"]);
    // The form from nothing has its open questions, and says which.
    let blank = office.at("blank.toml");
    office.go(0, "", &["comply", "assess", "--form", &blank]);
    office.go(1, "3", &["comply", "assess", "--sign", &blank]);
}

#[test]
fn check_27_an_incident_has_its_drafts() {
    let office = Office::new();
    let given = office.at("identity.json");
    fs::write(&given, r#"{"name":"Sample Person","number":"11010519491231002X","birth":"2011-12-31","claim":"2468"}"#).expect("written");
    let (one, two) = (root().join("tests/data/portraits/obama.jpg"), root().join("tests/data/portraits/obama2.jpg"));
    let images = ["--image", one.to_str().expect("a path"), "--image", two.to_str().expect("a path")];
    office.go(0, "", &[&["people", "enrol", "--identity", &given, "--signed-consent-seen"][..], &images].concat());
    let incident = ["--kind", "leak", "--what", "the case was found open", "--remedy", "locked, keys changed"];
    office.go(0, "no. 2", &[&["comply", "incident", "drill", "--major"][..], &incident].concat());
    let page = office.at("drafts.html");
    office.go(0, "", &["comply", "incident", "drafts", "2", "--to", &page]);
    let html = fs::read_to_string(&page).expect("the drafts");
    for part in ["DRILL", "the case was found open", "locked, keys changed", "0571-1234", "0 hours", "1 persons", "guardian"] {
        assert!(html.contains(part), "{part} is missing");
    }
    assert!(!html.contains("Sample Person") && !html.contains("11010519491231002X"), "a draft names somebody");
    assert_eq!(html.matches("<section>").count(), 3, "authority, people, guardians");
    office.go(0, "", &["comply", "report"]);
    office.go(0, "impact assessment", &[&["comply", "incident", "open", "--major"][..], &incident].concat());
    office.go(1, "", &["comply", "report"]);
    office.go(0, "", &["comply", "incident", "close", "3"]);
    office.go(1, "no open incident", &["comply", "incident", "close", "3"]);
}

#[test]
fn check_37_an_auditor_reads_the_papers_and_each_look_is_recorded() {
    let room = Room::new();
    let mut store = room.open_for(&site("A-03", "A-03"));
    let staff = staff(&mut store);
    enrol(&mut store, 1);
    let approval = both(&mut store, &staff, Action::ManageOperators);
    store.add_operator(&approval, &secret("an"), &secret("plum rain over roofs"), Role::Auditor).expect("added");
    let auditor = store.log_in(&secret("an"), &secret("plum rain over roofs")).expect("logged in");
    let id = auditor.id();
    for action in [Action::OpenRecord, Action::OpenMinor, Action::EraseOne, Action::SignAssessment, Action::ManageFiling] {
        assert!(store.approval(action, std::slice::from_ref(&auditor)).is_err(), "{action:?}");
    }
    let approval = store.approval(Action::SeeCompliance, &[auditor]).expect("an auditor reads");
    let before = store.processing_records(&approval, 0).expect("readable").len();
    store.looked(&approval).expect("on record");
    let records = store.processing_records(&approval, 0).expect("readable");
    assert!(records.len() > before + 1);
    let looks = records.iter().filter(|(_, event)| *event == AuditEvent::Done { action: Action::SeeCompliance, by: vec![id] }).count();
    assert_eq!(looks, 3, "a look that is not on record");
    let again = store_log_in(&mut store);
    let other = store.approval(Action::ListPeople, &[again]).expect("may list");
    assert!(store.processing_records(&other, 0).is_err(), "approved for something else");
}

fn store_log_in(store: &mut Store) -> LoggedIn {
    store.log_in(&secret("an"), &secret("plum rain over roofs")).expect("logged in")
}

#[test]
fn papers_are_written_and_devices_are_counted_together() {
    let office = Office::new();
    let (pack, page) = (office.at("pack"), office.at("page.html"));
    office.go(0, "SHA-256", &["comply", "pack", "--to", &pack]);
    let mut materials: Vec<String> = fs::read_dir(&pack).expect("a folder").flatten().map(|f| f.file_name().to_string_lossy().into_owned()).collect();
    materials.sort();
    assert_eq!(materials.len(), 5, "{materials:?}");
    for name in &materials {
        let html = fs::read_to_string(Path::new(&pack).join(name)).expect("a page");
        assert!(html.contains("<!doctype html>") && html.len() > 1_000 && !html.contains("http://") && !html.contains("https://"), "{name}");
    }
    assert!(fs::read_to_string(Path::new(&pack).join(&materials[4])).expect("a page").contains("Signed by chen"));
    office.go(0, "", &["comply", "assess", "--to", &page]);
    office.go(0, "No. 1", &["comply", "notices"]);
    office.go(0, "Green Stalk", &["comply", "notices", "1"]);
    office.go(1, "9", &["comply", "notices", "9"]);
    office.go(0, "", &["comply", "records", "--to", &page]);
    assert!(fs::read_to_string(&page).expect("a page").contains("assessed"));
    office.go(0, "100,000", &["comply", "filing"]);
    office.go(0, "", &["comply", "requests", "list"]);
    office.go(1, "7", &["comply", "requests", "answer", "7", "--text", "yes"]);
    // Two devices of one group, and one of another.
    let (key, one, two, three) = (office.at("group.key"), office.at("1.sketch"), office.at("2.sketch"), office.at("3.sketch"));
    office.go(1, "group", &["comply", "sketch", "--to", &one]);
    office.go(0, "", &["comply", "group", "create", "--to", &key]);
    office.go(0, "", &["comply", "sketch", "--to", &one]);
    let (second, third) = (Office::new(), Office::new());
    second.go(0, "", &["comply", "group", "join", "--from", &key]);
    second.go(0, "", &["comply", "sketch", "--to", &two]);
    third.go(0, "", &["comply", "group", "create", "--to", &third.at("k")]);
    third.go(0, "", &["comply", "sketch", "--to", &three]);
    let out = run(&["comply", "merge", &one, &two, "--json"]);
    assert_eq!((json(&out)["persons"].as_u64(), json(&out)["devices"].as_u64()), (Some(0), Some(2)));
    assert_eq!(run(&["comply", "merge", &one, &three]).status.code(), Some(2), "two groups were mixed");
    // On record here: the own people count whichever files are given, and it must be one group.
    office.go(0, "", &["comply", "merge", &two, "--store"]);
    office.go(2, "", &["comply", "merge", &three, "--store"]);
    // The end needs two persons, and a word.
    office.go(1, "--yes", &["comply", "terminate", "--to", &page]);
    office.go(1, "two", &["comply", "terminate", "--to", &page, "--yes"]);
    let (second, both, certificate) = (office.at("pw2"), office.at("both"), office.at("certificate.html"));
    fs::write(&second, "old stones in the yard\n").expect("written");
    fs::write(&both, "early rain on the river\nold stones in the yard\n").expect("written");
    let data = office.at("data");
    let site = office.at("data/site.toml");
    let pw = office.at("pw");
    let add = ["operator", "add", "--role", "supervisor", "lin", "--new-password", &second, "--data", &data, "--operator", "chen", "--passwords", &pw];
    assert_eq!(run(&add).status.code(), Some(0));
    let end = |to: &str| {
        let two = ["--operator", "chen", "--operator", "lin", "--passwords", &both, "--data", &data, "--site", &site, "--lang", "en"];
        run(&[&["comply", "terminate", "--yes", "--to", to][..], &two].concat())
    };
    assert_eq!(end(&page).status.code(), Some(3), "a page was written over");
    let out = end(&certificate);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let html = fs::read_to_string(&certificate).expect("a certificate");
    assert!(html.contains("Green Stalk Service Centre") && html.contains("A-07") && html.contains("0 persons"), "{html}");
    assert_eq!(end(&office.at("again.html")).status.code(), Some(1), "twice");
    office.go(1, "", &["comply", "report"]);
}
