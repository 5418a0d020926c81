//! Behind the walls: no internet socket, no other program, no other file.

use std::fs::{self, File};
use std::io::{self, ErrorKind::PermissionDenied, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::thread;

use rustix::net::{AddressFamily, Protocol, SocketFlags, SocketType, netlink, socket_with, socketpair};

use mianzheng::sandbox::{Needs, Wall, Walls, restrict};

/// Runs `act` behind the walls, in a thread of its own, as they cannot be taken down. None if a wall is missing.
fn inside<T: Send>(needs: &Needs, wall: fn(Walls) -> Wall, act: impl FnOnce() -> T + Send) -> Option<T> {
    let run = || {
        if wall(restrict(needs)) == Wall::Missing {
            eprintln!("skipped: this kernel does not have that wall");
            return None;
        }
        Some(act())
    };
    thread::scope(|scope| scope.spawn(run).join().unwrap())
}

fn files(walls: Walls) -> Wall {
    walls.files
}

fn calls(walls: Walls) -> Wall {
    walls.calls
}

fn denied<T>(result: io::Result<T>) -> bool {
    matches!(result, Err(error) if error.kind() == PermissionDenied)
}

fn talk() -> io::Result<[u8; 2]> {
    let (mut one, mut other) = UnixStream::pair()?;
    one.write_all(b"hi")?;
    let mut heard = [0; 2];
    other.read_exact(&mut heard)?;
    Ok(heard)
}

#[test]
fn check_19_no_packet_leaves_and_no_socket_can_be_made() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = server.local_addr().unwrap();
    TcpStream::connect(there).unwrap();
    UdpSocket::bind("127.0.0.1:0").unwrap();
    assert_eq!(talk().unwrap(), *b"hi");
    inside(&Needs::default(), calls, || {
        assert!(denied(TcpStream::connect(there)));
        assert!(denied(TcpListener::bind("127.0.0.1:0")));
        assert!(denied(UdpSocket::bind("127.0.0.1:0")));
        assert!(denied(UdpSocket::bind("[::1]:0")));
        assert_eq!(talk().unwrap(), *b"hi");
    });
}

#[test]
fn only_local_sockets_and_device_news() {
    let open = |family, kind, protocol| socket_with(family, kind, SocketFlags::CLOEXEC, protocol).map_err(Into::into);
    // Routes, which are number 0, if not named.
    let link = |protocol: Option<Protocol>| open(AddressFamily::NETLINK, SocketType::RAW, protocol);
    let pair = |family| socketpair(family, SocketType::STREAM, SocketFlags::CLOEXEC, None).map_err(io::Error::from);
    open(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    link(Some(netlink::KOBJECT_UEVENT)).unwrap();
    link(None).unwrap();
    assert!(!denied(pair(AddressFamily::INET)));
    inside(&Needs::default(), calls, || {
        assert!(denied(open(AddressFamily::INET, SocketType::STREAM, None)));
        assert!(denied(open(AddressFamily::VSOCK, SocketType::STREAM, None)));
        assert!(denied(link(None)));
        assert!(denied(link(Some(netlink::NETFILTER))));
        link(Some(netlink::KOBJECT_UEVENT)).unwrap();
        assert!(denied(pair(AddressFamily::INET)));
        pair(AddressFamily::UNIX).unwrap();
    });
}

#[test]
fn no_other_program() {
    let run = || Command::new("/bin/true").status();
    assert!(run().unwrap().success());
    inside(&Needs::default(), calls, || assert!(denied(run())));
    inside(&Needs::default(), files, || assert!(denied(run())));
}

#[test]
fn no_other_root() {
    let change = || std::os::unix::fs::chroot("/");
    if rustix::process::geteuid().is_root() {
        change().unwrap();
    }
    inside(&Needs::default(), calls, || assert!(denied(change())));
}

#[test]
fn other_files_are_closed() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    fs::write(&old, "old").unwrap();
    fs::write(&new, "new").unwrap();
    assert_eq!(fs::read_to_string(&old).unwrap(), "old");
    fs::remove_file(&new).unwrap();
    if rustix::process::geteuid().is_root() {
        File::open("/etc/shadow").unwrap();
        File::options().append(true).open("/etc/passwd").unwrap();
    }
    inside(&Needs::default(), files, || {
        assert!(denied(fs::read(&old)));
        assert!(denied(fs::read_dir(dir.path())));
        assert!(denied(fs::write(&new, "new")));
        assert!(denied(fs::remove_file(&old)));
        assert!(denied(File::open("/etc/shadow")));
        assert!(denied(File::options().append(true).open("/etc/passwd")));
    });
    assert!(old.exists() && !new.exists());
}

#[test]
fn the_system_stays_open() {
    let look = || {
        for dir in ["/usr/lib", "/usr/share", "/dev", "/proc/self/fd", "/sys/class"] {
            fs::read_dir(dir).unwrap().next().unwrap().unwrap();
        }
        for file in ["/etc/passwd", "/etc/ld.so.cache", "/proc/self/maps", "/proc/meminfo"] {
            File::open(file).unwrap().read_exact(&mut [0; 8]).unwrap();
        }
        File::open("/dev/urandom").unwrap().read_exact(&mut [0; 8]).unwrap();
        File::create("/dev/null").unwrap().write_all(b"gone").unwrap();
        tempfile::tempfile_in("/dev/shm").unwrap().write_all(b"shared").unwrap();
    };
    look();
    inside(&Needs::default(), |_| Wall::Full, look);
}

#[test]
fn needs_are_met_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("read"), "read").unwrap();
    File::options().write(true).open(path("read")).unwrap();
    for name in ["write", "write/sub", "shut"] {
        fs::create_dir(path(name)).unwrap();
    }
    let work = || {
        fs::write(path("write/one"), "one")?;
        fs::rename(path("write/one"), path("write/two"))?;
        fs::rename(path("write/two"), path("write/sub/three"))?;
        assert_eq!(fs::read_to_string(path("write/sub/three"))?, "one");
        File::options().write(true).open(path("write/sub/three"))?.set_len(0)?;
        fs::remove_file(path("write/sub/three"))?;
        fs::create_dir(path("write/dir"))?;
        fs::remove_dir(path("write/dir"))
    };
    work().unwrap();
    let needs = Needs {
        read: vec![path("read"), path("missing")],
        write: vec![path("write")],
        ..Needs::default()
    };
    inside(&needs, files, || {
        assert_eq!(fs::read_to_string(path("read")).unwrap(), "read");
        assert!(denied(File::options().write(true).open(path("read"))));
        assert!(denied(fs::write(path("missing"), "")));
        assert!(denied(fs::remove_file(path("read"))));
        work().unwrap();
        fs::write(path("write/left"), "left").unwrap();
        assert!(fs::rename(path("write/left"), path("shut/left")).is_err());
        assert!(fs::hard_link(path("read"), path("write/read")).is_err());
        assert!(denied(std::os::unix::fs::symlink("/", path("write/link"))));
        assert!(denied(
            std::os::unix::net::UnixListener::bind(path("write/socket")).map(drop)
        ));
    });
}

#[test]
fn threads_inherit() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    let read = || thread::scope(|scope| scope.spawn(|| fs::write(&file, "")).join().unwrap());
    let bind = || thread::scope(|scope| scope.spawn(|| UdpSocket::bind("127.0.0.1:0")).join().unwrap());
    read().unwrap();
    bind().unwrap();
    inside(&Needs::default(), files, || assert!(denied(read())));
    inside(&Needs::default(), calls, || assert!(denied(bind())));
    // The walls stand around those threads only.
    read().unwrap();
    bind().unwrap();
}
