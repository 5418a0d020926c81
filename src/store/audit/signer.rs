//! The signing key of the log. It moves on by a one-way step on every day with an entry, and the
//! key of the day before is destroyed: who takes today's key cannot sign another yesterday.
//!
//! ```text
//! "MZSIGN2\n" | step (8) | sealed seed
//! ```

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use zeroize::Zeroizing;

use crate::store::StoreError;
use crate::store::keys::{Key, KeyFolder, Master, Purpose, derive, random_key};
use crate::store::seal::{Column, Place};

const MAGIC: &[u8; 8] = b"MZSIGN2\n";
const FILE: &str = "signer.key";

/// The key of the current step.
pub(super) struct Signer {
    /// None: not to be written yet.
    folder: Option<KeyFolder>,
    wrap: Key,
    pub(super) step: u64,
    seed: Key,
}

impl Signer {
    /// Reads the key, or makes the first one.
    pub(super) fn open(folder: &KeyFolder, master: &Master, may_create: bool) -> Result<Self, StoreError> {
        let wrap = master.derive(Purpose::Signer);
        let missing = || StoreError::KeyMissing(folder.path(FILE));
        let damaged = || StoreError::KeyDamaged(folder.path(FILE));
        let Some(bytes) = folder.read(FILE)? else {
            if !may_create {
                return Err(missing());
            }
            let signer = Self { folder: Some(folder.clone()), wrap, step: 0, seed: random_key()? };
            signer.write()?;
            return Ok(signer);
        };
        let (step, sealed) = parse(&bytes).ok_or_else(damaged)?;
        let plain = place(step).open(&wrap, sealed).map_err(|_| damaged())?;
        let seed: [u8; 32] = plain.as_slice().try_into().map_err(|_| damaged())?;
        Ok(Self { folder: Some(folder.clone()), wrap, step, seed: Key::new(seed) })
    }

    /// Goes on to the next step and destroys the key of this one.
    pub(super) fn advance(&mut self) -> Result<(), StoreError> {
        // The file first: a disk that refuses must not leave memory ahead of it.
        let after = Self { folder: self.folder.clone(), wrap: self.wrap.clone(), step: self.step + 1, seed: next(&self.seed) };
        after.write()?;
        *self = after;
        Ok(())
    }

    pub(super) fn public(&self) -> [u8; 32] {
        SigningKey::from_bytes(&self.seed).verifying_key().to_bytes()
    }

    pub(super) fn next_public(&self) -> [u8; 32] {
        SigningKey::from_bytes(&next(&self.seed)).verifying_key().to_bytes()
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(&self.seed).sign(message).to_bytes()
    }

    fn write(&self) -> Result<(), StoreError> {
        let sealed = place(self.step).seal(&self.wrap, &*self.seed).map_err(|_| StoreError::NoRandom)?;
        let bytes = [&MAGIC[..], &self.step.to_be_bytes(), &sealed].concat();
        self.folder.as_ref().map_or(Ok(()), |folder| folder.put(FILE, &bytes))
    }

    /// Step and seed, for a backup.
    pub(super) fn saved(&self) -> Zeroizing<[u8; 40]> {
        let mut saved = Zeroizing::new([0; 40]);
        saved[..8].copy_from_slice(&self.step.to_be_bytes());
        saved[8..].copy_from_slice(&*self.seed);
        saved
    }

    /// A key out of a backup; kept in memory until [`Signer::settle`].
    pub(super) fn of_backup(master: &Master, saved: &[u8; 40]) -> Self {
        let mut step = [0; 8];
        step.copy_from_slice(&saved[..8]);
        let mut seed = Key::new([0; 32]);
        seed.copy_from_slice(&saved[8..]);
        Self { folder: None, wrap: master.derive(Purpose::Signer), step: u64::from_be_bytes(step), seed }
    }

    /// From now on this is the key of the device.
    pub(super) fn settle(&mut self, folder: &KeyFolder) -> Result<(), StoreError> {
        self.folder = Some(folder.clone());
        self.write()
    }
}

pub(super) fn verifies(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| key.verify(message, &Signature::from_bytes(signature)).is_ok())
}

fn next(seed: &Key) -> Key {
    derive(seed, b"mianzheng 2 next signing key")
}

fn place(step: u64) -> Place {
    Place { device: [0; 16], column: Column::Signer, row: step.cast_signed(), epoch: 0 }
}

/// Step and sealed seed.
pub(super) fn parse(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (step, sealed) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*step), sealed))
}
