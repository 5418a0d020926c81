//! What a session asks the outside world to do.

use serde::{Deserialize, Serialize};

use super::alarm::Alarm;
use super::audit::AuditEvent;
use super::consent::{AgeBand, Purpose};
use super::evidence::{Capture, Grant};
use super::guardian::GuardianDraft;
use super::operator::Reason;
use super::ids::{PersonId, ReceiptId, RequestId, RunId, SampleId};
use super::rights::RequestKind;
use super::screen::Lang;

/// One order, carried out by the runtime in the order given. Written to journals, never read
/// back: a witness cannot be made from a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Open the camera and analyse what it shows.
    CameraOn(Capture),
    /// Close the camera and wipe every frame.
    CameraOff,
    /// Wipe these samples: the view of the face was broken.
    ForgetSamples(Vec<SampleId>),
    /// Wipe every sample.
    WipeSamples,
    /// Wipe everything of this person: samples, typed digits, what the card said.
    WipeSession,
    /// Look for a card.
    ReaderOn(RunId),
    /// Stop looking.
    ReaderOff,
    /// Ask the person's phone who they are.
    PhoneOn(RunId),
    /// Stop asking.
    PhoneOff,
    /// Does the typed code belong to the document last shown? Answers `CodeRight`.
    CheckCode(RequestId),
    /// Put a decision of staff on record, with who is logged in; answers `Recorded`.
    Decide(RequestId, Option<PersonId>, Reason),
    /// Forget the typed digits.
    EraseClaim,
    /// Look up the typed number; answers [`Reply::Found`](super::event::Reply::Found).
    FindClaim(RequestId),
    /// Store a consent; answers `ConsentStored`.
    StoreConsent(RequestId, ConsentDraft),
    /// Compare samples with a person's template; answers `Compared`.
    Compare(RequestId, PersonId, Vec<SampleId>),
    /// Compare two halves of the samples of one enrolment; answers `Compared`.
    CompareHalves(RequestId, Vec<SampleId>, Vec<SampleId>),
    /// Store the person last read from a card with a template made of the samples; answers
    /// `Enrolled`. All or nothing, the audit entry included.
    Enrol(RequestId, EnrolOrder),
    /// Destroy the person's template, end their consents and record it; answers `Erased`.
    Erase(RequestId, PersonId),
    /// Store an audit entry; answers `Recorded`.
    Record(RequestId, AuditEvent),
    /// Store an audit entry nobody waits for.
    Note(AuditEvent),
    /// Tell the site's system (door, queue) who was verified and how.
    Announce(Grant),
    /// Tell the site's staff that somebody asks for help.
    CallStaff,
    /// Check the typed name and password, or make the first account of them; answers `LoggedIn` or
    /// why not.
    LogIn(RequestId, bool),
    /// The open alarms were looked into, says who is logged in; answers `AlarmsCleared`.
    ClearAlarms(RequestId),
    /// Something was noticed.
    Raise(Alarm),
    /// Whoever lays their card down next is the guardian; what the card before said stays.
    ExpectGuardian,
    /// Whoever laid their card down is the guardian of this child.
    ActAsGuardian,
    /// Put the page of a person's own data on the screen; answers `Own`. Said by staff, it is
    /// staff's look at it: asked for approval and put on record.
    ShowOwn(RequestId, PersonId, bool),
    /// Put a receipt on the screen; answers `ReceiptShown`.
    ShowReceipt(RequestId, ReceiptId),
    /// Print what is on the screen; answers `Printed`.
    Print(RequestId),
    /// Pause the person's template (true), or use it again; answers `Done`.
    Restrict(RequestId, PersonId, bool),
    /// Put a request on record; answers `Done`.
    File(RequestId, PersonId, RequestKind),
    /// The person's template rests on this consent from now on; answers `Done`.
    Renew(RequestId, PersonId, ReceiptId),
}

/// What is stored when a person enrols.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnrolOrder {
    /// The consent it rests on.
    pub receipt: ReceiptId,
    /// The policy it was decided by.
    pub policy: u32,
    /// What the template is made of.
    pub samples: Vec<SampleId>,
    /// The age staff confirmed, where the document says none.
    pub age: Option<AgeBand>,
}

/// What is put on record when a person agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentDraft {
    /// What for.
    pub purpose: Purpose,
    /// Who, if known before.
    pub person: Option<PersonId>,
    /// Language of the notice shown.
    pub lang: Lang,
    /// How long the notice was on the screen. Units: ms.
    pub shown_ms: u64,
    /// The guardian's act, if it is theirs: with the identity of both and the staff's log-in.
    pub guardian: Option<GuardianDraft>,
    /// The guardian's consent it rests on, if one stands.
    pub standing: Option<ReceiptId>,
}

/// The orders of one step, and the counters they are numbered by.
#[derive(Debug, Default)]
pub struct Commands {
    list: Vec<Command>,
}

impl Commands {
    /// Adds one.
    pub(super) fn push(&mut self, command: Command) {
        self.list.push(command);
    }

    /// Takes all, oldest first.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.list)
    }

    /// The orders so far.
    #[must_use]
    pub fn as_slice(&self) -> &[Command] {
        &self.list
    }
}
