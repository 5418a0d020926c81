//! Subjects parted into a development and a test set.

use std::collections::BTreeMap;

use super::super::bootstrap::mix;
use super::{PadError, Presentation, Set};

/// Presentations of the two sets; no subject is in both.
#[derive(Clone, Debug)]
pub struct Split<'a> {
    /// Those thresholds are chosen on.
    pub development: Vec<&'a Presentation>,
    /// Those error rates are stated of.
    pub test: Vec<&'a Presentation>,
}

/// Parts `presentations` by subject. Where the data name a set for a subject, all its presentations go there; every
/// other subject goes by its name, about half to each side. So a subject keeps its set when others are added.
///
/// # Errors
///
/// [`PadError::BothSets`] if the data put a subject into both.
pub fn split(presentations: &[Presentation]) -> Result<Split<'_>, PadError> {
    let mut given: BTreeMap<&str, Set> = BTreeMap::new();
    for one in presentations {
        if let Some(set) = one.set
            && given.insert(&one.subject, set).is_some_and(|before| before != set)
        {
            return Err(PadError::BothSets(one.subject.clone()));
        }
    }
    let set = |one: &Presentation| given.get(one.subject.as_str()).copied().unwrap_or_else(|| by_name(&one.subject));
    let (development, test) = presentations.iter().partition(|one| set(one) == Set::Development);
    Ok(Split { development, test })
}

/// The set a name stands for: one bit of its FNV-1a hash, mixed. The same on every machine.
fn by_name(subject: &str) -> Set {
    let hash = subject
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    if mix(hash) & 1 == 0 { Set::Development } else { Set::Test }
}
