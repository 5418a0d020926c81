//! Operators, audit log, backups, alarms: what makes the store one that can be trusted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use mianzheng::core::alarm::Alarm;
use mianzheng::core::audit::AuditEvent;
use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::Purpose;
use mianzheng::core::ids::PersonId;
use mianzheng::core::operator::{Action, Approval, Denied, LoggedIn, Role};
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::ports::{ClaimNumber, Clock, DIMENSION, Embedding, Facts, Identity, LogInRefused, Records, Secret, Security};
use mianzheng::store::{Damage, NotAdded, NotRestored, Store, StoreError, StorePaths, Unlock, restore};

use crate::support::{TestClock, root};

const DAY: u64 = 86_400_000;
/// 1 November 2026.
const START: u64 = 1_793_491_200_000;
const PASSWORD: &str = "early rain on the river";

struct Room {
    folder: tempfile::TempDir,
    clock: Arc<TestClock>,
}

impl Room {
    fn new() -> Self {
        let clock = Arc::new(TestClock::default());
        clock.unix_ms.store(START, Ordering::SeqCst);
        Self { folder: tempfile::tempdir().expect("a folder"), clock }
    }

    fn paths(&self) -> StorePaths {
        StorePaths::under(self.folder.path())
    }

    fn try_open(&self) -> Result<Store, StoreError> {
        Store::open(&self.paths(), self.clock.clone(), 365, "notice")
    }

    fn open(&self) -> Store {
        self.try_open().expect("a store")
    }

    fn pass(&self, ms: u64) {
        self.clock.unix_ms.fetch_add(ms, Ordering::SeqCst);
    }

    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.paths().database).expect("a database")
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn staff(store: &mut Store) -> [LoggedIn; 2] {
    let first = store.create_first_supervisor(&secret("chen"), &secret(PASSWORD)).expect("the first");
    let approval = store.approval(Action::ManageOperators, std::slice::from_ref(&first)).expect("alone while alone");
    store.add_operator(&approval, &secret("lin"), &secret("old stones in the yard"), Role::Supervisor).expect("the second");
    let second = store.log_in(&secret("lin"), &secret("old stones in the yard")).expect("logged in");
    [first, second]
}

fn both(store: &mut Store, staff: &[LoggedIn; 2], action: Action) -> Approval {
    store.approval(action, staff).expect("two supervisors")
}

pub(crate) fn face(seed: u32) -> Embedding {
    let mut values = [0.0; DIMENSION];
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for value in &mut values {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *value = (state >> 40) as f32 / 16_777_216.0 - 0.5;
    }
    Embedding::new([7; 8], &values).expect("an embedding")
}

pub(crate) fn person(number: u32) -> Identity {
    Identity::new(secret(&format!("name-of-{number:05}")), secret(&format!("document-{number:05}")), Date::parse("1980-01-01"), None)
}

pub(crate) fn enrol(store: &mut Store, number: u32) -> PersonId {
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1 };
    let receipt = store.store_consent(&draft, Some(&person(number))).expect("a receipt");
    let claim = ClaimNumber::parse(&format!("{:07}", 1_000_000 + number)).expect("a number");
    let order = EnrolOrder { receipt, policy: 1, samples: Vec::new() };
    store.enrol(&order, &person(number), &claim, &face(number)).expect("enrolled")
}

#[test]
fn there_is_no_password_until_somebody_chooses_one_and_no_weak_one_then() {
    let room = Room::new();
    let mut store = room.open();
    for name in ["admin", "supervisor", "root", ""] {
        assert_eq!(store.log_in(&secret(name), &secret("admin")), Err(LogInRefused::Wrong));
    }
    assert!(matches!(store.create_first_supervisor(&secret("chen"), &secret("12345678")), Err(NotAdded::WeakPassword)));
    assert!(store.create_first_supervisor(&secret("chen"), &secret(PASSWORD)).is_ok());
    assert!(store.create_first_supervisor(&secret("second"), &secret(PASSWORD)).is_err(), "the first run comes once");
}

