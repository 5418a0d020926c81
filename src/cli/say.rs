//! Sentences on the terminal, in the language of the interface, and how a command ends.

use std::path::Path;

use mianzheng::config::SiteError;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Denied;
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::screen::Lang;
use mianzheng::locale::{Arg, Locale};
use mianzheng::store::StoreError;
use mianzheng::vision::manifest::ModelError;

use super::args::LangArg;

/// Done.
pub(super) const DONE: u8 = 0;
/// The answer is no.
pub(super) const NO: u8 = 1;
/// Bad usage or configuration.
pub(super) const USAGE: u8 = 2;
/// A device or file is at fault.
pub(super) const FAULT: u8 = 3;

/// A command that did not do what was asked: exit code and one sentence.
pub(super) struct Failure {
    pub(crate) code: u8,
    pub(crate) message: String,
}

/// Words in one language.
pub(super) struct Say {
    pub(crate) locale: Locale,
    pub(crate) lang: Lang,
}

impl Say {
    /// The language asked for, else the one of the terminal.
    pub(super) fn new(asked: Option<LangArg>) -> Self {
        Self { locale: Locale::new(), lang: asked.map_or_else(terminal_lang, Lang::from) }
    }

    pub(super) fn text(&self, msg: Msg) -> String {
        self.locale.text(self.lang, msg)
    }

    pub(super) fn with(&self, msg: Msg, args: &[(&str, Arg)]) -> String {
        self.locale.with(self.lang, msg, args)
    }

    pub(super) fn fail(&self, code: u8, msg: Msg, args: &[(&str, Arg)]) -> Failure {
        Failure { code, message: self.with(msg, args) }
    }

    pub(super) fn usage(&self, reason: &str) -> Failure {
        self.fail(USAGE, Msg::CliUsage, &[("reason", Arg::Text(reason))])
    }

    pub(super) fn site(&self, error: &SiteError) -> Failure {
        let (msg, file, reason) = match error {
            SiteError::Unreadable { file, reason } => (Msg::CliSiteUnreadable, file, reason),
            SiteError::Invalid { file, reason } => (Msg::CliSiteInvalid, file, reason),
        };
        self.fail(USAGE, msg, &[("file", Arg::Text(file)), ("reason", Arg::Text(reason))])
    }

    pub(super) fn store(&self, error: &StoreError) -> Failure {
        let none = Path::new("");
        let (msg, path, reason) = match error {
            StoreError::Corrupt(path) => (Msg::CliStoreCorrupt, path.as_path(), ""),
            StoreError::Newer(path) => (Msg::CliStoreNewer, path.as_path(), ""),
            StoreError::Trial(path) => (Msg::CliStoreTrial, path.as_path(), ""),
            StoreError::WrongKey(path) => (Msg::CliWrongKey, path.as_path(), ""),
            StoreError::Missing(path) => (Msg::CliStoreMissing, path.as_path(), ""),
            StoreError::Stale(path) => (Msg::CliStoreStale, path.as_path(), ""),
            StoreError::KeyMissing(path) => (Msg::CliKeyMissing, path.as_path(), ""),
            StoreError::KeyDamaged(path) => (Msg::CliKeyDamaged, path.as_path(), ""),
            StoreError::PassphraseNeeded(path) => (Msg::CliPassphraseNeeded, path.as_path(), ""),
            StoreError::PassphraseWrong(path) => (Msg::CliPassphraseWrong, path.as_path(), ""),
            StoreError::PassphraseWeak => (Msg::CliOperatorWeak, none, ""),
            StoreError::TpmMissing(path) => (Msg::CliTpmMissing, path.as_path(), ""),
            StoreError::TpmOther(path) => (Msg::CliTpmOther, path.as_path(), ""),
            StoreError::TpmChanged(path) => (Msg::CliTpmChanged, path.as_path(), ""),
            StoreError::LastSlot => (Msg::CliLastSlot, none, ""),
            StoreError::NoRandom => (Msg::CliNoRandom, none, ""),
            StoreError::Busy(path) => (Msg::CliStoreBusy, path.as_path(), ""),
            StoreError::Io(path, reason) => (Msg::CliStoreIo, path.as_path(), reason.as_str()),
        };
        let file = path.display().to_string();
        self.fail(FAULT, msg, &[("file", Arg::Text(&file)), ("reason", Arg::Text(reason))])
    }

    /// Nothing was done, because it is not theirs to do.
    pub(super) fn denied(&self, denied: Denied) -> Failure {
        let id = denied.whose().map_or(0, |id| id.0);
        let msg = match denied {
            Denied::Nobody => Msg::CliDeniedNobody,
            Denied::Role(_) => Msg::CliDeniedRole,
            Denied::Second(_) => Msg::CliDeniedSecond,
            Denied::Supervisor(_) => Msg::CliDeniedSupervisor,
        };
        self.fail(NO, msg, &[("id", Arg::Number(id))])
    }

    pub(super) fn model(&self, error: &ModelError) -> Failure {
        let (msg, file) = match error {
            ModelError::Missing(file) => (Msg::CliModelMissing, file),
            ModelError::Changed(file) => (Msg::CliModelChanged, file),
            ModelError::Broken(file) => (Msg::CliModelFailed, file),
        };
        self.fail(FAULT, msg, &[("file", Arg::Text(file))])
    }

    pub(super) fn picture(&self, file: &Path, reason: &str) -> Failure {
        let file = file.display().to_string();
        self.fail(FAULT, Msg::CliPicture, &[("file", Arg::Text(&file)), ("reason", Arg::Text(reason))])
    }

    pub(super) fn lock(&self, lock: FaceLock) -> String {
        self.locale.lock(self.lang, lock)
    }
}

fn terminal_lang() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    match set.as_deref() {
        Some(tag) if tag.starts_with("zh_TW") || tag.starts_with("zh_HK") || tag.starts_with("zh_MO") => Lang::ZhTw,
        Some(tag) if tag.starts_with("en") => Lang::En,
        _ => Lang::ZhCn,
    }
}
