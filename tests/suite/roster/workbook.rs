//! Workbooks written by another library than the one that reads them.

use std::io::{Cursor, Read, Write};

use mianzheng::roster::{Problem, TableError};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::common::{SAMPLES, bytes, counted};

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (0..).zip(["姓名", "身份证号", "卡号", "有效期起", "有效期止", "房号"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

pub(crate) fn plain() -> Vec<u8> {
    book(|sheet| {
        let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        for (row, number) in (1..).zip(SAMPLES) {
            sheet.write_string(row, 0, "样本一").unwrap();
            sheet.write_string(row, 1, number).unwrap();
            sheet.write_number(row, 2, 10_000 + row).unwrap();
            let day = ExcelDateTime::from_ymd(2026, 12, 31).unwrap();
            sheet.write_datetime_with_format(row, 4, &day, &date).unwrap();
        }
    })
}

/// The plain workbook with one part changed.
pub(crate) fn edited(name: &str, edit: impl FnOnce(&mut String)) -> Vec<u8> {
    repacked(&plain(), name, |text| {
        let mut changed = String::from_utf8(std::mem::take(text)).unwrap();
        edit(&mut changed);
        *text = changed.into_bytes();
    })
}

fn repacked(book: &[u8], name: &str, edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let mut edit = Some(edit);
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let (part_name, mut content) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut content).unwrap();
        if part_name == name {
            edit.take().unwrap()(&mut content);
        }
        new.start_file(part_name, SimpleFileOptions::default()).unwrap();
        new.write_all(&content).unwrap();
    }
    assert!(edit.is_none(), "{name} is no part");
    new.finish().unwrap().into_inner()
}

#[test]
fn texts_numbers_and_dates_are_read() {
    let roster = bytes(plain()).ok().unwrap();
    assert_eq!(roster.preview.errors, []);
    assert_eq!(roster.entries.iter().map(|entry| entry.number.expose()).collect::<Vec<_>>(), SAMPLES);
    assert_eq!(roster.entries[0].code.as_ref().unwrap().expose(), "10001");
    assert_eq!(roster.entries[0].until.unwrap().to_string(), "2026-12-31");
    assert!(roster.entries[0].from.is_none());
}

#[test]
fn dates_without_a_date_format_and_with_a_chinese_one_are_read() {
    let content = book(|sheet| {
        for (row, number) in (1..).zip(SAMPLES) {
            sheet.write_string(row, 0, "样本一").unwrap().write_string(row, 1, number).unwrap();
        }
        let [chinese, time] = [Format::new().set_num_format_index(31), Format::new().set_num_format("yyyy-mm-dd hh:mm")];
        sheet.write_number(1, 3, 46027).unwrap().write_number(1, 4, 20_261_231).unwrap();
        sheet.write_number_with_format(2, 3, 46027, &chinese).unwrap().write_string(2, 4, "2026/12/31").unwrap();
        sheet.write_number_with_format(3, 4, 46027.75, &time).unwrap();
        sheet.write_number(4, 4, 2026).unwrap();
    });
    let roster = bytes(content).ok().unwrap();
    for entry in &roster.entries {
        let days = (entry.from.unwrap().to_string(), entry.until.unwrap().to_string());
        assert_eq!((&*days.0, &*days.1), ("2026-01-05", "2026-12-31"));
    }
    let errors: Vec<_> = roster.preview.errors.iter().map(|e| (e.row, e.column, e.problem)).collect();
    assert_eq!(errors, [(4, 5, Problem::DateUnreadable), (5, 5, Problem::DateUnreadable)]);
}