#[test]
fn once_there_are_operators_nothing_goes_without_them_and_refusals_are_on_record() {
    let room = Room::new();
    let mut store = room.open();
    assert!(store.approval(Action::Enrol, &[]).is_ok(), "while the device is being set up");
    let staff = staff(&mut store);
    assert_eq!(store.approval(Action::Enrol, &[]), Err(Denied::Nobody));
    assert_eq!(store.approval(Action::ExportAudit, &staff[..1]), Err(Denied::Second(staff[0].id())));
    let approval = both(&mut store, &staff, Action::ManageOperators);
    let clerk = store.add_operator(&approval, &secret("wu"), &secret("seven white cranes"), Role::Clerk).expect("added");
    let clerk_in = store.log_in(&secret("wu"), &secret("seven white cranes")).expect("logged in");
    for action in [Action::ExportAudit, Action::ChangeKeys, Action::ClearAlarm, Action::ManageOperators, Action::Restore] {
        assert_eq!(store.approval(action, std::slice::from_ref(&clerk_in)), Err(Denied::Role(clerk)), "{action:?}");
    }
    let export = exported(&mut store, &staff, room.folder.path());
    let text = fs::read_to_string(export).expect("an export");
    assert_eq!(text.matches("\\\"denied\\\"").count(), 7, "{text}");
    assert!(!text.contains("wu") && !text.contains("chen"), "names are in the log");
    // Deleting every row does not bring the time of setting up back.
    drop(store);
    room.database().execute("DELETE FROM operators", []).expect("deleted");
    assert!(room.open().approval(Action::Enrol, &[]).is_err());
    room.database().execute("DELETE FROM meta WHERE name = 'guard'", []).expect("deleted");
    let mut store = room.open();
    assert!(store.approval(Action::Enrol, &[]).is_err());
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::RowChanged));
}

#[test]
fn five_failures_make_an_account_wait_also_after_a_restart_and_with_the_clock_set() {
    let room = Room::new();
    let mut store = room.open();
    let [first, _] = staff(&mut store);
    let wrong = |store: &mut Store| store.log_in(&secret("chen"), &secret("not the password"));
    for _ in 0..5 {
        assert_eq!(wrong(&mut store), Err(LogInRefused::Wrong));
    }
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::LoginsFailed));
    drop(store);
    let mut store = room.open();
    // The right password does not help before the time is over.
    let refused = store.log_in(&secret("chen"), &secret(PASSWORD));
    assert!(matches!(refused, Err(LogInRefused::Wait(ms)) if ms <= 30_000 && ms > 29_000), "{refused:?}");
    // A clock that is set, within one start of the machine, counts for nothing.
    room.clock.unix_ms.fetch_add(DAY, Ordering::SeqCst);
    assert!(matches!(store.log_in(&secret("chen"), &secret(PASSWORD)), Err(LogInRefused::Wait(_))));
    room.clock.uptime.fetch_add(30_000, Ordering::SeqCst);
    assert_eq!(store.log_in(&secret("chen"), &secret(PASSWORD)).expect("logged in").id(), first.id());
    for _ in 0..50 {
        room.clock.uptime.fetch_add(3_600_000, Ordering::SeqCst);
        let _ = wrong(&mut store);
    }
    room.clock.uptime.fetch_add(DAY * 30, Ordering::SeqCst);
    assert_eq!(store.log_in(&secret("chen"), &secret(PASSWORD)), Err(LogInRefused::Off));
    let other = store.log_in(&secret("lin"), &secret("old stones in the yard")).expect("the other");
    let approval = store.approval(Action::ManageOperators, &[first, other]).expect("two");
    store.let_try_again(&approval, approval.by()[0]).expect("may");
    assert!(store.log_in(&secret("chen"), &secret(PASSWORD)).is_ok());
}

fn exported(store: &mut Store, staff: &[LoggedIn; 2], folder: &Path) -> PathBuf {
    let path = folder.join("export.jsonl");
    let approval = both(store, staff, Action::ExportAudit);
    store.export_log(&approval, &mut fs::File::create(&path).expect("a file")).expect("exported");
    path
}

