//! Whole ways through the session, step by step, without any device.

use mianzheng::core::alarm::Alarm;
use mianzheng::core::audit::{AttemptResult, AuditEvent};
use mianzheng::core::command::{Command, Commands};
use mianzheng::core::consent::AgeBand;
use mianzheng::core::event::{CardEvent, Event, KnownPerson, Reply};
use mianzheng::core::evidence::{CardFacts, Finding, Good, Guidance, Liveness, Method, Shown, Similarity, Turn};
use mianzheng::core::fault::Fault;
use mianzheng::core::ids::{PersonId, ReceiptId, RequestId, RunId, SampleId};
use mianzheng::core::message::Msg;
use mianzheng::core::operator::{Reason, Role};
use mianzheng::core::policy::{Admit, CardRule, Policy};
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::rights::Standing;
use mianzheng::core::screen::{Board, Control, Lang, View};
use mianzheng::core::session::Session;
use mianzheng::core::ticket::Ticket;
use mianzheng::core::time::Tick;

/// A session and what it ordered in the last step.
pub(crate) struct Kiosk {
    pub(crate) session: Session,
    pub(crate) now: u64,
    pub(crate) last: Vec<Command>,
}

impl Kiosk {
    pub(crate) fn ready() -> Self {
        Self::with(Policy::default())
    }

    pub(crate) fn with(policy: Policy) -> Self {
        let mut kiosk = Self { session: Session::new(policy, Lang::ZhCn), now: 0, last: Vec::new() };
        kiosk.event(Event::Locks(vec![]));
        kiosk
    }

    pub(crate) fn event(&mut self, event: Event) -> &mut Self {
        self.now += 10;
        let mut out = Commands::default();
        self.session.handle(Tick(self.now), &event, &mut out);
        self.last = out.take();
        self
    }

    pub(crate) fn tap(&mut self, control: Control) -> &mut Self {
        assert!(self.session.screen().offers(control), "{control:?} on {:?}", self.view());
        self.event(Event::Tap(control))
    }

    pub(crate) fn view(&self) -> View {
        self.session.screen().view
    }

    pub(crate) fn request(&self) -> RequestId {
        self.last
            .iter()
            .find_map(|command| match command {
                Command::FindClaim(id) | Command::StoreConsent(id, _) | Command::Compare(id, ..) => Some(*id),
                Command::CompareHalves(id, ..) | Command::Enrol(id, ..) | Command::Erase(id, _) => Some(*id),
                Command::Record(id, _) | Command::LogIn(id, _) | Command::ShowReceipt(id, _) | Command::Print(id) => Some(*id),
                Command::ShowOwn(id, ..) | Command::Restrict(id, ..) | Command::File(id, ..) | Command::Renew(id, ..) => Some(*id),
                Command::CheckCode(id) | Command::Decide(id, ..) => Some(*id),
                _ => None,
            })
            .unwrap_or_else(|| panic!("nothing was asked: {:?}", self.last))
    }

    pub(crate) fn answer(&mut self, reply: Result<Reply, Fault>) -> &mut Self {
        let request = self.request();
        self.event(Event::Reply(request, reply))
    }

    pub(crate) fn camera_run(&self) -> Option<RunId> {
        self.last.iter().find_map(|c| if let Command::CameraOn(capture) = c { Some(capture.run()) } else { None })
    }

    pub(crate) fn reader_run(&self) -> RunId {
        let run = self.last.iter().find_map(|c| if let Command::ReaderOn(run) = c { Some(*run) } else { None });
        run.expect("the reader is on")
    }

    pub(crate) fn claim(&mut self, found: Option<KnownPerson>) -> &mut Self {
        self.event(Event::ClaimEdited(4)).tap(Control::ClaimDone).answer(Ok(Reply::Found(found)))
    }

    pub(crate) fn agree(&mut self) -> &mut Self {
        self.question().tap(Control::Agree).answer(Ok(Reply::ConsentStored(ReceiptId(5))))
    }

    /// Reads the notice and waits until the question can be answered.
    pub(crate) fn question(&mut self) -> &mut Self {
        self.event(Event::NoticeEnd).tap(Control::Continue);
        assert!(!self.session.screen().offers(Control::Agree), "a double tap would answer");
        self.now = self.session.deadline().expect("a moment").0;
        self.event(Event::Wake)
    }

    pub(crate) fn to_camera(&mut self) -> RunId {
        self.tap(Control::MethodFace).claim(Some(adult())).agree();
        self.camera_run().expect("the camera is on")
    }

