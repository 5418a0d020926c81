//! Lists of pairs in the format of Labeled Faces in the Wild.
//!
//! First line `folds<TAB>n`; then, for each fold, `n` lines `name i j` of one person and `n` lines
//! `name i other j` of two. Source: LFW, "View 2" protocol.

use std::path::PathBuf;

/// Two pictures and whether they show one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Paths relative to the image folder.
    pub files: [PathBuf; 2],
    /// One person.
    pub mated: bool,
    /// Number of the fold, from zero.
    pub fold: usize,
}

/// The list is not in the expected format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct PairsError {
    /// Which line.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Reads a list.
///
/// # Errors
/// Names the first line that is wrong, or the last if lines are missing.
pub fn parse(text: &str) -> Result<Vec<Pair>, PairsError> {
    let mut lines = text.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty());
    let error = |line, reason| PairsError { line, reason };
    let (_, head) = lines.next().ok_or(error(1, "the list is empty"))?;
    let numbers: Vec<usize> = head.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let [folds, each] = numbers[..] else { return Err(error(1, "expected two numbers: folds and pairs")) };
    if folds == 0 || each == 0 || folds > 1000 || each > 1_000_000 {
        return Err(error(1, "folds and pairs must be above zero"));
    }
    let mut pairs = Vec::new();
    let mut last = 1;
    for (index, line) in lines {
        last = index + 1;
        let fold = pairs.len() / (2 * each);
        if fold >= folds {
            return Err(error(last, "more lines than the first line announces"));
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let file = |name: &str, number: &str| -> Result<PathBuf, PairsError> {
            let number: u32 = number.parse().map_err(|_| error(last, "expected the number of a picture"))?;
            if name.contains("..") || name.contains('/') {
                return Err(error(last, "a name may not leave the image folder"));
            }
            Ok(PathBuf::from(name).join(format!("{name}_{number:04}.jpg")))
        };
        let (files, mated) = match words[..] {
            [name, i, j] => ([file(name, i)?, file(name, j)?], true),
            [a, i, b, j] => ([file(a, i)?, file(b, j)?], false),
            _ => return Err(error(last, "expected three or four words")),
        };
        pairs.push(Pair { files, mated, fold });
    }
    if pairs.len() != folds * each * 2 {
        return Err(error(last, "fewer lines than the first line announces"));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_folds_and_refuses_what_does_not_fit() {
        let pairs = parse("1\t1\nA_B\t1\t4\nA_B\t1\tC\t2\n").unwrap();
        assert!(pairs[0].mated && !pairs[1].mated);
        assert_eq!(pairs[0].files[1], PathBuf::from("A_B/A_B_0004.jpg"));
        for (bad, line) in [("", 1), ("x", 1), ("1 1\nA 1 2", 2), ("1 1\nA 1\nB 1 2", 2), ("1 1\n../x 1 2\nA 1 B 2", 2)] {
            assert_eq!(parse(bad).unwrap_err().line, line, "{bad:?}");
        }
    }
}
