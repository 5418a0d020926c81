//! Separated values after RFC 4180, read into rows that keep the spreadsheet's row numbers.

use zeroize::{Zeroize, Zeroizing};

use super::{
    rows::Rows,
    table::{Kind, MAX_CELL, Row, TableError},
    text::separator,
};

/// A field being put together; never grown, so that no copy stays behind.
struct Field {
    text: Zeroizing<String>,
    kind: Kind,
    /// Some white space at the end found no room.
    full: bool,
}

impl Field {
    const ROOM: usize = (MAX_CELL + 1) * 4;

    fn push(&mut self, part: &str) {
        // White space around a content is none of it, however much.
        let part = if self.text.is_empty() { part.trim_start() } else { part };
        let fits = |part: &str| self.text.len() + part.len() <= Self::ROOM && !self.full;
        if fits(part) {
            self.text.push_str(part);
        } else if fits(part.trim_end()) {
            self.text.push_str(part.trim_end());
            self.full = true;
        } else if !part.trim().is_empty() {
            self.kind = Kind::TooLong;
        }
    }
}

/// Reads a text. Line ends are LF, CRLF or CR; what follows a closing quote belongs to the field.
///
/// # Errors
/// A quote is never closed, or a limit is passed.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, TableError> {
    let (bytes, separator) = (text.as_bytes(), separator(text));
    let mut rows = Rows::new();
    let mut field = Field { text: Zeroizing::new(String::with_capacity(Field::ROOM)), kind: Kind::Text, full: false };
    let (mut at, mut row) = (0, 1_u32);
    while at < bytes.len() {
        if bytes[at] == b'"' {
            at = quoted(text, at + 1, &mut field).ok_or(TableError::QuoteNotClosed { row })?;
        }
        let ends = |byte: &u8| *byte == separator || matches!(byte, b'\r' | b'\n');
        let end = bytes[at..].iter().position(ends).map_or(bytes.len(), |length| at + length);
        field.push(&text[at..end]);
        rows.push(row, field.kind, &field.text)?;
        field.text.zeroize();
        (field.kind, field.full) = (Kind::Text, false);
        let line_over = bytes.get(end) != Some(&separator);
        at = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
        if line_over {
            rows.end(row)?;
            row += 1;
        }
    }
    rows.end(row)?;
    rows.finish()
}

/// Reads on after an opening quote; gives the place after the closing one.
fn quoted(text: &str, mut at: usize, field: &mut Field) -> Option<usize> {
    loop {
        let quote = at + text[at..].find('"')?;
        field.push(&text[at..quote]);
        if text.as_bytes().get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        field.push("\"");
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::roster::table::Cell;

    fn ours(text: &str) -> Vec<Vec<String>> {
        let rows = rows(text).unwrap_or_default();
        let cell = |cell| if let Cell::Text(text) = cell { text.to_owned() } else { String::new() };
        rows.iter().map(|row| (0..row.columns()).map(|c| cell(row.cell(c))).collect()).collect()
    }

    fn theirs(text: &str) -> Vec<Vec<String>> {
        let separator = separator(text);
        let mut reader = ::csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
        let rows = reader.records().map(|record| {
            let mut cells: Vec<String> = record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect();
            cells.truncate(cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1));
            cells
        });
        rows.filter(|cells| !cells.is_empty()).collect()
    }

    #[test]
    fn rows_keep_their_numbers_past_blank_lines_and_line_ends_within_quotes() {
        let rows = rows("a,b\r\n\r\n\"x\r\ny\",\"1\"\"2\"\rc\n,,\n d ,").ok().unwrap();
        let numbers: Vec<u32> = rows.iter().map(Row::number).collect();
        assert_eq!(numbers, [1, 3, 4, 6]);
        assert!(rows[1].cell(0) == Cell::Text("x\r\ny") && rows[1].cell(1) == Cell::Text("1\"2"));
        assert!(rows[3].cell(0) == Cell::Text("d") && rows[3].columns() == 1);
    }

    #[test]
    fn open_quotes_long_cells_and_wide_rows_are_told() {
        assert_eq!(rows("a\n\n\"b\n").err(), Some(TableError::QuoteNotClosed { row: 3 }));
        let long = rows(&format!("{},{}", "中".repeat(200), "中".repeat(201))).ok().unwrap();
        assert!(matches!(long[0].cell(0), Cell::Text(_)) && long[0].cell(1) == Cell::TooLong);
        let spaces = rows(&format!("{}a{}", " ".repeat(2000), " ".repeat(2000))).ok().unwrap();
        assert!(spaces[0].cell(0) == Cell::Text("a"));
        assert!(rows(&format!("a{}", ",".repeat(100))).is_ok());
        assert_eq!(rows(&format!("a{}b", ",".repeat(64))).err(), Some(TableError::TooManyColumns { row: 1 }));
        assert_eq!(rows(" ,\n").err(), Some(TableError::Empty));
    }

    proptest! {
        #[test]
        fn reads_as_the_csv_crate_does(text in "[a中 ,;\t\"\r\n]{0,40}") {
            prop_assume!(rows(&text).err().is_none_or(|error| error == TableError::Empty));
            prop_assert_eq!(ours(&text), theirs(&text));
        }
    }
}
