//! Everything that can go wrong at a kiosk, as one closed list.

use serde::{Deserialize, Serialize};

use super::message::Msg;

/// A fault a person can meet. Each has words for what happened and what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No camera is connected.
    CameraMissing,
    /// Another program holds the camera.
    CameraBusy,
    /// The operating system refuses access to the camera.
    CameraDenied,
    /// The camera was pulled out while in use.
    CameraUnplugged,
    /// The camera stopped delivering frames.
    CameraStalled,
    /// The camera delivers nothing usable.
    CameraFailed,
    /// The face models are missing, damaged or still unable to run.
    VisionFailed,
    /// Stored data could not be read.
    StoreRead,
    /// Something could not be saved.
    StoreWrite,
    /// No card reader is connected.
    ReaderMissing,
    /// The card could not be read.
    CardUnreadable,
    /// The card left the reader too early.
    CardRemoved,
    /// The card reader is there but does not work.
    ReaderFailed,
    /// Card and reader do not accept each other: damaged, or not genuine.
    CardRefused,
    /// A kind of card this kiosk does not read.
    CardUnsupported,
    /// The phone way cannot be reached.
    PhoneMissing,
    /// The phone way broke off, or ran out of time.
    PhoneFailed,
    /// The person said no on their phone.
    PhoneDeclined,
    /// A part of the machine did not answer in time.
    NoReply,
}

impl Fault {
    /// Every fault, for tests that walk all of them.
    pub const ALL: [Self; 19] = [
        Self::CameraMissing,
        Self::CameraBusy,
        Self::CameraDenied,
        Self::CameraUnplugged,
        Self::CameraStalled,
        Self::CameraFailed,
        Self::VisionFailed,
        Self::StoreRead,
        Self::StoreWrite,
        Self::ReaderMissing,
        Self::CardUnreadable,
        Self::CardRemoved,
        Self::ReaderFailed,
        Self::CardRefused,
        Self::CardUnsupported,
        Self::PhoneMissing,
        Self::PhoneFailed,
        Self::PhoneDeclined,
        Self::NoReply,
    ];

    /// What happened, and what to do next.
    #[must_use]
    pub fn words(self) -> (Msg, Msg) {
        match self {
            Self::CameraMissing => (Msg::FaultCameraMissing, Msg::NextCardOrStaff),
            Self::CameraBusy => (Msg::FaultCameraBusy, Msg::NextCardOrStaff),
            Self::CameraDenied => (Msg::FaultCameraDenied, Msg::NextCardOrStaff),
            Self::CameraUnplugged => (Msg::FaultCameraUnplugged, Msg::NextCardOrStaff),
            Self::CameraStalled => (Msg::FaultCameraStalled, Msg::NextCardOrStaff),
            Self::CameraFailed => (Msg::FaultCameraFailed, Msg::NextCardOrStaff),
            Self::VisionFailed => (Msg::FaultVisionFailed, Msg::NextCardOrStaff),
            Self::StoreRead => (Msg::FaultStoreRead, Msg::NextStaff),
            Self::StoreWrite => (Msg::FaultStoreWrite, Msg::NextStaff),
            Self::ReaderMissing => (Msg::FaultReaderMissing, Msg::NextStaff),
            Self::CardUnreadable => (Msg::FaultCardUnreadable, Msg::NextCardAgain),
            Self::CardRemoved => (Msg::FaultCardRemoved, Msg::NextCardAgain),
            Self::ReaderFailed => (Msg::FaultReaderFailed, Msg::NextStaff),
            Self::CardRefused => (Msg::FaultCardRefused, Msg::NextStaff),
            Self::CardUnsupported => (Msg::FaultCardUnsupported, Msg::NextStaff),
            Self::PhoneMissing => (Msg::FaultPhoneMissing, Msg::NextCardOrStaff),
            Self::PhoneFailed => (Msg::FaultPhoneFailed, Msg::NextOtherWay),
            Self::PhoneDeclined => (Msg::FaultPhoneDeclined, Msg::NextOtherWay),
            Self::NoReply => (Msg::FaultNoReply, Msg::NextCardOrStaff),
        }
    }
}
