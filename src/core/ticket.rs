//! A number to wait for, as the site's own system gives it.

use serde::{Deserialize, Serialize};

/// Up to eight capital letters, digits and dashes. Says nothing about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ticket {
    text: [u8; 8],
    len: u8,
}

/// A text that is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 8 of A-Z, 0-9 and -")]
pub struct NoTicket;

impl Ticket {
    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=8).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        let mut ticket = Self { text: [0; 8], len: u8::try_from(text.len()).ok()? };
        fits.then(|| {
            ticket.text[..text.len()].copy_from_slice(text.as_bytes());
            ticket
        })
    }

    /// As it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl TryFrom<String> for Ticket {
    type Error = NoTicket;

    fn try_from(text: String) -> Result<Self, NoTicket> {
        Self::parse(&text).ok_or(NoTicket)
    }
}

impl From<Ticket> for String {
    fn from(ticket: Ticket) -> Self {
        ticket.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_numbers_reach_the_screen() {
        for text in ["A012", "7", "B-00012X"] {
            assert_eq!(Ticket::parse(text).map(|t| t.as_str().to_owned()).as_deref(), Some(text));
        }
        for text in ["", "a12", "A 12", "123456789", "号12", "<b>"] {
            assert_eq!(Ticket::parse(text), None, "{text}");
        }
    }
}
