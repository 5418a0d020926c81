//! A page: one's own data with what can be done about them, or a receipt.

use egui::{Rect, pos2, vec2};

use crate::core::message::Msg;
use crate::core::screen::Control;
use crate::ports::{Line, Paper};
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;

use super::sheet::{self, Piece};

/// Longest text a code can hold and a telephone still read. Units: bytes.
const CODE: usize = 2_300;

/// What can be done, in the order shown.
const OWN: [(Control, Icon); 9] = [
    (Control::Restrict, Icon::Pause),
    (Control::Unrestrict, Icon::Check),
    (Control::Renew, Icon::Retry),
    (Control::Withdraw, Icon::Trash),
    (Control::AskCorrection, Icon::File),
    (Control::AskExplanation, Icon::Info),
    (Control::Complain, Icon::Alert),
    (Control::ShowReceipt, Icon::File),
    (Control::NextChild, Icon::Arrow),
];

pub(super) fn draw(c: &mut Canvas, area: Rect, paper: Option<&Paper>, own: bool, printed: Option<bool>) {
    let Some(paper) = paper else { return };
    // What is on it is of one person only.
    c.heard.private = own;
    let style = c.style(46.0, true, c.theme.colour.ink);
    let style = c.fitted(&paper.title, style, vec2(area.width(), style.size * 1.5));
    let below = c.text("title", &paper.title, style, area) + c.px(10.0);
    let offered: Vec<(Control, Icon)> =
        OWN.into_iter().chain([(Control::Print, Icon::Printer)]).filter(|(control, _)| c.screen.offers(*control)).collect();
    let per_row = if area.width() > area.height() { 4 } else { 3 };
    // One place more: to read on.
    let rows = (offered.len() + 1).div_ceil(per_row);
    let finger = if c.screen.comfort.large { 62.0 } else { 46.0 };
    let (height, gap) = ((c.px(96.0) * c.theme.text.sqrt()).max(finger), c.px(14.0));
    let buttons = area.with_min_y(area.bottom() - rows as f32 * (height + gap) + gap);
    let told = printed.map(|done| c.say(if done { Msg::PrintDone } else { Msg::PrintNone }));
    let line = if told.is_some() { c.px(58.0) } else { c.px(12.0) };
    let status = Rect::from_min_max(pos2(area.left(), buttons.top() - line), pos2(area.right(), buttons.top() - c.px(6.0)));
    let sheet = Rect::from_min_max(pos2(area.left(), below), pos2(area.right(), status.top() - c.px(6.0)));
    let mut pieces: Vec<Piece> = paper.lines.iter().map(piece).collect();
    let plain = paper.plain();
    // One's own data name the person: no code of them for passers-by.
    if !own && plain.len() <= CODE {
        pieces.push(Piece::Code(plain, c.say(Msg::PaperQr)));
    }
    let end = sheet::draw(c, sheet, &pieces);
    c.heard.private = false;
    if let Some(words) = told {
        let style = c.style(28.0, true, c.theme.colour.good);
        c.text_in("status", &words, style, status);
    }
    let style = c.style(if own { 30.0 } else { 36.0 }, true, c.theme.colour.ink);
    let width = (area.width() - gap * (per_row - 1) as f32) / per_row as f32;
    let mut labels: Vec<String> = offered.iter().map(|(control, _)| c.say(control.label())).collect();
    let down = c.say(Msg::NoticeMore);
    labels.push(down.clone());
    // Large letters have the room of the picture too.
    let plain = c.screen.comfort.large;
    let style = c.shared_size(&labels, style, vec2(width - c.px(if plain { 30.0 } else { 84.0 }), height));
    let slot = |at: usize| {
        let (row, col) = ((at / per_row) as f32, (at % per_row) as f32);
        let min = pos2(buttons.left() + col * (width + gap), buttons.top() + row * (height + gap));
        Rect::from_min_size(min, vec2(width, height))
    };
    let look = if end { Look::Off } else { Look::Plain };
    if c.button("notice-down", &down, look, (!plain).then_some(Icon::Down), slot(0), style) {
        sheet::scroll_by(c, sheet.height() * 0.8);
    }
    for (at, (control, icon)) in offered.into_iter().enumerate() {
        c.control_sized(control, Look::Plain, (!plain).then_some(icon), slot(at + 1), style);
    }
}

fn piece(line: &Line) -> Piece {
    match line {
        Line::Heading(text) => Piece::Head(text.clone()),
        Line::Text(text) => Piece::Text(text.clone()),
        Line::Row(name, value) => Piece::Row(name.clone(), value.clone()),
    }
}
