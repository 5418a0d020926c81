//! Staff: log in, see the state of the device.

use egui::{Align, Rect, pos2, vec2};

use crate::core::message::Msg;
use crate::core::readiness::FaceLock;
use crate::core::screen::{Board, Control};
use crate::locale::Arg;
use crate::ports::Secret;
use crate::runtime::Act;
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::{columns, row_of};

pub(super) struct LogIn {
    pub(super) first: bool,
    pub(super) witness: bool,
    pub(super) remark: Option<Msg>,
    pub(super) seconds: u64,
}

pub(super) fn log_in(c: &mut Canvas, area: Rect, log_in: &LogIn) {
    c.panel(area, c.theme.colour.panel);
    let inner = area.shrink2(vec2(c.px(56.0), c.px(36.0)));
    let (ink, help) = (c.theme.colour.ink, c.theme.colour.help);
    let title = match (log_in.first, log_in.witness) {
        (true, _) => Msg::StaffFirstTitle,
        (false, true) => Msg::WitnessTitle,
        (false, false) => Msg::StaffTitle,
    };
    let title = c.say(title);
    let style = c.style(50.0, true, ink);
    let style = c.fitted(&title, style, vec2(inner.width(), style.size * 1.5));
    let mut top = c.text("title", &title, style, inner) + c.px(10.0);
    if log_in.first {
        let body = c.say(Msg::StaffFirstBody);
        let style = c.style(28.0, false, ink);
        let style = c.fitted(&body, style, vec2(inner.width(), inner.height() * if area.width() > area.height() * 0.8 { 0.13 } else { 0.2 }));
        top = c.text("body", &body, style, inner.with_min_y(top)) + c.px(10.0);
    }
    let finger = if c.screen.comfort.large { 62.0 } else { 46.0 };
    let high = c.px(112.0).max(finger);
    let fields = if log_in.first { 3 } else { 2 };
    // Fields and button side by side where there is little height: the keys need it.
    let flat = area.width() > area.height() * 0.8;
    let told = if log_in.remark.is_some() { c.px(64.0) } else { 0.0 };
    let gap = c.px(10.0);
    let (rows, button, end) = if flat {
        let tall = (c.px(118.0) * c.theme.text).max(finger + c.px(50.0)).min((inner.bottom() - top) * 0.4);
        let mut row = row_of(Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), tall)), fields + 1, c.px(20.0));
        let button = row.pop().unwrap_or(inner);
        (row, button.with_min_y(button.bottom() - high.min(tall)), inner.bottom() - told)
    } else {
        let button = Rect::from_min_size(pos2(inner.center().x - c.px(280.0), inner.bottom() - high), vec2(c.px(560.0), high));
        let end = button.top() - told - gap;
        let height = ((end - top) * 0.5 / fields as f32 - gap).min(c.px(150.0) * c.theme.text);
        let width = inner.width().min(c.px(760.0));
        let place = |i: usize| Rect::from_min_size(pos2(inner.center().x - width / 2.0, top + i as f32 * (height + gap)), vec2(width, height));
        ((0..fields).map(place).collect(), button, end)
    };
    let remark = Rect::from_min_max(pos2(inner.left(), end + c.px(4.0)), pos2(inner.right(), end + told));
    let below = rows.last().map_or(top, Rect::bottom) + c.px(14.0);
    let keys = Rect::from_min_max(pos2(inner.left(), below), pos2(inner.right(), end));
    let labels = [Msg::StaffName, Msg::StaffPassword, Msg::StaffAgain].map(|msg| c.say(msg));
    let mut typed = c.field("staff-name", &labels[0], 0, false, rows[0]);
    typed |= c.field("staff-password", &labels[1], 1, true, rows[1]);
    if log_in.first {
        typed |= c.field("staff-again", &labels[2], 2, true, rows[2]);
    }
    typed |= keyboard(c, keys);
    if typed {
        c.acts.push(Act::StaffTyped);
    }
    if let Some(msg) = log_in.remark {
        let words = c.say_with(msg, &[("seconds", Arg::Number(log_in.seconds))]);
        let style = c.style(32.0, true, help);
        c.text_in("remark", &words, style, remark);
    }
    let label = c.say(Msg::BtnLogIn);
    let style = c.style(40.0, true, ink);
    let entered = c.ui.input(|input| input.key_pressed(egui::Key::Enter));
    if c.button("log-in", &label, Look::Strong, Some(Icon::Staff), button, style) || (entered && !c.typing.password.is_empty()) {
        let take = |text: &mut String| Secret::new(std::mem::take(text));
        let again = log_in.first.then(|| take(&mut c.typing.again));
        let act = Act::LogIn(take(&mut c.typing.name), take(&mut c.typing.password), again);
        c.acts.push(act);
    }
}

/// Keys of the keyboard on the screen, row by row.
const KEYS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm.,_"];

