//! Staff have been asked for; the screen says so, large enough to be seen from the desk. They come,
//! log in and decide.

use crate::core::event::Event;
use crate::core::ids::PersonId;
use crate::core::screen::{Control, View};

use super::{Exit, Seen, Step, WayExit};

#[derive(Debug, Default)]
pub(in crate::core) struct Assist {
    /// Whom the document that was shown belongs to, if this device knows.
    person: Option<PersonId>,
    /// The site wants staff to decide before it goes on.
    decide: bool,
}

impl Assist {
    /// A document was shown, and the site wants staff to decide.
    pub(in crate::core) fn to_decide(person: Option<PersonId>) -> Self {
        Self { person, decide: true }
    }

    pub(super) fn on(&self, event: &Event) -> Step {
        match event {
            Event::Tap(Control::StaffDecide) => Step::Leave(Exit::Way(WayExit::StaffComes(self.person))),
            _ => Step::Stay,
        }
    }

    /// Without an account there is nobody who could decide here.
    pub(super) fn view(&self, seen: &Seen) -> (View, Vec<Control>) {
        let controls = if seen.board.operators { vec![Control::StaffDecide] } else { Vec::new() };
        (View::Assist { decide: self.decide }, controls)
    }
}
