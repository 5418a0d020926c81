//! All tests that need more than one module, in one binary.

mod architecture;
mod cli;
mod invariants;
mod locales;
mod replay;
mod scenarios;
mod screens;
mod store;
mod support;
mod vision;
mod window;
