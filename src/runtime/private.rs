//! What a person typed and what their card said: held for one session, never told to the core.

use crate::ports::{ClaimNumber, Identity};

/// The private things of the person who stands here.
#[derive(Default)]
pub(super) struct Private {
    pub(super) claim: ClaimNumber,
    pub(super) identity: Option<Identity>,
}
