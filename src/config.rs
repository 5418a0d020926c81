//! The site file: raw TOML to a validated [`Site`].

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::core::assessment::Subject;
use crate::core::message::Msg;
use crate::core::notice::{EDITION, Matter, urges};
use crate::core::policy::Policy;
use crate::core::readiness::{SiteFacts, SiteField};
use crate::core::screen::Lang;

/// The profiles built in, by name.
pub const PROFILES: [(&str, &str); 3] = [
    ("front-desk", include_str!("../assets/sites/front-desk.toml")),
    ("compound-entry", include_str!("../assets/sites/compound-entry.toml")),
    ("hospital-terminal", include_str!("../assets/sites/hospital-terminal.toml")),
];

/// Longest retention the program accepts. Units: days. Three years; a consent without end is void
/// (Supreme People's Court on face recognition, art. 11).
const MAX_RETENTION_DAYS: u32 = 1096;

/// The only mode there is at a kiosk.
pub const MODE: &str = "1:1";

/// A text in one or in each language.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The same for all.
    One(String),
    /// One for each.
    Each {
        /// 简体中文.
        #[serde(rename = "zh-CN")]
        zh_cn: String,
        /// 繁體中文.
        #[serde(rename = "zh-TW")]
        zh_tw: String,
        /// English.
        en: String,
    },
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match self {
            Self::One(text) => text,
            Self::Each { zh_cn, zh_tw, en } => match lang {
                Lang::ZhCn => zh_cn,
                Lang::ZhTw => zh_tw,
                Lang::En => en,
            },
        }
    }

    /// Nothing, or nothing yet, in any language.
    fn is_blank(&self) -> bool {
        Lang::ALL.iter().any(|lang| is_blank(self.in_lang(*lang)))
    }
}

/// Whether a text says nothing yet.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || ["TODO", "待填", "XXX", "<"].iter().any(|mark| text.starts_with(mark))
}

/// Where the kiosk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum Place {
    FrontDesk,
    CompoundEntry,
    Hospital,
    Other,
    GuestRoom,
    Bath,
    ChangingRoom,
    Toilet,
    FittingRoom,
    NursingRoom,
    Ward,
    Dormitory,
}

impl Place {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::FrontDesk => Msg::PlaceFrontDesk,
            Self::CompoundEntry => Msg::PlaceCompoundEntry,
            Self::Hospital => Msg::PlaceHospital,
            Self::Other => Msg::PlaceOther,
            _ => Msg::PlacePrivate,
        }
    }

    /// Measures art. 13 and the video regulation art. 8: no face device there.
    #[must_use]
    pub fn is_private(self) -> bool {
        match self {
            Self::FrontDesk | Self::CompoundEntry | Self::Hospital | Self::Other => false,
            Self::GuestRoom | Self::Bath | Self::ChangingRoom | Self::Toilet | Self::FittingRoom | Self::NursingRoom
            | Self::Ward | Self::Dormitory => true,
        }
    }
}

/// The one purpose faces are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// Business at a desk.
    Visit,
    /// Entering a compound.
    Entry,
    /// Medical treatment.
    Treatment,
}

impl Use {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Visit => Msg::UseVisit,
            Self::Entry => Msg::UseEntry,
            Self::Treatment => Msg::UseTreatment,
        }
    }
}

/// The words for a purpose as an assessment has it.
#[must_use]
pub fn use_words(mark: &str) -> Msg {
    let all = [Use::Visit, Use::Entry, Use::Treatment];
    all.into_iter().find(|purpose| format!("{purpose:?}").to_lowercase() == mark).map_or(Msg::PlaceOther, Use::words)
}

/// The words for a kind of place as an assessment has it.
#[must_use]
pub fn place_words(mark: &str) -> Msg {
    let all = [Place::FrontDesk, Place::CompoundEntry, Place::Hospital];
    all.into_iter().find(|place| format!("{place:?}").to_lowercase() == mark).map_or(Msg::PlaceOther, Place::words)
}

