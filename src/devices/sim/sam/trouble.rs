//! What can go wrong with the simulated reader.

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Bytes before every answer, one of them like a preamble.
    Noise,
    /// Every third answer has a wrong checksum.
    BadChecksum,
    /// Every third answer stops half-way.
    Truncated,
    /// No answer at all.
    Silence,
    /// The first SELECT after laying a card down fails, as is normal.
    SelectFailsOnce,
    /// Every SELECT fails.
    SelectFails,
    /// Every READ fails.
    ReadFails,
    /// The card rejects the security module.
    CardRefused,
    /// The security module rejects the card.
    SamRefused,
    /// The security module is not authorised.
    NotAuthorised,
    /// The self-test failed.
    SelfTest,
    /// The card is of a kind nobody knows.
    UnknownKind,
    /// Another security module answers.
    SwappedSam,
    /// The card is taken away while it is read.
    RemovedMidRead,
    /// The card has expired.
    Expired,
    /// The check digit of the card's number is wrong.
    WrongCheckDigit,
    /// The checksum is right and the text is junk.
    JunkRecord,
    /// The module finds a card once and then not again until it is lifted.
    OldModuleFindsOnce,
}

impl Trouble {
    /// Every trouble.
    pub const ALL: [Self; 18] = [
        Self::Noise,
        Self::BadChecksum,
        Self::Truncated,
        Self::Silence,
        Self::SelectFailsOnce,
        Self::SelectFails,
        Self::ReadFails,
        Self::CardRefused,
        Self::SamRefused,
        Self::NotAuthorised,
        Self::SelfTest,
        Self::UnknownKind,
        Self::SwappedSam,
        Self::RemovedMidRead,
        Self::Expired,
        Self::WrongCheckDigit,
        Self::JunkRecord,
        Self::OldModuleFindsOnce,
    ];

    /// Its word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::BadChecksum => "bad-checksum",
            Self::Truncated => "truncated",
            Self::Silence => "silence",
            Self::SelectFailsOnce => "select-fails-once",
            Self::SelectFails => "select-fails",
            Self::ReadFails => "read-fails",
            Self::CardRefused => "card-refused",
            Self::SamRefused => "sam-refused",
            Self::NotAuthorised => "not-authorised",
            Self::SelfTest => "self-test",
            Self::UnknownKind => "unknown-kind",
            Self::SwappedSam => "swapped-sam",
            Self::RemovedMidRead => "removed-mid-read",
            Self::Expired => "expired",
            Self::WrongCheckDigit => "wrong-check-digit",
            Self::JunkRecord => "junk-record",
            Self::OldModuleFindsOnce => "old-module-finds-once",
        }
    }
}

/// A word that names no trouble.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such trouble: {0}")]
pub struct NoSuchTrouble(String);

impl std::str::FromStr for Trouble {
    type Err = NoSuchTrouble;

    fn from_str(word: &str) -> Result<Self, NoSuchTrouble> {
        Self::ALL.into_iter().find(|trouble| trouble.word() == word).ok_or_else(|| NoSuchTrouble(word.to_owned()))
    }
}

/// Several things that go wrong at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Troubles(u32);

impl Troubles {
    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, trouble: Trouble) -> bool {
        self.0 & 1 << trouble as u32 != 0
    }
}

impl FromIterator<Trouble> for Troubles {
    fn from_iter<I: IntoIterator<Item = Trouble>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |sum, trouble| sum | 1 << trouble as u32))
    }
}

impl From<Trouble> for Troubles {
    fn from(trouble: Trouble) -> Self {
        Self::from_iter([trouble])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_their_trouble() {
        for trouble in Trouble::ALL {
            assert_eq!(trouble.word().parse(), Ok(trouble));
            assert!(Troubles::from(trouble).has(trouble));
        }
        assert!("no-such".parse::<Trouble>().is_err());
        let two: Troubles = [Trouble::Noise, Trouble::Expired].into_iter().collect();
        assert!(two.has(Trouble::Noise) && two.has(Trouble::Expired) && !two.has(Trouble::Silence));
    }
}
