//! The specimens of ICAO Doc 9303 and their corruptions.

use super::*;

const TD3: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const TD1: &str =
    "I<UTOD231458907<<<<<<<<<<<<<<<\r\n7408122F1204159UTO<<<<<<<<<<<6\r\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\r\n";

fn today() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

fn fault(text: &str) -> Option<MrzFault> {
    parse(text, today()).err()
}

#[test]
fn specimens_of_the_standard_are_read() {
    for (text, format, number) in [(TD3, Format::Td3, "L898902C3"), (TD1, Format::Td1, "D23145890")] {
        let zone = parse(text, today()).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!((zone.format, zone.number().as_str()), (format, number));
        assert_eq!((zone.surname().as_str(), zone.given_names().as_str()), ("ERIKSSON", "ANNA MARIA"));
        assert_eq!((zone.issuer, zone.nationality, zone.sex), ("UTO", "UTO", Some(Sex::Female)));
        assert_eq!((zone.birth, zone.expires), (Date::new(1974, 8, 12), Date::new(2012, 4, 15)));
    }
}

#[test]
fn every_changed_digit_of_the_checked_fields_is_caught() {
    for (text, lines) in [(TD3, 45..=88), (TD1, 5..=61)] {
        for at in lines {
            let mut bytes = text.as_bytes().to_vec();
            if !bytes[at].is_ascii_digit() {
                continue;
            }
            bytes[at] = b'0' + (bytes[at] - b'0' + 1) % 10;
            assert!(fault(std::str::from_utf8(&bytes).unwrap()).is_some(), "{at}");
        }
    }
}

#[test]
fn other_shapes_and_characters_are_refused() {
    assert_eq!(fault(""), Some(MrzFault::Shape));
    assert_eq!(fault(&TD3[1..]), Some(MrzFault::Shape));
    assert_eq!(fault(&TD3.to_lowercase()), Some(MrzFault::Characters));
    assert_eq!(fault(&TD3.replace('<', " ")), Some(MrzFault::Characters));
    assert_eq!(fault(&TD3.replacen('<', "«", 1)), Some(MrzFault::Characters));
    assert_eq!(fault(&TD3.replacen('P', "V", 1)), Some(MrzFault::Document));
    assert_eq!(fault(&format!("{TD1}{TD1}")), Some(MrzFault::Shape));
}

/// A card zone with all check digits made.
fn card(number: &str, birth: &str, sex: char, expiry: &str) -> String {
    let digit = |text: &str| char::from(check_digit(text.as_bytes()).unwrap());
    let first = format!("{:<<30}", format!("I<UTO{number}"));
    let mut second = format!("{birth}{}{sex}{expiry}{}UTO<<<<<<<<<<<", digit(birth), digit(expiry));
    let all = format!("{}{}{}{}", &first[5..], &second[..7], &second[8..15], &second[18..29]);
    second.push(digit(&all));
    format!("{first}\n{second}\nX<<<<<<<<<<<<<<<<<<<<<<<<<<<<<")
}

#[test]
fn long_numbers_go_on_in_the_optional_field() {
    let check = char::from(check_digit(b"D23145890<734").unwrap());
    let text = card(&format!("D23145890<734{check}"), "740812", 'M', "300101");
    assert_eq!(parse(&text, today()).map(|zone| zone.number()).ok().as_deref(), Some("D23145890734"));
    assert_eq!(fault(&card("D23145890<", "740812", 'M', "300101")), Some(MrzFault::Check("number")));
    assert_eq!(fault(&card("D23145890<7340", "740812", 'M', "300101")), Some(MrzFault::Check("number")));
}

#[test]
fn two_digit_years_are_read_against_today() {
    let birth =
        |text: &str| parse(&card("D231458907", text, '<', "991231"), today()).map(|zone| (zone.birth, zone.expires));
    let expires = Date::new(2099, 12, 31);
    assert_eq!(birth("261123"), Ok((Date::new(2026, 11, 23), expires)));
    assert_eq!(birth("261124"), Ok((Date::new(1926, 11, 24), expires)));
    assert_eq!(birth("26<<<<"), Ok((None, expires)));
    assert_eq!(birth("260230"), Err(MrzFault::Value("birth date")));
    let zone = card("D231458907", "740812", 'X', "991231");
    assert_eq!(fault(&zone), Some(MrzFault::Value("sex")));
}

#[test]
fn any_text_is_answered() {
    proptest::proptest!(|(text in "[A-Z0-9<\\n]{0,100}|\\PC{0,40}")| {
        let _ = parse(&text, today());
    });
}
