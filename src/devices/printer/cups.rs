//! Hands documents to CUPS by IPP/1.1 over its Unix socket: no print command, no internet socket.

mod http;
mod ipp;

use std::{fmt::Write as _, io, path::PathBuf, time::Duration};

use ipp::{Answer, Tag};

/// How long connecting, each write and each read may take.
const LIMIT: Duration = Duration::from_secs(5);

/// What `printer-state` says of a stopped printer (RFC 8011, 5.4.11).
const STOPPED: [u8; 4] = 5_u32.to_be_bytes();

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintFault {
    /// CUPS knows no such queue, or has no default.
    #[error("there is no such printer")]
    NoPrinter,
    /// The queue is stopped or takes no jobs.
    #[error("the printer is stopped")]
    Stopped,
    /// CUPS is not there, too slow, or does not do it.
    #[error("CUPS: {0}")]
    Io(#[from] io::Error),
}

/// A queue of the CUPS behind a Unix socket.
#[derive(Clone, Debug)]
pub struct CupsPrinter {
    socket: PathBuf,
    queue: String,
    limit: Duration,
}

impl CupsPrinter {
    /// An empty queue name stands for the default of CUPS, asked for anew at each use.
    #[must_use]
    pub fn new(socket: impl Into<PathBuf>, queue: impl Into<String>) -> Self {
        Self { socket: socket.into(), queue: queue.into(), limit: LIMIT }
    }

    /// Another time limit than 5 seconds on connecting, each write and each read.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Whether a document would be printed now.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.path().and_then(|path| self.check(&path)).is_ok()
    }

    /// Hands a document over. `Ok` means that CUPS took it, not that it is on paper.
    ///
    /// A stopped queue gets nothing: CUPS would keep the document and print it when nobody waits for it.
    ///
    /// # Errors
    ///
    /// The queue is missing or stopped, or CUPS fails.
    pub fn print(&self, title: &str, document: &[u8], format: &str) -> Result<(), PrintFault> {
        if document.is_empty() {
            return Err(garbage("an empty document"));
        }
        let path = self.path()?;
        self.check(&path)?;
        let name = &title[..title.floor_char_boundary(ipp::LONGEST_NAME)];
        let more = [(Tag::Name, "job-name", name), (Tag::MediaType, "document-format", format)];
        self.ask(ipp::PRINT_JOB, &path, &more, document).map(drop)
    }

    /// Where the queue is, within CUPS.
    fn path(&self) -> Result<String, PrintFault> {
        if !self.queue.is_empty() {
            return Ok(path_of(self.queue.as_bytes()));
        }
        let more = [(Tag::Keyword, "requested-attributes", "printer-name")];
        let answer = self.ask(ipp::CUPS_GET_DEFAULT, "/", &more, &[])?;
        let name = answer.get(Tag::Name, "printer-name").filter(|name| !name.is_empty());
        name.map(path_of).ok_or(PrintFault::NoPrinter)
    }

    fn check(&self, path: &str) -> Result<(), PrintFault> {
        let more = [
            (Tag::Keyword, "requested-attributes", "printer-state"),
            (Tag::Keyword, "", "printer-is-accepting-jobs"), // no name: one more value
        ];
        let answer = self.ask(ipp::GET_PRINTER_ATTRIBUTES, path, &more, &[])?;
        let state = answer.get(Tag::Enum, "printer-state");
        match (state, answer.get(Tag::Boolean, "printer-is-accepting-jobs")) {
            (Some(state), Some([accepting])) if state == STOPPED || *accepting == 0 => Err(PrintFault::Stopped),
            (Some([_, _, _, _]), Some([_])) => Ok(()),
            _ => Err(garbage("an answer without the state of the printer")),
        }
    }

    /// One request with its answer, if that says that all went well.
    fn ask(
        &self,
        operation: u16,
        path: &str,
        more: &[(Tag, &str, &str)],
        document: &[u8],
    ) -> Result<Answer, PrintFault> {
        let printer = format!("ipp://localhost{path}");
        let mut attributes = vec![(Tag::Uri, "printer-uri", printer.as_str())];
        attributes.retain(|_| operation != ipp::CUPS_GET_DEFAULT);
        attributes.push((Tag::Name, "requesting-user-name", "kiosk"));
        attributes.extend(more);
        let request = ipp::request(operation, &attributes)?;
        let answer = http::post(&self.socket, self.limit, path, &[&request, document])?;
        let answer = Answer::parse(&answer).ok_or_else(|| garbage("an answer that is no IPP"))?;
        match answer.status {
            0..=0xFF => Ok(answer),
            0x0406 => Err(PrintFault::NoPrinter), // client-error-not-found
            0x0506 => Err(PrintFault::Stopped),   // server-error-not-accepting-jobs
            status => Err(io::Error::other(format!("IPP status {status:#06x}")).into()),
        }
    }
}

/// The path of a queue, all but plain characters escaped.
fn path_of(queue: &[u8]) -> String {
    queue.iter().fold("/printers/".to_owned(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
            path.push(char::from(*byte));
        } else {
            let _ = write!(path, "%{byte:02X}"); // a String takes all
        }
        path
    })
}

fn garbage(what: &'static str) -> PrintFault {
    io::Error::new(io::ErrorKind::InvalidData, what).into()
}
