//! Operators, audit log, backups, alarms: what makes the store one that can be trusted.

use std::fs;
use std::path::{Path, PathBuf};
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
use mianzheng::store::{NotAdded, Store, StoreError, StorePaths};

use crate::support::TestClock;

pub(crate) const DAY: u64 = 86_400_000;
/// 1 November 2026.
pub(crate) const START: u64 = 1_793_491_200_000;
pub(crate) const PASSWORD: &str = "early rain on the river";

pub(crate) struct Room {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
}

impl Room {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(TestClock::default());
        clock.unix_ms.store(START, Ordering::SeqCst);
        Self { folder: tempfile::tempdir().expect("a folder"), clock }
    }

    pub(crate) fn paths(&self) -> StorePaths {
        StorePaths::under(self.folder.path())
    }

    pub(crate) fn try_open(&self) -> Result<Store, StoreError> {
        Store::open(&self.paths(), self.clock.clone(), 365, "notice")
    }

    /// With the notice of a site, and so many days of retention.
    pub(crate) fn open_for(&self, site: &mianzheng::config::Site) -> Store {
        let notice = mianzheng::notice::of_site(site);
        let mut store = Store::open(&self.paths(), self.clock.clone(), site.retention_days(), notice).expect("a store");
        store.offer_notice().expect("offered");
        store
    }

    pub(crate) fn open(&self) -> Store {
        self.try_open().expect("a store")
    }

    pub(crate) fn pass(&self, ms: u64) {
        self.clock.unix_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Days on which something happens now and then, as on a device in use.
    pub(crate) fn live(&self, store: &mut Store, days: u64) {
        for _ in 0..days / 60 {
            self.pass(60 * DAY);
            store.record(&AuditEvent::StaffCalled).expect("recorded");
        }
        self.pass(days % 60 * DAY);
        store.tend().expect("tended");
    }

    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.paths().database).expect("a database")
    }
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub(crate) fn staff(store: &mut Store) -> [LoggedIn; 2] {
    let first = store.create_first_supervisor(&secret("chen"), &secret(PASSWORD)).expect("the first");
    let approval = store.approval(Action::ManageOperators, std::slice::from_ref(&first)).expect("alone while alone");
    store.add_operator(&approval, &secret("lin"), &secret("old stones in the yard"), Role::Supervisor).expect("the second");
    let second = store.log_in(&secret("lin"), &secret("old stones in the yard")).expect("logged in");
    [first, second]
}

pub(crate) fn both(store: &mut Store, staff: &[LoggedIn; 2], action: Action) -> Approval {
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
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&person(number))).expect("a receipt");
    let claim = ClaimNumber::parse(&format!("{:07}", 1_000_000 + number)).expect("a number");
    let order = EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None };
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
    // A clerk's account is off in the end; a supervisor's never, or a visitor could end all
    // administration.
    let supervisor = store.log_in(&secret("chen"), &secret(PASSWORD)).expect("in");
    let other = store.log_in(&secret("lin"), &secret("old stones in the yard")).expect("in");
    let approval = store.approval(Action::ManageOperators, &[supervisor, other]).expect("two");
    let clerk = store.add_operator(&approval, &secret("wu"), &secret("seven white cranes"), Role::Clerk).expect("added");
    for _ in 0..50 {
        room.clock.uptime.fetch_add(3_600_000, Ordering::SeqCst);
        let _ = wrong(&mut store);
        let _ = store.log_in(&secret("wu"), &secret("not the password"));
    }
    assert!(matches!(store.log_in(&secret("chen"), &secret(PASSWORD)), Err(LogInRefused::Wait(_))));
    room.clock.uptime.fetch_add(3_600_000, Ordering::SeqCst);
    assert_eq!(store.log_in(&secret("wu"), &secret("seven white cranes")), Err(LogInRefused::Off));
    let supervisor = store.log_in(&secret("chen"), &secret(PASSWORD)).expect("after an hour");
    let approval = store.approval(Action::Unlock, std::slice::from_ref(&supervisor)).expect("alone");
    store.let_try_again(&approval, clerk).expect("may");
    assert!(store.log_in(&secret("wu"), &secret("seven white cranes")).is_ok());
}

