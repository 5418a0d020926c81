//! Who is stored: looking up, reading, listing.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::core::consent::AgeBand;
use crate::core::event::KnownPerson;
use crate::core::ids::PersonId;
use crate::core::time::Date;
use crate::ports::{DIMENSION, Identity, ModelTag, Records, Secret, StoreFault, Template};

use super::error::StoreError;
use super::file::Store;
use super::person_key::PersonKey;
use super::seal::Column;

/// Row, document index, claim index, whether there is a template.
type LookUp = (i64, [u8; 16], [u8; 16], bool);

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
        let stored = self.stored_identity(person.0.cast_signed())?;
        Ok(AgeBand::on(stored.birth.as_deref().and_then(Date::parse), self.clock.today()))
    }

    fn person_key(&self, row: i64) -> Result<PersonKey, StoreFault> {
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
            "SELECT p.id, p.document_index, p.claim_index, t.person IS NOT NULL
             FROM people p LEFT JOIN templates t ON t.person = p.id AND t.expires_ms > ?2 WHERE p.{column} = ?1"
        );
        let row: Option<LookUp> = self
            .db
            .prepare_cached(&sql)?
            .query_row(params![index, self.now()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let Some((id, document_index, claim_index, has_template)) = row else { return Ok(None) };
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
        let age = AgeBand::on(stored.birth.as_deref().and_then(Date::parse), self.clock.today());
        Ok(Some(KnownPerson { person: PersonId(id.cast_unsigned()), age, has_template }))
    }

    fn stored_identity(&self, row: i64) -> Result<StoredIdentity, StoreFault> {
        let blob: Vec<u8> =
            self.db.prepare_cached("SELECT identity FROM people WHERE id = ?1")?.query_row([row], |r| r.get(0))?;
        let key = self.person_key(row)?.identity();
        let plain = self.unseal(self.place(Column::Identity, row), &key, &blob)?;
        serde_json::from_slice(&plain).map_err(|_| StoreFault)
    }

    /// The template of a row, whatever its date.
    pub(super) fn stored_template(&self, row: i64) -> Result<Option<Template>, StoreFault> {
        let found: Option<(Vec<u8>, ModelTag, i64)> = self
            .db
            .prepare_cached("SELECT template, model, expires_ms FROM templates WHERE person = ?1")?
            .query_row([row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((blob, model, expires)) = found else { return Ok(None) };
        let key = self.person_key(row)?;
        let plain = self.unseal(self.place(Column::Template, row), &key.template(), &blob)?;
        // Expiry and model are not sealed in their columns; they are inside.
        let (sealed_expiry, rest) = plain.split_at_checked(8).ok_or(StoreFault)?;
        let (sealed_model, numbers) = rest.split_at_checked(8).ok_or(StoreFault)?;
        if sealed_expiry != expires.to_be_bytes() || sealed_model != model || numbers.len() != DIMENSION * 4 {
            self.changed.set(true);
            return Err(StoreFault);
        }
        let mut values = Zeroizing::new([0.0_f32; DIMENSION]);
        for (value, bytes) in values.iter_mut().zip(numbers.as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*bytes);
        }
        Template::from_stored(model, &values, key.transform(&self.keys.transform)).map(Some).ok_or(StoreFault)
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<StoredIdentity>(bytes);
}
