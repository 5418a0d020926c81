//! A pseudo-terminal behind a symbolic link, as a device at the end of a serial cable has it.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// The device's end. Dropping it pulls the cable and removes the link.
pub(in crate::devices::sim) struct Line {
    pub(in crate::devices::sim) end: OwnedFd,
    link: PathBuf,
}

impl Line {
    /// A new pseudo-terminal; `link` leads to its other end, whatever it led to before.
    ///
    /// # Errors
    /// When there is none, or the link cannot be made.
    pub(in crate::devices::sim) fn open(link: &Path) -> io::Result<Self> {
        let end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&end)?;
        unlockpt(&end)?;
        let name = ptsname(&end, Vec::new())?;
        let path = Path::new(OsStr::from_bytes(name.as_bytes()));
        // Raw before anybody opens it, so that no byte is echoed or changed.
        let theirs = OpenOptions::new().read(true).write(true).open(path)?;
        let mut mode = tcgetattr(&theirs)?;
        mode.make_raw();
        tcsetattr(&theirs, OptionalActions::Now, &mode)?;
        let new = link.with_extension("new");
        let _ = std::fs::remove_file(&new);
        std::os::unix::fs::symlink(path, &new)?;
        std::fs::rename(&new, link)?;
        Ok(Self { end, link: link.to_owned() })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.link);
    }
}
