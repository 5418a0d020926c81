//! How people want to be served, through whole ways.

use mianzheng::core::command::Command;
use mianzheng::core::consent::AgeBand;
use mianzheng::core::event::{CardEvent, Event, Reply};
use mianzheng::core::evidence::CardFacts;
use mianzheng::core::ids::ReceiptId;
use mianzheng::core::message::Msg;
use mianzheng::core::screen::{Comfort, Control, Lang, View, Volume};

use crate::scenarios::{Kiosk, adult, card};

fn comfort(kiosk: &Kiosk) -> Comfort {
    kiosk.session.screen().comfort
}

#[test]
fn every_wish_is_one_touch_on_every_screen_and_forgotten_after_each_person() {
    let wishes = [Control::Large, Control::Contrast, Control::Speech, Control::LowReach, Control::Simple, Control::Steady, Control::Louder];
    let mut kiosk = Kiosk::ready();
    for wish in wishes {
        kiosk.tap(wish);
    }
    let all = comfort(&kiosk);
    assert!(all.large && all.contrast && all.speech && all.low && all.simple && all.steady && all.volume > Volume::Normal);
    kiosk.tap(Control::MethodCard);
    assert_eq!(comfort(&kiosk), all, "they stay through the way");
    kiosk.tap(Control::Home);
    assert_eq!(comfort(&kiosk), Comfort::default());
    // Somebody who walks away from the first screen leaves nothing behind either.
    kiosk.tap(Control::Speech).tap(Control::Louder);
    while let Some(next) = kiosk.session.deadline() {
        kiosk.now = next.0;
        kiosk.event(Event::Wake);
    }
    assert_eq!(comfort(&kiosk), Comfort::default());
}

#[test]
fn step_by_step_an_agreement_is_asked_twice_and_no_is_heard_both_times() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Simple).tap(Control::MethodFace).claim(Some(adult())).question().tap(Control::Agree);
    assert!(matches!(kiosk.view(), View::Consent { sure: true, .. }) && kiosk.last.is_empty(), "{:?}", kiosk.last);
    assert!(!kiosk.session.screen().offers(Control::Agree), "a double tap would answer");
    kiosk.now = kiosk.session.deadline().expect("a moment").0;
    kiosk.event(Event::Wake).tap(Control::Decline);
    assert_eq!(kiosk.result(), Msg::DeclinedTitle);

    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Simple).tap(Control::MethodFace).claim(Some(adult())).question().tap(Control::Agree);
    kiosk.now = kiosk.session.deadline().expect("a moment").0;
    kiosk.event(Event::Wake).tap(Control::Agree).answer(Ok(Reply::ConsentStored(ReceiptId(5))));
    assert!(kiosk.camera_run().is_some());
}

#[test]
fn one_step_back_undoes_and_what_was_agreed_does_not_stand() {
    let mut kiosk = Kiosk::ready();
    assert!(!kiosk.tap(Control::MethodFace).session.screen().offers(Control::Back), "only who wants it so");
    kiosk.tap(Control::Home).tap(Control::Simple).tap(Control::MethodFace).claim(Some(adult())).question();
    kiosk.tap(Control::Back);
    assert!(matches!(kiosk.view(), View::Notice { .. }));
    kiosk.tap(Control::Back);
    assert!(matches!(kiosk.view(), View::Claim { .. }));
    kiosk.tap(Control::Back);
    assert!(matches!(kiosk.view(), View::Home { .. }) && comfort(&kiosk).simple, "the wish stays");

    // From the camera: it closes, and whoever goes on is asked anew.
    kiosk.tap(Control::MethodFace).claim(Some(adult())).question().tap(Control::Agree);
    kiosk.now = kiosk.session.deadline().expect("a moment").0;
    kiosk.event(Event::Wake).tap(Control::Agree).answer(Ok(Reply::ConsentStored(ReceiptId(5))));
    assert!(matches!(kiosk.view(), View::Position { .. }));
    kiosk.tap(Control::Back);
    assert!(kiosk.last.contains(&Command::CameraOff) && matches!(kiosk.view(), View::Claim { .. }), "{:?}", kiosk.last);
}

