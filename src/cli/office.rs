//! What every command on the store begins with: the key, the store, and who asks.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mianzheng::config::{PROFILES, Site};
use mianzheng::core::message::Msg;
use mianzheng::core::operator::{Action, Approval, LoggedIn};
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::ports::{LogInRefused, Notice, Secret, Security};
use mianzheng::store::{Store, StoreError, StorePaths, Tpm, Unlock};

use super::args::Args;
use super::kiosk::default_data;
use super::say::{FAULT, Failure, NO, Say};

/// Where the data is.
pub(super) fn data(given: Option<&Path>) -> PathBuf {
    given.map_or_else(default_data, Path::to_owned)
}

/// What the key may be opened with: the TPM, and what files hold.
pub(super) fn unlock(args: &Args, say: &Say) -> Result<Unlock, Failure> {
    let read = |file: &Option<PathBuf>| file.as_deref().map(|file| secret(file, say)).transpose();
    // Where systemd hands over what the unit was given.
    let given = std::env::var_os("CREDENTIALS_DIRECTORY").map(|folder| PathBuf::from(folder).join("mianzheng.passphrase"));
    let given = given.filter(|file| file.is_file());
    Ok(Unlock {
        passphrase: read(&args.passphrase.clone().or(given))?,
        recovery: read(&args.recovery_code)?,
        tpm: Tpm::find(),
    })
}

/// Opens the store of a site; asks for the passphrase if there is somebody to ask.
pub(super) fn open(given: Option<&Path>, site: Option<&Site>, args: &Args, say: &Say) -> Result<Store, Failure> {
    if let Some(site) = site {
        return open_store(&data(given), site, args, say)?.map_err(|e| say.store(&e));
    }
    // Without a site there is no notice to put into force.
    let profile = Site::load(PROFILES[0].0).map_err(|e| say.site(&e))?;
    open_with(&data(given), &profile, Notice::default(), args, say)?.map_err(|e| say.store(&e))
}

/// As [`open`]; the inner error is the store's own.
pub(super) fn open_store(data: &Path, site: &Site, args: &Args, say: &Say) -> Result<Result<Store, StoreError>, Failure> {
    // A notice with gaps is never shown, so it is never in force.
    let notice = if site.facts("").blanks.is_empty() { mianzheng::notice::of_site(site) } else { Notice::default() };
    open_with(data, site, notice, args, say)
}

fn open_with(data: &Path, site: &Site, notice: Notice, args: &Args, say: &Say) -> Result<Result<Store, StoreError>, Failure> {
    let mut unlock = unlock(args, say)?;
    let clock = Arc::new(SystemClock::default());
    let try_open = |unlock: &Unlock| {
        Store::open_with(&StorePaths::under(data), clock.clone(), site.retention_days(), notice.clone(), unlock)
    };
    match try_open(&unlock) {
        Err(StoreError::PassphraseNeeded(_)) if asks() => {
            unlock.passphrase = Some(ask(&say.text(Msg::CliAskPassphrase), say)?);
            Ok(try_open(&unlock))
        }
        other => Ok(other),
    }
}

/// Asks the table of permissions, and those named for their passwords.
pub(super) fn approve(store: &mut Store, action: Action, args: &Args, say: &Say) -> Result<Approval, Failure> {
    let who = log_in(store, args, say)?;
    store.approval(action, &who).map_err(|denied| say.denied(denied))
}

fn log_in(store: &mut Store, args: &Args, say: &Say) -> Result<Vec<LoggedIn>, Failure> {
    let mut given = match &args.passwords {
        Some(file) => lines(file, say)?.into_iter(),
        None => Vec::new().into_iter(),
    };
    let mut who = Vec::new();
    for name in &args.operator {
        let password = match given.next() {
            Some(password) => password,
            None => ask(&say.with(Msg::CliAskPassword, &[("name", Arg::Text(name))]), say)?,
        };
        let seconds = |ms: u64| ms.div_ceil(1000);
        who.push(store.log_in(&Secret::new(name.clone()), &password).map_err(|refused| match refused {
            LogInRefused::Wrong => say.fail(NO, Msg::StaffWrong, &[]),
            LogInRefused::Wait(ms) => say.fail(NO, Msg::StaffWait, &[("seconds", Arg::Number(seconds(ms)))]),
            LogInRefused::Off => say.fail(NO, Msg::StaffOff, &[]),
            LogInRefused::Store => say.fail(FAULT, Msg::FaultStoreRead, &[]),
        })?);
    }
    Ok(who)
}

/// A secret that is being chosen: from a file, or typed twice.
pub(super) fn chosen(file: Option<&Path>, prompt: &str, say: &Say) -> Result<Secret, Failure> {
    if let Some(file) = file {
        return secret(file, say);
    }
    let one = ask(prompt, say)?;
    let two = ask(&say.text(Msg::CliAskAgain), say)?;
    if one.expose() == two.expose() { Ok(one) } else { Err(say.fail(NO, Msg::CliAskDiffer, &[])) }
}

/// Whether somebody sits at the terminal.
fn asks() -> bool {
    use std::io::IsTerminal;
    std::io::stdin().is_terminal()
}

/// Asks at the terminal, without showing what is typed.
fn ask(prompt: &str, say: &Say) -> Result<Secret, Failure> {
    if !asks() {
        return Err(say.usage("--passwords FILE, --passphrase FILE"));
    }
    rpassword::prompt_password(format!("{prompt} ")).map(Secret::new).map_err(|e| say.usage(&e.to_string()))
}

/// The first line of a file.
pub(super) fn secret(file: &Path, say: &Say) -> Result<Secret, Failure> {
    lines(file, say)?.into_iter().next().ok_or_else(|| say.usage(&file.display().to_string()))
}

fn lines(file: &Path, say: &Say) -> Result<Vec<Secret>, Failure> {
    let mut text = zeroize::Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().take(64 << 10).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|f| f.take(64 << 10).read_to_string(&mut text))
    };
    read.map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", file.display())) })?;
    Ok(text.lines().map(|line| Secret::new(line.to_owned())).collect())
}

/// Writes a file anybody with an account on the machine may read.
pub(super) fn put(file: &Path, bytes: &[u8], say: &Say) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", file.display())) })
}

/// Writes a file only its owner may read; never over another.
pub(super) fn put_secret(file: &Path, bytes: &[u8], say: &Say) -> Result<(), Failure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let written = made.and_then(|mut made| made.write_all(bytes).and_then(|()| made.sync_all()));
    written.map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", file.display())) })
}
