#!/bin/sh
# reproduce.sh [-k] [-c COMMIT] [-w FOLDER] [-p BUILT] [CRATE [PROGRAM]]: builds the release program twice and compares.
# CRATE is a folder in the repository (default: its root), PROGRAM its program (default: mianzheng).
# -k keeps both builds. -p takes a program that ./x package built from this commit in the place of the first. Exit code: 0 the same, 1 different or a path left in it, 2 could not build.
# Different in the second build: every folder, the depth of the paths, HOME, cargo's folder, TZ, LANG, umask, file times.
# The same: the commit, the compiler and its folder, the system's headers, libraries and pkg-config files.
set -eu
LC_ALL=C
export LC_ALL

keep="" commit=HEAD work="" built=""
while getopts kc:w:p: option; do
    case $option in
    k) keep=yes ;;
    c) commit=$OPTARG ;;
    w) work=$OPTARG ;;
    p) built=$(realpath "$OPTARG") ;;
    *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
crate=${1:-.} program=${2:-mianzheng}

supply=$(cd "$(dirname "$0")" && pwd -P)
repository=$(git -C "${REPOSITORY:-$supply}" rev-parse --show-toplevel) || exit 2
commit=$(git -C "$repository" rev-parse --verify "$commit^{commit}") || exit 2
epoch=$(git -C "$repository" log -1 --format=%ct "$commit")
: "${CARGO_HOME:=$HOME/.cargo}" "${RUSTUP_HOME:=$HOME/.rustup}" "${JOBS:=$(nproc)}"
work=${work:-$(mktemp -d "${TMPDIR:-/var/tmp}/reproduce.XXXXXX")}
mkdir -p "$work"
work=$(cd "$work" && pwd -P)
if [ -z "$keep" ]; then trap 'rm -rf "$work/1" "$work/2"; rmdir "$work" 2>/dev/null || :' EXIT; trap 'exit 2' INT TERM; fi

# number, folder below it, umask, time zone, language, time of the files, jobs
build() (
    place=$work/$1/$2
    umask "$3"
    mkdir -p "$place/checkout" "$place/home" "$place/cargo"
    git -C "$repository" archive "$commit" | tar -x -m -C "$place/checkout"
    find "$place/checkout" -exec touch -d "$6" {} +
    # The same crates under another path; the settings too, for whoever uses a mirror.
    for shared in registry git config.toml; do
        [ ! -e "$CARGO_HOME/$shared" ] || ln -sfn "$CARGO_HOME/$shared" "$place/cargo/$shared"
    done
    cd "$place/checkout/$crate"
    start=$(date +%s)
    env -i PATH="$PATH" HOME="$place/home" TZ="$4" LANG="$5" LC_ALL="$5" CARGO_HOME="$place/cargo" RUSTUP_HOME="$RUSTUP_HOME" \
        RUSTUP_TOOLCHAIN="${RUSTUP_TOOLCHAIN-}" RUSTUP_AUTO_INSTALL=0 SOURCE_DATE_EPOCH="$epoch" \
        SOURCE="$place/checkout" SUPPLY="$supply" CARGO_TARGET_DIR="$place/output" CARGO_BUILD_JOBS="$7" \
        sh -c '[ -n "$RUSTUP_TOOLCHAIN" ] || unset RUSTUP_TOOLCHAIN
               . "$SUPPLY/flags.sh" && exec nice -n 19 $STILL cargo build --release --locked --offline --quiet --bin "$1"' sh "$program" >&2
    echo "build $1: $(($(date +%s) - start)) s" >&2
)

one=$work/1/a/output/release
two=$work/2/another/rather/deeper/place/output/release
# Nothing may differ by time of the year or of the day either: the zones are 26 hours apart.
if [ -n "$built" ]; then one=$(dirname "$built"); else build 1 a 022 UTC C.UTF-8 '2001-02-03 04:05:06' "$JOBS" || exit 2; fi
build 2 another/rather/deeper/place 077 Pacific/Kiritimati zh_CN.UTF-8 '2020-12-30 23:59:58' "$JOBS" || exit 2

sha256sum "$one/$program" "$two/$program"
bad=0

# Both may hold the same path of this machine only if both builds used it.
for path in "$work" "$CARGO_HOME" "$RUSTUP_HOME" "$repository"; do
    for built in "$one/$program" "$two/$program"; do
        if grep -aqF "$path/" "$built"; then
            bad=1
            echo "LEFT IN $built: $path"
            grep -aoF -m5 -b "$path" "$built" | head -5
            strings -n 6 "$built" | grep -F "$path" | grep -oE ".{0,40}$path.{0,120}" | sort -u | head -10
        fi
    done
done

if cmp -s "$one/$program" "$two/$program"; then
    [ $bad = 1 ] || echo "the same: $(sha256sum <"$one/$program" | cut -d' ' -f1), commit $commit"
    exit $bad
fi

echo "DIFFERENT"
echo "-- first bytes that differ (offset, one, two), and how many in all"
cmp -l "$one/$program" "$two/$program" 2>/dev/null >"$work/bytes" || :
head -8 "$work/bytes"
wc -l <"$work/bytes"
sections() { readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] \(\.[^ ]*\) .* \([0-9a-f]\{6,\}\) \([0-9a-f]\{6,\}\) [0-9a-f][0-9a-f] .*/\1 \2 \3/p'; }
for built in one two; do
    eval "file=\$$built"
    # A section's name, size and hash of its bytes.
    sections "$file/$program" | while read -r name offset size; do
        printf '%s %d %s\n' "$name" "0x$size" "$(tail -c "+$((0x$offset + 1))" "$file/$program" | head -c "$((0x$size))" | sha256sum | cut -c1-12)"
    done >"$work/$built.sections"
done
echo "-- sections that differ (name, size, hash)"
diff "$work/one.sections" "$work/two.sections" | grep '^[<>]' || :
echo "-- strings that differ"
strings -n 6 "$one/$program" | sort >"$work/one.strings"
strings -n 6 "$two/$program" | sort >"$work/two.strings"
diff "$work/one.strings" "$work/two.strings" | grep '^[<>]' | cut -c1-300 >"$work/strings" || :
# Paths first, they are the usual cause; the rest is often only bytes beside a string.
{ grep / "$work/strings" || :; grep -v / "$work/strings" || :; } | head -30
echo "-- crates whose compiled library differs (the cause is in the first built of these)"
none=yes
# ls -tr: as they were built
for library in $(ls -tr "$one/deps" | grep '\.rlib$'); do
    other=$two/deps/$library
    if [ ! -e "$other" ]; then none=""; echo "only in one: $library"; else cmp -s "$one/deps/$library" "$other" || { none=""; echo "$library"; }; fi
done
[ -z "$none" ] || echo "none: the cause is in the program's own crate"
rm -f "$work/strings" "$work/bytes" "$work/one.sections" "$work/two.sections" "$work/one.strings" "$work/two.strings"
exit 1
