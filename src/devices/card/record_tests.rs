//! Layouts of all four kinds, and what does not fit.

use super::*;
use crate::devices::card::check::{Inconsistency, check};
use crate::devices::sim::sam::specimen::{Specimen, answer};

fn today() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

fn data(specimen: &Specimen) -> Vec<u8> {
    answer(&specimen.text())
}

fn read(specimen: &Specimen) -> Reading {
    let mut data = data(specimen);
    let reading = parse(&mut data).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(data.iter().all(|byte| *byte == 0), "wiped");
    reading
}

#[test]
fn all_four_kinds_are_read() {
    let date = |y, m, d| Date::new(y, m, d).unwrap();
    for (specimen, kind, printed, number, birth, to) in [
        (Specimen::resident(), CardKind::Resident, "张三(样本)", "11010519491231002X", date(1949, 12, 31), None),
        (
            Specimen::hmt(),
            CardKind::HmtPermit,
            "李四(样本)",
            "810000199901010014",
            date(1999, 1, 1),
            Some(date(2028, 5, 5)),
        ),
        (
            Specimen::foreigner_2017(),
            CardKind::Foreigner2017,
            "ZHENGJIAN, YANGBEN 证件样本",
            "CAN110081080319",
            date(1981, 8, 3),
            Some(date(2027, 6, 15)),
        ),
        (
            Specimen::foreigner_2023(),
            CardKind::Foreigner2023,
            "SPECIMEN NAME THAT IS LONGER THAN THIRTY FIVE 证件样本",
            "911124198108030024",
            date(1981, 8, 3),
            Some(date(2033, 11, 30)),
        ),
    ] {
        let reading = read(&specimen);
        assert_eq!((reading.kind, reading.birth, reading.to), (kind, birth, to), "{number}");
        assert_eq!(check(&reading, today()), Ok(()), "{number}");
        let identity = reading.into_identity();
        assert_eq!((identity.name().expose(), identity.number().expose()), (printed, number));
        assert_eq!((identity.birth(), identity.expires()), (Some(birth), to));
    }
}

fn finding(change: impl FnOnce(&mut Specimen), mut specimen: Specimen) -> Result<(), Inconsistency> {
    change(&mut specimen);
    check(&read(&specimen), today())
}

/// What is changed on a good card.
type Change = fn(&mut Specimen);

#[test]
fn what_does_not_fit_is_found() {
    let valid = || Specimen { to: "20290101", ..Specimen::resident() };
    let cases: [(Inconsistency, Change); 9] = [
        (Inconsistency::NumberCheck, |s| s.number = "110105194912310021".into()),
        (Inconsistency::KindDiffers, |s| s.number = "810000199901010014".into()),
        (Inconsistency::BirthDiffers, |s| s.birth = "19491230"),
        (Inconsistency::SexDiffers, |s| s.sex = '1'),
        (Inconsistency::BornAfterIssue, |s| s.from = "19491230"),
        (Inconsistency::ValidityReversed, |s| s.from = "20290102"),
        (Inconsistency::NotYetValid, |s| s.from = "20261124"),
        (Inconsistency::Expired, |s| s.to = "20261122"),
        (Inconsistency::BirthDiffers, |s| s.number = "440524188001010014".into()),
    ];
    for (expected, change) in cases {
        assert_eq!(finding(change, valid()), Err(expected));
    }
    assert_eq!(finding(|s| s.to = "20261123", valid()), Ok(()), "the last day counts");
    assert_eq!(finding(|s| s.sex = '9', valid()), Ok(()), "the card does not say");
}

#[test]
fn long_term_begins_at_forty_six() {
    assert_eq!(finding(|s| s.from = "19951231", Specimen::resident()), Ok(()));
    assert_eq!(finding(|s| s.from = "19951230", Specimen::resident()), Err(Inconsistency::LongTermTooYoung));
    let mut data = data(&Specimen { to: "长期", ..Specimen::hmt() });
    assert_eq!(parse(&mut data).err(), Some(RecordFault::Field("last day")));
}

#[test]
fn broken_records_are_refused_and_wiped() {
    let good = data(&Specimen::resident());
    let broken = |at: usize, byte: u8| {
        let mut data = good.clone();
        data[at] = byte;
        let fault = parse(&mut data).err();
        assert!(data.iter().all(|byte| *byte == 0));
        fault
    };
    assert_eq!(broken(0, 2), Some(RecordFault::Lengths));
    assert_eq!(broken(2, 3), Some(RecordFault::Lengths));
    assert_eq!(broken(4 + 248, b'Q'), Some(RecordFault::Unsupported));
    assert_eq!(broken(4 + 249, 1), Some(RecordFault::Unsupported));
    assert_eq!(broken(4 + 30, b'7'), Some(RecordFault::Field("sex")));
    assert_eq!(broken(4 + 36, b' '), Some(RecordFault::Field("birth date")));
    assert_eq!(broken(4 + 122, b'-'), Some(RecordFault::Field("number")));
    assert_eq!(broken(4 + 204, 0x7E), Some(RecordFault::Field("last day")));
    assert_eq!(broken(4 + 28, b'X'), Some(RecordFault::Field("name")), "something behind the filling");
    for cut in 0..good.len() {
        let mut data = good[..cut].to_vec();
        assert_eq!(parse(&mut data).err(), Some(RecordFault::Lengths), "{cut}");
    }
}
