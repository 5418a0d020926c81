//! The card reader: over a real pseudo-terminal, against hostile bytes, and through the whole kiosk.

mod fuzz;
mod ways;
mod wire;
