//! In the place of a store that cannot be opened: the card way goes on.
//!
//! Nobody is known, nothing of a face is stored or compared. What happens is kept in memory, and
//! in a file of its own if there is a disk that takes it, until the store opens again and takes it
//! into its log. The entries hold no person.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::core::alarm::{Alarm, OpenAlarm};
use crate::core::audit::{AttemptResult, AuditEvent};
use crate::core::command::{ConsentDraft, EnrolOrder};
use crate::core::event::KnownPerson;
use crate::core::ids::{PersonId, ReceiptId};
use crate::core::operator::{Action, Approval, LoggedIn};
use crate::core::consent::AgeBand;
use crate::core::rights::{RequestKind, Wards};
use crate::ports::{
    BadgeOwner, ClaimNumber, Condition, ConsentRecord, Embedding, Facts, Identity, LogInRefused, OwnData, Records, Rights, Roster, Secret,
    Security, StoreFault, Template,
};

use super::file::{Store, StorePaths};

/// Kept in memory when there is no disk: more than a day of a busy desk. Later ones are not kept.
const MOST: usize = 10_000;
/// Longest file. Units: bytes.
const LONGEST: u64 = 4 << 20;
/// The file beside the database.
pub(super) const SPOOL: &str = "spool.jsonl";

/// A store that only takes notes.
pub struct Spool {
    path: PathBuf,
    kept: Vec<AuditEvent>,
    alarms: Vec<OpenAlarm>,
}

impl Spool {
    /// Takes notes beside the store; in memory only where nothing can be written.
    #[must_use]
    pub fn beside(paths: &StorePaths) -> Self {
        Self::at(paths.database.with_file_name(SPOOL))
    }

    pub(super) fn at(path: PathBuf) -> Self {
        if let Some(folder) = path.parent() {
            let _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        }
        Self { path, kept: Vec::new(), alarms: Vec::new() }
    }

    /// Where the notes are.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.path
    }

    fn note(&mut self, event: &AuditEvent) {
        if self.write(event).is_err() && self.kept.len() < MOST {
            tracing::warn!("an entry is kept in memory only");
            self.kept.push(event.clone());
        }
    }

    /// Opened anew each time: another program may have taken the file in meanwhile.
    fn write(&self, event: &AuditEvent) -> std::io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path)?;
        if file.metadata()?.len() > LONGEST {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        writeln!(file, "{}", serde_json::to_string(event)?)?;
        file.sync_data()
    }
}

impl Store {
    /// Takes what was noted while the store was closed into the log, and the notes away.
    pub(super) fn take_in_spool(&mut self) -> Result<(), StoreFault> {
        let path = self.path.with_file_name(SPOOL);
        let Ok(file) = File::open(&path) else { return Ok(()) };
        let granted = |event: &AuditEvent| matches!(event, AuditEvent::Attempt { result: AttemptResult::Granted, .. });
        let (mut entries, mut count) = (Vec::new(), 0_u32);
        for line in BufReader::new(file.take(LONGEST + 4096)).lines().map_while(Result::ok) {
            // A line that was cut off by a power cut, or written by somebody else, is not an entry.
            let Ok(event) = serde_json::from_str::<AuditEvent>(&line) else { continue };
            count += u32::from(granted(&event));
            if spoken_of(&event) && entries.len() < MOST {
                entries.push(event);
            }
        }
        if !entries.is_empty() {
            self.change(|_| Ok([vec![AuditEvent::Caught { granted: count }], entries].concat()))?;
        }
        fs::remove_file(&path).map_err(|_| StoreFault)
    }
}

/// What a spool may hold: the file is not sealed, so nothing else in it counts.
fn spoken_of(event: &AuditEvent) -> bool {
    match event {
        AuditEvent::Attempt { person: None, .. } | AuditEvent::Refused { .. } | AuditEvent::Faulted { .. }
        | AuditEvent::StaffCalled | AuditEvent::Raised { .. } => true,
        AuditEvent::Attempt { .. } | AuditEvent::Enrolled { .. } | AuditEvent::Consented { .. } | AuditEvent::Withdrawn { .. }
        | AuditEvent::Replaced { .. } | AuditEvent::Expired { .. } | AuditEvent::Started { .. }
        | AuditEvent::LoggedIn { .. } | AuditEvent::LogInFailed { .. } | AuditEvent::Denied { .. }
        | AuditEvent::Done { .. } | AuditEvent::OperatorAdded { .. } | AuditEvent::OperatorRemoved { .. }
        | AuditEvent::AgeConfirmed { .. } | AuditEvent::Renewed { .. } | AuditEvent::Restricted { .. }
        | AuditEvent::Opened { .. } | AuditEvent::Requested { .. } | AuditEvent::Answered { .. }
        | AuditEvent::Corrected { .. } | AuditEvent::NoticeInForce { .. } | AuditEvent::Assessed { .. }
        | AuditEvent::IncidentOpened { .. } | AuditEvent::IncidentClosed { .. } | AuditEvent::FilingReached | AuditEvent::FilingNear { .. }
        | AuditEvent::Filed | AuditEvent::Terminated { .. } | AuditEvent::Cleared { .. } | AuditEvent::SegmentDropped { .. } | AuditEvent::Restored { .. }
        | AuditEvent::Caught { .. } | AuditEvent::Decided { .. } | AuditEvent::RosterReplaced { .. } => false,
    }
}

