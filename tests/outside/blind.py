#!/usr/bin/env python3
"""Uses the kiosk as a blind person does: keys only, judged by an independent client of the
accessibility bus (pyatspi) and, afterwards, by the recorded sound.

    dbus-run-session -- blind.py PROGRAM WAV|speaker [LANG] [card|face|hush]

Prints one line a step and exits 0 if the journey ends in "verified". The demo's card and camera are
the world around the kiosk: they are moved through the same bus, by the demo's own strip.
"""

import os
import subprocess
import sys
import tempfile
import time

PROGRAM, VOICE = sys.argv[1:3]
LANG = sys.argv[3] if len(sys.argv) > 3 else "en"
WAY = sys.argv[4] if len(sys.argv) > 4 else "card"
PATIENCE_S = 60

def messages(lang):
    found = {}
    for line in open(os.path.join(os.path.dirname(__file__), f"../../locales/{lang}.ftl"), encoding="utf-8"):
        name, mark, text = line.partition(" = ")
        if mark:
            found[name] = text.strip()
    return found


SAY = messages(LANG)


def start_display():
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )
    os.close(write)
    os.environ["DISPLAY"] = ":" + os.read(read, 16).decode().strip()
    os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
    return server


def enable_accessibility():
    import gi
    gi.require_version("Gio", "2.0")
    from gi.repository import Gio, GLib
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    value = GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True)))
    bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None, 0, 20_000, None)


def until(what, say):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            found = what()
        except Exception:  # the tree changes while it is read
            found = None
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"not within {PATIENCE_S} s: {say}; on the bus: {[name_of(n) for n in nodes()][:60]}")


def nodes():
    import pyatspi
    desktop = pyatspi.Registry.getDesktop(0)
    found = []

    def walk(node, depth):
        if node is None or depth > 12:
            return
        found.append(node)
        for at in range(node.childCount):
            walk(node.getChildAtIndex(at), depth + 1)

    # The tree may change while it is read, and the bus may be slow: then it is read again.
    for _ in range(20):
        found.clear()
        try:
            for at in range(desktop.childCount):
                app = desktop.getChildAtIndex(at)
                if app is not None and (app.name or "") in ("mianzheng", "面证", "面證", "Mianzheng"):
                    walk(app, 0)
            return found
        except Exception:  # GLib's own error types
            time.sleep(0.1)
    return []


def name_of(node):
    try:
        return node.name or ""
    except Exception:
        return ""


def named(name):
    return next((node for node in nodes() if name_of(node) == name), None)


def shown(msg):
    until(lambda: named(SAY[msg]), f"'{SAY[msg]}' is shown")
    print("shown:", SAY[msg], flush=True)
    listen(2.5)


def listen(seconds):
    """Nobody acts before they have heard what there is."""
    time.sleep(seconds)


def press(key):
    subprocess.run(["xdotool", "key", key], check=True)


def focused():
    import pyatspi
    for node in nodes():
        if not name_of(node):
            continue
        if node.getState().contains(pyatspi.STATE_FOCUSED) and node.getRole() != pyatspi.ROLE_FRAME:
            return node
    return None


def go_to(name, most=80):
    """Down, down, down until the voice would say this name; then press."""
    seen = []
    for _ in range(most):
        node = focused()
        if node is not None and name_of(node).split(",")[0] == name:
            listen(1.2)
            press("Return")
            print("pressed:", name, "after", len(seen), "keys", flush=True)
            return
        before = name_of(node) if node is not None else None
        press("Down")
        end = time.monotonic() + 3
        while time.monotonic() < end:
            now = focused()
            if now is not None and name_of(now) != before:
                break
            time.sleep(0.03)
        seen.append(before)
    sys.exit(f"no key leads to {name}; passed {seen}")


def world(name):
    """The demo's strip: what happens around the kiosk, not what the person does."""
    node = until(lambda: named(name), f"the demo has {name}")
    node.queryAction().doAction(0)


def hush():
    """How long a sentence is still heard after a key that begins another one. RAW is what the sound card
    plays meanwhile; the first 20 ms of quiet count, so a pause between two words may count too early:
    the longest times are the true ones."""
    import array
    rate, raw = 24_000, os.environ["RAW"]
    times = []
    press(PAD["in"])
    for turn in range(12):
        listen(2 + turn * 0.13)
        pressed = os.path.getsize(raw) // 2
        press(PAD["again"])
        listen(1)
        samples = array.array("h", open(raw, "rb").read()[: os.path.getsize(raw) // 2 * 2])
        quiet = rate // 50
        first = next(at for at in range(pressed, len(samples), rate // 400) if max(map(abs, samples[at : at + quiet])) < 60)
        times.append((first - pressed) * 1000 // rate)
    print("heard after the key, ms:", sorted(times), flush=True)


def journey():
    shown("home-title")
    press(PAD["in"])  # headphones are plugged in: the voice begins
    until(lambda: any(name_of(n).startswith(SAY["btn-louder"]) for n in nodes()), "speech mode is on")
    listen(7)
    if WAY == "card":
        go_to(SAY["btn-card"])
        shown("card-title-verify")
        world(DECK["card"])
        shown("granted-title")
        return
    go_to(SAY["btn-register"])
    shown("card-title-enrol")
    world(DECK["card"])
    shown("notice-title-enrol")
    go_to(SAY["btn-continue"])
    shown("consent-title-enrol")
    go_to(SAY["btn-agree"])
    shown("claim-title-enrol")
    for digit in "5", "2", "7", "1":
        press(digit)
    world(DECK["scene"])
    go_to(SAY["btn-done"])
    shown("enrolled-title")
    go_to(SAY["btn-home"])
    shown("home-title")
    go_to(SAY["btn-face"])
    shown("claim-title-verify")
    for digit in "5", "2", "7", "1":
        press(digit)
    go_to(SAY["btn-done"])
    shown("notice-title-verify")
    go_to(SAY["btn-continue"])
    shown("consent-title-verify")
    go_to(SAY["btn-agree"])
    shown("granted-title")


# The same in every language.
DECK = {"card": "甲", "scene": "甲 1"}
# A pad of the AudioNav kind by its places: Linux key codes 185 and 187, and 8 for X.
PAD = {"in": "193", "again": "195"}


def main():
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()
    display = start_display()
    kiosk = None
    try:
        enable_accessibility()
        command = [PROGRAM, "demo", "--voice", VOICE, "--lang", LANG, "--size", "1080x1920"]
        kiosk = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(lambda: nodes(), "the window is on the bus")
        window = until(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(kiosk.pid)], capture_output=True, text=True).stdout.split(), "a window")
        subprocess.run(["xdotool", "windowfocus", window[-1]], check=False)
        until(lambda: (named(SAY["btn-face"]) or 0) and True, "the first screen")
        unnamed = [n.getRoleName() for n in nodes() if n.getRoleName() in ("push button", "button", "text", "entry") and not n.name]
        if unnamed:
            sys.exit(f"without a name: {unnamed}")
        if WAY == "hush":
            shown("home-title")
            hush()
            return
        journey()
        listen(4)
        press(PAD["again"])  # and said again: the recording is written up to here
        listen(2)
        print("done", flush=True)
    finally:
        if kiosk:
            kiosk.terminate()
            kiosk.wait(10)
        display.terminate()


main()
