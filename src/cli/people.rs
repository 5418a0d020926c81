//! `people`: list, enrol, erase. Prints ids, never names.

use std::io::Read;
use std::path::{Path, PathBuf};

use mianzheng::config::{Site, policy_mark};
use mianzheng::core::command::EnrolOrder;
use mianzheng::core::consent::AgeBand;
use mianzheng::core::evidence::{Verdict, judge_match};
use mianzheng::core::ids::PersonId;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::picture;
use mianzheng::ports::{ClaimNumber, Clock, Embedding, Identity, Records, Secret, StoreFault, age_of};
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;
use mianzheng::vision::quality::advise;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::args::{Args, PeopleCommand};
use super::office::{approve, open};
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};

pub(super) fn people(command: &PeopleCommand, args: &Args, say: &Say) -> Result<u8, Failure> {
    match command {
        PeopleCommand::List { data, json } => list(data.as_deref(), *json, args, say),
        PeopleCommand::Enrol { data, site, identity, images, signed_consent_seen: true } => {
            let site = Site::load(site).map_err(|e| say.site(&e))?;
            enrol(data.as_deref(), &site, identity, images, args, say)
        }
        PeopleCommand::Enrol { .. } => Err(say.usage("--signed-consent-seen")),
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
    claim: String,
}

fn enrol(data: Option<&Path>, site: &Site, identity: &Path, images: &[PathBuf], args: &Args, say: &Say) -> Result<u8, Failure> {
    if let Some(lock) = site.locks().first() {
        return Err(Failure { code: USAGE, message: say.lock(*lock) });
    }
    let mut store = open(data, Some(site), args, say)?;
    approve(&mut store, Action::Enrol, args, say)?;
    if store.has_operators() && !store.policy_is_approved(&policy_mark(&site.policy)) {
        return Err(Failure { code: NO, message: say.lock(FaceLock::PolicyNew) });
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
    let order = EnrolOrder { receipt, policy: site.policy.version, samples: Vec::new() };
    let person = store.enrol(&order, &identity, &claim, &template).map_err(io)?;
    println!("{}", say.with(Msg::CliEnrolled, &[("id", Arg::Number(person.0))]));
    Ok(DONE)
}

fn read_identity(file: &Path, say: &Say) -> Result<(Identity, ClaimNumber), Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().take(64 << 10).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|f| f.take(64 << 10).read_to_string(&mut text))
    };
    read.map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", file.display())) })?;
    // The parser's own message could quote the person's data.
    let given: Given = serde_json::from_str(&text)
        .map_err(|e| say.usage(&format!(r#"{{"name","number","birth","claim"}}, line {}"#, e.line())))?;
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
    if advise(&found.quality).is_some() || f32::from(found.live) < site.policy.live_threshold {
        return Err(unusable());
    }
    pipeline.embed(&frame, &found.face).map_err(fault)?.ok_or_else(unusable)
}
