"""MediaPipe's own face detection (BlazeFace) and face mesh (468 points), the solutions of its wheel."""

import sys

import numpy as np

from common import PARSER, Bench, inputs


def main():
    args = PARSER.parse_args()
    _, frame, _ = inputs(args.inputs)
    frame = np.ascontiguousarray(frame)
    import mediapipe

    # No setting of the Python solutions limits its threads: only the cores allowed to it do.
    bench = Bench("mediapipe", args, {
        "mediapipe": mediapipe.__version__, "numpy": np.__version__, "python": sys.version.split()[0],
    }, "its graph has a pool of threads of its own that no option limits; the cores allowed do (taskset)")
    detection = mediapipe.solutions.face_detection.FaceDetection(model_selection=0, min_detection_confidence=0.6)
    still = mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=False)
    video = mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=False, max_num_faces=1, refine_landmarks=False)
    bench.step("detect", lambda: bool(detection.process(frame).detections))
    bench.step("mesh", lambda: bool(video.process(frame).multi_face_landmarks))
    bench.note("mesh", "tracking: after the first frame no detection, only crop, network and a score for the next crop")
    bench.step("detect_mesh", lambda: bool(still.process(frame).multi_face_landmarks))
    for step in ("embed", "align_embed", "detect_embed"):
        bench.lacks(step, "MediaPipe has no face embedding")
    for step in ("liveness", "detect_embed_liveness", "all"):
        bench.lacks(step, "MediaPipe has no face embedding and no model against spoofing")
    bench.done()


if __name__ == "__main__":
    main()
