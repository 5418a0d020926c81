//! Quality of a picture of a face, component by component, after ISO/IEC 29794-5:2025.
//!
//! Names, native measures and mappings are those of OFIQ, the standard's reference implementation,
//! where it measures; where it asks a network or a random forest, the native measure is our own and
//! the item says so. None of the scores is a verified ISO value.

pub mod anchors;
mod canonical;
pub mod component;
mod covered;
pub mod detail;
mod guide;
pub mod light;
pub mod parts;
pub mod place;
pub mod pose;
pub mod region;

use serde::Serialize;

use crate::core::evidence::Turn;
use crate::ports::Frame;

use super::detect::Face;
use super::mesh::Mesh;

pub use component::Component;
pub use covered::Covered;
pub use guide::{advise, select};
pub use pose::Pose;

use anchors::Anchors;
use light::Light;
use place::Room;
use region::Region;

/// The components of one picture, in the order of the standard; each is described where it is
/// measured. None: it needs the mesh, and there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quality {
    /// [`Light::uniformity`].
    pub illumination_uniformity: Component,
    /// [`Light::mean`].
    pub luminance_mean: Component,
    /// [`Light::variance`].
    pub luminance_variance: Component,
    /// [`Light::under_exposure`].
    pub under_exposure_prevention: Component,
    /// [`Light::over_exposure`].
    pub over_exposure_prevention: Component,
    /// [`Light::dynamic_range`].
    pub dynamic_range: Component,
    /// [`detail::sharpness`].
    pub sharpness: Component,
    /// [`place::single_face`].
    pub single_face_present: Component,
    /// [`parts::eyes_open`].
    pub eyes_open: Option<Component>,
    /// [`parts::mouth_closed`].
    pub mouth_closed: Option<Component>,
    /// [`parts::eyes_visible`].
    pub eyes_visible: Component,
    /// [`parts::mouth_visible`].
    pub mouth_occlusion_prevention: Component,
    /// [`parts::face_visible`].
    pub face_occlusion_prevention: Component,
    /// [`place::inter_eye_distance`].
    pub inter_eye_distance: Component,
    /// [`place::head_size`].
    pub head_size: Component,
    /// [`Room::leftward`].
    pub leftward_crop_of_the_face_image: Component,
    /// [`Room::rightward`].
    pub rightward_crop_of_the_face_image: Component,
    /// [`Room::above`].
    pub margin_above_of_the_face_image: Component,
    /// [`Room::below`].
    pub margin_below_of_the_face_image: Component,
    /// [`Pose::yaw`].
    pub head_pose_yaw: Option<Component>,
    /// [`Pose::pitch`].
    pub head_pose_pitch: Option<Component>,
    /// [`Pose::roll`].
    pub head_pose_roll: Option<Component>,
    /// What the occlusion components rest on.
    #[serde(skip)]
    pub covered: Covered,
}

/// From here a head counts as turned. Units: degrees. Own choice: clearly more than what people who
/// look ahead do, clearly less than what costs similarity.
const TURNED: f32 = 8.0;

impl Quality {
    /// Measures one face; `others` are the faces of the same picture, with or without this one.
    /// Where its points make no face, all that rests on them scores 0.
    #[must_use]
    pub fn of(frame: &Frame, face: &Face, mesh: Option<&Mesh>, others: &[Face]) -> Self {
        Self::with(frame, face, mesh, others, Covered::of(frame, face))
    }

    /// Which way the head points; ahead where nothing tells.
    #[must_use]
    pub fn turn(&self) -> Turn {
        match self.head_pose_yaw.map(|yaw| yaw.native) {
            Some(yaw) if yaw >= TURNED => Turn::Left,
            Some(yaw) if yaw <= -TURNED => Turn::Right,
            _ => Turn::Ahead,
        }
    }

    fn with(frame: &Frame, face: &Face, mesh: Option<&Mesh>, others: &[Face], covered: Covered) -> Self {
        let bare = Self {
            covered,
            single_face_present: place::single_face(face, others),
            eyes_visible: parts::eyes_visible(covered),
            mouth_occlusion_prevention: parts::mouth_visible(covered),
            face_occlusion_prevention: parts::face_visible(covered),
            ..Self::default()
        };
        let Some(anchors) = Anchors::of(face, mesh) else {
            return bare;
        };
        let pose = mesh.and_then(Pose::of);
        let light = Light::of(frame, &Region::of(face, mesh, &anchors), &anchors);
        let room = Room::of(&anchors, frame);
        let angles = pose.map(|pose| pose.components());
        Self {
            illumination_uniformity: light.uniformity,
            luminance_mean: light.mean,
            luminance_variance: light.variance,
            under_exposure_prevention: light.under_exposure,
            over_exposure_prevention: light.over_exposure,
            dynamic_range: light.dynamic_range,
            sharpness: detail::sharpness(frame, &anchors),
            eyes_open: mesh.and_then(|mesh| parts::eyes_open(mesh, &anchors)),
            mouth_closed: mesh.and_then(|mesh| parts::mouth_closed(mesh, &anchors)),
            inter_eye_distance: place::inter_eye_distance(&anchors, pose.map_or(0.0, |pose| pose.yaw)),
            head_size: place::head_size(&anchors, frame),
            leftward_crop_of_the_face_image: room.leftward,
            rightward_crop_of_the_face_image: room.rightward,
            margin_above_of_the_face_image: room.above,
            margin_below_of_the_face_image: room.below,
            head_pose_yaw: angles.map(|[yaw, ..]| yaw),
            head_pose_pitch: angles.map(|[_, pitch, _]| pitch),
            head_pose_roll: angles.map(|[.., roll]| roll),
            ..bare
        }
    }

