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
    /// This one was the last.
    Same,
    /// None, or older ones only.
    Older,
    /// A newer one was here.
    Newer,
    /// What is noted was changed by something else.
    Changed,
}

/// Compares with what is noted; a store that was in use and has no note lost it. Changes nothing.
pub(super) fn check(db: &Connection, device: [u8; 16], keys: &StoreKeys, this: Version, used: bool) -> rusqlite::Result<Before> {
    let sealed: Option<Vec<u8>> =
        db.query_row("SELECT value FROM meta WHERE name = 'program'", [], |row| row.get(0)).optional()?;
    let Some(sealed) = sealed else { return Ok(if used { Before::Changed } else { Before::Older }) };
    let opened = place(device).open(&keys.guard, &sealed).ok();
    let noted = opened.and_then(|plain| parse(std::str::from_utf8(&plain).ok()?));
    Ok(match noted {
        None => Before::Changed,
        Some(noted) if noted > this => Before::Newer,
        Some(noted) if noted == this => Before::Same,
        Some(_) => Before::Older,
    })
}

/// Notes this program. The last step of opening: one that cannot open the store bars no other.
pub(super) fn note(db: &Connection, device: [u8; 16], keys: &StoreKeys, this: Version) -> Result<(), StoreFault> {
    let sealed = place(device).seal(&keys.guard, written(this).as_bytes())?;
    db.execute("INSERT OR REPLACE INTO meta VALUES ('program', ?1)", params![sealed])?;
    Ok(())
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
    use crate::core::alarm::Alarm;
    use crate::devices::clock::SystemClock;
    use crate::ports::Security;
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
    fn a_note_that_somebody_wrote_or_took_away_is_an_alarm_and_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path(), [2, 0, 0]).unwrap());
        for what in ["UPDATE meta SET value = x'00' WHERE name = 'program'", "DELETE FROM meta WHERE name = 'program'"] {
            let db = Connection::open(folder.path().join("store/mianzheng.db")).unwrap();
            assert_eq!(db.execute(what, []).unwrap(), 1, "it was written anew");
            drop(db);
            let store = open(folder.path(), [1, 0, 0]).unwrap();
            assert!(store.alarms().iter().any(|open| open.alarm == Alarm::RowChanged), "{what}");
        }
        assert!(matches!(open(folder.path(), [0, 9, 0]), Err(StoreError::Newer(_))));
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
