//! What the stages of a session share: the person's journey, what may be asked, what went wrong
//! lately.

use std::collections::BTreeMap;

use super::audit::{AttemptResult, AuditEvent};
use super::command::{Command, Commands, ConsentDraft};
use super::consent::{AgeBand, ConsentReceipt, Purpose};
use super::event::Event;
use super::evidence::Method;
use super::fault::Fault;
use super::guardian::{Guarded, Relation};
use super::ids::{PersonId, ReceiptId, RequestId, RunId};
use super::policy::Policy;
use super::readiness::FaceLock;
use super::screen::{Asked, Comfort, Lang};
use super::time::Tick;

/// What is known of the person who stands here; forgotten when they leave.
#[derive(Debug)]
pub(super) struct Journey {
    pub(super) purpose: Purpose,
    pub(super) person: Option<PersonId>,
    pub(super) age: AgeBand,
    pub(super) consent: Option<ConsentReceipt>,
    pub(super) notice_ms: u64,
    pub(super) notice_lang: Lang,
    pub(super) refused: bool,
    /// That a guardian agreed, where one must.
    pub(super) guarded: Option<Guarded>,
    /// Under which consent of before.
    pub(super) standing: Option<ReceiptId>,
    /// How the guardian who stands here is related.
    pub(super) relation: Option<Relation>,
    /// The age staff confirmed.
    pub(super) confirmed: Option<AgeBand>,
    /// The template is there already; only its consent is given anew.
    pub(super) renew: bool,
}

impl Journey {
    /// What goes on record when the person agrees now.
    pub(super) fn draft(&self) -> ConsentDraft {
        ConsentDraft {
            purpose: self.purpose,
            person: self.person,
            lang: self.notice_lang,
            shown_ms: self.notice_ms,
            guardian: None,
            standing: self.standing,
        }
    }

    /// Who has to agree.
    pub(super) fn asked(&self) -> Asked {
        match (self.age.needs_guardian(), self.guarded) {
            (false, _) => Asked::Person,
            (true, None) => Asked::Guardian,
            (true, Some(_)) => Asked::Child,
        }
    }

    /// Whether somebody other than the person agreed, or must.
    pub(super) fn asked_guardian(&self) -> bool {
        self.age.needs_guardian() && self.guarded.is_some()
    }

    pub(super) fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            person: None,
            age: AgeBand::Unknown,
            consent: None,
            notice_ms: 0,
            notice_lang: Lang::default(),
            refused: false,
            guarded: None,
            standing: None,
            relation: None,
            confirmed: None,
            renew: false,
        }
    }
}

/// Face attempts that did not succeed lately. Outlives sessions: going home is no new chance.
#[derive(Debug, Default)]
pub(super) struct Failures {
    people: BTreeMap<PersonId, Vec<Tick>>,
    /// Presentations that were not clearly live, whoever's they were.
    doubts: Vec<Tick>,
}

impl Failures {
    /// How long a failure counts. Units: ms.
    const WINDOW_MS: u64 = 15 * 60_000;
    /// So many doubtful presentations within that while are an attack, or a broken light: staff
    /// should look. Half of what NIST SP 800-63B-4 allows with liveness.
    const DOUBTS: usize = 5;

    /// A presentation was not clearly live. True if that was one too many; then it counts anew.
    pub(super) fn doubt(&mut self, at: Tick) -> bool {
        self.doubts.retain(|then| at.since(*then) < Self::WINDOW_MS);
        self.doubts.push(at);
        let many = self.doubts.len() >= Self::DOUBTS;
        if many {
            self.doubts.clear();
        }
        many
    }

    pub(super) fn add(&mut self, person: PersonId, at: Tick) {
        self.people.entry(person).or_default().push(at);
    }

    pub(super) fn clear(&mut self, person: PersonId) {
        self.people.remove(&person);
    }

    pub(super) fn count(&mut self, person: PersonId, now: Tick) -> u8 {
        self.people.retain(|_, times| {
            times.retain(|at| now.since(*at) < Self::WINDOW_MS);
            !times.is_empty()
        });
        u8::try_from(self.people.get(&person).map_or(0, Vec::len)).unwrap_or(u8::MAX)
    }
}

/// What a stage may see and do while it handles one event.
pub(super) struct Ctx<'a> {
    pub(super) at: Tick,
    pub(super) policy: &'a Policy,
    pub(super) comfort: Comfort,
    pub(super) locks: &'a [FaceLock],
    pub(super) journey: &'a mut Journey,
    pub(super) failures: &'a mut Failures,
    pub(super) out: &'a mut Commands,
    pub(super) next_id: &'a mut u64,
}

impl Ctx<'_> {
    fn fresh(&mut self) -> u64 {
        *self.next_id += 1;
        *self.next_id
    }

    /// Asks the outside world; the command is built around the new request.
    pub(super) fn ask(&mut self, build: impl FnOnce(RequestId) -> Command) -> Pending {
        let request = RequestId(self.fresh());
        self.out.push(build(request));
        Pending { request, until: self.at + self.policy.reply_ms }
    }

    /// A new period with a device on.
    pub(super) fn run(&mut self) -> RunId {
        RunId(self.fresh())
    }

    /// Puts the end of an attempt on record without waiting.
    pub(super) fn note_attempt(&mut self, method: Method, result: AttemptResult) {
        self.out.push(Command::Note(self.attempt(method, result, self.journey.person)));
    }

    /// The record of an attempt.
    pub(super) fn attempt(&self, method: Method, result: AttemptResult, person: Option<PersonId>) -> AuditEvent {
        AuditEvent::Attempt { method, result, person, policy: self.policy.version }
    }
}

/// An answer is awaited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    request: RequestId,
    until: Tick,
}

impl Pending {
    /// The answer, if this event is it; a fault if it came too late.
    pub(super) fn answer(
        self,
        at: Tick,
        event: &Event,
    ) -> Option<Result<super::event::Reply, Fault>> {
        match event {
            Event::Reply(request, reply) if *request == self.request => Some(*reply),
            _ if at >= self.until => Some(Err(Fault::NoReply)),
            _ => None,
        }
    }

    pub(super) fn deadline(self) -> Tick {
        self.until
    }
}
