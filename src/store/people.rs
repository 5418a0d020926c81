//! Who is stored: looking up, reading, listing.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::core::audit::AuditEvent;
use crate::core::consent::AgeBand;
use crate::core::event::KnownPerson;
use crate::core::ids::{PersonId, ReceiptId};
use crate::core::rights::Standing;
use crate::core::time::Date;
use crate::ports::{DIMENSION, Identity, ModelTag, Records, Secret, StoreFault, Template};

use super::error::StoreError;
use super::file::Store;
use super::person_key::PersonKey;
use super::seal::Column;

/// Row, document index, claim index, the consent a live template rests on, whether it is paused.
type LookUp = (i64, [u8; 16], [u8; 16], Option<i64>, Option<bool>);

/// How an identity lies in its sealed column.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub(super) struct StoredIdentity {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) birth: Option<String>,
    pub(super) expires: Option<String>,
    /// The chosen number: says which look-up row belongs to this person.
    pub(super) claim: String,
    /// The age staff confirmed, where there is no birth date.
    #[serde(default)]
    #[zeroize(skip)]
    pub(super) confirmed: Option<AgeBand>,
}

impl StoredIdentity {
    /// The age on a day.
    pub(super) fn age(&self, today: Date) -> AgeBand {
        match AgeBand::on(self.birth.as_deref().and_then(Date::parse), today) {
            AgeBand::Unknown => self.confirmed.unwrap_or(AgeBand::Unknown),
            known => known,
        }
    }
}

/// What a sealed template begins with. Units: bytes.
pub(super) const MARKS: usize = 25;

/// A template as it was unsealed: what it says of itself, and all of it.
type Opened = (Marks, Zeroizing<Vec<u8>>);

/// What a template says of itself, sealed with it.
pub(super) struct Marks {
    /// Units: ms since 1970 UTC.
    pub(super) expires: i64,
    pub(super) model: ModelTag,
    /// The consent it rests on.
    pub(super) receipt: ReceiptId,
    /// Not to be used now.
    pub(super) restricted: bool,
}

impl Marks {
    pub(super) fn bytes(&self) -> [u8; MARKS] {
        let mut bytes = [0; MARKS];
        bytes[..8].copy_from_slice(&self.expires.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.model);
        bytes[16..24].copy_from_slice(&self.receipt.0.to_be_bytes());
        bytes[24] = u8::from(self.restricted);
        bytes
    }
}

/// One line of the list of people: nothing that says who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    /// The row.
    pub id: u64,
    /// Age on this day.
    pub age: AgeBand,
    /// Whether a live template is stored.
    pub template: bool,
    /// When the template ends. Units: milliseconds since 1970 UTC.
    pub expires_ms: Option<i64>,
}

