//! Whether what a card says fits together. A card reported lost still reads perfectly: this cannot see it.

use crate::core::number::{self, Kind, NumberFault};
use crate::core::time::Date;

use super::record::{CardKind, Reading};

/// What does not fit on a card. Every case means "please see staff" and none means fraud; the caller
/// may treat [`Inconsistency::Expired`] apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inconsistency {
    /// The number cannot be one.
    NumberCheck,
    /// The number belongs to another kind of document.
    KindDiffers,
    /// The number says another day of birth.
    BirthDiffers,
    /// The number says another sex.
    SexDiffers,
    /// Born after the card was issued.
    BornAfterIssue,
    /// The validity ends before it begins.
    ValidityReversed,
    /// Not valid yet.
    NotYetValid,
    /// Long-term, but younger than 46 at issue (Resident Identity Card Law, article 5).
    LongTermTooYoung,
    /// No longer valid. Reported only if everything else fits.
    Expired,
}

/// Whether what a card says fits together and is valid today.
///
/// # Errors
/// The first thing that does not fit.
pub fn check(reading: &Reading, today: Date) -> Result<(), Inconsistency> {
    let facts = number::classify(reading.number.expose(), today).map_err(|fault| match fault {
        NumberFault::Birth => Inconsistency::BirthDiffers,
        NumberFault::Form | NumberFault::Region | NumberFault::CheckDigit => Inconsistency::NumberCheck,
    })?;
    let expected = match reading.kind {
        CardKind::Resident => Kind::Resident,
        CardKind::HmtPermit => Kind::HmtPermit,
        CardKind::Foreigner2017 => Kind::Foreigner2017,
        CardKind::Foreigner2023 => Kind::Foreigner2023,
    };
    let sexes_differ = matches!((facts.sex, reading.sex), (Some(number), Some(card)) if number != card);
    let long_term_early = reading.to.is_none() && reading.birth.years_before(reading.from.next()) < 46;
    let findings = [
        (facts.kind != expected, Inconsistency::KindDiffers),
        (facts.birth != Some(reading.birth), Inconsistency::BirthDiffers),
        (sexes_differ, Inconsistency::SexDiffers),
        (reading.birth > reading.from, Inconsistency::BornAfterIssue),
        (reading.to.is_some_and(|to| to < reading.from), Inconsistency::ValidityReversed),
        (reading.from > today, Inconsistency::NotYetValid),
        (long_term_early, Inconsistency::LongTermTooYoung),
        (reading.to.is_some_and(|to| to < today), Inconsistency::Expired),
    ];
    findings.into_iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, what)| Err(what))
}
