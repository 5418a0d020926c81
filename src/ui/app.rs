//! One window of the kiosk: head, content, the fixed ways, foot; and the warning above all.

use std::sync::Arc;

use egui::{Align, Context, Event as InputEvent, Id, Key, Rect, Stroke, Ui, pos2, vec2};

use crate::config::{SiteText, Use};
use crate::core::message::Msg;
use crate::core::screen::{Control, Lang, View};
use crate::locale::{Arg, Locale};
use crate::ports::DemoDeck;
use crate::runtime::{Act, Shared};

use super::canvas::{Canvas, Hits, Look, Typing};
use super::icons::Icon;
use super::layout::{Places, columns};
use super::preview::Preview;
use super::theme::Theme;
use super::{deck, fonts, screens};

/// Draws the kiosk and tells it what the person did.
pub struct KioskUi {
    shared: Arc<Shared>,
    act: Box<dyn Fn(Act)>,
    locale: Arc<Locale>,
    site: SiteText,
    deck: Option<Arc<dyn DemoDeck>>,
    preview: Preview,
    hits: Hits,
    stage: Option<(std::mem::Discriminant<View>, Lang)>,
    typing: Typing,
}

impl KioskUi {
    /// A screen for a running kiosk. `deck` is there in a demo only.
    #[must_use]
    pub fn new(
        ctx: &Context,
        shared: Arc<Shared>,
        act: Box<dyn Fn(Act)>,
        locale: Arc<Locale>,
        site: SiteText,
        deck: Option<Arc<dyn DemoDeck>>,
    ) -> Self {
        fonts::install(ctx);
        egui_extras::install_image_loaders(ctx);
        ctx.options_mut(|options| {
            options.quit_shortcuts.clear();
            options.zoom_with_keyboard = false;
        });
        Self { shared, act, locale, site, deck, preview: Preview::default(), hits: Hits::new(), stage: None, typing: Typing::default() }
    }

    /// Where each control was drawn last.
    #[must_use]
    pub fn hits(&self) -> &Hits {
        &self.hits
    }

    /// Draws one frame.
    pub fn draw(&mut self, ui: &mut Ui) {
        let screen = self.shared.screen();
        let window = ui.max_rect();
        let theme = Theme::new(screen.comfort, window.width(), window.height());
        self.preview.update(ui.ctx(), &self.shared.latest);
        let stage = (std::mem::discriminant(&screen.view), screen.comfort.lang);
        let before = self.stage.replace(stage);
        if before.map(|(view, _)| view) != Some(stage.0) {
            self.typing = Typing::default();
            // A new screen begins with nothing of the last one in focus.
            if let Some(focused) = ui.memory(egui::Memory::focused) {
                ui.memory_mut(|memory| memory.surrender_focus(focused));
            }
        }
        if before != Some(stage) {
            // A new screen, or the same in another language, begins at its top.
            ui.data_mut(|data| data.remove::<f32>(Id::unique(screens::SCROLL)));
        }
        self.hits.clear();
        let mut acts = Vec::new();
        let warned = screen.warning.is_some();
        let mut canvas = Canvas {
            ui,
            theme: &theme,
            locale: &self.locale,
            site: &self.site,
            screen: &screen,
            hits: &mut self.hits,
            acts: &mut acts,
            typing: &mut self.typing,
            inert: warned,
        };
        let places = Places::new(window, &theme, self.deck.is_some());
        canvas.ui.painter().rect_filled(window, 0.0, theme.colour.ground);
        draw_head(&mut canvas, places.head);
        let page = self.shared.paper();
        screens::draw(&mut canvas, &places, self.preview.texture(), page.as_deref());
        draw_access(&mut canvas, places.access);
        draw_foot(&mut canvas, places.foot);
        canvas.inert = false;
        if warned {
            let whole = Rect::from_min_max(window.min, pos2(window.right(), places.foot.bottom()));
            draw_warning(&mut canvas, whole, places.content);
        }
        // Card, staff and start page stay above any message.
        draw_ways(&mut canvas, &places.ways);
        if let (Some(deck), Some(area)) = (&self.deck, places.deck) {
            deck::draw(&mut canvas, &**deck, area);
        }
        if matches!(screen.view, View::Claim { .. }) {
            let keys = typed(&canvas);
            acts.extend(keys);
        }
        for act in acts {
            (self.act)(act);
        }
    }
}

/// Digits and backspace from a keyboard or keypad.
fn typed(canvas: &Canvas) -> Vec<Act> {
    canvas.ui.input(|input| {
        input
            .events
            .iter()
            .filter_map(|event| match event {
                InputEvent::Text(text) => {
                    let digit = text.chars().next().and_then(|c| c.to_digit(10))?;
                    u8::try_from(digit).ok().map(Act::Digit)
                }
                InputEvent::Key { key: Key::Backspace, pressed: true, .. } => Some(Act::EraseDigit),
                _ => None,
            })
            .collect()
    })
}

