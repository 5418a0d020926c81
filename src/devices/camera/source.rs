//! Where frames come from: one open device.

use crate::core::fault::Fault;
use crate::ports::Frame;

use super::colour::Colour;
use super::find::Node;
use super::modes::{self, Reader};
use super::plain::Plain;

/// An open camera. Built and used on the capture thread only.
pub(super) trait Source {
    /// Waits for the next frame; none if what came is not one.
    ///
    /// # Errors
    /// When the device is gone or broken.
    fn next(&mut self) -> Result<Option<Frame>, Fault>;
}

/// What a camera sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What people see.
    Colour,
    /// Warmth of a lamp nobody sees; one channel.
    Infrared,
}

/// Opens a node in the best way it has.
pub(super) fn open(node: &Node, kind: Kind) -> Result<Box<dyn Source>, Fault> {
    // What another program left set on the device would stop the library: a format it does not
    // know, an interval that is no whole number.
    let mode = modes::set(node.index, kind)?;
    Ok(match mode.reader {
        Reader::Nokhwa => match Colour::open(node.index, &mode) {
            // A list of modes the library cannot read: the kernel can.
            Err(Fault::CameraFailed) => Box::new(Plain::open(node.index, mode)?),
            opened => Box::new(opened?),
        },
        Reader::V4l => Box::new(Plain::open(node.index, mode)?),
    })
}