    pub(crate) fn to_enrolment_camera(&mut self) -> RunId {
        let run = self.tap(Control::Register).reader_run();
        self.event(Event::Card(run, CardEvent::Read(card(AgeBand::Adult)))).agree().claim(None);
        self.camera_run().expect("the camera is on")
    }

    pub(crate) fn frames(&mut self, run: RunId, count: u64, live: f32) -> &mut Self {
        for sample in 0..count {
            let live = Liveness::try_from(live).expect("a score");
            let good = Good { turn: turn_of(sample), ..Good::plain(SampleId(sample), live) };
            self.event(Event::Seen(run, Finding::Good(good)));
        }
        self
    }

    pub(crate) fn result(&self) -> Msg {
        match self.view() {
            View::Result { title, .. } => title,
            other => panic!("no result but {other:?}"),
        }
    }
}

pub(crate) fn adult() -> KnownPerson {
    KnownPerson { person: PersonId(9), age: AgeBand::Adult, template: Standing::Live, guardian: None, listed: false }
}

pub(crate) fn card(age: AgeBand) -> CardFacts {
    CardFacts { person: Some(PersonId(9)), age, expired: false, doubt: false, listed: false, shown: Shown::Document, elder: false, template: Standing::Live, wards: [None; 8] }
}

pub(crate) fn similarity(value: f32) -> Result<Reply, Fault> {
    Ok(Reply::Compared(Similarity::try_from(value).expect("a score")))
}

#[test]
fn face_way_announces_only_after_the_record_is_stored() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.9).answer(similarity(0.8));
    let entry = kiosk.last.iter().any(|c| matches!(c, Command::Record(_, AuditEvent::Attempt { result: AttemptResult::Granted, .. })));
    assert!(entry && !kiosk.last.iter().any(|c| matches!(c, Command::Announce(_))));
    kiosk.answer(Ok(Reply::Recorded));
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::Announce(grant) if grant.method() == Method::Face)));
    assert_eq!(kiosk.result(), Msg::GrantedTitle);
}

#[test]
fn record_that_cannot_be_stored_grants_nothing() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.9).answer(similarity(0.8)).answer(Err(Fault::StoreWrite));
    assert!(!kiosk.last.iter().any(|c| matches!(c, Command::Announce(_))));
    assert_eq!(kiosk.result(), Msg::FaultStoreWrite);
}

#[test]
fn doubt_about_liveness_refers_and_never_compares() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.2);
    assert!(!kiosk.last.iter().any(|c| matches!(c, Command::Compare(..))));
    assert_eq!(kiosk.result(), Msg::ReferredTitle);
    assert!(!kiosk.session.screen().offers(Control::Retry));
}

#[test]
fn going_home_is_no_new_chance_and_a_match_clears_the_count() {
    let mut kiosk = Kiosk::ready();
    for _ in 0..3 {
        let run = kiosk.to_camera();
        kiosk.frames(run, 12, 0.9).answer(similarity(0.1)).tap(Control::Home);
    }
    kiosk.tap(Control::MethodFace).claim(Some(adult()));
    assert_eq!(kiosk.result(), Msg::NoMatchTitle);
    assert!(!kiosk.session.screen().offers(Control::Retry));
    // A quarter of an hour later the face may be tried again.
    kiosk.tap(Control::Home).now += 15 * 60_000;
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.9).answer(similarity(0.8)).answer(Ok(Reply::Recorded));
    assert_eq!(kiosk.result(), Msg::GrantedTitle);
}

#[test]
fn frames_that_were_not_live_themselves_are_not_compared() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 7, 0.9);
    for sample in 7..12 {
        let live = Liveness::try_from(0.1).expect("a score");
        kiosk.event(Event::Seen(run, Finding::Good(Good::plain(SampleId(sample), live))));
    }
    let compared = kiosk.last.iter().find_map(|c| if let Command::Compare(_, _, ids) = c { Some(ids.clone()) } else { None });
    assert_eq!(compared.expect("the median is live"), (0..7).map(SampleId).collect::<Vec<_>>());
    kiosk.answer(Ok(Reply::Mixed));
    assert_eq!(kiosk.result(), Msg::ReferredTitle);
}

/// A person who registers and does as asked: ahead, then a little to each side.
fn turn_of(sample: u64) -> Turn {
    match sample {
        0..6 => Turn::Ahead,
        6..9 => Turn::Left,
        _ => Turn::Right,
    }
}

