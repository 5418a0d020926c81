//! The store keeps what it acknowledged, opens only with its key, and shows nothing to a thief.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::{AgeBand, Purpose};
use mianzheng::core::ids::{PersonId, ReceiptId};
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::ports::{ClaimNumber, DIMENSION, Embedding, Identity, Records, Secret};
use mianzheng::store::{Store, StoreError, StorePaths};

use crate::support::TestClock;

const NAME: &str = "王小明绝密";
const NUMBER: &str = "11010519491231002X";

fn open(folder: &Path, clock: &Arc<TestClock>) -> Result<Store, StoreError> {
    Store::open(&StorePaths::under(folder), clock.clone(), 30, "notice")
}

fn identity() -> Identity {
    Identity::new(Secret::new(NAME.into()), Secret::new(NUMBER.into()), Date::parse("1949-12-31"), None)
}

fn embedding() -> Embedding {
    let mut values = [0.0; DIMENSION];
    for (index, value) in values.iter_mut().enumerate() {
        *value = (index as f32 * 0.37).sin();
    }
    Embedding::new([7; 8], &values).expect("an embedding")
}

fn enrol(store: &mut Store, claim: &str) -> PersonId {
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::ZhCn, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&identity())).expect("a receipt");
    store.enrol(&order(receipt), &identity(), &ClaimNumber::parse(claim).expect("a number"), &embedding()).expect("enrolled")
}

fn order(receipt: ReceiptId) -> EnrolOrder {
    EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None }
}

fn person(number: u32) -> Identity {
    Identity::new(Secret::new(format!("P{number}")), Secret::new(format!("K{number}")), Date::parse("1980-01-01"), None)
}

fn all_bytes(folder: &Path) -> Vec<u8> {
    fs::read_dir(folder.join("store")).expect("the store").flatten().flat_map(|f| fs::read(f.path()).expect("a file")).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn what_was_stored_comes_back_and_nothing_of_it_is_readable_on_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    let mut store = open(folder.path(), &clock).expect("a store");
    let person = enrol(&mut store, "24681357");
    drop(store);
    let mut store = open(folder.path(), &clock).expect("the store again");
    let known = store.find_claim(&ClaimNumber::parse("24681357").expect("a number")).expect("readable").expect("known");
    assert_eq!((known.person, known.age, known.template), (person, AgeBand::Adult, mianzheng::core::rights::Standing::Live));
    let template = store.template(person).expect("readable").expect("a template");
    assert!(f32::from(template.similarity(&embedding()).expect("comparable")) > 0.9999);
    assert_eq!(store.identity(person).expect("readable").name().expose(), NAME);
    drop(store);
    let bytes = all_bytes(folder.path());
    assert!(contains(&bytes, b"SQLite format 3"), "the search reads the file");
    let mut needles: Vec<Vec<u8>> = vec![NAME.into(), NUMBER.into(), b"24681357".to_vec(), b"1949-12-31".to_vec()];
    needles.push(embedding().values()[..4].iter().flat_map(|v| v.to_le_bytes()).collect());
    for needle in needles {
        assert!(!contains(&bytes, &needle));
    }
}

#[test]
fn templates_end_on_their_day_and_erased_people_are_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    let mut store = open(folder.path(), &clock).expect("a store");
    let person = enrol(&mut store, "1234");
    clock.unix_ms.store(30 * 86_400_000 - 1, Ordering::SeqCst);
    assert!(store.template(person).expect("readable").is_some());
    clock.unix_ms.store(30 * 86_400_000, Ordering::SeqCst);
    assert!(store.template(person).expect("readable").is_none());
    assert!(store.people().expect("readable").is_empty());
    let person = enrol(&mut store, "1234");
    store.erase(person).expect("erased");
    assert!(store.template(person).expect("readable").is_none());
    assert!(store.find_identity(&identity()).expect("readable").is_none());
}

#[test]
fn enrolling_again_replaces_and_never_doubles() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    let mut store = open(folder.path(), &clock).expect("a store");
    enrol(&mut store, "1234");
    enrol(&mut store, "5678");
    assert_eq!(store.people().expect("readable").len(), 1);
    assert!(store.find_claim(&ClaimNumber::parse("1234").expect("a number")).expect("readable").is_none());
}

#[test]
fn wrong_missing_and_foreign_keys_are_told_apart_and_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    enrol(&mut open(folder.path(), &clock).expect("a store"), "1234");
    drop(open(other.path(), &clock).expect("a store"));
    let key = folder.path().join("keys/master.key");
    let saved = fs::read(&key).expect("the key");
    fs::copy(other.path().join("keys/master.key"), &key).expect("copied");
    assert!(matches!(open(folder.path(), &clock), Err(StoreError::WrongKey(_))));
    fs::remove_file(&key).expect("removed");
    assert!(matches!(open(folder.path(), &clock), Err(StoreError::KeyMissing(_))));
    assert!(!key.exists(), "a new key was made for a store that lost its own");
    fs::write(&key, saved).expect("put back");
    assert_eq!(open(folder.path(), &clock).expect("the store again").people().expect("readable").len(), 1);
}

