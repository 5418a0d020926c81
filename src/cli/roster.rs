//! `roster`: the site's own list of who may enter or check in. Prints rows and columns, never what
//! stands in them.

use std::path::Path;

use mianzheng::core::message::Msg;
use mianzheng::core::number;
use mianzheng::core::operator::Action;
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::ports::{Clock, StoreFault};
use mianzheng::roster::{self, ColumnsError, Field, Preview, Problem, RosterError, RowError, TableError, problem::letters};
use mianzheng::store::RosterEntry;

use super::args::Args;
use super::office::{approve, open};
use super::office_args::{RosterArgs, RosterCommand};
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};

/// So many errors are shown; the rest is counted.
const SHOWN: usize = 40;

pub(super) fn roster(roster: &RosterArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let data = roster.data.as_deref();
    match &roster.command {
        RosterCommand::Import { file, yes, skip_errors } => import(data, file, *yes, *skip_errors, args, say),
        RosterCommand::Count { json } => count(data, *json, args, say),
        RosterCommand::Clear => replace(data, &[], args, say),
    }
}

fn import(data: Option<&Path>, file: &Path, yes: bool, skip: bool, args: &Args, say: &Say) -> Result<u8, Failure> {
    let today = SystemClock::default().today();
    let read = roster::read_file(file, today, &|number| may_be_a_number(number, today)).map_err(|error| refused(file, &error, say))?;
    tell(&read.preview, say);
    let errors = !read.preview.errors.is_empty();
    if errors && !skip {
        println!("{}", say.text(Msg::CliRosterErrors));
        return Ok(NO);
    }
    if !yes {
        println!("{}", say.text(Msg::CliRosterDry));
        return Ok(DONE);
    }
    let entries: Vec<RosterEntry> = read
        .entries
        .into_iter()
        .map(|e| RosterEntry { name: e.name, number: e.number, code: e.code, note: e.note, from: e.from, until: e.until })
        .collect();
    replace(data, &entries, args, say)
}

fn replace(data: Option<&Path>, entries: &[RosterEntry], args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, None, args, say)?;
    let approval = approve(&mut store, Action::ManageRoster, args, say)?;
    let io = |StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]);
    store.replace_roster(&approval, entries).map_err(io)?;
    let count = store.roster_count().map_err(io)?;
    println!("{}", say.with(Msg::CliRosterStored, &[("count", Arg::Number(count.entries)), ("today", Arg::Number(count.today))]));
    Ok(DONE)
}

fn count(data: Option<&Path>, json: bool, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(data, None, args, say)?;
    approve(&mut store, Action::ListPeople, args, say)?;
    let count = store.roster_count().map_err(|StoreFault| say.fail(FAULT, Msg::FaultStoreRead, &[]))?;
    if json {
        println!("{}", serde_json::json!(count));
    } else {
        println!("{}", say.with(Msg::CliRosterStored, &[("count", Arg::Number(count.entries)), ("today", Arg::Number(count.today))]));
    }
    Ok(DONE)
}

/// A number of a known document, or of a passport: one or two letters and six to nine digits.
fn may_be_a_number(text: &str, today: Date) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let passport = (1..=2).contains(&letters) && (6..=9).contains(&(text.len() - letters)) && text[letters..].bytes().all(|b| b.is_ascii_digit());
    passport || number::is_plausible(text, today)
}

