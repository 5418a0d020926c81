//! The phone way: asks the helper `mianzheng-phone` over a local socket. The helper has the network,
//! this program has none. Format of the lines: `packaging/phone-helper/README.md`.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::core::screen::Lang;
use crate::core::time::Date;
use crate::ports::{Identity, IdentityAuthority, PhoneLink, PhoneSight, PhoneSink, Secret};

/// Longest line. Units: bytes.
const LONGEST: u64 = 64 << 10;

/// The helper behind a socket.
pub struct PhoneHelper {
    socket: PathBuf,
    /// The connection of now; shut down, the helper gives up.
    talking: Arc<Mutex<Option<(RunId, UnixStream)>>>,
}

/// What the helper says.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Show(Show),
    Identity(Said),
    Failed(String),
}

#[derive(Deserialize)]
struct Show {
    uri: String,
    uri_complete: Option<String>,
    code: String,
}

#[derive(Deserialize, Zeroize)]
#[zeroize(drop)]
struct Said {
    number: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    birthdate: Option<String>,
}

impl PhoneHelper {
    /// The helper that listens at this path.
    #[must_use]
    pub fn at(socket: &Path) -> Self {
        Self { socket: socket.to_owned(), talking: Arc::default() }
    }

    /// Whether somebody listens there.
    #[must_use]
    pub fn answers(&self) -> bool {
        UnixStream::connect(&self.socket).is_ok()
    }

    fn put(&self, talk: Option<(RunId, UnixStream)>) {
        let before = std::mem::replace(&mut *self.talking.lock().unwrap_or_else(PoisonError::into_inner), talk);
        if let Some((_, stream)) = before {
            let _ = rustix::net::shutdown(&stream, rustix::net::Shutdown::Both);
        }
    }
}

impl IdentityAuthority for PhoneHelper {
    fn start(&mut self, run: RunId, lang: Lang, sink: PhoneSink) {
        self.stop();
        let asked = UnixStream::connect(&self.socket).and_then(|mut stream| {
            writeln!(stream, r#"{{"do":"start","lang":"{}"}}"#, lang.tag())?;
            Ok((stream.try_clone()?, stream))
        });
        let Ok((ours, theirs)) = asked else { return sink(run, PhoneSight::Failed(Fault::PhoneMissing)) };
        self.put(Some((run, ours)));
        let talking = self.talking.clone();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(theirs);
            loop {
                let mut line = Zeroizing::new(String::new());
                let read = (&mut lines).take(LONGEST).read_line(&mut line);
                let still = talking.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|(now, _)| *now == run);
                if !still {
                    return;
                }
                let sight = match read {
                    Ok(count) if count > 0 => understood(&line),
                    _ => PhoneSight::Failed(Fault::PhoneFailed),
                };
                let more = matches!(sight, PhoneSight::Link(_));
                sink(run, sight);
                if !more {
                    return;
                }
            }
        });
    }

    fn stop(&mut self) {
        self.put(None);
    }
}

impl Drop for PhoneHelper {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A line, or that it cannot be understood.
fn understood(line: &str) -> PhoneSight {
    match serde_json::from_str(line) {
        Ok(Line::Show(Show { uri, uri_complete, code })) => {
            let address = uri_complete.unwrap_or(uri);
            let plain = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_graphic());
            if plain(&address, 512) && address.starts_with("https://") && plain(&code, 32) {
                PhoneSight::Link(PhoneLink { address, code })
            } else {
                PhoneSight::Failed(Fault::PhoneFailed)
            }
        }
        Ok(Line::Identity(mut said)) if !said.number.trim().is_empty() => {
            let birth = said.birthdate.as_deref().and_then(Date::parse);
            let name = Secret::new(said.name.take().unwrap_or_default());
            let number = std::mem::take(&mut said.number);
            PhoneSight::Read(Identity::new(name, Secret::new(number), birth, None))
        }
        Ok(Line::Failed(why)) => PhoneSight::Failed(match why.as_str() {
            "declined" => Fault::PhoneDeclined,
            "unreachable" | "refused" | "busy" => Fault::PhoneMissing,
            _ => Fault::PhoneFailed,
        }),
        Ok(Line::Identity(_)) | Err(_) => PhoneSight::Failed(Fault::PhoneFailed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_shown_and_checked_is_taken() {
        let link = |text: &str| matches!(understood(text), PhoneSight::Link(_));
        assert!(link(r#"{"show":{"uri":"https://id.example/d","uri_complete":null,"code":"ABCD-EFGH","expires_s":600}}"#));
        assert!(!link(r#"{"show":{"uri":"http://id.example/d","uri_complete":null,"code":"A","expires_s":600}}"#));
        assert!(!link(r#"{"show":{"uri":"https://id.example/d","uri_complete":null,"code":"A B\n","expires_s":600}}"#));
        let fault = |text: &str| match understood(text) {
            PhoneSight::Failed(fault) => fault,
            _ => panic!("{text}"),
        };
        assert_eq!(fault(r#"{"failed":"declined"}"#), Fault::PhoneDeclined);
        assert_eq!(fault(r#"{"failed":"not-trusted"}"#), Fault::PhoneFailed);
        assert_eq!(fault(r#"{"identity":{"number":" ","name":"x","birthdate":null}}"#), Fault::PhoneFailed);
        assert_eq!(fault("{"), Fault::PhoneFailed);
        let said = understood(r#"{"identity":{"number":"11010519491231002X","name":"样本","birthdate":"1949-12-31"}}"#);
        assert!(matches!(said, PhoneSight::Read(identity) if identity.birth() == Date::new(1949, 12, 31)));
    }
}
