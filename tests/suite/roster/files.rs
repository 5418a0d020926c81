//! Text files: encodings, separators, quotes, headers.

use std::{fs, io::Write};

use mianzheng::roster::{ColumnsError, Field, RosterError, TableError, read_file, table};

use super::common::{SAMPLES, bytes, check, problems, today};

const TEXT: &str = "证件号码,备注,姓名,门禁卡号,有效期止,有效期起\r\n\
    11010519491231002x,3-201室,样本一,A0012,2026年12月31日,2026/1/5\r\n\
    440524188001010014,,样本二,,20260531,\r\n";

fn holds(content: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let roster = read_file(file.path(), today(), &check).ok().unwrap();
    let preview = &roster.preview;
    assert_eq!((preview.rows, preview.usable, &preview.errors[..], &preview.expired[..]), (2, 2, &[][..], &[3][..]));
    let [one, two] = &roster.entries[..] else { unreachable!() };
    assert_eq!((one.name.expose(), one.number.expose()), ("样本一", SAMPLES[0]));
    assert_eq!(one.code.as_ref().unwrap().expose(), "A0012");
    assert_eq!(one.note.as_ref().unwrap().expose(), "3-201室");
    let days = (one.from.unwrap().to_string(), one.until.unwrap().to_string());
    assert_eq!((&*days.0, &*days.1), ("2026-01-05", "2026-12-31"));
    assert!(two.code.is_none() && two.note.is_none() && two.from.is_none() && two.until.is_some());
}

#[test]
fn every_encoding_is_read() {
    let marked = |mark: &[u8], body: Vec<u8>| [mark, &body].concat();
    holds(TEXT.as_bytes());
    holds(&marked(b"\xEF\xBB\xBF", TEXT.into()));
    holds(&marked(b"\xFF\xFE", TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    holds(&marked(b"\xFE\xFF", TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect()));
    holds(&encoding_rs::GB18030.encode(TEXT).0);
}

#[test]
fn every_separator_and_line_end_is_read() {
    for separator in [",", "\t", ";"] {
        for end in ["\r\n", "\n", "\r"] {
            holds(TEXT.replace(',', separator).replace("\r\n", end).as_bytes());
        }
    }
}

#[test]
fn headers_are_known_in_many_ways_and_titles_above_them_skipped() {
    let heads = [
        "某小区名单,,\n\n姓名（必填）*,身份證號,房號",
        "Name , ID Number,Room No.",
        "ＮＡＭＥ,ID_Card,unit",
        "姓 名,公民身份号码,單元",
    ];
    for head in heads {
        let roster = bytes(format!("{head}\n样本一,{},1-2\n", SAMPLES[1])).ok().unwrap();
        assert_eq!(roster.preview.usable, 1, "{head}");
        assert_eq!(roster.entries[0].note.as_ref().unwrap().expose(), "1-2");
    }
    let roster = bytes(format!("姓名,电话,身份证号,\u{202E}性别,卡号13800000000\n样本一,1,{},,\n", SAMPLES[1])).ok().unwrap();
    let ignored: Vec<_> = roster.preview.ignored_columns.iter().map(|c| (c.column, c.title.as_str())).collect();
    assert_eq!(ignored, [(2, "电话"), (4, " 性别"), (5, "…")]);
    assert_eq!(roster.preview.found_columns, [(Field::Name, 1), (Field::Number, 3)]);
}

#[test]
fn columns_that_cannot_be_told_are_errors() {
    let error = |text: &str| bytes(text).err().unwrap();
    let missing = |field, found: &[&str]| {
        RosterError::Columns(ColumnsError::Missing { field, found: found.iter().map(ToString::to_string).collect() })
    };
    assert_eq!(error("姓名,电话\n样本一,1\n"), missing(Field::Number, &["姓名", "电话"]));
    assert_eq!(error("number,phone\n1,1\n"), missing(Field::Name, &["number", "phone"]));
    assert_eq!(error(&format!("样本一,{}\n", SAMPLES[1])), missing(Field::Number, &[]));
    let twice = error("姓名,证件号码,备注,房号\n");
    assert_eq!(twice.to_string(), "columns C and D both hold the note");
    assert_eq!(error("姓名,电话\n").to_string(), "no column for the number; found: 姓名, 电话");
}

#[test]
fn limits_hold() {
    let table = |content: &[u8]| bytes(content).err().unwrap();
    assert_eq!(table(b""), TableError::Empty.into());
    assert_eq!(table(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), TableError::OldOrLocked.into());
    assert_eq!(table(b"PK\x03\x04 no archive"), TableError::NotAWorkbook.into());
    assert_eq!(table(b"a\0b"), TableError::NotText.into());
    assert_eq!(table("姓名,\"证件号码\n".as_bytes()), TableError::QuoteNotClosed { row: 1 }.into());
    let rows = |count: usize| format!("姓名,证件号码\n{}", "样,1\n".repeat(count));
    assert_eq!(bytes(rows(table::MAX_ROWS)).ok().unwrap().preview.rows, 100_000);
    assert_eq!(table(rows(table::MAX_ROWS + 1).as_bytes()), TableError::TooManyRows.into());
    assert_eq!(table(rows(table::MAX_ROWS + 100).as_bytes()), TableError::TooManyRows.into());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    let file = |path| read_file(path, today(), &check).err().unwrap();
    assert_eq!(file(&path), TableError::File(std::io::ErrorKind::NotFound).into());
    fs::write(&path, vec![b'a'; table::MAX_BYTES + 1]).unwrap();
    assert_eq!(file(&path), TableError::TooBig.into());
    assert_eq!(table(&vec![b'a'; table::MAX_BYTES + 1]), TableError::TooBig.into());
}

#[test]
fn quotes_with_line_ends_keep_the_row_numbers() {
    let text = format!("姓名,电话,证件号码\n\"样本一\",\"1\n2\n3\",{}\n\n样本二,\"a,\"\"b\",1\n", SAMPLES[1]);
    assert_eq!(problems(text), [(4, 3, mianzheng::roster::Problem::NumberCheck)]);
}
