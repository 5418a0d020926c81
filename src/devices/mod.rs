//! The real and the simulated devices behind the ports.

pub mod camera;
pub mod card;
pub mod clock;
pub mod none;
pub mod outcome;
pub mod phone;
pub mod printer;
pub mod scan;
pub mod sentinel;
pub mod sim;
pub mod voice;
