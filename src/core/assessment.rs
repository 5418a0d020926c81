//! The impact assessment the face way rests on (Measures art. 9, PIPL art. 55 and 56).

use serde::{Deserialize, Serialize};

use super::ids::OperatorId;
use super::message::Msg;
use super::readiness::FaceLock;
use super::time::Date;

/// How long an assessment holds before it is looked at again. Units: days. Our own: the law names
/// changes and incidents only.
const HOLDS_DAYS: u32 = 365;
/// Shortest answer that can say anything. Units: characters.
const SHORTEST: usize = 4;

/// What was assessed: if it changes, the assessment does not hold any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Subject {
    /// Who processes.
    pub processor: String,
    /// What for.
    pub purpose: String,
    /// In which kind of place.
    pub place: String,
    /// Verification (1:1) or identification (1:N).
    pub mode: String,
    /// How long templates are kept. Units: days.
    pub retention_days: u32,
    /// Fingerprint of the models.
    pub models: String,
    /// The capture area.
    pub zone: String,
}

/// A part of what was assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum Part {
    Processor,
    Purpose,
    Place,
    Mode,
    Retention,
    Models,
    Zone,
}

impl Part {
    /// The words for staff.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::Processor => Msg::PartProcessor,
            Self::Purpose => Msg::PartPurpose,
            Self::Place => Msg::PartPlace,
            Self::Mode => Msg::PartMode,
            Self::Retention => Msg::PartRetention,
            Self::Models => Msg::PartModels,
            Self::Zone => Msg::PartZone,
        }
    }
}

impl Subject {
    /// What is different now. Keeping templates for a shorter time is no change to anybody's harm.
    #[must_use]
    pub fn changed_since(&self, then: &Self) -> Vec<Part> {
        let parts = [
            (self.processor != then.processor, Part::Processor),
            (self.purpose != then.purpose, Part::Purpose),
            (self.place != then.place, Part::Place),
            (self.mode != then.mode, Part::Mode),
            (self.retention_days > then.retention_days, Part::Retention),
            (self.models != then.models, Part::Models),
            (self.zone != then.zone, Part::Zone),
        ];
        parts.into_iter().filter(|(changed, _)| *changed).map(|(_, part)| part).collect()
    }
}

/// A signed assessment, as far as readiness asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Signed {
    /// What was assessed.
    pub subject: Subject,
    /// Fingerprint of the form: hexadecimal SHA-256.
    pub hash: String,
    /// When it was signed.
    pub on: Date,
    /// By whom.
    pub by: OperatorId,
}

impl Signed {
    /// The last day it holds.
    #[must_use]
    pub fn until(&self) -> Date {
        self.on.plus(HOLDS_DAYS)
    }
}

/// Why the assessment, or the lack of one, closes the face way.
#[must_use]
pub fn locks(signed: Option<&Signed>, now: &Subject, incident: bool, today: Date) -> Vec<FaceLock> {
    let Some(signed) = signed else { return vec![FaceLock::NoAssessment] };
    let mut locks: Vec<FaceLock> =
        now.changed_since(&signed.subject).into_iter().map(FaceLock::AssessmentChanged).collect();
    // A clock before the day of signing proves nothing either.
    if today > signed.until() || today < signed.on {
        locks.push(FaceLock::AssessmentOld);
    }
    if incident {
        locks.push(FaceLock::Incident);
    }
    locks
}

/// The questions, in four parts of three (Measures art. 9).
pub const QUESTIONS: [(Msg, Msg); 12] = [
    (Msg::PipiaPart1, Msg::PipiaQ1),
    (Msg::PipiaPart1, Msg::PipiaQ2),
    (Msg::PipiaPart1, Msg::PipiaQ3),
    (Msg::PipiaPart2, Msg::PipiaQ4),
    (Msg::PipiaPart2, Msg::PipiaQ5),
    (Msg::PipiaPart2, Msg::PipiaQ6),
    (Msg::PipiaPart3, Msg::PipiaQ7),
    (Msg::PipiaPart3, Msg::PipiaQ8),
    (Msg::PipiaPart3, Msg::PipiaQ9),
    (Msg::PipiaPart4, Msg::PipiaQ10),
    (Msg::PipiaPart4, Msg::PipiaQ11),
    (Msg::PipiaPart4, Msg::PipiaQ12),
];

/// Why a form cannot be signed. Questions count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsignable {
    /// Not answered, or still a placeholder.
    Blank(usize),
    /// Too short to say anything.
    Short(usize),
}

/// Whether every question is answered. `blank` is what stands where nothing was written yet.
///
/// # Errors
/// Names the first question that is not.
pub fn check(answers: &[String], blank: impl Fn(&str) -> bool) -> Result<(), Unsignable> {
    for (at, _) in QUESTIONS.iter().enumerate() {
        let answer = answers.get(at).map_or("", |answer| answer.trim());
        if answer.is_empty() || blank(answer) {
            return Err(Unsignable::Blank(at + 1));
        }
        if answer.chars().count() < SHORTEST {
            return Err(Unsignable::Short(at + 1));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn signed() -> Signed {
        let subject = Subject { purpose: "visit".into(), retention_days: 365, ..Subject::default() };
        Signed { subject, hash: String::new(), on: day("2026-01-10"), by: OperatorId(1) }
    }

    #[test]
    fn an_assessment_holds_for_what_it_was_made_for_and_for_a_year() {
        let (signed, today) = (signed(), day("2026-11-22"));
        assert_eq!(locks(None, &signed.subject, false, today), [FaceLock::NoAssessment]);
        assert_eq!(locks(Some(&signed), &signed.subject, false, today), []);
        assert_eq!(locks(Some(&signed), &signed.subject, true, today), [FaceLock::Incident]);
        assert_eq!(locks(Some(&signed), &signed.subject, false, day("2027-01-10")), []);
        assert_eq!(locks(Some(&signed), &signed.subject, false, day("2027-01-11")), [FaceLock::AssessmentOld]);
        assert_eq!(locks(Some(&signed), &signed.subject, false, day("2026-01-09")), [FaceLock::AssessmentOld]);
        let other = Subject { purpose: "entry".into(), zone: "door".into(), retention_days: 30, ..signed.subject.clone() };
        let changed = [Part::Purpose, Part::Zone].map(FaceLock::AssessmentChanged);
        assert_eq!(locks(Some(&signed), &other, false, today), changed);
        let longer = Subject { retention_days: 366, ..signed.subject.clone() };
        assert_eq!(locks(Some(&signed), &longer, false, today), [FaceLock::AssessmentChanged(Part::Retention)]);
    }

    #[test]
    fn a_form_with_a_gap_names_the_question() {
        let blank = |text: &str| text.starts_with('(');
        let mut answers = vec!["an answer".to_owned(); 12];
        assert_eq!(check(&answers, blank), Ok(()));
        answers[5] = "(to be filled in)".into();
        assert_eq!(check(&answers, blank), Err(Unsignable::Blank(6)));
        answers[5] = "no".into();
        assert_eq!(check(&answers, blank), Err(Unsignable::Short(6)));
        assert_eq!(check(&answers[..3], blank), Err(Unsignable::Blank(4)));
    }
}
