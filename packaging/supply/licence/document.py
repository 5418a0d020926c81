"""The document: what is used, under which licence, and every text."""
import re, tomllib

from .crates import COMPILED, checksums, crates, foreign, inner_notices, shipped_texts, standard_text
from .data import models, stray_files
from .kinds import covered, elect, kinds
from .rust import rust_library
from .texts import Texts
from .tools import read, wrap


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return ["  ".join([cell.ljust(width) for cell, width in zip(row, widths)] + [row[-1]]).rstrip() for row in rows]


def document(root, manifest, targets, rules, problems):
    packages, linked = crates(manifest, targets)
    own = tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]
    texts, entries, standard = Texts(), {}, []
    for (name, version), package in packages.items():
        user = f"{name} {version}"
        found = [(where, text) for where, text in shipped_texts(package)]
        inner = list(inner_notices(package))
        have = set().union(*[kinds(text) for _, text in found], set())
        expression, used = elect(package, rules, have)
        if not expression:
            problems.append(f"{user}: states no licence")
            continue
        if used is None:
            problems.append(f"{user}: {expression}: not allowed by deny.toml")
            continue
        keys = []
        for where, text in found + inner:
            # The text of a licence it is not used under, and that deny.toml does not know, would only mislead.
            if kinds(text) == {"GPL"}:
                continue
            keys.append(texts.add(text, user))
        authors = ", ".join(re.sub(r"\s*<[^>]*>", "", author) for author in package["authors"])
        for licence in sorted(used):
            if not covered(licence, have):
                text = standard_text(licence.partition(" WITH ")[0], root, packages, authors)
                if text is None:
                    problems.append(f"{user}: no text of {licence}")
                else:
                    keys.append(texts.add(text, user))
                    standard.append((user, licence))
        if not keys:
            problems.append(f"{user}: no licence text")
        compiled = foreign(package)
        if compiled and name not in COMPILED:
            problems.append(f"{user}: has C or assembler files and is not in COMPILED of licence/crates.py")
        entries[name, version] = (expression, " AND ".join(sorted(used)), keys, COMPILED.get(name) if compiled else None, (name, version) in linked)

    version, rust = rust_library()
    rust_keys = {}
    if rust is None:
        problems.append("Rust's library: the toolchain has no share/doc/rust/COPYRIGHT-library.html")
    for name, text in rust or []:
        rust_keys.setdefault(name, []).append(texts.add(text, f"{name} (Rust {version})"))

    kiosk = own["name"] == "mianzheng"
    data, path_of = [], {}
    if kiosk:
        for name, path in (("models", "models/NOTICE.md"), ("fonts, icons", "assets/NOTICE.md"), ("voice", "assets/voice/NOTICE.md"),
                           ("fonts", "assets/fonts/OFL.txt"), ("models, voice", "models/LICENSE-Apache-2.0.txt")):
            data.append((name, texts.add(read(root / path), name)))
            path_of[data[-1][1]] = path
        problems += stray_files(root)

    labels = {key: f"{name}: origin and licences" for name, key in data if path_of[key].endswith("NOTICE.md")}
    numbers = texts.numbered()
    refs = lambda keys: " ".join(f"[{n}]" for n in sorted({numbers[key] for key in keys}))
    out = [f"{own['name']}: WORKS OF OTHERS", "=" * (len(own["name"]) + 17), ""]
    para = lambda words: out.extend(wrap(words, 100) + [""])
    para(f"{own['name']} {own['version']} itself is under {own['license']}. It is built from the works below. Each is listed with the licence "
         "it offers, the one it is used under, and numbers that lead to the full texts in the last part. Identical texts stand once.")
    para("The libraries of the system that the program uses (the C library; for the kiosk also ALSA, X11, Wayland and OpenGL, "
         "for the TPM helper libtss2) are not part of it: they come with the system, under their own licences.")

    def listing(title, words, keys):
        out.extend([title, "-" * len(title), ""])
        para(words)
        out.extend(table([["crate", "version", "licence offered", "used under", "texts"]] + [
            [n, v, entries[n, v][0], entries[n, v][1], refs(entries[n, v][2])] for n, v in keys]) + [""])

    listing("1. In the program", f"Rust crates for {', '.join(targets)}. Unchanged, as the Rust package registry has them.",
            [key for key in sorted(entries) if entries[key][4]])
    notes = [f"{n} {v}: {entries[n, v][3]}" for n, v in sorted(entries) if entries[n, v][3]]
    if notes:
        out += ["C and assembler in crates:", *[f"  {note}" for note in notes], ""]
    listing("2. Used while building", "Macros and build tools. Code they write may be in the program.",
            [key for key in sorted(entries) if not entries[key][4]])
    out += ["3. Rust's own library", "---------------------", ""]
    para(f"Version {version}, MIT OR Apache-2.0, with the crates inside it that are for Linux.")
    out += table([["part", "texts"]] + [[name, refs(keys)] for name, keys in sorted(rust_keys.items())]) + [""]
    if kiosk:
        out += ["4. Models, fonts, icons, voice", "------------------------------", ""]
        rows = [["file", "version", "licence", "taken from", "SHA-256"]]
        rows += [[f"models/{m['file']}", m["version"], m["licence"], m["source_package"], m["sha256"]] for m in sorted(models(root), key=lambda m: m["file"])]
        out += table(rows) + [""]
        out += table([["what", "licence", "texts"],
                      ["models", "MIT, Apache-2.0", refs([k for n, k in data if "models" in n])],
                      ["fonts", "OFL-1.1", refs([k for n, k in data if "fonts" in n])],
                      ["icons", "ISC AND MIT", refs([k for n, k in data if "icons" in n])],
                      ["voice clips", "made with Apache-2.0 software", refs([k for n, k in data if "voice" in n])]]) + [""]

    copyleft = [key for key in sorted(entries) if re.search("MPL|LGPL", entries[key][1])]
    if copyleft:
        out += ["5. Where the source is", "----------------------", ""]
        para("The crates below are used unchanged. Their source is public under the name and version given, in the Rust package registry "
             "(cargo gets it: cargo vendor), and comes from whoever gave you this program. The hash is that of the package file.")
        sums = checksums(manifest)
        out += table([["crate", "version", "used under", "SHA-256"]] + [[n, v, entries[n, v][1], sums[n, v]] for n, v in copyleft]) + [""]
    if standard:
        out += ["6. Crates that ship no text", "---------------------------", ""]
        para("These crates state their licence but bring no text of it. Given for them is the usual text, for MIT with the authors whom the crate names.")
        by = {}
        for user, licence in standard:
            by.setdefault(licence, []).append(user)
        for licence, users in sorted(by.items()):
            out += wrap(f"{licence}: {', '.join(users)}.", 100, subsequent_indent="  ") + [""]

    out += ["TEXTS", "=====", ""]
    for key, number in sorted(numbers.items(), key=lambda item: item[1]):
        text, kind, heads = texts.found[key]
        label = labels.get(key) or ", ".join(sorted(kind)) or "notice"
        out += ["", "=" * 100, f"[{number}] {label}"]
        for head, users in sorted(heads.items()):
            out += [""] + [f"    {line}".rstrip() for line in head.split("\n") if head]
            out += wrap("for " + ", ".join(sorted(users)), 100, subsequent_indent="    ")
        out += ["-" * 100, "", text, ""]
    return "\n".join(out).rstrip("\n") + "\n", [(packages[key], key) for key in copyleft], len(entries), len(numbers)
