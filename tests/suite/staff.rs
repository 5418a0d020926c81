//! Staff at the device, alarms, and the card way when the store is closed.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mianzheng::config::Site;
use mianzheng::core::alarm::{Alarm, OpenAlarm};
use mianzheng::core::command::{Command, Commands};
use mianzheng::core::event::{Event, Reply};
use mianzheng::core::fault::Fault;
use mianzheng::core::ids::RequestId;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Role;
use mianzheng::core::policy::Policy;
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::screen::{Board, Control, Lang, View};
use mianzheng::core::session::Session;
use mianzheng::core::time::Tick;
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::none::NoPrinter;
use mianzheng::devices::outcome::LogOutcome;
use mianzheng::devices::sim::{Deck, SimCamera, SimReader, Watch};
use mianzheng::papers::SiteScribe;
use mianzheng::ports::{Clock, DemoDeck, Eyes, Frame, Look, Secret, Sentinel, StoreRoom, Witness};
use mianzheng::runtime::{Act, Devices, Kiosk, KioskHandle, NoEyes};
use mianzheng::store::{Spool, Store, StoreError, StorePaths};

use crate::support::{NoSentinel, root};

struct Desk {
    session: Session,
    last: Vec<Command>,
    now: u64,
}

impl Desk {
    fn new(operators: bool) -> Self {
        let mut desk = Self { session: Session::new(Policy::default(), Lang::En), last: Vec::new(), now: 0 };
        desk.event(Event::Locks(vec![]));
        desk.event(Event::Board(Board { operators, ..Board::default() }));
        desk
    }

    fn event(&mut self, event: Event) {
        self.now += 10;
        let mut out = Commands::default();
        self.session.handle(Tick(self.now), &event, &mut out);
        self.last = out.take();
    }

    fn tap(&mut self, control: Control) {
        assert!(self.session.screen().offers(control), "{control:?}");
        self.event(Event::Tap(control));
    }

    fn asked(&self) -> RequestId {
        let asked = self.last.iter().find_map(|command| match command {
            Command::LogIn(id, _) | Command::ClearAlarms(id) => Some(*id),
            _ => None,
        });
        asked.expect("something was asked")
    }

    fn answer(&mut self, reply: Reply) {
        let asked = self.asked();
        self.event(Event::Reply(asked, Ok(reply)));
    }
}

fn alarm(alarm: Alarm) -> OpenAlarm {
    OpenAlarm { alarm, first_ms: 1, last_ms: 1, count: 1 }
}

#[test]
fn the_board_opens_after_a_right_password_only_and_closes_by_itself() {
    let mut desk = Desk::new(true);
    desk.tap(Control::StaffOnly);
    assert!(matches!(desk.session.screen().view, View::StaffLogIn { first: false, .. }));
    desk.tap(Control::LogIn);
    desk.answer(Reply::LogInWrong);
    assert!(matches!(desk.session.screen().view, View::StaffLogIn { remark: Some(Msg::StaffWrong), .. }));
    desk.tap(Control::LogIn);
    desk.answer(Reply::LogInWait(30_000));
    assert!(matches!(desk.session.screen().view, View::StaffLogIn { remark: Some(Msg::StaffWait), seconds: 30, .. }));
    desk.tap(Control::LogIn);
    desk.answer(Reply::LoggedIn(Role::Auditor));
    desk.event(Event::Board(Board { alarms: vec![alarm(Alarm::ClockBack)], operators: true, ..Board::default() }));
    assert!(matches!(desk.session.screen().view, View::Board { .. }));
    assert!(!desk.session.screen().offers(Control::ClearAlarms), "an auditor changes nothing");
    // Left alone, it closes and everything typed is wiped.
    let mut wiped = false;
    while !matches!(desk.session.screen().view, View::Home { .. }) {
        desk.now = desk.session.deadline().expect("a deadline").0;
        desk.event(Event::Wake);
        wiped |= desk.last.contains(&Command::WipeSession);
    }
    assert!(wiped);
}

#[test]
fn a_device_without_operators_asks_for_the_first_supervisor() {
    let mut desk = Desk::new(false);
    desk.tap(Control::StaffOnly);
    assert!(matches!(desk.session.screen().view, View::StaffLogIn { first: true, .. }));
    desk.tap(Control::LogIn);
    assert!(desk.last.iter().any(|command| matches!(command, Command::LogIn(_, true))));
}

