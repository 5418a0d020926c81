//! Between the pure session and the ports: one loop, one vision worker, one latest frame.

mod eyes;
pub mod journal;
mod kiosk;
mod latest;
mod private;

pub use eyes::EyesLoader;
pub use kiosk::{Act, Devices, Kiosk, KioskHandle, Shared};
pub use latest::LatestFrame;
