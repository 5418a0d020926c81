//! The record of processing (Measures art. 9): pseudonyms only.

use crate::core::audit::AuditEvent;
use crate::core::message::Msg;
use crate::core::screen::Lang;
use crate::locale::{Arg, Locale};
use crate::ports::Paper;

use super::{day, minute};

/// A page of a period.
#[must_use]
pub fn records(locale: &Locale, events: &[(i64, AuditEvent)], lang: Lang) -> Paper {
    let mut paper = Paper::new(locale.text(lang, Msg::RecordsTitle), lang.tag());
    if let (Some((from, _)), Some((to, _))) = (events.first(), events.last()) {
        let (from, to) = (day(*from), day(*to));
        paper.text(locale.with(lang, Msg::RecordsPeriod, &[("from", Arg::Text(&from)), ("to", Arg::Text(&to))]));
    }
    paper.text(locale.text(lang, Msg::RecordsNote));
    paper.row(locale.text(lang, Msg::RecordsTime), format!("{} · {}", locale.text(lang, Msg::RecordsWhat), locale.text(lang, Msg::RecordsWho)));
    for (at_ms, event) in events {
        paper.row(minute(*at_ms), terms(event));
    }
    paper
}

/// An entry as the log has it: the terms are those of its definition, not of a language, so that
/// page and log can be held against each other.
fn terms(event: &AuditEvent) -> String {
    let text = serde_json::to_string(event).unwrap_or_default();
    text.trim_matches(['{', '}', '"']).replace('"', "").replace([':', '{', '}'], " ").replace(',', ", ")
}
