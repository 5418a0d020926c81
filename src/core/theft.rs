//! What a thief would get, in one sentence: it depends on how the master key is kept.

use serde::{Deserialize, Serialize};

use super::message::Msg;

/// How the master key is kept, as far as a thief is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theft {
    /// In a file: the disk alone gives everything.
    KeyFile,
    /// In the machine's security chip: the disk gives nothing, the whole kiosk still starts.
    Chip,
    /// Under a passphrase: neither gives anything but a guess.
    Passphrase,
}

impl Theft {
    /// The weakest way counts.
    #[must_use]
    pub fn of(file: bool, chip: bool) -> Self {
        match (file, chip) {
            (true, _) => Self::KeyFile,
            (false, true) => Self::Chip,
            (false, false) => Self::Passphrase,
        }
    }

    /// The sentence for doctor and the staff's screen.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::KeyFile => Msg::TheftKeyFile,
            Self::Chip => Msg::TheftChip,
            Self::Passphrase => Msg::TheftPassphrase,
        }
    }
}
