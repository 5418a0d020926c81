# Sourced by test-boot.sh: what is tried on the machine.
audit="systemctl stop $unit; runuser -u mianzheng -- mianzheng --lang en --operator supervisor-1 --passwords /root/password audit verify --data /var/lib/mianzheng; r=\$?; systemctl start $unit; (exit \$r)"

echo "== power on"
t=$(now)
start
home home 180
r=$?
verdict $r "the home screen shows: $(since "$t" "$seen") after power on"
if [ $r != 0 ]; then
    # All that helps to see why.
    guest "systemctl --no-pager --full status $unit seatd; journalctl --no-pager -b -p warning; journalctl --no-pager --namespace=mianzheng -b | tail -n 60" | tee "$out/why.txt" | tail -n 80
    exit 1
fi
guest "systemctl is-active $unit" >/dev/null; verdict $? "systemd has it as ready"
echo "      $(guest 'systemd-analyze time' | head -n 1)"
guest "systemctl show -p NRestarts $unit | grep -q =0"; verdict $? "it did not need a second attempt"
guest 'cat /proc/'"$program"'/cgroup | grep -q system.slice/'"$unit"; verdict $? "program is in the unit's own control group"
guest 'grep -E "^(VmPeak|VmHWM|VmRSS|VmLck|VmSwap)" /proc/'"$program"'/status; cat /sys/fs/cgroup/system.slice/'"$unit"'.service/memory.peak /sys/fs/cgroup/system.slice/'"$unit"'.service/memory.current 2>/dev/null' | sed 's/^/      /'
guest 'grep -q "VmLck:.* [1-9]" /proc/'"$program"'/status'; verdict $? "its memory is locked"
guest 'cat /sys/module/kernel/parameters/consoleblank | grep -qx 0'; verdict $? "the console never blanks"
guest "systemd-analyze security --no-pager $unit" >"$out/security.txt"; echo "      $(tail -n 1 "$out/security.txt")"

echo "== devices"
# A serial bridge (FTDI) is plugged in while the kiosk runs; its driver was not even loaded when the unit started.
echo "chardev-add null,id=nothing" >&5
echo "device_add usb-serial,chardev=nothing,always-plugged=on" >&5
guest 'for i in $(seq 100); do [ -c /dev/ttyUSB0 ] && break; sleep 0.1; done; udevadm settle; stat -c "%G %a" /dev/ttyUSB0 | tee /dev/fd/2 | grep -qx "mianzheng 660"' >/dev/null; verdict $? "a serial bridge belongs to the kiosk"
inside="echo \$\$ >/sys/fs/cgroup/system.slice/$unit.service/cgroup.procs"
guest "sh -c '$inside; exec runuser -u mianzheng -- sh -c \"exec 3<>/dev/ttyUSB0\"'" >"$out/device.txt"; verdict $? "and opens from within the unit"
guest "sh -c '$inside; exec head -c 1 /dev/vda >/dev/null'" >>"$out/device.txt"; [ $? != 0 ]; verdict $? "the disk does not, not even for root"
guest 'for i in /sys/bus/usb/devices/*:*; do [ "$(cat $i/bInterfaceClass)" != 03 ] || grep -H -v on $i/../$(basename $i | cut -d: -f1)/power/control $(readlink -f $i/..)/power/control 2>/dev/null; done | grep .' >"$out/usb.txt"; [ $? != 0 ]; verdict $? "keyboards and touch screens never sleep"
guest "runuser -u mianzheng -- sh -c 'exec 3</dev/input/event0'" >>"$out/device.txt"; [ $? != 0 ]; verdict $? "the kiosk's user reads no keyboard by itself"

echo "== the program is killed"
t=$(now)
guest "kill -9 $program"
gone killed; home killed 60
verdict $? "home again: $(since "$t" "$seen") after kill -9"

echo "== the program stops answering"
t=$(now)
guest "kill -STOP $program; old=$program; for i in \$(seq 300); do sleep 0.1; new=$program; [ -n \"\$new\" ] && [ \"\$new\" != \"\$old\" ] && break; done; [ \"\$new\" != \"\$old\" ]" 60
verdict $? "the watchdog ended it: $(since "$t") after it was stopped, there is a new one"
home stopped 60
verdict $? "home again: $(since "$t" "$seen")"

echo "== the power is cut"
# What the guest had not yet written is lost, as without power; what its disk had taken is not.
kill -9 "$vm"
{ wait "$vm"; } 2>/dev/null
t=$(now)
start
home cut 180
verdict $? "home again: $(since "$t" "$seen") after power came back"
guest 'while [ "$(systemctl is-system-running)" = starting ]; do sleep 0.2; done' 60

echo "== afterwards"
guest "printf 'long enough for a test 7\n' >/root/password; chmod 755 /root; chmod 644 /root/password; $audit" 60 | sed 's/^/      /'
verdict "${PIPESTATUS[0]}" "store and audit log are whole"
guest "systemctl --no-pager --failed --plain --no-legend" >"$out/failed.txt" && [ ! -s "$out/failed.txt" ]; verdict $? "no unit has failed"
guest "journalctl --no-pager -b -p err -o short-monotonic" >"$out/errors.txt"
r=$?
! grep -v -e '^-- ' "$out/errors.txt" | grep -q -i -e mianzheng -e cage -e seatd || r=1
verdict $r "no error about the kiosk in the machine's journal ($(grep -c -v -e '^-- ' "$out/errors.txt") others)"
guest "journalctl --no-pager --namespace=mianzheng" >"$out/journal.txt"
grep -q 'max 64.0M' "$out/journal.txt"; verdict $? "it is limited to 64 MB"
[ -s "$out/journal.txt" ]; verdict $? "the kiosk's own journal has its words ($(wc -l <"$out/journal.txt") lines)"

t=$(now)
guest "systemctl stop $unit" 60
stopped=$(since "$t")
guest "sleep 2; systemctl is-failed $unit mianzheng-later@$unit" >"$out/stop.txt"; [ $? != 0 ]; verdict $? "who stops it finds it stopped, not failed, after $stopped"
guest "journalctl --no-pager -u $unit -u mianzheng-later@$unit -o short-monotonic | tail -n 40" >>"$out/stop.txt"
# cage ends in its own way; on X the program itself is what systemd sees.
if [ "$unit" = mianzheng-x11 ]; then guest '[ "$(systemctl show -P ExecMainCode -P ExecMainStatus mianzheng-x11 | tr "\n" " ")" = "1 0 " ]'; verdict $? "and it closed by itself, shutting what it had opened"; fi
guest "systemctl start $unit"; home again 60

echo "== it fails again and again"
guest "systemctl stop $unit; mv /usr/bin/mianzheng /usr/bin/away; systemctl start --no-block $unit; for i in \$(seq 300); do sleep 0.2; [ \"\$(systemctl is-active mianzheng-later@$unit)\" = activating ] && break; done; systemctl is-active mianzheng-later@$unit" 90 >/dev/null
guest "[ \"\$(systemctl is-active mianzheng-later@$unit)\" = activating ]"; verdict $? "after six attempts it pauses"
t=$(now)
guest "mv /usr/bin/away /usr/bin/mianzheng"
home later 120
verdict $? "and comes back by itself: $(since "$t" "$seen") after it could"
guest "journalctl --no-pager -u $unit -u mianzheng-later@$unit -o short-monotonic | tail -n 40" >"$out/later.txt"
