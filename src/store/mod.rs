//! The store of one device: one SQLite file, everything personal in it sealed, its keys in a
//! folder of their own.

mod audit;
mod backup;
mod bulk;
mod compliance;
mod consents;
mod dossier;
mod erasure;
mod error;
mod file;
mod guard;
mod index;
mod keys;
#[cfg(test)]
mod key_faults;
mod manage;
mod notices;
mod operators;
mod people;
mod person_key;
#[cfg(test)]
mod plans;
mod records;
mod rights;
mod roster;
mod seal;
mod search;
mod sketch;
mod spool;
mod upkeep;
mod version;

pub use audit::{Damage, Report};
pub use backup::{NotRestored, restore};
pub use compliance::Destroyed;
pub use dossier::{AssessmentForm, Incident, IncidentKind, Kept};
pub use error::StoreError;
pub use file::{Store, StorePaths};
pub use keys::{SlotKind, Tpm, Unlock};
pub use manage::{Glance, glance};
pub use notices::NoticeLine;
pub use operators::{NotAdded, OperatorLine};
pub use people::PersonLine;
pub use roster::{RosterCount, RosterEntry};
pub use search::NoSearch;
pub use sketch::{ERROR_PER_MILLE, OtherGroup, Sketch};
pub use spool::Spool;

/// Reads bytes as every form of stored bytes there is; what the fuzz targets call.
#[doc(hidden)]
pub fn parse_stored(bytes: &[u8]) {
    keys::parse_all(bytes);
    audit::AuditLog::parse_all(bytes);
    backup::parse_all(bytes);
    consents::parse_all(bytes);
    dossier::parse_all(bytes);
    notices::parse_all(bytes);
    guard::parse_all(bytes);
    operators::parse_all(bytes);
    people::parse_all(bytes);
    roster::parse_all(bytes);
    seal::parse_all(bytes);
}
