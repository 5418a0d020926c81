//! 1:N: whose face is this? Only for a site that runs it, and only among adults.
//!
//! The index holds 8-bit codes in a turn of its own, made at each start: neither the embeddings nor
//! the stored templates lie open in memory. It only says who could reach the threshold; the
//! decision is made on the sealed template, so the result is exact.

use zeroize::Zeroizing;

use crate::core::consent::AgeBand;
use crate::core::evidence::Similarity;
use crate::core::ids::PersonId;
use crate::ports::{Embedding, StoreFault, Transform};

use super::file::Store;
use super::index::Index;
use super::keys::random_key;

/// Candidates looked at again. More than this above a threshold fit for 1:N cannot be.
const MOST: usize = 64;

/// The index of a running site.
pub(super) struct Search {
    index: Index,
    turn: Transform,
}

impl Search {
    pub(super) fn forget(&mut self, person: PersonId) {
        self.index.forget(person.0);
    }
}

/// Why a search gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSearch {
    /// There is no index: the site does not run 1:N.
    NotBuilt,
    /// Far more people than can be reach the threshold: it is not one for 1:N.
    Threshold,
    /// The store did not answer.
    Store,
}

impl From<StoreFault> for NoSearch {
    fn from(StoreFault: StoreFault) -> Self {
        Self::Store
    }
}

impl Store {
    /// Builds the index of all adults with a live template. From then on it follows every
    /// enrolment and erasure.
    ///
    /// # Errors
    /// When the store cannot be read. A person whose template does not open is left out, with an
    /// alarm.
    pub fn build_index(&mut self) -> Result<usize, StoreFault> {
        let mut key = Zeroizing::new([0; Transform::KEY]);
        let (one, two) = (random_key()?, random_key()?);
        key[..32].copy_from_slice(&*one);
        key[32..].copy_from_slice(&two[..16]);
        let rows: Vec<i64> = {
            let mut rows = self.db.prepare("SELECT person FROM templates")?;
            rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        self.search = Some(Search { index: Index::with_capacity(rows.len()), turn: Transform::from_key(&key) });
        for row in rows {
            // One damaged record must not close the way for all others.
            let _ = self.index_person(PersonId(row.cast_unsigned()));
        }
        self.report_changed()?;
        Ok(self.search.as_ref().map_or(0, |search| search.index.len()))
    }

    /// Memory the index holds. Units: bytes.
    #[must_use]
    pub fn index_bytes(&self) -> usize {
        self.search.as_ref().map_or(0, |search| search.index.bytes())
    }

    /// Takes a person into the index, if there is one.
    pub(super) fn index_person(&mut self, person: PersonId) -> Result<(), StoreFault> {
        if self.search.is_none() || self.age(person)? != AgeBand::Adult {
            return Ok(());
        }
        let Some(template) = self.live_template(person.0.cast_signed())? else { return Ok(()) };
        let Some(search) = self.search.as_mut() else { return Ok(()) };
        let turned = template.turned_by(&search.turn);
        search.index.put(person.0, &turned).ok_or(StoreFault)
    }

    /// Everybody whose template is at least `floor` similar to the probe, most similar first.
    ///
    /// # Errors
    /// When there is no index, or the answer would not be exact.
    pub fn identify(&mut self, probe: &Embedding, floor: Similarity, threads: usize) -> Result<Vec<(PersonId, Similarity)>, NoSearch> {
        let search = self.search.as_ref().ok_or(NoSearch::NotBuilt)?;
        let turned = search.turn.apply(probe.values());
        let found = search.index.candidates(&turned, f32::from(floor), MOST, threads);
        if found.cut {
            return Err(NoSearch::Threshold);
        }
        let mut alike = Vec::new();
        for candidate in found.rows {
            let Some(template) = self.live_template(candidate.id.cast_signed())? else { continue };
            let similarity = template.similarity(probe).filter(|similarity| *similarity >= floor);
            alike.extend(similarity.map(|similarity| (PersonId(candidate.id), similarity)));
        }
        alike.sort_by(|(_, a), (_, b)| f32::from(*b).total_cmp(&f32::from(*a)));
        Ok(alike)
    }
}
