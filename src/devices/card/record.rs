//! What a card says: the 256 bytes of text in the answer to READ.
//!
//! Field positions of GA/T 490 and of the 2017 and 2023 permanent residence cards. Ethnic group,
//! address, issuer, nationality and photo are skipped: never parsed, never copied. All bytes are wiped
//! before parsing returns, whatever it returns.

use zeroize::Zeroize;

use crate::core::number::Sex;
use crate::core::time::Date;
use crate::ports::{Identity, Secret};

use super::text::{ascii, shown, unit};

/// How long the text is. Units: bytes.
pub const TEXT: usize = 256;
/// How long the photo may be at most. Units: bytes.
pub const PHOTO: usize = 1024;

/// Which of the four cards it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardKind {
    /// Resident identity card.
    Resident,
    /// Residence permit of a Hong Kong, Macau or Taiwan resident.
    HmtPermit,
    /// Foreigner's permanent residence card of 2017.
    Foreigner2017,
    /// Foreigner's permanent residence card of 2023.
    Foreigner2023,
}

/// What was read of a card, no more than the kiosk needs.
pub struct Reading {
    /// Which card it is.
    pub kind: CardKind,
    /// The name in Chinese characters; a foreigner may have none.
    pub name: Secret,
    /// The name in Latin letters; foreigners only.
    pub latin: Secret,
    /// The number, with a capital X.
    pub number: Secret,
    /// The day of birth.
    pub birth: Date,
    /// The sex; none if the card does not state it (codes 0 and 9 of GB/T 2261.1).
    pub sex: Option<Sex>,
    /// First day of validity.
    pub from: Date,
    /// Last day of validity; none is long-term, on resident cards only.
    pub to: Option<Date>,
}

/// Why bytes with a good checksum are no reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// The inner lengths do not add up.
    #[error("the lengths do not add up")]
    Lengths,
    /// A kind of card that is not known here.
    #[error("an unknown kind of card")]
    Unsupported,
    /// This field has characters it cannot have.
    #[error("no such {0}")]
    Field(&'static str),
}

/// Where the fields of a layout are. Units: bytes from the start of the text.
struct Layout {
    kind: CardKind,
    name: (usize, usize),
    latin: [(usize, usize); 2],
    number: (usize, usize),
    sex: usize,
    birth: usize,
    from: usize,
    to: usize,
}

const RESIDENT: Layout = Layout {
    kind: CardKind::Resident,
    name: (0, 30),
    latin: [(0, 0); 2],
    number: (122, 36),
    sex: 30,
    birth: 36,
    from: 188,
    to: 204,
};
const HMT: Layout = Layout { kind: CardKind::HmtPermit, ..RESIDENT };
const FOREIGNER_2017: Layout = Layout {
    kind: CardKind::Foreigner2017,
    name: (158, 30),
    latin: [(0, 120), (0, 0)],
    number: (122, 30),
    sex: 120,
    birth: 220,
    from: 188,
    to: 204,
};
const FOREIGNER_2023: Layout = Layout { kind: CardKind::Foreigner2023, latin: [(52, 70), (220, 22)], ..RESIDENT };

/// Wipes what it holds, on every way out.
struct Wiped<'a>(&'a mut [u8]);

impl Drop for Wiped<'_> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Reads the data of an answer to READ: two lengths, the text and the photo. Wipes it.
///
/// # Errors
/// When it is no text of a known kind of card.
pub fn parse(data: &mut [u8]) -> Result<Reading, RecordFault> {
    let data = Wiped(data);
    let (&[a, b, c, d], rest) = data.0.split_first_chunk().ok_or(RecordFault::Lengths)?;
    let (text_len, photo_len) = (usize::from(u16::from_be_bytes([a, b])), usize::from(u16::from_be_bytes([c, d])));
    if text_len != TEXT || photo_len > PHOTO || rest.len() != text_len + photo_len {
        return Err(RecordFault::Lengths);
    }
    let text = &rest[..TEXT];
    let layout = match unit(text, 248) {
        0x20 => &RESIDENT,
        0x4A => &HMT,
        0x49 => &FOREIGNER_2017,
        0x59 => &FOREIGNER_2023,
        _ => return Err(RecordFault::Unsupported),
    };
    fields(text, layout)
}

fn fields(text: &[u8], layout: &Layout) -> Result<Reading, RecordFault> {
    let name = shown(&[at(text, layout.name)]);
    let latin = shown(&layout.latin.map(|place| at(text, place)));
    // Filling with something behind it: the bytes have shifted. The name has no check of its own.
    let shifted = [&name, &latin].iter().any(|text| text.expose().contains("   "));
    if shifted || (name.expose().is_empty() && latin.expose().is_empty()) {
        return Err(RecordFault::Field("name"));
    }
    let number = ascii(at(text, layout.number)).filter(|number| !number.expose().is_empty());
    let day = |start, field| day(at(text, (start, 16))).ok_or(RecordFault::Field(field));
    let long_term = layout.kind == CardKind::Resident && is_long_term(at(text, (layout.to, 16)));
    Ok(Reading {
        kind: layout.kind,
        name,
        latin,
        number: number.ok_or(RecordFault::Field("number"))?,
        birth: day(layout.birth, "birth date")?,
        sex: match unit(text, layout.sex) {
            0x31 => Some(Sex::Male),
            0x32 => Some(Sex::Female),
            0x30 | 0x39 => None,
            _ => return Err(RecordFault::Field("sex")),
        },
        from: day(layout.from, "first day")?,
        to: if long_term { None } else { Some(day(layout.to, "last day")?) },
    })
}

fn at(text: &[u8], (start, len): (usize, usize)) -> &[u8] {
    &text[start..start + len]
}

fn day(field: &[u8]) -> Option<Date> {
    Date::parse(ascii(field)?.expose())
}

/// `长期` and six spaces.
fn is_long_term(field: &[u8]) -> bool {
    field[..4] == [0x7F, 0x95, 0x1F, 0x67] && field[4..].chunks_exact(2).all(|unit| unit == [0x20, 0])
}

impl Reading {
    /// The identity, with the name as printed: Latin before Chinese where a card has both.
    #[must_use]
    pub fn into_identity(self) -> Identity {
        let (latin, chinese) = (self.latin.expose(), self.name.expose());
        let mut name = String::with_capacity(latin.len() + chinese.len() + 1);
        name.push_str(latin);
        if !latin.is_empty() && !chinese.is_empty() {
            name.push(' ');
        }
        name.push_str(chinese);
        Identity::new(Secret::new(name), self.number, Some(self.birth), self.to)
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
