//! How it ended, in words that never blame, with every other way one touch away.

use crate::core::consent::ConsentReceipt;
use crate::core::event::Event;
use crate::core::evidence::Method;
use crate::core::fault::Fault;
use crate::core::ids::ReceiptId;
use crate::core::message::Msg;
use crate::core::screen::{Control, Tone, View};
use crate::core::context::{Ctx, Journey};

use super::{Exit, GuardianExit, Step};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::core) enum Outcome {
    Granted(Method),
    NoMatch { again: bool },
    Referred,
    Declined,
    NotFound,
    GuardianNeeded,
    CardExpired,
    CardToStaff,
    NotListed,
    StaffDeclined,
    NothingStored,
    NothingKnown,
    NotGuardian,
    /// The guardian's card could not be read: theirs is tried again, nobody else's.
    GuardianCard(Fault),
    Renewed,
    RenewNeeded,
    MinorNeedsApproval,
    Enrolled,
    EnrolUnclear,
    /// The consent that ended, for its receipt.
    Erased(Option<ReceiptId>),
    Fault(Fault),
}

impl Outcome {
    pub(super) fn on(self, event: &Event, ctx: &mut Ctx) -> Step {
        match (event, self.retry()) {
            (Event::Tap(Control::Retry), Some(Retry::Face)) => Step::Leave(Exit::Again),
            (Event::Tap(Control::Retry), Some(Retry::Card)) => Step::Leave(Exit::CardAgain),
            (Event::Tap(Control::Retry), Some(Retry::Guardian)) => Step::Leave(Exit::Guardian(GuardianExit::Again)),
            (Event::Tap(Control::ShowReceipt), None) => match self.receipt(ctx.journey) {
                Some(receipt) => Step::Leave(Exit::ShowReceipt(receipt)),
                None => Step::Stay,
            },
            _ => Step::Stay,
        }
    }

    pub(super) fn view(self, journey: &Journey) -> (View, Vec<Control>) {
        let (tone, title, body) = self.words();
        let mut controls = if self.retry().is_some() { vec![Control::Retry] } else { Vec::new() };
        controls.extend(self.receipt(journey).map(|_| Control::ShowReceipt));
        (View::Result { tone, title, body }, controls)
    }

    fn words(self) -> (Tone, Msg, Msg) {
        match self {
            Self::Granted(Method::Face | Method::Card | Method::Staff | Method::Phone) => (Tone::Good, Msg::GrantedTitle, Msg::GrantedBody),
            Self::NoMatch { again: true } => (Tone::Turn, Msg::NoMatchTitle, Msg::NoMatchAgain),
            Self::NoMatch { again: false } => (Tone::Turn, Msg::NoMatchTitle, Msg::NoMatchLast),
            Self::Referred => (Tone::Turn, Msg::ReferredTitle, Msg::ReferredBody),
            Self::Declined => (Tone::Turn, Msg::DeclinedTitle, Msg::DeclinedBody),
            Self::NotFound => (Tone::Turn, Msg::NotFoundTitle, Msg::NotFoundBody),
            Self::GuardianNeeded => (Tone::Turn, Msg::GuardianTitle, Msg::GuardianBody),
            Self::CardExpired => (Tone::Turn, Msg::CardExpiredTitle, Msg::CardExpiredBody),
            Self::CardToStaff => (Tone::Turn, Msg::CardStaffTitle, Msg::CardStaffBody),
            Self::NotListed => (Tone::Turn, Msg::NotListedTitle, Msg::NotListedBody),
            Self::StaffDeclined => (Tone::Turn, Msg::StaffDeclinedTitle, Msg::StaffDeclinedBody),
            Self::NothingStored => (Tone::Good, Msg::NothingStoredTitle, Msg::NothingStoredBody),
            Self::NothingKnown => (Tone::Good, Msg::NothingKnownTitle, Msg::NothingKnownBody),
            Self::NotGuardian => (Tone::Turn, Msg::NotGuardianTitle, Msg::NotGuardianBody),
            Self::Renewed => (Tone::Good, Msg::RenewedTitle, Msg::RenewedBody),
            Self::RenewNeeded => (Tone::Turn, Msg::RenewNeededTitle, Msg::RenewNeededBody),
            Self::MinorNeedsApproval => (Tone::Turn, Msg::MinorNeedsApprovalTitle, Msg::MinorNeedsApprovalBody),
            Self::Enrolled => (Tone::Good, Msg::EnrolledTitle, Msg::EnrolledBody),
            Self::EnrolUnclear => (Tone::Turn, Msg::EnrolUnclearTitle, Msg::EnrolUnclearBody),
            Self::Erased(_) => (Tone::Good, Msg::ErasedTitle, Msg::ErasedBody),
            Self::Fault(fault) | Self::GuardianCard(fault) => {
                let (what, next) = fault.words();
                (Tone::Fault, what, next)
            }
        }
    }

    /// Whether what the person typed and showed is still needed: the same attempt can go on.
    pub(in crate::core) fn keeps_session(self) -> bool {
        matches!(self.retry(), Some(Retry::Face | Retry::Guardian))
    }

    fn retry(self) -> Option<Retry> {
        match self {
            Self::NoMatch { again: true } | Self::EnrolUnclear => Some(Retry::Face),
            Self::Fault(Fault::CardUnreadable | Fault::CardRemoved | Fault::ReaderMissing) => Some(Retry::Card),
            Self::NotGuardian | Self::GuardianCard(_) => Some(Retry::Guardian),
            _ => None,
        }
    }

    /// The receipt of the consent that was used, where something came of it.
    fn receipt(self, journey: &Journey) -> Option<ReceiptId> {
        match self {
            Self::Granted(Method::Face) | Self::Enrolled | Self::Renewed => journey.consent.as_ref().map(ConsentReceipt::id),
            Self::Erased(receipt) => receipt,
            _ => None,
        }
    }
}

enum Retry {
    Face,
    Card,
    Guardian,
}
