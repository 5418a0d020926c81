//! How good a picture of a face is, in the components of ISO/IEC 29794-5.
//!
//! Each component has what was measured (`native`) and a score of 0 to 100. Names, and the formulas
//! marked "OFIQ", are those of the standard's open reference; components for which it uses networks
//! that this program does not have are measured in a way of our own, and say so. Guidance and
//! acceptance rest on the natives (`guide.rs`). Nothing here rejects a person: open eyes, a closed
//! mouth or an even light are reported, never demanded.

mod component;
mod covered;
mod guide;
mod light;
mod parts;
mod place;
mod pose;

use serde::Serialize;

use crate::ports::Frame;

use super::detect::Face;
use super::mesh::Mesh;

pub use component::Component;
pub use covered::Covered;
pub use guide::{advise, select};
pub use light::Light;
pub use pose::Pose;

/// All components of one face. Those that need the 468 points are none without them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// Distance between the eyes, as if the head looked ahead. Units: pixels.
    pub inter_eye_distance: Component,
    /// From the eyes to the chin, of the picture's height.
    pub head_size: Option<Component>,
    /// Room beside, above and below the face.
    pub crop: place::Crop,
    /// Second largest face, of the largest.
    pub single_face_present: Component,
    /// Which way the head points.
    pub pose: Option<Pose>,
    /// How fine the detail is.
    pub sharpness: Component,
    /// Brightness, exposure, evenness.
    pub light: Light,
    /// How far the eyes are open, of the distance from eyes to chin.
    pub eyes_open: Option<Component>,
    /// How far the lips are apart, as above.
    pub mouth_closed: Option<Component>,
    /// Nothing over the eyes.
    pub eyes_visible: Component,
    /// Nothing over mouth and chin.
    pub mouth_visible: Component,
    /// What the last two rest on.
    #[serde(skip)]
    pub covered: Covered,
}

impl Quality {
    /// Measures one face. `others`: all faces of the picture, this one among them or not.
    #[must_use]
    pub fn of(frame: &Frame, face: &Face, mesh: Option<&Mesh>, others: &[Face]) -> Self {
        let pose = mesh.and_then(Pose::of);
        let measure = mesh.and_then(parts::Measure::of);
        let covered = Covered::of(frame, face);
        let (light, sharpness) = light::measure(frame, face);
        Self {
            inter_eye_distance: place::inter_eye_distance(face, pose),
            head_size: measure.map(|m| place::head_size(m.eyes_to_chin, frame)),
            crop: place::Crop::of(face, frame),
            single_face_present: place::single_face(face, others),
            pose,
            sharpness,
            light,
            eyes_open: measure.map(parts::Measure::eyes_open),
            mouth_closed: measure.map(parts::Measure::mouth_closed),
            eyes_visible: parts::visible(covered.eyes, Covered::MAX_EYES),
            mouth_visible: parts::visible(covered.lower, Covered::MAX_LOWER),
            covered,
        }
    }

    /// The lowest score of those that comparison depends on. Range: 0 to 100. Own choice, not the
    /// standard's unified score, which is a network's.
    #[must_use]
    pub fn lowest(&self) -> u8 {
        let pose = self.pose.map(|pose| [pose.yaw, pose.pitch, pose.roll]).into_iter().flatten();
        let scores = [self.inter_eye_distance, self.sharpness, self.light.mean, self.light.under_exposure, self.light.over_exposure];
        pose.chain(scores).map(|component| component.score).min().unwrap_or(0)
    }
}
