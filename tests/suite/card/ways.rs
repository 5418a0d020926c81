//! The whole kiosk with a reader on a wire: every fault of the simulator, a pulled cable, the three
//! profiles, a list, a code, staff.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mianzheng::config::{PROFILES, Site};
use mianzheng::core::evidence::Method;
use mianzheng::core::message::Msg;
use mianzheng::core::policy::{Admit, CardRule, Policy};
use mianzheng::core::screen::{Control, Lang, Screen, View};
use mianzheng::core::time::Date;
use mianzheng::devices::card::{DeskReader, Port};
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::none::{NoPhone, NoPrinter, NoScanner, NoVoice};
use mianzheng::devices::outcome::LogOutcome;
use mianzheng::devices::sim::sam::pty::{BYTE, Served, serve};
use mianzheng::devices::sim::sam::specimen::Card;
use mianzheng::devices::sim::sam::trouble::{Trouble, Troubles};
use mianzheng::devices::sim::{Deck, SimCamera, Watch};
use mianzheng::papers::SiteScribe;
use mianzheng::ports::{Clock, ScanSink, Scanner, Secret, Witness};
use mianzheng::runtime::{Act, Devices, Kiosk, KioskHandle, NoEyes};
use mianzheng::store::{RosterEntry, Store, StorePaths};

use crate::support::{NoSentinel, root};

/// A kiosk without a camera and without models, with a reader on a pseudo-terminal.
struct Stand {
    kiosk: KioskHandle,
    watch: Arc<Watch>,
    reader: Served,
    scan: Option<ScanSink>,
    _folder: tempfile::TempDir,
}

/// Hands its sink to the test.
struct Hand(std::sync::mpsc::Sender<ScanSink>);

impl Scanner for Hand {
    fn start(&mut self, sink: ScanSink) {
        self.0.send(sink).expect("the test listens");
    }
}

impl Stand {
    fn with(policy: Policy, prepare: impl FnOnce(&mut Store)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("reader");
        let reader = serve(&link, BYTE).expect("a pseudo-terminal");
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let site = Site::load(root().join("tests/data/demo/site.toml").to_str().expect("a path")).expect("a site");
        let mut store = Store::open(&StorePaths::under(folder.path()), clock.clone(), 365, "notice").expect("a store");
        prepare(&mut store);
        let watch = Arc::new(Watch::default());
        let deck = Deck::load(&root().join("tests/data/demo/people.toml")).expect("people");
        let (hand, sinks) = std::sync::mpsc::channel();
        let devices = Devices {
            camera: watch.camera(Box::new(SimCamera::new(deck))),
            reader: watch.reader(Box::new(DeskReader::new(Port::Serial(link), None, clock.clone()))),
            phone: Box::new(NoPhone),
            scanner: Box::new(Hand(hand)),
            records: Box::new(store),
            sentinel: Box::new(NoSentinel),
            outcome: watch.outcome(Box::new(LogOutcome)),
            clock,
            eyes: Box::new(|| Err(NoEyes::Unusable)),
            journal: None,
            scribe: Box::new(SiteScribe::new(&site)),
            printer: Arc::new(NoPrinter),
            voice: Box::new(NoVoice),
            elder_age: None,
            site: site.facts("models"),
            policy_mark: "test".into(),
            in_service: true,
        };
        let kiosk = Kiosk::start(policy, Lang::En, devices);
        let scan = sinks.recv_timeout(Duration::from_secs(30)).ok();
        Self { kiosk, watch, reader, scan, _folder: folder }
    }

    fn new() -> Self {
        Self::with(Policy::default(), |_| ())
    }

