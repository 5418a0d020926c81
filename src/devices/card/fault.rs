//! Why a card reader has no reading.

/// Why there is no reading. A closed list; each case has words on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardFault {
    /// No reader is connected.
    ReaderMissing,
    /// The reader does not work, or does not answer.
    ReaderFailed,
    /// The reader is not the one that was put into service.
    Tampered,
    /// The card could not be read: lift it and lay it down again.
    CardUnreadable,
    /// The card was taken away too early.
    CardRemoved,
    /// Card and security module do not accept each other: staff.
    CardRefused,
    /// A kind of card this program does not know.
    CardUnsupported,
}
