"""Fits MAX_LOWER and MAX_EYES of src/vision/covered.rs. Run by a maintainer, not by users.

usage: fit_covered.py MIANZHENG LFW_FOLDER [COUNT]

Measures uncovered faces of a folder of portraits with `mianzheng eval image`, draws masks (light
blue, white, black) and dark glasses on the same faces, measures again, and prints what share of
each is flagged at the thresholds that flag 0.5 % of the uncovered ones. Needs pillow.
Drawn cloth is flat and one-coloured: the shares say how the measure works, not how often a real
mask is noticed.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw

MASKS = [(190, 215, 235), (240, 240, 240), (30, 30, 34)]
GLASS = (15, 15, 18)


def measure(program, files):
    found = []
    for start in range(0, len(files), 200):
        answer = subprocess.run([program, "eval", "image", "--json", *map(str, files[start : start + 200])],
                                capture_output=True, text=True, check=False)
        found += json.loads(answer.stdout)["images"]
    return [(image["file"], image["faces"][0]) for image in found if image["faces"]]


def draw_mask(picture, face, colour):
    x, y, w, h = face["box"]
    top = face["landmarks"][2][1] - 0.02 * h
    shape = [(x + 0.06 * w, top), (x + 0.94 * w, top), (x + 0.88 * w, y + 0.86 * h), (x + 0.5 * w, y + 1.02 * h),
             (x + 0.12 * w, y + 0.86 * h)]
    ImageDraw.Draw(picture).polygon(shape, fill=colour)


def draw_glasses(picture, face, _):
    w, pen, eyes = face["box"][2], ImageDraw.Draw(picture), [tuple(point) for point in face["landmarks"][:2]]
    for x, y in eyes:
        pen.ellipse([x - 0.17 * w, y - 0.13 * w, x + 0.17 * w, y + 0.13 * w], fill=GLASS)
    pen.line(eyes, fill=GLASS, width=int(0.05 * w) + 1)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    chance = random.Random(4)
    files = sorted(folder.rglob("*.jpg"))
    files = chance.sample(files, min(len(files), int(sys.argv[3]) if len(sys.argv) > 3 else 1500))
    plain = measure(program, files)
    values = {"plain": plain}
    with tempfile.TemporaryDirectory() as out:
        kinds = {"mask blue": (draw_mask, MASKS[0]), "mask white": (draw_mask, MASKS[1]),
                 "mask black": (draw_mask, MASKS[2]), "dark glasses": (draw_glasses, None)}
        for kind, (draw, colour) in kinds.items():
            drawn = []
            for number, (file, face) in enumerate(plain[:300]):
                picture = Image.open(file).convert("RGB")
                draw(picture, face, colour)
                drawn.append(f"{out}/{kind}{number}.png")
                picture.save(drawn[-1])
            values[kind] = measure(program, drawn)
    lower = {kind: [face["quality"]["covered"]["lower"] for _, face in all] for kind, all in values.items()}
    eyes = {kind: [face["quality"]["covered"]["eyes"] for _, face in all] for kind, all in values.items()}
    for share in (0.98, 0.99, 0.995, 0.998):
        limits = [sorted(v["plain"])[int(share * (len(plain) - 1))] for v in (lower, eyes)]
        line = {kind: round(sum(l > limits[0] or e > limits[1] for l, e in zip(lower[kind], eyes[kind])) / len(lower[kind]), 3)
                for kind in values}
        print(f"each below at {share}: lower {limits[0]:.1f} eyes {limits[1]:.1f} flagged {line}")


main()
