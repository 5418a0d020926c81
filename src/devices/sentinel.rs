//! Watches the machine: storage media that are plugged in, and the program file itself.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::core::alarm::Alarm;
use crate::ports::{Facts, Sentinel};

/// What a file looks like from outside: device, inode, size, time of change.
type Stamp = (u64, u64, u64, i64, i64);

/// Looks at `/sys` and at the program file.
pub struct MachineSentinel {
    blocks: PathBuf,
    media: BTreeSet<String>,
    program: PathBuf,
    hash: Option<String>,
    stamp: Option<Stamp>,
}

impl MachineSentinel {
    /// Takes what is there now as the state to compare with.
    #[must_use]
    pub fn new() -> Self {
        // The link in /proc still names the file this process was started from.
        let program = fs::read_link("/proc/self/exe").unwrap_or_default();
        Self::of(Path::new("/sys/block"), &program)
    }

    /// As [`MachineSentinel::new`], of other places.
    #[must_use]
    pub fn of(blocks: &Path, program: &Path) -> Self {
        Self {
            blocks: blocks.to_owned(),
            media: media(blocks),
            program: program.to_owned(),
            hash: hash(program),
            stamp: stamp(program),
        }
    }
}

impl Default for MachineSentinel {
    fn default() -> Self {
        Self::new()
    }
}

impl Sentinel for MachineSentinel {
    fn look(&mut self) -> Vec<Alarm> {
        let mut noticed = Vec::new();
        let now = media(&self.blocks);
        if now.difference(&self.media).next().is_some() {
            noticed.push(Alarm::UsbStorage);
        }
        self.media = now;
        let stamp = stamp(&self.program);
        if stamp != self.stamp {
            self.stamp = stamp;
            noticed.push(Alarm::ProgramChanged);
        }
        noticed
    }

    fn facts(&self) -> Facts {
        Facts { program: self.hash.clone(), ..Facts::default() }
    }
}

/// Block devices that hang on USB, or can be taken out.
fn media(blocks: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(blocks).into_iter().flatten().flatten();
    let foreign = |path: &Path| {
        let removable = fs::read_to_string(path.join("removable")).is_ok_and(|text| text.trim() == "1");
        // Where the device hangs shows in the path its link leads to.
        removable || fs::canonicalize(path).is_ok_and(|real| real.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"usb")))
    };
    // A loop or RAM disk is made by somebody who is already in; an optical drive is no medium.
    let plain = |name: &str| !["loop", "ram", "zram", "sr", "fd", "dm-"].iter().any(|kind| name.starts_with(kind));
    entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, path)| plain(name) && foreign(path))
        .map(|(name, _)| name)
        .collect()
}

fn hash(program: &Path) -> Option<String> {
    let mut file = File::open(program).ok()?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 20];
    loop {
        match file.read(&mut part).ok()? {
            0 => return Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            n => hash.update(&part[..n]),
        }
    }
}

fn stamp(program: &Path) -> Option<Stamp> {
    let meta = fs::metadata(program).ok()?;
    Some((meta.dev(), meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_that_comes_and_a_program_that_changes_are_noticed_once() {
        let dir = tempfile::tempdir().unwrap();
        let blocks = dir.path().join("block");
        let disk = |name: &str, removable: &str| {
            fs::create_dir_all(blocks.join(name)).unwrap();
            fs::write(blocks.join(name).join("removable"), removable).unwrap();
        };
        let program = dir.path().join("program");
        fs::write(&program, "one").unwrap();
        disk("sda", "0\n");
        disk("sdb", "1\n");
        let mut sentinel = MachineSentinel::of(&blocks, &program);
        assert!(sentinel.look().is_empty(), "what was there before is not news");
        disk("nvme0n1", "0\n");
        disk("loop9", "1\n");
        assert!(sentinel.look().is_empty());
        disk("sdc", "1\n");
        assert_eq!(sentinel.look(), [Alarm::UsbStorage]);
        assert!(sentinel.look().is_empty());
        fs::remove_dir_all(blocks.join("sdc")).unwrap();
        assert!(sentinel.look().is_empty());
        disk("sdc", "1\n");
        assert_eq!(sentinel.look(), [Alarm::UsbStorage], "again, when it comes again");
        let before = sentinel.facts();
        fs::write(&program, "another").unwrap();
        assert_eq!(sentinel.look(), [Alarm::ProgramChanged]);
        assert_ne!(MachineSentinel::of(&blocks, &program).facts(), before);
    }
}
