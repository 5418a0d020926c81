//! Seeing a face: detect, choose the one in the zone, judge the picture, align, embed, liveness.

pub mod align;
pub mod covered;
pub mod detect;
pub mod embed;
mod engine;
mod prelu;
pub mod liveness;
pub mod manifest;
pub mod pipeline;
pub mod quality;

pub use engine::{EngineError, operator_count};
