//! The few things everything on the screen is made of: text, buttons, panels.
//!
//! Each is drawn, made touchable and named for assistive technology in one call, so that the
//! three cannot disagree.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, CornerRadius, Galley, Id, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, Role, pos2, vec2};

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::config::SiteText;
use crate::core::message::Msg;
use crate::core::readiness::FaceLock;
use crate::core::screen::{Control, Screen};
use crate::locale::{Arg, Locale};
use crate::runtime::Act;

use super::fonts::font;
use super::heard::Heard;
use super::icons::{self, Icon};
use super::theme::Theme;
use super::touch;

/// Where each control was drawn last, by its id. Units: points.
pub type Hits = BTreeMap<String, Rect>;

/// What staff are typing; wiped when the screen changes.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub(super) struct Typing {
    pub(super) name: String,
    pub(super) password: String,
    pub(super) again: String,
    /// The field the keys on the screen write into.
    pub(super) field: usize,
    /// Capital letters.
    pub(super) capitals: bool,
}

impl Typing {
    /// The text of a field.
    pub(super) fn text(&mut self, field: usize) -> &mut String {
        match field {
            0 => &mut self.name,
            1 => &mut self.password,
            _ => &mut self.again,
        }
    }
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) colour: Color32,
    pub(super) align: Align,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Filled.
    Strong,
    /// Outlined.
    Plain,
    /// Outlined, in the colour of help.
    Help,
    /// A part of a row, on or off.
    Toggle(bool),
    /// The same on the dark head of the screen.
    Head(bool),
    /// Shown, not to be used now.
    Off,
}

/// Everything a screen needs to draw itself.
pub(super) struct Canvas<'a> {
    pub(super) ui: &'a mut Ui,
    pub(super) theme: &'a Theme,
    pub(super) locale: &'a Locale,
    pub(super) site: &'a SiteText,
    pub(super) screen: &'a Screen,
    pub(super) hits: &'a mut Hits,
    pub(super) acts: &'a mut Vec<Act>,
    /// What staff are typing.
    pub(super) typing: &'a mut Typing,
    /// What is drawn now lies under a message: seen, but neither touched nor read out.
    pub(super) inert: bool,
    /// What was drawn so far, for who listens.
    pub(super) heard: &'a mut Heard,
    /// The page on the screen was heard to its end.
    pub(super) heard_page: bool,
}

