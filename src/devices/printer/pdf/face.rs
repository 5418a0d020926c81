//! A TrueType font and what of it is used.

use std::collections::BTreeMap;

use pdf_writer::{
    Finish, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;

const IDENTITY: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// One font of the document.
pub(super) struct Face<'a> {
    data: &'a [u8],
    font: ttf_parser::Face<'a>,
    name: &'static str,
    used: GlyphRemapper,
    /// Of each used glyph, by its new number, the character and the width.
    glyphs: BTreeMap<u16, (char, f32)>,
}

impl<'a> Face<'a> {
    /// None if this is no TrueType font.
    pub(super) fn new(data: &'a [u8], name: &'static str) -> Option<Self> {
        let font = ttf_parser::Face::parse(data, 0).ok()?;
        font.tables().glyf?;
        Some(Self { data, font, name, used: GlyphRemapper::new(), glyphs: BTreeMap::new() })
    }

    /// The width of a text of size 1.
    pub(super) fn width(&self, text: &str) -> f32 {
        shown(text).map(|char| self.advance(self.glyph(char))).sum()
    }

    /// The text as glyphs of the font in the document. A character that the font lacks becomes its box.
    pub(super) fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for char in shown(text) {
            let old = self.glyph(char);
            let new = self.used.remap(old);
            let width = self.advance(old);
            self.glyphs.entry(new).or_insert((char, width));
            bytes.extend(new.to_be_bytes());
        }
        bytes
    }

    /// Puts the used part into the document.
    pub(super) fn write(&self, pdf: &mut Pdf, refs: &mut impl Iterator<Item = Ref>) -> Option<Ref> {
        let file = subsetter::subset(self.data, 0, &self.used).ok()?;
        let [id, cid, descriptor, unicode, stream] = next(refs)?;
        let name = Name(self.name.as_bytes());

        let mut type0 = pdf.type0_font(id);
        type0.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(unicode);
        type0.finish();

        let mut part = pdf.cid_font(cid);
        part.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
        part.default_width(1000.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = part.widths();
        for (glyph, (_, width)) in &self.glyphs {
            widths.same(*glyph, *glyph, width * 1000.0);
        }
        widths.finish();
        part.finish();

        let scale = |length: i16| f32::from(length) * 1000.0 / f32::from(self.font.units_per_em());
        let bounds = self.font.global_bounding_box();
        let ascent = scale(self.font.ascender());
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(scale(bounds.x_min), scale(bounds.y_min), scale(bounds.x_max), scale(bounds.y_max)))
            .italic_angle(0.0)
            .ascent(ascent)
            .descent(scale(self.font.descender()))
            .cap_height(self.font.capital_height().map_or(ascent, scale))
            .stem_v(80.0)
            .font_file2(stream);

        let mut map = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
        for (glyph, (char, _)) in self.glyphs.iter().filter(|(glyph, _)| **glyph != 0) {
            map.pair(*glyph, *char);
        }
        pdf.cmap(unicode, &map.finish());
        pdf.stream(stream, &file).pair(Name(b"Length1"), i32::try_from(file.len()).ok()?);
        Some(id)
    }

    fn glyph(&self, char: char) -> u16 {
        self.font.glyph_index(char).map_or(0, |glyph| glyph.0)
    }

    fn advance(&self, glyph: u16) -> f32 {
        let advance = self.font.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or_default();
        f32::from(advance) / f32::from(self.font.units_per_em())
    }
}

/// A tab is a space; other control characters have no place on paper.
fn shown(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|char| if char == '\t' { ' ' } else { char }).filter(|char| !char.is_control())
}

fn next<const N: usize>(refs: &mut impl Iterator<Item = Ref>) -> Option<[Ref; N]> {
    refs.take(N).collect::<Vec<_>>().try_into().ok()
}
