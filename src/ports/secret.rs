//! Personal data in memory: no `Debug` that shows it, no `Serialize`, wiped on drop.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::core::time::Date;

/// A text nobody may log.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes a text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself; the name says that it leaves protection.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The number a person chose, being typed: up to eight digits. They lie in one place on the heap,
/// so that handing the number on leaves no copy behind.
#[derive(Default)]
pub struct ClaimNumber {
    digits: Box<[u8; 8]>,
    len: u8,
}

impl Drop for ClaimNumber {
    fn drop(&mut self) {
        self.digits.zeroize();
        self.len.zeroize();
    }
}

impl ClaimNumber {
    /// Reads 4 to 8 ASCII digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut number = Self::default();
        for byte in text.bytes() {
            if !byte.is_ascii_digit() || !number.push(byte - b'0') {
                return None;
            }
        }
        (number.len >= 4).then_some(number)
    }

    /// Adds a digit, if there is room.
    pub fn push(&mut self, digit: u8) -> bool {
        match self.digits.get_mut(usize::from(self.len)) {
            Some(slot) if digit <= 9 => {
                *slot = b'0' + digit;
                self.len += 1;
                true
            }
            _ => false,
        }
    }

    /// Removes the last digit.
    pub fn pop(&mut self) {
        self.len = self.len.saturating_sub(1);
        self.digits[usize::from(self.len)] = 0;
    }

    /// How many digits there are.
    #[must_use]
    pub fn digits(&self) -> u8 {
        self.len
    }

    /// The digits as ASCII.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.digits[..usize::from(self.len)]
    }
}

/// What an identity document said.
pub struct Identity {
    name: Secret,
    number: Secret,
    birth: Option<Date>,
    expires: Option<Date>,
}

impl Identity {
    /// Name and number as printed; a missing birth date counts as unknown age.
    #[must_use]
    pub fn new(name: Secret, number: Secret, birth: Option<Date>, expires: Option<Date>) -> Self {
        Self { name, number, birth, expires }
    }

    /// The name as printed.
    #[must_use]
    pub fn name(&self) -> &Secret {
        &self.name
    }

    /// The document number as printed.
    #[must_use]
    pub fn number(&self) -> &Secret {
        &self.number
    }

    /// The birth date, if the document has a valid one.
    #[must_use]
    pub fn birth(&self) -> Option<Date> {
        self.birth
    }

    /// Last day of validity; none is "long-term".
    #[must_use]
    pub fn expires(&self) -> Option<Date> {
        self.expires
    }
}
