#!/usr/bin/env python3
"""Lists every text that needs a clip, as JSON for render.py: what the program says, and the words of
the built-in site profiles. A maintainer's tool; needs Python 3.11 and fluent.syntax.

    units.py > units.json          the program's clips, in assets/voice
    units.py --demo > demo.json    the demo site's own words, in tests/data/demo/speech
"""

import json
import re
import sys
import tomllib
from pathlib import Path

from fluent.syntax import FluentParser, ast

ROOT = Path(__file__).resolve().parents[2]
LANGS = ("zh-CN", "zh-TW", "en")
AROUND = " \u3000\t\n。，、！？；：.,!?;:·—()（）“”「」\"'"
# Ends of sentences: each sentence is a clip of its own.
SPLIT = re.compile(r"(?<=[。！？；])|(?<=[.!?;:])\s|\n")


def read_only():
    """Beginnings of the ids nobody hears, from the program's own list."""
    source = (ROOT / "src/core/message.rs").read_text()
    block = re.search(r"READ_ONLY: &\[&str\] = &\[(.*?)\];", source, re.S)[1]
    return tuple(re.findall(r'"([^"]+)"', block))


def messages(lang):
    silent = read_only()
    for entry in FluentParser().parse((ROOT / f"locales/{lang}.ftl").read_text()).body:
        if not isinstance(entry, ast.Message):
            continue
        name = entry.id.name
        if name.startswith(silent) and name not in ("notice-minors", "notice-minors-text"):
            continue
        for element in entry.value.elements:
            if isinstance(element, ast.TextElement):
                yield name, element.value


def profile_texts(lang, files):
    for file in files:
        site = tomllib.loads(file.read_text())
        texts = {key: site.get(key) for key in ("name", "necessity", "rights-procedure", "complaint-contact")}
        texts |= {f"processor.{key}": text for key, text in site.get("processor", {}).items()}
        texts |= {f"installation.{key}": text for key, text in site.get("installation", {}).items()}
        for key, text in texts.items():
            text = text.get(lang) if isinstance(text, dict) else text
            if text:
                yield key, text


def units(pairs):
    seen = {}
    for name, text in pairs:
        for part in SPLIT.split(text):
            key = part.strip(AROUND)
            if key and not key.isdigit():
                seen.setdefault(key, {"key": key, "text": part.strip(), "id": name})
    return list(seen.values())


def main():
    if "--demo" in sys.argv:
        demo = [ROOT / "tests/data/demo/site.toml"]
        result = {lang: [{"key": text, "text": text, "id": key} for key, text in profile_texts(lang, demo)] for lang in LANGS}
    else:
        profiles = sorted((ROOT / "assets/sites").glob("*.toml"))
        result = {lang: units([*messages(lang), *profile_texts(lang, profiles)]) for lang in LANGS}
    json.dump(result, sys.stdout, ensure_ascii=False, indent=0)


if __name__ == "__main__":
    main()
