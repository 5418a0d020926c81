//! The state of the device under the Measures, article by article.

use serde::Serialize;

use crate::config::SiteText;
use crate::core::filing::Step;
use crate::core::law::{self, CHECKS, Check, NOT_OF_A_DEVICE, RULES};
use crate::core::message::Msg;
use crate::core::readiness::{FaceLock, SiteFacts, SiteField, StoreFacts};
use crate::core::screen::Lang;
use crate::locale::{Arg, Locale};
use crate::ports::Paper;

/// What the report is made of.
pub struct Facts<'a> {
    /// The site file.
    pub site: &'a SiteFacts,
    /// Its words.
    pub text: &'a SiteText,
    /// What the store knows.
    pub store: &'a StoreFacts,
    /// A card reader is there, or somebody beside the device.
    pub other_way: bool,
    /// Why the face way is closed.
    pub locks: &'a [FaceLock],
    /// Number and fingerprint of the notice in force.
    pub notice: Option<(u64, String)>,
    /// Consents in force, and how many of them guardians gave.
    pub consents: (u64, u64),
    /// Alarms nobody has looked into.
    pub alarms: u64,
    /// Entries of the log.
    pub entries: u64,
    /// Persons stored.
    pub people: u64,
    /// What there is to file.
    pub filing: Step,
}

/// One article on this device.
#[derive(Clone, Debug, Serialize)]
pub struct Article {
    /// Its number.
    #[serde(rename = "article")]
    pub number: String,
    /// What it is about.
    pub title: String,
    /// `met`, `not_met` or `not_applicable`.
    pub state: &'static str,
    /// What shows it.
    pub evidence: String,
    /// Rules of the program.
    pub rules: Vec<&'static str>,
    /// Tests that prove them.
    pub tests: Vec<&'static str>,
}

/// One of the inspector's checks.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// Its number.
    pub check: u8,
    /// What it is about.
    pub about: String,
    /// `tested`, `partly` or `later`.
    pub state: &'static str,
    /// The test that does it.
    pub test: Option<&'static str>,
    /// What it waits for.
    pub open: Option<String>,
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Reported {
    /// Whether the face way is open.
    pub ready: bool,
    /// Why not.
    pub locks: Vec<String>,
    /// The articles.
    pub articles: Vec<Article>,
    /// The checks.
    pub checks: Vec<Checked>,
}

/// Makes the report.
#[must_use]
pub fn report(locale: &Locale, facts: &Facts, lang: Lang) -> Reported {
    let articles = (1..=20).map(|number| article(locale, facts, number, lang)).collect();
    let checks = (1..=40_u8).zip(CHECKS).map(|(check, how)| {
        let (state, test, open) = match how {
            Check::Tested(test) => ("tested", Some(test), None),
            Check::Partly(test, open) => ("partly", Some(test), Some(locale.text(lang, open))),
            Check::Later(open) => ("later", None, Some(locale.text(lang, open))),
        };
        Checked { check, about: locale.text(lang, law::about(check)), state, test, open }
    });
    Reported {
        ready: facts.locks.is_empty(),
        locks: facts.locks.iter().map(|lock| locale.lock(lang, *lock)).collect(),
        articles,
        checks: checks.collect(),
    }
}

fn article(locale: &Locale, facts: &Facts, number: u8, lang: Lang) -> Article {
    let rules: Vec<_> = RULES.iter().filter(|rule| rule.articles.contains(&number)).collect();
    let mut tests: Vec<&str> = rules.iter().flat_map(|rule| rule.tests.iter().copied()).collect();
    tests.sort_unstable();
    tests.dedup();
    let (state, evidence) = if NOT_OF_A_DEVICE.contains(&number) {
        ("not_applicable", locale.text(lang, Msg::EvAbout))
    } else {
        let (met, evidence) = evidence(locale, facts, number, lang);
        (if met { "met" } else { "not_met" }, evidence)
    };
    let title = locale.text(lang, law::title(number));
    Article { number: number.to_string(), title, state, evidence, rules: rules.iter().map(|rule| rule.name).collect(), tests }
}

