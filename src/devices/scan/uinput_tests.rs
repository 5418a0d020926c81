//! With a keyboard made by the kernel's uinput; needs root and `/dev/uinput`.

use std::io::ErrorKind;
use std::sync::mpsc::channel;
use std::time::Duration;

use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, EventType, InputEvent, KeyCode};

use super::*;
use crate::ports::Scanner;

#[test]
#[ignore = "needs /dev/uinput: cargo test -- --ignored uinput"]
fn a_virtual_scanner_is_held_heard_and_found_again() {
    let plug = || {
        let keys: AttributeSet<KeyCode> = (1..84).map(KeyCode::new).collect();
        let mut device = VirtualDevice::builder().unwrap().name("scanner").with_keys(&keys).unwrap().build().unwrap();
        let node = device.enumerate_dev_nodes_blocking().unwrap().next().unwrap().unwrap();
        (device, node)
    };
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("scanner");
    let mut scanner = WedgeScanner::new(Which::Path(link.clone()), Rules::default());
    let (tx, scans) = channel();
    scanner.start(Box::new(move |scan| drop(tx.send(scan.expose().to_owned()))));
    for _ in 0..2 {
        let (mut device, node) = plug();
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(&node, &link).unwrap();
        while scanner.state() != State::Held {
            std::thread::sleep(Duration::from_millis(10));
        }
        let refused = held::Held::open(&[node]).err().map(|error| error.kind());
        assert_eq!(refused, Some(ErrorKind::ResourceBusy), "nobody else can hold it");
        for code in [3, 4, 5, 6, 28] {
            let event = |value| InputEvent::new(EventType::KEY.0, code, value);
            device.emit(&[event(1)]).unwrap();
            device.emit(&[event(0)]).unwrap();
        }
        assert_eq!(scans.recv_timeout(Duration::from_mins(1)).unwrap(), "2345");
        drop(device);
        while scanner.state() == State::Held {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
