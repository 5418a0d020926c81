//! Why the store cannot be used. Never carries a value that was stored.

use std::path::PathBuf;

/// The store cannot be opened or used; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not a database, or damaged.
    #[error("{0} is damaged")]
    Corrupt(PathBuf),
    /// The file was written by a newer version of this program.
    #[error("{0} was written by a newer version")]
    Newer(PathBuf),
    /// The file was written by a trial version whose form is not read any more.
    #[error("{0} was written by a trial version")]
    Trial(PathBuf),
    /// The key does not open what is stored.
    #[error("{0} does not belong to this store")]
    WrongKey(PathBuf),
    /// The keys have been in use, but the database is not there.
    #[error("{0} is not there")]
    Missing(PathBuf),
    /// The database is an old copy: the keys went on without it.
    #[error("the store is older than {0}")]
    Stale(PathBuf),
    /// There is data, but no key for it.
    #[error("{0} is missing")]
    KeyMissing(PathBuf),
    /// A file of the key folder is not what was written there.
    #[error("{0} is damaged")]
    KeyDamaged(PathBuf),
    /// The key is under a passphrase and none was given.
    #[error("{0} needs its passphrase")]
    PassphraseNeeded(PathBuf),
    /// The passphrase is another.
    #[error("{0} does not open with this passphrase")]
    PassphraseWrong(PathBuf),
    /// A new passphrase is too short or too common.
    #[error("the passphrase is too weak")]
    PassphraseWeak,
    /// The key is under a TPM and there is none, or no helper program for it.
    #[error("{0} needs a TPM")]
    TpmMissing(PathBuf),
    /// The key is under another machine's TPM.
    #[error("{0} belongs to another TPM")]
    TpmOther(PathBuf),
    /// The TPM keeps the key back because this machine starts in another way than before.
    #[error("{0} was sealed for another start-up of this machine")]
    TpmChanged(PathBuf),
    /// The last slot that opens at each start cannot be removed.
    #[error("the last slot cannot be removed")]
    LastSlot,
    /// The system gives no random numbers, or no memory to stretch a passphrase in.
    #[error("the system gave no random numbers or no memory")]
    NoRandom,
    /// Another program holds the file.
    #[error("{0} is in use")]
    Busy(PathBuf),
    /// The disk or its permissions.
    #[error("{0}: {1}")]
    Io(PathBuf, String),
}

impl StoreError {
    /// Sorts an SQLite error into what a person can do about it.
    pub(super) fn from_sqlite(path: &std::path::Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Corrupt(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            Some(ErrorCode::DiskFull) => Self::Io(path, "the disk is full".into()),
            Some(ErrorCode::ReadOnly) => Self::Io(path, "it may only be read".into()),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Io(path, "no permission".into()),
            Some(ErrorCode::SystemIoFailure) => Self::Io(path, "the disk failed".into()),
            Some(_) | None => Self::Corrupt(path),
        }
    }
}
