"""Reference pre- and post-processing with onnxruntime, numpy, OpenCV and Pillow.

Not run by itself; verify.py and golden.py import it. It is written from the contracts in
NOTICE.md, independently of the Rust code it serves to check. Pictures are (h, w, 3) uint8 RGB.
"""

import cv2
import numpy as np
import onnxruntime
from PIL import Image

STRIDES = (8, 16, 32)
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                     [41.5493, 92.3655], [70.7299, 92.2041]])


def session(model):
    """A single-threaded session for a path or for the bytes of a model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"])


def run(engine, tensor):
    """Outputs by name for the model's only input."""
    names = [output.name for output in engine.get_outputs()]
    values = engine.run(names, {engine.get_inputs()[0].name: np.ascontiguousarray(tensor, np.float32)})
    return dict(zip(names, values))


def planes(picture):
    """(h, w, 3) -> (1, 3, h, w) f32, channel order unchanged."""
    return picture.astype(np.float32).transpose(2, 0, 1)[None]


def load(path):
    return np.array(Image.open(path).convert("RGB"))


def detector_input(picture, side):
    """Fitted into side x side, padded right and below with zeros to multiples of 32, BGR.

    scale = side / longest side; sides are rounded up; Pillow BILINEAR (which averages when
    it shrinks); no resampling when the longest side is `side` already.
    """
    height, width = picture.shape[:2]
    longest = max(height, width)
    size = tuple(-(-n * side // longest) for n in (width, height))
    small = picture
    if longest != side:
        small = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR))
    padded = np.zeros((-(-size[1] // 32) * 32, -(-size[0] // 32) * 32, 3), np.uint8)
    padded[:size[1], :size[0]] = small
    return planes(padded[..., ::-1]), side / longest


def overlap(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(w, 0) * max(h, 0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def detect(engine, picture, side, min_score=0.6, max_overlap=0.3):
    """Faces, best score first, in pixels of `picture`: score, box (x, y, w, h), landmarks (5, 2)."""
    tensor, scale = detector_input(picture, side)
    outputs = run(engine, tensor)
    faces = []
    for s in STRIDES:
        cls, obj, box, kps = (outputs[f"{kind}_{s}"][0].astype(np.float64)
                              for kind in ("cls", "obj", "bbox", "kps"))
        score = np.sqrt(np.clip(cls[:, 0], 0, 1) * np.clip(obj[:, 0], 0, 1))
        columns = tensor.shape[3] // s
        for cell in np.flatnonzero(score >= min_score):
            col, row = cell % columns, cell // columns
            centre = (np.array([col, row]) + box[cell, :2]) * s
            size = np.exp(box[cell, 2:]) * s
            points = (kps[cell].reshape(5, 2) + [col, row]) * s
            faces.append((score[cell], np.concatenate([centre - size / 2, size]) / scale, points / scale))
    kept = []
    for face in sorted(faces, key=lambda face: -face[0]):
        if all(overlap(face[1], other[1]) <= max_overlap for other in kept):
            kept.append(face)
    return kept


def similarity(points):
    """Umeyama: the 2x3 similarity with the least squared error from `points` to the template."""
    mean_from, mean_to = points.mean(0), TEMPLATE.mean(0)
    a, b = points - mean_from, TEMPLATE - mean_to
    u, values, vt = np.linalg.svd(b.T @ a / len(a))
    sign = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    turn = u @ np.diag(sign) @ vt
    scale = (values * sign).sum() / a.var(0).sum()
    return np.hstack([scale * turn, (mean_to - scale * turn @ mean_from)[:, None]])


def aligned(picture, points):
    """The 112x112 face, RGB: cv2.warpAffine, bilinear, black outside."""
    return cv2.warpAffine(picture, similarity(points), (112, 112), flags=cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_CONSTANT, borderValue=0)


def embed(engine, rgb):
    value = run(engine, rgb)["fc1"][0].astype(np.float64)
    return value / np.linalg.norm(value)


def liveness_crop(picture, box, factor=2.7):
    """Corner and size of the crop: the box times 2.7 about its centre, NOT made square.

    The factor is first lowered to min((W-1)/w, (H-1)/h), then the crop is shifted inside
    [0, W-1] x [0, H-1]. So it never leaves the picture and nothing is padded.
    """
    height, width = picture.shape[:2]
    x, y, w, h = box
    factor = min(factor, (width - 1) / w, (height - 1) / h)
    size = np.array([w, h]) * factor
    corner = np.clip([x + w / 2, y + h / 2] - size / 2, 0, [width - 1, height - 1] - size)
    return corner, size


def liveness_input(picture, box):
    """The crop as 128x128 (RGB), bilinear at pixel centres, not averaged when it shrinks."""
    corner, size = liveness_crop(picture, box)
    step = size / 128
    shift = corner + step / 2 - 0.5
    back = np.array([[step[0], 0, shift[0]], [0, step[1], shift[1]]])
    return cv2.warpAffine(picture, back, (128, 128), borderMode=cv2.BORDER_REPLICATE,
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def liveness_input_package(picture, box):
    """As the package's own code does it: the crop cut to whole pixels, then cv2.resize."""
    corner, size = liveness_crop(picture, box)
    x, y = corner.astype(int)
    w, h = size.astype(int)
    return cv2.resize(picture[y:y + h, x:x + w], (128, 128), interpolation=cv2.INTER_LINEAR)


def softmax(values):
    powers = np.exp(values - values.max())
    return powers / powers.sum()
