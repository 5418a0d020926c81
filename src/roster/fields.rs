//! What a cell means for a field.

use zeroize::Zeroizing;

use super::{columns::Field, problem::Problem, sheet, table::Cell};
use crate::{core::time::Date, ports::Secret};

/// Longest name. Unit: characters.
const MAX_NAME: usize = 64;
/// Longest note. Unit: characters.
const MAX_NOTE: usize = 40;
/// Longest number. Unit: characters.
const MAX_NUMBER: usize = 32;

/// Characters no field may have: control, format (invisible, direction), separators of lines,
/// tags, U+FFFD. Not refused: private use, as GB18030 maps rare characters there.
pub(super) fn refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}' | '\u{E0000}'..='\u{E007F}')
        || u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// The text with full-width letters, digits and signs made ASCII, without white space.
pub(super) fn half_width(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let ascii = u32::from(c).checked_sub(0xFEE0).filter(|_| matches!(c, '！'..='～')).and_then(char::from_u32);
        out.push(ascii.unwrap_or(c));
    }
    out
}

/// The text of a cell, fit for the field; nothing if the cell is empty.
fn content(cell: Cell<'_>) -> Result<Option<&str>, Problem> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::LostDigits => Err(Problem::NumberLostDigits),
        Cell::TooLong => Err(Problem::TooLong),
        Cell::Text(text) | Cell::Number(text) if text.contains(refused) => Err(Problem::ControlCharacter),
        Cell::Text(text) | Cell::Number(text) => Ok(Some(text)),
    }
}

/// What a failed formula leaves in a cell or in a text file.
fn failed(text: &str) -> bool {
    matches!(text, sheet::FAILED | "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!" | "#NUM!" | "#NULL!" | "#SPILL!" | "#CALC!")
}

/// Whether Excel wrote a number with an exponent, as `1.10105E+17`.
fn scientific(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.split_once("E+").or(text.split_once("e+")).is_some_and(|(left, right)| digits(left) && digits(right))
}

/// Takes off what makes Excel leave digits alone: `'…`, `="…"`.
fn unquoted(text: &mut Zeroizing<String>) {
    if text.len() > 3 && text.starts_with("=\"") && text.ends_with('"') {
        text.pop();
        text.drain(..2);
    }
    if let Some(mark) = text.chars().next().filter(|c| matches!(c, '\'' | '‘' | '’' | '`')) {
        text.drain(..mark.len_utf8());
    }
}

/// The number with only ASCII and capitals, and whether it ends as Excel rounds (`000`).
pub(super) fn number(cell: Cell<'_>, check: &dyn Fn(&str) -> bool) -> Result<(Secret, bool), Problem> {
    let missing = Problem::Missing(Field::Number);
    let text = content(cell)?.ok_or(missing)?;
    if failed(text) {
        return Err(missing);
    }
    let mut number = half_width(text);
    unquoted(&mut number);
    number.make_ascii_uppercase();
    let rounded = number.len() == 18 && number.ends_with("000") && number.bytes().all(|b| b.is_ascii_digit());
    if scientific(&number) {
        Err(Problem::NumberLostDigits)
    } else if number.chars().nth(MAX_NUMBER).is_some() {
        Err(Problem::TooLong)
    } else if number.is_empty() || !check(&number) {
        Err(if rounded { Problem::NumberLostDigits } else { Problem::NumberCheck })
    } else {
        Ok((Secret::new(std::mem::take(&mut *number)), rounded))
    }
}

/// The name.
pub(super) fn name(cell: Cell<'_>) -> Result<Secret, Problem> {
    let missing = Problem::Missing(Field::Name);
    let name = limited(cell, MAX_NAME)?.ok_or(missing)?;
    if name.expose().chars().any(char::is_alphabetic) { Ok(name) } else { Err(missing) }
}

/// The note; a failed formula is none.
pub(super) fn note(cell: Cell<'_>) -> Result<Option<Secret>, Problem> {
    limited(cell, MAX_NOTE)
}

fn limited(cell: Cell<'_>, longest: usize) -> Result<Option<Secret>, Problem> {
    match content(cell)? {
        Some(text) if failed(text) => Ok(None),
        Some(text) if text.chars().nth(longest).is_some() => Err(Problem::TooLong),
        text => Ok(text.map(|text| Secret::new(text.to_owned()))),
    }
}

/// The code: 4 to 32 ASCII letters and digits, as they are.
pub(super) fn code(cell: Cell<'_>) -> Result<Option<Secret>, Problem> {
    let Some(text) = content(cell)? else { return Ok(None) };
    if text.chars().any(char::is_whitespace) {
        return Err(Problem::CodeUnusable);
    }
    let mut code = half_width(text);
    unquoted(&mut code);
    if scientific(&code) {
        return Err(Problem::NumberLostDigits);
    }
    if (4..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(Some(Secret::new(std::mem::take(&mut *code))));
    }
    Err(Problem::CodeUnusable)
}

/// A day; nothing if the cell is empty.
pub(super) fn day(cell: Cell<'_>) -> Result<Option<Date>, Problem> {
    if cell == Cell::LostDigits {
        return Err(Problem::DateUnreadable);
    }
    let Some(text) = content(cell)? else { return Ok(None) };
    let bare = matches!(cell, Cell::Number(_)).then(|| sheet::bare_day(text)).flatten();
    bare.or_else(|| written_day(text)).map(Some).ok_or(Problem::DateUnreadable)
}

/// Reads `2026-01-31`, `2026/1/31`, `20260131` or `2026年1月31日`; midnight may follow.
fn written_day(text: &str) -> Option<Date> {
    let midnight = |time: &str| time.chars().all(|c| matches!(c, '0' | ':' | '.'));
    let text = text.split_once([' ', 'T']).filter(|(_, time)| midnight(time)).map_or(text, |(day, _)| day);
    let text = half_width(text);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Date::parse(&text);
    }
    let (parts, separators) = match text.strip_suffix('日') {
        Some(parts) => (parts, ['年', '月']),
        None if text.contains('/') => (text.as_str(), ['/'; 2]),
        None => (text.as_str(), ['-'; 2]),
    };
    let (year, rest) = parts.split_once(separators[0])?;
    let (month, day) = rest.split_once(separators[1])?;
    let part = |part: &str, most: usize| {
        let fits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let [month, day] = [part(month, 2)?, part(day, 2)?];
    let year = part(year, 4).filter(|_| year.len() == 4)?;
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let fifth = Date::new(2026, 1, 5);
        for text in ["2026-01-05", "2026-1-5", "2026/1/5", "2026/01/05", "20260105", "2026年1月5日", "2026 年 01 月 05 日"] {
            assert_eq!(written_day(text), fifth, "{text}");
        }
        for text in ["2026-1-5 0:00", "2026/1/5 00:00:00", "2026-01-05T00:00:00.000", "２０２６／１／５"] {
            assert_eq!(written_day(text), fifth, "{text}");
        }
        let bad = ["", "2026", "2026-1", "2026-1-5-1", "26-1-5", "5/1/2026", "2026/1-5", "2026年1月5", "2026/1/5日", "2026-1-5日"];
        for text in bad.into_iter().chain(["2026-+1-5", "202601", "2026-001-5", "2026年1月5日日", "2026-1-5 1:00", "2026-02-29"]) {
            assert_eq!(written_day(text), None, "{text}");
        }
    }
}