/// A way to be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By face.
    Face,
    /// By ID card.
    Card,
    /// By staff.
    Staff,
}

/// Who processes the data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processor {
    /// Name.
    pub name: Text,
    /// Contact.
    pub contact: Text,
    /// Address.
    pub address: Text,
}

/// How the device stands (Measures art. 13).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Installation {
    /// Where people stand when they are captured, and how far away.
    pub zone: Text,
    /// Where the sign hangs.
    pub sign: Text,
}

/// Which devices.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeviceNames {
    /// Part of the camera's name; blank takes the first.
    pub camera: String,
    /// Part of the name of an infrared camera beside it; blank: none. A face it does not see counts as
    /// not live.
    pub infrared: String,
    /// Card reader: `usb` for native USB (0400:C35A), or the path of a serial port; blank: none.
    pub reader: String,
    /// Number of the security module the reader must have, as `doctor` shows it; blank: the first
    /// one seen.
    pub reader_sam: String,
    /// Socket of the helper for people's own phones; blank: the site has no such way.
    pub phone: String,
    /// A scanner or badge reader that types: its device, such as `/dev/mianzheng-scanner`, or its USB
    /// numbers, such as `1a2b:3c4d`; blank: none. It has to end each scan with Enter or Tab.
    pub scanner: String,
    /// CUPS queue for receipts; blank takes the default one.
    pub printer: String,
    /// `on` or `off`: whether there is a loudspeaker or a jack.
    pub sound: Sound,
    /// Keys of a keypad, by what they do.
    pub keypad: Keypad,
}

/// Where outcomes go, besides the log (`packaging/OUTCOME.md`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Outcomes {
    /// Socket of the site's own system; blank: none.
    pub host: String,
    /// A door behind a serial relay.
    pub door: Option<DoorRelay>,
}

/// A door behind a serial relay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DoorRelay {
    /// Its serial port.
    pub port: String,
    /// Bytes that open, as hexadecimal pairs; if left out those of an LCUS-1.
    pub open: Option<String>,
    /// Bytes that close.
    pub close: Option<String>,
    /// How long the door stays open. Units: ms; 500 to 30,000.
    pub hold_ms: Option<u64>,
    /// Units: bits per second.
    pub baud: Option<u32>,
}

/// Whether the kiosk has a voice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum Sound {
    #[default]
    On,
    Off,
}

/// The keys of a keypad besides those every keyboard has: each a list of names such as `F22`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub struct Keypad {
    pub next: Vec<String>,
    pub previous: Vec<String>,
    pub action: Vec<String>,
    pub repeat: Vec<String>,
    pub home: Vec<String>,
    pub louder: Vec<String>,
    pub softer: Vec<String>,
    pub faster: Vec<String>,
    pub slower: Vec<String>,
    pub headphones_in: Vec<String>,
    pub headphones_out: Vec<String>,
}

impl Default for Keypad {
    /// A pad of the `AudioNav` kind, and the keys around the digits of a numeric pad.
    fn default() -> Self {
        let keys = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            next: keys(&["F19", "F22"]),
            previous: keys(&["F18", "F23"]),
            action: keys(&["F20"]),
            repeat: keys(&["F17", "F1", "*"]),
            home: keys(&["Escape"]),
            louder: keys(&["Plus"]),
            softer: keys(&["Minus"]),
            faster: keys(&["PageUp"]),
            slower: keys(&["PageDown"]),
            headphones_in: keys(&["F15"]),
            headphones_out: keys(&["F16"]),
        }
    }
}

/// What the site sets up for certain people, with their yes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ComfortRules {
    /// From which age by the card larger and slower is offered. Units: years.
    pub offer_large_from_age: Option<u16>,
}

