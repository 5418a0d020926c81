"""What the other files share."""
import subprocess, sys, textwrap
from pathlib import Path

# The usual texts, for crates that ship none.
TEXTS = Path(__file__).resolve().parent.parent / "texts"
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]


def wrap(words, width=100, **more):
    return textwrap.wrap(words, width, break_on_hyphens=False, break_long_words=False, **more)


def fail(words):
    sys.exit(f"licences.py: {words}")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        fail(f"{' '.join(map(str, command[:3]))}: {done.stderr.strip()[-500:]}")
    return done.stdout


def read(path):
    return path.read_bytes().decode("utf-8", "replace")
