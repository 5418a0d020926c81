//! Between the pure session and the ports: one loop, one vision worker, one latest frame.

mod eyes;
mod handle;
pub mod journal;
mod kiosk;
mod latest;
mod private;
mod rights;
mod speech;
mod staff;
mod watch;
mod ways;

pub use eyes::{EyesLoader, NoEyes};
pub use handle::{Act, KioskHandle, Said, Shared};
pub use kiosk::{Devices, Kiosk};
pub use latest::LatestFrame;
