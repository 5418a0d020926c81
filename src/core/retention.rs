//! How long each kind of record is kept, and why: every one has a reason and an end.

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Face template, identity and chosen number of a person.
    Person,
    /// A consent, given or ended.
    Consent,
    /// An entry of the audit log.
    AuditEntry,
    /// A backup of the store.
    Backup,
}

/// How long a template waits for a new consent, after the notice changed or the child is 14,
/// before it is destroyed. Units: days. Our own: PIPL art. 47 wants it gone when consent is, and
/// people need time to come by.
pub const GRACE_DAYS: i64 = 90;
/// Units: ms.
pub const DAY_MS: i64 = 86_400_000;
/// Three years, counted long: two of them may be leap years.
const THREE_YEARS_DAYS: i64 = 3 * 365 + 2;
/// Longest life of a backup. Units: days.
const BACKUP_DAYS: i64 = 30;

/// How long a record is kept. Units: days, from the moment its reason ended.
///
/// * `Person`: what the site chose and the notice says, from enrolment (Measures art. 8).
/// * `Consent`, `AuditEntry`: three years (Measures art. 9, PIPL art. 56), from the end of the
///   consent, or from the entry. They hold pseudonyms only.
/// * `Backup`: thirty days, or the site's retention if that is shorter.
#[must_use]
pub fn days(kind: Kind, site_days: u32) -> i64 {
    match kind {
        Kind::Person => i64::from(site_days),
        Kind::Consent | Kind::AuditEntry => THREE_YEARS_DAYS,
        Kind::Backup => BACKUP_DAYS.min(i64::from(site_days)),
    }
}

/// The moment from which a record may not exist any more. Units: ms since 1970 UTC.
#[must_use]
pub fn end_ms(kind: Kind, site_days: u32, from_ms: i64) -> i64 {
    from_ms.saturating_add(days(kind, site_days).saturating_mul(DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_for_ever_and_records_not_under_three_years() {
        for kind in [Kind::Person, Kind::Consent, Kind::AuditEntry, Kind::Backup] {
            assert!((1..=4000).contains(&days(kind, 365)));
        }
        // 2028 is a leap year: 1 March 2026 to 1 March 2029 are 1,096 days.
        assert!(days(Kind::AuditEntry, 1) >= 1096);
        assert_eq!(days(Kind::Backup, 7), 7);
    }
}
