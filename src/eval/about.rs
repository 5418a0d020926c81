//! What a page says of how its figures came about.

use serde::{Deserialize, Serialize};

use super::html::Page;

/// A model that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// SHA-256 of its file, in hexadecimal digits; pages print the first 16.
    pub sha256: String,
}

/// What was measured, on what, when, with what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Title of the page.
    pub title: String,
    /// What was measured.
    pub what: String,
    /// On which data, in which version.
    pub data: String,
    /// When, as it is to be printed.
    pub when: String,
    /// Name and version of the program.
    pub program: String,
    /// On which machine.
    pub machine: String,
    /// With which models.
    pub models: Vec<Model>,
    /// What the figures do not show, beside what every page of its kind says.
    pub limits: Vec<String>,
}

impl About {
    /// A page that starts with all this.
    #[must_use]
    pub fn page(&self) -> Page {
        let mut rows: Vec<Vec<String>> = [
            ("What was measured", &self.what),
            ("On what", &self.data),
            ("When", &self.when),
            ("Program", &self.program),
            ("Machine", &self.machine),
        ]
        .into_iter()
        .map(|(name, text)| vec![name.to_owned(), if text.is_empty() { "not stated".to_owned() } else { text.clone() }])
        .collect();
        rows.extend(self.models.iter().map(|model| {
            let digest: String = model.sha256.chars().take(16).collect();
            vec![format!("Model {}", model.name), format!("SHA-256 {digest}\u{2026}")]
        }));
        Page::new(&self.title).table("How the figures came about", &[], &rows)
    }

    /// `page` with what the figures do not show: `always`, then what this measurement adds.
    #[must_use]
    pub fn limits(&self, page: Page, always: &[&str]) -> Page {
        let all: Vec<&str> = always.iter().copied().chain(self.limits.iter().map(String::as_str)).collect();
        page.heading("What this does not show").list(&all)
    }
}

/// How intervals are to be read, for every page.
pub(super) const INTERVALS: &str = "All intervals are 95 %. \"exact\" is the Clopper-Pearson interval, which takes all \
trials as independent: too narrow where people occur more than once. \"by subject\" is a bootstrap that draws whole \
people anew: too narrow where there are few errors or few people, and left out where no error was seen. The wider of \
the two is the safer. \"rule of three\" is 3 / n, the bound where no error was seen.";

/// How a curve is to be read, for every page.
pub(super) const EDGES: &str = "Both axes are logarithmic: points where a rate is 0 are left out, and a mark on the left \
or lower edge stands for a rate of 0 or below the axis. The legend gives the rates of the mark, horizontal first. Where \
marks cover each other, the legend still tells them.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_it_knows() {
        let model = Model { name: "face <b>".to_owned(), sha256: "0123456789abcdef0123".to_owned() };
        let about = About { models: vec![model], limits: vec!["Twins.".to_owned()], ..About::default() };
        let page = about.limits(about.page(), &["Always."]).finish();
        super::super::html::tests::sound(&page);
        assert!(
            page.contains("not stated")
                && page.contains("0123456789abcdef\u{2026}")
                && !page.contains("0123456789abcdef0")
        );
        assert!(page.contains("<li>Always.</li>\n<li>Twins.</li>"));
    }
}
