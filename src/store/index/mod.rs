//! Exact 1:N search in memory, over vectors of 128 numbers held as 8-bit codes.
//!
//! A row r (taken at length 1) is kept as codes c in -127..=127 with one scale s, and its own exact error
//! e = |r - s c|. The probe q is coded the same way, but in 16 bits, so its error d is about 256 times smaller.
//! Write q' and r' for the coded vectors. Then q.r - q'.r' = q.(r - r') + (q - q').r', and by Cauchy-Schwarz
//! |q.r - q'.r'| <= |q| e + d |r'| <= e + d (1 + e). That, with [`ROUNDING`], is the slack of a row: a row whose
//! approximate cosine plus slack is below the floor cannot reach it. The caller re-scores the few rows that remain.

use std::{cmp::Ordering, collections::HashMap, thread};
use zeroize::{Zeroize, Zeroizing};

use crate::wide;

/// Numbers in a vector.
pub(super) const DIM: usize = 128;
/// Part of every slack, in cosine. Covers the rounding here (below 1e-6) and that of a caller who scales both vectors
/// to length 1 and multiplies them out in f32, in any order: at most (128 + 2 * 66) * 2^-24 = 1.6e-5.
pub(super) const ROUNDING: f32 = 2e-5;
/// Rows in a block. Blocks never move, so growth leaves no copies behind.
const BLOCK: usize = 1024;

/// One row that may reach the floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    /// The id given to [`Index::put`].
    pub(super) id: u64,
    /// Cosine of the coded vectors, -1 to 1 give or take `slack`.
    pub(super) approximate: f32,
    /// The exact cosine is within `approximate` plus or minus this; about 0.008 for vectors with no dominant number.
    pub(super) slack: f32,
}

/// What [`Index::candidates`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Candidates {
    /// Best first by `approximate`, then by smaller id.
    pub(super) rows: Vec<Candidate>,
    /// More rows qualified than were asked for. Those left out have no better an `approximate` than the last one kept,
    /// but may have a better exact cosine: when true, ask again with a larger `most` or a higher floor.
    pub(super) cut: bool,
}

/// One row: 144 bytes, so the 16-byte loads of the scan never straddle a cache line.
#[derive(Clone, Copy)]
#[repr(align(16))]
struct Row {
    codes: [i8; DIM],
    id: u64,
    scale: f32,
    error: f32,
}

impl Zeroize for Row {
    fn zeroize(&mut self) {
        self.codes.zeroize();
        self.id.zeroize();
        self.scale.zeroize();
        self.error.zeroize();
    }
}

/// Vectors by id, for exact 1:N search. 144 bytes a row, and about 20 to 40 more for the look-up by id.
/// Codes, scales, errors and the ids beside them are wiped on drop; the look-up (ids and positions only) is not.
pub(super) struct Index {
    // Each inner list is made with room for BLOCK rows and never holds more, so it never moves.
    blocks: Vec<Zeroizing<Vec<Row>>>,
    places: HashMap<u64, usize>,
    /// Whether AVX2 may be used where the machine has it; the results are the same bits.
    wide: bool,
}

