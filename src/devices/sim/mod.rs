//! A simulated kiosk: sample cards on a simulated reader, pictures before a simulated camera.
//!
//! The sample people are files, not part of the program: an installed kiosk has none.

mod camera;
mod deck;
mod reader;
pub mod sam;
mod source;
mod watch;

pub use camera::SimCamera;
pub use deck::{Deck, DeckError};
pub use reader::SimReader;
pub use watch::Watch;
