//! The socket: JSON lines, one session a connection, one connection at a time.
use crate::{Fail, Why, config::Config, flow, say, token::Identity};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::stat::{Mode, umask};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::{path::Path, thread, time::Duration};

const LINE: u64 = 65536;
/// How long the kiosk may take to say the first line, or to take one.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a new connection waits for the one before, which the kiosk may have closed a moment ago.
const GRACE: Duration = Duration::from_millis(300);
/// Requests still under way whose sessions are over; each ends within 10 seconds.
const STRAYS: usize = 4;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum Order {
    Start {
        #[serde(default)]
        lang: Option<String>,
    },
    Cancel,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Show(flow::Show),
    Identity(Identity),
    Failed(Why),
}

/// What can happen in a session.
enum Event {
    Start(Option<String>),
    Gone(&'static str),
    Show(flow::Show),
    Done(Result<Identity, Fail>),
}

/// Taken by the session that runs.
#[derive(Default)]
struct Slot(Mutex<bool>, Condvar);

impl Slot {
    fn take(&self) -> bool {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.1.wait_timeout_while(taken, GRACE, |taken| *taken);
        let (mut taken, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !std::mem::replace(&mut *taken, true)
    }

    fn free(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.1.notify_one();
    }
}

/// Serves until SIGTERM or SIGINT.
pub fn run(config: Config, path: &Path) -> Result<(), String> {
    let signals = SigSet::from_iter([Signal::SIGTERM, Signal::SIGINT]);
    signals.thread_block().map_err(|e| format!("signals cannot be blocked: {e}"))?; // all later threads inherit it
    let listener = listen(path).map_err(|e| format!("{} cannot be listened on: {e}", path.display()))?;
    thread::spawn(move || accept(&Arc::new(config), &listener));
    say("it listens");
    let ended = signals.wait();
    let _ = fs::remove_file(path); // it may be gone already
    ended.map(|_| ()).map_err(|e| format!("signals cannot be waited for: {e}"))
}

/// Takes the place of a socket that nobody listens on, of nothing else.
fn listen(path: &Path) -> io::Result<UnixListener> {
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(e),
        Ok(found) if !found.file_type().is_socket() => {
            return Err(io::Error::new(ErrorKind::AlreadyExists, "something else is there"));
        }
        Ok(_) => match UnixStream::connect(path) {
            Ok(_) => return Err(io::Error::new(ErrorKind::AddrInUse, "somebody listens there already")),
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path)?,
            Err(e) => return Err(e),
        },
    }
    umask(Mode::from_bits_truncate(0o117));
    UnixListener::bind(path)
}

fn accept(config: &Arc<Config>, listener: &UnixListener) {
    let slot = Arc::new(Slot::default());
    let strays = Arc::new(());
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            thread::sleep(GRACE); // out of file descriptors, most likely
            continue;
        };
        if Arc::strong_count(&strays) > STRAYS || !slot.take() {
            let _ = stream.set_nonblocking(true); // one line always fits
            let _ = write(&stream, &Line::Failed(Why::Busy));
            say("a connection was turned away: busy");
            continue;
        }
        let (config, slot, strays) = (Arc::clone(config), Arc::clone(&slot), Arc::clone(&strays));
        thread::spawn(move || session(&config, &stream, &slot, &strays));
    }
}

/// One session, from the first line to the last. The slot is free before the kiosk can know that it is over.
fn session(config: &Arc<Config>, stream: &UnixStream, slot: &Slot, strays: &Arc<()>) {
    let last = converse(config, stream, strays);
    slot.free();
    if let Some(line) = last {
        let _ = write(stream, &line); // the kiosk may have gone: then nobody needs it
    }
    let _ = stream.shutdown(Shutdown::Both); // ends `listen_to` as well
}

/// All but the last line, which it returns. On return the flow's `stop` is closed, so it ends before its next request.
fn converse(config: &Arc<Config>, stream: &UnixStream, strays: &Arc<()>) -> Option<Line> {
    let (events, happening) = mpsc::channel();
    let (_stop, stopped) = mpsc::channel();
    let mut stopped = Some(stopped);
    let reader = stream.try_clone().ok()?;
    stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_write_timeout(Some(PATIENCE))).ok()?;
    let heard = events.clone();
    thread::spawn(move || heard.send(Event::Gone(listen_to(&reader, &heard))));
    loop {
        match happening.recv().ok()? {
            Event::Start(lang) => {
                let Some(stopped) = stopped.take() else {
                    say("the session was ended: started twice");
                    return None;
                };
                let (config, strays, events) = (Arc::clone(config), Arc::clone(strays), events.clone());
                thread::spawn(move || {
                    let show = |show| drop(events.send(Event::Show(show)));
                    let result = flow::verify(&config, lang.as_deref(), &stopped, show);
                    drop(strays);
                    let _ = events.send(Event::Done(result)); // the session may be over: then it is dropped, and wiped
                });
            }
            Event::Gone(why) => {
                say(&format!("the session was ended: {why}"));
                return None;
            }
            Event::Show(show) => {
                if write(stream, &Line::Show(show)).is_err() {
                    say("the session was ended: the kiosk does not listen");
                    return None;
                }
            }
            Event::Done(Ok(identity)) => {
                say("the session gave an identity");
                return Some(Line::Identity(identity));
            }
            Event::Done(Err(Fail(why, text))) => {
                say(&format!("the session failed: {text}"));
                return Some(Line::Failed(why));
            }
        }
    }
}

/// Reads what the kiosk says, to the end; returns why it is the end.
fn listen_to(stream: &UnixStream, events: &mpsc::Sender<Event>) -> &'static str {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.by_ref().take(LINE).read_until(b'\n', &mut line) {
            Ok(0) => return "the kiosk has closed the connection",
            Err(_) => return "the kiosk says nothing",
            Ok(_) => {}
        }
        let lang = match serde_json::from_slice(&line) {
            _ if !line.ends_with(b"\n") => return "the kiosk's line is cut or too long",
            Ok(Order::Start { lang }) if lang.as_deref().is_none_or(is_tag) => lang,
            Ok(Order::Cancel) => return "cancelled by the kiosk",
            _ => return "the kiosk's line is not understood",
        };
        if events.send(Event::Start(lang)).is_err() || stream.set_read_timeout(None).is_err() {
            return "it was over already";
        }
    }
}

/// Looks like a language tag (BCP 47).
fn is_tag(text: &str) -> bool {
    (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn write(mut stream: &UnixStream, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    stream.write_all(&text)
}
