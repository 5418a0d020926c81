//! Small names for things the core talks about but never holds.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta] $name:ident,)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);
    )*};
}

id! {
    /// One question to the outside world; a reply that carries another number is stale.
    RequestId,
    /// One period with the camera or the card reader on; events of an earlier one are stale.
    RunId,
    /// One analysed face, kept (and wiped) by the vision worker. Says nothing about the face.
    SampleId,
    /// A row of the people table. Means nothing outside this device.
    PersonId,
    /// A stored consent receipt.
    ReceiptId,
    /// Somebody who works at the device. Says nothing about who they are.
    OperatorId,
}
