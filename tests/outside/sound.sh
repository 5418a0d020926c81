#!/bin/sh
# Plays a blind journey through a real sound server with a sound card that only records, and writes
# what came out of it: sound.sh PROGRAM OUT.raw LANG WAY (mono, 24,000 Hz, 16 bits).
set -eu
program=$1 out=$2 lang=$3 way=$4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
export XDG_RUNTIME_DIR="$work" HOME="$work"
mkdir -p "$work/pulse"
cleanup() {
    [ -z "${recorder:-}" ] || kill "$recorder" 2>/dev/null || true
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
pulseaudio -n --daemonize=no --exit-idle-time=-1 --disallow-exit --use-pid-file=no \
    -L "module-native-protocol-unix socket=$work/pulse/native auth-anonymous=1" \
    -L "module-null-sink norewinds=1 rate=48000" >"$work/log" 2>&1 &
server=$!
tries=0
until pactl info >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat "$work/log" >&2; exit 3; }
    sleep 0.1
done
parec -d null.monitor --rate=24000 --channels=1 --format=s16le --latency-msec="${LATENCY_MS:-50}" >"$out" &
recorder=$!
RAW=$out dbus-run-session -- /usr/bin/python3 "$here/blind.py" "$program" speaker "$lang" "$way"
