//! The capture thread: open, read, decode, hand on the latest.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use nokhwa::Camera as Device;
use nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::picture;
use crate::ports::{CameraSink, Clock, Frame};

use super::Flags;

/// Formats tried, best first. Only exact requests: the library's other modes fail or ignore the
/// list.
const CANDIDATES: [(u32, u32, FrameFormat, u32); 8] = [
    (640, 480, FrameFormat::MJPEG, 30),
    (640, 480, FrameFormat::YUYV, 30),
    (640, 480, FrameFormat::MJPEG, 25),
    (640, 480, FrameFormat::YUYV, 15),
    (1280, 720, FrameFormat::MJPEG, 30),
    (1280, 720, FrameFormat::MJPEG, 25),
    (640, 480, FrameFormat::YUYV, 25),
    (1280, 720, FrameFormat::YUYV, 10),
];
/// Frames in a row that cannot be decoded before the camera counts as broken.
const MAX_JUNK: u32 = 30;

/// Captures until told to stop, or the camera fails.
pub(super) fn shoot(index: u32, run: RunId, sink: &dyn CameraSink, flags: &Flags, clock: &dyn Clock) {
    // The library panics where a driver misbehaves, also while it lets go.
    let ended = catch_unwind(AssertUnwindSafe(|| capture(index, run, sink, flags, clock)));
    let fault = match ended {
        Ok(Ok(())) => return,
        Ok(Err(fault)) => fault,
        Err(_) => Fault::CameraFailed,
    };
    if !flags.stop.load(Ordering::SeqCst) && !flags.stalled.load(Ordering::SeqCst) {
        sink.state(run, Err(fault));
    }
}

fn capture(index: u32, run: RunId, sink: &dyn CameraSink, flags: &Flags, clock: &dyn Clock) -> Result<(), Fault> {
    let Some(mut device) = open(index, flags)? else { return Ok(()) };
    device.open_stream().map_err(|e| fault_of(&e.to_string()))?;
    let format = device.camera_format();
    let (width, height) = (format.resolution().width(), format.resolution().height());
    let mut junk = 0;
    while !flags.stop.load(Ordering::SeqCst) {
        let raw = device.frame_raw().map_err(|e| fault_of(&e.to_string()))?;
        flags.last.store(clock.tick().0.max(1), Ordering::SeqCst);
        let frame = match format.format() {
            FrameFormat::MJPEG => picture::decode_jpeg(&raw).ok(),
            FrameFormat::YUYV => yuyv(width, height, &raw),
            _ => None,
        };
        match frame {
            Some(frame) => {
                junk = 0;
                sink.frame(run, frame);
            }
            None => junk += 1,
        }
        if junk >= MAX_JUNK {
            return Err(Fault::CameraFailed);
        }
    }
    Ok(())
}

/// Opens the device in the best format it has; none if told to stop meanwhile.
fn open(index: u32, flags: &Flags) -> Result<Option<Device>, Fault> {
    let mut last = Fault::CameraFailed;
    for (width, height, format, fps) in CANDIDATES {
        if flags.stop.load(Ordering::SeqCst) {
            return Ok(None);
        }
        let exact = CameraFormat::new(Resolution::new(width, height), format, fps);
        let formats = [format];
        let request = RequestedFormat::with_formats(RequestedFormatType::Exact(exact), &formats);
        match Device::new(CameraIndex::Index(index), request) {
            Ok(device) => return Ok(Some(device)),
            Err(error) => match fault_of(&error.to_string()) {
                // A format the camera lacks: the next one may do.
                Fault::CameraFailed => {}
                fault => last = fault,
            },
        }
        if last != Fault::CameraFailed {
            break;
        }
    }
    Err(last)
}

/// The library hands the operating system's error on inside a sentence.
fn fault_of(message: &str) -> Fault {
    let code = message
        .rsplit_once("os error ")
        .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse::<i32>().ok());
    match code {
        Some(16) => Fault::CameraBusy,
        Some(1 | 13) => Fault::CameraDenied,
        Some(2 | 6) => Fault::CameraMissing,
        Some(19) => Fault::CameraUnplugged,
        Some(_) | None => Fault::CameraFailed,
    }
}

/// YUYV 4:2:2 (BT.601, video range) to RGB; none if bytes are missing.
fn yuyv(width: u32, height: u32, raw: &[u8]) -> Option<Frame> {
    let needed = width as usize * height as usize * 2;
    let mut rgb = Vec::with_capacity(needed / 2 * 3);
    for pair in raw.get(..needed)?.chunks_exact(4) {
        let (u, v) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
        for y in [pair[0], pair[2]] {
            let y = (i32::from(y) - 16) * 298 + 128;
            for value in [y + 409 * v, y - 100 * u - 208 * v, y + 516 * u] {
                rgb.push(u8::try_from((value >> 8).clamp(0, 255)).unwrap_or(255));
            }
        }
    }
    Frame::new(width, height, rgb).ok()
}


#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_get_their_own_names() {
        for (text, fault) in [
            ("Could not open device: Device or resource busy (os error 16)", Fault::CameraBusy),
            ("Permission denied (os error 13)", Fault::CameraDenied),
            ("No such file or directory (os error 2)", Fault::CameraMissing),
            ("No such device (os error 19)", Fault::CameraUnplugged),
            ("Failed to fufill", Fault::CameraFailed),
        ] {
            assert_eq!(fault_of(text), fault, "{text}");
        }
    }

    #[test]
    fn grey_and_white_survive_yuyv_and_short_buffers_do_not() {
        let frame = yuyv(2, 1, &[235, 128, 16, 128]).unwrap();
        assert_eq!(frame.rgb(), [255, 255, 255, 0, 0, 0]);
        assert!(yuyv(2, 2, &[0; 7]).is_none());
    }
}
