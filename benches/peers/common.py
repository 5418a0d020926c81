"""What every Python peer shares: arguments, the timing loop, the answer. Standard library only.

A peer is one process. It prints one JSON object as its last line; everything else goes to stderr.
"""

import argparse
import json
import os
import time

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--inputs", required=True, help="folder written by prepare.py")
PARSER.add_argument("--models", required=True, help="the product's models")
PARSER.add_argument("--threads", type=int, required=True)
PARSER.add_argument("--rounds", type=int, required=True)


def quantile(values, q):
    values = sorted(values)
    place = (len(values) - 1) * q
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def ticks():
    """CPU ticks that each thread of this process has used so far."""
    used = {}
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            used[task] = int(fields[11]) + int(fields[12])
    except OSError:
        pass
    return used


def busy_threads(before):
    """How many threads did at least a twentieth of the work since then; the truth about threads."""
    used = {task: now - before.get(task, 0) for task, now in ticks().items()}
    return sum(1 for n in used.values() if n * 20 >= max(1, sum(used.values())))


class Bench:
    def __init__(self, peer, args, versions, threads):
        """`threads`: in words, how the number of threads was set and whether it is obeyed."""
        self.rounds = args.rounds
        self.answer = {
            "peer": peer, "versions": versions, "threads_asked": args.threads, "threads": threads,
            "cores_allowed": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
            "steps": {}, "missing": {}, "notes": {},
        }
        self.begun = None

    def step(self, name, work, warm=3):
        """Times work(); an exception or a false answer makes it a missing step, not the end."""
        self.begun = self.begun or ticks()
        try:
            for _ in range(warm):
                if not work():
                    raise RuntimeError("found nothing in the frame")
            wall, cpu = [], []
            for _ in range(self.rounds):
                begun_cpu, begun = time.process_time(), time.perf_counter()
                work()
                wall.append((time.perf_counter() - begun) * 1000)
                cpu.append((time.process_time() - begun_cpu) * 1000)
        except Exception as error:  # a peer without a step must not end the run
            self.lacks(name, f"{type(error).__name__}: {error}"[:300])
            return
        self.answer["steps"][name] = {
            "p50_ms": round(quantile(wall, 0.5), 3), "p95_ms": round(quantile(wall, 0.95), 3),
            "p50_cpu_ms": round(quantile(cpu, 0.5), 3), "rounds": self.rounds,
        }

    def lacks(self, name, reason):
        self.answer["missing"][name] = reason

    def note(self, name, text):
        self.answer["notes"][name] = text

    def done(self):
        self.answer["threads_busy"] = busy_threads(self.begun or {})
        print(json.dumps(self.answer), flush=True)


def inputs(folder):
    """The frame (RGB), its face and the aligned face, the same bytes for every peer."""
    import numpy

    with open(os.path.join(folder, "inputs.json")) as file:
        facts = json.load(file)
    shape = lambda name: facts[name]["shape"]  # noqa: E731
    read = lambda name: numpy.fromfile(os.path.join(folder, facts[name]["file"]), numpy.uint8).reshape(shape(name))  # noqa: E731
    return facts, read("frame"), read("aligned")
