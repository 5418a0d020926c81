//! The characters of a text file: UTF-8, UTF-16 with a byte order mark, or GB18030.

use encoding_rs::{Encoding, GB18030, UTF_8};
use zeroize::Zeroizing;

use super::table::TableError;

/// Decodes a file. GB18030 is what is left when the bytes are not UTF-8; Chinese Excel writes it.
///
/// # Errors
/// A byte fits no encoding, or there is a NUL.
pub(super) fn decode(bytes: &[u8]) -> Result<Zeroizing<String>, TableError> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| {
        let utf8 = std::str::from_utf8(bytes).is_ok();
        (if utf8 { UTF_8 } else { GB18030 }, 0)
    });
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let body = &bytes[mark..];
    let room = decoder.max_utf8_buffer_length_without_replacement(body.len()).ok_or(TableError::TooBig)?;
    // All the room at once, so that no copy of a shorter text stays behind.
    let mut text = Zeroizing::new(String::with_capacity(room));
    let (result, _) = decoder.decode_to_string_without_replacement(body, &mut text, true);
    let whole = matches!(result, encoding_rs::DecoderResult::InputEmpty);
    if whole && !text.contains('\0') { Ok(text) } else { Err(TableError::NotText) }
}

/// The separator of a text: whichever of comma, tab and semicolon its first line has most of
/// outside quotes; the comma where there is none.
pub(super) fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // The first of equals.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separator_is_counted_outside_quotes() {
        assert_eq!(separator("a,b;c,d"), b',');
        assert_eq!(separator("\n\"a,b,c\";d\nx,y,z"), b';');
        assert_eq!(separator("a\tb"), b'\t');
        assert_eq!(separator(""), b',');
        assert_eq!(separator("a;b,c"), b',');
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"a\0b"[..], b"\xFF", b"\x81", b"\xFF\xFEa", b"\xFF\xFE\x00\xD8"] {
            assert!(decode(bytes).err() == Some(TableError::NotText), "{bytes:?}");
        }
        assert_eq!(decode(b"\xD0\xD5\xC3\xFB").unwrap().as_str(), "姓名");
        assert_eq!(decode(b"\xFE\xFF\x59\xD3").unwrap().as_str(), "姓");
    }
}
