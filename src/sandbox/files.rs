//! Files, network ports and signals, by landlock.

use std::env;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus,
    Scope, make_bitflags, path_beneath_rules,
};
use rustix::fs::Access as Mode;

use super::{Needs, Wall};

/// The newest rights that have been considered here; an older kernel gives those it knows.
const NEWEST: ABI = ABI::V10;

// Execute is in none of these: landlock asks for it in execve only, not in mmap, so libraries load without it.
const READ: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});
const SPEAK: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir | ResolveUnix});
const FEED: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | WriteFile});
const DRIVE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | WriteFile | ReadDir | IoctlDev});
// Without special files: sockets, pipes, symbolic links and devices.
const WRITE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
});

/// Libraries, drivers, fonts, locales and time zones, and what the kernel and udev tell. In /proc the memory and the
/// open files of other processes stay closed: landlock lets nobody trace a process outside its own walls.
const SYSTEM: &[&str] = &[
    "/usr",
    "/lib",
    "/lib64",
    "/proc",
    "/sys",
    "/run/udev",
    "/var/lib/dbus/machine-id",
];

/// The parts of /etc that the loader, the C library, Mesa, X11 and D-Bus read.
const ETC: &[&str] = &[
    "alsa",
    "alternatives",
    "asound.conf",
    "dbus-1",
    "drirc",
    "fonts",
    "glvnd",
    "group",
    "host.conf",
    "hosts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "locale.alias",
    "localtime",
    "machine-id",
    "nsswitch.conf",
    "passwd",
    "timezone",
    "X11",
];

/// Directories with the sockets of the printing system, of the message bus and of the X server.
const SOCKETS: &[&str] = &["/run/cups", "/run/dbus", "/tmp/.X11-unix"];

/// Devices that every program may use.
const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// Devices through which the whole machine can be reached, besides the disks.
const DANGEROUS: &[&str] = &["/dev/mem", "/dev/kmem", "/dev/port", "/dev/uinput", "/dev/uhid"];

/// Restricts the calling thread and those it starts to the built-in list and `needs`.
pub(super) fn restrict(needs: &Needs) -> Result<Wall, RulesetError> {
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        // No port is granted below.
        .handle_access(AccessNet::from_all(NEWEST))?
        // Not AbstractUnixSocket: X11 is reached through one.
        .scope(Scope::Signal)?
        .create()?;
    for (path, access) in grants(needs) {
        let Some(rule) = path_beneath_rules([&path], access).next() else {
            tracing::debug!(path = %path.display(), "not there, so not granted");
            continue;
        };
        // One refused rule must not cost the wall.
        if let Err(error) = rule.and_then(|rule| (&mut ruleset).add_rule(rule).map(drop)) {
            tracing::warn!(path = %path.display(), %error, "could not be granted");
        }
    }
    let status = ruleset.restrict_self()?;
    let wall = match status.ruleset {
        RulesetStatus::FullyEnforced => return Ok(Wall::Full),
        RulesetStatus::PartiallyEnforced => Wall::Partial,
        RulesetStatus::NotEnforced => Wall::Missing,
    };
    if wall == Wall::Missing {
        tracing::warn!(kernel = ?status.landlock, "files are not restricted");
    }
    Ok(wall)
}

/// All that stays open, and how far.
fn grants(needs: &Needs) -> Vec<(PathBuf, BitFlags<AccessFs>)> {
    let mut all = Vec::new();
    let mut grant = |paths: Vec<PathBuf>, access| all.extend(paths.into_iter().map(|path| (path, access)));
    grant(owned(SYSTEM), READ);
    grant(ETC.iter().map(|name| Path::new("/etc").join(name)).collect(), READ);
    grant(xauthority().into_iter().collect(), READ);
    grant(owned(SOCKETS), SPEAK);
    grant(buses(), SPEAK);
    grant(supervisor().into_iter().collect(), SPEAK);
    grant(owned(DEVICES), FEED);
    // Programs look for cameras here.
    grant(owned(&["/dev"]), AccessFs::ReadDir.into());
    grant(owned(&["/dev/dri"]), DRIVE);
    grant(cameras(), DRIVE);
    grant(owned(&["/dev/snd"]), DRIVE);
    grant(sound(), SPEAK);
    grant(owned(&["/dev/shm"]), WRITE);
    grant(needs.read.clone(), READ);
    grant(needs.write.clone(), WRITE);
    grant(needs.devices.clone(), DRIVE);
    grant(needs.sockets.clone(), SPEAK);
    all
}