/// One site, validated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Site {
    /// Shown at the head of the screen.
    pub name: Text,
    /// Shown at its foot.
    pub device: String,
    /// Where the kiosk stands.
    pub place: Place,
    /// What faces are used for.
    pub purpose: Use,
    /// Why that needs a face.
    pub necessity: Text,
    /// How to use one's rights, beyond the kiosk itself.
    pub rights_procedure: Text,
    /// Where to complain.
    pub complaint_contact: Text,
    /// Who processes the data.
    pub processor: Processor,
    /// How the device stands.
    pub installation: Installation,
    /// 14 to 17: the receipt asks to show it to the guardian.
    #[serde(default)]
    pub inform_guardian: bool,
    /// How long a template is kept. Units: days.
    pub retention_days: Option<u32>,
    /// Ways on offer.
    pub methods: Vec<Way>,
    /// Language at the start of each session.
    pub language: Lang,
    /// Decisions.
    #[serde(default)]
    pub policy: Policy,
    /// Devices.
    #[serde(default)]
    pub devices: DeviceNames,
    /// Where outcomes go.
    #[serde(default)]
    pub outcome: Outcomes,
    /// What is offered to whom.
    #[serde(default)]
    pub comfort: ComfortRules,
}

/// The site's own words, as screens and documents need them.
#[derive(Clone, Debug)]
pub struct SiteText {
    /// The name at the head.
    pub name: Text,
    /// Who processes the data.
    pub processor: Text,
    /// How to reach them.
    pub contact: Text,
    /// Where they are.
    pub address: Text,
    /// Why a face is needed.
    pub necessity: Text,
    /// How to use one's rights.
    pub rights: Text,
    /// Where to complain.
    pub complaint: Text,
    /// The capture area.
    pub zone: Text,
    /// Where the sign hangs.
    pub sign: Text,
    /// How long templates are kept. Units: days.
    pub days: u32,
    /// What faces are used for.
    pub purpose: Use,
    /// Where the kiosk stands.
    pub place: Place,
    /// At the foot.
    pub device: String,
    /// 14 to 17: the receipt asks to show it to the guardian.
    pub inform_guardian: bool,
    /// Keys of a keypad.
    pub keypad: Keypad,
}

/// A site file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// It cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
    /// It says something that cannot be.
    #[error("{file}: {reason}")]
    Invalid {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
}

impl Site {
    /// Loads a built-in profile by name, or a file.
    ///
    /// # Errors
    /// When it cannot be read or says something that cannot be. Blank fields are no error: they
    /// lock the face way, see [`Site::locks`].
    pub fn load(name: &str) -> Result<Self, SiteError> {
        if let Some((_, text)) = PROFILES.iter().find(|(profile, _)| *profile == name) {
            return Self::parse(name, text);
        }
        let text = std::fs::read_to_string(Path::new(name))
            .map_err(|e| SiteError::Unreadable { file: name.to_owned(), reason: e.to_string() })?;
        Self::parse(name, &text)
    }

    /// Reads and validates.
    ///
    /// # Errors
    /// As [`Site::load`].
    pub fn parse(file: &str, text: &str) -> Result<Self, SiteError> {
        let invalid = |reason: String| SiteError::Invalid { file: file.to_owned(), reason };
        let site: Self = toml::from_str(text).map_err(|e| invalid(one_line(&e, text)))?;
        let policy = site.policy.clone().validated().map_err(|e| invalid(e.to_string()))?;
        if !site.methods.contains(&Way::Card) || !site.methods.contains(&Way::Staff) {
            return Err(invalid("methods must hold card and staff: a face may not be the only way".into()));
        }
        if site.retention_days.is_some_and(|days| days > MAX_RETENTION_DAYS) {
            return Err(invalid(format!("retention-days must be {MAX_RETENTION_DAYS} or less")));
        }
        let DeviceNames { camera, infrared, .. } = &site.devices;
        if !infrared.is_empty() && (camera.is_empty() || camera.contains(infrared.as_str()) || infrared.contains(camera.as_str())) {
            return Err(invalid("devices.infrared needs devices.camera, and a name that tells the two apart".into()));
        }
        let policy = Policy { version: fingerprint(&policy), ..policy };
        Ok(Self { policy, ..site })
    }

