//! The watch over the device: alarms, and what was put into service. Kept sealed in the store, so
//! that it outlives a restart and cannot be edited away.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::core::alarm::{Alarm, OpenAlarm};
use crate::core::assessment::Signed;
use crate::core::audit::AuditEvent;
use crate::core::filing::Filing;
use crate::core::operator::{Action, Approval};
use crate::ports::{Facts, StoreFault};

use super::audit::hex;
use super::file::{Store, StoreKeys};
use super::notices::InForce;
use super::seal::{Column, Place};

/// The same alarm goes on record again only after this. Units: ms.
const AGAIN_MS: i64 = 10 * 60_000;
/// How far back a clock may be set without an alarm: as much as clocks are off. Units: ms.
pub(super) const SLACK_MS: i64 = 2 * 60_000;

/// What was put into service, and what is not in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Watched {
    /// The policy two persons approved.
    pub(super) policy: Option<String>,
    pub(super) program: Option<String>,
    pub(super) reader: Option<String>,
    /// There are, or were, operators.
    pub(super) operators: bool,
    /// SHA-256 over all accounts: none can be put back, taken away or changed.
    pub(super) accounts: String,
    /// Goes up with every change; the anchor beside the keys knows the last. An older one was put
    /// back by somebody.
    pub(super) generation: u64,
    pub(super) open: Vec<OpenAlarm>,
    /// The notice in force.
    pub(super) notice: Option<InForce>,
    /// The impact assessment in force.
    pub(super) assessment: Option<Signed>,
    /// A major incident was reported since it was signed.
    pub(super) incident: bool,
    pub(super) filing: Filing,
    /// The key of the group of devices that count people together.
    pub(super) group: Option<[u8; 32]>,
}

/// Reads it. A store that has a log but not this was tampered with: fails closed.
pub(super) fn load(db: &Connection, device: [u8; 16], keys: &StoreKeys, fresh: bool, least: u64) -> Result<(Watched, bool), StoreFault> {
    let sealed: Option<Vec<u8>> =
        db.query_row("SELECT value FROM meta WHERE name = 'guard'", [], |row| row.get(0)).optional()?;
    let opened = sealed.and_then(|sealed| place(device).open(&keys.guard, &sealed).ok());
    let read = opened.and_then(|plain| serde_json::from_slice::<Watched>(&plain).ok());
    match read.filter(|watched| watched.generation >= least) {
        Some(watched) => {
            let changed = digest(db)? != watched.accounts;
            Ok((watched, changed))
        }
        None if fresh => Ok((Watched { accounts: digest(db)?, ..Watched::default() }, false)),
        // No account counts any more, for good: the digest of none of them is known.
        None => Ok((Watched { operators: true, generation: least, ..Watched::default() }, true)),
    }
}

