//! What was seen, what it proves, and the witnesses a grant needs.

use serde::{Deserialize, Serialize};

use super::consent::{ConsentReceipt, Purpose};
use super::ids::{PersonId, ReceiptId, RunId, SampleId};
use super::operating;
use super::operator::{Action, Need, Reason, Role, need};
use super::policy::{Admit, CardRule, Policy};

/// Cosine similarity of two embeddings. Range: -1 to 1, always a number.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f32", into = "f32")]
pub struct Similarity(f32);

/// Probability that a presentation is a live face. Range: 0 to 1, always a number.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f32", into = "f32")]
pub struct Liveness(f32);

/// A number outside its range, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a score is not a number in its range")]
pub struct NotAScore;

impl TryFrom<f32> for Similarity {
    type Error = NotAScore;

    fn try_from(value: f32) -> Result<Self, NotAScore> {
        // Rounding may leave a perfect cosine a few ulp above one.
        ((-1.0001..=1.0001).contains(&value)).then(|| Self(value.clamp(-1.0, 1.0))).ok_or(NotAScore)
    }
}

impl TryFrom<f32> for Liveness {
    type Error = NotAScore;

    fn try_from(value: f32) -> Result<Self, NotAScore> {
        ((0.0..=1.0).contains(&value)).then_some(Self(value)).ok_or(NotAScore)
    }
}

impl From<Similarity> for f32 {
    fn from(value: Similarity) -> Self {
        value.0
    }
}

impl From<Liveness> for f32 {
    fn from(value: Liveness) -> Self {
        value.0
    }
}

/// The one thing a person could change to be seen better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guidance {
    /// Nobody stands in the zone.
    NoFace,
    /// More than one face is in the zone.
    ManyFaces,
    /// The face is too small.
    Closer,
    /// The face is too large.
    Farther,
    /// The face is off the middle of the zone.
    Centre,
    /// The head is turned away.
    FaceForward,
    /// Too little light on the face.
    TooDark,
    /// Too much light on the face.
    TooBright,
    /// The picture is blurred.
    HoldStill,
    /// Something hides a part of the face.
    Uncover,
    /// Please turn the head a little to the own left: a template from several sides fits better.
    TurnLeft,
    /// As above, to the own right.
    TurnRight,
}

/// Which way the head points, as the person has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// At the camera.
    #[default]
    Ahead,
    /// A little to the own left.
    Left,
    /// A little to the own right.
    Right,
}

/// What one analysed frame showed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The frame cannot be used; the person can change this.
    Guide(Guidance),
    /// One good face.
    Good(Good),
    /// A good face, but not the one seen before in this run: somebody else stepped in.
    Swapped,
}

/// One good face. The sample stays with the vision worker until wiped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Good {
    /// Names the kept sample.
    pub sample: SampleId,
    /// How live it looked.
    pub live: Liveness,
    /// Which way it points.
    #[serde(default)]
    pub turn: Turn,
    /// Since the run began it moved as a head does, not as a flat picture. Confirms, never denies.
    #[serde(default)]
    pub relief: bool,
    /// Something seems to hide a part of it. It may be a beard: this alone closes no way.
    #[serde(default)]
    pub covered: bool,
}

impl Good {
    /// A face that looks at the camera, without anything else to say of it.
    #[must_use]
    pub fn plain(sample: SampleId, live: Liveness) -> Self {
        Self { sample, live, turn: Turn::Ahead, relief: false, covered: false }
    }
}

/// The camera may run: nothing but a live consent makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Capture {
    run: RunId,
    receipt: ReceiptId,
    purpose: Purpose,
}

impl Capture {
    pub(super) fn under(consent: &ConsentReceipt, run: RunId) -> Self {
        Self { run, receipt: consent.id(), purpose: consent.purpose() }
    }

    /// The period with the camera on.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.run
    }

    /// What it is for: a stored template asks for better pictures than one comparison.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The consent it rests on.
    #[must_use]
    pub fn receipt(&self) -> ReceiptId {
        self.receipt
    }
}

/// Enough frames looked live.
#[derive(Debug)]
pub struct LivePass(());

/// What the liveness of the gathered frames amounts to.
#[derive(Debug)]
pub enum LiveVerdict {
    /// The median reaches the threshold.
    Live(LivePass),
    /// Doubt, or too little evidence: another way is offered. Never an accusation.
    Doubt,
}

/// Judges by the median of at least [`Policy::frames`] values of one unbroken view of one face.
/// Fails closed when there are fewer. `relief`: the face was seen to have depth; a site that
/// calibrated its camera may ask less of the median then, never more of a face without it.
#[must_use]
pub fn judge_liveness(values: &[Liveness], relief: bool, policy: &Policy) -> LiveVerdict {
    if values.len() < usize::from(policy.frames) {
        return LiveVerdict::Doubt;
    }
    let mut sorted: Vec<f32> = values.iter().map(|l| l.0).collect();
    sorted.sort_by(f32::total_cmp);
    // The lower median: an even count must not round up.
    let median = sorted[(sorted.len() - 1) / 2];
    let asked = policy.live_threshold_relief.filter(|_| relief).unwrap_or(policy.live_threshold);
    if median >= asked { LiveVerdict::Live(LivePass(())) } else { LiveVerdict::Doubt }
}

