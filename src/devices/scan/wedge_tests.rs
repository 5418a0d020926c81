use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

use super::super::assemble::Stroke;
use super::*;

/// Generous: a slow machine must not fail.
const LONG: Duration = Duration::from_mins(1);

/// Keys that a test presses. Unplugged when the test drops its end.
struct Cable(Receiver<Vec<Heard>>);

impl Keys for Cable {
    fn hear(&mut self, wait_ms: u64, each: &mut dyn FnMut(Heard)) -> io::Result<bool> {
        match self.0.recv_timeout(Duration::from_millis(wait_ms)) {
            Ok(heard) => {
                heard.into_iter().for_each(each);
                Ok(true)
            }
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => Err(ErrorKind::NotConnected.into()),
        }
    }
}

/// What a scanner finds at its port.
#[derive(Default)]
struct Port(Mutex<Option<io::Result<Cable>>>);

impl Port {
    fn plug(&self) -> Sender<Vec<Heard>> {
        let (keys, cable) = channel();
        *self.0.lock().unwrap() = Some(Ok(Cable(cable)));
        keys
    }
}

fn scanner(port: &Arc<Port>, rules: Rules) -> (WedgeScanner, Receiver<String>) {
    let port = port.clone();
    let mut scanner = WedgeScanner::of(rules, move || match port.0.lock().unwrap().take() {
        Some(Ok(cable)) => Ok(Box::new(cable)),
        Some(Err(error)) => Err(error),
        None => Err(ErrorKind::NotFound.into()),
    });
    let (told, scans) = channel();
    scanner.start(Box::new(move |scan| drop(told.send(scan.expose().to_owned()))));
    (scanner, scans)
}

/// Types digits, then this key, all at once: no stall of the test gets between them.
fn scan(keys: &Sender<Vec<Heard>>, text: &str, end: Option<u16>) {
    keys.send(strokes(text, end)).unwrap();
}

fn strokes(text: &str, end: Option<u16>) -> Vec<Heard> {
    // 1 is the key 2, 9 the key 10.
    let codes = text.bytes().map(|digit| u16::from(digit - b'0') + 1).chain(end);
    let stroke = |code, value| Heard::Stroke(Stroke { code, value, at_ms: 0 });
    codes.flat_map(|code| [stroke(code, 1), stroke(code, 0)]).collect()
}

fn until(scanner: &WedgeScanner, state: State) {
    for _ in 0..6000 {
        if scanner.state() == state {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("never {state:?}");
}

const ENTER: Option<u16> = Some(28);

#[test]
fn a_scan_comes_by_silence() {
    let port = Arc::new(Port::default());
    let keys = port.plug();
    let (_scanner, scans) = scanner(&port, Rules::default());
    scan(&keys, "12345", None);
    assert_eq!(scans.recv_timeout(LONG).unwrap(), "12345");
}

#[test]
fn scans_come_after_a_replug_and_never_in_parts() {
    let port = Arc::new(Port::default());
    let keys = port.plug();
    let (scanner, scans) = scanner(&port, Rules::default().only_with_end());
    scan(&keys, "111111", ENTER);
    assert_eq!(scans.recv_timeout(LONG).unwrap(), "111111");
    scan(&keys, "22222", None);
    drop(keys);
    until(&scanner, State::Missing);
    let keys = port.plug();
    scan(&keys, "33333", ENTER);
    assert_eq!(scans.recv_timeout(LONG).unwrap(), "33333", "what was cut off is not told");
    until(&scanner, State::Held);
    keys.send([vec![Heard::Lost], strokes("44444", ENTER)].into_iter().flatten().collect()).unwrap();
    scan(&keys, "55555", Some(15));
    assert_eq!(scans.recv_timeout(LONG).unwrap(), "55555", "what may lack events is not told");
}

#[test]
fn a_scanner_that_cannot_be_held_is_not_used_until_it_can() {
    let port = Arc::new(Port::default());
    *port.0.lock().unwrap() = Some(Err(ErrorKind::ResourceBusy.into()));
    let (scanner, scans) = scanner(&port, Rules::default().only_with_end());
    until(&scanner, State::Refused);
    let keys = port.plug();
    scan(&keys, "1111", ENTER);
    assert_eq!(scans.recv_timeout(LONG).unwrap(), "1111");
}

#[test]
fn it_stops_when_dropped_and_lets_the_device_go() {
    let port = Arc::new(Port::default());
    let keys = port.plug();
    let (scanner, scans) = scanner(&port, Rules::default());
    until(&scanner, State::Held);
    drop(scanner);
    assert!(keys.send(Vec::new()).is_err());
    assert!(scans.recv().is_err());
}

#[test]
fn what_is_no_input_device_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "text").unwrap();
    for nodes in [vec![], vec![file], vec![dir.path().join("none")], vec!["/dev/null".into()]] {
        assert!(Held::open(&nodes).is_err());
    }
    let mut scanner = WedgeScanner::new(Which::Usb { vendor: 0xffff, product: 0xffff }, Rules::default());
    assert_eq!(scanner.state(), State::Missing);
    scanner.start(Box::new(|_| ()));
    assert_eq!(scanner.state(), State::Missing);
}
