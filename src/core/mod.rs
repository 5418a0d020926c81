//! The pure heart: what a session may do, decided from events alone.
//!
//! No input or output, no clock, no randomness, no threads. Events go in with the moment they
//! happened; a [`screen::Screen`] and [`command::Command`]s come out. The same events always give
//! the same answer, so a journal replays exactly.

pub mod alarm;
pub mod assessment;
pub mod audit;
pub mod calendar;
mod comfort;
pub mod command;
pub mod consent;
mod context;
pub mod event;
pub mod evidence;
pub mod fault;
pub mod filing;
mod follow;
pub mod guardian;
pub mod ids;
pub mod law;
pub mod message;
pub mod mrz;
pub mod notice;
pub mod number;
pub mod operating;
pub mod operator;
pub mod policy;
pub mod readiness;
pub mod retention;
pub mod rights;
pub mod screen;
pub mod session;
mod stage;
pub mod theft;
pub mod ticket;
pub mod time;
