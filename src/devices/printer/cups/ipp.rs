//! As much of IPP/1.1 (RFC 8010) as three operations take.
//!
//! By hand: the crate `ipp` 8.0.0 panics on a name with a language that is shorter than it says.

use std::io;

/// `Print-Job`.
pub(super) const PRINT_JOB: u16 = 0x0002;
/// `Get-Printer-Attributes`.
pub(super) const GET_PRINTER_ATTRIBUTES: u16 = 0x000B;
/// `CUPS-Get-Default`.
pub(super) const CUPS_GET_DEFAULT: u16 = 0x4001;

/// The longest name, in bytes.
pub(super) const LONGEST_NAME: usize = 255;

const OPERATION_GROUP: u8 = 0x01;
const PRINTER_GROUP: u8 = 0x04;
const END: u8 = 0x03;

/// The tags of values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Boolean = 0x22,
    Enum = 0x23,
    Name = 0x42,
    Keyword = 0x44,
    Uri = 0x45,
    Charset = 0x47,
    Language = 0x48,
    MediaType = 0x49,
}

/// A request, up to the document.
pub(super) fn request(operation: u16, attributes: &[(Tag, &str, &str)]) -> io::Result<Vec<u8>> {
    let mut bytes = vec![1, 1];
    bytes.extend(operation.to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.push(OPERATION_GROUP);
    let always = [(Tag::Charset, "attributes-charset", "utf-8"), (Tag::Language, "attributes-natural-language", "en")];
    for (tag, name, value) in always.iter().chain(attributes) {
        bytes.push(*tag as u8);
        for part in [name, value] {
            let length = u16::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(part.as_bytes());
        }
    }
    bytes.push(END);
    Ok(bytes)
}

/// An answer.
pub(super) struct Answer {
    /// How it went.
    pub(super) status: u16,
    /// The tag, the name and the first value of each attribute of the printer.
    attributes: Vec<(u8, Vec<u8>, Vec<u8>)>,
}

impl Answer {
    /// None if this is no whole answer.
    pub(super) fn parse(mut bytes: &[u8]) -> Option<Self> {
        let [1 | 2, _, high, low, _, _, _, _] = take(&mut bytes, 8)? else { return None };
        let mut answer = Self { status: u16::from_be_bytes([*high, *low]), attributes: Vec::new() };
        let mut group = 0;
        loop {
            match take(&mut bytes, 1)? {
                [END] => return Some(answer),
                [tag @ 0..0x10] => group = *tag,
                tag => {
                    let (name, value) = (counted(&mut bytes)?, counted(&mut bytes)?);
                    // Further values have no name, nor have the members of a collection.
                    if group == PRINTER_GROUP && !name.is_empty() {
                        answer.attributes.push((*tag.first()?, name.to_vec(), value.to_vec()));
                    }
                }
            }
        }
    }

    /// The first value of an attribute, if it is of this kind.
    pub(super) fn get(&self, tag: Tag, name: &str) -> Option<&[u8]> {
        let (found, _, value) = self.attributes.iter().find(|(_, other, _)| other == name.as_bytes())?;
        (*found == tag as u8).then_some(value)
    }
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

/// So many bytes as the two before them say.
fn counted<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    take(bytes, u16::from_be_bytes(*length).into())
}
