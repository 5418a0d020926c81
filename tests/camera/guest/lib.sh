# For the scripts of this folder.

# plug PORT NAME INTERVALS PICTURE...: a webcam, running.
plug() {
    port=$1
    echo run >"/tmp/word$port"
    name=$2
    intervals=$3
    shift 3
    webcam "$port" "$name" "/tmp/word$port" "$intervals" "$@" &
}

# word PORT WORD
word() { echo "$2" >"/tmp/word$1"; }

# node PRESENT|ABSENT NAME: waits until such a capture node is there, or is not.
node() {
    tries=0
    while [ $tries -lt 100 ]; do
        found=absent
        for one in /sys/class/video4linux/*; do
            [ -r "$one/name" ] && grep -q "$2" "$one/name" && found=present
        done
        [ "$found" = "$1" ] && return 0
        sleep 0.1
        tries=$((tries + 1))
    done
    echo "no: $2 is not $1"
}

# say WHO WHAT: with the time since the machine started, in milliseconds, as the programs do.
say() { echo "$(cut -d' ' -f1 /proc/uptime | tr -d .)0 $1: $2"; }

# case NAME: what follows belongs to it.
case_() { echo "case $1"; }

# lab WORDS...: as the user of the kiosk, who is nobody else.
lab_() { su kiosk -s /bin/sh -c "exec lab $*"; }
