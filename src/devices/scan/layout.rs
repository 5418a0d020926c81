//! What keys mean on a US layout, as far as scanners need it.
//! Source: `linux/input-event-codes.h`.

/// What a key means to a scan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A character.
    Character(u8),
    /// The end of a line.
    Enter,
    /// The end of a scan.
    Tab,
    /// The left (0) or right (1) shift key.
    Shift(usize),
    /// A lock: a scanner may set it, it changes nothing here.
    Lock,
    /// Anything else. A scan that needs it cannot be trusted.
    Foreign,
}

/// Digits, letters and `< - + / .`, nothing else.
pub(super) fn meaning(code: u16, shift: bool) -> Meaning {
    let plain = |byte: u8| if shift { Meaning::Foreign } else { Meaning::Character(byte) };
    let row = |row: &[u8], from: u16| row[usize::from(code - from)];
    let letter = |byte: u8| Meaning::Character(if shift { byte.to_ascii_uppercase() } else { byte });
    match code {
        2..=11 => plain(row(b"1234567890", 2)),
        16..=25 => letter(row(b"qwertyuiop", 16)),
        30..=38 => letter(row(b"asdfghjkl", 30)),
        44..=50 => letter(row(b"zxcvbnm", 44)),
        12 | 74 => plain(b'-'),
        13 if shift => Meaning::Character(b'+'),
        51 if shift => Meaning::Character(b'<'),
        52 | 83 => plain(b'.'),
        53 | 98 => plain(b'/'),
        71..=73 => plain(row(b"789", 71)),
        75..=77 => plain(row(b"456", 75)),
        78 => plain(b'+'),
        79..=82 => plain(row(b"1230", 79)),
        // The key beside the left shift on keyboards with one key more.
        86 => plain(b'<'),
        28 | 96 => Meaning::Enter,
        15 => Meaning::Tab,
        42 => Meaning::Shift(0),
        54 => Meaning::Shift(1),
        58 | 69 | 70 => Meaning::Lock,
        _ => Meaning::Foreign,
    }
}
