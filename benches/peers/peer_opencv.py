"""OpenCV alone: FaceDetectorYN and FaceRecognizerSF with the product's models, its DNN for the rest.

Its default engine: in OpenCV 5 that is the new one, which was faster here than the classic one
(SFace 17 against 33 ms). It expands the int8 weights once, when it loads a model.
"""

import os
import sys

import cv2
import numpy as np

import vision
from common import PARSER, Bench, inputs


def main():
    args = PARSER.parse_args()
    cv2.setNumThreads(args.threads)
    facts, frame, aligned = inputs(args.inputs)
    frame, aligned = np.ascontiguousarray(frame[..., ::-1]), np.ascontiguousarray(aligned[..., ::-1])  # BGR, as a camera gives it
    bench = Bench("opencv", args, {"opencv": cv2.__version__, "numpy": np.__version__, "python": sys.version.split()[0]},
                  f"cv2.setNumThreads({args.threads}); cv2.getNumThreads() = {cv2.getNumThreads()}")

    small = cv2.resize(frame, (320, 240), interpolation=cv2.INTER_AREA)
    model = lambda name: os.path.join(args.models, name + ".onnx")  # noqa: E731
    yunet = cv2.FaceDetectorYN.create(model("yunet"), "", (320, 240), 0.6, 0.3)
    sface = cv2.FaceRecognizerSF.create(model("sface"), "")

    def net(name):
        made = cv2.dnn.readNetFromONNX(model(name))
        return made, made.getUnconnectedOutLayersNames()

    live_net = mesh_net = None
    try:
        live_net = net("liveness")
    except Exception as error:
        bench.lacks("liveness", str(error)[:300])
    try:
        mesh_net = net("landmarks")
    except Exception as error:
        bench.lacks("mesh", str(error)[:300])

    def detect():
        found = yunet.detect(cv2.resize(frame, (320, 240), interpolation=cv2.INTER_AREA))[1]
        return None if found is None else found[0] * np.array([2] * 14 + [1], np.float32)

    def forward(made, tensor):
        made[0].setInput(tensor)
        return made[0].forward(made[1])

    def crop(matrix, side):
        return cv2.warpAffine(frame, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE,
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)

    def live(box):
        return forward(live_net, cv2.dnn.blobFromImage(crop(vision.liveness_matrix(frame.shape, box), 128)))

    def mesh(box, eyes):
        return forward(mesh_net, cv2.dnn.blobFromImage(crop(vision.mesh_matrix(box, eyes), 192), 1 / 255, swapRB=True))

    face = detect()
    if face is None:
        raise SystemExit("opencv found no face in the frame")
    box, eyes = facts["box"], facts["landmarks"][:2]
    bench.step("detect", lambda: detect() is not None)
    bench.step("embed", lambda: sface.feature(aligned) is not None)
    bench.step("align_embed", lambda: sface.feature(sface.alignCrop(frame, face)) is not None)
    bench.step("detect_embed", lambda: sface.feature(sface.alignCrop(frame, detect())) is not None)

    def pipeline(with_mesh):
        found = detect()
        if with_mesh:
            mesh(found[:4], found[4:8].reshape(2, 2))
        live(found[:4])
        return sface.feature(sface.alignCrop(frame, found)) is not None

    if live_net:
        bench.step("liveness", lambda: live(box) is not None)
        bench.step("detect_embed_liveness", lambda: pipeline(False))
    if mesh_net:
        bench.step("mesh", lambda: mesh(box, eyes) is not None)
    if live_net and mesh_net:
        bench.step("all", lambda: pipeline(True))
    bench.step("net_detect", lambda: yunet.detect(small) is not None)
    bench.answer["outputs"] = {"box": face[:4].tolist(), "embedding": sface.feature(aligned)[0].tolist()}
    if live_net:
        bench.answer["outputs"]["liveness"] = np.ravel(live(box)[0]).tolist()
    bench.done()


if __name__ == "__main__":
    main()
