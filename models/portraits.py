#!/usr/bin/env python3
"""Makes tests/data/portraits/*.jpg from pinned packages: longest side 640, JPEG quality 90.

    /tmp/models-venv/bin/python models/portraits.py

Also prints the table of PROVENANCE.md. The same Pillow version gives the same bytes; when a file
differs from the recorded hash the script says so and exits 1 (golden.py must then be run again).
"""

import io
import sys

sys.dont_write_bytecode = True

from PIL import Image

import sources

FOLDER = sources.HERE.parent / "tests/data/portraits"
SIDE = 640
_TESTS = "face_recognition-1.3.0/tests/test_images/"
PORTRAITS = {
    # name: (source, sha256 of the scaled file)
    "obama": (sources.Source(
        sources.FACE_RECOGNITION, _TESTS + "obama.jpg",
        "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6"),
        "7ccfffe19c2a918dc7197c4b8b995ed79ea32cfd18269efa991500ef192bb719"),
    "obama2": (sources.Source(
        sources.FACE_RECOGNITION, _TESTS + "obama2.jpg",
        "a7efcc907375274796f39646510704aa86672d59f6d5469d69af3c85590976a6"),
        "33a614ae3d58d29e62a21f4d36d7b364049d86398efbd29c53616f34b4b2d861"),
    "biden": (sources.Source(
        sources.FACE_RECOGNITION, _TESTS + "biden.jpg",
        "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c"),
        "267c5f6b32471245d78a43e8a32dfcb4253a41d0a09d514a46d7e3921774097c"),
    "astronaut": (sources.Source(
        sources.SCIKIT_IMAGE, "skimage/data/astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"),
        "a5d7b662fcaa3df12ed0068d2b66093c6a40c858f92374112675f12b37475e6d"),
}


def scaled(data):
    """JPEG bytes and size: longest side 640 (the astronaut, 512, is enlarged), no metadata."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    factor = SIDE / max(image.size)
    size = tuple(round(side * factor) for side in image.size)
    small = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=90, optimize=True)  # 4:2:0, baseline
    return out.getvalue(), size


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    differs = False
    for name, (source, expected) in PORTRAITS.items():
        data, size = scaled(sources.read(source))
        found = sources.sha256(data)
        (FOLDER / f"{name}.jpg").write_bytes(data)
        print(f"| {name}.jpg | {size[0]}x{size[1]} | {len(data)} | `{found}` | {source.package} | "
              f"`{source.path}` | `{source.sha256}` |")
        differs |= found != expected
    if differs:
        sys.exit("a scaled file differs from its recorded hash")


if __name__ == "__main__":
    main()
