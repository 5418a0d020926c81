//! Named accounts of those who work at the device.

mod log_in;
mod password;

pub(super) use password::acceptable;

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::core::audit::AuditEvent;
use crate::core::ids::OperatorId;
use crate::core::operator::{Action, Approval, Denied, LoggedIn, Role, need, Need};
use crate::ports::{Secret, StoreFault};

use super::file::Store;
use super::seal::{Column, Place};

/// Why an operator was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdded {
    /// The password is too short or too common.
    WeakPassword,
    /// There is one of that name, or the name is empty.
    Name,
    /// The store did not answer.
    Store,
}

impl From<StoreFault> for NotAdded {
    fn from(StoreFault: StoreFault) -> Self {
        Self::Store
    }
}

impl From<rusqlite::Error> for NotAdded {
    fn from(error: rusqlite::Error) -> Self {
        StoreFault::from(error).into()
    }
}

/// One line of the list of operators.
#[derive(Serialize)]
pub struct OperatorLine {
    /// The account.
    pub id: OperatorId,
    /// The log-in name.
    pub name: String,
    /// What they are there for.
    pub role: Role,
    /// Failed log-ins in a row.
    pub failures: u32,
}

/// How an operator lies in the sealed column.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Body {
    name: String,
    #[zeroize(skip)]
    role: Role,
    salt: [u8; 16],
    hash: [u8; 32],
}

/// What is known of the log-ins of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    failures: u32,
    /// When the last failed. Units: ms since 1970 UTC.
    last_ms: i64,
    /// Which start of the machine that was, and how long after it. Units: ms.
    boot: Option<(String, u64)>,
}

