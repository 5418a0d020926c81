//! Why the face way is closed: every reason, named.

use serde::{Deserialize, Serialize};

use super::alarm::Alarm;
use super::message::Msg;

/// A mandatory field of the site file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteField {
    /// Who processes the data (Measures art. 5).
    ProcessorName,
    /// How to reach them.
    ProcessorContact,
    /// Why a face is necessary here.
    Necessity,
    /// How long a template is kept.
    RetentionDays,
    /// How to use one's rights.
    RightsProcedure,
    /// Where to complain.
    ComplaintContact,
}

impl SiteField {
    /// The field as written in the site file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ProcessorName => "processor.name",
            Self::ProcessorContact => "processor.contact",
            Self::Necessity => "necessity",
            Self::RetentionDays => "retention-days",
            Self::RightsProcedure => "rights-procedure",
            Self::ComplaintContact => "complaint-contact",
        }
    }
}

/// One reason why the face way is closed. Never closes the card or staff way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaceLock {
    /// A mandatory field of the notice is blank or still a placeholder.
    Blank(SiteField),
    /// The site does not offer the face way.
    NotOffered,
    /// The place is one where no face device may stand (Measures art. 13).
    ForbiddenPlace,
    /// The models are still being loaded.
    ModelsLoading,
    /// A model file is missing, damaged or not the one this program was built for.
    ModelsRefused,
    /// The store cannot be opened, so no consent could be kept.
    StoreClosed,
    /// No card reader is connected, and nobody sits beside the kiosk: the face would be the only
    /// way.
    CardWayMissing,
    /// Nobody answers for the device yet.
    NoSupervisor,
    /// Thresholds or deadlines were changed since two persons approved them.
    PolicyNew,
    /// Something was noticed that nobody has looked into.
    Alarm(Alarm),
}

impl FaceLock {
    /// The sentence for staff.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Blank(_) => Msg::LockBlank,
            Self::NotOffered => Msg::LockNotOffered,
            Self::ForbiddenPlace => Msg::LockForbiddenPlace,
            Self::ModelsLoading => Msg::LockModelsLoading,
            Self::ModelsRefused => Msg::LockModelsRefused,
            Self::StoreClosed => Msg::LockStoreClosed,
            Self::CardWayMissing => Msg::LockCardMissing,
            Self::NoSupervisor => Msg::LockNoSupervisor,
            Self::PolicyNew => Msg::LockPolicyNew,
            Self::Alarm(_) => Msg::LockAlarm,
        }
    }
}
