//! What a notice holds, and which change of it needs consent anew.

use serde::{Deserialize, Serialize};

use super::consent::Purpose;
use super::message::Msg;

/// Goes up when the built-in words change what people agree to: method, kinds of data, place of
/// storage, recipients. A test notices every change of the words and asks which it is.
pub const EDITION: u32 = 2;

/// What a change of notice is measured by (PIPL art. 14, data regulation art. 22).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Matter {
    /// Of the built-in words.
    pub edition: u32,
    /// Who processes.
    pub processor: String,
    /// What for.
    pub purpose: String,
    /// 1:1 or 1:N.
    pub mode: String,
    /// How long templates are kept. Units: days.
    pub retention_days: u32,
}

impl Matter {
    /// Whether who agreed before must be asked anew. A contact that changed is told; a longer
    /// retention is asked for.
    #[must_use]
    pub fn is_material_change(&self, before: &Self) -> bool {
        self.retention_days > before.retention_days
            || (self.edition, &self.processor, &self.purpose, &self.mode)
                != (before.edition, &before.processor, &before.purpose, &before.mode)
    }
}

/// One item of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the law's own items
pub enum Item {
    Other,
    Who,
    Purpose,
    Method,
    Kinds,
    Need,
    Impact,
    Keep,
    Place,
    Rights,
    Complain,
    Minors,
}

impl Item {
    /// All of them, in reading order: that there is another way comes first.
    pub const ALL: [Self; 12] = [
        Self::Other,
        Self::Who,
        Self::Purpose,
        Self::Method,
        Self::Kinds,
        Self::Need,
        Self::Impact,
        Self::Keep,
        Self::Place,
        Self::Rights,
        Self::Complain,
        Self::Minors,
    ];

    /// Heading and text.
    #[must_use]
    pub fn words(self, purpose: Purpose) -> (Msg, Msg) {
        let pick = |verify, enrol| if purpose == Purpose::Enrol { enrol } else { verify };
        match self {
            Self::Other => (Msg::NoticeOther, Msg::NoticeOtherText),
            Self::Who => (Msg::NoticeWho, Msg::NoticeWhoText),
            Self::Purpose => (Msg::NoticePurpose, pick(Msg::NoticePurposeVerify, Msg::NoticePurposeEnrol)),
            Self::Method => (Msg::NoticeMethod, pick(Msg::NoticeMethodVerify, Msg::NoticeMethodEnrol)),
            Self::Kinds => (Msg::NoticeKinds, pick(Msg::NoticeKindsVerify, Msg::NoticeKindsEnrol)),
            Self::Need => (Msg::NoticeNeed, Msg::NoticeNeedText),
            Self::Impact => (Msg::NoticeImpact, Msg::NoticeImpactText),
            Self::Keep => (Msg::NoticeKeep, pick(Msg::NoticeKeepVerify, Msg::NoticeKeepEnrol)),
            Self::Place => (Msg::NoticePlace, Msg::NoticePlaceText),
            Self::Rights => (Msg::NoticeRights, Msg::NoticeRightsText),
            Self::Complain => (Msg::NoticeComplain, Msg::NoticeComplainText),
            Self::Minors => (Msg::NoticeMinors, Msg::NoticeMinorsText),
        }
    }
}

/// What the law wants told, and the item that tells it.
pub const REQUIRED: [(&str, Item); 16] = [
    ("Measures 5(1) name and contact of the processor", Item::Who),
    ("Measures 5(2) purpose", Item::Purpose),
    ("Measures 5(2) method", Item::Method),
    ("Measures 5(2) retention", Item::Keep),
    ("Measures 5(3) necessity", Item::Need),
    ("Measures 5(3) impact on rights", Item::Impact),
    ("Measures 5(4) how to exercise rights", Item::Rights),
    ("Measures 7 children under 14", Item::Minors),
    ("Measures 8 storage in the device", Item::Place),
    ("Measures 10 the other ways", Item::Other),
    ("PIPL 17 kinds of information", Item::Kinds),
    ("PIPL 30 necessity and impact of sensitive information", Item::Impact),
    ("Regulation 21 treatment at expiry", Item::Keep),
    ("Regulation 21 withdrawal of consent", Item::Rights),
    ("Regulation 21 recipients as a list", Item::Place),
    ("Regulation 20 complaints", Item::Complain),
];

/// Words that urge toward the face or frighten away from it (Measures art. 12): in no text of the
/// program, nor of a site.
pub const URGING: [&str; 20] = [
    "推荐", "推薦", "更快", "最快", "秒通过", "秒通過", "尽快", "盡快", "必须刷脸", "必須刷臉", "只能刷脸", "只能刷臉", "不刷脸不", "不刷臉不",
    "拒绝通过", "recommended", "faster", "quickest", "must use your face", "only by face",
];

/// The first urging word in a text.
#[must_use]
pub fn urges(text: &str) -> Option<&'static str> {
    let small = text.to_lowercase();
    URGING.into_iter().find(|word| small.contains(word))
}

/// The notice for children: short sentences, each with a picture.
pub const CHILD: [Msg; 6] = [Msg::ChildCamera, Msg::ChildWhy, Msg::ChildKeep, Msg::ChildNo, Msg::ChildDelete, Msg::ChildAsk];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_people_would_mind_are_material_and_others_are_not() {
        let base = Matter { edition: 1, processor: "A".into(), purpose: "visit".into(), mode: "1:1".into(), retention_days: 365 };
        assert!(!base.is_material_change(&base));
        assert!(!Matter { retention_days: 30, ..base.clone() }.is_material_change(&base));
        for other in [
            Matter { retention_days: 366, ..base.clone() },
            Matter { purpose: "entry".into(), ..base.clone() },
            Matter { processor: "B".into(), ..base.clone() },
            Matter { mode: "1:N".into(), ..base.clone() },
            Matter { edition: 2, ..base.clone() },
        ] {
            assert!(other.is_material_change(&base), "{other:?}");
        }
    }

    #[test]
    fn every_item_is_told_and_every_duty_has_its_item() {
        for (duty, item) in REQUIRED {
            assert!(Item::ALL.contains(&item), "{duty}");
        }
        for item in Item::ALL {
            assert!(REQUIRED.iter().any(|(_, told)| *told == item), "{item:?} stands for nothing");
        }
    }
}