pub(crate) fn exported(store: &mut Store, staff: &[LoggedIn; 2], folder: &Path) -> PathBuf {
    let path = folder.join("export.jsonl");
    let approval = both(store, staff, Action::ExportAudit);
    store.export_log(&approval, &mut fs::File::create(&path).expect("a file")).expect("exported");
    path
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
    let facts = |program: &str, reader: &str| Facts { program: Some(program.into()), reader: Some(reader.into()), policy: "7".into() };
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
    store.observe(&Facts { policy: "8".into(), ..facts("c", "s") }).expect("observed");
    assert!(!store.condition().expect("open").facts.policy_approved);
    assert!(store.approval(Action::ApprovePolicy, std::slice::from_ref(&second)).is_err());
    let approval = store.approval(Action::ApprovePolicy, &[first, second]).expect("two");
    store.approve_policy(&approval, "8").expect("approved");
    assert!(store.condition().expect("open").facts.policy_approved);
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
    // Somebody writes today's epoch into it: it opens, with alarms, and the person stays shut.
    room.database().execute("UPDATE meta SET value = x'0000000000000002' WHERE name = 'epoch'", []).expect("changed");
    let mut store = room.open();
    assert!(store.template(gone).is_err());
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::LogDamaged));
    drop(store);
    fs::write(room.paths().database, today).expect("put back");
    assert!(room.open().template(stays).expect("readable").is_some());
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
    assert!(spool.find_identity(&person(1)).is_err(), "it cannot say that nothing is stored");
    assert!(spool.store_consent(&ConsentDraft { purpose: Purpose::Verify, person: None, lang: Lang::En, shown_ms: 0, guardian: None, standing: None }, None).is_err());
    // Somebody writes more into the open file: a log-in that never was, and rubbish.
    let line = serde_json::to_string(&AuditEvent::LoggedIn { operator: mianzheng::core::ids::OperatorId(1) }).expect("json");
    let mut text = fs::read_to_string(spool.place()).expect("the spool");
    text.push_str(&format!("{line}\nrubbish\n{{\"attempt\":"));
    fs::write(spool.place(), text).expect("written");
    let before = room.open().check_log();
    assert_eq!(before.entries, 3, "started, caught, granted: {before:?}");
    assert!(!spool.place().exists());
}

#[test]
fn a_database_file_put_in_the_place_of_the_open_one_is_noticed() {
    let room = Room::new();
    let mut store = room.open();
    store.tend().expect("tended");
    assert!(store.alarms().is_empty());
    let file = room.paths().database;
    fs::copy(&file, file.with_extension("copy")).expect("copied");
    fs::rename(file.with_extension("copy"), &file).expect("swapped");
    // The store still writes to the file it opened; that is enough to say so.
    let _ = store.tend();
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::FileSwapped));
}

#[test]
fn consents_end_and_go_after_the_legal_period() {
    let room = Room::new();
    let mut store = room.open();
    let count = |room: &Room, which: &str| -> i64 {
        room.database().query_row(&format!("SELECT count(*) FROM consents WHERE {which}"), [], |row| row.get(0)).expect("counted")
    };
    enrol(&mut store, 1);
    store.store_consent(&ConsentDraft { purpose: Purpose::Verify, person: None, lang: Lang::En, shown_ms: 0, guardian: None, standing: None }, None).expect("stored");
    assert_eq!((count(&room, "ended_ms IS NULL"), count(&room, "1")), (2, 2));
    room.pass(2 * DAY);
    store.tend().expect("tended");
    assert_eq!((count(&room, "ended_ms IS NULL"), count(&room, "1")), (1, 2), "a consent to be verified once is used up");
    room.live(&mut store, 400);
    assert_eq!((count(&room, "ended_ms IS NULL"), count(&room, "1")), (0, 2), "the template ended");
    room.live(&mut store, 3 * 365 - 2);
    assert_eq!(count(&room, "1"), 1);
    room.pass(10 * DAY);
    store.tend().expect("tended");
    assert_eq!(count(&room, "1"), 0);
}

