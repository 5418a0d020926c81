//! Ages, purposes and the proof that a person agreed.

use serde::{Deserialize, Serialize};

use super::guardian::Guarded;
use super::ids::ReceiptId;
use super::time::Date;

/// What the person came to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Be verified once.
    Verify,
    /// Keep a face template on this device for later verifications.
    Enrol,
    /// Have the stored template destroyed.
    Withdraw,
    /// See what is stored, copy it, have it corrected, pause it.
    MyData,
}

/// The bands of age the law distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgeBand {
    /// Not known: protected as under 14.
    Unknown,
    /// Under 14: a guardian's consent is needed.
    Under14,
    /// 14 to 17: own consent.
    From14To17,
    /// 18 or older.
    Adult,
}

impl AgeBand {
    /// The band on `today`. A 14th or 18th birthday itself still belongs to the younger band.
    #[must_use]
    pub fn on(birth: Option<Date>, today: Date) -> Self {
        match birth.filter(|b| *b <= today).map(|b| b.years_before(today)) {
            None => Self::Unknown,
            Some(0..=13) => Self::Under14,
            Some(14..=17) => Self::From14To17,
            Some(_) => Self::Adult,
        }
    }

    /// The band that is protected more.
    #[must_use]
    pub fn younger(self, other: Self) -> Self {
        let rank = |band| match band {
            Self::Unknown => 0,
            Self::Under14 => 1,
            Self::From14To17 => 2,
            Self::Adult => 3,
        };
        if rank(self) <= rank(other) { self } else { other }
    }

    /// Whether no face may be captured without a guardian's receipt (Measures art. 7).
    #[must_use]
    pub fn needs_guardian(self) -> bool {
        match self {
            Self::Unknown | Self::Under14 => true,
            Self::From14To17 | Self::Adult => false,
        }
    }
}

/// Proof that this person agreed, in this session, to this purpose, and that it is on record.
///
/// It cannot be made outside the core: only a stored consent becomes a receipt, of a person who may
/// consent alone or whose guardian did, and it ends with the session.
#[derive(Debug, PartialEq, Eq)]
pub struct ConsentReceipt {
    id: ReceiptId,
    purpose: Purpose,
}

impl ConsentReceipt {
    /// Fails closed when a guardian would have to agree and none did.
    pub(super) fn stored(id: ReceiptId, purpose: Purpose, age: AgeBand, guarded: Option<Guarded>) -> Option<Self> {
        (!age.needs_guardian() || guarded.is_some()).then_some(Self { id, purpose })
    }

    /// The stored record.
    #[must_use]
    pub fn id(&self) -> ReceiptId {
        self.id
    }

    /// What was agreed to.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_or_future_birth_counts_as_a_child() {
        let today = Date::parse("2026-11-22").unwrap();
        assert_eq!(AgeBand::on(None, today), AgeBand::Unknown);
        assert_eq!(AgeBand::on(Date::parse("2027-01-01"), today), AgeBand::Unknown);
        assert_eq!(AgeBand::on(Date::parse("2012-11-22"), today), AgeBand::Under14);
        assert_eq!(AgeBand::on(Date::parse("2012-11-21"), today), AgeBand::From14To17);
        assert_eq!(AgeBand::on(Date::parse("2008-11-21"), today), AgeBand::Adult);
    }

    #[test]
    fn no_receipt_for_a_child_or_an_unknown_age_without_a_guardian() {
        for age in [AgeBand::Unknown, AgeBand::Under14] {
            assert_eq!(ConsentReceipt::stored(ReceiptId(1), Purpose::Enrol, age, None), None);
            let guarded = Some(Guarded::standing(ReceiptId(2)));
            assert!(ConsentReceipt::stored(ReceiptId(1), Purpose::Enrol, age, guarded).is_some());
        }
        assert!(ConsentReceipt::stored(ReceiptId(1), Purpose::Enrol, AgeBand::From14To17, None).is_some());
    }
}
