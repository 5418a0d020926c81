//! The invariants of the design, over random courses of events.

use mianzheng::core::audit::AuditEvent;
use mianzheng::core::command::{Command, Commands};
use mianzheng::core::consent::AgeBand;
use mianzheng::core::event::{CardEvent, Event, KnownPerson, Reply};
use mianzheng::core::evidence::{CardFacts, Finding, Good, Guidance, Liveness, Method, Shown, Similarity, Turn};
use mianzheng::core::fault::Fault;
use mianzheng::core::ids::{PersonId, ReceiptId, RequestId, RunId, SampleId};
use mianzheng::core::operator::Role;
use mianzheng::core::policy::{Admit, CardRule, Policy};
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::rights::{OwnFacts, Standing, Suspension};
use mianzheng::core::screen::{Board, Control, Lang, View};
use mianzheng::core::session::Session;
use mianzheng::core::time::{Date, Tick};
use proptest::prelude::*;

/// What may happen next; names no ids, the world fills in the right or a stale one.
#[derive(Clone, Debug)]
enum Move {
    Tap(usize),
    Claim(u8),
    NoticeEnd,
    Pass(u64),
    Camera(Option<Fault>),
    Guide(Guidance),
    Good(u8, f32),
    /// Somebody else stepped before the camera.
    Swap,
    Card(AgeBand, bool, bool),
    CardFault,
    /// Well or not; how alike; which age; whether there is a template, and a guardian's consent.
    Answer(bool, f32, AgeBand, bool, bool),
    /// The clock of an event is behind the last.
    Back(u64),
    Stale,
    Lock(bool),
    Store(bool),
}

fn age() -> impl Strategy<Value = AgeBand> {
    prop_oneof![
        4 => Just(AgeBand::Adult),
        1 => Just(AgeBand::From14To17),
        1 => Just(AgeBand::Under14),
        1 => Just(AgeBand::Unknown)
    ]
}

fn live(stored: bool) -> Standing {
    if stored { Standing::Live } else { Standing::None }
}

/// Adults with a template may have a child in their care.
fn wards(age: AgeBand, has_template: bool) -> mianzheng::core::rights::Wards {
    let mut wards = mianzheng::core::rights::Wards::default();
    wards[0] = (age == AgeBand::Adult && has_template).then_some(PersonId(2));
    wards
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        12 => (0_usize..64).prop_map(Move::Tap),
        4 => (3_u8..9).prop_map(Move::Claim),
        4 => Just(Move::NoticeEnd),
        3 => (0_u64..30_000).prop_map(Move::Pass),
        1 => prop_oneof![Just(None), Just(Some(Fault::CameraUnplugged))].prop_map(Move::Camera),
        2 => prop_oneof![Just(Guidance::NoFace), Just(Guidance::Closer)].prop_map(Move::Guide),
        6 => (1_u8..14, prop_oneof![3 => Just(0.9_f32), 1 => Just(0.1)]).prop_map(|(n, live)| Move::Good(n, live)),
        1 => Just(Move::Swap),
        5 => (age(), any::<bool>(), prop::bool::weighted(0.1)).prop_map(|(a, t, e)| Move::Card(a, t, e)),
        1 => Just(Move::CardFault),
        14 => (prop::bool::weighted(0.9), prop_oneof![3 => Just(0.8_f32), 1 => Just(0.1)], age(), prop::bool::weighted(0.8), any::<bool>())
            .prop_map(|(ok, s, a, t, g)| Move::Answer(ok, s, a, t, g)),
        1 => (0_u64..90_000).prop_map(Move::Back),
        2 => Just(Move::Stale),
        1 => prop::bool::weighted(0.2).prop_map(Move::Lock),
        1 => prop::bool::weighted(0.8).prop_map(Move::Store),
    ]
}

