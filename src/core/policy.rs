//! The numbers a decision rests on: validated once, immutable, versioned.

use serde::{Deserialize, Serialize};

/// What a readable, valid card alone is worth at this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardRule {
    /// The card verifies the person.
    Accept,
    /// The card verifies people known to this device; others are looked at by staff.
    KnownOnly,
    /// Staff look at card and person.
    StaffLook,
    /// Staff decide at the kiosk, with their log-in and a reason.
    StaffApproval,
    /// The card verifies people known here who also type their code.
    CardAndCode,
}

/// Who may go on at this site, whichever way they are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admit {
    /// Everybody who is verified.
    #[default]
    Anyone,
    /// Who is on the site's list.
    Listed,
}

/// Thresholds, attempts and deadlines of one site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Recorded with every decision: a fingerprint of all other values, whatever the file says.
    pub version: u32,
    /// Cosine similarity from which two faces count as the same person. Range: 0.363 (FMR 1e-3,
    /// the floor of GB/T 38671) to 0.95.
    ///
    /// Default 0.464: FMR 1e-5, all 29.6 million impostor pairs of 7,701 LFW images, 2026
    /// (`README.md`, "Thresholds"; re-measure with `mianzheng eval verify`).
    pub match_threshold: f32,
    /// Median liveness from which a presentation counts as live. Range: 0.5 to 0.99.
    ///
    /// Default 0.5, the model's own point of decision: no operating point is fitted yet, the
    /// model's error rates differ between cameras (`models/NOTICE.md`).
    pub live_threshold: f32,
    /// Good frames gathered before anything is decided. Range: 12 to 60, for the median's sake.
    pub frames: u8,
    /// Face attempts before only card and staff are offered. Range: 1 to 5.
    pub attempts: u8,
    /// What a card alone is worth.
    pub card: CardRule,
    /// Who may go on once verified, by face, card or phone alike.
    pub admit: Admit,
    /// Time without any act of the person before the session ends. Units: ms; 30,000 to 300,000.
    pub idle_ms: u64,
    /// How long before that the person is warned. Units: ms; at least 20,000 (WCAG 2.2.1).
    pub warn_ms: u64,
    /// How often the person may ask for more time. At least 10 (WCAG 2.2.1).
    pub extensions: u8,
    /// How long one camera hint stays before another may replace it. Units: ms.
    pub hint_ms: u64,
    /// How long a part of the machine may take to answer. Units: ms.
    pub reply_ms: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: 1,
            match_threshold: 0.464,
            live_threshold: 0.5,
            frames: 12,
            attempts: 3,
            card: CardRule::Accept,
            admit: Admit::Anyone,
            idle_ms: 60_000,
            warn_ms: 20_000,
            extensions: 10,
            hint_ms: 1_500,
            reply_ms: 15_000,
        }
    }
}

/// A policy value outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("policy.{field} must be {range}")]
pub struct PolicyError {
    /// The field, as written in the site file.
    pub field: &'static str,
    /// The permitted range, in words.
    pub range: &'static str,
}

impl Policy {
    /// Checks every range.
    ///
    /// # Errors
    /// Names the first field that is out of range.
    pub fn validated(self) -> Result<Self, PolicyError> {
        let checks = [
            ((0.363..=0.95).contains(&self.match_threshold), "match-threshold", "0.363 to 0.95"),
            ((0.5..=0.99).contains(&self.live_threshold), "live-threshold", "0.5 to 0.99"),
            ((12..=60).contains(&self.frames), "frames", "12 to 60"),
            ((1..=5).contains(&self.attempts), "attempts", "1 to 5"),
            ((20_000..=120_000).contains(&self.warn_ms), "warn-ms", "20000 to 120000"),
            ((self.warn_ms + 10_000..=300_000).contains(&self.idle_ms), "idle-ms", "warn-ms + 10000 to 300000"),
            ((10..=30).contains(&self.extensions), "extensions", "10 to 30"),
            ((500..=5_000).contains(&self.hint_ms), "hint-ms", "500 to 5000"),
            ((1_000..=60_000).contains(&self.reply_ms), "reply-ms", "1000 to 60000"),
        ];
        match checks.into_iter().find(|(holds, ..)| !holds) {
            Some((_, field, range)) => Err(PolicyError { field, range }),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_policy_is_valid() {
        assert!(Policy::default().validated().is_ok());
    }

    #[test]
    fn no_value_can_switch_a_safeguard_off() {
        let base = Policy::default();
        for (field, bad) in [
            ("match-threshold", Policy { match_threshold: -1.0, ..base.clone() }),
            ("match-threshold", Policy { match_threshold: f32::NAN, ..base.clone() }),
            ("match-threshold", Policy { match_threshold: 0.3, ..base.clone() }),
            ("live-threshold", Policy { live_threshold: 0.4, ..base.clone() }),
            ("idle-ms", Policy { idle_ms: u64::MAX, ..base.clone() }),
            ("warn-ms", Policy { warn_ms: u64::MAX - 20_000, ..base.clone() }),
            ("frames", Policy { frames: 1, ..base.clone() }),
            ("warn-ms", Policy { warn_ms: 0, ..base.clone() }),
            ("idle-ms", Policy { idle_ms: 20_000, ..base.clone() }),
            ("extensions", Policy { extensions: 0, ..base.clone() }),
        ] {
            assert_eq!(bad.validated().unwrap_err().field, field);
        }
    }
}
