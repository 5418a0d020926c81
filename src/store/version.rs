//! The newest program that has used this store. An older one does not open it: what a newer one
//! stored it may not understand, and faults that were mended would be back.

use rusqlite::{Connection, OptionalExtension, params};

use crate::ports::StoreFault;

use super::file::StoreKeys;
use super::seal::{Column, Place};

/// Major, minor, patch.
pub(super) type Version = [u64; 3];

/// This program's.
pub(super) fn own() -> Version {
    parse(env!("CARGO_PKG_VERSION")).unwrap_or_default()
}

/// What a store says of the programs before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// None newer than this one.
    Fine,
    /// A newer one was here.
    Newer,
    /// What is noted was changed by something else.
    Changed,
}

/// Compares with what is noted, and notes this program if it is the newest. Changes nothing if it is not.
pub(super) fn check(db: &Connection, device: [u8; 16], keys: &StoreKeys, this: Version) -> Result<Before, StoreFault> {
    let sealed: Option<Vec<u8>> =
        db.query_row("SELECT value FROM meta WHERE name = 'program'", [], |row| row.get(0)).optional()?;
    let noted = match sealed {
        None => None,
        Some(sealed) => {
            let opened = place(device).open(&keys.guard, &sealed).ok();
            match opened.and_then(|plain| parse(std::str::from_utf8(&plain).ok()?)) {
                None => return Ok(Before::Changed),
                noted => noted,
            }
        }
    };
    match noted {
        Some(noted) if noted > this => return Ok(Before::Newer),
        Some(noted) if noted == this => return Ok(Before::Fine),
        Some(_) | None => {}
    }
    let sealed = place(device).seal(&keys.guard, written(this).as_bytes())?;
    db.execute("INSERT OR REPLACE INTO meta VALUES ('program', ?1)", params![sealed])?;
    Ok(Before::Fine)
}

fn place(device: [u8; 16]) -> Place {
    Place { device, column: Column::Guard, row: 1, epoch: 0 }
}

fn written([major, minor, patch]: Version) -> String {
    format!("{major}.{minor}.{patch}")
}

/// A preliminary version (`1.2.3-rc1`) counts as the one it leads to.
fn parse(text: &str) -> Option<Version> {
    let release = text.split(['-', '+']).next()?;
    let parts: Vec<u64> = release.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::devices::clock::SystemClock;
    use crate::store::keys::Unlock;
    use crate::store::{Store, StoreError, StorePaths};

    fn open(folder: &Path, this: Version) -> Result<Store, StoreError> {
        Store::open_as(this, &StorePaths::under(folder), &Unlock::default(), Arc::new(SystemClock::default()), 365, "notice")
    }

    #[test]
    fn an_older_program_does_not_open_what_a_newer_one_used_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open(folder.path(), [1, 9, 0]).is_ok());
        assert!(open(folder.path(), [1, 10, 0]).is_ok(), "numbers, not letters");
        let bytes = std::fs::read(folder.path().join("store/mianzheng.db")).unwrap();
        assert!(matches!(open(folder.path(), [1, 9, 9]), Err(StoreError::Newer(_))));
        assert_eq!(std::fs::read(folder.path().join("store/mianzheng.db")).unwrap(), bytes);
        assert!(open(folder.path(), [1, 10, 0]).is_ok());
    }

    #[test]
    fn a_note_that_somebody_wrote_is_an_alarm() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path(), [2, 0, 0]).unwrap());
        let db = Connection::open(folder.path().join("store/mianzheng.db")).unwrap();
        db.execute("UPDATE meta SET value = x'00' WHERE name = 'program'", []).unwrap();
        drop(db);
        use crate::ports::Security;
        let store = open(folder.path(), [1, 0, 0]).unwrap();
        assert!(store.alarms().iter().any(|open| open.alarm == crate::core::alarm::Alarm::RowChanged));
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(parse("0.1.0"), Some([0, 1, 0]));
        assert_eq!(parse("1.2.3-rc1"), Some([1, 2, 3]));
        for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert!(own() > [0, 0, 0]);
    }
}
