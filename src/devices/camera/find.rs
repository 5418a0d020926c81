//! Which camera nodes there are, from the kernel's own list.
//!
//! Asking the library instead panics on nodes it cannot parse, and counts metadata nodes.

use std::fs;

use super::source::Kind;

/// A capture node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// N of `/dev/videoN`.
    pub index: u32,
    /// What the driver calls it.
    pub name: String,
}

/// All capture nodes, lowest number first. The second node of a camera carries metadata only.
#[must_use]
pub fn nodes() -> Vec<Node> {
    let mut nodes: Vec<Node> = fs::read_dir("/sys/class/video4linux")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let index = entry.file_name().to_str()?.strip_prefix("video")?.parse().ok()?;
            let read = |file: &str| fs::read_to_string(entry.path().join(file)).ok();
            (read("index")?.trim() == "0").then(|| Node { index, name: read("name").unwrap_or_default().trim().to_owned() })
        })
        .collect();
    nodes.sort_by_key(|node| node.index);
    nodes
}

/// The node whose name contains `part`. Blank: for colour the first, for infrared none: which camera
/// sees what cannot be told from its name.
pub(super) fn by_name(part: &str, kind: Kind) -> Option<Node> {
    let named = !part.is_empty() || kind == Kind::Colour;
    nodes().into_iter().find(|node| named && node.name.contains(part))
}
