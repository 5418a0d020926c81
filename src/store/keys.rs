//! The master key of a device, kept in a file of its own, and the keys derived from it.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::StoreError;

/// What a derived key is for; each has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// Sealing names, numbers and birth dates.
    Identity,
    /// Sealing templates.
    Template,
    /// Finding people by the number they chose, or by their document, without storing either.
    Index,
}

/// Gives out keys. The key file is one way to keep the master key; others fill the same place.
pub trait Keys: Send {
    /// The key for a purpose. Always the same for the same master key.
    fn derive(&self, purpose: KeyPurpose) -> Zeroizing<[u8; 32]>;
    /// Where the master key is kept, for messages.
    fn place(&self) -> &Path;
}

/// A master key in a file: mode 0600, in a folder of its own, mode 0700.
///
/// Whoever has the whole disk has this file too; `doctor` says so.
pub struct KeyFile {
    path: PathBuf,
    master: Zeroizing<[u8; 32]>,
}

const MAGIC: &[u8; 8] = b"MZKEY01\n";

impl KeyFile {
    /// Reads the key.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`] when there is none or the file is not a key.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let missing = || StoreError::KeyMissing(path.to_owned());
        let mut bytes = Zeroizing::new([0_u8; 41]);
        let mut read = 0;
        let mut file = File::open(path).map_err(|_| missing())?;
        while read < bytes.len() {
            match file.read(&mut bytes[read..]) {
                Ok(0) => break,
                Ok(n) => read += n,
                Err(_) => return Err(missing()),
            }
        }
        if read != 40 || &bytes[..8] != MAGIC {
            return Err(missing());
        }
        let mut master = Zeroizing::new([0; 32]);
        master.copy_from_slice(&bytes[8..40]);
        Ok(Self { path: path.to_owned(), master })
    }

    /// Makes a new random key. Never overwrites one.
    ///
    /// # Errors
    /// When the file exists or cannot be written durably.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let io = |e: &dyn std::fmt::Display| StoreError::Io(path.to_owned(), e.to_string());
        let folder = path.parent().ok_or_else(|| io(&"no folder"))?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| io(&e))?;
        let mut master = Zeroizing::new([0_u8; 32]);
        getrandom::fill(&mut *master).map_err(|e| io(&e))?;
        // Written whole under another name first: a half-written key never has the final one.
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(|e| io(&e))?;
        let draft = path.with_extension(format!("{:016x}.new", u64::from_ne_bytes(random)));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(|e| io(&e))?;
        let written = file.write_all(MAGIC).and_then(|()| file.write_all(&*master)).and_then(|()| file.sync_all());
        // Linking fails if the key exists by now, made by another first start: never two keys.
        let linked = written.and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft).map_err(|e| io(&e))?;
        linked.map_err(|e| io(&e))?;
        File::open(folder).and_then(|dir| dir.sync_all()).map_err(|e| io(&e))?;
        // What counts is what the next start will read.
        Self::open(path)
    }
}

impl Keys for KeyFile {
    fn derive(&self, purpose: KeyPurpose) -> Zeroizing<[u8; 32]> {
        let label: &[u8] = match purpose {
            KeyPurpose::Identity => b"mianzheng identity 1",
            KeyPurpose::Template => b"mianzheng template 1",
            KeyPurpose::Index => b"mianzheng index 1",
        };
        let mut key = Zeroizing::new([0; 32]);
        // 32 bytes are far below the limit of 255 blocks, the only error there is.
        let expanded = Hkdf::<Sha256>::new(None, &*self.master).expand(label, &mut *key);
        debug_assert!(expanded.is_ok());
        key
    }

    fn place(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn key_is_private_reopens_and_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/master.key");
        let made = KeyFile::create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        let again = KeyFile::open(&path).unwrap();
        assert_eq!(*made.derive(KeyPurpose::Template), *again.derive(KeyPurpose::Template));
        assert_ne!(*made.derive(KeyPurpose::Template), *made.derive(KeyPurpose::Identity));
        assert!(KeyFile::create(&path).is_err());
    }

    #[test]
    fn anything_but_a_whole_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        for bytes in [&b""[..], b"MZKEY01\nshort", &[0; 40], b"MZKEY01\n0123456789abcdef0123456789abcdefX"] {
            fs::write(&path, bytes).unwrap();
            assert!(matches!(KeyFile::open(&path), Err(StoreError::KeyMissing(_))));
        }
    }
}
