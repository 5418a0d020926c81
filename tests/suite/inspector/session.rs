//! Checks on what a person meets.

use mianzheng::config::Site;
use mianzheng::core::audit::AuditEvent;
use mianzheng::core::command::Command;
use mianzheng::core::consent::{AgeBand, Purpose};
use mianzheng::core::event::{CardEvent, Event, KnownPerson, Reply};
use mianzheng::core::evidence::{CardFacts, Finding, Guidance};
use mianzheng::core::guardian::Relation;
use mianzheng::core::ids::{PersonId, ReceiptId};
use mianzheng::core::message::Msg;
use mianzheng::core::notice::{Item, REQUIRED};
use mianzheng::core::operator::Role;
use mianzheng::core::readiness::{FaceLock, SiteField};
use mianzheng::core::rights::{OwnFacts, Standing, Suspension};
use mianzheng::core::screen::{Asked, Choice, Control, Lang, View};
use mianzheng::core::time::Date;
use mianzheng::locale::{Locale, SOURCES};

use crate::scenarios::{Kiosk, adult, card};
use crate::support::{root, run};

fn demo_site() -> String {
    std::fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site")
}

fn script(lines: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("check.jsonl");
    std::fs::write(&file, lines).expect("written");
    let out = run(&["demo", "--headless", "--script", file.to_str().expect("a path")]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn check_01_at_rest_the_camera_is_closed() {
    script(
        r#"{"do":"camera","id":"a1"}
{"do":"expect","stage":"home","offers":["method-face"],"camera":"off","within_ms":60000}
{"do":"wait","ms":1500}
{"do":"expect","stage":"home","camera":"off","camera_opened":0}
"#,
    );
}

#[test]
fn check_02_the_notice_comes_first_and_the_camera_after_consent() {
    let mut kiosk = Kiosk::ready();
    let mut opened = 0;
    kiosk.tap(Control::MethodFace).claim(Some(adult()));
    assert!(matches!(kiosk.view(), View::Notice { .. }));
    opened += usize::from(kiosk.camera_run().is_some());
    kiosk.question();
    opened += usize::from(kiosk.camera_run().is_some());
    kiosk.tap(Control::Agree);
    opened += usize::from(kiosk.camera_run().is_some());
    assert_eq!(opened, 0, "the camera opened before the consent was on record");
    kiosk.answer(Ok(Reply::ConsentStored(ReceiptId(1))));
    assert!(kiosk.camera_run().is_some());
}

#[test]
fn check_03_declining_leads_to_the_same_service() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodFace).claim(Some(adult())).question();
    let screen = kiosk.session.screen();
    assert!(screen.offers(Control::MethodCard) && screen.offers(Control::CallStaff), "offered at the moment of asking");
    kiosk.tap(Control::Decline);
    // One tap; the face way takes more.
    kiosk.tap(Control::MethodCard);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Adult)))).answer(Ok(Reply::Recorded));
    let by_card = kiosk.view();
    let mut kiosk = Kiosk::ready();
    let camera = kiosk.to_camera();
    kiosk.frames(camera, 12, 0.9).answer(crate::scenarios::similarity(0.9)).answer(Ok(Reply::Recorded));
    let by_face = kiosk.view();
    let title = |view: View| if let View::Result { tone, title, body } = view { (tone, title, body) } else { panic!("no result") };
    assert_eq!(title(by_card), title(by_face), "the two ways end differently");
    let folder = tempfile::tempdir().expect("a folder");
    let hits = folder.path().join("hits.json");
    let file = folder.path().join("check.jsonl");
    let home = "{\"do\":\"expect\",\"stage\":\"home\",\"offers\":[\"method-face\"],\"within_ms\":60000}";
    std::fs::write(&file, format!("{home}\n{{\"do\":\"hits\",\"file\":{:?}}}\n", hits.to_str().expect("a path"))).expect("written");
    let out = run(&["demo", "--headless", "--script", file.to_str().expect("a path")]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let hits: serde_json::Value = serde_json::from_slice(&std::fs::read(&hits).expect("hits")).expect("json");
    for at in [1, 2, 3] {
        let side = |id: &str| hits[id][at].as_f64().expect("a number");
        assert!((side("method-face") - side("method-card")).abs() < 0.5, "{hits}");
    }
}