impl Store {
    /// Everybody, without saying who they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn people(&mut self) -> Result<Vec<PersonLine>, StoreError> {
        let now = self.now();
        let rows: Result<Vec<(i64, Option<i64>)>, _> = (|| {
            let mut query = self.db.prepare(
                "SELECT p.id, t.expires_ms FROM people p LEFT JOIN templates t ON t.person = p.id ORDER BY p.id",
            )?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })();
        let rows = rows.map_err(|e| StoreError::from_sqlite(&self.path, &e))?;
        rows.into_iter()
            .map(|(id, expires_ms)| {
                let person = PersonId(u64::try_from(id).unwrap_or(0));
                // A row that was tampered with is listed all the same: it must be possible to erase it.
                let age = self.age(person).unwrap_or(AgeBand::Unknown);
                Ok(PersonLine { id: person.0, age, template: expires_ms.is_some_and(|t| t > now), expires_ms })
            })
            .collect()
    }

    /// Whether this person is stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_person(&mut self, person: PersonId) -> Result<bool, StoreError> {
        self.db
            .query_row("SELECT 1 FROM people WHERE id = ?1", [person.0.cast_signed()], |_| Ok(()))
            .optional()
            .map(|row| row.is_some())
            .map_err(|e| StoreError::from_sqlite(&self.path, &e))
    }

    /// The stored identity of a person, for their own look at it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn identity(&mut self, person: PersonId) -> Result<Identity, StoreFault> {
        let stored = self.stored_identity(person.0.cast_signed())?;
        Ok(Identity::new(
            Secret::new(stored.name.clone()),
            Secret::new(stored.number.clone()),
            stored.birth.as_deref().and_then(Date::parse),
            stored.expires.as_deref().and_then(Date::parse),
        ))
    }

    /// Age of a stored person today.
    pub(super) fn age(&self, person: PersonId) -> Result<AgeBand, StoreFault> {
        Ok(self.stored_identity(person.0.cast_signed())?.age(self.clock.today()))
    }

    pub(super) fn person_key(&self, row: i64) -> Result<PersonKey, StoreFault> {
        let wrapped: Vec<u8> = self
            .db
            .prepare_cached("SELECT wrapped FROM person_keys WHERE person = ?1")?
            .query_row([row], |r| r.get(0))?;
        let plain = self.unseal(self.place(Column::PersonKey, row), &self.keys.epoch.key, &wrapped)?;
        PersonKey::from_bytes(&plain).ok_or(StoreFault)
    }

    pub(super) fn known(&mut self, column: &str, index: [u8; 16]) -> Result<Option<KnownPerson>, StoreFault> {
        // A disk that refuses must not turn anybody's card away; what is past its date counts as gone.
        let _ = self.expire();
        let sql = format!(
            "SELECT p.id, p.document_index, p.claim_index, t.receipt, t.restricted
             FROM people p LEFT JOIN templates t ON t.person = p.id AND t.expires_ms > ?2 WHERE p.{column} = ?1"
        );
        let row: Option<LookUp> = self
            .db
            .prepare_cached(&sql)?
            .query_row(params![index, self.now()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .optional()?;
        let Some((id, document_index, claim_index, receipt, restricted)) = row else { return Ok(None) };
        let stored = self.stored_identity(id);
        self.report_changed()?;
        let stored = stored?;
        // The look-up columns are not sealed: what they point to must itself say that it is so.
        let pointed = self.index(b"document", stored.number.as_bytes()) == document_index
            && self.index(b"claim", stored.claim.as_bytes()) == claim_index;
        if !pointed {
            tracing::error!("a look-up row was changed or swapped");
            self.changed.set(true);
            self.report_changed()?;
            return Err(StoreFault);
        }
        let age = stored.age(self.clock.today());
        let (template, guardian) = match receipt {
            Some(receipt) => self.template_standing(receipt, age, restricted.unwrap_or(true))?,
            None => (Standing::None, None),
        };
        let listed = self.listed_by(document_index)?;
        Ok(Some(KnownPerson { person: PersonId(id.cast_unsigned()), age, template, guardian, listed }))
    }

    pub(super) fn stored_identity(&self, row: i64) -> Result<StoredIdentity, StoreFault> {
        let blob: Vec<u8> =
            self.db.prepare_cached("SELECT identity FROM people WHERE id = ?1")?.query_row([row], |r| r.get(0))?;
        let key = self.person_key(row)?.identity();
        let plain = self.unseal(self.place(Column::Identity, row), &key, &blob)?;
        serde_json::from_slice(&plain).map_err(|_| StoreFault)
    }

    /// The template of a row, if it may be compared: consent in force, not paused.
    pub(super) fn live_template(&self, row: i64) -> Result<Option<Template>, StoreFault> {
        let Some((marks, plain)) = self.opened_template(row)? else { return Ok(None) };
        let age = self.stored_identity(row)?.age(self.clock.today());
        let (standing, _) = self.template_standing(marks.receipt.0.cast_signed(), age, marks.restricted)?;
        if standing != Standing::Live {
            return Ok(None);
        }
        let mut values = Zeroizing::new([0.0_f32; DIMENSION]);
        for (value, bytes) in values.iter_mut().zip(plain[MARKS..].as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*bytes);
        }
        let transform = self.person_key(row)?.transform(&self.keys.transform);
        Template::from_stored(marks.model, &values, transform).map(Some).ok_or(StoreFault)
    }

    /// A template of a row with what it says of itself, whatever its date.
    fn opened_template(&self, row: i64) -> Result<Option<Opened>, StoreFault> {
        let found: Option<(Vec<u8>, ModelTag, i64, i64, bool)> = self
            .db
            .prepare_cached("SELECT template, model, expires_ms, receipt, restricted FROM templates WHERE person = ?1")?
            .query_row([row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .optional()?;
        let Some((blob, model, expires, receipt, restricted)) = found else { return Ok(None) };
        let key = self.person_key(row)?;
        let plain = self.unseal(self.place(Column::Template, row), &key.template(), &blob)?;
        // The columns are not sealed: what they say must be inside as well.
        let marks = Marks { expires, model, receipt: ReceiptId(receipt.cast_unsigned()), restricted };
        if plain.len() != MARKS + DIMENSION * 4 || plain[..MARKS] != marks.bytes() {
            self.changed.set(true);
            return Err(StoreFault);
        }
        Ok(Some((marks, plain)))
    }

    /// Changes what a template says of itself, with its entry in the log.
    pub(super) fn seal_template_again(
        &mut self,
        person: PersonId,
        change: impl FnOnce(&mut Marks),
        entry: AuditEvent,
    ) -> Result<(), StoreFault> {
        let row = person.0.cast_signed();
        let (mut marks, mut plain) = self.opened_template(row)?.ok_or(StoreFault)?;
        change(&mut marks);
        plain[..MARKS].copy_from_slice(&marks.bytes());
        let sealed = self.place(Column::Template, row).seal(&self.person_key(row)?.template(), &plain)?;
        let guardian = self.stored_consent(marks.receipt.0.cast_signed())?.and_then(|consent| consent.guardian);
        let now = self.now();
        self.change(|tx| {
            // The consent before ended today, not when it was given.
            tx.execute(
                "UPDATE consents SET ended_ms = ?1 WHERE ended_ms IS NULL AND id IN (SELECT receipt FROM templates WHERE person = ?2) AND id <> ?3",
                params![now, row, marks.receipt.0.cast_signed()],
            )?;
            tx.execute(
                "UPDATE templates SET template = ?1, receipt = ?2, restricted = ?3 WHERE person = ?4",
                params![sealed, marks.receipt.0.cast_signed(), marks.restricted, row],
            )?;
            tx.execute("DELETE FROM guardians WHERE person = ?1", [row])?;
            if let Some(guardian) = guardian {
                tx.execute("INSERT INTO guardians (person, guardian_index) VALUES (?1, ?2)", params![row, guardian.index])?;
            }
            Ok(vec![entry])
        })?;
        if let Some(search) = self.search.as_mut() {
            search.forget(person);
        }
        self.index_person(person)
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<StoredIdentity>(bytes);
}