fn tell(preview: &Preview, say: &Say) {
    let count = |count: usize| Arg::Number(count as u64);
    let numbers = [("rows", count(preview.rows)), ("usable", count(preview.usable)), ("expired", count(preview.expired.len()))];
    println!("{}", say.with(Msg::CliRosterPreview, &numbers));
    for (field, column) in &preview.found_columns {
        let words = [("column", Arg::Text(&letters(*column))), ("field", Arg::Text(&say.text(field_words(*field))))];
        println!("  {}", say.with(Msg::CliRosterColumn, &words));
    }
    for ignored in &preview.ignored_columns {
        println!("  {}", say.with(Msg::CliRosterIgnored, &[("column", Arg::Text(&letters(ignored.column)))]));
    }
    if !preview.found_columns.iter().any(|(field, _)| *field == Field::Until) {
        println!("  {}", say.text(Msg::CliRosterNoEnd));
    }
    for RowError { row, column, problem } in preview.errors.iter().take(SHOWN) {
        let (row, column, words) = (row.to_string(), letters(*column), problem_words(*problem, say));
        println!("  {}", say.with(Msg::CliRosterRow, &[("row", Arg::Text(&row)), ("column", Arg::Text(&column)), ("problem", Arg::Text(&words))]));
    }
    if let Some(more) = preview.errors.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        println!("  {}", say.with(Msg::CliRosterMore, &[("count", count(more))]));
    }
}

fn field_words(field: Field) -> Msg {
    match field {
        Field::Number => Msg::RosterNumber,
        Field::Name => Msg::RosterName,
        Field::Code => Msg::RosterCode,
        Field::From => Msg::RosterFrom,
        Field::Until => Msg::RosterUntil,
        Field::Note => Msg::RosterNote,
    }
}

fn problem_words(problem: Problem, say: &Say) -> String {
    let first = |msg, row: u32| say.with(msg, &[("first", Arg::Text(&row.to_string()))]);
    match problem {
        Problem::Missing(field) => say.with(Msg::RosterMissing, &[("field", Arg::Text(&say.text(field_words(field))))]),
        Problem::NumberCheck => say.text(Msg::RosterNumberCheck),
        Problem::NumberLostDigits => say.text(Msg::RosterLostDigits),
        Problem::DateUnreadable => say.text(Msg::RosterDate),
        Problem::UntilBeforeFrom => say.text(Msg::RosterOrder),
        Problem::CodeUnusable => say.text(Msg::RosterCodeUnusable),
        Problem::TooLong => say.text(Msg::RosterTooLong),
        Problem::ControlCharacter => say.text(Msg::RosterInvisible),
        Problem::DuplicateNumber(row) => first(Msg::RosterTwiceNumber, row),
        Problem::DuplicateCode(row) => first(Msg::RosterTwiceCode, row),
    }
}

fn refused(file: &Path, error: &RosterError, say: &Say) -> Failure {
    let file = file.display().to_string();
    let (code, reason) = match error {
        RosterError::Table(TableError::File(kind)) => (FAULT, kind.to_string()),
        RosterError::Table(TableError::OldOrLocked) => (USAGE, say.text(Msg::RosterFileOld)),
        RosterError::Table(TableError::NotText | TableError::NotAWorkbook) => (USAGE, say.text(Msg::RosterFileKind)),
        RosterError::Table(TableError::Empty) => (USAGE, say.text(Msg::RosterFileEmpty)),
        RosterError::Table(TableError::QuoteNotClosed { row }) => {
            (USAGE, say.with(Msg::RosterFileQuote, &[("row", Arg::Text(&row.to_string()))]))
        }
        RosterError::Table(
            TableError::TooBig | TableError::Bomb | TableError::TooManyRows | TableError::TooManyColumns { .. } | TableError::TooMuchText,
        ) => (USAGE, say.text(Msg::RosterFileLarge)),
        RosterError::Columns(ColumnsError::Missing { field, .. }) => {
            (USAGE, say.with(Msg::RosterNoColumn, &[("field", Arg::Text(&say.text(field_words(*field))))]))
        }
        RosterError::Columns(ColumnsError::Twice { field, first, second }) => {
            let (first, second) = (letters(*first), letters(*second));
            let words = [("field", Arg::Text(&say.text(field_words(*field)))), ("first", Arg::Text(&first)), ("second", Arg::Text(&second))];
            (USAGE, say.with(Msg::RosterTwoColumns, &words))
        }
    };
    say.fail(code, Msg::CliPairs, &[("file", Arg::Text(&file)), ("reason", Arg::Text(&reason))])
}
