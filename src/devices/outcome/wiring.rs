//! How a door relay is connected, as the configuration says it.

use std::path::{Path, PathBuf};

/// Speed of the LCUS-1 and of most others. Units: bits per second.
const BAUD: u32 = 9600;
/// Most bytes of one command.
const LONGEST: usize = 32;

/// What is wrong with the configuration of a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WiringError {
    /// Not pairs of hexadecimal digits, none at all, or more than 32.
    #[error("expected 1 to 32 bytes as hexadecimal pairs, such as A0 01 01 A2")]
    Bytes,
    /// The same bytes open and close.
    #[error("the bytes to open and to close are the same")]
    Same,
    /// The hold time is out of range.
    #[error("the hold time is not 500 to 30000 ms")]
    Hold,
}

/// A relay at a serial port, 8N1, no flow control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wiring {
    pub(super) port: PathBuf,
    pub(super) baud: u32,
    pub(super) open: Vec<u8>,
    pub(super) close: Vec<u8>,
    pub(super) hold_ms: u64,
}

impl Wiring {
    /// Bytes that open an LCUS-1 relay: address, relay 1, on, sum of the three.
    pub const OPEN: &str = "A0 01 01 A2";
    /// Bytes that close an LCUS-1 relay.
    pub const CLOSE: &str = "A0 01 00 A1";
    /// How long a door is held open by default. Units: ms.
    pub const HOLD_MS: u64 = 3000;

    /// An LCUS-1 at this port: 9600 bits per second, 3 s.
    #[must_use]
    pub fn lcus(port: &Path) -> Self {
        let [open, close] = [vec![0xA0, 1, 1, 0xA2], vec![0xA0, 1, 0, 0xA1]];
        Self { port: port.to_owned(), baud: BAUD, open, close, hold_ms: Self::HOLD_MS }
    }

    /// With other bytes, each as hexadecimal pairs with or without spaces. Range: 1 to 32 bytes.
    ///
    /// # Errors
    /// When one is no such text, or both are the same.
    pub fn with_bytes(self, open: &str, close: &str) -> Result<Self, WiringError> {
        let read = |text| hex(text).ok_or(WiringError::Bytes);
        let (open, close) = (read(open)?, read(close)?);
        if open == close { Err(WiringError::Same) } else { Ok(Self { open, close, ..self }) }
    }

    /// With another hold time. Units: ms. Range: 500 to 30000.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn with_hold(self, hold_ms: u64) -> Result<Self, WiringError> {
        if (500..=30_000).contains(&hold_ms) { Ok(Self { hold_ms, ..self }) } else { Err(WiringError::Hold) }
    }

    /// With another speed. Units: bits per second.
    #[must_use]
    pub fn with_baud(self, baud: u32) -> Self {
        Self { baud, ..self }
    }

    /// The serial port.
    #[must_use]
    pub fn port(&self) -> &Path {
        &self.port
    }

    /// What opens.
    #[must_use]
    pub fn open_bytes(&self) -> &[u8] {
        &self.open
    }

    /// What closes.
    #[must_use]
    pub fn close_bytes(&self) -> &[u8] {
        &self.close
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.split_whitespace().flat_map(str::bytes).collect();
    let fits = digits.len().is_multiple_of(2) && (1..=LONGEST).contains(&(digits.len() / 2));
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    fits.then(|| digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_the_lcus_are_its_bytes() {
        let lcus = Wiring::lcus(Path::new("/dev/ttyUSB0"));
        assert_eq!(lcus.clone().with_bytes(Wiring::OPEN, Wiring::CLOSE).unwrap(), lcus);
        assert_eq!(lcus.clone().with_bytes("a00101a2", " A00100 A1 ").unwrap(), lcus);
        assert_eq!((lcus.open_bytes()[3], lcus.close_bytes()[3]), (0xA2, 0xA1));
    }

    #[test]
    fn what_is_no_command_is_refused() {
        let lcus = || Wiring::lcus(Path::new("x"));
        for text in ["", " ", "A", "A0 0", "G0", "０１", &"00".repeat(33)] {
            assert_eq!(lcus().with_bytes(text, "01"), Err(WiringError::Bytes), "{text}");
        }
        assert_eq!(lcus().with_bytes("01", "01"), Err(WiringError::Same));
        for (ms, good) in [(499, false), (500, true), (30_000, true), (30_001, false)] {
            assert_eq!(lcus().with_hold(ms).is_ok(), good, "{ms}");
        }
    }
}
