//! The notice of a site: the same words for the screen, for the record of what was shown, and for
//! whoever asks for it later.

use serde::{Deserialize, Serialize};

use crate::config::{Site, SiteText};
use crate::core::consent::Purpose;
use crate::core::message::Msg;
use crate::core::notice::{CHILD, Item};
use crate::core::screen::Lang;
use crate::locale::{Arg, Locale};
use crate::ports::{Notice, Paper};

/// One item: heading and text.
pub type Words = (String, String);

/// Everything a notice says, in every language.
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    texts: Vec<Text>,
}

/// One notice in one language.
#[derive(Debug, Serialize, Deserialize)]
struct Text {
    lang: String,
    /// `verify`, `enrol` or `child`.
    kind: String,
    title: String,
    items: Vec<Words>,
    /// The question that follows.
    question: Words,
}

/// A sentence with the site's own words in it.
#[must_use]
pub fn filled(locale: &Locale, site: &SiteText, lang: Lang, msg: Msg) -> String {
    let purpose = locale.text(lang, site.purpose.words());
    locale.with(
        lang,
        msg,
        &[
            ("processor", Arg::Text(site.processor.in_lang(lang))),
            ("contact", Arg::Text(site.contact.in_lang(lang))),
            ("necessity", Arg::Text(site.necessity.in_lang(lang))),
            ("rights", Arg::Text(site.rights.in_lang(lang))),
            ("complaint", Arg::Text(site.complaint.in_lang(lang))),
            ("days", Arg::Number(u64::from(site.days))),
            ("use", Arg::Text(&purpose)),
        ],
    )
}

/// The items of a notice, as the screen shows them.
#[must_use]
pub fn items(locale: &Locale, site: &SiteText, lang: Lang, purpose: Purpose) -> Vec<Words> {
    let words = Item::ALL.map(|item| item.words(purpose));
    words.into_iter().map(|(head, body)| (locale.text(lang, head), filled(locale, site, lang, body))).collect()
}

/// The sentences of the children's notice.
#[must_use]
pub fn for_child(locale: &Locale, site: &SiteText, lang: Lang) -> Vec<String> {
    CHILD.iter().map(|msg| filled(locale, site, lang, *msg)).collect()
}

/// The notice of a site, as it is kept.
#[must_use]
pub fn of_site(site: &Site) -> Notice {
    let (locale, text) = (Locale::new(), site.text());
    let mut texts = Vec::new();
    for lang in Lang::ALL {
        let say = |msg| locale.text(lang, msg);
        for (kind, purpose, title, question, body) in [
            ("verify", Purpose::Verify, Msg::NoticeTitleVerify, Msg::ConsentTitleVerify, Msg::ConsentBodyVerify),
            ("enrol", Purpose::Enrol, Msg::NoticeTitleEnrol, Msg::ConsentTitleEnrol, Msg::ConsentBodyEnrol),
        ] {
            let items = items(&locale, &text, lang, purpose);
            texts.push(Text { lang: lang.tag().into(), kind: kind.into(), title: say(title), items, question: (say(question), say(body)) });
        }
        let items = for_child(&locale, &text, lang).into_iter().map(|sentence| (String::new(), sentence)).collect();
        let question = (say(Msg::ConsentTitleGuardianEnrol), say(Msg::ConsentBodyGuardian));
        texts.push(Text { lang: lang.tag().into(), kind: "child".into(), title: say(Msg::ChildTitle), items, question });
    }
    let text = serde_json::to_string(&Document { texts }).unwrap_or_default();
    Notice { text, matter: site.matter() }
}

/// A kept notice as pages to read, one for each kind, in one language.
#[must_use]
pub fn pages(text: &str, lang: Lang) -> Vec<Paper> {
    let Ok(document) = serde_json::from_str::<Document>(text) else { return Vec::new() };
    let own = document.texts.into_iter().filter(|text| text.lang == lang.tag());
    own.map(|text| {
        let mut paper = Paper::new(text.title, lang.tag());
        for (head, body) in text.items.into_iter().chain([text.question]) {
            if !head.is_empty() {
                paper.heading(head);
            }
            paper.text(body);
        }
        paper
    })
    .collect()
}
