#!/bin/bash
# test-install.sh [DEB]: installs the package in a clean Debian, uses it, upgrades, removes and purges it.
# Prints PASS or FAIL for each check; ends with 1 if one failed. Pictures and what was said: out/package/.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/root.sh"
enclose "$0" "$@"
top=$(cd "$here/../.." && pwd)
out=$top/out/package
deb=$(realpath "${1:-$(ls -t "$out"/mianzheng_*.deb | head -n 1)}")
failed=0

check() {
    what=$1
    shift
    [ ! -e "$out/last.txt" ] || mv "$out/last.txt" "$out/said.txt" # by the check before
    if "$@" >"$out/last.txt" 2>&1; then echo "PASS  $what"; else
        echo "FAIL  $what"; sed 's/^/      /' "$out/last.txt" | tail -n 15; failed=$((failed + 1))
    fi
}
refused() { ! "$@"; }

mkdir -p "$out"
new_root "$out/root"
# The root is large, and of no use afterwards.
trap 'umount -R "$root/proc" "$root/sys" "$root/dev/shm" "$root/tmp/.X11-unix" 2>/dev/null; rm -rf --one-file-system "$root"' EXIT
in_root apt-get update -qq >"$out/apt.log" 2>&1 || { tail "$out/apt.log"; exit 3; }

# Variants of the package: newer with everything, older with nothing but its scripts. Not compressed: quick.
variant() { # NAME VERSION
    dpkg-deb -R "$deb" "$root/var/tmp/$1"
    sed -i "s/^Version: .*/Version: $2/" "$root/var/tmp/$1/DEBIAN/control"
    [ "$1" != older ] || find "$root/var/tmp/$1/usr" -type f ! -path '*/sysusers.d/*' -delete
    dpkg-deb -Znone -b "$root/var/tmp/$1" "$root/var/tmp/$1.deb" >/dev/null
    rm -rf "${root:?}/var/tmp/$1"
}
cp "$deb" "$root/var/tmp/now.deb"
variant newer 99.0-1
variant older 0.0.1-1
apt() { in_root apt-get install -y -qq --allow-downgrades --no-install-recommends "/var/tmp/$1.deb"; }
answer() { echo "mianzheng mianzheng/purge-data boolean $1" | in_root debconf-set-selections; }
# `people list` opens the store with its key: what it says proves that both are there and fit.
data_opens() { as_user mianzheng mianzheng --operator supervisor-1 --passwords /run/password people list --json --data /var/lib/mianzheng; }
owned_by_root() { in_root sh -c '[ "$(stat -c "%U %a" /var/lib/mianzheng)" = "root 700" ] && [ -e /var/lib/mianzheng/keys ] && [ -e /var/lib/mianzheng/KEPT.txt ]'; }

echo "== install"
check "apt installs it with its dependencies" apt now
check "it says its version" in_root mianzheng --version
check "the user is there, with no shell and these groups" in_root sh -c 'id mianzheng && getent passwd mianzheng | grep -q nologin && id -nG mianzheng | grep -q "video" && ! id -nG mianzheng | grep -qw input'
check "data are the user's alone" in_root sh -c '[ "$(stat -c "%U %a" /var/lib/mianzheng)" = "mianzheng 700" ]'
check "no unit is enabled, as nobody said so" in_root sh -c '! ls /etc/systemd/system/*.wants/mianzheng* 2>/dev/null'
check "no site file is shipped" in_root sh -c '! [ -e /etc/mianzheng/site.toml ]'
check "units are well-formed" in_root sh -c 'm=$(systemd-analyze verify --recursive-errors=no /usr/lib/systemd/system/mianzheng.service /usr/lib/systemd/system/mianzheng-x11.service 2>&1 | grep mianzheng | grep -v -E "Xorg|seatd|cage"); [ -z "$m" ] || { echo "$m"; false; }'
check "equal clips are links" in_root sh -c '[ "$(find /usr/share/mianzheng/voice -type l | wc -l)" -gt 100 ] && ! find -L /usr/share/mianzheng/voice -type l | grep .'

echo "== first run"
check "setup makes site file, store and supervisor" set_up_site
cp "$root/etc/mianzheng/site.toml" "$out/site-before.toml" 2>/dev/null
check "the store opens" data_opens

echo "mianzheng mianzheng/session select wayland" | in_root debconf-set-selections
check "dpkg-reconfigure enables the session that is chosen, and only that" in_root sh -c 'dpkg-reconfigure mianzheng && [ "$(ls /etc/systemd/system/multi-user.target.wants | grep mianzheng)" = mianzheng.service ]'

