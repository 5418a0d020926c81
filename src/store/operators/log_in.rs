//! Checking a password: the failure is counted first, durably, and the waiting outlives a restart.

use rusqlite::{OptionalExtension, params};

use crate::core::alarm::Alarm;
use crate::core::audit::AuditEvent;
use crate::core::ids::OperatorId;
use crate::core::operator::{LoggedIn, wait_after};
use crate::ports::{LogInRefused, Secret, Security, StoreFault};
use crate::store::file::Store;

use super::{Body, State, password, seal_state};

/// Rows that count log-ins under names nobody has.
const NOBODIES: u8 = 64;
/// Failures in a row from which staff are told.
const TELL_FROM: u32 = 5;

impl From<StoreFault> for LogInRefused {
    fn from(StoreFault: StoreFault) -> Self {
        Self::Store
    }
}

impl From<rusqlite::Error> for LogInRefused {
    fn from(error: rusqlite::Error) -> Self {
        StoreFault::from(error).into()
    }
}

impl Store {
    /// As [`Security::log_in`].
    pub(in crate::store) fn check_password(&mut self, name: &Secret, secret: &Secret) -> Result<LoggedIn, LogInRefused> {
        // Accounts put back, taken away or changed by somebody else: nobody gets in.
        if super::super::guard::digest(&self.db)? != self.watched.accounts {
            self.changed.set(true);
            return Err(LogInRefused::Store);
        }
        let index = self.index(b"operator", name.expose().trim().as_bytes());
        let found: Option<(i64, Vec<u8>)> = self
            .db
            .query_row("SELECT id, body FROM operators WHERE name_index = ?1 AND id > 0", [index], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (row, body) = match found {
            Some((row, sealed)) => {
                let body = self.operator_body(row, &sealed)?;
                // The look-up column is not sealed: the row itself must say whose it is.
                if self.index(b"operator", body.name.as_bytes()) != index {
                    self.changed.set(true);
                    return Err(LogInRefused::Store);
                }
                (row, Some(body))
            }
            // Names nobody has wait as accounts do, so that waiting tells nothing.
            None => (-1 - i64::from(index[0] % NOBODIES), None),
        };
        let state = self.state_of(row)?;
        let operator = body.as_ref().map(|_| OperatorId(row.cast_unsigned()));
        match wait_after(state.failures, body.as_ref().map(|body| body.role)) {
            None => {
                self.write_entry(&AuditEvent::LogInFailed { operator })?;
                return Err(LogInRefused::Off);
            }
            Some(wait) => match self.still_to_wait(&state, wait) {
                0 => {}
                left => {
                    self.write_entry(&AuditEvent::LogInFailed { operator })?;
                    return Err(LogInRefused::Wait(left));
                }
            },
        }
        // Counted before it is known: pulling the plug in between wins nothing.
        let failures = state.failures.saturating_add(1);
        let boot = self.clock.boot();
        let after = State { failures, last_ms: self.now(), boot };
        self.set_state(row, &after, None)?;
        if self.is_right(body.as_ref(), secret)? && let Some(body) = body {
            let id = OperatorId(row.cast_unsigned());
            self.set_state(row, &State::default(), Some(&AuditEvent::LoggedIn { operator: id }))?;
            return Ok(LoggedIn::checked(id, body.role));
        }
        self.write_entry(&AuditEvent::LogInFailed { operator })?;
        if failures >= TELL_FROM {
            self.raise(Alarm::LoginsFailed)?;
        }
        Err(LogInRefused::Wrong)
    }

    /// Takes the same time whether or not there is such an account.
    fn is_right(&self, body: Option<&Body>, secret: &Secret) -> Result<bool, StoreFault> {
        let salt = body.map_or([0; 16], |body| body.salt);
        let hash = password::hash(secret, &salt, &self.keys.pepper)?;
        let expected = body.map_or([0; 32], |body| body.hash);
        // Not secret-dependent in time: all bytes are looked at.
        let differs = hash.iter().zip(expected).fold(0, |sum, (a, b)| sum | (a ^ b));
        Ok(differs == 0 && body.is_some())
    }

    /// Units: ms. Within one start of the machine a clock that was set does not count.
    fn still_to_wait(&self, state: &State, wait: u64) -> u64 {
        let passed = match (&state.boot, self.clock.boot()) {
            (Some((then, at)), Some((now, uptime))) if *then == now => uptime.saturating_sub(*at),
            // After a restart a clock that was set forward may not count for more than the time
            // since the start.
            (_, boot) => {
                let passed = u64::try_from(self.clock.unix_ms().saturating_sub(state.last_ms)).unwrap_or(0);
                boot.map_or(passed, |(_, uptime)| passed.min(uptime))
            }
        };
        wait.saturating_sub(passed)
    }

    fn state_of(&mut self, row: i64) -> Result<State, StoreFault> {
        let sealed: Option<Vec<u8>> =
            self.db.query_row("SELECT state FROM operators WHERE id = ?1", [row], |r| r.get(0)).optional()?;
        sealed.map_or(Ok(State::default()), |sealed| self.operator_state(row, &sealed))
    }

    fn set_state(&mut self, row: i64, state: &State, entry: Option<&AuditEvent>) -> Result<(), StoreFault> {
        let sealed = seal_state(self.device, &self.keys.operators, row, state)?;
        let watched = self.watched.clone();
        self.change_watched(watched, |tx| {
            tx.execute(
                "INSERT INTO operators (id, name_index, body, state) VALUES (?1, randomblob(16), x'', ?2)
                 ON CONFLICT (id) DO UPDATE SET state = excluded.state",
                params![row, sealed],
            )?;
            Ok(((), entry.cloned().into_iter().collect()))
        })
    }
}
