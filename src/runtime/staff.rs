//! Staff at the device, as far as names and passwords are concerned.

use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::ids::RequestId;
use crate::core::operator::Action;
use crate::ports::LogInRefused;

use super::kiosk::Kiosk;

impl Kiosk {
    /// Checks what was typed, or makes the first account of it. What was typed is wiped.
    pub(super) fn log_in(&mut self, request: RequestId, first: bool) {
        let Some((name, password, again)) = self.private.log_in.take() else {
            return self.later(Event::Reply(request, Ok(Reply::LogInWrong)));
        };
        let records = &mut self.devices.records;
        let reply = if first {
            let same = again.is_some_and(|again| again.expose() == password.expose());
            match same.then(|| records.first_supervisor(&name, &password)) {
                Some(Ok(staff)) => Ok(staff),
                Some(Err(_)) | None => Err(Ok(Reply::LogInUnusable)),
            }
        } else {
            records.log_in(&name, &password).map_err(|refused| match refused {
                LogInRefused::Wrong => Ok(Reply::LogInWrong),
                LogInRefused::Wait(ms) => Ok(Reply::LogInWait(ms)),
                LogInRefused::Off => Ok(Reply::LogInOff),
                LogInRefused::Store => Err(Fault::StoreRead),
            })
        };
        let reply = match reply {
            Ok(staff) => {
                let role = staff.role();
                self.private.staff = Some(staff);
                Ok(Reply::LoggedIn(role))
            }
            Err(refused) => refused,
        };
        self.stale = true;
        self.later(Event::Reply(request, reply));
    }

    /// Everything open counts as looked into, if who is logged in may say so.
    pub(super) fn clear_alarms(&mut self, request: RequestId) {
        let records = &mut self.devices.records;
        let staff = self.private.staff.take();
        let approval = records.approve(Action::ClearAlarm, staff.as_slice());
        self.private.staff = staff;
        let cleared = approval.is_some_and(|approval| {
            // What the screen showed, not what came up since.
            let shown = self.told.iter().flat_map(|(_, board)| &board.alarms);
            shown.map(|open| open.alarm).all(|alarm| records.clear(&approval, alarm).is_ok())
        });
        self.stale = true;
        let reply = if cleared { Ok(Reply::AlarmsCleared) } else { Err(Fault::StoreWrite) };
        self.later(Event::Reply(request, reply));
    }
}
