//! Frames on the wire: payloads with UVC headers, whole or with a fault.

use crate::control::Word;
use crate::descriptors::Coding;

/// One frame to show.
pub(crate) struct Picture {
    pub(crate) coding: Coding,
    bytes: Vec<u8>,
}

impl Picture {
    pub(crate) fn load(file: &str) -> Result<Self, String> {
        let bytes = std::fs::read(file).map_err(|e| format!("{file}: {e}"))?;
        let coding = match file.rsplit_once('.').map(|(_, ending)| ending) {
            Some("jpg") => Coding::Mjpeg,
            Some("yuyv") => Coding::Yuyv,
            Some("grey") => Coding::Grey,
            _ => return Err(format!("{file}: .jpg, .yuyv or .grey")),
        };
        if coding != Coding::Mjpeg && bytes.len() != coding.frame_bytes() as usize {
            return Err(format!("{file}: {} bytes are not one frame", bytes.len()));
        }
        Ok(Self { coding, bytes })
    }
}

/// The header's bits: a frame's number, its end, an error, and that the header ends here.
const END: u8 = 0x02;
const ERROR: u8 = 0x40;
const HEADER: u8 = 0x80;

pub(crate) struct Stream<'a> {
    pictures: &'a [Picture],
    shown: usize,
    frame: Option<Vec<u8>>,
    at: usize,
    bits: u8,
}

impl<'a> Stream<'a> {
    pub(crate) fn new(pictures: &'a [Picture]) -> Self {
        Self { pictures, shown: 0, frame: None, at: 0, bits: HEADER }
    }

    pub(crate) fn reset(&mut self) {
        self.frame = None;
    }

    pub(crate) fn is_between_frames(&self) -> bool {
        self.frame.is_none()
    }

    /// The next frame of this coding, with the fault the word asks for.
    pub(crate) fn begin(&mut self, coding: Coding, word: Word) {
        let fitting: Vec<&Picture> = self.pictures.iter().filter(|picture| picture.coding == coding).collect();
        let mut bytes = fitting[self.shown % fitting.len()].bytes.clone();
        self.shown += 1;
        match word {
            Word::Junk => bytes.fill(0x55),
            Word::Half => bytes.truncate(bytes.len() / 2),
            Word::NoTables if coding == Coding::Mjpeg => bytes = without_tables(&bytes),
            _ => {}
        }
        self.bits = HEADER | (self.bits ^ 1) & 1 | if word == Word::Damaged { ERROR } else { 0 };
        self.frame = Some(bytes);
        self.at = 0;
    }

    /// The next payload, of at most `room` bytes with its header.
    pub(crate) fn payload(&mut self, room: usize) -> Vec<u8> {
        let Some(frame) = &self.frame else { return Vec::new() };
        let rest = &frame[self.at..];
        let part = &rest[..rest.len().min(room - 2)];
        let last = part.len() == rest.len();
        let mut out = vec![2, self.bits | if last { END } else { 0 }];
        out.extend_from_slice(part);
        self.at += part.len();
        if last {
            self.frame = None;
        }
        out
    }
}

/// A JPEG without its Huffman segments: webcams leave them out, because everybody has them.
fn without_tables(jpeg: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    let mut at = 2;
    while at + 4 <= jpeg.len() && jpeg[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xc4 {
            out.extend_from_slice(&jpeg[at..end]);
        }
        at = end;
    }
    out.extend_from_slice(&jpeg[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_goes_out_in_payloads_and_its_number_changes() {
        let pictures = [Picture { coding: Coding::Grey, bytes: (0..=99).collect() }];
        let mut stream = Stream::new(&pictures);
        let send = |stream: &mut Stream| {
            stream.begin(Coding::Grey, Word::Run);
            let mut all = Vec::new();
            let mut heads = Vec::new();
            while !stream.is_between_frames() {
                let payload = stream.payload(42);
                heads.push(payload[1]);
                all.extend_from_slice(&payload[2..]);
            }
            assert_eq!(all, pictures[0].bytes);
            heads
        };
        assert_eq!(send(&mut stream), [0x81, 0x81, 0x83]);
        assert_eq!(send(&mut stream), [0x80, 0x80, 0x82]);
    }

    #[test]
    fn tables_are_left_out_and_nothing_else() {
        let jpeg = [0xff, 0xd8, 0xff, 0xc4, 0, 3, 9, 0xff, 0xdb, 0, 2, 0xff, 0xda, 0, 2, 7, 7];
        assert_eq!(without_tables(&jpeg), [0xff, 0xd8, 0xff, 0xdb, 0, 2, 0xff, 0xda, 0, 2, 7, 7]);
    }
}
