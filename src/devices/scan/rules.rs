//! What tells a scanner from a person.

/// A gap out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gap between two characters is not 30 to 200 ms")]
pub struct BadGap;

/// What makes key events a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub(super) gap_ms: u64,
    pub(super) silence_ends: bool,
}

impl Default for Rules {
    /// 80 ms, after which a scan has ended.
    fn default() -> Self {
        Self { gap_ms: 80, silence_ends: true }
    }
}

impl Rules {
    /// Longest time between two characters. Units: ms. Range: 30 to 200.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn with_gap(self, gap_ms: u64) -> Result<Self, BadGap> {
        if (30..=200).contains(&gap_ms) { Ok(Self { gap_ms, ..self }) } else { Err(BadGap) }
    }

    /// For a scanner that always ends with Enter or Tab: a silence never ends a scan, it throws it
    /// away, so that a scan that falters is not taken for two.
    #[must_use]
    pub fn only_with_end(self) -> Self {
        Self { silence_ends: false, ..self }
    }
}
