//! The simulated reader's own manners.

use super::*;
use crate::devices::card::sam_id::sam_id_text;

fn ask(sam: &mut Sam, command: Command) -> Vec<u8> {
    let mut out = Vec::new();
    sam.feed(&command.bytes(), &mut out);
    out
}

#[test]
fn answers_are_those_of_the_standard() {
    let mut sam = Sam::default();
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    assert_eq!(hex(ask(&mut sam, Command::Status)), "AAAAAA9669000400009094");
    assert_eq!(hex(ask(&mut sam, Command::Find)), "AAAAAA9669000400008084");
    assert_eq!(hex(ask(&mut sam, Command::Select)), "AAAAAA9669000400008185");
    assert_eq!(hex(ask(&mut sam, Command::Read)), "AAAAAA9669000400004145");
    sam.lay(Card::named("resident").flatten());
    assert_eq!(hex(ask(&mut sam, Command::Read)), "AAAAAA9669000400004145", "not chosen");
    assert_eq!(hex(ask(&mut sam, Command::Find)), "AAAAAA9669000800009F0000000097");
    assert_eq!(hex(ask(&mut sam, Command::Select)), "AAAAAA9669000C00009000000000000000009C");
    let read = ask(&mut sam, Command::Read);
    assert_eq!((read.len(), hex(read[..14].to_vec())), (1295, "AAAAAA966905080000".to_owned() + "9001000400"));
    assert_eq!(hex(ask(&mut sam, Command::Reset)), "AAAAAA9669000400009094");
}

#[test]
fn the_module_says_which_it_is() {
    let answer = ask(&mut Sam::default(), Command::SamId);
    assert_eq!(answer.len(), 27);
    assert_eq!(sam_id_text(&answer[10..26]).as_deref(), Some("05.03-20150331-0001234567-1234567890"));
    assert_eq!(sam_id_text(&answer[10..25]), None);
}

#[test]
fn other_commands_and_wrong_checksums_are_refused() {
    let mut sam = Sam::default();
    for (command, status) in [
        ([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x30, 0x10, 0x23], 0x21),
        ([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x30, 0x05, 0x36], 0x21),
        ([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x30, 0x01, 0x33], 0x10),
    ] {
        let mut out = Vec::new();
        sam.feed(&command, &mut out);
        assert_eq!(out[9], status);
    }
}

#[test]
fn any_bytes_are_survived() {
    proptest::proptest!(|(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400))| {
        Sam::default().feed(&bytes, &mut Vec::new());
    });
}
