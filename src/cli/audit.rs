//! `audit`: is the log whole, where does it stand, what does it say.

use std::fs::OpenOptions;
use std::io::BufWriter;
use std::os::unix::fs::OpenOptionsExt;

use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::locale::Arg;
use mianzheng::store::{Damage, Store};

use super::args::{Args, AuditArgs, AuditCommand};
use super::office::{approve, open};
use super::say::{DONE, FAULT, Failure, NO, Say};

pub(super) fn audit(audit: &AuditArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(audit.data.as_deref(), None, args, say)?;
    match &audit.command {
        AuditCommand::Verify { head, first_key, json } => {
            approve(&mut store, Action::CheckAudit, args, say)?;
            Ok(verify(&store, head.as_deref(), first_key.as_deref(), *json, say))
        }
        AuditCommand::Head { json } => {
            approve(&mut store, Action::CheckAudit, args, say)?;
            let (seq, hash) = store.log_head();
            let key = store.log_first_key();
            if *json {
                println!("{}", serde_json::json!({ "seq": seq, "hash": hash, "first_key": key }));
            } else {
                println!("{}", say.with(Msg::CliAuditHead, &[("seq", Arg::Number(seq)), ("hash", Arg::Text(&hash)), ("key", Arg::Text(&key))]));
            }
            Ok(DONE)
        }
        AuditCommand::Export { to } => {
            let approval = approve(&mut store, Action::ExportAudit, args, say)?;
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
            let written = file.and_then(|file| store.export_log(&approval, &mut BufWriter::new(file)));
            written.map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", to.display())) })?;
            println!("{}", say.with(Msg::CliExported, &[("file", Arg::Text(&to.display().to_string()))]));
            Ok(DONE)
        }
    }
}

fn verify(store: &Store, head: Option<&str>, first_key: Option<&str>, json: bool, say: &Say) -> u8 {
    let report = store.check_log();
    let elsewhere = head.map(|head| {
        let (seq, hash) = head.split_once(':')?;
        let seq = seq.trim().parse().ok()?;
        Some(store.log_hash(seq)? == hash.trim().to_lowercase())
    });
    let kept = elsewhere.is_none_or(|found| found == Some(true))
        && first_key.is_none_or(|key| key.trim().to_lowercase() == store.log_first_key());
    let whole = report.damage.is_none() && kept;
    if json {
        println!("{}", serde_json::json!({ "whole": whole, "report": report, "head_found": elsewhere.map(|found| found == Some(true)) }));
    } else if let Some(damage) = report.damage {
        println!("{}", damage_words(damage, say));
    } else if kept {
        println!("{}", say.with(Msg::CliAuditWhole, &[("entries", Arg::Number(report.entries)), ("last", Arg::Number(report.last))]));
    } else {
        println!("{}", say.text(Msg::CliAuditElsewhere));
    }
    if whole { DONE } else { NO }
}

fn damage_words(damage: Damage, say: &Say) -> String {
    let (msg, at) = match damage {
        Damage::Gap(at) => (Msg::CliAuditGap, at),
        Damage::Entry(at) => (Msg::CliAuditEntry, at),
        Damage::Head(at) => (Msg::CliAuditChain, at),
        Damage::Cut(at) => (Msg::CliAuditCut, at),
        Damage::Unexplained(at) => (Msg::CliAuditUnexplained, at),
        Damage::Unreadable => (Msg::CliAuditUnreadable, 0),
    };
    say.with(msg, &[("at", Arg::Number(at))])
}