fn owned(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(PathBuf::from).collect()
}

/// The key to the X server.
fn xauthority() -> Option<PathBuf> {
    let named = env::var_os("XAUTHORITY")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".Xauthority")))
}

/// The socket of whoever watches over the program, such as systemd.
fn supervisor() -> Option<PathBuf> {
    env::var_os("NOTIFY_SOCKET").map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The user's runtime directory, with the session and accessibility buses, and buses that are named elsewhere.
fn buses() -> Vec<PathBuf> {
    let mut paths = vec![PathBuf::from(format!(
        "/run/user/{}",
        rustix::process::getuid().as_raw()
    ))];
    paths.extend(env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from));
    for name in ["DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"] {
        let Some(addresses) = env::var_os(name) else { continue };
        // unix:path=/tmp/dbus-X,guid=1;unix:abstract=y
        let keys = addresses.as_bytes().split(|byte| b":,;".contains(byte));
        let found = keys.filter_map(|key| key.strip_prefix(b"path="));
        paths.extend(found.map(|path| PathBuf::from(std::ffi::OsString::from_vec(path.to_vec()))));
    }
    paths.retain(|path| path.is_absolute());
    paths
}

/// The sound server where it is named elsewhere than in the runtime directory, and its cookie.
fn sound() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if let Some(server) = env::var_os("PULSE_SERVER") {
        let name = server.as_bytes();
        paths.push(PathBuf::from(std::ffi::OsString::from_vec(name.strip_prefix(b"unix:").unwrap_or(name).to_vec())));
    }
    paths.extend(env::var_os("PULSE_COOKIE").map(PathBuf::from));
    paths.extend(env::home_dir().map(|home| home.join(".config/pulse/cookie")));
    paths.retain(|path| path.is_absolute());
    paths
}

/// The cameras: all of /dev, if this user can do no harm with that, or else the nodes that are there now.
///
/// A landlock rule holds an inode or a directory, with no regard to the kind of device. A camera that is plugged in
/// later, or only falls off the bus and returns, gets a new inode, so the only rule that covers it is one on /dev.
/// Then the owners and modes of the nodes still apply, and they keep the disks from a normal user. The exceptions,
/// root and members of the group `disk`, get the nodes of now and must restart for a new camera. What all of /dev
/// leaves open besides (terminals, sound, /dev/kvm, as far as the modes allow) a systemd unit can close:
/// `DevicePolicy=closed`, `DeviceAllow=char-video4linux rw`, `DeviceAllow=char-drm rw`.
fn cameras() -> Vec<PathBuf> {
    if reaches_machine() {
        tracing::info!("this user can open disks, so cameras plugged in later stay closed until a restart");
        (0..64)
            .map(|number| PathBuf::from(format!("/dev/video{number}")))
            .collect()
    } else {
        owned(&["/dev"])
    }
}

/// Whether this user can open a disk or anything as dangerous; if in doubt, yes.
fn reaches_machine() -> bool {
    let opens = |path: &Path| {
        [Mode::READ_OK, Mode::WRITE_OK]
            .iter()
            .any(|mode| rustix::fs::access(path, *mode).is_ok())
    };
    let Ok(mut nodes) = fs::read_dir("/dev") else {
        return true;
    };
    rustix::process::geteuid().is_root()
        || DANGEROUS.iter().any(|path| opens(Path::new(path)))
        || nodes.any(|node| {
            let kind = node.and_then(|node| Ok((node.path(), node.file_type()?)));
            kind.map_or(true, |(path, kind)| kind.is_block_device() && opens(&path))
        })
}
