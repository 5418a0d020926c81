#!/bin/sh
# deny.sh: what deny.toml says of the kiosk and of both helper programs. Without a network; needs cargo-deny 0.20
# (cargo install --locked cargo-deny, or DENY=/path/of/it) and the crates (cargo fetch --locked in each of the three).
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
root=${ROOT:-$here/../..}
deny() {
    manifest=$1
    shift
    echo "deny.sh: $manifest" >&2
    "${DENY:-cargo-deny}" --offline --config "$here/deny.toml" --manifest-path "$root/$manifest" check --hide-inclusion-graph "$@" bans licenses sources
}
deny Cargo.toml -A unused-wrapper -A license-exception-not-encountered
# The lists of known duplicates and exceptions are those of all three together.
for helper in tpm phone; do
    deny packaging/$helper-helper/Cargo.toml -A unused-wrapper -A unmatched-skip -A unnecessary-skip -A license-exception-not-encountered -A license-not-encountered
done
