//! Colours and sizes, as tokens: the only place where a colour is written as numbers.

#![allow(clippy::disallowed_methods)] // raw colours are allowed here and nowhere else

use egui::Color32;

use crate::core::screen::Comfort;

/// The tokens of one look at one size.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Points of the design (1080 or 1920 wide) to points of the window.
    pub scale: f32,
    /// Extra factor on text.
    pub text: f32,
    /// The colours.
    pub colour: Palette,
}

/// Colours by what they are for.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the names say it
pub struct Palette {
    pub ground: Color32,
    pub panel: Color32,
    pub line: Color32,
    pub ink: Color32,
    pub quiet: Color32,
    pub primary: Color32,
    pub on_primary: Color32,
    pub tint: Color32,
    pub head_top: Color32,
    pub head_bottom: Color32,
    pub on_head: Color32,
    pub good: Color32,
    pub help: Color32,
    pub focus: Color32,
    pub veil: Color32,
    pub shadow: Color32,
    pub demo: Color32,
    pub on_demo: Color32,
}

impl Theme {
    /// The look a person asked for, on a window of this size. Units: points.
    #[must_use]
    pub fn new(comfort: Comfort, width: f32, height: f32) -> Self {
        let design = if is_portrait(width, height) { [1080.0, 1920.0] } else { [1920.0, 1080.0] };
        let scale = (width / design[0]).min(height / design[1]);
        let colour = if comfort.contrast { Palette::contrast() } else { Palette::calm() };
        Self { scale, text: if comfort.large { 1.3 } else { 1.0 }, colour }
    }

    /// A length of the design.
    #[must_use]
    pub fn px(&self, design: f32) -> f32 {
        design * self.scale
    }

    /// A text size of the design.
    #[must_use]
    pub fn font(&self, design: f32) -> f32 {
        design * self.scale * self.text
    }
}

/// Whether a window is higher than wide.
#[must_use]
pub fn is_portrait(width: f32, height: f32) -> bool {
    height > width
}

impl Palette {
    fn calm() -> Self {
        Self {
            ground: Color32::from_rgb(0xf1, 0xf5, 0xfa),
            panel: Color32::WHITE,
            line: Color32::from_rgb(0xc3, 0xd1, 0xe4),
            ink: Color32::from_rgb(0x10, 0x21, 0x3f),
            quiet: Color32::from_rgb(0x47, 0x57, 0x72),
            primary: Color32::from_rgb(0x12, 0x57, 0xb7),
            on_primary: Color32::WHITE,
            tint: Color32::from_rgb(0xe4, 0xee, 0xfb),
            head_top: Color32::from_rgb(0x0a, 0x38, 0x80),
            head_bottom: Color32::from_rgb(0x12, 0x57, 0xb7),
            on_head: Color32::WHITE,
            good: Color32::from_rgb(0x0f, 0x70, 0x45),
            help: Color32::from_rgb(0x96, 0x3a, 0x0a),
            focus: Color32::from_rgb(0xd9, 0x53, 0x00),
            veil: Color32::from_rgba_premultiplied(6, 14, 28, 176),
            shadow: Color32::from_rgba_premultiplied(2, 5, 10, 26),
            demo: Color32::from_rgb(0x2c, 0x22, 0x45),
            on_demo: Color32::from_rgb(0xf4, 0xef, 0xff),
        }
    }

    fn contrast() -> Self {
        let yellow = Color32::from_rgb(0xff, 0xe6, 0x3b);
        Self {
            ground: Color32::BLACK,
            panel: Color32::BLACK,
            line: Color32::WHITE,
            ink: Color32::WHITE,
            quiet: Color32::WHITE,
            primary: yellow,
            on_primary: Color32::BLACK,
            tint: Color32::from_rgb(0x1c, 0x1c, 0x1c),
            head_top: Color32::BLACK,
            head_bottom: Color32::BLACK,
            on_head: Color32::WHITE,
            good: Color32::from_rgb(0x7d, 0xff, 0xa8),
            help: Color32::from_rgb(0xff, 0xc0, 0x8a),
            focus: Color32::from_rgb(0x5c, 0xd6, 0xff),
            veil: Color32::from_rgba_premultiplied(0, 0, 0, 220),
            shadow: Color32::TRANSPARENT,
            demo: Color32::from_rgb(0x2c, 0x22, 0x45),
            on_demo: Color32::WHITE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2 relative luminance and contrast.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |c: Color32| {
            let part = |v: u8| {
                let v = f32::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(c.r()) + 0.7152 * part(c.g()) + 0.0722 * part(c.b())
        };
        let (x, y) = (luminance(a), luminance(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    #[test]
    fn every_pair_of_text_and_ground_is_legible() {
        for (palette, least) in [(Palette::calm(), 4.5), (Palette::contrast(), 7.0)] {
            let p = &palette;
            for (name, text, ground) in [
                ("ink on ground", p.ink, p.ground),
                ("ink on panel", p.ink, p.panel),
                ("ink on tint", p.ink, p.tint),
                ("quiet on ground", p.quiet, p.ground),
                ("quiet on panel", p.quiet, p.panel),
                ("quiet on tint", p.quiet, p.tint),
                ("primary button", p.on_primary, p.primary),
                ("primary on panel", p.primary, p.panel),
                ("primary on tint", p.primary, p.tint),
                ("head", p.on_head, p.head_top),
                ("head below", p.on_head, p.head_bottom),
                ("good", p.good, p.panel),
                ("good on tint", p.good, p.tint),
                ("help", p.help, p.panel),
                ("help on tint", p.help, p.tint),
                ("demo", p.on_demo, p.demo),
            ] {
                let got = contrast(text, ground);
                assert!(got >= least, "{name}: {got:.2} < {least}");
            }
            assert!(contrast(p.focus, p.ground) >= 3.0);
        }
    }
}
