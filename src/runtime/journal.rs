//! The course of events, written so that it can be replayed exactly. Holds no personal data: the
//! core has none.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

use crate::core::command::{Command, Commands};
use crate::core::event::Event;
use crate::core::policy::Policy;
use crate::core::screen::{Lang, Screen};
use crate::core::session::Session;
use crate::core::time::Tick;

/// One step: what happened, and what the session made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// When.
    pub at: Tick,
    /// What happened.
    pub event: Event,
    /// What was ordered.
    pub commands: serde_json::Value,
    /// What was shown.
    pub screen: Screen,
}

/// The first line: what the session was built from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Layout of the lines.
    pub journal: u32,
    /// The policy in force.
    pub policy: Policy,
    /// The site's language.
    pub lang: Lang,
}

/// Writes a journal, one JSON object a line, each line whole before the next step.
pub struct Journal {
    to: Box<dyn Write + Send>,
    broken: bool,
}

impl Journal {
    /// Starts with the header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn start(mut to: Box<dyn Write + Send>, policy: &Policy, lang: Lang) -> std::io::Result<Self> {
        let header = Header { journal: 1, policy: policy.clone(), lang };
        writeln!(to, "{}", serde_json::to_string(&header)?)?;
        Ok(Self { to, broken: false })
    }

    /// Adds a step. A journal that cannot be written ends; the kiosk goes on.
    pub(super) fn write(&mut self, at: Tick, event: &Event, commands: &[Command], screen: &Screen) {
        if self.broken {
            return;
        }
        let line = Line { at, event: event.clone(), commands: serde_json::json!(commands), screen: screen.clone() };
        let written = serde_json::to_string(&line)
            .map_err(std::io::Error::other)
            .and_then(|json| writeln!(self.to, "{json}"))
            .and_then(|()| self.to.flush());
        if written.is_err() {
            tracing::warn!("the journal cannot be written any more");
            self.broken = true;
        }
    }
}

/// A replay went another way.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The journal cannot be read.
    #[error("line {0} of the journal cannot be read")]
    Unreadable(usize),
    /// The session did something else than it did then.
    #[error("line {0} of the journal went differently")]
    Diverged(usize),
}

/// Replays a journal and compares every screen and every command. Gives the number of steps.
///
/// # Errors
/// Names the first line that cannot be read or went differently.
pub fn replay(from: impl BufRead) -> Result<usize, ReplayError> {
    let mut lines = from.lines().enumerate();
    let header = lines.next().and_then(|(_, line)| serde_json::from_str::<Header>(&line.ok()?).ok());
    let Some(Header { policy, lang, .. }) = header else { return Err(ReplayError::Unreadable(1)) };
    let mut session = Session::new(policy, lang);
    let mut steps = 0;
    for (index, line) in lines {
        let number = index + 1;
        let line = line.map_err(|_| ReplayError::Unreadable(number))?;
        let line: Line = serde_json::from_str(&line).map_err(|_| ReplayError::Unreadable(number))?;
        let mut out = Commands::default();
        session.handle(line.at, &line.event, &mut out);
        if serde_json::json!(out.take()) != line.commands || session.screen() != line.screen {
            return Err(ReplayError::Diverged(number));
        }
        steps += 1;
    }
    Ok(steps)
}
