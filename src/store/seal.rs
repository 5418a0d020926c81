//! Sealing one value so that it opens only where it belongs.
//!
//! AES-256-GCM with a random 96-bit nonce. Nonce policy: random nonces are sound up to 2^32
//! messages under one key (NIST SP 800-38D, 8.3). A person's keys seal a handful of values; the
//! epoch key one per person and epoch, and is replaced after every erasure; the device's own keys
//! (audit, consents) one per entry: at a thousand entries a day, 2^32 are eleven thousand years.
//! So no key is rotated for its nonces; `decisions/0007` has the sums.
//!
//! The additional data binds the value to device, schema, column, row and epoch: a value moved to
//! another place, or another device, does not open.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

/// A kind of sealed value; the number is part of what is sealed and never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// `people.identity`
    Identity = 2,
    /// `templates.template`
    Template = 3,
    /// `person_keys.wrapped`
    PersonKey = 4,
    /// The epoch key, in the key folder.
    EpochKey = 5,
    /// `consents.body`
    Consent = 6,
    /// `audit.body`
    Audit = 7,
    /// The signing key of the audit log, in the key folder.
    Signer = 8,
    /// `operators.body`
    Operator = 9,
    /// `meta.guard`
    Guard = 10,
    /// The key of a backup, in the key folder.
    BackupKey = 11,
    /// A person's data key in a backup.
    BackupPerson = 12,
    /// A piece of a backup.
    BackupPiece = 13,
    /// `operators.state`
    OperatorState = 14,
    /// `notices.body`
    Notice = 15,
    /// `dossier.body`
    Dossier = 16,
    /// `roster.body`
    Roster = 17,
}

/// Where a value belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) device: [u8; 16],
    pub(super) column: Column,
    pub(super) row: i64,
    /// Only of data keys; else 0.
    pub(super) epoch: u64,
}

/// The value does not open here, or could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open")]
pub(super) struct Unsealable;

const ALGORITHM: u8 = 1;
const VERSION: u8 = 2;
const HEADER: usize = 2 + 12;

impl Place {
    /// Fixed width: no two places give the same bytes.
    fn additional_data(&self) -> [u8; 40] {
        let mut data = [0; 40];
        data[..4].copy_from_slice(b"MZ02");
        data[4] = ALGORITHM;
        data[5] = VERSION;
        data[6] = self.column as u8;
        data[8..24].copy_from_slice(&self.device);
        data[24..32].copy_from_slice(&self.row.to_be_bytes());
        data[32..].copy_from_slice(&self.epoch.to_be_bytes());
        data
    }

    /// Seals: algorithm, version, nonce, ciphertext, tag.
    pub(super) fn seal(&self, key: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|_| Unsealable)?;
        let payload = Payload { msg: plain, aad: &self.additional_data() };
        let sealed = Aes256Gcm::new(&(*key).into()).encrypt(&Nonce::from(nonce), payload).map_err(|_| Unsealable)?;
        let mut blob = Vec::with_capacity(HEADER + sealed.len());
        blob.extend([ALGORITHM, VERSION]);
        blob.extend(nonce);
        blob.extend(sealed);
        Ok(blob)
    }

    /// Opens a value sealed for this very place.
    pub(super) fn open(&self, key: &[u8; 32], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (header, sealed) = blob.split_at_checked(HEADER).ok_or(Unsealable)?;
        if header[..2] != [ALGORITHM, VERSION] {
            return Err(Unsealable);
        }
        let nonce: [u8; 12] = header[2..].try_into().map_err(|_| Unsealable)?;
        let payload = Payload { msg: sealed, aad: &self.additional_data() };
        let plain = Aes256Gcm::new(&(*key).into()).decrypt(&Nonce::from(nonce), payload).map_err(|_| Unsealable)?;
        Ok(Zeroizing::new(plain))
    }
}

/// For the fuzz targets.
pub(super) fn parse_all(bytes: &[u8]) {
    let place = Place { device: [0; 16], column: Column::Template, row: 1, epoch: 0 };
    let _ = place.open(&[0; 32], bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place { device: [7; 16], column: Column::Template, row: 3, epoch: 2 };

    #[test]
    fn opens_where_it_belongs_and_nowhere_else() {
        let blob = HERE.seal(&[1; 32], b"value").unwrap();
        assert_eq!(**HERE.open(&[1; 32], &blob).unwrap(), *b"value");
        let elsewhere = [
            Place { row: 4, ..HERE },
            Place { column: Column::Identity, ..HERE },
            Place { device: [8; 16], ..HERE },
            Place { epoch: 1, ..HERE },
        ];
        for place in elsewhere {
            assert!(place.open(&[1; 32], &blob).is_err());
        }
        assert!(HERE.open(&[2; 32], &blob).is_err());
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let blob = HERE.seal(&[1; 32], b"value").unwrap();
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            assert!(HERE.open(&[1; 32], &changed).is_err(), "byte {at}");
            assert!(HERE.open(&[1; 32], &blob[..at]).is_err(), "cut at {at}");
        }
    }
}
