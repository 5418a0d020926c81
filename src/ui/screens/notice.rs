//! The notice: every item, and a way on only after its end was on the screen.

use egui::{Rect, pos2, vec2};

use crate::core::consent::Purpose;
use crate::core::message::Msg;
use crate::core::notice::CHILD;
use crate::core::screen::Control;
use crate::notice::{filled, items};
use crate::runtime::Act;
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::columns;

use super::sheet::{self, Piece};

/// The pictures of the children's notice, one for each sentence.
const PICTURES: [Icon; 6] = [Icon::Face, Icon::Shield, Icon::Lock, Icon::Hand, Icon::Trash, Icon::Staff];

pub(super) fn draw(c: &mut Canvas, area: Rect, purpose: Purpose, read: bool, child: bool) {
    let title = match purpose {
        _ if child => Msg::ChildTitle,
        Purpose::Enrol => Msg::NoticeTitleEnrol,
        Purpose::Verify | Purpose::Withdraw | Purpose::MyData => Msg::NoticeTitleVerify,
    };
    let title = c.say(title);
    let style = c.style(50.0, true, c.theme.colour.ink);
    let style = c.fitted(&title, style, vec2(area.width(), style.size * 1.5));
    let below = c.text("title", &title, style, area) + c.px(12.0);
    let buttons = area.with_min_y(area.bottom() - c.px(112.0).max(if c.screen.comfort.large { 62.0 } else { 46.0 }));
    let status = Rect::from_min_max(pos2(area.left(), buttons.top() - c.px(56.0)), pos2(area.right(), buttons.top() - c.px(8.0)));
    let paper = Rect::from_min_max(pos2(area.left(), below), pos2(area.right(), status.top() - c.px(8.0)));
    let pieces = if child { for_child(c) } else { for_all(c, purpose) };
    // Step by step: one item of the notice at a time.
    let steps = c.screen.comfort.simple && !c.screen.comfort.speech && !child;
    let (pieces, last) = if steps { sheet::one_item(c, pieces, 2) } else { (pieces, true) };
    let end = sheet::draw(c, paper, &pieces) && last;

    let (words, colour) = match (child, read) {
        (true, _) => (Msg::ChildLead, c.theme.colour.quiet),
        (false, true) => (Msg::NoticeRead, c.theme.colour.good),
        (false, false) => (Msg::NoticeMore, c.theme.colour.quiet),
    };
    let words = c.say(words);
    let style = c.style(28.0, read, colour);
    c.text_in("status", &words, style, status);
    let style = c.style(34.0, true, c.theme.colour.ink);
    let label = c.say(if steps { Msg::NoticeNext } else { Msg::NoticeMore });
    let look = if end { Look::Off } else { Look::Plain };
    let on = if read { Look::Strong } else { Look::Off };
    // A child may say no here already; the two answers look the same.
    if child {
        let [down, no, yes]: [Rect; 3] = columns(buttons, c.px(20.0));
        if c.button("notice-down", &label, look, (!c.screen.comfort.large).then_some(Icon::Down), down, style) {
            sheet::scroll_by(c, paper.height() * 0.8);
        }
        c.control_sized(Control::Decline, Look::Strong, None, no, style);
        c.control_sized(Control::Continue, on, None, yes, style);
    } else {
        let [down, next]: [Rect; 2] = columns(buttons, c.px(24.0));
        if c.button("notice-down", &label, look, Some(Icon::Down), down, style) {
            if steps { sheet::next_item(c) } else { sheet::scroll_by(c, paper.height() * 0.8) }
        }
        c.control_sized(Control::Continue, on, Some(Icon::Arrow), next, style);
    }
    if end && !read {
        c.acts.push(Act::NoticeEnd);
    }
}

fn for_all(c: &Canvas, purpose: Purpose) -> Vec<Piece> {
    let items = items(c.locale, c.site, c.screen.comfort.lang, purpose);
    items.into_iter().flat_map(|(head, body)| [Piece::Head(head), Piece::Text(body)]).collect()
}

fn for_child(c: &Canvas) -> Vec<Piece> {
    let say = |msg| filled(c.locale, c.site, c.screen.comfort.lang, msg);
    CHILD.iter().zip(PICTURES).map(|(msg, icon)| Piece::Picture(icon, say(*msg))).collect()
}
