//! The screens: every view, and what is special in it.

use mianzheng::core::alarm::{Alarm, OpenAlarm};
use mianzheng::core::consent::Purpose;
use mianzheng::core::evidence::Guidance;
use mianzheng::core::fault::Fault;
use mianzheng::core::message::Msg;
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::screen::{Asked, Board, Choice, Comfort, Control, Screen, Tone, View, Warning};
use mianzheng::core::theft::Theft;
use mianzheng::core::ticket::Ticket;
use mianzheng::ports::{Paper, PhoneLink};

#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) name: String,
    pub(crate) screen: Screen,
    pub(crate) paper: Option<Paper>,
    pub(crate) link: Option<PhoneLink>,
    pub(crate) leads_back: bool,
}

fn scene(name: &str, view: View, own: &[Control]) -> Scene {
    let mut controls = own.to_vec();
    let home = matches!(view, View::Home { .. } | View::OutOfService);
    if !home {
        for control in [Control::MethodCard, Control::CallStaff, Control::Home] {
            let here = matches!((&view, control), (View::Card { purpose: Purpose::Verify, .. }, Control::MethodCard) | (View::Assist { .. }, Control::CallStaff));
            if !here {
                controls.push(control);
            }
        }
    }
    controls.extend(Control::EVERYWHERE);
    let leads_back = matches!(view, View::Claim { .. } | View::Notice { .. } | View::Consent { .. } | View::Position { .. } | View::Card { .. } | View::Phone { .. } | View::Code { .. } | View::Offer);
    let screen = Screen { view, controls, comfort: Comfort::default(), headphones: false, ticket: None, warning: None };
    let ready = matches!(screen.view, View::Phone { ready: true });
    let link = ready.then(|| PhoneLink { address: "https://id.example/device?user_code=WDJB-MJHT".into(), code: "WDJB-MJHT".into() });
    Scene { name: name.to_owned(), screen, paper: None, link, leads_back }
}

