#!/usr/bin/env python3
"""Every licence of what is handed out, in one document.

licences.py --out THIRD-PARTY.txt     the crates of the program, SQLite, Rust's own library, models, fonts, icons, voice
licences.py --check                   fails if something has no licence text, or one that deny.toml does not allow,
                                      or if a file in assets/ or models/ is named in no NOTICE.md; writes nothing
licences.py --copyright FILE          Debian's machine-readable copyright file, which points to THIRD-PARTY.txt
licences.py --sources FOLDER          copies the packages of the MPL and LGPL crates there, to be handed out beside the program

--manifest packaging/phone-helper/Cargo.toml: the same for a helper program (then without models and the like).
--target, twice or more: other systems than x86_64 and aarch64 Linux. Needs Python 3.11, cargo, and the crates fetched.
The same input gives the same bytes: sorted, no dates, no paths of this machine.
"""
import argparse, fnmatch, hashlib, html, json, os, re, shutil, subprocess, sys, textwrap, tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]

# A file whose name tells that it is about the licence.
TEXT = re.compile(r"(?i)^((un)?licen[sc]es?|copying|copyright|notice|patents)([-._].*)?$|^.*[-_.]licen[sc]e(\.txt|\.md)?$")
NO_TEXT = re.compile(r"(?i)\.(rs|py|c|h|toml|json|html|hbs|png|svg|sh|yml|yaml)$")
# Folders of a crate that are never compiled into a program.
ASIDE = {"tests", "test", "testing-tools", "test-data", "examples", "benches", "bench", "compare", "fuzz", "docs", "sqlcipher", "autotests", "testdata"}

# Crates with C or assembler files, looked at one by one: what of it is compiled in, and under which notice. A crate that is not
# here fails --check. (Where aside folders have all the C, nothing need be said.)
COMPILED = {
    "aws-lc-sys": "AWS-LC and what it holds (BoringSSL, OpenSSL, fiat-crypto and others), by its LICENSE",
    "cc": "probes of the compiler, not in the program",
    "libsqlite3-sys": "SQLite, in the public domain (the blessing below)",
    "signal-hook": "the crate's own extract.c; only with its feature extended-siginfo, which is off here",
    "tract-linalg": "the crate's own assembler, under the crate's licence",
    "wayland-backend": "the crate's own log_shim.c; only with its feature log, which is off here",
}
COMPILED_FILE = re.compile(r"\.(c|cc|cpp|cxx|s|S|asm)(\.j2)?$")

# Crates whose Rust code is made while building from XML with a notice inside the file.
FROM_XML = {"wayland-client", "wayland-protocols", "wayland-protocols-plasma", "wayland-protocols-wlr", "khronos_api"}

# Files of assets/ and models/ that are the project's own, under its own licence: no NOTICE need name them.
OWN = ["*.py", "requirements.txt", "NOTICE.md", "assets/calendar.toml", "assets/sites/*.toml", "models/manifest.toml"]

# What in Rust's library is not for Linux.
NOT_LINUX = re.compile(r"^(windows|wasi|wit-bindgen|hermit|fortanix|moto-rt|r-efi|vex-sdk|dlmalloc|cc|shlex|getopts)")

KINDS = [  # the sign that a licence's full text is there, not only its name
    ("Apache-2.0", r"(?i)TERMS AND CONDITIONS FOR USE, REPRODUCTION,? AND DISTRIBUTION"),
    ("MPL-2.0", r"Mozilla Public License,? [Vv]ersion 2\.0 .*each individual or legal entity that creates"),
    ("LGPL-2.1-or-later", r"GNU LESSER GENERAL PUBLIC LICENSE"),
    ("GPL", r"GNU GENERAL PUBLIC LICENSE"),
    ("CC0-1.0", r"CC0 1\.0 Universal|Creative Commons Legal Code"),
    ("OFL-1.1", r"(?i)sil open font license"),
    ("Unicode-3.0", r"(?i)unicode license v3|UNICODE, INC\. LICENSE AGREEMENT"),
    ("BSL-1.0", r"Boost Software License"),
    ("BlueOak-1.0.0", r"Blue Oak Model License"),
    ("Unlicense", r"This is free and unencumbered software"),
    ("Zlib", r"(?s)provided ['‘]as-is['’].*must not be misrepresented"),
    ("BSD-3-Clause", r"(?s)Redistribution and use in source and binary forms.*(Neither the name|nor the names? of|names? of .{0,80} may not be used)"),
    ("BSD-2-Clause", r"Redistribution and use in source and binary forms"),
    ("ISC", r"Permission to use, copy, modify,? and(/or)? distribute this software for any"),
    ("MIT", r"Permission is hereby granted, free of charge, to any"),
    ("LLVM-exception", r"LLVM Exceptions"),
]
KINDS = [(name, re.compile(sign)) for name, sign in KINDS]
SAME = {"MIT-0": "MIT", "0BSD": "ISC"}


