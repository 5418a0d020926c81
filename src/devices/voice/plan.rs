//! From words to clips: the longest clip that fits, then numbers, dates and letters one by one.

use crate::core::screen::Lang;

use super::library::Library;

/// One thing to play, or that cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The clip with these words.
    Clip(String),
    /// Silence. Units: ms.
    Pause(u16),
    /// These words have no clip.
    Unsaid(String),
}

/// Which clips say a text.
#[must_use]
pub fn plan(lang: Lang, text: &str, library: &Library) -> Vec<Piece> {
    let mut plan = Plan { lang, library, pieces: Vec::new() };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = plan.take(rest, first);
        rest = &rest[taken..];
    }
    plan.pieces
}

struct Plan<'a> {
    lang: Lang,
    library: &'a Library,
    pieces: Vec<Piece>,
}

impl Plan<'_> {
    /// Plans what a text begins with and gives how much of it that was. Units: bytes.
    fn take(&mut self, text: &str, first: char) -> usize {
        if let Some(words) = self.longest_clip(text, first) {
            self.pieces.push(Piece::Clip(words.to_owned()));
            return words.len();
        }
        if first.is_ascii_digit() {
            return self.number(text);
        }
        if let Some(pause) = pause(first) {
            match self.pieces.last_mut() {
                // Two marks in a row are one pause.
                Some(Piece::Pause(last)) => *last = (*last).max(pause),
                Some(_) if pause > 0 => self.pieces.push(Piece::Pause(pause)),
                _ => {}
            }
            return first.len_utf8();
        }
        let letter = first.to_ascii_uppercase().to_string();
        let alone = text.chars().nth(1).is_none_or(|next| !next.is_ascii_alphabetic());
        if first.is_ascii_alphabetic() && (alone || self.lang != Lang::En) && self.library.has(self.lang, &letter) {
            self.pieces.push(Piece::Clip(letter));
            return 1;
        }
        match self.pieces.last_mut() {
            Some(Piece::Unsaid(words)) => words.push(first),
            _ => self.pieces.push(Piece::Unsaid(first.to_string())),
        }
        first.len_utf8()
    }

    /// The longest words at the beginning of a text that have a clip, and end where a word ends.
    fn longest_clip<'t>(&self, text: &'t str, first: char) -> Option<&'t str> {
        let most = self.library.longest(self.lang, first).min(text.len());
        (1..=most).rev().filter(|end| text.is_char_boundary(*end)).map(|end| text.split_at(end)).find_map(|(words, rest)| {
            let torn = words.ends_with(|c: char| c.is_ascii_alphanumeric()) && rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            (!torn && self.library.has(self.lang, words)).then_some(words)
        })
    }

    /// A date, a time, a number or a row of digits.
    fn number(&mut self, text: &str) -> usize {
        if let Some((year, month, day)) = date(text) {
            self.date(year, month, day);
            return 10;
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let row = &text[..digits];
        match row.parse::<u16>() {
            Ok(number) if digits <= 3 && !(digits > 1 && row.starts_with('0')) => self.cardinal(number),
            // A telephone number, a device: digit by digit.
            _ => row.chars().for_each(|digit| {
                let one = digit == '1' && self.lang != Lang::En && digits > 3;
                self.clip(if one { "幺".to_owned() } else { digit.to_string() });
            }),
        }
        digits
    }

    fn cardinal(&mut self, number: u16) {
        let (hundreds, rest) = (number / 100, number % 100);
        if number <= 100 {
            return self.clip(number.to_string());
        }
        self.clip(hundreds.to_string());
        self.clip(if self.lang == Lang::En { "hundred" } else { "百" }.to_owned());
        match rest {
            0 => {}
            1..=9 if self.lang != Lang::En => {
                self.clip("0".to_owned());
                self.clip(rest.to_string());
            }
            _ => self.clip(rest.to_string()),
        }
    }

    fn date(&mut self, year: &str, month: u16, day: u16) {
        const MONTHS: [&str; 12] = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
        ];
        if self.lang == Lang::En {
            self.clip(MONTHS[usize::from(month) - 1].to_owned());
            self.cardinal(day);
            self.pieces.push(Piece::Pause(120));
            let (century, rest) = year.split_at(2);
            for half in [century, rest] {
                self.clip(half.trim_start_matches('0').to_owned());
            }
            return;
        }
        year.chars().for_each(|digit| self.clip(digit.to_string()));
        self.clip("年".into());
        self.cardinal(month);
        self.clip("月".into());
        self.cardinal(day);
        self.clip("日".into());
    }

    fn clip(&mut self, words: String) {
        if !words.is_empty() {
            self.pieces.push(if self.library.has(self.lang, &words) { Piece::Clip(words) } else { Piece::Unsaid(words) });
        }
    }
}

/// How long a mark is silent; none if it is not one. Units: ms.
fn pause(mark: char) -> Option<u16> {
    match mark {
        '。' | '！' | '？' | '.' | '!' | '?' | '\n' => Some(350),
        '；' | '：' | ';' | ':' => Some(250),
        '，' | ',' | '—' => Some(180),
        '、' => Some(100),
        _ if mark.is_whitespace() || "·()（）“”「」『』《》\"'’-–/%#*_".contains(mark) => Some(0),
        _ => None,
    }
}

/// `YYYY-MM-DD` at the beginning of a text.
fn date(text: &str) -> Option<(&str, u16, u16)> {
    let date = text.get(..10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month: u16 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    let day: u16 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    (year.len() == 4 && year.parse::<u16>().is_ok() && !text[10..].starts_with(|c: char| c.is_ascii_digit())).then_some((year, month, day))
}