/// Courses begin by going one of the ways some distance: pure chance seldom gets far.
fn course() -> impl Strategy<Value = Vec<Move>> {
    let answer = || Move::Answer(true, 0.8, AgeBand::Adult, true, false);
    let face = vec![
        Move::Tap(0), Move::Claim(4), Move::Tap(1), answer(), Move::NoticeEnd, Move::Tap(2), Move::Pass(700), Move::Tap(3), answer(),
        Move::Good(12, 0.9), answer(), answer(),
    ];
    let enrol = vec![
        Move::Tap(4), Move::Card(AgeBand::Adult, true, false), Move::NoticeEnd, Move::Tap(2), Move::Pass(700), Move::Tap(3), answer(),
        Move::Claim(4), Move::Tap(1), Move::Answer(true, 0.8, AgeBand::Adult, false, false), Move::Good(12, 0.9), answer(), answer(),
    ];
    let start = prop_oneof![Just(face), Just(enrol), Just(child()), Just(Vec::new())];
    (start, 0_usize..24, prop::collection::vec(any_move(), 0..60)).prop_map(|(start, keep, rest)| {
        start.into_iter().take(keep).chain(rest).collect()
    })
}

/// A child is registered: notice, guardian's card, relation, notice, question, witness, evidence.
fn child() -> Vec<Move> {
    let answer = || Move::Answer(true, 0.8, AgeBand::Under14, false, false);
    vec![
        Move::Tap(4), Move::Card(AgeBand::Under14, false, false), Move::Tap(5), Move::NoticeEnd, Move::Tap(2),
        Move::Card(AgeBand::Adult, false, false), Move::Tap(6), Move::NoticeEnd, Move::Tap(2), Move::Pass(700), Move::Tap(3),
        Move::Tap(7), answer(), Move::Tap(8), answer(), Move::Claim(4), Move::Tap(1), answer(), Move::Good(12, 0.9), answer(), answer(),
    ]
}

/// The first choices of `Tap`, so that courses can name them; then all others.
const FIRST: [Control; 9] = [
    Control::MethodFace, Control::ClaimDone, Control::Continue, Control::Agree, Control::Register, Control::GuardianHere,
    Control::RelationParent, Control::LogIn, Control::EvidenceHousehold,
];

struct World {
    session: Session,
    now: u64,
    journal: Vec<(u64, Event, Vec<Command>)>,
    request: Option<(RequestId, Command)>,
    camera: Option<RunId>,
    reader: Option<RunId>,
    samples: u64,
    // What has been witnessed since the last wipe of a session.
    consent: bool,
    age: AgeBand,
    refused: bool,
    good_frames: Vec<f32>,
    matched: bool,
    card_read: bool,
    recorded: bool,
    /// Somebody of the staff gave a right password.
    logged_in: bool,
    /// The face way is closed.
    locked: bool,
    /// By the card read first in this session.
    card_age: AgeBand,
    /// By the page last shown.
    page_age: AgeBand,
    /// An adult's valid card was read as the guardian's.
    guardian_card: bool,
    /// Staff, logged in, let the person go on.
    decided: bool,
    /// A guardian agreed, now or before.
    guarded: bool,
    policy: Policy,
    /// The ages of those who were registered.
    enrolled: Vec<AgeBand>,
    grants: usize,
    samples_held: bool,
    private_held: bool,
    /// Requests and runs of the past: what still comes from them is stale.
    old_requests: Vec<RequestId>,
    old_runs: Vec<RunId>,
}

impl World {
    fn new() -> Self {
        Self::with(Policy::default())
    }

    fn with(policy: Policy) -> Self {
        let mut world = Self {
            session: Session::new(policy.clone(), Lang::ZhCn),
            now: 0,
            journal: Vec::new(),
            request: None,
            camera: None,
            reader: None,
            samples: 0,
            consent: false,
            age: AgeBand::Unknown,
            refused: false,
            good_frames: Vec::new(),
            matched: false,
            card_read: false,
            recorded: false,
            logged_in: false,
            locked: false,
            card_age: AgeBand::Unknown,
            page_age: AgeBand::Unknown,
            guardian_card: false,
            decided: false,
            guarded: false,
            policy: policy.clone(),
            enrolled: Vec::new(),
            grants: 0,
            samples_held: false,
            private_held: false,
            old_requests: Vec::new(),
            old_runs: Vec::new(),
        };
        world.event(Event::Board(Board { operators: true, phone: true, ..Board::default() }));
        world.event(Event::Locks(vec![]));
        world
    }

