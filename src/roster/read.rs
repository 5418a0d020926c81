//! Every row checked: what can be used, and all that is wrong with the others.

use std::{
    collections::{HashMap, hash_map::Entry::{Occupied, Vacant}},
    hash::{Hash, Hasher},
    path::Path,
};

use zeroize::Zeroizing;

use super::{
    columns::{self, Columns, ColumnsError, Field, IgnoredColumn},
    fields,
    problem::{Problem, RowError},
    table::{self, MAX_ROWS, Row, TableError},
};
use crate::{core::time::Date, ports::Secret};

/// A person who may come in.
pub struct Entry {
    /// The name, up to 64 characters.
    pub name: Secret,
    /// The number of the identity document: ASCII capitals and digits, passed its check.
    pub number: Secret,
    /// What a scanner or a card reader types: 4 to 32 ASCII letters and digits.
    pub code: Option<Secret>,
    /// First day; none is "since ever".
    pub from: Option<Date>,
    /// Last day; none is "for ever".
    pub until: Option<Date>,
    /// Room, unit or remark, up to 40 characters.
    pub note: Option<Secret>,
}

/// What a file holds, to be shown before it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Rows below the header that are not empty in the columns found.
    pub rows: usize,
    /// Rows without an error.
    pub usable: usize,
    /// All that is wrong, by row and column.
    pub errors: Vec<RowError>,
    /// The fields found and their columns, from 1; without [`Field::Until`] nobody's right ends.
    pub found_columns: Vec<(Field, u16)>,
    /// Columns whose header names no field.
    pub ignored_columns: Vec<IgnoredColumn>,
    /// Usable rows whose last day is before today, as the spreadsheet numbers them.
    pub expired: Vec<u32>,
}

/// A file read.
pub struct Roster {
    /// The usable rows in their order; expired ones are among them.
    pub entries: Vec<Entry>,
    /// What there is to tell about the file.
    pub preview: Preview,
}

/// Why a file is no roster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// It is no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Its columns cannot be told.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
}

/// A text seen before, wiped on drop.
struct Seen(Zeroizing<String>);

impl Hash for Seen {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

impl Eq for Seen {}

/// The first row a text was seen in, if that was before `row`.
fn before(seen: &mut HashMap<Seen, u32>, text: &Secret, row: u32) -> Option<u32> {
    match seen.entry(Seen(Zeroizing::new(text.expose().to_owned()))) {
        Occupied(first) => Some(*first.get()),
        vacant @ Vacant(_) => {
            vacant.or_insert(row);
            None
        }
    }
}

/// Reads a roster file.
///
/// # Errors
/// It cannot be read, is no table, or its columns cannot be told.
pub fn read_file(path: &Path, today: Date, check: &dyn Fn(&str) -> bool) -> Result<Roster, RosterError> {
    read(table::load(path)?, today, check)
}

/// Reads a roster. `check` says of a number, in ASCII capitals, whether it can be one.
///
/// # Errors
/// The bytes are no table, or its columns cannot be told. Errors of rows are in the preview.
pub fn read(bytes: Zeroizing<Vec<u8>>, today: Date, check: &dyn Fn(&str) -> bool) -> Result<Roster, RosterError> {
    let rows = table::rows(bytes)?;
    let columns = columns::find(&rows)?;
    if rows.len() - columns.skip > MAX_ROWS {
        return Err(TableError::TooManyRows.into());
    }
    let mut reading = Reading { check, columns: &columns, numbers: HashMap::new(), codes: HashMap::new(), errors: Vec::new() };
    let mut usable: Vec<(u32, bool, Entry)> = Vec::new();
    let mut count = 0;
    // Each row is wiped as soon as it is read.
    for row in rows.into_iter().skip(columns.skip) {
        if columns.found.iter().all(|(_, column)| row.cell(usize::from(*column) - 1) == table::Cell::Empty) {
            continue;
        }
        count += 1;
        usable.extend(reading.row(&row).map(|(rounded, entry)| (row.number(), rounded, entry)));
    }
    let Reading { mut errors, .. } = reading;
    let column = columns.found.iter().find(|(field, _)| *field == Field::Number).map_or(1, |(_, column)| *column);
    if errors.iter().any(|error| error.problem == Problem::NumberLostDigits && error.column == column) {
        // Excel rounded in this file: of eleven rounded numbers one passes its check all the same.
        let lost = usable.extract_if(.., |(_, rounded, _)| *rounded);
        errors.extend(lost.map(|(row, ..)| RowError { row, column, problem: Problem::NumberLostDigits }));
    }
    errors.sort_by_key(|error| (error.row, error.column));
    let expired = usable.iter().filter(|(_, _, entry)| entry.until.is_some_and(|until| until < today));
    let expired = expired.map(|(row, ..)| *row).collect();
    let entries: Vec<Entry> = usable.into_iter().map(|(_, _, entry)| entry).collect();
    let Columns { found: found_columns, ignored: ignored_columns, .. } = columns;
    let preview = Preview { rows: count, usable: entries.len(), errors, found_columns, ignored_columns, expired };
    Ok(Roster { entries, preview })
}

struct Reading<'a> {
    check: &'a dyn Fn(&str) -> bool,
    columns: &'a Columns,
    numbers: HashMap<Seen, u32>,
    codes: HashMap<Seen, u32>,
    errors: Vec<RowError>,
}

impl Reading<'_> {
    /// Reads a row; its errors are added to the others. The flag: the number may be rounded.
    fn row(&mut self, row: &Row) -> Option<(bool, Entry)> {
        let before_row = self.errors.len();
        let number = self.field(row, Field::Number, |cell| fields::number(cell, self.check));
        let name = self.field(row, Field::Name, fields::name);
        let code = self.field(row, Field::Code, fields::code).flatten();
        let from = self.field(row, Field::From, fields::day).flatten();
        let until = self.field(row, Field::Until, fields::day).flatten();
        let note = self.field(row, Field::Note, fields::note).flatten();
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            self.tell(row, Field::Until, Problem::UntilBeforeFrom);
        }
        if let Some(first) = number.as_ref().and_then(|(number, _)| before(&mut self.numbers, number, row.number())) {
            self.tell(row, Field::Number, Problem::DuplicateNumber(first));
        }
        if let Some(first) = code.as_ref().and_then(|code| before(&mut self.codes, code, row.number())) {
            self.tell(row, Field::Code, Problem::DuplicateCode(first));
        }
        let ((number, rounded), name) = number.zip(name)?;
        let entry = Entry { name, number, code, from, until, note };
        (self.errors.len() == before_row).then_some((rounded, entry))
    }

    /// A field of a row; nothing if it has an error or there is no such column.
    fn field<T>(&mut self, row: &Row, field: Field, read: impl Fn(table::Cell<'_>) -> Result<T, Problem>) -> Option<T> {
        let column = self.column(field)?;
        match read(row.cell(usize::from(column) - 1)) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.errors.push(RowError { row: row.number(), column, problem });
                None
            }
        }
    }

    fn tell(&mut self, row: &Row, field: Field, problem: Problem) {
        if let Some(column) = self.column(field) {
            self.errors.push(RowError { row: row.number(), column, problem });
        }
    }

    fn column(&self, field: Field) -> Option<u16> {
        self.columns.found.iter().find(|(known, _)| *known == field).map(|(_, column)| *column)
    }
}
