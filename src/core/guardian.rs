//! Guardians of children under 14 (Measures art. 7, PIPL art. 31).

use serde::{Deserialize, Serialize};

use super::ids::ReceiptId;
use super::message::Msg;

/// How the guardian is related to the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Father or mother.
    Parent,
    /// A grandparent.
    Grandparent,
    /// Another guardian.
    Other,
}

/// What staff saw of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The household register.
    Household,
    /// The child's birth certificate.
    BirthPaper,
    /// A paper by which a court, a committee or the civil affairs office named the guardian.
    Appointed,
    /// The parents' own consent, signed.
    Mandate,
}

impl Relation {
    /// All of them, in the order shown.
    pub const ALL: [Self; 3] = [Self::Parent, Self::Grandparent, Self::Other];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Parent => Msg::BtnParent,
            Self::Grandparent => Msg::BtnGrandparent,
            Self::Other => Msg::BtnOtherGuardian,
        }
    }

    /// What can show it. Parents are guardians by birth; anybody else is one by a paper that names
    /// them, or brings what the parents themselves signed (Civil Code art. 27 to 31).
    #[must_use]
    pub fn shown_by(self) -> &'static [Evidence] {
        match self {
            Self::Parent => &[Evidence::Household, Evidence::BirthPaper],
            Self::Grandparent | Self::Other => &[Evidence::Appointed, Evidence::Mandate],
        }
    }
}

impl Evidence {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Household => Msg::BtnHousehold,
            Self::BirthPaper => Msg::BtnBirthPaper,
            Self::Appointed => Msg::BtnAppointed,
            Self::Mandate => Msg::BtnMandate,
        }
    }
}

/// What goes on record of a guardian's own act, next to who they are and who witnessed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct GuardianDraft {
    /// How they are related.
    pub relation: Relation,
    /// What staff saw.
    pub evidence: Evidence,
}

/// Proof that a guardian agreed. Cannot be made outside the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guarded(());

impl Guarded {
    /// Just now, on record with its witness. Fails closed when the evidence shows something else.
    pub(super) fn now(draft: GuardianDraft) -> Option<Self> {
        draft.relation.shown_by().contains(&draft.evidence).then_some(Self(()))
    }

    /// Before: a consent in force, found in the store.
    pub(super) fn standing(_: ReceiptId) -> Self {
        Self(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grandparent_is_no_guardian_by_the_household_register_alone() {
        let draft = |relation, evidence| GuardianDraft { relation, evidence };
        assert!(Guarded::now(draft(Relation::Parent, Evidence::Household)).is_some());
        assert!(Guarded::now(draft(Relation::Grandparent, Evidence::Household)).is_none());
        assert!(Guarded::now(draft(Relation::Grandparent, Evidence::Mandate)).is_some());
        assert!(Guarded::now(draft(Relation::Other, Evidence::BirthPaper)).is_none());
    }
}
