//! Staff at the device: log in, see the state, say that alarms were looked into. Names and
//! passwords never come here.

use crate::core::command::Command;
use crate::core::context::{Ctx, Pending};
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::ids::PersonId;
use crate::core::message::Msg;
use crate::core::operator::{Action, Need, Role, need};
use crate::core::screen::{Control, View};
use crate::core::time::Tick;

use super::{Exit, GuardianExit, Step, WayExit};

/// What staff log in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::core) enum Goal {
    /// To see the device.
    Board,
    /// To witness a guardian's consent.
    Witness,
    /// To confirm an age.
    Age,
    /// To decide about whoever stands here.
    Decide(Option<PersonId>),
}

impl Goal {
    fn action(self) -> Action {
        match self {
            Self::Board => Action::SeeBoard,
            Self::Witness | Self::Age => Action::Witness,
            Self::Decide(_) => Action::Admit,
        }
    }
}

#[derive(Debug)]
pub(in crate::core) enum Staff {
    /// Name and password are being typed; `first`: for an account that is being made.
    LogIn { goal: Goal, first: bool, remark: Option<Msg>, wait_until: Option<Tick>, asked: Option<Pending> },
    /// Somebody is logged in.
    Board { role: Role, asked: Option<Pending> },
}

impl Staff {
    pub(in crate::core) fn enter(first: bool) -> Self {
        Self::LogIn { goal: Goal::Board, first, remark: None, wait_until: None, asked: None }
    }

    /// For something a person waits for.
    pub(in crate::core) fn enter_for(goal: Goal) -> Self {
        Self::LogIn { goal, first: false, remark: None, wait_until: None, asked: None }
    }

    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match self {
            Self::LogIn { goal, first, remark, wait_until, asked } => {
                if let Some(answer) = asked.and_then(|asked| asked.answer(ctx.at, event)) {
                    *asked = None;
                    match answer {
                        Ok(Reply::LoggedIn(role)) if *goal == Goal::Board => *self = Self::Board { role, asked: None },
                        Ok(Reply::LoggedIn(role)) if need(role, goal.action()) == Need::Alone => {
                            return Step::Leave(match *goal {
                                Goal::Decide(person) => Exit::Way(WayExit::StaffDecides { role, person }),
                                goal => Exit::Guardian(GuardianExit::StaffHere(goal)),
                            });
                        }
                        Ok(Reply::LoggedIn(_)) => *remark = Some(Msg::StaffRole),
                        Ok(Reply::LogInWrong) => *remark = Some(Msg::StaffWrong),
                        Ok(Reply::LogInUnusable) => *remark = Some(Msg::StaffUnusable),
                        Ok(Reply::LogInOff) => *remark = Some(Msg::StaffOff),
                        Ok(Reply::LogInWait(ms)) => {
                            *remark = Some(Msg::StaffWait);
                            *wait_until = Some(ctx.at + ms);
                        }
                        Ok(_) => return Step::Leave(Exit::Faulted(Fault::StoreRead)),
                        Err(fault) => return Step::Leave(Exit::Faulted(fault)),
                    }
                    return Step::Stay;
                }
                if matches!(event, Event::Tap(Control::LogIn)) && asked.is_none() {
                    let first = *first;
                    *remark = None;
                    *asked = Some(ctx.ask(|request| Command::LogIn(request, first)));
                }
            }
            Self::Board { role, asked } => {
                if let Some(answer) = asked.and_then(|asked| asked.answer(ctx.at, event)) {
                    *asked = None;
                    if let Err(fault) = answer {
                        return Step::Leave(Exit::Faulted(fault));
                    }
                }
                let may = need(*role, Action::ClearAlarm) == Need::Alone;
                if matches!(event, Event::Tap(Control::OpenRecord)) && may_open(*role) {
                    return Step::Leave(Exit::OpenRecord);
                }
                if may && matches!(event, Event::Tap(Control::ClearAlarms)) && asked.is_none() {
                    *asked = Some(ctx.ask(Command::ClearAlarms));
                }
            }
        }
        Step::Stay
    }

    pub(super) fn view(&self, now: Tick, ctx: &super::Seen) -> (View, Vec<Control>) {
        match self {
            Self::LogIn { asked: Some(_), .. } | Self::Board { asked: Some(_), .. } => (View::Working, Vec::new()),
            Self::LogIn { goal, first, remark, wait_until, .. } => {
                let seconds = wait_until.map_or(0, |until| until.since(now).div_ceil(1000));
                let view = View::StaffLogIn { first: *first, witness: *goal != Goal::Board, remark: *remark, seconds };
                (view, vec![Control::LogIn])
            }
            Self::Board { role, .. } => {
                let may = need(*role, Action::ClearAlarm) == Need::Alone && !ctx.board.alarms.is_empty();
                let mut controls = if may { vec![Control::ClearAlarms] } else { Vec::new() };
                controls.extend(may_open(*role).then_some(Control::OpenRecord));
                (View::Board { board: ctx.board.clone(), locks: ctx.locks.to_vec() }, controls)
            }
        }
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        match self {
            Self::LogIn { asked, .. } | Self::Board { asked, .. } => *asked,
        }
    }
}

fn may_open(role: Role) -> bool {
    need(role, Action::OpenRecord) == Need::Alone
}
