#!/usr/bin/env python3
"""judge.py LOG EXPECTED: what the cameras of the test did, as a table; ends with 1 if anything is not as
it must be. Times are the guest's own, in milliseconds."""
import json
import re
import sys

LINE = re.compile(r"^(\d+) (lab|webcam|other): (.*)$")
# Aimed at 2 s. Only what no load explains fails: a hang, not a slow machine.
HANG = 8_000

failures = []


def fail(case, reason):
    failures.append(f"{case}: {reason}")


def cases(log):
    found, name = {}, None
    for line in open(log, errors="replace"):
        line = line.rstrip("\n")
        if line.startswith("case "):
            name = line[5:]
            found[name] = []
        elif line.startswith("no: ") or "panicked" in line:
            fail(name, line)
        elif name and (match := LINE.match(line)):
            found[name].append((int(match[1]), match[2], match[3]))
    return found


def when(events, who, what, after=0):
    return next((at for at, one, text in events if one == who and text.startswith(what) and at >= after), None)


def marks(events):
    return {text.split()[1] for _, who, text in events if who == "lab" and text.startswith("picture")}


def main():
    log, expected = sys.argv[1], json.load(open(sys.argv[2]))
    found = cases(log)
    rows = []

    # Fault: word of the webcam, the message, and the word that mends it.
    for case, cause, fault, mend in [
        ("unplug", "pulled", "camera-unplugged", "plugged"), ("freeze", "Kiosk freeze", "camera-stalled", "Kiosk run"),
        ("junk", "Kiosk junk", "camera-failed", "Kiosk run"), ("half", "Kiosk half", "camera-failed", "Kiosk run"),
        ("damaged", "Kiosk damaged", None, "Kiosk run"), ("freeze-unplug", "Kiosk freeze", None, "plugged"),
        ("silent-start", "start", "camera-stalled", "Kiosk run"), ("busy", "start", "camera-busy", "gone"),
        ("denied", "start", "camera-denied", "allowed"), ("missing", "start", "camera-missing", "plugged"),
        # The infrared camera beside the colour one.
        ("beside", "Infra freeze", "camera-stalled", "Infra run"),
    ]:
        events = found.get(case, [])
        pick = lambda what, after=0: next((at for at, _, text in events if what in text and at >= after), None)
        begun = pick(cause)
        told = when(events, "lab", "fault", begun or 0)
        said = next((text.split()[1] for at, who, text in events if at == told and who == "lab" and text.startswith("fault")), None)
        mended = pick(mend, begun or 0)
        back = when(events, "lab", "frames", mended or 0)
        count = sum(1 for _, who, text in events if who == "lab" and text.startswith("fault"))
        if None in (begun, told, mended, back):
            fail(case, f"begun {begun}, told {told}, mended {mended}, back {back}")
            continue
        late, again = told - begun, back - mended
        rows.append((case, said, late, again))
        if late > HANG:
            fail(case, f"told after {late} ms")
        if fault and said != fault:
            fail(case, f"said {said}")
        if count != 1:
            fail(case, f"told {count} times")

    for case, name in [("yuyv", "pattern.yuyv"), ("infrared", "pattern.grey"), ("odd-only", "pattern.yuyv")]:
        if expected[name] not in marks(found.get(case, [])):
            fail(case, "the picture is not the one shown")
    whole = marks(found.get("jpeg", []))
    if len(whole) != 1:
        fail("jpeg", f"{len(whole)} pictures where one was shown")
    bare = found.get("no-tables", [])
    if marks(bare) != whole or when(bare, "lab", "fault"):
        fail("no-tables", "another picture, or a fault")
    for case in ("odd-interval", "odd-only"):
        if not when(found.get(case, []), "lab", "frames"):
            fail(case, "no frames")
    nodes = [text for _, who, text in found.get("list", []) if who == "lab" and text.startswith("node")]
    if len(nodes) != 1:
        fail("list", f"{len(nodes)} nodes of one camera")
    stops, walls = [], 0
    for case, events in found.items():
        for _, who, text in events:
            if who == "lab" and (match := re.match(r"stopped in (\d+) ms", text)):
                stops.append((int(match[1]), case))
            if who == "lab" and text.endswith("after the stop") and not text.startswith("0 "):
                fail(case, text)
            if who == "lab" and text.startswith("walls"):
                walls += 1
                if "files Missing" in text or "calls Full" not in text:
                    fail(case, text)
            if who == "lab" and text.startswith("present") and (text == "present true") == (case == "missing"):
                fail(case, text)
    if walls < 15:
        fail("walls", f"only {walls} runs behind them")
    if len(stops) < 15:
        fail("stop", f"only {len(stops)} runs came to their end")
    frozen = next((ms for ms, case in stops if case == "stop-frozen"), None)
    if frozen is None or max(stops)[0] > HANG:
        fail("stop", f"{max(stops, default=None)}")

    print("| fault | message | after | frames again after it is mended |\n|---|---|---|---|")
    for case, said, late, again in rows:
        print(f"| {case} | {said} | {late} ms | {again} ms |")
    print(f"stop: {max(stops, default=(0,))[0]} ms at most, {frozen} ms while frozen; {len(found)} cases")
    for line in failures:
        print(f"FAIL {line}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
