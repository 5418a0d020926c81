//! The numbers a decision rests on: validated once, immutable, versioned.

use serde::{Deserialize, Serialize};

use super::operating;

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

/// Least similarity any site may set: FMR 1e-3, the floor of GB/T 38671.
const FLOOR: f32 = 0.363;

/// Thresholds, attempts and deadlines of one site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Recorded with every decision: a fingerprint of all other values, whatever the file says.
    pub version: u32,
    /// Cosine similarity from which two faces count as the same person. Range: 0.363 (FMR 1e-3,
    /// the floor of GB/T 38671) to 0.95.
    ///
    /// Default 0.474: FMR 1e-5 ([`operating::POINTS`]).
    pub match_threshold: f32,
    /// Instead of a similarity: the false match rate a site wants, 1e-6 to 1e-3, of one comparison.
    /// Takes the place of `match_threshold` ([`operating::POINTS`]).
    pub match_fmr: Option<f64>,
    /// Median liveness from which a presentation counts as live. Range: 0.5 to 0.99.
    ///
    /// Default 0.5, the model's own point of decision: no operating point is fitted yet, the
    /// model's error rates differ between cameras (`models/NOTICE.md`).
    pub live_threshold: f32,
    /// What is enough where the face was also seen to move as a head does. Range: 0.5 to
    /// `live_threshold`; none where no camera was calibrated for it (`mianzheng calibrate`).
    pub live_threshold_relief: Option<f32>,
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
            match_threshold: 0.474,
            match_fmr: None,
            live_threshold: 0.5,
            live_threshold_relief: None,
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
    pub fn validated(mut self) -> Result<Self, PolicyError> {
        if let Some(fmr) = self.match_fmr {
            let range = PolicyError { field: "match-fmr", range: "1e-6 to 1e-3" };
            self.match_threshold = operating::threshold_for(fmr).ok_or(range)?;
        }
        let relief = self.live_threshold_relief.is_none_or(|low| (0.5..=self.live_threshold).contains(&low));
        let checks = [
            ((FLOOR..=0.95).contains(&self.match_threshold), "match-threshold", "0.363 to 0.95"),
            ((0.5..=0.99).contains(&self.live_threshold), "live-threshold", "0.5 to 0.99"),
            (relief, "live-threshold-relief", "0.5 to live-threshold"),
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
    fn a_stated_rate_takes_the_place_of_a_similarity() {
        let stated = Policy { match_fmr: Some(1e-6), ..Policy::default() }.validated().unwrap();
        assert!((stated.match_threshold - 0.539).abs() < 1e-6);
        let least = Policy { match_fmr: Some(1e-3), ..Policy::default() }.validated().unwrap();
        assert!(least.match_threshold >= FLOOR, "never below the floor");
    }

    #[test]
    fn no_value_can_switch_a_safeguard_off() {
        let base = Policy::default();
        for (field, bad) in [
            ("match-threshold", Policy { match_threshold: -1.0, ..base.clone() }),
            ("match-threshold", Policy { match_threshold: f32::NAN, ..base.clone() }),
            ("match-threshold", Policy { match_threshold: 0.3, ..base.clone() }),
            ("live-threshold", Policy { live_threshold: 0.4, ..base.clone() }),
            ("live-threshold-relief", Policy { live_threshold_relief: Some(0.4), ..base.clone() }),
            ("live-threshold-relief", Policy { live_threshold_relief: Some(f32::NAN), ..base.clone() }),
            ("match-fmr", Policy { match_fmr: Some(0.01), ..base.clone() }),
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