#[test]
fn who_registers_is_asked_to_turn_and_who_cannot_loses_nothing() {
    let live = Liveness::try_from(0.9).expect("a score");
    let hint = |kiosk: &Kiosk| if let View::Position { hint, .. } = kiosk.view() { hint } else { None };
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_enrolment_camera();
    kiosk.frames(run, 6, 0.9);
    let ahead = |kiosk: &mut Kiosk, sample: u64, ms: u64| {
        kiosk.now += ms;
        kiosk.event(Event::Seen(run, Finding::Good(Good::plain(SampleId(sample), live))));
    };
    ahead(&mut kiosk, 6, 100);
    assert_eq!(hint(&kiosk), Some(Guidance::TurnLeft));
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::ForgetSamples(ids) if ids == &[SampleId(6)])));
    ahead(&mut kiosk, 7, 4_100);
    assert_eq!(hint(&kiosk), Some(Guidance::TurnRight));
    ahead(&mut kiosk, 8, 4_100);
    // Neither side came: six more as they come, and the registration goes on.
    for sample in 9..14 {
        ahead(&mut kiosk, sample, 100);
    }
    let compared = kiosk.last.iter().find_map(|c| if let Command::CompareHalves(_, a, b) = c { Some(a.len() + b.len()) } else { None });
    assert_eq!(compared, Some(12));
    // Whoever is verified is never asked to turn.
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 11, 0.9);
    assert_eq!(hint(&kiosk), None);
}

#[test]
fn somebody_else_in_the_same_run_ends_it() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 11, 0.9).event(Event::Seen(run, Finding::Swapped));
    assert_eq!(kiosk.result(), Msg::ReferredTitle);
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::CameraOff)));
    assert!(!kiosk.last.iter().any(|c| matches!(c, Command::Compare(..))));
}

#[test]
fn covered_face_is_asked_about_then_compared_and_never_stored() {
    let covered = |kiosk: &mut Kiosk, run: RunId, count: u64, every_ms: u64| {
        for sample in 0..count {
            kiosk.now += every_ms;
            let live = Liveness::try_from(0.9).expect("a score");
            kiosk.event(Event::Seen(run, Finding::Good(Good { covered: true, ..Good::plain(SampleId(sample), live) })));
        }
    };
    let hint = |kiosk: &Kiosk| match kiosk.view() {
        View::Position { hint, percent, .. } => (hint, percent),
        other => panic!("{other:?}"),
    };
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    covered(&mut kiosk, run, 50, 100);
    assert_eq!(hint(&kiosk), (Some(Guidance::Uncover), 0));
    let forgotten = kiosk.last.iter().any(|c| matches!(c, Command::ForgetSamples(ids) if ids == &[SampleId(49)]));
    assert!(forgotten, "a sample nobody uses is not kept");
    // A beard stays where it is: after six seconds it is compared all the same.
    covered(&mut kiosk, run, 24, 100);
    assert!(matches!(kiosk.view(), View::Working), "{:?}", kiosk.view());

    // Who takes the mask off and puts it on again is asked again.
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    covered(&mut kiosk, run, 50, 100);
    kiosk.frames(run, 1, 0.9);
    covered(&mut kiosk, run, 50, 100);
    assert_eq!(hint(&kiosk), (Some(Guidance::Uncover), 8));

    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_enrolment_camera();
    covered(&mut kiosk, run, 200, 100);
    assert_eq!(hint(&kiosk), (Some(Guidance::Uncover), 0), "a template with a mask on matches other masks");
}

#[test]
fn notice_in_another_language_is_shown_again_before_the_question() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodFace).claim(Some(adult())).question().tap(Control::LangEn);
    assert!(matches!(kiosk.view(), View::Notice { read: false, .. }));
    kiosk.question().tap(Control::Agree);
    let draft = kiosk.last.iter().find_map(|c| if let Command::StoreConsent(_, draft) = c { Some(*draft) } else { None });
    assert_eq!(draft.expect("a consent").lang, Lang::En);
}

#[test]
fn check_34_time_runs_out_only_after_a_warning() {
    // By sound as well as by sight.
    crate::gallery::heard::the_warning_is_said();
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodCard);
    for _ in 0..10 {
        kiosk.now = kiosk.session.deadline().expect("a moment").0;
        kiosk.event(Event::Wake);
        let warning = kiosk.session.screen().warning.expect("a warning");
        assert_eq!((warning.seconds, warning.extendable), (20, true));
        kiosk.tap(Control::MoreTime);
        assert_eq!(kiosk.session.screen().warning, None);
    }
    kiosk.now = kiosk.session.deadline().expect("a moment").0;
    kiosk.event(Event::Wake);
    assert!(kiosk.session.screen().warning.is_some_and(|w| !w.extendable && w.seconds == 20));
    kiosk.now += 21_000;
    kiosk.event(Event::Wake);
    assert!(matches!(kiosk.view(), View::Home { .. }));
}

