#!/bin/bash
# test.sh TARGET: the camera test of ./x test-camera, from programs that are built. Its log and the frames
# that came out stay in TARGET/camera.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1
export CAMERA_VM=${CAMERA_VM:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mianzheng/camera-vm}
mkdir -p "$CAMERA_VM" "$target/camera"
portraits=tests/data/portraits

python3 tests/camera/pictures.py "$CAMERA_VM/pictures" $portraits/obama.jpg
# Cargo keeps the programs of earlier sources beside the newest.
lab=$(find "$target/debug/deps" -name 'lab-*' -perm -u+x -type f -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
bash tests/camera/build.sh "$lab" "$target/webcam/release/webcam"
bash tests/camera/run.sh camera "$target/camera/log" 300
python3 tests/camera/judge.py "$target/camera/log" "$CAMERA_VM/pictures/expected.json"

# The portrait that was shown through the camera, on the host: found, and the same person as on another
# photograph, and not another.
frame=$target/camera/log.out/frame-3.png
verdict() { "$target/debug/mianzheng" eval compare "$frame" "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["verdict"])'; }
[ "$(verdict $portraits/obama2.jpg)" = match ] && [ "$(verdict $portraits/biden.jpg)" = no_match ] ||
    { echo "FAIL the portrait is not recognised in the frames that came out" >&2; exit 1; }
echo "the portrait is found and verified in the frames that came out"
