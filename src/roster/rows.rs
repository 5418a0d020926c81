//! Cells collected into rows.

use zeroize::{Zeroize, Zeroizing};

use super::table::{HEAD_ROWS, Kind, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row, TableError};

/// Most text in all cells together. Unit: bytes.
const MAX_TEXT: usize = 64 << 20;

/// Collects cells into rows; what it holds in between lies in one place and is wiped.
pub(super) struct Rows {
    done: Vec<Row>,
    total: usize,
    text: Zeroizing<String>,
    cells: Vec<(Kind, u16)>,
}

impl Rows {
    pub(super) fn new() -> Self {
        // Never grown, so that no copy stays behind: 51,200 bytes fit the u16 of a cell's end.
        let text = Zeroizing::new(String::with_capacity(MAX_COLUMNS * MAX_CELL * 4));
        Self { done: Vec::new(), total: 0, text, cells: Vec::with_capacity(MAX_COLUMNS) }
    }

    /// Cells in the row so far.
    pub(super) fn width(&self) -> usize {
        self.cells.len()
    }

    /// Adds a cell to row `row`.
    pub(super) fn push(&mut self, row: u32, kind: Kind, text: &str) -> Result<(), TableError> {
        let text = text.trim();
        let empty = text.is_empty() && matches!(kind, Kind::Text | Kind::Number);
        if self.cells.len() >= MAX_COLUMNS {
            return if empty { Ok(()) } else { Err(TableError::TooManyColumns { row }) };
        }
        let long = text.chars().nth(MAX_CELL).is_some();
        if !long {
            self.text.push_str(text);
        }
        let end = u16::try_from(self.text.len()).map_err(|_| TableError::TooMuchText)?;
        self.cells.push((if long { Kind::TooLong } else { kind }, end));
        Ok(())
    }

    /// Ends row `row`, from 1; an empty one is left out.
    pub(super) fn end(&mut self, row: u32) -> Result<(), TableError> {
        let start = |index: usize| index.checked_sub(1).map_or(0, |before| self.cells[before].1);
        let full = |index: &usize| {
            let (kind, end) = self.cells[*index];
            matches!(kind, Kind::LostDigits | Kind::TooLong) || end > start(*index)
        };
        if let Some(last) = (0..self.cells.len()).rev().find(full) {
            self.total += self.text.len();
            if self.total > MAX_TEXT {
                return Err(TableError::TooMuchText);
            }
            if self.done.len() >= MAX_ROWS + HEAD_ROWS {
                return Err(TableError::TooManyRows);
            }
            let text = Zeroizing::new(Box::from(self.text.as_str()));
            self.done.push(Row { number: row, text, cells: Box::from(&self.cells[..=last]) });
        }
        self.text.zeroize();
        self.cells.clear();
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<Row>, TableError> {
        if self.done.is_empty() { Err(TableError::Empty) } else { Ok(self.done) }
    }
}
