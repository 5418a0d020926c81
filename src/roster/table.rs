//! A spreadsheet file as rows of cells, whatever its format.

use std::{fs::File, io::Read, path::Path};

use zeroize::Zeroizing;

use super::{csv, sheet, text};

/// Largest file. Unit: bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// Most rows below the header that are not empty.
pub const MAX_ROWS: usize = 100_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 64;
/// Longest cell. Unit: characters.
pub const MAX_CELL: usize = 200;
/// How far down the header may be: this many rows that are not empty.
pub const HEAD_ROWS: usize = 10;

/// Why a file is no table. Row numbers are those a spreadsheet shows, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(std::io::ErrorKind),
    /// Larger than [`MAX_BYTES`].
    #[error("the file is larger than 16 MiB")]
    TooBig,
    /// No cell has a content.
    #[error("the file is empty")]
    Empty,
    /// Neither UTF-8 nor UTF-16 with a byte order mark nor GB18030, or it contains NUL.
    #[error("the file is neither an XLSX workbook nor text in UTF-8, UTF-16 or GB18030")]
    NotText,
    /// A workbook of Excel 97 to 2003, or one with a password.
    #[error("an old .xls workbook or one with a password: save it as .xlsx without a password")]
    OldOrLocked,
    /// A ZIP file that is no XLSX workbook, or a damaged one.
    #[error("the file is no readable XLSX workbook")]
    NotAWorkbook,
    /// Unpacked it would be larger than any roster, or it announces more than it has.
    #[error("the workbook is far larger inside than a roster can be")]
    Bomb,
    /// More than [`MAX_ROWS`] rows below the header.
    #[error("more than 100,000 rows")]
    TooManyRows,
    /// A cell with content beyond the column [`MAX_COLUMNS`].
    #[error("more than 64 columns in row {row}")]
    TooManyColumns {
        /// In which row.
        row: u32,
    },
    /// All cells together have more text than any roster.
    #[error("more text than a roster can have")]
    TooMuchText,
    /// A quote opened in this row is never closed.
    #[error("the quote opened in row {row} is never closed")]
    QuoteNotClosed {
        /// In which row.
        row: u32,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    LostDigits,
    TooLong,
}

/// A cell; texts are trimmed and never empty.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing, or only white space.
    Empty,
    /// A text; dates of a workbook come as `YYYY-MM-DD`.
    Text(&'a str),
    /// A number of a workbook, in decimal digits.
    Number(&'a str),
    /// A number of a workbook with more digits than Excel keeps (15).
    LostDigits,
    /// More than [`MAX_CELL`] characters; they are not kept.
    TooLong,
}

/// A row that is not empty.
pub struct Row {
    pub(super) number: u32,
    pub(super) text: Zeroizing<Box<str>>,
    /// What each cell is, and where its text ends.
    pub(super) cells: Box<[(Kind, u16)]>,
}

impl Row {
    /// The row as the spreadsheet numbers it, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The cell in this column, from 0; beyond the last one there is nothing.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cell<'_> {
        let Some((kind, end)) = self.cells.get(column) else { return Cell::Empty };
        let start = column.checked_sub(1).map_or(0, |before| usize::from(self.cells[before].1));
        let text = self.text.get(start..usize::from(*end)).unwrap_or_default();
        match kind {
            Kind::LostDigits => Cell::LostDigits,
            Kind::TooLong => Cell::TooLong,
            _ if text.is_empty() => Cell::Empty,
            Kind::Text => Cell::Text(text),
            Kind::Number => Cell::Number(text),
        }
    }

    /// How many columns there are up to the last cell with content.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.cells.len()
    }
}

/// Reads a file's content into its rows that are not empty; the content decides on the format.
///
/// # Errors
/// The file has no readable table or is beyond a limit.
pub fn rows(bytes: Zeroizing<Vec<u8>>) -> Result<Vec<Row>, TableError> {
    if bytes.len() > MAX_BYTES {
        return Err(TableError::TooBig);
    }
    match bytes.get(..4) {
        Some(b"PK\x03\x04" | b"PK\x05\x06") => sheet::rows(&bytes),
        Some(b"\xD0\xCF\x11\xE0") => Err(TableError::OldOrLocked),
        _ => {
            let text = text::decode(&bytes)?;
            drop(bytes);
            csv::rows(&text)
        }
    }
}

/// Reads a file, no more than [`MAX_BYTES`] of it.
///
/// # Errors
/// The file cannot be read or is larger.
pub fn load(path: &Path) -> Result<Zeroizing<Vec<u8>>, TableError> {
    let failed = |error: std::io::Error| TableError::File(error.kind());
    let file = File::open(path).map_err(failed)?;
    let length = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
    if length > MAX_BYTES {
        return Err(TableError::TooBig);
    }
    // One more than there should be, so that reading to the end does not grow it.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > MAX_BYTES { Err(TableError::TooBig) } else { Ok(bytes) }
}