#[test]
fn old_rows_put_back_bring_back_neither_set_up_nor_tries_nor_removed_operators() {
    let room = Room::new();
    drop(room.open());
    let guard = |room: &Room| -> Vec<u8> {
        room.database().query_row("SELECT value FROM meta WHERE name = 'guard'", [], |row| row.get(0)).expect("a guard")
    };
    let at_set_up = guard(&room);
    let mut store = room.open();
    staff(&mut store);
    drop(store);
    let fresh: Vec<u8> = room.database().query_row("SELECT state FROM operators WHERE id = 1", [], |row| row.get(0)).expect("a state");
    let mut store = room.open();
    for _ in 0..6 {
        let _ = store.log_in(&secret("chen"), &secret("not the password"));
    }
    drop(store);
    // The count of failures from before.
    let good = fs::read(room.paths().database).expect("the file");
    room.database().execute("UPDATE operators SET state = ?1 WHERE id = 1", [&fresh]).expect("changed");
    let mut store = room.open();
    assert_eq!(store.log_in(&secret("chen"), &secret(PASSWORD)), Err(LogInRefused::Store));
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::RowChanged));
    drop(store);
    // The time of setting up from before.
    fs::write(room.paths().database, &good).expect("put back");
    room.database().execute("UPDATE meta SET value = ?1 WHERE name = 'guard'", [&at_set_up]).expect("changed");
    let mut store = room.open();
    assert!(store.has_operators() && store.approval(Action::Enrol, &[]).is_err());
    assert!(store.create_first_supervisor(&secret("mallory"), &secret(PASSWORD)).is_err());
}

#[test]
fn a_planted_trigger_is_found_before_anything_is_done() {
    let room = Room::new();
    drop(room.open());
    let trigger = "CREATE TRIGGER keep BEFORE DELETE ON people BEGIN SELECT RAISE(IGNORE); END";
    room.database().execute_batch(trigger).expect("planted");
    assert!(matches!(room.try_open(), Err(StoreError::Corrupt(_))));
}

#[test]
fn two_programs_do_not_open_one_store() {
    let room = Room::new();
    let store = room.open();
    assert!(matches!(room.try_open(), Err(StoreError::Busy(_))));
    drop(store);
    assert!(room.try_open().is_ok());
}

#[test]
fn a_database_that_is_not_there_does_not_cost_its_keys() {
    let room = Room::new();
    let id = enrol(&mut room.open(), 1);
    let file = room.paths().database;
    fs::rename(&file, file.with_extension("away")).expect("moved");
    assert!(matches!(room.try_open(), Err(StoreError::Missing(_))));
    fs::write(&file, b"").expect("an empty file");
    assert!(matches!(room.try_open(), Err(StoreError::Missing(_))));
    fs::rename(file.with_extension("away"), &file).expect("moved back");
    assert!(room.open().template(id).expect("readable").is_some());
}

#[test]
fn a_clock_set_far_ahead_ends_templates_but_no_records_the_law_keeps() {
    let room = Room::new();
    let mut store = room.open();
    let person = enrol(&mut store, 1);
    let entries = store.check_log().entries;
    room.pass(10 * 365 * DAY);
    store.tend().expect("tended");
    assert!(store.alarms().iter().any(|open| open.alarm == Alarm::ClockAhead));
    assert!(store.template(person).expect("readable").is_none());
    assert!(store.check_log().entries > entries && store.check_log().damage.is_none(), "entries were dropped");
}

#[test]
fn a_card_is_served_while_the_disk_refuses() {
    use mianzheng::core::audit::AttemptResult;
    use mianzheng::core::evidence::Method;
    crate::fault_vfs::install();
    let room = Room::new();
    let mut store = room.open();
    let armed = crate::fault_vfs::arm(&room.folder.path().join("store"), Some((crate::fault_vfs::Fault::Full, 1)));
    let granted = |method| AuditEvent::Attempt { method, result: AttemptResult::Granted, person: Some(PersonId(1)), policy: 1 };
    assert!(store.record(&granted(Method::Face)).is_err(), "a face without its record");
    assert!(store.record(&granted(Method::Card)).is_ok(), "a full disk closed the card way");
    drop(store);
    drop(armed);
    let before = room.open().check_log();
    assert_eq!((before.damage, before.entries), (None, 3), "started, caught, granted");
}
