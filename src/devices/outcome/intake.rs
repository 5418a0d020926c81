//! What the site's system sends, kept within bounds.

use std::collections::VecDeque;

use crate::core::ticket::Ticket;
use crate::core::time::Tick;

use super::message::Answer;

/// Longest line, without its end. Units: bytes.
const LONGEST: usize = 4096;
/// How many lines may come within [`SECOND`].
const LINES: usize = 10;
const SECOND: u64 = 1000;
/// How long after the event its number is shown. Later it would be shown to somebody else. Units: ms.
const ANSWER_MS: u64 = 10_000;
/// How many lines wait for an answer at once.
const ASKED: usize = 16;

/// The other side sends too much to be sound; the connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line over 4 KiB, or more than 10 lines a second")]
pub struct TooMuch;

/// Cuts bytes into lines and lets those through that answer a question. Never holds more than one
/// line.
#[derive(Default)]
pub struct Intake {
    line: Vec<u8>,
    recent: VecDeque<Tick>,
    asked: VecDeque<(u64, Tick)>,
}

impl Intake {
    /// The line `seq` about something that happened at `at` was sent: it may be answered once,
    /// within 10 s of `at`.
    pub fn asked(&mut self, seq: u64, at: Tick) {
        if self.asked.len() == ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back((seq, at));
    }

    /// Takes what was received; tells `each` number that answers a line.
    ///
    /// # Errors
    /// When a line is over 4 KiB, or over 10 lines came within a second.
    pub fn take(&mut self, bytes: &[u8], now: Tick, each: &mut dyn FnMut(Ticket)) -> Result<(), TooMuch> {
        for byte in bytes {
            if *byte != b'\n' {
                if self.line.len() == LONGEST {
                    return Err(TooMuch);
                }
                self.line.push(*byte);
                continue;
            }
            self.count(now)?;
            if let Some(Answer { ticket, seq }) = Answer::parse(&self.line)
                && self.expects(seq, now)
            {
                each(ticket);
            }
            self.line.clear();
        }
        Ok(())
    }

    /// The connection is another one: half a line of the former means nothing.
    pub fn reconnected(&mut self) {
        self.line.clear();
        self.recent.clear();
    }

    fn count(&mut self, now: Tick) -> Result<(), TooMuch> {
        while self.recent.front().is_some_and(|at| now.since(*at) >= SECOND) {
            self.recent.pop_front();
        }
        if self.recent.len() == LINES {
            return Err(TooMuch);
        }
        self.recent.push_back(now);
        Ok(())
    }

    fn expects(&mut self, seq: u64, now: Tick) -> bool {
        self.asked.retain(|(_, at)| now.since(*at) <= ANSWER_MS);
        let found = self.asked.iter().position(|(asked, _)| *asked == seq);
        found.is_some_and(|index| self.asked.remove(index).is_some())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(intake: &mut Intake, bytes: &[u8], now: u64) -> (Result<(), TooMuch>, Vec<String>) {
        let mut told = Vec::new();
        let result = intake.take(bytes, Tick(now), &mut |ticket| told.push(ticket.as_str().to_owned()));
        (result, told)
    }

    #[test]
    fn an_answer_counts_once_and_only_to_a_line_that_was_sent_just_now() {
        let mut intake = Intake::default();
        intake.asked(17, Tick(1000));
        intake.asked(18, Tick(1000));
        let answer = |seq: u64| format!("{{\"ticket\":\"A{seq}\",\"seq\":{seq}}}\n").into_bytes();
        assert_eq!(told(&mut intake, &answer(16), 1100).1, [""; 0]);
        assert_eq!(told(&mut intake, &answer(17)[..9], 1100).1, [""; 0]);
        assert_eq!(told(&mut intake, &answer(17)[9..], 1100).1, ["A17"]);
        assert_eq!(told(&mut intake, &answer(17), 1100).1, [""; 0], "once");
        assert_eq!(told(&mut intake, &answer(18), 11_001).1, [""; 0], "somebody else stands there by now");
    }

    #[test]
    fn half_a_line_does_not_survive_its_connection() {
        let mut intake = Intake::default();
        intake.asked(1, Tick(0));
        told(&mut intake, b"{\"ticket\":", 0).0.unwrap();
        intake.reconnected();
        assert_eq!(told(&mut intake, b"{\"ticket\":\"A1\",\"seq\":1}\n", 0).1, ["A1"]);
    }

    #[test]
    fn a_long_line_and_many_lines_are_too_much() {
        let mut intake = Intake::default();
        assert_eq!(told(&mut intake, &[b'x'; 4096], 0).0, Ok(()));
        assert_eq!(told(&mut intake, b"x", 0).0, Err(TooMuch));
        let mut intake = Intake::default();
        assert_eq!(told(&mut intake, &[b'\n'; 10], 500).0, Ok(()));
        assert_eq!(told(&mut intake, b"\n", 1499).0, Err(TooMuch));
        assert_eq!(told(&mut intake, b"\n", 1500).0, Ok(()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived_within_bounds(
            parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..600), 0_u64..400), 0..40)
        ) {
            let mut intake = Intake::default();
            let mut now = 0;
            for (bytes, later) in parts {
                now += later;
                let _ = intake.take(&bytes, Tick(now), &mut |_| panic!("nothing was asked"));
                prop_assert!(intake.line.len() <= LONGEST && intake.recent.len() <= LINES);
            }
        }
    }
}
