//! The master key of a device, and the keys derived from it.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroize;

use crate::store::StoreError;

/// A secret of 32 bytes: lies in one place on the heap, wiped when it goes.
#[derive(Clone)]
pub(in crate::store) struct Key(Box<[u8; 32]>);

impl Key {
    pub(in crate::store) fn new(mut bytes: [u8; 32]) -> Self {
        let key = Self(Box::new(bytes));
        bytes.zeroize();
        key
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::ops::Deref for Key {
    type Target = [u8; 32];

    fn deref(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::ops::DerefMut for Key {
    fn deref_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

/// What a key derived from the master key is for; each has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Purpose {
    /// Saying which master key this is, without saying what it is.
    Id,
    /// Finding people by the number they chose, or by their document, without storing either.
    Index,
    /// Sealing consents, notices and the dossier.
    Consents,
    /// Sealing the bodies of the audit log.
    Audit,
    /// Wrapping the signing key of the audit log.
    Signer,
    /// Proving that the anchor beside the keys was written here.
    Anchor,
    /// Wrapping the epoch key.
    Epoch,
    /// Sealing operators and what is known of their log-ins.
    Operators,
    /// The secret part of operators' password hashes.
    Pepper,
    /// Sealing what the device watches: alarms, approved policy, program, reader.
    Guard,
    /// The site's list.
    Roster,
    /// Wrapping the keys of backups.
    Backup,
    /// The device's part in the transform of templates.
    Transform,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Id => b"mianzheng 2 id",
            Self::Index => b"mianzheng 2 index",
            Self::Consents => b"mianzheng 2 consents",
            Self::Audit => b"mianzheng 2 audit",
            Self::Signer => b"mianzheng 2 signer",
            Self::Anchor => b"mianzheng 2 anchor",
            Self::Epoch => b"mianzheng 2 epoch",
            Self::Operators => b"mianzheng 2 operators",
            Self::Pepper => b"mianzheng 2 pepper",
            Self::Guard => b"mianzheng 2 guard",
            Self::Roster => b"mianzheng 2 roster",
            Self::Backup => b"mianzheng 2 backup",
            Self::Transform => b"mianzheng 2 transform",
        }
    }
}

/// The master key: random, made once, the same for the life of a store whatever becomes of the
/// slots it is wrapped in.
pub(in crate::store) struct Master(Key);

impl Master {
    pub(in crate::store) fn random() -> Result<Self, StoreError> {
        random_key().map(Self)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = blank();
        (bytes.len() == key.len()).then(|| key.copy_from_slice(bytes))?;
        Some(Self(key))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(in crate::store) fn derive(&self, purpose: Purpose) -> Key {
        derive(&self.0, purpose.label())
    }

    /// Which master key this is. Says nothing about it.
    pub(in crate::store) fn id(&self) -> [u8; 8] {
        let mut id = [0; 8];
        id.copy_from_slice(&self.derive(Purpose::Id)[..8]);
        id
    }
}

/// A key of its own for one purpose out of another key (HKDF-SHA256, expand only).
pub(in crate::store) fn derive(key: &[u8; 32], label: &[u8]) -> Key {
    let mut out = blank();
    // 32 bytes are far below the limit of 255 blocks, the only error there is.
    let expanded = Hkdf::<Sha256>::from_prk(key).map(|hkdf| hkdf.expand(label, &mut *out));
    debug_assert!(matches!(expanded, Ok(Ok(()))));
    out
}

pub(in crate::store) fn random_key() -> Result<Key, StoreError> {
    let mut key = blank();
    getrandom::fill(&mut *key).map_err(|_| StoreError::NoRandom)?;
    Ok(key)
}

fn blank() -> Key {
    Key::new([0; 32])
}
