"""dlib as `face_recognition` uses it: HOG detector, five points, 150x150 chip, 128-d embedding.

The detector gets the frame at 320 x 240 (its smallest face is 80 pixels; the frame's is 107 there)
and, as `detect_full`, at 640 x 480.
"""

import os
import sys

import dlib
import numpy as np

from common import PARSER, Bench, inputs


def models():
    """The folder of the package face_recognition_models, without importing it (it wants pkg_resources)."""
    for path in sys.path:
        folder = os.path.join(path, "face_recognition_models", "models")
        if os.path.isdir(folder):
            return folder
    raise SystemExit("the package face_recognition_models is not installed")


def main():
    args = PARSER.parse_args()
    _, frame, aligned = inputs(args.inputs)
    folder = models()
    hog = dlib.get_frontal_face_detector()
    five = dlib.shape_predictor(os.path.join(folder, "shape_predictor_5_face_landmarks.dat"))
    net = dlib.face_recognition_model_v1(os.path.join(folder, "dlib_face_recognition_resnet_model_v1.dat"))
    blas = bool(dlib.DLIB_USE_BLAS)
    bench = Bench("dlib", args, {
        "dlib": dlib.__version__, "numpy": np.__version__, "python": sys.version.split()[0],
        "avx": bool(dlib.USE_AVX_INSTRUCTIONS), "blas": blas,
    }, "one: HOG and CPU networks of dlib have no threads of their own" + ("" if not blas else "; the BLAS under it obeys OMP_NUM_THREADS"))
    if not blas:
        bench.note("embed", "this wheel is built without BLAS; a build against OpenBLAS is faster")

    def half():
        # as product and OpenCV do: work on 320 x 240. Averages 2 x 2, like their resizing by two.
        wide = frame.reshape(240, 2, 320, 2, 3).astype(np.uint16)
        return ((wide[:, 0, :, 0] + wide[:, 0, :, 1] + wide[:, 1, :, 0] + wide[:, 1, :, 1] + 2) >> 2).astype(np.uint8)

    def detect():
        found = hog(half(), 0)
        if not found:
            return None
        face = found[0]
        return dlib.rectangle(face.left() * 2, face.top() * 2, face.right() * 2, face.bottom() * 2)

    def align(face):
        return dlib.get_face_chip(frame, five(frame, face), 150, 0.25)

    def embed(chip):
        return net.compute_face_descriptor(chip)

    chip = np.ascontiguousarray(dlib.resize_image(aligned, 150, 150))
    bench.step("detect", lambda: detect() is not None)
    bench.step("detect_full", lambda: len(hog(frame, 0)) > 0)
    bench.step("embed", lambda: embed(chip) is not None)
    face = detect()
    if face is None:
        for step in ("align_embed", "detect_embed"):
            bench.lacks(step, "HOG found no face in the frame")
    else:
        bench.step("align_embed", lambda: embed(align(face)) is not None)
        bench.step("detect_embed", lambda: embed(align(detect())) is not None)
    bench.lacks("liveness", "dlib has no model against spoofing")
    bench.lacks("detect_embed_liveness", "dlib has no model against spoofing")
    bench.lacks("mesh", "dlib has 5 or 68 points, no mesh")
    bench.lacks("all", "dlib has neither mesh nor a model against spoofing")
    bench.done()


if __name__ == "__main__":
    main()
