#!/usr/bin/env python3
"""How long face detection, embedding, mesh and anti-spoofing take in mianzheng and in its peers.

One run on one machine: every peer in a process of its own, on one core and then on two, all with
the same frame. Prints one JSON object (one line) and then Markdown tables. What is and is not the
same work: README.md beside this file. A peer that cannot be installed or lacks a step is a dash,
with the reason on stderr and in the JSON. Python 3.11, Linux; standard library only.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent

PYTHON_PEERS = {  # name -> (script, requirements)
    "opencv": ("peer_opencv.py", "opencv.txt"),
    "onnxruntime": ("peer_onnxruntime.py", "onnxruntime.txt"),
    "mediapipe": ("peer_mediapipe.py", "mediapipe.txt"),
    "dlib": ("peer_dlib.py", "dlib.txt"),
    "dlib-blas": ("peer_dlib.py", "dlib-blas.txt"),
}
NODE_PEERS = {"human": "peer_human.cjs", "face-api": "peer_faceapi.cjs"}
PEERS = ["opencv", "onnxruntime", "mediapipe", "human", "face-api", "dlib", "dlib-blas"]
SLOW_TO_INSTALL = {"dlib-blas"}  # compiled here; only when asked for

ROWS = {
    "detect": "detect, 640×480 frame at 320",
    "embed": "embed one 112×112 face",
    "align_embed": "align + embed",
    "detect_embed": "detect + align + embed",
    "liveness": "anti-spoofing, crop included",
    "mesh": "mesh (468 points), crop included",
    "detect_embed_liveness": "detect + embed + anti-spoofing",
    "all": "detect + mesh + embed + anti-spoofing",
}


def say(text):
    print(text, file=sys.stderr, flush=True)


class Missing(Exception):
    """A peer that cannot be had here, and why."""


def run(command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Missing(f"{Path(str(command[0])).name} ended with {done.returncode}: " + " | ".join(lines[-4:])[-600:])
    return done


# --- Installing ------------------------------------------------------------------------------

def stamp(*files):
    digest = hashlib.sha256()
    for file in files:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def install_python(name, args):
    """A venv of the peer's own; nothing is done when the same requirements were installed before."""
    requirements = HERE / "requirements" / PYTHON_PEERS[name][1]
    home = args.venv / name
    python, mark = home / "bin" / "python", home / "installed"
    if mark.exists() and mark.read_text() == stamp(requirements):
        return python
    if args.offline:
        raise Missing("not installed, and --offline was given")
    say(f"{name}: installing {requirements.name}")
    run([sys.executable, "-m", "venv", "--clear", home])
    if args.no_hashes:
        plain = home / "requirements.txt"
        plain.write_text("\n".join(line.split(" --hash")[0] for line in requirements.read_text().splitlines()) + "\n")
        run([python, "-m", "pip", "install", "--disable-pip-version-check", "-r", plain], timeout=args.install_timeout)
    else:
        run([python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", requirements],
            timeout=args.install_timeout)
    mark.write_text(stamp(requirements))
    return python


def install_node(args):
    source, home = HERE / "requirements" / "node", args.venv / "node"
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            raise Missing(f"{tool} is not on this machine")
    files = [source / "package.json", source / "package-lock.json"]
    mark = home / "installed"
    if mark.exists() and mark.read_text() == stamp(*files):
        return home
    if args.offline:
        raise Missing("not installed, and --offline was given")
    say("human, face-api: npm ci")
    home.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, home)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, timeout=args.install_timeout)
    mark.write_text(stamp(*files))
    return home


# --- Measuring -------------------------------------------------------------------------------