impl Canvas<'_> {
    /// A sentence.
    pub(super) fn say(&self, msg: Msg) -> String {
        self.locale.text(self.screen.comfort.lang, msg)
    }

    /// A sentence with values.
    pub(super) fn say_with(&self, msg: Msg, args: &[(&str, Arg)]) -> String {
        self.locale.with(self.screen.comfort.lang, msg, args)
    }

    /// Why the face way is closed, for staff.
    pub(super) fn lock_words(&self, lock: FaceLock) -> String {
        self.locale.lock(self.screen.comfort.lang, lock)
    }

    pub(super) fn px(&self, design: f32) -> f32 {
        self.theme.px(design)
    }

    /// A style; sizes are those of the design.
    pub(super) fn style(&self, size: f32, bold: bool, colour: Color32) -> Style {
        Style { size: self.theme.font(size), bold, colour, align: Align::Center }
    }

    /// Lays a text out.
    pub(super) fn lay(&self, text: &str, style: Style, width: f32) -> Arc<Galley> {
        let format = TextFormat {
            font_id: font(self.screen.comfort.lang, style.bold, style.size),
            color: style.colour,
            line_height: Some(style.size * 1.4),
            valign: Align::Center,
            ..TextFormat::default()
        };
        let mut job = LayoutJob::single_section(text.to_owned(), format);
        job.wrap.max_width = width;
        job.halign = style.align;
        self.ui.painter().layout_job(job)
    }

    /// Draws a text at the top of a rectangle and gives its lower edge.
    pub(super) fn text(&mut self, name: &str, text: &str, style: Style, area: Rect) -> f32 {
        let galley = self.lay(text, style, area.width());
        let height = galley.size().y;
        self.place(name, text, &galley, style, Rect::from_min_size(area.min, vec2(area.width(), height)));
        area.top() + height
    }

    /// Draws a text in the middle of a rectangle, smaller if it does not fit.
    pub(super) fn text_in(&mut self, name: &str, text: &str, style: Style, area: Rect) {
        let style = self.fitted(text, style, area.size());
        let galley = self.lay(text, style, area.width());
        let top = area.center().y - galley.size().y / 2.0;
        let rect = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), galley.size().y));
        self.place(name, text, &galley, style, rect);
    }

    /// The largest size, not above the style's, at which the text fits.
    pub(super) fn fitted(&self, text: &str, style: Style, area: Vec2) -> Style {
        let mut fitted = style;
        for _ in 0..12 {
            let galley = self.lay(text, fitted, area.x);
            let whole = galley.size().y <= area.y + 1.0 && galley.size().x <= area.x + 1.0;
            if whole && !breaks_a_word(&galley) {
                break;
            }
            fitted.size *= 0.93;
        }
        fitted
    }

    /// One size for labels that stand side by side.
    pub(super) fn shared_size(&self, labels: &[String], style: Style, area: Vec2) -> Style {
        let smallest = labels.iter().map(|label| self.fitted(label, style, area).size).fold(style.size, f32::min);
        Style { size: smallest, ..style }
    }

    fn place(&mut self, name: &str, text: &str, galley: &Arc<Galley>, style: Style, rect: Rect) {
        let x = match style.align {
            Align::Min => rect.left(),
            Align::Center => rect.center().x,
            Align::Max => rect.right(),
        };
        self.ui.painter().galley(pos2(x, rect.top()), galley.clone(), style.colour);
        if self.inert {
            return;
        }
        let id = Id::unique(("text", name));
        // Who listens goes from text to text as well.
        let sense = if self.screen.comfort.speech { Sense::focusable_noninteractive() } else { Sense::hover() };
        let response = self.ui.interact(rect, id, sense);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        self.heard.text(name, id, rect, text);
        if response.has_focus() {
            self.ring(rect.expand(self.px(4.0)), CornerRadius::same(round(self.px(8.0))));
        }
    }

    /// Shows where the keys are: at least 3 px, in a colour of its own.
    pub(super) fn ring(&self, area: Rect, radius: CornerRadius) {
        let width = self.px(6.0).max(3.0);
        // Black or white around it keeps it visible on any ground.
        let painter = self.ui.painter();
        painter.rect_stroke(area, radius, Stroke::new(width * 2.0, self.theme.colour.panel), StrokeKind::Outside);
        painter.rect_stroke(area, radius, Stroke::new(width, self.theme.colour.focus), StrokeKind::Outside);
    }

    /// A white (or black) panel with a fine line around.
    pub(super) fn panel(&self, area: Rect, fill: Color32) {
        let radius = CornerRadius::same(round(self.px(26.0)));
        let painter = self.ui.painter();
        painter.rect_filled(area.translate(vec2(0.0, self.px(6.0))), radius, self.theme.colour.shadow);
        painter.rect(area, radius, fill, Stroke::new(self.px(2.0).max(1.0), self.theme.colour.line), StrokeKind::Inside);
    }

    pub(super) fn icon(&self, icon: Icon, area: Rect, colour: Color32) {
        icons::paint(self.ui, icon, area, colour);
    }

    /// An icon on a tinted disc.
    pub(super) fn badge(&self, icon: Icon, centre: Pos2, size: f32, colour: Color32) {
        self.ui.painter().circle_filled(centre, size / 2.0, self.theme.colour.tint);
        self.icon(icon, Rect::from_center_size(centre, Vec2::splat(size * 0.52)), colour);
    }

    /// A button for a control of the core; draws nothing if the screen does not offer it.
    pub(super) fn control(&mut self, control: Control, look: Look, icon: Option<Icon>, area: Rect) {
        let style = self.style(38.0, true, Color32::PLACEHOLDER);
        self.control_sized(control, look, icon, area, style);
    }

    pub(super) fn control_sized(&mut self, control: Control, look: Look, icon: Option<Icon>, area: Rect, style: Style) {
        let look = if self.screen.offers(control) { look } else { Look::Off };
        let label = self.say(control.label());
        let name = control.long_label().map(|msg| self.say(msg));
        if self.named_button(&control_id(control), &label, name.as_deref(), look, icon, area, style) {
            self.acts.push(Act::Tap(control));
        }
    }

    /// A field to type into, with its label above. True while something is typed.
    pub(super) fn field(&mut self, id: &str, label: &str, which: usize, secret: bool, area: Rect) -> bool {
        let style = Style { align: Align::Min, ..self.style(32.0, false, self.theme.colour.ink) };
        let style = self.fitted(label, style, vec2(area.width(), style.size * 1.5));
        let below = self.text(id, label, style, area);
        let place = Rect::from_min_max(pos2(area.left(), below + self.px(12.0)), area.max);
        let radius = CornerRadius::same(round(self.px(14.0)));
        let line = Stroke::new(self.px(3.0).max(1.5), self.theme.colour.line);
        self.ui.painter().rect(place, radius, self.theme.colour.panel, line, StrokeKind::Inside);
        let inner = place.shrink2(vec2(self.px(20.0), self.px(8.0)));
        let edit = egui::TextEdit::singleline(self.typing.text(which))
            .id(Id::unique(("field", id)))
            .password(secret)
            .char_limit(64)
            .frame(egui::Frame::NONE)
            .font(font(self.screen.comfort.lang, false, self.theme.font(36.0)))
            .text_color(self.theme.colour.ink)
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(inner.width());
        let response = self.ui.put(inner, edit);
        let name = label.to_owned();
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &name));
        if response.has_focus() {
            self.typing.field = which;
        }
        if self.typing.field == which {
            self.ring(place.expand(self.px(2.0)), radius);
        }
        self.hits.insert(id.to_owned(), place);
        self.heard.control(id, response.id, place, label);
        response.changed()
    }

    /// A button. True when it was used.
    pub(super) fn button(&mut self, id: &str, label: &str, look: Look, icon: Option<Icon>, area: Rect, style: Style) -> bool {
        self.named_button(id, label, None, look, icon, area, style)
    }

    /// A button whose name says more than its label.
    #[allow(clippy::too_many_arguments)] // what a button is made of
    pub(super) fn named_button(
        &mut self,
        id: &str,
        label: &str,
        name: Option<&str>,
        look: Look,
        icon: Option<Icon>,
        area: Rect,
        style: Style,
    ) -> bool {
        let area = if self.screen.comfort.steady { spaced(area, self.px(7.0), if self.screen.comfort.large { 61.0 } else { 46.0 }) } else { area };
        let enabled = look != Look::Off && !self.inert;
        let sense = if enabled { Sense::click() } else { Sense::hover() };
        let key = if self.inert { "under" } else { "control" };
        let response = self.ui.interact(area, Id::unique((key, id)), sense);
        let name = name.unwrap_or(label);
        let state = match look {
            Look::Toggle(on) | Look::Head(on) if on => Some(Msg::StateOn),
            Look::Toggle(_) if id.starts_with(|c: char| c.is_ascii_lowercase()) && is_switch(id) => Some(Msg::StateOff),
            _ => None,
        };
        let name = state.map_or_else(|| name.to_owned(), |state| format!("{name}, {}", self.say(state)));
        if !self.inert {
            response.widget_info(|| match look {
                Look::Toggle(on) | Look::Head(on) => WidgetInfo::selected(Role::Button, enabled, on, &name),
                _ => WidgetInfo::labeled(Role::Button, enabled, &name),
            });
        }
        if enabled {
            self.hits.insert(id.to_owned(), area);
            self.heard.control(id, response.id, area, &name);
        }
        let c = &self.theme.colour;
        let (mut fill, text, line) = match look {
            Look::Strong => (c.primary, c.on_primary, c.primary),
            Look::Plain => (c.panel, c.primary, c.line),
            Look::Help => (c.panel, c.help, c.help),
            Look::Toggle(true) => (c.primary, c.on_primary, c.primary),
            Look::Toggle(false) => (c.panel, c.ink, c.line),
            Look::Head(true) => (c.on_head, c.head_bottom, c.on_head),
            Look::Head(false) => (Color32::TRANSPARENT, c.on_head, c.on_head),
            Look::Off => (c.ground, c.quiet, c.line),
        };
        if enabled && response.is_pointer_button_down_on() {
            fill = fill.lerp_to_gamma(c.ink, 0.14);
        }
        let radius = CornerRadius::same(round(self.px(18.0)));
        self.ui.painter().rect(area, radius, fill, Stroke::new(self.px(3.0).max(1.5), line), StrokeKind::Inside);
        if response.has_focus() {
            self.ring(area.expand(self.px(3.0)), radius);
        }
        self.label_with_icon(label, icon, text, area, style, matches!(look, Look::Toggle(true) | Look::Head(true)));
        enabled && self.is_used(&response, area)
    }

    /// Whether a button was used, by whatever means this person has.
    fn is_used(&mut self, response: &egui::Response, area: Rect) -> bool {
        let by_key = response.has_focus() && self.heard.action;
        let comfort = self.screen.comfort;
        let touched = if comfort.steady { touch::held(self.ui.ctx(), response, area) } else { response.clicked() && self.ui.input(|i| i.pointer.any_click()) };
        if touched {
            // One touch is one act, however the hand trembles.
            if comfort.steady && !touch::is_apart(self.ui.ctx()) {
                return false;
            }
            if comfort.speech && !response.has_focus() {
                // The first touch names it, the second does it: whoever cannot see may feel around.
                response.request_focus();
                return false;
            }
            return true;
        }
        // Enter, space, and what assistive technology presses.
        let pressed = response.clicked() && !self.ui.input(|i| i.pointer.any_click());
        (by_key || pressed) && (!comfort.steady || touch::is_apart(self.ui.ctx()))
    }

    /// Icon and label side by side, or one above the other in a high button.
    fn label_with_icon(&mut self, label: &str, icon: Option<Icon>, colour: Color32, area: Rect, style: Style, tick: bool) {
        let pad = self.px(14.0);
        let inner = area.shrink2(vec2(pad, pad * 0.4));
        let style = Style { colour, align: Align::Center, ..style };
        if tick {
            let side = self.px(30.0);
            let spot = Rect::from_center_size(area.right_top() + vec2(-side * 0.75, side * 0.75), Vec2::splat(side));
            self.icon(Icon::Check, spot, colour);
        }
        let Some(icon) = icon else {
            let style = self.fitted(label, style, inner.size());
            let galley = self.lay(label, style, inner.width());
            self.ui.painter().galley(pos2(inner.center().x, inner.center().y - galley.size().y / 2.0), galley, colour);
            return;
        };
        // Above each other where that is how both have room.
        let upright = area.height() > area.width() * 0.5 && area.height() > style.size * 2.3;
        if upright {
            let side = (area.height() * 0.38).min(self.px(64.0));
            let spot = Rect::from_center_size(pos2(inner.center().x, inner.top() + area.height() * 0.26), Vec2::splat(side));
            self.icon(icon, spot, colour);
            let edge = self.px(5.0);
            let below = Rect::from_min_max(pos2(area.left() + edge, spot.bottom()), pos2(area.right() - edge, inner.bottom()));
            let style = self.fitted(label, style, below.size());
            let galley = self.lay(label, style, below.width());
            self.ui.painter().galley(pos2(below.center().x, below.center().y - galley.size().y / 2.0), galley, colour);
        } else {
            let side = (style.size * 1.15).min(inner.height() * 0.8);
            let gap = side * 0.38;
            let room = vec2(inner.width() - side - gap, inner.height());
            let style = self.fitted(label, style, room);
            let galley = self.lay(label, Style { align: Align::Min, ..style }, room.x);
            let left = inner.center().x - (galley.size().x + side + gap) / 2.0;
            self.icon(icon, Rect::from_center_size(pos2(left + side / 2.0, inner.center().y), Vec2::splat(side)), colour);
            self.ui.painter().galley(pos2(left + side + gap, inner.center().y - galley.size().y / 2.0), galley, colour);
        }
    }
}

/// The id of a control in scripts, tests and hit lists.
pub(super) fn control_id(control: Control) -> String {
    serde_json::to_value(control).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Something that is on or off, and says so both ways.
fn is_switch(id: &str) -> bool {
    ["large", "contrast", "speech", "text-only", "low-reach", "simple", "steady"].contains(&id)
}

/// The same place with more room around, but never too small for a finger. Units: points.
fn spaced(area: Rect, by: f32, least: f32) -> Rect {
    let room = |side: f32| by.min((side - least).max(0.0) / 2.0);
    area.shrink2(vec2(room(area.width()), room(area.height())))
}

/// A Latin word torn in two by a line end: the text must become smaller instead.
fn breaks_a_word(galley: &Galley) -> bool {
    galley.rows.windows(2).any(|pair| {
        let end = pair[0].text().chars().last();
        let start = pair[1].text().chars().next();
        !pair[0].ends_with_newline
            && end.zip(start).is_some_and(|(a, b)| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric())
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // radii of a few points
fn round(radius: f32) -> u8 {
    radius.clamp(0.0, 255.0) as u8
}
