//! Who works at the device, and what each may do: the one table of permissions.

use serde::{Deserialize, Serialize};

use super::ids::OperatorId;

/// What an operator is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sits at the desk: enrols and helps.
    Clerk,
    /// Answers for the device.
    Supervisor,
    /// Looks whether all is in order; changes nothing.
    Auditor,
    /// Sets the device up and repairs it; sees nobody's data.
    Installer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Clerk, Self::Supervisor, Self::Auditor, Self::Installer];

    /// As written on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Installer => "installer",
        }
    }
}

/// Something only operators do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// See the state of the device: locks, alarms, keys.
    SeeBoard,
    /// List who is stored, without names.
    ListPeople,
    /// Register a person who agreed on paper.
    Enrol,
    /// Destroy one person's data at their wish.
    EraseOne,
    /// Destroy the data of many.
    EraseMany,
    /// Check the audit log, or take its head to keep elsewhere.
    CheckAudit,
    /// Take the audit log out of the device.
    ExportAudit,
    /// Say that an alarm was looked into.
    ClearAlarm,
    /// Put changed thresholds, attempts, deadlines or the mode 1:N into force.
    ApprovePolicy,
    /// Add or remove a way to open the master key.
    ChangeKeys,
    /// Add an operator, or remove one.
    ManageOperators,
    /// Let an account that waits or is off try again.
    Unlock,
    /// Make a backup.
    Backup,
    /// Put a backup in the place of the store.
    Restore,
    /// Witness a guardian's consent, or confirm an age.
    Witness,
    /// See a person's own data, at their wish.
    OpenRecord,
    /// The same of somebody under 18 (minors regulation art. 36).
    OpenMinor,
    /// Answer a request, or correct what is stored.
    AnswerRequest,
    /// Sign the impact assessment.
    SignAssessment,
    /// Read report, notices, records, assessment, incidents.
    SeeCompliance,
    /// Materials and numbers of the filing; the group of devices.
    ManageFiling,
    /// Open or close an incident.
    ManageIncident,
    /// Let somebody go on after a look at them and their papers, or not.
    Admit,
    /// Import or empty the list of who may enter or check in.
    ManageRoster,
    /// Destroy everybody's face data and end the face way for good.
    Terminate,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::SeeBoard,
        Self::ListPeople,
        Self::Enrol,
        Self::EraseOne,
        Self::EraseMany,
        Self::CheckAudit,
        Self::ExportAudit,
        Self::ClearAlarm,
        Self::ApprovePolicy,
        Self::ChangeKeys,
        Self::ManageOperators,
        Self::Unlock,
        Self::Backup,
        Self::Restore,
        Self::Witness,
        Self::OpenRecord,
        Self::OpenMinor,
        Self::AnswerRequest,
        Self::SignAssessment,
        Self::SeeCompliance,
        Self::ManageFiling,
        Self::ManageIncident,
        Self::Admit,
        Self::ManageRoster,
        Self::Terminate,
    ];
}

/// Why staff let somebody go on, or not: a closed list, so that it can be counted and asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// They saw the original document and the person.
    SawDocument,
    /// They know the person.
    KnowsPerson,
    /// They asked where it can be known: the host, the ward, the appointment.
    AskedElsewhere,
    /// Nothing is known of an appointment or a right to enter; it is explained to the person.
    NotExpected,
    /// It needs a closer look at the staffed desk.
    AtTheDesk,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::SawDocument, Self::KnowsPerson, Self::AskedElsewhere, Self::NotExpected, Self::AtTheDesk];

    /// Whether the person goes on.
    #[must_use]
    pub fn admits(self) -> bool {
        match self {
            Self::SawDocument | Self::KnowsPerson | Self::AskedElsewhere => true,
            Self::NotExpected | Self::AtTheDesk => false,
        }
    }
}

/// What it takes to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// This role may not.
    Never,
    /// This role may, alone.
    Alone,
    /// This role may, with a second, different person who may too; one of the two a supervisor.
    Two,
}