    fn play(&mut self, step: &Move) {
        match step {
            Move::Tap(index) => {
                let offered = self.session.screen().controls;
                let chosen = FIRST.get(*index).copied().filter(|c| offered.contains(c));
                let control = chosen.or_else(|| offered.get(index % offered.len().max(1)).copied());
                if let Some(control) = control {
                    if control == Control::Decline {
                        self.refused = true;
                    }
                    self.event(Event::Tap(control));
                }
            }
            Move::Claim(len) => {
                self.private_held |= matches!(self.session.screen().view, View::Claim { .. });
                self.event(Event::ClaimEdited(*len));
            }
            Move::NoticeEnd => self.event(Event::NoticeEnd),
            Move::Pass(ms) => {
                self.now += ms;
                self.event(Event::Wake);
            }
            Move::Camera(fault) => {
                if let Some(run) = self.camera {
                    self.event(Event::Camera(run, fault.map_or(Ok(()), Err)));
                }
            }
            Move::Guide(guidance) => {
                if let Some(run) = self.camera {
                    self.event(Event::Seen(run, Finding::Guide(*guidance)));
                }
            }
            Move::Swap => {
                if let Some(run) = self.camera {
                    self.event(Event::Seen(run, Finding::Swapped));
                    assert_eq!(self.camera, None, "somebody else stepped in, and the camera stays on");
                }
            }
            Move::Good(count, live) => {
                for nth in 0..*count {
                    let Some(run) = self.camera else { break };
                    self.samples += 1;
                    let turn = [Turn::Ahead, Turn::Ahead, Turn::Left, Turn::Right][usize::from(nth / 3 % 4)];
                    self.good_frames.push(*live);
                    self.samples_held = true;
                    let live = Liveness::try_from(*live).expect("a score");
                    self.event(Event::Seen(run, Finding::Good(Good { turn, ..Good::plain(SampleId(self.samples), live) })));
                }
            }
            Move::Card(age, has_template, expired) => {
                if let (Some(run), View::Card { guardian: true, .. }) = (self.reader, self.session.screen().view) {
                    self.guardian_card = *age == AgeBand::Adult && !expired;
                    self.private_held = true;
                    let facts = CardFacts { person: None, age: *age, expired: *expired, doubt: false, listed: false, shown: Shown::Document, elder: *expired && *age == AgeBand::Adult, template: Standing::None, wards: [None; 8] };
                    self.event(Event::Card(run, CardEvent::Read(facts)));
                } else if let Some(run) = self.reader {
                    // A second card while the first is being recorded is not looked at.
                    self.card_read |= !expired;
                    self.age = *age;
                    self.card_age = *age;
                    self.private_held = true;
                    let facts = CardFacts { person: Some(PersonId(1)), age: *age, expired: *expired, doubt: *expired && *has_template, listed: *has_template, shown: Shown::Document, elder: *expired && *age == AgeBand::Adult, template: live(*has_template), wards: wards(*age, *has_template) };
                    self.event(Event::Card(run, CardEvent::Read(facts)));
                }
            }
            Move::CardFault => {
                if let Some(run) = self.reader {
                    self.event(Event::Card(run, CardEvent::Failed(Fault::CardRemoved)));
                }
            }
            Move::Answer(ok, similarity, age, has_template, guardian) => self.answer(*ok, *similarity, *age, *has_template, *guardian),
            Move::Back(ms) => {
                let at = Tick(self.now.saturating_sub(*ms));
                let mut out = Commands::default();
                self.session.handle(at, &Event::Wake, &mut out);
                let commands = out.take();
                commands.iter().for_each(|command| self.check(command, &Event::Wake));
                self.journal.push((at.0, Event::Wake, commands));
                self.check_screen();
            }
            Move::Stale => self.stale(),
            Move::Lock(locked) => {
                self.locked = *locked;
                let locks = if *locked { vec![FaceLock::ModelsRefused] } else { vec![] };
                self.event(Event::Locks(locks));
            }
            Move::Store(open) => self.event(Event::Store(*open)),
        }
    }

