//! `comply`: what the law asks, shown, kept and filed.

use std::path::Path;

use mianzheng::config::Site;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::core::readiness::{Known, Models, reasons};
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::papers::{self, Facts};
use mianzheng::ports::{Clock, Facts as Machine, Paper, Security};
use mianzheng::store::Store;
use mianzheng::vision::manifest;

use super::args::Args;
use super::comply_args::{ComplyArgs, ComplyCommand, RequestCommand};
use super::office::{approve, open, put};
use super::say::{DONE, FAULT, Failure, NO, Say};
use super::{assess, filing, incident};

/// One command and everything it needs.
pub(super) struct Desk<'a> {
    pub(crate) site: Site,
    pub(crate) data: Option<&'a Path>,
    pub(crate) args: &'a Args,
    pub(crate) say: &'a Say,
}

impl Desk<'_> {
    /// The store, and whoever asks, allowed to.
    pub(super) fn open(&self, action: Action) -> Result<(Store, mianzheng::core::operator::Approval), Failure> {
        let mut store = open(self.data, Some(&self.site), self.args, self.say)?;
        let approval = approve(&mut store, action, self.args, self.say)?;
        Ok((store, approval))
    }

    pub(super) fn today() -> Date {
        SystemClock::default().today()
    }

    pub(super) fn write(&self, file: &Path, papers: &[&Paper]) -> Result<(), Failure> {
        put(file, papers::html(papers).as_bytes(), self.say)?;
        println!("{}", self.say.with(Msg::CliWritten, &[("file", Arg::Text(&file.display().to_string()))]));
        Ok(())
    }

    pub(super) fn unwritten(&self) -> Failure {
        self.say.fail(FAULT, Msg::FaultStoreWrite, &[])
    }

    pub(super) fn unread(&self) -> Failure {
        self.say.fail(FAULT, Msg::FaultStoreRead, &[])
    }
}

pub(super) fn comply(comply: &ComplyArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let site = Site::load(&comply.site).map_err(|e| say.site(&e))?;
    let desk = Desk { site, data: comply.data.as_deref(), args, say };
    match &comply.command {
        ComplyCommand::Report { json, to } => report(&desk, *json, to.as_deref()),
        ComplyCommand::Assess { form, sign, to } => assess::assess(&desk, form.as_deref(), sign.as_deref(), to.as_deref()),
        ComplyCommand::Notices { which, to } => notices(&desk, which.as_deref(), to.as_deref()),
        ComplyCommand::Records { to, from } => records(&desk, to, from.as_deref()),
        ComplyCommand::Requests(command) => requests(&desk, command),
        ComplyCommand::Filing { json } => filing::status(&desk, *json),
        ComplyCommand::Pack { to } => filing::pack(&desk, to),
        ComplyCommand::Filed { number, on } => filing::filed(&desk, number, on),
        ComplyCommand::Group(command) => filing::group(&desk, command),
        ComplyCommand::Sketch { to } => filing::sketch(&desk, to),
        ComplyCommand::Merge { files, json, store } => filing::merge(&desk, files, *json, *store),
        ComplyCommand::Incident(command) => incident::incident(&desk, command),
        ComplyCommand::Terminate { to, yes } => filing::terminate(&desk, to, *yes),
    }
}

/// Every article and check, as this device stands.
fn report(desk: &Desk, json: bool, to: Option<&Path>) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::SeeCompliance)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let folder = manifest::folder(desk.args.models.as_deref());
    let site = desk.site.facts(&manifest::mark(&folder));
    store
        .observe(&Machine { policy: mianzheng::config::policy_mark(&desk.site.policy), ..Machine::default() })
        .map_err(|_| desk.unwritten())?;
    let condition = store.condition().ok_or_else(|| desk.unread())?;
    let now = SystemClock::default().unix_ms();
    let alarms = store.alarms();
    let closing: Vec<_> = alarms.iter().filter(|open| open.closes_face(now)).map(|open| open.alarm).collect();
    let models = if manifest::all_there(&folder) { Models::Ready } else { Models::Refused };
    let locks = reasons(&Known {
        site: &site,
        models,
        // What is plugged in just now is asked by doctor.
        camera: true,
        card_reader: !desk.site.devices.reader.is_empty(),
        store: Some(&condition.facts),
        alarms: &closing,
        today: Desk::today(),
        in_service: true,
    });
    let text = desk.site.text();
    let facts = Facts {
        site: &site,
        text: &text,
        store: &condition.facts,
        other_way: site.staffed,
        locks: &locks,
        notice: store.notice_in_force(),
        consents: store.consents_in_force().map_err(|_| desk.unread())?,
        alarms: alarms.len() as u64,
        entries: condition.entries,
        people: condition.people,
        filing: condition.filing.step(condition.people, &filing::calendar(desk)?),
    };
    let reported = papers::report(&desk.say.locale, &facts, desk.say.lang);
    let mut page = reported.page(&desk.say.locale, desk.say.lang);
    // Printed and kept elsewhere, it shows later that the log was neither cut nor written anew.
    let ((seq, hash), key) = (store.log_head(), store.log_first_key());
    let head = [("seq", Arg::Number(seq)), ("hash", Arg::Text(&hash)), ("key", Arg::Text(&key))];
    page.text(desk.say.with(Msg::CliAuditHead, &head));
    if let Some(file) = to {
        put(file, papers::html(&[&page]).as_bytes(), desk.say)?;
    }
    if json {
        println!("{}", serde_json::to_string(&reported).unwrap_or_default());
    } else {
        print!("{}", page.plain());
    }
    Ok(if reported.ready && reported.articles.iter().all(|article| article.state != "not_met") { DONE } else { NO })
}

