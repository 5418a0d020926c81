//! What the store does of itself: at its start and once an hour.

use std::fs;
use std::os::unix::fs::MetadataExt;

use rusqlite::params;

use crate::core::alarm::{Alarm, OpenAlarm};
use crate::core::audit::AuditEvent;
use crate::core::operator::{Action, Approval, LoggedIn};
use crate::core::ids::PersonId;
use crate::core::retention::{DAY_MS, GRACE_DAYS, Kind, days};
use crate::core::theft::Theft;
use crate::ports::{Condition, Facts, LogInRefused, Records, Secret, Security, StoreFault};

use super::backup;
use super::file::Store;
use super::guard::SLACK_MS;
use super::keys::{self, SlotKind};

/// A clock further ahead of the last entry than this is looked into before records are ended that
/// the law says to keep. Units: ms.
const AHEAD_MS: i64 = 90 * DAY_MS;
/// Entries of the log checked at the start; all of them are once a day. At 100,000 the start is
/// still under half a second.
const TAIL: u64 = 20_000;

impl Store {
    /// First things: what happened while the store was closed.
    pub(super) fn begin(&mut self) -> Result<(), StoreFault> {
        // The log first: nothing is added to one that was cut before it is said.
        let damaged = self.log.check(&self.db, Some(TAIL)).damage.is_some() || self.log.anchor_gone();
        if self.log.last().seq == 0 && !damaged {
            let watched = self.watched.clone();
            self.change_watched(watched, |_| Ok(((), vec![AuditEvent::Started { policy: 0 }])))?;
        }
        if damaged {
            self.raise_alarm(Alarm::LogDamaged)?;
        }
        self.look_at_clock()?;
        self.take_in_spool()?;
        self.expire()?;
        self.end_records()?;
        self.report_changed()
    }

    /// A sealed value that did not open becomes an alarm.
    pub(super) fn report_changed(&mut self) -> Result<(), StoreFault> {
        if self.changed.replace(false) { self.raise_alarm(Alarm::RowChanged) } else { Ok(()) }
    }

    /// Destroys templates that waited too long for a new consent.
    fn end_waiting(&mut self) -> Result<(), StoreFault> {
        let due: Vec<PersonId> = self.waited_too_long(GRACE_DAYS)?.into_iter().map(|row| PersonId(row.cast_unsigned())).collect();
        if due.is_empty() { Ok(()) } else { self.destroy(&due, |person| AuditEvent::Expired { person }) }
    }

    fn look_at_clock(&mut self) -> Result<(), StoreFault> {
        let wall = self.clock.unix_ms();
        if wall.saturating_add(SLACK_MS) < self.log.latest_ms() {
            return self.raise_alarm(Alarm::ClockBack);
        }
        let last = self.log.last();
        if last.seq > 0 && wall > last.at_ms.saturating_add(AHEAD_MS) {
            self.raise_alarm(Alarm::ClockAhead)?;
        }
        self.log.seen(wall);
        Ok(())
    }

    /// Ends what is past its time: consents three years after they ended, log entries after three
    /// years, backups after theirs.
    fn end_records(&mut self) -> Result<(), StoreFault> {
        // A clock set ahead must not end what must be kept; templates end all the same.
        if self.watched.open.iter().any(|open| open.alarm == Alarm::ClockAhead) {
            return Ok(());
        }
        let now = self.now();
        let before = now.saturating_sub(days(Kind::Consent, self.retention_days) * DAY_MS);
        self.db.execute(
            "DELETE FROM consents WHERE ended_ms < ?1 AND id NOT IN (SELECT receipt FROM templates)",
            params![before],
        )?;
        // A consent to be verified once ends with the day it was given.
        self.db.execute(
            "UPDATE consents SET ended_ms = given_ms + ?1 WHERE ended_ms IS NULL AND given_ms < ?2
             AND id NOT IN (SELECT receipt FROM templates)",
            params![DAY_MS, now.saturating_sub(DAY_MS)],
        )?;
        let before = now.saturating_sub(days(Kind::Consent, self.retention_days) * DAY_MS);
        self.db.execute("DELETE FROM dossier WHERE ended_ms < ?1", params![before])?;
        let before = now.saturating_sub(days(Kind::AuditEntry, self.retention_days) * DAY_MS);
        let Self { db, log, .. } = self;
        let tx = rusqlite::Transaction::new(db, rusqlite::TransactionBehavior::Immediate)?;
        let mark = log.drop_before(&tx, before, now)?;
        tx.commit()?;
        if let Some(mark) = mark {
            log.committed(mark);
        }
        backup::expire(&self.folder, &self.keys.master, now).map_err(|_| StoreFault)
    }
}

impl Security for Store {
    fn log_in(&mut self, name: &Secret, password: &Secret) -> Result<LoggedIn, LogInRefused> {
        let result = self.check_password(name, password);
        self.report_changed()?;
        result
    }

    fn first_supervisor(&mut self, name: &Secret, password: &Secret) -> Result<LoggedIn, StoreFault> {
        self.create_first_supervisor(name, password).map_err(|_| StoreFault)
    }

    fn raise(&mut self, alarm: Alarm) -> Result<(), StoreFault> {
        self.raise_alarm(alarm)
    }

    fn clear(&mut self, approval: &Approval, alarm: Alarm) -> Result<(), StoreFault> {
        self.clear_alarm(approval, alarm)
    }

    fn approve(&mut self, action: Action, who: &[LoggedIn]) -> Option<Approval> {
        self.approval(action, who).ok()
    }

    fn alarms(&self) -> Vec<OpenAlarm> {
        self.watched.open.clone()
    }

    fn observe(&mut self, facts: &Facts) -> Result<(), StoreFault> {
        self.compare(facts)
    }

    fn tend(&mut self) -> Result<(), StoreFault> {
        self.look_at_clock()?;
        if fs::metadata(&self.path).map_or(true, |meta| (meta.dev(), meta.ino()) != self.inode) {
            self.raise_alarm(Alarm::FileSwapped)?;
        }
        self.expire()?;
        self.end_records()?;
        let now = self.now();
        if now.saturating_sub(self.checked_ms) >= DAY_MS {
            self.checked_ms = now;
            if self.log.check(&self.db, None).damage.is_some() {
                self.raise_alarm(Alarm::LogDamaged)?;
            }
            self.end_waiting()?;
            self.end_roster()?;
        }
        self.report_changed()
    }

    fn condition(&mut self) -> Option<Condition> {
        let people: i64 = self.db.query_row("SELECT count(*) FROM people", [], |row| row.get(0)).ok()?;
        let slots = keys::slots(&self.folder);
        Some(Condition {
            people: people.cast_unsigned(),
            entries: self.log.last().seq,
            theft: Theft::of(slots.contains(&SlotKind::File), slots.contains(&SlotKind::Tpm)),
            facts: self.store_facts(),
            filing: self.watched.filing.clone(),
            // What cannot be counted is late, not absent.
            requests: self.waiting().unwrap_or((1, 1)),
        })
    }
}
