#!/bin/bash
# test-boot.sh [DEB] [x11]: starts a whole Debian with the kiosk in a virtual machine, and takes the program,
# its answer and the power away from it. Prints PASS or FAIL; pictures and journal: out/package/boot-*/.
# IMAGE=DIR keeps the image there and takes it up the next time; SIZE=1024x600 is another screen.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/root.sh"
enclose "$0" "$@"
top=$(cd "$here/../.." && pwd)
deb=$(realpath "${1:-$(ls -t "$top"/out/package/mianzheng_*.deb | head -n 1)}")
session=${2:-wayland}
size=${SIZE:-720x1280}
out=$top/out/package/boot-$session
unit=mianzheng
[ "$session" = wayland ] || unit=mianzheng-x11
failed=0
mkdir -p "$out"
rm -f "$out"/*.png
work=$(mktemp -d "$out/work.XXXXXX")
vm=
ended() { [ -z "$vm" ] || kill -9 "$vm" 2>/dev/null; umount -R "$root/proc" "$root/sys" "$root/dev/shm" 2>/dev/null; rm -rf --one-file-system "$work"; }
trap ended EXIT

verdict() { if [ "$1" = 0 ]; then echo "PASS  $2"; else echo "FAIL  $2"; failed=$((failed + 1)); fi; }
now() { date +%s%N; }
since() { awk -v a="$1" -v b="${2:-$(now)}" 'BEGIN { printf "%.1f s", (b - a) / 1e9 }'; }

# --- the image: Debian, kernel and session cached without the kiosk; then the kiosk, set up as an installer would
build() {
    cached=$cache/debian-boot-$session.tar
    packages="linux-image-amd64 initramfs-tools systemd-sysv udev dbus $(dpkg-deb -f "$deb" Recommends | tr -d ,)"
    [ "$session" = wayland ] || packages="linux-image-amd64 initramfs-tools systemd-sysv udev dbus kbd xserver-xorg-core xserver-xorg-input-libinput xauth"
    new_root "$work/root"
    if [ ! -s "$cached" ]; then
        in_root apt-get update -qq && in_root apt-get install -y -qq --no-install-recommends $packages || return 1
        in_root apt-get clean
        tar -C "$root" --one-file-system --exclude=./proc/* --exclude=./sys/* -cf "$cached.part" . && mv "$cached.part" "$cached"
    else
        tar -C "$root" --exclude=./proc --exclude=./sys --exclude=./etc/resolv.conf --exclude=./etc/hosts -xf "$cached"
    fi
    in_root apt-get update -qq
    cp "$deb" "$root/var/tmp/now.deb"
    echo "mianzheng mianzheng/session select $session" | in_root debconf-set-selections
    in_root apt-get install -y -qq --no-install-recommends /var/tmp/now.deb || return 1
    set_up_site || return 1
    printf 'root:x\n' | in_root chpasswd
    echo kiosk >"$root/etc/hostname"
    # QEMU's graphics have a render node but do not render; wlroots 0.15 crashes on it (llvmpipe on kms_swrast).
    echo WLR_RENDERER=pixman >"$root/etc/default/mianzheng"
    # Only for this test: what the host asks on the second serial port is run as root.
    cat >"$root/usr/local/sbin/agent" <<'AGENT'
#!/bin/bash
exec 3<>/dev/ttyS1
stty -F /dev/ttyS1 raw -echo
echo "@@ready" >&3
while IFS= read -r line <&3; do eval "$line" >&3 2>&1 </dev/null; printf '\n@@end %s\n' "$?" >&3; done
AGENT
    chmod 755 "$root/usr/local/sbin/agent"
    printf '[Service]\nExecStart=/usr/local/sbin/agent\n[Install]\nWantedBy=sysinit.target\n[Unit]\nDefaultDependencies=no\nAfter=local-fs.target\n' \
        >"$root/etc/systemd/system/agent.service"
    in_root systemctl enable -q agent.service
    notifying || return 1
    rm -f "$root/usr/sbin/policy-rc.d" "$root/var/tmp/now.deb"
    cp "$root"/boot/vmlinuz-* "$work/kernel" && cp "$root"/boot/initrd.img-* "$work/initrd" || return 1
    umount "$root/proc" "$root/sys" "$root/dev/shm" 2>/dev/null
    mke2fs -q -t ext4 -d "$root" "$work/disk" 4G
}

# A program that does not speak to systemd yet gets a stand-in that does: it reports ready, and alive as long as
# the program is not stopped. So the unit is tried as it is; with a program that speaks, nothing is changed.
# (ProtectProc: the stand-in looks at the program. WAYLAND_DISPLAY: such a program speaks X11 only, to Xwayland.)
notifying() {
    grep -q WATCHDOG=1 "$root/usr/bin/mianzheng" && return 0
    echo "note: the program does not speak to systemd; a stand-in does"
    cat >"$root/usr/local/bin/notifying" <<'STAND'
#!/bin/bash
"$@" &
systemd-notify --ready
while read -r _ _ state _ <"/proc/$!/stat" && [ "$state" != Z ]; do [ "$state" = T ] || systemd-notify WATCHDOG=1; sleep 2; done
STAND
    chmod 755 "$root/usr/local/bin/notifying"
    mkdir -p "$root/etc/systemd/system/$unit.service.d"
    printf '[Service]\nNotifyAccess=all\nProtectProc=default\nExecStart=\n%s\n' "$(sed -n 's|^\(ExecStart=.*\)/usr/bin/mianzheng|\1/usr/bin/env -u WAYLAND_DISPLAY /usr/local/bin/notifying /usr/bin/mianzheng|p' "$root/usr/lib/systemd/system/$unit.service")" \
        >"$root/etc/systemd/system/$unit.service.d/90-notifying.conf"
}

# --- the machine: its monitor and the agent's port are pipes
# KVM where a kernel gets as far as its first words with it: on some hosts (nested virtualisation) it opens and
# then stands still. Else emulation, which is some ten times slower: SLOW scales every wait.
accelerate() {
    accel="-accel kvm -cpu max,arch-capabilities=off"
    timeout 10 qemu-system-x86_64 $accel -m 512 -nodefaults -no-user-config -display none -kernel "$work/kernel" \
        -append "console=ttyS0 earlyprintk=serial,ttyS0 panic=-1" -no-reboot -serial "file:$work/probe" >/dev/null 2>&1
    SLOW=1
    grep -q "Linux version" "$work/probe" 2>/dev/null && return 0
    accel="-accel tcg,thread=multi -cpu max"
    SLOW=6
    echo "note: KVM does not run a guest here; emulated, times are not those of a real machine"
}

start() {
    rm -f "$work"/{monitor,agent}.{in,out}
    mkfifo "$work"/{monitor,agent}.{in,out}
    # Kept open, so that neither side ends when the other pauses.
    exec 5<>"$work/monitor.in" 6<>"$work/monitor.out" 7<>"$work/agent.in" 8<>"$work/agent.out"
    qemu-system-x86_64 $accel -smp 2 -m 2048 -nodefaults -no-user-config -display none \
        -kernel "$work/kernel" -initrd "$work/initrd" -append "root=/dev/vda rw quiet console=tty0" \
        -drive "file=$work/disk,format=raw,if=virtio" -device "virtio-vga,xres=${size%x*},yres=${size#*x}" \
        -device qemu-xhci -device usb-tablet -device usb-kbd -serial "file:$out/console.txt" \
        -chardev "pipe,id=agent,path=$work/agent" -serial chardev:agent -monitor "pipe:$work/monitor" >"$out/qemu.txt" 2>&1 &
    vm=$!
    cat <&6 >/dev/null & # the monitor's answers are not needed, but must not fill the pipe
}

# guest COMMAND: runs it there, prints what it says. 1 also if there is no answer in time.
guest() {
    while IFS= read -r -t 0.05 -u 8 _; do :; done
    printf '%s\n' "$1" >&7
    while IFS= read -r -t "$((${2:-30} * SLOW))" -u 8 line; do
        case $line in "@@end "*) return "${line#@@end }" ;; "@@ready"*) ;; *) [ -z "$line" ] || printf '%s\n' "$line" ;; esac
    done
    return 1
}

shot() { # NAME: a picture of the screen; false if there is none
    rm -f "$out/$1.png"
    echo "screendump $out/$1.png -f png" >&5
    for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; identify "$out/$1.png" >/dev/null 2>&1 && return 0; done
    return 1
}

differs() { compare -metric AE -fuzz 5% "$1" "$2" null: 2>&1 | grep -o '^[0-9]*'; }

# Many colours, in the last quarter of the screen too: a window smaller than the screen leaves that black.
whole() { [ "$(identify -format %k "$1")" -gt 200 ] && [ "$(convert "$1" -gravity southeast -crop 50%x50%+0+0 -format %k info:)" -gt 50 ]; }

# home NAME SECONDS: waits for the home screen, and leaves in $seen when it was there. The first time that is a
# picture with many colours that stands still: the first frames are of another size, and say that models are
# being loaded. After that, one that hardly differs from it. (720 x 1280 are 921,600 points.)
home() {
    end=$((SECONDS + $2 * SLOW))
    still=$SECONDS
    seen=$(now)
    while [ $SECONDS -lt $end ] && kill -0 "$vm" 2>/dev/null; do
        shot "$1" || continue
        if [ "$1" != home ]; then
            seen=$(now)
            [ "$(differs "$out/home.png" "$out/$1.png")" -lt 60000 ] 2>/dev/null && return 0
        elif whole "$out/home.png" && [ "$(differs "$out/before.png" "$out/home.png")" = 0 ]; then
            [ $((SECONDS - still)) -lt $((4 * SLOW)) ] || { rm -f "$out/before.png"; return 0; }
        else
            still=$SECONDS
            seen=$(now)
            cp "$out/home.png" "$out/before.png"
        fi
    done
    return 1
}
gone() { for _ in $(seq 100); do shot "$1" && [ "$(differs "$out/home.png" "$out/$1.png")" -gt 200000 ] 2>/dev/null && return 0; done; return 1; }
program='$(grep -lx mianzheng /proc/[0-9]*/comm | cut -d / -f 3 | tail -n 1)'

echo "== image ($session)"
if [ -n "${IMAGE:-}" ] && [ -s "$IMAGE/disk" ]; then cp --sparse=always "$IMAGE"/* "$work/"; else
    build >"$out/build.txt" 2>&1 || { tail -n 20 "$out/build.txt"; exit 3; }
    grep '^note' "$out/build.txt"
    [ -z "${IMAGE:-}" ] || { mkdir -p "$IMAGE" && cp --sparse=always "$work/disk" "$work/kernel" "$work/initrd" "$IMAGE/"; }
fi
accelerate
. "$here/test-boot-checks.sh"
echo
if [ "$failed" = 0 ]; then echo "test-boot: all passed"; else echo "test-boot: $failed failed"; exit 1; fi
