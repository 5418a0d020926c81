//! Mianzheng (面证): a kiosk that verifies people by face or by card, as the person chooses.
//!
//! ```text
//!             main ── builds everything, injects ports ──┐
//!      ┌────────┴──────┐                                 │
//!     ui ──Act───► runtime ──Command──► ports ◄─implement─ devices, store, vision
//!      │               │                  │
//!      └───────────► core ◄───────────────┘      core uses std, serde, thiserror only
//! ```
//!
//! `core` decides, `runtime` carries out, `ports` names what is needed, the adapters provide it,
//! `ui` draws [`core::screen::Screen`]s. `headless` draws and drives the same screens without a
//! display; `eval` measures.

pub mod config;
pub mod core;
pub mod decisions;
pub mod devices;
pub mod eval;
pub mod fonts;
pub mod headless;
pub mod locale;
pub mod notice;
pub mod papers;
pub mod picture;
pub mod ports;
pub mod resources;
pub mod roster;
pub mod runtime;
pub mod sandbox;
pub mod store;
pub mod ui;
pub mod vision;
mod wide;
