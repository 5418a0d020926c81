# Sourced, not run, before every build that is handed out: the same program from whatever folder.
#
#   SOURCE=/path/of/the/checkout; CARGO_TARGET_DIR=/path/of/the/output
#   . packaging/supply/flags.sh
#   $STILL cargo build --release --locked --offline
#
# Afterwards no path of this machine is in the program: /src is the checkout, /crates the crates, /target the output,
# /cargo the rest of cargo's folder, /rustc/<commit> the standard library. The crates must be there (cargo fetch --locked).

: "${SOURCE:?the folder of the checkout}" "${CARGO_TARGET_DIR:?the folder of the output}" "${CARGO_HOME:=${HOME:?}/.cargo}"
export CARGO_HOME CARGO_TARGET_DIR

_maps=""
_map() { # from, to
    case $1 in
    /) return 0 ;;
    *[[:space:]]* | *=*) echo "flags.sh: neither blanks nor = in a path, please: $1" >&2; return 1 ;;
    /*) _maps="$_maps $1=$2" ;;
    *) echo "flags.sh: not an absolute path: $1" >&2; return 1 ;;
    esac
    # A link on the way: the compiler may see either name.
    _real=$(cd "$1" 2>/dev/null && pwd -P) || return 0
    [ "$_real" = "$1" ] || [ "$_real" = / ] || _maps="$_maps $_real=$2"
}

# Of several that fit, rustc and gcc take the last: the deeper folder comes later.
_sysroot=$(cd "$SOURCE" && rustc --print sysroot) || return 1
_commit=$(cd "$SOURCE" && rustc -vV | sed -n 's/^commit-hash: //p') || return 1
_map "$_sysroot" /rust || return 1
_map "$_sysroot/lib/rustlib/src/rust" "/rustc/$_commit" || return 1
_map "$CARGO_HOME" /cargo || return 1
_map "$SOURCE" /src || return 1
_map "$SOURCE/vendor" /crates || return 1
for _folder in "$CARGO_HOME"/registry/src/*/; do
    # Its name tells which mirror the crates came from.
    [ ! -d "$_folder" ] || _map "${_folder%/}" /crates || return 1
done
_map "$CARGO_TARGET_DIR" /target || return 1

_separator=$(printf '\037')
_rust=""
for _word in ${RUSTFLAGS-}; do _rust="$_rust${_rust:+$_separator}$_word"; done
for _word in $_maps; do
    _rust="$_rust${_rust:+$_separator}--remap-path-prefix=$_word"
    CFLAGS="${CFLAGS-}${CFLAGS:+ }-ffile-prefix-map=$_word"
    CXXFLAGS="${CXXFLAGS-}${CXXFLAGS:+ }-ffile-prefix-map=$_word"
done
unset RUSTFLAGS
export CFLAGS CXXFLAGS CARGO_ENCODED_RUSTFLAGS="$_rust"

export CARGO_INCREMENTAL=0
unset RUSTC_WORKSPACE_WRAPPER RUSTC_BOOTSTRAP # some crates' build scripts look at the second

[ -n "${SOURCE_DATE_EPOCH-}" ] || SOURCE_DATE_EPOCH=$(git -C "$SOURCE" log -1 --format=%ct) || return 1
export SOURCE_DATE_EPOCH
# LLVM goes through some sets in the order of their addresses: the operands of a phi, and with them the names of
# symbols, differed between two builds. So no addresses by chance, where the machine allows it.
STILL=""
if setarch -R true 2>/dev/null; then STILL="setarch -R"; fi
unset -f _map
unset _maps _sysroot _commit _folder _real _separator _rust _word
