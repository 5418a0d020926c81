//! The watch over the device: alarms, and what was put into service. Kept sealed in the store, so
//! that it outlives a restart and cannot be edited away.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::core::alarm::{Alarm, OpenAlarm};
use crate::core::audit::AuditEvent;
use crate::core::operator::{Action, Approval};
use crate::ports::{Facts, StoreFault};

use super::file::{Store, StoreKeys};
use super::seal::{Column, Place};

/// The same alarm goes on record again only after this. Units: ms.
const AGAIN_MS: i64 = 10 * 60_000;
/// How far back a clock may be set without an alarm: as much as clocks are off. Units: ms.
pub(super) const SLACK_MS: i64 = 2 * 60_000;

/// What was put into service, and what is not in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Watched {
    /// The policy two persons approved.
    pub(super) policy: Option<u32>,
    pub(super) program: Option<String>,
    pub(super) reader: Option<String>,
    /// There are, or were, operators.
    pub(super) operators: bool,
    pub(super) open: Vec<OpenAlarm>,
}

/// Reads it. A store that has a log but not this was tampered with: fails closed.
pub(super) fn load(db: &Connection, device: [u8; 16], keys: &StoreKeys, fresh: bool) -> Result<(Watched, bool), StoreFault> {
    let sealed: Option<Vec<u8>> =
        db.query_row("SELECT value FROM meta WHERE name = 'guard'", [], |row| row.get(0)).optional()?;
    let opened = sealed.and_then(|sealed| place(device).open(&keys.guard, &sealed).ok());
    match opened.and_then(|plain| serde_json::from_slice(&plain).ok()) {
        Some(watched) => Ok((watched, false)),
        None if fresh => Ok((Watched::default(), false)),
        None => Ok((Watched { operators: true, ..Watched::default() }, true)),
    }
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
            Alarm::ClockBack => self.log.set_clock(self.clock.unix_ms()),
            Alarm::LoginsFailed | Alarm::RowChanged | Alarm::FileSwapped | Alarm::LogDamaged | Alarm::ModelChanged
            | Alarm::LivenessRepeated | Alarm::UsbStorage => {}
        }
        self.save_watched(vec![AuditEvent::Cleared { alarm, by }])
    }

    /// Puts the policy in force into service.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    pub fn approve_policy(&mut self, approval: &Approval, policy: u32) -> Result<(), StoreFault> {
        if approval.action() != Action::ApprovePolicy {
            return Err(StoreFault);
        }
        self.watched.policy = Some(policy);
        self.save_watched(vec![AuditEvent::Done { action: Action::ApprovePolicy, by: approval.by().to_vec() }])
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
        if set_up {
            self.watched.policy = Some(facts.policy);
        }
        if self.watched != before {
            self.save_watched(Vec::new())?;
        }
        raise.into_iter().try_for_each(|alarm| self.raise_alarm(alarm))
    }

    fn save_watched(&mut self, entries: Vec<AuditEvent>) -> Result<(), StoreFault> {
        let (device, watched) = (self.device, self.watched.clone());
        self.change_with(|tx, keys| {
            store(tx, device, keys, &watched)?;
            Ok(entries)
        })
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Watched>(bytes);
}
