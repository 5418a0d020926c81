//! The models on tract against numbers another engine made (`models/golden.py`).

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mianzheng::picture;
use mianzheng::ports::{Beside, Eyes, Frame, Look};
use mianzheng::vision::align::{FrameFromAligned, warp};
use mianzheng::vision::detect::{Detector, Face};
use mianzheng::vision::embed::Embedder;
use mianzheng::core::consent::Purpose;
use mianzheng::core::ids::RunId;
use mianzheng::vision::infrared::WithInfrared;
use mianzheng::vision::liveness::LivenessModel;
use mianzheng::vision::manifest::{self, Job, ModelError};
use mianzheng::vision::operator_count;
use mianzheng::vision::mesh::MeshModel;
use mianzheng::vision::pipeline::Pipeline;
use serde_json::Value;

use crate::support::{portrait, root};

fn golden() -> &'static Value {
    static GOLDEN: OnceLock<Value> = OnceLock::new();
    GOLDEN.get_or_init(|| {
        let text = std::fs::read_to_string(root().join("tests/data/golden/vision.json")).expect("golden numbers");
        serde_json::from_str(&text).expect("JSON")
    })
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().expect("numbers").iter().map(|v| v.as_f64().expect("a number") as f32).collect()
}

fn models() -> std::path::PathBuf {
    root().join("models")
}

fn model(job: Job) -> Vec<u8> {
    manifest::read(&models(), job).expect("a model").0
}

fn pipeline() -> std::sync::MutexGuard<'static, Pipeline> {
    static PIPELINE: OnceLock<Mutex<Pipeline>> = OnceLock::new();
    let pipeline = PIPELINE.get_or_init(|| Mutex::new(Pipeline::load(&models()).expect("models")));
    pipeline.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `tensor[0, c, y, x] = (x*7 + y*13 + c*29) % 256`
fn synthetic(width: usize, height: usize) -> Vec<f32> {
    let pixel = |c: usize, y: usize, x: usize| ((x * 7 + y * 13 + c * 29) % 256) as f32;
    (0..3).flat_map(|c| (0..height).flat_map(move |y| (0..width).map(move |x| pixel(c, y, x)))).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    let norm = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
    dot / (norm(a) * norm(b))
}

fn names() -> [&'static str; 4] {
    ["obama", "obama2", "biden", "astronaut"]
}

fn frame(name: &str) -> Frame {
    picture::load(&portrait(&format!("{name}.jpg"))).expect("a portrait")
}

fn reference_face(name: &str) -> Face {
    reference_face_at(name, "detect_640")
}

fn reference_face_at(name: &str, size: &str) -> Face {
    let found = &golden()["portraits"][name][size][0];
    let points = numbers(&Value::Array(found["landmarks"].as_array().expect("points").iter().flat_map(|p| p.as_array().expect("a point").clone()).collect()));
    let bounds = numbers(&found["box"]);
    Face {
        bounds: [bounds[0], bounds[1], bounds[2], bounds[3]],
        landmarks: std::array::from_fn(|i| [points[2 * i], points[2 * i + 1]]),
        score: 1.0,
    }
}

#[test]
fn embedding_of_a_synthetic_picture_is_the_other_engines() {
    let embedder = Embedder::new(&model(Job::Embed), [0; 8]).expect("the model");
    let ours = embedder.embed(&synthetic(112, 112)).expect("an embedding");
    let theirs = numbers(&golden()["synthetic"]["sface_112x112"]["embedding"]);
    assert!(cosine(ours.values(), &theirs) > 0.999_99);
}

#[test]
fn detector_outputs_are_the_other_engines() {
    let mut detector = Detector::new(model(Job::Detect), 320).expect("the model");
    let outputs = detector.raw(320, 256, &synthetic(320, 256)).expect("outputs");
    let names = ["cls_8", "cls_16", "cls_32", "obj_8", "obj_16", "obj_32", "bbox_8", "bbox_16", "bbox_32", "kps_8", "kps_16", "kps_32"];
    for (name, ours) in names.iter().zip(&outputs) {
        let reference = &golden()["synthetic"]["yunet_256x320"][*name];
        let first = numbers(&reference["first"]);
        for (a, b) in ours.iter().zip(&first) {
            assert!((a - b).abs() < 1e-3, "{name}: {a} {b}");
        }
        let sum: f64 = ours.iter().map(|v| f64::from(*v)).sum();
        let expected = reference["sum"].as_f64().expect("a sum");
        assert!((sum - expected).abs() < 1e-3 * expected.abs().max(1.0), "{name}: {sum} {expected}");
    }
}