fn notices(desk: &Desk, which: Option<&str>, to: Option<&Path>) -> Result<u8, Failure> {
    let (mut store, approval) = desk.open(Action::SeeCompliance)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let Some(which) = which else {
        let mut lines = store.notices().map_err(|_| desk.unread())?;
        let first = lines.iter().map(|line| line.version).min();
        for line in lines.drain(..) {
            let material = match line.material {
                true => Msg::NoticeMaterial,
                false if Some(line.version) == first => Msg::NoticeFirst,
                false => Msg::NoticeMinor,
            };
            let (date, material) = (papers::day(line.since_ms), desk.say.text(material));
            let args = [
                ("version", Arg::Number(line.version)),
                ("date", Arg::Text(&date)),
                ("hash", Arg::Text(&line.hash)),
                ("material", Arg::Text(&material)),
            ];
            println!("{}", desk.say.with(Msg::CliNoticeLine, &args));
        }
        return Ok(DONE);
    };
    let text = store.notice_text(which).map_err(|_| desk.unread())?;
    let unknown = || desk.say.fail(NO, Msg::CliNoticeUnknown, &[("hash", Arg::Text(which))]);
    let pages = mianzheng::notice::pages(&text.ok_or_else(unknown)?, desk.say.lang);
    let pages: Vec<&Paper> = pages.iter().collect();
    match to {
        Some(file) => desk.write(file, &pages)?,
        None => pages.iter().for_each(|page| println!("{}", page.plain())),
    }
    Ok(DONE)
}

fn records(desk: &Desk, to: &Path, from: Option<&str>) -> Result<u8, Failure> {
    let from = match from {
        None => 0,
        Some(text) => Date::parse(text).ok_or_else(|| desk.say.usage(text))?.days() * 86_400_000,
    };
    let (mut store, approval) = desk.open(Action::SeeCompliance)?;
    let events = store.processing_records(&approval, from).map_err(|_| desk.unread())?;
    desk.write(to, &[&papers::records(&desk.say.locale, &events, desk.say.lang)])?;
    Ok(DONE)
}

fn requests(desk: &Desk, command: &RequestCommand) -> Result<u8, Failure> {
    let say = desk.say;
    let (mut store, approval) = desk.open(Action::AnswerRequest)?;
    let (number, text, refused) = match command {
        RequestCommand::List => {
            let open = store.open_requests().map_err(|_| desk.unread())?;
            if open.is_empty() {
                println!("{}", say.text(Msg::CliRequestNone));
            }
            let now = SystemClock::default().unix_ms();
            for request in open {
                let (kind, date, due) = (say.text(request.kind.words()), papers::day(request.made_ms), papers::day(request.due_ms));
                let number = ("number", Arg::Number(request.number));
                let args = [number, ("kind", Arg::Text(&kind)), ("date", Arg::Text(&date)), ("due", Arg::Text(&due))];
                println!("{} ({} {})", say.with(Msg::CliRequestLine, &args), say.text(Msg::ReceiptPerson), request.person.0);
                if request.due_ms < now {
                    println!("  {}", say.with(Msg::CliRequestLate, &[number]));
                }
            }
            return Ok(DONE);
        }
        RequestCommand::Answer { number, text } => (*number, text, false),
        RequestCommand::Refuse { number, reason } => (*number, reason, true),
    };
    if text.trim().is_empty() {
        return Err(say.fail(NO, Msg::CliRequestReason, &[]));
    }
    let args = [("number", Arg::Number(number))];
    if !store.answer_request(&approval, number, text, refused).map_err(|_| desk.unwritten())? {
        return Err(say.fail(NO, Msg::CliRequestUnknown, &args));
    }
    println!("{}", say.with(Msg::CliRequestAnswered, &args));
    Ok(DONE)
}
