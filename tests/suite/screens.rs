//! Screens found and used as assistive technology finds and uses them: by role and name.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mianzheng::config::Site;
use mianzheng::core::fault::Fault;
use mianzheng::core::message::Msg;
use mianzheng::core::policy::Policy;
use mianzheng::core::screen::{Control, Lang, View};
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::none::{NoReader, NoVoice};
use mianzheng::devices::outcome::LogOutcome;
use mianzheng::devices::sim::{Deck, SimCamera, SimReader};
use mianzheng::locale::Locale;
use mianzheng::ports::{DemoDeck, CardReader, Eyes, Frame, Look};
use mianzheng::runtime::{Act, Devices, Kiosk, KioskHandle, Shared};
use mianzheng::store::{Store, StorePaths};
use mianzheng::ui::KioskUi;

use crate::support::{NoSentinel, root};

/// Eyes that see nobody: these tests are about screens.
struct Nobody;

impl Eyes for Nobody {
    fn look(&mut self, _: &Frame) -> Result<Look, Fault> {
        Ok(Look::Guide(mianzheng::core::evidence::Guidance::NoFace))
    }
}

struct Bench {
    harness: Harness<'static>,
    shared: Arc<Shared>,
    deck: Arc<Deck>,
    locale: Locale,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new(width: f32, height: f32, with_reader: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let site = Site::load(root().join("tests/data/demo/site.toml").to_str().expect("a path")).expect("a site");
        let deck = Deck::load(&root().join("tests/data/demo/people.toml")).expect("people");
        let clock: Arc<dyn mianzheng::ports::Clock> = Arc::new(SystemClock::default());
        let store = Store::open(&StorePaths::under(folder.path()), clock.clone(), 30, "test").expect("a store");
        let reader: Box<dyn CardReader> = if with_reader { Box::new(SimReader::new(deck.clone())) } else { Box::new(NoReader) };
        let devices = Devices {
            camera: Box::new(SimCamera::new(deck.clone())),
            reader,
            phone: Box::new(mianzheng::devices::none::NoPhone),
            scanner: Box::new(mianzheng::devices::none::NoScanner),
            records: Box::new(store),
            sentinel: Box::new(NoSentinel),
            outcome: Box::new(LogOutcome),
            clock,
            eyes: Box::new(|| Ok(Box::new(Nobody) as Box<dyn Eyes>)),
            journal: None,
            scribe: Box::new(mianzheng::papers::SiteScribe::new(&site)),
            printer: Arc::new(mianzheng::devices::none::NoPrinter),
            voice: Box::new(NoVoice),
            elder_age: site.comfort.offer_large_from_age,
            site: site.facts(""),
            policy_mark: "test".into(),
            in_service: false,
        };
        let kiosk: KioskHandle = Kiosk::start(Policy::default(), Lang::En, devices);
        let shared = kiosk.shared.clone();
        let inner = shared.clone();
        let mut ui: Option<KioskUi> = None;
        let mut kiosk = Some(kiosk);
        let harness = Harness::builder().with_size(egui::vec2(width, height)).build_ui(move |root| {
            let ui = ui.get_or_insert_with(|| {
                let kiosk = kiosk.take().expect("built once");
                let act: Box<dyn Fn(Act)> = Box::new(move |act| kiosk.act(act));
                KioskUi::new(root.ctx(), inner.clone(), act, Arc::new(Locale::new()), site.text(), None)
            });
            ui.draw(root);
        });
        let mut bench = Self { harness, shared, deck, locale: Locale::new(), _folder: folder };
        bench.until(|view| matches!(view, View::Home { locks } if locks.is_empty()));
        bench
    }

    fn until(&mut self, wanted: impl Fn(&View) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !wanted(&self.shared.screen().view) {
            assert!(Instant::now() < end, "still at {:?}", self.shared.screen().view);
            std::thread::sleep(Duration::from_millis(5));
            self.harness.step();
        }
        self.harness.step();
        self.harness.step();
    }

    fn lang(&self) -> Lang {
        self.shared.screen().comfort.lang
    }

    fn press(&mut self, msg: Msg) {
        let name = self.locale.text(self.lang(), msg);
        self.harness.get_by_role_and_label(Role::Button, &name).click();
        self.harness.step();
        self.harness.step();
    }

    fn has_button(&self, msg: Msg) -> bool {
        let name = self.locale.text(self.lang(), msg);
        self.harness.query_by_role_and_label(Role::Button, &name).is_some()
    }
}

#[test]
fn two_ways_are_named_equal_in_size_and_beside_each_other() {
    for (width, height) in [(1080.0, 1920.0), (1920.0, 1080.0), (720.0, 1280.0)] {
        let bench = Bench::new(width, height, true);
        let face = bench.harness.get_by_role_and_label(Role::Button, "Use my face").rect();
        let card = bench.harness.get_by_role_and_label(Role::Button, "Use ID card").rect();
        assert!((face.size() - card.size()).length() < 0.5, "{face} {card}");
        assert!((face.top() - card.top()).abs() < 0.5);
        assert!(face.height() >= 44.0);
    }
}

