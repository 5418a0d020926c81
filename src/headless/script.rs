//! Scripts: one JSON object a line, `{"at_ms":0,"do":"tap","id":"method-card"}`.

use std::path::PathBuf;

use serde::Deserialize;

/// One line.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Step {
    /// Not before this moment of the script. Units: milliseconds.
    #[serde(default)]
    pub at_ms: u64,
    /// What to do.
    #[serde(flatten)]
    pub todo: Todo,
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Todo {
    /// Touch a control, where it is drawn.
    Tap {
        /// Its id.
        id: String,
        /// Again and again, until this control can be used.
        #[serde(default)]
        until: Option<String>,
    },
    /// Press a key, by egui's name for it, or type a digit.
    Key {
        /// Its name.
        id: String,
    },
    /// Lay a card on the reader.
    Card {
        /// Its id, or `none`.
        id: String,
    },
    /// Put a scene before the camera.
    Camera {
        /// Its id.
        id: String,
    },
    /// Let time pass.
    Wait {
        /// How long. Units: milliseconds.
        ms: u64,
    },
    /// Wait until something holds, or fail.
    Expect(Expectation),
    /// Save a picture of the screen.
    Screenshot {
        /// Where to.
        file: PathBuf,
    },
    /// Save where the controls are: id to left, top, width, height.
    Hits {
        /// Where to.
        file: PathBuf,
    },
}

/// What must come to hold. Fields left out are not looked at.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expectation {
    /// Name of the view: `home`, `claim`, `notice`, `consent`, `position`, `working`, `card`,
    /// `confirm-withdraw`, `assist`, `result`, `out-of-service`.
    pub stage: Option<String>,
    /// Ids of messages on the screen.
    pub prompts: Vec<String>,
    /// Controls that can be used.
    pub offers: Vec<String>,
    /// Controls that cannot.
    pub lacks: Vec<String>,
    /// `on` or `off`.
    pub camera: Option<String>,
    /// How often the camera has been opened so far.
    pub camera_opened: Option<u64>,
    /// `face` or `card`: the last outcome announced in this session; `none`.
    pub outcome: Option<String>,
    /// How long to wait for it. Units: milliseconds; 20,000 if left out.
    pub within_ms: Option<u64>,
}

impl Step {
    /// The file this step writes, if any.
    #[must_use]
    pub fn writes_to(&self) -> Option<&std::path::Path> {
        match &self.todo {
            Todo::Screenshot { file } | Todo::Hits { file } => Some(file),
            _ => None,
        }
    }
}

/// Reads a script.
///
/// # Errors
/// The number of the first bad line, and what is wrong with it.
pub fn parse(text: &str) -> Result<Vec<(usize, Step)>, (usize, String)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| {
            serde_json::from_str(line).map(|step| (number, step)).map_err(|e| (number, e.to_string()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_bad_ones_named() {
        let script = parse("# a comment\n{\"at_ms\":5,\"do\":\"tap\",\"id\":\"method-card\"}\n\n{\"do\":\"expect\",\"stage\":\"card\"}").unwrap();
        assert_eq!(script[0], (2, Step { at_ms: 5, todo: Todo::Tap { id: "method-card".into(), until: None } }));
        assert!(matches!(&script[1].1.todo, Todo::Expect(e) if e.stage.as_deref() == Some("card")));
        assert_eq!(parse("{\"do\":\"jump\"}").unwrap_err().0, 1);
    }
}