    fn answer(&mut self, ok: bool, similarity: f32, age: AgeBand, has_template: bool, guardian: bool) {
        let Some((request, command)) = self.request.take() else { return };
        self.old_requests.push(request);
        let similarity = Similarity::try_from(similarity).expect("a score");
        let stored = match &command {
            Command::StoreConsent(_, draft) => Some(*draft),
            _ => None,
        };
        let reply = match command {
            Command::FindClaim(_) => Reply::Found(has_template.then_some(KnownPerson {
                person: PersonId(1),
                age,
                template: Standing::Live,
                guardian: guardian.then_some(ReceiptId(7)),
                listed: ok,
            })),
            Command::CheckCode(_) => Reply::CodeRight(ok),
            Command::Decide(..) => Reply::Recorded,
            Command::StoreConsent(..) => Reply::ConsentStored(ReceiptId(1)),
            Command::Compare(..) | Command::CompareHalves(..) => Reply::Compared(similarity),
            Command::Enrol(..) => Reply::Enrolled(PersonId(1)),
            Command::Erase(..) => Reply::Erased(Some(ReceiptId(7))),
            Command::LogIn(..) => Reply::LoggedIn(Role::Supervisor),
            Command::ClearAlarms(_) => Reply::AlarmsCleared,
            Command::ShowOwn(..) => {
                let standing = if guardian { Standing::Suspended(Suspension::NoticeChanged) } else { Standing::Live };
                Reply::Own(OwnFacts { standing, age, receipt: Some(ReceiptId(7)), relation: None })
            }
            Command::ShowReceipt(..) => Reply::ReceiptShown,
            Command::Print(_) => Reply::Printed(ok),
            Command::Restrict(..) | Command::File(..) | Command::Renew(..) => Reply::Done,
            _ => Reply::Recorded,
        };
        match (ok, reply) {
            (true, Reply::ConsentStored(_)) => {
                self.consent = true;
                if stored.is_some_and(|draft| draft.guardian.is_some()) {
                    assert!(self.logged_in, "10: a guardian's consent without a witness");
                    self.guarded = true;
                }
            }
            (true, Reply::Enrolled(_)) => self.enrolled.push(self.age),
            // The page says how old the person is; renewing goes by it.
            (true, Reply::Own(facts)) => {
                self.page_age = facts.age;
                self.age = facts.age.younger(self.card_age);
            }
            (true, Reply::Found(Some(known))) if !matches!(self.session.screen().view, View::Claim { choosing: true, .. }) => {
                self.age = known.age;
                self.guarded = known.guardian.is_some();
            }
            (true, Reply::Compared(s)) => self.matched = f32::from(s) >= self.policy.match_threshold,
            (true, Reply::Recorded) => self.recorded = true,
            (true, Reply::LoggedIn(_)) => self.logged_in = true,
            _ => {}
        }
        self.event(Event::Reply(request, if ok { Ok(reply) } else { Err(Fault::StoreWrite) }));
        self.recorded = false;
    }

    /// Invariant 7: what comes too late, or of another run, changes nothing.
    fn stale(&mut self) {
        let before = self.session.screen();
        let mut events = vec![Event::Reply(RequestId(u64::MAX), Ok(Reply::ConsentStored(ReceiptId(1))))];
        for request in self.old_requests.iter().rev().take(3) {
            for reply in [Reply::Recorded, Reply::ConsentStored(ReceiptId(1)), Reply::Enrolled(PersonId(1)), Reply::Erased(None)] {
                events.push(Event::Reply(*request, Ok(reply)));
            }
        }
        let live = |run: &&RunId| Some(**run) != self.camera && Some(**run) != self.reader;
        for run in self.old_runs.iter().rev().filter(live).take(3) {
            let facts = CardFacts { person: None, age: AgeBand::Adult, expired: false, doubt: false, listed: false, shown: Shown::Document, elder: false, template: Standing::None, wards: [None; 8] };
            let good = Finding::Good(Good::plain(SampleId(1), Liveness::try_from(0.9).expect("a score")));
            events.push(Event::Seen(*run, good));
            events.push(Event::Camera(*run, Err(Fault::CameraBusy)));
            events.push(Event::Blind(*run, Fault::VisionFailed));
            events.push(Event::Card(*run, CardEvent::Read(facts)));
        }
        for event in events {
            let mut out = Commands::default();
            self.session.handle(Tick(self.now), &event, &mut out);
            let commands = out.take();
            self.journal.push((self.now, event, commands.clone()));
            assert!(commands.is_empty(), "stale event ordered {commands:?}");
            assert_eq!(self.session.screen(), before);
        }
    }

