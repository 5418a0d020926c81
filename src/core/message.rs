//! Every sentence the program can say, as one closed list of ids. The words are in `locales/`.

use serde::{Deserialize, Serialize};

use super::evidence::Guidance;

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
    HomeOwnData = "home-own-data", FooterDevice = "footer-device",
    // controls
    BtnFace = "btn-face", BtnCard = "btn-card", BtnStaff = "btn-staff", BtnRegister = "btn-register",
    BtnWithdraw = "btn-withdraw", BtnDigit = "btn-digit", BtnErase = "btn-erase", BtnDone = "btn-done",
    BtnContinue = "btn-continue", BtnAgree = "btn-agree", BtnDecline = "btn-decline",
    BtnConfirmWithdraw = "btn-confirm-withdraw", BtnKeep = "btn-keep", NoticeNext = "notice-next", BtnRetry = "btn-retry", BtnHome = "btn-home",
    BtnMoreTime = "btn-more-time", BtnLarge = "btn-large", BtnContrast = "btn-contrast",
    StateOn = "state-on",
    // ways to be served, and the voice
    BtnSpeech = "btn-speech",
    BtnTextOnly = "btn-text-only",
    BtnLowReach = "btn-low-reach",
    BtnSimple = "btn-simple",
    BtnSteady = "btn-steady",
    NameSpeech = "name-speech",
    NameTextOnly = "name-text-only",
    NameLowReach = "name-low-reach",
    NameSimple = "name-simple",
    NameSteady = "name-steady",
    NameLarge = "name-large",
    NameContrast = "name-contrast",
    BtnLouder = "btn-louder",
    BtnSofter = "btn-softer",
    BtnFaster = "btn-faster",
    BtnSlower = "btn-slower",
    BtnRepeat = "btn-repeat",
    BtnBack = "btn-back",
    StateOff = "state-off",
    StateNotNow = "state-not-now",
    OfferTitle = "offer-title",
    OfferBody = "offer-body",
    BtnOfferYes = "btn-offer-yes",
    BtnOfferNo = "btn-offer-no",
    ConsentSureTitle = "consent-sure-title",
    ConsentSureBody = "consent-sure-body",
    AssistText = "assist-text",
    SpeechKeys = "speech-keys",
    SpeechPrivate = "speech-private",
    SpeechUnsaid = "speech-unsaid",
    HintUncover = "hint-uncover",
    HintTurnLeft = "hint-turn-left", HintTurnRight = "hint-turn-right",
    PositionSeated = "position-seated",
    DigitTyped = "digit-typed",
    DocVoice = "doc-voice",
    DocVoiceNone = "doc-voice-none",
    DocUnsaid = "doc-unsaid",
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
    PositionAway = "position-away", PreviewName = "preview-name", PositionProgress = "position-progress",
    HintNoFace = "hint-no-face", HintManyFaces = "hint-many-faces", HintCloser = "hint-closer",
    HintFarther = "hint-farther", HintCentre = "hint-centre", HintFaceForward = "hint-face-forward",
    HintTooDark = "hint-too-dark", HintTooBright = "hint-too-bright", HintHoldStill = "hint-hold-still",
    WorkingTitle = "working-title", WorkingBody = "working-body",
    // card
    CardTitleVerify = "card-title-verify", CardTitleEnrol = "card-title-enrol", CardTitleWithdraw = "card-title-withdraw",
    CardHow = "card-how", CardReading = "card-reading", CardLeft = "card-left",
    // equal ways besides face and card
    BtnPhone = "btn-phone", PhoneTitle = "phone-title", PhoneHow = "phone-how", PhoneWait = "phone-wait", PhoneCode = "phone-code",
    CodeTitle = "code-title", CodeHow = "code-how", CodeWrong = "code-wrong",
    AssistDecideTitle = "assist-decide-title", AssistDecideBody = "assist-decide-body",
    BtnStaffDecide = "btn-staff-decide", AdmitTitle = "admit-title", AdmitLead = "admit-lead",
    BtnSawDocument = "btn-saw-document", BtnKnowsPerson = "btn-knows-person", BtnAskedElsewhere = "btn-asked-elsewhere",
    BtnNotExpected = "btn-not-expected", BtnAtTheDesk = "btn-at-the-desk",
    StaffDeclinedTitle = "staff-declined-title", StaffDeclinedBody = "staff-declined-body",
    NotListedTitle = "not-listed-title", NotListedBody = "not-listed-body",
    TicketShown = "ticket-shown",
    FaultReaderFailed = "fault-reader-failed", FaultCardRefused = "fault-card-refused", FaultCardUnsupported = "fault-card-unsupported",
    FaultPhoneMissing = "fault-phone-missing", FaultPhoneFailed = "fault-phone-failed", FaultPhoneDeclined = "fault-phone-declined",
    NextOtherWay = "next-other-way",
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
    CliSimReader = "cli-sim-reader",
    // the roster at the command line
    CliRosterPreview = "cli-roster-preview",
    CliRosterColumn = "cli-roster-column",
    CliRosterIgnored = "cli-roster-ignored",
    CliRosterNoEnd = "cli-roster-no-end",
    CliRosterRow = "cli-roster-row",
    CliRosterMore = "cli-roster-more",
    CliRosterErrors = "cli-roster-errors",
    CliRosterDry = "cli-roster-dry",
    CliRosterStored = "cli-roster-stored",
    RosterNumber = "roster-number",
    RosterName = "roster-name",
    RosterCode = "roster-code",
    RosterFrom = "roster-from",
    RosterUntil = "roster-until",
    RosterNote = "roster-note",
    RosterMissing = "roster-missing",
    RosterNumberCheck = "roster-number-check",
    RosterLostDigits = "roster-lost-digits",
    RosterDate = "roster-date",
    RosterOrder = "roster-order",
    RosterCodeUnusable = "roster-code-unusable",
    RosterTooLong = "roster-too-long",
    RosterInvisible = "roster-invisible",
    RosterTwiceNumber = "roster-twice-number",
    RosterTwiceCode = "roster-twice-code",
    RosterFileOld = "roster-file-old",
    RosterFileKind = "roster-file-kind",
    RosterFileEmpty = "roster-file-empty",
    RosterFileQuote = "roster-file-quote",
    RosterFileLarge = "roster-file-large",
    RosterNoColumn = "roster-no-column",
    RosterTwoColumns = "roster-two-columns",
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
    LockCameraMissing = "lock-camera-missing",
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
    CliStoreCorrupt = "cli-store-corrupt", CliStoreNewer = "cli-store-newer", CliStopped = "cli-stopped", CliWrongKey = "cli-wrong-key",
    CliKeyMissing = "cli-key-missing", CliStoreBusy = "cli-store-busy", CliStoreIo = "cli-store-io",
    CliModelMissing = "cli-model-missing", CliModelChanged = "cli-model-changed", CliModelFailed = "cli-model-failed",
    CliCalibrateHow = "cli-calibrate-how", CliCalibrateSeen = "cli-calibrate-seen", CliCalibrateUnseen = "cli-calibrate-unseen",
    CliCalibrateNobody = "cli-calibrate-nobody", CliCalibrateFound = "cli-calibrate-found",
    CliCalibrateNext = "cli-calibrate-next", CliCalibrateFew = "cli-calibrate-few",
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
    DocReaderNone = "doc-reader-none", DocReaderSilent = "doc-reader-silent", DocReaderOther = "doc-reader-other",
    DocPhone = "doc-phone", DocPhoneNone = "doc-phone-none",
    // compliance begins
    // buttons and screens at the kiosk
    BtnMyData = "btn-my-data", BtnGuardianHere = "btn-guardian-here", BtnParent = "btn-parent",
    BtnGrandparent = "btn-grandparent", BtnOtherGuardian = "btn-other-guardian", BtnHousehold = "btn-household",
    BtnBirthPaper = "btn-birth-paper", BtnAppointed = "btn-appointed", BtnMandate = "btn-mandate",
    BtnAgeStaff = "btn-age-staff", BtnAgeAdult = "btn-age-adult", BtnAgeYouth = "btn-age-youth",
    BtnAgeChild = "btn-age-child", BtnRestrict = "btn-restrict", BtnUnrestrict = "btn-unrestrict",
    BtnCorrect = "btn-correct", BtnComplain = "btn-complain", BtnExplain = "btn-explain",
    BtnReceipt = "btn-receipt", BtnPrint = "btn-print", BtnRenew = "btn-renew", BtnNextChild = "btn-next-child",
    BtnOpenRecord = "btn-open-record", GuardianUnknownTitle = "guardian-unknown-title",
    GuardianUnknownBody = "guardian-unknown-body", CardTitleMydata = "card-title-mydata",
    CardTitleGuardian = "card-title-guardian", NotGuardianTitle = "not-guardian-title",
    NotGuardianBody = "not-guardian-body", RelationTitle = "relation-title", RelationLead = "relation-lead",
    EvidenceTitle = "evidence-title", EvidenceLead = "evidence-lead", EvidenceLeadMandate = "evidence-lead-mandate",
    WitnessTitle = "witness-title", AgeTitle = "age-title", AgeLead = "age-lead", ChildTitle = "child-title",
    ChildLead = "child-lead", ChildCamera = "child-camera", ChildKeep = "child-keep", ChildNo = "child-no",
    ChildWhy = "child-why", ChildDelete = "child-delete", ChildAsk = "child-ask",
    ConsentTitleGuardianVerify = "consent-title-guardian-verify",
    ConsentTitleGuardianEnrol = "consent-title-guardian-enrol", ConsentBodyGuardian = "consent-body-guardian",
    ConsentTitleChild = "consent-title-child", ConsentBodyChild = "consent-body-child",
    RenewedTitle = "renewed-title", RenewedBody = "renewed-body", RenewNeededTitle = "renew-needed-title",
    RenewNeededBody = "renew-needed-body", NothingKnownTitle = "nothing-known-title",
    NothingKnownBody = "nothing-known-body", PrintDone = "print-done", PrintNone = "print-none",
    PaperQr = "paper-qr", MinorNeedsApprovalTitle = "minor-needs-approval-title",
    MinorNeedsApprovalBody = "minor-needs-approval-body",
    // My-data page
    OwnTitle = "own-title", OwnTitleChild = "own-title-child", OwnWho = "own-who", OwnStored = "own-stored",
    OwnNotStored = "own-not-stored", OwnPurpose = "own-purpose", OwnConsent = "own-consent",
    OwnGuardian = "own-guardian", OwnRestricted = "own-restricted", OwnRenew = "own-renew", OwnPlace = "own-place",
    OwnLogTitle = "own-log-title", OwnLogLine = "own-log-line", OwnLogNone = "own-log-none",
    OwnLogMore = "own-log-more", OwnRequestsTitle = "own-requests-title", OwnRequestLine = "own-request-line",
    OwnRequestDue = "own-request-due", OwnRequestDone = "own-request-done",
    OwnRequestRefused = "own-request-refused", OwnRights = "own-rights", KindCorrect = "kind-correct",
    KindComplain = "kind-complain", KindExplain = "kind-explain", MethodFace = "method-face",
    MethodCard = "method-card", MethodStaff = "method-staff", MethodPhone = "method-phone", ResultGranted = "result-granted", ResultNoMatch = "result-no-match",
    ResultReferred = "result-referred", ResultToStaff = "result-to-staff",
    // consent receipt
    ReceiptTitle = "receipt-title", ReceiptRecord = "receipt-record", ReceiptSchema = "receipt-schema",
    ReceiptPerson = "receipt-person", ReceiptState = "receipt-state", ReceiptGiven = "receipt-given",
    ReceiptMeans = "receipt-means", ReceiptScreen = "receipt-screen", ReceiptPaper = "receipt-paper",
    ReceiptByGuardian = "receipt-by-guardian", ReceiptEvidence = "receipt-evidence",
    ReceiptWitness = "receipt-witness", ReceiptNotice = "receipt-notice",
    ReceiptNoticeValue = "receipt-notice-value", ReceiptPurpose = "receipt-purpose", ReceiptKinds = "receipt-kinds",
    ReceiptController = "receipt-controller", ReceiptContact = "receipt-contact",
    ReceiptAddress = "receipt-address", ReceiptStorage = "receipt-storage",
    ReceiptStorageValue = "receipt-storage-value", ReceiptUntil = "receipt-until",
    ReceiptSession = "receipt-session", ReceiptRecipients = "receipt-recipients", ReceiptNobody = "receipt-nobody",
    ReceiptJurisdiction = "receipt-jurisdiction", ReceiptJurisdictionValue = "receipt-jurisdiction-value",
    ReceiptBasis = "receipt-basis", ReceiptBasisValue = "receipt-basis-value", ReceiptWithdraw = "receipt-withdraw",
    ReceiptWithdrawValue = "receipt-withdraw-value", ReceiptComplain = "receipt-complain",
    ReceiptRights = "receipt-rights", StateGiven = "state-given", StateEnded = "state-ended",
    // why the face way is closed
    LockNoAssessment = "lock-no-assessment", LockAssessmentOld = "lock-assessment-old",
    LockAssessmentChanged = "lock-assessment-changed", LockIncident = "lock-incident",
    LockTerminated = "lock-terminated", PartPurpose = "part-purpose", PartPlace = "part-place",
    PartMode = "part-mode", PartRetention = "part-retention", PartModels = "part-models",
    PartProcessor = "part-processor", PartZone = "part-zone",
    // notice changes
    CliNoticeLine = "cli-notice-line", NoticeFirst = "notice-first", NoticeMaterial = "notice-material",
    NoticeMinor = "notice-minor", CliNoticeUnknown = "cli-notice-unknown",
    // impact assessment: a form
    PipiaTitle = "pipia-title", PipiaPart1 = "pipia-part-1", PipiaPart2 = "pipia-part-2",
    PipiaPart3 = "pipia-part-3", PipiaPart4 = "pipia-part-4", PipiaQ1 = "pipia-q-1", PipiaQ2 = "pipia-q-2",
    PipiaQ3 = "pipia-q-3", PipiaQ4 = "pipia-q-4", PipiaQ5 = "pipia-q-5", PipiaQ6 = "pipia-q-6",
    PipiaQ7 = "pipia-q-7", PipiaQ8 = "pipia-q-8", PipiaQ9 = "pipia-q-9", PipiaQ10 = "pipia-q-10",
    PipiaQ11 = "pipia-q-11", PipiaQ12 = "pipia-q-12", PipiaA1 = "pipia-a-1", PipiaA2 = "pipia-a-2",
    PipiaA4 = "pipia-a-4", PipiaA5 = "pipia-a-5", PipiaA7 = "pipia-a-7", PipiaA9 = "pipia-a-9",
    PipiaA10 = "pipia-a-10", PipiaBlank = "pipia-blank", PipiaSigned = "pipia-signed", PipiaValid = "pipia-valid",
    PipiaHash = "pipia-hash", PipiaSubject = "pipia-subject", CliPipiaBlank = "cli-pipia-blank",
    CliPipiaShort = "cli-pipia-short", CliPipiaSigned = "cli-pipia-signed", CliPipiaForm = "cli-pipia-form",
    CliPipiaFile = "cli-pipia-file",
    // processing record, rights, staff
    RecordsTitle = "records-title", RecordsPeriod = "records-period", RecordsNote = "records-note",
    RecordsTime = "records-time", RecordsWhat = "records-what", RecordsWho = "records-who",
    CliRequestNone = "cli-request-none", CliRequestLine = "cli-request-line", CliRequestLate = "cli-request-late",
    CliRequestUnknown = "cli-request-unknown", CliRequestReason = "cli-request-reason",
    CliRequestAnswered = "cli-request-answered", CliCorrected = "cli-corrected",
    CliRecordMinor = "cli-record-minor", CliWritten = "cli-written",
    // filing at 100,000
    FilingTitle = "filing-title", Filing1 = "filing-1", Filing2 = "filing-2", Filing3 = "filing-3",
    Filing4 = "filing-4", Filing5 = "filing-5", FilingCount = "filing-count", FilingCountAll = "filing-count-all",
    FilingNotDue = "filing-not-due", FilingNear = "filing-near", FilingDue = "filing-due",
    FilingLate = "filing-late", FilingDone = "filing-done", FilingChange = "filing-change",
    FilingCancel = "filing-cancel", FilingCalendar = "filing-calendar", FilingOthers = "filing-others",
    FilingRulesText = "filing-rules-text", FilingStepsText = "filing-steps-text", FilingAttach = "filing-attach",
    CliFiled = "cli-filed", CliPack = "cli-pack", CliSketch = "cli-sketch", CliMerge = "cli-merge",
    CliMergeOther = "cli-merge-other", CliGroupMade = "cli-group-made", CliGroupJoined = "cli-group-joined",
    CliGroupNone = "cli-group-none",
    // termination
    TerminateTitle = "terminate-title", TerminateBody = "terminate-body", TerminateKept = "terminate-kept",
    TerminateHead = "terminate-head", TerminateBy = "terminate-by", CliTerminated = "cli-terminated",
    CliTerminateSure = "cli-terminate-sure",
    // incidents
    IncidentTitle = "incident-title", IncidentDrill = "incident-drill", IncidentElapsed = "incident-elapsed",
    IncidentAffected = "incident-affected", IncidentGuardians = "incident-guardians",
    IncidentWhat = "incident-what", IncidentRemedy = "incident-remedy", IncidentContact = "incident-contact",
    IncidentAuthority = "incident-authority", IncidentPerson = "incident-person",
    IncidentGuardian = "incident-guardian", IncidentHarmText = "incident-harm-text",
    IncidentSelfText = "incident-self-text", IncidentSkipText = "incident-skip-text", KindLeak = "kind-leak",
    KindTamper = "kind-tamper", KindLoss = "kind-loss", CliIncidentOpen = "cli-incident-open",
    CliIncidentMajor = "cli-incident-major", CliIncidentClosed = "cli-incident-closed",
    CliIncidentNone = "cli-incident-none", CliIncidentUnknown = "cli-incident-unknown",
    // report
    ReportTitle = "report-title", ReportReady = "report-ready", ReportClosed = "report-closed",
    ReportArticle = "report-article", ReportCheck = "report-check", StateMet = "state-met",
    StateNotMet = "state-not-met", StateNotApplicable = "state-not-applicable", StateTested = "state-tested",
    StateLater = "state-later", ReportTests = "report-tests", ReportDisclaimer = "report-disclaimer",
    EvAbout = "ev-about", EvNoTraining = "ev-no-training", EvPurpose = "ev-purpose",
    EvPurposeBlank = "ev-purpose-blank", EvNotice = "ev-notice", EvNoticeBlank = "ev-notice-blank",
    EvConsent = "ev-consent", EvGuardian = "ev-guardian", EvStorage = "ev-storage",
    EvRetentionBlank = "ev-retention-blank", EvAssessment = "ev-assessment",
    EvAssessmentNone = "ev-assessment-none", EvOtherWays = "ev-other-ways", EvOtherWaysNone = "ev-other-ways-none",
    EvIdCard = "ev-id-card", EvNeutral = "ev-neutral", EvPlace = "ev-place", EvPlacePrivate = "ev-place-private",
    EvPlaceUndeclared = "ev-place-undeclared", EvSecurity = "ev-security", EvAlarms = "ev-alarms",
    EvFiling = "ev-filing", EvFilingOpen = "ev-filing-open", EvDefinitions = "ev-definitions",
    PlaceFrontDesk = "place-front-desk", PlaceCompoundEntry = "place-compound-entry",
    PlaceHospital = "place-hospital", PlaceOther = "place-other", PlacePrivate = "place-private",
    // guided first run: `mianzheng setup`
    SetupTitle = "setup-title", SetupProfile = "setup-profile", SetupProcessor = "setup-processor",
    SetupContact = "setup-contact", SetupAddress = "setup-address", SetupComplaint = "setup-complaint",
    SetupDevice = "setup-device", SetupDays = "setup-days", SetupNecessity = "setup-necessity",
    SetupZone = "setup-zone", SetupSign = "setup-sign", SetupStaff = "setup-staff", SetupAccess = "setup-access",
    SetupDuty = "setup-duty", SetupConclusion = "setup-conclusion", SetupName = "setup-name",
    SetupReview = "setup-review", SetupSignNow = "setup-sign-now", SetupNotSigned = "setup-not-signed",
    SetupBlank = "setup-blank", SetupNumber = "setup-number", SetupChoice = "setup-choice",
    SetupExists = "setup-exists", SetupDone = "setup-done", SetupEnded = "setup-ended",
    // more of them
    StaffRole = "staff-role", ReceiptForGuardian = "receipt-for-guardian", BoardRequests = "board-requests",
    SetupTaken = "setup-taken", OpenEyes = "open-eyes", StatePartly = "state-partly",
    AssessedDays = "assessed-days", LockUrging = "lock-urging", LockNoticeNew = "lock-notice-new",
    CliPipiaUnchanged = "cli-pipia-unchanged", CliPackOutdated = "cli-pack-outdated", CliFiledBad = "cli-filed-bad",
    CliCorrectBirth = "cli-correct-birth", CliTerminatedBefore = "cli-terminated-before",
    SetupUrging = "setup-urging",
    // titles of the articles of the Measures, and what the inspector checks
    LawArt1 = "law-art-1", LawArt2 = "law-art-2", LawArt3 = "law-art-3", LawArt4 = "law-art-4",
    LawArt5 = "law-art-5", LawArt6 = "law-art-6", LawArt7 = "law-art-7", LawArt8 = "law-art-8",
    LawArt9 = "law-art-9", LawArt10 = "law-art-10", LawArt11 = "law-art-11", LawArt12 = "law-art-12",
    LawArt13 = "law-art-13", LawArt14 = "law-art-14", LawArt15 = "law-art-15", LawArt16 = "law-art-16",
    LawArt17 = "law-art-17", LawArt18 = "law-art-18", LawArt19 = "law-art-19", LawArt20 = "law-art-20",
    Check1 = "check-1", Check2 = "check-2", Check3 = "check-3", Check4 = "check-4", Check5 = "check-5",
    Check6 = "check-6", Check7 = "check-7", Check8 = "check-8", Check9 = "check-9", Check10 = "check-10",
    Check11 = "check-11", Check12 = "check-12", Check13 = "check-13", Check14 = "check-14", Check15 = "check-15",
    Check16 = "check-16", Check17 = "check-17", Check18 = "check-18", Check19 = "check-19", Check20 = "check-20",
    Check21 = "check-21", Check22 = "check-22", Check23 = "check-23", Check24 = "check-24", Check25 = "check-25",
    Check26 = "check-26", Check27 = "check-27", Check28 = "check-28", Check29 = "check-29", Check30 = "check-30",
    Check31 = "check-31", Check32 = "check-32", Check33 = "check-33", Check34 = "check-34", Check35 = "check-35",
    Check36 = "check-36", Check37 = "check-37", Check38 = "check-38", Check39 = "check-39", Check40 = "check-40",
    // compliance ends
}

