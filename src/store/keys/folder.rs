//! The key folder: small private files, written durably, replaced whole, wiped when they go.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::store::StoreError;

/// Longest file read here. A TPM's sealed object is the longest, with about 400 bytes.
const LONGEST: usize = 8192;

/// A folder of mode 0700 with files of mode 0600.
#[derive(Clone, Debug)]
pub(in crate::store) struct KeyFolder(PathBuf);

impl KeyFolder {
    pub(in crate::store) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(in crate::store) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(in crate::store) fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// A whole file; none if there is none.
    pub(in crate::store) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.read_up_to(name, LONGEST)
    }

    /// As [`KeyFolder::read`], for files that may be longer. Units: bytes.
    pub(in crate::store) fn read_up_to(&self, name: &str, most: usize) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.path(name);
        let io = |e: std::io::Error| StoreError::Io(path.clone(), e.to_string());
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io(e)),
        };
        // Never grows, so no copy of a key is left behind by growing.
        let length = file.metadata().map_or(0, |meta| usize::try_from(meta.len()).unwrap_or(most));
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.min(most) + 1));
        file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
        if bytes.len() > most { Err(StoreError::KeyDamaged(path)) } else { Ok(Some(bytes)) }
    }

    /// Puts a file there, durably and whole; what was there before is overwritten with zeros.
    ///
    /// On flash memory the overwriting is best effort: the medium may keep the old cells.
    pub(in crate::store) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(name);
        self.try_put(name, bytes).map_err(|e| StoreError::Io(path, e.to_string()))
    }

    fn try_put(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        fail::point()?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        let draft = self.path(&format!(".{name}.new"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        let old = OpenOptions::new().write(true).open(self.path(name)).ok();
        fail::point()?;
        fs::rename(&draft, self.path(name))?;
        fail::point()?;
        self.sync()?;
        old.map_or(Ok(()), wipe)
    }

    /// Gives a file another name, over what is there; durable.
    pub(in crate::store) fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        let old = OpenOptions::new().write(true).open(self.path(to)).ok();
        fail::point()
            .and_then(|()| fs::rename(self.path(from), self.path(to)))
            .and_then(|()| fail::point())
            .and_then(|()| self.sync())
            .and_then(|()| old.map_or(Ok(()), wipe))
            .map_err(|e| StoreError::Io(self.path(to), e.to_string()))
    }

    /// Overwrites and removes a file, if there is one; durable.
    pub(in crate::store) fn destroy(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path(name);
        let file = match OpenOptions::new().write(true).open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(StoreError::Io(path, e.to_string())),
        };
        fail::point()
            .and_then(|()| wipe(file))
            .and_then(|()| fs::remove_file(&path))
            .and_then(|()| self.sync())
            .map_err(|e| StoreError::Io(path, e.to_string()))
    }

    /// The names of the files here.
    pub(in crate::store) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        names
    }

    fn sync(&self) -> std::io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}

/// Lets a test stop everything that happens to the key folder at its n-th step, as if power had
/// gone. Nothing in the program.
mod fail {
    #[cfg(test)]
    std::thread_local! {
        pub(in crate::store) static LEFT: std::cell::Cell<Option<u32>> = const { std::cell::Cell::new(None) };
    }

    #[cfg(test)]
    pub(super) fn point() -> std::io::Result<()> {
        match LEFT.get() {
            None => Ok(()),
            Some(0) => Err(std::io::Error::other("power is gone")),
            Some(left) => {
                LEFT.set(Some(left - 1));
                Ok(())
            }
        }
    }

    #[cfg(not(test))]
    #[allow(clippy::unnecessary_wraps)] // one shape for both
    pub(super) fn point() -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(in crate::store) use fail::LEFT as STEPS_LEFT;

fn wipe(mut file: File) -> std::io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(LONGEST);
    file.rewind()?;
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn files_are_private_replaced_whole_and_gone_when_destroyed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = KeyFolder::new(&dir.path().join("keys"));
        assert!(folder.read("a").unwrap().is_none());
        folder.put("a", b"one").unwrap();
        folder.put("a", b"second").unwrap();
        assert_eq!(**folder.read("a").unwrap().unwrap(), *b"second");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.path("a")), mode(&dir.path().join("keys"))), (0o600, 0o700));
        folder.put("b", b"third").unwrap();
        folder.rename("b", "a").unwrap();
        assert_eq!(folder.names(), ["a"]);
        folder.destroy("a").unwrap();
        folder.destroy("a").unwrap();
        assert!(folder.names().is_empty());
    }

    #[test]
    fn a_file_that_is_replaced_is_overwritten_where_it_lay() {
        let dir = tempfile::tempdir().unwrap();
        let folder = KeyFolder::new(dir.path());
        folder.put("a", b"secret").unwrap();
        // A second name keeps the old file reachable after it was replaced.
        fs::hard_link(folder.path("a"), folder.path("kept")).unwrap();
        folder.put("a", b"new").unwrap();
        assert_eq!(fs::read(folder.path("kept")).unwrap(), [0; 6]);
    }
}
