//! Slots: each keeps the same master key, wrapped in its own way, in a file of its own.
//!
//! ```text
//! "MZSLOT2\n" | kind | id of the master key (8) | nonce (12) | wrapped key (32) | tag (16) | parameters
//! ```
//! Slots come and go; the master key, and every record under it, stays as it is.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::ports::Secret;
use crate::store::StoreError;

use super::folder::KeyFolder;
use super::master::{Key, Master, derive, random_key};
use super::tpm::Tpm;

/// How a slot keeps the master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotKind {
    /// In a file, openly. The kiosk starts by itself; whoever has the disk has the key.
    File,
    /// Under an operator's passphrase, which is asked for at each start.
    Passphrase,
    /// Under the security chip of this machine.
    Tpm,
    /// Under a code of 160 bits on paper, for the day all else fails.
    Recovery,
}

impl SlotKind {
    /// All, in the order they are tried.
    pub const ALL: [Self; 4] = [Self::File, Self::Tpm, Self::Passphrase, Self::Recovery];

    pub(super) fn file(self) -> &'static str {
        match self {
            Self::File => "master.key",
            Self::Passphrase => "passphrase.slot",
            Self::Tpm => "tpm.slot",
            Self::Recovery => "recovery.slot",
        }
    }

    fn tag(self) -> u8 {
        match self {
            Self::File => 1,
            Self::Passphrase => 2,
            Self::Tpm => 3,
            Self::Recovery => 4,
        }
    }
}

/// What can be offered to open slots with.
#[derive(Default)]
pub struct Unlock {
    /// An operator's passphrase.
    pub passphrase: Option<Secret>,
    /// The recovery code, as printed; case, spaces and hyphens do not count.
    pub recovery: Option<Secret>,
    /// The TPM, through its helper program.
    pub tpm: Tpm,
}

const MAGIC: &[u8; 8] = b"MZSLOT2\n";
const HEAD: usize = 8 + 1 + 8;
const WRAPPED: usize = 12 + 32 + 16;
/// argon2id: 64 MiB, three passes, one lane (RFC 9106, second recommendation, with one lane).
pub(in crate::store) const ARGON: (u32, u32, u32) = (64 * 1024, 3, 1);

/// A slot as it lies in its file.
pub(super) struct Slot {
    kind: SlotKind,
    id: [u8; 8],
    wrapped: Vec<u8>,
    /// What the kind needs to make its key again: the key itself, a salt, or a TPM's object.
    parameters: Zeroizing<Vec<u8>>,
}