/// All of them.
pub(crate) fn all() -> Vec<Scene> {
    use Control as C;
    let home = [C::MethodCard, C::CallStaff, C::Withdraw, C::MyData, C::StaffOnly];
    let open: Vec<C> = home.into_iter().chain([C::MethodFace, C::Register]).collect();
    let claim = |len, ready, remark, choosing| View::Claim { len, ready, remark, choosing };
    let position = |live, hint, percent, offer_others| View::Position { live, away: None, hint, percent, offer_others };
    let card = |purpose, reading, guardian| View::Card { purpose, reading, guardian };
    let mut scenes = vec![
        scene("home", View::Home { locks: vec![] }, &open),
        scene("home-closed", View::Home { locks: vec![FaceLock::ModelsRefused] }, &home),
        scene("claim", claim(0, false, None, false), &[]),
        scene("claim-ready", claim(6, true, None, false), &[C::ClaimDone]),
        scene("claim-taken", claim(0, false, Some(Msg::ClaimTaken), true), &[]),
        scene("notice", View::Notice { purpose: Purpose::Verify, read: false, child: false }, &[]),
        scene("notice-enrol-read", View::Notice { purpose: Purpose::Enrol, read: true, child: false }, &[C::Continue]),
        scene("notice-child", View::Notice { purpose: Purpose::Enrol, read: true, child: true }, &[C::Continue, C::Decline]),
        scene("position-start", position(false, None, 0, false), &[]),
        scene("position-away", View::Position { live: false, away: Some(Fault::CameraUnplugged), hint: None, percent: 0, offer_others: true }, &[]),
        scene("position-good", position(true, None, 40, false), &[]),
        scene("working", View::Working, &[]),
        scene("card-verify", card(Purpose::Verify, false, false), &[]),
        scene("card-enrol-reading", card(Purpose::Enrol, true, false), &[]),
        scene("card-guardian", card(Purpose::Enrol, false, true), &[]),
        scene("card-mydata", card(Purpose::MyData, false, false), &[]),
        scene("card-withdraw", card(Purpose::Withdraw, false, false), &[]),
        scene("guardian", View::Guardian { unknown: false }, &[C::GuardianHere]),
        scene("guardian-unknown", View::Guardian { unknown: true }, &[C::GuardianHere, C::AgeStaff]),
        scene("relation", View::Choice { about: Choice::Relation }, &[C::RelationParent, C::RelationGrandparent, C::RelationOther]),
        scene("evidence", View::Choice { about: Choice::Evidence }, &[C::EvidenceHousehold, C::EvidenceBirthPaper, C::EvidenceAppointed]),
        scene("evidence-mandate", View::Choice { about: Choice::Evidence }, &[C::EvidenceMandate]),
        scene("age", View::Choice { about: Choice::Age }, &[C::AgeAdult, C::AgeYouth, C::AgeChild]),
        scene("offer", View::Offer, &[C::OfferNo, C::OfferYes]),
        scene("confirm-withdraw", View::ConfirmWithdraw, &[C::KeepTemplate, C::ConfirmWithdraw]),
        scene("assist", View::Assist { decide: false }, &[C::StaffDecide]),
        scene("assist-decide", View::Assist { decide: true }, &[C::StaffDecide]),
        scene("admit", View::Choice { about: Choice::Admit }, &[C::SawDocument, C::KnowsPerson, C::AskedElsewhere, C::NotExpected, C::AtTheDesk]),
        scene("home-phone", View::Home { locks: vec![] }, &[open.clone(), vec![C::MethodPhone]].concat()),
        scene("phone-wait", View::Phone { ready: false }, &[]),
        scene("phone", View::Phone { ready: true }, &[]),
        scene("code", View::Code { len: 2, ready: false, remark: None }, &[]),
        scene("code-wrong", View::Code { len: 0, ready: false, remark: Some(Msg::CodeWrong) }, &[]),
        scene("out-of-service", View::OutOfService, &[]),
        scene("log-in", View::StaffLogIn { first: false, witness: false, remark: Some(Msg::StaffWait), seconds: 30 }, &[C::LogIn]),
        scene("log-in-first", View::StaffLogIn { first: true, witness: false, remark: None, seconds: 0 }, &[C::LogIn]),
        scene("witness", View::StaffLogIn { first: false, witness: true, remark: None, seconds: 0 }, &[C::LogIn]),
        board(),
    ];
    for (name, asked, purpose, sure) in [
        ("consent", Asked::Person, Purpose::Verify, false),
        ("consent-enrol", Asked::Person, Purpose::Enrol, false),
        ("consent-guardian", Asked::Guardian, Purpose::Enrol, false),
        ("consent-child", Asked::Child, Purpose::Verify, false),
        ("consent-sure", Asked::Person, Purpose::Verify, true),
    ] {
        scenes.push(scene(name, View::Consent { purpose, asked, sure }, &[C::Agree, C::Decline]));
    }
    let hints = [
        Guidance::NoFace, Guidance::ManyFaces, Guidance::Closer, Guidance::Farther, Guidance::Centre, Guidance::FaceForward,
        Guidance::TooDark, Guidance::TooBright, Guidance::HoldStill, Guidance::Uncover,
        Guidance::TurnLeft, Guidance::TurnRight,
    ];
    for hint in hints {
        scenes.push(scene(&format!("hint-{hint:?}").to_lowercase(), position(true, Some(hint), 0, true), &[]));
    }
    for (title, body, tone, own) in RESULTS {
        scenes.push(scene(&title.id().replace("-title", ""), View::Result { tone: *tone, title: *title, body: *body }, own));
    }
    for fault in Fault::ALL {
        let (title, body) = fault.words();
        let retry: &[C] = if matches!(fault, Fault::CardUnreadable | Fault::CardRemoved | Fault::ReaderMissing) { &[C::Retry] } else { &[] };
        scenes.push(scene(title.id(), View::Result { tone: Tone::Fault, title, body }, retry));
    }
    scenes.extend(papers());
    for name in ["granted", "assist"] {
        let mut waits = scenes.iter().find(|scene| scene.name == name).expect("a scene").clone();
        waits.name = format!("{name}-ticket");
        waits.screen.ticket = Ticket::parse("A012");
        scenes.push(waits);
    }
    for (name, extendable) in [("warning", true), ("warning-last", false)] {
        let mut warned = scene(name, View::Consent { purpose: Purpose::Verify, asked: Asked::Person, sure: false }, &[C::Agree, C::Decline]);
        warned.screen.warning = Some(Warning { seconds: 20, extendable });
        warned.screen.controls.extend(extendable.then_some(C::MoreTime));
        scenes.push(warned);
    }
    scenes
}