    fn event(&mut self, event: Event) {
        self.now += 1;
        let mut out = Commands::default();
        self.session.handle(Tick(self.now), &event, &mut out);
        let commands = out.take();
        for command in &commands {
            self.check(command, &event);
        }
        self.journal.push((self.now, event, commands));
        self.check_screen();
    }

    fn check(&mut self, command: &Command, event: &Event) {
        match command {
            Command::CameraOn(capture) => {
                assert!(self.consent, "1: camera on without a consent");
                assert!(!self.locked, "camera on while the face way is closed");
                assert!(!self.refused, "6: camera on after a refusal");
                assert!(!self.age.needs_guardian() || self.guarded, "10: camera on for {:?}", self.age);
                assert!(self.camera.is_none(), "camera on twice");
                self.camera = Some(capture.run());
                self.old_runs.push(capture.run());
                self.good_frames.clear();
                self.matched = false;
            }
            Command::CameraOff => self.camera = None,
            Command::ReaderOn(run) => {
                assert!(self.reader.is_none(), "reader on twice");
                self.reader = Some(*run);
                self.old_runs.push(*run);
                self.card_read = false;
            }
            Command::PhoneOn(run) => {
                assert!(self.reader.is_none(), "reader and phone at once");
                self.reader = Some(*run);
                self.old_runs.push(*run);
                self.card_read = false;
            }
            Command::ReaderOff | Command::PhoneOff => self.reader = None,
            Command::ForgetSamples(_) => {
                self.good_frames.clear();
                self.samples_held = false;
            }
            Command::WipeSession => {
                assert!(self.camera.is_none() || matches!(event, Event::Tap(_) | Event::Wake | Event::Store(_)), "2");
                self.consent = false;
                self.samples_held = false;
                self.private_held = false;
                self.logged_in = false;
                self.guardian_card = false;
                self.decided = false;
                self.guarded = false;
                self.card_age = AgeBand::Unknown;
                self.age = AgeBand::Unknown;
                self.request = None;
            }
            Command::Announce(grant) => {
                self.grants += 1;
                assert!(self.recorded, "3: announced before its record was stored");
                assert!(!matches!(event, Event::Reply(_, Err(_))), "8: a fault led to a grant");
                match grant.method() {
                    Method::Face => {
                        assert!(self.consent && self.matched, "3: face without consent or match");
                        let live = self.good_frames.iter().filter(|l| **l >= self.policy.live_threshold).count();
                        assert!(self.good_frames.len() >= usize::from(self.policy.frames) && live * 2 > self.good_frames.len(), "3: not live");
                    }
                    Method::Card | Method::Phone => assert!(self.card_read, "3: card without a card"),
                    Method::Staff => assert!(self.decided, "3: staff without a decision of staff"),
                }
            }
            Command::FindClaim(id) | Command::StoreConsent(id, _) | Command::Compare(id, ..) | Command::CompareHalves(id, ..)
            | Command::Enrol(id, ..) | Command::Erase(id, _) | Command::Record(id, _) | Command::LogIn(id, _)
            | Command::ClearAlarms(id) | Command::ShowOwn(id, ..) | Command::ShowReceipt(id, _) | Command::Print(id)
            | Command::Restrict(id, ..) | Command::File(id, ..) | Command::Renew(id, ..) | Command::CheckCode(id)
            | Command::Decide(id, ..) => {
                if let Command::Decide(_, _, reason) = command {
                    assert!(self.logged_in, "8: decided without a log-in");
                    self.decided = reason.admits();
                }
                if let Command::StoreConsent(_, draft) = command {
                    let guardian = draft.guardian.is_some();
                    assert!(!guardian || (self.logged_in && self.guardian_card), "10: no witness, or no guardian");
                    // A child's own yes rests on a guardian's.
                    let needs = self.age.needs_guardian() && draft.purpose != mianzheng::core::consent::Purpose::Withdraw;
                    assert!(!needs || guardian || self.guarded, "10: a child consents alone");
                }
                if matches!(command, Command::Renew(..)) {
                    assert!(self.consent && (!self.age.needs_guardian() || self.guarded), "10: renewed without consent");
                }
                self.request = Some((*id, command.clone()));
            }
            // A guardian who came with their own card.
            Command::ActAsGuardian => {
                assert_eq!(self.card_age, AgeBand::Adult, "10: a child acts as a guardian");
                self.guardian_card = true;
                self.age = self.page_age;
            }
            Command::ExpectGuardian => self.guardian_card = false,
            Command::Note(AuditEvent::AgeConfirmed { age, .. }) => {
                assert!(self.logged_in, "10: an age nobody confirmed");
                self.age = *age;
            }
            Command::WipeSamples => self.samples_held = false,
            Command::EraseClaim | Command::Note(_) | Command::CallStaff | Command::Raise(_) => {}
        }
    }

