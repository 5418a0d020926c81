#!/usr/bin/env python3
"""pictures.py FOLDER PORTRAIT: what the webcams of the test show, and what must come out of them.

The patterns are drawn and turned into RGB here, by other code than the product's. The portrait is made a
JPEG of the stream's size by ImageMagick."""
import hashlib
import json
import subprocess
import sys
from pathlib import Path

WIDTH, HEIGHT = 640, 480


def mark(rgb):
    return hashlib.sha256(rgb).hexdigest()[:16]


def clamp(value):
    return max(0, min(255, value))


def yuyv():
    """Stripes of every brightness and tint: bytes, and the RGB they mean (BT.601, video range)."""
    raw, rgb = bytearray(), bytearray()
    for row in range(HEIGHT):
        for pair in range(WIDTH // 2):
            y0, y1 = 16 + (pair * 2 + row) % 220, 16 + (pair * 2 + 1 + row) % 220
            u, v = 16 + (row // 2) % 224, 16 + (pair // 2) % 224
            raw += bytes((y0, u, y1, v))
            for y in (y0, y1):
                c, d, e = (y - 16) * 298 + 128, u - 128, v - 128
                rgb += bytes(clamp(value >> 8) for value in (c + 409 * e, c - 100 * d - 208 * e, c + 516 * d))
    return bytes(raw), bytes(rgb)


def grey():
    raw = bytes((column * row // 7 + column) % 256 for row in range(HEIGHT) for column in range(WIDTH))
    return raw, bytes(value for value in raw for _ in range(3))


def main():
    folder, portrait = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, (raw, rgb) in {"pattern.yuyv": yuyv(), "pattern.grey": grey()}.items():
        (folder / name).write_bytes(raw)
        expected[name] = mark(rgb)
    size = f"{WIDTH}x{HEIGHT}"
    # Standard Huffman tables, as a webcam has them.
    subprocess.run(["convert", portrait, "-resize", f"{size}^", "-gravity", "north", "-extent", size, "-strip",
                    "-sampling-factor", "4:2:2", "-define", "jpeg:optimize-coding=false", "-quality", "92",
                    str(folder / "portrait.jpg")], check=True)
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
