//! One random data key per person and enrolment, and what is derived from it.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::ports::Transform;

use super::error::StoreError;
use super::keys::{Key, derive, random_key};

/// The data key of one person; destroyed with them, and renewed when they enrol again.
pub(super) struct PersonKey(Key);

impl PersonKey {
    pub(super) fn random() -> Result<Self, StoreError> {
        random_key().map(Self)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|key| Self(Key::new(key)))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals name, number, birth date and chosen number.
    pub(super) fn identity(&self) -> Key {
        derive(&self.0, b"mianzheng 2 person identity")
    }

    /// Seals the template.
    pub(super) fn template(&self) -> Key {
        derive(&self.0, b"mianzheng 2 person template")
    }

    /// The transform of this enrolment on this device.
    pub(super) fn transform(&self, device: &Key) -> Transform {
        let mut key = Zeroizing::new([0; Transform::KEY]);
        // 48 bytes are far below the limit of 255 blocks, the only error there is.
        let expanded = Hkdf::<Sha256>::new(Some(&**device), &*self.0).expand(b"mianzheng 2 transform", &mut *key);
        debug_assert!(expanded.is_ok());
        Transform::from_key(&key)
    }
}
