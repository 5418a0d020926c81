"""onnxruntime (CPU) with the product's own four models; numpy and Pillow around them."""

import os
import sys

import numpy as np
import onnxruntime
from PIL import Image

import vision
from common import PARSER, Bench, inputs


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if threads > 1:  # each network has a pool of its own; an idle one must not keep a core busy for the next
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def detector_input(picture, side):
    """A Pillow image, fitted into side x side, averaged when it shrinks, padded to multiples of 32, BGR."""
    width, height = picture.size
    longest = max(height, width)
    size = tuple(-(-n * side // longest) for n in (width, height))
    small = np.asarray(picture if longest == side else picture.resize(size, Image.Resampling.BILINEAR))
    padded = np.zeros((-(-size[1] // 32) * 32, -(-size[0] // 32) * 32, 3), np.uint8)
    padded[:size[1], :size[0]] = small
    return vision.planes(padded[..., ::-1]), side / longest


def main():
    args = PARSER.parse_args()
    facts, frame, aligned = inputs(args.inputs)
    image = Image.fromarray(frame)
    load = lambda name: session(os.path.join(args.models, name + ".onnx"), args.threads)  # noqa: E731
    yunet, sface, liveness, mesh = (load(name) for name in ("yunet", "sface", "liveness", "landmarks"))
    names = [output.name for output in yunet.get_outputs()]

    def detect():
        tensor, scale = detector_input(image, 320)
        return vision.faces(dict(zip(names, yunet.run(names, {"input": tensor}))), tensor.shape[3], scale)

    def align(points):
        return vision.warp(image, vision.inverse(vision.similarity(points)), 112)

    def embed(face):
        value = sface.run(["fc1"], {"data": vision.planes(face)})[0][0]
        return value / np.linalg.norm(value)

    def live(box):
        crop = vision.warp(image, vision.liveness_matrix(frame.shape, box), 128)
        return liveness.run(["output"], {"input": vision.planes(crop[..., ::-1])})[0][0]

    def points(box, landmarks):
        crop = vision.warp(image, vision.mesh_matrix(box, landmarks[:2]), 192)
        return mesh.run(None, {"image": vision.planes(crop) / np.float32(255)})

    box, landmarks = facts["box"], np.array(facts["landmarks"])
    bench = Bench("onnxruntime", args, {
        "onnxruntime": onnxruntime.__version__, "numpy": np.__version__, "python": sys.version.split()[0],
    }, f"intra_op_num_threads={args.threads} for each of four networks, which run one after the other")
    bench.step("detect", lambda: bool(detect()))
    bench.step("embed", lambda: embed(aligned) is not None)
    bench.step("align_embed", lambda: embed(align(landmarks)) is not None)

    def detect_embed():
        face = detect()[0]
        return embed(align(face[2])) is not None

    def pipeline(with_mesh):
        _, found, marks = detect()[0]
        if with_mesh:
            points(found, marks)
        live(found)
        return embed(align(marks)) is not None

    bench.step("detect_embed", detect_embed)
    bench.step("liveness", lambda: live(box) is not None)
    bench.step("mesh", lambda: points(box, landmarks) is not None)
    bench.step("detect_embed_liveness", lambda: pipeline(False))
    bench.step("all", lambda: pipeline(True))
    # The engine alone, without the numpy around it: the fairest number of an engine.
    tensor = detector_input(image, 320)[0]
    bench.step("net_detect", lambda: bool(yunet.run(names, {"input": tensor})))
    face = vision.planes(aligned)
    bench.step("net_embed", lambda: bool(sface.run(["fc1"], {"data": face})))
    crop = vision.planes(vision.warp(image, vision.liveness_matrix(frame.shape, box), 128)[..., ::-1])
    bench.step("net_liveness", lambda: bool(liveness.run(["output"], {"input": crop})))
    square = vision.planes(vision.warp(image, vision.mesh_matrix(box, landmarks[:2]), 192)) / np.float32(255)
    bench.step("net_mesh", lambda: bool(mesh.run(None, {"image": square})))
    bench.answer["outputs"] = {"box": detect()[0][1].tolist(), "embedding": embed(aligned).tolist(), "liveness": live(box).tolist()}
    bench.done()


if __name__ == "__main__":
    main()
