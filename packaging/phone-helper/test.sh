#!/bin/sh
# Tests mianzheng-phone against a real OpenID provider (oidc-provider) and one that misbehaves, both on the loopback
# interface with a throw-away CA. Debian 12: apt-get install -y --no-install-recommends nodejs npm python3 openssl
# (npm only to install test/node_modules once). MIANZHENG_PHONE names a ready binary.
set -eu
cd "$(dirname "$0")"
if [ -z "${MIANZHENG_PHONE:-}" ]; then
    cargo build --release --locked
    MIANZHENG_PHONE=${CARGO_TARGET_DIR:-target}/release/mianzheng-phone
fi
[ -d test/node_modules/oidc-provider ] || (cd test && npm ci --ignore-scripts --no-audit --no-fund)
dir=$(mktemp -d)
pids=
passed=0
failed=0
finish() {
    status=$?
    for pid in $pids; do kill "$pid" 2>/dev/null || :; done
    rm -rf "$dir"
    [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] || exit 1
}
trap finish EXIT
trap 'exit 130' INT TERM
ok() { passed=$((passed + 1)); echo "ok: $1"; }
fail() { failed=$((failed + 1)); echo "FAIL: $1"; shift; for file; do sed 's/^/    /' "$file"; done; }
verdict() { if [ "$1" -eq 0 ]; then ok "$2"; else shift; fail "$@"; fi; }

# A CA for the providers and one that has nothing to do with them.
for ca in ca other; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$ca of a test" -keyout "$dir/$ca.key" \
        -out "$dir/$ca.pem" 2>/dev/null
done
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$dir/tls.key" -out "$dir/tls.csr" 2>/dev/null
echo 'subjectAltName=DNS:localhost' >"$dir/san"
openssl x509 -req -in "$dir/tls.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -set_serial 2 -days 2 \
    -extfile "$dir/san" -out "$dir/tls.pem" 2>/dev/null
CA=$dir/ca.pem
export CA

# provider SCRIPT: starts it, sets $url.
provider() {
    node "test/$1" "$dir/tls.key" "$dir/tls.pem" >"$dir/$1.port" 2>"$dir/$1.log" &
    pids="$pids $!"
    for _ in $(seq 200); do
        [ ! -s "$dir/$1.port" ] || break
        sleep 0.05
    done
    [ -s "$dir/$1.port" ] || { fail "$1 does not start" "$dir/$1.log"; exit 1; }
    url=https://localhost:$(cat "$dir/$1.port")
}
provider provider.mjs; real=$url
provider fake.mjs; fake=$url

# config NAME ISSUER CLIENT [LINES]
config() {
    cat >"$dir/$1.toml" <<END
issuer = "$2"
client-id = "$3"
ca-file = "${cafile:-$CA}"
scopes = ["openid", "identity"]
${4:-}
[claims]
number = "number"
name = "name"
birthdate = "birthdate"
END
}
serve() { # NAME: sets $helper
    "$MIANZHENG_PHONE" serve --config "$dir/$1.toml" --socket "$dir/$1.sock" 2>"$dir/$1.log" &
    helper=$!
    pids="$pids $helper"
}
# session NAME DOING [TEXT]: one helper, one session, an orderly end.
session() {
    serve "$1"
    name=$1
    shift
    timeout 45 python3 test/client.py "$dir/$name.sock" "$@" >"$dir/$name.out" 2>"$dir/$name.err" ||
        echo "the client fails" >>"$dir/$name.err"
    kill "$helper"
    code=0
    wait "$helper" || code=$?
    [ "$code" -eq 0 ] || echo "the helper ends with $code" >>"$dir/$name.err"
    [ ! -e "$dir/$name.sock" ] || echo "the socket is still there" >>"$dir/$name.err"
}
jobs=
cases=
# begin NAME ISSUER CLIENT DOING LINES LAST LOG TEXT: the session NAME in the background, then judged by `end`: the last
# line must be LAST, the log have LOG.
begin() {
    config "$1" "$2" "$3" "$5"
    session "$1" "$4" &
    jobs="$jobs $!"
    cases="$cases $1"
    printf '%s\n' "$6" >"$dir/$1.last"
    printf '%s\n' "$7" >"$dir/$1.grep"
    printf '%s\n' "$8" >"$dir/$1.text"
}
end() {
    for job in $jobs; do wait "$job" || :; done
    for name in $cases; do
        bad=0
        [ ! -s "$dir/$name.err" ] || bad=1
        tail -n 1 "$dir/$name.out" | cmp -s - "$dir/$name.last" || bad=1
        grep -qF "$(cat "$dir/$name.grep")" "$dir/$name.log" || bad=1
        [ "$(wc -l <"$dir/$name.out")" -le 2 ] || bad=1
        verdict "$bad" "$(cat "$dir/$name.text")" "$dir/$name.out" "$dir/$name.err" "$dir/$name.log"
    done
    jobs= cases=
}
person='{"identity":{"number":"110101199003072316","name":"张三","birthdate":"1990-03-07"}}'
failed() { echo "{\"failed\":\"$1\"}"; }
# good, bad HOW [LINES] TEXT: with the provider that misbehaves.
good() { begin "$1" "$fake/$1" kiosk '' "$2" "$person" "the session gave an identity" "$3"; }
bad() { begin "$1" "$fake/$1" kiosk '' "$5" "$(failed "$3")" "$4" "$2: $3"; }

