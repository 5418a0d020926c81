//! Destroying what is stored of people, so that nothing brings it back.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use zeroize::Zeroizing;

use crate::core::audit::AuditEvent;
use crate::core::ids::PersonId;
use crate::core::operator::{Action, Approval};
use crate::ports::StoreFault;

use super::audit::{AuditLog, Mark};
use super::file::{Store, StoreKeys};
use super::keys::{Epoch, Epochs};
use super::seal::{Column, Place, Unsealable};

impl Store {
    /// Destroys the data of everybody.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn erase_all(&mut self, approval: &Approval) -> Result<u64, StoreFault> {
        if approval.action() != Action::EraseMany {
            return Err(StoreFault);
        }
        let count = self.erase_everybody()?;
        self.write_entry(&AuditEvent::Done { action: Action::EraseMany, by: approval.by().to_vec() })?;
        Ok(count)
    }

    /// As [`Store::erase_all`], for whoever has asked already.
    pub(super) fn erase_everybody(&mut self) -> Result<u64, StoreFault> {
        let people: Vec<PersonId> = {
            let mut query = self.db.prepare("SELECT id FROM people")?;
            let rows = query.query_map([], |row| Ok(PersonId(row.get::<_, i64>(0)?.cast_unsigned())))?;
            rows.collect::<Result<_, _>>()?
        };
        let count = people.len() as u64;
        self.destroy(&people, |person| AuditEvent::Withdrawn { person })?;
        Ok(count)
    }

    /// Deletes people with everything of theirs, ends their consents and records it.
    pub(super) fn destroy(&mut self, people: &[PersonId], entry: impl Fn(PersonId) -> AuditEvent) -> Result<(), StoreFault> {
        self.destroy_and(people, entry, |_, _, _, _, mark| Ok(((), mark)))
    }

    /// As [`Store::destroy`], and something more in the same transaction.
    ///
    /// The keys of all others are wrapped anew, under a new epoch: the key that could still open
    /// what was deleted is destroyed. Key file and database go over together, whenever it is cut
    /// off: see [`Epochs::of`].
    pub(super) fn destroy_and<T>(
        &mut self,
        people: &[PersonId],
        entry: impl Fn(PersonId) -> AuditEvent,
        more: impl FnOnce(&Transaction, &StoreKeys, &Epoch, &mut AuditLog, Mark) -> Result<(T, Mark), StoreFault>,
    ) -> Result<T, StoreFault> {
        let now = self.now();
        let Self { db, log, keys, folder, device, search, .. } = self;
        super::backup::forget(folder, &keys.master, people)?;
        let epochs = Epochs { folder, master: &keys.master };
        // Should the last change not have been settled, its key must not be written over.
        epochs.of(keys.epoch.number)?;
        let next = epochs.prepare_after(keys.epoch.number)?;
        let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
        let mut mark = log.last();
        for person in people {
            let row = person.0.cast_signed();
            tx.prepare_cached("UPDATE consents SET ended_ms = ?1 WHERE ended_ms IS NULL AND person = ?2")?
                .execute(params![now, row])?;
            let gone = tx.prepare_cached("DELETE FROM people WHERE id = ?1")?.execute([row])?;
            let left: i64 = tx
                .prepare_cached("SELECT (SELECT count(*) FROM person_keys WHERE person = ?1) + (SELECT count(*) FROM templates WHERE person = ?1)")?
                .query_row([row], |r| r.get(0))?;
            // Said to be erased is erased, whatever somebody did to the tables.
            if gone != 1 || left != 0 {
                return Err(StoreFault);
            }
            mark = log.append_after(&tx, mark, now, &entry(*person))?;
        }
        let place = |row, epoch| Place { device: *device, column: Column::PersonKey, row, epoch };
        rewrap(
            &tx,
            |row, wrapped| place(row, keys.epoch.number).open(&keys.epoch.key, wrapped),
            |row, plain| place(row, next.number).seal(&next.key, plain),
        )?;
        tx.execute("UPDATE meta SET value = ?1 WHERE name = 'epoch'", params![next.number.to_be_bytes()])?;
        let (done, mark) = more(&tx, keys, &next, log, mark)?;
        tx.commit()?;
        log.committed(mark);
        keys.epoch = next;
        if let Some(search) = search {
            people.iter().for_each(|person| search.forget(*person));
        }
        // The database went over. If the old key cannot be destroyed now, the next start does it;
        // the person is told that it is not done.
        let epochs = Epochs { folder, master: &keys.master };
        epochs.settle()?;
        // A reader in another process may hold the log open; then the next checkpoint does it.
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(done)
    }
}

/// Wraps every data key anew.
pub(super) fn rewrap(
    db: &Connection,
    open: impl Fn(i64, &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable>,
    seal: impl Fn(i64, &[u8]) -> Result<Vec<u8>, Unsealable>,
) -> Result<(), StoreFault> {
    let mut read = db.prepare("SELECT person, wrapped FROM person_keys")?;
    let rows: Vec<(i64, Vec<u8>)> = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut write = db.prepare("UPDATE person_keys SET wrapped = ?2 WHERE person = ?1")?;
    let (mut opened, all) = (0, rows.len());
    for (row, wrapped) in rows {
        // A key that was tampered with opens nothing, before and after: the person is told when
        // they come, and an alarm is raised. It must not keep others from being erased.
        let Ok(plain) = open(row, &wrapped) else { continue };
        opened += write.execute(params![row, seal(row, &plain)?])?;
    }
    // If none opens it is not they who are wrong.
    if opened == 0 && all > 1 { Err(StoreFault) } else { Ok(()) }
}