impl Records for Spool {
    fn find_claim(&mut self, _: &ClaimNumber) -> Result<Option<KnownPerson>, StoreFault> {
        Err(StoreFault)
    }

    /// Nobody can be known: to be verified, the card itself is what counts.
    fn find_identity(&mut self, _: &Identity) -> Result<Option<KnownPerson>, StoreFault> {
        Err(StoreFault)
    }

    fn template(&mut self, _: PersonId) -> Result<Option<Template>, StoreFault> {
        Err(StoreFault)
    }

    fn store_consent(&mut self, _: &ConsentDraft, _: Option<&Identity>) -> Result<ReceiptId, StoreFault> {
        Err(StoreFault)
    }

    fn enrol(&mut self, _: &EnrolOrder, _: &Identity, _: &ClaimNumber, _: &Embedding) -> Result<PersonId, StoreFault> {
        Err(StoreFault)
    }

    fn erase(&mut self, _: PersonId) -> Result<(), StoreFault> {
        Err(StoreFault)
    }

    fn expire(&mut self) -> Result<(), StoreFault> {
        Ok(())
    }

    /// Never refuses: a disk that may only be read must not close the card way.
    fn record(&mut self, event: &AuditEvent) -> Result<(), StoreFault> {
        self.note(event);
        Ok(())
    }
}

impl Security for Spool {
    fn log_in(&mut self, _: &Secret, _: &Secret) -> Result<LoggedIn, LogInRefused> {
        Err(LogInRefused::Store)
    }

    fn first_supervisor(&mut self, _: &Secret, _: &Secret) -> Result<LoggedIn, StoreFault> {
        Err(StoreFault)
    }

    fn approve(&mut self, _: Action, _: &[LoggedIn]) -> Option<Approval> {
        None
    }

    fn raise(&mut self, alarm: Alarm) -> Result<(), StoreFault> {
        if self.alarms.iter().all(|open| open.alarm != alarm) {
            self.alarms.push(OpenAlarm { alarm, first_ms: 0, last_ms: i64::MAX, count: 1 });
            self.note(&AuditEvent::Raised { alarm });
        }
        Ok(())
    }

    fn clear(&mut self, _: &Approval, _: Alarm) -> Result<(), StoreFault> {
        Err(StoreFault)
    }

    fn alarms(&self) -> Vec<OpenAlarm> {
        self.alarms.clone()
    }

    fn observe(&mut self, _: &Facts) -> Result<(), StoreFault> {
        Ok(())
    }

    fn tend(&mut self) -> Result<(), StoreFault> {
        Ok(())
    }

    fn condition(&mut self) -> Option<Condition> {
        None
    }
}

/// No list can be read: where one decides, staff look.
impl Roster for Spool {
    fn listed(&mut self, _: &Identity) -> Result<bool, StoreFault> {
        Err(StoreFault)
    }

    fn badge(&mut self, _: &Secret) -> Result<Option<BadgeOwner>, StoreFault> {
        Err(StoreFault)
    }

    fn code_right(&mut self, _: &Identity, _: &ClaimNumber) -> Result<bool, StoreFault> {
        Err(StoreFault)
    }
}

impl Rights for Spool {
    fn wards(&mut self, _: &Identity) -> Result<Wards, StoreFault> {
        Err(StoreFault)
    }

    fn store_guardian_consent(
        &mut self,
        _: &ConsentDraft,
        _: Option<&Identity>,
        _: &Identity,
        _: &LoggedIn,
    ) -> Result<Option<ReceiptId>, StoreFault> {
        Err(StoreFault)
    }

    fn own_data(&mut self, _: PersonId, _: Option<&Approval>) -> Result<OwnData, StoreFault> {
        Err(StoreFault)
    }

    fn age_of_person(&mut self, _: PersonId) -> Result<AgeBand, StoreFault> {
        Err(StoreFault)
    }

    fn consent(&mut self, _: ReceiptId) -> Result<Option<ConsentRecord>, StoreFault> {
        Err(StoreFault)
    }

    fn receipt_of(&mut self, _: PersonId) -> Result<Option<ReceiptId>, StoreFault> {
        Err(StoreFault)
    }

    fn restrict(&mut self, _: PersonId, _: bool) -> Result<(), StoreFault> {
        Err(StoreFault)
    }

    fn request(&mut self, _: PersonId, _: RequestKind) -> Result<u64, StoreFault> {
        Err(StoreFault)
    }

    fn renew(&mut self, _: PersonId, _: ReceiptId) -> Result<(), StoreFault> {
        Err(StoreFault)
    }
}
