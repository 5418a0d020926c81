//! `comply incident`: real ones and exercises.

use std::path::Path;

use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::papers;
use mianzheng::ports::{Clock, Paper};
use mianzheng::store::{Incident, IncidentKind};

use super::comply::Desk;
use super::comply_args::{IncidentArgs, IncidentCommand, KindArg};
use super::say::{DONE, Failure, NO};

pub(super) fn incident(desk: &Desk, command: &IncidentCommand) -> Result<u8, Failure> {
    match command {
        IncidentCommand::Open(args) => open(desk, args, false),
        IncidentCommand::Drill(args) => open(desk, args, true),
        IncidentCommand::Drafts { number, to } => drafts(desk, *number, to),
        IncidentCommand::Close { number } => close(desk, *number),
        IncidentCommand::List => list(desk),
    }
}

fn open(desk: &Desk, args: &IncidentArgs, drill: bool) -> Result<u8, Failure> {
    let say = desk.say;
    let (mut store, approval) = desk.open(Action::ManageIncident)?;
    let incident = Incident {
        kind: match args.kind {
            KindArg::Leak => IncidentKind::Leak,
            KindArg::Tamper => IncidentKind::Tamper,
            KindArg::Loss => IncidentKind::Loss,
        },
        drill,
        major: args.major,
        what: args.what.clone(),
        remedy: args.remedy.clone(),
        affected: Vec::new(),
        minors: Vec::new(),
    };
    let number = store.open_incident(&approval, incident).map_err(|_| desk.unwritten())?;
    println!("{}", say.with(Msg::CliIncidentOpen, &[("number", Arg::Number(number))]));
    if args.major && !drill {
        println!("{}", say.text(Msg::CliIncidentMajor));
    }
    Ok(DONE)
}

fn drafts(desk: &Desk, number: u64, to: &Path) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::ManageIncident)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let kept = store.incident(number).map_err(|_| desk.unread())?;
    let kept = kept.ok_or_else(|| desk.say.fail(NO, Msg::CliIncidentUnknown, &[("number", Arg::Number(number))]))?;
    let elapsed = SystemClock::default().unix_ms().saturating_sub(kept.made_ms) / 3_600_000;
    let hours = u64::try_from(elapsed).unwrap_or(0);
    let pages = papers::incident(&desk.say.locale, &desk.site, &kept.body, hours, desk.say.lang);
    desk.write(to, &pages.iter().collect::<Vec<&Paper>>())?;
    Ok(DONE)
}

fn close(desk: &Desk, number: u64) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::ManageIncident)?;
    let args = [("number", Arg::Number(number))];
    if !store.close_incident(&approval, number).map_err(|_| desk.unwritten())? {
        return Err(desk.say.fail(NO, Msg::CliIncidentUnknown, &args));
    }
    println!("{}", desk.say.with(Msg::CliIncidentClosed, &args));
    Ok(DONE)
}

fn list(desk: &Desk) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::ManageIncident)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let all = store.incidents().map_err(|_| desk.unread())?;
    if all.is_empty() {
        println!("{}", desk.say.text(Msg::CliIncidentNone));
    }
    for kept in all {
        let ended = kept.ended_ms.map(papers::minute).unwrap_or_default();
        let drill = if kept.body.drill { desk.say.text(Msg::IncidentDrill) } else { String::new() };
        println!("{:>4}  {}  {ended:<16}  {drill} {}", kept.number, papers::minute(kept.made_ms), kept.body.what);
    }
    Ok(DONE)
}
