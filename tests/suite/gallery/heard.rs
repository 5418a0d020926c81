//! What is said of a screen, and when.

use egui::{Context, Event, Key, Modifiers, PointerButton};
use mianzheng::core::message::Msg;
use mianzheng::core::screen::{Comfort, Control, Lang};
use mianzheng::locale::Locale;
use mianzheng::runtime::Act;

use super::scenes::{self, Scene};
use super::{SIZES, Stand, screen};

fn scene(name: &str) -> Scene {
    scenes::all().into_iter().find(|scene| scene.name == name).expect("a scene")
}

fn stand(scene: &Scene, comfort: Comfort) -> Stand {
    let mut stand = Stand::new(Context::default(), screen(scene, Lang::En, comfort), scene, SIZES[0].1);
    let _ = stand.frame(vec![]);
    stand
}

fn words(acts: &[Act]) -> Vec<String> {
    acts.iter().flat_map(|act| if let Act::Say(_, said) = act { said.iter().map(|said| said.text.clone()).collect() } else { Vec::new() }).collect()
}

fn key(key: Key) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
    vec![event(true), event(false)]
}

fn say(msg: Msg) -> String {
    Locale::new().text(Lang::En, msg)
}

const SPEECH: Comfort =
    Comfort { lang: Lang::En, large: false, contrast: false, speech: true, text_only: false, low: false, simple: false, steady: false, pace: mianzheng::core::screen::Pace::Fitting, volume: mianzheng::core::screen::Volume::Normal };

#[test]
fn the_first_screen_is_silent_until_somebody_wants_it_to_speak() {
    let home = scene("home");
    assert_eq!(words(&stand(&home, Comfort::default()).acts()), Vec::<String>::new());
    let said = words(&stand(&home, SPEECH).acts());
    assert_eq!(said.last(), Some(&say(Msg::SpeechKeys)), "how to go on is said last");
    assert!(said.contains(&say(Msg::HomeTitle)) && said.contains(&say(Msg::FaceFirst)) && said.contains(&say(Msg::CardFirst)), "{said:?}");
}

#[test]
fn everybody_hears_what_leads_through_and_text_mode_is_silent() {
    let consent = scene("consent");
    let said = words(&stand(&consent, Comfort::default()).acts());
    assert_eq!(said, [say(Msg::ConsentTitleVerify), say(Msg::ConsentBodyVerify), say(Msg::ConsentEither)]);
    assert!(words(&stand(&consent, Comfort { text_only: true, ..Comfort::default() }).acts()).is_empty());
    // While the camera is on its purpose is said.
    let camera = words(&stand(&scene("position-good"), Comfort::default()).acts());
    assert!(camera.iter().any(|text| text.starts_with("Purpose")), "{camera:?}");
}

#[test]
fn success_is_only_said_where_it_is_shown() {
    let good = say(Msg::GrantedTitle);
    for scene in scenes::all() {
        let said = words(&stand(&scene, SPEECH).acts());
        assert_eq!(said.contains(&good), scene.name.starts_with("granted"), "{}", scene.name);
    }
}

#[test]
fn each_key_press_names_what_it_came_to_and_a_page_of_ones_own_is_private() {
    let mut consent = stand(&scene("consent"), SPEECH);
    let _ = consent.acts();
    let mut heard = Vec::new();
    for _ in 0..6 {
        let _ = consent.frame(key(Key::ArrowDown));
        let _ = consent.frame(vec![]);
        heard.extend(words(&consent.acts()));
    }
    assert!(heard.contains(&say(Msg::BtnDecline)) && heard.contains(&say(Msg::BtnAgree)), "{heard:?}");
    // Pressing what is named uses it.
    let _ = consent.frame(key(Key::Enter));
    assert!(consent.acts().iter().any(|act| matches!(act, Act::Tap(_))));

    let mine = stand(&scene("my-data"), SPEECH);
    let private = |text: &str, acts: &[Act]| {
        acts.iter().any(|act| matches!(act, Act::Say(_, said) if said.iter().any(|said| said.private && said.text.contains(text))))
    };
    let acts = mine.acts();
    assert!(private("2027-11-22", &acts) && !private("does not appear", &acts));
    assert!(!stand(&scene("receipt"), SPEECH).acts().iter().any(|act| matches!(act, Act::Say(_, said) if said.iter().any(|said| said.private))));
}

