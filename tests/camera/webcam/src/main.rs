//! A USB webcam in user space.
//!
//! It speaks USB/IP over a socket to the kernel's `vhci-hcd`, as a webcam of another machine would. The
//! kernel's own `uvcvideo` then drives it and makes a real `/dev/videoN`. One word in a file changes
//! what it does.
//!
//! `webcam PORT NAME CONTROL INTERVALS PICTURE...`: PORT of vhci-hcd; INTERVALS in 100 ns, such as
//! `333333,800000`; each PICTURE 640x480, `.jpg`, `.yuyv` or `.grey`. It offers the formats of its
//! pictures and shows those of the chosen format in turn.

mod control;
mod descriptors;
mod device;
mod stream;
mod usbip;

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::Duration;

use control::{Control, Word};
use descriptors::Coding;
use device::Device;
use stream::Picture;

/// Where the kernel takes devices of other machines.
const VHCI: &str = "/sys/devices/platform/vhci_hcd.0";
/// Bus 1, device 2; of no consequence.
const DEVICE_ID: u32 = 0x1_0002;
/// High speed, 480 Mbit/s.
const SPEED: u32 = 3;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [port, name, control, intervals, pictures @ ..] = words.as_slice() else { return ExitCode::from(2) };
    let intervals: Vec<u32> = intervals.split(',').filter_map(|value| value.parse().ok()).collect();
    let pictures: Result<Vec<Picture>, String> = pictures.iter().map(|file| Picture::load(file)).collect();
    let pictures = match pictures {
        Ok(pictures) if !pictures.is_empty() && !intervals.is_empty() => pictures,
        Ok(_) => return ExitCode::from(2),
        Err(error) => {
            eprintln!("webcam: {error}");
            return ExitCode::from(3);
        }
    };
    let mut control = Control::new(name, control);
    loop {
        match control.word() {
            Word::Quit => return ExitCode::SUCCESS,
            Word::Unplug => {
                std::thread::sleep(Duration::from_millis(20));
                continue;
            }
            _ => {}
        }
        if let Err(error) = plugged(port, name, &intervals, &pictures, &mut control) {
            eprintln!("webcam: {error}");
            return ExitCode::from(3);
        }
    }
}

/// From plugging in to pulling out.
fn plugged(port: &str, name: &str, intervals: &[u32], pictures: &[Picture], control: &mut Control) -> std::io::Result<()> {
    let (ours, theirs) = UnixStream::pair()?;
    let line = format!("{port} {} {DEVICE_ID} {SPEED}", theirs.as_raw_fd());
    std::fs::write(format!("{VHCI}/attach"), line)?;
    // The kernel holds it now.
    drop(theirs);
    control.say("plugged");
    let codings: Vec<Coding> = [Coding::Mjpeg, Coding::Yuyv, Coding::Grey]
        .into_iter()
        .filter(|coding| pictures.iter().any(|picture| picture.coding == *coding))
        .collect();
    let ended = Device::new(name, &codings, intervals, pictures).serve(&ours, control);
    // The kernel may have let go first.
    let _ = std::fs::write(format!("{VHCI}/detach"), port);
    control.say("pulled");
    std::thread::sleep(Duration::from_millis(100));
    match ended {
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(()),
    }
}