#[test]
fn check_05_silence_is_no() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodFace).claim(Some(adult()));
    let mut commands = Vec::new();
    while !matches!(kiosk.view(), View::Home { .. }) {
        kiosk.now = kiosk.session.deadline().expect("a deadline").0;
        kiosk.event(Event::Wake);
        commands.append(&mut kiosk.last);
    }
    assert!(commands.contains(&Command::WipeSession));
    assert!(!commands.iter().any(|c| matches!(c, Command::StoreConsent(..) | Command::CameraOn(_))), "{commands:?}");
}

#[test]
fn check_06_each_blank_field_closes_the_face_way_by_name() {
    let text = demo_site();
    let blanked = |field: SiteField| {
        let mut table: toml::Table = toml::from_str(&text).expect("toml");
        let blank = toml::Value::String(String::new());
        match field.key().split_once('.') {
            Some((table_name, key)) => {
                let inner = table.get_mut(table_name).and_then(toml::Value::as_table_mut).expect("a table");
                inner.insert(key.into(), blank);
            }
            None if field == SiteField::RetentionDays => drop(table.remove(field.key())),
            None => drop(table.insert(field.key().into(), blank)),
        }
        Site::parse("test", &table.to_string()).expect("no error: it only locks")
    };
    assert!(Site::parse("test", &text).expect("a site").facts("").blanks.is_empty());
    let locale = Locale::new();
    for field in SiteField::ALL {
        assert_eq!(blanked(field).facts("").blanks, [field]);
        for lang in Lang::ALL {
            assert!(locale.lock(lang, FaceLock::Blank(field)).contains(field.key()), "{field:?} is not named");
        }
    }
}

#[test]
fn check_07_the_notice_tells_every_item_in_every_language() {
    let site = Site::parse("test", &demo_site()).expect("a site");
    let (locale, text) = (Locale::new(), site.text());
    for lang in Lang::ALL {
        for purpose in [Purpose::Verify, Purpose::Enrol] {
            let items = mianzheng::notice::items(&locale, &text, lang, purpose);
            assert_eq!(items.len(), Item::ALL.len(), "{lang:?}");
            for (duty, item) in REQUIRED {
                let at = Item::ALL.iter().position(|i| *i == item).expect("an item");
                let (head, body) = &items[at];
                assert!(head.chars().count() >= 2 && body.chars().count() >= 4, "{duty} in {lang:?}: {body}");
            }
            let whole: String = items.iter().map(|(_, body)| body.as_str()).collect();
            for own in [text.processor.in_lang(lang), text.contact.in_lang(lang), text.complaint.in_lang(lang), text.necessity.in_lang(lang)] {
                assert!(whole.contains(own), "{own} is not in the notice");
            }
            assert!(purpose == Purpose::Verify || whole.contains("365"), "the period is not in the notice");
        }
        assert_eq!(mianzheng::notice::for_child(&locale, &text, lang).len(), 6);
    }
}