    fn check_screen(&mut self) {
        let screen = self.session.screen();
        if matches!(screen.view, View::Home { .. } | View::OutOfService) {
            self.refused = false;
        }
        let position = matches!(screen.view, View::Position { .. });
        assert_eq!(position, self.camera.is_some(), "2: camera and screen disagree on {:?}", screen.view);
        assert_eq!(matches!(screen.view, View::Card { .. } | View::Phone { .. }), self.reader.is_some(), "reader and screen disagree");
        let participant = !matches!(screen.view, View::Home { .. } | View::OutOfService);
        if participant {
            let at_card = matches!(screen.view, View::Card { purpose: mianzheng::core::consent::Purpose::Verify, guardian: false, .. });
            assert!(at_card || screen.offers(Control::MethodCard), "5: no card way on {:?}", screen.view);
            assert!(matches!(screen.view, View::Assist { .. }) || screen.offers(Control::CallStaff), "5: no staff way");
            assert!(screen.offers(Control::Home));
        }
        assert!(!matches!(screen.view, View::Board { .. }) || self.logged_in, "8: the board without a log-in");
        let busy = matches!(screen.view, View::Position { .. } | View::Working);
        assert!(busy || !self.samples_held, "2: samples are kept on {:?}", screen.view);
        if matches!(screen.view, View::Home { .. }) {
            assert!(!self.private_held, "2: what the person typed or showed is kept at home");
        }
        if self.refused {
            assert!(!screen.offers(Control::Agree) && !screen.offers(Control::MethodFace), "6: asked again");
        }
    }