#[test]
fn a_supervisor_says_that_alarms_were_looked_into() {
    let mut desk = Desk::new(true);
    desk.event(Event::Board(Board { alarms: vec![alarm(Alarm::UsbStorage)], operators: true, ..Board::default() }));
    desk.event(Event::Locks(vec![FaceLock::Alarm(Alarm::UsbStorage)]));
    assert!(!desk.session.screen().offers(Control::MethodFace));
    assert!(desk.session.screen().offers(Control::MethodCard), "an alarm closed the card way");
    desk.tap(Control::StaffOnly);
    desk.tap(Control::LogIn);
    desk.answer(Reply::LoggedIn(Role::Supervisor));
    desk.tap(Control::ClearAlarms);
    let asked = desk.asked();
    desk.event(Event::Reply(asked, Err(Fault::StoreWrite)));
    assert!(matches!(desk.session.screen().view, View::Result { .. }), "a disk that refuses is said");
}

struct Nobody;

impl Eyes for Nobody {
    fn look(&mut self, _: &Frame) -> Result<Look, Fault> {
        Err(Fault::VisionFailed)
    }
}

struct Stage {
    kiosk: KioskHandle,
    deck: Arc<Deck>,
    watch: Arc<Watch>,
}

impl Stage {
    fn new(records: Box<dyn StoreRoom>, sentinel: Box<dyn Sentinel>) -> Self {
        Self::start(Self::devices(records, sentinel))
    }

    fn start((devices, deck, watch): (Devices, Arc<Deck>, Arc<Watch>)) -> Self {
        Self { kiosk: Kiosk::start(Policy::default(), Lang::En, devices), deck, watch }
    }

    fn devices(records: Box<dyn StoreRoom>, sentinel: Box<dyn Sentinel>) -> (Devices, Arc<Deck>, Arc<Watch>) {
        let deck = Deck::load(&root().join("tests/data/demo/people.toml")).expect("people");
        let watch = Arc::new(Watch::default());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let site = Site::load(root().join("tests/data/demo/site.toml").to_str().expect("a path")).expect("a site");
        let devices = Devices {
            camera: watch.camera(Box::new(SimCamera::new(deck.clone()))),
            reader: watch.reader(Box::new(SimReader::new(deck.clone()))),
            phone: Box::new(mianzheng::devices::none::NoPhone),
            scanner: Box::new(mianzheng::devices::none::NoScanner),
            records,
            sentinel,
            outcome: watch.outcome(Box::new(LogOutcome)),
            clock,
            eyes: Box::new(|| Ok(Box::new(Nobody) as Box<dyn Eyes>)),
            journal: None,
            scribe: Box::new(SiteScribe::new(&site)),
            printer: Arc::new(NoPrinter),
            voice: Box::new(mianzheng::devices::none::NoVoice),
            elder_age: None,
            site: site.facts("models"),
            policy_mark: "test".into(),
            in_service: true,
        };
        (devices, deck, watch)
    }

    /// A kiosk whose model file is not the one it was built for.
    fn with_changed_model(records: Box<dyn StoreRoom>) -> Self {
        let mut stage = Self::devices(records, Box::new(NoSentinel));
        stage.0.eyes = Box::new(|| Err(NoEyes::Changed));
        Self::start(stage)
    }

    fn until(&self, wanted: impl Fn(&View) -> bool) -> View {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let view = self.kiosk.shared.screen().view;
            if wanted(&view) {
                return view;
            }
            assert!(Instant::now() < end, "it stays at {view:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn locked_by(&self, lock: FaceLock) {
        self.until(|view| matches!(view, View::Home { locks } if locks.contains(&lock) && !locks.contains(&FaceLock::ModelsLoading)));
        assert!(!self.kiosk.shared.screen().offers(Control::MethodFace));
    }

    fn card_grants(&self) {
        let card = self.deck.cards().first().map(|(id, _)| id.clone()).expect("a card");
        self.kiosk.act(Act::Tap(Control::MethodCard));
        self.until(|view| matches!(view, View::Card { .. }));
        assert!(self.deck.lay_card(&card));
        self.until(|view| matches!(view, View::Result { title: Msg::GrantedTitle, .. }));
        assert_eq!(Witness::outcome(&self.watch), Some("card"));
        self.kiosk.act(Act::Tap(Control::Home));
        self.until(|view| matches!(view, View::Home { .. }));
    }
}

fn try_open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(&StorePaths::under(folder), Arc::new(SystemClock::default()), 365, "notice")
}