#[test]
fn unknown_number_leads_to_the_other_ways_by_name() {
    let mut bench = Bench::new(1080.0, 1920.0, true);
    bench.press(Msg::BtnFace);
    bench.until(|v| matches!(v, View::Claim { .. }));
    for digit in ["1", "2", "3", "4"] {
        bench.harness.get_by_role_and_label(Role::Button, digit).click();
        bench.harness.step();
        bench.harness.step();
    }
    bench.until(|v| matches!(v, View::Claim { len: 4, ready: true, .. }));
    assert!(bench.harness.query_by_label("4 digits entered").is_some());
    bench.press(Msg::BtnDone);
    // Nobody has this number: the same three ways on as everywhere.
    bench.until(|v| matches!(v, View::Result { .. }));
    assert!(bench.has_button(Msg::BtnCard) && bench.has_button(Msg::BtnStaff) && bench.has_button(Msg::BtnHome));
    assert!(bench.shared.latest.now().is_none());
}

#[test]
fn card_way_by_name_verifies() {
    let mut bench = Bench::new(1920.0, 1080.0, true);
    bench.press(Msg::BtnCard);
    bench.until(|v| matches!(v, View::Card { .. }));
    mianzheng::ports::DemoDeck::lay_card(&*bench.deck, "a");
    bench.until(|v| matches!(v, View::Result { title: Msg::GrantedTitle, .. }));
    assert!(bench.harness.query_by_label("You are verified").is_some());
}

#[test]
fn missing_reader_is_said_and_staff_stay() {
    let mut bench = Bench::new(1080.0, 1920.0, false);
    bench.press(Msg::BtnCard);
    bench.until(|v| matches!(v, View::Result { title: Msg::FaultReaderMissing, .. }));
    assert!(bench.has_button(Msg::BtnStaff));
}

#[test]
fn check_35_staff_are_at_the_same_place_on_every_screen() {
    let mut bench = Bench::new(1080.0, 1920.0, true);
    let staff = |b: &Bench| b.harness.get_by_role_and_label(Role::Button, "Ask staff").rect();
    let english = |b: &Bench| b.harness.get_by_role_and_label(Role::Button, "EN, on").rect();
    let places = (staff(&bench), english(&bench));
    bench.press(Msg::BtnCard);
    bench.until(|v| matches!(v, View::Card { .. }));
    assert_eq!((staff(&bench), english(&bench)), places);
    bench.harness.get_by_role_and_label(Role::Button, "繁體").click();
    bench.harness.step();
    bench.harness.step();
    let end = Instant::now() + Duration::from_secs(10);
    while bench.lang() != Lang::ZhTw {
        assert!(Instant::now() < end);
        bench.harness.step();
    }
    bench.harness.step();
    assert!(bench.has_button(Msg::BtnStaff));
}

#[test]
fn keyboard_alone_reaches_the_card_way() {
    let mut bench = Bench::new(1080.0, 1920.0, true);
    for _ in 0..30 {
        bench.harness.key_press(egui::Key::Tab);
        bench.harness.step();
        let name = "Use ID card";
        if bench.harness.get_by_role_and_label(Role::Button, name).is_focused() {
            bench.harness.key_press(egui::Key::Enter);
            bench.harness.step();
            bench.until(|v| matches!(v, View::Card { .. }));
            return;
        }
    }
    panic!("the card way is not reached by the tab key");
}

#[test]
fn check_09_purpose_and_camera_are_shown_and_cancelling_wipes() {
    let mut bench = Bench::new(720.0, 1280.0, true);
    bench.press(Msg::BtnRegister);
    bench.until(|v| matches!(v, View::Card { .. }));
    assert!(bench.deck.lay_card("a"));
    bench.until(|v| matches!(v, View::Notice { .. }));
    while !bench.shared.screen().offers(Control::Continue) {
        bench.press(Msg::NoticeMore);
        bench.until(|_| true);
    }
    bench.press(Msg::BtnContinue);
    bench.until(|v| matches!(v, View::Consent { .. }));
    while !bench.shared.screen().offers(Control::Agree) {
        std::thread::sleep(Duration::from_millis(20));
    }
    bench.until(|_| true);
    bench.press(Msg::BtnAgree);
    bench.until(|v| matches!(v, View::Claim { .. }));
    for digit in ["2", "4", "6", "8"] {
        bench.harness.get_by_role_and_label(Role::Button, digit).click();
        bench.harness.step();
    }
    bench.until(|v| matches!(v, View::Claim { ready: true, .. }));
    bench.press(Msg::BtnDone);
    bench.until(|v| matches!(v, View::Position { live: true, .. }));
    let purpose = bench.locale.text(Lang::En, Msg::UseVisit);
    let words = bench.locale.with(Lang::En, Msg::PositionPurpose, &[("use", mianzheng::locale::Arg::Text(&purpose))]);
    let on = bench.locale.text(Lang::En, Msg::PositionOn);
    for shown in [words, on] {
        assert!(bench.harness.query_by_label(&shown).is_some(), "{shown} is not on the screen");
    }
    bench.press(Msg::BtnHome);
    bench.until(|v| matches!(v, View::Home { .. }));
    assert!(bench.shared.latest.now().is_none(), "a frame is left");
}
