//! What people may ask about their data (PIPL art. 44 to 50).

use serde::{Deserialize, Serialize};

use super::consent::AgeBand;
use super::guardian::Relation;
use super::ids::{PersonId, ReceiptId};
use super::message::Msg;
use super::retention::DAY_MS;

/// Longest time until an answer. Units: days. GB/T 35273-2020, 8.7.
pub const ANSWER_DAYS: i64 = 30;

/// When a request must be answered. Units: ms since 1970 UTC.
#[must_use]
pub fn answer_by(made_ms: i64) -> i64 {
    made_ms.saturating_add(ANSWER_DAYS * DAY_MS)
}

/// A request staff must answer. Seeing, copying, pausing and deleting need nobody's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// Something stored is wrong.
    Correct,
    /// A complaint.
    Complain,
    /// How a result came about.
    Explain,
}

impl RequestKind {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Correct => Msg::KindCorrect,
            Self::Complain => Msg::KindComplain,
            Self::Explain => Msg::KindExplain,
        }
    }
}

/// What may be done with a stored template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// There is none.
    #[default]
    None,
    /// It may be compared, under consent.
    Live,
    /// Kept, not used: the person paused it.
    Restricted,
    /// Kept, not used until consent is given anew.
    Suspended(Suspension),
}

impl Standing {
    /// Whether a template is stored.
    #[must_use]
    pub fn is_stored(self) -> bool {
        self != Self::None
    }
}

/// Why a consent does not count any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suspension {
    /// The notice changed in a matter people agreed to.
    NoticeChanged,
    /// A guardian agreed, and the child is 14 now.
    CameOfAge,
    /// Under 14 or of unknown age, and no guardian agreed.
    NoGuardian,
}

/// The standing of a template. The protective reason comes first.
#[must_use]
pub fn standing(age: AgeBand, by_guardian: bool, notice_in_force: bool, restricted: bool) -> Standing {
    let suspension = match (age.needs_guardian(), by_guardian) {
        (true, false) => Some(Suspension::NoGuardian),
        (false, true) => Some(Suspension::CameOfAge),
        _ if !notice_in_force => Some(Suspension::NoticeChanged),
        _ => None,
    };
    match suspension {
        _ if restricted => Standing::Restricted,
        Some(why) => Standing::Suspended(why),
        None => Standing::Live,
    }
}

/// The children a guardian's card speaks for; at most eight.
pub type Wards = [Option<PersonId>; 8];

/// What a page of a person's own data says to the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnFacts {
    /// Of their template.
    pub standing: Standing,
    /// Their age.
    pub age: AgeBand,
    /// The consent it rests on.
    pub receipt: Option<ReceiptId>,
    /// By whom it was given, if by a guardian.
    pub relation: Option<Relation>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_counts_only_under_a_consent_that_holds() {
        use AgeBand::{Adult, From14To17, Under14, Unknown};
        assert_eq!(standing(Adult, false, true, false), Standing::Live);
        assert_eq!(standing(Under14, true, true, false), Standing::Live);
        assert_eq!(standing(From14To17, true, true, false), Standing::Suspended(Suspension::CameOfAge));
        for age in [Under14, Unknown] {
            assert_eq!(standing(age, false, true, false), Standing::Suspended(Suspension::NoGuardian));
        }
        assert_eq!(standing(Adult, false, false, false), Standing::Suspended(Suspension::NoticeChanged));
        assert_eq!(standing(Adult, false, false, true), Standing::Restricted);
    }
}
