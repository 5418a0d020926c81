#!/usr/bin/env python3
"""Builds assets/fonts and assets/icons from three pinned npm packages.

A maintainer's tool: the outputs are committed, the build of the program never
runs it. It needs Python 3.9 or later, npm, and the fontTools release named in
FONTTOOLS (another release may write other bytes):

    python3 -m venv venv && venv/bin/pip install fonttools==4.68.0
    venv/bin/python assets/build.py            # write the assets
    venv/bin/python assets/build.py --check    # rebuild, compare, write nothing

--inputs DIR keeps the downloaded packages in DIR and uses those already there.
Every package is checked against its SHA-256 before anything is read from it.
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont

ASSETS = Path(__file__).resolve().parent
FONTTOOLS = "4.68.0"

# npm name, version, file written by `npm pack`, SHA-256 of that file.
SC = (
    "@expo-google-fonts/noto-sans-sc",
    "0.4.3",
    "expo-google-fonts-noto-sans-sc-0.4.3.tgz",
    "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
)
TC = (
    "@expo-google-fonts/noto-sans-tc",
    "0.4.3",
    "expo-google-fonts-noto-sans-tc-0.4.3.tgz",
    "e7532a3a43a6c660ee0351a167b99fe0da52f20b4940fb3fc067ed7c5bd594bf",
)
LUCIDE = (
    "lucide-static",
    "1.62.0",
    "lucide-static-1.62.0.tgz",
    "386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44",
)

# Output file: package, member of the package, hanzi that must come out.
# Noto Sans TC has no glyph for 1,898 simplified-only hanzi of GB 2312 (8,836 -
# 6,938): the TC families of the program fall back to the SC file of the same
# weight.
FONTS = {
    "sc-regular.ttf": (SC, "package/400Regular/NotoSansSC_400Regular.ttf", 8836),
    "sc-bold.ttf": (SC, "package/700Bold/NotoSansSC_700Bold.ttf", 8836),
    "tc-regular.ttf": (TC, "package/400Regular/NotoSansTC_400Regular.ttf", 6938),
    "tc-bold.ttf": (TC, "package/700Bold/NotoSansTC_700Bold.ttf", 6938),
}

# Blocks asked for whole, inclusive; what the font lacks of them is left out.
BLOCKS = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1
    (0x0100, 0x024F),  # Latin Extended-A and -B (pinyin tone marks)
    (0x0300, 0x036F),  # combining marks
    (0x2000, 0x206F),  # general punctuation
    (0x20A0, 0x20CF),  # currency signs
    (0x2100, 0x218F),  # letterlike symbols and number forms
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2460, 0x24FF),  # enclosed numbers and letters
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2600, 0x27BF),  # miscellaneous symbols and dingbats (check marks)
    (0x3000, 0x303F),  # CJK punctuation
    (0x3100, 0x312F),  # bopomofo
    (0xFF00, 0xFFEF),  # full-width and half-width forms
]
# The font must have every character of these blocks.
COMPLETE = [(0x0020, 0x007E), (0x00A0, 0x00FF), (0x3000, 0x303F), (0xFF01, 0xFF5E)]
# The only features that egui's shaper applies to horizontal Chinese and Latin
# text without being asked. The others (vertical writing, half and proportional
# widths, `locl`, which needs a language tag) would only carry unused glyphs.
FEATURES = ["ccmp", "liga", "kern", "mark"]
# Tables for vertical writing, baselines and variable-font styles.
UNUSED_TABLES = ["BASE", "STAT", "VORG", "vhea", "vmtx", "DSIG"]
# Copyright, family, style, id, full name, version, PostScript name, licence, its address.
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]

ICONS = """
a-large-small accessibility arrow-down-to-line arrow-left arrow-right baby ban
bell building-2 camera camera-off check circle-alert circle-check circle-help
clock concierge-bell contrast credit-card delete door-open ear-off eye
file-text footprints hand hospital house id-card info keyboard landmark languages
loader-circle lock log-out monitor panel-bottom printer rabbit refresh-cw scan-face shield-check
trash-2 turtle user-round user-round-plus users volume-1 volume-2 volume-x x
""".split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--inputs", type=Path, help="folder of the downloaded packages")
    arguments = parser.parse_args()
    if fontTools.version != FONTTOOLS:
        sys.exit(f"fontTools {FONTTOOLS} is needed, found {fontTools.version}")

    with tempfile.TemporaryDirectory() as scratch:
        inputs = arguments.inputs or Path(scratch)
        inputs.mkdir(parents=True, exist_ok=True)
        outputs = build(inputs)
    if arguments.check:
        check(outputs)
    else:
        write(outputs)


def build(inputs):
    """Returns every asset as a path relative to assets/ and its bytes."""
    outputs = {}
    for name, (package, member, hanzi_count) in FONTS.items():
        [source] = read(fetch(package, inputs), [member])
        outputs[f"fonts/{name}"] = subset_font(source, hanzi_count)
    [sc_licence] = read(fetch(SC, inputs), ["package/LICENSE_FONT"])
    [tc_licence] = read(fetch(TC, inputs), ["package/LICENSE_FONT"])
    assert sc_licence == tc_licence, "the two fonts have different licence texts"
    outputs["fonts/OFL.txt"] = sc_licence

    members = [f"package/icons/{icon}.svg" for icon in ICONS]
    for icon, svg in zip(ICONS, read(fetch(LUCIDE, inputs), members)):
        outputs[f"icons/{icon}.svg"] = whiten(icon, svg)
    return outputs


def fetch(package, inputs):
    """Downloads a package unless it is in `inputs`; checks its hash either way."""
    name, version, file_name, sha256 = package
    path = inputs / file_name
    if not path.exists():
        command = ["npm", "pack", "--silent", "--pack-destination", str(inputs), f"{name}@{version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        sys.exit(f"{file_name}: SHA-256 is {found}, expected {sha256}")
    return path


def read(archive, members):
    """Returns the bytes of the members of an archive, in their order."""
    with tarfile.open(archive) as tar:
        wanted = set(members)
        found = {m.name: tar.extractfile(m).read() for m in tar if m.name in wanted}
    return [found[member] for member in members]


def subset_font(source, hanzi_count):
    """Cuts a font down to the wanted characters. Same input, same bytes."""
    options = subset.Options()
    # Keeps `prep` and `gasp`. The glyphs carry no instructions, yet without
    # `prep` the rasteriser takes its slow automatic hinter.
    options.hinting = True
    options.layout_features = FEATURES
    options.drop_tables += UNUSED_TABLES
    options.name_IDs = NAMES
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False  # head.modified stays that of the source
    options.harfbuzz_repacker = False  # else the bytes depend on uharfbuzz being installed

    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    font.cfg["fontTools.ttLib.tables.otBase:USE_HARFBUZZ_REPACKER"] = options.harfbuzz_repacker
    hanzi = gb2312_hanzi() | big5_level_1_hanzi()
    wanted = (hanzi | expand(BLOCKS)) & set(font.getBestCmap())
    missing = expand(COMPLETE) - wanted
    assert not missing, f"characters missing from the font: {sorted(map(hex, missing))}"
    assert big5_level_1_hanzi() <= wanted, "Big5 level 1 is incomplete"
    assert len(hanzi & wanted) == hanzi_count, f"{len(hanzi & wanted)} hanzi"

    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    assert set(font.getBestCmap()) == wanted and "prep" in font
    result = io.BytesIO()
    font.save(result)
    return result.getvalue()


def gb2312_hanzi():
    """The 6,763 hanzi of GB 2312-80, levels 1 and 2 (rows 16 to 87)."""
    return decodable("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF), 6763)


def big5_level_1_hanzi():
    """The 5,401 frequent hanzi of Big5 (A440 to C67E)."""
    trail = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    hanzi = decodable("big5", range(0xA4, 0xC6), trail, 5401 - 63)
    return hanzi | decodable("big5", [0xC6], range(0x40, 0x7F), 63)


def decodable(codec, lead, trail, count):
    """The code points that a two-byte codec has in a rectangle of codes."""
    text = "".join(bytes([a, b]).decode(codec, "ignore") for a in lead for b in trail)
    points = set(map(ord, text))
    # An undecodable pair may leave its ASCII second byte behind.
    points = {point for point in points if point > 0x7F}
    assert len(points) == count, f"{codec}: {len(points)} characters, expected {count}"
    return points


def expand(blocks):
    """The code points of inclusive ranges."""
    return {point for first, last in blocks for point in range(first, last + 1)}


def whiten(icon, svg):
    """Paints an icon white, so that a tint at run time gives it any colour."""
    assert b"currentColor" in svg, f"{icon} does not use currentColor"
    return svg.replace(b"currentColor", b"white")


def write(outputs):
    """Writes the assets."""
    for name, content in outputs.items():
        path = ASSETS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if path.suffix == ".ttf":
            print(f"{hashlib.sha256(content).hexdigest()}  {name}  {len(content):,} bytes")
    print(f"{len(ICONS)} icons")


def check(outputs):
    """Compares the assets on disk with what was built; exits 1 on a difference."""
    on_disk = {str(p.relative_to(ASSETS)) for p in ASSETS.glob("icons/*")}
    on_disk |= {str(p.relative_to(ASSETS)) for p in ASSETS.glob("fonts/*")}
    stale = sorted(on_disk - set(outputs))
    for name, content in outputs.items():
        path = ASSETS / name
        if not path.exists() or path.read_bytes() != content:
            stale.append(name)
    if stale:
        sys.exit("differs from the build: " + ", ".join(stale))
    print(f"{len(outputs)} files are as built")


if __name__ == "__main__":
    main()
