//! The notice: all of it, before anything is asked.

use crate::core::event::Event;
use crate::core::screen::{Control, View};
use crate::core::context::{Ctx, Journey};
use crate::core::time::Tick;

use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) struct Notice {
    since: Tick,
    read: bool,
    child: bool,
}

impl Notice {
    pub(in crate::core) fn at(since: Tick) -> Self {
        Self { since, read: false, child: false }
    }

    /// The children's own.
    pub(in crate::core) fn for_child(since: Tick) -> Self {
        Self { child: true, ..Self::at(since) }
    }

    /// The same notice, shown again.
    pub(in crate::core) fn again(&self, since: Tick) -> Self {
        Self { child: self.child, ..Self::at(since) }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match event {
            Event::NoticeEnd => {
                self.read = true;
                Step::Stay
            }
            Event::Tap(Control::Continue) if self.read => {
                Step::Leave(Exit::NoticeRead { shown_ms: ctx.at.since(self.since), child: self.child })
            }
            // A child may say no at once.
            Event::Tap(Control::Decline) if self.child => Step::Leave(Exit::Declined),
            _ => Step::Stay,
        }
    }

    pub(super) fn view(&self, journey: &Journey) -> (View, Vec<Control>) {
        let mut controls = if self.read { vec![Control::Continue] } else { Vec::new() };
        controls.extend(self.child.then_some(Control::Decline));
        (View::Notice { purpose: journey.purpose, read: self.read, child: self.child }, controls)
    }
}