fn python(export: &Path, kept: Option<&str>) -> (bool, String) {
    let output = Command::new("python3").arg(root().join("tests/data/audit/verify.py")).arg(export).args(kept).output().expect("python3");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A log of four days.
fn log_of_days(room: &Room) -> (Store, [LoggedIn; 2]) {
    let mut store = room.open();
    let staff = staff(&mut store);
    for day in 0..4 {
        for _ in 0..=day {
            store.record(&AuditEvent::StaffCalled).expect("recorded");
        }
        room.pass(DAY);
    }
    store.record(&AuditEvent::StaffCalled).expect("recorded");
    (store, staff)
}

#[test]
fn an_independent_verifier_reads_an_export_and_finds_each_kind_of_damage() {
    let room = Room::new();
    let (mut store, staff) = log_of_days(&room);
    let (seq, hash) = store.log_head();
    let kept = format!("{seq}:{hash}");
    let export = exported(&mut store, &staff, room.folder.path());
    assert_eq!(python(&export, Some(&kept)), (true, "whole".into()));
    let text = fs::read_to_string(&export).expect("an export");
    let lines: Vec<&str> = text.lines().collect();
    let at = |seq: usize| lines.iter().position(|line| line.contains(&format!("\"seq\":{seq}}}")) && !line.contains("head")).expect("the entry");
    let four = at(4);
    let mut damages: Vec<(&str, Vec<String>)> = Vec::new();
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let mut gap = own(&lines);
    gap.remove(four);
    damages.push(("missing", gap));
    let mut swapped = own(&lines);
    swapped.swap(four, four + 1);
    damages.push(("missing", swapped));
    let mut edited = own(&lines);
    edited[four] = edited[four].replace("\\\"", "\\\"x");
    damages.push(("edited", edited));
    let heads = lines.iter().filter(|line| line.contains("head")).count();
    let entries = lines.len() - heads;
    // The end cut off, its head left; then its head gone as well.
    damages.push(("cut or computed anew", own(&[&lines[..entries - 1], &lines[entries..]].concat())));
    let mut headless = own(&lines);
    headless.pop();
    damages.push(("no signed head", headless));
    let mut forged = own(&lines);
    let last = forged.len() - 1;
    forged[last] = forged[last].replace("\"step\":", "\"step\":1");
    damages.push(("not signed", forged));
    for (word, lines) in damages {
        let path = room.folder.path().join("damaged.jsonl");
        fs::write(&path, lines.join("\n") + "\n").expect("written");
        let (whole, said) = python(&path, None);
        assert!(!whole && said.contains(word), "{word}: {said}");
    }
    // Entries and heads cut together pass, until a head kept elsewhere says otherwise.
    let day_end = lines.iter().filter(|l| l.contains("head")).nth(heads - 2).expect("a head");
    let day_end: serde_json::Value = serde_json::from_str(day_end).expect("json");
    let end = at(day_end["head"]["seq"].as_u64().expect("a number") as usize);
    let cut = [&lines[..=end], &lines[entries..lines.len() - 1]].concat();
    let path = room.folder.path().join("cut.jsonl");
    fs::write(&path, own(&cut).join("\n") + "\n").expect("written");
    assert!(python(&path, None).0);
    assert!(!python(&path, Some(&kept)).0);
}

#[test]
fn the_device_itself_finds_each_kind_of_damage_and_says_so_at_its_start() {
    let changes: [(&str, fn(Damage) -> bool); 6] = [
        ("DELETE FROM audit WHERE seq = 4", |d| d == Damage::Gap(4)),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 4", |d| d == Damage::Entry(4)),
        ("UPDATE audit SET body = (SELECT body FROM audit WHERE seq = 5) WHERE seq = 4", |d| d == Damage::Entry(4)),
        ("UPDATE heads SET signature = randomblob(64) WHERE step = 1", |d| d == Damage::Head(1)),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", |d| matches!(d, Damage::Gap(_))),
        // Entries and heads of the last day together: only the anchor beside the keys knows.
        (
            "DELETE FROM heads WHERE step = (SELECT max(step) FROM heads);
             DELETE FROM audit WHERE seq > (SELECT max(seq) FROM heads)",
            |d| matches!(d, Damage::Gap(_)),
        ),
    ];
    for (change, expected) in changes {
        let room = Room::new();
        drop(log_of_days(&room));
        room.database().execute_batch(change).expect("changed");
        let store = room.open();
        // Found at the start, and still after entries were added: nothing covers it up.
        let damage = store.check_log().damage.unwrap_or_else(|| panic!("not noticed: {change}"));
        assert!(expected(damage), "{change}: {damage:?}");
        assert!(store.alarms().iter().any(|open| open.alarm == Alarm::LogDamaged), "{change}");
    }
    let room = Room::new();
    drop(log_of_days(&room));
    let store = room.open();
    assert_eq!((store.check_log().damage, store.alarms().len()), (None, 0));
}

#[test]
fn a_log_computed_anew_by_somebody_with_the_file_but_no_key_is_noticed() {
    // Somebody puts in an entry of another device's log, with hash and all.
    let (room, other) = (Room::new(), Room::new());
    drop((log_of_days(&room), log_of_days(&other)));
    let db = room.database();
    db.execute("ATTACH ?1 AS other", [other.paths().database.to_str().expect("a path")]).expect("attached");
    db.execute_batch("DELETE FROM audit; INSERT INTO audit SELECT * FROM other.audit; DELETE FROM heads; INSERT INTO heads SELECT * FROM other.heads")
        .expect("changed");
    drop(db);
    assert!(room.open().check_log().damage.is_some());
}

#[test]
fn old_entries_are_dropped_after_the_legal_period_with_a_record_of_it() {
    let room = Room::new();
    let (mut store, staff) = log_of_days(&room);
    let before = store.check_log().entries;
    // The first entry is then three years old, less a day or two of leap years.
    room.pass((3 * 365 - 4) * DAY);
    store.tend().expect("tended");
    assert_eq!(store.check_log().damage, None);
    assert!(store.check_log().entries >= before, "nothing goes before three years");
    room.pass(30 * DAY);
    store.record(&AuditEvent::StaffCalled).expect("recorded");
    store.tend().expect("tended");
    let report = store.check_log();
    assert_eq!(report.damage, None);
    assert!(report.entries < before, "{report:?}");
    let staff = [store.log_in(&secret("chen"), &secret(PASSWORD)).expect("in"), store.log_in(&secret("lin"), &secret("old stones in the yard")).map(|s| { drop(staff); s }).expect("in")];
    let export = exported(&mut store, &staff, room.folder.path());
    assert_eq!(python(&export, None), (true, "whole".into()));
    // The record of it is what explains where the log begins.
    drop(store);
    let base = room.database().execute("UPDATE meta SET value = randomblob(40) WHERE name = 'audit_base'", []).expect("changed");
    assert_eq!(base, 1);
    assert!(room.open().check_log().damage.is_some());
}

#[test]
fn a_clock_turned_back_frees_nothing_and_is_noticed() {
    let room = Room::new();
    let mut store = room.open();
    let person = enrol(&mut store, 1);
    room.pass(364 * DAY);
    store.record(&AuditEvent::StaffCalled).expect("recorded");
    // Back to the first day: the template must still end on its own.
    room.clock.unix_ms.store(START, Ordering::SeqCst);
    store.tend().expect("tended");
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::ClockBack && open.closes_face(room.clock.unix_ms())));
    assert!(store.template(person).expect("readable").is_some());
    drop(store);
    room.clock.unix_ms.store(START + 365 * DAY, Ordering::SeqCst);
    let mut store = room.open();
    assert!(store.template(person).expect("readable").is_none(), "expired while the machine was off");
}