fn draw_head(c: &mut Canvas, area: Rect) {
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
    let side = area.height() * 0.46;
    let icon = Rect::from_center_size(pos2(area.left() + c.px(44.0) + side / 2.0, area.center().y), vec2(side, side));
    let own = match c.site.purpose {
        Use::Visit => Icon::Desk,
        Use::Entry => Icon::Building,
        Use::Treatment => Icon::Hospital,
    };
    c.icon(own, icon, colour.on_head);
    let langs = Rect::from_min_size(
        pos2(area.right() - c.px(44.0) - c.px(354.0), area.center().y - c.px(40.0)),
        vec2(c.px(354.0), c.px(80.0)),
    );
    let words = Rect::from_min_max(pos2(icon.right() + c.px(24.0), area.top()), pos2(langs.left() - c.px(20.0), area.bottom()));
    let (upper, lower) = words.split_top_bottom_at_fraction(0.58);
    let on_head = colour.on_head;
    let mut style = c.style(44.0, true, on_head);
    style.align = Align::Min;
    let name = c.site.name.in_lang(c.screen.comfort.lang).to_owned();
    c.text_in("site", &name, style, upper.with_min_y(area.top() + area.height() * 0.14));
    let task = c.say(Msg::AppTask);
    let mut style = c.style(28.0, false, on_head);
    style.align = Align::Min;
    c.text_in("task", &task, style, lower.with_max_y(area.bottom() - area.height() * 0.12));
    let slots: [Rect; 3] = columns(langs, c.px(6.0));
    let choices = [(Control::LangZhCn, Lang::ZhCn), (Control::LangZhTw, Lang::ZhTw), (Control::LangEn, Lang::En)];
    for ((control, lang), slot) in choices.into_iter().zip(slots) {
        let style = c.style(30.0, true, on_head);
        let look = Look::Head(c.screen.comfort.lang == lang);
        let label = c.say(control.label());
        if c.button(&super::canvas::control_id(control), &label, look, None, slot, style) {
            c.acts.push(Act::Tap(control));
        }
    }
}

fn draw_access(c: &mut Canvas, area: Rect) {
    let quiet = c.theme.colour.quiet;
    let label = c.say(Msg::AccessTitle);
    let portrait = area.width() > area.height() * 4.0;
    let (title, row) = if portrait {
        area.split_left_right_at_fraction(0.27)
    } else {
        area.split_top_bottom_at_fraction(0.30)
    };
    let side = c.px(38.0);
    let icon = Rect::from_center_size(pos2(title.left() + side / 2.0, title.center().y), vec2(side, side));
    c.icon(Icon::Access, icon, quiet);
    let mut style = c.style(28.0, false, quiet);
    style.align = Align::Min;
    c.text_in("access", &label, style, title.with_min_x(icon.right() + c.px(12.0)).with_max_x(title.right() - c.px(8.0)));
    let slots: [Rect; 2] = columns(row, c.px(22.0));
    let comfort = c.screen.comfort;
    let rows = [(Control::Large, Icon::Large, comfort.large), (Control::Contrast, Icon::Contrast, comfort.contrast)];
    let labels = rows.map(|(control, ..)| c.say(control.label()));
    let style = c.style(30.0, false, quiet);
    let style = c.shared_size(&labels, style, vec2(slots[0].width() - c.px(96.0), slots[0].height()));
    for ((control, icon, on), slot) in rows.into_iter().zip(slots) {
        c.control_sized(control, Look::Toggle(on), Some(icon), slot, style);
    }
}

/// The three fixed places: card (or registering, on the first screen), staff, start page (or one's
/// own data and deleting them).
fn draw_ways(c: &mut Canvas, slots: &[Rect; 3]) {
    let home = matches!(c.screen.view, View::Home { .. });
    let out = matches!(c.screen.view, View::OutOfService);
    let left = if home { (Control::Register, Icon::Register) } else { (Control::MethodCard, Icon::Card) };
    let right = if home { (Control::MyData, Icon::Person) } else { (Control::Home, Icon::Home) };
    let rows = [
        (left.0, left.1, Look::Plain),
        (Control::CallStaff, Icon::Staff, Look::Help),
        (right.0, right.1, Look::Plain),
    ];
    if out {
        return;
    }
    let labels = rows.map(|(control, ..)| c.say(control.label()));
    let style = c.style(36.0, true, c.theme.colour.ink);
    let style = c.shared_size(&labels, style, vec2(slots[0].width() - c.px(96.0), slots[0].height()));
    let mut slots = *slots;
    let mut icons = rows.map(|(_, icon, _)| Some(icon));
    if home {
        // Deleting is on the first screen too, as near as registering.
        let [mine, delete]: [Rect; 2] = columns(slots[2], c.px(12.0));
        slots[2] = mine;
        // Side by side there is room for the words only.
        icons[2] = (mine.height() > mine.width() * 0.55 && mine.height() > c.px(110.0)).then_some(Icon::Person);
        let icon = icons[2].map(|_| Icon::Trash);
        c.control_sized(Control::Withdraw, Look::Plain, icon, delete, style);
    }
    for (((control, _, look), slot), icon) in rows.into_iter().zip(slots).zip(icons) {
        c.control_sized(control, look, icon, slot, style);
    }
}

fn draw_foot(c: &mut Canvas, area: Rect) {
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

fn draw_warning(c: &mut Canvas, whole: Rect, place: Rect) {
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
    let button = inner.with_min_y(inner.bottom() - c.px(124.0));
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
