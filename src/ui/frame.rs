//! What stands around the content on every screen: head, wishes, ways, foot, and the warning above all.

use egui::{Align, Id, Rect, Stroke, pos2, vec2};

use crate::config::Use;
use crate::core::message::Msg;
use crate::core::screen::{Control, Lang, View};
use crate::locale::Arg;

use super::canvas::{Canvas, Look};
use super::heard::Region;
use super::icons::Icon;
use super::layout::{Places, columns};

pub(super) fn draw_head(c: &mut Canvas, places: &Places) {
    let area = places.head;
    c.heard.region = Region::Head;
    let mut mesh = egui::Mesh::default();
    let colour = &c.theme.colour;
    for (x, y, tint) in [
        (area.left(), area.top(), colour.head_top),
        (area.right(), area.top(), colour.head_top),
        (area.left(), area.bottom(), colour.head_bottom),
        (area.right(), area.bottom(), colour.head_bottom),
    ] {
        mesh.colored_vertex(pos2(x, y), tint);
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(1, 3, 2);
    c.ui.painter().add(mesh);
    if c.screen.comfort.contrast {
        let line = Stroke::new(c.px(3.0), colour.line);
        c.ui.painter().hline(area.x_range(), area.bottom(), line);
    }
    let strip = area.height().min(c.px(150.0));
    let side = strip * 0.46;
    let icon = Rect::from_center_size(pos2(area.left() + c.px(44.0) + side / 2.0, area.center().y), vec2(side, side));
    let own = match c.site.purpose {
        Use::Visit => Icon::Desk,
        Use::Entry => Icon::Building,
        Use::Treatment => Icon::Hospital,
    };
    let on_head = c.theme.colour.on_head;
    c.icon(own, icon, on_head);
    let high = (strip * 0.62).max(if c.screen.comfort.large { 62.0 } else { 46.0 });
    let width = c.px(354.0).max(3.0 * (if c.screen.comfort.large { 62.0 } else { 46.0 } + c.px(6.0)));
    let langs = Rect::from_min_size(pos2(area.right() - c.px(44.0) - width, area.center().y - high / 2.0), vec2(width, high));
    let end = if places.langs_below { area.right() - c.px(44.0) } else { langs.left() - c.px(20.0) };
    let words = Rect::from_min_max(pos2(icon.right() + c.px(24.0), area.center().y - strip / 2.0), pos2(end, area.center().y + strip / 2.0));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.58);
    let mut style = c.style(44.0, true, on_head);
    style.align = Align::Min;
    let name = c.site.name.in_lang(c.screen.comfort.lang).to_owned();
    c.text_in("site", &name, style, upper.with_min_y(words.top() + strip * 0.14));
    let task = c.say(Msg::AppTask);
    let mut style = c.style(28.0, false, on_head);
    style.align = Align::Min;
    c.text_in("task", &task, style, lower.with_max_y(words.bottom() - strip * 0.12));
    if places.langs_below {
        return;
    }
    c.heard.region = Region::Access;
    let slots: [Rect; 3] = columns(langs, c.px(6.0));
    for ((control, lang), slot) in LANGS.into_iter().zip(slots) {
        let style = c.style(30.0, true, on_head);
        let look = Look::Head(c.screen.comfort.lang == lang);
        c.control_sized(control, look, None, slot, style);
    }
}

const LANGS: [(Control, Lang); 3] = [(Control::LangZhCn, Lang::ZhCn), (Control::LangZhTw, Lang::ZhTw), (Control::LangEn, Lang::En)];

