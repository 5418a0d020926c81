//! Input devices that nobody else hears.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use evdev::EventType;
use evdev::raw_stream::RawDevice;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};

use super::assemble::Stroke;

/// The code of `SYN_DROPPED`: the kernel had no room for events.
const DROPPED: u16 = 3;
/// How often, and how far apart, keys that are down are given time to come up.
const UP: (u32, Duration) = (20, Duration::from_millis(10));

/// What comes from a device.
pub(super) enum Heard {
    /// A key.
    Stroke(Stroke),
    /// Some events are missing.
    Lost,
}

/// Something with keys, held exclusively until dropped.
pub(super) trait Keys: Send {
    /// Waits so long for events; says whether any came. Units: ms.
    fn hear(&mut self, wait_ms: u64, each: &mut dyn FnMut(Heard)) -> io::Result<bool>;
}

/// Devices of the kernel. Closing them lets them go.
pub(super) struct Held(Vec<RawDevice>);

impl Held {
    /// Holds all of them, or none.
    ///
    /// # Errors
    /// `NotFound` when there is none, `ResourceBusy` when another program holds one, and what
    /// opening a file gives.
    pub(super) fn open(nodes: &[PathBuf]) -> io::Result<Self> {
        if nodes.is_empty() {
            return Err(ErrorKind::NotFound.into());
        }
        nodes.iter().map(|node| grab(node)).collect::<io::Result<_>>().map(Self)
    }
}

fn grab(node: &Path) -> io::Result<RawDevice> {
    // Nothing is ever written to it, and a node that is none must not make the thread wait.
    let file = open(node, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?;
    let mut device = RawDevice::from_fd(file)?;
    for _ in 0..UP.0 {
        // Who listened before would never hear such a key come up, and repeat it for ever.
        if device.get_key_state()?.iter().next().is_none() {
            break;
        }
        std::thread::sleep(UP.1);
    }
    device.grab()?;
    Ok(device)
}

impl Keys for Held {
    fn hear(&mut self, wait_ms: u64, each: &mut dyn FnMut(Heard)) -> io::Result<bool> {
        let wait = Timespec::try_from(Duration::from_millis(wait_ms)).unwrap_or_default();
        let mut fds: Vec<_> = self.0.iter().map(|device| PollFd::new(device, PollFlags::IN)).collect();
        match poll(&mut fds, Some(&wait)) {
            Ok(0) => return Ok(false),
            // A signal: nothing was heard, but not for so long either.
            Err(rustix::io::Errno::INTR) => return Ok(true),
            other => other?,
        };
        let ready: Vec<_> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        for (device, _) in self.0.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            for event in device.fetch_events()? {
                let at = event.timestamp().duration_since(UNIX_EPOCH).unwrap_or_default();
                let at_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
                match event.event_type() {
                    EventType::KEY => each(Heard::Stroke(Stroke { code: event.code(), value: event.value(), at_ms })),
                    EventType::SYNCHRONIZATION if event.code() == DROPPED => each(Heard::Lost),
                    _ => {}
                }
            }
        }
        Ok(true)
    }
}