# --- The real provider.
printf '%s' "s+e%c:r&e t=/?'" >"$dir/secret"
chmod 640 "$dir/secret"
yes='the session gave an identity'
begin real-rs "$real" rs approve '' "$person" "$yes" "real provider: approved, RS256"
begin real-es "$real" es approve 'max-age-s = 300' "$person" "$yes" "real provider: approved, ES256, auth_time checked"
begin real-ed "$real" ed approve '' "$person" "$yes" "real provider: approved, EdDSA"
begin real-nonce "$real" rs approve 'nonce = true' "$(failed not-trusted)" "another nonce" \
    "real provider: loses the nonce of a device, as most do"
begin real-basic "$real" basic approve "client-secret-file = \"$dir/secret\"" "$person" "$yes" \
    "real provider: approved, client secret with all kinds of characters"
begin real-no "$real" rs decline '' "$(failed declined)" "the person declined" "real provider: declined by the person"
begin real-late "$real" short '' '' "$(failed expired)" "too late" "real provider: code expired"
begin real-stranger "$real" nobody '' '' "$(failed refused)" "refuses this client" "real provider: unknown client"
begin real-acr "$real" rs approve 'acr = "urn:high"' "$(failed not-trusted)" "the required acr" "real provider: no acr"

# --- The ID token.
bad aud "audience: somebody else" not-trusted "for somebody else" ''
bad aud2 "audience: somebody else too" not-trusted "for somebody else as well" ''
bad azp "authorized party: somebody else" not-trusted "asked for by somebody else" ''
bad iss "issuer: somebody else" not-trusted "another issuer" ''
bad iss2 "issuer: a list" not-trusted "more than one issuer" ''
bad sub "subject empty" not-trusted "names nobody" ''
bad exp "token expired" not-trusted "is expired" ''
bad exp-none "token without exp" not-trusted "lacks exp" ''
bad exp-text "token with exp as text" not-trusted "lacks exp" ''
bad nbf "token not valid yet" not-trusted "not valid yet" ''
bad old "token from before the session" not-trusted "not issued in this session" ''
bad future "token from the future" not-trusted "not issued in this session" ''
bad signature "signature of another key" not-trusted "signature is wrong" ''
bad unsigned "signature empty" not-trusted "signature is wrong" ''
bad none "alg none" not-trusted "header or algorithm" ''
bad hmac "alg HS256 with the public key as secret" not-trusted "algorithm is not acceptable" ''
bad rs512 "alg RS512, rightly signed, offered by the provider" not-trusted "algorithm is not acceptable" ''
bad unlisted "alg RS256, rightly signed, not offered by the provider" not-trusted "algorithm is not acceptable" ''
bad crit "critical header" not-trusted "critical" ''
bad key-enc "key meant for encryption" not-trusted "key is unknown" ''
bad no-kid-two "no key named, two possible" not-trusted "key is unknown" ''
bad unknown "key never published" not-trusted "key is unknown" ''
bad number "claim missing: number" not-trusted "lacks a claim" ''
bad number-type "number not a text" not-trusted "lacks a claim" ''
bad number-control "number with a line break" not-trusted "not usable text" ''
bad name "claim missing: name" not-trusted "lacks a claim" ''
bad date "birthdate 2023-02-29" not-trusted "not a full date" ''
bad date-other "birthdate 19900307" not-trusted "not a full date" ''
bad nonce "nonce nobody asked for" not-trusted "another nonce" ''
bad no-token "no ID token" not-trusted "no ID token" ''
bad garbage "ID token is no token" not-trusted "header or algorithm" ''
bad login-old "login too old" not-trusted "login is too old" 'max-age-s = 300'
good exp-in-skew '' "token expired 30 s ago: within the skew"
good no-kid '' "no key named, one possible"
good odd-keys '' "keys of unknown kinds are passed over"
good rotated '' "key published only during the session"
good acr 'acr = "high"' "acr as required"
good login 'max-age-s = 300' "login recent enough"
good nonce-back 'nonce = true' "nonce as sent"
begin nonce-lost "$fake/good" kiosk '' 'nonce = true' "$(failed not-trusted)" "another nonce" "nonce lost: not-trusted"
begin acr-other "$fake/acr" kiosk '' 'acr = "highest"' "$(failed not-trusted)" "required acr" "other acr: not-trusted"
begin login-none "$fake/good" kiosk '' 'max-age-s = 9' "$(failed not-trusted)" "lacks auth_time" "no auth_time: not-trusted"

