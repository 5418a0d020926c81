use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::AtomicU64;
use std::sync::mpsc;
use std::time::Duration;

use super::*;

/// Generous: a slow machine must not fail.
const LONG: Duration = Duration::from_mins(1);

/// A clock that is set by hand.
#[derive(Default)]
struct Hand(AtomicU64);

impl Hand {
    fn set(&self, ms: u64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn today(&self) -> crate::core::time::Date {
        crate::core::time::Date::EARLIEST
    }

    fn tick(&self) -> Tick {
        Tick(self.0.load(Ordering::SeqCst))
    }

    fn unix_ms(&self) -> i64 {
        1_700_000_000_000 + i64::try_from(self.tick().0).unwrap()
    }
}

struct Site {
    dir: tempfile::TempDir,
    clock: Arc<Hand>,
    host: HostOutcome,
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hand::default());
        let host = HostOutcome::start(&dir.path().join("host"), 123, clock.clone()).unwrap();
        Self { dir, clock, host }
    }

    fn listen(&self) -> UnixListener {
        let path = self.dir.path().join("host");
        let _ = std::fs::remove_file(&path);
        UnixListener::bind(path).unwrap()
    }

    /// Lets the kiosk try again, and waits for it.
    fn accept(&self, listener: &UnixListener, at: u64) -> BufReader<UnixStream> {
        self.clock.set(at);
        self.host.shared.bell.ring();
        let stream = listener.accept().unwrap().0;
        stream.set_read_timeout(Some(LONG)).unwrap();
        BufReader::new(stream)
    }

    fn until_connected(&self, connected: bool) {
        for _ in 0..6000 {
            if self.host.connected() == connected {
                return;
            }
            self.host.shared.bell.ring();
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("never {connected}");
    }
}

fn line(reader: &mut BufReader<UnixStream>) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line
}

#[test]
fn outcomes_arrive_as_lines_and_a_ticket_comes_back() {
    let mut site = Site::new();
    let (tx, rx) = mpsc::channel();
    site.host.listen(Box::new(move |ticket| tx.send(ticket.as_str().to_owned()).unwrap()));
    let listener = site.listen();
    let mut peer = site.accept(&listener, 2000);
    site.host.verified(Method::Face, Some(PersonId(42)));
    let head = "{\"v\":1,\"seq\":1,\"at_ms\":1700000002000,\"event\":\"verified\"";
    assert_eq!(line(&mut peer), format!("{head},\"method\":\"face\",\"person\":42,\"policy\":123}}\n"));
    site.host.staff_called();
    assert!(line(&mut peer).contains("\"event\":\"help\",\"ticket\":null}"));
    site.host.alarm(Alarm::ReaderChanged);
    assert!(line(&mut peer).contains("\"alarm\":\"reader-changed\""));
    let answers = "{\"ticket\":\"A003\",\"seq\":3}\nwhat\n{\"ticket\":\"A9\",\"seq\":9}\n{\"ticket\":\"A001\",\"seq\":1}\n";
    peer.get_mut().write_all(answers.as_bytes()).unwrap();
    assert_eq!(rx.recv_timeout(LONG).unwrap(), "A001");
    assert!(rx.try_recv().is_err(), "an alarm has no number, nor has a line that was never sent");
}

#[test]
fn nobody_who_left_is_let_in_but_help_and_alarms_arrive_late() {
    let mut site = Site::new();
    site.host.verified(Method::Card, None);
    site.host.staff_called();
    site.host.alarm(Alarm::ClockBack);
    site.clock.set(5001);
    let listener = site.listen();
    let mut peer = site.accept(&listener, 5001);
    assert!(line(&mut peer).contains("\"seq\":2,\"at_ms\":1700000000000,\"event\":\"help\""));
    assert!(line(&mut peer).contains("\"seq\":3"));
}

#[test]
fn a_connection_that_ends_is_made_again() {
    let site = Site::new();
    let listener = site.listen();
    let peer = site.accept(&listener, 2000);
    site.until_connected(true);
    drop((peer, listener));
    site.until_connected(false);
    let listener = site.listen();
    let mut peer = site.accept(&listener, 4000);
    site.host.verified(Method::Phone, None);
    assert!(line(&mut peer).contains("\"method\":\"phone\""));
}

#[test]
fn a_peer_that_does_not_read_holds_nobody_up_and_gets_nothing_old() {
    let mut site = Site::new();
    let listener = site.listen();
    let mut peer = site.accept(&listener, 2000);
    site.until_connected(true);
    for _ in 0..2000 {
        site.host.verified(Method::Face, Some(PersonId(1)));
    }
    site.until_connected(true);
    std::thread::sleep(Duration::from_millis(50));
    site.clock.set(7001);
    site.host.alarm(Alarm::UsbStorage);
    let mut stale = 0;
    while !line(&mut peer).contains("usb-storage") {
        stale += 1;
    }
    // Two on Linux 6.18; the rest waited here, and was dropped.
    assert!(stale <= 8, "{stale} lines were in the kernel");
}

#[test]
fn a_peer_that_floods_is_cut_off() {
    for junk in [vec![b'x'; 5000], vec![b'\n'; 11]] {
        let site = Site::new();
        let listener = site.listen();
        let mut peer = site.accept(&listener, 2000);
        // It may be cut off in the middle of it.
        let _ = peer.get_mut().write_all(&junk);
        site.until_connected(false);
        site.accept(&listener, 4000);
    }
}

#[test]
fn it_ends_whether_or_not_somebody_listens() {
    drop(Site::new());
    let site = Site::new();
    let listener = site.listen();
    let peer = site.accept(&listener, 2000);
    drop(site);
    assert_eq!(line(&mut { peer }), "");
}
