//! Where outcomes go: the site's system over a local socket, a door behind a serial relay, the log.
//! For integrators: `packaging/OUTCOME.md`.

mod bell;
mod door;
mod fan;
mod host;
mod intake;
mod link;
mod log;
mod message;
mod queue;
mod relay;
mod wiring;

pub use door::{Act, Door};
pub use fan::Fan;
pub use host::HostOutcome;
pub use intake::{Intake, TooMuch};
pub use log::LogOutcome;
pub use message::{Answer, Event, Message, VERSION};
pub use queue::{HELP_MS, Queue, VERIFIED_MS};
pub use relay::RelayOutcome;
pub use wiring::{Wiring, WiringError};
