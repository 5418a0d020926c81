//! The voice: clips of a neural voice rendered beforehand, put together and played. No speech engine
//! runs here, and nothing is sent anywhere.

mod library;
mod output;
mod plan;
mod speaker;

pub use library::{Library, folder};
pub use output::{Loudspeaker, Output, Recording};
pub use plan::{Piece, plan};
pub use speaker::ClipVoice;

/// Samples a second of every clip. Units: Hz.
pub const RATE: u32 = 24_000;
