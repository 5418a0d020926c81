//! Everything that can be wrong with a row.

use mianzheng::roster::{
    Field,
    Problem::{
        self, CodeUnusable, ControlCharacter, DateUnreadable, DuplicateCode, DuplicateNumber, Missing, NumberCheck,
        NumberLostDigits, TooLong, UntilBeforeFrom,
    },
};

use super::common::{SAMPLES, bytes, check, check_digit, counted, problems};

const HEAD: &str = "number,name,code,from,until,note\n";

fn one(row: &str) -> Vec<(u16, Problem)> {
    let found = problems(format!("{HEAD}{row}\n"));
    assert!(found.iter().all(|(row, ..)| *row == 2));
    found.into_iter().map(|(_, column, problem)| (column, problem)).collect()
}

#[test]
fn every_problem_is_told_where_it_is() {
    let [n, long] = [SAMPLES[1], &"中".repeat(201)];
    let cases = [
        (",样本一,,,,".to_owned(), vec![(1, Missing(Field::Number))]),
        (format!("{n},,,,,x"), vec![(2, Missing(Field::Name))]),
        (format!("{n},#N/A,,,,"), vec![(2, Missing(Field::Name))]),
        (format!("{n},12,,,,"), vec![(2, Missing(Field::Name))]),
        ("#REF!,样本一,,,,".to_owned(), vec![(1, Missing(Field::Number))]),
        ("440524188001010015,样本一,,,,".to_owned(), vec![(1, NumberCheck)]),
        ("44052418800101001,样本一,,,,".to_owned(), vec![(1, NumberCheck)]),
        ("4.40524E+17,样本一,,,,".to_owned(), vec![(1, NumberLostDigits)]),
        ("440524188001010000,样本一,,,,".to_owned(), vec![(1, NumberLostDigits)]),
        (format!("{},样本一,,,,", "1".repeat(33)), vec![(1, TooLong)]),
        (format!("{n},样本一,1.2E+17,,,"), vec![(3, NumberLostDigits)]),
        (format!("{n},样本一,123,,,"), vec![(3, CodeUnusable)]),
        (format!("{n},样本一,12 34,,,"), vec![(3, CodeUnusable)]),
        (format!("{n},样本一,卡号一二三,,,"), vec![(3, CodeUnusable)]),
        (format!("{n},样本一,{},,,", "a".repeat(33)), vec![(3, CodeUnusable)]),
        (format!("{n},样本一,#N/A,,#N/A,#N/A"), vec![(3, CodeUnusable), (5, DateUnreadable)]),
        (format!("{n},样本一,,2026-02-30,2026/1-2,"), vec![(4, DateUnreadable), (5, DateUnreadable)]),
        (format!("{n},样本一,,2026-01-01 08:00,26/1/2,"), vec![(4, DateUnreadable), (5, DateUnreadable)]),
        (format!("{n},样本一,,46387,长期,"), vec![(4, DateUnreadable), (5, DateUnreadable)]),
        (format!("{n},样本一,,2026-02-02,2026-02-01,"), vec![(5, UntilBeforeFrom)]),
        (format!("{n},样本一,,,,{}", "中".repeat(41)), vec![(6, TooLong)]),
        (format!("{n},{long},{long},{long},{long},"), vec![(2, TooLong), (3, TooLong), (4, TooLong), (5, TooLong)]),
        (format!("{n},样\u{202E}本,,,,\u{7}x"), vec![(2, ControlCharacter), (6, ControlCharacter)]),
        (format!("4405\u{200B}{},\"样\n本\",a\u{0}b", &n[4..]).replace('\u{0}', "\u{FEFF}"), vec![
            (1, ControlCharacter),
            (2, ControlCharacter),
            (3, ControlCharacter),
        ]),
    ];
    for (row, expected) in cases {
        assert_eq!(one(&row), expected, "{row}");
    }
}

#[test]
fn what_people_type_is_understood() {
    let written = [
        "１１０１０５１９４９１２３１００２ｘ",
        "110105 19491231\u{3000}002x",
        "'11010519491231002X",
        "\"=\"\"11010519491231002X\"\"\"",
        "\u{A0}11010519491231002X\t",
    ];
    for number in written {
        let roster = bytes(format!("{HEAD}{number},·样本一,'0012,2026-01-05 00:00:00,２０２６年１月５日,{}\n", "中".repeat(40)));
        let roster = roster.ok().unwrap();
        assert_eq!(roster.preview.errors, [], "{number}");
        assert_eq!(roster.entries[0].number.expose(), SAMPLES[0]);
        assert_eq!(roster.entries[0].code.as_ref().unwrap().expose(), "0012");
        assert_eq!(roster.entries[0].from, roster.entries[0].until);
    }
}

#[test]
fn duplicates_name_the_first_row() {
    let [a, b, c] = [SAMPLES[0], SAMPLES[1], SAMPLES[2]];
    let text = format!("{HEAD}{a},样本一,Code1,,,\n\n{b},样本二,Code1,,,\n{},样本三,,,,\n{c},样本四,,,,\n", a.to_lowercase());
    assert_eq!(problems(&text), [(4, 3, DuplicateCode(2)), (5, 1, DuplicateNumber(2))]);
    let roster = bytes(text).ok().unwrap();
    assert_eq!((roster.preview.rows, roster.preview.usable), (4, 2));
}

#[test]
fn a_rounded_number_that_passes_by_chance_is_told_where_others_were_rounded() {
    let rounded = (0..1000).map(|i| format!("9326821985{:02}{:02}{}00", 1 + i % 12, 1 + i % 28, i % 10));
    let chance = format!("{}0", { rounded }.find(|first| check_digit(first) == '0').unwrap());
    assert!(check(&chance) && chance.ends_with("000"));
    assert_eq!(one(&format!("{chance},样本一,,,,")), []);
    let text = format!("{HEAD}{chance},样本一,,,,\n440524188001010000,样本二,,,,\n{},样本三,,,,\n", counted(7));
    assert_eq!(problems(text), [(2, 1, NumberLostDigits), (3, 1, NumberLostDigits)]);
}

#[test]
fn errors_never_show_a_content() {
    let text = format!("{HEAD}440524188001010015,秘密,卡,昨天,明天,\u{202E}\n{},秘密,,,,\n", SAMPLES[1]);
    let roster = bytes(text).ok().unwrap();
    let shown = format!("{:?}{}", roster.preview, roster.preview.errors.iter().map(ToString::to_string).collect::<String>());
    for secret in ["秘密", "4405", "昨天", "明天", "\u{202E}", "卡"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
