//! Bytes that were stored and come back changed: no parser panics, hangs or believes them.
//!
//! The short run mutates the committed corpus (`tests/data/fuzz`) with a fixed seed. The long one
//! is `tests/fuzz`, for cargo-fuzz, over the same function and the same corpus.

use std::fs;
use std::path::PathBuf;

use mianzheng::store::parse_stored;

use crate::support::root;

/// Mutations of each file of the corpus; `MIANZHENG_FUZZ=1000000 ./x test fuzz::` for more.
fn rounds() -> u32 {
    std::env::var("MIANZHENG_FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(400)
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(root().join("tests/data/fuzz")).expect("the corpus").flatten().map(|f| f.path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

fn mutate(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            1 if !bytes.is_empty() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
            2 => bytes.truncate(at),
            3 => bytes.splice(at..at, (0..random.below(40)).map(|_| 0xff)).for_each(drop),
            4 => bytes.extend(&other[random.below(other.len())..]),
            _ if bytes.len() >= 8 => {
                let at = random.below(bytes.len() - 7);
                bytes[at..at + 8].copy_from_slice(&random.next().to_be_bytes());
            }
            _ => bytes.push(0),
        }
    }
    bytes
}

#[test]
fn stored_bytes_that_were_changed_are_refused_quietly() {
    let corpus = corpus();
    assert!(corpus.len() >= 10, "only {} files", corpus.len());
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for (path, bytes) in &corpus {
        parse_stored(bytes);
        for round in 0..rounds() {
            let other = &corpus[random.below(corpus.len())].1;
            let changed = mutate(bytes, other, &mut random);
            let read = std::panic::catch_unwind(|| parse_stored(&changed));
            assert!(read.is_ok(), "{} changed in round {round} makes a parser panic: {changed:02x?}", path.display());
        }
    }
}
