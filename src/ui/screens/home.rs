//! The first screen: two equal ways.

use egui::{Align, Rect, pos2, vec2};

use crate::core::message::Msg;
use crate::core::screen::Control;
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::{Places, columns};

struct Way {
    control: Control,
    icon: Icon,
    name: Msg,
    lines: [Msg; 3],
}

const WAYS: [Way; 2] = [
    Way {
        control: Control::MethodFace,
        icon: Icon::Face,
        name: Msg::FaceName,
        lines: [Msg::FaceFirst, Msg::FaceSecond, Msg::FaceThird],
    },
    Way {
        control: Control::MethodCard,
        icon: Icon::Card,
        name: Msg::CardName,
        lines: [Msg::CardFirst, Msg::CardSecond, Msg::CardThird],
    },
];

pub(super) fn draw(c: &mut Canvas, places: &Places, closed: bool) {
    let (area, aside) = (places.content, places.aside);
    // Words may stand where nobody can reach; buttons may not.
    let words = places.poster.unwrap_or(area);
    let (ink, quiet) = (c.theme.colour.ink, c.theme.colour.quiet);
    let low = area.height() < area.width();
    let title = c.say(Msg::HomeTitle);
    let style = c.style(if low { 54.0 } else { 66.0 }, true, ink);
    let style = c.fitted(&title, style, vec2(words.width(), style.size * 1.5));
    let below = c.text("title", &title, style, words);
    let lead = c.say(Msg::HomeLead);
    let style = c.style(if low { 32.0 } else { 36.0 }, false, quiet);
    let style = c.fitted(&lead, style, vec2(words.width(), style.size * 1.5));
    let below = c.text("lead", &lead, style, words.with_min_y(below)) + c.px(if low { 18.0 } else { 30.0 });

    let high = c.px(if c.theme.text > 1.0 { if closed { 204.0 } else { 176.0 } } else { 150.0 }) * c.theme.text;
    let (info, cards_end) = match (aside, places.poster) {
        (Some(aside), _) => (Some(aside), area.bottom()),
        (None, Some(poster)) if poster.bottom() - below > high * 0.8 => (Some(poster.with_min_y(below)), area.bottom()),
        // Wider than high, with large text: the words beside the cards have no room, the cards need theirs.
        (None, _) if low => (None, area.bottom()),
        (None, _) => {
            let info = area.with_min_y(area.bottom() - high);
            (Some(info), info.top() - c.px(26.0))
        }
    };
    let below = if places.poster.is_some() { area.top() } else { below };
    let cards = Rect::from_min_max(pos2(area.left(), below), pos2(area.right(), cards_end));
    let slots: [Rect; 2] = columns(cards, c.px(28.0));
    // What stands in both cards has one size, or the larger words would weigh more.
    let width = slots[0].width() - c.px(72.0);
    let lines: Vec<String> = WAYS.iter().flat_map(|way| way.lines).map(|line| c.say(line)).collect();
    let line = c.style(31.0, false, ink);
    let line = c.shared_size(&lines, line, vec2(width - c.px(54.0), line.size * 2.9));
    let names: Vec<String> = WAYS.iter().map(|way| c.say(way.name)).collect();
    let name = c.style(if low { 50.0 } else { 62.0 }, true, ink);
    let name = c.shared_size(&names, name, vec2(width, name.size * 1.5));
    for (way, slot) in WAYS.iter().zip(slots) {
        c.panel(slot, c.theme.colour.panel);
        let inner = slot.shrink(c.px(34.0));
        let button = inner.with_min_y(inner.bottom() - (c.px(112.0) * c.theme.text.sqrt()).max(if c.screen.comfort.large { 62.0 } else { 46.0 }));
        let words = c.say(way.name);
        let id = format!("{:?}", way.name);
        let below = if low {
            // Wider than high: picture and name side by side leave the lines their room.
            let head = inner.with_max_y(inner.top() + c.px(150.0).min(button.top() - inner.top() - c.px(16.0)).max(c.px(20.0)));
            let disc = head.height();
            c.badge(way.icon, pos2(head.left() + disc / 2.0, head.center().y), disc, c.theme.colour.primary);
            let style = crate::ui::canvas::Style { align: Align::Min, ..name };
            c.text_in(&id, &words, style, head.with_min_x(head.left() + disc + c.px(28.0)));
            head.bottom() + c.px(8.0)
        } else {
            let disc = (inner.height() * 0.24).min(c.px(200.0));
            c.badge(way.icon, pos2(inner.center().x, inner.top() + disc / 2.0), disc, c.theme.colour.primary);
            c.text(&id, &words, name, inner.with_min_y(inner.top() + disc + c.px(14.0)))
        };
        let list = Rect::from_min_max(pos2(inner.left(), below + c.px(6.0)), pos2(inner.right(), button.top() - c.px(14.0)));
        // Nothing is squeezed: where there is no room, or one thing is enough, the name says it.
        if c.screen.comfort.simple || list.height() < line.size * 1.5 * 3.0 {
            button_of(c, way, button);
            continue;
        }
        c.ui.painter().hline(list.x_range(), list.top(), egui::Stroke::new(c.px(2.0).max(1.0), c.theme.colour.line));
        points(c, list.with_min_y(list.top() + c.px(8.0)), way.lines, line);
        button_of(c, way, button);
    }
    if let Some(info) = info {
        inform(c, info, closed);
    }
}

