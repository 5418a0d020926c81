#!/bin/sh
# package.sh PROGRAM [OUTDIR]: the .deb files from a program that is already built. Says how large everything is.
# CARGO_DEB names cargo-deb if it is not on the PATH; DEB_VERSION another version, for tests of upgrades.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "$1")
out=${2:-$root/out/package}
stage=$root/out/package/stage
limit_mib=60
cd "$root"

rm -rf "$stage"
mkdir -p "$stage/voice" "$out"
cp "$program" "$stage/mianzheng"

# Every licence, and every part.
python3 packaging/supply/licences.py --out "$stage/THIRD-PARTY.txt" --copyright "$stage/copyright"
python3 packaging/supply/sbom.py --out "$stage/mianzheng.cdx.json" --program "$stage/mianzheng"

# One file for each sound: a clip equal to an earlier one becomes a link to it (most of zh-TW is zh-CN).
for lang in zh-CN zh-TW en; do
    mkdir "$stage/voice/$lang"
    cp assets/voice/$lang/*.ogg "$stage/voice/$lang/"
done
clips=$(cd "$stage/voice" && find zh-CN zh-TW en -name '*.ogg' | wc -l)
(cd "$stage/voice" && for lang in zh-CN zh-TW en; do find "$lang" -name '*.ogg' -exec sha256sum {} + | sort -k 2; done) |
    while read -r sum file; do
        first=$(grep -s "^$sum " "$stage/sums" | cut -d ' ' -f 2) || true
        if [ -n "$first" ]; then ln -sf "../$first" "$stage/voice/$file"; else echo "$sum $file" >>"$stage/sums"; fi
    done
links=$(find "$stage/voice" -type l | wc -l)

# The same input gives the same package, whatever the hour.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1795000000)}
export SOURCE_DATE_EPOCH

"${CARGO_DEB:-cargo-deb}" --no-build --no-strip --compress-type xz ${DEB_VERSION:+--deb-version "$DEB_VERSION"} -o "$out/" >"$stage/name"
deb=$(tail -n 1 "$stage/name")

# The sample people of the demo are a package of their own: a kiosk in service holds nobody's face.
demo=$stage/demo
mkdir -p "$demo/DEBIAN" "$demo/usr/share/mianzheng" "$demo/usr/share/doc/mianzheng-demo"
cp -r tests/data/demo tests/data/portraits "$demo/usr/share/mianzheng/"
mv "$demo/usr/share/mianzheng/portraits/PROVENANCE.md" "$demo/usr/share/doc/mianzheng-demo/copyright"
version=$(dpkg-deb -f "$deb" Version)
cat >"$demo/DEBIAN/control" <<TEXT
Package: mianzheng-demo
Version: $version
Architecture: all
Maintainer: $(dpkg-deb -f "$deb" Maintainer)
Depends: mianzheng (= $version)
Section: misc
Priority: optional
Description: Sample people for "mianzheng demo"
 Public-domain portraits and invented cards, to try a kiosk without devices.
 Not for a kiosk in service.
TEXT
chmod -R u=rwX,go=rX "$demo"
find "$demo" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz -b "$demo" "$out/" >/dev/null

size() { echo "$(($1 / 1048576)).$((($1 % 1048576) * 10 / 1048576)) MiB"; }
packed=$(stat -c %s "$deb")
echo "program                $(size "$(stat -c %s "$program")")"
echo "models                 $(size "$(cat models/*.onnx | wc -c)")"
echo "clips                  $(size "$(find "$stage/voice" -type f -exec cat {} + | wc -c)"), $clips of them, $links as links"
echo "installed              $(dpkg-deb -f "$deb" Installed-Size) KiB"
echo "$deb  $(size "$packed")"
[ "$packed" -le $((limit_mib * 1048576)) ] || { echo "package.sh: more than $limit_mib MiB" >&2; exit 1; }
