//! What must be kept and shown besides consents and log: assessments, requests, incidents. Sealed,
//! kept three years from their end, without anything biometric.

use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::core::ids::{OperatorId, PersonId};
use crate::core::rights::RequestKind;
use crate::ports::StoreFault;

use super::file::Store;
use super::keys::Key;
use super::seal::{Column, Place};

/// A kind of record in the dossier.
pub(super) trait Record: Serialize + DeserializeOwned {
    const KIND: &'static str;
}

/// A signed impact assessment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentForm {
    /// The answers to [`crate::core::assessment::QUESTIONS`].
    pub answers: Vec<String>,
    /// What was assessed.
    pub subject: crate::core::assessment::Subject,
    /// BCP 47 tag of the language it was written in.
    pub lang: String,
}

impl Record for AssessmentForm {
    const KIND: &'static str = "assessment";
}

/// A request and its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) kind: RequestKind,
    /// The answer; whether it is a refusal with its reason; who gave it.
    pub(super) answer: Option<(String, bool, Vec<OperatorId>)>,
}

impl Record for Request {
    const KIND: &'static str = "request";
}

/// What kind of incident (PIPL art. 57).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentKind {
    /// Something got out.
    Leak,
    /// Something was changed.
    Tamper,
    /// Something was lost.
    Loss,
}

/// An incident, real or an exercise.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// What kind.
    pub kind: IncidentKind,
    /// An exercise.
    pub drill: bool,
    /// Closes the face way until the assessment is made anew.
    pub major: bool,
    /// What happened, in the operator's words.
    pub what: String,
    /// What was done.
    pub remedy: String,
    /// The pseudonyms of those affected: everybody who was stored.
    pub affected: Vec<PersonId>,
    /// Those of them who are minors.
    pub minors: Vec<PersonId>,
}

impl Record for Incident {
    const KIND: &'static str = "incident";
}

/// Person, when made, when ended, sealed body.
type Row = (Option<i64>, i64, Option<i64>, Vec<u8>);

/// One record and its times. Units: ms since 1970 UTC.
pub struct Kept<T> {
    /// Its number.
    pub number: u64,
    /// Whose, if it is somebody's.
    pub person: Option<PersonId>,
    /// When it was made.
    pub made_ms: i64,
    /// When it ended: answered, closed, replaced.
    pub ended_ms: Option<i64>,
    /// The record itself.
    pub body: T,
}

/// Puts a record into the caller's transaction and gives its number.
pub(super) fn insert<T: Record>(
    tx: &Connection,
    key: &Key,
    device: [u8; 16],
    person: Option<PersonId>,
    body: &T,
    now: i64,
) -> Result<u64, StoreFault> {
    let person = person.map(|person| person.0.cast_signed());
    tx.execute("INSERT INTO dossier (kind, person, body, made_ms) VALUES (?1, ?2, x'', ?3)", params![T::KIND, person, now])?;
    let row = tx.last_insert_rowid();
    update(tx, key, device, row.cast_unsigned(), body)?;
    Ok(row.cast_unsigned())
}

/// Writes a record anew in the caller's transaction.
pub(super) fn update<T: Record>(tx: &Connection, key: &Key, device: [u8; 16], number: u64, body: &T) -> Result<(), StoreFault> {
    let row = number.cast_signed();
    let plain = serde_json::to_vec(body).map_err(|_| StoreFault)?;
    let sealed = Place { device, column: Column::Dossier, row, epoch: 0 }.seal(key, &plain)?;
    tx.execute("UPDATE dossier SET body = ?1 WHERE id = ?2", params![sealed, row])?;
    Ok(())
}

impl Store {
    /// One record.
    pub(super) fn kept<T: Record>(&self, number: u64) -> Result<Option<Kept<T>>, StoreFault> {
        let row: Option<Row> = self
            .db
            .query_row(
                "SELECT person, made_ms, ended_ms, body FROM dossier WHERE id = ?1 AND kind = ?2",
                params![number.cast_signed(), T::KIND],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .optional()?;
        let Some((person, made_ms, ended_ms, body)) = row else { return Ok(None) };
        let plain = self.unseal(self.place(Column::Dossier, number.cast_signed()), &self.keys.consents, &body)?;
        let body = serde_json::from_slice(&plain).map_err(|_| StoreFault)?;
        let person = person.map(|row| PersonId(row.cast_unsigned()));
        Ok(Some(Kept { number, person, made_ms, ended_ms, body }))
    }

    /// Numbers of the records of a kind that have not ended, oldest first, and when each was made.
    pub(super) fn open_kept<T: Record>(&self) -> Result<Vec<(u64, i64)>, StoreFault> {
        let mut query =
            self.db.prepare_cached("SELECT id, made_ms FROM dossier WHERE kind = ?1 AND ended_ms IS NULL ORDER BY id")?;
        let rows = query.query_map([T::KIND], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All records of a kind, newest first; of one person, or of everybody.
    pub(super) fn all_kept<T: Record>(&self, person: Option<PersonId>) -> Result<Vec<Kept<T>>, StoreFault> {
        let numbers: Vec<i64> = {
            let mut query = self
                .db
                .prepare("SELECT id FROM dossier WHERE kind = ?1 AND (?2 IS NULL OR person = ?2) ORDER BY id DESC LIMIT 1000")?;
            let person = person.map(|person| person.0.cast_signed());
            query.query_map(params![T::KIND, person], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        numbers.into_iter().filter_map(|row| self.kept(row.cast_unsigned()).transpose()).collect()
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<AssessmentForm>(bytes);
    let _ = serde_json::from_slice::<Request>(bytes);
    let _ = serde_json::from_slice::<Incident>(bytes);
}
