//! The dependency rule, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

/// Folder, and what must not be named in it.
const RULES: &[(&str, &[&str])] = &[
    (
        "src/core",
        &[
            "crate::ui", "crate::store", "crate::devices", "crate::vision", "crate::runtime", "crate::ports",
            "crate::locale", "crate::config", "crate::picture", "crate::eval", "crate::headless", "std::fs", "std::net",
            "std::thread", "std::process", "std::env", "std::io", "Instant", "SystemTime", "egui", "rusqlite", "nokhwa",
            "tract", "getrandom", "tracing", "println", "HashMap", "HashSet",
        ],
    ),
    ("src/ui", &["crate::devices", "crate::store", "crate::vision", "crate::picture", "rusqlite", "nokhwa", "tract", "std::fs", "std::thread"]),
    ("src/runtime", &["crate::devices", "crate::store", "crate::vision", "crate::ui", "crate::picture", "rusqlite", "nokhwa", "tract", "egui"]),
    ("src/devices", &["crate::store", "crate::vision", "crate::ui", "crate::runtime", "crate::headless", "rusqlite", "tract"]),
    ("src/store", &["crate::devices", "crate::vision", "crate::ui", "crate::runtime", "crate::headless", "nokhwa", "tract"]),
    ("src/vision", &["crate::devices", "crate::store", "crate::ui", "crate::runtime", "crate::headless", "rusqlite", "nokhwa"]),
    ("src/ports", &["crate::devices", "crate::store", "crate::vision", "crate::ui", "crate::runtime"]),
    // Nothing opens an internet socket.
    ("src", &["std::net", "TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs"]),
];

/// What `core` may name from outside the language.
const CORE_MAY_USE: &[&str] = &["std", "serde", "thiserror", "crate::core", "super", "self"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file without comments and without its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn violations(text: &str, forbidden: &[&str]) -> Vec<String> {
    let code = code(text);
    forbidden.iter().filter(|word| code.contains(**word)).map(|word| (*word).to_owned()).collect()
}

#[test]
fn layers_name_only_what_they_may() {
    let mut scanned = 0;
    let mut found = Vec::new();
    for (folder, forbidden) in RULES {
        let files = sources(&root().join(folder));
        assert!(!files.is_empty(), "{folder} holds no source");
        for file in files {
            let text = fs::read_to_string(&file).expect("a source");
            scanned += text.lines().count();
            found.extend(violations(&text, forbidden).into_iter().map(|word| format!("{} names {word}", file.display())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(scanned > 3_000, "only {scanned} lines were read");
}

#[test]
fn core_uses_std_serde_and_thiserror_only() {
    let mut uses = 0;
    for file in sources(&root().join("src/core")) {
        let text = code(&fs::read_to_string(&file).expect("a source"));
        for line in text.lines().map(str::trim).filter_map(|l| l.strip_prefix("use ").or(l.strip_prefix("pub use "))) {
            uses += 1;
            let known = CORE_MAY_USE.iter().any(|root| line.strip_prefix(root).is_some_and(|rest| rest.starts_with("::")));
            assert!(known, "{}: use {line}", file.display());
        }
    }
    assert!(uses > 50, "only {uses} uses were read");
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    assert_eq!(violations("use crate::store::Store;", &["crate::store"]), ["crate::store"]);
    assert!(violations("// crate::store\n#[cfg(test)] crate::store", &["crate::store"]).is_empty());
}

#[test]
fn no_debug_serialize_or_clone_on_what_must_not_leak() {
    for (file, name) in [
        ("src/ports/embedding.rs", "pub struct Embedding"),
        ("src/ports/frame.rs", "pub struct Frame"),
        ("src/ports/template.rs", "pub struct Template"),
        ("src/ports/template.rs", "pub struct Transform"),
        ("src/ports/secret.rs", "pub struct Secret"),
        ("src/ports/secret.rs", "pub struct ClaimNumber"),
        ("src/ports/secret.rs", "pub struct Identity"),
    ] {
        let text = fs::read_to_string(root().join(file)).expect("a source");
        let before = text.split(name).next().expect("the type").rsplit("\n\n").next().unwrap_or_default().to_owned();
        assert!(text.contains(name), "{name} is gone");
        for word in ["Debug", "Serialize", "Clone"] {
            let derived = before.lines().any(|l| l.starts_with("#[derive") && l.contains(word));
            assert!(!derived, "{name} derives {word}");
        }
    }
}

#[test]
fn unsafe_code_is_in_two_places() {
    let with: Vec<PathBuf> = sources(&root().join("src"))
        .into_iter()
        .filter(|file| fs::read_to_string(file).is_ok_and(|text| code(&text).contains("unsafe {")))
        .collect();
    let mut with = with;
    with.sort_unstable();
    assert_eq!(with, [root().join("src/devices/camera/kernel.rs"), root().join("src/wide.rs")]);
}
