//! What leaves the kiosk and what may come back: one JSON object a line (`packaging/OUTCOME.md`).

use serde::{Deserialize, Serialize};

use crate::core::alarm::Alarm;
use crate::core::evidence::Method;
use crate::core::ids::PersonId;
use crate::core::ticket::Ticket;

/// Version of the format; grows only when a field changes its meaning.
pub const VERSION: u8 = 1;

/// What happened. Has no `Debug`: a log must not say to whom.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A person was verified.
    Verified {
        /// How.
        method: Method,
        /// A number that means nothing outside this device; none for people it does not know.
        person: Option<PersonId>,
        /// Version of the policy it was decided under.
        policy: u32,
    },
    /// Somebody asks for help.
    Help {
        /// None: the kiosk gives no numbers, it asks for one.
        ticket: Option<Ticket>,
    },
    /// Staff must look at something.
    Alarm {
        /// At what.
        alarm: Alarm,
    },
}

/// One line to the site's system.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Message {
    v: u8,
    /// Counts the lines of this start of the program from 1; a gap is a line that was dropped.
    pub seq: u64,
    /// When it happened. Units: ms since 1970 UTC.
    pub at_ms: i64,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

impl Message {
    /// A message of the current [`VERSION`]. Units: ms since 1970 UTC.
    #[must_use]
    pub fn new(seq: u64, at_ms: i64, event: Event) -> Self {
        Self { v: VERSION, seq, at_ms, event }
    }

    /// As it is sent, with the line's end. Range: at most 160 bytes.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        // Numbers and closed lists of names always serialize.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

/// A number to wait for, in answer to one line. Other fields are ignored.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// What the person shall wait for.
    pub ticket: Ticket,
    /// The line it answers.
    pub seq: u64,
}

impl Answer {
    /// Reads one; nothing else is ever understood.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(event: Event) -> String {
        String::from_utf8(Message::new(17, 1_700_000_000_123, event).line()).unwrap()
    }

    #[test]
    fn each_line_says_exactly_what_the_format_has() {
        let verified = |method, person| text(Event::Verified { method, person, policy: 123 });
        assert_eq!(
            verified(Method::Face, Some(PersonId(42))),
            "{\"v\":1,\"seq\":17,\"at_ms\":1700000000123,\"event\":\"verified\",\"method\":\"face\",\"person\":42,\"policy\":123}\n"
        );
        for (method, name) in [(Method::Card, "card"), (Method::Staff, "staff"), (Method::Phone, "phone")] {
            assert!(verified(method, None).contains(&format!("\"method\":\"{name}\",\"person\":null,\"policy\":123}}")));
        }
        assert_eq!(
            text(Event::Help { ticket: None }),
            "{\"v\":1,\"seq\":17,\"at_ms\":1700000000123,\"event\":\"help\",\"ticket\":null}\n"
        );
        assert_eq!(
            text(Event::Alarm { alarm: Alarm::UsbStorage }),
            "{\"v\":1,\"seq\":17,\"at_ms\":1700000000123,\"event\":\"alarm\",\"alarm\":\"usb-storage\"}\n"
        );
    }

    #[test]
    fn the_longest_line_is_short() {
        let event = Event::Verified { method: Method::Staff, person: Some(PersonId(u64::MAX)), policy: u32::MAX };
        assert!(Message::new(u64::MAX, i64::MIN, event).line().len() <= 160);
    }

    #[test]
    fn only_a_ticket_with_its_line_is_understood() {
        let good = Answer::parse(br#"{"ticket":"A012","seq":17,"more":[1]}"#).unwrap();
        assert!(good.ticket.as_str() == "A012" && good.seq == 17);
        let bad: [&[u8]; 9] = [
            b"",
            b"{}",
            b"nonsense",
            b"\xff\xfe",
            br#"{"ticket":"A012"}"#,
            br#"{"ticket":"","seq":1}"#,
            br#"{"ticket":"a012","seq":1}"#,
            br#"{"ticket":"A01234567","seq":1}"#,
            br#"{"ticket":"A012","seq":-1}"#,
        ];
        for line in bad {
            assert!(Answer::parse(line).is_none(), "{}", String::from_utf8_lossy(line));
        }
    }
}
