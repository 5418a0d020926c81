#!/usr/bin/env python3
"""Writes tests/data/golden/vision.json: what another engine gives for the committed models.

    /tmp/models-venv/bin/python models/golden.py

Engine: onnxruntime on the CPU; pictures by Pillow and OpenCV (vision.py holds each rule). The
part `synthetic` needs no picture: its inputs are a formula, so only the engine can differ there.
"""

import itertools
import json
import sys

sys.dont_write_bytecode = True

import cv2
import numpy as np
import onnxruntime
import PIL

import build
import sources
import verify
import vision

ROOT = sources.HERE.parent
NAMES = ("obama", "obama2", "biden", "astronaut")

RULES = {
    "picture": "tests/data/portraits/NAME.jpg as 8-bit RGB (Pillow). Coordinates are pixels of it.",
    "synthetic": "tensor[0, c, y, x] = (x*7 + y*13 + c*29) % 256, as it stands (c is the plane's number).",
    "detect": "Fitted to `side` with its sides rounded up (Pillow BILINEAR; unchanged if the longest side "
              "is `side`), padded right and below with zeros to multiples of 32, BGR 0-255; score >= 0.6, "
              "NMS at IoU 0.3; results divided by side / longest side.",
    "embed": "Landmarks of side 640; Umeyama to the 112 template; cv2.warpAffine bilinear on 8-bit pixels, "
             "black outside; RGB 0-255; embedding divided by its length.",
    "liveness": "Box of side 640 times factor about its centre, not made square; factor = min(2.7, (W-1)/w, "
                "(H-1)/h); then shifted inside [0, W-1] x [0, H-1]; resampled to 128x128 bilinearly at pixel "
                "centres without averaging; bgr is the right channel order, rgb the wrong one.",
    "liveness_package": "As liveness, but the corner and the size cut to whole pixels, then cv2.resize "
                        "INTER_LINEAR: the rule of the package's own code.",
}


def numbers(values, digits=8):
    """Floats with `digits` significant digits, nested as `values` is."""
    if np.ndim(values) == 0:
        return float(f"{float(values):.{digits}g}")
    return [numbers(value, digits) for value in values]


def synthetic(height, width):
    c, y, x = np.ogrid[:3, :height, :width]
    return ((x * 7 + y * 13 + c * 29) % 256).astype(np.float32)[None]


def summary(value):
    flat = value.reshape(-1)
    return {"shape": list(value.shape), "first": numbers(flat[:8]), "sum": numbers(flat.sum(dtype=np.float64)),
            "max": numbers(flat.max()), "argmax": int(flat.argmax())}


def classes(engine, tensor):
    logits = vision.run(engine, tensor)["output"][0]
    return {"logits": numbers(logits), "softmax": numbers(vision.softmax(logits.astype(np.float64)))}


def both_orders(engine, rgb):
    tensor = vision.planes(rgb)
    return {"bgr": classes(engine, tensor[:, ::-1]), "rgb": classes(engine, tensor)}


def portrait(engines, name):
    picture = vision.load(ROOT / f"tests/data/portraits/{name}.jpg")
    result = {"width": picture.shape[1], "height": picture.shape[0],
              # For telling a decoder's difference from an engine's: mean of each channel, RGB.
              "mean_rgb": numbers(picture.reshape(-1, 3).mean(0, dtype=np.float64))}
    for side in (320, 640):
        faces = vision.detect(engines["yunet"], picture, side)
        result[f"detect_{side}"] = [
            {"score": numbers(score), "box": numbers(box), "landmarks": numbers(points)}
            for score, box, points in faces]
    _, box, points = faces[0]
    crop = vision.aligned(picture, points)
    embedding = vision.embed(engines["sface"], vision.planes(crop))
    corner, size = vision.liveness_crop(picture, box)
    result |= {
        "similarity_transform": numbers(vision.similarity(points)),
        "aligned_mean_rgb": numbers(crop.reshape(-1, 3).mean(0, dtype=np.float64)),
        "embedding": numbers(embedding),
        "liveness_crop": numbers([*corner, *size]),
        "liveness": both_orders(engines["liveness"], vision.liveness_input(picture, box)),
        "liveness_package": both_orders(engines["liveness"], vision.liveness_input_package(picture, box)),
    }
    return result, embedding


def main():
    engines = {name: vision.session(sources.HERE / f"{name}.onnx") for name, *_ in build.MODELS}
    face = synthetic(112, 112)
    embedding = vision.run(engines["sface"], face)["fc1"][0]
    live = synthetic(128, 128)
    mesh = synthetic(192, 192) / np.float32(255)
    both = {"onnx": vision.run(engines["landmarks"], mesh), "tflite": verify.tflite_landmarks(mesh)}
    golden = {
        "engine": {"onnxruntime": onnxruntime.__version__, "opencv": cv2.__version__,
                   "pillow": PIL.__version__, "numpy": np.__version__},
        "models": {name: sources.sha256((sources.HERE / f"{name}.onnx").read_bytes()) for name in engines},
        "rules": RULES,
        "live_class": build.LIVE_CLASS,
        "synthetic": {
            "sface_112x112": {"raw": numbers(embedding),
                              "embedding": numbers(vision.embed(engines["sface"], face))},
            "yunet_256x320": {name: summary(value) for name, value in
                              vision.run(engines["yunet"], synthetic(256, 320)).items()},
            "liveness_128x128": {"planes_as_they_stand": classes(engines["liveness"], live),
                                 "planes_reversed": classes(engines["liveness"], live[:, ::-1])},
            # Input divided by 255.
            "landmarks_192x192": {engine: {key: summary(value) for key, value in values.items()}
                                  for engine, values in both.items()},
        },
        "portraits": {},
        "cosine": {},
    }
    embeddings = {}
    for name in NAMES:
        golden["portraits"][name], embeddings[name] = portrait(engines, name)
    for a, b in itertools.combinations(NAMES, 2):
        golden["cosine"][f"{a}-{b}"] = numbers(embeddings[a] @ embeddings[b])
    target = ROOT / "tests/data/golden/vision.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(layout(golden))
    print(target, golden["cosine"])


def layout(golden):
    """One entry a line down to the portraits' fields, lists on one line."""
    def write(value, depth, indent):
        if isinstance(value, dict) and depth < 3:
            inner = f",\n{indent}  ".join(
                f"{json.dumps(key)}: {write(item, depth + 1, indent + '  ')}" for key, item in value.items())
            return f"{{\n{indent}  {inner}\n{indent}}}"
        return json.dumps(value)
    return write(golden, 0, "") + "\n"


if __name__ == "__main__":
    main()