/// The table of permissions. There is no other place.
#[must_use]
pub fn need(role: Role, action: Action) -> Need {
    use self::Need::{Alone, Never, Two};
    let [clerk, supervisor, auditor, installer] = match action {
        Action::SeeBoard => [Alone, Alone, Alone, Alone],
        Action::ListPeople => [Alone, Alone, Alone, Never],
        Action::Enrol => [Alone, Alone, Never, Never],
        Action::EraseOne => [Alone, Alone, Never, Never],
        Action::EraseMany => [Never, Two, Never, Never],
        Action::CheckAudit => [Never, Alone, Alone, Alone],
        Action::ExportAudit => [Never, Two, Two, Never],
        Action::ClearAlarm => [Never, Alone, Never, Never],
        Action::ApprovePolicy => [Never, Two, Never, Two],
        Action::ChangeKeys => [Never, Two, Never, Two],
        Action::ManageOperators => [Never, Two, Never, Never],
        Action::Unlock => [Never, Alone, Never, Never],
        Action::Backup => [Never, Two, Never, Two],
        Action::Restore => [Never, Two, Never, Two],
        Action::Witness => [Alone, Alone, Never, Never],
        Action::OpenRecord => [Alone, Alone, Never, Never],
        Action::OpenMinor => [Two, Alone, Never, Never],
        Action::AnswerRequest => [Alone, Alone, Never, Never],
        Action::SignAssessment => [Never, Alone, Never, Never],
        Action::SeeCompliance => [Never, Alone, Alone, Alone],
        Action::ManageFiling => [Never, Alone, Never, Never],
        Action::ManageIncident => [Never, Alone, Never, Never],
        Action::Admit => [Alone, Alone, Never, Never],
        Action::ManageRoster => [Alone, Alone, Never, Never],
        Action::Terminate => [Never, Two, Never, Never],
    };
    match role {
        Role::Clerk => clerk,
        Role::Supervisor => supervisor,
        Role::Auditor => auditor,
        Role::Installer => installer,
    }
}

/// Proof that somebody logged in. Only the store makes one, after the password was right.
#[derive(Debug, PartialEq, Eq)]
pub struct LoggedIn {
    id: OperatorId,
    role: Role,
}

impl LoggedIn {
    pub(crate) fn checked(id: OperatorId, role: Role) -> Self {
        Self { id, role }
    }

    /// Who.
    #[must_use]
    pub fn id(&self) -> OperatorId {
        self.id
    }

    /// What they are there for.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }
}

/// Proof that an action may be done, and by whom.
#[derive(Debug, PartialEq, Eq)]
pub struct Approval {
    action: Action,
    by: Vec<OperatorId>,
}

/// Why an action may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody logged in.
    Nobody,
    /// The role of one of them may not do it.
    Role(OperatorId),
    /// A second, different person is needed.
    Second(OperatorId),
    /// One of the two must be a supervisor.
    Supervisor(OperatorId),
}

impl Denied {
    /// Whose attempt it was.
    #[must_use]
    pub fn whose(self) -> Option<OperatorId> {
        match self {
            Self::Nobody => None,
            Self::Role(id) | Self::Second(id) | Self::Supervisor(id) => Some(id),
        }
    }
}

impl Approval {
    /// Before there is any operator, whoever sets the device up acts; the log says "nobody".
    pub(crate) fn of_set_up(action: Action) -> Self {
        Self { action, by: Vec::new() }
    }

    /// Whoever has the recovery code of the key out of the safe may do what two supervisors may do to
    /// accounts: else a forgotten password would end all administration.
    pub(crate) fn of_recovery(action: Action, who: &[LoggedIn]) -> Self {
        Self { action, by: who.iter().map(|one| one.id).collect() }
    }

    /// For an action that needs two, while there are not two who could: the first supervisor
    /// adding the second.
    pub(crate) fn of_only_supervisor(action: Action, who: &LoggedIn) -> Self {
        Self { action, by: vec![who.id] }
    }

