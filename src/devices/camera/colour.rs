//! A colour camera through nokhwa.

use std::ffi::c_int;

use nokhwa::Camera as Device;
use nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};

use crate::core::fault::Fault;
use crate::ports::Frame;

use super::errno::fault_in;
use super::kernel;
use super::modes::{Coding, Mode};
use super::pixels;
use super::source::Source;

pub(super) struct Colour {
    device: Device,
    mode: Mode,
    /// Of the open node, to ask the kernel what the library does not tell.
    descriptor: Option<c_int>,
}

impl Colour {
    /// Opens it in exactly this mode: the library's other requests fail, or ignore what they are
    /// given.
    pub(super) fn open(index: u32, mode: &Mode) -> Result<Self, Fault> {
        let coding = match mode.coding {
            Coding::Mjpeg => FrameFormat::MJPEG,
            Coding::Yuyv => FrameFormat::YUYV,
            Coding::Nv12 => FrameFormat::NV12,
            Coding::Grey => return Err(Fault::CameraFailed),
        };
        let exact = CameraFormat::new(Resolution::new(mode.width, mode.height), coding, mode.fps);
        let codings = [coding];
        let request = RequestedFormat::with_formats(RequestedFormatType::Exact(exact), &codings);
        let mut device = Device::new(CameraIndex::Index(index), request).map_err(|e| fault_in(&e.to_string()))?;
        device.open_stream().map_err(|e| fault_in(&e.to_string()))?;
        Ok(Self { device, mode: *mode, descriptor: kernel::descriptors(index).first().copied() })
    }
}

impl Source for Colour {
    fn next(&mut self) -> Result<Option<Frame>, Fault> {
        let raw = self.device.frame_raw().map_err(|e| fault_in(&e.to_string()))?;
        // The library hands out the whole buffer: behind a short frame lies the rest of an older one.
        Ok(match self.descriptor.and_then(kernel::filled) {
            Some(filled) => pixels::decode(&self.mode, raw.get(..filled).unwrap_or(&raw)),
            None => pixels::decode(&self.mode, &raw),
        })
    }
}
