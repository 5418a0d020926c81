//! The first visible sheet of an XLSX workbook, read cell by cell.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, SheetVisible, Xlsx};
use zeroize::Zeroizing;

use super::{
    rows::Rows,
    table::{Kind, MAX_COLUMNS, Row, TableError},
    unpack,
};
use crate::core::time::Date;

/// From this number on Excel has rounded: it keeps 15 digits.
const ROUNDED: f64 = 1e15;
/// What stands for a formula that failed, or that has no result yet.
pub(super) const FAILED: &str = "#N/A";

/// Reads a workbook.
///
/// # Errors
/// It is damaged or beyond a limit.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, TableError> {
    unpack::measure(bytes)?;
    // calamine counts positions unchecked: where overflows panic, a crafted position would.
    catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or(Err(TableError::NotAWorkbook))
}

fn read(bytes: &[u8]) -> Result<Vec<Row>, TableError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| TableError::NotAWorkbook)?;
    let shown = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let name = book.sheets_metadata().iter().find(shown).ok_or(TableError::NotAWorkbook)?.name.clone();
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| TableError::NotAWorkbook)?;
    let mut rows = Rows::new();
    let mut current = 0;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| TableError::NotAWorkbook)? {
        let (row, column) = cell.pos;
        let number = row.checked_add(1).ok_or(TableError::NotAWorkbook)?;
        let failed = cell.formula.is_some() && matches!(cell.value, DataRef::Empty);
        if !failed && matches!(cell.value, DataRef::Empty) {
            continue;
        }
        if row < current {
            return Err(TableError::NotAWorkbook);
        }
        if row > current {
            rows.end(current + 1)?;
            current = row;
        }
        let column = usize::try_from(column).map_err(|_| TableError::NotAWorkbook)?;
        if column < rows.width() {
            return Err(TableError::NotAWorkbook);
        }
        for _ in rows.width()..column.min(MAX_COLUMNS) {
            rows.push(number, Kind::Text, "")?;
        }
        let value = if failed { DataRef::SharedString(FAILED) } else { cell.value };
        push(&mut rows, number, value)?;
    }
    rows.end(current.checked_add(1).ok_or(TableError::NotAWorkbook)?)?;
    rows.finish()
}

fn push(rows: &mut Rows, row: u32, value: DataRef<'_>) -> Result<(), TableError> {
    match value {
        DataRef::Empty => rows.push(row, Kind::Text, ""),
        DataRef::SharedString(text) => rows.push(row, Kind::Text, text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            rows.push(row, Kind::Text, &Zeroizing::new(text))
        }
        DataRef::Bool(value) => rows.push(row, Kind::Text, if value { "TRUE" } else { "FALSE" }),
        DataRef::Error(_) => rows.push(row, Kind::Text, FAILED),
        DataRef::Int(value) => rows.push(row, Kind::Number, &Zeroizing::new(value.to_string())),
        DataRef::Float(value) => number(rows, row, value),
        DataRef::DateTime(value) => match whole_day(value) {
            Some(day) => rows.push(row, Kind::Text, &Zeroizing::new(day.to_string())),
            None => number(rows, row, value.as_f64()),
        },
    }
}

fn number(rows: &mut Rows, row: u32, value: f64) -> Result<(), TableError> {
    if value.abs() >= ROUNDED {
        return rows.push(row, Kind::LostDigits, "");
    }
    rows.push(row, Kind::Number, &Zeroizing::new(value.to_string()))
}

fn whole_day(value: ExcelDateTime) -> Option<Date> {
    let serial = value.as_f64();
    // 31 December 2999 in the earlier of Excel's two ways to count.
    if !value.is_datetime() || serial.fract() != 0.0 || !(1.0..=401_768.0).contains(&serial) {
        return None;
    }
    let (year, month, day, ..) = value.to_ymd_hms_milli();
    Date::new(year, month, day)
}

/// A day as Excel counts it, in a cell that has no date format. Range: from 1990 on, so that a
/// bare year is none.
pub(super) fn bare_day(number: &str) -> Option<Date> {
    let serial: u32 = number.parse().ok().filter(|serial| *serial >= 32_874)?;
    whole_day(ExcelDateTime::new(f64::from(serial), ExcelDateTimeType::DateTime, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_days_are_counted_as_excel_does() {
        let day = |text: &str| bare_day(text).map(|day| day.to_string());
        assert_eq!(day("32874").as_deref(), Some("1990-01-01"));
        assert_eq!(day("46387").as_deref(), Some("2026-12-31"));
        assert_eq!(day("401768").as_deref(), Some("2999-12-31"));
        for text in ["2026", "32873", "401769", "46387.5", "-46387", "99999999999"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