    /// Asks the table.
    ///
    /// # Errors
    /// Says what is missing. Fails closed: nobody may do what the table does not name.
    pub fn of(action: Action, who: &[LoggedIn]) -> Result<Self, Denied> {
        let first = who.first().ok_or(Denied::Nobody)?;
        let needs: Vec<Need> = who.iter().map(|one| need(one.role, action)).collect();
        if let Some(at) = needs.iter().position(|need| *need == Need::Never) {
            return Err(Denied::Role(who[at].id));
        }
        if needs.contains(&Need::Two) {
            if !who.iter().any(|other| other.id != first.id) {
                return Err(Denied::Second(first.id));
            }
            if !who.iter().any(|one| one.role == Role::Supervisor) {
                return Err(Denied::Supervisor(first.id));
            }
        }
        Ok(Self { action, by: who.iter().map(|one| one.id).collect() })
    }

    /// What may be done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// By whom. Empty while the device is being set up.
    #[must_use]
    pub fn by(&self) -> &[OperatorId] {
        &self.by
    }
}

/// How long an account must wait after failed log-ins (after NIST SP 800-63B-4, 3.2.2). Units: ms.
/// None: the account is off until a supervisor lets it try again. A supervisor's is never off, or
/// a visitor with patience could end all administration; it waits an hour between two tries.
#[must_use]
pub fn wait_after(failures: u32, role: Option<Role>) -> Option<u64> {
    match failures {
        0..5 => Some(0),
        50.. if role != Some(Role::Supervisor) => None,
        _ => Some((30_000_u64 << (failures - 5).min(7)).min(3_600_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(id: u64, role: Role) -> LoggedIn {
        LoggedIn::checked(OperatorId(id), role)
    }

    #[test]
    fn nobody_does_alone_what_needs_two_and_nobody_is_two_people() {
        for action in [Action::ExportAudit, Action::EraseMany, Action::ApprovePolicy, Action::ChangeKeys, Action::Backup, Action::Restore, Action::Terminate] {
            for role in Role::ALL {
                assert_ne!(need(role, action), Need::Alone, "{role:?} {action:?}");
                let twice = [who(1, role), who(1, role)];
                assert!(Approval::of(action, &twice).is_err(), "{role:?} {action:?}");
            }
            assert!(Approval::of(action, &[who(1, Role::Supervisor), who(2, Role::Supervisor)]).is_ok());
        }
    }

    #[test]
    fn auditors_change_nothing_installers_see_nobody_and_two_installers_are_not_enough() {
        for action in Action::ALL {
            let looks = matches!(
                action,
                Action::SeeBoard | Action::ListPeople | Action::CheckAudit | Action::ExportAudit | Action::SeeCompliance
            );
            assert_eq!(need(Role::Auditor, action) != Need::Never, looks, "{action:?}");
        }
        for action in [Action::ListPeople, Action::Enrol, Action::EraseOne, Action::ExportAudit, Action::OpenRecord, Action::OpenMinor] {
            assert_eq!(need(Role::Installer, action), Need::Never);
        }
        let installers = [who(1, Role::Installer), who(2, Role::Installer)];
        assert_eq!(Approval::of(Action::ChangeKeys, &installers), Err(Denied::Supervisor(OperatorId(1))));
        assert_eq!(Approval::of(Action::SeeBoard, &[]), Err(Denied::Nobody));
        let mixed = [who(1, Role::Supervisor), who(2, Role::Clerk)];
        assert_eq!(Approval::of(Action::Backup, &mixed), Err(Denied::Role(OperatorId(2))));
    }

    #[test]
    fn waits_grow_and_end_in_off() {
        let wait = |failures| wait_after(failures, Some(Role::Clerk));
        assert_eq!((wait(4), wait(5), wait(6)), (Some(0), Some(30_000), Some(60_000)));
        let waits: Vec<_> = (0..50).map(|n| wait(n).unwrap()).collect();
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(wait(50), None);
        assert_eq!(wait_after(5_000, Some(Role::Supervisor)), Some(3_600_000));
    }
}