impl Slot {
    /// Wraps the master key.
    pub(super) fn wrap(kind: SlotKind, master: &Master, unlock: &Unlock, folder: &KeyFolder) -> Result<Self, StoreError> {
        let path = folder.path(kind.file());
        let salt = || random_key().map(|key| Zeroizing::new(key[..16].to_vec()));
        let (key, parameters) = match kind {
            SlotKind::File => {
                let key = random_key()?;
                let parameters = Zeroizing::new(key.to_vec());
                (key, parameters)
            }
            SlotKind::Passphrase => {
                let salt = salt()?;
                let secret = unlock.passphrase.as_ref().ok_or(StoreError::PassphraseNeeded(path.clone()))?;
                (stretched(secret.expose().as_bytes(), &salt)?, salt)
            }
            SlotKind::Recovery => {
                let salt = salt()?;
                let secret = unlock.recovery.as_ref().ok_or(StoreError::PassphraseNeeded(path.clone()))?;
                (stretched(&plain_code(secret), &salt)?, salt)
            }
            SlotKind::Tpm => {
                let key = random_key()?;
                let object = unlock.tpm.seal(&key).map_err(|e| e.at(&path))?;
                (key, Zeroizing::new(object))
            }
        };
        let mut slot = Self { kind, id: master.id(), wrapped: Vec::new(), parameters };
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|_| StoreError::NoRandom)?;
        let payload = Payload { msg: master.bytes(), aad: &slot.head() };
        let sealed = cipher(&key).encrypt(&Nonce::from(nonce), payload).map_err(|_| StoreError::KeyDamaged(path))?;
        slot.wrapped = [&nonce[..], &sealed].concat();
        Ok(slot)
    }

    /// Opens the slot.
    pub(super) fn open(&self, unlock: &Unlock, folder: &KeyFolder) -> Result<Master, StoreError> {
        let path = folder.path(self.kind.file());
        let (key, wrong) = match self.kind {
            SlotKind::File => {
                let key = self.parameters.as_slice().try_into().map_err(|_| StoreError::KeyDamaged(path.clone()))?;
                (Key::new(key), StoreError::KeyDamaged(path.clone()))
            }
            SlotKind::Passphrase => {
                let secret = unlock.passphrase.as_ref().ok_or(StoreError::PassphraseNeeded(path.clone()))?;
                (stretched(secret.expose().as_bytes(), &self.parameters)?, StoreError::PassphraseWrong(path.clone()))
            }
            SlotKind::Recovery => {
                let secret = unlock.recovery.as_ref().ok_or(StoreError::PassphraseNeeded(path.clone()))?;
                (stretched(&plain_code(secret), &self.parameters)?, StoreError::PassphraseWrong(path.clone()))
            }
            SlotKind::Tpm => {
                let key = unlock.tpm.unseal(&self.parameters).map_err(|e| e.at(&path))?;
                (key, StoreError::KeyDamaged(path.clone()))
            }
        };
        let (nonce, sealed) = self.wrapped.split_at(12);
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| StoreError::KeyDamaged(path.clone()))?;
        let payload = Payload { msg: sealed, aad: &self.head() };
        let plain = cipher(&key).decrypt(&Nonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| wrong)?;
        Master::from_bytes(&plain).filter(|master| master.id() == self.id).ok_or(StoreError::KeyDamaged(path))
    }

    /// Reads a slot's file. None if these are not the bytes of one.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (&tag, rest) = rest.split_first()?;
        let kind = SlotKind::ALL.into_iter().find(|kind| kind.tag() == tag)?;
        let (id, rest) = rest.split_first_chunk::<8>()?;
        let (wrapped, parameters) = rest.split_at_checked(WRAPPED)?;
        let fits = match kind {
            SlotKind::File => parameters.len() == 32,
            SlotKind::Passphrase | SlotKind::Recovery => parameters.len() == 16,
            SlotKind::Tpm => !parameters.is_empty(),
        };
        fits.then(|| Self { kind, id: *id, wrapped: wrapped.to_vec(), parameters: Zeroizing::new(parameters.to_vec()) })
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEAD + WRAPPED + self.parameters.len()));
        bytes.extend(self.head());
        bytes.extend(&self.wrapped);
        bytes.extend(self.parameters.iter());
        bytes
    }

    pub(super) fn kind(&self) -> SlotKind {
        self.kind
    }

    fn head(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(MAGIC);
        head[8] = self.kind.tag();
        head[9..].copy_from_slice(&self.id);
        head
    }
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(&(**key).into())
}

/// A key out of something people type.
fn stretched(secret: &[u8], salt: &[u8]) -> Result<Key, StoreError> {
    let (memory, passes, lanes) = ARGON;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| StoreError::NoRandom)?;
    let mut key: Key = Key::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, &mut *key)
        .map_err(|_| StoreError::NoRandom)?;
    Ok(derive(&key, b"mianzheng 2 slot"))
}

/// Letters that cannot be mistaken for one another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new recovery code: 32 letters in groups of four, 160 bits.
pub(super) fn recovery_code() -> Result<Secret, StoreError> {
    let random = random_key()?;
    let mut text = String::with_capacity(40);
    for (at, byte) in random.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    Ok(Secret::new(text))
}

/// A code as typed, without what does not count, and with look-alikes read as meant.
fn plain_code(code: &Secret) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(code.expose().len()));
    plain.extend(code.expose().bytes().filter(u8::is_ascii_alphanumeric).map(|letter| {
        match letter.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            b'U' => b'V',
            other => other,
        }
    }));
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_byte_of_a_slot_is_noticed() {
        let folder = KeyFolder::new(std::path::Path::new("/nowhere"));
        let master = Master::random().unwrap();
        let unlock = Unlock::default();
        let slot = Slot::wrap(SlotKind::File, &master, &unlock, &folder).unwrap();
        let bytes = slot.to_bytes();
        let again = Slot::parse(&bytes).unwrap().open(&unlock, &folder).unwrap();
        assert_eq!(again.bytes(), master.bytes());
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let opened = Slot::parse(&changed).map(|slot| slot.open(&unlock, &folder));
            assert!(!matches!(opened, Some(Ok(_))), "byte {at}");
            assert!(Slot::parse(&bytes[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn recovery_code_is_read_as_people_type_it() {
        let code = recovery_code().unwrap();
        assert_eq!(code.expose().len(), 39);
        let typed = Secret::new(code.expose().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"));
        assert_eq!(*plain_code(&typed), *plain_code(&code));
    }
}
