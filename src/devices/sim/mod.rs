//! A simulated kiosk: sample cards on a simulated reader, pictures before a simulated camera.
//!
//! The sample people are files, not part of the program: an installed kiosk has none.

mod camera;
mod deck;
mod host;
mod pty;
mod reader;
mod relay;
pub mod sam;
mod source;
mod tape;
mod watch;

pub use camera::SimCamera;
pub use host::SimHost;
pub use relay::SimRelay;
pub use tape::Tape;
pub use deck::{Deck, DeckError};
pub use reader::SimReader;
pub use watch::Watch;
