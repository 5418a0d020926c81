//! A4 pages of Chinese and Latin text as PDF, with what is used of the fonts inside: it prints the same everywhere.

mod face;

use std::mem;

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use unicode_linebreak::{BreakOpportunity, linebreaks};

use face::Face;

/// A4, in points.
const PAGE: Rect = Rect { x1: 0.0, y1: 0.0, x2: 595.28, y2: 841.89 };

/// 20 mm on all sides: no printer cuts it off.
const MARGIN: f32 = 56.7;

/// From one line to the next, as a multiple of the size.
const LEADING: f32 = 1.5;

/// The side of the QR code with its white edge: 45 mm.
const QR: f32 = 127.6;

/// The white edge that readers of QR codes ask for, in modules.
const EDGE: usize = 4;

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The title of the paper.
    Title,
    /// The heading of a part.
    Heading,
    /// All else.
    Text,
}

impl Style {
    const fn bold(self) -> bool {
        !matches!(self, Self::Text)
    }

    const fn size(self) -> f32 {
        match self {
            Self::Title => 20.0,
            Self::Heading => 13.0,
            Self::Text => 11.0,
        }
    }

    /// The space above.
    const fn above(self) -> f32 {
        match self {
            Self::Title | Self::Heading => 12.0,
            Self::Text => 3.0,
        }
    }

    /// What must fit below the first line on the same page: a heading does not stay behind alone.
    const fn company(self) -> f32 {
        if self.bold() { 2.0 * LEADING * Self::Text.size() } else { 0.0 }
    }
}

/// The blocks as pages, at their end the QR code (rows of modules, true is black). Empty if a font is no TrueType font.
///
/// The title goes into the properties of the document only. A newline within a block begins a new line.
#[must_use]
pub fn pdf(
    title: &str,
    blocks: &[(Style, String)],
    font_regular: &[u8],
    font_bold: &[u8],
    qr: Option<&[Vec<bool>]>,
) -> Vec<u8> {
    draw(title, blocks, font_regular, font_bold, qr).unwrap_or_default()
}

fn draw(
    title: &str,
    blocks: &[(Style, String)],
    regular: &[u8],
    bold: &[u8],
    qr: Option<&[Vec<bool>]>,
) -> Option<Vec<u8>> {
    let mut regular = Face::new(regular, "MZREGU+Kiosk-Regular")?;
    let mut bold = Face::new(bold, "MZBOLD+Kiosk-Bold")?;
    let mut paper = Paper { full: Vec::new(), page: Content::new(), y: PAGE.y2 - MARGIN };
    for (style, text) in blocks {
        paper.text(*style, text, if style.bold() { &mut bold } else { &mut regular });
    }
    if let Some(rows) = qr.filter(|rows| !rows.is_empty()) {
        paper.qr(rows);
    }

    let mut pdf = Pdf::new();
    let mut refs = (1..).map(Ref::new);
    let (catalog, tree, info) = (refs.next()?, refs.next()?, refs.next()?);
    let fonts = [(Name(b"R"), regular.write(&mut pdf, &mut refs)?), (Name(b"B"), bold.write(&mut pdf, &mut refs)?)];
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(TextStr(title));
    let mut kids = Vec::new();
    for content in paper.full.into_iter().chain([paper.page]) {
        let (id, contents) = (refs.next()?, refs.next()?);
        let mut page = pdf.page(id);
        page.parent(tree).media_box(PAGE).contents(contents);
        page.resources().fonts().pairs(fonts);
        page.finish();
        pdf.stream(contents, &content.finish());
        kids.push(id);
    }
    pdf.pages(tree).count(i32::try_from(kids.len()).ok()?).kids(kids);
    Some(pdf.finish())
}

/// The pages so far.
struct Paper {
    full: Vec<Content>,
    page: Content,
    /// How far down the page is used.
    y: f32,
}

impl Paper {
    fn text(&mut self, style: Style, text: &str, face: &mut Face) {
        let (size, step) = (style.size(), style.size() * LEADING);
        self.y -= style.above();
        for (number, line) in wrap(text, (PAGE.x2 - 2.0 * MARGIN) / size, |text| face.width(text)).iter().enumerate() {
            self.room(step + if number == 0 { style.company() } else { 0.0 });
            self.y -= step;
            let (glyphs, font) = (face.encode(line), if style.bold() { Name(b"B") } else { Name(b"R") });
            let base = self.y + size * (LEADING - 1.0);
            self.page.begin_text().set_font(font, size).next_line(MARGIN, base).show(Str(&glyphs)).end_text();
        }
    }

    /// One path of runs of black modules, so that no white shows between them.
    fn qr(&mut self, rows: &[Vec<bool>]) {
        let module = QR / (rows.len() + 2 * EDGE) as f32;
        self.room(QR);
        let (left, top) = ((PAGE.x2 - QR) / 2.0, self.y);
        self.y -= QR;
        for (row, number) in rows.iter().zip(EDGE + 1..) {
            let mut column = EDGE;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    let (x, y) = (left + column as f32 * module, top - number as f32 * module);
                    self.page.rect(x, y, run.len() as f32 * module, module);
                }
                column += run.len();
            }
        }
        self.page.fill_nonzero();
    }

    /// Begins a page if so much does not fit on this one.
    fn room(&mut self, height: f32) {
        if self.y - height < MARGIN {
            self.full.push(mem::replace(&mut self.page, Content::new()));
            self.y = PAGE.y2 - MARGIN;
        }
    }
}

/// Lines no wider than this, broken where Unicode allows it (UAX 14), else between any two characters.
fn wrap(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<&str> {
    let (mut lines, mut start, mut good) = (Vec::new(), 0, 0);
    for (end, kind) in linebreaks(text) {
        if start < good && measure(text[start..end].trim_end()) > width {
            lines.push(text[start..good].trim_end());
            start = good;
        }
        while measure(text[start..end].trim_end()) > width {
            let fits = |(at, _): &(usize, char)| measure(&text[start..start + at]) <= width;
            let cut = text[start..end].char_indices().skip(1).take_while(fits).last();
            let Some((length, _)) = cut else { break }; // not even one character fits
            lines.push(&text[start..start + length]);
            start += length;
        }
        good = end;
        if kind == BreakOpportunity::Mandatory {
            lines.push(text[start..end].trim_end());
            start = end;
        }
    }
    lines
}
