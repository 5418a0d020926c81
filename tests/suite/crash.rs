//! What was acknowledged stays, whatever happens to disk, power or process: nothing is lost,
//! nothing is half, the store always opens.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::Purpose;
use mianzheng::core::ids::PersonId;
use mianzheng::core::screen::Lang;
use mianzheng::ports::{ClaimNumber, Records, StoreFault};
use mianzheng::store::{Store, StorePaths};

use crate::fault_vfs::{self, Fault, arm};
use crate::support::TestClock;
use crate::vault::{enrol, face, person};

fn open(folder: &Path) -> Store {
    let clock = Arc::new(TestClock::default());
    clock.unix_ms.store(1_793_491_200_000, Ordering::SeqCst);
    Store::open(&StorePaths::under(folder), clock, 365, "notice").expect("the store opens after every fault")
}

/// One enrolment, as it goes at the kiosk; any step may fail.
fn try_enrol(store: &mut Store, number: u32) -> Result<PersonId, StoreFault> {
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&person(number)))?;
    let claim = ClaimNumber::parse(&format!("{:07}", 1_000_000 + number)).expect("a number");
    store.enrol(&EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None }, &person(number), &claim, &face(number))
}

/// Whole or not there, never half.
fn is_whole(store: &mut Store, number: u32) -> bool {
    let Some(known) = store.find_identity(&person(number)).expect("readable") else { return false };
    let template = store.template(known.person).expect("readable").expect("a person without a template");
    assert!(f32::from(template.similarity(&face(number)).expect("comparable")) > 0.9999);
    let claim = ClaimNumber::parse(&format!("{:07}", 1_000_000 + number)).expect("a number");
    assert_eq!(store.find_claim(&claim).expect("readable").map(|k| k.person), Some(known.person));
    true
}

fn copy(from: &Path, to: &Path) {
    for part in ["store", "keys"] {
        fs::create_dir_all(to.join(part)).expect("a folder");
        for file in fs::read_dir(from.join(part)).expect("a folder").flatten() {
            fs::copy(file.path(), to.join(part).join(file.file_name())).expect("copied");
        }
    }
}

/// What is done while the disk misbehaves.
type Deed = fn(&mut Store) -> Result<(), StoreFault>;

/// Runs `deed` with every fault at every operation of the file layer.
fn survive(deed: Deed, before: &[u32], check: fn(&mut Store, bool)) -> (u64, u64) {
    fault_vfs::install();
    let base = tempfile::tempdir().expect("a folder");
    let mut store = open(base.path());
    for number in before {
        enrol(&mut store, *number);
    }
    drop(store);
    let (mut cases, mut refused) = (0, 0);
    for (fault, seeds) in [(Fault::Full, 1), (Fault::IoError, 1), (Fault::Torn, 1), (Fault::PowerCut, 2)] {
        for seed in 0..seeds {
            for at in 1.. {
                let folder = tempfile::tempdir().expect("a folder");
                copy(base.path(), folder.path());
                let mut store = open(folder.path());
                let armed = arm(&folder.path().join("store"), Some((fault, at)));
                let done = deed(&mut store).is_ok();
                drop(store);
                let struck = armed.struck();
                if matches!(fault, Fault::PowerCut | Fault::Torn) {
                    armed.settle(seed + at);
                }
                drop(armed);
                let mut store = open(folder.path());
                check(&mut store, done);
                assert_eq!(store.check_log().damage, None, "{fault:?} at {at}");
                cases += 1;
                refused += u64::from(!done);
                if !struck {
                    break;
                }
            }
        }
    }
    (cases, refused)
}

#[test]
fn an_enrolment_survives_every_fault_of_the_disk_at_every_operation() {
    let (cases, refused) = survive(
        |store| try_enrol(store, 2).map(drop),
        &[1],
        |store, done| {
            assert!(is_whole(store, 1), "a committed record is lost");
            // What was acknowledged is there; what was not may be, but then it is whole.
            assert!(is_whole(store, 2) || !done, "an acknowledged enrolment is lost");
            // And the store still works.
            enrol(store, 3);
        },
    );
    println!("{cases} cases, {refused} refused");
    assert!(cases > 30 && refused > 15, "{cases} cases, {refused} refused");
}

#[test]
fn an_erasure_survives_every_fault_of_the_disk_at_every_operation() {
    let (cases, refused) = survive(
        |store| {
            let known = store.find_identity(&person(1))?.expect("known");
            store.erase(known.person)
        },
        &[1, 2],
        |store, done| {
            assert!(is_whole(store, 2), "somebody else is lost");
            assert!(!(done && is_whole(store, 1)), "an erased person is back");
        },
    );
    println!("{cases} cases, {refused} refused");
    assert!(cases > 30 && refused > 15, "{cases} cases, {refused} refused");
}

const CHILD: &str = "MIANZHENG_TEST_WRITES_IN";

/// Not a test of its own: enrols and erases, in a process that is about to be killed.
#[test]
fn child_that_writes_until_killed() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let mut store = open(Path::new(&folder));
    println!("open");
    let begin = std::env::var("MIANZHENG_TEST_FROM").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    for number in begin.. {
        enrol(&mut store, number);
        println!("enrolled {number}");
        if number % 3 == 0 {
            let known = store.find_identity(&person(number - 1)).expect("readable").expect("known");
            store.erase(known.person).expect("erased");
            println!("erased {}", number - 1);
        }
    }
}

/// Kills: 25 in the ordinary run; `MIANZHENG_KILLS=10000 ./x test -- kill_nine` for the long one.
#[test]
fn kill_nine_in_the_middle_of_writes_loses_nothing_and_revives_nobody() {
    let kills: u64 = std::env::var("MIANZHENG_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let mut folder = tempfile::tempdir().expect("a folder");
    let (mut enrolled, mut erased, mut total) = (Vec::new(), Vec::new(), 0);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..kills {
        // A store of a few hundred people would spend the time on checking them.
        if enrolled.len() > 60 {
            folder = tempfile::tempdir().expect("a folder");
            enrolled.clear();
            erased.clear();
        }
        let from: u32 = enrolled.iter().chain(&erased).max().map_or(1, |last| last + 2);
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "crash::child_that_writes_until_killed", "--nocapture"])
            .env(CHILD, folder.path())
            .env("MIANZHENG_TEST_FROM", from.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("open")), "it opens, round {round}");
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros(random >> 33 & 0x3fff));
        // SIGKILL: nothing in the program can tidy up.
        child.kill().expect("killed");
        for line in lines {
            let number = |word: &str| line.split_once(word).and_then(|(_, n)| n.trim().parse::<u32>().ok());
            if let Some(number) = number("enrolled ") {
                enrolled.push(number);
                total += 1;
            } else if let Some(number) = number("erased ") {
                enrolled.retain(|one| *one != number);
                erased.push(number);
            }
        }
        child.wait().expect("ended");
        let mut store = open(folder.path());
        // The last erasure may have been done and not yet said.
        let unsaid = enrolled.iter().max().copied().filter(|last| last % 3 == 0).map(|last| last - 1);
        for number in &enrolled {
            assert!(is_whole(&mut store, *number) || unsaid == Some(*number), "{number} is lost, round {round}");
        }
        for number in &erased {
            assert!(!is_whole(&mut store, *number), "{number} is back, round {round}");
        }
        enrolled.retain(|number| unsaid != Some(*number) || is_whole(&mut store, *number));
        assert_eq!(store.check_log().damage, None, "round {round}");
    }
    println!("{kills} kills, {total} acknowledged enrolments");
    assert!(total as u64 > kills / 4, "only {total} enrolments were acknowledged");
}
