//! Verifies a person through their own phone with OAuth 2.0 device authorization (RFC 8628), so that the kiosk that
//! asks for it stays without network. README.md says what the two say to each other.
mod config;
mod flow;
mod http;
mod serve;
mod token;

use config::Config;
use std::io::{Write, stderr, stdout};
use std::{env, path::Path, process::ExitCode};

/// Every freed piece of the heap is wiped: tokens and names also pass through the buffers of TLS, HTTP and JSON.
#[global_allocator]
static HEAP: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

const USAGE: &str = "usage is `mianzheng-phone serve --config FILE --socket PATH` or `check --config FILE`";

/// How a session ends without an identity, as the kiosk is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Why {
    Declined,
    Expired,
    Unreachable,
    NotTrusted,
    Refused,
    Busy,
}

/// That, and a sentence for the log. It is fixed text: nothing that came from outside can get into it.
#[derive(Debug)]
struct Fail(Why, &'static str);

/// Why the program ends at once.
enum End {
    /// Bad usage or configuration.
    Input(String),
    /// The socket cannot be had.
    Socket(String),
    Provider(Fail),
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        // The usual text could quote what was being worked on.
        say(&format!("a fault of this program, at {}", info.location().map_or(0, std::panic::Location::line)));
    }));
    let (code, text) = match run() {
        Ok(()) => return ExitCode::SUCCESS,
        Err(End::Provider(Fail(Why::Unreachable, why))) => (3, why.into()),
        Err(End::Provider(Fail(_, why))) => (1, why.into()),
        Err(End::Input(why)) => (2, why),
        Err(End::Socket(why)) => (3, why),
    };
    say(&text);
    ExitCode::from(code)
}

fn run() -> Result<(), End> {
    let args = env::args_os().skip(1).map(|arg| arg.into_string().unwrap_or_default()).collect::<Vec<_>>();
    let args = args.iter().map(String::as_str).collect::<Vec<_>>();
    let (config, socket) = match args[..] {
        ["check", "--config", config] => (config, None),
        ["serve", "--config", config, "--socket", socket] | ["serve", "--socket", socket, "--config", config] => {
            (config, Some(socket))
        }
        _ => return Err(End::Input(USAGE.into())),
    };
    let _ = nix::sys::prctl::set_dumpable(false); // no core file, no debugger of the same user
    let config = Config::read(Path::new(config)).map_err(End::Input)?;
    match socket {
        Some(path) => serve::run(config, Path::new(path)).map_err(End::Socket),
        None => check(&config).map_err(End::Provider),
    }
}

/// Discovery and keys.
fn check(config: &Config) -> Result<(), Fail> {
    let provider = flow::Provider::discover(config)?;
    let usable = provider.usable_keys()?;
    let _ = writeln!(stdout(), "The provider answers, {usable} of its keys can be used.");
    Ok(())
}

/// A line of the log. Standard error is all there is: nowhere else to say that it cannot be written.
fn say(text: &str) {
    let _ = writeln!(stderr(), "mianzheng-phone: {text}.");
}
