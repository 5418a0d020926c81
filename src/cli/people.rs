//! `people`: list, enrol, erase. Prints ids, never names.

use std::io::Read;
use std::path::{Path, PathBuf};

use mianzheng::config::{Site, policy_mark};
use mianzheng::core::alarm::Alarm;
use mianzheng::core::command::EnrolOrder;
use mianzheng::core::consent::{AgeBand, Purpose};
use mianzheng::core::evidence::{Verdict, judge_match};
use mianzheng::core::ids::PersonId;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::core::readiness::{Known, Models, StoreFacts, reasons};
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::picture;
use mianzheng::papers::{self, SiteScribe};
use mianzheng::ports::{ClaimNumber, Clock, Embedding, Identity, Records, Rights, Scribe, Secret, Security, StoreFault, age_of};
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;
use mianzheng::vision::quality::advise;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::args::{Args, PeopleCommand};
use super::office::{approve, open, put_secret};
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};

pub(super) fn people(command: &PeopleCommand, args: &Args, say: &Say) -> Result<u8, Failure> {
    match command {
        PeopleCommand::List { data, json } => list(data.as_deref(), *json, args, say),
        PeopleCommand::Enrol { data, site, identity, images, signed_consent_seen: true } => {
            let site = Site::load(site).map_err(|e| say.site(&e))?;
            enrol(data.as_deref(), &site, identity, images, args, say)
        }
        PeopleCommand::Enrol { .. } => Err(say.usage("--signed-consent-seen")),
        PeopleCommand::Show { data, site, id, to } => {
            let site = Site::load(site).map_err(|e| say.site(&e))?;
            show(data.as_deref(), &site, PersonId(*id), to, args, say)
        }
        PeopleCommand::Correct { data, id, identity } => correct(data.as_deref(), PersonId(*id), identity, args, say),
        PeopleCommand::Erase { data, id: Some(id), .. } => erase(data.as_deref(), *id, args, say),
        PeopleCommand::Erase { data, id: None, .. } => erase_all(data.as_deref(), args, say),
    }
}

fn list(data: Option<&Path>, json: bool, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, None, args, say)?;
    approve(&mut store, Action::ListPeople, args, say)?;
    let people = store.people().map_err(|e| say.store(&e))?;
    if json {
        println!("{}", serde_json::json!({ "people": people }));
    } else if people.is_empty() {
        println!("{}", say.text(Msg::CliPeopleNone));
    } else {
        println!("{}", say.text(Msg::CliPeopleHead));
        for person in people {
            let age = match person.age {
                AgeBand::Unknown => "?",
                AgeBand::Under14 => "<14",
                AgeBand::From14To17 => "14-17",
                AgeBand::Adult => "18+",
            };
            let until = person.expires_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
            let until = until.map_or_else(|| "-".to_owned(), |t| t.strftime("%Y-%m-%d").to_string());
            println!("{:>4}  {age:<6}  {}  {until}", person.id, if person.template { "✓" } else { "-" });
        }
    }
    Ok(DONE)
}

/// A person's own data, for them to take along. A minor's takes approval.
fn show(data: Option<&Path>, site: &Site, person: PersonId, to: &Path, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, Some(site), args, say)?;
    let number = [("id", Arg::Number(person.0))];
    if !store.has_person(person).map_err(|e| say.store(&e))? {
        return Err(say.fail(NO, Msg::CliPersonUnknown, &number));
    }
    let read = |StoreFault| say.fail(FAULT, Msg::FaultStoreRead, &[]);
    let minor = store.age_of_person(person).map_err(read)? != AgeBand::Adult;
    let action = if minor { Action::OpenMinor } else { Action::OpenRecord };
    let approval = approve(&mut store, action, args, say).map_err(|denied| {
        if minor && denied.code == NO { say.fail(NO, Msg::CliRecordMinor, &number) } else { denied }
    })?;
    let own = store.own_data(person, Some(&approval)).map_err(read)?;
    let page = SiteScribe::new(site).own(&own, say.lang);
    put_secret(to, papers::html(&[&page]).as_bytes(), say)?;
    println!("{}", say.with(Msg::CliWritten, &[("file", Arg::Text(&to.display().to_string()))]));
    Ok(DONE)
}

