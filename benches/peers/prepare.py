"""Makes the one frame that all peers get, as `mianzheng bench` makes its own (`as_camera`)."""

import argparse
import json
import os

import numpy as np
import onnxruntime
from PIL import Image

import vision
from peer_onnxruntime import detector_input, session

FRAME = (640, 480)  # width, height
FACE_HEIGHT = 0.45  # of the frame's


def central_face(engine, picture):
    tensor, scale = detector_input(picture, 320)
    names = [output.name for output in engine.get_outputs()]
    found = vision.faces(dict(zip(names, engine.run(names, {"input": tensor}))), tensor.shape[3], scale)
    if not found:
        raise SystemExit("no face in the portrait")
    middle = np.array(picture.size) / 2
    return min(found, key=lambda face: np.hypot(*(face[1][:2] + face[1][2:] / 2 - middle)))


def as_camera(portrait, box):
    width, height = FRAME
    scale = box[3] / (height * FACE_HEIGHT)
    u = (box[0] + box[2] / 2 + (np.arange(width) - width / 2) * scale)[None, :].repeat(height, 0)
    v = (box[1] + box[3] / 2 + (np.arange(height) - height / 2) * scale)[:, None].repeat(width, 1)
    inside = (u >= 0) & (u < portrait.shape[1]) & (v >= 0) & (v < portrait.shape[0])
    frame = np.full((height, width, 3), 128, np.uint8)
    frame[inside] = portrait[v[inside].astype(int), u[inside].astype(int)]
    return frame


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--portrait", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    model = lambda name: os.path.join(args.models, name + ".onnx")  # noqa: E731

    portrait = np.array(Image.open(args.portrait).convert("RGB"))
    engine = session(model("yunet"), 1)
    _, box, _ = central_face(engine, Image.fromarray(portrait))
    frame = as_camera(portrait, box)
    score, box, points = central_face(engine, Image.fromarray(frame))
    aligned = vision.warp(Image.fromarray(frame), vision.inverse(vision.similarity(points)), 112)

    frame.tofile(os.path.join(args.out, "frame.rgb"))
    aligned.tofile(os.path.join(args.out, "aligned.rgb"))
    Image.fromarray(frame).save(os.path.join(args.out, "frame.png"))
    facts = {
        "frame": {"file": "frame.rgb", "shape": frame.shape}, "aligned": {"file": "aligned.rgb", "shape": aligned.shape},
        "score": float(score), "box": box.tolist(), "landmarks": points.tolist(),
    }
    with open(os.path.join(args.out, "inputs.json"), "w") as file:
        json.dump(facts, file)
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
