//! The impact assessment: the form to be filled in, and the page of a signed one.

use crate::config::{Site, is_blank, place_words, use_words};
use crate::core::assessment::{QUESTIONS, Signed};
use crate::core::message::Msg;
use crate::core::screen::Lang;
use crate::core::theft::Theft;
use crate::locale::{Arg, Locale};
use crate::notice::filled;
use crate::ports::Paper;

/// The questions, with their numbers.
#[must_use]
pub fn questions(locale: &Locale, lang: Lang) -> Vec<String> {
    QUESTIONS.iter().enumerate().map(|(at, (_, question))| format!("{}. {}", at + 1, locale.text(lang, *question))).collect()
}

/// Drafted answers true of this program and site; blank where only the site knows.
#[must_use]
pub fn answers(locale: &Locale, site: &Site, theft: Theft, lang: Lang) -> Vec<String> {
    let text = site.text();
    let fill = |msg| filled(locale, &text, lang, msg);
    let theft = locale.text(lang, theft.words());
    let open = || locale.text(lang, Msg::PipiaBlank);
    vec![
        fill(Msg::PipiaA1),
        fill(Msg::PipiaA2),
        open(),
        fill(Msg::PipiaA4),
        fill(Msg::PipiaA5),
        if is_blank(text.zone.in_lang(lang)) { open() } else { text.zone.in_lang(lang).to_owned() },
        locale.with(lang, Msg::PipiaA7, &[("theft", Arg::Text(&theft))]),
        open(),
        fill(Msg::PipiaA9),
        fill(Msg::PipiaA10),
        open(),
        open(),
    ]
}

/// Whether an answer says nothing yet.
#[must_use]
pub fn blank(locale: &Locale, answer: &str) -> bool {
    is_blank(answer) || Lang::ALL.iter().any(|lang| answer.contains(&locale.text(*lang, Msg::PipiaBlank)))
}

/// The page of an assessment; `signed`: by whom, if it is.
#[must_use]
pub fn assessment(locale: &Locale, site: &Site, answers: &[String], signed: Option<(&Signed, &str)>, lang: Lang) -> Paper {
    let say = |msg| locale.text(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| locale.with(lang, msg, args);
    let text = site.text();
    // A signed page says what was assessed then, whatever the site file says now.
    let subject = signed.map_or_else(|| site.subject(""), |(signed, _)| signed.subject.clone());
    let mut paper = Paper::new(say(Msg::PipiaTitle), lang.tag());
    let processor = if signed.is_some() { subject.processor.clone() } else { text.processor.in_lang(lang).to_owned() };
    paper.row(say(Msg::ReceiptController), processor);
    paper.row(say(Msg::ReceiptContact), text.contact.in_lang(lang).to_owned());
    paper.heading(say(Msg::PipiaSubject));
    paper.row(say(Msg::PartPurpose), say(use_words(&subject.purpose)));
    paper.row(say(Msg::PartPlace), say(place_words(&subject.place)));
    paper.row(say(Msg::PartMode), subject.mode.clone());
    paper.row(say(Msg::AssessedDays), subject.retention_days.to_string());
    paper.row(say(Msg::PartZone), if signed.is_some() { subject.zone.clone() } else { text.zone.in_lang(lang).to_owned() });
    let mut part = None;
    for (at, (of, question)) in QUESTIONS.iter().enumerate() {
        if part.replace(*of) != Some(*of) {
            paper.heading(say(*of));
        }
        paper.row(format!("{}. {}", at + 1, say(*question)), answers.get(at).cloned().unwrap_or_default());
    }
    if let Some((signed, name)) = signed {
        let (on, until) = (signed.on.to_string(), signed.until().to_string());
        paper.heading(with(Msg::PipiaSigned, &[("name", Arg::Text(name)), ("date", Arg::Text(&on))]));
        paper.text(with(Msg::PipiaValid, &[("date", Arg::Text(&until))]));
        paper.text(with(Msg::PipiaHash, &[("hash", Arg::Text(&signed.hash))]));
    }
    paper
}
