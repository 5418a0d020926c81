//! One connection to the site's system. Nothing here ever waits.

use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::set_socket_send_buffer_size;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};

use crate::core::ticket::Ticket;
use crate::core::time::Tick;

use super::intake::Intake;
use super::message::Message;
use super::queue::lifetime;

/// The smallest the kernel gives. Linux then calls the socket writable only while at most one line
/// of it is unread: what is not read soon stays here, where it can still be dropped.
const SEND_BUFFER: usize = 1;

/// A line that the kernel took only the beginning of.
struct Begun {
    rest: Vec<u8>,
    /// Until when the rest is of use; none is for ever.
    until: Option<Tick>,
}

/// An open connection.
pub(super) struct Link {
    pub(super) stream: UnixStream,
    begun: Option<Begun>,
}

impl Link {
    /// Connects at once or not at all.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        set_socket_send_buffer_size(&socket, SEND_BUFFER)?;
        connect(&socket, &SocketAddrUnix::new(path)?)?;
        Ok(Self { stream: UnixStream::from(socket), begun: None })
    }

    /// Sends a line, if the other side reads; says whether it left.
    pub(super) fn send(&mut self, at: Tick, message: &Message) -> io::Result<bool> {
        if self.begun.is_some() || !self.writable()? {
            return Ok(false);
        }
        let until = lifetime(message).map(|ms| at + ms);
        self.begun = Some(Begun { rest: message.line(), until });
        self.proceed()?;
        Ok(true)
    }

    /// Whether a line is on its way, or waits to be.
    pub(super) fn busy(&self) -> bool {
        self.begun.is_some()
    }

    /// Sends the rest of a line.
    ///
    /// # Errors
    /// When the connection is gone, or the rest is too old: the half line ends with the connection.
    pub(super) fn finish(&mut self, now: Tick) -> io::Result<()> {
        if self.begun.as_ref().is_some_and(|begun| begun.until.is_some_and(|until| now > until)) {
            return Err(ErrorKind::TimedOut.into());
        }
        self.proceed()
    }

    /// Takes what came, at most 64 KiB at once.
    ///
    /// # Errors
    /// When the other side is gone or sends too much.
    pub(super) fn receive(&mut self, now: Tick, intake: &mut Intake, each: &mut dyn FnMut(Ticket)) -> io::Result<()> {
        let mut piece = [0; 4096];
        for _ in 0..16 {
            match self.stream.read(&mut piece) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => intake.take(&piece[..count], now, each).map_err(io::Error::other)?,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn writable(&self) -> io::Result<bool> {
        let mut fds = [PollFd::new(&self.stream, PollFlags::OUT)];
        poll(&mut fds, Some(&Timespec::default()))?;
        Ok(fds[0].revents().contains(PollFlags::OUT))
    }

    fn proceed(&mut self) -> io::Result<()> {
        while let Some(begun) = &mut self.begun {
            match self.stream.write(&begun.rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) if count == begun.rest.len() => self.begun = None,
                Ok(count) => drop(begun.rest.drain(..count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
