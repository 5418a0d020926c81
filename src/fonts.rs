//! The bundled fonts: one family for each script and weight, so that 繁體 has its own shapes.

/// Name and TrueType file.
pub static FILES: [(&str, &[u8]); 4] = [
    ("sc-regular", include_bytes!("../assets/fonts/sc-regular.ttf")),
    ("sc-bold", include_bytes!("../assets/fonts/sc-bold.ttf")),
    ("tc-regular", include_bytes!("../assets/fonts/tc-regular.ttf")),
    ("tc-bold", include_bytes!("../assets/fonts/tc-bold.ttf")),
];
