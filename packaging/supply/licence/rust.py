"""Rust's own library, linked into every program."""
import html, re
from pathlib import Path

from .tools import read, run

# What in Rust's library is not for Linux.
NOT_LINUX = re.compile(r"^(windows|wasi|wit-bindgen|hermit|fortanix|moto-rt|r-efi|vex-sdk|dlmalloc|cc|shlex|getopts)")


def rust_library():
    """Its version, and (name, text) of all in it; None without its list."""
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