#[test]
fn check_08_the_question_stands_alone_with_equal_buttons() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodFace).claim(Some(adult())).question();
    let screen = kiosk.session.screen();
    assert_eq!(screen.view, View::Consent { purpose: Purpose::Verify, asked: Asked::Person, sure: false });
    // Nothing is answered by being there: both answers, and nothing else of its own.
    let everywhere = [Control::MethodCard, Control::CallStaff, Control::Home];
    let own: Vec<Control> =
        screen.controls.iter().copied().filter(|c| !everywhere.contains(c) && !Control::EVERYWHERE.contains(c)).collect();
    assert_eq!(own, [Control::Agree, Control::Decline]);
    let folder = tempfile::tempdir().expect("a folder");
    let hits = folder.path().join("hits.json");
    let file = folder.path().join("check.jsonl");
    let lines = format!(
        r#"{{"do":"tap","id":"register"}}
{{"do":"card","id":"a"}}
{{"do":"tap","id":"notice-down","until":"continue"}}
{{"do":"tap","id":"continue"}}
{{"do":"expect","stage":"consent","offers":["agree","decline"]}}
{{"do":"hits","file":{:?}}}
"#,
        hits.to_str().expect("a path")
    );
    std::fs::write(&file, format!("{{\"do\":\"expect\",\"stage\":\"home\",\"offers\":[\"register\"],\"within_ms\":60000}}\n{lines}")).expect("written");
    let out = run(&["demo", "--headless", "--script", file.to_str().expect("a path")]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let hits: serde_json::Value = serde_json::from_slice(&std::fs::read(&hits).expect("hits")).expect("json");
    let side = |id: &str, at: usize| hits[id][at].as_f64().expect("a number");
    for at in [2, 3] {
        assert!((side("agree", at) - side("decline", at)).abs() < 0.5, "{hits}");
    }
    // No sentence about the question asks for anything but an answer.
    for (_, source) in SOURCES {
        for line in source.lines().filter(|line| line.starts_with("consent-")) {
            for word in ["请同意", "請同意", "建议", "建議", "please agree", "should"] {
                assert!(!line.to_lowercase().contains(word), "{line}");
            }
        }
    }
}

#[test]
fn cancelling_closes_the_camera_and_wipes_in_the_same_step() {
    let mut kiosk = Kiosk::ready();
    kiosk.to_camera();
    kiosk.tap(Control::Home);
    assert_eq!(kiosk.last, [Command::CameraOff, Command::WipeSession]);
}

#[test]
fn check_10_withdrawing_takes_no_face_and_fewer_steps_than_enrolling() {
    let mut kiosk = Kiosk::ready();
    let mut taps = 0;
    let mut tap = |kiosk: &mut Kiosk, control| {
        taps += 1;
        kiosk.tap(control);
    };
    tap(&mut kiosk, Control::Withdraw);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Adult))));
    tap(&mut kiosk, Control::ConfirmWithdraw);
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::Erase(_, PersonId(9)))), "at once");
    kiosk.answer(Ok(Reply::Erased(Some(ReceiptId(3)))));
    kiosk.tap(Control::ShowReceipt).answer(Ok(Reply::ReceiptShown)).tap(Control::Home);
    kiosk.tap(Control::Withdraw);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Adult)))).tap(Control::ConfirmWithdraw).answer(Ok(Reply::Erased(None)));
    assert_eq!(kiosk.result(), Msg::ErasedTitle);
    // Registering: the button, on from the notice, yes, a number, done.
    let enrolling = 1 + 1 + 1 + 4 + 1;
    assert!(taps <= enrolling, "{taps} taps");
    // The same from the page of one's own data, also while the face way is closed.
    kiosk.event(Event::Locks(vec![FaceLock::ModelsRefused])).tap(Control::Home).tap(Control::MyData);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Adult))));
    let facts = OwnFacts { standing: Standing::Live, age: AgeBand::Adult, receipt: None, relation: None };
    kiosk.answer(Ok(Reply::Own(facts))).tap(Control::Withdraw).tap(Control::ConfirmWithdraw).answer(Ok(Reply::Erased(None)));
    assert_eq!(kiosk.result(), Msg::ErasedTitle);
}

