//! The notice: every item, and a way on only after its end was on the screen.

use egui::{Align, Id, Rect, Sense, Stroke, StrokeKind, UiBuilder, pos2, vec2};

use crate::core::consent::Purpose;
use crate::core::message::Msg;
use crate::core::screen::Control;
use crate::locale::Arg;
use crate::runtime::Act;
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::columns;

/// Where the scroll position is kept; forgotten with the screen.
pub(in crate::ui) const NOTICE_SCROLL: &str = "notice-scroll";

/// Items of Measures art. 5, PIPL 17 and 30, and the data regulation art. 21, in reading order.
fn items(purpose: Purpose) -> [(Msg, Msg); 12] {
    let enrol = purpose == Purpose::Enrol;
    let pick = |verify, enrolling| if enrol { enrolling } else { verify };
    [
        (Msg::NoticeOther, Msg::NoticeOtherText),
        (Msg::NoticeWho, Msg::NoticeWhoText),
        (Msg::NoticePurpose, pick(Msg::NoticePurposeVerify, Msg::NoticePurposeEnrol)),
        (Msg::NoticeMethod, pick(Msg::NoticeMethodVerify, Msg::NoticeMethodEnrol)),
        (Msg::NoticeKinds, pick(Msg::NoticeKindsVerify, Msg::NoticeKindsEnrol)),
        (Msg::NoticeNeed, Msg::NoticeNeedText),
        (Msg::NoticeImpact, Msg::NoticeImpactText),
        (Msg::NoticeKeep, pick(Msg::NoticeKeepVerify, Msg::NoticeKeepEnrol)),
        (Msg::NoticePlace, Msg::NoticePlaceText),
        (Msg::NoticeRights, Msg::NoticeRightsText),
        (Msg::NoticeComplain, Msg::NoticeComplainText),
        (Msg::NoticeMinors, Msg::NoticeMinorsText),
    ]
}

pub(super) fn draw(c: &mut Canvas, area: Rect, purpose: Purpose, read: bool) {
    let title = if purpose == Purpose::Enrol { Msg::NoticeTitleEnrol } else { Msg::NoticeTitleVerify };
    let title = c.say(title);
    let style = c.style(50.0, true, c.theme.colour.ink);
    let style = c.fitted(&title, style, vec2(area.width(), style.size * 1.5));
    let below = c.text("title", &title, style, area) + c.px(12.0);
    let buttons = area.with_min_y(area.bottom() - c.px(112.0));
    let status = Rect::from_min_max(pos2(area.left(), buttons.top() - c.px(56.0)), pos2(area.right(), buttons.top() - c.px(8.0)));
    let paper = Rect::from_min_max(pos2(area.left(), below), pos2(area.right(), status.top() - c.px(8.0)));
    let end = sheet(c, paper, purpose);

    let (words, colour) = if read { (Msg::NoticeRead, c.theme.colour.good) } else { (Msg::NoticeMore, c.theme.colour.quiet) };
    let words = c.say(words);
    let style = c.style(28.0, read, colour);
    c.text_in("status", &words, style, status);
    let [down, on]: [Rect; 2] = columns(buttons, c.px(24.0));
    let label = c.say(Msg::NoticeMore);
    let style = c.style(34.0, true, c.theme.colour.ink);
    let look = if end { Look::Off } else { Look::Plain };
    if c.button("notice-down", &label, look, Some(Icon::Down), down, style) {
        scroll_by(c, paper.height() * 0.8);
    }
    let look = if read { Look::Strong } else { Look::Off };
    c.control_sized(Control::Continue, look, Some(Icon::Arrow), on, style);
    if end && !read {
        c.acts.push(Act::NoticeEnd);
    }
}

/// Draws the scrolled text; true when its end is on the screen.
fn sheet(c: &mut Canvas, paper: Rect, purpose: Purpose) -> bool {
    c.panel(paper, c.theme.colour.panel);
    let clip = paper.shrink(c.px(6.0));
    let id = Id::unique(NOTICE_SCROLL);
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
    };
    for (head, body) in items(purpose) {
        let text = sub.say(head);
        let mut style = sub.style(33.0, true, sub.theme.colour.primary);
        style.align = Align::Min;
        y = sub.text(&format!("{head:?}"), &text, style, inner.with_min_y(y)) + sub.px(2.0);
        let text = filled(&sub, body);
        let mut style = sub.style(32.0, false, sub.theme.colour.ink);
        style.align = Align::Min;
        y = sub.text(&format!("{body:?}"), &text, style, inner.with_min_y(y)) + sub.px(22.0);
    }
    let height = y + offset - inner.top();
    let most = (height - inner.height()).max(0.0);
    let offset = offset.clamp(0.0, most);
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
    offset >= most - 2.0
}

fn scroll_by(c: &mut Canvas, delta: f32) {
    if delta.abs() > f32::EPSILON {
        let id = Id::unique(NOTICE_SCROLL);
        c.ui.data_mut(|data| {
            let offset: f32 = data.get_temp(id).unwrap_or(0.0);
            data.insert_temp(id, (offset + delta).max(0.0));
        });
        c.ui.ctx().request_repaint();
    }
}

/// A sentence of the notice with the site's own words in it.
fn filled(c: &Canvas, msg: Msg) -> String {
    let lang = c.screen.comfort.lang;
    let purpose = c.say(c.site.purpose_words());
    c.say_with(
        msg,
        &[
            ("processor", Arg::Text(c.site.processor.in_lang(lang))),
            ("contact", Arg::Text(c.site.contact.in_lang(lang))),
            ("necessity", Arg::Text(c.site.necessity.in_lang(lang))),
            ("rights", Arg::Text(c.site.rights.in_lang(lang))),
            ("complaint", Arg::Text(c.site.complaint.in_lang(lang))),
            ("days", Arg::Number(u64::from(c.site.days))),
            ("use", Arg::Text(&purpose)),
        ],
    )
}
