//! A sheet of text that scrolls: the notice, a page of one's own data, a receipt.

use egui::{Align, Id, Rect, Sense, Stroke, StrokeKind, UiBuilder, pos2, vec2};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::ui::canvas::Canvas;
use crate::ui::heard::Kind;
use crate::ui::icons::Icon;

/// Where the scroll position is kept; forgotten with the screen.
pub(in crate::ui) const SCROLL: &str = "sheet-scroll";

/// One piece of a sheet.
pub(super) enum Piece {
    /// A heading.
    Head(String),
    /// A text.
    Text(String),
    /// A picture and a sentence, large.
    Picture(Icon, String),
    /// What something is, and its value.
    Row(String, String),
    /// A text as a code to photograph, with a line that says so.
    Code(String, String),
}

/// Draws the scrolled sheet; true when its end is on the screen.
pub(super) fn draw(c: &mut Canvas, paper: Rect, pieces: &[Piece]) -> bool {
    c.panel(paper, c.theme.colour.panel);
    let clip = paper.shrink(c.px(6.0));
    let id = Id::unique(SCROLL);
    let response = c.ui.interact(paper, Id::unique("notice-sheet"), Sense::drag());
    let wheel = if c.ui.rect_contains_pointer(paper) { c.ui.input(|i| i.smooth_scroll_delta().y) } else { 0.0 };
    scroll_by(c, -(response.drag_delta().y + wheel));
    let offset: f32 = c.ui.data(|data| data.get_temp(id)).unwrap_or(0.0);

    let inner = clip.shrink2(vec2(c.px(34.0), c.px(18.0)));
    let mut y = inner.top() - offset;
    let mut child = c.ui.new_child(UiBuilder::new().max_rect(paper));
    child.set_clip_rect(clip);
    let mut sub = Canvas {
        ui: &mut child,
        theme: c.theme,
        locale: c.locale,
        site: c.site,
        screen: c.screen,
        hits: &mut *c.hits,
        acts: &mut *c.acts,
        typing: &mut *c.typing,
        inert: c.inert,
        heard: &mut *c.heard,
        heard_page: c.heard_page,
    };
    for (at, piece) in pieces.iter().enumerate() {
        y = draw_piece(&mut sub, at, piece, inner.with_min_y(y));
    }
    let height = y + offset - inner.top();
    let most = (height - inner.height()).max(0.0);
    let mut offset = offset.clamp(0.0, most);
    // What the keys have come to is brought into view.
    let focused = c.ui.memory(egui::Memory::focused);
    let last = c.heard.page_end().map(|stop| stop.id);
    if let Some(stop) = focused.and_then(|id| c.heard.get(id)).filter(|stop| stop.kind == Kind::Page) {
        let (over, under) = (inner.top() - stop.rect.top(), stop.rect.bottom() - inner.bottom());
        let by = if under > 0.0 { under.min(-over) } else { -over.max(0.0) };
        if by.abs() > 1.0 {
            offset = (offset + by).clamp(0.0, most);
            c.ui.ctx().request_repaint();
        }
    }
    c.ui.data_mut(|data| data.insert_temp(id, offset));
    if most > 1.0 {
        let track = Rect::from_min_max(pos2(paper.right() - c.px(16.0), clip.top()), pos2(paper.right() - c.px(6.0), clip.bottom()));
        let share = (inner.height() / height).min(1.0) * track.height();
        let top = track.top() + (track.height() - share) * offset / most;
        let thumb = Rect::from_min_size(pos2(track.left(), top), vec2(track.width(), share));
        c.ui.painter().rect_filled(thumb, c.px(5.0), c.theme.colour.quiet);
    }
    if response.has_focus() {
        c.ui.painter().rect_stroke(paper, c.px(26.0), Stroke::new(c.px(6.0), c.theme.colour.focus), StrokeKind::Outside);
    }
    let seen = offset >= most - 2.0;
    // For who listens the end is where the voice, or their keys, came to the end.
    // Whoever can see a little may also have drawn it to its end.
    let drawn = seen && most > 1.0;
    if c.screen.comfort.speech { c.heard_page || drawn || (focused.is_some() && focused == last) } else { seen }
}