    fn until(&self, what: &str, wanted: impl Fn(&Screen) -> bool) -> Screen {
        let end = Instant::now() + Duration::from_mins(1);
        loop {
            let screen = self.kiosk.shared.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(Instant::now() < end, "{what}: it stays at {:?}", screen.view);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn tap(&self, control: Control) {
        self.until(&format!("{control:?}"), |screen| screen.offers(control));
        self.kiosk.act(Act::Tap(control));
    }

    fn lay(&self, card: Card) -> Msg {
        self.tap(Control::MethodCard);
        self.until("the card is asked for", |screen| matches!(screen.view, View::Card { .. }));
        self.reader.lay(Some(card));
        let end = self.result();
        self.reader.lay(None);
        end
    }

    fn result(&self) -> Msg {
        let end = self.until("a result", |screen| matches!(screen.view, View::Result { .. } | View::Assist { .. }));
        match end.view {
            View::Result { title, .. } => title,
            _ => Msg::AssistDecideTitle,
        }
    }

    fn type_code(&self, digits: &str) {
        digits.bytes().for_each(|digit| self.kiosk.act(Act::Digit(digit - b'0')));
        self.until("the code is there", |screen| screen.offers(Control::ClaimDone));
        self.kiosk.act(Act::Tap(Control::ClaimDone));
    }
}

#[test]
fn every_card_is_read_and_every_fault_ends_in_a_sentence_and_a_way_on() {
    let stand = Stand::new();
    for card in Card::ALL {
        assert_eq!(stand.lay(card), Msg::GrantedTitle, "{card:?}");
        assert_eq!(Witness::outcome(&stand.watch), Some("card"));
    }
    for trouble in Trouble::ALL {
        stand.reader.trouble(trouble.into());
        let title = stand.lay(Card::Resident);
        let expected: &[Msg] = match trouble {
            Trouble::Noise | Trouble::BadChecksum | Trouble::Truncated | Trouble::SelectFailsOnce | Trouble::OldModuleFindsOnce => {
                &[Msg::GrantedTitle]
            }
            Trouble::Silence => &[Msg::FaultReaderFailed, Msg::FaultReaderMissing],
            Trouble::SelectFails | Trouble::ReadFails | Trouble::JunkRecord => &[Msg::FaultCardUnreadable],
            Trouble::CardRefused | Trouble::SamRefused => &[Msg::FaultCardRefused],
            Trouble::NotAuthorised | Trouble::SelfTest | Trouble::SwappedSam => &[Msg::FaultReaderFailed],
            Trouble::UnknownKind => &[Msg::FaultCardUnsupported],
            Trouble::RemovedMidRead => &[Msg::FaultCardRemoved],
            Trouble::Expired => &[Msg::CardExpiredTitle],
            Trouble::WrongCheckDigit => &[Msg::CardStaffTitle],
        };
        assert!(expected.contains(&title), "{trouble:?} ended in {title:?}");
        let screen = stand.kiosk.shared.screen();
        assert!(screen.offers(Control::MethodCard) && screen.offers(Control::CallStaff), "{trouble:?}: a way on");
        stand.reader.trouble(Troubles::default());
        assert_eq!(stand.lay(Card::Resident), Msg::GrantedTitle, "after {trouble:?} a good card is read again");
    }
}

#[test]
fn cable_pulled_while_a_card_is_read_and_put_back_works() {
    let stand = Stand::new();
    stand.tap(Control::MethodCard);
    stand.until("asked", |screen| matches!(screen.view, View::Card { .. }));
    stand.reader.lay(Some(Card::Resident));
    stand.until("reading", |screen| matches!(screen.view, View::Card { reading: true, .. }));
    stand.reader.plug(false);
    assert_eq!(stand.result(), Msg::FaultReaderMissing);
    stand.reader.plug(true);
    stand.tap(Control::Retry);
    assert_eq!(stand.result_after_card(), Msg::GrantedTitle);
}

impl Stand {
    fn result_after_card(&self) -> Msg {
        self.until("asked again", |screen| matches!(screen.view, View::Card { .. } | View::Result { title: Msg::GrantedTitle, .. }));
        self.result()
    }
}

fn entry(number: &str, code: Option<&str>) -> RosterEntry {
    RosterEntry {
        name: Secret::new("样本".into()),
        number: Secret::new(number.into()),
        code: code.map(|code| Secret::new(code.into())),
        note: None,
        from: None,
        until: None,
    }
}

fn put(store: &mut Store, entries: &[RosterEntry]) {
    let approval = store.approval(mianzheng::core::operator::Action::ManageRoster, &[]).expect("nobody has an account yet");
    store.replace_roster(&approval, entries).expect("stored");
}

#[test]
fn list_decides_who_goes_on_and_a_badge_goes_to_staff() {
    let number = String::from_utf8_lossy(b"11010519491231002X").into_owned();
    let policy = Policy { admit: Admit::Listed, ..Policy::default() };
    let stand = Stand::with(policy, |store| put(store, &[entry(&number, Some("BADGE7"))]));
    assert_eq!(stand.lay(Card::Resident), Msg::GrantedTitle);
    assert_eq!(stand.lay(Card::Foreigner2023), Msg::NotListedTitle);
    // A badge says whom it was given to, not who holds it.
    stand.tap(Control::MethodCard);
    stand.until("asked", |screen| matches!(screen.view, View::Card { .. }));
    let scan = stand.scan.as_ref().expect("a scanner");
    scan(Secret::new("BADGE7".into()));
    assert_eq!(stand.result(), Msg::AssistDecideTitle);
    stand.tap(Control::MethodCard);
    stand.until("asked", |screen| matches!(screen.view, View::Card { .. }));
    scan(Secret::new("BADGE8".into()));
    assert_eq!(stand.result(), Msg::CardStaffTitle);
    // A passport, typed by a document scanner: the printed specimen of ICAO Doc 9303, long expired.
    stand.tap(Control::MethodCard);
    stand.until("asked", |screen| matches!(screen.view, View::Card { .. }));
    scan(Secret::new("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10".into()));
    assert_eq!(stand.result(), Msg::CardExpiredTitle);
}

#[test]
fn card_and_code_of_the_list_go_together() {
    let policy = Policy { card: CardRule::CardAndCode, ..Policy::default() };
    let stand = Stand::with(policy, |store| put(store, &[entry("11010519491231002X", Some("4711")), entry("911124198108030024", Some("5822"))]));
    let begin = |card| {
        stand.tap(Control::MethodCard);
        stand.until("asked", |screen| matches!(screen.view, View::Card { .. }));
        stand.reader.lay(Some(card));
        stand.until("the code", |screen| matches!(screen.view, View::Code { .. }));
        stand.reader.lay(None);
    };
    begin(Card::Resident);
    stand.type_code("5822");
    stand.until("somebody else's code", |screen| matches!(screen.view, View::Code { remark: Some(Msg::CodeWrong), .. }));
    stand.type_code("4711");
    assert_eq!(stand.result(), Msg::GrantedTitle);
}

#[test]
fn list_ends_by_itself_and_forgets_the_one_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(crate::support::TestClock::default());
    let mut store = Store::open(&StorePaths::under(folder.path()), clock.clone(), 365, "notice").expect("a store");
    let until = |day: &str| RosterEntry { until: Date::parse(day), ..entry("11010519491231002X", Some("BADGE7")) };
    put(&mut store, &[until("2026-11-23"), entry("911124198108030024", None)]);
    let count = store.roster_count().expect("readable");
    assert_eq!((count.entries, count.today, count.codes), (2, 2, 1));
    clock.days.store(2, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(store.roster_count().expect("readable").today, 1, "the last day is over");
    put(&mut store, &[]);
    assert_eq!(store.roster_count().expect("readable").entries, 0);
    drop(store);
    let bytes = std::fs::read(folder.path().join("store/mianzheng.db")).expect("the file");
    assert!(!bytes.windows(6).any(|part| part == "样本".as_bytes()), "no name lies open");
}

/// Touches from the first screen to the same outcome, as a person has to make them.
fn steps(policy: &Policy) -> (usize, usize) {
    use crate::scenarios::{Kiosk as Session, adult, card, similarity};
    use mianzheng::core::consent::AgeBand;
    use mianzheng::core::event::{CardEvent, Event, KnownPerson, Reply};
    use mianzheng::core::evidence::CardFacts;
    let granted = |kiosk: &Session, method| {
        kiosk.last.iter().any(|c| matches!(c, mianzheng::core::command::Command::Announce(grant) if grant.method() == method))
    };
    // Card: choose it, lay it down.
    let mut kiosk = Session::with(policy.clone());
    let run = kiosk.tap(Control::MethodCard).reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(CardFacts { listed: true, ..card(AgeBand::Adult) }))).answer(Ok(Reply::Recorded));
    assert!(granted(&kiosk, Method::Card) && kiosk.result() == Msg::GrantedTitle);
    // Face: choose it, say who one is, read, agree, look.
    let mut kiosk = Session::with(policy.clone());
    kiosk.tap(Control::MethodFace).claim(Some(KnownPerson { listed: true, ..adult() })).agree();
    let run = kiosk.camera_run().expect("the camera is on");
    kiosk.frames(run, u64::from(policy.frames), 0.9).answer(similarity(0.9)).answer(Ok(Reply::Recorded));
    assert!(granted(&kiosk, Method::Face) && kiosk.result() == Msg::GrantedTitle);
    (2, 5)
}