def wrap(words, width=100, **more):
    return textwrap.wrap(words, width, break_on_hyphens=False, break_long_words=False, **more)


def fail(words):
    sys.exit(f"licences.py: {words}")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        fail(f"{' '.join(map(str, command[:3]))}: {done.stderr.strip()[-500:]}")
    return done.stdout


def kinds(text):
    flat = re.sub(r"\s+", " ", text)
    found = {name for name, sign in KINDS if sign.search(flat)}
    if "BSD-3-Clause" in found and len(re.findall("Redistribution and use in source", flat)) == 1:
        found.discard("BSD-2-Clause")
    return found


# ---- SPDX expressions: a list of alternatives, each a set of licences that all hold

def alternatives(expression):
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    at = 0

    def any_of():
        nonlocal at
        got = all_of()
        while at < len(words) and words[at] == "OR":
            at += 1
            got = got + all_of()
        return got

    def all_of():
        nonlocal at
        got = one()
        while at < len(words) and words[at] == "AND":
            at += 1
            right = one()
            got = [a | b for a in got for b in right]
        return got

    def one():
        nonlocal at
        if words[at] == "(":
            at += 1
            got = any_of()
            at += 1
            return got
        name = words[at]
        at += 1
        if at < len(words) and words[at] == "WITH":
            name += " WITH " + words[at + 1]
            at += 2
        return [frozenset([name])]

    got = any_of()
    if at != len(words):
        fail(f"not an SPDX expression: {expression}")
    return got


# Where the wording of a licence begins that many works share; above it stand the lines that differ, who holds the copyright.
SHARED = {
    "MIT": re.compile(r"Permission is hereby granted, free of charge"),
    "ISC": re.compile(r"Permission to use, copy, modify"),
    "Zlib": re.compile(r"This software is provided ['‘]as-is"),
    "BSD-2-Clause": re.compile(r"Redistribution and use in source"),
    "BSD-3-Clause": re.compile(r"Redistribution and use in source"),
    "Apache-2.0": re.compile(r"TERMS AND CONDITIONS FOR USE"),
}
TITLE = re.compile(r"(?i)^\W*(the )?(mit|isc|zlib|apache|\(?bsd[- ][23]-clause|the 2-clause bsd)?( |-)?licen[sc]e( \(mit\))?\W*$|^\W*version 2\.0, january 2004\W*$|^\W*https?://www\.apache\.org/licenses/?\W*$")
APPENDIX = re.compile(r"(?is)^\s*(APPENDIX:?\s+How\s+to\s+apply.*?page[\"”]?\s+as\s+the\s+copyright\s+notice\s+for\s+easier\s+identification\s+within\s+third-party\s+archives\.)?"
                      r"((?:\s*Copyright[^\n]*\n)*)\s*(Licensed\s+under\s+the\s+Apache\s+License.*?limitations\s+under\s+the\s+License\.)?\s*$")


def flat(text):
    return re.sub(r"\s+", " ", text.replace("“", '"').replace("”", '"').replace("’", "'").replace("https://", "http://")).strip().lower()


