//! The audit log tells on whoever edits it, to the device and to a stranger.

use std::fs;
use std::path::Path;
use std::process::Command;

use mianzheng::core::alarm::Alarm;
use mianzheng::core::audit::AuditEvent;
use mianzheng::core::operator::LoggedIn;
use mianzheng::ports::{Records, Security};
use mianzheng::store::{Damage, Store};

use crate::support::root;
use crate::vault::{DAY, Room, exported, staff};

fn python(export: &Path, kept: Option<&str>) -> (bool, String) {
    python_with(export, kept.as_slice())
}

fn python_with(export: &Path, kept: &[&str]) -> (bool, String) {
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
    let first = store.log_first_key();
    assert_eq!(python_with(&export, &["", &first]), (true, "whole".into()));
    // Somebody else's log is whole in itself, and no more.
    let stranger = Room::new();
    let (mut other, others) = log_of_days(&stranger);
    let strange = exported(&mut other, &others, stranger.folder.path());
    assert!(python(&strange, None).1.contains("kept elsewhere"));
    assert!(!python(&strange, Some(&kept)).0 && !python_with(&strange, &["", &first]).0);
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
fn check_21_one_byte_of_the_log_is_missed() {
    /// What is done to the database, and what must be found.
    type Change = (&'static str, fn(Damage) -> bool);
    let changes: [Change; 6] = [
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
    room.live(&mut store, 3 * 365 - 4);
    assert_eq!(store.check_log().damage, None);
    assert!(store.check_log().entries >= before, "nothing goes before three years");
    let before = store.check_log().entries;
    room.live(&mut store, 60);
    let report = store.check_log();
    assert_eq!(report.damage, None);
    assert!(report.entries < before, "{report:?}"); // one came, several went
    let export = exported(&mut store, &staff, room.folder.path());
    assert!(python(&export, None).0);
    // The record of it is what explains where the log begins.
    drop(store);
    let base = room.database().execute("UPDATE meta SET value = randomblob(40) WHERE name = 'audit_base'", []).expect("changed");
    assert_eq!(base, 1);
    assert!(room.open().check_log().damage.is_some());
}