#[test]
fn for_who_listens_the_first_touch_names_and_the_second_acts() {
    let mut home = stand(&scene("home"), SPEECH);
    let _ = home.acts();
    let place = home.hits()["method-card"].center();
    let touch = |stand: &mut Stand| {
        let button = |pressed| Event::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        for event in [Event::PointerMoved(place), button(true), button(false)] {
            let _ = stand.frame(vec![event]);
        }
        let _ = stand.frame(vec![]);
        stand.acts()
    };
    let first = touch(&mut home);
    assert_eq!(words(&first), [say(Msg::BtnCard)]);
    assert!(!first.iter().any(|act| matches!(act, Act::Tap(_))));
    let second = touch(&mut home);
    assert!(second.iter().any(|act| matches!(act, Act::Tap(Control::MethodCard))));
    assert!(matches!(second[0], Act::Hush), "whatever was being said stops first");
}

#[test]
fn a_trembling_hand_holds_and_is_counted_once() {
    let mut home = stand(&scene("home"), Comfort { steady: true, ..Comfort::default() });
    let place = home.hits()["method-card"].center();
    let button = |pressed| Event::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
    let taps = |stand: &Stand| stand.acts().iter().filter(|act| matches!(act, Act::Tap(Control::MethodCard))).count();
    let touch = |stand: &mut Stand, frames: usize| {
        let _ = stand.frame(vec![Event::PointerMoved(place)]);
        let _ = stand.frame(vec![button(true)]);
        (0..frames).for_each(|_| drop(stand.frame(vec![])));
        let _ = stand.frame(vec![button(false)]);
    };
    // A frame is 50 ms here.
    touch(&mut home, 2);
    assert_eq!(taps(&home), 0, "brushed");
    touch(&mut home, 10);
    assert_eq!(taps(&home), 1, "held");
    touch(&mut home, 8);
    assert_eq!(taps(&home), 0, "the same touch, trembling");
    (0..15).for_each(|_| drop(home.frame(vec![])));
    touch(&mut home, 10);
    assert_eq!(taps(&home), 1, "held anew");
}

#[test]
fn one_key_reaches_and_uses_everything() {
    let mut consent = stand(&scene("consent"), Comfort { steady: true, ..Comfort::default() });
    let _ = consent.frame(key(Key::Space));
    let focused = |stand: &Stand| stand.ctx.memory(egui::Memory::focused);
    let first = focused(&consent);
    assert!(first.is_some(), "the first key press begins to go through all");
    // Two seconds a stop, 50 ms a frame.
    (0..45).for_each(|_| drop(consent.frame(vec![])));
    assert!(focused(&consent).is_some() && focused(&consent) != first, "it goes on by itself");
    let _ = consent.frame(key(Key::Space));
    assert!(consent.acts().iter().any(|act| matches!(act, Act::Tap(Control::Agree))), "the second control was used");
}

#[test]
fn the_keys_of_a_pad_mean_what_the_site_file_says() {
    let mut home = stand(&scene("home"), SPEECH);
    let _ = home.acts();
    let _ = home.frame(key(Key::F19));
    assert!(home.ctx.memory(egui::Memory::focused).is_some(), "down");
    let _ = home.frame(key(Key::F16));
    assert!(home.acts().iter().any(|act| matches!(act, Act::Headphones(false))));
    let _ = home.frame(key(Key::Plus));
    assert!(home.acts().iter().any(|act| matches!(act, Act::Tap(Control::Louder))));
    let _ = home.frame(key(Key::F17));
    let again = words(&home.acts());
    assert!(again.contains(&say(Msg::HomeTitle)), "the whole screen again: {again:?}");
}

#[test]
fn a_warning_is_said_once_and_more_time_is_one_key_away() {
    the_warning_is_said();
}

pub(crate) fn the_warning_is_said() {
    for comfort in [Comfort::default(), SPEECH] {
        let scene = scene("warning");
        let mut warned = Stand::new(Context::default(), screen(&scene, Lang::En, comfort), &scene, SIZES[0].1);
        let _ = warned.frame(vec![]);
        let _ = warned.frame(vec![]);
        let said = words(&warned.acts());
        assert!(said.contains(&say(Msg::WarnTitle)) && said.iter().any(|text| text.contains("20")), "{said:?}");
        (0..20).for_each(|_| drop(warned.frame(vec![])));
        assert!(words(&warned.acts()).is_empty(), "it is not said again each second");
        if !comfort.speech {
            let _ = warned.frame(key(Key::ArrowDown));
        }
        let _ = warned.frame(key(Key::Enter));
        assert!(warned.acts().iter().any(|act| matches!(act, Act::Tap(Control::MoreTime))));
    }
}

fn digits(stand: &Stand) -> Vec<u8> {
    stand.acts().iter().filter_map(|act| if let Act::Digit(digit) = act { Some(*digit) } else { None }).collect()
}

