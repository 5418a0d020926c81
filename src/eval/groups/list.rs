//! The list that says who belongs to which group.

use std::collections::BTreeMap;
use std::fmt;

use super::super::csv::{self, BadQuote};

/// Who belongs to which group: `subject,sex,age-band` and one line for each subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// What people are grouped by.
    names: Vec<String>,
    /// The groups of each subject, as many as there are names; empty text: not stated.
    values: BTreeMap<String, Vec<String>>,
}

/// Why a list of groups cannot be read, and in which line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupsError {
    /// The first line is not `subject` and at least one name more, all different and none empty.
    Header,
    /// A quote is not closed, or text stands beside a quoted field.
    Quote(usize),
    /// More or fewer fields than the header has.
    Fields(usize),
    /// The subject is empty.
    NoSubject(usize),
    /// The subject has a line already.
    Twice(usize),
}

impl fmt::Display for GroupsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => {
                f.write_str("line 1: expected \"subject\" and at least one name of a grouping, all different")
            }
            Self::Quote(line) => write!(f, "line {line}: quotes do not fit"),
            Self::Fields(line) => write!(f, "line {line}: not as many fields as the header has"),
            Self::NoSubject(line) => write!(f, "line {line}: no subject"),
            Self::Twice(line) => write!(f, "line {line}: this subject has a line already"),
        }
    }
}

impl std::error::Error for GroupsError {}

impl From<BadQuote> for GroupsError {
    fn from(bad: BadQuote) -> Self {
        Self::Quote(bad.line)
    }
}

impl Groups {
    /// Reads comma-separated text. Spaces around fields are dropped.
    ///
    /// # Errors
    ///
    /// [`GroupsError`], naming the line.
    pub fn parse(text: &str) -> Result<Self, GroupsError> {
        let mut rows = csv::rows(text)?.into_iter();
        let mut names = trimmed(rows.next().ok_or(GroupsError::Header)?.fields);
        let mut seen = names.clone();
        seen.sort_unstable();
        seen.dedup();
        if names.len() < 2 || seen.len() != names.len() || names.iter().any(String::is_empty) {
            return Err(GroupsError::Header);
        }
        if names.remove(0) != "subject" {
            return Err(GroupsError::Header);
        }
        let mut values = BTreeMap::new();
        for row in rows {
            let mut fields = trimmed(row.fields);
            if fields.len() != names.len() + 1 {
                return Err(GroupsError::Fields(row.line));
            }
            let subject = fields.remove(0);
            if subject.is_empty() {
                return Err(GroupsError::NoSubject(row.line));
            }
            if values.insert(subject, fields).is_some() {
                return Err(GroupsError::Twice(row.line));
            }
        }
        Ok(Self { names, values })
    }

    /// What people are grouped by, in the order of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The group of a subject in the grouping at position `column` of [`Self::names`]. None: not stated.
    #[must_use]
    pub fn value(&self, subject: &str, column: usize) -> Option<&str> {
        self.values.get(subject)?.get(column).filter(|value| !value.is_empty()).map(String::as_str)
    }
}

fn trimmed(fields: Vec<String>) -> Vec<String> {
    fields.into_iter().map(|field| field.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_line() {
        let error = |text: &str| Groups::parse(text).unwrap_err();
        assert_eq!(error(""), GroupsError::Header);
        assert_eq!(error("subject"), GroupsError::Header);
        assert_eq!(error("name,sex"), GroupsError::Header);
        assert_eq!(error("subject,sex,sex"), GroupsError::Header);
        assert_eq!(error("subject,sex\na,f\nb"), GroupsError::Fields(3));
        assert_eq!(error("subject,sex\n\"a\nb\",f\n,m"), GroupsError::NoSubject(4));
        assert_eq!(error("subject,sex\na,f\n\na,m"), GroupsError::Twice(4));
        assert_eq!(error("subject,sex\n\"a"), GroupsError::Quote(2));
        assert_eq!(GroupsError::Twice(4).to_string(), "line 4: this subject has a line already");
    }
}
