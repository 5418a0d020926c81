//! What an inspector would try: the forty checks, each a test that bears its number. Those that
//! stand elsewhere: 04, 29 and 34 in `scenarios`, 09 in `screens`, 11 in `memory`, 17 and 18 in `src/config.rs`, 19 in
//! `sandbox`, 21 in `audit_log`, 31 in `cli`, 35 in `screens`, 39 in `search`. Those that wait are
//! in `core::law` with the reason.

mod papers;
mod people;
mod session;
mod trace;
