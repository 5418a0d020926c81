//! Key events to finished scans. Knows no clock and no device.

use zeroize::{Zeroize, Zeroizing};

use crate::ports::Secret;

use super::layout::{Meaning, meaning};
use super::rules::Rules;

/// Longest scan, the line break of two MRZ lines included. Units: characters.
pub const LONGEST: usize = 128;
/// Shortest scan. Units: characters.
pub const SHORTEST: usize = 4;
/// Within what time of Enter the next line of a machine readable zone begins. Units: ms.
const NEXT_LINE_MS: u64 = 500;

/// One event of a key. Has no `Debug`: a row of them is a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// Which key, as Linux numbers them.
    pub code: u16,
    /// 1 pressed, 0 released, 2 repeated.
    pub value: i32,
    /// When, by any clock; a step back counts as no time. Units: ms.
    pub at_ms: u64,
}

/// Gathers keys into scans of 4 to 128 characters; shorter and longer ones are thrown away whole, as
/// is one with a key that is none of theirs. Lines of a machine readable zone (ICAO 9303: two of 36
/// or 44 characters, three of 30) are joined by `\n`.
pub struct Assembler {
    rules: Rules,
    /// Never grows, so no copy stays behind.
    text: Box<Zeroizing<[u8; LONGEST]>>,
    len: usize,
    /// How much of it are finished lines that wait for the next, line breaks included.
    held: usize,
    shift: [bool; 2],
    /// All is thrown away until the end.
    spoiled: bool,
    last_ms: u64,
}

impl Assembler {
    /// Has gathered nothing.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let text = Box::new(Zeroizing::new([0; LONGEST]));
        Self { rules, text, len: 0, held: 0, shift: [false; 2], spoiled: false, last_ms: 0 }
    }

    /// Takes an event; tells `each` scan that it ends.
    pub fn push(&mut self, stroke: Stroke, each: &mut dyn FnMut(Secret)) {
        let Stroke { code, value, at_ms } = stroke;
        if self.silence_ms().is_some_and(|ms| at_ms.saturating_sub(self.last_ms) > ms) {
            self.silence(each);
        }
        let meaning = meaning(code, self.shift[0] || self.shift[1]);
        if let Meaning::Shift(side) = meaning {
            self.shift[side] = value != 0;
        }
        if value != 1 || matches!(meaning, Meaning::Shift(_) | Meaning::Lock) {
            return;
        }
        match meaning {
            Meaning::Character(_) if self.spoiled => {}
            Meaning::Character(_) if self.len == LONGEST => self.spoil(),
            Meaning::Character(byte) => self.append(byte),
            Meaning::Enter if self.len == self.held && !self.spoiled => return,
            Meaning::Enter => self.end(true, each),
            Meaning::Tab => self.end(false, each),
            Meaning::Foreign | Meaning::Shift(_) | Meaning::Lock => self.spoil(),
        }
        self.last_ms = at_ms;
    }

    /// How long nothing may come before [`Assembler::silence`] is due; none when nothing is gathered.
    /// Units: ms.
    #[must_use]
    pub fn silence_ms(&self) -> Option<u64> {
        if self.spoiled || self.len > self.held {
            Some(self.rules.gap_ms)
        } else {
            (self.held > 0).then_some(NEXT_LINE_MS)
        }
    }

    /// Nothing came for longer than [`Assembler::silence_ms`].
    pub fn silence(&mut self, each: &mut dyn FnMut(Secret)) {
        let line = self.len - self.held;
        if self.spoiled || (line > 0 && (!self.rules.silence_ends || line < SHORTEST)) {
            self.wipe();
        } else {
            self.end(false, each);
        }
    }

    /// Events were lost, or the device is another one: nothing gathered can be trusted.
    pub fn lost(&mut self) {
        self.shift = [false; 2];
        self.spoil();
    }

    fn append(&mut self, byte: u8) {
        self.text[self.len] = byte;
        self.len += 1;
    }

    /// A line has ended, and with it the scan, unless it is of a zone with more to come.
    fn end(&mut self, enter: bool, each: &mut dyn FnMut(Secret)) {
        let line = &self.text[self.held..self.len];
        let held = &self.text[..self.held];
        // All lines of a zone are as long as its first.
        let width = held.iter().position(|byte| *byte == b'\n').unwrap_or(line.len());
        let fits = held.is_empty() || line.is_empty() || (line.len() == width && is_zone(line));
        let lines = held.len() / (width + 1) + 1;
        if fits && enter && lines < zone_lines(&self.text[..self.len], width) {
            self.append(b'\n');
            self.held = self.len;
            return;
        }
        if fits {
            self.tell(0, self.len, each);
        } else {
            self.tell(0, self.held, each);
            self.tell(self.held, self.len, each);
        }
        self.wipe();
    }

    fn tell(&self, from: usize, to: usize, each: &mut dyn FnMut(Secret)) {
        let text = self.text[from..to].trim_ascii_end();
        if text.len() >= SHORTEST
            && let Ok(text) = str::from_utf8(text)
        {
            each(Secret::new(text.to_owned()));
        }
    }

    fn spoil(&mut self) {
        self.wipe();
        self.spoiled = true;
    }

    fn wipe(&mut self) {
        self.text.zeroize();
        (self.len, self.held, self.spoiled) = (0, 0, false);
    }
}

fn is_zone(line: &[u8]) -> bool {
    line.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'<')
}

/// How many lines a zone has whose first line begins `text` and is so long; one if it is none.
fn zone_lines(text: &[u8], width: usize) -> usize {
    // Passport, visa, identity card or crew certificate (ICAO 9303, parts 4 to 7).
    let begins = text.first().is_some_and(|first| b"PVIAC".contains(first));
    match width {
        30 if begins && is_zone(&text[..width]) => 3,
        36 | 44 if begins && is_zone(&text[..width]) => 2,
        _ => 1,
    }
}

#[cfg(test)]
#[path = "assemble_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "assemble_props.rs"]
mod props;
