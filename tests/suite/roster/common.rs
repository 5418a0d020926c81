//! Numbers with their check digit, and a reading of bytes.

use mianzheng::{
    core::time::Date,
    roster::{Problem, Roster, RosterError, read},
};
use zeroize::Zeroizing;

pub(crate) const SAMPLES: [&str; 4] =
    ["11010519491231002X", "440524188001010014", "932682198501010017", "911124198108030024"];

/// GB 11643: weights 2^(17-i) mod 11.
pub(crate) fn check_digit(first: &str) -> char {
    let sum: u32 = first.bytes().enumerate().map(|(i, b)| u32::from(b - b'0') * ((1 << (17 - i)) % 11)).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

pub(crate) fn check(number: &str) -> bool {
    number.len() == 18
        && number.is_ascii()
        && number[..17].bytes().all(|b| b.is_ascii_digit())
        && number.ends_with(check_digit(&number[..17]))
}

/// A number of nobody: the region does not exist.
pub(crate) fn counted(index: usize) -> String {
    let first = format!("9326821985{:02}{:02}{:03}", 1 + index / 28_000 % 12, 1 + index / 1000 % 28, index % 1000);
    format!("{first}{}", check_digit(&first))
}

pub(crate) fn today() -> Date {
    Date::parse("2026-06-01").unwrap()
}

pub(crate) fn bytes(bytes: impl AsRef<[u8]>) -> Result<Roster, RosterError> {
    read(Zeroizing::new(bytes.as_ref().to_vec()), today(), &check)
}

/// The problems of a text file, as (row, column, problem).
pub(crate) fn problems(text: impl AsRef<[u8]>) -> Vec<(u32, u16, Problem)> {
    let roster = bytes(text).ok().unwrap();
    roster.preview.errors.iter().map(|error| (error.row, error.column, error.problem)).collect()
}

#[test]
fn samples_pass_the_check() {
    assert!(SAMPLES.iter().all(|number| check(number)));
    assert!((0..100).all(|index| check(&counted(index))));
    assert!(!check("110105194912310021"));
}
