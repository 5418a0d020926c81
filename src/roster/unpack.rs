//! Whether a workbook is safe to hand to the reader: what it really unpacks to, and what its
//! table of strings announces.

use std::io::{Cursor, Read};

use zeroize::Zeroizing;
use zip::ZipArchive;

use super::table::{MAX_COLUMNS, MAX_ROWS, TableError};

/// Most parts of a workbook.
const MAX_PARTS: usize = 2_000;
/// Most that all parts unpack to. Unit: bytes. 100,000 rows of 20 columns are about 90 MiB.
const MAX_UNPACKED: usize = 256 << 20;
/// Most that the table of strings unpacks to. Unit: bytes.
const MAX_STRINGS: usize = 64 << 20;
/// Most that a part unpacks to which is neither that nor a sheet nor a picture. Unit: bytes.
const MAX_SMALL: usize = 4 << 20;
/// Unpacked at a time. Unit: bytes.
const PIECE: usize = 64 << 10;
/// The attribute by which calamine reserves memory, unchecked.
const ANNOUNCED: &[u8] = b"uniqueCount";
/// The attribute's value has to end within so many bytes.
const NEAR: usize = 64;
/// Of the piece before, looked at again with the next: an attribute cut in two is found.
const OVERLAP: usize = 2 * NEAR;

/// Unpacks every part once, counting and keeping nothing.
///
/// # Errors
/// It is no ZIP file, or a part is damaged, or there is too much of it.
pub(super) fn measure(bytes: &[u8]) -> Result<(), TableError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::NotAWorkbook)?;
    if archive.len() > MAX_PARTS {
        return Err(TableError::Bomb);
    }
    let mut piece = Zeroizing::new(vec![0; OVERLAP + PIECE]);
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| TableError::NotAWorkbook)?;
        let name = part.name().map_err(|_| TableError::NotAWorkbook)?.to_ascii_lowercase().replace('\\', "/");
        let strings = name.ends_with("sharedstrings.xml");
        let large = ["worksheets/", "media/", "printersettings/"].iter().any(|folder| name.contains(folder));
        let limit = match (strings, large && !name.ends_with("styles.xml")) {
            (true, _) => MAX_STRINGS,
            (_, true) => MAX_UNPACKED,
            _ => MAX_SMALL,
        };
        left -= scan(part, &mut piece, left.min(limit), strings)?;
    }
    Ok(())
}

/// Reads a part to its end; gives how many bytes it has.
fn scan(mut part: impl Read, piece: &mut [u8], limit: usize, strings: bool) -> Result<usize, TableError> {
    piece[..OVERLAP].fill(0);
    let mut total = 0;
    loop {
        let count = part.read(&mut piece[OVERLAP..]).map_err(|_| TableError::NotAWorkbook)?;
        total += count;
        if total > limit || (strings && announces_too_much(&piece[..OVERLAP + count], count == 0)) {
            return Err(TableError::Bomb);
        }
        if count == 0 {
            return Ok(total);
        }
        piece.copy_within(count..count + OVERLAP, 0);
    }
}

/// Whether more strings are announced than there can be cells, or in a way that hides the number.
fn announces_too_much(piece: &[u8], last: bool) -> bool {
    // XML has no escape characters; an ISO-2022 encoding would hide the attribute with them, and
    // UTF-16 with NULs.
    if piece[OVERLAP..].iter().any(|byte| matches!(byte, 0 | 0x1B)) {
        return true;
    }
    let starts = piece.windows(ANNOUNCED.len()).enumerate().filter(|(_, name)| *name == ANNOUNCED);
    starts.map(|(start, _)| &piece[start + ANNOUNCED.len()..]).any(|rest| {
        if rest.len() < NEAR && !last {
            return false; // looked at again with the next piece
        }
        let rest = &rest[..rest.len().min(NEAR)];
        let value = rest.split(|byte| !byte.is_ascii_digit()).find(|digits| !digits.is_empty());
        let whole = rest.last().is_some_and(|byte| !byte.is_ascii_digit());
        let number = value.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
        !(whole && number.is_some_and(|number| number <= MAX_ROWS * MAX_COLUMNS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &[u8]) -> bool {
        let mut piece = vec![0; OVERLAP + PIECE];
        scan(text, &mut piece, MAX_STRINGS, true).is_err()
    }

    #[test]
    fn announced_strings_are_bounded_wherever_the_pieces_are_cut() {
        for before in [0, 1, 100, PIECE - 100, PIECE - 30, PIECE - 12, PIECE - 11, PIECE - 5, PIECE, PIECE + 3] {
            let text = |value: &str| [" ".repeat(before), format!("<sst uniqueCount{value}><si/>")].concat();
            assert!(!refused(text("=\"200000\"").as_bytes()), "{before}");
            assert!(refused(text("=\"9000000000\"").as_bytes()), "{before}");
            assert!(refused(text("='99999999999999999999999'").as_bytes()), "{before}");
            assert!(refused(text(&format!("{}='99999999'", " ".repeat(300))).as_bytes()), "{before}");
        }
        assert!(refused(b"<sst uniq\x1b(BueCount='1'>") && refused(b"<\0s\0s\0t\0"));
        assert!(scan(&[1; 100][..], &mut vec![0; OVERLAP + PIECE], 99, false).is_err());
    }
}