const RESULTS: &[(Msg, Msg, Tone, &[Control])] = &[
    (Msg::GrantedTitle, Msg::GrantedBody, Tone::Good, &[Control::ShowReceipt]),
    (Msg::NoMatchTitle, Msg::NoMatchAgain, Tone::Turn, &[Control::Retry]),
    (Msg::NoMatchTitle, Msg::NoMatchLast, Tone::Turn, &[]),
    (Msg::ReferredTitle, Msg::ReferredBody, Tone::Turn, &[]),
    (Msg::DeclinedTitle, Msg::DeclinedBody, Tone::Turn, &[]),
    (Msg::NotFoundTitle, Msg::NotFoundBody, Tone::Turn, &[]),
    (Msg::GuardianTitle, Msg::GuardianBody, Tone::Turn, &[]),
    (Msg::CardExpiredTitle, Msg::CardExpiredBody, Tone::Turn, &[]),
    (Msg::CardStaffTitle, Msg::CardStaffBody, Tone::Turn, &[]),
    (Msg::NotListedTitle, Msg::NotListedBody, Tone::Turn, &[]),
    (Msg::StaffDeclinedTitle, Msg::StaffDeclinedBody, Tone::Turn, &[]),
    (Msg::NothingStoredTitle, Msg::NothingStoredBody, Tone::Good, &[]),
    (Msg::NothingKnownTitle, Msg::NothingKnownBody, Tone::Good, &[]),
    (Msg::NotGuardianTitle, Msg::NotGuardianBody, Tone::Turn, &[Control::Retry]),
    (Msg::RenewedTitle, Msg::RenewedBody, Tone::Good, &[Control::ShowReceipt]),
    (Msg::RenewNeededTitle, Msg::RenewNeededBody, Tone::Turn, &[]),
    (Msg::MinorNeedsApprovalTitle, Msg::MinorNeedsApprovalBody, Tone::Turn, &[]),
    (Msg::EnrolledTitle, Msg::EnrolledBody, Tone::Good, &[Control::ShowReceipt]),
    (Msg::EnrolUnclearTitle, Msg::EnrolUnclearBody, Tone::Turn, &[Control::Retry]),
    (Msg::ErasedTitle, Msg::ErasedBody, Tone::Good, &[Control::ShowReceipt]),
];

fn board() -> Scene {
    let alarm = |alarm| OpenAlarm { alarm, first_ms: 1_790_000_000_000, last_ms: 1_790_000_000_000, count: 3 };
    let board = Board {
        alarms: vec![alarm(Alarm::ReaderChanged), alarm(Alarm::ClockBack)],
        theft: Some(Theft::KeyFile),
        people: 128,
        entries: 4_096,
        operators: true,
        requests: (2, 1),
        phone: true,
        filing_due: false,
    };
    let locks = vec![FaceLock::NoAssessment, FaceLock::CardWayMissing];
    scene("board", View::Board { board, locks }, &[Control::ClearAlarms, Control::OpenRecord])
}

/// A page of one's own data and a receipt, with words of the length they really have.
fn papers() -> Vec<Scene> {
    use Control as C;
    let mut page = Paper::new("我的信息 · My data".into(), "zh-CN");
    for part in 1..=6 {
        page.heading(format!("第 {part} 项 Part {part}"));
        page.text("面部特征：已保存，2026-11-22 登记，最长保存到 2027-11-22。 Face features: stored.".into());
        page.row("用途 Purpose".into(), "核验来访者身份 Verification of visitors".into());
    }
    let own = [C::Restrict, C::Withdraw, C::AskCorrection, C::AskExplanation, C::Complain, C::ShowReceipt, C::Print];
    let mut mine = scene("my-data", View::Paper { own: true, printed: None }, &own);
    mine.paper = Some(page.clone());
    let mut receipt = scene("receipt", View::Paper { own: false, printed: Some(true) }, &[C::Print]);
    receipt.paper = Some(page);
    vec![mine, receipt]
}