/// Draws a piece at the top of a rectangle and gives where the next begins.
fn draw_piece(c: &mut Canvas, at: usize, piece: &Piece, place: Rect) -> f32 {
    let left = |c: &Canvas, size: f32, bold: bool, colour| crate::ui::canvas::Style { align: Align::Min, ..c.style(size, bold, colour) };
    let (ink, quiet, primary) = (c.theme.colour.ink, c.theme.colour.quiet, c.theme.colour.primary);
    match piece {
        Piece::Head(text) => {
            let style = left(c, 33.0, true, primary);
            c.text(&format!("piece-{at}"), text, style, place.with_min_y(place.top() + c.px(8.0))) + c.px(2.0)
        }
        Piece::Text(text) => {
            let style = left(c, 32.0, false, ink);
            c.text(&format!("piece-{at}"), text, style, place) + c.px(16.0)
        }
        Piece::Picture(icon, text) => {
            let side = c.px(110.0);
            c.badge(*icon, pos2(place.left() + side / 2.0, place.top() + side / 2.0), side, primary);
            let style = left(c, 40.0, false, ink);
            let words = place.with_min_x(place.left() + side + c.px(28.0));
            let lines = c.lay(text, style, words.width()).size().y;
            let top = place.top() + ((side - lines) / 2.0).max(0.0);
            c.text(&format!("piece-{at}"), text, style, words.with_min_y(top)).max(place.top() + side) + c.px(22.0)
        }
        Piece::Row(name, value) => {
            let style = left(c, 26.0, false, quiet);
            let below = c.text(&format!("name-{at}"), name, style, place);
            let style = left(c, 31.0, false, ink);
            c.text(&format!("piece-{at}"), value, style, place.with_min_y(below)) + c.px(12.0)
        }
        Piece::Code(text, words) => {
            let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Low) else { return place.top() };
            let side = place.width().min(c.px(760.0));
            let square = Rect::from_min_size(pos2(place.center().x - side / 2.0, place.top() + c.px(10.0)), vec2(side, side));
            paint_code(c, square, &code);
            let style = c.style(28.0, false, quiet);
            c.text(&format!("piece-{at}"), words, style, place.with_min_y(square.bottom() + c.px(10.0))) + c.px(12.0)
        }
    }
}

/// Dark squares on white, whatever the colours of the screen: readers want it so.
pub(super) fn paint_code(c: &Canvas, square: Rect, code: &QrCode) {
    let margin = 4;
    let cells = code.size() + 2 * margin;
    let cell = square.width() / cells as f32;
    c.ui.painter().rect_filled(square, 0.0, egui::Color32::WHITE);
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let min = square.min + vec2((x + margin) as f32 * cell, (y + margin) as f32 * cell);
                c.ui.painter().rect_filled(Rect::from_min_size(min, vec2(cell + 0.2, cell + 0.2)), 0.0, egui::Color32::BLACK);
            }
        }
    }
}

/// Which item of a sheet is shown where they come one at a time; forgotten with the screen.
pub(in crate::ui) const ITEM: &str = "sheet-item";

/// The item that is to be shown, of `size` pieces, and whether it is the last one.
pub(super) fn one_item(c: &Canvas, pieces: Vec<Piece>, size: usize) -> (Vec<Piece>, bool) {
    let at: usize = c.ui.data(|data| data.get_temp(Id::unique(ITEM))).unwrap_or(0);
    let items = pieces.len().div_ceil(size).max(1);
    let at = at.min(items - 1);
    (pieces.into_iter().skip(at * size).take(size).collect(), at + 1 == items)
}

/// Goes on to the next item.
pub(super) fn next_item(c: &Canvas) {
    c.ui.data_mut(|data| {
        let at: usize = data.get_temp(Id::unique(ITEM)).unwrap_or(0);
        data.insert_temp(Id::unique(ITEM), at + 1);
        data.remove::<f32>(Id::unique(SCROLL));
    });
    c.ui.ctx().request_repaint();
}

pub(super) fn scroll_by(c: &mut Canvas, delta: f32) {
    if delta.abs() > f32::EPSILON {
        let id = Id::unique(SCROLL);
        c.ui.data_mut(|data| {
            let offset: f32 = data.get_temp(id).unwrap_or(0.0);
            data.insert_temp(id, (offset + delta).max(0.0));
        });
        c.ui.ctx().request_repaint();
    }
}