#[test]
fn faces_of_the_portraits_are_where_the_other_engine_sees_them() {
    for name in names() {
        let frame = frame(name);
        let faces = pipeline().faces(&frame).expect("faces");
        assert_eq!(faces.len(), 1, "{name}");
        let theirs = reference_face_at(name, "detect_320");
        for (a, b) in faces[0].landmarks.iter().zip(&theirs.landmarks) {
            assert!((a[0] - b[0]).hypot(a[1] - b[1]) < 1.0, "{name}: {a:?} {b:?}");
        }
    }
}

#[test]
fn decode_align_and_embed_together_are_the_other_engines() {
    for name in names() {
        let frame = frame(name);
        let transform = FrameFromAligned::of(&reference_face(name)).expect("a transform");
        let embedder = Embedder::new(&model(Job::Embed), [0; 8]).expect("the model");
        let ours = embedder.embed(&warp(&frame, transform)).expect("an embedding");
        let theirs = numbers(&golden()["portraits"][name]["embedding"]);
        let similarity = cosine(ours.values(), &theirs);
        assert!(similarity > 0.999, "{name}: {similarity}");
    }
}

#[test]
fn same_person_is_alike_and_others_are_not() {
    let mut pipeline = pipeline();
    let faces: Vec<_> = names()
        .iter()
        .map(|name| {
            let frame = frame(name);
            let face = pipeline.central_face(&frame).expect("runs").expect("a face");
            pipeline.embed(&frame, &face, false).expect("runs").expect("an embedding")
        })
        .collect();
    for (i, a) in names().iter().enumerate() {
        for (j, b) in names().iter().enumerate().skip(i + 1) {
            let ours: f32 = faces[i].similarity(&faces[j]).expect("comparable").into();
            let theirs = golden()["cosine"][format!("{a}-{b}")].as_f64().expect("a cosine") as f32;
            assert!((ours - theirs).abs() < 0.06, "{a} {b}: {ours} {theirs}");
        }
    }
}

#[test]
fn liveness_reads_blue_first() {
    let model = LivenessModel::new(&model(Job::Liveness)).expect("the model");
    let planes = synthetic(128, 128);
    let ours = model.classes(&planes).expect("classes");
    let reference = &golden()["synthetic"]["liveness_128x128"];
    let (right, swapped) = (numbers(&reference["planes_as_they_stand"]["softmax"]), numbers(&reference["planes_reversed"]["softmax"]));
    let off = |theirs: &[f32]| ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off(&right) < 1e-3, "{ours:?} {right:?}");
    assert!(off(&swapped) > 1e-2, "a swap of channels would go unnoticed: {ours:?} {swapped:?}");
    for name in names() {
        let frame = frame(name);
        let live: f32 = pipeline().live(&frame, &reference_face(name)).expect("runs").into();
        let theirs = numbers(&golden()["portraits"][name]["liveness"]["bgr"]["softmax"])[0];
        assert!((live - theirs).abs() < 0.01, "{name}: {live} {theirs}");
    }
}

#[test]
fn points_of_a_synthetic_picture_are_the_other_engines() {
    let model = MeshModel::new(&model(Job::Landmarks)).expect("the model");
    let picture: Vec<f32> = synthetic(192, 192).into_iter().map(|value| value / 255.0).collect();
    let (points, score) = model.raw(&picture).expect("points");
    let reference = &golden()["synthetic"]["landmarks_192x192"]["onnx"];
    for (a, b) in points.iter().zip(&numbers(&reference["landmarks"]["first"])) {
        assert!((a - b).abs() < 1e-2, "{a} {b}");
    }
    let sum: f64 = points.iter().map(|v| f64::from(*v)).sum();
    assert!((sum - reference["landmarks"]["sum"].as_f64().expect("a sum")).abs() < 1.0);
    assert!((f64::from(score) - reference["score"]["sum"].as_f64().expect("a score")).abs() < 1e-2);
}

#[test]
fn points_lie_on_the_face_however_it_is_tipped_and_tell_how_it_looks() {
    for name in names() {
        let frame = frame(name);
        let face = reference_face(name);
        let mesh = pipeline().mesh(&frame, &face).expect("runs").expect("a face");
        // Outer corners of the eyes lie about the detector's eyes; nose on nose.
        let near = |index: usize, [x, y]: [f32; 2], most: f32| {
            let [u, v, _] = mesh.points[index];
            let off = (u - x).hypot(v - y) / face.eye_distance();
            assert!(off < most, "{name}: point {index} is {off} off");
        };
        let [right, left, nose, ..] = face.landmarks;
        near(33, right, 0.45);
        near(263, left, 0.45);
        near(1, nose, 0.2);
        let quality = &pipeline().examine(&frame).expect("runs")[0].quality;
        let pose = [quality.head_pose_yaw, quality.head_pose_pitch, quality.head_pose_roll];
        assert!(pose.iter().all(|angle| angle.expect("a pose").native.abs() < 25.0), "{name}: {pose:?}");
        assert!(quality.eyes_open.expect("eyes").score > 50 && quality.sharpness.score > 50, "{name}: {quality:?}");
    }
}

