//! The printed examples of the standards, and what must be refused.

use super::*;

fn today() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

fn facts(text: &str) -> Facts {
    classify(text, today()).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn fault(text: &str) -> Option<NumberFault> {
    classify(text, today()).err()
}

#[test]
fn printed_examples_are_good() {
    let resident = facts("11010519491231002x");
    assert_eq!((resident.kind, resident.sex, resident.caution), (Kind::Resident, Some(Sex::Female), None));
    assert_eq!(resident.birth, Date::new(1949, 12, 31));
    let ancient = facts("440524188001010014");
    assert_eq!((ancient.birth, ancient.sex, ancient.caution), (None, Some(Sex::Male), Some(Caution::Centenarian)));
    for (text, birth, sex) in [
        ("932682198501010017", (1985, 1, 1), Sex::Male),
        ("911124198108030024", (1981, 8, 3), Sex::Female),
        ("931586198001010028", (1980, 1, 1), Sex::Female),
    ] {
        let facts = facts(text);
        assert_eq!((facts.kind, facts.sex), (Kind::Foreigner2023, Some(sex)), "{text}");
        assert_eq!(facts.birth, Date::new(birth.0, birth.1, birth.2), "{text}");
    }
    let card = facts("CAN110081080319");
    assert_eq!((card.kind, card.sex, card.caution), (Kind::Foreigner2017, None, Some(Caution::CheckDiffers)));
    assert_eq!(card.birth, Date::new(1981, 8, 3));
}

#[test]
fn fifteen_digits_become_eighteen_unless_the_century_is_unknown() {
    assert_eq!(canonical("110105491231002").as_deref(), Some("11010519491231002X"));
    assert_eq!(canonical(" 11010519491231002x ").as_deref(), Some("11010519491231002X"));
    assert_eq!(facts("110105491231002").birth, Date::new(1949, 12, 31));
    for sequence in ["996", "997", "998", "999"] {
        let text = format!("110105491231{sequence}");
        assert_eq!(canonical(&text), None);
        assert_eq!((facts(&text).birth, facts(&text).caution), (None, Some(Caution::Centenarian)));
    }
}

#[test]
fn every_wrong_digit_and_every_swap_of_neighbours_is_caught() {
    for good in ["11010519491231002X", "932682198501010017"] {
        for at in 0..18 {
            for other in *b"0123456789X" {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
                assert!(!is_plausible(std::str::from_utf8(&bytes).unwrap(), today()));
            }
            let mut bytes = good.as_bytes().to_vec();
            if at < 17 && bytes[at] != bytes[at + 1] {
                bytes.swap(at, at + 1);
                assert!(!is_plausible(std::str::from_utf8(&bytes).unwrap(), today()));
            }
        }
    }
}

fn with_check(first: &str) -> String {
    format!("{first}{}", char::from(check_character(first.as_bytes()).unwrap()))
}

#[test]
fn regions_and_births_are_checked() {
    for (region, kind) in [("810000", Kind::HmtPermit), ("830000", Kind::HmtPermit), ("820000", Kind::HmtPermit)] {
        assert_eq!(facts(&with_check(&format!("{region}19990101001"))).kind, kind);
    }
    assert_eq!(facts(&with_check("71010019990101001")).caution, Some(Caution::RareRegion));
    for region in ["100000", "160000", "470000", "550000", "660000", "830001", "000000", "990000", "900000"] {
        assert_eq!(fault(&with_check(&format!("{region}19990101001"))), Some(NumberFault::Region), "{region}");
    }
    for birth in ["20261124", "20230229", "17991231", "19001301", "18990229", "00000000"] {
        assert_eq!(fault(&with_check(&format!("110105{birth}001"))), Some(NumberFault::Birth), "{birth}");
    }
    assert!(is_plausible(&with_check("11010520261123001"), today()));
}

#[test]
fn passes_and_other_texts() {
    for (text, kind) in
        [("H12345678", Kind::HkMacauPass), ("m1234567801", Kind::HkMacauPass), ("12345678", Kind::TaiwanPass)]
    {
        assert_eq!(facts(text).kind, kind);
    }
    for text in ["", "1", "H1234567", "H123456789", "１２３４５６７８", "ÄÖÜ", "CAN11008108031X", "1101051949123100222"]
    {
        assert_eq!(fault(text), Some(NumberFault::Form), "{text}");
    }
    assert_eq!(fault("CAN990081080319"), Some(NumberFault::Region));
}

#[test]
fn any_text_is_answered() {
    proptest::proptest!(|(text in "\\PC{0,20}")| {
        let _ = (classify(&text, today()), canonical(&text));
    });
}