def split(text):
    """The lines above and the shared wording; all is wording where that is not plain."""
    kind = kinds(text)
    start = SHARED[next(iter(kind))].search(text) if len(kind) == 1 and kind <= set(SHARED) else None
    if not start:
        return "", text
    head, body = text[:start.start()], text[start.start():]
    if kind == {"Apache-2.0"}:
        wording, end, after = body.partition("END OF TERMS AND CONDITIONS")
        appendix = APPENDIX.match(after)
        if not end or not appendix:
            return "", text
        body = wording + end
        head += "\n" + "\n".join(line for line in appendix[2].split("\n") if not re.search(r"[\[{<](yyyy|year)", line))
    lines = [line.strip() for line in head.split("\n") if not TITLE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), body


class Texts:
    """Texts joined when their wording differs in nothing but blanks, quotes and capitals; what stands above it is kept for each."""

    def __init__(self):
        self.found = {}  # key -> [wording, kinds, {lines above: users}]

    def add(self, text, user):
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").lstrip("\ufeff")
        text = "\n".join(line.rstrip() for line in text.expandtabs(4).split("\n")).strip("\n")
        head, body = split(text)
        body = textwrap.dedent("\n".join(line.rstrip() for line in body.split("\n")).strip("\n"))
        entry = self.found.setdefault(flat(body), [body, kinds(text), {}])
        # Of the same wording in several shapes one, so that the order of finding does not matter.
        entry[0] = min(entry[0], body, key=lambda shape: (len(shape), shape))
        entry[2].setdefault(head, set()).add(user)
        return flat(body)

    def numbered(self):
        def rank(key):
            _, kind, heads = self.found[key]
            return (sorted(kind) or ["~"], -sum(map(len, heads.values())), key)
        return {key: number for number, key in enumerate(sorted(self.found, key=rank), 1)}


# ---- crates

def crates(manifest, targets):
    """name, version -> package of cargo metadata, and whether it is in the program itself."""
    base = ["--locked", "--offline", "--manifest-path", str(manifest)]
    packages, linked, wanted = {}, set(), set()
    for target in targets:
        for package in json.loads(run("cargo", "metadata", *base, "--format-version", "1", "--filter-platform", target))["packages"]:
            packages[package["name"], package["version"]] = package
        # cargo metadata counts features that only tests turn on; cargo tree does not.
        for kinds_, into in (("normal,build", wanted), ("normal,no-proc-macro", linked)):
            for line in run("cargo", "tree", *base, "-e", kinds_, "--target", target, "--prefix", "none", "-f", "{p}").splitlines():
                if line.strip():
                    name, version = line.split()[:2]
                    into.add((name, version.removeprefix("v")))
    return {key: packages[key] for key in sorted(wanted) if packages[key]["source"]}, linked


def walk(folder):
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in ASIDE and f != ".git")
        for name in sorted(files):
            yield Path(place, name)


def read(path):
    return path.read_bytes().decode("utf-8", "replace")


def shipped_texts(package):
    folder = Path(package["manifest_path"]).parent
    named = {(folder / package["license_file"]).resolve()} if package.get("license_file") else set()
    for path in walk(folder):
        inner = path.relative_to(folder)
        about = TEXT.match(path.name) and not NO_TEXT.search(path.name) or "LICENSES" in inner.parts[:-1]
        if (about or path.resolve() in named) and path.stat().st_size < 200_000:
            yield str(inner), read(path)


def inner_notices(package):
    """Notices that stand inside a source file only."""
    folder = Path(package["manifest_path"]).parent
    if package["name"] == "libsqlite3-sys":
        source = read(folder / "sqlite3/sqlite3.c")[:200_000]
        version = re.search(r"This file is an amalgamation.*?version ([\d.]+)", source, re.S)[1]
        blessing = re.search(r"\*\* The author disclaims copyright to this source code\..*?taking more than you give\.", source, re.S)[0]
        yield "sqlite3/sqlite3.c", f"SQLite {version}\n\n" + re.sub(r"(?m)^\*\* ?", "", blessing)
    if package["name"] in FROM_XML:
        notices = set()
        for path in walk(folder):
            if path.suffix == ".xml":
                start = read(path)[:20_000]
                for notice in re.findall(r"<copyright>(.*?)</copyright>|<!--(.*?)-->|<comment>(.*?)</comment>", start, re.S)[:1]:
                    notice = html.unescape(re.sub(r"<!\[CDATA\[|\]\]>", "", "".join(notice)))
                    if re.search(r"(?i)copyright|\(c\)|©", notice):
                        notices.add(textwrap.dedent(notice.expandtabs(4)).strip("\n"))
        if notices:
            yield "in its XML files", "Notices inside the XML files of the crate\n\n" + "\n\n- - -\n\n".join(sorted(notices))


