//! The question, alone on its screen: two equal buttons, nothing chosen beforehand.

use egui::{Rect, pos2, vec2};

use crate::core::consent::Purpose;
use crate::core::message::Msg;
use crate::core::screen::{Asked, Control};
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::columns;

pub(super) fn draw(c: &mut Canvas, area: Rect, purpose: Purpose, asked: Asked, sure: bool) {
    let (title, body) = match (asked, purpose) {
        _ if sure => (Msg::ConsentSureTitle, Msg::ConsentSureBody),
        (Asked::Child, _) => (Msg::ConsentTitleChild, Msg::ConsentBodyChild),
        (Asked::Guardian, Purpose::Enrol) => (Msg::ConsentTitleGuardianEnrol, Msg::ConsentBodyGuardian),
        (Asked::Guardian, _) => (Msg::ConsentTitleGuardianVerify, Msg::ConsentBodyGuardian),
        (Asked::Person, Purpose::Enrol) => (Msg::ConsentTitleEnrol, Msg::ConsentBodyEnrol),
        (Asked::Person, _) => (Msg::ConsentTitleVerify, Msg::ConsentBodyVerify),
    };
    let low = area.height() < area.width();
    c.panel(area, c.theme.colour.panel);
    let inner = area.shrink(c.px(54.0).min(area.height() * 0.06));
    // The words have their room before the picture.
    let disc = if inner.height() < c.px(640.0) { 0.0 } else { c.px(if low { 120.0 } else { 200.0 }) };
    if disc > 0.0 {
        c.badge(Icon::Camera, pos2(inner.center().x, inner.top() + disc / 2.0), disc, c.theme.colour.primary);
    }
    let buttons = inner.with_min_y(inner.bottom() - c.px(140.0).max(62.0));
    let either = Rect::from_min_max(pos2(inner.left(), buttons.top() - c.px(84.0)), pos2(inner.right(), buttons.top() - c.px(16.0)));
    let words = Rect::from_min_max(pos2(inner.left(), inner.top() + disc + c.px(16.0)), pos2(inner.right(), either.top()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.42);
    let text = c.say(title);
    let style = c.style(56.0, true, c.theme.colour.ink);
    c.text_in("title", &text, style, upper);
    let text = c.say(body);
    let style = c.style(36.0, false, c.theme.colour.ink);
    c.text_in("body", &text, style, lower);
    let text = c.say(Msg::ConsentEither);
    let style = c.style(30.0, false, c.theme.colour.quiet);
    c.text_in("either", &text, style, either);
    // Declining comes first in reading order; both look the same.
    let slots: [Rect; 2] = columns(buttons, c.px(32.0));
    let controls = [Control::Decline, Control::Agree];
    let labels: Vec<String> = controls.iter().map(|control| c.say(control.label())).collect();
    let style = c.style(44.0, true, c.theme.colour.ink);
    let style = c.shared_size(&labels, style, vec2(slots[0].width() - c.px(40.0), slots[0].height()));
    for (control, slot) in controls.into_iter().zip(slots) {
        c.control_sized(control, Look::Strong, None, slot, style);
    }
}
