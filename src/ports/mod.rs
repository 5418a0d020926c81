//! What the kiosk needs from the outside world, as traits. Adapters implement them; `main` alone
//! knows which.

mod beside;
mod embedding;
mod frame;
mod paper;
mod rights;
mod roster;
mod secret;
mod security;
mod template;
mod voice;
mod ways;

use crate::core::alarm::Alarm;
use crate::core::audit::AuditEvent;
use crate::core::command::{ConsentDraft, EnrolOrder};
use crate::core::event::KnownPerson;
use crate::core::consent::{AgeBand, Purpose};
use crate::core::evidence::{Grant, Guidance, Liveness, Turn};
use crate::core::fault::Fault;
use crate::core::ids::{PersonId, ReceiptId, RunId};
use crate::core::ticket::Ticket;
use crate::core::time::{Date, Tick};

pub use beside::Beside;
pub use embedding::{DIMENSION, Embedding, ModelTag};
pub use frame::{Frame, FrameError};
pub use paper::{Line, Paper};
pub use rights::{ConsentRecord, OwnData, Printer, RequestRecord, Rights, Scribe};
pub use roster::{BadgeOwner, Roster};
pub use secret::{ClaimNumber, Identity, Secret};
pub use security::{Condition, Facts, LogInRefused, Notice, Security};
pub use template::{Template, Transform};
pub use voice::{Utterance, Voice};
pub use ways::{IdentityAuthority, PhoneLink, PhoneSight, PhoneSink, ScanSink, Scanner};

/// Tells the time. Nothing else does.
pub trait Clock: Send + Sync {
    /// Milliseconds since the program started; never runs backwards.
    fn tick(&self) -> Tick;
    /// Today, where the kiosk stands.
    fn today(&self) -> Date;
    /// Wall time. Units: milliseconds since 1970 UTC.
    fn unix_ms(&self) -> i64;
    /// Which start of the machine this is, and how long ago it was, sleep included; none where
    /// that is not known. Units: milliseconds. Nobody can set it.
    fn boot(&self) -> Option<(String, u64)> {
        None
    }
}

/// Where a camera puts what it delivers.
pub trait CameraSink: Send + Sync {
    /// A new frame. Only the latest is of interest; the camera never waits.
    fn frame(&self, run: RunId, frame: Frame);
    /// The camera works again, or stopped working.
    fn state(&self, run: RunId, state: Result<(), Fault>);
}

/// One camera. Closed unless started.
pub trait Camera: Send {
    /// Opens the device in the background and delivers to `sink`. One that goes away is told of
    /// once and opened again when it is back, until it is stopped.
    fn start(&mut self, run: RunId, sink: std::sync::Arc<dyn CameraSink>);
    /// Closes the device; returns when no frame of this run can come any more.
    fn stop(&mut self);
    /// Whether there is a camera at all, as far as can be told without opening it.
    fn present(&self) -> bool {
        true
    }
}

/// What a reader saw. The identity is for the runtime's private memory only.
pub enum CardSight {
    /// A card lies there and is being read.
    Found,
    /// It was read.
    Read(Identity),
    /// It was read, but what it says does not fit together: staff look at it.
    Doubtful(Identity),
    /// It could not be.
    Failed(Fault),
    /// The reader is not the one that was put into service.
    Changed,
}

/// One card reader. Looks for cards only while started.
pub trait CardReader: Send {
    /// Looks for a card in the background; tells `sink` until stopped.
    fn start(&mut self, run: RunId, sink: Box<dyn Fn(RunId, CardSight) + Send + Sync>);
    /// Stops looking.
    fn stop(&mut self);
    /// Whether there is a reader at all.
    fn present(&self) -> bool {
        true
    }
    /// Which reader this is, as it says itself; none if it cannot say.
    fn identity(&self) -> Option<String> {
        None
    }
}

/// A store operation did not happen; nothing was half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store did not answer")]
pub struct StoreFault;

/// The people, templates and consents of this device, and the record of what was done.
pub trait Records: Send {
    /// Who chose this number.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn find_claim(&mut self, claim: &ClaimNumber) -> Result<Option<KnownPerson>, StoreFault>;

    /// Who this identity document belongs to, if known.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn find_identity(&mut self, identity: &Identity) -> Result<Option<KnownPerson>, StoreFault>;

