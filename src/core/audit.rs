//! The closed set of things that go on record. Nothing biometric, no name, no number.

use serde::{Deserialize, Serialize};

use super::alarm::Alarm;
use super::consent::{AgeBand, Purpose};
use super::evidence::Method;
use super::fault::Fault;
use super::ids::{OperatorId, PersonId, ReceiptId};
use super::operator::{Action, Reason, Role};
use super::rights::RequestKind;

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
    /// A consent was given.
    Consented {
        /// Its record.
        receipt: ReceiptId,
        /// To what.
        purpose: Purpose,
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
    /// A template was destroyed because the person enrolled anew.
    Replaced {
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
    /// The program started with this policy.
    Started {
        /// The policy in force.
        policy: u32,
    },
    /// An operator logged in.
    LoggedIn {
        /// Who.
        operator: OperatorId,
    },
    /// A log-in failed.
    LogInFailed {
        /// Whose account, if there is one of that name.
        operator: Option<OperatorId>,
    },
    /// An operator tried what they may not do.
    Denied {
        /// What.
        action: Action,
        /// Who, if anybody had logged in.
        operator: Option<OperatorId>,
    },
    /// Operators did something only they may do.
    Done {
        /// What.
        action: Action,
        /// Who; nobody while the device is being set up.
        by: Vec<OperatorId>,
    },
    /// An operator was added.
    OperatorAdded {
        /// Who.
        operator: OperatorId,
        /// As what.
        role: Role,
    },
    /// An operator was removed.
    OperatorRemoved {
        /// Who.
        operator: OperatorId,
    },
    /// Something was noticed.
    Raised {
        /// What.
        alarm: Alarm,
    },
    /// A supervisor looked into it.
    Cleared {
        /// What.
        alarm: Alarm,
        /// Who.
        by: OperatorId,
    },
    /// Entries past the legal period were dropped. What they were is gone; that they were, and
    /// where the chain goes on, is here.
    SegmentDropped {
        /// The last entry dropped.
        to: u64,
        /// Its place in the chain: hexadecimal SHA-256.
        hash: String,
    },
    /// A backup took the place of the store.
    Restored {
        /// The last entry the store before is known to have had.
        before: u64,
    },
    /// Staff confirmed an age the document does not say.
    AgeConfirmed {
        /// Which.
        age: AgeBand,
        /// By whom; filled in where accounts are known.
        by: Option<OperatorId>,
    },
    /// Staff let somebody go on, or not.
    Decided {
        /// Who, if known.
        person: Option<PersonId>,
        /// Why.
        reason: Reason,
        /// By whom; filled in where accounts are known.
        by: Option<OperatorId>,
        /// The policy in force.
        policy: u32,
    },
    /// The list of who may enter or check in took the place of the one before.
    RosterReplaced {
        /// How many are on it; none: it was emptied.
        entries: u64,
        /// By whom.
        by: Vec<OperatorId>,
    },
    /// A template rests on a new consent.
    Renewed {
        /// Whose.
        person: PersonId,
        /// Under which consent.
        receipt: ReceiptId,
    },
    /// Use of a template was paused, or goes on.
    Restricted {
        /// Whose.
        person: PersonId,
        /// Paused.
        on: bool,
    },
    /// A person's own data were shown.
    Opened {
        /// Whose.
        person: PersonId,
        /// Whether it is a minor.
        minor: bool,
        /// By whom of the staff; none: to the person, or the guardian.
        by: Vec<OperatorId>,
    },
    /// A request was made.
    Requested {
        /// Its number.
        number: u64,
        /// Whose.
        person: PersonId,
        /// What.
        kind: RequestKind,
    },
    /// A request was answered.
    Answered {
        /// Its number.
        number: u64,
        /// Not followed, for a written reason.
        refused: bool,
        /// By whom.
        by: Vec<OperatorId>,
    },
    /// Stored data of a person were corrected.
    Corrected {
        /// Whose.
        person: PersonId,
        /// Whether the date of birth changed.
        birth: bool,
        /// By whom.
        by: Vec<OperatorId>,
    },
    /// A notice came into force.
    NoticeInForce {
        /// Its number.
        version: u64,
        /// Fingerprint: hexadecimal SHA-256.
        hash: String,
        /// Consents given before are suspended.
        material: bool,
    },
    /// An impact assessment was signed.
    Assessed {
        /// Fingerprint of the form: hexadecimal SHA-256.
        hash: String,
        /// By whom.
        by: OperatorId,
    },
    /// An incident was opened.
    IncidentOpened {
        /// Its number.
        number: u64,
        /// An exercise.
        drill: bool,
        /// Closes the face way until the assessment is made anew.
        major: bool,
    },
    /// An incident was closed.
    IncidentClosed {
        /// Its number.
        number: u64,
    },
    /// Stored persons passed one of the warnings before 100,000.
    FilingNear {
        /// Which.
        persons: u64,
    },
    /// Stored persons reached 100,000.
    FilingReached,
    /// The filing was made, or its change.
    Filed,
    /// Processing was terminated on this device.
    Terminated {
        /// How many people's data were destroyed.
        count: u64,
    },
    /// Entries made while the store was closed.
    Caught {
        /// How many were given out on a card alone.
        granted: u32,
    },
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
