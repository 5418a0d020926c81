//! A camera nokhwa cannot open, straight from the kernel: infrared ones (nokhwa spells GREY
//! otherwise), and those without a whole number of frames a second.

use v4l::buffer::{Flags, Type};
use v4l::io::mmap::Stream;
use v4l::io::traits::CaptureStream;

use crate::core::fault::Fault;
use crate::ports::Frame;

use super::errno::fault_of;
use super::modes::Mode;
use super::pixels;
use super::source::Source;

/// Buffers the driver fills.
const BUFFERS: u32 = 4;

pub(super) struct Plain {
    stream: Stream<'static>,
    mode: Mode,
}

impl Plain {
    pub(super) fn open(index: u32, mode: Mode) -> Result<Self, Fault> {
        let device = v4l::Device::new(index as usize).map_err(|e| fault_of(&e))?;
        // The stream keeps the device open.
        let stream = Stream::with_buffers(&device, Type::VideoCapture, BUFFERS).map_err(|e| fault_of(&e))?;
        Ok(Self { stream, mode })
    }
}

impl Source for Plain {
    fn next(&mut self) -> Result<Option<Frame>, Fault> {
        let (raw, about) = self.stream.next().map_err(|e| fault_of(&e))?;
        if about.flags.contains(Flags::ERROR) {
            return Ok(None);
        }
        let raw = raw.get(..about.bytesused as usize).unwrap_or(raw);
        Ok(pixels::decode(&self.mode, raw))
    }
}
