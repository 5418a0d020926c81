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
}

impl Notice {
    pub(in crate::core) fn at(since: Tick) -> Self {
        Self { since, read: false }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match event {
            Event::NoticeEnd => {
                self.read = true;
                Step::Stay
            }
            Event::Tap(Control::Continue) if self.read => {
                Step::Leave(Exit::NoticeRead { shown_ms: ctx.at.since(self.since) })
            }
            _ => Step::Stay,
        }
    }

    pub(super) fn view(&self, journey: &Journey) -> (View, Vec<Control>) {
        let controls = if self.read { vec![Control::Continue] } else { Vec::new() };
        (View::Notice { purpose: journey.purpose, read: self.read }, controls)
    }
}
