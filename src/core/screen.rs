//! What a person sees, hears and may do: message ids and arguments, never text.

use serde::{Deserialize, Serialize};

use super::alarm::OpenAlarm;
use super::consent::Purpose;
use super::evidence::Guidance;
use super::fault::Fault;
use super::message::Msg;
use super::readiness::FaceLock;
use super::theft::Theft;
use super::ticket::Ticket;

pub use super::comfort::{Comfort, Pace, Volume};

/// The languages of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// 简体中文.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// 繁體中文.
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// All of them, in the order shown.
    pub const ALL: [Self; 3] = [Self::ZhCn, Self::ZhTw, Self::En];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhTw => "zh-TW",
            Self::En => "en",
        }
    }
}

/// Everything a person can touch, but for the digit keys: digits never reach the core.
/// The names are the ids of scripts and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// Be verified by face.
    MethodFace,
    /// Use the ID card.
    MethodCard,
    /// Ask for staff.
    CallStaff,
    /// Store a face template.
    Register,
    /// Destroy the stored template.
    Withdraw,
    /// The number is complete.
    ClaimDone,
    /// Go on from the notice.
    Continue,
    /// Agree to the use of the face.
    Agree,
    /// Decline it.
    Decline,
    /// Yes, destroy my template.
    ConfirmWithdraw,
    /// No, keep it.
    KeepTemplate,
    /// Try the same again.
    Retry,
    /// Go back to the first screen; everything of this session is wiped.
    Home,
    /// I need more time.
    MoreTime,
    /// 简体中文.
    LangZhCn,
    /// 繁體中文.
    LangZhTw,
    /// English.
    LangEn,
    /// Larger and slower, on or off.
    Large,
    /// High contrast, on or off.
    Contrast,
    /// Everything spoken, on or off.
    Speech,
    /// Nothing spoken, on or off.
    TextOnly,
    /// All controls low, on or off.
    LowReach,
    /// One thing at a time, on or off.
    Simple,
    /// Held touches and one key, on or off.
    Steady,
    /// The voice speaks faster.
    Faster,
    /// The voice speaks slower.
    Slower,
    /// The voice speaks louder.
    Louder,
    /// The voice speaks more softly.
    Softer,
    /// Say it again.
    Repeat,
    /// One step back.
    Back,
    /// Yes, larger and slower.
    OfferYes,
    /// No, as it is.
    OfferNo,
    /// Staff log in.
    StaffOnly,
    /// Name and password are complete.
    LogIn,
    /// The open alarms were looked into.
    ClearAlarms,
    /// See, copy, correct, pause or delete one's data.
    MyData,
    /// The guardian is here.
    GuardianHere,
    /// The guardian is father or mother.
    RelationParent,
    /// The guardian is a grandparent.
    RelationGrandparent,
    /// The guardian is somebody else.
    RelationOther,
    /// Staff saw the household register.
    EvidenceHousehold,
    /// Staff saw the birth certificate.
    EvidenceBirthPaper,
    /// Staff saw the paper that names the guardian.
    EvidenceAppointed,
    /// Staff saw the parents' signed consent.
    EvidenceMandate,
    /// Staff will confirm the age.
    AgeStaff,
    /// Staff confirmed 18 or older.
    AgeAdult,
    /// Staff confirmed 14 to 17.
    AgeYouth,
    /// Staff confirmed under 14.
    AgeChild,
    /// Pause the use of my template.
    Restrict,
    /// Use my template again.
    Unrestrict,
    /// Ask for a correction.
    AskCorrection,
    /// Complain.
    Complain,
    /// Ask how a result came about.
    AskExplanation,
    /// Show the receipt of the consent.
    ShowReceipt,
    /// Print what is shown.
    Print,
    /// Consent anew.
    Renew,
    /// The next child under this guardian's care.
    NextChild,
    /// Staff look a person up who asked for it.
    OpenRecord,
    /// Be verified through one's own phone.
    MethodPhone,
    /// Staff decide about whoever stands here.
    StaffDecide,
    /// They saw the original document and the person.
    SawDocument,
    /// They know the person.
    KnowsPerson,
    /// They asked where it can be known.
    AskedElsewhere,
    /// Nothing is known of an appointment.
    NotExpected,
    /// It needs the staffed desk.
    AtTheDesk,
}

impl Control {
    /// Controls that every participant screen has, whatever the stage.
    pub const EVERYWHERE: [Self; 15] = [
        Self::LangZhCn, Self::LangZhTw, Self::LangEn, Self::Large, Self::Contrast, Self::Speech, Self::TextOnly, Self::LowReach,
        Self::Simple, Self::Steady, Self::Faster, Self::Slower, Self::Louder, Self::Softer, Self::Repeat,
    ];

