//! What is drawn and touched. Sees screens, words and the preview picture; never devices, models
//! or the store.

mod app;
mod canvas;
mod deck;
mod fonts;
mod frame;
mod heard;
mod icons;
mod keys;
mod layout;
mod preview;
mod reader;
mod screens;
pub mod theme;
mod touch;

pub use app::KioskUi;
pub use canvas::Hits;