#[test]
fn card_and_face_end_alike_at_each_profile_and_the_card_takes_no_more_steps() {
    for (name, _) in PROFILES {
        let policy = Site::load(name).expect("a profile").policy;
        let (card, face) = steps(&policy);
        assert!(card <= face, "{name}");
        // The card way alone: no camera, no models, the face way locked.
        let stand = Stand::with(policy, |store| put(store, &[entry("11010519491231002X", None)]));
        assert!(!stand.kiosk.shared.screen().offers(Control::MethodFace));
        assert_eq!(stand.lay(Card::Resident), Msg::GrantedTitle, "{name}");
    }
}

#[test]
fn simulated_reader_of_the_command_line_serves_the_demo() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("reader");
    let mut sim = crate::support::program();
    let mut sim = sim.args(["sim", "reader", "--card", "resident", "--link"]).arg(&link).stdin(std::process::Stdio::null()).spawn().expect("runs");
    let end = Instant::now() + Duration::from_mins(1);
    while !Path::new(&link).exists() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    let script = folder.path().join("card.jsonl");
    let lines = r#"{"do":"expect","stage":"home"}
{"do":"tap","id":"method-card"}
{"do":"expect","outcome":"card"}
"#;
    std::fs::write(&script, lines).expect("written");
    let mut demo = crate::support::program();
    let out = demo.args(["demo", "--headless", "--lang", "en", "--reader"]).arg(&link).arg("--script").arg(&script).output().expect("runs");
    let _ = sim.kill();
    let _ = sim.wait();
    assert!(out.status.success(), "{}", crate::support::stderr(&out));
}

