//! The pages, read back with poppler's tools.

use std::{fs, process::Command};

use mianzheng::devices::printer::pdf::{Style, pdf};

fn fonts() -> [Vec<u8>; 2] {
    ["regular", "bold"].map(|name| fs::read(format!("{}/assets/fonts/sc-{name}.ttf", crate::support::root().display())).unwrap())
}

fn tool(name: &str, arguments: &[&str], document: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    fs::write(&file, document).unwrap();
    let mut command = Command::new(name);
    let output = command.args(arguments.iter().map(|a| if *a == "FILE" { file.to_str().unwrap() } else { a })).output();
    let output = output.unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text_of(document: &[u8]) -> String {
    tool("pdftotext", &["-layout", "FILE", "-"], document)
}

/// A picture that only looks like a QR code.
fn squares() -> Vec<Vec<bool>> {
    let finder = |row: usize, column: usize| {
        let ring = row.abs_diff(3).max(column.abs_diff(3));
        ring <= 3 && ring != 2
    };
    (0..25)
        .map(|row| {
            (0..25)
                .map(|column| match (row, column) {
                    (0..8, 0..8) => finder(row, column),
                    (0..8, 17..) => column > 17 && finder(row, column - 18),
                    (17.., 0..8) => row > 17 && finder(row - 18, column),
                    _ => (row * 7 + column * 11 + row * column) % 3 == 0,
                })
                .collect()
        })
        .collect()
}

fn sample() -> Vec<(Style, String)> {
    let long = "本单据由前台自助终端打印,请妥善保管。您的面部照片仅用于本次核验,不会离开本机;核验完成后,照片会立即删除。\
        如有疑问,请联系前台(电话:010-1234 5678)或发送邮件至 privacy.officer@example.com。According to the policy, you may \
        withdraw your consent at any time, without giving any reason.“您随时可以改用刷卡。”";
    let mut blocks = vec![
        (Style::Title, "访客登记单 Visitor slip".to_owned()),
        (Style::Text, "姓名:王小明\n时间:2026-11-22 14:30\n房间:三楼会议室 A305".to_owned()),
    ];
    for number in 1..=6 {
        blocks.push((Style::Heading, format!("第{number}条 数据保护 Data protection")));
        blocks.push((Style::Text, long.to_owned()));
    }
    blocks
}

#[test]
fn chinese_can_be_read_back() {
    let [regular, bold] = fonts();
    let document = pdf("访客登记单", &sample(), &regular, &bold, Some(&squares()));
    if let Ok(path) = std::env::var("PDF_OUT") {
        fs::write(path, &document).unwrap();
    }
    assert!(document.len() < 200_000, "{}", document.len());
    let text = text_of(&document);
    for part in ["访客登记单 Visitor slip", "姓名:王小明", "三楼会议室 A305", "第6条 数据保护", "example.com"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let joined: String = text.split_whitespace().collect();
    assert_eq!(joined.matches("您的面部照片仅用于本次核验,不会离开本机;").count(), 6);
    assert!(text.lines().all(|line| !line.trim_start().starts_with([',', '。', ';', ')', ':', '”'])), "{text}");
    let info = tool("pdfinfo", &["FILE"], &document);
    assert!(info.contains("访客登记单") && info.contains("Pages:           2") && info.contains("(A4)"), "{info}");
    let fonts = tool("pdffonts", &["FILE"], &document);
    assert_eq!(fonts.matches("CID TrueType      Identity-H       yes yes yes").count(), 2, "{fonts}");
}

#[test]
fn nothing_leaves_the_margins() {
    let [regular, bold] = fonts();
    let blocks = [
        (Style::Text, "W".repeat(500)),
        (Style::Heading, "无".repeat(200)),
        (Style::Title, "https://example.com/".repeat(20)),
        (Style::Text, "a\tb\r\n\u{7}c\u{2028}\n\nd".to_owned()),
        (Style::Text, String::new()),
        (Style::Text, "缺\u{E123}😀字".to_owned()),
    ];
    let document = pdf("", &blocks, &regular, &bold, None);
    let boxes = tool("pdftotext", &["-bbox", "FILE", "-"], &document);
    assert!(boxes.contains(">a</word>"), "a tab is a space: {boxes}");
    let edges = |name: &str| -> Vec<f32> {
        let mark = format!(" {name}=\"");
        let starts = boxes.split(&mark).skip(1);
        starts.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
    };
    assert!(edges("xMin").iter().all(|x| *x >= 56.0));
    assert!(edges("xMax").iter().all(|x| *x <= 595.28 - 56.0), "{:?}", edges("xMax"));
    assert!(edges("xMin").len() > 20);
}

#[test]
fn many_pages() {
    let [regular, bold] = fonts();
    let blocks = vec![(Style::Text, "一行".to_owned()); 200];
    let document = pdf("", &blocks, &regular, &bold, Some(&[vec![true], vec![false, true]]));
    assert_eq!(text_of(&document).matches("一行").count(), 200);
    assert!(tool("pdfinfo", &["FILE"], &document).contains("Pages:           6"));
}

#[test]
fn nothing_or_no_font() {
    let [regular, bold] = fonts();
    assert!(tool("pdfinfo", &["FILE"], &pdf("", &[], &regular, &bold, Some(&[]))).contains("Pages:           1"));
    assert!(pdf("", &sample(), b"", &bold, None).is_empty());
    assert!(pdf("", &sample(), &regular, &bold[..100], None).is_empty());
}

#[test]
fn the_same_words_make_the_same_paper() {
    let [regular, bold] = fonts();
    let make = || pdf("x", &sample(), &regular, &bold, None);
    assert_eq!(make(), make());
}
