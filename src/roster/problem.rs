//! What is wrong with a row; never with the cell's content.

use super::columns::Field;

/// What is wrong with a cell. Rows are numbered as the spreadsheet shows them, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Problem {
    /// The row has no such field, or a formula failed there.
    #[error("{0} is missing")]
    Missing(Field),
    /// The number does not pass its check.
    #[error("the number's check digit is wrong")]
    NumberCheck,
    /// Excel kept only 15 digits of it.
    #[error("digits are lost: format the column as text before typing the numbers in again")]
    NumberLostDigits,
    /// No day as `2026-01-31`, `2026/1/31`, `20260131` or `2026年1月31日`, or one with a time.
    #[error("this is no date such as 2026-01-31")]
    DateUnreadable,
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    UntilBeforeFrom,
    /// Not 4 to 32 of the letters A to Z, a to z and digits.
    #[error("a code has 4 to 32 letters and digits")]
    CodeUnusable,
    /// More characters than the field may have.
    #[error("the text is too long")]
    TooLong,
    /// An earlier row has the number.
    #[error("the number is already in row {0}")]
    DuplicateNumber(u32),
    /// An earlier row has the code.
    #[error("the code is already in row {0}")]
    DuplicateCode(u32),
    /// Control, invisible or direction-changing characters, or U+FFFD.
    #[error("invisible or control characters: type the text in again")]
    ControlCharacter,
}

/// A problem and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("row {row}, column {}: {problem}", letters(*.column))]
pub struct RowError {
    /// The row as the spreadsheet numbers it, from 1.
    pub row: u32,
    /// The column, from 1; range 1 to 64.
    pub column: u16,
    /// What is wrong.
    pub problem: Problem,
}

/// A column as the spreadsheet names it: `A` to `Z`, `AA`, …; from 1.
#[must_use]
pub fn letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while let Some(index) = rest.checked_sub(1) {
        letters.push(char::from(b'A' + (index % 26) as u8));
        rest = index / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        let names: Vec<String> = [1, 26, 27, 52, 53, 64, 703].into_iter().map(letters).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "BL", "AAA"]);
        let error = RowError { row: 7, column: 2, problem: Problem::Missing(Field::Name) };
        assert_eq!(error.to_string(), "row 7, column B: the name is missing");
    }
}
