//! The site's own list: who may enter or check in, whichever way they are verified.

use crate::core::ids::PersonId;

use super::{ClaimNumber, Identity, Secret, StoreFault};

/// Whom a badge was given to. Whoever holds it may be somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadgeOwner {
    /// If this device knows them.
    pub person: Option<PersonId>,
}

/// The list, asked one at a time. There is no way to see all of it from a kiosk.
pub trait Roster: Send {
    /// Whether this document's owner is on the list today.
    ///
    /// # Errors
    /// When the list cannot be read, or a row is not what was stored.
    fn listed(&mut self, identity: &Identity) -> Result<bool, StoreFault>;

    /// Whom a badge or code was given to, if they are on the list today.
    ///
    /// # Errors
    /// As [`Roster::listed`].
    fn badge(&mut self, code: &Secret) -> Result<Option<BadgeOwner>, StoreFault>;

    /// Whether a code goes with this document: the number its owner chose here, or the list's.
    ///
    /// # Errors
    /// As [`Roster::listed`].
    fn code_right(&mut self, identity: &Identity, code: &ClaimNumber) -> Result<bool, StoreFault>;
}
