//! One of a few: large, below each other, none of them chosen beforehand.

use egui::{Rect, pos2, vec2};

use crate::core::message::Msg;
use crate::core::screen::{Choice, Control};
use crate::ui::canvas::{Canvas, Look};

const CONTROLS: [Control; 15] = [
    Control::RelationParent,
    Control::RelationGrandparent,
    Control::RelationOther,
    Control::EvidenceHousehold,
    Control::EvidenceBirthPaper,
    Control::EvidenceAppointed,
    Control::EvidenceMandate,
    Control::AgeAdult,
    Control::AgeYouth,
    Control::AgeChild,
    Control::SawDocument,
    Control::KnowsPerson,
    Control::AskedElsewhere,
    Control::NotExpected,
    Control::AtTheDesk,
];

pub(super) fn draw(c: &mut Canvas, area: Rect, about: Choice) {
    c.panel(area, c.theme.colour.panel);
    let inner = area.shrink(c.px(54.0).min(area.height() * 0.05));
    let mandate = c.screen.offers(Control::EvidenceMandate);
    let (title, lead) = match about {
        Choice::Relation => (Msg::RelationTitle, Msg::RelationLead),
        Choice::Evidence if mandate => (Msg::EvidenceTitle, Msg::EvidenceLeadMandate),
        Choice::Evidence => (Msg::EvidenceTitle, Msg::EvidenceLead),
        Choice::Admit => (Msg::AdmitTitle, Msg::AdmitLead),
        Choice::Age => (Msg::AgeTitle, Msg::AgeLead),
    };
    let title = c.say(title);
    let style = c.style(54.0, true, c.theme.colour.ink);
    let style = c.fitted(&title, style, vec2(inner.width(), (style.size * 2.9).min(inner.height() * 0.2)));
    let below = c.text("title", &title, style, inner) + c.px(10.0);
    let offered: Vec<Control> = CONTROLS.into_iter().filter(|control| c.screen.offers(*control)).collect();
    let count = offered.len().max(1) as f32;
    let finger = if c.screen.comfort.large { 62.0 } else { 46.0 };
    // The choices have their room first.
    let reserved = count * (finger + c.px(14.0)) + c.px(20.0);
    let lead = c.say(lead);
    let style = c.style(33.0, false, c.theme.colour.quiet);
    let style = c.fitted(&lead, style, vec2(inner.width(), (style.size * if c.screen.comfort.large { 7.2 } else { 4.3 }).min(inner.bottom() - reserved - below).max(c.px(30.0))));
    let below = c.text("lead", &lead, style, inner.with_min_y(below)) + c.px(14.0);
    let spare = inner.bottom() - below - count * finger;
    let gap = (spare / (count + 1.0)).clamp(c.px(8.0), c.px(26.0));
    let height = ((inner.bottom() - below - gap * (count - 1.0)) / count).min(c.px(170.0));
    let style = c.style(40.0, true, c.theme.colour.ink);
    let labels: Vec<String> = offered.iter().map(|control| c.say(control.label())).collect();
    let style = c.shared_size(&labels, style, vec2(inner.width() - c.px(60.0), height));
    for (at, control) in offered.into_iter().enumerate() {
        let top = below + at as f32 * (height + gap);
        let place = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), height));
        c.control_sized(control, Look::Plain, None, place, style);
    }
}