fn button_of(c: &mut Canvas, way: &Way, button: Rect) {
    let style = c.style(40.0, true, c.theme.colour.ink);
    let labels: Vec<String> = WAYS.iter().map(|way| c.say(way.control.label())).collect();
    let style = c.shared_size(&labels, style, vec2(button.width() - c.px(100.0), button.height()));
    c.control_sized(way.control, Look::Strong, Some(Icon::Arrow), button, style);
}

/// Three lines with ticks, spread over the height.
fn points(c: &mut Canvas, area: Rect, lines: [Msg; 3], style: crate::ui::canvas::Style) {
    let step = area.height() / 3.0;
    for (i, msg) in lines.into_iter().enumerate() {
        let top = area.top() + i as f32 * step;
        let slot = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), step));
        let side = c.px(34.0);
        let tick = Rect::from_center_size(pos2(slot.left() + side / 2.0, slot.center().y), vec2(side, side));
        c.icon(Icon::Check, tick, c.theme.colour.good);
        let words = c.say(msg);
        let style = crate::ui::canvas::Style { align: Align::Min, ..style };
        c.text_in(&format!("{msg:?}"), &words, style, slot.with_min_x(tick.right() + c.px(16.0)));
    }
}

/// That the choice is free, or that the face way is closed now.
fn inform(c: &mut Canvas, area: Rect, closed: bool) {
    let colour = if closed { c.theme.colour.help } else { c.theme.colour.good };
    c.panel(area, c.theme.colour.tint);
    let inner = area.shrink2(vec2(c.px(28.0), c.px(14.0)));
    // A high box beside the cards has room for the words only.
    let flat = area.width() > area.height() * 3.0;
    let mut words = inner;
    if flat {
        let side = c.px(62.0);
        let icon = Rect::from_center_size(pos2(inner.left() + side / 2.0, inner.center().y), vec2(side, side));
        c.icon(if closed { Icon::Info } else { Icon::Shield }, icon, colour);
        words = inner.with_min_x(icon.right() + c.px(24.0));
    }
    let (upper, lower) = words.split_top_bottom_at_fraction(if flat { 0.54 } else { 0.62 });
    let (first, second) = if closed { (Msg::HomeFaceClosed, Msg::HomeFree) } else { (Msg::HomeFree, Msg::HomeFreeMore) };
    for (msg, place, size, bold, colour) in
        [(first, upper, 33.0, true, c.theme.colour.ink), (second, lower, 28.0, false, c.theme.colour.quiet)]
    {
        let text = c.say(msg);
        let mut style = c.style(size, bold, colour);
        style.align = Align::Min;
        c.text_in(&format!("{msg:?}"), &text, style, place);
    }
}