/// A keyboard on the screen; writes into the field that was used last. True if it did.
fn keyboard(c: &mut Canvas, area: Rect) -> bool {
    let gap = c.px(8.0);
    let height = ((area.height() - 4.0 * gap) / 5.0).min(c.px(96.0));
    let width = (area.width() - 9.0 * gap) / 10.0;
    let slot = |row: f32, col: f32, wide: f32| {
        let min = pos2(area.left() + col * (width + gap), area.top() + row * (height + gap));
        Rect::from_min_size(min, vec2(wide * width + (wide - 1.0) * gap, height))
    };
    let style = c.style(34.0, false, c.theme.colour.ink);
    let mut typed = None;
    for (row, keys) in KEYS.iter().enumerate() {
        for (col, key) in keys.chars().enumerate() {
            let key = if c.typing.capitals { key.to_ascii_uppercase() } else { key };
            if c.button(&format!("key-{key}"), &key.to_string(), Look::Toggle(false), None, slot(row as f32, col as f32, 1.0), style) {
                typed = Some(key);
            }
        }
    }
    let [capitals, space, erase] = [Msg::KeyCapitals, Msg::KeySpace, Msg::KeyErase].map(|msg| c.say(msg));
    let shifted = c.typing.capitals;
    if c.button("key-capitals", &capitals, Look::Toggle(shifted), None, slot(4.0, 0.0, 2.0), style) {
        c.typing.capitals = !shifted;
    }
    if c.button("key-space", &space, Look::Toggle(false), None, slot(4.0, 2.0, 6.0), style) {
        typed = Some(' ');
    }
    let field = c.typing.field;
    if c.button("key-erase", &erase, Look::Toggle(false), Some(Icon::Erase), slot(4.0, 8.0, 2.0), style) {
        c.typing.text(field).pop();
        return true;
    }
    let Some(key) = typed else { return false };
    if c.typing.text(field).chars().count() < 64 {
        c.typing.text(field).push(key);
    }
    true
}

pub(super) fn board(c: &mut Canvas, area: Rect, board: &Board, locks: &[FaceLock]) {
    c.panel(area, c.theme.colour.panel);
    let inner = area.shrink2(vec2(c.px(48.0), c.px(30.0)));
    let (ink, quiet, help, good) = (c.theme.colour.ink, c.theme.colour.quiet, c.theme.colour.help, c.theme.colour.good);
    let title = c.say(Msg::BoardTitle);
    let style = c.style(46.0, true, ink);
    let title_end = c.text("title", &title, style, inner);
    let clear = c.screen.offers(Control::ClearAlarms);
    let open = c.screen.offers(Control::OpenRecord);
    let foot = if clear || open { inner.bottom() - c.px(112.0).max(if c.screen.comfort.large { 62.0 } else { 46.0 }) } else { inner.bottom() };
    let mut lines: Vec<(String, bool, egui::Color32)> = Vec::new();
    lines.push((c.say_with(Msg::BoardPeople, &[("people", Arg::Number(board.people)), ("entries", Arg::Number(board.entries))]), false, quiet));
    if locks.is_empty() {
        lines.push((c.say(Msg::BoardOpen), true, good));
    } else {
        lines.push((c.say(Msg::BoardClosed), true, help));
        lines.extend(locks.iter().filter(|lock| !matches!(lock, FaceLock::Alarm(_))).map(|lock| (c.lock_words(*lock), false, ink)));
    }
    let (open_requests, late) = board.requests;
    if open_requests > 0 {
        let args = [("count", Arg::Number(open_requests)), ("late", Arg::Number(late))];
        lines.push((c.say_with(Msg::BoardRequests, &args), late > 0, if late > 0 { help } else { ink }));
    }
    if board.filing_due {
        lines.push((c.say(Msg::EvFilingOpen), true, help));
    }
    let heading = if board.alarms.is_empty() { Msg::BoardNoAlarms } else { Msg::BoardAlarms };
    lines.push((c.say(heading), true, if board.alarms.is_empty() { good } else { help }));
    for open in &board.alarms {
        let time = moment(open.first_ms);
        let since = c.say_with(Msg::BoardSince, &[("time", Arg::Text(&time)), ("count", Arg::Number(u64::from(open.count)))]);
        lines.push((format!("{} {since}", c.say(open.alarm.words())), false, ink));
    }
    if let Some(theft) = board.theft {
        lines.push((c.say(Msg::BoardKeys), true, ink));
        lines.push((c.say(theft.words()), false, ink));
    }
    // One size for all lines, as large as fits.
    let room = Rect::from_min_max(pos2(inner.left(), title_end + c.px(10.0)), pos2(inner.right(), foot - c.px(10.0)));
    let gap = c.px(8.0);
    let mut size = 32.0;
    let height = |c: &Canvas, size: f32| -> f32 {
        lines.iter().map(|(text, bold, colour)| c.lay(text, c.style(size, *bold, *colour), room.width()).size().y + gap).sum()
    };
    while size > 10.0 && height(c, size) > room.height() {
        size *= 0.94;
    }
    let mut top = room.top();
    for (at, (text, bold, colour)) in lines.iter().enumerate() {
        let style = crate::ui::canvas::Style { align: Align::Min, ..c.style(size, *bold, *colour) };
        top = c.text(&format!("line-{at}"), text, style, room.with_min_y(top)) + gap;
    }
    let row = Rect::from_min_max(pos2(inner.left(), foot), inner.max);
    let [left, right]: [Rect; 2] = columns(row, c.px(24.0));
    if clear {
        c.control(Control::ClearAlarms, Look::Strong, Some(Icon::Check), right);
    }
    if open {
        c.control(Control::OpenRecord, Look::Plain, Some(Icon::File), left);
    }
}

/// Day and minute where the kiosk stands.
fn moment(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}
