//! The splitting, over a fake of the four pipes.

use std::collections::VecDeque;

use super::super::command::Command;
use super::super::frame::{Decoder, encode};
use super::*;

/// Remembers what was written and gives out transfers.
#[derive(Default)]
struct Fake {
    written: Vec<(u8, Vec<u8>)>,
    coming: Vec<(u8, VecDeque<Vec<u8>>)>,
}

impl Fake {
    fn put(&mut self, endpoint: u8, bytes: &[u8]) {
        let known = self.coming.iter_mut().find(|(at, _)| *at == endpoint);
        match known {
            Some((_, queue)) => queue.push_back(bytes.to_vec()),
            None => self.coming.push((endpoint, VecDeque::from([bytes.to_vec()]))),
        }
    }
}

impl Pipes for Fake {
    fn write(&mut self, endpoint: u8, bytes: &[u8], _: Duration) -> io::Result<()> {
        self.written.push((endpoint, bytes.to_vec()));
        Ok(())
    }

    fn read(&mut self, endpoint: u8, into: &mut [u8], _: Duration) -> io::Result<usize> {
        let queue = self.coming.iter_mut().find(|(at, _)| *at == endpoint);
        let Some(bytes) = queue.and_then(|(_, queue)| queue.pop_front()) else { return Ok(0) };
        let target = into.get_mut(..bytes.len()).ok_or(io::ErrorKind::InvalidData)?;
        target.copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

#[test]
fn commands_are_split_after_seven_bytes() {
    let mut wire = Split::new(Fake::default());
    wire.send(&Command::Find.bytes()).unwrap();
    let bytes = Command::Find.bytes();
    assert_eq!(wire.pipes.written, [(0x02, bytes[..7].to_vec()), (0x06, bytes[7..].to_vec())]);
    assert!(wire.send(&[1, 2]).is_err());
}

#[test]
fn answers_are_joined_again_whatever_the_buffer() {
    for size in [512, 1295, 4096] {
        let mut frame = Vec::new();
        let body: Vec<u8> = [0, 0, 0x90].into_iter().chain((0..1284_u32).map(|n| n.to_le_bytes()[0])).collect();
        encode(&body, &mut frame);
        let mut wire = Split::new(Fake::default());
        wire.pipes.put(HEAD_IN, &frame[..7]);
        frame[7..].chunks(size.min(1288)).for_each(|part| wire.pipes.put(BODY_IN, part));
        let mut decoder = Decoder::default();
        decoder.expect(Command::Read);
        let mut into = vec![0; size];
        loop {
            let count = wire.receive(&mut into, DRAIN).unwrap();
            if count == 0 {
                break;
            }
            assert_eq!(decoder.push(&into[..count]), count);
        }
        assert_eq!(decoder.take(|answer| answer.data.to_vec()), Some(body[3..].to_vec()), "{size}");
    }
}

#[test]
fn a_silent_body_does_not_block_the_next_head() {
    let mut wire = Split::new(Fake::default());
    wire.pipes.put(HEAD_IN, &[0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4]);
    let mut into = [0; 64];
    assert_eq!(wire.receive(&mut into, DRAIN).unwrap(), 7);
    assert_eq!(wire.receive(&mut into, DRAIN).unwrap(), 0);
    wire.pipes.put(HEAD_IN, &[0xAA, 0xAA, 0xAA, 0x96, 0x69, 0xFF, 0xFF]);
    assert_eq!(wire.receive(&mut into, DRAIN).unwrap(), 7);
    assert_eq!(wire.rest, 0, "a length nobody believes");
    wire.pipes.put(BODY_IN, &[1; 60]);
    wire.discard().unwrap();
    assert_eq!(wire.pipes.read(BODY_IN, &mut into, DRAIN).unwrap(), 0);
}
