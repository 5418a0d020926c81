//! The program: reads the command line, builds the adapters, runs. Exit codes: 0 done, 1 the
//! answer is no, 2 bad usage or configuration, 3 device or file fault.

// The command line's standard output is its answer.
#![allow(clippy::print_stdout)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    harden();
    cli::main()
}

/// No core dump and no debugger: memory holds faces and keys.
fn harden() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Best effort: a kernel that refuses still leaves everything else in force.
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
