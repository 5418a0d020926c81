//! The five materials of a filing (Measures art. 15), and the certificate of a termination.

use crate::config::Site;
use crate::core::filing::{DUE, Step};
use crate::core::ids::OperatorId;
use crate::core::message::Msg;
use crate::core::screen::Lang;
use crate::core::theft::Theft;
use crate::locale::{Arg, Locale};
use crate::ports::Paper;
use crate::store::Destroyed;

/// What is stored, as the materials say it.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// Persons on this device.
    pub here: u64,
    /// Persons on all devices, if they were counted together.
    pub everywhere: Option<u64>,
    /// What a thief would get.
    pub theft: Theft,
}

/// What there is to do, in words.
#[must_use]
pub fn step(locale: &Locale, step: Step, persons: u64, today: crate::core::time::Date, lang: Lang) -> Vec<String> {
    let with = |msg, args: &[(&str, Arg)]| locale.with(lang, msg, args);
    let dated = |msg, from: crate::core::time::Date, by: crate::core::time::Date| {
        let (from, by) = (from.to_string(), by.to_string());
        with(msg, &[("date", Arg::Text(&from)), ("deadline", Arg::Text(&by))])
    };
    let mut lines = vec![match step {
        Step::Nothing if persons < DUE => with(Msg::FilingNotDue, &[("count", Arg::Number(persons))]),
        Step::Nothing => with(Msg::EvFiling, &[("count", Arg::Number(persons))]),
        Step::Near => with(Msg::FilingNear, &[("count", Arg::Number(persons))]),
        Step::File { by, .. } if today > by.day => with(Msg::FilingLate, &[("deadline", Arg::Text(&by.day.to_string()))]),
        Step::File { reached, by } => dated(Msg::FilingDue, reached, by.day),
        Step::Change { changed, by } => dated(Msg::FilingChange, changed, by.day),
        Step::Cancel { terminated, by } => dated(Msg::FilingCancel, terminated, by.day),
    }];
    if let Some(year) = step.by().and_then(|by| by.unsure) {
        lines.push(with(Msg::FilingCalendar, &[("year", Arg::Text(&year.to_string()))]));
    }
    lines.push(locale.text(lang, Msg::FilingOthers));
    lines
}

/// The five materials; the fifth is the assessment.
#[must_use]
pub fn materials(locale: &Locale, site: &Site, count: Count, assessment: Paper, lang: Lang) -> Vec<Paper> {
    let say = |msg| locale.text(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| locale.with(lang, msg, args);
    let fill = |msg| crate::notice::filled(locale, &site.text(), lang, msg);
    let text = site.text();
    let page = |title: Msg| Paper::new(format!("{}：{}", say(Msg::FilingTitle), say(title)), lang.tag());
    let mut one = page(Msg::Filing1);
    one.row(say(Msg::ReceiptController), text.processor.in_lang(lang).to_owned());
    one.row(say(Msg::ReceiptContact), text.contact.in_lang(lang).to_owned());
    one.row(say(Msg::ReceiptAddress), text.address.in_lang(lang).to_owned());
    one.row(say(Msg::PartPlace), say(text.place.words()));
    one.row(say(Msg::ReceiptComplain), text.complaint.in_lang(lang).to_owned());
    one.text(say(Msg::FilingAttach));
    let mut two = page(Msg::Filing2);
    for (head, body) in [
        (Msg::NoticePurpose, Msg::NoticePurposeEnrol),
        (Msg::NoticeMethod, Msg::NoticeMethodEnrol),
        (Msg::NoticeKinds, Msg::NoticeKindsEnrol),
        (Msg::NoticeNeed, Msg::NoticeNeedText),
        (Msg::NoticeKeep, Msg::NoticeKeepEnrol),
        (Msg::NoticePlace, Msg::NoticePlaceText),
    ] {
        two.row(say(head), fill(body));
    }
    let mut three = page(Msg::Filing3);
    three.text(with(Msg::FilingCount, &[("count", Arg::Number(count.here))]));
    if let Some(everywhere) = count.everywhere {
        three.text(with(Msg::FilingCountAll, &[("count", Arg::Number(everywhere)), ("error", Arg::Text("1.6"))]));
    }
    three.row(say(Msg::PipiaQ10), say(Msg::PipiaA10));
    three.row(say(Msg::PipiaQ7), say(count.theft.words()));
    let mut four = page(Msg::Filing4);
    four.text(say(Msg::FilingRulesText));
    four.text(say(Msg::FilingStepsText));
    let mut five = assessment;
    five.title = format!("{}：{}", say(Msg::FilingTitle), say(Msg::Filing5));
    vec![one, two, three, four, five]
}

/// The certificate of a termination.
#[must_use]
pub fn certificate(locale: &Locale, site: &Site, destroyed: &Destroyed, by: &[OperatorId], date: &str, lang: Lang) -> Paper {
    let with = |msg, args: &[(&str, Arg)]| locale.with(lang, msg, args);
    let mut paper = Paper::new(locale.text(lang, Msg::TerminateTitle), lang.tag());
    let text = site.text();
    paper.row(locale.text(lang, Msg::ReceiptController), text.processor.in_lang(lang).to_owned());
    paper.text(with(
        Msg::TerminateBody,
        &[("count", Arg::Number(destroyed.count)), ("date", Arg::Text(date)), ("device", Arg::Text(&text.device))],
    ));
    paper.text(locale.text(lang, Msg::TerminateKept));
    let (seq, hash) = &destroyed.head;
    paper.text(with(Msg::TerminateHead, &[("seq", Arg::Number(*seq)), ("hash", Arg::Text(hash))]));
    let ids: Vec<String> = by.iter().map(|id| id.0.to_string()).collect();
    paper.text(with(Msg::TerminateBy, &[("ids", Arg::Text(&ids.join(", ")))]));
    paper
}
