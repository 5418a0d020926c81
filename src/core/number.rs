//! Numbers of Chinese identity documents: form, check digit, birth and sex.
//!
//! GB 11643-1999 for citizens, its use for residence permits of Hong Kong, Macau and Taiwan
//! residents, and the two forms of the permanent residence card (2017 and 2023). A good number is
//! no proof of anything: everybody can make one up.

use super::time::Date;

/// Which document a number belongs to, by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Resident identity card, 18 characters (GB 11643-1999).
    Resident,
    /// Resident identity card, 15 digits (first generation, before 1999).
    ResidentOld,
    /// Residence permit of a Hong Kong, Macau or Taiwan resident, 18 characters.
    HmtPermit,
    /// Permanent residence card of 2023, 18 characters that begin with 9.
    Foreigner2023,
    /// Permanent residence card of 2017, 15 characters.
    Foreigner2017,
    /// Mainland travel permit of a Hong Kong or Macau resident: H or M and 8 or 10 digits.
    HkMacauPass,
    /// Mainland travel permit of a Taiwan resident: 8 digits.
    TaiwanPass,
}

/// What a number says about sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Odd sequence number; code 1 of GB/T 2261.1.
    Male,
    /// Even sequence number; code 2 of GB/T 2261.1.
    Female,
}

/// A number that staff should look at, though it is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Region 71, 81 or 82 as place of first registration: rare.
    RareRegion,
    /// Born before 1900: real once, hardly today.
    Centenarian,
    /// The check character of a 2017 number differs from ICAO 7-3-1. The one published specimen
    /// differs too, so this refuses nobody.
    CheckDiffers,
}

/// What a number says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Which document it belongs to.
    pub kind: Kind,
    /// The day of birth; none if the number has none or the year is before 1900.
    pub birth: Option<Date>,
    /// The sex; none if the number does not say.
    pub sex: Option<Sex>,
    /// Something to look at.
    pub caution: Option<Caution>,
}

/// Why a number cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// No document has a number of this length and these characters.
    #[error("no document has a number of this form")]
    Form,
    /// The first two digits are no region of GB/T 2260.
    #[error("no such region")]
    Region,
    /// The birth date does not exist or has not come yet.
    #[error("no such day of birth")]
    Birth,
    /// The last character does not fit the others.
    #[error("the check digit does not fit")]
    CheckDigit,
}

/// The check character of GB 11643-1999 (ISO 7064 MOD 11-2) for 17 digits; none if one is not a digit.
#[must_use]
pub fn check_character(digits: &[u8]) -> Option<u8> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    if digits.len() != WEIGHTS.len() || !all_digits(digits) {
        return None;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    Some(b"10X98765432"[(sum % 11) as usize])
}

/// The number as it is printed: without outer spaces, capital letters, and 15 old digits made 18.
/// None if it cannot be told: an old number that ends in 996 to 999 may be of the 19th century.
#[must_use]
pub fn canonical(text: &str) -> Option<String> {
    let mut text = text.trim().to_ascii_uppercase();
    if text.len() == 15 && all_digits(text.as_bytes()) {
        if &text[12..] >= "996" {
            return None;
        }
        text.insert_str(6, "19");
        text.push(char::from(check_character(text.as_bytes())?));
    }
    Some(text)
}

/// Whether a typed number can be one of the known documents.
#[must_use]
pub fn is_plausible(text: &str, today: Date) -> bool {
    classify(text, today).is_ok()
}

/// What a number says. Lower-case letters and outer spaces are accepted.
///
/// # Errors
/// When it cannot be the number of any known document.
pub fn classify(text: &str, today: Date) -> Result<Facts, NumberFault> {
    let mut bytes = [0; 18];
    let text = text.trim().as_bytes();
    let number = bytes.get_mut(..text.len()).ok_or(NumberFault::Form)?;
    number.copy_from_slice(text);
    number.make_ascii_uppercase();
    let number: &[u8] = number;
    match number {
        _ if number.len() == 18 && all_digits(&number[..17]) => long(number, today),
        _ if number.len() == 15 && all_digits(number) => old(number, today),
        _ if number.len() == 15 => foreigner_2017(number, today),
        [b'H' | b'M', rest @ ..] if matches!(rest.len(), 8 | 10) && all_digits(rest) => Ok(pass(Kind::HkMacauPass)),
        _ if number.len() == 8 && all_digits(number) => Ok(pass(Kind::TaiwanPass)),
        _ => Err(NumberFault::Form),
    }
}