/// The probe and the template are of one person.
#[derive(Debug)]
pub struct MatchPass {
    person: PersonId,
}

/// What a comparison amounts to.
#[derive(Debug)]
pub enum Verdict {
    /// The threshold is reached.
    Match(MatchPass),
    /// It is not.
    NoMatch,
}

/// Compares a similarity with the policy's threshold.
#[must_use]
pub fn judge_match(similarity: Similarity, person: PersonId, policy: &Policy) -> Verdict {
    if similarity.0 >= policy.match_threshold {
        Verdict::Match(MatchPass { person })
    } else {
        Verdict::NoMatch
    }
}

/// What a search among many amounts to.
#[derive(Debug)]
pub enum SearchVerdict {
    /// One stands out.
    One(MatchPass),
    /// Nobody reaches the threshold for so many.
    Nobody,
    /// The two nearest are too much alike to tell apart.
    Unclear,
}

/// Judges the nearest of `gallery` templates, best first: the threshold rises with the gallery, so
/// that the stated rate is that of the whole search, and the second must stay a margin behind.
#[must_use]
pub fn judge_search(best: &[(PersonId, Similarity)], gallery: usize, policy: &Policy) -> SearchVerdict {
    let Some((person, first)) = best.first().copied() else { return SearchVerdict::Nobody };
    if first.0 < operating::search_threshold(policy.match_threshold, gallery) {
        return SearchVerdict::Nobody;
    }
    match best.get(1) {
        Some((_, second)) if first.0 - second.0 < operating::SEARCH_MARGIN => SearchVerdict::Unclear,
        _ => SearchVerdict::One(MatchPass { person }),
    }
}

/// How a person was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By face.
    Face,
    /// By a document: ID card, passport, badge.
    Card,
    /// By staff, who looked and decided.
    Staff,
    /// By the person's own phone.
    Phone,
}

/// What was shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// An identity document.
    #[default]
    Document,
    /// A badge or code of the site: says who it was given to, not who holds it.
    Badge,
    /// An identity confirmed through the person's phone.
    Phone,
}

/// What a card reader found, without anything that was printed on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::struct_excessive_bools)] // each a fact of its own
pub struct CardFacts {
    /// The person, if this device knows them.
    pub person: Option<PersonId>,
    /// Age by the birth date on the card.
    pub age: super::consent::AgeBand,
    /// Whether the card is past its date.
    pub expired: bool,
    /// What it says does not fit together, or cannot be checked: staff look at it.
    #[serde(default)]
    pub doubt: bool,
    /// Whether the person is on the site's list.
    #[serde(default)]
    pub listed: bool,
    /// What was shown.
    #[serde(default)]
    pub shown: Shown,
    /// Of an age the site named for larger and slower.
    #[serde(default)]
    pub elder: bool,
    /// Of the face template of this person that is stored here.
    pub template: super::rights::Standing,
    /// The children this card's owner is the guardian of.
    pub wards: super::rights::Wards,
}

/// A document was read and is worth a grant under the site's rule.
#[derive(Debug)]
pub struct CardPass {
    method: Method,
    person: Option<PersonId>,
}

/// What a document is worth under the site's rule.
#[derive(Debug)]
pub enum CardVerdict {
    /// A grant.
    Pass(CardPass),
    /// A grant, once the person typed their code.
    Code(CardPass),
    /// Staff look at it.
    Staff(StaffWhy),
}

/// Why staff look at a document. None of it is held against the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffWhy {
    /// It is past its date.
    Expired,
    /// The site wants staff to look, or what it says does not fit together.
    Look,
    /// Nobody of that name is on the site's list.
    NotListed,
    /// The site wants staff to decide each time.
    Decide,
}

/// Judges a document by the site's rule.
#[must_use]
pub fn judge_card(facts: CardFacts, policy: &Policy) -> CardVerdict {
    let method = if facts.shown == Shown::Phone { Method::Phone } else { Method::Card };
    let pass = CardPass { method, person: facts.person };
    let known = facts.listed || facts.person.is_some();
    let why = match policy.card {
        _ if facts.expired => StaffWhy::Expired,
        _ if facts.doubt => StaffWhy::Look,
        _ if policy.admit == Admit::Listed && !facts.listed => StaffWhy::NotListed,
        _ if facts.shown == Shown::Badge => StaffWhy::Decide,
        CardRule::Accept => return CardVerdict::Pass(pass),
        CardRule::KnownOnly if known => return CardVerdict::Pass(pass),
        CardRule::CardAndCode if known => return CardVerdict::Code(pass),
        CardRule::StaffApproval => StaffWhy::Decide,
        CardRule::KnownOnly | CardRule::CardAndCode | CardRule::StaffLook => StaffWhy::Look,
    };
    CardVerdict::Staff(why)
}

