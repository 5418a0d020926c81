#!/bin/sh
# The kiosk with the helper behind it, against a provider on the loopback interface:
# test-kiosk.sh KIOSK HELPER SITE.toml PEOPLE.toml. Needs what test.sh needs.
set -eu
kiosk=$1 helper=$2 site=$3 people=$4
cd "$(dirname "$0")"
dir=$(mktemp -d)
pids=
finish() {
    for pid in $pids; do kill "$pid" 2>/dev/null || :; done
    rm -rf "$dir"
}
trap finish EXIT
fail() { echo "FAIL: $1" >&2; cat "$dir"/*.log >&2 2>/dev/null || :; exit 1; }

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=ca of a test" -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$dir/tls.key" -out "$dir/tls.csr" 2>/dev/null
echo 'subjectAltName=DNS:localhost' >"$dir/san"
openssl x509 -req -in "$dir/tls.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -set_serial 2 -days 2 -extfile "$dir/san" \
    -out "$dir/tls.pem" 2>/dev/null
node test/fake.mjs "$dir/tls.key" "$dir/tls.pem" >"$dir/port" 2>"$dir/fake.log" &
pids=$!
for _ in $(seq 200); do [ ! -s "$dir/port" ] || break; sleep 0.05; done
mkdir "$dir/run"
cat >"$dir/helper.toml" <<END
issuer = "https://localhost:$(cat "$dir/port")/polite"
client-id = "kiosk"
ca-file = "$dir/ca.pem"
scopes = ["openid", "identity"]
[claims]
number = "number"
name = "name"
birthdate = "birthdate"
END
"$helper" serve --config "$dir/helper.toml" --socket "$dir/run/phone" 2>"$dir/helper.log" &
serving=$!
pids="$pids $serving"
for _ in $(seq 200); do [ ! -S "$dir/run/phone" ] || break; sleep 0.05; done
sed "s|^\[devices\]|[devices]\nphone = \"$dir/run/phone\"|" "$site" >"$dir/site.toml"
grep -q '^phone = ' "$dir/site.toml" || printf '\n[devices]\nphone = "%s"\n' "$dir/run/phone" >>"$dir/site.toml"

# The person's own phone says who they are; the code was on the screen before.
cat >"$dir/phone.jsonl" <<'END'
{"do":"expect","stage":"home"}
{"do":"tap","id":"method-phone"}
{"do":"expect","outcome":"phone"}
{"do":"expect","prompts":["granted-title"]}
END
"$kiosk" demo --headless --lang en --site "$dir/site.toml" --people "$people" --script "$dir/phone.jsonl" 2>"$dir/kiosk.log" || fail "verified through the phone"
echo "ok: verified through the phone"

# The helper is gone: a sentence, and the other ways.
kill "$serving"
wait "$serving" || fail "the helper ends in order"
cat >"$dir/gone.jsonl" <<'END'
{"do":"expect","stage":"home"}
{"do":"tap","id":"method-phone"}
{"do":"expect","prompts":["fault-phone-missing","next-card-or-staff"],"offers":["method-card","call-staff"]}
END
"$kiosk" demo --headless --lang en --site "$dir/site.toml" --people "$people" --script "$dir/gone.jsonl" 2>"$dir/kiosk.log" || fail "the helper is gone"
echo "ok: without the helper the other ways stay"
