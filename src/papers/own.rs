//! What is kept about a person, for that person.

use crate::core::audit::AttemptResult;
use crate::core::evidence::Method;
use crate::core::message::Msg;
use crate::core::rights::Standing;
use crate::core::screen::Lang;
use crate::locale::Arg;
use crate::ports::{OwnData, Paper};

use super::{SiteScribe, day, minute};

pub(super) fn page(scribe: &SiteScribe, data: &OwnData, lang: Lang) -> Paper {
    let say = |msg| scribe.say(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| scribe.with(lang, msg, args);
    let child = data.age.needs_guardian();
    let mut paper = Paper::new(say(if child { Msg::OwnTitleChild } else { Msg::OwnTitle }), lang.tag());
    let number = masked(data.number.expose());
    paper.text(with(Msg::OwnWho, &[("name", Arg::Text(data.name.expose())), ("number", Arg::Text(&number))]));
    match data.stored {
        Some((from, until)) => {
            paper.text(with(Msg::OwnStored, &[("from", Arg::Text(&day(from))), ("until", Arg::Text(&day(until)))]));
        }
        None => {
            paper.text(say(Msg::OwnNotStored));
        }
    }
    match data.standing {
        Standing::Restricted => drop(paper.text(say(Msg::OwnRestricted))),
        Standing::Suspended(_) => drop(paper.text(say(Msg::OwnRenew))),
        Standing::Live | Standing::None => {}
    }
    paper.text(with(Msg::OwnPurpose, &[("use", Arg::Text(&say(scribe.site.purpose.words())))]));
    if let Some(consent) = &data.consent {
        let date = day(consent.given_ms);
        paper.text(with(Msg::OwnConsent, &[("date", Arg::Text(&date)), ("version", Arg::Number(consent.notice.0))]));
        if let Some((act, _)) = consent.guardian {
            paper.text(with(Msg::OwnGuardian, &[("relation", Arg::Text(&say(act.relation.words())))]));
        }
    }
    paper.text(say(Msg::OwnPlace));
    requests(&mut paper, scribe, data, lang);
    paper.heading(say(Msg::OwnLogTitle));
    if data.attempts.is_empty() {
        paper.text(say(Msg::OwnLogNone));
    }
    for (at_ms, method, result) in &data.attempts {
        let (method, result) = (say(method_words(*method)), say(result_words(*result)));
        let time = minute(*at_ms);
        paper.text(with(Msg::OwnLogLine, &[("time", Arg::Text(&time)), ("method", Arg::Text(&method)), ("result", Arg::Text(&result))]));
    }
    if data.earlier > 0 {
        paper.text(with(Msg::OwnLogMore, &[("count", Arg::Number(data.earlier))]));
    }
    paper.text(say(Msg::OwnRights));
    paper
}

fn requests(paper: &mut Paper, scribe: &SiteScribe, data: &OwnData, lang: Lang) {
    let say = |msg| scribe.say(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| scribe.with(lang, msg, args);
    if data.requests.is_empty() {
        return;
    }
    paper.heading(say(Msg::OwnRequestsTitle));
    for request in &data.requests {
        let state = match &request.answer {
            None => with(Msg::OwnRequestDue, &[("date", Arg::Text(&day(request.due_ms)))]),
            Some((text, false)) => with(Msg::OwnRequestDone, &[("answer", Arg::Text(text))]),
            Some((text, true)) => with(Msg::OwnRequestRefused, &[("reason", Arg::Text(text))]),
        };
        let (kind, date) = (say(request.kind.words()), day(request.made_ms));
        paper.text(with(
            Msg::OwnRequestLine,
            &[
                ("number", Arg::Number(request.number)),
                ("kind", Arg::Text(&kind)),
                ("date", Arg::Text(&date)),
                ("state", Arg::Text(&state)),
            ],
        ));
    }
}

/// First and last characters of a document number.
fn masked(number: &str) -> String {
    let all: Vec<char> = number.chars().collect();
    let keep = |at: usize| all.len() > 8 && (at < 3 || at + 3 >= all.len());
    all.iter().enumerate().map(|(at, c)| if keep(at) { *c } else { '*' }).collect()
}

pub(super) fn method_words(method: Method) -> Msg {
    match method {
        Method::Face => Msg::MethodFace,
        Method::Card => Msg::MethodCard,
        Method::Staff => Msg::MethodStaff,
        Method::Phone => Msg::MethodPhone,
    }
}

pub(super) fn result_words(result: AttemptResult) -> Msg {
    match result {
        AttemptResult::Granted => Msg::ResultGranted,
        AttemptResult::NoMatch => Msg::ResultNoMatch,
        AttemptResult::Referred => Msg::ResultReferred,
        AttemptResult::ToStaff => Msg::ResultToStaff,
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_number_shows_its_ends_only_and_a_short_one_nothing() {
        assert_eq!(masked("11010519491231002X"), "110************02X");
        assert_eq!(masked("12345678"), "********");
    }
}
