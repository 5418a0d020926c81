//! After a person left, nothing of them is in the process or on its disk.

use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::Purpose;
use mianzheng::core::ids::PersonId;
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::ports::{ClaimNumber, DIMENSION, Embedding, Identity, Records, Secret, Security};
use mianzheng::store::{Store, StorePaths};
use zeroize::Zeroizing;

const NAME: &str = "Zhuge-Wuming-Shi";
const NUMBER: &str = "11010519491231002X";
const CLAIM: &str = "86421357";

fn values() -> [f32; DIMENSION] {
    std::array::from_fn(|at| (at as f32 * 0.73).cos())
}

/// Every memory of a process that may be read.
fn dump(pid: u32) -> Vec<u8> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("maps");
    let mut memory = fs::File::open(format!("/proc/{pid}/mem")).expect("memory; the tests run as root or the same user");
    let mut bytes = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (start, end) = line.split_whitespace().next().and_then(|range| range.split_once('-')).expect("a range");
        let (start, end) = (u64::from_str_radix(start, 16).expect("hex"), u64::from_str_radix(end, 16).expect("hex"));
        let mut part = vec![0; (end - start) as usize];
        if memory.seek(SeekFrom::Start(start)).is_ok() && memory.read_exact(&mut part).is_ok() {
            bytes.extend(part);
        }
    }
    bytes
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn needles() -> Vec<(&'static str, Vec<u8>)> {
    let unit = Embedding::new([7; 8], &values()).expect("an embedding");
    let run = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    vec![
        ("name", NAME.into()),
        ("number", NUMBER.into()),
        ("claim", CLAIM.into()),
        ("embedding, first part", run(&unit.values()[..4])),
        ("embedding, last part", run(&unit.values()[124..])),
    ]
}

const CHILD: &str = "MIANZHENG_TEST_FORGETS_IN";

/// One line from standard input, without a buffer that outlives it.
fn line() -> String {
    let mut bytes = Vec::with_capacity(8192);
    let mut byte = [0];
    let mut input = std::io::stdin().lock();
    while rustix::io::read(&mut input, &mut byte).is_ok_and(|n| n == 1) && byte[0] != b'\n' {
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).expect("text")
}

/// Not a test of its own: enrols, verifies, withdraws, and waits to be looked into.
#[test]
fn child_that_forgets() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let mut store = Store::open(&StorePaths::under(Path::new(&folder)), Arc::new(SystemClock::default()), 365, "notice").expect("a store");
    let person = serve(&mut store);
    println!("enrolled");
    line();
    HELD.lock().expect("a lock").take();
    store.erase(person).expect("erased");
    store.tend().expect("tended");
    println!("withdrawn");
    line();
}

#[inline(never)]
fn serve(store: &mut Store) -> PersonId {
    let identity = Identity::new(Secret::new(line()), Secret::new(line()), Date::parse("1949-12-31"), None);
    let claim = ClaimNumber::parse(&line()).expect("a number");
    let mut values = Zeroizing::new([0.0; DIMENSION]);
    for (value, bits) in values.iter_mut().zip(line().split_whitespace()) {
        *value = f32::from_bits(bits.parse().expect("bits"));
    }
    let probe = Embedding::new([7; 8], &values).expect("an embedding");
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&identity)).expect("a receipt");
    let person = store.enrol(&EnrolOrder { receipt, policy: 1, samples: Vec::new(), age: None }, &identity, &claim, &probe).expect("enrolled");
    let known = store.find_claim(&claim).expect("readable").expect("known");
    let template = store.template(known.person).expect("readable").expect("a template");
    assert!(f32::from(template.similarity(&probe).expect("comparable")) > 0.9999);
    // What the session holds until it is wiped.
    *HELD.lock().expect("a lock") = Some((identity, claim, probe));
    person
}

static HELD: Mutex<Option<(Identity, ClaimNumber, Embedding)>> = Mutex::new(None);

#[test]
fn check_11_nothing_of_who_withdrew_can_be_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "memory::child_that_forgets", "--nocapture"])
        .env(CHILD, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("stdin");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines().map_while(Result::ok);
    let numbers: String = values().iter().map(|v| format!("{} ", v.to_bits())).collect();
    write!(input, "{NAME}\n{NUMBER}\n{CLAIM}\n{numbers}\n").expect("written");
    assert!(lines.any(|line| line.contains("enrolled")));
    let during = dump(child.id());
    for (what, needle) in needles() {
        assert!(contains(&during, &needle), "the dump does not find {what} while the session holds it");
    }
    writeln!(input).expect("written");
    assert!(lines.any(|line| line.contains("withdrawn")));
    let bytes = dump(child.id());
    assert!(bytes.len() > 1 << 20, "only {} bytes were read", bytes.len());
    for (what, needle) in needles() {
        assert!(!contains(&bytes, &needle), "{what} is still in memory");
    }
    drop(input);
    child.wait().expect("ended");
    on_disk(folder.path());
}

fn on_disk(folder: &Path) {
    let mut read = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = fs::read(entry.path()).expect("a file");
            read += bytes.len();
            for (what, needle) in needles() {
                assert!(!contains(&bytes, &needle), "{what} is in {}", entry.path().display());
            }
        }
    }
    assert!(read > 4096, "only {read} bytes were read");
}