    /// The live template of one person. There is no way to load all.
    ///
    /// # Errors
    /// When the store cannot be read, or the stored bytes are not what was stored.
    fn template(&mut self, person: PersonId) -> Result<Option<Template>, StoreFault>;

    /// Puts a consent on record.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn store_consent(&mut self, draft: &ConsentDraft, identity: Option<&Identity>) -> Result<ReceiptId, StoreFault>;

    /// Stores person, number, template and audit entry together, replacing an older template of
    /// the person.
    ///
    /// # Errors
    /// When nothing was stored.
    fn enrol(
        &mut self,
        order: &EnrolOrder,
        identity: &Identity,
        claim: &ClaimNumber,
        template: &Embedding,
    ) -> Result<PersonId, StoreFault>;

    /// Destroys the template of a person, ends their consents to keep one and records it.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn erase(&mut self, person: PersonId) -> Result<(), StoreFault>;

    /// Destroys templates past their date as [`Records::erase`] does.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn expire(&mut self) -> Result<(), StoreFault>;

    /// Stores one entry of the processing record.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn record(&mut self, event: &AuditEvent) -> Result<(), StoreFault>;
}

/// Everything a kiosk needs of its store.
pub trait StoreRoom: Records + Security + Rights + Roster {}

impl<T: Records + Security + Rights + Roster> StoreRoom for T {}

/// What one frame showed, with the embedding if the face was good.
pub enum Look {
    /// The person can do something about it.
    Guide(Guidance),
    /// One good face.
    Good {
        /// The features.
        embedding: Embedding,
        /// How live it looked.
        live: Liveness,
        /// Which way it points.
        turn: Turn,
        /// It moved as a head does, not as a flat picture, since the run began.
        relief: bool,
        /// Something seems to hide a part of it.
        covered: bool,
    },
}

/// Sees faces. Runs on its own thread.
pub trait Eyes: Send {
    /// A run begins: nothing of an earlier one counts. A stored template asks for better pictures
    /// than one comparison.
    fn begin(&mut self, purpose: Purpose) {
        let _ = purpose;
    }
    /// A run ended: whatever was kept from frame to frame is wiped.
    fn end(&mut self) {}
    /// Analyses the zone of one frame.
    ///
    /// # Errors
    /// When a model does not run; the face way closes.
    fn look(&mut self, frame: &Frame) -> Result<Look, Fault>;
}

/// Where outcomes go: door, queue, host system. Never a face, a template or a score.
pub trait OutcomePort: Send {
    /// A person was verified.
    fn granted(&mut self, grant: &Grant);
    /// Somebody asks for help.
    fn staff_called(&mut self);
    /// Something was noticed that staff must know of.
    fn alarm(&mut self, alarm: Alarm);
    /// The site's system may answer with a number to wait for; tells `sink` each.
    fn listen(&mut self, sink: TicketSink);
}

/// Where a number to wait for goes.
pub type TicketSink = Box<dyn Fn(Ticket) + Send + Sync>;

/// Watches the machine itself: what is plugged in, whether the program file is the same.
pub trait Sentinel: Send {
    /// What is new since the last look.
    fn look(&mut self) -> Vec<Alarm>;
    /// What this machine is, to be compared with what was put into service.
    fn facts(&self) -> Facts;
}

/// What the person standing at a demo can do to the simulated world.
pub trait DemoDeck: Send + Sync {
    /// The sample cards: id and name to show.
    fn cards(&self) -> Vec<(String, String)>;
    /// What can stand before the camera: id and name to show.
    fn scenes(&self) -> Vec<(String, String)>;
    /// Lays a card on the reader; `none` takes it away. False if there is no such card.
    fn lay_card(&self, id: &str) -> bool;
    /// Puts a scene before the camera. False if there is no such scene.
    fn show(&self, id: &str) -> bool;
    /// The scene now.
    fn scene(&self) -> String;
    /// The card now.
    fn card(&self) -> String;
}

/// What the devices have seen, for expectations.
pub trait Witness: Send + Sync {
    /// How often the camera has been opened.
    fn camera_opened(&self) -> u64;
    /// Whether it is open.
    fn camera_on(&self) -> bool;
    /// The last outcome announced.
    fn outcome(&self) -> Option<&'static str>;
}

/// Age of an identity on a day; the core never sees the birth date.
#[must_use]
pub fn age_of(identity: &Identity, today: Date) -> AgeBand {
    AgeBand::on(identity.birth(), today)
}
