#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
use super::*;
use std::collections::HashSet;

/// A small generator (xorshift), so that every run sees the same vectors.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// -1 to 1.
    fn number(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / f64::from(1_u32 << 31) - 1.0
    }

    fn unit(&mut self) -> [f32; DIM] {
        scaled(&std::array::from_fn(|_| (0..4).map(|_| self.number()).sum()))
    }

    /// A vector near `centre`: `spread` 0 is the centre itself.
    fn near(&mut self, centre: &[f32; DIM], spread: f64) -> [f32; DIM] {
        let noise = self.unit();
        scaled(&std::array::from_fn(|i| f64::from(centre[i]) + spread * f64::from(noise[i])))
    }
}

#[allow(clippy::cast_possible_truncation)]
fn scaled(v: &[f64; DIM]) -> [f32; DIM] {
    let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    v.map(|x| (x / norm) as f32)
}

fn exact(a: &[f32; DIM], b: &[f32; DIM]) -> f64 {
    let dot = |a: &[f32; DIM], b: &[f32; DIM]| a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// What a caller in a hurry computes: one running f32 sum of vectors it scaled in f32.
fn hurried(a: &[f32; DIM], b: &[f32; DIM]) -> f32 {
    let unit = |v: &[f32; DIM]| {
        let norm = v.iter().fold(0.0_f32, |sum, x| sum + x * x).sqrt();
        v.map(|x| x / norm)
    };
    unit(a).iter().zip(unit(b)).fold(0.0, |sum, (x, y)| sum + x * y)
}

/// The error vector of `v` once coded in 8 bits, scaled to length 1: the worst probe there is for that row.
fn residual(v: &[f32; DIM]) -> [f32; DIM] {
    let mut codes = [0.0; DIM];
    let (scale, _) = quantise(v, 127.0, |x| x, &mut codes).unwrap();
    scaled(&std::array::from_fn(|i| f64::from(v[i]) - codes[i] * f64::from(scale)))
}

fn filled(rows: &[[f32; DIM]]) -> Index {
    let mut index = Index::with_capacity(rows.len());
    for (id, row) in (0..).zip(rows) {
        index.put(id, row).unwrap();
    }
    index
}

/// Random rows, tight clusters, one-number and two-number vectors, and rows with one dominant number.
fn rows(rng: &mut Rng, count: usize) -> Vec<[f32; DIM]> {
    let centres: Vec<_> = (0..5).map(|_| rng.unit()).collect();
    let mut rows = Vec::new();
    for i in 0..count {
        let mut row = match i % 4 {
            0 => rng.unit(),
            1 => rng.near(&centres[i % 5], 0.02),
            2 => rng.near(&centres[i % 5], 1.0),
            _ => [0.0; DIM],
        };
        if i % 4 == 3 {
            row[i % DIM] = 1.0;
            row[(i * 7) % DIM] -= 0.004;
        } else if i % 16 == 0 {
            row[i % DIM] += 5.0;
        }
        rows.push(scaled(&row.map(f64::from)));
    }
    rows
}

#[test]
fn every_row_that_reaches_the_floor_is_found_and_the_slack_holds() {
    let mut rng = Rng(88_172_645_463_325_252);
    let rows = rows(&mut rng, 1500);
    let index = filled(&rows);
    let mut probes: Vec<_> = (0..12).map(|_| rng.unit()).collect();
    for i in 0..24 {
        probes.push(rng.near(&rows[i * 37], 0.01));
        probes.push(residual(&rows[i * 53]));
        probes.push(residual(&rows[i * 53]).map(|x| -x));
    }
    let mut tightest = 0.0_f64;
    for probe in &probes {
        let truth: Vec<_> = rows.iter().map(|row| (exact(probe, row), hurried(probe, row))).collect();
        let all = index.candidates(probe, -2.0, usize::MAX, 1);
        assert!(all.rows.len() == rows.len() && !all.cut);
        assert!(all.rows.is_sorted_by(|a, b| a.approximate >= b.approximate));
        for found in &all.rows {
            let (exact, hurried) = truth[usize::try_from(found.id).unwrap()];
            let (approximate, slack) = (f64::from(found.approximate), f64::from(found.slack));
            let off = (exact - approximate).abs();
            assert!(off <= slack && (f64::from(hurried) - approximate).abs() <= slack, "{off} over {slack}");
            tightest = tightest.max(off / slack);
        }
        // Floors that are the very cosine of some row are the hardest.
        for floor in [0.9, 0.5, 0.363, 0.0, truth[7].1, truth[1001].1] {
            let some: HashSet<_> =
                index.candidates(probe, floor, usize::MAX, 1).rows.iter().map(|found| found.id).collect();
            for (id, &(exact, hurried)) in (0..).zip(&truth) {
                let reaches = exact >= f64::from(floor) || hurried >= floor;
                assert!(!reaches || some.contains(&id), "missed {id} at {floor}");
            }
        }
    }
    // The bound is not idle: the worst probes come close to it.
    assert!(tightest > 0.95, "{tightest}");
}

#[test]
fn threads_and_instruction_sets_change_no_bit() {
    let mut rng = Rng(7);
    let mut index = filled(&rows(&mut rng, 33_000));
    for most in [0, 3, 33_000] {
        for floor in [-2.0, 0.3] {
            let probe = rng.unit();
            index.wide = true;
            let one = index.candidates(&probe, floor, most, 1);
            let all = index.candidates(&probe, floor, usize::MAX, 1);
            assert_eq!(one.rows, all.rows[..most.min(all.rows.len())]);
            assert_eq!(one.cut, all.rows.len() > most);
            for (wide, threads) in [(true, 0), (true, 2), (true, usize::MAX), (false, 1), (false, 2)] {
                index.wide = wide;
                assert_eq!(index.candidates(&probe, floor, most, threads), one);
            }
        }
    }
}

#[test]
fn equal_scores_are_kept_by_id_whichever_thread_saw_them() {
    let mut rng = Rng(21);
    let unit = rng.unit();
    let mut index = Index::with_capacity(40_000);
    // Larger ids first, and none that qualifies in the first half.
    for id in (0..40_000).rev() {
        index.put(id, &if id < 20_000 { unit } else { unit.map(|x| -x) }).unwrap();
    }
    for (threads, most) in [(1, 5), (2, 5), (1, 19_999), (2, 19_999), (1, 20_000), (2, 20_000)] {
        let found = index.candidates(&unit, 0.9, most, threads);
        assert!(found.rows.iter().map(|found| found.id).eq(0..u64::try_from(most).unwrap()));
        assert_eq!(found.cut, most < 20_000);
    }
    // A helper that cut its share says so, even when what it kept fits.
    let mut index = Index::with_capacity(33_000);
    for id in 0..33_000 {
        let row = if id < 20_480 {
            unit.map(|x| -x)
        } else if id < 21_505 {
            unit
        } else {
            rng.unit()
        };
        index.put(id, &row).unwrap();
    }
    assert!((1..=2).all(|threads| index.candidates(&unit, -0.9, 5, threads).cut));
}

#[test]
fn the_largest_codes_do_not_overflow() {
    let ones = [1.0; DIM];
    let index = filled(&[ones, ones.map(|x: f32| -x)]);
    let found = index.candidates(&ones, -2.0, 9, 1);
    assert!((found.rows[0].approximate - 1.0).abs() < 1e-6 && (found.rows[1].approximate + 1.0).abs() < 1e-6);
}

#[test]
fn forget_and_replace() {
    let mut rng = Rng(99);
    let rows = rows(&mut rng, 3000);
    let mut index = filled(&rows);
    // Random comings and goings, against a plain map; across block borders and down to nothing.
    let mut kept: HashMap<u64, [f32; DIM]> = (0..).zip(rows).collect();
    for step in 0..12_000_u64 {
        let id = rng.next() % 3000;
        if step > 8_000 || step % 3 != 0 {
            assert_eq!(index.forget(id), kept.remove(&id).is_some());
        } else {
            let row = rng.unit();
            index.put(id, &row).unwrap();
            kept.insert(id, row);
        }
        assert_eq!((index.len(), index.blocks.len()), (kept.len(), kept.len().div_ceil(BLOCK)));
        if step % 500 == 0 {
            let probe = rng.unit();
            let found = index.candidates(&probe, -2.0, usize::MAX, 1);
            assert_eq!(found.rows.len(), kept.len());
            for c in found.rows {
                assert!((exact(&probe, &kept[&c.id]) - f64::from(c.approximate)).abs() <= f64::from(c.slack));
            }
        }
    }
    for id in 0..3000 {
        index.forget(id);
    }
    assert!((index.len() == 0) && index.blocks.is_empty() && !index.forget(1));
}

#[test]
fn rows_are_wiped() {
    let mut rng = Rng(3);
    let mut index = filled(&[rng.unit(), rng.unit()]);
    let row = index.row(1).unwrap();
    assert!(row.codes != [0; DIM] && row.id == 1 && row.scale > 0.0 && row.error > 0.0);
    row.zeroize();
    assert!(row.codes == [0; DIM] && row.id == 0 && row.scale.to_bits() == 0 && row.error.to_bits() == 0);
}

#[test]
fn growth_moves_no_row() {
    let mut rng = Rng(5);
    let mut index = Index::with_capacity(0);
    let row = rng.unit();
    index.put(0, &row).unwrap();
    let first = std::ptr::from_ref(index.row(0).unwrap());
    for id in 1..5_000 {
        index.put(id, &row).unwrap();
    }
    assert!(std::ptr::eq(first, index.row(0).unwrap()) && index.blocks.iter().all(|b| b.capacity() == BLOCK));
}

#[test]
fn what_is_no_vector_is_refused() {
    let mut rng = Rng(11);
    let unit = rng.unit();
    let mut index = filled(&[unit]);
    for bad in [0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut v = if bad == 0.0 { [0.0; DIM] } else { unit };
        v[127] = bad;
        assert!(index.put(0, &v).is_none() && index.put(1, &v).is_none());
        assert_eq!(index.candidates(&v, -2.0, 9, 1), Candidates::default());
    }
    assert_eq!(index.candidates(&unit, f32::NAN, 9, 1), Candidates::default());
    // Only the direction counts, at any length an f32 can hold.
    for length in [1e-37, 1.0, 1e38] {
        index.put(0, &unit.map(|x| x * length)).unwrap();
        let found = index.candidates(&unit, 0.999, 9, 1);
        assert!(found.rows.len() == 1 && (found.rows[0].approximate - 1.0).abs() <= found.rows[0].slack);
    }
}
