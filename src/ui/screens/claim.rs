//! Typing one's number. The digits are never shown, only how many there are.

use egui::{Rect, Stroke, StrokeKind, pos2, vec2};

use crate::core::message::Msg;
use crate::core::screen::Control;
use crate::locale::Arg;
use crate::runtime::Act;
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::columns;

const MOST: u8 = 8;

pub(super) struct Typed {
    pub(super) len: u8,
    pub(super) ready: bool,
    pub(super) remark: Option<Msg>,
    pub(super) what: What,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    /// One's own number.
    Own,
    /// A new one.
    Choose,
    /// The code that goes with a card.
    Code,
}

pub(super) fn draw(c: &mut Canvas, area: Rect, poster: Option<Rect>, typed: &Typed) {
    let Typed { len, ready, remark, what } = *typed;
    let (title, lead) = match what {
        What::Own => (Msg::ClaimTitleVerify, Msg::ClaimLeadVerify),
        What::Choose => (Msg::ClaimTitleEnrol, Msg::ClaimLeadEnrol),
        What::Code => (Msg::CodeTitle, Msg::CodeHow),
    };
    let low = area.height() < area.width();
    let (words, pad) = if let Some(poster) = poster {
        (poster, area)
    } else if low {
        area.split_left_right_at_fraction(0.5)
    } else {
        area.split_top_bottom_at_y(area.top() + c.px(470.0))
    };
    let title = c.say(title);
    let style = c.style(58.0, true, c.theme.colour.ink);
    let style = c.fitted(&title, style, vec2(words.width(), style.size * 2.9));
    let below = c.text("title", &title, style, words);
    let lead = match remark {
        Some(remark) => c.say(remark),
        None => c.say(lead),
    };
    let colour = if remark.is_some() { c.theme.colour.help } else { c.theme.colour.quiet };
    let style = c.style(33.0, remark.is_some(), colour);
    let foot = if poster.is_some() { c.px(116.0) } else { c.px(150.0) };
    let room = Rect::from_min_max(pos2(words.left(), below), pos2(words.right(), words.bottom() - foot));
    c.text_in("lead", &lead, style, room);
    dots(c, Rect::from_min_max(pos2(words.left(), words.bottom() - c.px(140.0)), words.max), len);
    // What is reached is what is about to be typed: for headphones only (EN 301 549, 5.1.3.8).
    c.heard.private = true;
    keys(c, pad.shrink2(vec2(if low { c.px(24.0) } else { c.px(60.0) }, 0.0)), ready);
    c.heard.private = false;
}

fn dots(c: &mut Canvas, area: Rect, len: u8) {
    let row = Rect::from_center_size(area.center() - vec2(0.0, c.px(14.0)), vec2((area.width() * 0.8).min(c.px(640.0)), c.px(72.0)));
    let slots: [Rect; MOST as usize] = columns(row, c.px(12.0));
    for (index, slot) in (0..MOST).zip(slots) {
        let radius = c.px(12.0);
        let line = Stroke::new(c.px(3.0), if index < len { c.theme.colour.primary } else { c.theme.colour.line });
        c.ui.painter().rect(slot, radius, c.theme.colour.panel, line, StrokeKind::Inside);
        if index < len {
            c.ui.painter().circle_filled(slot.center(), c.px(14.0), c.theme.colour.ink);
        }
    }
    let words = c.say_with(Msg::ClaimEntered, &[("count", Arg::Number(u64::from(len)))]);
    let style = c.style(26.0, false, c.theme.colour.quiet);
    c.text("entered", &words, style, area.with_min_y(row.bottom() + c.px(6.0)));
}

fn keys(c: &mut Canvas, area: Rect, ready: bool) {
    let gap = c.px(18.0);
    let height = ((area.height() - gap * 3.0) / 4.0).min(c.px(170.0));
    let style = c.style(50.0, true, c.theme.colour.ink);
    for (row, digits) in [[1_u8, 2, 3], [4, 5, 6], [7, 8, 9]].into_iter().enumerate() {
        let top = area.top() + row as f32 * (height + gap);
        let slots: [Rect; 3] = columns(Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), height)), gap);
        for (digit, slot) in digits.into_iter().zip(slots) {
            key(c, digit, slot, style);
        }
    }
    let top = area.top() + 3.0 * (height + gap);
    let [erase, zero, done]: [Rect; 3] = columns(Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), height)), gap);
    let small = c.style(30.0, true, c.theme.colour.ink);
    key(c, 0, zero, style);
    c.heard.private = false;
    let label = c.say(Msg::BtnErase);
    if c.button("erase-digit", &label, Look::Plain, Some(Icon::Erase), erase, small) {
        c.acts.push(Act::EraseDigit);
    }
    let look = if ready { Look::Strong } else { Look::Off };
    c.control_sized(Control::ClaimDone, look, Some(Icon::Check), done, small);
}

fn key(c: &mut Canvas, digit: u8, area: Rect, style: crate::ui::canvas::Style) {
    let label = c.say_with(Msg::BtnDigit, &[("digit", Arg::Number(u64::from(digit)))]);
    if c.button(&format!("digit-{digit}"), &label, Look::Plain, None, area, style) {
        c.acts.push(Act::Digit(digit));
    }
}
