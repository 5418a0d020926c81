//! Measuring: verification accuracy on data sets, and how long each step takes.

pub mod pairs;
pub mod timing;
pub mod verify;
