//! A child's guardian: named by their own card, witnessed by staff, on record before anything else.

use crate::core::audit::AuditEvent;
use crate::core::command::{Command, ConsentDraft};
use crate::core::consent::{AgeBand, ConsentReceipt};
use crate::core::context::{Ctx, Journey, Pending};
use crate::core::event::{Event, Reply};
use crate::core::fault::Fault;
use crate::core::guardian::{Evidence, Guarded, GuardianDraft, Relation};
use crate::core::screen::{Choice, Control, View};

use super::result::Outcome;
use super::{Exit, GuardianExit, Step};

#[derive(Debug)]
pub(in crate::core) enum Guardian {
    /// What is needed, before anything begins.
    Intro,
    /// How the guardian is related to the child.
    Relation,
    /// Staff, logged in, say which age they confirmed.
    Age,
    /// Staff, logged in, say what they saw; then the consent goes on record.
    Evidence { asked: Option<(Pending, GuardianDraft)> },
}

impl Guardian {
    pub(super) fn on(&mut self, event: &Event, ctx: &mut Ctx) -> Step {
        match (&mut *self, event) {
            (Self::Intro, Event::Tap(Control::GuardianHere)) => Step::Leave(Exit::Guardian(GuardianExit::Here)),
            (Self::Intro, Event::Tap(Control::AgeStaff)) if ctx.journey.age == AgeBand::Unknown => Step::Leave(Exit::Guardian(GuardianExit::AgeAsked)),
            (Self::Relation, Event::Tap(control)) => match relation(*control) {
                Some(relation) => {
                    ctx.journey.relation = Some(relation);
                    Step::Leave(Exit::Guardian(GuardianExit::RelationKnown))
                }
                None => Step::Stay,
            },
            (Self::Age, Event::Tap(control)) => match age(*control) {
                Some(age) => {
                    ctx.journey.age = age;
                    ctx.journey.confirmed = Some(age);
                    ctx.out.push(Command::Note(AuditEvent::AgeConfirmed { age, by: None }));
                    Step::Leave(Exit::Guardian(GuardianExit::AgeKnown))
                }
                None => Step::Stay,
            },
            (Self::Evidence { asked }, event) => on_evidence(asked, event, ctx),
            _ => Step::Stay,
        }
    }

    pub(super) fn view(&self, journey: &Journey) -> (View, Vec<Control>) {
        let choice = |about, controls: Vec<Control>| (View::Choice { about }, controls);
        match self {
            Self::Intro => {
                let unknown = journey.age == AgeBand::Unknown;
                let mut controls = vec![Control::GuardianHere];
                controls.extend(unknown.then_some(Control::AgeStaff));
                (View::Guardian { unknown }, controls)
            }
            Self::Relation => choice(Choice::Relation, Relation::ALL.map(relation_control).to_vec()),
            Self::Age => choice(Choice::Age, vec![Control::AgeAdult, Control::AgeYouth, Control::AgeChild]),
            Self::Evidence { asked: Some(_) } => (View::Working, Vec::new()),
            Self::Evidence { asked: None } => {
                let shown = journey.relation.map_or(&[][..], Relation::shown_by);
                choice(Choice::Evidence, shown.iter().copied().map(evidence_control).collect())
            }
        }
    }

    pub(super) fn pending(&self) -> Option<Pending> {
        match self {
            Self::Evidence { asked } => asked.map(|(asked, _)| asked),
            Self::Intro | Self::Relation | Self::Age => None,
        }
    }
}

fn on_evidence(asked: &mut Option<(Pending, GuardianDraft)>, event: &Event, ctx: &mut Ctx) -> Step {
    if let Some((pending, draft)) = *asked {
        return match pending.answer(ctx.at, event) {
            None => Step::Stay,
            Some(Ok(Reply::ConsentStored(id))) => {
                ctx.journey.guarded = Guarded::now(draft);
                let Journey { purpose, age, guarded, .. } = *ctx.journey;
                ctx.journey.consent = ConsentReceipt::stored(id, purpose, age, guarded);
                Step::Leave(if ctx.journey.consent.is_some() { Exit::Agreed } else { Exit::Ended(Outcome::GuardianNeeded) })
            }
            Some(Ok(Reply::NotApproved)) => Step::Leave(Exit::Ended(Outcome::GuardianNeeded)),
            Some(Ok(_)) => Step::Leave(Exit::Faulted(Fault::StoreWrite)),
            Some(Err(fault)) => Step::Leave(Exit::Faulted(fault)),
        };
    }
    let (Event::Tap(control), Some(relation)) = (event, ctx.journey.relation) else { return Step::Stay };
    let seen = relation.shown_by().iter().copied().find(|evidence| evidence_control(*evidence) == *control);
    if let Some(evidence) = seen {
        let guardian = GuardianDraft { relation, evidence };
        let draft = ConsentDraft { guardian: Some(guardian), ..ctx.journey.draft() };
        *asked = Some((ctx.ask(|request| Command::StoreConsent(request, draft)), guardian));
    }
    Step::Stay
}

fn relation(control: Control) -> Option<Relation> {
    Relation::ALL.into_iter().find(|relation| relation_control(*relation) == control)
}

fn relation_control(relation: Relation) -> Control {
    match relation {
        Relation::Parent => Control::RelationParent,
        Relation::Grandparent => Control::RelationGrandparent,
        Relation::Other => Control::RelationOther,
    }
}

fn evidence_control(evidence: Evidence) -> Control {
    match evidence {
        Evidence::Household => Control::EvidenceHousehold,
        Evidence::BirthPaper => Control::EvidenceBirthPaper,
        Evidence::Appointed => Control::EvidenceAppointed,
        Evidence::Mandate => Control::EvidenceMandate,
    }
}

fn age(control: Control) -> Option<AgeBand> {
    match control {
        Control::AgeAdult => Some(AgeBand::Adult),
        Control::AgeYouth => Some(AgeBand::From14To17),
        Control::AgeChild => Some(AgeBand::Under14),
        _ => None,
    }
}
