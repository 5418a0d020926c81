#!/usr/bin/env python3
"""What an offline recogniser (Whisper-base) hears in a recorded journey.

    recognise.py OUT.raw LANG INPUTS

OUT.raw is what sound.sh recorded on the card journey; INPUTS holds the recogniser and is filled when it
is empty (hashes: assets/voice/verify.py). Prints each prompt with the share of its words that were heard in order, and exits 1 when it is
less than 90 % of all. A prompt that was cut by the next step is counted as far as it goes.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../assets/voice"))
import re  # noqa: E402

import numpy  # noqa: E402
import verify  # noqa: E402

SAID = ["home-title", "home-lead", "card-title-verify", "granted-title", "granted-body"]
RATE = 24_000


def messages(lang):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"../../locales/{lang}.ftl")
    return dict(line.rstrip("\n").split(" = ", 1) for line in open(path, encoding="utf-8") if " = " in line)


def parts(samples):
    """Where something is said: pauses of 0.3 s part the sentences."""
    step = RATE // 10
    loud = [abs(samples[at : at + step]).max() > 0.005 for at in range(0, len(samples), step)]
    found, begin, last = [], None, 0
    for at, here in enumerate([*loud, False, False, False, False]):
        if here:
            begin, last = at if begin is None else begin, at
        elif begin is not None and at - last > 2:
            found.append((max(0, begin * step - RATE // 20), (last + 1) * step + RATE // 20))
            begin = None
    return found


def in_order(words, heard):
    """The most of these words that come in this order somewhere in what was heard."""
    best = 0
    for start in range(max(1, len(heard))):
        window = heard[start : start + len(words) + 3]
        row = [0] * (len(window) + 1)
        for word in words:
            before = 0
            for at, other in enumerate(window, 1):
                before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
        best = max(best, row[-1])
    return best


def main():
    raw, lang, inputs = sys.argv[1:4]
    verify.render.PACKAGES = verify.PACKAGES
    verify.render.fetch(inputs)
    hear = verify.recogniser(inputs)
    samples = numpy.frombuffer(open(raw, "rb").read()[: os.path.getsize(raw) // 2 * 2], "<i2").astype("f4") / 32768
    tokens = (lambda text: re.findall(r"[a-z']+", text.lower())) if lang == "en" else verify.chinese_tokens
    text = " ".join(hear(samples[begin:end], lang[:2]) for begin, end in parts(samples))
    heard, total, right = tokens(text), 0, 0
    for msg in SAID:
        words = tokens(messages(lang)[msg])
        found = in_order(words, heard)
        total, right = total + len(words), right + found
        print(f"{lang} {msg}: {found} of {len(words)}")
    print(f"{lang}: {right} of {total} = {right / total:.1%}")
    sys.exit(right / total < 0.9)


main()