#[test]
fn card_past_its_date_still_deletes() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Withdraw);
    let run = kiosk.reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(CardFacts { expired: true, ..card(AgeBand::Adult) })));
    assert_eq!(kiosk.view(), View::ConfirmWithdraw);
}

#[test]
fn check_29_three_mismatches_route_and_never_deny() {
    let mut kiosk = Kiosk::ready();
    let mut run = kiosk.to_camera();
    for attempt in 1..=3 {
        kiosk.frames(run, 12, 0.9).answer(similarity(0.1));
        assert_eq!(kiosk.result(), Msg::NoMatchTitle);
        let screen = kiosk.session.screen();
        assert!(screen.offers(Control::MethodCard) && screen.offers(Control::CallStaff));
        assert_eq!(screen.offers(Control::Retry), attempt < 3);
        if attempt < 3 {
            kiosk.tap(Control::Retry);
            run = kiosk.camera_run().expect("the same consent opens the camera again");
        }
    }
}

#[test]
fn check_04_after_declining_nobody_is_asked_again() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodFace).claim(Some(adult())).question().tap(Control::Decline);
    assert_eq!(kiosk.result(), Msg::DeclinedTitle);
    let screen = kiosk.session.screen();
    assert!(!screen.offers(Control::MethodFace) && !screen.offers(Control::Agree) && screen.offers(Control::MethodCard));
    kiosk.tap(Control::MethodCard);
    let run = kiosk.reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(card(AgeBand::Adult)))).answer(Ok(Reply::Recorded));
    assert_eq!(kiosk.result(), Msg::GrantedTitle);
}

#[test]
fn notice_must_be_read_to_its_end() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::MethodFace).claim(Some(adult()));
    assert!(!kiosk.session.screen().offers(Control::Continue));
    kiosk.event(Event::Tap(Control::Continue));
    assert!(matches!(kiosk.view(), View::Notice { read: false, .. }));
}

#[test]
fn unknown_number_and_missing_template_read_the_same() {
    let no_template = KnownPerson { template: Standing::None, ..adult() };
    let views = [None, Some(no_template)].map(|found| {
        let mut kiosk = Kiosk::ready();
        kiosk.tap(Control::MethodFace).claim(found);
        kiosk.view()
    });
    assert_eq!(views[0], views[1]);
}

#[test]
fn children_and_unknown_ages_are_sent_to_guardian_and_staff() {
    for age in [AgeBand::Under14, AgeBand::Unknown] {
        let mut kiosk = Kiosk::ready();
        kiosk.tap(Control::MethodFace).claim(Some(KnownPerson { age, ..adult() }));
        assert_eq!(kiosk.result(), Msg::GuardianTitle);
        let mut kiosk = Kiosk::ready();
        kiosk.tap(Control::Register);
        let run = kiosk.reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(card(age))));
        assert_eq!(kiosk.view(), View::Guardian { unknown: age == AgeBand::Unknown });
        // The card itself serves a child like anybody.
        kiosk.tap(Control::MethodCard);
        let run = kiosk.reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(card(age)))).answer(Ok(Reply::Recorded));
        assert_eq!(kiosk.result(), Msg::GrantedTitle);
    }
}

#[test]
fn enrolment_verifies_before_it_saves() {
    let begin = || {
        let mut kiosk = Kiosk::ready();
        let run = kiosk.to_enrolment_camera();
        kiosk.frames(run, 12, 0.9);
        kiosk
    };
    let mut kiosk = begin();
    kiosk.answer(similarity(0.2));
    assert_eq!(kiosk.result(), Msg::EnrolUnclearTitle);
    let mut kiosk = begin();
    kiosk.answer(similarity(0.9)).answer(Ok(Reply::Enrolled(PersonId(9))));
    assert_eq!(kiosk.result(), Msg::EnrolledTitle);
}

#[test]
fn number_of_somebody_else_cannot_be_chosen() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::Register);
    let run = kiosk.reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(card(AgeBand::Adult)))).agree();
    kiosk.claim(Some(KnownPerson { person: PersonId(1), ..adult() }));
    assert!(matches!(kiosk.view(), View::Claim { remark: Some(Msg::ClaimTaken), len: 0, .. }));
    kiosk.claim(Some(adult()));
    assert!(matches!(kiosk.view(), View::Position { .. }));
}