#[test]
fn a_changed_program_or_reader_is_noticed_until_a_supervisor_looked_into_it() {
    let room = Room::new();
    let mut store = room.open();
    let facts = |program: &str, reader: &str| Facts { program: Some(program.into()), reader: Some(reader.into()), policy: 7 };
    store.observe(&facts("a", "r")).expect("observed");
    store.observe(&facts("b", "r")).expect("observed");
    assert!(store.alarms().is_empty(), "while the device is being set up, what is there counts");
    let [first, second] = staff(&mut store);
    store.observe(&facts("b", "r")).expect("observed");
    assert!(store.alarms().is_empty());
    store.observe(&facts("c", "s")).expect("observed");
    let open: Vec<Alarm> = store.alarms().iter().map(|open| open.alarm).collect();
    assert_eq!(open, [Alarm::ProgramChanged, Alarm::ReaderChanged]);
    drop(store);
    let mut store = room.open();
    assert_eq!(store.alarms().len(), 2, "alarms outlive a restart");
    store.observe(&facts("c", "s")).expect("observed");
    let approval = store.approval(Action::ClearAlarm, std::slice::from_ref(&first)).expect("a supervisor");
    for alarm in open {
        store.clear(&approval, alarm).expect("cleared");
    }
    store.observe(&facts("c", "s")).expect("observed");
    assert!(store.alarms().is_empty());
    // Another policy waits for two persons.
    store.observe(&Facts { policy: 8, ..facts("c", "s") }).expect("observed");
    assert!(!store.condition().expect("open").policy_approved);
    assert!(store.approval(Action::ApprovePolicy, std::slice::from_ref(&second)).is_err());
    let approval = store.approval(Action::ApprovePolicy, &[first, second]).expect("two");
    store.approve_policy(&approval, 8).expect("approved");
    assert!(store.condition().expect("open").policy_approved);
}