# --- The flow.
good polite '' "waits while the person has not decided"
good slow '' "slow_down"
good drops '' "connections dropped twice"
good hangs '' "no answer for 10 s once"
bad broken "provider broken to the end" unreachable "fault of its own" ''
bad late "person too late by the helper's own clock" expired "too late" ''
bad grant "invalid_grant" refused "refuses the request" ''
bad client "invalid_client" refused "refuses this client" ''
begin post "$fake/post" kiosk '' "client-secret-file = \"$dir/secret\"" "$person" "$yes" "client secret in the form"
begin no-secret "$fake/no-secret" kiosk '' "client-secret-file = \"$dir/secret\"" "$(failed refused)" \
    "takes no client secret" "provider that takes no client secret: refused"
bad big-token "token answer of 70 KB" unreachable "too large" ''
bad big-discovery "discovery of 70 KB" unreachable "too large" ''
bad big-keys "keys of 70 KB" unreachable "too large" ''
bad moved "redirect not followed" refused "no OpenID provider" ''
bad not-mine "discovery of another issuer" refused "by another issuer" ''
bad onlyhmac "provider signs with HS256 and none only" refused "none of RS256" ''
bad http-token "token endpoint not https" refused "not https" ''
bad no-device "provider without device authorization" refused "no device authorization" ''
bad http-uri "uri for the person not https" refused "not https or too long" ''
bad http-complete "complete uri not https" refused "not https or too long" ''
bad long-uri "uri for the person too long" refused "not https or too long" ''
bad code "code not ASCII" refused "cannot be shown" ''
bad long-code "code too long" refused "cannot be shown" ''
begin 404 "$fake/nowhere" kiosk '' '' "$(failed refused)" "no OpenID provider" "no provider there: refused"
begin down "https://localhost:1" kiosk '' '' "$(failed unreachable)" "cannot be reached" "provider down: unreachable"
cafile=$dir/other.pem
begin other-ca "$fake/good" kiosk '' '' "$(failed unreachable)" "certificate is not trusted" "other CA: unreachable"
cafile=
begin other-name "$(echo "$fake" | sed s/localhost/127.0.0.1/)/good" kiosk '' '' "$(failed unreachable)" \
    "certificate is not trusted" "certificate of another name: unreachable"

# --- The kiosk ends it. (`close` prints one line and goes, `cancel` is answered by the end of the connection.)
begin cancelled "$fake/forever" kiosk cancel '' "$(printf '{"show":{"uri":"%s","uri_complete":"%s","code":"%s","expires_s":600}}' \
    "$fake/forever/enter" "$fake/forever/enter?user_code=WDJB-MJHT" WDJB-MJHT)" "cancelled by the kiosk" \
    "cancelled by the kiosk, and what is shown"
begin no-complete "$fake/no-complete" kiosk cancel '' "$(printf '{"show":{"uri":"%s","uri_complete":null,"code":"%s","expires_s":600}}' \
    "$fake/no-complete/enter" WDJB-MJHT)" cancelled "without complete uri, 24 hours cut to 10 minutes"
begin silent "$fake/good" kiosk nothing '' '' "says nothing" "the kiosk says nothing for 10 s: closed"
: >"$dir/silent.last"
end

