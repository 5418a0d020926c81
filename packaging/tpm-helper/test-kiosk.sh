#!/bin/sh
# The whole program with a software TPM: test-kiosk.sh PROGRAM HELPER
# A slot in the chip opens the store; another machine's chip, a missing one and changed firmware do
# not, each with a sentence and exit code 3.
set -eu
program=$1
helper=$2
dir=$(mktemp -d)
pids=
finish() {
    status=$?
    for pid in $pids; do kill "$pid" 2>/dev/null || :; done
    rm -rf "$dir"
    [ "$status" -eq 0 ] && echo "tpm: the kiosk passed" || echo "tpm: the kiosk FAILED"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The program finds its helper beside itself.
mkdir "$dir/bin"
cp "$program" "$dir/bin/mianzheng"
cp "$helper" "$dir/bin/mianzheng-tpm"

next=$((30000 + $$ % 10000))
start() { # NAME: sets $port
    mkdir -p "$dir/$1"
    while :; do
        port=$next
        next=$((next + 2))
        swtpm socket --tpm2 --tpmstate dir="$dir/$1" --flags not-need-init,startup-clear \
            --server type=tcp,bindaddr=127.0.0.1,port="$port" --ctrl type=tcp,bindaddr=127.0.0.1,port="$((port + 1))" >/dev/null 2>&1 &
        pid=$!
        pids="$pids $pid"
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            kill -0 "$pid" 2>/dev/null || break
            MIANZHENG_TCTI=swtpm:host=127.0.0.1,port=$port "$helper" check >/dev/null 2>&1 && return 0
            sleep 0.1
        done
    done
}
run() { "$dir/bin/mianzheng" --lang en "$@"; }
expect() { # CODE WORDS COMMAND...
    code=$1 words=$2
    shift 2
    got=0
    run "$@" >"$dir/out" 2>&1 || got=$?
    [ "$got" -eq "$code" ] || { echo "exit $got instead of $code: $*"; cat "$dir/out"; exit 1; }
    grep -q "$words" "$dir/out" || { echo "not said: $words"; cat "$dir/out"; exit 1; }
    echo "ok: $words"
}

start here
here=$port
start other
other=$port
MIANZHENG_TCTI=swtpm:host=127.0.0.1,port=$here
export MIANZHENG_TCTI
data="--data $dir/data"
printf 'early rain on the river\n' >"$dir/one"
printf 'old stones in the yard\n' >"$dir/two"
cat "$dir/one" "$dir/two" >"$dir/both"
# shellcheck disable=SC2086
{
    expect 0 "" operator add --role supervisor chen --new-password "$dir/one" $data
    expect 0 "" operator add --role supervisor lin --new-password "$dir/two" --operator chen --passwords "$dir/one" $data
    two="--operator chen --operator lin --passwords $dir/both"
    expect 0 "Recovery code" key add recovery $two $data
    sed -n 's/.*: *\([0-9A-Z-]\{39\}\).*/\1/p' "$dir/out" | head -1 >"$dir/code"
    expect 0 "" key add tpm $two $data
    expect 0 "" key remove file $two $data
    expect 0 "still starts" key list --operator chen --passwords "$dir/one" $data
    MIANZHENG_TCTI=swtpm:host=127.0.0.1,port=$other expect 3 "another" people list $data
    MIANZHENG_TCTI=device:/dev/no-such-tpm expect 3 "mianzheng-tpm" people list $data
    tpm2_pcrextend -T "$MIANZHENG_TCTI" 7:sha256=0000000000000000000000000000000000000000000000000000000000000001
    expect 3 "firmware" people list $data
    expect 0 "" people list --recovery-code "$dir/code" --operator chen --passwords "$dir/one" $data
    expect 0 "" key add tpm --recovery-code "$dir/code" $two $data
    expect 0 "" people list --operator chen --passwords "$dir/one" $data
}