#[test]
fn one_key_types_a_number_of_different_digits_and_a_scan_that_ran_out_acts_on_nothing() {
    let mut claim = stand(&scene("claim"), Comfort { steady: true, ..Comfort::default() });
    let _ = claim.frame(key(Key::Space));
    let mut typed = Vec::new();
    for wanted in [2_u8, 4, 6, 8] {
        let lit = |stand: &Stand| {
            let focused = stand.ctx.memory(egui::Memory::focused)?;
            let place = stand.ctx.read_response(focused)?.rect.center();
            stand.hits().iter().find(|(_, area)| area.contains(place)).map(|(id, _)| id.clone())
        };
        let mut frames = 0;
        while lit(&claim) != Some(format!("digit-{wanted}")) {
            let _ = claim.frame(vec![]);
            frames += 1;
            assert!(frames < 4_000, "{wanted} is never lit");
        }
        let _ = claim.acts();
        let _ = claim.frame(key(Key::Space));
        typed.extend(digits(&claim));
    }
    assert_eq!(typed, [2, 4, 6, 8]);
    // Nobody presses: after three rounds nothing is lit, and the next press only begins anew.
    (0..6_000).for_each(|_| drop(claim.frame(vec![])));
    assert_eq!(claim.ctx.memory(egui::Memory::focused), None);
    let _ = claim.acts();
    let _ = claim.frame(key(Key::Space));
    assert!(digits(&claim).is_empty() && claim.ctx.memory(egui::Memory::focused).is_some());
}

#[test]
fn a_trembling_hand_on_keys_is_counted_once_and_a_held_key_too() {
    for (comfort, strikes, expected) in [(Comfort { steady: true, ..Comfort::default() }, 4, 1), (Comfort::default(), 4, 4)] {
        let mut claim = stand(&scene("claim"), comfort);
        let _ = claim.frame(key(Key::ArrowDown));
        (0..20).for_each(|_| drop(claim.frame(vec![])));
        let _ = claim.acts();
        for _ in 0..strikes {
            let _ = claim.frame(key(Key::Enter));
        }
        assert_eq!(digits(&claim).len(), expected, "steady {}", comfort.steady);
    }
    let mut claim = stand(&scene("claim"), Comfort::default());
    let _ = claim.frame(key(Key::ArrowDown));
    let _ = claim.acts();
    let held = Event::Key { key: Key::Enter, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
    // egui itself finds out which of them are repeats.
    (0..10).for_each(|_| drop(claim.frame(vec![held.clone()])));
    assert_eq!(digits(&claim).len(), 1, "a key held down presses once");
}

#[test]
fn digits_reached_are_for_headphones() {
    for headphones in [false, true] {
        let mut shown = scene("claim");
        shown.screen.headphones = headphones;
        let mut claim = stand(&shown, SPEECH);
        let _ = claim.acts();
        let mut private = 0;
        for _ in 0..30 {
            let _ = claim.frame(key(Key::ArrowDown));
            for act in claim.acts() {
                let Act::Say(_, said) = act else { continue };
                let digit = |text: &str| text.chars().all(|c| c.is_ascii_digit());
                assert!(said.iter().all(|said| said.private || !digit(&said.text)), "a digit for everybody");
                private += said.iter().filter(|said| said.private).count();
            }
        }
        assert_eq!(private > 1, headphones, "that it is for headphones is said once, not ten times: {private}");
    }
}

#[test]
fn next_person_never_hears_the_end_of_the_one_before() {
    let mut shown = stand(&scene("granted"), SPEECH);
    assert!(words(&shown.acts()).contains(&say(Msg::GrantedTitle)));
    shown.show(screen(&scene("home"), Lang::En, Comfort::default()));
    (0..3).for_each(|_| drop(shown.frame(vec![])));
    let _ = shown.acts();
    let _ = shown.frame(key(Key::F17));
    let mut louder = screen(&scene("home"), Lang::En, Comfort::default());
    louder.comfort.volume = mianzheng::core::screen::Volume::Loud;
    shown.show(louder);
    (0..3).for_each(|_| drop(shown.frame(vec![])));
    assert!(words(&shown.acts()).is_empty(), "the first screen is silent");
}

#[test]
fn page_heard_again_to_its_end_counts_as_heard() {
    let mut notice = stand(&scene("notice"), SPEECH);
    let _ = notice.acts();
    let _ = notice.frame(key(Key::F17));
    let said = notice.acts().iter().filter_map(|act| if let Act::Say(id, _) = act { Some(*id) } else { None }).max().expect("said again");
    notice.heard(said);
    (0..3).for_each(|_| drop(notice.frame(vec![])));
    assert!(notice.acts().iter().any(|act| matches!(act, Act::NoticeEnd)));
}