#[test]
fn no_scanner_means_nothing_is_scanned() {
    NoScanner.start(Box::new(|_| panic!("nothing types")));
}

/// A program of ours in the background, ended with the test.
struct Running(std::process::Child);

impl Running {
    fn start(args: &[&str]) -> (Self, std::sync::mpsc::Receiver<String>) {
        use std::io::BufRead;
        let mut child = crate::support::program()
            .args(args)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("runs");
        let (to, lines) = std::sync::mpsc::channel();
        let out = std::io::BufReader::new(child.stdout.take().expect("piped"));
        std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| drop(to.send(line))));
        (Self(child), lines)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_for(path: &Path) {
    let end = Instant::now() + Duration::from_mins(1);
    while !path.exists() {
        assert!(Instant::now() < end, "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn outcome_reaches_host_and_door_and_the_number_to_wait_for_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (socket, door) = (folder.path().join("host"), folder.path().join("door"));
    let (_host, told) = Running::start(&["sim", "host", "--tickets", "--socket", socket.to_str().expect("a path")]);
    let (_relay, moved) = Running::start(&["sim", "relay", "--link", door.to_str().expect("a path")]);
    wait_for(&socket);
    wait_for(&door);
    let site = std::fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site");
    let outcome = format!("\n[outcome]\nhost = \"{}\"\n\n[outcome.door]\nport = \"{}\"\nhold-ms = 500\n", socket.display(), door.display());
    let file = folder.path().join("site.toml");
    std::fs::write(&file, site + &outcome).expect("written");
    let script = folder.path().join("card.jsonl");
    let people = root().join("tests/data/demo/people.toml");
    let lines = r#"{"do":"expect","stage":"home"}
{"do":"tap","id":"method-card"}
{"do":"card","id":"a"}
{"do":"expect","prompts":["granted-title","ticket-shown"]}
{"do":"tap","id":"call-staff"}
{"do":"expect","stage":"assist","prompts":["ticket-shown"]}
"#;
    let card = Deck::load(&people).expect("people");
    let card = mianzheng::ports::DemoDeck::cards(&*card)[0].0.clone();
    std::fs::write(&script, lines.replace("\"a\"", &format!("\"{card}\""))).expect("written");
    let mut demo = crate::support::program();
    let demo = demo.args(["demo", "--headless", "--lang", "en", "--site"]).arg(&file).arg("--people").arg(&people);
    let out = demo.arg("--script").arg(&script).output().expect("runs");
    assert!(out.status.success(), "{}", crate::support::stderr(&out));
    let line = |lines: &std::sync::mpsc::Receiver<String>| lines.recv_timeout(Duration::from_mins(1)).expect("a line");
    let verified: serde_json::Value = serde_json::from_str(&line(&told)).expect("JSON");
    assert_eq!((&verified["event"], &verified["method"], &verified["seq"]), (&"verified".into(), &"card".into(), &1.into()));
    let fields: Vec<&String> = verified.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["at_ms", "event", "method", "person", "policy", "seq", "v"], "nothing else of anybody");
    let help: serde_json::Value = serde_json::from_str(&line(&told)).expect("JSON");
    assert_eq!(help["event"], "help");
    // Closed at the start, opened for the one who was verified, closed again.
    let moves: Vec<String> = (0..3).map(|_| line(&moved)).map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(moves, ["closed", "open", "closed"]);
}
