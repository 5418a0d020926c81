"""Debian's machine-readable copyright file."""
import re

from .data import models
from .tools import TEXTS


def debian(root):
    """DEP-5. The long list is in THIRD-PARTY.txt, which lies beside it."""
    one = lambda text: "\n".join(" " + (line.rstrip() or ".") for line in text.strip("\n").split("\n"))
    mit = (TEXTS / "MIT.txt").read_text(encoding="utf-8")
    lines = ["Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
             "Upstream-Name: mianzheng",
             "Comment:",
             one("The program is linked from many Rust crates, from SQLite and from Rust's own library. Which they are, under\n"
                 "which licence each is used, and every licence text and notice: THIRD-PARTY.txt in this folder. Part 5 of it\n"
                 "tells where the source of the crates under MPL-2.0 and LGPL-2.1-or-later is."),
             "", "Files: *", "Copyright: 2026 the authors of Mianzheng", "License: Expat or Apache-2.0", ""]
    for m in sorted(models(root), key=lambda m: m["file"]):
        lines += [f"Files: models/{m['file']}", f"Copyright: see THIRD-PARTY.txt ({m['source_package']})",
                  f"License: {'Expat' if m['licence'] == 'MIT' else m['licence']}", ""]
    lines += ["Files: assets/fonts/*", "Copyright: 2014-2021 Adobe, with Reserved Font Name 'Source'", "License: OFL-1.1", "",
              "Files: assets/icons/*", "Copyright: 2026 Lucide Icons and Contributors", " 2013-present Cole Bemis", "License: ISC and Expat", "",
              "Files: assets/voice/*", "Copyright: 2026 the authors of Mianzheng", "License: Expat or Apache-2.0",
              "Comment: rendered with Kokoro-82M v1.0 (Apache-2.0); nobody's voice was recorded", "",
              "License: Expat", one(mit), "",
              "License: Apache-2.0", one("On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0."), "",
              "License: OFL-1.1", one((root / "assets/fonts/OFL.txt").read_text(encoding="utf-8")), ""]
    isc = re.search(r"Permission to use, copy, modify.*?SOFTWARE\.", (root / "assets/NOTICE.md").read_text(encoding="utf-8"), re.S)[0]
    lines += ["License: ISC", one(isc)]
    return "\n".join(lines) + "\n"
