//! Where bytes go to a reader and come from it.

use std::io;
use std::time::Duration;

/// A connection to one reader. An error means that the connection is lost and has to be made anew;
/// silence is none.
pub trait Wire: Send {
    /// Sends all bytes.
    ///
    /// # Errors
    /// When the connection is lost.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for at most `wait` for something to come and returns how many bytes came; 0 is silence.
    ///
    /// # Errors
    /// When the connection is lost.
    fn receive(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize>;

    /// Throws away what has come and was not received, here and in the kernel.
    ///
    /// # Errors
    /// When the connection is lost.
    fn discard(&mut self) -> io::Result<()>;
}

impl<W: Wire + ?Sized> Wire for Box<W> {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).send(bytes)
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        (**self).receive(into, wait)
    }

    fn discard(&mut self) -> io::Result<()> {
        (**self).discard()
    }
}