#[test]
fn mirrored_embedding_is_that_of_the_mirrored_picture() {
    let frame = frame("biden");
    let mirror = Frame::new(frame.width(), frame.height(), {
        let row = |row: &[u8]| row.chunks_exact(3).rev().flatten().copied().collect::<Vec<_>>();
        frame.rgb().chunks_exact(frame.width() as usize * 3).flat_map(row).collect()
    });
    let mirror = mirror.expect("a frame");
    let face = reference_face("biden");
    let over = |[x, y]: [f32; 2]| [frame.width() as f32 - 1.0 - x, y];
    let [right, left, nose, right_mouth, left_mouth] = face.landmarks.map(over);
    let [x, y, w, h] = face.bounds;
    let turned = Face {
        bounds: [frame.width() as f32 - x - w, y, w, h],
        landmarks: [left, right, nose, left_mouth, right_mouth],
        score: 1.0,
    };
    let pipeline = pipeline();
    let ours = pipeline.embed(&frame, &face, true).expect("runs").expect("a face");
    let theirs = pipeline.embed(&mirror, &turned, false).expect("runs").expect("a face");
    // The template of the alignment is not quite symmetrical, so not exactly.
    let alike: f32 = ours.similarity(&theirs).expect("comparable").into();
    assert!(alike > 0.95, "{alike}");
}

/// A wide frame with a face of 200 pixels at places of its width.
fn row_of(places: &[f32]) -> Frame {
    let portrait = frame("obama");
    let found = pipeline().central_face(&portrait).expect("runs").expect("a face");
    let (width, height) = (1280_usize, 480_usize);
    let mut rgb = vec![128_u8; width * height * 3];
    let scale = found.bounds[3] / 200.0;
    for place in places {
        let middle = place * width as f32;
        for row in 0..height {
            for col in (middle as usize).saturating_sub(130)..(middle as usize + 130).min(width) {
                let u = found.centre()[0] + (col as f32 - middle) * scale;
                let v = found.centre()[1] + (row as f32 - 240.0) * scale;
                rgb[(row * width + col) * 3..][..3].copy_from_slice(&portrait.pixel(u as i64, v as i64));
            }
        }
    }
    Frame::new(width as u32, height as u32, rgb).expect("a frame")
}

#[test]
fn check_13_who_stands_outside_the_zone_is_never_seen() {
    use mianzheng::core::evidence::Guidance;
    let look = |places: &[f32]| {
        let frame = row_of(places);
        let mut pipeline = pipeline();
        pipeline.begin(Purpose::Verify);
        let look = pipeline.look(&frame).expect("runs");
        pipeline.end();
        look
    };
    assert!(matches!(look(&[0.5]), Look::Good { .. }));
    assert!(matches!(look(&[0.07]), Look::Guide(Guidance::NoFace)), "at the border");
    assert!(matches!(look(&[0.5, 0.93]), Look::Good { .. }), "somebody passes by");
    assert!(matches!(look(&[0.38, 0.62]), Look::Guide(Guidance::ManyFaces)));
}

#[test]
fn a_face_the_infrared_camera_does_not_see_is_not_live() {
    let seen = row_of(&[0.5]);
    let beside = Arc::new(Beside::default());
    let mut eyes = WithInfrared::new(Pipeline::load(&models()).expect("models"), beside.clone());
    let mut live = || {
        eyes.begin(Purpose::Verify);
        let look = eyes.look(&seen).expect("runs");
        eyes.end();
        if let Look::Good { live, .. } = look { Some(f32::from(live)) } else { None }
    };
    beside.begin(RunId(1));
    assert_eq!(live(), None, "a camera that delivers nothing is no reason to doubt anybody");
    beside.put(RunId(1), Frame::new(640, 480, vec![3; 640 * 480 * 3]).expect("a frame"));
    let dark = live();
    assert!(dark.is_some_and(|live| live < 1e-6), "a telephone is dark there: {dark:?}");
    let grey = seen.rgb().chunks_exact(3).flat_map(|p| [p[1]; 3]).collect();
    beside.put(RunId(1), Frame::new(seen.width(), seen.height(), grey).expect("a frame"));
    let both = live();
    assert!(both.is_some_and(|live| live > 0.5), "{both:?}");
    beside.clear();
    assert_eq!(live(), None, "what was seen before counts no more");
}

#[test]
fn weights_are_folded_when_loaded() {
    // 27 convolutions, 27 PReLU, 29 batch normalisations: unfolded, four operators for each of
    // 29 weights come on top.
    let count = operator_count(&model(Job::Embed), &[1, 3, 112, 112]).expect("loads");
    assert!(count < 90, "{count} operators: batch normalisation and PRelu go into the filters");
    let count = operator_count(&model(Job::Detect), &[1, 3, 256, 320]).expect("loads");
    assert!(count < 190, "{count} operators");
}