#[test]
fn two_faces_are_not_captured() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    for _ in 0..40 {
        kiosk.event(Event::Seen(run, Finding::Guide(Guidance::ManyFaces)));
    }
    assert!(matches!(kiosk.view(), View::Position { hint: Some(Guidance::ManyFaces), percent: 0, .. }));
    // Somebody who steps in ends what was gathered of the first.
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 5, 0.9).event(Event::Seen(run, Finding::Guide(Guidance::ManyFaces)));
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::ForgetSamples(samples) if samples.len() == 5)));
}

#[test]
fn check_30_doubt_refers_and_shows_no_score() {
    // What the models make of a print, a screen or a mask: a median below the threshold.
    for live in [0.0, 0.3, 0.499] {
        let mut kiosk = Kiosk::ready();
        let run = kiosk.to_camera();
        kiosk.frames(run, 12, live);
        assert_eq!(kiosk.result(), Msg::ReferredTitle);
        assert!(!kiosk.last.iter().any(|c| matches!(c, Command::Compare(..))), "nothing is compared");
        let View::Result { title, body, .. } = kiosk.view() else { panic!("a result") };
        for lang in Lang::ALL {
            let words = [title, body].map(|msg| Locale::new().text(lang, msg)).concat();
            assert!(!words.chars().any(|c| c.is_ascii_digit()) && !words.contains('%'), "{words}");
        }
    }
    // Fewer frames than twelve are no evidence, however live they look.
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 11, 1.0);
    assert!(matches!(kiosk.view(), View::Position { .. }));
}

#[test]
fn check_15_a_child_needs_a_guardian_until_the_day_after_the_birthday() {
    let day = |text: &str| Date::parse(text).expect("a day");
    let age = |birth: &str, today: &str| AgeBand::on(Some(day(birth)), day(today));
    assert_eq!(age("2012-11-22", "2026-11-22"), AgeBand::Under14, "the birthday itself");
    assert_eq!(age("2012-11-21", "2026-11-22"), AgeBand::From14To17);
    assert_eq!(age("2012-02-29", "2026-02-28"), AgeBand::Under14);
    assert_eq!(age("2012-02-29", "2026-03-01"), AgeBand::From14To17);
    for (age, unknown) in [(AgeBand::Under14, false), (AgeBand::Unknown, true)] {
        let mut kiosk = guardian_question(age);
        assert!(matches!(kiosk.view(), View::Consent { asked: Asked::Guardian, .. }));
        kiosk.tap(Control::Agree);
        assert!(kiosk.last.is_empty(), "a guardian's yes counts only once it was witnessed: {:?}", kiosk.last);
        kiosk.tap(Control::LogIn).answer(Ok(Reply::LoggedIn(Role::Auditor)));
        assert!(matches!(kiosk.view(), View::StaffLogIn { remark: Some(Msg::StaffRole), .. }), "an auditor is no witness");
        kiosk.tap(Control::LogIn).answer(Ok(Reply::LoggedIn(Role::Clerk)));
        assert_eq!(kiosk.view(), View::Choice { about: Choice::Evidence });
        kiosk.tap(Control::EvidenceMandate);
        let draft = kiosk.last.iter().find_map(|c| if let Command::StoreConsent(_, draft) = c { Some(*draft) } else { None });
        assert_eq!(draft.expect("a draft").guardian.map(|g| g.relation), Some(Relation::Grandparent));
        kiosk.answer(Ok(Reply::ConsentStored(ReceiptId(3)))).claim(None);
        assert!(kiosk.camera_run().is_some(), "unknown: {unknown}");
    }
    // Without the guardian's adult card there is no way on.
    for (age, expired) in [(AgeBand::From14To17, false), (AgeBand::Unknown, false), (AgeBand::Adult, true)] {
        let mut kiosk = to_guardian_card(AgeBand::Under14);
        let reader = kiosk.reader_run();
        kiosk.event(Event::Card(reader, CardEvent::Read(CardFacts { age, expired, ..card(age) })));
        assert_eq!(kiosk.result(), Msg::NotGuardianTitle);
    }
    // Of unknown age: staff may confirm it.
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Register);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Unknown))));
    kiosk.tap(Control::AgeStaff).tap(Control::LogIn).answer(Ok(Reply::LoggedIn(Role::Supervisor))).tap(Control::AgeAdult);
    assert!(kiosk.last.contains(&Command::Note(AuditEvent::AgeConfirmed { age: AgeBand::Adult, by: None })));
    assert!(matches!(kiosk.view(), View::Notice { child: false, .. }));
    // A child whose guardian agreed before is asked too, in words for children.
    let mut kiosk = Kiosk::ready();
    let known = KnownPerson { age: AgeBand::Under14, guardian: Some(ReceiptId(3)), ..adult() };
    kiosk.tap(Control::MethodFace).claim(Some(known));
    assert!(matches!(kiosk.view(), View::Notice { child: true, .. }));
    kiosk.tap(Control::Decline);
    assert_eq!(kiosk.result(), Msg::DeclinedTitle);
    // And one whose consent is suspended is not let through.
    for (template, title) in [
        (Standing::Suspended(Suspension::CameOfAge), Msg::RenewNeededTitle),
        (Standing::Suspended(Suspension::NoticeChanged), Msg::RenewNeededTitle),
        (Standing::Restricted, Msg::RenewNeededTitle),
        (Standing::Suspended(Suspension::NoGuardian), Msg::GuardianTitle),
    ] {
        let mut kiosk = Kiosk::ready();
        kiosk.tap(Control::MethodFace).claim(Some(KnownPerson { template, ..adult() }));
        assert_eq!(kiosk.result(), title);
    }
}

