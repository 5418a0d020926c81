//! After a person left, nothing of them is in the process or on its disk.

use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::Purpose;
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::ports::{ClaimNumber, DIMENSION, Embedding, Identity, Records, Secret};
use mianzheng::store::{Store, StorePaths};

use crate::support::program;

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

#[test]
fn nothing_of_a_person_who_withdrew_is_in_the_memory_of_the_idle_process() {
    let folder = tempfile::tempdir().expect("a folder");
    // The program itself: enrols from pictures, in the same process that then waits.
    let mut child = program()
        .args(["sim", "memory", "--data", folder.path().to_str().expect("a path")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("stdin");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines().map_while(Result::ok);
    let numbers: String = values().iter().map(|v| format!("{} ", v.to_bits())).collect();
    writeln!(input, "{NAME}\n{NUMBER}\n{CLAIM}\n{numbers}").expect("written");
    assert_eq!(lines.next().as_deref(), Some("enrolled"));
    let during = dump(child.id());
    assert!(contains(&during, NAME.as_bytes()), "the dump finds what is there");
    writeln!(input, "go on").expect("written");
    assert_eq!(lines.next().as_deref(), Some("withdrawn"));
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
