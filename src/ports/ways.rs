//! Ways besides face and card: the person's own phone, and what a scanner types.

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::core::screen::Lang;

use super::{Identity, Secret};

/// What a person opens with their phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneLink {
    /// Address for the two-dimensional code. Range: at most 512 ASCII characters.
    pub address: String,
    /// What to type where the code cannot be scanned. Range: at most 32 ASCII characters.
    pub code: String,
}

/// What came of asking a phone.
pub enum PhoneSight {
    /// The person may open this.
    Link(PhoneLink),
    /// Who they are, as the authority says. For the runtime's private memory only.
    Read(Identity),
    /// It did not come to that.
    Failed(Fault),
}

/// Where the runtime wants to hear of it.
pub type PhoneSink = Box<dyn Fn(RunId, PhoneSight) + Send + Sync>;

/// Somebody the site trusts to say who a person is. Asks only while started.
pub trait IdentityAuthority: Send {
    /// Asks in the background; tells `sink` until stopped.
    fn start(&mut self, run: RunId, lang: Lang, sink: PhoneSink);
    /// Stops asking and forgets what was under way.
    fn stop(&mut self);
    /// Whether the site has this way at all.
    fn present(&self) -> bool {
        true
    }
}

/// Where scanned texts go.
pub type ScanSink = Box<dyn Fn(Secret) + Send + Sync>;

/// Something that types by itself: a scanner, a badge reader. Its keys never reach a text field.
pub trait Scanner: Send {
    /// Tells `sink` each scan until dropped.
    fn start(&mut self, sink: ScanSink);
}