#[test]
fn a_guardians_card_that_fails_leads_back_to_the_guardians_card() {
    let mut kiosk = to_guardian_card(AgeBand::Under14);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Failed(mianzheng::core::fault::Fault::CardRemoved)));
    kiosk.tap(Control::Retry);
    assert!(matches!(kiosk.view(), View::Card { guardian: true, .. }), "the next card would be the registrant's");
    assert!(kiosk.last.contains(&Command::ExpectGuardian));
}

#[test]
fn a_lock_that_comes_while_a_card_is_read_closes_the_way_too() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Register);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Locks(vec![FaceLock::ModelsRefused]));
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Adult))));
    assert_eq!(kiosk.result(), Msg::FaultVisionFailed);
    // And one that comes at a result: trying again opens nothing.
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.9).answer(crate::scenarios::similarity(0.1));
    kiosk.event(Event::Locks(vec![FaceLock::ModelsRefused])).tap(Control::Retry);
    assert!(kiosk.camera_run().is_none(), "{:?}", kiosk.last);
}

#[test]
fn a_guardian_who_deletes_sees_first_whose_data_they_are() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Withdraw);
    let reader = kiosk.reader_run();
    let mut facts = card(AgeBand::Adult);
    facts.wards[0] = Some(PersonId(21));
    facts.wards[1] = Some(PersonId(22));
    kiosk.event(Event::Card(reader, CardEvent::Read(facts)));
    let page = OwnFacts { standing: Standing::Live, age: AgeBand::Adult, receipt: None, relation: None };
    kiosk.answer(Ok(Reply::Own(page)));
    for ward in [21, 22] {
        kiosk.tap(Control::NextChild);
        assert!(kiosk.last.iter().any(|c| matches!(c, Command::ShowOwn(_, PersonId(id), false) if *id == ward)));
        kiosk.answer(Ok(Reply::Own(OwnFacts { age: AgeBand::Under14, ..page })));
    }
    kiosk.tap(Control::Withdraw).tap(Control::ConfirmWithdraw);
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::Erase(_, PersonId(22)))));
}

#[test]
fn a_child_cannot_renew_alone_whatever_age_is_stored() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MyData);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Under14))));
    let standing = Standing::Suspended(Suspension::CameOfAge);
    kiosk.answer(Ok(Reply::Own(OwnFacts { standing, age: AgeBand::Adult, receipt: None, relation: None }))).tap(Control::Renew);
    assert_eq!(kiosk.view(), View::Guardian { unknown: false });
}

