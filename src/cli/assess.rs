//! `comply assess`: the impact assessment as a form, signed by whoever answers for it.

use std::fs;
use std::path::Path;

use mianzheng::core::assessment::{Signed, Unsignable, check};
use mianzheng::core::message::Msg;
use mianzheng::core::operator::{Action, Approval};
use mianzheng::core::theft::Theft;
use mianzheng::locale::Arg;
use mianzheng::papers;
use mianzheng::ports::Security;
use mianzheng::store::{AssessmentForm, Store};
use mianzheng::vision::manifest;
use serde::Deserialize;

use super::comply::Desk;
use super::office::put;
use super::say::{DONE, FAULT, Failure, NO, USAGE};

/// The form as a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    question: String,
    answer: String,
}

pub(super) fn assess(desk: &Desk, form: Option<&Path>, sign: Option<&Path>, to: Option<&Path>) -> Result<u8, Failure> {
    if let Some(file) = form {
        let answers = drafted(desk, Theft::KeyFile);
        write_form(desk, file, &answers)?;
        println!("{}", desk.say.with(Msg::CliPipiaForm, &[("file", Arg::Text(&file.display().to_string()))]));
        return Ok(DONE);
    }
    if let Some(file) = sign {
        let answers = read_form(desk, file)?;
        let (mut store, approval) = desk.open(Action::SignAssessment)?;
        sign_answers(desk, &mut store, &approval, answers)?;
        return Ok(DONE);
    }
    let (mut store, approval) = desk.open(Action::SeeCompliance)?;
    store.looked(&approval).map_err(|_| desk.unwritten())?;
    let Some((form, signed)) = store.assessment().map_err(|_| desk.unread())? else {
        return Err(desk.say.fail(NO, Msg::EvAssessmentNone, &[]));
    };
    let name = signer(&mut store, &signed);
    let page = papers::assessment(&desk.say.locale, &desk.site, &form.answers, Some((&signed, &name)), desk.say.lang);
    match to {
        Some(file) => desk.write(file, &[&page])?,
        None => println!("{}", page.plain()),
    }
    Ok(DONE)
}

/// The log-in name of who signed; their number if the account is gone.
pub(super) fn signer(store: &mut Store, signed: &Signed) -> String {
    let lines = store.operators().unwrap_or_default();
    lines.into_iter().find(|line| line.id == signed.by).map_or_else(|| signed.by.0.to_string(), |line| line.name)
}

/// Answers drafted where the program knows them.
pub(super) fn drafted(desk: &Desk, theft: Theft) -> Vec<String> {
    papers::answers(&desk.say.locale, &desk.site, theft, desk.say.lang)
}

/// Writes the form to be filled in.
pub(super) fn write_form(desk: &Desk, file: &Path, answers: &[String]) -> Result<(), Failure> {
    let mut text = String::new();
    for (question, answer) in papers::questions(&desk.say.locale, desk.say.lang).iter().zip(answers) {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        text.extend(["[[answers]]\nquestion = ", &quoted(question), "\nanswer = ", &quoted(answer), "\n\n"]);
    }
    put(file, text.as_bytes(), desk.say)
}

fn read_form(desk: &Desk, file: &Path) -> Result<Vec<String>, Failure> {
    let name = file.display().to_string();
    let bad = |reason: &str| desk.say.fail(USAGE, Msg::CliPipiaFile, &[("file", Arg::Text(&name)), ("reason", Arg::Text(reason))]);
    let text = fs::read_to_string(file).map_err(|e| Failure { code: FAULT, ..bad(&e.to_string()) })?;
    let form: FormFile = toml::from_str(&text).map_err(|e| bad(e.message()))?;
    // A question that was taken out or moved would put an answer under another.
    let numbered = form.answers.iter().enumerate().all(|(at, answer)| answer.question.starts_with(&format!("{}.", at + 1)));
    if !numbered {
        return Err(bad("question"));
    }
    Ok(form.answers.into_iter().map(|answer| answer.answer).collect())
}

/// Checks the answers and signs them.
pub(super) fn sign_answers(desk: &Desk, store: &mut Store, approval: &Approval, answers: Vec<String>) -> Result<Signed, Failure> {
    let say = desk.say;
    check(&answers, |answer| papers::blank(&say.locale, answer)).map_err(|unsignable| {
        let (msg, question) = match unsignable {
            Unsignable::Blank(question) => (Msg::CliPipiaBlank, question),
            Unsignable::Short(question) => (Msg::CliPipiaShort, question),
        };
        say.fail(NO, msg, &[("question", Arg::Number(question as u64))])
    })?;
    let subject = desk.site.subject(&manifest::mark(&manifest::folder(desk.args.models.as_deref())));
    let form = AssessmentForm { answers, subject, lang: say.lang.tag().to_owned() };
    let incident = store.condition().is_some_and(|condition| condition.facts.incident);
    if incident && store.assessment().is_ok_and(|old| old.is_some_and(|(old, _)| old.answers == form.answers)) {
        return Err(say.fail(NO, Msg::CliPipiaUnchanged, &[]));
    }
    let signed = store.sign_assessment(approval, &form).map_err(|_| desk.unwritten())?;
    println!("{}", say.with(Msg::CliPipiaSigned, &[("date", Arg::Text(&signed.until().to_string()))]));
    Ok(signed)
}

/// What a thief would get of this store.
pub(super) fn theft(store: &mut Store) -> Theft {
    store.condition().map_or(Theft::KeyFile, |condition| condition.theft)
}
