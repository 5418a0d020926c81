//! The texts of a card: UTF-16, little-endian, filled up with spaces on the right (GA/T 490).

use crate::ports::Secret;

const REPLACEMENT: char = '\u{FFFD}';

/// The UTF-16 unit at a place; 0 behind the end.
pub(super) fn unit(text: &[u8], at: usize) -> u16 {
    text.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]))
}

/// A text of ASCII letters and digits, in capitals, without the filling; none if it has anything else.
pub(super) fn ascii(field: &[u8]) -> Option<Secret> {
    let mut text = String::with_capacity(field.len());
    for unit in trimmed(field).map(|pair| u16::from_le_bytes([pair[0], pair[1]])) {
        let letter = u8::try_from(unit).ok().filter(u8::is_ascii_alphanumeric)?;
        text.push(char::from(letter.to_ascii_uppercase()));
    }
    Some(Secret::new(text))
}

/// A text fit to be shown, its pieces joined. What is no character becomes `�`; control and
/// direction marks, which could make a screen lie, are left out. Private-use characters stay: rare
/// names use them.
pub(super) fn shown(pieces: &[&[u8]]) -> Secret {
    // A unit needs at most three bytes of UTF-8, so the text never moves and leaves no copy.
    let mut text = String::with_capacity(pieces.iter().map(|piece| piece.len() / 2 * 3).sum());
    let units =
        pieces.iter().flat_map(|piece| piece.chunks_exact(2)).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    for read in char::decode_utf16(units) {
        match read {
            Ok('\0') | Err(_) => text.push(REPLACEMENT),
            Ok(character) if is_invisible(character) => {}
            Ok(character) => text.push(character),
        }
    }
    let filling = text.len() - text.trim_end_matches(' ').len();
    text.truncate(text.len() - filling);
    Secret::new(text)
}

/// Control, direction, joining and separating marks, and code points that are no characters.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
            | 0xFDD0..=0xFDEF | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
        || u32::from(character) & 0xFFFE == 0xFFFE
}

fn trimmed(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    let filling = field.rchunks_exact(2).take_while(|unit| *unit == [0x20, 0]).count();
    field[..field.len() - 2 * filling].chunks_exact(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(units: &[u16]) -> Vec<u8> {
        units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
    }

    fn utf16(text: &str) -> Vec<u8> {
        units(&text.encode_utf16().collect::<Vec<_>>())
    }

    #[test]
    fn only_the_end_is_trimmed() {
        assert_eq!(shown(&[&utf16(" 买买提 · 样本  ")]).expose(), " 买买提 · 样本");
        assert_eq!(shown(&[&utf16("LONG NA"), &utf16("ME  ")]).expose(), "LONG NAME");
        assert_eq!(shown(&[&utf16("    ")]).expose(), "");
    }

    #[test]
    fn broken_characters_are_shown_as_such() {
        assert_eq!(shown(&[&units(&[0x5F20, 0xD800, 0x4E09])]).expose(), "张�三");
        assert_eq!(shown(&[&units(&[0x5F20, 0, 0xDC00])]).expose(), "张��");
        assert_eq!(shown(&[&utf16("𠮷")]).expose(), "𠮷");
        assert_eq!(shown(&[&units(&[0xE000, 0x20])]).expose(), "\u{E000}");
    }

    #[test]
    fn nothing_that_makes_a_screen_lie_stays() {
        let text = "张\u{202E}三\u{2066}\u{200F}\u{1B}\n\u{85}\u{FEFF}\u{2028}样\u{E0041}本\u{FFFF}";
        assert_eq!(shown(&[&utf16(text)]).expose(), "张三样本");
    }

    #[test]
    fn numbers_are_letters_and_digits_only() {
        assert_eq!(ascii(&utf16("12x ")).as_ref().map(Secret::expose), Some("12X"));
        for text in ["1 2", "１２", "1-2", "é", "1\0"] {
            assert!(ascii(&utf16(text)).is_none(), "{text}");
        }
    }
}