#[test]
fn withdrawal_needs_card_and_one_touch_and_no_face() {
    let mut kiosk = Kiosk::ready();
    kiosk.event(Event::Locks(vec![FaceLock::ModelsRefused])).tap(Control::Withdraw);
    let run = kiosk.reader_run();
    kiosk.event(Event::Card(run, CardEvent::Read(card(AgeBand::Under14)))).tap(Control::ConfirmWithdraw).answer(Ok(Reply::Erased(None)));
    assert_eq!(kiosk.result(), Msg::ErasedTitle);
}

#[test]
fn every_camera_fault_has_its_own_words_and_leaves_the_card_way() {
    let mut seen = std::collections::HashSet::new();
    for fault in [
        Fault::CameraMissing,
        Fault::CameraBusy,
        Fault::CameraDenied,
        Fault::CameraUnplugged,
        Fault::CameraStalled,
        Fault::CameraFailed,
    ] {
        let mut kiosk = Kiosk::ready();
        let run = kiosk.to_camera();
        kiosk.event(Event::Camera(run, Err(fault)));
        // One that may only be slow to start is waited for a moment.
        if fault == Fault::CameraStalled {
            kiosk.now += 8_000;
            kiosk.event(Event::Wake);
        }
        assert!(kiosk.last.contains(&Command::CameraOff));
        assert!(seen.insert(kiosk.result()), "{fault:?} shares its words");
        kiosk.tap(Control::MethodCard);
        let run = kiosk.reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(card(AgeBand::Adult)))).answer(Ok(Reply::Recorded));
        assert_eq!(kiosk.result(), Msg::GrantedTitle);
    }
}

#[test]
fn a_camera_that_comes_back_goes_on_with_the_same_consent_and_nothing_gathered_before() {
    let away = |kiosk: &Kiosk| matches!(kiosk.view(), View::Position { away: Some(Fault::CameraUnplugged), live: false, percent: 0, .. });
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.event(Event::Camera(run, Ok(()))).frames(run, 5, 0.9).event(Event::Camera(run, Err(Fault::CameraUnplugged)));
    assert!(away(&kiosk));
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::ForgetSamples(ids) if ids.len() == 5)));
    assert!(!kiosk.last.contains(&Command::CameraOff), "the device is looked for");
    // What was still being looked at when it went away counts no more, and a second fault changes no word.
    kiosk.frames(run, 1, 0.9);
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::ForgetSamples(ids) if ids.len() == 1)));
    kiosk.event(Event::Camera(run, Err(Fault::CameraMissing)));
    assert!(away(&kiosk));
    kiosk.now += 7_000;
    kiosk.event(Event::Wake).event(Event::Camera(run, Ok(())));
    assert!(matches!(kiosk.view(), View::Position { away: None, live: false, percent: 0, .. }), "nobody has looked yet");
    kiosk.frames(run, 11, 0.9);
    assert!(matches!(kiosk.view(), View::Position { live: true, .. }));
    assert!(matches!(kiosk.view(), View::Position { .. }), "twelve of the new ones are needed");
    // The second time it stays away.
    kiosk.event(Event::Camera(run, Err(Fault::CameraUnplugged)));
    let end = kiosk.session.deadline().expect("it is waited for");
    kiosk.now = end.0;
    kiosk.event(Event::Wake);
    assert_eq!(kiosk.result(), Msg::FaultCameraUnplugged);
    assert!(kiosk.last.contains(&Command::CameraOff));
}

#[test]
fn a_camera_that_is_slow_to_start_is_waited_for() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.event(Event::Camera(run, Err(Fault::CameraStalled)));
    assert!(matches!(kiosk.view(), View::Position { away: Some(Fault::CameraStalled), .. }));
    kiosk.event(Event::Camera(run, Ok(())));
    kiosk.frames(run, 1, 0.9);
    assert!(matches!(kiosk.view(), View::Position { away: None, live: true, .. }));
}

#[test]
fn a_camera_that_is_unplugged_closes_the_face_way_at_the_first_screen_only() {
    let mut kiosk = Kiosk::ready();
    kiosk.event(Event::Locks(vec![FaceLock::CameraMissing]));
    assert!(!kiosk.session.screen().offers(Control::MethodFace));
    kiosk.event(Event::Locks(vec![])).tap(Control::MethodFace).claim(Some(adult()));
    assert!(matches!(kiosk.view(), View::Notice { .. }));
    kiosk.event(Event::Locks(vec![FaceLock::CameraMissing]));
    assert!(matches!(kiosk.view(), View::Notice { .. }), "a cable that shook throws nobody out");
    kiosk.agree();
    let run = kiosk.camera_run().expect("it is looked for");
    kiosk.event(Event::Camera(run, Err(Fault::CameraMissing)));
    assert_eq!(kiosk.result(), Msg::FaultCameraMissing);
}

