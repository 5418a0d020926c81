//! Drafts after an incident: for the authority, for those affected, for guardians (PIPL art. 57).

use crate::config::Site;
use crate::core::message::Msg;
use crate::core::screen::Lang;
use crate::locale::{Arg, Locale};
use crate::ports::Paper;
use crate::store::{Incident, IncidentKind};

/// Pseudonyms listed on one page.
const LISTED: usize = 2_000;

/// The drafts, in this order. `hours`: since it was noticed.
#[must_use]
pub fn incident(locale: &Locale, site: &Site, incident: &Incident, hours: u64, lang: Lang) -> Vec<Paper> {
    let say = |msg| locale.text(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| locale.with(lang, msg, args);
    let kind = say(match incident.kind {
        IncidentKind::Leak => Msg::KindLeak,
        IncidentKind::Tamper => Msg::KindTamper,
        IncidentKind::Loss => Msg::KindLoss,
    });
    let text = site.text();
    let draft = |title: Msg| {
        let mut paper = Paper::new(format!("{}：{}", say(Msg::IncidentTitle), say(title)), lang.tag());
        if incident.drill {
            paper.heading(say(Msg::IncidentDrill));
        }
        paper.heading(say(Msg::IncidentWhat));
        paper.row(say(Msg::ReceiptKinds), crate::notice::filled(locale, &text, lang, Msg::NoticeKindsEnrol));
        paper.row(say(Msg::IncidentTitle), format!("{kind} · {}", incident.what));
        paper.text(say(Msg::IncidentHarmText));
        paper.heading(say(Msg::IncidentRemedy));
        paper.text(incident.remedy.clone());
        paper.text(say(Msg::IncidentSelfText));
        paper.heading(say(Msg::IncidentContact));
        paper.row(text.processor.in_lang(lang).to_owned(), text.contact.in_lang(lang).to_owned());
        paper.row(say(Msg::ReceiptComplain), text.complaint.in_lang(lang).to_owned());
        paper
    };
    let mut authority = draft(Msg::IncidentAuthority);
    authority.text(with(Msg::IncidentElapsed, &[("hours", Arg::Number(hours))]));
    authority.text(say(Msg::IncidentSkipText));
    authority.heading(with(Msg::IncidentAffected, &[("count", Arg::Number(incident.affected.len() as u64))]));
    authority.text(with(Msg::IncidentGuardians, &[("count", Arg::Number(incident.minors.len() as u64))]));
    authority.text(list(&incident.affected));
    let mut papers = vec![authority, draft(Msg::IncidentPerson)];
    if !incident.minors.is_empty() {
        let mut guardians = draft(Msg::IncidentGuardian);
        guardians.text(list(&incident.minors));
        papers.push(guardians);
    }
    papers
}

fn list(people: &[crate::core::ids::PersonId]) -> String {
    let mut text: Vec<String> = people.iter().take(LISTED).map(|person| person.0.to_string()).collect();
    if people.len() > LISTED {
        text.push(format!("… (+{})", people.len() - LISTED));
    }
    text.join(", ")
}