/// One value for all accounts.
pub(super) fn digest(db: &Connection) -> Result<String, StoreFault> {
    let mut hash = Sha256::new();
    let mut rows = db.prepare_cached("SELECT id, name_index, body, state FROM operators ORDER BY id")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        hash.update(row.get::<_, i64>(0)?.to_be_bytes());
        for column in 1..4 {
            let value: Vec<u8> = row.get(column)?;
            hash.update((value.len() as u64).to_be_bytes());
            hash.update(value);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Writes it, in the caller's transaction.
pub(super) fn store(db: &Connection, device: [u8; 16], keys: &StoreKeys, watched: &Watched) -> Result<(), StoreFault> {
    let plain = serde_json::to_vec(watched).map_err(|_| StoreFault)?;
    let sealed = place(device).seal(&keys.guard, &plain)?;
    db.execute("INSERT OR REPLACE INTO meta VALUES ('guard', ?1)", params![sealed])?;
    Ok(())
}

fn place(device: [u8; 16]) -> Place {
    Place { device, column: Column::Guard, row: 0, epoch: 0 }
}

impl Store {
    pub(super) fn raise_alarm(&mut self, alarm: Alarm) -> Result<(), StoreFault> {
        let now = self.now();
        let mut after = self.watched.clone();
        let entry = match after.open.iter_mut().find(|open| open.alarm == alarm) {
            Some(open) => {
                let again = now.saturating_sub(open.last_ms) >= AGAIN_MS;
                if !again {
                    return Ok(());
                }
                open.last_ms = now;
                open.count = open.count.saturating_add(1);
                AuditEvent::Raised { alarm }
            }
            None => {
                after.open.push(OpenAlarm { alarm, first_ms: now, last_ms: now, count: 1 });
                AuditEvent::Raised { alarm }
            }
        };
        // Kept in memory even if the disk refuses: it closes the face way until the restart.
        self.watched = after;
        tracing::warn!(?alarm, "alarm");
        self.save_watched(vec![entry])
    }

    pub(super) fn clear_alarm(&mut self, approval: &Approval, alarm: Alarm) -> Result<(), StoreFault> {
        let (Action::ClearAlarm, Some(by)) = (approval.action(), approval.by().first().copied()) else { return Err(StoreFault) };
        self.watched.open.retain(|open| open.alarm != alarm);
        match alarm {
            Alarm::ProgramChanged => self.watched.program.clone_from(&self.seen.program),
            Alarm::ReaderChanged => self.watched.reader.clone_from(&self.seen.reader),
            Alarm::ClockBack | Alarm::ClockAhead => self.log.set_clock(self.clock.unix_ms()),
            Alarm::LoginsFailed | Alarm::RowChanged | Alarm::FileSwapped | Alarm::LogDamaged | Alarm::ModelChanged
            | Alarm::LivenessRepeated | Alarm::UsbStorage => {}
        }
        self.save_watched(vec![AuditEvent::Cleared { alarm, by }])
    }

    /// Puts the policy in force into service.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn approve_policy(&mut self, approval: &Approval, policy: &str) -> Result<(), StoreFault> {
        if approval.action() != Action::ApprovePolicy {
            return Err(StoreFault);
        }
        self.watched.policy = Some(policy.to_owned());
        self.save_watched(vec![AuditEvent::Done { action: Action::ApprovePolicy, by: approval.by().to_vec() }])
    }

    /// Whether this is the policy two persons approved, or none was yet.
    #[must_use]
    pub fn policy_is_approved(&self, policy: &str) -> bool {
        self.watched.policy.as_deref().is_none_or(|approved| approved == policy)
    }

    pub(super) fn compare(&mut self, facts: &Facts) -> Result<(), StoreFault> {
        self.seen = facts.clone();
        let mut raise = Vec::new();
        let before = self.watched.clone();
        // Before there is a supervisor the device is not in service: what is here now counts.
        let set_up = !self.watched.operators;
        for (known, seen, alarm) in [
            (&mut self.watched.program, &facts.program, Alarm::ProgramChanged),
            (&mut self.watched.reader, &facts.reader, Alarm::ReaderChanged),
        ] {
            match (known.as_ref(), seen) {
                (Some(known), Some(seen)) if known == seen => {}
                (Some(_), Some(_)) if !set_up => raise.push(alarm),
                (_, Some(seen)) => *known = Some(seen.clone()),
                (_, None) => {}
            }
        }
        // The first policy a device meets is the one it was set up with.
        if set_up || self.watched.policy.is_none() {
            self.watched.policy = Some(facts.policy.clone());
        }
        if self.watched != before {
            self.save_watched(Vec::new())?;
        }
        raise.into_iter().try_for_each(|alarm| self.raise_alarm(alarm))
    }

    fn save_watched(&mut self, entries: Vec<AuditEvent>) -> Result<(), StoreFault> {
        let watched = self.watched.clone();
        self.change_watched(watched, |_| Ok(((), entries)))
    }

    /// One transaction that changes accounts or what is watched, with its entries.
    pub(super) fn change_watched<T>(
        &mut self,
        mut after: Watched,
        work: impl FnOnce(&Transaction) -> Result<(T, Vec<AuditEvent>), StoreFault>,
    ) -> Result<T, StoreFault> {
        let now = self.now();
        let Self { db, log, keys, device, watched, .. } = self;
        let tx = Transaction::new(db, TransactionBehavior::Immediate)?;
        // Accounts that were changed by somebody else do not become right by our next change.
        let sound = digest(&tx)? == watched.accounts;
        let (done, entries) = work(&tx)?;
        if sound {
            after.accounts = digest(&tx)?;
        }
        after.generation = watched.generation + 1;
        store(&tx, *device, keys, &after)?;
        let mut mark = log.last();
        for entry in &entries {
            mark = log.append_after(&tx, mark, now, entry)?;
        }
        tx.commit()?;
        log.generation = after.generation;
        *watched = after;
        log.committed(mark);
        Ok(done)
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Watched>(bytes);
}
