//! Reference answers, resynchronisation and wiping.

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn decode(command: Command, stream: &[u8]) -> Vec<(Status, Vec<u8>)> {
    let mut decoder = Decoder::default();
    decoder.expect(command);
    let mut frames = Vec::new();
    for byte in stream {
        assert_eq!(decoder.push(&[*byte]), 1);
        frames.extend(decoder.take(|answer| (answer.status, answer.data.to_vec())));
    }
    frames
}

#[test]
fn reference_answers_are_understood() {
    for (command, hex, status, len) in [
        (Command::Status, "AAAAAA9669000400009094", Status::Done, 0),
        (Command::Status, "AAAAAA9669000400006064", Status::SelfTest, 0),
        (Command::Find, "AAAAAA9669000800009F0000000097", Status::Found, 4),
        (Command::Find, "AAAAAA9669000400008084", Status::NoCard, 0),
        (Command::Select, "AAAAAA9669000C00009000000000000000009C", Status::Done, 8),
        (Command::Select, "AAAAAA9669000400008185", Status::SelectFailed, 0),
        (Command::Read, "AAAAAA9669000400004145", Status::ReadFailed, 0),
        (Command::Select, "AAAAAA9669000400003236", Status::SamRejectedCard, 0),
        (Command::Select, "AAAAAA9669000400003135", Status::CardRejectedSam, 0),
    ] {
        let frame = bytes(hex);
        assert_eq!(decode(command, &frame), [(status, vec![0; len])], "{hex}");
        assert_eq!(frame[5..].iter().fold(0, |sum, byte| sum ^ byte), 0);
        let mut made = Vec::new();
        encode(&frame[7..frame.len() - 1], &mut made);
        assert_eq!(made, frame);
    }
}

#[test]
fn a_preamble_with_one_byte_more_still_syncs() {
    assert_eq!(decode(Command::Status, &bytes("AAAAAAAA9669000400009094")).len(), 1);
    assert_eq!(decode(Command::Status, &bytes("00AA96AAAAAA9669AAAAAA9669000400009094")).len(), 1);
}

#[test]
fn a_wrong_checksum_costs_one_byte_and_not_the_frame_inside() {
    // A false head that claims the true frame as its body.
    let stream = bytes("AAAAAA96690008AAAAAA9669000400009094FF");
    assert_eq!(decode(Command::Find, &stream), [(Status::Done, vec![])]);
}

#[test]
fn lengths_that_cannot_be_are_refused_at_once() {
    let found = bytes("AAAAAA9669000800009F0000000097");
    assert_eq!(decode(Command::Find, &found).len(), 1);
    assert!(decode(Command::Status, &found).is_empty());
    let mut decoder = Decoder::default();
    assert_eq!(decoder.push(&found), found.len());
    assert!(decoder.take(|_| ()).is_none(), "nothing was asked");
}

#[test]
fn a_torso_is_given_up_after_silence() {
    let mut decoder = Decoder::default();
    decoder.expect(Command::Find);
    let stream = bytes("AAAAAA96690008AAAAAA9669000400008084");
    assert_eq!(decoder.push(&stream[..14]), 14);
    assert!(decoder.take(|_| ()).is_none());
    assert!(decoder.quiet());
    assert_eq!(decoder.push(&stream[14..]), 4);
    assert_eq!(decoder.take(|answer| answer.status), Some(Status::NoCard));
    assert!(!decoder.quiet());
}

#[test]
fn nothing_of_a_frame_stays_behind() {
    let mut decoder = Decoder::default();
    decoder.expect(Command::Find);
    let mut stream = bytes("FFFFAAAAAA9669000800009F0102030493");
    stream.extend_from_slice(&bytes("AAAAAA9669000800"));
    assert_eq!(decoder.push(&stream), stream.len());
    assert_eq!(decoder.take(|answer| answer.data.to_vec()), Some(vec![1, 2, 3, 4]));
    assert!(decoder.bytes[..decoder.start].iter().all(|byte| *byte == 0));
    decoder.expect(Command::Find);
    assert!(decoder.bytes.iter().all(|byte| *byte == 0));
}

#[test]
fn a_full_buffer_always_makes_room() {
    let mut decoder = Decoder::default();
    decoder.expect_any();
    let stream: Vec<u8> = PREAMBLE.iter().chain(&[9, 0x60]).copied().cycle().take(100_000).collect();
    let mut rest = stream.as_slice();
    while !rest.is_empty() {
        let taken = decoder.push(rest);
        while decoder.take(|_| ()).is_some() {}
        assert!(taken > 0);
        rest = &rest[taken..];
    }
}
