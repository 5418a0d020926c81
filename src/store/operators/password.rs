//! Passwords of operators: what is accepted, and how they are kept.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::ports::{Secret, StoreFault};
use crate::store::keys::{ARGON, Key};

/// Fewest characters (NIST SP 800-63B-4, 3.1.1.2).
pub(super) const FEWEST: usize = 8;
/// Most bytes taken.
const MOST: usize = 256;

/// What people choose first. Compared in lower case; also refused with digits or signs behind.
const COMMON: &[&str] = &[
    "password", "passw0rd", "passwort", "12345678", "123456789", "1234567890", "87654321", "11111111", "00000000",
    "88888888", "66666666", "12341234", "11223344", "qwertyui", "qwertyuiop", "asdfghjk", "asdfghjkl", "1q2w3e4r",
    "1qaz2wsx", "abcd1234", "abc12345", "a1234567", "a12345678", "iloveyou", "woaini520", "woaini1314", "5201314",
    "admin123", "administrator", "supervisor", "mianzheng", "letmein", "welcome", "changeme", "sunshine", "princess",
    "football", "baseball", "dragon", "monkey", "shadow", "master", "superman", "trustno1", "huawei", "lenovo",
];

/// Whether a password may be used by somebody of this name.
pub(in crate::store) fn acceptable(name: &str, password: &str) -> bool {
    let lower = Zeroizing::new(password.to_lowercase());
    let stem = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let known = COMMON.iter().any(|common| *lower == **common || (stem == *common && lower.len() < stem.len() + 4));
    let first = password.chars().next();
    password.chars().count() >= FEWEST
        && password.len() <= MOST
        && !known
        && !password.chars().all(|c| Some(c) == first)
        && !(name.chars().count() >= 3 && lower.contains(&name.to_lowercase()))
}

/// argon2id with a secret part of this device (the pepper): the database alone allows no guessing.
pub(super) fn hash(password: &Secret, salt: &[u8; 16], pepper: &Key) -> Result<Zeroizing<[u8; 32]>, StoreFault> {
    let (memory, passes, lanes) = ARGON;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| StoreFault)?;
    let argon = Argon2::new_with_secret(&**pepper, Algorithm::Argon2id, Version::V0x13, params).map_err(|_| StoreFault)?;
    let mut out = Zeroizing::new([0; 32]);
    argon.hash_password_into(password.expose().as_bytes(), salt, &mut *out).map_err(|_| StoreFault)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_and_ordinary_sentences_are_not() {
        for weak in ["", "short", "password", "Password1!", "12345678", "aaaaaaaaaa", "chenxi2026", "mianzheng1", "88888888"] {
            assert!(!acceptable("chenxi", weak), "{weak}");
        }
        for good in ["early rain on the river", "春眠不觉晓处处闻", "xK4-vn2-pp9"] {
            assert!(acceptable("chenxi", good), "{good}");
        }
    }
}
