//! The kiosk without a display: the same screens, drawn in memory and driven by a script.

mod raster;
mod run;
mod script;

pub use raster::Raster;
pub use run::{Headless, ScriptFailed};
pub use script::{Expectation, Step, Todo, parse};
