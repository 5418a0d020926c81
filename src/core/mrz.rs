//! The machine-readable zone of passports (TD3) and cards (TD1), ICAO Doc 9303 parts 3 to 5, as a
//! document scanner types it. Borrows the typed text and copies nothing but names on request.

use super::number::Sex;
use super::time::Date;

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Passport: two lines of 44 characters.
    Td3,
    /// Card: three lines of 30 characters.
    Td1,
}

/// A zone whose check digits all fit. Not proof that the document is genuine.
pub struct Mrz<'a> {
    /// The form.
    pub format: Format,
    /// Document code without fillers, such as `P`.
    pub document: &'a str,
    /// Issuing state, three letters or fewer.
    pub issuer: &'a str,
    /// Nationality, three letters or fewer.
    pub nationality: &'a str,
    /// Day of birth; none if the document leaves a part of it open.
    pub birth: Option<Date>,
    /// Sex; none if the document does not say.
    pub sex: Option<Sex>,
    /// Last day of validity; none if the document leaves it open.
    pub expires: Option<Date>,
    number: (&'a str, &'a str),
    names: &'a str,
}

impl Mrz<'_> {
    /// The document number. More than 9 characters only on cards.
    #[must_use]
    pub fn number(&self) -> String {
        let mut text = String::with_capacity(30);
        text.push_str(self.number.0);
        text.push_str(self.number.1);
        text
    }

    /// The surname: the primary identifier.
    #[must_use]
    pub fn surname(&self) -> String {
        spaced(self.names.split_once("<<").map_or(self.names, |(surname, _)| surname))
    }

    /// The given names: the secondary identifier; empty if there are none or they were cut off.
    #[must_use]
    pub fn given_names(&self) -> String {
        spaced(self.names.split_once("<<").map_or("", |(_, given)| given))
    }
}

/// Why typed lines are no machine-readable zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MrzFault {
    /// Neither 2 lines of 44 nor 3 lines of 30 characters.
    #[error("neither two lines of 44 nor three lines of 30 characters")]
    Shape,
    /// Something else than A to Z, 0 to 9 and `<`.
    #[error("a character that no zone has")]
    Characters,
    /// Neither a passport nor an identity card.
    #[error("not a passport or an identity card")]
    Document,
    /// The check digit of this field does not fit.
    #[error("the check digit of the {0} does not fit")]
    Check(&'static str),
    /// A date does not exist, or the sex is none of M, F and `<`.
    #[error("no such {0}")]
    Value(&'static str),
}

/// The check digit of ICAO Doc 9303 part 3: weights 7, 3, 1, as ASCII; none at an other character.
#[must_use]
pub fn check_digit(text: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (byte, weight) in text.iter().zip([7, 3, 1].into_iter().cycle()) {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'<' => 0,
            _ => return None,
        };
        sum = (sum + u32::from(value) * weight) % 10;
    }
    u8::try_from(sum).ok().map(|sum| b'0' + sum)
}

/// Reads what a scanner typed: lines ended by any mix of CR and LF.
///
/// # Errors
/// When it is no zone, or a check digit does not fit.
pub fn parse(typed: &str, today: Date) -> Result<Mrz<'_>, MrzFault> {
    let mut lines = [""; 3];
    let mut count = 0;
    for line in typed.split(['\r', '\n']).filter(|line| !line.is_empty()) {
        *lines.get_mut(count).ok_or(MrzFault::Shape)? = line;
        count += 1;
    }
    if !lines.iter().flat_map(|line| line.bytes()).all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'<')) {
        return Err(MrzFault::Characters);
    }
    match (count, lines.map(str::len)) {
        (2, [44, 44, 0]) => td3(lines[0], lines[1], today),
        (3, [30, 30, 30]) => td1(lines, today),
        _ => Err(MrzFault::Shape),
    }
}

