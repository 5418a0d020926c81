//! What a person typed and what their card said: held for one session, never told to the core.

use crate::core::operator::LoggedIn;
use crate::ports::{ClaimNumber, Identity, Secret};

/// The private things of the person who stands here.
#[derive(Default)]
pub(super) struct Private {
    pub(super) claim: ClaimNumber,
    pub(super) identity: Option<Identity>,
    /// Whoever agrees for a child.
    pub(super) guardian: Option<Identity>,
    /// The next card is the guardian's.
    pub(super) expect_guardian: bool,
    /// What staff typed: name, password, and for a new account the password again.
    pub(super) log_in: Option<(Secret, Secret, Option<Secret>)>,
    /// Who of the staff is logged in.
    pub(super) staff: Option<LoggedIn>,
}