# --- What the provider saw.
gaps() { python3 test/seen.py "$fake/$1" "$2"; }
between() { echo "$1" | awk -v n="$2" -v low="$3" -v high="$4" '{ exit !($n >= low && $n < high) }'; }
gaps slow token >"$dir/gaps"
bad=0
for n in 2 3; do between "$(cat "$dir/gaps")" $n 5 30 || bad=1; done
verdict $bad "slow_down: 6 s instead of 1 s, and so it stays" "$dir/gaps"
gaps drops token >"$dir/gaps"
bad=0
between "$(cat "$dir/gaps")" 2 1 30 && between "$(cat "$dir/gaps")" 3 3 30 || bad=1
verdict $bad "dropped connections: 2 s, then 4 s" "$dir/gaps"
# Seen from the provider: a request that arrives late makes the gap behind it shorter.
gaps hangs token >"$dir/gaps"
bad=0
between "$(cat "$dir/gaps")" 2 10.5 60 || bad=1
verdict $bad "no answer: given up after 10 s, asked again after 2 s" "$dir/gaps"
[ "$(python3 test/seen.py "$fake/good" device ui_locales)" = "zh-CN zh-CN" ] && bad=0 || bad=1
verdict $bad "the provider is told the kiosk's language"
for of in rotated:2 unknown:2 good:2 aud:1; do # `good` served two sessions
    gaps "${of%:*}" keys >"$dir/gaps"
    bad=0
    [ "$(wc -w <"$dir/gaps")" -eq "${of#*:}" ] || bad=1
    verdict $bad "keys fetched: ${of%:*}, ${of#*:} times" "$dir/gaps"
done

# --- One connection at a time, kiosk gone, memory: one helper for all.
config one "$fake/forever" kiosk
serve one
one=$helper
mkfifo "$dir/hold"
python3 test/client.py "$dir/one.sock" wait <"$dir/hold" >"$dir/first" &
first=$!
exec 3>"$dir/hold"
for _ in $(seq 100); do [ ! -s "$dir/first" ] || break; sleep 0.05; done
bad=0
grep -q '^{"show":' "$dir/first" || bad=1
[ "$(stat -c %a "$dir/one.sock")" = 660 ] || bad=1
verdict $bad "the socket has mode 0660" "$dir/one.log"
bad=0
python3 test/client.py "$dir/one.sock" >"$dir/second" || bad=1
[ "$(cat "$dir/second")" = "$(failed busy)" ] || bad=1
verdict $bad "a second connection: busy, and closed" "$dir/second" "$dir/one.log"
if [ "$(id -u)" -eq 0 ]; then
    python3 test/memory.py "$one" secretdevice WDJB-MJHT >"$dir/found"
    bad=0
    grep -q secretdevice "$dir/found" || bad=1
    verdict $bad "the device code is in memory during the session (or the check below would prove nothing)" "$dir/found"
fi
config two "$fake/good" kiosk
bad=0
"$MIANZHENG_PHONE" serve --config "$dir/two.toml" --socket "$dir/one.sock" 2>"$dir/err" || [ $? -eq 3 ] || bad=1
grep -q 'listens there already' "$dir/err" || bad=1
verdict $bad "somebody listens there already (exit 3)" "$dir/err"
for _ in $(seq 20); do # until it has been asked for this session, so that it means something when no more comes
    before=$(gaps forever token | wc -w)
    [ "$before" -eq 0 ] || break
    sleep 0.1
done
exec 3>&-
wait "$first" || :
bad=0
python3 test/client.py "$dir/one.sock" close >"$dir/third" || bad=1
grep -q '^{"show":' "$dir/third" || bad=1
verdict $bad "the kiosk closes, and the next session starts at once" "$dir/third" "$dir/one.log"
sleep 2.2 # two intervals in which nothing may be asked
bad=0
after=$(gaps forever token | wc -w)
[ "$before" -ge 1 ] && [ $((after - before)) -le 1 ] || bad=1
gaps forever token >"$dir/gaps"
verdict $bad "nothing is asked for sessions that are over (cancelled, closed)" "$dir/gaps"
: >"$dir/out"
for text in '{"do":"start"}
{"do":"start"}' '{"do":"begin"}' '{"do":"start","lang":"../x"}' '{"do":"start","more":1}' "$(head -c 66000 /dev/zero | tr '\0' x)"; do
    python3 test/client.py "$dir/one.sock" raw "$text