#[test]
fn an_old_copy_of_the_database_does_not_bring_an_erased_person_back() {
    let room = Room::new();
    let mut store = room.open();
    let (gone, stays) = (enrol(&mut store, 1), enrol(&mut store, 2));
    drop(store);
    let copy = fs::read(room.paths().database).expect("the file");
    let mut store = room.open();
    store.erase(gone).expect("erased");
    assert!(store.template(stays).expect("readable").is_some());
    drop(store);
    // The key folder of today, the database of yesterday.
    let today = fs::read(room.paths().database).expect("the file");
    fs::write(room.paths().database, copy).expect("put back");
    for beside in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(room.paths().database.with_extension(beside));
    }
    assert!(matches!(room.try_open(), Err(StoreError::Stale(_))));
    fs::write(room.paths().database, today).expect("put back");
    assert!(room.open().template(stays).expect("readable").is_some());
}

#[test]
fn two_devices_and_two_enrolments_share_no_comparable_value() {
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

fn unlock() -> Unlock {
    Unlock::default()
}

#[test]
fn a_backup_brings_back_all_but_who_was_erased_since() {
    let room = Room::new();
    let clock: Arc<dyn Clock> = room.clock.clone();
    let mut store = room.open();
    let staff = staff(&mut store);
    let ids: Vec<PersonId> = (1..=5).map(|number| enrol(&mut store, number)).collect();
    let file = room.folder.path().join("backup.mz");
    let approval = both(&mut store, &staff, Action::Backup);
    store.back_up(&approval, &file).expect("a backup");
    let bytes = fs::read(&file).expect("the file");
    for needle in ["name-of-00003", "document-00003", "1000003"] {
        assert!(!bytes.windows(needle.len()).any(|w| w == needle.as_bytes()), "{needle}");
    }
    store.erase(ids[1]).expect("erased");
    let later = enrol(&mut store, 9);
    // A store that works is not overwritten.
    drop(store);
    let named = |store: &mut Store| {
        let one = store.log_in(&secret("chen"), &secret(PASSWORD)).ok()?;
        let two = store.log_in(&secret("lin"), &secret("old stones in the yard")).ok()?;
        store.approval(Action::Restore, &[one, two]).ok()
    };
    assert!(matches!(restore(&room.paths(), &clock, &file, &unlock(), named), Err(NotRestored::Opens)));
    fs::write(room.paths().database, b"not a database any more").expect("broken");
    // One person is not enough, and changes nothing.
    let alone = |store: &mut Store| {
        let one = store.log_in(&secret("chen"), &secret(PASSWORD)).ok()?;
        store.approval(Action::Restore, &[one]).ok()
    };
    assert!(matches!(restore(&room.paths(), &clock, &file, &unlock(), alone), Err(NotRestored::NotApproved)));
    // A cut or changed file is noticed.
    for damage in [bytes[..bytes.len() - 1].to_vec(), [&bytes[..99], &[bytes[99] ^ 1], &bytes[100..]].concat()] {
        let broken = room.folder.path().join("broken.mz");
        fs::write(&broken, damage).expect("written");
        assert!(matches!(restore(&room.paths(), &clock, &broken, &unlock(), named), Err(NotRestored::NotABackup(_))));
    }
    assert_eq!(restore(&room.paths(), &clock, &file, &unlock(), named).expect("restored"), 4);
    let mut store = room.open();
    assert!(store.find_identity(&person(2)).expect("readable").is_none(), "an erased person came back");
    assert!(!store.has_person(later).expect("readable"));
    for number in [1, 3, 4, 5] {
        let known = store.find_identity(&person(number)).expect("readable").expect("known");
        let template = store.template(known.person).expect("readable").expect("a template");
        assert!(f32::from(template.similarity(&face(number)).expect("comparable")) > 0.9999);
    }
    assert_eq!(store.check_log().damage, None, "the log goes on and says what happened");
    let next = enrol(&mut store, 10);
    drop(store);
    assert!(room.open().template(next).expect("readable").is_some());
}

#[test]
fn a_backup_ends_and_an_erased_person_is_in_none() {
    let room = Room::new();
    let clock: Arc<dyn Clock> = room.clock.clone();
    let mut store = room.open();
    let staff = staff(&mut store);
    enrol(&mut store, 1);
    let file = room.folder.path().join("backup.mz");
    let approval = both(&mut store, &staff, Action::Backup);
    let ends = store.back_up(&approval, &file).expect("a backup");
    assert_eq!(ends.cast_unsigned(), START + 30 * DAY);
    assert!(store.back_up(&approval, &file).is_err(), "never over a file");
    room.pass(31 * DAY);
    store.tend().expect("tended");
    drop(store);
    fs::write(room.paths().database, b"broken").expect("broken");
    let any = |_: &mut Store| None;
    assert!(matches!(restore(&room.paths(), &clock, &file, &unlock(), any), Err(NotRestored::NoKey(_))));
}

#[test]
fn while_the_store_is_closed_the_card_way_keeps_its_record() {
    use mianzheng::core::audit::AttemptResult;
    use mianzheng::core::evidence::Method;
    use mianzheng::store::Spool;
    let room = Room::new();
    drop(room.open());
    let mut spool = Spool::beside(&room.paths());
    let granted = AuditEvent::Attempt { method: Method::Card, result: AttemptResult::Granted, person: None, policy: 1 };
    spool.record(&granted).expect("kept");
    assert!(spool.find_identity(&person(1)).expect("nobody is known").is_none());
    assert!(spool.store_consent(&ConsentDraft { purpose: Purpose::Verify, person: None, lang: Lang::En, shown_ms: 0 }, None).is_err());
    // Somebody writes more into the open file: a log-in that never was, and rubbish.
    let line = serde_json::to_string(&AuditEvent::LoggedIn { operator: mianzheng::core::ids::OperatorId(1) }).expect("json");
    let mut text = fs::read_to_string(spool.place()).expect("the spool");
    text.push_str(&format!("{line}\nrubbish\n{{\"attempt\":"));
    fs::write(spool.place(), text).expect("written");
    let before = room.open().check_log();
    assert_eq!(before.entries, 3, "started, caught, granted: {before:?}");
    assert!(!spool.place().exists());
}
