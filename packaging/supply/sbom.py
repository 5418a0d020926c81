#!/usr/bin/env python3
"""One CycloneDX 1.5 list of what the program is made of: crates, SQLite, Rust's own library, models, fonts, icons, voice.

sbom.py --out mianzheng.cdx.json [--program FILE] [--manifest packaging/tpm-helper/Cargo.toml] [--target ...]

The same input gives the same bytes: the serial number comes from the content, the time from SOURCE_DATE_EPOCH (without it there
is none). A folder of files has one hash: that of the lines of `find . -type f -name '*.svg' | sort | xargs sha256sum` (LC_ALL=C).
"""
import argparse, datetime, hashlib, json, os, sys, tomllib, uuid
from pathlib import Path
from urllib.parse import quote

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from licence.crates import checksums, crates, inner_notices  # noqa: E402
from licence.data import models  # noqa: E402
from licence.kinds import rules_of  # noqa: E402
from licence.tools import TARGETS, run  # noqa: E402

HERE = Path(__file__).resolve().parent


def sha256(data):
    return [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}]


def purl(kind, name, version):
    return f"pkg:{kind}/{quote(name)}@{quote(version, safe='.-_~')}"


def licence(expression):
    return [{"expression": expression.replace(" / ", " OR ").replace("/", " OR ")}]


def folder(path, suffix):
    lines = sorted((f"./{file.relative_to(path)}", file) for file in path.rglob("*" + suffix))
    return len(lines), sha256("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n" for name, file in lines).encode())


def properties(**pairs):
    return [{"name": "mianzheng:" + name.replace("_", "-"), "value": str(value)} for name, value in sorted(pairs.items())]


def edges(manifest, targets, chosen):
    """purl -> purls, as cargo metadata has them, among the chosen crates."""
    found = {}
    for target in targets:
        data = json.loads(run("cargo", "metadata", "--locked", "--offline", "--manifest-path", str(manifest),
                                       "--format-version", "1", "--filter-platform", target))
        key = {p["id"]: (p["name"], p["version"]) for p in data["packages"]}
        for node in data["resolve"]["nodes"]:
            for to in node["deps"]:
                if any(kind["kind"] != "dev" for kind in to["dep_kinds"]):
                    found.setdefault(key[node["id"]], set()).add(key[to["pkg"]])
    return {a: sorted(b for b in bs if b in chosen) for a, bs in found.items()}


