#!/bin/sh
# Tests mianzheng-tpm against software TPMs on the loopback interface; no hardware, no root needed.
# Debian 12: apt-get install -y --no-install-recommends swtpm tpm2-tools libtss2-dev pkg-config gcc libc6-dev
# (the last four and a Rust toolchain only to build; the binary alone needs libtss2-esys-3.0.2-0, libtss2-tctildr0
# and libtss2-tcti-device0, plus libtss2-tcti-swtpm0 here). MIANZHENG_TPM names a ready binary.
set -eu
cd "$(dirname "$0")"
if [ -z "${MIANZHENG_TPM:-}" ]; then
    cargo build --release --locked -j1
    MIANZHENG_TPM=${CARGO_TARGET_DIR:-target}/release/mianzheng-tpm
fi
dir=$(mktemp -d)
pids=
passed=0
finish() {
    status=$?
    for pid in $pids; do kill "$pid" 2>/dev/null || :; done
    rm -rf "$dir"
    failed=0
    [ "$status" -eq 0 ] || failed=1
    echo "$passed passed, $failed failed"
}
trap finish EXIT
trap 'exit 130' INT TERM

ok() { passed=$((passed + 1)); echo "ok: $1"; }
fail() { echo "FAIL: $1"; [ ! -s "$dir/err" ] || sed 's/^/    /' "$dir/err"; exit 1; }

# start NAME: a software TPM with its own state, commands and answers logged; sets $port and $pid.
next=$((20000 + $$ % 10000))
start() {
    mkdir -p "$dir/$1"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        port=$next
        next=$((next + 2))
        swtpm socket --tpm2 --tpmstate dir="$dir/$1" --flags not-need-init,startup-clear \
            --server type=tcp,bindaddr=127.0.0.1,port="$port" --ctrl type=tcp,bindaddr=127.0.0.1,port="$((port + 1))" \
            --log file="$dir/$1.log",level=20 >/dev/null 2>&1 &
        pid=$!
        pids="$pids $pid"
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            kill -0 "$pid" 2>/dev/null || break
            MIANZHENG_TCTI=$(at "$port") "$MIANZHENG_TPM" check >/dev/null 2>&1 && return 0
            sleep 0.1
        done
    done
    fail "swtpm does not start"
}
at() { echo "swtpm:host=127.0.0.1,port=$1"; }
use() { MIANZHENG_TCTI=$(at "$1"); export MIANZHENG_TCTI; }

# expect CODE NAME IN ARGS...: runs it on the file IN; on failure one line on stderr and nothing on stdout.
expect() {
    code=$1 name=$2 in=$3
    shift 3
    got=0
    "$MIANZHENG_TPM" "$@" <"$dir/$in" >"$dir/out" 2>"$dir/err" || got=$?
    [ "$got" -eq "$code" ] || fail "$name: exit $got instead of $code"
    if [ "$code" -eq 0 ]; then
        [ ! -s "$dir/err" ] || fail "$name: something on stderr"
    else
        [ "$(wc -l <"$dir/err")" -eq 1 ] || fail "$name: not one line on stderr"
        [ ! -s "$dir/out" ] || fail "$name: something on stdout"
        grep -q 'XyZZy' "$dir/err" && fail "$name: the PIN is on stderr"
    fi
    ok "$name (exit $code)"
}
opens() { expect 0 "$@"; cmp -s "$dir/out" "$dir/secret" || fail "$1: other bytes came out"; }
sealed=0
seals() { kept=$1; shift; sealed=$((sealed + 1)); expect 0 "$@"; cp "$dir/out" "$dir/$kept"; }
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }
with_pin() { { echo "$1"; cat "$dir/$2"; } >"$dir/$3"; }
extend() { TPM2TOOLS_TCTI=$MIANZHENG_TCTI tpm2_pcrextend "$1:sha256=$(hex "$dir/secret")"; }

head -c 32 /dev/urandom >"$dir/secret"
head -c 31 "$dir/secret" >"$dir/short"
{ cat "$dir/secret"; echo; } >"$dir/long"
with_pin XyZZy-2468 secret secret+pin
: >"$dir/empty"

