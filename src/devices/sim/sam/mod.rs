//! A simulated reader: the security module's side of the wire as a state machine over bytes.
//!
//! It speaks GA/T 467, chapter 7, and has specimens to read, never anybody's data. It knows only the
//! commands this program sends; every other one gets "unknown command".

pub mod pty;
pub mod specimen;
pub mod trouble;

use crate::devices::card::command::Command;
use crate::devices::card::frame::{PREAMBLE, encode};
use crate::devices::card::status::Status;

use specimen::{Card, answer};
use trouble::{Trouble, Troubles};

/// The 16 bytes that identify the simulated security module; as text
/// `05.03-20150331-0001234567-1234567890`.
pub const SAM_ID: [u8; 16] = sam_id(1_234_567_890);

const fn sam_id(last: u32) -> [u8; 16] {
    let (day, serial, last) = (20_150_331_u32.to_le_bytes(), 1_234_567_u32.to_le_bytes(), last.to_le_bytes());
    [
        5, 0, 3, 0, day[0], day[1], day[2], day[3], serial[0], serial[1], serial[2], serial[3], last[0], last[1],
        last[2], last[3],
    ]
}

/// The longest command it believes in. Units: bytes after the length field.
const LONGEST: usize = 16;

/// How far the card has come.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Laid,
    Found,
    Selected,
}

/// The simulated security module.
#[derive(Default)]
pub struct Sam {
    card: Option<Card>,
    troubles: Troubles,
    input: Vec<u8>,
    stage: Stage,
    /// Found since it was laid down, for modules that find a card only once.
    found_before: bool,
    select_failed: bool,
    answers: u64,
}

impl Sam {
    /// Lays a card on the reader, or with none takes it away.
    pub fn lay(&mut self, card: Option<Card>) {
        self.card = card;
        (self.stage, self.found_before, self.select_failed) = (Stage::Laid, false, false);
    }

    /// Which card lies there.
    #[must_use]
    pub fn card(&self) -> Option<Card> {
        self.card
    }

    /// What goes wrong from now on.
    pub fn trouble(&mut self, troubles: Troubles) {
        self.troubles = troubles;
    }

    /// The power was cut: everything is forgotten but the card.
    pub fn restart(&mut self) {
        self.input.clear();
        self.lay(self.card);
    }

    /// Takes bytes from the wire and appends what it answers.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            self.input.push(*byte);
            self.step(out);
        }
    }

    /// Looks for a whole command at the beginning of what came.
    fn step(&mut self, out: &mut Vec<u8>) {
        loop {
            let known = self.input.len().min(PREAMBLE.len());
            if self.input[..known] != PREAMBLE[..known] {
                self.input.remove(0);
                continue;
            }
            let Some(head) = self.input.get(5..7) else { return };
            let length = usize::from(u16::from_be_bytes([head[0], head[1]]));
            if !(3..=LONGEST).contains(&length) {
                self.input.remove(0);
                continue;
            }
            if self.input.len() < 7 + length {
                return;
            }
            let good = self.input[5..7 + length].iter().fold(0, |sum, byte| sum ^ byte) == 0;
            let code = [self.input[7], self.input[8]];
            self.input.clear();
            let command = Command::ALL.into_iter().find(|command| command.code() == code && length == 3);
            let (status, data) = match command {
                _ if !good => (Status::WrongChecksum, Vec::new()),
                Some(command) => self.obey(command),
                None => (Status::UnknownCommand, Vec::new()),
            };
            return self.reply(status, &data, out);
        }
    }

    fn obey(&mut self, command: Command) -> (Status, Vec<u8>) {
        let bare = |status| (status, Vec::new());
        match command {
            Command::Status if self.has(Trouble::SelfTest) => bare(Status::SelfTest),
            Command::Status if self.has(Trouble::NotAuthorised) => bare(Status::NotAuthorised),
            Command::Status => bare(Status::Done),
            Command::Reset => {
                self.stage = Stage::Laid;
                bare(Status::Done)
            }
            Command::SamId if self.has(Trouble::SwappedSam) => (Status::Done, sam_id(1_234_567_891).to_vec()),
            Command::SamId => (Status::Done, SAM_ID.to_vec()),
            Command::Find => self.find(),
            Command::Select => self.select(),
            Command::Read => self.read(),
        }
    }

    fn find(&mut self) -> (Status, Vec<u8>) {
        let again = std::mem::replace(&mut self.found_before, self.card.is_some());
        if self.card.is_none() || (again && self.has(Trouble::OldModuleFindsOnce)) {
            return (Status::NoCard, Vec::new());
        }
        self.stage = Stage::Found;
        (Status::Found, vec![0; 4])
    }

    fn select(&mut self) -> (Status, Vec<u8>) {
        let first = !std::mem::replace(&mut self.select_failed, true);
        let fails = self.has(Trouble::SelectFails) || (first && self.has(Trouble::SelectFailsOnce));
        if self.card.is_none() || self.stage == Stage::Laid || fails {
            return (Status::SelectFailed, Vec::new());
        }
        if self.has(Trouble::CardRefused) {
            return (Status::CardRejectedSam, Vec::new());
        }
        if self.has(Trouble::SamRefused) {
            return (Status::SamRejectedCard, Vec::new());
        }
        self.stage = Stage::Selected;
        (Status::Done, vec![0; 8])
    }

    fn read(&mut self) -> (Status, Vec<u8>) {
        match self.card {
            Some(card) if self.stage == Stage::Selected && !self.has(Trouble::ReadFails) => {
                self.stage = Stage::Found;
                (Status::Done, answer(&card.specimen(self.troubles).text()))
            }
            _ => (Status::ReadFailed, Vec::new()),
        }
    }

    /// Puts an answer on the wire, with whatever goes wrong there.
    fn reply(&mut self, status: Status, data: &[u8], out: &mut Vec<u8>) {
        self.answers += 1;
        if self.has(Trouble::Silence) {
            return;
        }
        if self.has(Trouble::Noise) {
            out.extend_from_slice(&[0x00, 0xAA, 0xAA, 0x96, 0xFF, 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x05]);
        }
        let start = out.len();
        let body: Vec<u8> = [0, 0, status.byte()].iter().chain(data).copied().collect();
        encode(&body, out);
        let end = out.len();
        // Of three answers one is damaged, so that asking again helps.
        let unlucky = self.answers.is_multiple_of(3);
        if unlucky && self.has(Trouble::BadChecksum) {
            out[end - 1] ^= 0x5A;
        }
        if unlucky && self.has(Trouble::Truncated) {
            out.truncate(start + (end - start) / 2);
        }
        if data.len() > 1000 && self.has(Trouble::RemovedMidRead) {
            out.truncate(start + (end - start) / 2);
            self.lay(None);
        }
    }

    fn has(&self, trouble: Trouble) -> bool {
        self.troubles.has(trouble)
    }
}

#[cfg(test)]
#[path = "sam_tests.rs"]
mod tests;
