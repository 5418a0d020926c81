//! Use your own phone: a code to scan, the same as letters, and that nothing hurries.

use egui::{Rect, pos2, vec2};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::core::message::Msg;
use crate::locale::Arg;
use crate::ports::PhoneLink;
use crate::ui::canvas::Canvas;
use crate::ui::icons::Icon;

use super::sheet::paint_code;

pub(super) fn draw(c: &mut Canvas, area: Rect, link: Option<&PhoneLink>) {
    c.panel(area, c.theme.colour.panel);
    let inner = area.shrink(c.px(48.0).min(area.height() * 0.06));
    let low = inner.height() < inner.width();
    let (words, room) = if low {
        inner.split_left_right_at_fraction(0.52)
    } else {
        inner.split_top_bottom_at_fraction(0.42)
    };
    let words = if low { words.with_max_x(words.right() - c.px(24.0)) } else { words.with_max_y(words.bottom() - c.px(16.0)) };
    let code = link.map(|link| c.say_with(Msg::PhoneCode, &[("code", Arg::Text(&link.code))]));
    let texts = [
        (c.say(Msg::PhoneTitle), 54.0, true),
        (c.say(if link.is_some() { Msg::PhoneHow } else { Msg::PhoneWait }), 34.0, false),
        (code.unwrap_or_default(), 44.0, true),
    ];
    let mut top = words.top();
    for ((text, size, bold), share) in texts.into_iter().zip([0.36, 0.40, 0.24]) {
        let slot = Rect::from_min_max(pos2(words.left(), top), pos2(words.right(), top + words.height() * share));
        top = slot.bottom();
        if !text.is_empty() {
            let style = c.style(size, bold, c.theme.colour.ink);
            let id = format!("phone-{size}");
            c.text_in(&id, &text, style, slot.with_max_y(slot.bottom() - c.px(8.0)));
        }
    }
    let side = room.width().min(room.height());
    let square = Rect::from_center_size(room.center(), vec2(side, side));
    match link.and_then(|link| QrCode::encode_text(&link.address, QrCodeEcc::Medium).ok()) {
        Some(code) => paint_code(c, square, &code),
        None => c.badge(Icon::Phone, room.center(), side.min(c.px(280.0)), c.theme.colour.primary),
    }
}