#[test]
fn a_lock_that_comes_before_another_try_is_told_as_what_it_is() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.9).answer(Ok(Reply::Compared(Similarity::try_from(0.1).expect("a score"))));
    kiosk.event(Event::Locks(vec![FaceLock::ModelsRefused])).tap(Control::Retry);
    assert_eq!(kiosk.result(), Msg::FaultVisionFailed);
}

#[test]
fn losing_sight_of_the_face_starts_over() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 11, 0.9).event(Event::Seen(run, Finding::Guide(Guidance::NoFace)));
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::ForgetSamples(ids) if ids.len() == 11)));
    kiosk.frames(run, 11, 0.9);
    assert!(matches!(kiosk.view(), View::Position { .. }));
}

#[test]
fn a_hint_stays_long_enough_to_be_read() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    let hint = |kiosk: &Kiosk| if let View::Position { hint, .. } = kiosk.view() { hint } else { None };
    kiosk.event(Event::Seen(run, Finding::Guide(Guidance::Closer)));
    kiosk.event(Event::Seen(run, Finding::Guide(Guidance::TooDark)));
    assert_eq!(hint(&kiosk), Some(Guidance::Closer));
    kiosk.now += 1500;
    kiosk.event(Event::Seen(run, Finding::Guide(Guidance::TooDark)));
    assert_eq!(hint(&kiosk), Some(Guidance::TooDark));
    assert!(matches!(kiosk.view(), View::Position { offer_others: true, .. }));
}

#[test]
fn site_rule_decides_what_a_card_is_worth() {
    let stranger = CardFacts { person: None, ..card(AgeBand::Adult) };
    for (rule, facts, title) in [
        (CardRule::Accept, stranger, Msg::GrantedTitle),
        (CardRule::KnownOnly, stranger, Msg::CardStaffTitle),
        (CardRule::KnownOnly, card(AgeBand::Adult), Msg::GrantedTitle),
        (CardRule::StaffLook, card(AgeBand::Adult), Msg::CardStaffTitle),
        (CardRule::Accept, CardFacts { expired: true, ..stranger }, Msg::CardExpiredTitle),
        (CardRule::KnownOnly, CardFacts { listed: true, ..stranger }, Msg::GrantedTitle),
        (CardRule::Accept, CardFacts { doubt: true, ..card(AgeBand::Adult) }, Msg::CardStaffTitle),
        (CardRule::CardAndCode, stranger, Msg::CardStaffTitle),
    ] {
        let mut kiosk = Kiosk::with(Policy { card: rule, ..Policy::default() });
        kiosk.tap(Control::MethodCard);
        let run = kiosk.reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(facts)));
        if matches!(kiosk.view(), View::Card { .. }) {
            kiosk.answer(Ok(Reply::Recorded));
        }
        assert_eq!(kiosk.result(), title, "{rule:?}");
    }
}

#[test]
fn locks_close_the_face_way_only() {
    let mut kiosk = Kiosk::ready();
    kiosk.event(Event::Locks(vec![FaceLock::ModelsRefused]));
    let screen = kiosk.session.screen();
    assert!(!screen.offers(Control::MethodFace) && !screen.offers(Control::Register));
    assert!(screen.offers(Control::MethodCard) && screen.offers(Control::Withdraw));
}

#[test]
fn closed_store_leaves_staff_and_an_open_one_returns() {
    let mut kiosk = Kiosk::ready();
    kiosk.event(Event::Store(false));
    assert_eq!(kiosk.view(), View::OutOfService);
    kiosk.event(Event::Tap(Control::MethodCard));
    assert_eq!(kiosk.view(), View::OutOfService);
    kiosk.event(Event::Store(true));
    assert!(matches!(kiosk.view(), View::Home { .. }));
}

#[test]
fn wishes_are_forgotten_with_the_person() {
    let mut kiosk = Kiosk::ready();
    kiosk.tap(Control::LangEn).tap(Control::Large).tap(Control::MethodCard).tap(Control::Home);
    let comfort = kiosk.session.screen().comfort;
    assert_eq!((comfort.lang, comfort.large), (Lang::ZhCn, false));
}

#[test]
fn part_that_does_not_answer_ends_in_words() {
    let mut kiosk = Kiosk::ready();
    let run = kiosk.to_camera();
    kiosk.frames(run, 12, 0.9);
    kiosk.now += Policy::default().reply_ms;
    kiosk.event(Event::Wake);
    assert_eq!(kiosk.result(), Msg::FaultNoReply);
}

