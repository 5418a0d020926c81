//! What is drawn and touched. Sees screens, words and the preview picture; never devices, models
//! or the store.

mod app;
mod canvas;
mod deck;
mod fonts;
mod icons;
mod layout;
mod preview;
mod screens;
pub mod theme;

pub use app::KioskUi;
pub use canvas::Hits;
