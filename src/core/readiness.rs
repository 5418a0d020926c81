//! Why the face way is closed: every reason, named.

use serde::{Deserialize, Serialize};

use super::alarm::Alarm;
use super::assessment::{self, Part, Signed, Subject};
use super::message::Msg;
use super::time::Date;

/// A mandatory field of the site file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteField {
    /// Who processes the data (Measures art. 5).
    ProcessorName,
    /// How to reach them.
    ProcessorContact,
    /// Where they are (ISO/IEC TS 27560, party address).
    ProcessorAddress,
    /// Why a face is necessary here.
    Necessity,
    /// How long a template is kept.
    RetentionDays,
    /// How to use one's rights.
    RightsProcedure,
    /// Where to complain.
    ComplaintContact,
    /// Where people stand when they are captured (Measures art. 13).
    Zone,
    /// Where the sign hangs (Measures art. 13).
    Sign,
}

impl SiteField {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ProcessorName,
        Self::ProcessorContact,
        Self::ProcessorAddress,
        Self::Necessity,
        Self::RetentionDays,
        Self::RightsProcedure,
        Self::ComplaintContact,
        Self::Zone,
        Self::Sign,
    ];

    /// The field as written in the site file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ProcessorName => "processor.name",
            Self::ProcessorContact => "processor.contact",
            Self::ProcessorAddress => "processor.address",
            Self::Necessity => "necessity",
            Self::RetentionDays => "retention-days",
            Self::RightsProcedure => "rights-procedure",
            Self::ComplaintContact => "complaint-contact",
            Self::Zone => "installation.zone",
            Self::Sign => "installation.sign",
        }
    }
}

/// One reason why the face way is closed. Never closes the card or staff way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaceLock {
    /// A mandatory field of the notice is blank or still a placeholder.
    Blank(SiteField),
    /// A text of the site urges toward the face (Measures art. 12).
    Urging(SiteField),
    /// The site does not offer the face way.
    NotOffered,
    /// The place is one where no face device may stand (Measures art. 13).
    ForbiddenPlace,
    /// No camera is connected.
    CameraMissing,
    /// The models are still being loaded.
    ModelsLoading,
    /// A model file is missing, damaged or not the one this program was built for.
    ModelsRefused,
    /// The store cannot be opened, so no consent could be kept.
    StoreClosed,
    /// No card reader is connected, and nobody sits beside the kiosk: the face would be the only
    /// way.
    CardWayMissing,
    /// Nobody answers for the device yet.
    NoSupervisor,
    /// Thresholds or deadlines were changed since two persons approved them.
    PolicyNew,
    /// The notice of the site file asks people for something else than the one in force, and two persons
    /// have not approved it.
    NoticeNew,
    /// No impact assessment was signed (Measures art. 9).
    NoAssessment,
    /// It is more than a year old.
    AssessmentOld,
    /// What was assessed is not what is so now.
    AssessmentChanged(Part),
    /// A major incident since.
    Incident,
    /// Processing was terminated on this device.
    Terminated,
    /// Something was noticed that nobody has looked into.
    Alarm(Alarm),
}

impl FaceLock {
    /// The sentence for staff.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Blank(_) => Msg::LockBlank,
            Self::Urging(_) => Msg::LockUrging,
            Self::NotOffered => Msg::LockNotOffered,
            Self::ForbiddenPlace => Msg::LockForbiddenPlace,
            Self::CameraMissing => Msg::LockCameraMissing,
            Self::ModelsLoading => Msg::LockModelsLoading,
            Self::ModelsRefused => Msg::LockModelsRefused,
            Self::StoreClosed => Msg::LockStoreClosed,
            Self::CardWayMissing => Msg::LockCardMissing,
            Self::NoSupervisor => Msg::LockNoSupervisor,
            Self::PolicyNew => Msg::LockPolicyNew,
            Self::NoticeNew => Msg::LockNoticeNew,
            Self::NoAssessment => Msg::LockNoAssessment,
            Self::AssessmentOld => Msg::LockAssessmentOld,
            Self::AssessmentChanged(_) => Msg::LockAssessmentChanged,
            Self::Incident => Msg::LockIncident,
            Self::Terminated => Msg::LockTerminated,
            Self::Alarm(_) => Msg::LockAlarm,
        }
    }
}

/// Whether these reasons end what already goes on. A camera that is only unplugged does not: it may be
/// back before it is opened, and if not, its own fault says so.
#[must_use]
pub fn bars(locks: &[FaceLock]) -> bool {
    locks.iter().any(|lock| *lock != FaceLock::CameraMissing)
}

/// What is known of the models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Models {
    /// Still being loaded.
    #[default]
    Loading,
    /// Missing, damaged or foreign.
    Refused,
    /// Ready.
    Ready,
}

/// What the site file says, as far as readiness asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFacts {
    /// Mandatory fields that are blank or still placeholders.
    pub blanks: Vec<SiteField>,
    /// Fields whose text urges.
    pub urging: Vec<SiteField>,
    /// The face way is one of the methods.
    pub face_offered: bool,
    /// A kind of place where no face device may stand.
    pub private_place: bool,
    /// Somebody sits beside the kiosk.
    pub staffed: bool,
    /// What an assessment must have been made for.
    pub subject: Subject,
}

/// What the store knows, as far as readiness asks.
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreFacts {
    /// There are operators.
    pub operators: bool,
    /// The policy in force was approved.
    pub policy_approved: bool,
    /// A material change of the notice waits for approval.
    pub notice_waits: bool,
    /// The assessment in force.
    pub assessment: Option<Signed>,
    /// A major incident was reported since it was signed.
    pub incident: bool,
    /// Processing was terminated.
    pub terminated: bool,
}

