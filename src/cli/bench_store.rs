//! `bench`, the store's part: opening, looking up, searching, erasing, at three sizes.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use mianzheng::core::command::{ConsentDraft, EnrolOrder};
use mianzheng::core::consent::Purpose;
use mianzheng::core::evidence::Similarity;
use mianzheng::core::ids::PersonId;
use mianzheng::core::message::Msg;
use mianzheng::core::screen::Lang;
use mianzheng::core::time::Date;
use mianzheng::devices::clock::SystemClock;
use mianzheng::ports::{ClaimNumber, DIMENSION, Embedding, Identity, Records, Secret};
use mianzheng::store::{Store, StorePaths};
use serde_json::{Map, Value, json};

use super::bench::{round, time};
use super::demo::TempFolder;
use super::say::{FAULT, Failure, Say};

const SIZES: [u32; 3] = [1_000, 10_000, 100_000];
/// A similarity that only the same person reaches among this many strangers.
const FLOOR: f32 = 0.6;

/// What was measured, by the number of people.
#[derive(Default)]
pub(super) struct Stores {
    pub(super) one_to_n: Map<String, Value>,
    pub(super) open_ms: Map<String, Value>,
    pub(super) details: Map<String, Value>,
}

/// Measures stores of all sizes up to `most`.
pub(super) fn measure(most: u32, rounds: u32, say: &Say) -> Result<Stores, Failure> {
    let fault = || say.fail(FAULT, Msg::FaultStoreWrite, &[]);
    let mut stores = Stores::default();
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let folder = TempFolder::new().map_err(|_| fault())?;
        one(&folder.0, size, rounds, &mut stores).ok_or_else(fault)?;
    }
    Ok(stores)
}

/// None if anything does not do what it should.
#[allow(clippy::disallowed_methods)] // measuring is what this is for
fn one(folder: &Path, size: u32, rounds: u32, stores: &mut Stores) -> Option<()> {
    let paths = StorePaths::under(folder);
    let open = || Store::open(&paths, Arc::new(SystemClock::default()), 365, "bench").ok();
    let ms = |begun: Instant| begun.elapsed().as_secs_f64() * 1000.0;
    let mut store = open()?;
    let begun = Instant::now();
    for first in (0..size).step_by(1000) {
        let faces: Vec<Embedding> = (first..(first + 1000).min(size)).filter_map(face).collect();
        store.fill(first, &faces).ok()?;
    }
    let filled = f64::from(size) / begun.elapsed().as_secs_f64();
    drop(store);
    // The second opening: the first finds the write-ahead log of the filling.
    drop(open()?);
    let begun = Instant::now();
    let mut store = open()?;
    let open_ms = ms(begun);

    let mut number = 0;
    let lookup = time(rounds, &mut || {
        number = (number + 7919) % size;
        let claim = ClaimNumber::parse(&format!("{number:08}"));
        let known = claim.and_then(|claim| store.find_claim(&claim).ok().flatten());
        known.is_some_and(|known| store.template(known.person).is_ok_and(|template| template.is_some()))
    })?;
    let mut next = size;
    let enrol = time(rounds.min(50), &mut || {
        next += 1;
        enrol_one(&mut store, next).is_some()
    })?;
    let begun = Instant::now();
    store.build_index().ok()?;
    let build_ms = ms(begun);
    let index_mib = store.index_bytes() as f64 / f64::from(1 << 20);
    let floor = Similarity::try_from(FLOOR).ok()?;
    let mut search = |threads: usize| {
        let mut number = 0;
        time(rounds, &mut || {
            number = (number + 7919) % size;
            // A probe of the same person on another day.
            face(number).and_then(|probe| store.identify(&probe, floor, threads).ok()).is_some_and(|found| found.len() == 1)
        })
    };
    let (single, double) = (search(1)?, search(2)?);
    let begun = Instant::now();
    store.erase(PersonId(1)).ok()?;
    let erase_ms = ms(begun);
    drop(store);
    let file_mib = std::fs::metadata(&paths.database).ok()?.len() as f64 / f64::from(1 << 20);

    let key = size.to_string();
    stores.one_to_n.insert(key.clone(), json!({
        "p50_ms": round(single.p50_ms), "p95_ms": round(single.p95_ms),
        "two_threads": { "p50_ms": round(double.p50_ms), "p95_ms": round(double.p95_ms) },
        "index_build_ms": round(build_ms), "index_mib": round(index_mib),
    }));
    stores.open_ms.insert(key.clone(), json!(round(open_ms)));
    stores.details.insert(key, json!({
        "file_mib": round(file_mib),
        "lookup": { "p50_ms": round(lookup.p50_ms), "p95_ms": round(lookup.p95_ms) },
        "enrol": { "p50_ms": round(enrol.p50_ms), "p95_ms": round(enrol.p95_ms) },
        "bulk_per_s": round(filled), "erase_ms": round(erase_ms),
    }));
    Some(())
}

/// One person as at the kiosk: consent, then enrolment, each durable.
fn enrol_one(store: &mut Store, number: u32) -> Option<PersonId> {
    let identity = Identity::new(
        Secret::new(format!("nobody {number}")),
        Secret::new(format!("other-{number}")),
        Date::parse("1980-01-01"),
        None,
    );
    let draft = ConsentDraft { purpose: Purpose::Enrol, person: None, lang: Lang::En, shown_ms: 1, guardian: None, standing: None };
    let receipt = store.store_consent(&draft, Some(&identity)).ok()?;
    let claim = ClaimNumber::parse(&format!("{number:08}"))?;
    store.enrol(&EnrolOrder { receipt, policy: 0, samples: Vec::new(), age: None }, &identity, &claim, &face(number)?).ok()
}

/// A face nobody has: independent normal-like numbers.
fn face(number: u32) -> Option<Embedding> {
    let mut state = (u64::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let values: [f32; DIMENSION] = std::array::from_fn(|_| {
        (0..4).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / 16_777_216.0 - 0.5
        }).sum()
    });
    Embedding::new([1; 8], &values)
}
