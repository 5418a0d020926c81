//! A simulated site's system: listens where a kiosk connects, and may give out numbers.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use serde::Deserialize;

/// What it looks at in a line.
#[derive(Deserialize)]
struct Heard {
    seq: u64,
    event: String,
}

/// A host being served. Dropping it ends it and removes the socket.
pub struct SimHost {
    path: PathBuf,
    ended: Arc<AtomicBool>,
    /// The connection of now, to be shut down.
    talking: Arc<Mutex<Option<UnixStream>>>,
    thread: Option<JoinHandle<()>>,
}

impl SimHost {
    /// Listens at `path`, to one kiosk at a time, and copies each line to `out`. With `tickets` it
    /// answers verifications and calls for help with A001, A002 and so on, to A999 and from A001
    /// again. A socket nobody listens at is replaced.
    ///
    /// # Errors
    /// When somebody listens there, or it cannot be listened at.
    pub fn serve(path: &Path, tickets: bool, mut out: Box<dyn Write + Send>) -> io::Result<Self> {
        if UnixStream::connect(path).is_ok() {
            return Err(ErrorKind::AddrInUse.into());
        }
        let stale = std::fs::symlink_metadata(path).is_ok_and(|meta| {
            use std::os::unix::fs::FileTypeExt;
            meta.file_type().is_socket()
        });
        if stale {
            std::fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        let ended = Arc::new(AtomicBool::new(false));
        let talking: Arc<Mutex<Option<UnixStream>>> = Arc::default();
        let (theirs, slot) = (ended.clone(), talking.clone());
        let thread = std::thread::Builder::new().name("sim-host".into()).spawn(move || {
            let mut number = 0;
            for stream in listener.incoming().flatten() {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = stream.try_clone().ok();
                if theirs.load(Ordering::SeqCst) {
                    return;
                }
                // A connection that ends is replaced by the next.
                let _ = talk(stream, tickets.then_some(&mut number), &mut out);
            }
        })?;
        Ok(Self { path: path.to_owned(), ended, talking, thread: Some(thread) })
    }
}

impl Drop for SimHost {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        if let Some(stream) = self.talking.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = rustix::net::shutdown(&stream, rustix::net::Shutdown::Both);
        }
        // Wakes the thread if it waits for a kiosk.
        let woken = UnixStream::connect(&self.path).is_ok();
        let _ = std::fs::remove_file(&self.path);
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}

fn talk(mut stream: UnixStream, mut number: Option<&mut u16>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        out.write_all(line.as_bytes())?;
        out.flush()?;
        let Ok(heard) = serde_json::from_str::<Heard>(&line) else { continue };
        if let Some(number) = number.as_deref_mut().filter(|_| heard.event != "alarm") {
            *number = *number % 999 + 1;
            writeln!(stream, "{{\"ticket\":\"A{number:03}\",\"seq\":{}}}", heard.seq)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::super::Tape;
    use super::*;
    use crate::core::alarm::Alarm;
    use crate::devices::clock::SystemClock;
    use crate::devices::outcome::HostOutcome;
    use crate::ports::OutcomePort;

    #[test]
    fn a_kiosk_is_heard_and_given_numbers_before_and_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("host");
        let mut kiosk = HostOutcome::start(&path, 1, Arc::new(SystemClock::default())).unwrap();
        let (tx, rx) = mpsc::channel();
        kiosk.listen(Box::new(move |ticket| drop(tx.send(ticket.as_str().to_owned()))));
        for _ in 0..2 {
            let tape = Tape::default();
            let host = SimHost::serve(&path, true, Box::new(tape.clone())).unwrap();
            assert!(SimHost::serve(&path, true, Box::new(Tape::default())).is_err(), "somebody listens there");
            kiosk.alarm(Alarm::ClockBack);
            for expected in ["A001", "A002"] {
                kiosk.staff_called();
                assert_eq!(rx.recv_timeout(Duration::from_mins(1)).unwrap(), expected);
            }
            assert_eq!(tape.text().matches("\"event\":\"help\"").count(), 2);
            drop(host);
            assert!(!path.exists());
        }
    }
}
