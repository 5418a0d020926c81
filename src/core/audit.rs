//! The closed set of things that go on record. Nothing biometric, no name, no number.

use serde::{Deserialize, Serialize};

use super::consent::Purpose;
use super::evidence::Method;
use super::fault::Fault;
use super::ids::{PersonId, ReceiptId};

/// One entry of the processing record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditEvent {
    /// A person declined to use the face. No identity is kept.
    Refused {
        /// What they declined.
        purpose: Purpose,
    },
    /// An attempt to be verified ended.
    Attempt {
        /// By face or by card.
        method: Method,
        /// How it ended.
        result: AttemptResult,
        /// Who, if known.
        person: Option<PersonId>,
        /// The policy it was decided by.
        policy: u32,
    },
    /// A template was stored.
    Enrolled {
        /// Whose.
        person: PersonId,
        /// Under which consent.
        receipt: ReceiptId,
        /// The policy it was decided by.
        policy: u32,
    },
    /// A template was destroyed at the person's wish.
    Withdrawn {
        /// Whose.
        person: PersonId,
    },
    /// A template reached its date and was destroyed.
    Expired {
        /// Whose.
        person: PersonId,
    },
    /// A session met a fault.
    Faulted {
        /// Which.
        fault: Fault,
    },
    /// Help was asked for.
    StaffCalled,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptResult {
    /// Verified.
    Granted,
    /// The faces differ.
    NoMatch,
    /// Not clearly live; referred to another way.
    Referred,
    /// Staff look at it.
    ToStaff,
}
