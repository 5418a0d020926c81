"""The crates of a program, and what licence texts and notices lie in them."""
import html, json, os, re, textwrap, tomllib
from pathlib import Path

from .kinds import kinds
from .tools import TEXTS, read, run

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


def foreign(package):
    """Whether C or assembler files lie in it."""
    return any(COMPILED_FILE.search(path.name) for path in walk(Path(package["manifest_path"]).parent))


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


def standard_text(name, root, packages, authors):
    """The text of a licence for a crate that ships none: from the project, or from another crate."""
    path = root / "models/LICENSE-Apache-2.0.txt" if name == "Apache-2.0" else TEXTS / f"{name}.txt"
    if path.is_file():
        above = f"Copyright (c) {authors or 'the authors of the crate'}\n\n" if name == "MIT" else ""
        return above + read(path)
    for key in sorted(packages):
        for _, text in shipped_texts(packages[key]):
            if kinds(text) == {name} and "opyright" not in text:
                return text
    return None


def checksums(manifest):
    lock = tomllib.loads((manifest.parent / "Cargo.lock").read_text(encoding="utf-8"))
    return {(p["name"], p["version"]): p.get("checksum", "") for p in lock["package"]}