def held_to(cores):
    """What `taskset -c` does, for a child process."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    return lambda: os.sched_setaffinity(0, cores)


def environment(threads):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "OPENCV_", "NODE_"))}
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        env[name] = str(threads)
    return env | {"PYTHONDONTWRITEBYTECODE": "1", "OPENCV_LOG_LEVEL": "ERROR", "GLOG_minloglevel": "3", "TF_CPP_MIN_LOG_LEVEL": "3"}


def last_object(text):
    for line in reversed(text.strip().splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    raise Missing("it printed no JSON")


def measure_peer(name, installed, threads, args):
    common = ["--inputs", args.inputs, "--threads", threads, "--rounds", args.rounds]
    if name in NODE_PEERS:
        command = ["node", HERE / "peers" / NODE_PEERS[name], "--modules", installed, *common]
    else:
        command = [installed, HERE / "peers" / PYTHON_PEERS[name][0], "--models", args.models, *common]
    done = run(command, env=environment(threads), preexec_fn=held_to(args.cores[:threads]), timeout=args.timeout)
    answer = last_object(done.stdout)
    answer["peer"] = name
    return answer


def measure_product(threads, args):
    """mianzheng's own bench; it has one thread for this work, so two cores change little."""
    base = [args.program, "bench", "--json", "--rounds", args.rounds, "--image", args.portrait, "--models", args.models]
    options = {"env": environment(threads), "preexec_fn": held_to(args.cores[:threads]), "timeout": args.timeout}
    try:
        done = run([*base, "--people", 1000], **options)
    except Missing:
        done = run(base, **options)  # an older program
    raw = last_object(done.stdout)
    steps, answer = raw["steps"], {
        "peer": "mianzheng", "versions": {"build": raw.get("build")}, "threads_asked": threads,
        "threads": "one for the networks (tract)", "cores_allowed": threads, "steps": {}, "missing": {}, "notes": {},
    }

    def take(row, *names):
        for name in names:
            if name in steps:
                answer["steps"][row] = dict(steps[name], rounds=raw.get("rounds"), step=name)
                return
        answer["missing"][row] = f"mianzheng bench times no {' or '.join(names)}"

    take("detect", "detect")
    take("align_embed", "embed")
    take("detect_embed", "detect_embed")
    take("liveness", "liveness")
    take("mesh", "mesh", "landmarks")
    take("detect_embed_liveness", "pipeline")
    answer["notes"]["detect_embed_liveness"] = "mianzheng's step `pipeline`, which also judges the picture's quality"

    def derive(row, text, sign, first, second):
        if first in answer["steps"] and second:
            p50 = answer["steps"][first]["p50_ms"] + sign * second["p50_ms"]
            answer["steps"][row] = {"p50_ms": round(p50, 3), "derived": text}

    derive("embed", "embed - align", -1, "align_embed", steps.get("align"))
    take("all", "all", "pipeline_mesh")
    if "all" not in answer["steps"] and "mesh" in answer["steps"]:
        derive("all", "pipeline + mesh", 1, "detect_embed_liveness", answer["steps"]["mesh"])
        answer["missing"].pop("all")
    answer["raw"] = {key: raw.get(key) for key in ("machine", "load", "build", "frame", "detect_side", "rounds", "steps")}
    return answer


def better(old, new):
    """Each step from the pass in which its median was lowest."""
    if old is None:
        return new
    for step, times in new["steps"].items():
        if step not in old["steps"] or times["p50_ms"] < old["steps"][step]["p50_ms"]:
            old["steps"][step] = times
            old["missing"].pop(step, None)
    return old


def agreement(results):
    """That peers with the same models do the same: cosine of the embedding, greatest other difference."""
    first, second = (results.get(name, {}).get("outputs", {}) for name in ("onnxruntime", "opencv"))
    said = {}
    if "embedding" in first and "embedding" in second:
        a, b = first["embedding"], second["embedding"]
        norm = lambda v: sum(x * x for x in v) ** 0.5  # noqa: E731
        said["embedding_cosine"] = round(sum(x * y for x, y in zip(a, b)) / norm(a) / norm(b), 6)
    for what in ("box", "liveness"):
        if what in first and what in second:
            said[what + "_difference"] = round(max(abs(x - y) for x, y in zip(first[what], second[what])), 3)
    return said


# --- Telling ---------------------------------------------------------------------------------

def table(results, cell, title):
    columns = [name for name in ["mianzheng", *PEERS] if name in results]
    lines = [f"**{title}**", "", "| work | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for row, label in ROWS.items():
        lines.append(f"| {label} | " + " | ".join(cell(results[name]["steps"].get(row), row) for name in columns) + " |")
    return "\n".join(lines) + "\n"


def number(value):
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def wall(step, _row):
    if not step:
        return "–"
    if "derived" in step:
        return "≈ " + number(step["p50_ms"])
    return f"{number(step['p50_ms'])} ({number(step['p95_ms'])})"


def cpu(step, _row):
    return number(step["p50_cpu_ms"]) if step and "p50_cpu_ms" in step else "–"


def ratio_to(product):
    def cell(step, row):
        own = product.get("steps", {}).get(row)
        return f"{step['p50_ms'] / own['p50_ms']:.2f}" if step and own and own["p50_ms"] > 0 else "–"
    return cell


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, required=True, help="folder for the peers' installations; kept and used again")
    parser.add_argument("--program", type=Path, help="the mianzheng program (release build); left out: peers only")
    parser.add_argument("--models", type=Path, default=REPO / "models")
    parser.add_argument("--portrait", type=Path, default=REPO / "tests/data/portraits/obama.jpg")
    parser.add_argument("--peers", default=",".join(p for p in PEERS if p not in SLOW_TO_INSTALL), help=f"of {','.join(PEERS)}")
    parser.add_argument("--threads", default="1,2", help="numbers of threads and cores, one after the other")
    parser.add_argument("--cores", default="0,1", help="which cores, as for taskset -c")
    parser.add_argument("--rounds", type=int, default=30, help="timed rounds of each step, after 3 to 5 warm ones")
    parser.add_argument("--passes", type=int, default=1, help="everything so many times in turn; the pass with the lowest median counts")
    parser.add_argument("--json", type=Path, help="write the JSON here too")
    parser.add_argument("--markdown", type=Path, help="write the tables here too")
    parser.add_argument("--offline", action="store_true", help="install nothing")
    parser.add_argument("--no-hashes", action="store_true", help="install by version only (another platform has other wheels)")
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one process")
    parser.add_argument("--install-timeout", type=int, default=3600)
    args = parser.parse_args()
    args.peers = [name.strip() for name in args.peers.split(",") if name.strip()]
    if unknown := [name for name in args.peers if name not in PEERS]:
        parser.error(f"no such peer: {', '.join(unknown)}")
    args.threads = [int(n) for n in args.threads.split(",")]
    args.cores = [int(n) for n in args.cores.split(",")]
    if max(args.threads) > len(args.cores):
        parser.error("more threads than cores")
    args.venv, args.models, args.portrait = args.venv.resolve(), args.models.resolve(), args.portrait.resolve()
    args.program = args.program.resolve() if args.program else None
    args.inputs = args.venv / "inputs"
    return args