fn to_guardian_card(age: AgeBand) -> Kiosk {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Register);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(CardFacts { template: Standing::None, ..card(age) })));
    assert!(matches!(kiosk.view(), View::Guardian { .. }));
    kiosk.tap(Control::GuardianHere).event(Event::NoticeEnd).tap(Control::Continue);
    assert!(matches!(kiosk.view(), View::Card { guardian: true, .. }));
    assert!(kiosk.last.contains(&Command::ExpectGuardian));
    kiosk
}

fn guardian_question(age: AgeBand) -> Kiosk {
    let mut kiosk = to_guardian_card(age);
    let reader = kiosk.reader_run();
    kiosk.event(Event::Card(reader, CardEvent::Read(card(AgeBand::Adult))));
    kiosk.tap(Control::RelationGrandparent).question();
    kiosk
}

#[test]
fn check_33_large_and_high_contrast_from_the_first_screen() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Large);
    assert!(kiosk.session.screen().comfort.large);
    kiosk.tap(Control::Contrast);
    assert!(kiosk.session.screen().comfort.contrast);
    // Nothing cut, 7:1 and more: gallery::checks, over every screen. How high the letters are:
    crate::gallery::checks::letters_are_high_enough();
}

#[test]
fn check_38_identification_cannot_be_reached() {
    // The session knows no command that searches: one person's template, or none.
    let source = std::fs::read_to_string(root().join("src/core/command.rs")).expect("the source");
    assert!(!source.contains("Identify") && !source.contains("Search"), "a command that identifies");
    let runtime: String = std::fs::read_dir(root().join("src/runtime"))
        .expect("the runtime")
        .flatten()
        .map(|file| std::fs::read_to_string(file.path()).expect("a source"))
        .collect();
    assert!(!runtime.contains("build_index") && !runtime.contains("identify("), "the runtime searches");
    assert_eq!(mianzheng::config::MODE, "1:1");
    let locale = Locale::new();
    for (lang, words) in [(Lang::ZhCn, ["核验", "核验"]), (Lang::ZhTw, ["核驗", "核驗"]), (Lang::En, ["verif", "check"])] {
        for msg in [Msg::NoticeTitleVerify, Msg::ConsentTitleVerify, Msg::PositionPurpose] {
            let text = locale.with(lang, msg, &[("use", mianzheng::locale::Arg::Text("–"))]).to_lowercase();
            assert!(words.iter().any(|word| text.contains(word)), "{lang:?}: {text}");
            assert!(!["辨识", "辨識", "identif"].iter().any(|word| text.contains(word)), "{lang:?}: {text}");
        }
    }
}

#[test]
fn check_40_nothing_of_a_vendor_or_a_sample_is_in_the_program() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_mianzheng")).expect("the program");
    let has = |text: &str| program.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("front-desk"), "the search finds what is there");
    // The simulated reader carries the printed examples of the standards, which are nobody's.
    for sample in ["样例甲", "Sample Service Centre", "early rain on the river", "样例政务服务中心"] {
        assert!(!has(sample), "{sample} is in the program");
    }
    for jpeg in std::fs::read_dir(root().join("tests/data/portraits")).expect("portraits").flatten() {
        if jpeg.path().extension().is_some_and(|e| e == "jpg") {
            let bytes = std::fs::read(jpeg.path()).expect("a picture");
            assert!(!program.windows(64).any(|window| window == &bytes[2_000..2_064]), "a portrait is in the program");
        }
    }
    // No account before somebody makes one, and no switch that collects for training.
    let help = String::from_utf8(run(&["help"]).stdout).expect("text").to_lowercase();
    assert!(!help.contains("train") && !help.contains("collect") && !help.contains("upload"), "{help}");
}