#[test]
fn numbers_kept_as_floats_have_lost_digits() {
    let content = book(|sheet| {
        for (row, number) in [(1, 440_524_188_001_010_014.0), (2, 932_682_198_501_010_017.0), (4, 1e15)] {
            sheet.write_string(row, 0, "样本一").unwrap().write_number(row, 1, number).unwrap();
        }
        sheet.write_string(5, 0, "样本二").unwrap().write_string(5, 1, SAMPLES[0]).unwrap();
        sheet.write_number(5, 2, 1_234_567_890_123_456.0).unwrap();
        sheet.write_string(6, 0, "样本三").unwrap().write_number(6, 1, 999_999_999_999_999.0).unwrap();
    });
    let roster = bytes(content).ok().unwrap();
    let errors: Vec<_> = roster.preview.errors.iter().map(|e| (e.row, e.column, e.problem)).collect();
    let lost = Problem::NumberLostDigits;
    assert_eq!(errors, [(2, 2, lost), (3, 2, lost), (5, 2, lost), (6, 3, lost), (7, 2, Problem::NumberCheck)]);
    assert!(roster.preview.errors[0].to_string().contains("format the column as text"));
}

#[test]
fn formulas_that_failed_or_have_no_result_do_not_open_the_door() {
    let sheet = "xl/worksheets/sheet1.xml";
    let [failed, none] = ["<c r=\"E2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", "<c r=\"E2\"><f>A1+1</f></c>"];
    for cell in [failed, none] {
        let content = edited(sheet, |text| {
            let start = text.find("<c r=\"E2\"").unwrap();
            let end = start + text[start..].find("</c>").unwrap() + 4;
            text.replace_range(start..end, cell);
        });
        let roster = bytes(content).ok().unwrap();
        assert_eq!(roster.preview.errors.len(), 1);
        assert_eq!((roster.preview.errors[0].row, roster.preview.errors[0].problem), (2, Problem::DateUnreadable));
    }
}

#[test]
fn bombs_and_crafted_positions_are_refused() {
    let refused = |content: Vec<u8>| bytes(content).err();
    let large = |name, size: usize| repacked(&plain(), name, |content| content.resize(size, b' '));
    assert_eq!(refused(large("xl/worksheets/sheet1.xml", 257 << 20)), Some(TableError::Bomb.into()));
    assert_eq!(refused(large("xl/sharedStrings.xml", 65 << 20)), Some(TableError::Bomb.into()));
    assert_eq!(refused(large("xl/styles.xml", 5 << 20)), Some(TableError::Bomb.into()));
    let announced = edited("xl/sharedStrings.xml", |text| *text = text.replace("uniqueCount=\"", "uniqueCount=\"9999999999"));
    assert_eq!(refused(announced), Some(TableError::Bomb.into()));
    for (from, to) in [("r=\"A2\"", "r=\"A99999999999\""), ("r=\"A2\"", "r=\"ZZZZZZZZZZ2\""), ("ref=\"A1", "ref=\"Z9:A1\" x=\"A1")] {
        assert!(edited("xl/worksheets/sheet1.xml", |text| assert!(text.contains(from))).len() > 1);
        let content = edited("xl/worksheets/sheet1.xml", |text| *text = text.replacen(from, to, 1));
        assert!(bytes(content).map_or(true, |roster| roster.preview.usable <= 4));
    }
    let wide = book(|sheet| drop(sheet.write_string(1, 64, "x").map(|_| ())));
    assert_eq!(refused(wide), Some(TableError::TooManyColumns { row: 2 }.into()));
    let far = book(|sheet| {
        sheet.write_string(1_048_575, 0, "样本一").unwrap().write_string(1_048_575, 1, counted(1)).unwrap();
    });
    assert_eq!(bytes(far).ok().unwrap().preview.usable, 1);
}

#[test]
fn repeated_long_strings_are_not_multiplied() {
    let content = book(|sheet| {
        let long = "中".repeat(30_000);
        for row in 1..20_000 {
            sheet.write_string(row, 0, &long).unwrap().write_string(row, 5, "x".repeat(200)).unwrap();
        }
    });
    let roster = bytes(content).ok().unwrap();
    assert_eq!((roster.preview.rows, roster.preview.errors[0].problem), (19_999, Problem::TooLong));
}