/// A word of the error, and what is done to the folder.
type Damage = (&'static str, fn(&Path));

#[test]
fn whatever_closes_the_store_closes_the_face_way_and_never_the_card_way() {
    let fresh = || {
        let folder = tempfile::tempdir().expect("a folder");
        drop(try_open(folder.path()).expect("a store"));
        folder
    };
    let key = |folder: &Path| folder.join("keys/master.key");
    let damages: [Damage; 5] = [
        ("damaged", |folder| std::fs::write(folder.join("store/mianzheng.db"), "rubbish".repeat(1000)).expect("written")),
        ("missing", |folder| std::fs::remove_file(folder.join("keys/master.key")).expect("removed")),
        ("damaged", |folder| std::fs::write(folder.join("keys/master.key"), b"MZSLOT2\nrubbish").expect("written")),
        ("older", |folder| std::fs::remove_file(folder.join("keys/epoch.key")).expect("removed")),
        ("passphrase", |folder| {
            let slot = std::fs::read(folder.join("keys/master.key")).expect("a slot");
            let passphrase = [&slot[..8], &[2], &slot[9..77], &[0; 16]].concat();
            std::fs::write(folder.join("keys/passphrase.slot"), passphrase).expect("written");
            std::fs::remove_file(folder.join("keys/master.key")).expect("removed");
        }),
    ];
    for (word, damage) in damages {
        let folder = fresh();
        assert!(key(folder.path()).exists());
        damage(folder.path());
        let error = try_open(folder.path()).err().expect("closed").to_string();
        assert!(error.contains(word), "{error}");
        let stage = Stage::new(Box::new(Spool::beside(&StorePaths::under(folder.path()))), Box::new(NoSentinel));
        stage.locked_by(FaceLock::StoreClosed);
        stage.card_grants();
        let spool = std::fs::read_to_string(folder.path().join("store/spool.jsonl")).expect("a spool");
        assert!(spool.contains("granted"), "{spool}");
    }
    // A place nothing can be written to at all.
    let nowhere = Path::new("/proc/mianzheng");
    assert!(matches!(try_open(nowhere), Err(StoreError::Io(..))));
    let stage = Stage::new(Box::new(Spool::beside(&StorePaths::under(nowhere))), Box::new(NoSentinel));
    stage.locked_by(FaceLock::StoreClosed);
    stage.card_grants();
}

#[test]
fn a_real_kiosk_waits_for_its_first_supervisor_who_can_be_made_at_the_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    let stage = Stage::new(Box::new(try_open(folder.path()).expect("a store")), Box::new(NoSentinel));
    stage.locked_by(FaceLock::NoSupervisor);
    stage.card_grants();
    stage.kiosk.act(Act::Tap(Control::StaffOnly));
    stage.until(|view| matches!(view, View::StaffLogIn { first: true, .. }));
    let secret = |text: &str| Secret::new(text.to_owned());
    stage.kiosk.act(Act::LogIn(secret("chen"), secret("early rain on the river"), Some(secret("early rain on the rivel"))));
    stage.until(|view| matches!(view, View::StaffLogIn { remark: Some(Msg::StaffUnusable), .. }));
    stage.kiosk.act(Act::LogIn(secret("chen"), secret("early rain on the river"), Some(secret("early rain on the river"))));
    stage.until(|view| matches!(view, View::Board { .. }));
    stage.kiosk.act(Act::Tap(Control::Home));
    // What is left is hers to do.
    stage.until(|view| matches!(view, View::Home { locks } if *locks == [FaceLock::NoAssessment]));
}

/// A storage medium that is plugged in at the first look.
struct Plugged(bool);

impl Sentinel for Plugged {
    fn look(&mut self) -> Vec<Alarm> {
        if std::mem::replace(&mut self.0, true) { Vec::new() } else { vec![Alarm::UsbStorage] }
    }

    fn facts(&self) -> mianzheng::ports::Facts {
        mianzheng::ports::Facts::default()
    }
}

#[test]
fn an_alarm_closes_the_face_way_until_a_supervisor_looked_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = try_open(folder.path()).expect("a store");
    let secret = |text: &str| Secret::new(text.to_owned());
    store.create_first_supervisor(&secret("chen"), &secret("early rain on the river")).expect("made");
    let stage = Stage::new(Box::new(store), Box::new(Plugged(false)));
    stage.locked_by(FaceLock::Alarm(Alarm::UsbStorage));
    stage.card_grants();
    stage.kiosk.act(Act::Tap(Control::StaffOnly));
    stage.until(|view| matches!(view, View::StaffLogIn { first: false, .. }));
    stage.kiosk.act(Act::LogIn(secret("chen"), secret("early rain on the river"), None));
    stage.until(|view| matches!(view, View::Board { board, .. } if board.alarms.len() == 1));
    stage.kiosk.act(Act::Tap(Control::ClearAlarms));
    stage.until(|view| matches!(view, View::Board { board, .. } if board.alarms.is_empty()));
    stage.kiosk.act(Act::Tap(Control::Home));
    // The policy nobody approved is another matter.
    stage.until(|view| matches!(view, View::Home { locks } if !locks.contains(&FaceLock::Alarm(Alarm::UsbStorage))));
}

#[test]
fn a_changed_model_is_an_alarm_and_a_missing_one_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let stage = Stage::with_changed_model(Box::new(try_open(folder.path()).expect("a store")));
    stage.until(|view| matches!(view, View::Home { locks } if locks.contains(&FaceLock::Alarm(Alarm::ModelChanged)) && locks.contains(&FaceLock::ModelsRefused)));
    stage.card_grants();
}
