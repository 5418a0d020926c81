//! Gives up, once the program has started, what it does not need: landlock for files, seccomp for system calls.
//!
//! Landlock leaves the files named in [`Needs`] and a built-in list for X11, Mesa, D-Bus and cameras; it also takes
//! away TCP, UDP (kernel 7.2) and signals to other processes. Seccomp takes away other programs, sockets that are not
//! local, and the calls that look into other processes or change the machine.
//!
//! Not walled off: the X server and the D-Bus session bus. Who can speak to them can ask them to act, for example
//! the user's systemd to start a program. Files and sockets opened before are kept.

use std::path::PathBuf;

mod calls;
mod files;

/// What this process still needs of the file system, besides the built-in list.
///
/// A path that does not exist when [`restrict`] is called is skipped. A rule holds the file itself, not its name:
/// for files that are replaced by renaming, as databases and their journals are, name the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Files and directories, with all beneath, to be read.
    pub read: Vec<PathBuf>,
    /// Files and directories, with all beneath, to be read, written, created, renamed and removed.
    pub write: Vec<PathBuf>,
    /// Devices to be driven: nodes, or directories of nodes.
    pub devices: Vec<PathBuf>,
    /// Local sockets of other programs, or directories of them.
    pub sockets: Vec<PathBuf>,
}

/// What could be put in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walls {
    /// Files, and with newer kernels TCP, UDP, device ioctls, named sockets and signals (landlock).
    pub files: Wall,
    /// System calls (seccomp); either full or missing.
    pub calls: Wall,
}

/// How much of one wall is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// All that was asked for.
    Full,
    /// All that this kernel knows; a newer one would do more.
    Partial,
    /// Nothing: the kernel is too old or has refused.
    Missing,
}

/// No core dump and no debugger: memory holds faces and keys. What the kernel refuses leaves
/// everything else in force.
pub fn harden() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Restricts the calling thread and every thread it starts from now on; this cannot be undone.
///
/// Call it before any other thread is started: those already running keep all their rights, and with them the
/// process does. Never fails: what the kernel refuses is reported and logged as a warning.
#[must_use = "a wall may be missing"]
pub fn restrict(needs: &Needs) -> Walls {
    // Both walls set this too. Set here, it holds even if both are missing.
    if let Err(error) = rustix::thread::set_no_new_privs(true) {
        tracing::warn!(%error, "new privileges could not be given up");
    }
    // Files first: the second wall might one day deny the calls of the first.
    let files = files::restrict(needs).unwrap_or_else(|error| {
        tracing::warn!(%error, "files are not restricted");
        Wall::Missing
    });
    let calls = calls::restrict().unwrap_or_else(|error| {
        tracing::warn!(%error, "system calls are not restricted");
        Wall::Missing
    });
    Walls { files, calls }
}
