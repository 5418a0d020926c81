//! A reader behind a serial port or a USB-serial bridge: 8N1, no flow control, held exclusively.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serialport::{ClearBuffer, DataBits, FlowControl, Parity, SerialPort, StopBits, TTYPort};
use zeroize::Zeroize;

use super::command::Command;
use super::frame::Decoder;
use super::wire::Wire;

/// The speeds of GA/T 467, most likely first. Units: bits per second.
pub const BAUDS: [u32; 5] = [115_200, 57_600, 38_400, 19_200, 9_600];

/// How long one speed is tried. STATUS is answered within a few milliseconds, at 9600 within 25.
const TRY: Duration = Duration::from_millis(300);
/// How many pieces of junk one speed may deliver.
const PIECES: usize = 16;
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// An open serial port, at the speed its reader answered at.
pub struct Serial {
    port: TTYPort,
}

impl Serial {
    /// Opens the port and finds the speed by asking STATUS at each.
    ///
    /// # Errors
    /// When the path is not there, is no serial port or is held by another program, and with
    /// `TimedOut` when no reader answers at any speed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let name = path.to_str().ok_or(io::ErrorKind::InvalidInput)?;
        let builder = serialport::new(name, BAUDS[0])
            .data_bits(DataBits::Eight)
            .parity(Parity::None)
            .stop_bits(StopBits::One)
            .flow_control(FlowControl::None)
            .timeout(WRITE_TIMEOUT)
            .exclusive(true);
        let mut serial = Self { port: TTYPort::open(&builder)? };
        for baud in BAUDS {
            serial.port.set_baud_rate(baud)?;
            if serial.answers()? {
                return Ok(serial);
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    /// What opens this path again and again, for the reader's loop.
    pub fn opener(path: PathBuf) -> impl FnMut() -> io::Result<Box<dyn Wire>> + Send {
        move || Ok(Box::new(Self::open(&path)?))
    }

    /// Whether a whole frame answers STATUS at the current speed, whatever it says.
    fn answers(&mut self) -> io::Result<bool> {
        let mut decoder = Decoder::default();
        self.discard()?;
        decoder.expect(Command::Status);
        self.send(&Command::Status.bytes())?;
        let mut piece = [0; 64];
        for _ in 0..PIECES {
            let count = self.receive(&mut piece, TRY)?;
            // Never full: 16 pieces are less than the buffer.
            let _taken = decoder.push(&piece[..count]);
            if count == 0 {
                return Ok(false);
            }
            if decoder.take(|_| ()).is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Wire for Serial {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.port.set_timeout(WRITE_TIMEOUT)?;
        self.port.write_all(bytes)
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.port.set_timeout(wait)?;
        loop {
            match self.port.read(into) {
                // The end of a serial port is a pulled cable.
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(0),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    into.zeroize();
                    return Err(error);
                }
            }
        }
    }

    fn discard(&mut self) -> io::Result<()> {
        Ok(self.port.clear(ClearBuffer::Input)?)
    }
}
