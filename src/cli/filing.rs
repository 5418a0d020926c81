//! `comply filing` and what belongs to it: the count, the materials, the end.

use std::fs;
use std::path::{Path, PathBuf};

use mianzheng::core::calendar::Calendar;
use mianzheng::core::filing::Step;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::core::time::Date;
use mianzheng::locale::Arg;
use mianzheng::papers::{self, Count};
use mianzheng::ports::{Paper, Security};
use mianzheng::store::{ERROR_PER_MILLE, Sketch};
use mianzheng::vision::manifest;
use sha2::{Digest, Sha256};

use super::assess::{signer, theft};
use super::comply::Desk;
use super::comply_args::GroupCommand;
use super::office::{data, put, put_secret};
use super::say::{DONE, FAULT, Failure, NO, USAGE};

const CALENDAR: &str = include_str!("../../assets/calendar.toml");
/// Names of the five materials.
const MATERIALS: [&str; 5] = ["1-processor", "2-purpose-and-method", "3-quantity-and-protection", "4-rules-and-procedures", "5-assessment"];

/// The table of holidays: the one in the data folder, else the built-in one.
pub(super) fn calendar(desk: &Desk) -> Result<Calendar, Failure> {
    let file = data(desk.data).join("calendar.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|_| CALENDAR.to_owned());
    toml::from_str(&text).map_err(|e| desk.say.usage(&format!("{}: {}", file.display(), e.message())))
}

pub(super) fn status(desk: &Desk, json: bool) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::SeeCompliance)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let condition = store.condition().ok_or_else(|| desk.unread())?;
    let step = condition.filing.step(condition.people, &calendar(desk)?);
    let due = matches!(step, Step::File { .. } | Step::Change { .. } | Step::Cancel { .. });
    if json {
        let by = step.by().map(|by| by.day.to_string());
        let step = match step {
            Step::Nothing => "nothing",
            Step::Near => "near",
            Step::File { .. } => "file",
            Step::Change { .. } => "change",
            Step::Cancel { .. } => "cancel",
        };
        println!("{}", serde_json::json!({ "persons": condition.people, "elsewhere": condition.filing.elsewhere, "step": step, "by": by }));
    } else {
        let persons = condition.people.saturating_add(condition.filing.elsewhere);
        for line in papers::step(&desk.say.locale, step, persons, Desk::today(), desk.say.lang) {
            println!("{line}");
        }
        if let Some((number, date)) = &condition.filing.filed {
            let date = date.to_string();
            println!("{}", desk.say.with(Msg::FilingDone, &[("number", Arg::Text(number)), ("date", Arg::Text(&date))]));
        }
    }
    Ok(if due { NO } else { DONE })
}

pub(super) fn pack(desk: &Desk, to: &Path) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::ManageFiling)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let Some((form, signed)) = store.assessment().map_err(|_| desk.unread())? else {
        return Err(desk.say.fail(NO, Msg::EvAssessmentNone, &[]));
    };
    let now = desk.site.subject(&manifest::mark(&manifest::folder(desk.args.models.as_deref())));
    let incident = store.condition().is_some_and(|condition| condition.facts.incident);
    if !mianzheng::core::assessment::locks(Some(&signed), &now, incident, Desk::today()).is_empty() {
        return Err(desk.say.fail(NO, Msg::CliPackOutdated, &[]));
    }
    let name = signer(&mut store, &signed);
    let assessment = papers::assessment(&desk.say.locale, &desk.site, &form.answers, Some((&signed, &name)), desk.say.lang);
    let condition = store.condition().ok_or_else(|| desk.unread())?;
    let elsewhere = condition.filing.elsewhere;
    let everywhere = (elsewhere > 0).then(|| condition.people.saturating_add(elsewhere));
    let count = Count { here: condition.people, everywhere, theft: theft(&mut store) };
    let pages = papers::materials(&desk.say.locale, &desk.site, count, assessment, desk.say.lang);
    fs::create_dir_all(to).map_err(|e| Failure { code: FAULT, ..desk.say.usage(&format!("{}: {e}", to.display())) })?;
    let mut hash = Sha256::new();
    for (name, page) in MATERIALS.iter().zip(&pages) {
        let html = papers::html(&[page]);
        hash.update(&html);
        put(&to.join(format!("{name}.html")), html.as_bytes(), desk.say)?;
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{}", desk.say.with(Msg::CliPack, &[("folder", Arg::Text(&to.display().to_string())), ("hash", Arg::Text(&hash))]));
    Ok(DONE)
}

pub(super) fn filed(desk: &Desk, number: &str, on: &str) -> Result<u8, Failure> {
    let on = Date::parse(on).ok_or_else(|| desk.say.usage(on))?;
    let (mut store, approval) = desk.open(Action::ManageFiling)?;
    if number.trim().is_empty() || on > Desk::today() {
        return Err(desk.say.fail(NO, Msg::CliFiledBad, &[]));
    }
    store.filed(&approval, number, on).map_err(|_| desk.unwritten())?;
    println!("{}", desk.say.with(Msg::CliFiled, &[("number", Arg::Text(number))]));
    Ok(DONE)
}

