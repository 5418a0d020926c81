//! What may happen to a session.

use serde::{Deserialize, Serialize};

use super::consent::AgeBand;
use super::evidence::{CardFacts, Finding, Similarity};
use super::fault::Fault;
use super::ids::{PersonId, ReceiptId, RequestId, RunId};
use super::operator::Role;
use super::readiness::FaceLock;
use super::rights::{OwnFacts, Standing};
use super::screen::{Board, Control};
use super::ticket::Ticket;

/// One thing that happened. Holds no name, number, frame or embedding, so it may be journaled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The person used a control.
    Tap(Control),
    /// The number being typed now has this many digits. The digits stay outside the core.
    ClaimEdited(u8),
    /// Staff type a name or password. What they type stays outside the core.
    StaffTyped,
    /// The person does something at the device that changes nothing: goes through the page, moves
    /// from control to control, listens to the end.
    Stirred,
    /// Headphones were plugged in, or pulled out.
    Headphones(bool),
    /// The end of the notice has been shown.
    NoticeEnd,
    /// Nothing happened but time.
    Wake,
    /// The reasons why the face way is closed have changed.
    Locks(Vec<FaceLock>),
    /// The store can or cannot be used.
    Store(bool),
    /// What staff see of the device has changed.
    Board(Board),
    /// The camera of this run delivers, or not.
    Camera(RunId, Result<(), Fault>),
    /// A frame of this run was analysed.
    Seen(RunId, Finding),
    /// The vision worker itself failed in this run.
    Blind(RunId, Fault),
    /// The card reader of this run noticed a card, read it, or failed.
    Card(RunId, CardEvent),
    /// The site's system gave a number to wait for.
    Ticket(Ticket),
    /// An answer to a request.
    Reply(RequestId, Result<Reply, Fault>),
}

/// What a card reader tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardEvent {
    /// A card lies on the reader and is being read.
    Found,
    /// It was read.
    Read(CardFacts),
    /// It could not be.
    Failed(Fault),
}

/// An answer from the outside world.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Who the typed number belongs to.
    Found(Option<KnownPerson>),
    /// The consent is on record.
    ConsentStored(ReceiptId),
    /// The samples do not all show one person.
    Mixed,
    /// How alike probe and template are.
    Compared(Similarity),
    /// The new template, and the person it belongs to, are stored.
    Enrolled(PersonId),
    /// The person's template and its key are destroyed; the consent that ended by it.
    Erased(Option<ReceiptId>),
    /// Whether the typed code belongs to the document.
    CodeRight(bool),
    /// The audit entry is stored.
    Recorded,
    /// An operator of this role is logged in.
    LoggedIn(Role),
    /// Name or password is wrong.
    LogInWrong,
    /// Not before this much time has passed. Units: ms.
    LogInWait(u64),
    /// The account is off.
    LogInOff,
    /// Name or password cannot be used for a new account.
    LogInUnusable,
    /// The open alarms count as looked into.
    AlarmsCleared,
    /// The page of a person's own data is on the screen.
    Own(OwnFacts),
    /// A receipt is on the screen.
    ReceiptShown,
    /// What was asked is done.
    Done,
    /// Whoever is logged in may not do it; that they tried is on record.
    NotApproved,
    /// Whether the page went to the printer.
    Printed(bool),
}

/// What the device knows of the person behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KnownPerson {
    /// The row.
    pub person: PersonId,
    /// Age by the stored birth date.
    pub age: AgeBand,
    /// Of their template.
    pub template: Standing,
    /// The guardian's consent it rests on, if it is in force.
    pub guardian: Option<ReceiptId>,
    /// Whether they are on the site's list.
    #[serde(default)]
    pub listed: bool,
}