impl Index {
    /// An empty index. `rows` is a hint: the look-up is made for that many, a million at most; blocks come as needed.
    #[must_use]
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { blocks: Vec::new(), places: HashMap::with_capacity(rows.min(1_000_000)), wide: true }
    }

    /// Rows held.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Memory held. Units: bytes.
    #[must_use]
    pub(super) fn bytes(&self) -> usize {
        self.blocks.len() * BLOCK * size_of::<Row>() + self.places.capacity() * size_of::<(u64, usize)>()
    }

    /// Adds a row, or replaces the row of that id. Only the direction of `unit` counts: it is scaled to length 1 here.
    ///
    /// None if a number is not finite or all are zero; the row of that id, if any, then stays as it was.
    #[must_use]
    pub(super) fn put(&mut self, id: u64, unit: &[f32; DIM]) -> Option<()> {
        let mut row = Zeroizing::new(Row { codes: [0; DIM], id, scale: 0.0, error: 0.0 });
        #[expect(clippy::cast_possible_truncation)]
        let (scale, error) = quantise(unit, 127.0, |x| x as i8, &mut row.codes)?;
        (row.scale, row.error) = (scale, error);
        if let Some(&place) = self.places.get(&id) {
            *self.row(place)? = *row;
            return Some(());
        }
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Zeroizing::new(Vec::with_capacity(BLOCK)));
        }
        self.blocks.last_mut()?.push(*row);
        self.places.insert(id, self.places.len());
        Some(())
    }

    /// Forgets a row at once: the last row takes its place, and the place that freed is wiped. False if unknown.
    pub(super) fn forget(&mut self, id: u64) -> bool {
        self.take_out(id).is_some()
    }

    fn take_out(&mut self, id: u64) -> Option<()> {
        let place = self.places.remove(&id)?;
        let last = self.row(self.len())?;
        let moved = Zeroizing::new(*last);
        last.zeroize();
        if moved.id != id {
            *self.row(place)? = *moved;
            self.places.insert(moved.id, place);
        }
        self.blocks.last_mut()?.pop();
        self.blocks.pop_if(|block| block.is_empty());
        Some(())
    }

    fn row(&mut self, place: usize) -> Option<&mut Row> {
        self.blocks.get_mut(place / BLOCK)?.get_mut(place % BLOCK)
    }

    /// Every row whose exact cosine with `probe` may reach `floor` (-1 to 1), best first by approximate score; the best
    /// `most` of them if there are more (see [`Candidates::cut`]). Only the direction of `probe` counts.
    ///
    /// `threads`: how many share the work, the caller's included; 0 counts as 1, and each takes 16,384 rows or more, as
    /// for fewer a thread costs more than it saves. Empty if the probe is zero or not finite, or the floor is NaN.
    #[must_use]
    pub(super) fn candidates(&self, probe: &[f32; DIM], floor: f32, most: usize, threads: usize) -> Candidates {
        let mut codes = Zeroizing::new([0_i16; DIM]);
        #[expect(clippy::cast_possible_truncation)]
        let scaled = quantise(probe, 32767.0, |x| x as i16, &mut codes);
        let Some((scale, error)) = scaled else { return Candidates::default() };
        let scan = &|blocks: &[Zeroizing<Vec<Row>>]| {
            let (mut found, mut dots) = (Candidates::default(), Zeroizing::new([0_i32; BLOCK]));
            let (full, mut bar) = (most.saturating_mul(2).max(BLOCK), f32::NEG_INFINITY);
            for block in blocks {
                dot_all(self.wide, block, &codes, &mut dots);
                for (row, &dot) in block.iter().zip(dots.iter()) {
                    #[expect(clippy::cast_precision_loss, reason = "within ROUNDING")]
                    let approximate = dot as f32 * (scale * row.scale);
                    let slack = row.error + error * (1.0 + row.error) + ROUNDING;
                    if approximate + slack >= floor && approximate >= bar {
                        found.rows.push(Candidate { id: row.id, approximate, slack });
                        if found.rows.len() > full {
                            bar = keep_best(&mut found, most);
                        }
                    }
                }
            }
            found
        };
        let share = self.blocks.len().div_ceil(threads.max(1)).max(16);
        let (mine, rest) = self.blocks.split_at(share.min(self.blocks.len()));
        let mut found = thread::scope(|scope| {
            let start = |part| (part, thread::Builder::new().spawn_scoped(scope, move || scan(part)));
            let helpers: Vec<_> = rest.chunks(share).map(start).collect();
            let mut found = scan(mine);
            for (part, helper) in helpers {
                // A thread that could not start costs time, not rows.
                let theirs = helper.ok().and_then(|h| h.join().ok()).unwrap_or_else(|| scan(part));
                found.rows.extend(theirs.rows);
                found.cut |= theirs.cut;
            }
            found
        });
        keep_best(&mut found, most);
        found.rows.sort_unstable_by(rank);
        found
    }
}

/// Keeps the best `most`. No row with a smaller approximate cosine than the one returned can be among them.
fn keep_best(found: &mut Candidates, most: usize) -> f32 {
    if found.rows.len() <= most {
        return f32::NEG_INFINITY;
    }
    let bar = found.rows.select_nth_unstable_by(most, rank).1.approximate;
    found.rows.truncate(most);
    found.cut = true;
    bar
}

/// Best first; equal scores by id, so that the order never depends on the threads.
fn rank(a: &Candidate, b: &Candidate) -> Ordering {
    b.approximate.total_cmp(&a.approximate).then(a.id.cmp(&b.id))
}

/// Codes of `v` scaled to length 1, in -top..=top; returns their scale and error. None if not finite or all zero.
#[expect(clippy::cast_possible_truncation, reason = "the error is that of the scale as rounded, and is rounded up")]
fn quantise<C>(v: &[f32; DIM], top: f64, code: impl Fn(f64) -> C, codes: &mut [C; DIM]) -> Option<(f32, f32)> {
    let norm = v.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    if !norm.is_finite() || norm == 0.0 {
        return None;
    }
    let scale = (v.iter().fold(0.0, |peak, &x| f64::from(x).abs().max(peak)) / norm / top) as f32;
    let mut squares = 0.0;
    for (to, &x) in codes.iter_mut().zip(v) {
        let whole = (f64::from(x) / norm / f64::from(scale)).round().clamp(-top, top);
        squares += (f64::from(x) / norm - whole * f64::from(scale)).powi(2);
        *to = code(whole);
    }
    Some((scale, (squares.sqrt() as f32).next_up()))
}

/// Dot products of the probe with a block.
fn dot_all(wide: bool, rows: &[Row], probe: &[i16; DIM], dots: &mut [i32; BLOCK]) {
    let job = Products { rows, probe, dots };
    if wide { wide::run(job) } else { wide::Loop::run(job) }
}

struct Products<'a> {
    rows: &'a [Row],
    probe: &'a [i16; DIM],
    dots: &'a mut [i32; BLOCK],
}

impl wide::Loop for Products<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "so that it is built again for AVX2")]
    fn run(self) {
        dot_all_plain(self.rows, self.probe, self.dots);
    }
}

/// At most 127 * 32767 * 128 < 2^29 a row, so the sums cannot overflow. Sixteen sums, because compilers vectorise that.
#[inline(always)]
#[expect(clippy::inline_always, reason = "so that it is built again for AVX2")]
fn dot_all_plain(rows: &[Row], probe: &[i16; DIM], dots: &mut [i32; BLOCK]) {
    for (row, dot) in rows.iter().zip(dots) {
        let mut sums = [0_i32; 16];
        for (a, b) in row.codes.as_chunks::<16>().0.iter().zip(probe.as_chunks::<16>().0) {
            for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
                *sum += i32::from(a) * i32::from(b);
            }
        }
        *dot = sums.iter().sum();
    }
}

#[cfg(test)]
mod tests;