pub(super) fn group(desk: &Desk, command: &GroupCommand) -> Result<u8, Failure> {
    match command {
        GroupCommand::Create { to } => {
            let (mut store, approval) = desk.open(Action::ManageFiling)?;
            let key = store.join_group(&approval, None).map_err(|_| desk.unwritten())?;
            let text: zeroize::Zeroizing<String> = zeroize::Zeroizing::new(key.iter().map(|byte| format!("{byte:02x}")).collect());
            put_secret(to, text.as_bytes(), desk.say)?;
            println!("{}", desk.say.with(Msg::CliGroupMade, &[("file", Arg::Text(&to.display().to_string()))]));
        }
        GroupCommand::Join { from } => {
            let text = super::office::secret(from, desk.say)?;
            let key = unhex(text.expose()).ok_or_else(|| desk.say.usage(&from.display().to_string()))?;
            let (mut store, approval) = desk.open(Action::ManageFiling)?;
            store.join_group(&approval, Some(key)).map_err(|_| desk.unwritten())?;
            println!("{}", desk.say.text(Msg::CliGroupJoined));
        }
    }
    Ok(DONE)
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(key)
}

pub(super) fn sketch(desk: &Desk, to: &Path) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::ManageFiling)?;
    let sketch = store.sketch(&approval).map_err(|_| desk.unread())?;
    let sketch = sketch.ok_or_else(|| desk.say.fail(NO, Msg::CliGroupNone, &[]))?;
    put(to, serde_json::to_string(&sketch).unwrap_or_default().as_bytes(), desk.say)?;
    println!("{}", desk.say.with(Msg::CliSketch, &[("file", Arg::Text(&to.display().to_string()))]));
    Ok(DONE)
}

pub(super) fn merge(desk: &Desk, files: &[PathBuf], json: bool, store: bool) -> Result<u8, Failure> {
    let mut all: Option<Sketch> = None;
    for file in files {
        let name = file.display().to_string();
        let text = fs::read_to_string(file).map_err(|e| Failure { code: FAULT, ..desk.say.usage(&format!("{name}: {e}")) })?;
        let one: Sketch = serde_json::from_str(&text).map_err(|e| desk.say.usage(&format!("{name}: {e}")))?;
        match all.as_mut() {
            None => all = Some(one),
            Some(all) => {
                all.merge(&one).map_err(|_| desk.say.fail(USAGE, Msg::CliMergeOther, &[("file", Arg::Text(&name))]))?;
            }
        }
    }
    let mut room = None;
    if store {
        let (mut opened, approval) = desk.open(Action::ManageFiling)?;
        // The people here count too, whichever files were given; and it must be one group.
        let own = opened.sketch(&approval).map_err(|_| desk.unread())?;
        let mut own = own.ok_or_else(|| desk.say.fail(NO, Msg::CliGroupNone, &[]))?;
        if let Some(others) = &all {
            own.merge(others).map_err(|_| desk.say.fail(USAGE, Msg::CliMergeOther, &[("file", Arg::Text("–"))]))?;
        }
        all = Some(own);
        room = Some((opened, approval));
    }
    let count = all.as_mut().map_or(0, Sketch::count);
    let (low, high) = (count * (1000 - ERROR_PER_MILLE) / 1000, count * (1000 + ERROR_PER_MILLE) / 1000);
    if let Some((mut room, approval)) = room {
        let here = room.condition().map_or(0, |condition| condition.people);
        // The upper end: a period that begins too early harms nobody.
        room.counted_elsewhere(&approval, high.saturating_sub(here)).map_err(|_| desk.unwritten())?;
    }
    if json {
        println!("{}", serde_json::json!({ "persons": count, "low": low, "high": high, "devices": files.len() }));
    } else {
        let args = [
            ("count", Arg::Number(count)),
            ("devices", Arg::Number(files.len() as u64)),
            ("low", Arg::Number(low)),
            ("high", Arg::Number(high)),
        ];
        println!("{}", desk.say.with(Msg::CliMerge, &args));
    }
    Ok(DONE)
}

pub(super) fn terminate(desk: &Desk, to: &Path, yes: bool) -> Result<u8, Failure> {
    if !yes {
        return Err(desk.say.fail(NO, Msg::CliTerminateSure, &[]));
    }
    let (mut store, approval) = desk.open(Action::Terminate)?;
    if store.filing().terminated.is_some() && store.people().is_ok_and(|people| people.is_empty()) {
        return Err(desk.say.fail(NO, Msg::CliTerminatedBefore, &[]));
    }
    // Nothing is destroyed without a place for the certificate; none is written over.
    put_secret(to, b"", desk.say)?;
    let destroyed = store.terminate(&approval).map_err(|_| desk.unwritten())?;
    let date = Desk::today().to_string();
    let page = papers::certificate(&desk.say.locale, &desk.site, &destroyed, approval.by(), &date, desk.say.lang);
    desk.write(to, &[&page] as &[&Paper])?;
    println!("{}", desk.say.with(Msg::CliTerminated, &[("count", Arg::Number(destroyed.count))]));
    let condition = store.condition().ok_or_else(|| desk.unread())?;
    for line in papers::step(&desk.say.locale, condition.filing.step(0, &calendar(desk)?), 0, Desk::today(), desk.say.lang) {
        println!("{line}");
    }
    Ok(DONE)
}
