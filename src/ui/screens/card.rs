//! Lay the card down.

use egui::{Rect, Stroke, StrokeKind, pos2, vec2};

use crate::core::consent::Purpose;
use crate::core::message::Msg;
use crate::ui::canvas::Canvas;
use crate::ui::icons::Icon;

pub(super) fn draw(c: &mut Canvas, area: Rect, purpose: Purpose, reading: bool, guardian: bool) {
    let title = match purpose {
        _ if guardian => Msg::CardTitleGuardian,
        Purpose::Verify => Msg::CardTitleVerify,
        Purpose::Enrol => Msg::CardTitleEnrol,
        Purpose::Withdraw => Msg::CardTitleWithdraw,
        Purpose::MyData => Msg::CardTitleMydata,
    };
    let title = if reading { Msg::CardReading } else { title };
    let text = c.say(title);
    let style = c.style(58.0, true, c.theme.colour.ink);
    let head = area.with_max_y(area.top() + area.height() * 0.2);
    c.text_in("title", &text, style, head);
    let foot = area.with_min_y(area.bottom() - area.height() * 0.2);
    let room = Rect::from_min_max(pos2(area.left(), head.bottom()), pos2(area.right(), foot.top())).shrink(c.px(16.0));
    reader(c, room, reading);
    let (upper, lower) = foot.split_top_bottom_at_fraction(0.5);
    for (msg, place) in [(Msg::CardHow, upper), (Msg::CardLeft, lower)] {
        let text = c.say(msg);
        let style = c.style(34.0, false, c.theme.colour.quiet);
        let kind = if msg == Msg::CardHow { "how" } else { "left" };
        c.text_in(kind, &text, style, place);
    }
}

/// A drawing of the reader with a card on it.
fn reader(c: &mut Canvas, room: Rect, reading: bool) {
    let colour = &c.theme.colour;
    let width = room.width().min(room.height() * 1.5);
    let device = Rect::from_center_size(room.center(), vec2(width, width / 1.5));
    c.panel(device, colour.panel);
    let spot = device.shrink2(vec2(device.width() * 0.14, device.height() * 0.16));
    let line = Stroke::new(c.px(6.0), if reading { colour.good } else { colour.primary });
    c.ui.painter().rect(spot, c.px(22.0), colour.tint, line, StrokeKind::Inside);
    let side = spot.height() * 0.74;
    c.icon(Icon::Card, Rect::from_center_size(spot.center(), vec2(side, side)), if reading { colour.good } else { colour.primary });
}