fn correct(data: Option<&Path>, person: PersonId, identity: &Path, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, None, args, say)?;
    let number = [("id", Arg::Number(person.0))];
    if !store.has_person(person).map_err(|e| say.store(&e))? {
        return Err(say.fail(NO, Msg::CliPersonUnknown, &number));
    }
    let given = read_given(identity, say)?;
    let birth = match given.birth.as_deref() {
        None => None,
        Some(text) => Some(Date::parse(text).ok_or_else(|| say.fail(NO, Msg::CliCorrectBirth, &[]))?),
    };
    let identity = Identity::new(Secret::new(given.name.clone()), Secret::new(given.number.clone()), birth, None);
    // Whoever is a minor, or would become one or stop being one, takes more than one clerk.
    let read = |StoreFault| say.fail(FAULT, Msg::FaultStoreRead, &[]);
    let before = store.age_of_person(person).map_err(read)?;
    let after = birth.map_or(before, |birth| AgeBand::on(Some(birth), SystemClock::default().today()));
    let minor = before != AgeBand::Adult || after != AgeBand::Adult;
    let action = if minor { Action::OpenMinor } else { Action::AnswerRequest };
    let approval = approve(&mut store, action, args, say)?;
    if before.needs_guardian() && !after.needs_guardian() && approval.by().len() < 2 {
        return Err(say.fail(NO, Msg::CliRecordMinor, &number));
    }
    store.correct(&approval, person, &identity).map_err(|StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    println!("{}", say.with(Msg::CliCorrected, &number));
    Ok(DONE)
}

fn erase_all(data: Option<&Path>, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, None, args, say)?;
    let approval = approve(&mut store, Action::EraseMany, args, say)?;
    let count = store.erase_all(&approval).map_err(|StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    println!("{}", say.with(Msg::CliErasedAll, &[("count", Arg::Number(count))]));
    Ok(DONE)
}

fn erase(data: Option<&Path>, id: u64, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, None, args, say)?;
    approve(&mut store, Action::EraseOne, args, say)?;
    let number = [("id", Arg::Number(id))];
    if !store.has_person(PersonId(id)).map_err(|e| say.store(&e))? {
        return Err(say.fail(NO, Msg::CliPersonUnknown, &number));
    }
    let io = |StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]);
    store.erase(PersonId(id)).map_err(io)?;
    println!("{}", say.with(Msg::CliErased, &number));
    Ok(DONE)
}

/// What the operator hands over. No `Debug`: it holds a name and a number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    name: String,
    number: String,
    birth: Option<String>,
    #[serde(default)]
    claim: String,
}

