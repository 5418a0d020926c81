//! The loop: takes what happens, asks the session, carries its orders out.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::core::alarm::Alarm;
use crate::core::audit::AuditEvent;
use crate::core::command::{Command, Commands, EnrolOrder};
use crate::core::consent::Purpose;
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::ids::{RequestId, RunId};
use crate::core::operator::Action;
use crate::core::policy::Policy;
use crate::core::readiness::{FaceLock, Models, SiteFacts};
use crate::core::screen::{Board, Control, Lang, View};
use crate::core::session::Session;
use crate::core::time::Tick;
use crate::ports::{
    Camera, CameraSink, CardReader, CardSight, Clock, Embedding, Facts, Frame, IdentityAuthority, OutcomePort, PhoneSight, Printer,
    Scanner, Scribe, Secret, Sentinel, StoreFault, StoreRoom, Voice,
};

use super::eyes::{EyesLoader, Job, NoEyes, Worker};
use super::handle::{Act, KioskHandle, Shared};
use super::journal::Journal;
use super::latest::LatestFrame;
use super::private::Private;

/// Units: milliseconds.
pub(super) const HOUR_MS: u64 = 3_600_000;
/// How often the machine is looked at. Units: milliseconds.
pub(super) const LOOK_MS: u64 = 5_000;
/// Fewest digits of a number; with fewer, none can have been submitted.
const FEWEST: u8 = 4;

/// Everything a kiosk is built from.
pub struct Devices {
    /// The camera.
    pub camera: Box<dyn Camera>,
    /// The card reader.
    pub reader: Box<dyn CardReader>,
    /// Asks a person's phone, where the site has that way.
    pub phone: Box<dyn IdentityAuthority>,
    /// Whatever types by itself.
    pub scanner: Box<dyn Scanner>,
    /// The store, or what stands in for it while it cannot be opened.
    pub records: Box<dyn StoreRoom>,
    /// Watches the machine itself.
    pub sentinel: Box<dyn Sentinel>,
    /// Where outcomes go.
    pub outcome: Box<dyn OutcomePort>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Prepares the models.
    pub eyes: EyesLoader,
    /// Where the course of events is written, if anywhere.
    pub journal: Option<Journal>,
    /// Writes pages.
    pub scribe: Box<dyn Scribe>,
    /// Prints them.
    pub printer: Arc<dyn Printer>,
    /// Speaks.
    pub voice: Box<dyn Voice>,
    /// From which age larger and slower is offered, if at all. Units: years.
    pub elder_age: Option<u16>,
    /// What readiness asks of the site.
    pub site: SiteFacts,
    /// What two persons approved of the policy.
    pub policy_mark: String,
    /// A real kiosk: there must be a supervisor and an approved policy. Not in a demo.
    pub in_service: bool,
}

pub(super) enum Input {
    Event(Event),
    Act(Act),
    Card(RunId, CardSight),
    Phone(RunId, PhoneSight),
    Scanned(Secret),
    ModelsLoaded(Option<NoEyes>),
    Fused(RequestId, Option<Embedding>),
    Said(u64),
    Stop,
}

/// The kiosk itself; lives on its own thread.
pub struct Kiosk {
    pub(super) session: Session,
    pub(super) devices: Devices,
    pub(super) private: Private,
    pub(super) shared: Arc<Shared>,
    pub(super) to: Sender<Input>,
    eyes: Sender<Job>,
    /// The enrolment whose template is being made.
    enrolling: Option<(RequestId, EnrolOrder)>,
    /// The reader's or the phone's period; what it says of another is dropped unread.
    pub(super) reading: Option<RunId>,
    /// The camera's period, and what for.
    capturing: Option<(RunId, Purpose)>,
    /// What is known of the models.
    pub(super) models: Models,
    /// What the session was last told of the device.
    pub(super) told: Option<(Vec<FaceLock>, Board)>,
    /// The session must be told anew.
    pub(super) stale: bool,
    /// When the store last looked after itself.
    pub(super) tended_at: Option<Tick>,
    /// When the machine was last looked at.
    pub(super) looked_at: Tick,
    /// When the last utterance began.
    pub(super) spoken_at: Tick,
    /// What the clocks showed then: time since the start of the machine, and wall time. Units: ms.
    pub(super) clocks: Option<(u64, i64)>,
}

