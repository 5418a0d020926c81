//! `alarm`: what was noticed, and that it was looked into.

use mianzheng::core::alarm::{Alarm, OpenAlarm};
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::locale::Arg;
use mianzheng::ports::Security;

use super::args::{AlarmArgs, AlarmCommand, Args};
use super::office::{approve, open};
use super::say::{DONE, FAULT, Failure, NO, Say};

/// As in the log and on the command line.
fn id(alarm: Alarm) -> String {
    serde_json::to_value(alarm).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn alarm(alarm: &AlarmArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(alarm.data.as_deref(), None, args, say)?;
    match &alarm.command {
        AlarmCommand::List { json } => {
            approve(&mut store, Action::SeeBoard, args, say)?;
            let alarms: Vec<OpenAlarm> = store.alarms();
            if *json {
                println!("{}", serde_json::json!({ "alarms": alarms }));
            } else if alarms.is_empty() {
                println!("{}", say.text(Msg::BoardNoAlarms));
            }
            for open in alarms.iter().filter(|_| !*json) {
                println!("{}: {}", id(open.alarm), say.text(open.alarm.words()));
            }
            Ok(if alarms.is_empty() { DONE } else { NO })
        }
        AlarmCommand::Clear { alarm } => {
            let approval = approve(&mut store, Action::ClearAlarm, args, say)?;
            let open = store.alarms().into_iter().map(|open| open.alarm).find(|open| id(*open) == *alarm);
            let open = open.ok_or_else(|| say.fail(NO, Msg::CliAlarmNone, &[]))?;
            store.clear(&approval, open).map_err(|_| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
            println!("{}", say.with(Msg::CliAlarmCleared, &[("alarm", Arg::Text(alarm))]));
            Ok(DONE)
        }
    }
}
