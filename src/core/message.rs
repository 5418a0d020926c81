//! Every sentence the program can say, as one closed list of ids. The words are in `locales/`.

use serde::{Deserialize, Serialize};

macro_rules! messages {
    ($($name:ident = $id:literal,)*) => {
        /// A sentence; its id in the Fluent files is [`Msg::id`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Msg {
            $(#[doc = concat!("`", $id, "`")] #[serde(rename = $id)] $name,)*
        }

        impl Msg {
            /// Every message, for the test that each locale has each one and no other.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The id in the Fluent files.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

messages! {
    // name of the program, languages
    AppName = "app-name", AppTask = "app-task",
    LangZhCn = "lang-zh-cn", LangZhTw = "lang-zh-tw", LangEn = "lang-en", LangGroup = "lang-group",
    // first screen
    HomeTitle = "home-title", HomeLead = "home-lead",
    FaceName = "face-name", FaceFirst = "face-first", FaceSecond = "face-second", FaceThird = "face-third",
    CardName = "card-name", CardFirst = "card-first", CardSecond = "card-second", CardThird = "card-third",
    HomeFree = "home-free", HomeFreeMore = "home-free-more", HomeFaceClosed = "home-face-closed",
    AccessTitle = "access-title", HomeOwnData = "home-own-data", FooterDevice = "footer-device",
    // controls
    BtnFace = "btn-face", BtnCard = "btn-card", BtnStaff = "btn-staff", BtnRegister = "btn-register",
    BtnWithdraw = "btn-withdraw", BtnDigit = "btn-digit", BtnErase = "btn-erase", BtnDone = "btn-done",
    BtnContinue = "btn-continue", BtnAgree = "btn-agree", BtnDecline = "btn-decline",
    BtnConfirmWithdraw = "btn-confirm-withdraw", BtnRetry = "btn-retry", BtnHome = "btn-home",
    BtnMoreTime = "btn-more-time", BtnLarge = "btn-large", BtnContrast = "btn-contrast",
    StateOn = "state-on",
    // number
    ClaimTitleVerify = "claim-title-verify", ClaimLeadVerify = "claim-lead-verify",
    ClaimTitleEnrol = "claim-title-enrol", ClaimLeadEnrol = "claim-lead-enrol",
    ClaimEntered = "claim-entered", ClaimTaken = "claim-taken",
    // notice
    NoticeTitleVerify = "notice-title-verify", NoticeTitleEnrol = "notice-title-enrol",
    NoticeMore = "notice-more", NoticeRead = "notice-read",
    NoticeWho = "notice-who", NoticeWhoText = "notice-who-text",
    NoticePurpose = "notice-purpose", NoticePurposeVerify = "notice-purpose-verify", NoticePurposeEnrol = "notice-purpose-enrol",
    NoticeMethod = "notice-method", NoticeMethodVerify = "notice-method-verify", NoticeMethodEnrol = "notice-method-enrol",
    NoticeKinds = "notice-kinds", NoticeKindsVerify = "notice-kinds-verify", NoticeKindsEnrol = "notice-kinds-enrol",
    NoticeNeed = "notice-need", NoticeNeedText = "notice-need-text",
    NoticeImpact = "notice-impact", NoticeImpactText = "notice-impact-text",
    NoticeKeep = "notice-keep", NoticeKeepVerify = "notice-keep-verify", NoticeKeepEnrol = "notice-keep-enrol",
    NoticePlace = "notice-place", NoticePlaceText = "notice-place-text",
    NoticeOther = "notice-other", NoticeOtherText = "notice-other-text",
    NoticeRights = "notice-rights", NoticeRightsText = "notice-rights-text",
    NoticeComplain = "notice-complain", NoticeComplainText = "notice-complain-text",
    NoticeMinors = "notice-minors", NoticeMinorsText = "notice-minors-text",
    // what the site uses it for
    UseVisit = "use-visit", UseEntry = "use-entry", UseTreatment = "use-treatment",
    // consent
    ConsentTitleVerify = "consent-title-verify", ConsentBodyVerify = "consent-body-verify",
    ConsentTitleEnrol = "consent-title-enrol", ConsentBodyEnrol = "consent-body-enrol",
    ConsentEither = "consent-either",
    // camera
    PositionTitle = "position-title", PositionPurpose = "position-purpose", PositionOn = "position-on",
    PositionStarting = "position-starting", PositionGood = "position-good", PositionOthers = "position-others",
    PreviewName = "preview-name", PositionProgress = "position-progress",
    HintNoFace = "hint-no-face", HintManyFaces = "hint-many-faces", HintCloser = "hint-closer",
    HintFarther = "hint-farther", HintCentre = "hint-centre", HintFaceForward = "hint-face-forward",
    HintTooDark = "hint-too-dark", HintTooBright = "hint-too-bright", HintHoldStill = "hint-hold-still",
    WorkingTitle = "working-title", WorkingBody = "working-body",
    // card
    CardTitleVerify = "card-title-verify", CardTitleEnrol = "card-title-enrol", CardTitleWithdraw = "card-title-withdraw",
    CardHow = "card-how", CardReading = "card-reading", CardLeft = "card-left",
    // withdraw, assist, out of service
    WithdrawTitle = "withdraw-title", WithdrawBody = "withdraw-body",
    AssistTitle = "assist-title", AssistBody = "assist-body",
    OutTitle = "out-title", OutBody = "out-body",
    WarnTitle = "warn-title", WarnBody = "warn-body", WarnLast = "warn-last",
    // results
    GrantedTitle = "granted-title", GrantedBody = "granted-body",
    NoMatchTitle = "no-match-title", NoMatchAgain = "no-match-again", NoMatchLast = "no-match-last",
    ReferredTitle = "referred-title", ReferredBody = "referred-body",
    DeclinedTitle = "declined-title", DeclinedBody = "declined-body",
    NotFoundTitle = "not-found-title", NotFoundBody = "not-found-body",
    GuardianTitle = "guardian-title", GuardianBody = "guardian-body",
    CardExpiredTitle = "card-expired-title", CardExpiredBody = "card-expired-body",
    CardStaffTitle = "card-staff-title", CardStaffBody = "card-staff-body",
    NothingStoredTitle = "nothing-stored-title", NothingStoredBody = "nothing-stored-body",
    EnrolledTitle = "enrolled-title", EnrolledBody = "enrolled-body",
    EnrolUnclearTitle = "enrol-unclear-title", EnrolUnclearBody = "enrol-unclear-body",
    ErasedTitle = "erased-title", ErasedBody = "erased-body",
    // faults
    FaultCameraMissing = "fault-camera-missing", FaultCameraBusy = "fault-camera-busy",
    FaultCameraDenied = "fault-camera-denied", FaultCameraUnplugged = "fault-camera-unplugged",
    FaultCameraStalled = "fault-camera-stalled", FaultCameraFailed = "fault-camera-failed",
    FaultVisionFailed = "fault-vision-failed", FaultStoreRead = "fault-store-read",
    FaultStoreWrite = "fault-store-write", FaultReaderMissing = "fault-reader-missing",
    FaultCardUnreadable = "fault-card-unreadable", FaultCardRemoved = "fault-card-removed",
    FaultNoReply = "fault-no-reply",
    NextCardOrStaff = "next-card-or-staff", NextStaff = "next-staff", NextCardAgain = "next-card-again",
    // why the face way is closed, for staff
    LockBlank = "lock-blank", LockNotOffered = "lock-not-offered", LockForbiddenPlace = "lock-forbidden-place",
    LockModelsLoading = "lock-models-loading", LockModelsRefused = "lock-models-refused",
    LockStoreClosed = "lock-store-closed", LockCardMissing = "lock-card-missing",
    LockNoSupervisor = "lock-no-supervisor", LockPolicyNew = "lock-policy-new", LockAlarm = "lock-alarm",
    // what was noticed, for staff
    AlarmLoginsFailed = "alarm-logins-failed", AlarmRowChanged = "alarm-row-changed",
    AlarmFileSwapped = "alarm-file-swapped", AlarmLogDamaged = "alarm-log-damaged",
    AlarmClockBack = "alarm-clock-back", AlarmClockAhead = "alarm-clock-ahead", AlarmModelChanged = "alarm-model-changed",
    AlarmReaderChanged = "alarm-reader-changed", AlarmLivenessRepeated = "alarm-liveness-repeated",
    AlarmUsbStorage = "alarm-usb-storage", AlarmProgramChanged = "alarm-program-changed",
    TheftKeyFile = "theft-key-file", TheftChip = "theft-chip", TheftPassphrase = "theft-passphrase",
    // staff at the device
    BtnStaffOnly = "btn-staff-only", BtnLogIn = "btn-log-in", BtnClearAlarm = "btn-clear-alarm",
    StaffTitle = "staff-title", StaffFirstTitle = "staff-first-title", StaffFirstBody = "staff-first-body",
    StaffName = "staff-name", StaffPassword = "staff-password", StaffAgain = "staff-again",
    KeyCapitals = "key-capitals", KeySpace = "key-space", KeyErase = "key-erase",
    StaffWrong = "staff-wrong", StaffWait = "staff-wait", StaffOff = "staff-off", StaffUnusable = "staff-unusable",
    BoardTitle = "board-title", BoardOpen = "board-open", BoardClosed = "board-closed",
    BoardAlarms = "board-alarms", BoardNoAlarms = "board-no-alarms", BoardSince = "board-since",
    BoardPeople = "board-people", BoardKeys = "board-keys",
    // demo
    DemoMark = "demo-mark", DemoDeck = "demo-deck", DemoCards = "demo-cards", DemoCamera = "demo-camera",
    DemoTakeCard = "demo-take-card",
    // command line
    CliNoDisplay = "cli-no-display", CliDisplayGone = "cli-display-gone", CliSiteUnreadable = "cli-site-unreadable", CliSiteInvalid = "cli-site-invalid",
    CliStoreCorrupt = "cli-store-corrupt", CliStoreNewer = "cli-store-newer", CliWrongKey = "cli-wrong-key",
    CliKeyMissing = "cli-key-missing", CliStoreBusy = "cli-store-busy", CliStoreIo = "cli-store-io",
    CliModelMissing = "cli-model-missing", CliModelChanged = "cli-model-changed", CliModelFailed = "cli-model-failed",
    CliPicture = "cli-picture", CliNoFace = "cli-no-face", CliPairs = "cli-pairs", CliScript = "cli-script",
    CliPersonUnknown = "cli-person-unknown", CliEnrolled = "cli-enrolled", CliErased = "cli-erased",
    CliNumberTaken = "cli-number-taken", CliGuardian = "cli-guardian", CliEnrolUnclear = "cli-enrol-unclear",
    CliPeopleNone = "cli-people-none", CliPeopleHead = "cli-people-head", CliUsage = "cli-usage",
    CliStoreTrial = "cli-store-trial", CliStoreStale = "cli-store-stale", CliStoreMissing = "cli-store-missing", CliKeyDamaged = "cli-key-damaged",
    CliPassphraseNeeded = "cli-passphrase-needed", CliPassphraseWrong = "cli-passphrase-wrong",
    CliTpmMissing = "cli-tpm-missing", CliTpmOther = "cli-tpm-other", CliTpmChanged = "cli-tpm-changed",
    CliLastSlot = "cli-last-slot", CliNoRandom = "cli-no-random", CliCardOnly = "cli-card-only",
    CliAskPassword = "cli-ask-password", CliAskPassphrase = "cli-ask-passphrase", CliAskAgain = "cli-ask-again",
    CliAskDiffer = "cli-ask-differ",
    CliDeniedNobody = "cli-denied-nobody", CliDeniedRole = "cli-denied-role", CliDeniedSecond = "cli-denied-second",
    CliDeniedSupervisor = "cli-denied-supervisor", CliOperatorAdded = "cli-operator-added",
    CliOperatorWeak = "cli-operator-weak", CliOperatorName = "cli-operator-name",
    CliOperatorUnknown = "cli-operator-unknown", CliOperatorRemoved = "cli-operator-removed",
    CliOperatorAgain = "cli-operator-again", CliOperatorLast = "cli-operator-last", CliOperatorNone = "cli-operator-none",
    CliErasedAll = "cli-erased-all",
    CliAuditWhole = "cli-audit-whole", CliAuditHead = "cli-audit-head", CliAuditGap = "cli-audit-gap",
    CliAuditEntry = "cli-audit-entry", CliAuditChain = "cli-audit-chain", CliAuditCut = "cli-audit-cut",
    CliAuditUnexplained = "cli-audit-unexplained", CliAuditUnreadable = "cli-audit-unreadable",
    CliAuditElsewhere = "cli-audit-elsewhere", CliExported = "cli-exported",
    CliBackupMade = "cli-backup-made", CliBackupRestored = "cli-backup-restored", CliBackupOpens = "cli-backup-opens",
    CliBackupBroken = "cli-backup-broken", CliBackupNoKey = "cli-backup-no-key", CliBackupRefused = "cli-backup-refused",
    CliSlotAdded = "cli-slot-added", CliSlotRemoved = "cli-slot-removed", CliRecoveryCode = "cli-recovery-code",
    CliPolicyApproved = "cli-policy-approved", CliAlarmCleared = "cli-alarm-cleared", CliAlarmNone = "cli-alarm-none",
    // doctor
    DocSandbox = "doc-sandbox", DocSandboxPart = "doc-sandbox-part", DocMemory = "doc-memory",
    DocMemoryNot = "doc-memory-not", DocOperators = "doc-operators", DocOperatorsNone = "doc-operators-none",
    DocGood = "doc-good", DocBad = "doc-bad", DocSummaryGood = "doc-summary-good", DocSummaryBad = "doc-summary-bad",
    DocModels = "doc-models", DocCamera = "doc-camera", DocDisplay = "doc-display", DocSite = "doc-site",
    DocStore = "doc-store", DocCameraNone = "doc-camera-none", DocCameraDenied = "doc-camera-denied",
    DocDisplayNone = "doc-display-none", DocStoreNew = "doc-store-new", DocReader = "doc-reader",
    DocReaderNone = "doc-reader-none",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = Msg::ALL.iter().map(|m| m.id()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
