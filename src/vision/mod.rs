//! Seeing a face: find it in the zone, judge the picture, align, embed, liveness, depth.

pub mod align;
pub mod depth;
pub mod detect;
pub mod embed;
mod engine;
pub mod follow;
mod kernels;
pub mod infrared;
pub mod liveness;
pub mod manifest;
pub mod mesh;
pub mod pipeline;
pub mod quality;
mod sample;

pub use engine::{EngineError, operator_count};
