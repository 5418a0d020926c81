//! Filling a store for measurements, many people in one transaction. Not a way to enrol anybody:
//! it makes its own people.

use rusqlite::{Transaction, TransactionBehavior};

use crate::core::command::EnrolOrder;
use crate::core::consent::Purpose;
use crate::core::retention::{Kind, end_ms};
use crate::ports::{Embedding, StoreFault};

use super::consents::{self, StoredConsent};
use super::file::Store;
use super::people::StoredIdentity;
use super::records::NewPerson;

impl Store {
    /// Adds people who do not exist, numbered from `first`, one for each embedding. Only into a
    /// store without operators, that is, one that is not in service.
    ///
    /// # Errors
    /// When nothing was stored.
    #[doc(hidden)]
    pub fn fill(&mut self, first: u32, faces: &[Embedding]) -> Result<(), StoreFault> {
        if self.has_operators() {
            return Err(StoreFault);
        }
        let now = self.now();
        let expires = end_ms(Kind::Person, self.retention_days, now);
        let mut people = Vec::with_capacity(faces.len());
        for number in (first..).take(faces.len()) {
            let stored = StoredIdentity {
                name: format!("nobody {number}"),
                number: format!("none-{number}"),
                birth: Some("1980-01-01".into()),
                expires: None,
                claim: format!("{number:08}"),
                confirmed: None,
            };
            let indexes = (self.index(b"document", stored.number.as_bytes()), self.index(b"claim", stored.claim.as_bytes()));
            people.push((stored, indexes));
        }
        let notice = self.watched.notice.clone().unwrap_or_default();
        let consent = StoredConsent {
            purpose: Purpose::Enrol,
            lang: "zh-CN".into(),
            notice: notice.hash,
            shown_ms: 0,
            means: "screen".into(),
            version: notice.version,
            generation: notice.generation,
            days: self.retention_days,
            guardian: None,
            subject: None,
            standing: None,
        };
        let Self { db, log, keys, device, .. } = self;
        let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
        let mut mark = log.last();
        for ((stored, (document_index, claim_index)), template) in people.into_iter().zip(faces) {
            let receipt = consents::insert(&tx, keys, *device, None, &consent, now)?;
            let order = EnrolOrder { receipt, policy: 0, samples: Vec::new(), age: None };
            let guardian = None;
            let person = NewPerson { device: *device, now, expires, document_index, claim_index, stored, template, order: &order, guardian };
            mark = person.insert(&tx, keys, &keys.epoch, log, mark)?.1;
        }
        tx.commit()?;
        log.committed(mark);
        self.count_for_filing()
    }
}