impl Store {
    /// Asks the table of permissions; a refusal goes on record.
    ///
    /// While there is no operator, the device is being set up and whoever does it may act, but for
    /// what needs two persons by its nature. While there is only one supervisor, that one may add
    /// operators alone: there is nobody else to ask.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn approval(&mut self, action: Action, who: &[LoggedIn]) -> Result<Approval, Denied> {
        if !self.has_operators() {
            let set_up = matches!(action, Action::ListPeople | Action::Enrol | Action::EraseOne | Action::CheckAudit | Action::SeeBoard | Action::SeeCompliance | Action::ManageRoster);
            if set_up {
                return Ok(Approval::of_set_up(action));
            }
        }
        if self.recovered && matches!(action, Action::ManageOperators | Action::Unlock) {
            return Ok(Approval::of_recovery(action, who));
        }
        let approval = match Approval::of(action, who) {
            Err(Denied::Second(_)) if action == Action::ManageOperators && self.supervisors() < 2 => {
                who.first().map(|one| Approval::of_only_supervisor(action, one)).ok_or(Denied::Nobody)
            }
            other => other,
        };
        if let Err(denied) = approval {
            // The refusal stands even if the disk is full and it cannot be recorded.
            let _ = self.write_entry(&AuditEvent::Denied { action, operator: denied.whose() });
        }
        approval
    }

    /// Adds an operator.
    ///
    /// # Errors
    /// When name or password cannot be used, or nothing was stored.
    pub fn add_operator(&mut self, approval: &Approval, name: &Secret, password: &Secret, role: Role) -> Result<OperatorId, NotAdded> {
        if approval.action() != Action::ManageOperators {
            return Err(NotAdded::Store);
        }
        self.insert_operator(name, password, role, approval.by())
    }

    /// Creates the first supervisor; only while there is no operator.
    ///
    /// # Errors
    /// When name or password cannot be used, or there is an operator.
    pub fn create_first_supervisor(&mut self, name: &Secret, password: &Secret) -> Result<LoggedIn, NotAdded> {
        if self.has_operators() {
            return Err(NotAdded::Store);
        }
        let id = self.insert_operator(name, password, Role::Supervisor, &[])?;
        Ok(LoggedIn::checked(id, Role::Supervisor))
    }

    fn insert_operator(&mut self, name: &Secret, secret: &Secret, role: Role, by: &[OperatorId]) -> Result<OperatorId, NotAdded> {
        let plain_name = name.expose().trim();
        if plain_name.is_empty() || plain_name.len() > 64 {
            return Err(NotAdded::Name);
        }
        if !password::acceptable(plain_name, secret.expose()) {
            return Err(NotAdded::WeakPassword);
        }
        let index = self.index(b"operator", plain_name.as_bytes());
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| StoreFault)?;
        let hash = *password::hash(secret, &salt, &self.keys.pepper)?;
        let body = Body { name: plain_name.to_owned(), role, salt, hash };
        let plain = Zeroizing::new(serde_json::to_vec(&body).map_err(|_| StoreFault)?);
        let taken = self.db.query_row("SELECT 1 FROM operators WHERE name_index = ?1", [index], |_| Ok(())).optional()?;
        if taken.is_some() {
            return Err(NotAdded::Name);
        }
        let after = super::guard::Watched { operators: true, ..self.watched.clone() };
        let (device, key) = (self.device, self.keys.operators.clone());
        let id = self.change_watched(after, |tx| {
            tx.execute("INSERT INTO operators (name_index, body, state) VALUES (?1, x'', x'')", params![index])?;
            let row = tx.last_insert_rowid();
            let sealed = place(device, row).seal(&key, &plain)?;
            let state = seal_state(device, &key, row, &State::default())?;
            tx.execute("UPDATE operators SET body = ?1, state = ?2 WHERE id = ?3", params![sealed, state, row])?;
            let id = OperatorId(row.cast_unsigned());
            let done = AuditEvent::Done { action: Action::ManageOperators, by: by.to_vec() };
            Ok((id, vec![AuditEvent::OperatorAdded { operator: id, role }, done]))
        })?;
        Ok(id)
    }

    /// Removes an operator; never the last supervisor. False if there is no such operator.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn remove_operator(&mut self, approval: &Approval, id: OperatorId) -> Result<bool, StoreFault> {
        let lines = self.operators()?;
        let Some(line) = lines.iter().find(|line| line.id == id) else { return Ok(false) };
        if approval.action() != Action::ManageOperators || (line.role == Role::Supervisor && self.supervisors() < 2) {
            return Err(StoreFault);
        }
        let watched = self.watched.clone();
        self.change_watched(watched, |tx| {
            tx.execute("DELETE FROM operators WHERE id = ?1", [id.0.cast_signed()])?;
            let done = AuditEvent::Done { action: Action::ManageOperators, by: approval.by().to_vec() };
            Ok(((), vec![AuditEvent::OperatorRemoved { operator: id }, done]))
        })?;
        Ok(true)
    }

    /// Lets an account that is off, or must wait, try again.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn let_try_again(&mut self, approval: &Approval, id: OperatorId) -> Result<(), StoreFault> {
        if approval.action() != Action::Unlock {
            return Err(StoreFault);
        }
        let state = seal_state(self.device, &self.keys.operators, id.0.cast_signed(), &State::default())?;
        let watched = self.watched.clone();
        self.change_watched(watched, |tx| {
            tx.execute("UPDATE operators SET state = ?1 WHERE id = ?2", params![state, id.0.cast_signed()])?;
            Ok(((), vec![AuditEvent::Done { action: Action::Unlock, by: approval.by().to_vec() }]))
        })
    }

    /// Everybody with an account.
    ///
    /// # Errors
    /// When the store cannot be read, or a row was changed.
    pub fn operators(&mut self) -> Result<Vec<OperatorLine>, StoreFault> {
        let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = {
            let mut query = self.db.prepare("SELECT id, body, state FROM operators WHERE id > 0 ORDER BY id")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        rows.into_iter()
            .map(|(row, body, state)| {
                let body = self.operator_body(row, &body)?;
                let failures = self.operator_state(row, &state)?.failures;
                Ok(OperatorLine { id: OperatorId(row.cast_unsigned()), name: body.name.clone(), role: body.role, failures })
            })
            .collect()
    }

    /// Whether anybody has an account, or had one: rows that were deleted do not bring back the
    /// time of setting up.
    #[must_use]
    pub fn has_operators(&self) -> bool {
        self.watched.operators
    }

    fn supervisors(&mut self) -> usize {
        // Rows that cannot be read must not make one supervisor look like the only one.
        let Ok(lines) = self.operators() else { return usize::MAX };
        lines.iter().filter(|line| need(line.role, Action::ManageOperators) != Need::Never).count()
    }

    fn operator_body(&self, row: i64, sealed: &[u8]) -> Result<Body, StoreFault> {
        let plain = self.unseal(place(self.device, row), &self.keys.operators, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| StoreFault)
    }

    fn operator_state(&self, row: i64, sealed: &[u8]) -> Result<State, StoreFault> {
        let plain = self.unseal(state_place(self.device, row), &self.keys.operators, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| StoreFault)
    }
}

fn place(device: [u8; 16], row: i64) -> Place {
    Place { device, column: Column::Operator, row, epoch: 0 }
}

fn state_place(device: [u8; 16], row: i64) -> Place {
    Place { device, column: Column::OperatorState, row, epoch: 0 }
}

fn seal_state(device: [u8; 16], key: &super::keys::Key, row: i64, state: &State) -> Result<Vec<u8>, StoreFault> {
    let plain = serde_json::to_vec(state).map_err(|_| StoreFault)?;
    Ok(state_place(device, row).seal(key, &plain)?)
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Body>(bytes);
    let _ = serde_json::from_slice::<State>(bytes);
}