#[test]
fn larger_and_slower_is_offered_once_and_only_taken_with_a_yes() {
    let elder = CardFacts { elder: true, ..card(AgeBand::Adult) };
    for (answer, large) in [(Control::OfferYes, true), (Control::OfferNo, false)] {
        let mut kiosk = Kiosk::ready();
        kiosk.tap(Control::Register);
        let run = kiosk.reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(elder)));
        assert_eq!(kiosk.view(), View::Offer);
        assert!(!comfort(&kiosk).large, "nothing changes without a yes");
        kiosk.tap(answer);
        assert_eq!(comfort(&kiosk).large, large);
        assert!(matches!(kiosk.view(), View::Notice { .. }), "the way goes on: {:?}", kiosk.view());
    }
    // Whoever has it already is not asked.
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Large).tap(Control::Register);
    let run = kiosk.reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(elder)));
    assert!(matches!(kiosk.view(), View::Notice { .. }));
}

#[test]
fn headphones_begin_the_voice_and_pulled_out_private_things_go() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::TextOnly).event(Event::Headphones(true));
    assert!(comfort(&kiosk).speech && !comfort(&kiosk).text_only && kiosk.session.screen().headphones);
    kiosk.tap(Control::MethodFace).event(Event::ClaimEdited(3)).event(Event::Headphones(false));
    assert!(matches!(kiosk.view(), View::Home { .. }), "what was typed is gone");
    assert!(kiosk.last.contains(&Command::WipeSession) && !comfort(&kiosk).speech);
    // With them still plugged in, the next session speaks from the start.
    kiosk.event(Event::Headphones(true)).tap(Control::MethodCard).tap(Control::Home);
    assert!(comfort(&kiosk).speech);
}

#[test]
fn listening_takes_its_time_but_the_warning_itself_does_not_stop_the_clock() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodCard);
    let end = |kiosk: &Kiosk| kiosk.session.deadline().expect("a deadline").0;
    let first = end(&kiosk);
    kiosk.now += 5_000;
    kiosk.event(Event::Stirred);
    assert!(end(&kiosk) >= first + 5_000, "whoever listens or goes through the page is there");
    kiosk.now = end(&kiosk);
    kiosk.event(Event::Wake);
    assert!(kiosk.session.screen().warning.is_some());
    let warned = kiosk.session.screen().warning;
    kiosk.event(Event::Stirred);
    assert_eq!(kiosk.session.screen().warning, warned);
    for _ in 0..60 {
        let Some(next) = kiosk.session.deadline() else { break };
        kiosk.now = next.0;
        kiosk.event(Event::Wake).event(Event::Stirred);
    }
    assert!(matches!(kiosk.view(), View::Home { .. }));
}

#[test]
fn wishes_at_the_first_screen_end_with_a_warning_and_headphones_are_no_wish() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::LangEn);
    kiosk.now += 45_000;
    kiosk.event(Event::Wake);
    assert!(kiosk.session.screen().warning.is_some() && kiosk.session.screen().offers(Control::MoreTime));
    kiosk.tap(Control::MoreTime);
    assert!(kiosk.session.screen().warning.is_none());
    kiosk.now += 200_000;
    kiosk.event(Event::Wake);
    assert_eq!(kiosk.session.screen().comfort.lang, Lang::ZhCn);
    // Headphones that stay plugged in do not start the first screen again and again.
    kiosk.event(Event::Headphones(true));
    kiosk.now += 500_000;
    kiosk.event(Event::Wake);
    assert!(kiosk.session.screen().comfort.speech && kiosk.session.screen().warning.is_none());
}

#[test]
fn voice_that_began_with_the_plug_ends_with_it_and_a_wish_does_not() {
    let mut kiosk = Kiosk::ready();
    kiosk.event(Event::Headphones(true)).tap(Control::MethodCard).event(Event::Headphones(false));
    assert!(!kiosk.session.screen().comfort.speech, "nothing goes on into the room");
    kiosk.tap(Control::Home).tap(Control::Speech).event(Event::Headphones(true)).tap(Control::MethodCard).event(Event::Headphones(false));
    assert!(kiosk.session.screen().comfort.speech, "it was asked for");
}

#[test]
fn keeping_is_as_near_as_deleting() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.tap(Control::Withdraw).reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(card(AgeBand::Adult))));
    assert!(matches!(kiosk.view(), View::ConfirmWithdraw));
    kiosk.tap(Control::KeepTemplate);
    assert!(matches!(kiosk.view(), View::Home { .. }));
    assert!(!kiosk.last.iter().any(|c| matches!(c, mianzheng::core::command::Command::Erase(..))));
}
