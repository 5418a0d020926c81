//! The stages of a session, one file each. A stage stays or leaves with what happened; only the
//! session decides what follows.

pub(super) mod admit;
pub(super) mod assist;
pub(super) mod card;
pub(super) mod claim;
pub(super) mod code;
pub(super) mod compare;
pub(super) mod consent;
pub(super) mod enrol;
pub(super) mod guardian;
pub(super) mod home;
pub(super) mod mydata;
pub(super) mod notice;
pub(super) mod offer;
pub(super) mod out_of_service;
pub(super) mod position;
pub(super) mod receipt;
pub(super) mod renew;
pub(super) mod result;
pub(super) mod staff;
pub(super) mod withdraw;

use super::consent::AgeBand;
use super::event::Event;
use super::evidence::{CardFacts, CardPass, Grant};
use super::fault::Fault;
use super::ids::{PersonId, ReceiptId};
use super::operator::Role;
use super::readiness::FaceLock;
use super::screen::{Board, Control, View};
use super::context::{Ctx, Journey};
use super::time::Tick;

/// What a stage makes of an event.
#[derive(Debug)]
pub(super) enum Step {
    /// Nothing leads away from here.
    Stay,
    /// This stage is done.
    Leave(Exit),
}

/// What happened in a stage that is done.
#[derive(Debug)]
pub(super) enum Exit {
    ChoseFace,
    ChoseCard,
    ChoseRegister,
    ChoseWithdraw,
    ChoseStaff,
    ChoseMyData,
    Way(WayExit),
    Guardian(GuardianExit),
    /// Staff look a person up.
    OpenRecord,
    RecordFound(PersonId),
    WithdrawOf(PersonId),
    Renew { person: PersonId, age: AgeBand, ward: bool },
    ShowReceipt(ReceiptId),
    CallStaff,
    Claimed,
    Identified(CardFacts),
    /// Larger and slower was offered.
    Offered { facts: CardFacts, larger: bool },
    NoticeRead { shown_ms: u64, child: bool },
    Agreed,
    Declined,
    Gathered(position::Gathered),
    Granted(Grant),
    Ended(result::Outcome),
    Again,
    CardAgain,
    Faulted(Fault),
}

/// What happened on a way besides face and card alone.
#[derive(Debug)]
pub(super) enum WayExit {
    ChosePhone,
    /// The card is worth a grant with the code that goes with it.
    CodeNeeded(CardPass),
    /// The site wants staff to decide about whoever showed a document.
    DecisionNeeded(Option<PersonId>),
    /// Staff are here to decide.
    StaffComes(Option<PersonId>),
    /// They are logged in.
    StaffDecides { role: Role, person: Option<PersonId> },
}

/// What happened on a guardian's way.
#[derive(Debug)]
pub(super) enum GuardianExit {
    /// Guardian and staff are here.
    Here,
    /// The guardian's card was read.
    Identified(CardFacts),
    /// It could not be read.
    CardFailed(Fault),
    /// Another card is tried.
    Again,
    RelationKnown,
    /// The guardian agreed; a witness is needed before it counts.
    Agreed,
    /// Staff will say the age.
    AgeAsked,
    AgeKnown,
    /// Staff logged in for what they were asked.
    StaffHere(staff::Goal),
}

/// What every screen may show, whoever stands there.
pub(super) struct Seen<'a> {
    pub(super) locks: &'a [FaceLock],
    pub(super) board: &'a Board,
}

/// Where the session stands.
#[derive(Debug)]
pub(super) enum Stage {
    Home(home::Home),
    Claim(claim::Claim),
    Notice(notice::Notice),
    Consent(consent::Consent),
    Position(position::Position),
    Compare(compare::Compare),
    Enrol(enrol::Enrol),
    Card(card::Card),
    Offer(offer::Offer),
    Withdraw(withdraw::Withdraw),
    Guardian(guardian::Guardian),
    MyData(mydata::MyData),
    Receipt(receipt::Receipt),
    Renew(renew::Renew),
    Assist(assist::Assist),
    Code(code::Code),
    Admit(admit::Admit),
    Staff(staff::Staff),
    Result(result::Outcome),
    OutOfService(out_of_service::OutOfService),
}

impl Stage {
    pub(super) fn out_of_service() -> Self {
        Self::OutOfService(out_of_service::OutOfService)
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match self {
            Self::Home(stage) => stage.on(event, ctx),
            Self::Claim(stage) => stage.on(event, ctx),
            Self::Notice(stage) => stage.on(event, ctx),
            Self::Consent(stage) => stage.on(event, ctx),
            Self::Position(stage) => stage.on(event, ctx),
            Self::Compare(stage) => stage.on(event, ctx),
            Self::Enrol(stage) => stage.on(event, ctx),
            Self::Card(stage) => stage.on(event, ctx),
            Self::Offer(stage) => stage.on(event),
            Self::Withdraw(stage) => stage.on(event, ctx),
            Self::Guardian(stage) => stage.on(event, ctx),
            Self::MyData(stage) => stage.on(event, ctx),
            Self::Receipt(stage) => stage.on(event, ctx),
            Self::Renew(stage) => stage.on(event, ctx),
            Self::Result(stage) => stage.on(event, ctx),
            Self::Staff(stage) => stage.on(event, ctx),
            Self::Assist(stage) => stage.on(event),
            Self::Code(stage) => stage.on(event, ctx),
            Self::Admit(stage) => stage.on(event, ctx),
            Self::OutOfService(_) => Step::Stay,
        }
    }