/// Staff looked, may decide, and let the person go on for a reason.
#[derive(Debug)]
pub struct StaffPass {
    person: Option<PersonId>,
}

/// Judges a decision of staff: only whom the table of permissions lets, and only a reason that admits.
#[must_use]
pub fn judge_staff(role: Role, reason: Reason, person: Option<PersonId>) -> Option<StaffPass> {
    (need(role, Action::Admit) == Need::Alone && reason.admits()).then_some(StaffPass { person })
}

/// The person is verified. Announced only after its record is stored.
///
/// There is no other way to one than the witnesses: consent, liveness and match together, a
/// document, or a decision of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    method: Method,
    person: Option<PersonId>,
}

impl Grant {
    /// By face. Fails closed when the consent was given for something else.
    pub(super) fn by_face(consent: &ConsentReceipt, live: LivePass, matched: MatchPass) -> Option<Self> {
        let LivePass(()) = live;
        let MatchPass { person } = matched;
        (consent.purpose() == Purpose::Verify).then_some(Self { method: Method::Face, person: Some(person) })
    }

    /// By a document.
    pub(super) fn by_card(card: CardPass) -> Self {
        let CardPass { method, person } = card;
        Self { method, person }
    }

    /// By staff.
    pub(super) fn by_staff(decided: StaffPass) -> Self {
        let StaffPass { person } = decided;
        Self { method: Method::Staff, person }
    }

    /// How.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// Who, if this device knows them.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lives(values: &[f32]) -> Vec<Liveness> {
        values.iter().map(|v| Liveness::try_from(*v).unwrap()).collect()
    }

    #[test]
    fn too_few_frames_are_a_doubt_however_live() {
        let policy = Policy::default();
        assert!(matches!(judge_liveness(&lives(&[1.0; 11]), true, &policy), LiveVerdict::Doubt));
        assert!(matches!(judge_liveness(&lives(&[1.0; 12]), false, &policy), LiveVerdict::Live(_)));
    }

    #[test]
    fn half_the_frames_are_not_enough_for_the_median() {
        let mut half = vec![0.9; 6];
        half.extend([0.1; 6]);
        assert!(matches!(judge_liveness(&lives(&half), false, &Policy::default()), LiveVerdict::Doubt));
    }

    #[test]
    fn relief_confirms_only_where_the_site_said_so_and_never_denies() {
        let is_live = |value: f32, relief: bool, policy: &Policy| {
            matches!(judge_liveness(&lives(&[value; 12]), relief, policy), LiveVerdict::Live(_))
        };
        let plain = Policy { live_threshold: 0.8, ..Policy::default() };
        assert!(!is_live(0.7, true, &plain), "not without calibration");
        let calibrated = Policy { live_threshold_relief: Some(0.6), ..plain };
        assert!(is_live(0.7, true, &calibrated) && !is_live(0.7, false, &calibrated));
        assert!(!is_live(0.5, true, &calibrated), "there is a floor");
        assert!(is_live(0.8, false, &calibrated), "a still head is not denied");
    }

    #[test]
    fn numbers_that_are_none_never_become_scores() {
        for bad in [f32::NAN, f32::INFINITY, -1.5, 1.5] {
            assert!(Similarity::try_from(bad).is_err());
            assert!(Liveness::try_from(bad).is_err());
        }
        assert!(serde_json::from_str::<Similarity>("7.0").is_err());
    }

    #[test]
    fn among_many_more_is_asked_and_the_second_must_stay_behind() {
        let policy = Policy::default();
        let at = |id: u64, value: f32| (PersonId(id), Similarity::try_from(value).unwrap());
        let one = |best: &[(PersonId, Similarity)], gallery| matches!(judge_search(best, gallery, &policy), SearchVerdict::One(_));
        assert!(one(&[at(1, 0.5)], 1));
        assert!(!one(&[at(1, 0.5)], 1_000));
        assert!(one(&[at(1, 0.9), at(2, 0.5)], 1_000));
        assert!(matches!(judge_search(&[at(1, 0.9), at(2, 0.87)], 1_000, &policy), SearchVerdict::Unclear));
        assert!(matches!(judge_search(&[], 0, &policy), SearchVerdict::Nobody));
    }

    #[test]
    fn threshold_itself_matches_and_just_below_does_not() {
        let policy = Policy::default();
        let at = Similarity::try_from(policy.match_threshold).unwrap();
        let below = Similarity::try_from(policy.match_threshold - 1e-6).unwrap();
        assert!(matches!(judge_match(at, PersonId(1), &policy), Verdict::Match(_)));
        assert!(matches!(judge_match(below, PersonId(1), &policy), Verdict::NoMatch));
    }
}
