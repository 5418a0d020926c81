//! Where the files are that come with the program: models, clips, the demo's samples.

use std::path::{Path, PathBuf};

/// The first folder `name` that holds `file`: beside the program, where a package puts it, or `source` in
/// the source tree. If none does, `name` as it is: whoever opens it says what is missing.
#[must_use]
pub fn folder(name: &str, source: &str, file: &str) -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned)).unwrap_or_default();
    let mut places = vec![beside.join(name), beside.join("../share/mianzheng").join(name), PathBuf::from(source)];
    // Not in a release: it would carry the path of whoever built it.
    if cfg!(debug_assertions) {
        places.push(source_tree().join(source));
    }
    places.into_iter().find(|place| place.join(file).is_file()).unwrap_or_else(|| PathBuf::from(name))
}

#[cfg(debug_assertions)]
fn source_tree() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[cfg(not(debug_assertions))]
fn source_tree() -> PathBuf {
    PathBuf::new()
}