    /// The lowest score among what a comparison depends on and everybody can change: size, pose,
    /// sharpness, lost light and dark, covered parts, a second face. Range: 0 to 100. Own choice, NOT
    /// the standard's unified score, which is a network's. Left out: the format of the picture (head
    /// size, margins), eyes and mouth, and mean, spread and evenness of light, which skin decides as
    /// much as light does.
    #[must_use]
    pub fn unified(&self) -> u8 {
        let pose = [self.head_pose_yaw, self.head_pose_pitch, self.head_pose_roll];
        let always = [
            self.under_exposure_prevention,
            self.over_exposure_prevention,
            self.sharpness,
            self.single_face_present,
            self.eyes_visible,
            self.mouth_occlusion_prevention,
            self.inter_eye_distance,
        ];
        pose.into_iter().flatten().chain(always).map(|component| component.score).min().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Covered = Covered { lower: 2.0, eyes: 3.0 };

    /// A frame of noise about a middle grey, and the canonical head in it, turned by `yaw` degrees.
    fn scene(yaw: f64) -> (Frame, Face, Mesh) {
        let grain = |at: u32| 150 + (at.wrapping_mul(2_654_435_761) >> 28) as u8;
        let frame = Frame::new(600, 600, (0..600 * 600 * 3).map(grain).collect()).unwrap();
        let mesh = pose::tests::head(yaw, 0.0, 0.0);
        let at = |index: usize| [mesh.points[index][0], mesh.points[index][1]];
        let eye = |a: usize, b: usize| [f32::midpoint(at(a)[0], at(b)[0]), f32::midpoint(at(a)[1], at(b)[1])];
        let landmarks = [eye(33, 133), eye(362, 263), at(4), [275.0, 352.0], [325.0, 352.0]];
        (frame, Face { bounds: [200.0, 190.0, 200.0, 230.0], landmarks, score: 0.9 }, mesh)
    }

    #[test]
    fn a_turned_head_lowers_its_own_component_and_the_unified_score() {
        let of = |yaw| {
            let (frame, face, mesh) = scene(yaw);
            Quality::with(&frame, &face, Some(&mesh), &[], OPEN)
        };
        let (ahead, turned) = (of(0.0), of(40.0));
        let yaw = |quality: &Quality| quality.head_pose_yaw.unwrap();
        assert_eq!((yaw(&ahead).score, ahead.head_pose_roll.unwrap().score), (100, 100));
        assert!((yaw(&turned).native - 40.0).abs() < 0.1 && yaw(&turned).score == 59);
        assert!(turned.unified() <= 59);
        let change = turned.inter_eye_distance.native / ahead.inter_eye_distance.native;
        assert!((change - 1.0).abs() < 0.02, "the yaw is undone: {change}");
    }

    #[test]
    fn without_a_mesh_the_rest_is_measured() {
        let (frame, face, _) = scene(0.0);
        let quality = Quality::with(&frame, &face, None, &[], OPEN);
        assert!(quality.eyes_open.is_none() && quality.head_pose_yaw.is_none());
        assert!(quality.luminance_mean.native > 0.2 && quality.head_size.native > 0.1);
        assert!(quality.leftward_crop_of_the_face_image.score == 100);
    }

    #[test]
    fn covered_parts_and_points_that_make_no_face_bring_the_unified_score_down() {
        let (frame, face, mesh) = scene(0.0);
        let covered = Quality::with(&frame, &face, Some(&mesh), &[], Covered { lower: 40.0, eyes: 3.0 });
        assert!(covered.unified() < 3 && covered.mouth_occlusion_prevention.score < 3);
        for bad in [0.0, f32::NAN, f32::INFINITY, -1e30] {
            let face = Face { bounds: [bad; 4], landmarks: [[bad; 2]; 5], score: bad };
            let mesh = Mesh { points: vec![[bad; 3]; 468], presence: bad };
            for mesh in [None, Some(&mesh), Some(&Mesh { points: Vec::new(), presence: 0.0 })] {
                assert_eq!(Quality::with(&frame, &face, mesh, std::slice::from_ref(&face), OPEN).unified(), 0);
            }
        }
    }
}
