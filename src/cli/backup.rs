//! `backup`: made and restored by two persons.

use std::path::Path;
use std::sync::Arc;

use mianzheng::config::Site;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::ports::Clock;
use mianzheng::store::{NotRestored, StorePaths, restore};

use super::args::{Args, BackupArgs, BackupCommand};
use super::office::{approve, data, open, unlock};
use super::say::{DONE, FAULT, Failure, NO, Say};

pub(super) fn backup(backup: &BackupArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let folder = data(backup.data.as_deref());
    match &backup.command {
        BackupCommand::Create { site, to } => {
            let site = Site::load(site).map_err(|e| say.site(&e))?;
            let mut store = open(Some(&folder), Some(&site), args, say)?;
            let approval = approve(&mut store, Action::Backup, args, say)?;
            let ends_ms = store.back_up(&approval, to).map_err(|e| say.store(&e))?;
            let until = jiff::Timestamp::from_millisecond(ends_ms).unwrap_or_default().strftime("%Y-%m-%d").to_string();
            let file = to.display().to_string();
            println!("{}", say.with(Msg::CliBackupMade, &[("file", Arg::Text(&file)), ("until", Arg::Text(&until))]));
        }
        BackupCommand::Restore { from } => {
            let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
            let unlock = unlock(args, say)?;
            let mut refusal = None;
            let restored = restore(&StorePaths::under(&folder), &clock, from, &unlock, |store| {
                approve(store, Action::Restore, args, say).map_err(|failure| refusal = Some(failure)).ok()
            });
            let people = restored.map_err(|why| refusal.take().unwrap_or_else(|| words(&why, from, say)))?;
            println!("{}", say.with(Msg::CliBackupRestored, &[("people", Arg::Number(people))]));
        }
    }
    Ok(DONE)
}

fn words(why: &NotRestored, from: &Path, say: &Say) -> Failure {
    let file = from.display().to_string();
    let file = [("file", Arg::Text(&file))];
    match why {
        NotRestored::Opens => say.fail(NO, Msg::CliBackupOpens, &[]),
        NotRestored::NotABackup(_) => say.fail(FAULT, Msg::CliBackupBroken, &file),
        NotRestored::NoKey(_) => say.fail(FAULT, Msg::CliBackupNoKey, &file),
        NotRestored::NotApproved => say.fail(NO, Msg::CliBackupRefused, &[]),
        NotRestored::Store(error) => say.store(error),
    }
}
