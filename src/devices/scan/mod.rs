//! Scanners and badge readers that pretend to be keyboards. Held exclusively: their keys never reach
//! a text field.

mod assemble;
mod find;
mod held;
mod layout;
mod rules;
mod wedge;

pub use assemble::{Assembler, LONGEST, SHORTEST, Stroke};
pub use find::{NoDevice, Which};
pub use rules::{BadGap, Rules};
pub use wedge::{State, WedgeScanner};

#[cfg(test)]
mod uinput_tests;