#[test]
fn changed_missing_and_foreign_models_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let load = |folder: &Path| Pipeline::load(folder).err().expect("refused");
    assert!(matches!(load(folder.path()), ModelError::Missing(_)));
    for entry in manifest::entries().expect("a manifest") {
        std::fs::copy(models().join(&entry.file), folder.path().join(&entry.file)).expect("copied");
    }
    assert!(Pipeline::load(folder.path()).is_ok());
    let file = folder.path().join("sface.onnx");
    let mut bytes = std::fs::read(&file).expect("a model");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).expect("written");
    assert!(matches!(load(folder.path()), ModelError::Changed(name) if name == "sface.onnx"));
    std::fs::copy(models().join("yunet.onnx"), &file).expect("copied");
    assert!(matches!(load(folder.path()), ModelError::Changed(_)));
}

#[test]
fn further_liveness_models_are_averaged_and_close_the_face_way_when_they_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in manifest::entries().expect("a manifest") {
        std::fs::copy(models().join(&entry.file), folder.path().join(&entry.file)).expect("copied");
    }
    let plain = manifest::mark(folder.path());
    let extra = folder.path().join("extra");
    std::fs::create_dir(&extra).expect("a folder");
    let bytes = model(Job::Liveness);
    std::fs::write(extra.join("second.onnx"), &bytes).expect("written");
    let hash: String = <sha2::Sha256 as sha2::Digest>::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let describe = |hash: &str, live_class: usize, classes: usize| {
        let text = format!(
            "[[liveness]]\nfile = \"second.onnx\"\nsha256 = \"{hash}\"\nside = 128\ncrop = 2.7\nblue-first = true\ntop = 255.0\nclasses = {classes}\nlive-class = {live_class}\n"
        );
        std::fs::write(extra.join("manifest.toml"), text).expect("written");
    };
    // The same model once more, but with another class as "live": the mean of both classes.
    describe(&hash, 1, 3);
    assert_ne!(manifest::mark(folder.path()), plain, "an added model is a change of models");
    let both = Pipeline::load(folder.path()).expect("loads");
    let (frame, face) = (frame("obama"), reference_face("obama"));
    let theirs = numbers(&golden()["portraits"]["obama"]["liveness"]["bgr"]["softmax"]);
    let live: f32 = both.live(&frame, &face).expect("runs").into();
    assert!((live - f32::midpoint(theirs[0], theirs[1])).abs() < 0.01, "{live} {theirs:?}");
    let refused = || Pipeline::load(folder.path()).err().expect("refused");
    describe(&"0".repeat(64), 1, 3);
    assert!(matches!(refused(), ModelError::Changed(name) if name == "extra/second.onnx"));
    describe(&hash, 1, 4);
    assert!(matches!(refused(), ModelError::Broken(_)), "another number of classes");
    describe(&hash, 3, 3);
    assert!(matches!(refused(), ModelError::Broken(_)), "no such class");
    std::fs::write(extra.join("manifest.toml"), "nonsense").expect("written");
    assert!(matches!(refused(), ModelError::Broken(_)));
    assert!(!manifest::all_there(folder.path()));
}

#[test]
fn empty_wall_is_nobody() {
    let wall = Frame::new(640, 480, vec![128; 640 * 480 * 3]).expect("a frame");
    assert!(matches!(pipeline().look(&wall), Ok(Look::Guide(mianzheng::core::evidence::Guidance::NoFace))));
}

#[test]
fn cloth_over_the_mouth_of_a_portrait_is_noticed_by_the_whole_pipeline() {
    let mut pipeline = pipeline();
    for name in names() {
        let plain = frame(name);
        let face = pipeline.central_face(&plain).expect("the model runs").expect("a face");
        let covered = |frame: &Frame, pipeline: &mut Pipeline| {
            let face = pipeline.central_face(frame).expect("the model runs").expect("a face");
            mianzheng::vision::quality::Covered::of(frame, &face).is_likely()
        };
        assert!(!covered(&plain, &mut pipeline), "{name}: nothing covers it");
        // Light blue cloth from under the nose to below the chin.
        let [x, y, w, h] = face.bounds;
        let top = face.landmarks[2][1];
        let mut pixels = plain.rgb().to_vec();
        let (width, height) = (plain.width() as usize, plain.height() as usize);
        for row in top as usize..((y + h) as usize).min(height) {
            for col in (x + 0.06 * w) as usize..((x + 0.94 * w) as usize).min(width) {
                pixels[(row * width + col) * 3..][..3].copy_from_slice(&[150, 195, 225]);
            }
        }
        let masked = Frame::new(plain.width(), plain.height(), pixels).expect("a frame");
        assert!(covered(&masked, &mut pipeline), "{name}: a mask");
    }
}