start a; a=$port a_pid=$pid
start b; b=$port b_pid=$pid
use "$a"
expect 0 "check" empty check
grep -Eq '^manufacturer [!-~]+, firmware [0-9.]+$' "$dir/out" || fail "check prints no such line"

seals plain "seal with default PCR 7" secret seal
opens "unseal" plain unseal
seals none "seal without PCRs" secret seal --pcrs ''
opens "unseal without PCRs" none unseal
seals many "seal with all 24 PCRs" secret seal --pcrs 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23
opens "unseal with all 24 PCRs" many unseal
seals pin "seal with PCR 7 and PIN" secret+pin seal --pin-stdin
seals nonepin "seal with PIN alone" secret+pin seal --pin-stdin --pcrs ''
with_pin XyZZy-2468 pin pin.right; with_pin XyZZy-1357 pin pin.wrong
with_pin XyZZy-2468 nonepin nonepin.right; with_pin XyZZy-1357 nonepin nonepin.wrong
with_pin XyZZy-2468 plain plain.pin
opens "unseal with PCR 7 and PIN" pin.right unseal --pin-stdin
opens "unseal with PIN alone" nonepin.right unseal --pin-stdin
with_pin 'four words, 32 bytes in all: XyZ' secret longest
seals words "seal with the longest PIN" longest seal --pin-stdin
with_pin 'four words, 32 bytes in all: XyZ' words words.right; with_pin 'four words, 32 bytes in all: XyZ.' secret toolong
opens "unseal with the longest PIN" words.right unseal --pin-stdin
expect 2 "PIN too long" toolong seal --pin-stdin
expect 2 "PIN is not its own line" words unseal --pin-stdin
: >"$dir/err"
[ "$(hex "$dir/plain")" != "$(hex "$dir/none")" ] || fail "two sealed objects are alike"

for of in plain:0412 none:0452 pin:0012 nonepin:0052; do # userWithAuth is 40 and only without PCRs, noDA 400
    [ "$(hex "$dir/${of%:*}" | cut -c 21-36)" = "0008000b0000${of#*:}" ] || fail "attributes of ${of%:*}"
done
ok "attributes: by policy alone with PCRs, wrong PINs are counted"

bus() { grep -E '^ ?([0-9A-F]{2} )+ ?$' "$dir/$1.log" | tr -d ' \n' | tr A-F a-f >"$dir/bus"; }
bus a
public=$(hex "$dir/plain" | cut -c 21-176)
grep -q "$public" "$dir/bus" || fail "the bus log lacks what crosses in clear (so the next check would prove nothing)"
! grep -q "$(hex "$dir/secret")" "$dir/bus" || fail "the secret crosses the bus in clear"
! grep -q "$(printf XyZZy | od -An -tx1 | tr -d ' \n')" "$dir/bus" || fail "the PIN crosses the bus in clear"
# TPM2_StartAuthSession by its key: none for the trial session of each sealing, the storage key for all else.
unsalted=$(grep -o 0000017640000007 "$dir/bus" | wc -l)
[ "$unsalted" -eq "$sealed" ] || fail "$unsalted sessions without salt instead of $sealed"
[ "$(grep -o 0000017680 "$dir/bus" | wc -l)" -gt "$((2 * sealed))" ] || fail "too few salted sessions"
ok "secret and PIN cross the bus encrypted"
TSS2_LOG=all+trace; export TSS2_LOG
expect 6 "wrong PIN, libtss2 told to log everything" pin.wrong unseal --pin-stdin
unset TSS2_LOG
expect 6 "wrong PIN, PIN alone" nonepin.wrong unseal --pin-stdin

use "$b"
expect 4 "another machine's TPM" plain unseal
expect 4 "another machine's TPM, without PCRs" none unseal
expect 4 "another machine's TPM, PIN" pin.right unseal --pin-stdin
bus b
grep -q 00000131 "$dir/bus" || fail "no TPM2_CreatePrimary in the log (so the next check would prove nothing)"
! grep -Eq '8002.{8}00000157|8001.{8}00000176' "$dir/bus" || fail "another TPM gets a session or the object"
ok "another machine's TPM is asked for its key's name and no more"
use "$a"
expect 2 "PIN missing" pin unseal
expect 2 "PIN not asked for" plain.pin unseal --pin-stdin
expect 2 "secret too short" short seal
expect 2 "secret too long" long seal
expect 2 "no PIN line" secret seal --pin-stdin --pcrs 7
expect 2 "empty container" empty unseal
expect 2 "unknown option" secret seal --pcr 7
expect 2 "PCR out of range" secret seal --pcrs 24
expect 2 "PCR twice" secret seal --pcrs 7,7
expect 2 "PCR list not in UTF-8" secret seal --pcrs "$(printf '\377')"
expect 2 "--pcrs when unsealing" plain unseal --pcrs 7
expect 2 "no verb" empty
MIANZHENG_TCTI=nonsense:
expect 2 "unknown TPM interface" plain unseal

