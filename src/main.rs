//! The program: reads the command line, builds the adapters, runs. Exit codes: 0 done, 1 the
//! answer is no, 2 bad usage or configuration, 3 device or file fault.

// The command line's standard output is its answer.
#![allow(clippy::print_stdout)]

mod cli;

/// Wipes every piece of memory that is given back: tensors of faces, typed passwords, the parser's
/// leftovers. What it costs is in `decisions/0007`.
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

use std::process::ExitCode;

fn main() -> ExitCode {
    mianzheng::sandbox::harden();
    quiet_panics();
    cli::main()
}

/// A panic says where it was, never with what: its message could quote a value.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "a part of the program stopped");
    }));
}