fn pass(kind: Kind) -> Facts {
    Facts { kind, birth: None, sex: None, caution: None }
}

/// `RRRRRR YYYYMMDD SSS C`, or `9 PP NNN YYYYMMDD SSS C`.
fn long(number: &[u8], today: Date) -> Result<Facts, NumberFault> {
    if check_character(&number[..17]) != Some(number[17]) {
        return Err(NumberFault::CheckDigit);
    }
    let (kind, rare) = match &number[..6] {
        b"810000" | b"820000" | b"830000" => (Kind::HmtPermit, false),
        [b'9', province @ .., _, _, _] if is_mainland(province) => (Kind::Foreigner2023, false),
        [b'9', ..] => return Err(NumberFault::Region),
        [b'7', b'1', ..] | [b'8', b'1' | b'2', ..] => (Kind::Resident, true),
        region if is_mainland(&region[..2]) => (Kind::Resident, false),
        _ => return Err(NumberFault::Region),
    };
    let (birth, ancient) = full_date(&number[6..14], today)?;
    let caution = if ancient { Some(Caution::Centenarian) } else { rare.then_some(Caution::RareRegion) };
    Ok(Facts { kind, birth, sex: Some(sex_of(number[16])), caution })
}

/// `RRRRRR YYMMDD SSS`.
fn old(number: &[u8], today: Date) -> Result<Facts, NumberFault> {
    if !is_mainland(&number[..2]) {
        return Err(NumberFault::Region);
    }
    let (kind, sex) = (Kind::ResidentOld, Some(sex_of(number[14])));
    // 996 to 999 stood for people born in the 19th century: the year cannot be told.
    if &number[12..] >= b"996".as_slice() {
        return Ok(Facts { kind, birth: None, sex, caution: Some(Caution::Centenarian) });
    }
    let birth = date(1900 + value(&number[6..8]), &number[8..12]).filter(|birth| *birth <= today);
    Ok(Facts { kind, birth: Some(birth.ok_or(NumberFault::Birth)?), sex, caution: None })
}

/// `AAA PPCC YYMMDD S C`.
fn foreigner_2017(number: &[u8], today: Date) -> Result<Facts, NumberFault> {
    if !number[..3].iter().all(u8::is_ascii_uppercase) || !all_digits(&number[3..]) {
        return Err(NumberFault::Form);
    }
    if !is_mainland(&number[3..5]) {
        return Err(NumberFault::Region);
    }
    let short = value(&number[7..9]);
    let near = date(2000 + short, &number[9..13]).filter(|birth| *birth <= today);
    let birth = near.or_else(|| date(1900 + short, &number[9..13])).ok_or(NumberFault::Birth)?;
    let check = super::mrz::check_digit(&number[..14]);
    let caution = (check != Some(number[14])).then_some(Caution::CheckDiffers);
    Ok(Facts { kind: Kind::Foreigner2017, birth: Some(birth), sex: None, caution })
}

/// A birth `YYYYMMDD` not after today, and whether it is before 1900.
fn full_date(digits: &[u8], today: Date) -> Result<(Option<Date>, bool), NumberFault> {
    let year = value(&digits[..4]);
    if (1800..1900).contains(&year) {
        // The calendar repeats every 400 years; the date type begins in 1900.
        return date(year + 400, &digits[4..]).map(|_| (None, true)).ok_or(NumberFault::Birth);
    }
    let birth = date(year, &digits[4..]).filter(|birth| *birth <= today);
    Ok((Some(birth.ok_or(NumberFault::Birth)?), false))
}

fn date(year: u16, month_day: &[u8]) -> Option<Date> {
    let part = |digits: &[u8]| u8::try_from(value(digits)).ok();
    Date::new(year, part(&month_day[..2])?, part(&month_day[2..4])?)
}

/// The value of at most four ASCII digits.
fn value(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
}

fn all_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

fn sex_of(digit: u8) -> Sex {
    if digit % 2 == 1 { Sex::Male } else { Sex::Female }
}

/// The 31 provinces of GB/T 2260. Only the first two digits: a number keeps a region since abolished.
fn is_mainland(pair: &[u8]) -> bool {
    matches!(value(pair), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65)
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