def elect(package, rules, have):
    """The alternative it is used under: allowed, its texts there if possible, else by the order of deny.toml."""
    expression = rules["clarify"].get(package["name"]) or package.get("license")
    if not expression:
        return None, None
    allowed = rules["allow"] + rules["exceptions"].get(package["name"], [])
    choices = [c for c in alternatives(expression) if c <= set(allowed)]
    if not choices:
        return expression, None

    def rank(choice):
        lacking = sum(1 for name in choice if not covered(name, have))
        return (lacking, sorted(allowed.index(name) for name in choice))
    return expression, min(choices, key=rank)


def covered(name, have):
    plain, _, exception = name.partition(" WITH ")
    return SAME.get(plain, plain) in have and (not exception or exception in have)


def rules_of(path):
    licences = tomllib.loads(path.read_text(encoding="utf-8"))["licenses"]
    return {
        "allow": licences["allow"],
        "exceptions": {e["crate"]: e["allow"] for e in licences.get("exceptions", [])},
        "clarify": {c["crate"]: c["expression"] for c in licences.get("clarify", [])},
    }


def standard_text(name, root, packages, authors):
    """The text of a licence for a crate that ships none: from the project, or from another crate."""
    path = root / "models/LICENSE-Apache-2.0.txt" if name == "Apache-2.0" else HERE / f"texts/{name}.txt"
    if path.is_file():
        above = f"Copyright (c) {authors or 'the authors of the crate'}\n\n" if name == "MIT" else ""
        return above + read(path)
    for key in sorted(packages):
        for _, text in shipped_texts(packages[key]):
            if kinds(text) == {name} and "opyright" not in text:
                return text
    return None


def rust_library():
    """Rust's own library, linked into every program: name, texts."""
    version = run("rustc", "--version").split()[1]
    doc = Path(run("rustc", "--print", "sysroot").strip(), "share/doc/rust")
    page = doc / "COPYRIGHT-library.html"
    if not page.is_file():
        return version, None
    plain = lambda piece: html.unescape(re.sub(r"<[^>]+>", "", piece))
    source = read(page)
    texts = []
    in_tree, _, out = source.partition('<h2 id="out-of-tree-dependencies">')
    words = re.sub(r"\n\s*\n+", "\n", plain(in_tree.partition('<h2 id="short-version">')[2].partition(">")[2]))
    texts.append(("Rust's library", "\n".join(line.strip() for line in words.splitlines() if line.strip())))
    for piece in re.split(r"<h3>", out)[1:]:
        name = plain(piece.partition("</h3>")[0]).replace("📦", "").strip()
        if not NOT_LINUX.match(name):
            for body in re.findall(r"<pre>(.*?)</pre>", piece, re.S):
                texts.append((name, plain(body)))
    for name in ("Apache-2.0", "MIT"):
        texts.append(("Rust's library", read(doc / f"licenses/{name}.txt")))
    return version, texts


# ---- assets and models

