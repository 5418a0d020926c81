//! What operators and the watch over the device need of the store.

use crate::core::alarm::{Alarm, OpenAlarm};
use crate::core::filing::Filing;
use crate::core::notice::Matter;
use crate::core::operator::{Action, Approval, LoggedIn};
use crate::core::readiness::StoreFacts;
use crate::core::theft::Theft;

use super::{Secret, StoreFault};

/// Why a log-in did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogInRefused {
    /// Name or password is wrong; which of the two is not said.
    Wrong,
    /// Too many failures: not before this much time has passed. Units: ms.
    Wait(u64),
    /// Far too many failures: a supervisor must let the account try again.
    Off,
    /// The store did not answer.
    Store,
}

/// What is known of this machine, to be compared with what was put into service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Fingerprint of the program file: hexadecimal SHA-256.
    pub program: Option<String>,
    /// Identity of the card reader, as it reports it.
    pub reader: Option<String>,
    /// The policy in force: hexadecimal SHA-256 of its values.
    pub policy: String,
}

/// The state of the store, for staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How many people are stored.
    pub people: u64,
    /// How many entries the audit log has had.
    pub entries: u64,
    /// What a thief would get.
    pub theft: Theft,
    /// What readiness asks.
    pub facts: StoreFacts,
    /// What is known of the filing.
    pub filing: Filing,
    /// Requests nobody has answered, and how many of them are late.
    pub requests: (u64, u64),
}

/// The notice in force.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// Its whole text, in every language, as it is kept and fingerprinted.
    pub text: String,
    /// What a change of it is measured by.
    pub matter: Matter,
}

impl From<&str> for Notice {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), matter: Matter::default() }
    }
}

/// Operators, alarms and the upkeep of records.
pub trait Security: Send {
    /// Checks a name and a password. The failure is counted before the password is looked at.
    ///
    /// # Errors
    /// Says how long to wait, never what was wrong.
    fn log_in(&mut self, name: &Secret, password: &Secret) -> Result<LoggedIn, LogInRefused>;

    /// Creates the first supervisor; only while there is no operator.
    ///
    /// # Errors
    /// When there is one, the password is too weak, or nothing was stored.
    fn first_supervisor(&mut self, name: &Secret, password: &Secret) -> Result<LoggedIn, StoreFault>;

    /// Asks whether somebody may do something; a refusal goes on record.
    fn approve(&mut self, action: Action, who: &[LoggedIn]) -> Option<Approval>;

    /// Puts an alarm on record, once in a while for each kind.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn raise(&mut self, alarm: Alarm) -> Result<(), StoreFault>;

    /// Says that an alarm was looked into; what it found counts as put into service from now on.
    ///
    /// # Errors
    /// When it could not be made durable, or the approval is for something else.
    fn clear(&mut self, approval: &Approval, alarm: Alarm) -> Result<(), StoreFault>;

    /// The alarms nobody has looked into.
    fn alarms(&self) -> Vec<OpenAlarm>;

    /// Compares the machine with what was put into service; raises what differs.
    ///
    /// # Errors
    /// When what was found could not be made durable.
    fn observe(&mut self, facts: &Facts) -> Result<(), StoreFault>;

    /// Hourly upkeep: expiry of every kind of record, clock, file, log.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn tend(&mut self) -> Result<(), StoreFault>;

    /// The state of the store.
    fn condition(&mut self) -> Option<Condition>;
}
