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
import argparse, hashlib, shutil, sys
from pathlib import Path

sys.dont_write_bytecode = True
from licence.crates import checksums  # noqa: E402
from licence.debian import debian  # noqa: E402
from licence.document import document  # noqa: E402
from licence.kinds import rules_of  # noqa: E402
from licence.tools import TARGETS, fail  # noqa: E402

HERE = Path(__file__).resolve().parent


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
