//! A desk reader for Chinese identity cards (GA/T 467, chapter 7: host interface of the SAM).
//!
//! From the wire upwards: [`wire`] moves bytes, [`frame`] finds frames in them, [`command`] and
//! [`status`] give them a meaning, [`record`] reads the card's text, [`check`] doubts it, [`driver`] decides what comes
//! next, and [`reader`] joins all of it on a thread of its own.

pub mod check;
pub mod command;
mod desk;
pub mod driver;
pub mod fault;
pub mod frame;
pub mod reader;
pub mod record;
pub mod sam_id;
pub mod serial;
pub mod status;
mod text;
pub mod usb;
pub mod wire;

pub use desk::{DeskReader, Port};
