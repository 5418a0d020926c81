#!/usr/bin/env python3
"""Shows that the compact models compute what the 32-bit expansion and the original files compute.

    /tmp/models-venv/bin/python models/verify.py

Checks the manifest's hashes and that a new conversion gives the committed bytes, then compares on
the portraits: with the 32-bit expansion under onnxruntime, with the original files under OpenCV
and tflite. Exit code 1 when anything differs by more than it may.
"""

import sys
import tempfile
import tomllib
from pathlib import Path

sys.dont_write_bytecode = True

import cv2
import numpy as np
import onnx

import build
import sources
import vision

MIN_COSINE = 0.9999
MAX_DETECTOR = 1e-4
MAX_ORIGINAL = 1e-2  # pixels: boxes and landmarks
MAX_LANDMARKS = 1e-2  # pixels of 192


def manifest_agrees():
    manifest = tomllib.loads((sources.HERE / "manifest.toml").read_text())["model"]
    good = True
    for name, _, source, _, _ in build.MODELS:
        entry = next(entry for entry in manifest if entry["name"] == name)
        committed = (sources.HERE / entry["file"]).read_bytes()
        same = committed == build.build(name, sources.read(source))
        known = sources.sha256(committed) == entry["sha256"] and len(committed) == entry["bytes"]
        print(f"{name}: rebuilt bytes {'equal' if same else 'DIFFER'}, manifest {'agrees' if known else 'DIFFERS'}")
        good &= same and known
    return good


def pair(name, image, source):
    """Sessions of the committed file and of the plain 32-bit expansion."""
    plain = build.convert(sources.read(source), image, compact=False)
    return vision.session(sources.HERE / f"{name}.onnx"), vision.session(plain.SerializeToString())


def originals():
    """OpenCV's own detector and embedder on the block-quantised files, which onnxruntime does not run."""
    sface = onnx.load_from_string(sources.read(sources.SFACE))
    for value in [value for value in sface.graph.input if value.name != "data"]:
        sface.graph.input.remove(value)  # weights listed as inputs, which OpenCV refuses
    with tempfile.TemporaryDirectory() as folder:
        detector, embedder = Path(folder) / "yunet.onnx", Path(folder) / "sface.onnx"
        detector.write_bytes(sources.read(sources.YUNET))
        embedder.write_bytes(sface.SerializeToString())
        return (cv2.FaceDetectorYN.create(str(detector), "", (320, 320), 0.6, 0.3),
                cv2.FaceRecognizerSF.create(str(embedder), ""))


def tflite_landmarks(tensor):
    """The original tflite file in its own engine."""
    from ai_edge_litert.interpreter import Interpreter

    engine = Interpreter(model_content=sources.read(sources.LANDMARKS), num_threads=1)
    engine.allocate_tensors()
    engine.set_tensor(engine.get_input_details()[0]["index"], tensor.transpose(0, 2, 3, 1).astype(np.float32))
    engine.invoke()
    values = [engine.get_tensor(output["index"]).reshape(-1) for output in engine.get_output_details()]
    return {"landmarks": values[0], "score": values[1]}


def apart(a, b):
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def compare(path, yunet, sface, landmarks, detector, embedder):
    """For one portrait: two cosines (expansion, original), then greatest differences."""
    picture = vision.load(path)
    expansion = 0.0
    for side in (320, 640):
        tensor, _ = vision.detector_input(picture, side)
        a, b = (vision.run(engine, tensor) for engine in yunet)
        expansion = max([expansion, *(apart(a[key], b[key]) for key in a)])
    _, box, points = vision.detect(yunet[0], picture, 640)[0]
    detector.setInputSize((picture.shape[1], picture.shape[0]))
    row = detector.detect(np.ascontiguousarray(picture[..., ::-1]))[1][0]
    original = max(apart(row[:4], box), apart(row[4:14].reshape(5, 2), points))

    crop = vision.aligned(picture, points)
    a, b = (vision.embed(engine, vision.planes(crop)) for engine in sface)
    c = embedder.feature(np.ascontiguousarray(crop[..., ::-1]))[0].astype(np.float64)

    corner, size = vision.liveness_crop(picture, box, 1.5)
    (x, y), (w, h) = corner.astype(int), size.astype(int)
    tensor = vision.planes(cv2.resize(picture[y:y + h, x:x + w], (192, 192))) / 255
    mesh, reference = vision.run(landmarks, tensor), tflite_landmarks(tensor)
    return (a @ b, a @ c / np.linalg.norm(c), expansion, original,
            apart(mesh["landmarks"][0], reference["landmarks"]), apart(mesh["score"][0], reference["score"]))


def main():
    good = manifest_agrees()
    engines = (pair("yunet", "input", sources.YUNET), pair("sface", "data", sources.SFACE),
               vision.session(sources.HERE / "landmarks.onnx"), *originals())
    portraits = sorted((sources.HERE.parent / "tests/data/portraits").glob("*.jpg"))
    results = np.array([compare(path, *engines) for path in portraits])
    cosine = results[:, :2].min(0)
    expansion, original, mesh, score = results[:, 2:].max(0)
    print(f"{len(portraits)} portraits")
    print(f"compact against 32-bit expansion (onnxruntime): sface least cosine {cosine[0]:.9f}, "
          f"yunet greatest difference of any output {expansion:.3g}")
    print(f"compact against original files (OpenCV): sface least cosine {cosine[1]:.9f}, "
          f"yunet greatest difference of boxes and landmarks {original:.3g} px")
    print(f"landmarks against tflite: greatest difference {mesh:.3g} px, score {score:.3g}")
    good &= len(portraits) == 4 and bool(cosine.min() >= MIN_COSINE) and bool(expansion <= MAX_DETECTOR)
    good &= bool(original <= MAX_ORIGINAL) and bool(mesh <= MAX_LANDMARKS)
    print("equal" if good else "NOT EQUAL")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
