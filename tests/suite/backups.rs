//! A backup brings back what was lost, and nobody who was erased.

use std::fs;
use std::sync::Arc;

use mianzheng::core::ids::PersonId;
use mianzheng::core::operator::Action;
use mianzheng::ports::{Clock, Records, Security};
use mianzheng::store::{NotRestored, Store, Unlock, restore};

use crate::vault::{DAY, PASSWORD, Room, START, both, enrol, face, person, secret, staff};

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
