//! What people may ask of the store about themselves, and the pages they get.

use crate::core::audit::AttemptResult;
use crate::core::command::ConsentDraft;
use crate::core::consent::{AgeBand, Purpose};
use crate::core::evidence::Method;
use crate::core::guardian::GuardianDraft;
use crate::core::ids::{OperatorId, PersonId, ReceiptId};
use crate::core::operator::{Approval, LoggedIn};
use crate::core::rights::{RequestKind, Standing, Wards};
use crate::core::screen::Lang;

use super::paper::Paper;
use super::{Identity, Secret, StoreFault};

/// One consent, as a receipt needs it. Pseudonyms only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Its number.
    pub receipt: ReceiptId,
    /// The device's random name: hexadecimal.
    pub device: String,
    /// Whose, if they are stored.
    pub person: Option<PersonId>,
    /// What was agreed to.
    pub purpose: Purpose,
    /// In which language.
    pub lang: String,
    /// Which notice was shown: number (0 on paper) and hexadecimal SHA-256.
    pub notice: (u64, String),
    /// Whether it was given on paper.
    pub on_paper: bool,
    /// When. Units: ms since 1970 UTC.
    pub given_ms: i64,
    /// Until when at most; none: the end of that one verification. Units: ms since 1970 UTC.
    pub until_ms: Option<i64>,
    /// When it ended, if it did. Units: ms since 1970 UTC.
    pub ended_ms: Option<i64>,
    /// The guardian's act, and who witnessed it.
    pub guardian: Option<(GuardianDraft, OperatorId)>,
}

/// One request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// Its number.
    pub number: u64,
    /// Whose.
    pub person: PersonId,
    /// What.
    pub kind: RequestKind,
    /// When it was made. Units: ms since 1970 UTC.
    pub made_ms: i64,
    /// When it must be answered. Units: ms since 1970 UTC.
    pub due_ms: i64,
    /// The answer, and whether it was a refusal with its reason.
    pub answer: Option<(String, bool)>,
}

/// Everything a person may see of what is stored. No `Debug`: it says who they are.
pub struct OwnData {
    /// As stored.
    pub name: Secret,
    /// As stored.
    pub number: Secret,
    /// Today.
    pub age: AgeBand,
    /// Of the template.
    pub standing: Standing,
    /// From when, and until when at most. Units: ms since 1970 UTC.
    pub stored: Option<(i64, i64)>,
    /// The consent it rests on.
    pub consent: Option<ConsentRecord>,
    /// The newest attempts: when, how, with which result.
    pub attempts: Vec<(i64, Method, AttemptResult)>,
    /// How many there were before those.
    pub earlier: u64,
    /// Their requests, newest first.
    pub requests: Vec<RequestRecord>,
}

/// What a person, or the guardian of a child, may do with what is stored.
pub trait Rights: Send {
    /// The children whose consent names this card's owner as the guardian.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn wards(&mut self, guardian: &Identity) -> Result<Wards, StoreFault>;

    /// Puts a guardian's consent on record: who the child is, who the guardian, who saw it.
    /// None when the witness may not do it.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn store_guardian_consent(
        &mut self,
        draft: &ConsentDraft,
        child: Option<&Identity>,
        guardian: &Identity,
        witness: &LoggedIn,
    ) -> Result<Option<ReceiptId>, StoreFault>;

    /// Everything about one person. That it was opened goes on record first; by staff, with whose
    /// approval.
    ///
    /// # Errors
    /// When the store cannot be read, or the record could not be made durable.
    fn own_data(&mut self, person: PersonId, by: Option<&Approval>) -> Result<OwnData, StoreFault>;

    /// How old a stored person is: says which approval opening their record takes.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn age_of_person(&mut self, person: PersonId) -> Result<AgeBand, StoreFault>;

    /// One consent.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn consent(&mut self, receipt: ReceiptId) -> Result<Option<ConsentRecord>, StoreFault>;

    /// The consent a person's template rests on.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn receipt_of(&mut self, person: PersonId) -> Result<Option<ReceiptId>, StoreFault>;

    /// Pauses the use of a template, or lets it go on.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn restrict(&mut self, person: PersonId, on: bool) -> Result<(), StoreFault>;

    /// Puts a request on record and gives its number.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn request(&mut self, person: PersonId, kind: RequestKind) -> Result<u64, StoreFault>;

    /// The person's template rests on this consent from now on.
    ///
    /// # Errors
    /// When it could not be made durable, or the consent is not one to keep a template.
    fn renew(&mut self, person: PersonId, receipt: ReceiptId) -> Result<(), StoreFault>;
}

/// Writes pages.
pub trait Scribe: Send {
    /// A person's own data.
    fn own(&self, data: &OwnData, lang: Lang) -> Paper;
    /// The receipt of a consent.
    fn receipt(&self, record: &ConsentRecord, age: Option<AgeBand>, lang: Lang) -> Paper;
}

/// Prints pages.
pub trait Printer: Send + Sync {
    /// Prints; false if there is no printer or it does not take the page. May take its time.
    fn print(&self, paper: &Paper) -> bool;
}
