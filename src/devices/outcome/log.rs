//! The log: that something happened, never to whom. Always one of the places outcomes go to.

use crate::core::alarm::Alarm;
use crate::core::evidence::Grant;
use crate::ports::{OutcomePort, TicketSink};

/// Writes that something happened, never to whom.
#[derive(Debug, Default)]
pub struct LogOutcome;

impl OutcomePort for LogOutcome {
    fn granted(&mut self, grant: &Grant) {
        tracing::info!(method = ?grant.method(), "verified");
    }

    fn alarm(&mut self, alarm: Alarm) {
        tracing::warn!(?alarm, "staff must look");
    }

    fn staff_called(&mut self) {
        tracing::info!("staff called");
    }

    /// Gives no numbers.
    fn listen(&mut self, _: TicketSink) {}
}