/// Everything readiness depends on.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The site file.
    pub site: &'a SiteFacts,
    /// The models.
    pub models: Models,
    /// A camera is there.
    pub camera: bool,
    /// A card reader is there.
    pub card_reader: bool,
    /// The store; none while it is closed.
    pub store: Option<&'a StoreFacts>,
    /// Open alarms that close the face way.
    pub alarms: &'a [Alarm],
    /// Today.
    pub today: Date,
    /// A real kiosk; a demo has no supervisor and no assessment.
    pub in_service: bool,
}

/// Whether the face may be used: yes if there is no reason against it. There is no other place
/// that decides it.
#[must_use]
pub fn reasons(known: &Known) -> Vec<FaceLock> {
    let Known { site, models, camera, card_reader, store, alarms, today, in_service } = *known;
    let mut locks: Vec<FaceLock> = site.blanks.iter().copied().map(FaceLock::Blank).collect();
    locks.extend(site.urging.iter().copied().map(FaceLock::Urging));
    let mut add = |closed: bool, lock| if closed { locks.push(lock) };
    add(!site.face_offered, FaceLock::NotOffered);
    add(site.private_place, FaceLock::ForbiddenPlace);
    add(!card_reader && !site.staffed, FaceLock::CardWayMissing);
    add(!camera, FaceLock::CameraMissing);
    add(models == Models::Loading, FaceLock::ModelsLoading);
    add(models == Models::Refused, FaceLock::ModelsRefused);
    add(store.is_none(), FaceLock::StoreClosed);
    if let Some(store) = store {
        add(store.terminated, FaceLock::Terminated);
        if in_service {
            add(!store.operators, FaceLock::NoSupervisor);
            add(!store.policy_approved, FaceLock::PolicyNew);
            add(store.notice_waits, FaceLock::NoticeNew);
            locks.extend(assessment::locks(store.assessment.as_ref(), &site.subject, store.incident, today));
        }
    }
    locks.extend(alarms.iter().copied().map(FaceLock::Alarm));
    locks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::OperatorId;

    #[test]
    fn every_reason_alone_closes_the_face_way_and_is_named() {
        let today = Date::parse("2026-11-22").unwrap();
        let site = SiteFacts { face_offered: true, ..SiteFacts::default() };
        let signed = Signed { subject: Subject::default(), hash: String::new(), on: today, by: OperatorId(1) };
        let store = StoreFacts { operators: true, policy_approved: true, assessment: Some(signed.clone()), ..StoreFacts::default() };
        let good = Known { site: &site, models: Models::Ready, camera: true, card_reader: true, store: Some(&store), alarms: &[], today, in_service: true };
        assert_eq!(reasons(&good), []);
        for field in SiteField::ALL {
            let site = SiteFacts { blanks: vec![field], ..site.clone() };
            assert_eq!(reasons(&Known { site: &site, ..good }), [FaceLock::Blank(field)]);
        }
        let urging = SiteFacts { urging: vec![SiteField::Necessity], ..site.clone() };
        assert_eq!(reasons(&Known { site: &urging, ..good }), [FaceLock::Urging(SiteField::Necessity)]);
        let changed = |change: fn(&mut SiteFacts)| {
            let mut site = site.clone();
            change(&mut site);
            reasons(&Known { site: &site, ..good })
        };
        assert_eq!(changed(|site| site.face_offered = false), [FaceLock::NotOffered]);
        assert_eq!(changed(|site| site.private_place = true), [FaceLock::ForbiddenPlace]);
        assert_eq!(changed(|site| site.subject.purpose = "entry".into()), [FaceLock::AssessmentChanged(Part::Purpose)]);
        assert_eq!(reasons(&Known { models: Models::Loading, ..good }), [FaceLock::ModelsLoading]);
        assert_eq!(reasons(&Known { models: Models::Refused, ..good }), [FaceLock::ModelsRefused]);
        assert_eq!(reasons(&Known { camera: false, ..good }), [FaceLock::CameraMissing]);
        assert_eq!(reasons(&Known { store: None, ..good }), [FaceLock::StoreClosed]);
        // No reader is a reason only where nobody sits beside it.
        assert_eq!(reasons(&Known { card_reader: false, ..good }), [FaceLock::CardWayMissing]);
        let staffed = SiteFacts { staffed: true, ..site.clone() };
        assert_eq!(reasons(&Known { card_reader: false, site: &staffed, ..good }), []);
        let of = |change: fn(&mut StoreFacts)| {
            let mut store = store.clone();
            change(&mut store);
            reasons(&Known { store: Some(&store), ..good })
        };
        assert_eq!(of(|store| store.operators = false), [FaceLock::NoSupervisor]);
        assert_eq!(of(|store| store.policy_approved = false), [FaceLock::PolicyNew]);
        assert_eq!(of(|store| store.notice_waits = true), [FaceLock::NoticeNew]);
        assert_eq!(of(|store| store.assessment = None), [FaceLock::NoAssessment]);
        assert_eq!(of(|store| store.incident = true), [FaceLock::Incident]);
        assert_eq!(of(|store| store.terminated = true), [FaceLock::Terminated]);
        for alarm in [Alarm::ClockBack, Alarm::LogDamaged, Alarm::ModelChanged, Alarm::ReaderChanged] {
            assert_eq!(reasons(&Known { alarms: &[alarm], ..good }), [FaceLock::Alarm(alarm)]);
        }
        // A demo has neither supervisor nor assessment; everything else counts.
        let bare = StoreFacts::default();
        assert_eq!(reasons(&Known { store: Some(&bare), in_service: false, ..good }), []);
    }
}
