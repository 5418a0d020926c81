//! Articles, rules, checks and tests name each other, and what they name exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mianzheng::core::law::{CHECKS, Check, NOT_OF_A_DEVICE, RULES};

use crate::support::root;

/// Names of all test functions in the sources.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("src"), root().join("tests/suite")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                names.extend(named(&path));
            }
        }
    }
    names
}

/// Functions that follow `#[test]`, with other attributes or comments between, or not.
fn named(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a source");
    let parts = text.split("#[test]").skip(1);
    parts.filter_map(|part| part.split("fn ").nth(1)?.split('(').next().map(str::to_owned)).collect()
}

#[test]
fn every_article_has_its_rule_every_rule_its_test_and_every_check_its_state() {
    let tests = tests();
    assert!(tests.len() > 150, "only {} tests were found", tests.len());
    for article in 1..=20_u8 {
        let ruled = RULES.iter().any(|rule| rule.articles.contains(&article));
        assert_ne!(ruled, NOT_OF_A_DEVICE.contains(&article), "article {article}");
    }
    for rule in RULES {
        assert!(!rule.articles.is_empty() && !rule.tests.is_empty(), "{} answers nothing or is proven by nothing", rule.name);
        for test in rule.tests {
            assert!(tests.contains(*test), "{}: there is no test {test}", rule.name);
        }
    }
    for (number, check) in (1..).zip(CHECKS) {
        let (Check::Tested(test) | Check::Partly(test, _)) = check else { continue };
        assert!(test.starts_with(&format!("check_{number:02}_")), "{test} does not bear number {number}");
        assert!(tests.contains(test), "there is no test {test}");
    }
    // A test that bears a number is one of the list.
    for test in tests.iter().filter(|test| test.starts_with("check_")) {
        assert!(CHECKS.iter().any(|check| matches!(check, Check::Tested(t) | Check::Partly(t, _) if t == test)), "{test} is not listed");
    }
    assert!(!tests.contains("check_00_nothing"), "the scan finds what is not there");
}
