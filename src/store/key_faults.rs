//! Power goes at every step of what happens in the key folder: nobody is lost, nobody comes back,
//! the store and its log are whole.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::core::audit::AuditEvent;
use crate::core::command::{ConsentDraft, EnrolOrder};
use crate::core::consent::Purpose;
use crate::core::ids::PersonId;
use crate::core::operator::{Action, Approval};
use crate::core::screen::Lang;
use crate::core::time::{Date, Tick};
use crate::ports::{ClaimNumber, Clock, DIMENSION, Embedding, Identity, Records, Secret, StoreFault};

use super::keys::{STEPS_LEFT, Unlock};
use super::{Store, StorePaths, restore};

const DAY: i64 = 86_400_000;
const START: i64 = 1_793_491_200_000;

struct Wall(AtomicI64);

impl Clock for Wall {
    fn tick(&self) -> Tick {
        Tick(0)
    }

    fn today(&self) -> Date {
        Date::parse("2026-11-22").unwrap()
    }

    fn unix_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

fn open(folder: &Path, clock: &Arc<Wall>) -> Store {
    Store::open(&StorePaths::under(folder), clock.clone(), 365, "notice").expect("it opens after every cut")
}

fn face(number: u32) -> Embedding {
    Embedding::new([7; 8], &std::array::from_fn::<f32, DIMENSION, _>(|at| ((at as f32 + 1.0) * (number as f32 + 0.37)).sin())).unwrap()
}

fn person(number: u32) -> Identity {
    Identity::new(Secret::new(format!("P{number}")), Secret::new(format!("D{number}")), Date::parse("1980-01-01"), None)
}

fn enrol(store: &mut Store, number: u32) -> Result<PersonId, StoreFault> {
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&person(number)))?;
    let claim = ClaimNumber::parse(&format!("{:05}", 10_000 + number)).unwrap();
    store.enrol(&EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None }, &person(number), &claim, &face(number))
}

fn has(store: &mut Store, number: u32) -> bool {
    let Some(known) = store.find_identity(&person(number)).expect("readable") else { return false };
    let template = store.template(known.person).expect("readable").expect("a template");
    f32::from(template.similarity(&face(number)).unwrap()) > 0.9999
}

fn copy(from: &Path, to: &Path) {
    for part in ["store", "keys"] {
        std::fs::create_dir_all(to.join(part)).unwrap();
        for file in std::fs::read_dir(from.join(part)).unwrap().flatten() {
            std::fs::copy(file.path(), to.join(part).join(file.file_name())).unwrap();
        }
    }
}

/// Runs `deed` with the power going at each step in turn; gives how many steps there were.
fn cut_everywhere(base: &Path, clock: &Arc<Wall>, deed: impl Fn(&mut Store) -> bool, check: impl Fn(&mut Store, bool)) -> u32 {
    for steps in 0.. {
        let folder = tempfile::tempdir().unwrap();
        copy(base, folder.path());
        let mut store = open(folder.path(), clock);
        STEPS_LEFT.set(Some(steps));
        let done = deed(&mut store);
        let cut = !done || STEPS_LEFT.get() == Some(0);
        drop(store);
        STEPS_LEFT.set(None);
        let mut store = open(folder.path(), clock);
        check(&mut store, done);
        assert_eq!(store.check_log().damage, None, "cut at {steps}");
        // It goes on working, through another epoch and another day.
        let other = enrol(&mut store, 90).expect("it still stores");
        store.erase(other).expect("it still erases");
        clock.0.fetch_add(DAY, Ordering::SeqCst);
        store.record(&AuditEvent::StaffCalled).expect("it still records");
        clock.0.fetch_sub(DAY, Ordering::SeqCst);
        assert!(has(&mut store, 2));
        assert_eq!(store.check_log().damage, None, "cut at {steps}, later");
        if !cut {
            return steps;
        }
    }
    0
}

fn base() -> (tempfile::TempDir, Arc<Wall>) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Wall(AtomicI64::new(START)));
    let mut store = open(folder.path(), &clock);
    for number in 1..=3 {
        enrol(&mut store, number).unwrap();
    }
    (folder, clock)
}

#[test]
fn an_erasure_cut_anywhere_in_the_key_folder_ends_on_one_side() {
    let (folder, clock) = base();
    let steps = cut_everywhere(
        folder.path(),
        &clock,
        |store| store.erase(PersonId(1)).is_ok(),
        |store, done| {
            assert!(has(store, 2) && has(store, 3), "somebody else is lost");
            assert!(!(done && has(store, 1)), "an erased person is back");
        },
    );
    assert!(steps >= 4, "{steps} steps");
}

#[test]
fn two_erasures_after_one_another_with_the_first_unsettled_lose_nobody() {
    let (folder, clock) = base();
    for more in 0..4 {
        cut_everywhere(
            folder.path(),
            &clock,
            |store| {
                let first = store.erase(PersonId(1)).is_ok();
                // The program went on, and the folder took a few more steps.
                if STEPS_LEFT.get() == Some(0) {
                    STEPS_LEFT.set(Some(more));
                }
                let second = store.erase(PersonId(3)).is_ok();
                first && second
            },
            |store, _| assert!(has(store, 2), "somebody else is lost"),
        );
    }
}

#[test]
fn a_day_that_begins_while_the_key_folder_refuses_leaves_the_log_whole() {
    let (folder, clock) = base();
    clock.0.fetch_add(2 * DAY, Ordering::SeqCst);
    let steps = cut_everywhere(
        folder.path(),
        &clock,
        |store| {
            let first = store.record(&AuditEvent::StaffCalled).is_ok();
            // The next entry finds the disk in order again.
            STEPS_LEFT.set(None);
            let second = store.record(&AuditEvent::StaffCalled).is_ok();
            first && second
        },
        |store, _| assert!(has(store, 1)),
    );
    assert!(steps >= 2, "{steps} steps");
}

#[test]
fn a_restore_cut_anywhere_can_be_repeated() {
    let (folder, clock) = base();
    let paths = StorePaths::under(folder.path());
    let backup = folder.path().join("backup");
    let mut store = open(folder.path(), &clock);
    store.back_up(&Approval::of_set_up(Action::Backup), &backup).unwrap();
    store.erase(PersonId(3)).unwrap();
    drop(store);
    std::fs::write(&paths.database, "broken").unwrap();
    let wall: Arc<dyn Clock> = clock.clone();
    for steps in 0.. {
        let other = tempfile::tempdir().unwrap();
        copy(folder.path(), other.path());
        let paths = StorePaths::under(other.path());
        let again = || restore(&paths, &wall, &backup, &Unlock::default(), |_| Some(Approval::of_set_up(Action::Restore)));
        STEPS_LEFT.set(Some(steps));
        let done = again().is_ok();
        STEPS_LEFT.set(None);
        if !done {
            assert_eq!(again().expect("it can be repeated"), 2);
        }
        let mut store = open(other.path(), &clock);
        assert!(has(&mut store, 1) && has(&mut store, 2) && !has(&mut store, 3));
        assert_eq!(store.check_log().damage, None, "cut at {steps}");
        if done {
            assert!(steps > 4, "{steps} steps");
            return;
        }
    }
}
