//! Which device is the scanner.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Keys 1 (2) and Enter (28): what a device needs to type a scan. Bits of the last word of
/// `capabilities/key`.
const TYPES: u64 = 1 << 2 | 1 << 28;

/// A text that names no device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a path such as /dev/mianzheng-scanner, or vendor and product such as 1a2b:3c4d")]
pub struct NoDevice;

/// The device the configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// This node, or a link to it.
    Path(PathBuf),
    /// Every keyboard with these numbers: one scanner may be several.
    Usb {
        /// Who made it.
        vendor: u16,
        /// What it is.
        product: u16,
    },
}

impl FromStr for Which {
    type Err = NoDevice;

    fn from_str(text: &str) -> Result<Self, NoDevice> {
        if text.starts_with('/') {
            return Ok(Self::Path(text.into()));
        }
        let (vendor, product) = text.split_once(':').ok_or(NoDevice)?;
        Ok(Self::Usb { vendor: number(vendor).ok_or(NoDevice)?, product: number(product).ok_or(NoDevice)? })
    }
}

impl Which {
    /// The nodes that are there now. `class` is `/sys/class/input`, `nodes` is `/dev/input`.
    #[must_use]
    pub fn nodes(&self, class: &Path, nodes: &Path) -> Vec<PathBuf> {
        let (vendor, product) = match self {
            Self::Path(path) => return if path.exists() { vec![path.clone()] } else { Vec::new() },
            Self::Usb { vendor, product } => (*vendor, *product),
        };
        let fits = |device: &Path| {
            let id = |name| fs::read_to_string(device.join("id").join(name)).ok().and_then(|text| number(text.trim()));
            id("vendor") == Some(vendor) && id("product") == Some(product) && types(device)
        };
        let entries = fs::read_dir(class).into_iter().flatten().flatten();
        let mut found: Vec<_> = entries
            .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"event"))
            .filter(|entry| fits(&entry.path().join("device")))
            .map(|entry| nodes.join(entry.file_name()))
            .collect();
        found.sort();
        found
    }
}

fn number(text: &str) -> Option<u16> {
    let fits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| u16::from_str_radix(text, 16).ok())?
}

fn types(device: &Path) -> bool {
    let keys = fs::read_to_string(device.join("capabilities/key")).unwrap_or_default();
    let last = keys.split_whitespace().next_back().and_then(|word| u64::from_str_radix(word, 16).ok());
    last.is_some_and(|bits| bits & TYPES == TYPES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_or_two_numbers_name_a_device() {
        assert_eq!("/dev/mianzheng-scanner".parse(), Ok(Which::Path("/dev/mianzheng-scanner".into())));
        assert_eq!("05fE:1010".parse(), Ok(Which::Usb { vendor: 0x05fe, product: 0x1010 }));
        for text in ["", "scanner", "05fe", "05fe:", "05fe:10100", "+5fe:1010", "0x05:1010"] {
            assert_eq!(text.parse::<Which>(), Err(NoDevice), "{text}");
        }
    }

    #[test]
    fn only_what_types_and_has_the_numbers_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let device = |name: &str, product: &str, keys: &str| {
            let device = dir.path().join(name).join("device");
            for (file, text) in [("id/vendor", "05fe\n"), ("id/product", product), ("capabilities/key", keys)] {
                fs::create_dir_all(device.join(file).parent().unwrap()).unwrap();
                fs::write(device.join(file), text).unwrap();
            }
        };
        let keyboard = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n";
        device("event3", "1010\n", keyboard);
        device("event11", "1010\n", keyboard);
        device("event4", "1010\n", "1f0000 0 0 0 0\n"); // its buttons, as of a mouse
        device("event5", "1011\n", keyboard);
        device("input7", "1010\n", keyboard);
        let nodes = |which: &Which| which.nodes(dir.path(), Path::new("/dev/input"));
        let scanner = Which::Usb { vendor: 0x05fe, product: 0x1010 };
        assert_eq!(nodes(&scanner), ["/dev/input/event11", "/dev/input/event3"].map(PathBuf::from));
        assert!(nodes(&Which::Usb { vendor: 1, product: 0x1010 }).is_empty());
        assert!(nodes(&Which::Path("/nonexistent".into())).is_empty());
        assert_eq!(nodes(&Which::Path(dir.path().into())), [dir.path()]);
    }
}