    /// What readiness asks of the site. `models`: fingerprint of the models in use.
    #[must_use]
    pub fn facts(&self, models: &str) -> SiteFacts {
        let blanks = [
            (self.processor.name.is_blank(), SiteField::ProcessorName),
            (self.processor.contact.is_blank(), SiteField::ProcessorContact),
            (self.processor.address.is_blank(), SiteField::ProcessorAddress),
            (self.necessity.is_blank(), SiteField::Necessity),
            (self.retention_days.is_none_or(|days| days == 0), SiteField::RetentionDays),
            (self.rights_procedure.is_blank(), SiteField::RightsProcedure),
            (self.complaint_contact.is_blank(), SiteField::ComplaintContact),
            (self.installation.zone.is_blank(), SiteField::Zone),
            (self.installation.sign.is_blank(), SiteField::Sign),
        ];
        SiteFacts {
            blanks: blanks.into_iter().filter(|(blank, _)| *blank).map(|(_, field)| field).collect(),
            urging: [
                (&self.processor.name, SiteField::ProcessorName),
                (&self.installation.zone, SiteField::Zone),
                (&self.installation.sign, SiteField::Sign),
                (&self.necessity, SiteField::Necessity),
                (&self.rights_procedure, SiteField::RightsProcedure),
                (&self.complaint_contact, SiteField::ComplaintContact),
            ]
            .into_iter()
            .filter(|(text, _)| Lang::ALL.iter().any(|lang| urges(text.in_lang(*lang)).is_some()))
            .map(|(_, field)| field)
            .collect(),
            face_offered: self.methods.contains(&Way::Face),
            private_place: self.place.is_private(),
            // At a compound gate nobody sits beside the kiosk.
            staffed: self.place != Place::CompoundEntry,
            subject: self.subject(models),
        }
    }

    /// What an impact assessment of this site is made for.
    #[must_use]
    pub fn subject(&self, models: &str) -> Subject {
        Subject {
            processor: self.processor.name.in_lang(Lang::ZhCn).to_owned(),
            purpose: format!("{:?}", self.purpose).to_lowercase(),
            place: format!("{:?}", self.place).to_lowercase(),
            mode: MODE.to_owned(),
            retention_days: self.retention_days(),
            models: models.to_owned(),
            zone: self.installation.zone.in_lang(Lang::ZhCn).to_owned(),
        }
    }

    /// What a change of the notice is measured by.
    #[must_use]
    pub fn matter(&self) -> Matter {
        let Subject { processor, purpose, mode, retention_days, .. } = self.subject("");
        Matter { edition: EDITION, processor, purpose, mode, retention_days }
    }

    /// The site's own words, as screens and documents need them.
    #[must_use]
    pub fn text(&self) -> SiteText {
        SiteText {
            name: self.name.clone(),
            processor: self.processor.name.clone(),
            contact: self.processor.contact.clone(),
            address: self.processor.address.clone(),
            necessity: self.necessity.clone(),
            rights: self.rights_procedure.clone(),
            complaint: self.complaint_contact.clone(),
            zone: self.installation.zone.clone(),
            sign: self.installation.sign.clone(),
            days: self.retention_days(),
            purpose: self.purpose,
            place: self.place,
            device: self.device.clone(),
            inform_guardian: self.inform_guardian,
            keypad: self.devices.keypad.clone(),
        }
    }

