//! The store keeps what it acknowledged, opens only with its key, and shows nothing to a thief.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mianzheng::core::command::ConsentDraft;
use mianzheng::core::consent::{AgeBand, Purpose};
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::ports::{ClaimNumber, DIMENSION, Embedding, Identity, Records, Secret};
use mianzheng::store::{Store, StoreError, StorePaths};

use crate::support::{TestClock, portrait, program};

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

fn enrol(store: &mut Store, claim: &str) -> mianzheng::core::ids::PersonId {
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::ZhCn, shown_ms: 1 };
    let receipt = store.store_consent(&draft, Some(&identity())).expect("a receipt");
    store.enrol(receipt, &identity(), &ClaimNumber::parse(claim).expect("a number"), &embedding()).expect("enrolled")
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
    assert_eq!((known.person, known.age, known.has_template), (person, AgeBand::Adult, true));
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
fn template_moved_to_another_person_does_not_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::default());
    let mut store = open(folder.path(), &clock).expect("a store");
    let first = enrol(&mut store, "1234");
    let other = Identity::new(Secret::new("b".into()), Secret::new("440524188001010014".into()), Date::parse("1980-01-01"), None);
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1 };
    let receipt = store.store_consent(&draft, Some(&other)).expect("a receipt");
    let second = store.enrol(receipt, &other, &ClaimNumber::parse("9999").expect("a number"), &embedding()).expect("enrolled");
    drop(store);
    let db = rusqlite::Connection::open(folder.path().join("store/mianzheng.db")).expect("a database");
    db.execute(
        "UPDATE templates SET template = (SELECT template FROM templates WHERE person = ?1) WHERE person = ?2",
        [first.0.cast_signed(), second.0.cast_signed()],
    )
    .expect("swapped");
    drop(db);
    let mut store = open(folder.path(), &clock).expect("the store again");
    assert!(store.template(second).is_err());
    assert!(store.template(first).expect("readable").is_some());
}

/// Enrols person after person until killed; prints the id of each that was acknowledged.
fn enrolling(data: &Path, number: u32) -> Child {
    let mut child = program()
        .args(["people", "enrol", "--signed-consent-seen", "--identity", "-", "--data"])
        .arg(data)
        .arg("--image")
        .arg(portrait("obama.jpg"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let given = format!(r#"{{"name":"P","number":"K{number}","birth":"1980-01-01","claim":"{:04}"}}"#, 1000 + number);
    child.stdin.take().expect("stdin").write_all(given.as_bytes()).expect("written");
    child
}

#[test]
fn kill_in_the_middle_of_an_enrolment_leaves_all_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut acknowledged = 0;
    let mut killed = 0;
    // From before the store is opened to after the enrolment is done.
    for round in 0..14_u32 {
        let mut child = enrolling(folder.path(), round);
        let out = child.stdout.take().expect("stdout");
        let reader = std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).count());
        let delay = Duration::from_millis(u64::from(round) * 130);
        std::thread::sleep(delay);
        if round < 12 {
            killed += usize::from(child.try_wait().expect("a status").is_none());
            // SIGKILL: nothing in the program can tidy up.
            child.kill().expect("killed");
        }
        child.wait().expect("ended");
        acknowledged += reader.join().expect("read");
    }
    assert!(killed > 0 && acknowledged > 0, "killed {killed}, acknowledged {acknowledged}: nothing was tried");
    let clock = Arc::new(TestClock::default());
    let mut store = open(folder.path(), &clock).expect("the store opens after every kill");
    let people = store.people().expect("readable");
    assert!(people.len() >= acknowledged, "{acknowledged} acknowledged, {} stored", people.len());
    for person in people {
        let id = mianzheng::core::ids::PersonId(person.id);
        assert!(store.template(id).expect("readable").is_some(), "a person without a template");
        assert!(store.identity(id).is_ok(), "a person without an identity");
    }
}
