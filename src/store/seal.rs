//! Sealing one value so that it opens only where it belongs.
//!
//! AES-256-GCM with a random 96-bit nonce. A key seals one value per person and change, so far
//! below the 2^32 messages at which random nonces become a concern (NIST SP 800-38D, 8.3).
//! The additional data binds the value to device, schema, column and row: a value moved to
//! another place, or another device, does not open.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

/// A sealed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// `meta.key_check`
    KeyCheck = 1,
    /// `people.identity`
    Identity = 2,
    /// `templates.template`
    Template = 3,
}

/// Where a value belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) device: [u8; 16],
    pub(super) column: Column,
    pub(super) row: i64,
}

/// The value does not open here, or could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open")]
pub(super) struct Unsealable;

const ALGORITHM: u8 = 1;
const VERSION: u8 = 1;
const HEADER: usize = 2 + 12;

impl Place {
    /// Fixed width: no two places give the same bytes.
    fn additional_data(&self) -> [u8; 32] {
        let mut data = [0; 32];
        data[..4].copy_from_slice(b"MZ01");
        data[4] = ALGORITHM;
        data[5] = VERSION;
        data[6] = self.column as u8;
        data[8..24].copy_from_slice(&self.device);
        data[24..].copy_from_slice(&self.row.to_be_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place { device: [7; 16], column: Column::Template, row: 3 };

    #[test]
    fn opens_where_it_belongs_and_nowhere_else() {
        let blob = HERE.seal(&[1; 32], b"value").unwrap();
        assert_eq!(**HERE.open(&[1; 32], &blob).unwrap(), *b"value");
        let elsewhere = [
            Place { row: 4, ..HERE },
            Place { column: Column::Identity, ..HERE },
            Place { device: [8; 16], ..HERE },
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
