//! Specimens of the four kinds of card. The numbers are the standards' own printed examples or
//! official samples; names say that they are specimens, addresses do not exist.

use crate::core::number::check_character;
use crate::devices::card::record::{CardKind, PHOTO, TEXT};

use super::trouble::{Trouble, Troubles};

/// A card that can be laid on the simulated reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Resident identity card, long-term.
    Resident,
    /// Residence permit of a Hong Kong, Macau or Taiwan resident.
    Hmt,
    /// Permanent residence card of 2017.
    Foreigner2017,
    /// Permanent residence card of 2023.
    Foreigner2023,
}

impl Card {
    /// Every card.
    pub const ALL: [Self; 4] = [Self::Resident, Self::Hmt, Self::Foreigner2017, Self::Foreigner2023];

    /// Its word on the command line; `none` is no card.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Hmt => "hmt",
            Self::Foreigner2017 => "foreign2017",
            Self::Foreigner2023 => "foreign2023",
        }
    }

    /// The card of this word: an outer none is no such word, an inner none is `none`.
    #[must_use]
    pub fn named(word: &str) -> Option<Option<Self>> {
        let card = Self::ALL.into_iter().find(|card| card.word() == word);
        (card.is_some() || word == "none").then_some(card)
    }

    /// What is written on it, with what is wrong with it.
    #[must_use]
    pub fn specimen(self, troubles: Troubles) -> Specimen {
        let mut specimen = match self {
            Self::Resident => Specimen::resident(),
            Self::Hmt => Specimen::hmt(),
            Self::Foreigner2017 => Specimen::foreigner_2017(),
            Self::Foreigner2023 => Specimen::foreigner_2023(),
        };
        if troubles.has(Trouble::Expired) {
            (specimen.from, specimen.to) = ("20180101", "20200101");
        }
        if troubles.has(Trouble::UnknownKind) {
            specimen.flag = Some('Q');
        }
        if troubles.has(Trouble::WrongCheckDigit) {
            // A 2017 number has no check digit to rely on: its region is made impossible instead.
            let wrong =
                |at: usize, digit: &str| format!("{}{digit}{}", &specimen.number[..at], &specimen.number[at + 1..]);
            specimen.number = if self == Self::Foreigner2017 { wrong(3, "9") } else { wrong(9, "6") };
        }
        specimen.junk = troubles.has(Trouble::JunkRecord);
        specimen
    }
}

/// What is written on a card.
#[derive(Clone)]
pub struct Specimen {
    /// Which card it is.
    pub kind: CardKind,
    /// Name in Chinese characters.
    pub name: &'static str,
    /// Name in Latin letters.
    pub latin: &'static str,
    /// Number.
    pub number: String,
    /// Day of birth, YYYYMMDD.
    pub birth: &'static str,
    /// Sex by GB/T 2261.1: 0, 1, 2 or 9.
    pub sex: char,
    /// First day of validity, YYYYMMDD.
    pub from: &'static str,
    /// Last day of validity, YYYYMMDD, or `长期`.
    pub to: &'static str,
    /// A type flag other than that of the kind.
    pub flag: Option<char>,
    /// Everything overwritten by a pattern.
    pub junk: bool,
}

impl Specimen {
    /// The example printed in GB 11643-1999.
    #[must_use]
    pub fn resident() -> Self {
        Self {
            kind: CardKind::Resident,
            name: "张三(样本)",
            latin: "",
            number: "11010519491231002X".to_owned(),
            birth: "19491231",
            sex: '2',
            from: "20200101",
            to: "长期",
            flag: None,
            junk: false,
        }
    }

    /// A permit with an invented number of the permits' region 810000.
    #[must_use]
    pub fn hmt() -> Self {
        let first = "81000019990101001";
        let check = check_character(first.as_bytes()).map_or('?', char::from);
        Self {
            kind: CardKind::HmtPermit,
            name: "李四(样本)",
            number: format!("{first}{check}"),
            birth: "19990101",
            sex: '1',
            from: "20230506",
            to: "20280505",
            ..Self::resident()
        }
    }

    /// The published specimen of 2017.
    #[must_use]
    pub fn foreigner_2017() -> Self {
        Self {
            kind: CardKind::Foreigner2017,
            name: "证件样本",
            latin: "ZHENGJIAN, YANGBEN",
            number: "CAN110081080319".to_owned(),
            birth: "19810803",
            from: "20170616",
            to: "20270615",
            ..Self::resident()
        }
    }

    /// The official sample of 2023, with a name that needs both of its fields.
    #[must_use]
    pub fn foreigner_2023() -> Self {
        Self {
            kind: CardKind::Foreigner2023,
            name: "证件样本",
            latin: "SPECIMEN NAME THAT IS LONGER THAN THIRTY FIVE",
            number: "911124198108030024".to_owned(),
            birth: "19810803",
            from: "20231201",
            to: "20331130",
            ..Self::resident()
        }
    }

    /// The 256 bytes of the card's text.
    #[must_use]
    pub fn text(&self) -> [u8; TEXT] {
        let mut text = [0; TEXT];
        text.chunks_exact_mut(2).for_each(|unit| unit[0] = 0x20);
        let sex = self.sex.to_string();
        let (given, more) = self.latin.split_at_checked(35).unwrap_or((self.latin, ""));
        let address = "某省某市样本路1号(虚构)";
        let common = [
            (0, self.name),
            (30, sex.as_str()),
            (36, self.birth),
            (122, &self.number),
            (188, self.from),
            (204, self.to),
        ];
        let (fields, flag): (Vec<(usize, &str)>, char) = match self.kind {
            CardKind::Resident => ([&common[..], &[(32, "01"), (52, address), (158, "样本市公安局")]].concat(), ' '),
            CardKind::HmtPermit => {
                ([&common[..], &[(52, address), (158, "样本市公安局"), (220, "H00000000"), (238, "01")]].concat(), 'J')
            }
            CardKind::Foreigner2023 => {
                ([&common[..], &[(32, "00"), (52, given), (220, more), (242, "CAN"), (250, "000")]].concat(), 'Y')
            }
            CardKind::Foreigner2017 => (
                vec![
                    (0, self.latin),
                    (120, &sex),
                    (122, &self.number),
                    (152, "CAN"),
                    (158, self.name),
                    (188, self.from),
                    (204, self.to),
                    (220, self.birth),
                    (236, "01"),
                    (240, "1100"),
                ],
                'I',
            ),
        };
        for (at, content) in fields.into_iter().chain([(248, self.flag.unwrap_or(flag).to_string().as_str())]) {
            for (unit, place) in content.encode_utf16().zip(text[at..].chunks_exact_mut(2)) {
                place.copy_from_slice(&unit.to_le_bytes());
            }
        }
        if self.junk {
            for (at, byte) in text[..248].iter_mut().enumerate() {
                *byte = at.wrapping_mul(151).to_le_bytes()[0] ^ 0xD8;
            }
        }
        text
    }
}

/// The data of an answer to READ: lengths, this text, and a photo that shows nothing.
#[must_use]
pub fn answer(text: &[u8; TEXT]) -> Vec<u8> {
    let mut data = vec![1, 0, 4, 0];
    data.extend_from_slice(text);
    data.extend_from_slice(&[0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00, 0x32, 0x00]);
    data.resize(4 + TEXT + PHOTO, 0x5C);
    data
}