    /// Its name where the label is short: what a voice and a screen reader say.
    #[must_use]
    pub fn long_label(self) -> Option<Msg> {
        Some(match self {
            Self::Large => Msg::NameLarge,
            Self::Contrast => Msg::NameContrast,
            Self::Speech => Msg::NameSpeech,
            Self::TextOnly => Msg::NameTextOnly,
            Self::LowReach => Msg::NameLowReach,
            Self::Simple => Msg::NameSimple,
            Self::Steady => Msg::NameSteady,
            _ => return None,
        })
    }

    /// The words on it.
    #[must_use]
    pub fn label(self) -> Msg {
        match self {
            Self::MethodFace => Msg::BtnFace,
            Self::MethodCard => Msg::BtnCard,
            Self::CallStaff => Msg::BtnStaff,
            Self::Register => Msg::BtnRegister,
            Self::Withdraw => Msg::BtnWithdraw,
            Self::ClaimDone => Msg::BtnDone,
            Self::Continue => Msg::BtnContinue,
            Self::Agree => Msg::BtnAgree,
            Self::Decline => Msg::BtnDecline,
            Self::ConfirmWithdraw => Msg::BtnConfirmWithdraw,
            Self::KeepTemplate => Msg::BtnKeep,
            Self::Retry => Msg::BtnRetry,
            Self::Home => Msg::BtnHome,
            Self::MoreTime => Msg::BtnMoreTime,
            Self::LangZhCn => Msg::LangZhCn,
            Self::LangZhTw => Msg::LangZhTw,
            Self::LangEn => Msg::LangEn,
            Self::Large => Msg::BtnLarge,
            Self::Contrast => Msg::BtnContrast,
            Self::Speech => Msg::BtnSpeech,
            Self::TextOnly => Msg::BtnTextOnly,
            Self::LowReach => Msg::BtnLowReach,
            Self::Simple => Msg::BtnSimple,
            Self::Steady => Msg::BtnSteady,
            Self::Faster => Msg::BtnFaster,
            Self::Slower => Msg::BtnSlower,
            Self::Louder => Msg::BtnLouder,
            Self::Softer => Msg::BtnSofter,
            Self::Repeat => Msg::BtnRepeat,
            Self::Back => Msg::BtnBack,
            Self::OfferYes => Msg::BtnOfferYes,
            Self::OfferNo => Msg::BtnOfferNo,
            Self::StaffOnly => Msg::BtnStaffOnly,
            Self::LogIn => Msg::BtnLogIn,
            Self::ClearAlarms => Msg::BtnClearAlarm,
            Self::MyData => Msg::BtnMyData,
            Self::GuardianHere => Msg::BtnGuardianHere,
            Self::RelationParent => Msg::BtnParent,
            Self::RelationGrandparent => Msg::BtnGrandparent,
            Self::RelationOther => Msg::BtnOtherGuardian,
            Self::EvidenceHousehold => Msg::BtnHousehold,
            Self::EvidenceBirthPaper => Msg::BtnBirthPaper,
            Self::EvidenceAppointed => Msg::BtnAppointed,
            Self::EvidenceMandate => Msg::BtnMandate,
            Self::AgeStaff => Msg::BtnAgeStaff,
            Self::AgeAdult => Msg::BtnAgeAdult,
            Self::AgeYouth => Msg::BtnAgeYouth,
            Self::AgeChild => Msg::BtnAgeChild,
            Self::Restrict => Msg::BtnRestrict,
            Self::Unrestrict => Msg::BtnUnrestrict,
            Self::AskCorrection => Msg::BtnCorrect,
            Self::Complain => Msg::BtnComplain,
            Self::AskExplanation => Msg::BtnExplain,
            Self::ShowReceipt => Msg::BtnReceipt,
            Self::Print => Msg::BtnPrint,
            Self::Renew => Msg::BtnRenew,
            Self::NextChild => Msg::BtnNextChild,
            Self::OpenRecord => Msg::BtnOpenRecord,
            Self::MethodPhone => Msg::BtnPhone,
            Self::StaffDecide => Msg::BtnStaffDecide,
            Self::SawDocument => Msg::BtnSawDocument,
            Self::KnowsPerson => Msg::BtnKnowsPerson,
            Self::AskedElsewhere => Msg::BtnAskedElsewhere,
            Self::NotExpected => Msg::BtnNotExpected,
            Self::AtTheDesk => Msg::BtnAtTheDesk,
        }
    }
}