    /// The site's own words that are read out, by key and language.
    #[must_use]
    pub fn spoken(&self) -> Vec<(&'static str, Lang, String)> {
        let texts = [
            ("name", &self.name),
            ("processor.name", &self.processor.name),
            ("processor.contact", &self.processor.contact),
            ("processor.address", &self.processor.address),
            ("necessity", &self.necessity),
            ("rights-procedure", &self.rights_procedure),
            ("complaint-contact", &self.complaint_contact),
            ("installation.zone", &self.installation.zone),
            ("installation.sign", &self.installation.sign),
        ];
        let all = Lang::ALL.into_iter().flat_map(|lang| texts.map(|(key, text)| (key, lang, text.in_lang(lang).to_owned())));
        all.filter(|(.., words)| !is_blank(words)).collect()
    }

    /// How long a template is kept. Units: days; one when none is set, though then none is made.
    #[must_use]
    pub fn retention_days(&self) -> u32 {
        self.retention_days.unwrap_or(1).max(1)
    }
}

/// Tells one policy from another in the records: the first bytes of its mark.
fn fingerprint(policy: &Policy) -> u32 {
    let digest = digest(policy);
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// What two persons approve: hexadecimal SHA-256 of all values of a policy but its version.
#[must_use]
pub fn policy_mark(policy: &Policy) -> String {
    digest(policy).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest(policy: &Policy) -> [u8; 32] {
    Sha256::digest(serde_json::to_vec(&Policy { version: 0, ..policy.clone() }).unwrap_or_default()).into()
}

/// The place and the plain message of a TOML error, on one line.
fn one_line(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].lines().count().max(1));
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    line.map_or(message.clone(), |line| format!("line {line}: {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(from: &str, to: &str) -> Result<Site, SiteError> {
        let text = PROFILES[0].1;
        assert!(text.contains(from), "{from}");
        Site::parse("test", &text.replacen(from, to, 1))
    }

    #[test]
    fn profiles_are_valid_and_wait_only_for_the_processor() {
        for (name, _) in PROFILES {
            let site = Site::load(name).unwrap().facts("");
            let own = [
                SiteField::ProcessorName,
                SiteField::ProcessorContact,
                SiteField::ProcessorAddress,
                SiteField::ComplaintContact,
                SiteField::Zone,
                SiteField::Sign,
            ];
            assert_eq!(site.blanks, own, "{name}");
            assert!(site.face_offered && !site.private_place);
        }
    }

    #[test]
    fn check_17_the_face_may_not_be_the_only_way() {
        for methods in [r#"["face"]"#, r#"["face", "staff"]"#, "[]"] {
            assert!(with(r#"["face", "card", "staff"]"#, methods).is_err());
        }
    }

    #[test]
    fn check_18_no_face_device_in_a_private_space() {
        for place in ["guest-room", "bath", "changing-room", "toilet", "fitting-room", "nursing-room", "ward", "dormitory"] {
            let site = with(r#"place = "front-desk""#, &format!("place = \"{place}\"")).unwrap();
            assert!(site.facts("").private_place, "{place}");
        }
    }

    #[test]
    fn words_of_a_site_that_urge_are_found() {
        let site = with("办理业务前需要确认是本人", "刷脸更快").unwrap();
        assert_eq!(site.facts("").urging, [SiteField::Necessity]);
    }

    #[test]
    fn retention_without_end_is_refused_and_blank_locks() {
        assert!(with("retention-days = 365", "retention-days = 99999").is_err());
        for blank in ["retention-days = 0", ""] {
            let site = with("retention-days = 365", blank).unwrap();
            assert!(site.facts("").blanks.contains(&SiteField::RetentionDays));
        }
    }

    #[test]
    fn another_policy_has_another_version() {
        let version = |text: &str| Site::parse("test", text).unwrap().policy.version;
        let text = PROFILES[0].1;
        assert_ne!(version(text), version(&text.replace("[policy]", "[policy]\nattempts = 2")));
        assert_eq!(version(text), version(&text.replace("[policy]", "[policy]\nversion = 7")));
    }

    #[test]
    fn unknown_words_are_named_with_their_line() {
        let error = with("[policy]", "[policy]\nliveness = false").unwrap_err().to_string();
        assert!(error.contains("line") && error.contains("liveness"), "{error}");
    }
}
