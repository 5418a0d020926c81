//! All tests that need more than one module, in one binary.

#![allow(clippy::panic, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)] // a test that fails panics
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, missing_docs, unreachable_pub)]
#![allow(clippy::struct_excessive_bools, clippy::float_cmp, clippy::format_push_string, clippy::unnecessary_debug_formatting)]
#![allow(clippy::wrong_self_convention, clippy::unnecessary_wraps, clippy::manual_assert, clippy::nonminimal_bool)]

/// As in the program: what is given back is wiped (`memory` proves it).
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

mod architecture;
mod audit_log;
mod backups;
mod card;
mod cli;
mod comfort;
mod crash;
mod fault_vfs;
mod fuzz;
mod gallery;
mod inspector;
mod invariants;
mod locales;
mod memory;
mod outside;
mod printer;
mod replay;
mod roster;
mod sandbox;
mod scenarios;
mod screens;
mod search;
mod soak;
mod staff;
mod store;
mod support;
mod vault;
mod vision;
mod voice;
mod window;
