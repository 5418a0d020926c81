#!/bin/sh
# Sourced by test-install.sh and test-boot.sh: a clean Debian root in $root, and how to work in it.
# The caller runs in a mount namespace of its own (see enclose), so every mount goes with the last process,
# however it ends.

suite=${SUITE:-bookworm}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mianzheng

# Starts the calling script again where its mounts and processes are its own.
enclose() {
    [ "${ENCLOSED:-}" = "$suite" ] && return 0
    [ "$(id -u)" = 0 ] || { echo "$(basename "$1"): needs root (chroot, mounts)" >&2; exit 3; }
    ENCLOSED=$suite exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$@"
}

# The first mirror of the host that has this suite, whatever it is.
mirror() {
    apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
        awk -v suite="$suite" '$2 == suite { print $1; exit }'
}

# A tarball of a minimal Debian, made once.
base_tar() {
    tar=$cache/debian-root.tar
    [ -s "$tar" ] && return 0
    mkdir -p "$cache"
    fresh=$(mktemp -d "$cache/debootstrap.XXXXXX")
    chmod 755 "$fresh" # becomes / of the root
    debootstrap --variant=minbase "$suite" "$fresh" "$(mirror)" >"$fresh.log" 2>&1 || { tail -n 5 "$fresh.log" >&2; exit 3; }
    rm -rf "$fresh"/var/cache/apt/archives/*.deb
    tar -C "$fresh" --numeric-owner -cf "$tar.part" . && mv "$tar.part" "$tar"
    rm -rf "$fresh" "$fresh.log"
}

# new_root DIR: unpacked, with the host's package sources, its proxy and its resolver.
new_root() {
    root=$1
    base_tar
    rm -rf "$root" && mkdir -p "$root"
    tar -C "$root" -xf "$cache/debian-root.tar"
    rm -f "$root/etc/apt/sources.list"
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(CODENAME)' 'Created-By: Packages' |
        awk -v suite="$suite" 'index($4, suite) == 1 { print "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]", $1, $4, $3 }' |
        sort -u >"$root/etc/apt/sources.list.d/host.list"
    apt-config dump | grep -E '^Acquire::(http|https)::(Proxy|CaInfo)' >"$root/etc/apt/apt.conf.d/99host" || true
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    cp -L /etc/hosts "$root/etc/hosts"
    # Nothing is started in here.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sys "$root/sys"
    mount -t tmpfs tmpfs "$root/dev/shm" 2>/dev/null || true
}

# Runs a command in the root, with nothing of the host's environment.
in_root() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive ${DISPLAY:+DISPLAY="$DISPLAY"} "$@"
}

# The same as a user.
as_user() {
    user=$1
    shift
    in_root runuser -u "$user" -- "$@"
}

# The guided first run, answered from here. Signs, so that everything an office does is done.
set_up_site() {
    printf 'long enough for a test 7\n' >"$root/run/password"
    chmod 644 "$root/run/password"
    printf '%s\n' 1 'Sample Service Centre' 'phone 12345' '1 Sample Road, Sample City' 'phone 12345' 'T-01' 365 '' \
        'one person, 40 to 90 cm before the device' 'on the front, at the top' \
        'two clerks, trained each year' 'supervisor and auditor only' 'the supervisor on duty' \
        'necessary and proportionate' 'supervisor-1' y |
        as_user mianzheng mianzheng --lang en setup --data /var/lib/mianzheng --out /etc/mianzheng/site.toml --new-password /run/password
}