use "$a"
size=$(wc -c <"$dir/plain")
{ cat "$dir/plain"; printf x; } >"$dir/bad"
expect 2 "byte after the container" bad unseal
head -c $((size - 1)) "$dir/plain" >"$dir/bad"
expect 2 "container cut" bad unseal
for offset in 0 9 30 100 200 $((size - 40)) $((size - 6)) $((size - 5)) $((size - 1)); do
    byte='\252'
    [ "$(tail -c +$((offset + 1)) "$dir/plain" | head -c 1 | od -An -tx1)" != ' aa' ] || byte='\125'
    { head -c "$offset" "$dir/plain"; printf "$byte"; tail -c +$((offset + 2)) "$dir/plain"; } >"$dir/bad"
    expect 2 "container damaged at byte $offset" bad unseal
done
# Forged on purpose: damaged inside, the CRC (that of gzip) made to fit; only the TPM can tell.
forge() {
    { head -c "$1" "$dir/plain"; printf '\252\125'; tail -c +$(($1 + 3)) "$dir/plain" | head -c -4; } >"$dir/body"
    { cat "$dir/body"; gzip -c "$dir/body" | tail -c 8 | head -c 4 | od -An -tx1 | awk '{ print $4 $3 $2 $1 }' |
        sed 's/../\\x&/g' | { read -r bytes; env printf "$bytes"; }; } >"$dir/forged"
}
forge 150
expect 4 "forged private part" forged unseal
forge 60
expect 4 "forged public part" forged unseal
forge 12
expect 2 "forged attributes" forged unseal

# An orderly end, as the kernel does it: after a power cut the TPM may count the last use of a PIN as a wrong one.
TPM2TOOLS_TCTI=$MIANZHENG_TCTI tpm2_shutdown --clear
kill "$a_pid"
wait "$a_pid" 2>/dev/null || :
expect 3 "no TPM at the port" plain unseal
MIANZHENG_TCTI=device:/nonexistent
expect 3 "no TPM device" empty check
start a; a=$port; use "$a"
opens "unseal after a restart of the machine" plain unseal
opens "unseal with PIN after a restart" pin.right unseal --pin-stdin

extend 7
expect 5 "PCR 7 extended" plain unseal
for i in 1 2 3 4 5 6; do "$MIANZHENG_TPM" unseal --pin-stdin <"$dir/pin.wrong" >/dev/null 2>&1 || [ $? -eq 5 ] || break; done
expect 5 "PCR 7 extended, wrong PIN often: costs no try" pin.right unseal --pin-stdin
opens "objects without PCRs stay open" none unseal
opens "PIN alone stays open" nonepin.right unseal --pin-stdin
seals again "seal to the new values" secret seal
opens "unseal at the new values" again unseal
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do
    got=0
    "$MIANZHENG_TPM" unseal --pin-stdin <"$dir/nonepin.wrong" >/dev/null 2>&1 || got=$?
    [ "$got" -eq 6 ] || break
done
expect 7 "locked out after $((i - 1)) more wrong PINs" nonepin.right unseal --pin-stdin
opens "objects without PIN open while locked" again unseal
seals late "seal while locked" secret seal

use "$b"
TPM2TOOLS_TCTI=$MIANZHENG_TCTI tpm2_pcrallocate sha1:all+sha256:none >/dev/null
TPM2TOOLS_TCTI=$MIANZHENG_TCTI tpm2_shutdown --clear
kill "$b_pid"
wait "$b_pid" 2>/dev/null || :
start b; use "$port"
expect 3 "no sealing to PCRs of a bank that is off" secret seal
seals other "seal without PCRs, bank off" secret seal --pcrs ''