/// Whether an article is kept on this device now, and what shows it.
fn evidence(locale: &Locale, facts: &Facts, number: u8, lang: Lang) -> (bool, String) {
    let say = |msg| locale.text(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| locale.with(lang, msg, args);
    let count = |msg, count| with(msg, &[("count", Arg::Number(count))]);
    let blank = |field: SiteField| facts.site.blanks.contains(&field);
    match number {
        2 => (true, say(Msg::EvNoTraining)),
        4 if blank(SiteField::Necessity) => (false, say(Msg::EvPurposeBlank)),
        4 => (true, with(Msg::EvPurpose, &[("use", Arg::Text(&say(facts.text.purpose.words())))])),
        5 => match (facts.site.blanks.first(), &facts.notice) {
            (Some(field), _) => (false, with(Msg::EvNoticeBlank, &[("field", Arg::Text(field.key()))])),
            (None, Some((version, hash))) => {
                (true, with(Msg::EvNotice, &[("version", Arg::Number(*version)), ("hash", Arg::Text(hash))]))
            }
            (None, None) => (false, with(Msg::EvNoticeBlank, &[("field", Arg::Text("–"))])),
        },
        6 => (true, count(Msg::EvConsent, facts.consents.0)),
        7 => (true, count(Msg::EvGuardian, facts.consents.1)),
        8 if blank(SiteField::RetentionDays) => (false, say(Msg::EvRetentionBlank)),
        8 => (true, with(Msg::EvStorage, &[("days", Arg::Number(u64::from(facts.text.days)))])),
        9 => {
            let holds = |lock: &FaceLock| {
                matches!(lock, FaceLock::NoAssessment | FaceLock::AssessmentOld | FaceLock::AssessmentChanged(_) | FaceLock::Incident)
            };
            match &facts.store.assessment {
                Some(signed) if !facts.locks.iter().any(holds) => {
                    (true, with(Msg::EvAssessment, &[("date", Arg::Text(&signed.until().to_string()))]))
                }
                _ => (false, say(Msg::EvAssessmentNone)),
            }
        }
        10 if facts.other_way => (true, say(Msg::EvOtherWays)),
        10 => (false, say(Msg::EvOtherWaysNone)),
        11 => (true, say(Msg::EvIdCard)),
        12 => match facts.site.urging.first() {
            Some(field) => (false, locale.lock(lang, FaceLock::Urging(*field))),
            None => (true, say(Msg::EvNeutral)),
        },
        13 if facts.site.private_place => (false, say(Msg::EvPlacePrivate)),
        13 if blank(SiteField::Zone) || blank(SiteField::Sign) => (false, say(Msg::EvPlaceUndeclared)),
        13 => (true, with(Msg::EvPlace, &[("place", Arg::Text(&say(facts.text.place.words())))])),
        14 if facts.alarms > 0 => (false, count(Msg::EvAlarms, facts.alarms)),
        14 => (true, with(Msg::EvSecurity, &[("entries", Arg::Number(facts.entries))])),
        15 if !matches!(facts.filing, Step::Nothing | Step::Near) => (false, say(Msg::EvFilingOpen)),
        15 => (true, count(Msg::EvFiling, facts.people)),
        16 => (true, with(Msg::EvSecurity, &[("entries", Arg::Number(facts.entries))])),
        17 if blank(SiteField::ComplaintContact) => {
            (false, with(Msg::EvNoticeBlank, &[("field", Arg::Text(SiteField::ComplaintContact.key()))]))
        }
        17 => (true, facts.text.complaint.in_lang(lang).to_owned()),
        _ => (true, say(Msg::EvDefinitions)),
    }
}

impl Reported {
    /// As a page.
    #[must_use]
    pub fn page(&self, locale: &Locale, lang: Lang) -> Paper {
        let say = |msg| locale.text(lang, msg);
        let with = |msg, name, value: &str| locale.with(lang, msg, &[(name, Arg::Text(value))]);
        let mut paper = Paper::new(say(Msg::ReportTitle), lang.tag());
        paper.heading(say(if self.ready { Msg::ReportReady } else { Msg::ReportClosed }));
        for lock in &self.locks {
            paper.text(lock.clone());
        }
        for article in &self.articles {
            paper.heading(format!("{} · {}", with(Msg::ReportArticle, "article", &article.number), article.title));
            let state = match article.state {
                "met" => Msg::StateMet,
                "not_met" => Msg::StateNotMet,
                _ => Msg::StateNotApplicable,
            };
            paper.row(say(state), article.evidence.clone());
            if !article.tests.is_empty() {
                paper.text(with(Msg::ReportTests, "tests", &article.tests.join(", ")));
            }
        }
        for check in &self.checks {
            let name = format!("{} · {}", with(Msg::ReportCheck, "check", &check.check.to_string()), check.about);
            let state = say(match check.state {
                "tested" => Msg::StateTested,
                "partly" => Msg::StatePartly,
                _ => Msg::StateLater,
            });
            let detail = [check.test, check.open.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("; ");
            paper.row(name, format!("{state}: {detail}"));
        }
        paper.text(say(Msg::ReportDisclaimer));
        paper
    }
}