/// Which screen, and what is special about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The first screen: two equal ways.
    Home {
        /// Why the face way is closed; empty if it is open.
        locks: Vec<FaceLock>,
    },
    /// Type your number.
    Claim {
        /// Digits so far.
        len: u8,
        /// Whether the number may be submitted.
        ready: bool,
        /// A remark on the last try.
        remark: Option<Msg>,
        /// A new number is being chosen, for enrolment.
        choosing: bool,
    },
    /// The notice.
    Notice {
        /// What it is about.
        purpose: Purpose,
        /// Whether its end has been shown.
        read: bool,
        /// The children's own.
        child: bool,
    },
    /// The consent question.
    Consent {
        /// What for.
        purpose: Purpose,
        /// Who is asked.
        asked: Asked,
        /// Asked once more, of somebody who wants one step at a time.
        sure: bool,
    },
    /// Larger and slower, for somebody of an age the site named?
    Offer,
    /// A child, or somebody of unknown age: guardian and staff are needed.
    Guardian {
        /// The age is not known; staff can confirm it.
        unknown: bool,
    },
    /// One of a few is chosen.
    Choice {
        /// What about.
        about: Choice,
    },
    /// A page to read, keep or print.
    Paper {
        /// Of a person's own data, or a receipt.
        own: bool,
        /// Whether it went to the printer, if that was asked.
        printed: Option<bool>,
    },
    /// The camera is on.
    Position {
        /// Whether it delivers.
        live: bool,
        /// It delivered and does not any more: why. It may come back.
        away: Option<Fault>,
        /// The one hint.
        hint: Option<Guidance>,
        /// Good frames so far, of all needed. Range: 0 to 100 percent.
        percent: u8,
        /// Whether the other ways should be pointed out.
        offer_others: bool,
    },
    /// A comparison or a save is running.
    Working,
    /// Lay the card down.
    Card {
        /// What for.
        purpose: Purpose,
        /// A card is being read.
        reading: bool,
        /// The guardian's card.
        guardian: bool,
    },
    /// Use your own phone.
    Phone {
        /// The code to be opened with it is on the screen.
        ready: bool,
    },
    /// Type the code that goes with the card.
    Code {
        /// Digits so far.
        len: u8,
        /// Whether the code may be submitted.
        ready: bool,
        /// A remark on the last try.
        remark: Option<Msg>,
    },
    /// Really destroy the template?
    ConfirmWithdraw,
    /// Staff have been asked for.
    Assist {
        /// They have to decide before it goes on.
        decide: bool,
    },
    /// The end, or a turn to another way.
    Result {
        /// Decides picture and colour.
        tone: Tone,
        /// What happened.
        title: Msg,
        /// What it means, and what to do next.
        body: Msg,
    },
    /// Nothing works but staff.
    OutOfService,
    /// Name and password of somebody who works here.
    StaffLogIn {
        /// For the first account of the device.
        first: bool,
        /// To witness a guardian's consent, or confirm an age.
        witness: bool,
        /// A remark on the last try.
        remark: Option<Msg>,
        /// How long to wait. Units: s.
        seconds: u64,
    },
    /// The state of the device.
    Board {
        /// What is known of it.
        board: Board,
        /// Why the face way is closed.
        locks: Vec<FaceLock>,
    },
}

/// Who is asked for consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The person themselves.
    Person,
    /// Their guardian.
    Guardian,
    /// A child whose guardian agreed before.
    Child,
}

/// What a choice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// How the guardian is related.
    Relation,
    /// What staff saw of it.
    Evidence,
    /// Which age staff confirmed.
    Age,
    /// What staff decided about the person, and why.
    Admit,
}

/// What staff see of the device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Board {
    /// Alarms nobody has looked into.
    pub alarms: Vec<OpenAlarm>,
    /// What a thief would get; none while the store is closed.
    pub theft: Option<Theft>,
    /// How many people are stored.
    pub people: u64,
    /// How many entries the log has had.
    pub entries: u64,
    /// Whether anybody has an account.
    pub operators: bool,
    /// Requests nobody has answered, and how many of them are late.
    pub requests: (u64, u64),
    /// A step of the filing is due, or near.
    pub filing_due: bool,
    /// People can be verified through their own phone.
    #[serde(default)]
    pub phone: bool,
}

/// How a result looks. Never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Done.
    Good,
    /// Here is another way.
    Turn,
    /// Something does not work.
    Fault,
}

/// A time-out is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Seconds left, at least 1.
    pub seconds: u8,
    /// Whether more time can still be had.
    pub extendable: bool,
}

/// One screen, complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// Which one.
    pub view: View,
    /// What can be touched now.
    pub controls: Vec<Control>,
    /// The person's wishes.
    pub comfort: Comfort,
    /// Headphones are plugged in: what is private may be spoken.
    #[serde(default)]
    pub headphones: bool,
    /// The number to wait for, if the site's system gave one.
    #[serde(default)]
    pub ticket: Option<Ticket>,
    /// A time-out is near.
    pub warning: Option<Warning>,
}

impl Screen {
    /// Whether this control can be used now.
    #[must_use]
    pub fn offers(&self, control: Control) -> bool {
        self.controls.contains(&control)
    }
}
