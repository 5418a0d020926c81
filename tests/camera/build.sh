#!/bin/bash
# build.sh LAB WEBCAM [MIANZHENG]: the virtual machine of ./x test-camera, in $CAMERA_VM: Debian's own
# kernel, and a root of busybox, the programs under test with their libraries, and guest/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${CAMERA_VM:=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mianzheng/camera-vm}"
mkdir -p "$CAMERA_VM"
cd "$CAMERA_VM"

# The kernel: fetched once.
if [ ! -e kernel/.whole ]; then
    rm -rf kernel
    mkdir kernel
    package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
    # Reached by the user apt drops to.
    (cd "$(mktemp -d)" && chmod 755 . && apt-get download -qq "$package" && dpkg-deb -x "$package"_*.deb "$CAMERA_VM/kernel" && rm -r "$PWD")
    depmod -b kernel "$(ls kernel/lib/modules)"
    # Uncompressed: a small machine without KVM takes long to unpack it.
    python3 - kernel/boot/vmlinuz-* vmlinux <<'P'
import lzma, sys
data = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(lzma.LZMADecompressor().decompress(data[data.find(b"\xfd7zXZ\0"):]))
P
    touch kernel/.whole
fi
version=$(ls kernel/lib/modules)

rm -rf root
mkdir -p root/{bin,proc,sys,dev,tmp,run,out,mod,etc,usr/bin,share,home}
cp /bin/busybox root/bin/
for name in $(busybox --list); do [ "$name" = busybox ] || ln -s busybox "root/bin/$name"; done
printf 'root:x:0:0::/:/bin/sh\nkiosk:x:1000:44::/home:/bin/sh\n' >root/etc/passwd
printf 'root:x:0:\nvideo:x:44:\n' >root/etc/group

# Modules, in the order they depend on each other.
for module in virtio_pci virtio_blk vhci-hcd uvcvideo; do
    modprobe -d kernel -S "$version" --show-depends "$module" | awk '/^insmod/ { print $2 }'
done | awk '!seen[$0]++' | while read -r file; do
    cp "$file" root/mod/
    basename "$file" >>root/mod/order
done

# Programs with the libraries they load, each where it looks for them.
for program in "$(command -v v4l2-ctl)" "$@"; do
    cp "$program" "root/usr/bin/$(basename "$program" | sed 's/-[0-9a-f]\{16\}$//')"
    ldd "$program" | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' | while read -r library; do
        mkdir -p "root$(dirname "$library")"
        cp -L "$library" "root$library"
    done
done
strip root/usr/bin/* 2>/dev/null || true
cp -r "$here"/guest/* root/
cp -r pictures root/pictures
chmod 755 root/init
(cd root && find . -print0 | cpio --null -o -H newc --quiet -R 0:0) | gzip -1 >initrd.gz