/// Beginnings of the ids of what is only ever read: the command line, documents, staff's own screens.
/// All else is spoken, so it needs a clip in every language; `assets/voice/units.py` reads this list.
pub const READ_ONLY: &[&str] = &[
    "app-name", "cli-", "doc-", "setup-", "pipia-", "law-", "check-", "filing-", "records-", "incident-", "terminate-", "report-",
    "ev-", "lock-", "alarm-", "theft-", "board-", "demo-", "place-", "part-", "open-", "assessed-", "kind-leak", "kind-tamper",
    "kind-loss", "notice-first", "notice-material", "notice-minor", "state-met", "state-not-met", "state-not-applicable",
    "state-tested", "state-later", "state-partly", "paper-qr", "key-", "staff-role", "roster-",
];

impl Guidance {
    /// What the person is asked to do.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::NoFace => Msg::HintNoFace,
            Self::ManyFaces => Msg::HintManyFaces,
            Self::Closer => Msg::HintCloser,
            Self::Farther => Msg::HintFarther,
            Self::Centre => Msg::HintCentre,
            Self::FaceForward => Msg::HintFaceForward,
            Self::TooDark => Msg::HintTooDark,
            Self::TooBright => Msg::HintTooBright,
            Self::HoldStill => Msg::HintHoldStill,
            Self::Uncover => Msg::HintUncover,
            Self::TurnLeft => Msg::HintTurnLeft,
            Self::TurnRight => Msg::HintTurnRight,
        }
    }
}

impl Msg {
    /// Whether a person may hear it.
    #[must_use]
    pub fn is_spoken(self) -> bool {
        // `notice-minors` is an item of the notice.
        self == Self::NoticeMinors || self == Self::NoticeMinorsText || !READ_ONLY.iter().any(|start| self.id().starts_with(start))
    }
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