def stray_files(root):
    """Files in assets/ and models/ that no NOTICE.md on the way up names, and files with another hash than the one written down."""
    problems = []
    for top in ("assets", "models"):
        for path in sorted((root / top).rglob("*")):
            inner = path.relative_to(root)
            if not path.is_file() or "__pycache__" in inner.parts:
                continue
            if any(fnmatch.fnmatch(str(inner), own) or fnmatch.fnmatch(path.name, own) for own in OWN):
                continue
            named = False
            folder = path.parent
            while folder != root and not named:
                notice = folder / "NOTICE.md"
                if notice.is_file():
                    place = str(path.relative_to(folder))
                    for word in re.findall(r"`([^`\s]+)`", notice.read_text(encoding="utf-8")):
                        named = named or word in (place, path.name) or ("*" in word and fnmatch.fnmatch(place, word)) \
                            or (re.fullmatch(r"\.\w+", word) is not None and path.suffix == word)
                folder = folder.parent
            if not named:
                problems.append(f"{inner}: named in no NOTICE.md")
    sha = lambda path: hashlib.sha256(path.read_bytes()).hexdigest()
    for model in models(root):
        path = root / "models" / model["file"]
        if not path.is_file() or sha(path) != model["sha256"]:
            problems.append(f"models/{model['file']}: not the file of manifest.toml")
    notice = (root / "assets/NOTICE.md").read_text(encoding="utf-8")
    for path in sorted((root / "assets/fonts").glob("*.ttf")):
        if sha(path) not in notice:
            problems.append(f"assets/fonts/{path.name}: its SHA-256 is not in assets/NOTICE.md")
    clips = {line.split("\t")[2] for line in (root / "assets/voice/index.tsv").read_text(encoding="utf-8").splitlines() if line.count("\t") >= 2}
    for path in sorted((root / "assets/voice").rglob("*.ogg")):
        if sha(path) not in clips:
            problems.append(f"{path.relative_to(root)}: its SHA-256 is not in index.tsv")
    return problems


def models(root):
    return tomllib.loads((root / "models/manifest.toml").read_text(encoding="utf-8"))["model"]


# ---- the document

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
        folder = Path(package["manifest_path"]).parent
        foreign = any(COMPILED_FILE.search(path.name) for path in walk(folder))
        if foreign and name not in COMPILED:
            problems.append(f"{user}: has C or assembler files and is not in COMPILED of licences.py")
        entries[name, version] = (expression, " AND ".join(sorted(used)), keys, COMPILED.get(name) if foreign else None, (name, version) in linked)

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


def checksums(manifest):
    lock = tomllib.loads((manifest.parent / "Cargo.lock").read_text(encoding="utf-8"))
    return {(p["name"], p["version"]): p.get("checksum", "") for p in lock["package"]}


def debian(root):
    """DEP-5. The long list is in THIRD-PARTY.txt, which lies beside it."""
    one = lambda text: "\n".join(" " + (line.rstrip() or ".") for line in text.strip("\n").split("\n"))
    mit = (HERE / "texts/MIT.txt").read_text(encoding="utf-8")
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


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--root", type=Path, default=HERE.parent.parent, help="the repository")
    options.add_argument("--manifest", type=Path, help="its Cargo.toml, or that of a helper program")
    options.add_argument("--deny", type=Path, default=HERE / "deny.toml")
    options.add_argument("--target", action="append")
    options.add_argument("--out", type=Path)
    options.add_argument("--check", action="store_true")
    options.add_argument("--copyright", type=Path)
    options.add_argument("--sources", type=Path)
    asked = options.parse_args()
    if not (asked.out or asked.check or asked.copyright or asked.sources):
        options.error("nothing to do")
    root = asked.root.resolve()
    manifest = (asked.manifest or root / "Cargo.toml").resolve()
    problems = []
    text, copyleft, count, different = document(root, manifest, asked.target or TARGETS, rules_of(asked.deny), problems)
    for problem in problems:
        print(f"licences.py: {problem}", file=sys.stderr)
    if problems:
        fail(f"{len(problems)} problems")
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    if asked.copyright:
        asked.copyright.write_text(debian(root), encoding="utf-8")
    if asked.sources:
        sums = checksums(manifest)
        asked.sources.mkdir(parents=True, exist_ok=True)
        for package, key in copyleft:
            # .../registry/src/<registry>/<crate> -> .../registry/cache/<registry>/<crate>.crate
            folder = Path(package["manifest_path"]).parent
            file = folder.parent.parent.parent / "cache" / folder.parent.name / (folder.name + ".crate")
            if hashlib.sha256(file.read_bytes()).hexdigest() != sums[key]:
                fail(f"{file.name}: not the package of Cargo.lock")
            shutil.copyfile(file, asked.sources / file.name)
    print(f"licences.py: {count} crates, {different} different texts", file=sys.stderr)


if __name__ == "__main__":
    main()