#[test]
fn doubtful_presentations_again_and_again_are_told_to_staff() {
    let mut kiosk = Kiosk::ready();
    let raised = |kiosk: &Kiosk| kiosk.last.contains(&Command::Raise(Alarm::LivenessRepeated));
    for attempt in 1..=5 {
        // Another person each time: nobody's own attempts run out.
        let known = KnownPerson { person: PersonId(attempt), ..adult() };
        kiosk.tap(Control::MethodFace).claim(Some(known)).agree();
        let run = kiosk.camera_run().expect("the camera is on");
        kiosk.frames(run, 12, 0.1);
        assert_eq!(kiosk.result(), Msg::ReferredTitle);
        assert_eq!(raised(&kiosk), attempt == 5, "attempt {attempt}");
        kiosk.tap(Control::Home);
    }
}

#[test]
fn card_and_code_goes_on_with_the_right_code_and_to_staff_after_three_wrong_ones() {
    let begin = || {
        let mut kiosk = Kiosk::with(Policy { card: CardRule::CardAndCode, ..Policy::default() });
        let run = kiosk.tap(Control::MethodCard).reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(card(AgeBand::Adult))));
        assert!(matches!(kiosk.view(), View::Code { ready: false, .. }) && kiosk.last.contains(&Command::ReaderOff));
        kiosk
    };
    let mut kiosk = begin();
    kiosk.event(Event::ClaimEdited(4)).tap(Control::ClaimDone).answer(Ok(Reply::CodeRight(true))).answer(Ok(Reply::Recorded));
    assert_eq!(kiosk.result(), Msg::GrantedTitle);
    let mut kiosk = begin();
    for wrong in 1..=3 {
        assert!(matches!(kiosk.view(), View::Code { .. }), "try {wrong}");
        kiosk.event(Event::ClaimEdited(4)).tap(Control::ClaimDone).answer(Ok(Reply::CodeRight(false)));
    }
    assert_eq!(kiosk.result(), Msg::CardStaffTitle);
    let mut kiosk = begin();
    kiosk.event(Event::ClaimEdited(4)).tap(Control::ClaimDone).answer(Err(Fault::StoreRead));
    assert_eq!(kiosk.result(), Msg::FaultStoreRead);
}

#[test]
fn list_is_asked_by_face_and_card_alike() {
    let listed_only = || Kiosk::with(Policy { admit: Admit::Listed, ..Policy::default() });
    for (listed, title) in [(true, Msg::GrantedTitle), (false, Msg::NotListedTitle)] {
        let mut kiosk = listed_only();
        let run = kiosk.tap(Control::MethodCard).reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(CardFacts { listed, ..card(AgeBand::Adult) })));
        if listed {
            kiosk.answer(Ok(Reply::Recorded));
        }
        assert_eq!(kiosk.result(), title);
    }
    let mut kiosk = listed_only();
    kiosk.tap(Control::MethodFace).claim(Some(KnownPerson { listed: false, ..adult() }));
    assert_eq!(kiosk.result(), Msg::NotFoundTitle, "no needless camera, and a number does not tell whose it is");
    let mut kiosk = listed_only();
    kiosk.tap(Control::MethodFace).claim(Some(KnownPerson { listed: true, ..adult() })).agree();
    assert!(kiosk.camera_run().is_some());
}

