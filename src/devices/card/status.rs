//! What the reader answers, and what to do about it.

/// The third status byte of an answer (GA/T 467, chapter 7), as a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 90: done.
    Done,
    /// 9F: a card was found.
    Found,
    /// 91: the card has no such item.
    NotOnCard,
    /// 80: no card.
    NoCard,
    /// 81: the card could not be chosen.
    SelectFailed,
    /// 41: the card could not be read.
    ReadFailed,
    /// 10: the reader received a wrong checksum.
    WrongChecksum,
    /// 11: the reader received a wrong length.
    WrongLength,
    /// 21: the reader does not know the command.
    UnknownCommand,
    /// 23: not permitted.
    NotPermitted,
    /// 24: an error the reader cannot name.
    Unrecognised,
    /// 31: the card rejected the security module.
    CardRejectedSam,
    /// 32: the security module rejected the card.
    SamRejectedCard,
    /// 33: what the card carries did not pass the check.
    InformationCheck,
    /// 40: a type of card the reader does not know.
    UnknownCard,
    /// 47: the random number could not be fetched.
    RandomNumber,
    /// 60: self-test failed.
    SelfTest,
    /// 66: the security module is not authorised.
    NotAuthorised,
    /// Anything else.
    Other(u8),
}

/// What to do about a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Go on with the next step.
    GoOn,
    /// The item is not there; go on without it.
    Without,
    /// There is no card: look again later.
    LookAgain,
    /// The card is not lying still: look again soon, a few times.
    RetryCard,
    /// Send the same command once more.
    Resend,
    /// The card is not accepted: staff.
    Refused,
    /// This type of card is not supported.
    Unsupported,
    /// The reader is out of order: staff.
    Fault,
}

impl Status {
    /// Every status with a meaning.
    pub const ALL: [Self; 18] = [
        Self::Done,
        Self::Found,
        Self::NotOnCard,
        Self::NoCard,
        Self::SelectFailed,
        Self::ReadFailed,
        Self::WrongChecksum,
        Self::WrongLength,
        Self::UnknownCommand,
        Self::NotPermitted,
        Self::Unrecognised,
        Self::CardRejectedSam,
        Self::SamRejectedCard,
        Self::InformationCheck,
        Self::UnknownCard,
        Self::RandomNumber,
        Self::SelfTest,
        Self::NotAuthorised,
    ];

    /// The byte on the wire.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Done => 0x90,
            Self::Found => 0x9F,
            Self::NotOnCard => 0x91,
            Self::NoCard => 0x80,
            Self::SelectFailed => 0x81,
            Self::ReadFailed => 0x41,
            Self::WrongChecksum => 0x10,
            Self::WrongLength => 0x11,
            Self::UnknownCommand => 0x21,
            Self::NotPermitted => 0x23,
            Self::Unrecognised => 0x24,
            Self::CardRejectedSam => 0x31,
            Self::SamRejectedCard => 0x32,
            Self::InformationCheck => 0x33,
            Self::UnknownCard => 0x40,
            Self::RandomNumber => 0x47,
            Self::SelfTest => 0x60,
            Self::NotAuthorised => 0x66,
            Self::Other(byte) => byte,
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> Advice {
        match self {
            Self::Done | Self::Found => Advice::GoOn,
            Self::NotOnCard => Advice::Without,
            Self::NoCard => Advice::LookAgain,
            Self::SelectFailed | Self::ReadFailed => Advice::RetryCard,
            Self::WrongChecksum | Self::WrongLength | Self::Unrecognised | Self::RandomNumber => Advice::Resend,
            Self::CardRejectedSam | Self::SamRejectedCard | Self::InformationCheck => Advice::Refused,
            Self::UnknownCard => Advice::Unsupported,
            Self::UnknownCommand | Self::NotPermitted | Self::SelfTest | Self::NotAuthorised | Self::Other(_) => {
                Advice::Fault
            }
        }
    }
}

impl From<u8> for Status {
    fn from(byte: u8) -> Self {
        Self::ALL.into_iter().find(|status| status.byte() == byte).unwrap_or(Self::Other(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_status_and_comes_back() {
        let known = (0..=255).filter(|byte| !matches!(Status::from(*byte), Status::Other(_))).count();
        assert_eq!(known, Status::ALL.len());
        for byte in 0..=255 {
            assert_eq!(Status::from(byte).byte(), byte);
        }
        assert_eq!(Status::from(0x77).advice(), Advice::Fault);
    }
}