fn td3<'a>(first: &'a str, second: &'a str, today: Date) -> Result<Mrz<'a>, MrzFault> {
    if !first.starts_with('P') {
        return Err(MrzFault::Document);
    }
    let bytes = second.as_bytes();
    verify("number", &[&bytes[..9]], bytes[9])?;
    verify("birth date", &[&bytes[13..19]], bytes[19])?;
    verify("expiry date", &[&bytes[21..27]], bytes[27])?;
    // An empty field may carry a filler instead of a zero.
    if bytes[42] != b'<' || bytes[28..42].iter().any(|byte| *byte != b'<') {
        verify("optional field", &[&bytes[28..42]], bytes[42])?;
    }
    verify("whole zone", &[&bytes[..10], &bytes[13..20], &bytes[21..43]], bytes[43])?;
    Ok(Mrz {
        format: Format::Td3,
        document: trimmed(&first[..2]),
        issuer: trimmed(&first[2..5]),
        nationality: trimmed(&second[10..13]),
        birth: birth(&second[13..19], today)?,
        sex: sex(bytes[20])?,
        expires: expiry(&second[21..27])?,
        number: (trimmed(&second[..9]), ""),
        names: trimmed(&first[5..]),
    })
}

fn td1(lines: [&str; 3], today: Date) -> Result<Mrz<'_>, MrzFault> {
    let [first, second, names] = lines;
    let (one, two) = (first.as_bytes(), second.as_bytes());
    if !matches!(one[0], b'A' | b'C' | b'I') {
        return Err(MrzFault::Document);
    }
    // A number longer than 9 goes on in the optional field, with its check digit behind it.
    let more = trimmed(first[15..].split('<').next().unwrap_or(""));
    let rest = if one[14] == b'<' {
        let (rest, check) = more.split_at_checked(more.len().wrapping_sub(1)).ok_or(MrzFault::Check("number"))?;
        verify("number", &[&one[5..14], b"<", rest.as_bytes()], check.as_bytes()[0])
            .or_else(|_| verify("number", &[&one[5..14], rest.as_bytes()], check.as_bytes()[0]))?;
        rest
    } else {
        verify("number", &[&one[5..14]], one[14])?;
        ""
    };
    verify("birth date", &[&two[..6]], two[6])?;
    verify("expiry date", &[&two[8..14]], two[14])?;
    verify("whole zone", &[&one[5..30], &two[..7], &two[8..15], &two[18..29]], two[29])?;
    Ok(Mrz {
        format: Format::Td1,
        document: trimmed(&first[..2]),
        issuer: trimmed(&first[2..5]),
        nationality: trimmed(&second[15..18]),
        birth: birth(&second[..6], today)?,
        sex: sex(two[7])?,
        expires: expiry(&second[8..14])?,
        number: (trimmed(&first[5..14]), rest),
        names: trimmed(names),
    })
}

fn verify(field: &'static str, parts: &[&[u8]], check: u8) -> Result<(), MrzFault> {
    let mut all = [b'<'; 90];
    let mut len = 0;
    for byte in parts.iter().copied().flatten() {
        all[len] = *byte;
        len += 1;
    }
    let fits = check_digit(&all[..len]) == Some(check);
    all.fill(b'<');
    if fits { Ok(()) } else { Err(MrzFault::Check(field)) }
}

/// The later of 19YY and 20YY that is not after today.
fn birth(text: &str, today: Date) -> Result<Option<Date>, MrzFault> {
    if text.contains('<') {
        return Ok(None);
    }
    let near = century("20", text).filter(|birth| *birth <= today);
    near.or_else(|| century("19", text)).map(Some).ok_or(MrzFault::Value("birth date"))
}

fn expiry(text: &str) -> Result<Option<Date>, MrzFault> {
    if text == "<<<<<<" {
        return Ok(None);
    }
    century("20", text).map(Some).ok_or(MrzFault::Value("expiry date"))
}

fn century(first: &str, rest: &str) -> Option<Date> {
    Date::parse(&format!("{first}{rest}"))
}

fn sex(byte: u8) -> Result<Option<Sex>, MrzFault> {
    match byte {
        b'M' => Ok(Some(Sex::Male)),
        b'F' => Ok(Some(Sex::Female)),
        b'<' => Ok(None),
        _ => Err(MrzFault::Value("sex")),
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches('<')
}

fn spaced(text: &str) -> String {
    trimmed(text).replace('<', " ")
}

#[cfg(test)]
#[path = "mrz_tests.rs"]
mod tests;
