//! The first screen: two equal ways, nothing scanned until the person asks.

use crate::core::event::Event;
use crate::core::readiness::FaceLock;
use crate::core::screen::{Control, View};
use crate::core::context::Ctx;

use super::{Exit, Step};

#[derive(Debug)]
pub(in crate::core) struct Home;

impl Home {
    #[allow(clippy::unused_self)] // one signature for every stage
    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        let Event::Tap(control) = event else { return Step::Stay };
        let open = ctx.locks.is_empty();
        match control {
            Control::MethodFace if open => Step::Leave(Exit::ChoseFace),
            Control::Register if open => Step::Leave(Exit::ChoseRegister),
            Control::Withdraw => Step::Leave(Exit::ChoseWithdraw),
            Control::MyData => Step::Leave(Exit::ChoseMyData),
            Control::StaffOnly => Step::Leave(Exit::ChoseStaff),
            _ => Step::Stay,
        }
    }

    #[allow(clippy::unused_self)]
    pub(super) fn view(&self, locks: &[FaceLock]) -> (View, Vec<Control>) {
        let mut controls = vec![Control::MethodCard, Control::CallStaff, Control::Withdraw, Control::MyData, Control::StaffOnly];
        if locks.is_empty() {
            controls.extend([Control::MethodFace, Control::Register]);
        }
        (View::Home { locks: locks.to_vec() }, controls)
    }
}
