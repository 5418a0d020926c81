//! The TPM, through the helper program `mianzheng-tpm` (see `packaging/tpm-helper`).
//!
//! The helper links the TPM's libraries so that the kiosk does not. Secrets go through pipes.
//! It runs before the kiosk gives up starting programs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use crate::store::StoreError;

use super::master::Key;

/// The helper program; without one there is no TPM.
#[derive(Clone, Debug, Default)]
pub struct Tpm {
    /// Where it is.
    pub helper: Option<PathBuf>,
}

/// Why the TPM did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TpmError {
    /// No helper, or no TPM.
    Missing,
    /// Another machine's TPM, or the object is damaged.
    Other,
    /// Firmware or start-up of this machine changed since.
    Changed,
}

impl TpmError {
    pub(super) fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Missing => StoreError::TpmMissing(path.to_owned()),
            Self::Other => StoreError::TpmOther(path.to_owned()),
            Self::Changed => StoreError::TpmChanged(path.to_owned()),
        }
    }
}

impl Tpm {
    /// The helper beside this program, or where the package puts it.
    #[must_use]
    pub fn find() -> Self {
        let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("mianzheng-tpm")));
        let places = [beside, Some(PathBuf::from("/usr/libexec/mianzheng-tpm"))];
        Self { helper: places.into_iter().flatten().find(|path| path.is_file()) }
    }

    pub(super) fn seal(&self, key: &Key) -> Result<Vec<u8>, TpmError> {
        self.ask("seal", &**key, 4096).map(|object| object.to_vec())
    }

    pub(super) fn unseal(&self, object: &[u8]) -> Result<Key, TpmError> {
        let plain = self.ask("unseal", object, 32)?;
        let mut key = Key::new([0; 32]);
        if plain.len() != key.len() {
            return Err(TpmError::Other);
        }
        key.copy_from_slice(&plain);
        Ok(key)
    }

    fn ask(&self, what: &str, input: &[u8], most: usize) -> Result<Zeroizing<Vec<u8>>, TpmError> {
        let helper = self.helper.as_ref().ok_or(TpmError::Missing)?;
        let mut child = Command::new(helper)
            .arg(what)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| TpmError::Missing)?;
        // Both are far smaller than a pipe's buffer: writing all before reading cannot block.
        let written = child.stdin.take().map(|mut pipe| pipe.write_all(input));
        let output = child.wait_with_output().map_err(|_| TpmError::Missing)?;
        let plain = Zeroizing::new(output.stdout);
        match (output.status.code(), written) {
            (Some(0), Some(Ok(()))) if plain.len() <= most => Ok(plain),
            (Some(3), _) => Err(TpmError::Missing),
            (Some(5), _) => Err(TpmError::Changed),
            _ => Err(TpmError::Other),
        }
    }
}
