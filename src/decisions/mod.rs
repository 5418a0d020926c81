//! Why things are as they are: one page a decision, with what was measured.

#[doc = include_str!("0001-weights-stay-small-on-disk.md")]
pub mod d0001_weights_stay_small_on_disk {}
#[doc = include_str!("0002-speed-of-tract.md")]
pub mod d0002_speed_of_tract {}
#[doc = include_str!("0003-liveness-from-the-start.md")]
pub mod d0003_liveness_from_the_start {}
#[doc = include_str!("0004-a-number-of-ones-own.md")]
pub mod d0004_a_number_of_ones_own {}
#[doc = include_str!("0005-own-raster-for-pictures.md")]
pub mod d0005_own_raster_for_pictures {}
#[doc = include_str!("0006-rusqlite-0-39.md")]
pub mod d0006_rusqlite_0_39 {}
#[doc = include_str!("0007-keys-that-can-be-destroyed.md")]
pub mod d0007_keys_that_can_be_destroyed {}
#[doc = include_str!("0008-a-log-that-tells-on-its-editor.md")]
pub mod d0008_a_log_that_tells_on_its_editor {}
#[doc = include_str!("0009-walls-around-the-program.md")]
pub mod d0009_walls_around_the_program {}
#[doc = include_str!("0010-the-law-as-rules.md")]
pub mod d0010_the_law_as_rules {}
#[doc = include_str!("0011-everyone-can-use-it.md")]
pub mod d0011_everyone_can_use_it {}
#[doc = include_str!("0012-equal-ways.md")]
pub mod d0012_equal_ways {}
#[doc = include_str!("0013-speed-and-accuracy-of-seeing.md")]
pub mod d0013_speed_and_accuracy_of_seeing {}
#[doc = include_str!("0014-what-a-face-must-show.md")]
pub mod d0014_what_a_face_must_show {}
#[doc = include_str!("0015-a-camera-that-comes-back.md")]
pub mod d0015_a_camera_that_comes_back {}
#[doc = include_str!("0016-installed-and-left-alone.md")]
pub mod d0016_installed_and_left_alone {}
#[doc = include_str!("0017-what-it-is-made-of.md")]
pub mod d0017_what_it_is_made_of {}