    /// The view, and the controls that only this stage has.
    pub(super) fn view(&self, journey: &Journey, seen: &Seen, now: Tick) -> (View, Vec<Control>) {
        match self {
            Self::Home(stage) => stage.view(seen),
            Self::Claim(stage) => stage.view(journey),
            Self::Notice(stage) => stage.view(journey),
            Self::Consent(stage) => stage.view(journey, now),
            Self::Position(stage) => stage.view(now),
            Self::Guardian(stage) => stage.view(journey),
            Self::MyData(stage) => stage.view(),
            Self::Receipt(stage) => stage.view(),
            Self::Compare(_) | Self::Enrol(_) | Self::Renew(_) => (View::Working, Vec::new()),
            Self::Card(stage) => stage.view(journey),
            Self::Offer(stage) => stage.view(),
            Self::Withdraw(stage) => stage.view(),
            Self::Assist(stage) => stage.view(seen),
            Self::Code(stage) => stage.view(),
            Self::Admit(stage) => stage.view(),
            Self::Staff(stage) => stage.view(now, seen),
            Self::Result(stage) => stage.view(journey),
            Self::OutOfService(_) => (View::OutOfService, Vec::new()),
        }
    }

    /// When this stage must be woken, seen from `now`.
    pub(super) fn deadline(&self, now: Tick) -> Option<Tick> {
        if let Self::Consent(stage) = self
            && stage.opens() > now
        {
            return Some(stage.opens());
        }
        if let Self::Position(stage) = self
            && let Some(end) = stage.deadline()
        {
            return Some(end);
        }
        self.pending().map(super::context::Pending::deadline)
    }

    /// What is awaited from the outside world.
    pub(super) fn pending(&self) -> Option<super::context::Pending> {
        match self {
            Self::Claim(stage) => stage.pending(),
            Self::Consent(stage) => stage.pending(),
            Self::Compare(stage) => Some(stage.pending()),
            Self::Enrol(stage) => Some(stage.pending()),
            Self::Card(stage) => stage.pending(),
            Self::Withdraw(stage) => stage.pending(),
            Self::Staff(stage) => stage.pending(),
            Self::Guardian(stage) => stage.pending(),
            Self::MyData(stage) => stage.pending(),
            Self::Receipt(stage) => stage.pending(),
            Self::Renew(stage) => Some(stage.pending()),
            Self::Code(stage) => stage.pending(),
            Self::Admit(stage) => stage.pending(),
            Self::Home(_) | Self::Notice(_) | Self::Position(_) | Self::Offer(_) | Self::Assist(_) | Self::Result(_)
            | Self::OutOfService(_) => None,
        }
    }

    /// Whether a person is being served: card and staff are one touch away, time runs.
    pub(super) fn is_participant(&self) -> bool {
        match self {
            Self::Home(_) | Self::OutOfService(_) => false,
            Self::Claim(_) | Self::Notice(_) | Self::Consent(_) | Self::Position(_) | Self::Compare(_)
            | Self::Enrol(_) | Self::Card(_) | Self::Offer(_) | Self::Withdraw(_) | Self::Assist(_) | Self::Staff(_) | Self::Guardian(_)
            | Self::MyData(_) | Self::Receipt(_) | Self::Renew(_) | Self::Code(_) | Self::Admit(_) | Self::Result(_) => true,
        }
    }

    /// Whether this stage makes no sense without the face way.
    pub(super) fn needs_face(&self) -> bool {
        match self {
            Self::Claim(stage) => !stage.for_staff(),
            Self::Notice(_) | Self::Consent(_) | Self::Position(_) | Self::Compare(_) | Self::Enrol(_)
            | Self::Guardian(_) => true,
            Self::Home(_) | Self::Card(_) | Self::Offer(_) | Self::Withdraw(_) | Self::Assist(_) | Self::Result(_)
            | Self::Staff(_) | Self::MyData(_) | Self::Receipt(_) | Self::Renew(_) | Self::Code(_) | Self::Admit(_)
            | Self::OutOfService(_) => false,
        }
    }

    /// Whether this is the card stage, reached to be verified.
    pub(super) fn verifies_by_card(&self) -> bool {
        matches!(self, Self::Card(card) if card.verifies())
    }
}