/// Ways to be served, each on or off by one touch on every screen; and the voice for who listens.
pub(super) fn draw_access(c: &mut Canvas, places: &Places) {
    c.heard.region = Region::Access;
    let comfort = c.screen.comfort;
    let mut cells: Vec<(Control, Option<Icon>, bool)> = vec![
        (Control::Large, Some(Icon::Large), comfort.large),
        (Control::Contrast, Some(Icon::Contrast), comfort.contrast),
        (Control::Speech, Some(Icon::Voice), comfort.speech),
        (Control::TextOnly, Some(Icon::Silent), comfort.text_only),
        (Control::LowReach, Some(Icon::Low), comfort.low),
        (Control::Simple, Some(Icon::Steps), comfort.simple),
        (Control::Steady, Some(Icon::Hand), comfort.steady),
    ];
    if places.langs_below {
        cells.extend(LANGS.map(|(control, lang)| (control, None, comfort.lang == lang)));
    }
    let gap = c.px(12.0);
    let rows = cells.len().div_ceil(places.access_columns);
    let height = (places.access.height() - gap * (rows - 1) as f32) / rows as f32;
    let labels: Vec<String> = cells.iter().map(|(control, ..)| c.say(control.label())).collect();
    let width = (places.access.width() - gap * (places.access_columns - 1) as f32) / places.access_columns as f32;
    let style = c.style(27.0, false, c.theme.colour.quiet);
    let style = c.shared_size(&labels, style, vec2(width - c.px(if c.screen.comfort.steady { 24.0 } else { 10.0 }), height * 0.5));
    for (at, (control, icon, on)) in cells.into_iter().enumerate() {
        let (row, column) = (at / places.access_columns, at % places.access_columns);
        let min = pos2(places.access.left() + column as f32 * (width + gap), places.access.top() + row as f32 * (height + gap));
        c.control_sized(control, Look::Toggle(on), icon, Rect::from_min_size(min, vec2(width, height)), style);
    }
    let Some(sound) = places.sound else { return };
    c.heard.region = Region::Sound;
    let keys = [
        (Control::Repeat, Icon::Retry),
        (Control::Softer, Icon::Softer),
        (Control::Louder, Icon::Voice),
        (Control::Slower, Icon::Slower),
        (Control::Faster, Icon::Faster),
    ];
    let slots: [Rect; 5] = columns(sound, gap);
    let labels: Vec<String> = keys.iter().map(|(control, _)| c.say(control.label())).collect();
    let style = c.style(25.0, false, c.theme.colour.ink);
    let style = c.shared_size(&labels, style, vec2(slots[0].width() - c.px(if comfort.steady { 24.0 } else { 10.0 }), sound.height() * 0.56));
    for ((control, icon), slot) in keys.into_iter().zip(slots) {
        c.control_sized(control, Look::Plain, Some(icon), slot, style);
    }
}

/// The fixed ways: card (or registering, on the first screen), staff, start page (or one's own data
/// and deleting them), and one step back for who goes step by step.
pub(super) fn draw_ways(c: &mut Canvas, places: &Places) {
    c.heard.region = Region::Ways;
    if matches!(c.screen.view, View::OutOfService) {
        return;
    }
    let home = matches!(c.screen.view, View::Home { .. });
    let left = if home { (Control::Register, Icon::Register) } else { (Control::MethodCard, Icon::Card) };
    let right = if home { (Control::MyData, Icon::Person) } else { (Control::Home, Icon::Home) };
    let mut rows = vec![(left.0, left.1, Look::Plain), (Control::CallStaff, Icon::Staff, Look::Help), (right.0, right.1, Look::Plain)];
    let mut slots = places.ways.clone();
    if home {
        // Deleting is on the first screen too, as near as registering.
        if slots.len() == 3 {
            let [mine, delete]: [Rect; 2] = columns(slots[2], c.px(12.0));
            slots = vec![slots[0], slots[1], mine, delete];
        }
        if c.screen.offers(Control::MethodPhone) {
            // Where the site has it: beside registering, as large as that.
            let [register, phone]: [Rect; 2] = columns(slots[0], c.px(12.0));
            slots[0] = register;
            slots.push(phone);
        }
        rows.push((Control::Withdraw, Icon::Trash, Look::Plain));
        if c.screen.offers(Control::MethodPhone) {
            rows.push((Control::MethodPhone, Icon::Phone, Look::Plain));
        }
    } else if slots.len() == 4 {
        rows.push((Control::Back, Icon::Back, Look::Plain));
    }
    let narrow = slots.iter().map(Rect::width).fold(f32::INFINITY, f32::min);
    let flat = slots.iter().any(|slot| slot.height() <= slot.width() * 0.55 || slot.height() <= c.px(110.0));
    // Where there is room for the words only, they stand alone.
    let least = c.px(240.0);
    let bare = |slot: &Rect| flat && slot.width() < least;
    let labels: Vec<String> = rows.iter().map(|(control, ..)| c.say(control.label())).collect();
    let style = c.style(36.0, true, c.theme.colour.ink);
    let room = vec2(if narrow < c.px(240.0) { narrow - c.px(24.0) } else { narrow - c.px(90.0) }, slots[0].height() * 0.72);
    let style = c.shared_size(&labels, style, room);
    for ((control, icon, look), slot) in rows.into_iter().zip(slots) {
        let icon = (!bare(&slot)).then_some(icon);
        c.control_sized(control, look, icon, slot, style);
    }
}

