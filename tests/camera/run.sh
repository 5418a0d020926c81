#!/bin/bash
# run.sh TEST LOG [LIMIT_S]: boots the machine, runs guest/TEST.sh, keeps its log and, beside it, LOG.out/.
set -euo pipefail
: "${CAMERA_VM:=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mianzheng/camera-vm}"
test=$1 log=$2 limit=${3:-240}

# KVM where the processor really has it, else the processor in software: same machine, slower.
accel="tcg,thread=multi" cpu=max
if [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo; then accel=kvm cpu=host; fi
echo "run.sh: $test, $accel" >&2
truncate -s 0 "$CAMERA_VM/out.img"
truncate -s 32M "$CAMERA_VM/out.img"
timeout -k 5 "$limit" qemu-system-x86_64 -M q35,usb=off,vmport=off -accel "$accel" -cpu "$cpu" -smp 2 -m 1536 -nodefaults \
    -display none -no-reboot -kernel "$CAMERA_VM/vmlinux" -initrd "$CAMERA_VM/initrd.gz" -serial "file:$log" \
    -drive "file=$CAMERA_VM/out.img,if=none,id=out,format=raw" -device virtio-blk-pci,drive=out \
    -append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off nokaslr reboot=t test=$test" </dev/null || true
sed -i 's/\r$//' "$log"
rm -rf "$log.out"
mkdir "$log.out"
tar xf "$CAMERA_VM/out.img" -C "$log.out" 2>/dev/null || true
grep -q '^the end$' "$log" || { echo "run.sh: the machine did not come to its end; see $log" >&2; exit 1; }
