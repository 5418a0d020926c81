"""Geometry that the peers without their own use: the product's contracts (models/NOTICE.md), in numpy and Pillow."""

import numpy as np

TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                     [41.5493, 92.3655], [70.7299, 92.2041]])
STRIDES = (8, 16, 32)


def planes(picture):
    """(h, w, 3) u8 -> (1, 3, h, w) f32, channel order unchanged."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)


def similarity(points):
    """2x3: least-squares similarity from the five landmarks to the template."""
    points = np.asarray(points, float)
    mean_from, mean_to = points.mean(0), TEMPLATE.mean(0)
    a, b = points - mean_from, TEMPLATE - mean_to
    u, values, vt = np.linalg.svd(b.T @ a / len(a))
    sign = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    turn = u @ np.diag(sign) @ vt
    scale = (values * sign).sum() / a.var(0).sum()
    return np.hstack([scale * turn, (mean_to - scale * turn @ mean_from)[:, None]])


def inverse(matrix):
    return np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))[:2]


def liveness_matrix(shape, box, side=128, factor=2.7):
    """Crop -> frame, 2x3: the box times 2.7, kept inside the picture."""
    height, width = shape[:2]
    x, y, w, h = box
    factor = min(factor, (width - 1) / w, (height - 1) / h)
    size = np.array([w, h]) * factor
    corner = np.clip([x + w / 2, y + h / 2] - size / 2, 0, [width - 1, height - 1] - size)
    step = size / side
    shift = corner + step / 2 - 0.5
    return np.array([[step[0], 0, shift[0]], [0, step[1], shift[1]]])


def mesh_matrix(box, eyes, side=192, factor=1.5):
    """Crop -> frame, 2x3: mediapipe's square of 1.5 times the face, turned so that the eyes are level."""
    x, y, w, h = box
    (ax, ay), (bx, by) = eyes
    angle = np.arctan2(by - ay, bx - ax)
    step = max(w, h) * factor / side
    turn = step * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.array([x + w / 2, y + h / 2])
    return np.hstack([turn, (centre - turn @ [(side - 1) / 2, (side - 1) / 2])[:, None]])


def faces(outputs, columns, scale, min_score=0.6, max_overlap=0.3):
    """YuNet's outputs -> [(score, box, landmarks)], best first; the decoding of the product."""
    found = []
    for s in STRIDES:
        cls, obj = outputs[f"cls_{s}"][0, :, 0], outputs[f"obj_{s}"][0, :, 0]
        score = np.sqrt(np.clip(cls, 0, 1) * np.clip(obj, 0, 1))
        for cell in np.flatnonzero(score >= min_score):
            place = np.array([cell % (columns // s), cell // (columns // s)])
            box, points = outputs[f"bbox_{s}"][0, cell], outputs[f"kps_{s}"][0, cell].reshape(5, 2)
            centre, size = (place + box[:2]) * s, np.exp(box[2:]) * s
            found.append((score[cell], np.concatenate([centre - size / 2, size]) / scale, (points + place) * s / scale))
    kept = []
    for face in sorted(found, key=lambda face: -face[0]):
        if all(overlap(face[1], other[1]) <= max_overlap for other in kept):
            kept.append(face)
    return kept


def overlap(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(w, 0) * max(h, 0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def warp(image, back, side):
    """Bilinear crop of side x side from a Pillow image (in C); `back` is crop -> frame, centres of pixels."""
    from PIL import Image

    (a, b, c), (d, e, f) = back
    shifted = (a, b, c + (1 - a - b) / 2, d, e, f + (1 - d - e) / 2)  # Pillow counts from the corners of pixels
    return np.asarray(image.transform((side, side), Image.Transform.AFFINE, shifted, Image.Resampling.BILINEAR))
