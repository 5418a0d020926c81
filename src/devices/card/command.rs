//! The commands this kiosk may send: a closed list.

/// A command to the reader (GA/T 467, chapter 7).
///
/// Two commands of the standard are absent on purpose, so that no code path can send them: `30 10`
/// (text, photo and fingerprints) would read biometric data nobody needs, and `30 05` (management
/// number) would read a lasting identifier fit for tracking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Restarts the security module.
    Reset,
    /// Asks whether it works.
    Status,
    /// Asks which security module it is.
    SamId,
    /// Looks for a card.
    Find,
    /// Chooses the card found.
    Select,
    /// Reads text and photo; there is no command for text alone. The photo is wiped unread.
    Read,
}

impl Command {
    /// Every command.
    pub const ALL: [Self; 6] = [Self::Reset, Self::Status, Self::SamId, Self::Find, Self::Select, Self::Read];

    /// The command and parameter bytes.
    #[must_use]
    pub const fn code(self) -> [u8; 2] {
        match self {
            Self::Reset => [0x10, 0xFF],
            Self::Status => [0x11, 0xFF],
            Self::SamId => [0x12, 0xFF],
            Self::Find => [0x20, 0x01],
            Self::Select => [0x20, 0x02],
            Self::Read => [0x30, 0x01],
        }
    }

    /// The whole frame.
    #[must_use]
    pub const fn bytes(self) -> [u8; 10] {
        let [command, parameter] = self.code();
        [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, command, parameter, 3 ^ command ^ parameter]
    }

    /// The values the answer's length field may have: with nothing but a status, and with data.
    /// The checksum has only 8 bits; this list is what keeps junk out.
    #[must_use]
    pub const fn lengths(self) -> &'static [usize] {
        match self {
            Self::Reset | Self::Status => &[4],
            Self::SamId => &[4, 20],
            Self::Find => &[4, 8],
            Self::Select => &[4, 12],
            Self::Read => &[4, 1288],
        }
    }

    /// How long to wait for the whole answer. Units: milliseconds.
    #[must_use]
    pub const fn timeout(self) -> u64 {
        match self {
            Self::Read => 3000,
            _ => 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_of_the_standard() {
        let hex = |command: Command| command.bytes().iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        let frames = Command::ALL.map(hex);
        assert_eq!(
            frames,
            [
                "AAAAAA9669000310FFEC",
                "AAAAAA9669000311FFED",
                "AAAAAA9669000312FFEE",
                "AAAAAA96690003200122",
                "AAAAAA96690003200221",
                "AAAAAA96690003300132"
            ]
        );
    }

    #[test]
    fn the_sum_over_length_to_checksum_is_zero() {
        for command in Command::ALL {
            assert_eq!(command.bytes()[5..].iter().fold(0, |sum, byte| sum ^ byte), 0);
            assert_eq!(command.lengths()[0], 4);
        }
    }
}