echo "== doctor and demo, on the host's Xvfb: the root has only what the package asks for"
# A display number nobody has. If this script dies the server goes too: the namespace sees to that.
number=97
while [ -e "/tmp/.X11-unix/X$number" ]; do number=$((number + 1)); done
mkdir -p /tmp/.X11-unix "$root/tmp/.X11-unix"
Xvfb ":$number" -screen 0 720x1280x24 -nolisten tcp >"$out/xvfb.log" 2>&1 &
xvfb=$!
for _ in $(seq 50); do [ -S "/tmp/.X11-unix/X$number" ] && break; sleep 0.1; done
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
export DISPLAY=":$number"
# As the unit does; where this machine does not allow it, doctor must say so.
lift="prlimit --memlock=unlimited" memory=""
in_root $lift true 2>/dev/null || lift="" memory="|swap may hold"
in_root $lift runuser -u mianzheng -- mianzheng --lang en doctor --site /etc/mianzheng/site.toml --data /var/lib/mianzheng >"$out/doctor.txt" 2>&1
sed 's/^/      /' "$out/doctor.txt"
# Red may be only what is not plugged in here, and the site's own recordings. (With the unit's limit on locked memory.)
check "doctor has only devices to complain about" sh -c "grep -q '^\[' '$out/doctor.txt' && ! grep -v '^\[ok\]' '$out/doctor.txt' | grep '^\[' | grep -v -i -E 'camera|sound device|recording|reader$memory'"
in_root useradd -m visitor
cp "$(ls -t "$out"/mianzheng-demo_*.deb | head -n 1)" "$root/var/tmp/demo.deb"
check "the sample people are a package of their own" in_root apt-get install -y -qq --no-install-recommends /var/tmp/demo.deb
(cd "$root" && as_user visitor sh -c 'cd && exec mianzheng demo --voice off' >"$out/demo.txt" 2>&1) &
demo=$!
# Up when the screen has more than a few colours.
home() { import -silent -window root "$out/home.png" && [ "$(identify -format %k "$out/home.png")" -gt 50 ]; }
for _ in $(seq 40); do home && break; sleep 0.5; done
sleep 1
check "demo shows its first screen to an ordinary user ($out/home.png)" home
kill "$demo" "$xvfb" 2>/dev/null
unset DISPLAY

check "and go again" in_root apt-get purge -y -qq mianzheng-demo

echo "== upgrade"
check "a newer version installs over it" apt newer
check "the session is still enabled" in_root test -L /etc/systemd/system/multi-user.target.wants/mianzheng.service
check "the site file is as it was" cmp "$root/etc/mianzheng/site.toml" "$out/site-before.toml"
check "the store opens" data_opens
check "an older version is refused" refused apt now
cp "$out/last.txt" "$out/downgrade.txt"
check "it says why, in English and Chinese" sh -c "grep -q 'is older' '$out/downgrade.txt' && grep -q 旧版 '$out/downgrade.txt' && grep -q 舊版 '$out/downgrade.txt'"
check "the newer one stays, whole" in_root sh -c '[ "$(dpkg-query -W -f="\${Version} \${db:Status-Abbrev}" mianzheng)" = "99.0-1 ii " ] && mianzheng --version'

echo "== remove"
check "remove" in_root apt-get remove -y -qq mianzheng
check "it says that data stay" grep -q '/var/lib/mianzheng;' "$out/said.txt"
check "data and site file are there" in_root sh -c '[ -e /var/lib/mianzheng/store/mianzheng.db ] && [ -e /etc/mianzheng/site.toml ]'
check "an older version is refused beside them" refused apt older
check "the same version takes them up" apt newer
check "the store opens" data_opens

echo "== purge"
check "purge by a script, without an answer" in_root apt-get purge -y -qq mianzheng
check "it says what it kept" grep -q KEPT.txt "$out/said.txt"
check "it kept everything, for root alone" owned_by_root
check "an older version is refused even now" refused apt older
check "installing takes it up" apt newer
check "the store opens" data_opens
# Answered at the question, not beforehand: debconf's editor frontend, and an editor that says yes.
printf '#!/bin/sh\nsed -i "s/^mianzheng\\/purge-data=.*/mianzheng\\/purge-data=\\"yes\\"/" "$1"\n' >"$root/root/says-yes"
chmod 755 "$root/root/says-yes"
check "purge, asked and answered: destroy" chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=editor EDITOR=/root/says-yes TERM=dumb dpkg --purge mianzheng
check "nothing is left" in_root sh -c '[ ! -e /var/lib/mianzheng ] && [ ! -e /etc/mianzheng ]'
check "installing starts anew" apt newer
check "setup makes site file, store and supervisor" set_up_site
answer false
check "purge with the answer: keep" in_root apt-get purge -y -qq mianzheng
check "it kept everything, for root alone" owned_by_root
check "installing takes it up" apt newer
check "the store opens" data_opens
answer true
# A second name for a key shows what was written over it.
check "a key is at hand to be looked at" sh -c "ln '$root'/var/lib/mianzheng/keys/* '$root/var/tmp/' && ls -l '$root'/var/lib/mianzheng/keys"
check "purge with the answer: destroy" in_root apt-get purge -y -qq mianzheng
check "nothing is left" in_root sh -c 'for f in /var/lib/mianzheng /etc/mianzheng /usr/share/mianzheng /usr/bin/mianzheng; do [ ! -e $f ] || { ls -ld $f; exit 1; }; done'
check "nothing is left of its keys under another name" sh -c "for f in '$root'/var/tmp/*; do case \$f in *.deb) ;; *) ! tr -d '\\000' <\$f | grep -q . || exit 1 ;; esac; done"
check "now an older version may come" apt older

echo
if [ "$failed" = 0 ]; then echo "test-install: all passed"; else echo "test-install: $failed failed"; exit 1; fi