pub(super) fn draw_foot(c: &mut Canvas, area: Rect) {
    c.heard.region = Region::Foot;
    let lang = c.screen.comfort.lang;
    let contact = c.site.contact.in_lang(lang);
    let words = c.say_with(Msg::FooterDevice, &[("device", Arg::Text(&c.site.device)), ("contact", Arg::Text(contact))]);
    let style = c.style(24.0, false, c.theme.colour.quiet);
    let mut place = area.shrink2(vec2(c.px(44.0), 0.0));
    if c.screen.offers(Control::StaffOnly) {
        // Small and out of the way, but no smaller than a finger.
        let button = Rect::from_min_max(pos2(place.right() - c.px(250.0), area.top() + c.px(3.0)), pos2(place.right(), area.bottom() - c.px(3.0)));
        place.set_right(button.left() - c.px(20.0));
        let style = c.style(24.0, false, c.theme.colour.quiet);
        c.control_sized(Control::StaffOnly, Look::Toggle(false), None, button, style);
    }
    c.text_in("foot", &words, style, place);
}

pub(super) fn draw_warning(c: &mut Canvas, whole: Rect, place: Rect) {
    c.heard.region = Region::Message;
    let Some(warning) = c.screen.warning else { return };
    // Whatever is behind must not be touched by mistake: the veil takes every touch.
    c.ui.interact(whole, Id::unique("veil"), egui::Sense::click());
    c.ui.painter().rect_filled(whole, 0.0, c.theme.colour.veil);
    let card = Rect::from_center_size(place.center(), vec2(place.width().min(c.px(940.0)), place.height().min(c.px(620.0))));
    c.panel(card, c.theme.colour.panel);
    let inner = card.shrink(c.px(44.0));
    let (ink, quiet) = (c.theme.colour.ink, c.theme.colour.quiet);
    c.badge(Icon::Clock, pos2(inner.center().x, inner.top() + c.px(56.0)), c.px(112.0), c.theme.colour.primary);
    let title = c.say(Msg::WarnTitle);
    let style = c.style(56.0, true, ink);
    let below = c.text("warn-title", &title, style, inner.with_min_y(inner.top() + c.px(126.0)));
    let body = if warning.extendable { Msg::WarnBody } else { Msg::WarnLast };
    let body = c.say_with(body, &[("seconds", Arg::Number(u64::from(warning.seconds)))]);
    let button = inner.with_min_y(inner.bottom() - c.px(124.0).max(62.0));
    let end = if warning.extendable { button.top() - c.px(16.0) } else { inner.bottom() };
    let style = c.style(36.0, false, quiet);
    c.text_in("warn-body", &body, style, Rect::from_min_max(pos2(inner.left(), below), pos2(inner.right(), end)));
    if warning.extendable {
        c.control(Control::MoreTime, Look::Strong, Some(Icon::Clock), button);
    }
    c.ui.ctx().accesskit_node_builder(Id::unique("warn-live"), |node| {
        node.set_role(egui::accesskit::Role::Alert);
        node.set_live(egui::accesskit::Live::Assertive);
        node.set_label(title);
    });
}
