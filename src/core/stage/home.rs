//! The first screen: two equal ways, nothing scanned until the person asks.

use crate::core::event::Event;
use crate::core::screen::{Control, View};
use crate::core::context::Ctx;

use super::{Exit, Seen, Step, WayExit};

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
            Control::MethodPhone => Step::Leave(Exit::Way(WayExit::ChosePhone)),
            Control::StaffOnly => Step::Leave(Exit::ChoseStaff),
            _ => Step::Stay,
        }
    }

    #[allow(clippy::unused_self)]
    pub(super) fn view(&self, seen: &Seen) -> (View, Vec<Control>) {
        let mut controls = vec![Control::MethodCard, Control::CallStaff, Control::Withdraw, Control::MyData, Control::StaffOnly];
        controls.extend(seen.board.phone.then_some(Control::MethodPhone));
        if seen.locks.is_empty() {
            controls.extend([Control::MethodFace, Control::Register]);
        }
        (View::Home { locks: seen.locks.to_vec() }, controls)
    }
}
