//! Frames on the wire (GA/T 467, chapter 7): `AA AA AA 96 69 | length | body | XOR`.
//!
//! The length counts everything behind it, the XOR included; the XOR runs over length and body.
//! Every byte is hostile: the buffer is fixed, nothing is allocated from a length, and what has been
//! read or thrown away is overwritten.

use zeroize::Zeroize;

use super::command::Command;
use super::status::Status;

/// What every frame begins with.
pub const PREAMBLE: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

/// The largest length field that is believed. Units: bytes.
pub const MAX_LENGTH: usize = 2400;

/// How long a silence makes what was received so far a torso. Units: milliseconds.
pub const SILENCE_MS: u64 = 200;

const HEAD: usize = PREAMBLE.len() + 2;

/// An answer, while it is being looked at.
pub struct Answer<'a> {
    /// The third status byte.
    pub status: Status,
    /// What follows the three status bytes. Wiped when the frame is done with.
    pub data: &'a mut [u8],
}

/// What the unread bytes begin with.
enum Head {
    /// Not enough to tell.
    Partial,
    /// A length that cannot be.
    Impossible,
    /// A length that can be.
    Length(usize),
}

/// Finds frames in a stream of bytes. Wiped on drop.
pub struct Decoder {
    bytes: Box<[u8; HEAD + MAX_LENGTH]>,
    /// Where the unread bytes begin and end.
    start: usize,
    end: usize,
    /// The allowed lengths; none is every length, for measuring how much the list helps.
    allowed: Option<&'static [usize]>,
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self { bytes: Box::new([0; HEAD + MAX_LENGTH]), start: 0, end: 0, allowed: Some(&[]) }
    }
}

impl Decoder {
    /// Throws away what is there and waits for the answer to this command. Before the first call
    /// no frame is accepted.
    pub fn expect(&mut self, command: Command) {
        self.discard();
        self.allowed = Some(command.lengths());
    }

    /// Accepts every length from 4 to [`MAX_LENGTH`]. For measurements only.
    pub fn expect_any(&mut self) {
        self.discard();
        self.allowed = None;
    }

    /// Throws away and wipes what was received.
    pub fn discard(&mut self) {
        self.bytes[..self.end].zeroize();
        (self.start, self.end) = (0, 0);
    }

    /// Takes bytes from the wire and returns how many: all of them, unless the buffer is full.
    /// There is always room after [`Decoder::take`] found nothing.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        if self.start > 0 && self.end + bytes.len() > self.bytes.len() {
            self.bytes.copy_within(self.start..self.end, 0);
            let len = self.end - self.start;
            self.bytes[len..self.end].zeroize();
            (self.start, self.end) = (0, len);
        }
        let taken = bytes.len().min(self.bytes.len() - self.end);
        self.bytes[self.end..self.end + taken].copy_from_slice(&bytes[..taken]);
        self.end += taken;
        taken
    }

    /// Shows the next whole frame to `read`, then wipes it. None if there is none yet.
    ///
    /// A wrong checksum or an impossible length costs one byte, not the whole frame: the true frame
    /// may begin inside the false one.
    pub fn take<R>(&mut self, read: impl FnOnce(Answer<'_>) -> R) -> Option<R> {
        loop {
            let length = match self.sync() {
                Head::Length(length) => length,
                Head::Partial => return None,
                Head::Impossible => {
                    self.drop_bytes(1);
                    continue;
                }
            };
            let frame = &mut self.bytes[self.start..self.end];
            if frame.len() < HEAD + length {
                return None;
            }
            let frame = &mut frame[..HEAD + length];
            if frame[PREAMBLE.len()..].iter().fold(0, |sum, byte| sum ^ byte) != 0 {
                self.drop_bytes(1);
                continue;
            }
            let body = &mut frame[HEAD..HEAD + length - 1];
            let status = Status::from(body[2]);
            let result = read(Answer { status, data: &mut body[3..] });
            self.drop_bytes(HEAD + length);
            return Some(result);
        }
    }

    /// The wire has been silent for [`SILENCE_MS`]: what lies here will not be completed, so one
    /// byte is dropped. True if something is left to try [`Decoder::take`] on, false if nothing is.
    pub fn quiet(&mut self) -> bool {
        self.drop_bytes(1.min(self.end - self.start));
        self.start < self.end
    }

    /// Whether anything was received that is no frame yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Moves to the next preamble, or as much of it as has come.
    fn sync(&mut self) -> Head {
        loop {
            let bytes = &self.bytes[self.start..self.end];
            let known = bytes.len().min(PREAMBLE.len());
            if bytes[..known] != PREAMBLE[..known] {
                let next = bytes[1..].iter().position(|byte| *byte == PREAMBLE[0]);
                self.drop_bytes(next.map_or(bytes.len(), |at| at + 1));
                continue;
            }
            if bytes.len() < HEAD {
                return Head::Partial;
            }
            let length = usize::from(u16::from_be_bytes([bytes[5], bytes[6]]));
            let possible = match self.allowed {
                Some(list) => list.contains(&length),
                None => (4..=MAX_LENGTH).contains(&length),
            };
            return if possible { Head::Length(length) } else { Head::Impossible };
        }
    }

    fn drop_bytes(&mut self, count: usize) {
        self.bytes[self.start..self.start + count].zeroize();
        self.start += count;
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }
}

/// Appends a frame around this body. Range: bodies shorter than 65535 bytes; longer ones are cut.
pub fn encode(body: &[u8], out: &mut Vec<u8>) {
    let body = &body[..body.len().min(usize::from(u16::MAX) - 1)];
    let length = u16::try_from(body.len() + 1).unwrap_or(u16::MAX).to_be_bytes();
    out.extend_from_slice(&PREAMBLE);
    out.extend_from_slice(&length);
    out.extend_from_slice(body);
    out.push(length.iter().chain(body).fold(0, |sum, byte| sum ^ byte));
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