impl Kiosk {
    /// Starts the loop and the vision worker.
    #[must_use]
    pub fn start(policy: Policy, lang: Lang, mut devices: Devices) -> KioskHandle {
        let (to, inputs) = channel();
        let (eyes, jobs) = channel();
        let session = Session::new(policy, lang);
        let latest = Arc::new(LatestFrame::default());
        let shared = Arc::new(Shared {
            screen: Mutex::new(session.screen()),
            latest: latest.clone(),
            paper: Mutex::new(None),
            link: Mutex::new(None),
            said: AtomicU64::new(0),
            repaint: Mutex::new(None),
            beats: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        let loader = std::mem::replace(&mut devices.eyes, Box::new(|| Err(NoEyes::Unusable)));
        let worker = Worker { latest, jobs, to: to.clone() };
        std::thread::spawn(move || worker.work(loader));
        let kiosk = Self {
            session,
            devices,
            private: Private::default(),
            shared: shared.clone(),
            to: to.clone(),
            eyes,
            enrolling: None,
            reading: None,
            capturing: None,
            models: Models::Loading,
            told: None,
            stale: false,
            tended_at: None,
            looked_at: Tick(0),
            spoken_at: Tick(0),
            clocks: None,
        };
        let ended = Ended(shared.clone());
        let thread = std::thread::spawn(move || {
            // Told also where the loop panics.
            let _ended = ended;
            kiosk.run(&inputs);
        });
        KioskHandle { to, shared, thread: Some(thread) }
    }

    fn run(mut self, inputs: &Receiver<Input>) {
        let policy = self.session.policy().version;
        let facts = Facts {
            reader: self.devices.reader.identity(),
            policy: self.devices.policy_mark.clone(),
            ..self.devices.sentinel.facts()
        };
        let to = self.to.clone();
        self.devices.scanner.start(Box::new(move |text| drop(to.send(Input::Scanned(text)))));
        let to = self.to.clone();
        self.devices.outcome.listen(Box::new(move |ticket| drop(to.send(Input::Event(Event::Ticket(ticket))))));
        let _ = self.devices.records.observe(&facts);
        let _ = self.devices.records.record(&AuditEvent::Started { policy });
        self.refresh();
        loop {
            self.shared.beats.fetch_add(1, Ordering::SeqCst);
            self.watch();
            let patience = self.session.deadline().map_or(HOUR_MS, |end| end.since(self.devices.clock.tick()));
            let input = match inputs.recv_timeout(Duration::from_millis(patience.min(LOOK_MS))) {
                Ok(input) => input,
                Err(RecvTimeoutError::Timeout) => {
                    self.listened();
                    Input::Event(Event::Wake)
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            match input {
                Input::Event(event) => {
                    // Whoever stands there when the camera is back is looked at afresh.
                    if let (Event::Camera(run, Err(_)), Some((on, purpose))) = (&event, self.capturing)
                        && *run == on
                    {
                        let _ = self.eyes.send(Job::Begin(on, purpose));
                    }
                    self.step(&event);
                }
                Input::Act(act) => self.act(act),
                Input::Card(run, sight) => self.card(run, sight),
                Input::Phone(run, sight) => self.phone(run, sight),
                Input::Scanned(text) => self.scanned(text),
                Input::ModelsLoaded(refused) => {
                    self.models = if refused.is_some() { Models::Refused } else { Models::Ready };
                    if refused == Some(NoEyes::Changed) {
                        self.raise(Alarm::ModelChanged);
                    }
                    self.refresh();
                }
                Input::Fused(request, template) => self.fused(request, template),
                Input::Said(id) => self.said(id),
                Input::Stop => break,
            }
        }
        self.devices.camera.stop();
        self.devices.reader.stop();
        self.devices.phone.stop();
        self.devices.voice.hush();
    }

    fn act(&mut self, act: Act) {
        let typing = matches!(
            self.session.screen().view,
            View::Claim { ready, len, .. } | View::Code { ready, len, .. } if ready || len < FEWEST
        );
        match act {
            Act::Tap(control) => self.step(&Event::Tap(control)),
            Act::NoticeEnd => self.step(&Event::NoticeEnd),
            Act::StaffTyped => self.step(&Event::StaffTyped),
            Act::Stir => self.step(&Event::Stirred),
            Act::Headphones(plugged) => {
                // Before anything goes on to the other ears.
                self.devices.voice.hush();
                self.step(&Event::Headphones(plugged));
            }
            Act::Say(id, said) => self.say(id, said),
            Act::Hush => self.devices.voice.hush(),
            Act::LogIn(name, password, again) => {
                if matches!(self.session.screen().view, View::StaffLogIn { .. }) {
                    self.private.log_in = Some((name, password, again));
                    self.step(&Event::Tap(Control::LogIn));
                }
            }
            Act::Digit(_) | Act::EraseDigit if !typing => {}
            Act::Digit(digit) => {
                if self.private.claim.push(digit) {
                    self.step(&Event::ClaimEdited(self.private.claim.digits()));
                }
            }
            Act::EraseDigit => {
                self.private.claim.pop();
                self.step(&Event::ClaimEdited(self.private.claim.digits()));
            }
        }
    }

    fn fused(&mut self, request: RequestId, template: Option<Embedding>) {
        let Some((_, order)) = self.enrolling.take_if(|(asked, _)| *asked == request) else { return };
        let Private { claim, identity, .. } = &self.private;
        let reply = match (template, identity) {
            (Some(template), Some(identity)) => self
                .devices
                .records
                .enrol(&order, identity, claim, &template)
                .map(Reply::Enrolled)
                .map_err(|StoreFault| Fault::StoreWrite),
            (None, _) => Ok(Reply::Mixed),
            (Some(_), None) => Err(Fault::StoreWrite),
        };
        self.step(&Event::Reply(request, reply));
    }

    pub(super) fn step(&mut self, event: &Event) {
        let at = self.devices.clock.tick();
        let mut out = Commands::default();
        self.session.handle(at, event, &mut out);
        let commands = out.take();
        let screen = self.session.screen();
        if let Some(journal) = self.devices.journal.as_mut() {
            journal.write(at, event, &commands, &screen);
        }
        for command in commands {
            self.carry_out(command);
        }
        self.shared.publish(screen);
        if std::mem::take(&mut self.stale) {
            self.refresh();
        }
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::CameraOn(capture) => self.camera_on(capture.run(), capture.purpose()),
            Command::CameraOff => {
                self.capturing = None;
                let _ = self.eyes.send(Job::End);
                self.shared.latest.end();
                self.devices.camera.stop();
            }
            Command::ForgetSamples(ids) => drop(self.eyes.send(Job::Forget(ids))),
            Command::WipeSamples => {
                let _ = self.eyes.send(Job::Wipe);
                self.enrolling = None;
            }
            Command::WipeSession => {
                let _ = self.eyes.send(Job::Wipe);
                self.enrolling = None;
                self.reading = None;
                self.private = Private::default();
                self.shared.put_paper(None);
                self.shared.put_link(None);
                self.devices.voice.hush();
            }
            Command::ReaderOn(run) => {
                self.reading = Some(run);
                let to = self.to.clone();
                let sink = Box::new(move |run, sight| drop(to.send(Input::Card(run, sight))));
                self.devices.reader.start(run, sink);
            }
            Command::ReaderOff => {
                self.reading = None;
                self.devices.reader.stop();
            }
            Command::PhoneOn(run) => self.phone_on(run),
            Command::PhoneOff => self.phone_off(),
            Command::EraseClaim => self.private.claim = crate::ports::ClaimNumber::default(),
            Command::FindClaim(request) => {
                let Private { claim, .. } = &self.private;
                let found = self.devices.records.find_claim(claim);
                self.reply(request, found.map(Reply::Found), Fault::StoreRead);
            }
            Command::StoreConsent(request, draft) => self.store_consent(request, &draft),
            Command::ExpectGuardian => self.private.expect_guardian = true,
            Command::ActAsGuardian => self.private.guardian = self.private.identity.take(),
            Command::ShowOwn(request, person, by_staff) => self.show_own(request, person, by_staff),
            Command::ShowReceipt(request, receipt) => self.show_receipt(request, receipt),
            Command::Print(request) => self.print(request),
            Command::Restrict(request, person, on) => {
                // Staff may pause for somebody, never let it go on.
                let may = self.may_act_for(Action::OpenRecord) && (on || self.private.staff.is_none());
                let done = if may { self.devices.records.restrict(person, on) } else { Err(StoreFault) };
                self.done(request, done);
            }
            Command::File(request, person, kind) => {
                let may = self.may_act_for(Action::OpenRecord);
                let done = if may { self.devices.records.request(person, kind).map(drop) } else { Err(StoreFault) };
                self.done(request, done);
            }
            Command::Renew(request, person, receipt) => {
                let done = self.devices.records.renew(person, receipt);
                self.done(request, done);
            }
            Command::Compare(request, person, samples) => match self.devices.records.template(person) {
                Ok(Some(template)) => drop(self.eyes.send(Job::Compare(request, template, samples))),
                Ok(None) | Err(_) => self.later(Event::Reply(request, Err(Fault::StoreRead))),
            },
            Command::CompareHalves(request, a, b) => drop(self.eyes.send(Job::CompareHalves(request, a, b))),
            Command::Enrol(request, order) => {
                let _ = self.eyes.send(Job::Fuse(request, order.samples.clone()));
                self.enrolling = Some((request, order));
            }
            Command::Erase(request, person) => {
                let receipt = self.devices.records.receipt_of(person).unwrap_or_default();
                let erased = if self.may_act_for(Action::EraseOne) {
                    self.devices.records.erase(person).map(|()| Reply::Erased(receipt))
                } else {
                    Ok(Reply::NotApproved)
                };
                self.reply(request, erased, Fault::StoreWrite);
            }
            Command::Record(request, entry) => {
                let stored = self.devices.records.record(&entry);
                self.reply(request, stored.map(|()| Reply::Recorded), Fault::StoreWrite);
            }
            Command::Note(AuditEvent::AgeConfirmed { age, .. }) => self.age_confirmed(age),
            Command::Note(entry) => {
                // Nobody waits for it; the store itself reports that it could not write.
                let _ = self.devices.records.record(&entry);
            }
            Command::Announce(grant) => self.devices.outcome.granted(&grant),
            Command::CallStaff => self.devices.outcome.staff_called(),
            Command::LogIn(request, first) => self.log_in(request, first),
            Command::ClearAlarms(request) => self.clear_alarms(request),
            Command::CheckCode(request) => self.check_code(request),
            Command::Decide(request, person, reason) => self.decide(request, person, reason),
            Command::Raise(alarm) => {
                self.raise(alarm);
                self.stale = true;
            }
        }
    }

    fn camera_on(&mut self, run: RunId, purpose: Purpose) {
        self.capturing = Some((run, purpose));
        self.shared.latest.begin(run);
        let sink = Sink { to: self.to.clone(), shared: self.shared.clone() };
        self.devices.camera.start(run, Arc::new(sink));
        let _ = self.eyes.send(Job::Begin(run, purpose));
    }

    pub(super) fn reply(&self, request: RequestId, reply: Result<Reply, StoreFault>, fault: Fault) {
        self.later(Event::Reply(request, reply.map_err(|StoreFault| fault)));
    }

    /// Answers come as events of their own, after the step that asked.
    pub(super) fn later(&self, event: Event) {
        let _ = self.to.send(Input::Event(event));
    }
}

/// Says so when the loop is left, whatever the way.
struct Ended(Arc<Shared>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::SeqCst);
        self.0.repaint();
    }
}

struct Sink {
    to: Sender<Input>,
    shared: Arc<Shared>,
}

impl CameraSink for Sink {
    fn frame(&self, run: RunId, frame: Frame) {
        if self.shared.latest.put(run, frame) {
            let _ = self.to.send(Input::Event(Event::Camera(run, Ok(()))));
        }
        self.shared.repaint();
    }

    fn state(&self, run: RunId, state: Result<(), Fault>) {
        if state.is_err() {
            // No picture of a person stays on the screen behind a message.
            self.shared.latest.clear(run);
        }
        let _ = self.to.send(Input::Event(Event::Camera(run, state)));
    }
}
