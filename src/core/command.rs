//! What a session asks the outside world to do.

use serde::{Deserialize, Serialize};

use super::alarm::Alarm;
use super::audit::AuditEvent;
use super::consent::Purpose;
use super::evidence::{Capture, Grant};
use super::ids::{PersonId, ReceiptId, RequestId, RunId, SampleId};
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