    /// Invariant 4: time alone leads home, warned 20 s ahead, extendable ten times.
    fn time_alone_leads_home(&mut self) {
        let mut warned_at = None;
        let mut extended = 0;
        for _ in 0..2_000 {
            let screen = self.session.screen();
            if matches!(screen.view, View::Home { .. } | View::OutOfService) {
                if let Some(at) = warned_at {
                    assert!(self.now - at >= 20_000 - 50, "4: warned only {} ms ahead", self.now - at);
                }
                return;
            }
            match screen.warning {
                // The course itself may have used some of the ten; `scenarios` counts them.
                Some(_) if extended < 10 && screen.offers(Control::MoreTime) => {
                    extended += 1;
                    self.event(Event::Tap(Control::MoreTime));
                    warned_at = None;
                    assert!(!self.session.screen().warning.is_some(), "4: more time did not help");
                    continue;
                }
                Some(_) => {
                    warned_at.get_or_insert(self.now);
                }
                None => warned_at = None,
            }
            let deadline = self.session.deadline().expect("4: a participant screen without a deadline");
            self.now = self.now.max(deadline.0.saturating_sub(1));
            self.event(Event::Wake);
        }
        panic!("4: time alone does not lead home");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hold_over_random_courses(course in course()) {
        let mut world = World::new();
        for step in &course {
            world.play(step);
        }
        world.time_alone_leads_home();
        // Invariant 9: the same events give the same orders.
        let mut session = Session::new(Policy::default(), Lang::ZhCn);
        for (at, event, commands) in &world.journal {
            let mut out = Commands::default();
            session.handle(Tick(*at), event, &mut out);
            prop_assert_eq!(&out.take(), commands);
        }
        prop_assert_eq!(session.screen(), world.session.screen());
    }
}

#[test]
fn the_world_reaches_grants_by_both_ways() {
    // A property that never sees a grant proves nothing about grants.
    let answer = Move::Answer(true, 0.8, AgeBand::Adult, true, false);
    let mut world = World::new();
    let face = [
        Move::Tap(0), Move::Claim(4), Move::Tap(1), answer.clone(), Move::NoticeEnd, Move::Tap(2), Move::Pass(700), Move::Tap(3), answer.clone(),
        Move::Good(12, 0.9), answer.clone(), answer.clone(),
    ];
    face.iter().for_each(|step| world.play(step));
    assert_eq!(world.grants, 1);
    world.event(Event::Tap(Control::MethodCard));
    world.play(&Move::Card(AgeBand::Unknown, false, false));
    world.play(&answer);
    assert_eq!(world.grants, 2);
    // Nor one about children that never sees one registered.
    let mut world = World::new();
    child().iter().for_each(|step| world.play(step));
    assert_eq!(world.enrolled, [AgeBand::Under14]);
}

const RULES: [CardRule; 5] =
    [CardRule::Accept, CardRule::KnownOnly, CardRule::StaffLook, CardRule::StaffApproval, CardRule::CardAndCode];

/// Policies of every permitted kind.
fn policy() -> impl Strategy<Value = Policy> {
    let numbers = (0.363_f32..0.95, 0.5_f32..0.99, 12_u8..=30, 1_u8..=5, 20_000_u64..60_000, 10_000_u64..100_000, 10_u8..=30);
    let rules = (0..RULES.len(), any::<bool>());
    (numbers, rules).prop_map(|((match_threshold, live_threshold, frames, attempts, warn_ms, more, extensions), (rule, listed))| Policy {
        card: RULES[rule],
        admit: if listed { Admit::Listed } else { Admit::Anyone },
        match_threshold,
        live_threshold,
        frames,
        attempts,
        warn_ms,
        idle_ms: warn_ms + more,
        extensions,
        ..Policy::default()
    })
}

/// A day between 1990 and 2060.
fn any_day() -> impl Strategy<Value = Date> {
    (1990_u16..2060, 1_u8..=12, 1_u8..=31).prop_filter_map("a day", |(y, m, d)| Date::new(y, m, d))
}

/// Ages as births and days make them, also births that are unknown or still to come.
fn ages() -> impl Strategy<Value = Vec<AgeBand>> {
    let one = (prop::option::weighted(0.85, any_day()), any_day()).prop_map(|(birth, today)| AgeBand::on(birth, today));
    prop::collection::vec(one, 80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Over sessions, ages, dates, clocks and configurations: the assertions are in `World::check`.
    #[test]
    fn no_capture_without_consent_and_no_child_without_a_guardian(policy in policy(), course in course(), ages in ages()) {
        prop_assert!(policy.clone().validated().is_ok());
        let mut world = World::with(policy);
        for (step, age) in course.into_iter().zip(ages) {
            let step = match step {
                Move::Card(_, template, expired) => Move::Card(age, template, expired),
                Move::Answer(ok, similarity, _, template, guardian) => Move::Answer(ok, similarity, age, template, guardian),
                other => other,
            };
            world.play(&step);
        }
    }
}