def main():
    args = options()
    args.venv.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in PEERS if name in args.peers]
    installed, absent = {}, {}
    try:  # the frame is made with the product's detector, so this one is needed whatever is measured
        maker = install_python("onnxruntime", args)
        run([maker, HERE / "peers" / "prepare.py", "--portrait", args.portrait, "--models", args.models, "--out", args.inputs])
    except (Missing, subprocess.TimeoutExpired, OSError) as error:
        say(f"the frame cannot be made: {error}")
        return 3
    for name in wanted:
        try:
            installed[name] = install_node(args) if name in NODE_PEERS else install_python(name, args)
        except (Missing, subprocess.TimeoutExpired, OSError) as error:
            absent[name] = f"cannot be installed: {error}"
            say(f"{name}: {absent[name]}")

    load = Path("/proc/loadavg").read_text().strip() if Path("/proc/loadavg").exists() else ""
    if load and float(load.split()[0]) > 0.5:
        say(f"warning: this machine is not idle (load {load.split()[0]}); the times will be too high")
    runs = {str(threads): {} for threads in args.threads}
    for turn in range(max(1, args.passes)):
        for threads in args.threads:
            results = runs[str(threads)]
            tasks = ([("mianzheng", lambda: measure_product(threads, args))] if args.program else []) + [
                (name, lambda name=name: measure_peer(name, installed[name], threads, args)) for name in installed]
            for name, task in tasks:
                say(f"{name}: {threads} thread{'s' if threads > 1 else ''}, pass {turn + 1}")
                try:
                    results[name] = better(results.get(name), task())
                except (Missing, subprocess.TimeoutExpired, OSError, ValueError, KeyError) as error:
                    say(f"{name}: {error}")
                    results.setdefault(name, {"peer": name, "steps": {}, "missing": {"*": str(error)[:600]}, "notes": {}})
            for name, reason in absent.items():
                results.setdefault(name, {"peer": name, "steps": {}, "missing": {"*": reason}, "notes": {}})
    told = set()
    for results in runs.values():
        product = results.get("mianzheng", {}).get("steps", {})
        for name, result in results.items():
            for row, reason in result["missing"].items():
                if (name, row, reason) not in told:
                    say(f"{name}: {'nothing' if row == '*' else row} – {reason}")
                told.add((name, row, reason))
            result["ratio"] = {row: round(step["p50_ms"] / product[row]["p50_ms"], 3)
                               for row, step in result["steps"].items() if product.get(row, {}).get("p50_ms")}

    agreed = agreement(runs[str(args.threads[0])])
    for results in runs.values():
        for result in results.values():
            result.pop("outputs", None)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    answer = {
        "machine": f"{model} x{os.cpu_count()}", "system": platform.platform(), "load_before": load,
        "load_after": Path("/proc/loadavg").read_text().strip(), "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "rounds": args.rounds, "passes": args.passes, "cores": args.cores, "rows": ROWS,
        "same_models_agree": agreed, "runs": runs,
    }
    text = [f"{answer['machine']}, {args.rounds} rounds, {args.passes} pass(es), load before {load.split()[0] if load else '?'}. "
            "≈ derived from two steps; – not to be had (reasons: JSON, stderr).\n"]
    for threads, results in runs.items():
        cores = f"{threads} core" + ("s" if threads != "1" else "")
        text.append(table(results, wall, f"{cores}: wall time, p50 (p95), ms"))
        text.append(table(results, cpu, f"{cores}: CPU time of all threads, p50, ms"))
        if args.program:
            text.append(table(results, ratio_to(results["mianzheng"]), f"{cores}: wall p50 / mianzheng's (below 1: the peer is faster)"))
        text.append("Threads: " + "; ".join(
            f"{name}: {result['threads']}" + (f" (seen at work: {result['threads_busy']})" if "threads_busy" in result else "")
            for name, result in results.items() if "threads" in result) + ".\n")
    line, tables = json.dumps(answer, ensure_ascii=False), "\n".join(text)
    print(line, end="\n\n")
    print(tables)
    if args.json:
        args.json.write_text(line + "\n")
    if args.markdown:
        args.markdown.write_text(tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
