//! The models on tract against numbers another engine made (`models/golden.py`).

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use mianzheng::picture;
use mianzheng::ports::{Eyes, Frame, Look};
use mianzheng::vision::align::{FrameFromAligned, warp};
use mianzheng::vision::detect::{Detector, Face};
use mianzheng::vision::embed::Embedder;
use mianzheng::vision::liveness::LivenessModel;
use mianzheng::vision::manifest::{self, Job, ModelError};
use mianzheng::vision::operator_count;
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
            pipeline.embed(&frame, &face).expect("runs").expect("an embedding")
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
fn weights_are_folded_when_loaded() {
    // 27 convolutions, 27 PReLU, 29 batch normalisations: unfolded, four operators for each of
    // 29 weights come on top.
    let count = operator_count(&model(Job::Embed), &[1, 3, 112, 112]).expect("loads");
    assert!(count < 130, "{count} operators");
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
            mianzheng::vision::covered::Covered::of(frame, &face).is_likely()
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
