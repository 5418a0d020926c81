//! Larger and slower, offered to somebody whose card says an age the site named. Nothing changes
//! without their yes.

use crate::core::event::Event;
use crate::core::evidence::CardFacts;
use crate::core::screen::{Control, View};

use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) struct Offer {
    /// What the card said; the way goes on with it.
    pub(in crate::core) facts: CardFacts,
}

impl Offer {
    pub(super) fn on(&mut self, event: &Event) -> Step {
        let larger = match event {
            Event::Tap(Control::OfferYes) => true,
            Event::Tap(Control::OfferNo) => false,
            _ => return Step::Stay,
        };
        Step::Leave(Exit::Offered { facts: self.facts, larger })
    }

    #[allow(clippy::unused_self)] // one signature for every stage
    pub(super) fn view(&self) -> (View, Vec<Control>) {
        (View::Offer, vec![Control::OfferNo, Control::OfferYes])
    }
}