#[test]
fn damaged_and_newer_files_are_refused_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    enrol(&mut open(folder.path(), &clock).expect("a store"), "1234");
    let file = folder.path().join("store/mianzheng.db");
    let good = fs::read(&file).expect("the file");
    let mut newer = good.clone();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let mut torn = good.clone();
    torn[4096..].iter_mut().for_each(|b| *b ^= 0x5a);
    for (bytes, expected) in [(b"no database at all, but long enough to be looked at".repeat(40), "damaged"), (torn, "damaged"), (newer, "newer")] {
        fs::write(&file, &bytes).expect("written");
        let error = open(folder.path(), &clock).err().expect("refused").to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(fs::read(&file).expect("the file"), bytes, "the file was changed");
    }
}

#[test]
fn rows_moved_or_swapped_by_somebody_with_the_file_do_not_open() {
    let fresh = || {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::default());
        let mut store = open(folder.path(), &clock).expect("a store");
        let ids = [1, 2].map(|number| enrol_as(&mut store, number));
        drop(store);
        (folder, clock, ids)
    };
    let [blob, row, expiry] = [
        "UPDATE templates SET template = (SELECT template FROM templates WHERE person = ?1) WHERE person = ?2",
        "DELETE FROM templates WHERE person = ?2; UPDATE templates SET person = ?2 WHERE person = ?1",
        "UPDATE templates SET expires_ms = expires_ms + 1000 WHERE person = ?2",
    ];
    for change in [blob, row, expiry] {
        let (folder, clock, ids) = fresh();
        tamper(folder.path(), change, ids);
        let mut store = open(folder.path(), &clock).expect("the store again");
        assert!(store.template(ids[1]).is_err(), "{change}");
    }
    // Somebody else's number pointing to me.
    let (folder, clock, ids) = fresh();
    let swap = "UPDATE people SET claim_index = x'00112233445566778899aabbccddeeff' WHERE id = ?2";
    tamper(folder.path(), swap, ids);
    let mut store = open(folder.path(), &clock).expect("the store again");
    assert!(store.find_identity(&person(2)).is_err());
    assert!(store.find_identity(&person(1)).is_ok());
}

fn tamper(folder: &Path, change: &str, [one, two]: [PersonId; 2]) {
    let db = rusqlite::Connection::open(folder.join("store/mianzheng.db")).expect("a database");
    for statement in change.split(';') {
        let statement = statement.replace("?1", &one.0.to_string()).replace("?2", &two.0.to_string());
        assert!(db.execute(&statement, []).expect("changed") > 0);
    }
}

fn enrol_as(store: &mut Store, number: u32) -> PersonId {
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&person(number))).expect("a receipt");
    let claim = ClaimNumber::parse(&format!("{:06}", 100_000 + number)).expect("a number");
    store.enrol(&order(receipt), &person(number), &claim, &embedding()).expect("enrolled")
}

#[test]
fn a_refused_or_foreign_file_is_not_made_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    drop(open(folder.path(), &clock).expect("a store"));
    let file = folder.path().join("store/mianzheng.db");
    fs::remove_file(&file).expect("removed");
    let foreign = rusqlite::Connection::open(&file).expect("a database");
    foreign.execute_batch("CREATE TABLE diary (day TEXT); INSERT INTO diary VALUES ('secret');").expect("made");
    drop(foreign);
    let before = fs::read(&file).expect("the file");
    assert!(matches!(open(folder.path(), &clock), Err(StoreError::Corrupt(_))));
    assert_eq!(fs::read(&file).expect("the file"), before);
}

const CHILD: &str = "MIANZHENG_TEST_ENROLS_IN";

/// Not a test of its own: enrols person after person, in a process that is about to be killed.
#[test]
fn child_that_enrols_until_killed() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let clock = Arc::new(TestClock::default());
    let mut store = open(Path::new(&folder), &clock).expect("the store opens after every kill");
    let begin = u32::try_from(store.people().expect("readable").len()).expect("few") + 1;
    for number in begin.. {
        let id = enrol_as(&mut store, number);
        println!("acknowledged {}", id.0);
    }
}

#[test]
fn kill_in_the_middle_of_an_enrolment_leaves_all_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    let mut acknowledged = Vec::new();
    for round in 0..40_u64 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "store::child_that_enrols_until_killed", "--nocapture"])
            .env(CHILD, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines().map_while(Result::ok);
        let mut read = |line: String| {
            acknowledged.extend(line.split_once("acknowledged ").and_then(|(_, id)| id.parse::<u64>().ok()));
        };
        // From the first acknowledged enrolment on it is enrolling all the time.
        let first = lines.find(|line| line.contains("acknowledged")).expect("it enrols");
        read(first);
        std::thread::sleep(Duration::from_micros(round * 731 % 9_000));
        // SIGKILL: nothing in the program can tidy up.
        child.kill().expect("killed");
        lines.for_each(&mut read);
        child.wait().expect("ended");
        let mut store = open(folder.path(), &clock).expect("the store opens after every kill");
        let people = store.people().expect("readable");
        for id in &acknowledged {
            assert!(people.iter().any(|p| p.id == *id), "acknowledged {id} is lost");
        }
        for person in people {
            let id = PersonId(person.id);
            assert!(store.template(id).expect("readable").is_some(), "a person without a template");
            assert!(store.identity(id).is_ok(), "a person without an identity");
        }
    }
    assert!(acknowledged.len() > 40, "only {} enrolments", acknowledged.len());
}
