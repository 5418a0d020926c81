"""Models, fonts, icons and clips."""
import fnmatch, hashlib, re, tomllib

# Files of assets/ and models/ that are the project's own, under its own licence: no NOTICE need name them.
OWN = ["*.py", "requirements.txt", "NOTICE.md", "assets/calendar.toml", "assets/sites/*.toml", "models/manifest.toml"]


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
