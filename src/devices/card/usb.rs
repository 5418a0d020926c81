//! The native USB interface of the security module: vendor class, bulk transfers only.
//!
//! **Never tried on hardware.** Written after two public descriptions that agree: the 7-byte head of
//! a frame (preamble and length) and its body travel over pipes of their own.

use std::io;
use std::time::Duration;

use nusb::transfer::{Buffer, Bulk, In, Out, TransferError};
use nusb::{Interface, MaybeFuture};
use zeroize::Zeroize;

use super::frame::{MAX_LENGTH, PREAMBLE};
use super::wire::Wire;

/// Vendor and product number of the security module's own USB interface.
pub const SAM: (u16, u16) = (0x0400, 0xC35A);

const HEAD: usize = PREAMBLE.len() + 2;
const HEAD_OUT: u8 = 0x02;
const BODY_OUT: u8 = 0x06;
const HEAD_IN: u8 = 0x81;
const BODY_IN: u8 = 0x85;
const SEND: Duration = Duration::from_secs(1);
const DRAIN: Duration = Duration::from_millis(5);
/// Full-speed bulk packets. Units: bytes.
const PACKET: usize = 64;

/// The four pipes of the interface.
pub trait Pipes: Send {
    /// Writes all bytes to an endpoint.
    ///
    /// # Errors
    /// When the device is gone or did not take them in time.
    fn write(&mut self, endpoint: u8, bytes: &[u8], wait: Duration) -> io::Result<()>;

    /// Reads one transfer of at most `into.len()` bytes; 0 if nothing came in time.
    ///
    /// # Errors
    /// When the device is gone.
    fn read(&mut self, endpoint: u8, into: &mut [u8], wait: Duration) -> io::Result<usize>;
}

/// Splits frames into heads and bodies, and joins them again.
pub struct Split<P> {
    pipes: P,
    /// How much of the current body is still to come. Units: bytes.
    rest: usize,
}

impl<P: Pipes> Split<P> {
    /// A wire over these pipes.
    pub fn new(pipes: P) -> Self {
        Self { pipes, rest: 0 }
    }
}

impl<P: Pipes> Wire for Split<P> {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(io::ErrorKind::InvalidInput)?;
        self.rest = 0;
        self.pipes.write(HEAD_OUT, head, SEND)?;
        self.pipes.write(BODY_OUT, body, SEND)
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        if self.rest > 0 {
            let wanted = self.rest.min(into.len());
            let count = self.pipes.read(BODY_IN, &mut into[..wanted], wait)?;
            self.rest = if count == 0 { 0 } else { self.rest.saturating_sub(count) };
            return Ok(count);
        }
        let wanted = HEAD.min(into.len());
        let count = self.pipes.read(HEAD_IN, &mut into[..wanted], wait)?;
        if count == HEAD && into[..PREAMBLE.len()] == PREAMBLE {
            let length = usize::from(u16::from_be_bytes([into[5], into[6]]));
            self.rest = if length <= MAX_LENGTH { length } else { 0 };
        }
        Ok(count)
    }

    fn discard(&mut self) -> io::Result<()> {
        self.rest = 0;
        let mut waste = [0; PACKET];
        for endpoint in [HEAD_IN, BODY_IN] {
            let mut left = MAX_LENGTH / PACKET + 1;
            while left > 0 && self.pipes.read(endpoint, &mut waste, DRAIN)? > 0 {
                left -= 1;
            }
        }
        waste.zeroize();
        Ok(())
    }
}

/// The pipes of a real device.
pub struct Device {
    interface: Interface,
}

impl Device {
    /// Opens the first such device there is.
    ///
    /// # Errors
    /// `NotFound` when there is none, else what the kernel says, such as missing permission.
    pub fn open() -> io::Result<Split<Self>> {
        let mut devices = nusb::list_devices().wait()?;
        let found = devices.find(|device| (device.vendor_id(), device.product_id()) == SAM);
        let device = found.ok_or(io::ErrorKind::NotFound)?.open().wait()?;
        Ok(Split::new(Self { interface: device.claim_interface(0).wait()? }))
    }
}

impl Pipes for Device {
    fn write(&mut self, endpoint: u8, bytes: &[u8], wait: Duration) -> io::Result<()> {
        let mut pipe = self.interface.endpoint::<Bulk, Out>(endpoint)?;
        let done = pipe.transfer_blocking(bytes.to_vec().into(), wait);
        done.status?;
        if done.actual_len == bytes.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
    }

    fn read(&mut self, endpoint: u8, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        let mut pipe = self.interface.endpoint::<Bulk, In>(endpoint)?;
        // The kernel wants whole packets; a shorter one ends the transfer.
        let mut buffer = Buffer::new(into.len().div_ceil(PACKET) * PACKET);
        buffer.set_requested_len(into.len().div_ceil(PACKET) * PACKET);
        let mut done = pipe.transfer_blocking(buffer, wait);
        let count = done.actual_len.min(done.buffer.len());
        let fits = into.get_mut(..count).map(|into| into.copy_from_slice(&done.buffer[..count]));
        done.buffer.zeroize();
        match done.status {
            Ok(()) | Err(TransferError::Cancelled) => {
                fits.map(|()| count).ok_or_else(|| io::ErrorKind::InvalidData.into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
#[path = "usb_tests.rs"]
mod tests;
