//! Mianzheng (面证): a kiosk that verifies people by face or by card, as the person chooses.

#![allow(missing_docs)]
pub mod core;
pub mod ports;
pub mod picture;
pub mod config;
pub mod devices;
pub mod eval;
pub mod headless;
pub mod locale;
pub mod runtime;
pub mod store;
pub mod ui;
pub mod vision;
