//! The wire to `vhci-hcd`: USB/IP, 48-byte headers, big-endian.

use std::io::{Error, Read, Result, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, channel};

/// What the kernel asks.
pub(crate) enum Request {
    /// A transfer on the control endpoint, with the bytes sent along.
    Control { number: u32, setup: [u8; 8], sent: Vec<u8> },
    /// Room for bytes of the stream.
    Room { number: u32, length: u32 },
    /// Some other transfer; is told done.
    Other { number: u32, length: u32 },
    /// A transfer is not wanted any more.
    Unlink { number: u32, which: u32 },
}

/// Answer to a transfer.
const SUBMITTED: u32 = 3;
/// Answer to an unlink.
const UNLINKED: u32 = 4;
/// `EPIPE`: the endpoint refuses.
const STALL: i32 = -32;
/// `ECONNRESET`: the transfer was taken back in time.
const RESET: i32 = -104;

/// Reads requests on a thread of its own until the kernel lets go.
pub(crate) fn requests(socket: &UnixStream) -> Result<Receiver<Request>> {
    let mut socket = socket.try_clone()?;
    let (to, from) = channel();
    std::thread::spawn(move || {
        while let Ok(request) = read(&mut socket) {
            if to.send(request).is_err() {
                break;
            }
        }
    });
    Ok(from)
}

fn read(socket: &mut UnixStream) -> Result<Request> {
    let mut header = [0; 48];
    socket.read_exact(&mut header)?;
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let (kind, number, to_host, endpoint) = (word(0), word(4), word(12) == 1, word(16));
    if kind == 2 {
        return Ok(Request::Unlink { number, which: word(20) });
    }
    let length = word(24);
    let mut sent = vec![0; if to_host { 0 } else { length as usize }];
    socket.read_exact(&mut sent)?;
    let setup = header[40..].try_into().map_err(Error::other)?;
    Ok(match (endpoint, to_host) {
        (0, _) => Request::Control { number, setup, sent },
        (_, true) => Request::Room { number, length },
        (_, false) => Request::Other { number, length },
    })
}

fn answer(mut socket: &UnixStream, kind: u32, number: u32, status: i32, actual: u32, bytes: &[u8]) -> Result<()> {
    let mut out = Vec::with_capacity(48 + bytes.len());
    for value in [kind, number, 0, 0, 0, status.cast_unsigned(), actual, 0, u32::MAX, 0, 0, 0] {
        out.extend_from_slice(&value.to_be_bytes());
    }
    out.extend_from_slice(bytes);
    socket.write_all(&out)
}

/// Bytes for the host.
pub(crate) fn give(socket: &UnixStream, number: u32, bytes: &[u8]) -> Result<()> {
    answer(socket, SUBMITTED, number, 0, u32::try_from(bytes.len()).map_err(Error::other)?, bytes)
}

/// The host's bytes were taken.
pub(crate) fn taken(socket: &UnixStream, number: u32, length: u32) -> Result<()> {
    answer(socket, SUBMITTED, number, 0, length, &[])
}

/// The request is not understood.
pub(crate) fn refuse(socket: &UnixStream, number: u32) -> Result<()> {
    answer(socket, SUBMITTED, number, STALL, 0, &[])
}

/// A transfer was taken back, in time or not.
pub(crate) fn unlinked(socket: &UnixStream, number: u32, in_time: bool) -> Result<()> {
    answer(socket, UNLINKED, number, if in_time { RESET } else { 0 }, 0, &[])
}