" >>"$dir/out" || echo "the client fails" >>"$dir/out"
done
bad=0
[ ! -s "$dir/out" ] || bad=1
[ "$(grep -c 'line is not understood' "$dir/one.log")" -eq 3 ] || bad=1
[ "$(grep -c 'line is cut or too long' "$dir/one.log")" -eq 1 ] || bad=1
grep -q 'started twice' "$dir/one.log" || bad=1
verdict $bad "lines that are unknown, too long or start twice: no answer, connection closed" "$dir/out" "$dir/one.log"
kill -9 "$one" 2>/dev/null
wait "$one" 2>/dev/null || :
mv "$dir/two.toml" "$dir/one.toml"
serve one
python3 test/client.py "$dir/one.sock" >"$dir/out"
bad=0
[ "$(tail -n 1 "$dir/out")" = "$person" ] || bad=1
verdict $bad "a socket left behind by a killed helper is replaced" "$dir/out" "$dir/one.log"
if [ "$(id -u)" -eq 0 ]; then
    sleep 0.1 # for the threads to end
    python3 test/memory.py "$helper" 110101199003072316 张三 1990-03-07 secretaccess secretrefresh secretdevice \
        "$(printf '{"iss":"%s' "$fake" | base64 -w 0 | cut -c 1-20)" >"$dir/found"
    bad=0
    [ -z "$(cat "$dir/found")" ] || bad=1
    verdict $bad "after the session nothing of it is in memory" "$dir/found"
fi
echo "    resident: $(sed -n 's/^VmRSS:[[:space:]]*//p' "/proc/$helper/status"), at most $(sed -n 's/^VmHWM:[[:space:]]*//p' "/proc/$helper/status")"
cat "$dir"/*.log >"$dir/all"
bad=0
grep -qE '110101|张三|1990-03|secret(access|refresh|device)|WDJB|s\+e%' "$dir/all" && bad=1
verdict $bad "nothing personal, no code and no token in any log" "$dir/all"

# --- Usage and configuration.
# expect CODE TEXT WHY ARGS...: its one line on stderr must have WHY.
expect() {
    code=$1 text=$2 why=$3
    shift 3
    got=0
    timeout 15 "$MIANZHENG_PHONE" "$@" >"$dir/out" 2>"$dir/err" || got=$?
    bad=0
    [ "$got" -eq "$code" ] || bad=1
    if [ "$code" -eq 0 ]; then
        grep -qF "$why" "$dir/out" || bad=1
        [ ! -s "$dir/err" ] || bad=1
    else
        grep -qF "$why" "$dir/err" || bad=1
        [ "$(wc -l <"$dir/err")" -eq 1 ] && [ ! -s "$dir/out" ] || bad=1
    fi
    verdict $bad "$text (exit $code)" "$dir/out" "$dir/err"
}
checks() { # CODE TEXT WHY ISSUER [LINES]
    config check "$4" kiosk "${5:-}"
    expect "$1" "$2" "$3" check --config "$dir/check.toml"
}
checks 0 "check" "3 of its keys can be used" "$real"
checks 1 "check: no provider there" "no OpenID provider" "$fake/nowhere"
checks 1 "check: no usable key" "no key for" "$fake/key-enc"
checks 3 "check: provider down" "cannot be reached" https://localhost:1
checks 2 "issuer not https" "must be an https address" http://localhost
checks 2 "unknown setting" "line 5: unknown field" "$real" 'colour = "red"'
checks 2 "a setting twice" "line 5: duplicate key" "$real" 'scopes = []'
chmod 644 "$dir/secret"
checks 2 "secret readable by others" "open to others" "$real" "client-secret-file = \"$dir/secret\""
rm "$dir/secret"
checks 2 "secret missing" "cannot be read" "$real" "client-secret-file = \"$dir/secret\""
cafile=$dir/other.pem; checks 3 "check: other CA" "certificate is not trusted" "$real"
cafile=$dir/other.key; checks 2 "no certificate among the trust roots" "hold no certificate" "$real"
cafile=/nonexistent; checks 2 "trust roots missing" "cannot be read" "$real"
cafile=
wrong() { # TEXT WHY SED
    config check "$real" kiosk
    sed -i "$3" "$dir/check.toml"
    expect 2 "$1" "$2" check --config "$dir/check.toml"
}
wrong "no claim for the number" "missing field" '/^number/d'
wrong "scope openid missing" "lack \"openid\"" 's/"openid", //'
wrong "scope offline_access" "no lasting access" 's/"identity"/"offline_access"/'
wrong "issuer with a query" "without query" '1s/"$/?x"/'
wrong "not TOML" "line 1" '1s/=/:/'
config check "$real" kiosk
expect 2 "configuration missing" "cannot be read" check --config "$dir/nothing"
expect 2 "no verb" "usage is"
expect 2 "unknown verb" "usage is" run --config "$dir/check.toml"
expect 3 "something else at the socket's path" "something else is there" serve --config "$dir/check.toml" --socket "$dir/all"
expect 3 "no such directory" "cannot be listened on" serve --config "$dir/check.toml" --socket "$dir/none/socket"
