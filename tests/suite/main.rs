//! All tests that need more than one module, in one binary.

#![allow(clippy::panic, clippy::unwrap_used, clippy::disallowed_methods)] // a test that fails panics
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, missing_docs)]

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