def data_components(root):
    out = []
    for model in sorted(models(root), key=lambda m: m["name"]):
        kind, _, rest = model["source_package"].partition(":")
        name, _, version = rest.rpartition("@")
        out.append({
            "type": "machine-learning-model", "bom-ref": f"model:{model['name']}", "name": model["name"], "version": model["version"],
            "hashes": [{"alg": "SHA-256", "content": model["sha256"]}], "licenses": [{"license": {"id": model["licence"]}}],
            "pedigree": {"ancestors": [{"type": "file", "name": model["source_path"], "purl": purl(kind, name, version),
                                        "hashes": [{"alg": "SHA-256", "content": model["source_sha256"]}]}],
                         "notes": "What was changed: models/NOTICE.md"},
            "properties": properties(path=f"models/{model['file']}", job=model["job"], bytes=model["bytes"]),
        })
    for font in sorted((root / "assets/fonts").glob("*.ttf")):
        out.append({"type": "file", "bom-ref": f"font:{font.stem}", "name": font.name, "hashes": sha256(font.read_bytes()),
                    "description": "Noto Sans, a subset", "licenses": [{"license": {"id": "OFL-1.1"}}],
                    "properties": properties(path=f"assets/fonts/{font.name}", in_program="yes")})
    for name, path, suffix, expression, words, inside in (
        ("icons", "assets/icons", ".svg", "ISC AND MIT", "Icons of Lucide, some of them from Feather", "yes"),
        ("voice", "assets/voice", ".ogg", "MIT OR Apache-2.0", "Clips rendered with Kokoro-82M (Apache-2.0)", "no"),
    ):
        count, hashes = folder(root / path, suffix)
        out.append({"type": "data", "bom-ref": f"data:{name}", "name": name, "description": words, "hashes": hashes,
                    "licenses": licence(expression), "properties": properties(path=path, files=count, in_program=inside)})
    return out


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--root", type=Path, default=HERE.parent.parent)
    options.add_argument("--manifest", type=Path)
    options.add_argument("--deny", type=Path, default=HERE / "deny.toml")
    options.add_argument("--target", action="append")
    options.add_argument("--program", type=Path, help="the built program: its hash is added")
    options.add_argument("--out", type=Path, required=True)
    asked = options.parse_args()
    root = asked.root.resolve()
    manifest = (asked.manifest or root / "Cargo.toml").resolve()
    targets = asked.target or TARGETS
    own = tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]
    rules = rules_of(asked.deny)
    packages, linked = crates(manifest, targets)
    sums = checksums(manifest)
    ref = {key: purl("cargo", *key) for key in packages}
    me = purl("generic", own["name"], own["version"])

    components = []
    for key, package in packages.items():
        component = {
            "type": "library", "bom-ref": ref[key], "name": key[0], "version": key[1],
            # "excluded": macros and build tools, not in the program itself
            "scope": "required" if key in linked else "excluded",
            "hashes": [{"alg": "SHA-256", "content": sums[key]}],
            "licenses": licence(rules["clarify"].get(key[0]) or package["license"]),
            "purl": ref[key],
        }
        if key[0] == "libsqlite3-sys":
            version = next(text for _, text in inner_notices(package)).split()[1].rstrip(".")
            component["components"] = [{
                "type": "library", "bom-ref": f"sqlite@{version}", "name": "sqlite", "version": version, "scope": "required",
                "licenses": [{"license": {"id": "blessing"}}], "cpe": f"cpe:2.3:a:sqlite:sqlite:{version}:*:*:*:*:*:*:*",
                "purl": purl("generic", "sqlite", version)}]
        components.append(component)
    version = dict(line.split(": ", 1) for line in run("rustc", "-vV").splitlines() if ": " in line)
    components.append({"type": "library", "bom-ref": "rust-std", "name": "rust-std", "version": version["release"], "scope": "required",
                       "licenses": licence("MIT OR Apache-2.0"), "description": "Rust's own library",
                       "properties": properties(commit=version["commit-hash"])})
    data = data_components(root) if own["name"] == "mianzheng" else []
    components += data

    found = edges(manifest, targets, ref)
    depends = [{"ref": me, "dependsOn": sorted([ref[key] for key in found[own["name"], own["version"]]] + ["rust-std"] + [c["bom-ref"] for c in data])}]
    for key in packages:
        depends.append({"ref": ref[key], "dependsOn": sorted(ref[to] for to in found.get(key, []))})
    depends += [{"ref": component["bom-ref"], "dependsOn": []} for component in components if component["bom-ref"] not in ref.values()]

    program = {"type": "application", "bom-ref": me, "name": own["name"], "version": own["version"], "description": own["description"],
               "licenses": licence(own["license"]), "purl": me}
    if asked.program:
        program["hashes"] = sha256(asked.program.read_bytes())
    metadata = {
        "tools": {"components": [{"type": "application", "name": "rustc", "version": f"{version['release']} ({version['commit-hash']})"},
                                 {"type": "application", "name": "sbom.py", "version": own["version"]}]},
        "component": program,
        "properties": properties(targets=" ".join(targets), lockfile_sha256=hashlib.sha256((manifest.parent / "Cargo.lock").read_bytes()).hexdigest()),
    }
    if os.environ.get("SOURCE_DATE_EPOCH"):
        metadata["timestamp"] = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": metadata,
           "components": components, "dependencies": sorted(depends, key=lambda d: d["ref"])}
    content = json.dumps(bom, sort_keys=True).encode()
    bom["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(content).hexdigest())}"
    asked.out.write_text(json.dumps(bom, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"sbom.py: {len(components)} components", file=sys.stderr)


main()
