//! The demo's own strip: which card lies there, what the camera sees. Marked, and never part of an
//! installed kiosk.

use egui::{Align, Rect, vec2};

use crate::core::message::Msg;
use crate::ports::DemoDeck;

use super::canvas::{Canvas, Look};

/// Draws the strip and carries out what is touched on it.
pub(super) fn draw(c: &mut Canvas, deck: &dyn DemoDeck, area: Rect) {
    c.ui.painter().rect_filled(area, 0.0, c.theme.colour.demo);
    let inner = area.shrink2(vec2(c.px(20.0), c.px(8.0)));
    let (mark, rows) = inner.split_top_bottom_at_y(inner.top() + c.px(30.0));
    let text = c.say(Msg::DemoMark);
    let mut style = c.style(22.0, true, c.theme.colour.on_demo);
    style.align = Align::Min;
    style.size = c.px(22.0);
    c.text_in("demo-mark", &text, style, mark);
    let wide = area.width() > area.height() * 10.0;
    let (cards, scenes) = if wide { rows.split_left_right_at_fraction(0.42) } else { rows.split_top_bottom_at_fraction(0.5) };
    let gap = c.px(3.0);
    let mut choices = deck.cards();
    choices.push(("none".into(), c.say(Msg::DemoTakeCard)));
    if let Some(id) = row(c, Msg::DemoCards, "demo-card", &choices, &deck.card(), cards.shrink(gap)) {
        deck.lay_card(&id);
    }
    if let Some(id) = row(c, Msg::DemoCamera, "demo-scene", &deck.scenes(), &deck.scene(), scenes.shrink(gap)) {
        deck.show(&id);
    }
}

fn row(c: &mut Canvas, title: Msg, kind: &str, choices: &[(String, String)], chosen: &str, area: Rect) -> Option<String> {
    let (head, slots) = area.split_left_right_at_x(area.left() + c.px(132.0));
    let words = c.say(title);
    let mut style = c.style(20.0, false, c.theme.colour.on_demo);
    style.size = c.px(20.0);
    style.align = Align::Min;
    c.text_in(kind, &words, style, head);
    let width = slots.width() / choices.len().max(1) as f32;
    let mut touched = None;
    for (index, (id, label)) in choices.iter().enumerate() {
        let left = slots.left() + index as f32 * width;
        let slot = Rect::from_min_size(egui::pos2(left, slots.top()), vec2(width - c.px(6.0), slots.height()));
        let mut style = c.style(20.0, false, c.theme.colour.ink);
        style.size = c.px(20.0);
        if c.button(&format!("{kind}-{id}"), label, Look::Toggle(id == chosen), None, slot, style) {
            touched = Some(id.clone());
        }
    }
    touched
}
