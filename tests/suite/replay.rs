//! A recorded course replays exactly, and one that was tampered with does not.

use std::fs;
use std::io::Cursor;

use mianzheng::runtime::journal::{ReplayError, replay};

use crate::support::{program, root};

fn recorded() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("course.jsonl");
    let script = folder.path().join("script.jsonl");
    fs::write(
        &script,
        r#"{"do":"expect","stage":"home","offers":["method-face"],"within_ms":120000}
{"do":"tap","id":"lang-en"}
{"do":"tap","id":"method-face"}
{"do":"tap","id":"digit-7"}
{"do":"key","id":"7"}
{"do":"tap","id":"digit-3"}
{"do":"tap","id":"digit-1"}
{"do":"tap","id":"claim-done"}
{"do":"expect","stage":"result","prompts":["not-found-title"]}
{"do":"tap","id":"method-card"}
{"do":"card","id":"a"}
{"do":"expect","stage":"result","outcome":"card"}
"#,
    )
    .expect("a script");
    let out = program()
        .args(["demo", "--headless", "--script"])
        .arg(&script)
        .arg("--journal")
        .arg(&journal)
        .output()
        .expect("the demo runs");
    assert!(out.status.success(), "{out:?}");
    fs::read_to_string(&journal).expect("a journal")
}

#[test]
fn journal_replays_exactly_and_holds_nothing_personal() {
    let journal = recorded();
    assert!(replay(Cursor::new(&journal)).expect("the same course") > 10);
    let people = fs::read_to_string(root().join("tests/data/demo/people.toml")).expect("people");
    let personal: Vec<&str> = people
        .lines()
        .filter_map(|l| l.strip_prefix("name = \"").or(l.strip_prefix("number = \"")).or(l.strip_prefix("birth = \"")))
        .filter_map(|rest| rest.split('"').next())
        .filter(|word| !word.is_empty())
        .collect();
    assert!(personal.len() > 5);
    for word in personal.iter().chain(&["7731"]) {
        assert!(!journal.contains(word), "{word} is in the journal");
    }

    // Tampering: one screen of the middle is swapped for another language.
    let tampered: Vec<String> =
        journal.lines().enumerate().map(|(i, l)| if i == 5 { l.replace("\"lang\":\"en\"", "\"lang\":\"zh-TW\"") } else { l.to_owned() }).collect();
    assert_ne!(tampered.join("\n"), journal.trim_end());
    assert!(matches!(replay(Cursor::new(tampered.join("\n"))), Err(ReplayError::Diverged(6))));
    assert!(matches!(replay(Cursor::new("{}")), Err(ReplayError::Unreadable(1))));
}
