//! A page of text: for the screen, the printer and files alike.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// One piece of a page.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Line {
    /// A heading.
    Heading(String),
    /// A sentence or a few.
    Text(String),
    /// What something is, and its value.
    Row(String, String),
}

/// A page. No `Debug` or `Serialize`: it may name somebody.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Paper {
    /// At its head.
    pub title: String,
    /// BCP 47 tag of its language.
    pub lang: String,
    /// From top to bottom.
    pub lines: Vec<Line>,
}

impl Paper {
    /// An empty page.
    #[must_use]
    pub fn new(title: String, lang: &str) -> Self {
        Self { title, lang: lang.to_owned(), lines: Vec::new() }
    }

    /// Adds a heading.
    pub fn heading(&mut self, text: String) -> &mut Self {
        self.lines.push(Line::Heading(text));
        self
    }

    /// Adds a text.
    pub fn text(&mut self, text: String) -> &mut Self {
        self.lines.push(Line::Text(text));
        self
    }

    /// Adds a name and its value.
    pub fn row(&mut self, name: String, value: String) -> &mut Self {
        self.lines.push(Line::Row(name, value));
        self
    }

    /// As plain text, one piece a line.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = format!("{}\n", self.title);
        for line in &self.lines {
            match line {
                Line::Heading(heading) => text.extend(["\n", heading, "\n"]),
                Line::Text(words) => text.extend([words.as_str(), "\n"]),
                Line::Row(name, value) => text.extend([name, ": ", value, "\n"]),
            }
        }
        text
    }
}
