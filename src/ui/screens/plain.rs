//! Screens of a picture and a few words: working, help, results, out of service.

use egui::{Color32, Rect, pos2, vec2};

use crate::core::message::Msg;
use crate::core::screen::{Control, Tone};
use crate::locale::Arg;
use crate::ui::canvas::{Canvas, Look};
use crate::ui::icons::Icon;
use crate::ui::layout::columns;

pub(super) fn working(c: &mut Canvas, area: Rect) {
    // A still picture: nothing that blinks or turns is needed for a second's wait.
    page(c, area, Icon::Loader, c.theme.colour.primary, Msg::WorkingTitle, Msg::WorkingBody, None);
}

pub(super) fn assist(c: &mut Canvas, area: Rect, decide: bool) {
    let (title, body) = if decide {
        (Msg::AssistDecideTitle, Msg::AssistDecideBody)
    } else {
        (Msg::AssistTitle, Msg::AssistBody)
    };
    let button = c.screen.offers(Control::StaffDecide).then_some((Control::StaffDecide, Icon::Lock));
    if !c.screen.comfort.text_only {
        page(c, area, Icon::Staff, c.theme.colour.help, title, body, button);
        return;
    }
    // For the one who comes to help, large enough to be read while walking up.
    let (upper, lower) = area.split_top_bottom_at_fraction(0.7);
    page(c, upper.with_max_y(upper.bottom() - c.px(20.0)), Icon::Staff, c.theme.colour.help, title, body, button);
    c.panel(lower, c.theme.colour.tint);
    let words = c.say(Msg::AssistText);
    let style = c.style(48.0, true, c.theme.colour.ink);
    c.text_in("written", &words, style, lower.shrink(c.px(30.0)));
}

/// Larger and slower? Two equal answers.
pub(super) fn offer(c: &mut Canvas, area: Rect) {
    question(c, area, (Icon::Large, c.theme.colour.primary), [Msg::OfferTitle, Msg::OfferBody], [Control::OfferNo, Control::OfferYes]);
}

/// Two answers of one weight.
fn question(c: &mut Canvas, area: Rect, (icon, colour): (Icon, Color32), [title, body]: [Msg; 2], controls: [Control; 2]) {
    let high = c.px(140.0).max(62.0);
    let (upper, lower) = area.split_top_bottom_at_y(area.bottom() - high);
    page(c, upper.with_max_y(upper.bottom() - c.px(24.0)), icon, colour, title, body, None);
    let slots: [Rect; 2] = columns(lower, c.px(28.0));
    let labels: Vec<String> = controls.iter().map(|control| c.say(control.label())).collect();
    let style = c.style(42.0, true, c.theme.colour.ink);
    let style = c.shared_size(&labels, style, vec2(slots[0].width() - c.px(40.0), high));
    for (control, slot) in controls.into_iter().zip(slots) {
        c.control_sized(control, Look::Strong, None, slot, style);
    }
}

pub(super) fn out_of_service(c: &mut Canvas, area: Rect) {
    page(c, area, Icon::Info, c.theme.colour.help, Msg::OutTitle, Msg::OutBody, None);
}

/// It cannot be undone: keeping is as near as deleting.
pub(super) fn confirm_withdraw(c: &mut Canvas, area: Rect) {
    let look = (Icon::Trash, c.theme.colour.help);
    question(c, area, look, [Msg::WithdrawTitle, Msg::WithdrawBody], [Control::KeepTemplate, Control::ConfirmWithdraw]);
}

pub(super) fn guardian(c: &mut Canvas, area: Rect, unknown: bool) {
    let (title, body) =
        if unknown { (Msg::GuardianUnknownTitle, Msg::GuardianUnknownBody) } else { (Msg::GuardianTitle, Msg::GuardianBody) };
    let (upper, lower) = area.split_top_bottom_at_y(area.bottom() - c.px(150.0));
    page(c, if unknown { upper.with_max_y(upper.bottom() - c.px(24.0)) } else { area }, Icon::Staff, c.theme.colour.primary, title, body,
        (!unknown).then_some((Control::GuardianHere, Icon::Arrow)));
    if unknown {
        let [left, right]: [Rect; 2] = columns(lower, c.px(24.0));
        c.control(Control::AgeStaff, Look::Strong, Some(Icon::Staff), left);
        c.control(Control::GuardianHere, Look::Strong, Some(Icon::Arrow), right);
    }
}

pub(super) fn result(c: &mut Canvas, area: Rect, tone: Tone, title: Msg, body: Msg) {
    let (icon, colour) = match tone {
        Tone::Good => (Icon::Done, c.theme.colour.good),
        Tone::Turn => (Icon::Info, c.theme.colour.primary),
        Tone::Fault => (Icon::Alert, c.theme.colour.help),
    };
    let retry = c.screen.offers(Control::Retry).then_some((Control::Retry, Icon::Retry));
    let retry = retry.or(c.screen.offers(Control::ShowReceipt).then_some((Control::ShowReceipt, Icon::File)));
    page(c, area, icon, colour, title, body, retry);
}

fn page(c: &mut Canvas, area: Rect, icon: Icon, colour: Color32, title: Msg, body: Msg, button: Option<(Control, Icon)>) {
    c.panel(area, c.theme.colour.panel);
    let inner = area.shrink(c.px(56.0));
    let low = area.height() < area.width();
    let disc = c.px(if low { 190.0 } else { 280.0 });
    let top = inner.top() + if low { 0.0 } else { inner.height() * 0.06 };
    // The number to wait for takes the place of the picture: nobody overlooks it there.
    if let Some(ticket) = c.screen.ticket.filter(|_| icon == Icon::Done || icon == Icon::Staff) {
        let band = Rect::from_min_max(pos2(inner.left(), top), pos2(inner.right(), top + disc));
        c.panel(band, c.theme.colour.tint);
        let words = c.say_with(Msg::TicketShown, &[("ticket", Arg::Text(ticket.as_str()))]);
        let style = c.style(64.0, true, c.theme.colour.ink);
        c.text_in("ticket", &words, style, band.shrink(c.px(16.0)));
    } else {
        c.badge(icon, pos2(inner.center().x, top + disc / 2.0), disc, colour);
    }
    let foot = inner.bottom() - if button.is_some() { c.px(150.0) } else { 0.0 };
    let words = Rect::from_min_max(pos2(inner.left(), top + disc + c.px(24.0)), pos2(inner.right(), foot));
    let (upper, lower) = words.split_top_bottom_at_y(words.top() + words.height().min(c.px(430.0)) * 0.42);
    let text = c.say(title);
    let style = c.style(62.0, true, c.theme.colour.ink);
    c.text_in("title", &text, style, upper);
    let text = c.say(body);
    let style = c.style(40.0, false, c.theme.colour.ink);
    let style = c.fitted(&text, style, lower.size());
    c.text("body", &text, style, lower);
    if let Some((control, icon)) = button {
        let size = vec2(inner.width().min(c.px(560.0)), c.px(124.0));
        let place = Rect::from_center_size(pos2(inner.center().x, inner.bottom() - size.y / 2.0), size);
        c.control(control, Look::Strong, Some(icon), place);
    }
}
