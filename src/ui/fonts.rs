//! Which bundled font writes what.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily, FontId};

use crate::core::screen::Lang;
use crate::fonts::FILES;

/// Each family, with the one that fills its gaps: the traditional fonts lack simplified shapes.
const FAMILIES: [(&str, [&str; 2]); 4] = [
    ("sc-regular", ["sc-regular", "tc-regular"]),
    ("sc-bold", ["sc-bold", "tc-bold"]),
    ("tc-regular", ["tc-regular", "sc-regular"]),
    ("tc-bold", ["tc-bold", "sc-bold"]),
];

/// Makes the fonts known to a context.
pub(super) fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in FILES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    for (family, order) in FAMILIES {
        fonts.families.insert(FontFamily::Name(family.into()), order.map(str::to_owned).to_vec());
    }
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["sc-regular".to_owned(), "tc-regular".to_owned()]);
    }
    ctx.set_fonts(fonts);
}

/// The font for a language and weight. Units of `size`: points.
pub(super) fn font(lang: Lang, bold: bool, size: f32) -> FontId {
    let family = match (lang, bold) {
        (Lang::ZhTw, false) => "tc-regular",
        (Lang::ZhTw, true) => "tc-bold",
        (Lang::ZhCn | Lang::En, false) => "sc-regular",
        (Lang::ZhCn | Lang::En, true) => "sc-bold",
    };
    FontId::new(size, FontFamily::Name(family.into()))
}