#[test]
fn staff_decide_with_their_log_in_and_a_reason_that_goes_on_record_first() {
    let come = |rule: CardRule, facts: CardFacts| {
        let mut kiosk = Kiosk::with(Policy { card: rule, ..Policy::default() });
        kiosk.event(Event::Board(Board { operators: true, ..Board::default() }));
        let run = kiosk.tap(Control::MethodCard).reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(facts)));
        assert!(matches!(kiosk.view(), View::Assist { decide: true }), "{:?}", kiosk.view());
        assert!(kiosk.last.contains(&Command::CallStaff) && kiosk.last.contains(&Command::WipeSession));
        kiosk.tap(Control::StaffDecide).tap(Control::LogIn);
        kiosk
    };
    let badge = CardFacts { shown: Shown::Badge, listed: true, ..card(AgeBand::Adult) };
    for (rule, facts) in [(CardRule::StaffApproval, card(AgeBand::Adult)), (CardRule::Accept, badge)] {
        let mut kiosk = come(rule, facts);
        kiosk.answer(Ok(Reply::LoggedIn(Role::Clerk))).tap(Control::SawDocument);
        let decided = Command::Decide(kiosk.request(), Some(PersonId(9)), Reason::SawDocument);
        assert!(kiosk.last.contains(&decided) && !kiosk.last.iter().any(|c| matches!(c, Command::Announce(_))));
        kiosk.answer(Ok(Reply::Recorded));
        assert!(kiosk.last.iter().any(|c| matches!(c, Command::Announce(grant) if grant.method() == Method::Staff)));
        assert_eq!(kiosk.result(), Msg::GrantedTitle);
    }
    let mut kiosk = come(CardRule::StaffApproval, card(AgeBand::Adult));
    kiosk.answer(Ok(Reply::LoggedIn(Role::Clerk))).tap(Control::NotExpected).answer(Ok(Reply::Recorded));
    assert_eq!(kiosk.result(), Msg::StaffDeclinedTitle);
    // Whoever repairs the machine lets nobody in.
    let mut kiosk = come(CardRule::StaffApproval, card(AgeBand::Adult));
    kiosk.answer(Ok(Reply::LoggedIn(Role::Installer)));
    assert!(matches!(kiosk.view(), View::StaffLogIn { remark: Some(Msg::StaffRole), .. }));
    let mut kiosk = come(CardRule::StaffApproval, card(AgeBand::Adult));
    kiosk.answer(Ok(Reply::LoggedIn(Role::Clerk))).tap(Control::SawDocument).answer(Err(Fault::StoreWrite));
    assert_eq!(kiosk.result(), Msg::FaultStoreWrite, "no record, no grant");
}

#[test]
fn own_data_open_to_a_document_only() {
    for facts in [
        CardFacts { shown: Shown::Badge, ..card(AgeBand::Adult) },
        CardFacts { shown: Shown::Phone, ..card(AgeBand::Adult) },
        CardFacts { doubt: true, ..card(AgeBand::Adult) },
    ] {
        let mut kiosk = Kiosk::ready();
        let run = kiosk.tap(Control::MyData).reader_run();
        kiosk.event(Event::Card(run, CardEvent::Read(facts)));
        assert_eq!(kiosk.result(), Msg::CardStaffTitle, "{facts:?}");
    }
}

#[test]
fn phone_way_is_there_where_the_site_has_it_and_ends_like_a_card() {
    let mut kiosk = Kiosk::ready();
    assert!(!kiosk.session.screen().offers(Control::MethodPhone));
    kiosk.event(Event::Board(Board { phone: true, ..Board::default() })).tap(Control::MethodPhone);
    let run = kiosk.last.iter().find_map(|c| if let Command::PhoneOn(run) = c { Some(*run) } else { None }).expect("asked");
    kiosk.event(Event::Card(run, CardEvent::Found));
    assert!(matches!(kiosk.view(), View::Phone { ready: true }) && kiosk.session.screen().offers(Control::MethodCard));
    kiosk.event(Event::Card(run, CardEvent::Read(CardFacts { shown: Shown::Phone, ..card(AgeBand::Adult) }))).answer(Ok(Reply::Recorded));
    assert!(kiosk.last.iter().any(|c| matches!(c, Command::Announce(grant) if grant.method() == Method::Phone)));
    assert!(kiosk.last.contains(&Command::PhoneOff));
    for (fault, title) in [(Fault::PhoneDeclined, Msg::FaultPhoneDeclined), (Fault::PhoneMissing, Msg::FaultPhoneMissing)] {
        kiosk.tap(Control::Home).tap(Control::MethodPhone);
        let run = kiosk.last.iter().find_map(|c| if let Command::PhoneOn(run) = c { Some(*run) } else { None }).expect("asked");
        kiosk.event(Event::Card(run, CardEvent::Failed(fault)));
        assert_eq!(kiosk.result(), title);
    }
}

#[test]
fn ticket_is_shown_to_whoever_waits_and_never_to_the_next() {
    let ticket = Ticket::parse("A012").expect("a ticket");
    let mut kiosk = Kiosk::ready();
    kiosk.event(Event::Ticket(ticket));
    assert_eq!(kiosk.session.screen().ticket, None, "nobody waits");
    kiosk.tap(Control::CallStaff).event(Event::Ticket(ticket));
    assert_eq!(kiosk.session.screen().ticket, Some(ticket));
    kiosk.tap(Control::Home);
    assert_eq!(kiosk.session.screen().ticket, None);
    kiosk.tap(Control::CallStaff).event(Event::Ticket(ticket)).tap(Control::MethodCard);
    assert_eq!(kiosk.session.screen().ticket, None);
}
