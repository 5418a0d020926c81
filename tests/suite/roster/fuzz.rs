//! Whatever the bytes are: no panic, and no entry with a number that fails its check.

use proptest::prelude::*;

use super::{
    common::{SAMPLES, bytes, check},
    workbook,
};

fn sound(content: &[u8]) {
    let Ok(roster) = bytes(content) else { return };
    assert_eq!(roster.entries.len(), roster.preview.usable);
    assert!(roster.preview.usable <= roster.preview.rows);
    let mut numbers = std::collections::HashSet::new();
    for entry in &roster.entries {
        assert!(check(entry.number.expose()) && numbers.insert(entry.number.expose()));
        assert!(!entry.name.expose().is_empty() && entry.name.expose().chars().all(|c| !c.is_control()));
        assert!(entry.code.as_ref().is_none_or(|code| (4..=32).contains(&code.expose().len())));
        assert!(entry.from.zip(entry.until).is_none_or(|(from, until)| from <= until));
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(SAMPLES.to_vec()).prop_map(str::to_owned),
        "[0-9]{17}[0-9Xx]",
        "[0-9０-９ xX]{0,20}",
        "[样本一\u{202E}\"\n a]{0,6}",
        "20[0-9]{2}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?",
        "[ -~]{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes(content in prop::collection::vec(any::<u8>(), 0..2000)) {
        sound(&content);
        sound(&[b"PK\x03\x04", &content[..]].concat());
    }

    #[test]
    fn arbitrary_csv(rows in prop::collection::vec(prop::collection::vec(cell(), 1..8), 0..12), end in "\r?\n") {
        let rows: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
        sound(format!("身份证号,姓名,卡号,from,until,备注{end}{}", rows.join(&end)).as_bytes());
    }

    #[test]
    fn damaged_workbooks(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut book = workbook::plain();
        for (place, byte) in places {
            let at = place.index(book.len());
            book[at] = byte;
        }
        sound(&book);
    }

    #[test]
    fn damaged_sheets(places in prop::collection::vec((any::<prop::sample::Index>(), "[<>\"/a-zA-Z0-9&;= -]{0,6}"), 1..4), part in 0..3_usize) {
        let name = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"][part];
        let book = workbook::edited(name, |text| {
            for (place, put) in &places {
                let mut at = place.index(text.len());
                while !text.is_char_boundary(at) { at -= 1; }
                let end = (at + put.len()..text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
                text.replace_range(at..end, put);
            }
        });
        sound(&book);
    }
}