fn enrol(data: Option<&Path>, site: &Site, identity: &Path, images: &[PathBuf], args: &Args, say: &Say) -> Result<u8, Failure> {
    let facts = site.facts(&manifest::mark(&manifest::folder(args.models.as_deref())));
    let clock = SystemClock::default();
    let site_only = |store: Option<&StoreFacts>, alarms: &[Alarm], in_service| {
        reasons(&Known { site: &facts, models: Models::Ready, camera: true, card_reader: true, store, alarms, today: clock.today(), in_service })
    };
    if let Some(lock) = site_only(Some(&StoreFacts::default()), &[], false).first() {
        return Err(Failure { code: USAGE, message: say.lock(*lock) });
    }
    let mut store = open(data, Some(site), args, say)?;
    approve(&mut store, Action::Enrol, args, say)?;
    store.offer_notice().map_err(|StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    // While the device is being set up, whoever does it may try it out.
    if store.has_operators() {
        let condition = store.condition().ok_or_else(|| say.fail(FAULT, Msg::FaultStoreRead, &[]))?;
        let approved = store.policy_is_approved(&policy_mark(&site.policy));
        let known = StoreFacts { policy_approved: approved, ..condition.facts };
        let alarms = store.alarms();
        let alarms: Vec<Alarm> = alarms.iter().filter(|open| open.closes_face(clock.unix_ms())).map(|open| open.alarm).collect();
        if let Some(lock) = site_only(Some(&known), &alarms, true).first() {
            return Err(Failure { code: NO, message: say.lock(*lock) });
        }
    }
    let (identity, claim) = read_identity(identity, say)?;
    let today = SystemClock::default().today();
    if age_of(&identity, today).needs_guardian() {
        return Err(say.fail(NO, Msg::CliGuardian, &[]));
    }
    let mut pipeline = Pipeline::load(&manifest::folder(args.models.as_deref())).map_err(|e| say.model(&e))?;
    let faces: Vec<Embedding> = images.iter().map(|file| face(&mut pipeline, file, site, say)).collect::<Result<_, _>>()?;
    // Each picture must show the same person as all the others together.
    for (index, one) in faces.iter().enumerate() {
        let others = faces.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, face)| face);
        let Some(rest) = Embedding::fused(others) else { continue };
        let same = one.similarity(&rest).is_some_and(|s| matches!(judge_match(s, PersonId(0), &site.policy), Verdict::Match(_)));
        if !same {
            return Err(say.fail(NO, Msg::CliEnrolUnclear, &[]));
        }
    }
    let template = Embedding::fused(&faces).ok_or_else(|| say.fail(NO, Msg::CliEnrolUnclear, &[]))?;
    let io = |StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]);
    let known = store.find_identity(&identity).map_err(io)?.map(|k| k.person);
    if store.find_claim(&claim).map_err(io)?.is_some_and(|other| Some(other.person) != known) {
        return Err(say.fail(NO, Msg::CliNumberTaken, &[]));
    }
    let receipt = store.store_paper_consent(&identity).map_err(|e| say.store(&e))?;
    let order = EnrolOrder { receipt, policy: site.policy.version, samples: Vec::new(), age: None };
    let person = store.enrol(&order, &identity, &claim, &template).map_err(io)?;
    println!("{}", say.with(Msg::CliEnrolled, &[("id", Arg::Number(person.0))]));
    Ok(DONE)
}

fn read_given(file: &Path, say: &Say) -> Result<Given, Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().take(64 << 10).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|f| f.take(64 << 10).read_to_string(&mut text))
    };
    read.map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", file.display())) })?;
    // The parser's own message could quote the person's data.
    serde_json::from_str(&text).map_err(|e| say.usage(&format!(r#"{{"name","number","birth","claim"}}, line {}"#, e.line())))
}

fn read_identity(file: &Path, say: &Say) -> Result<(Identity, ClaimNumber), Failure> {
    let given = read_given(file, say)?;
    let claim = ClaimNumber::parse(&given.claim).ok_or_else(|| say.usage("claim: 4-8 digits"))?;
    let birth = given.birth.as_deref().and_then(Date::parse);
    Ok((Identity::new(Secret::new(given.name), Secret::new(given.number), birth, None), claim))
}

fn face(pipeline: &mut Pipeline, file: &Path, site: &Site, say: &Say) -> Result<Embedding, Failure> {
    let frame = picture::load(file).map_err(|e| say.picture(file, &e.to_string()))?;
    let name = file.display().to_string();
    let unusable = || say.fail(NO, Msg::CliNoFace, &[("file", Arg::Text(&name))]);
    let fault = |_| say.fail(FAULT, Msg::FaultVisionFailed, &[]);
    // A handed-in picture has no zone to stand in: one face, good and live, is what counts.
    let mut faces = pipeline.examine(&frame).map_err(fault)?;
    let found = faces.pop().filter(|_| faces.is_empty()).ok_or_else(unusable)?;
    if advise(&found.quality, Some(Purpose::Enrol)).is_some() || f32::from(found.live) < site.policy.live_threshold {
        return Err(unusable());
    }
    pipeline.embed(&frame, &found.face, false).map_err(fault)?.ok_or_else(unusable)
}
