#!/bin/sh
# first_drive.sh: seconds per frame of the first drive: 640x400, 32 samples, one camera.
#
# usage: tests/bench/first_drive.sh [BLACKTOP], from the project's root. Prints the machine's name,
# then seconds of light per frame and of everything per frame.
set -eu
blacktop=${1:-build/release/blacktop}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf '%s, %s threads\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)"
"$blacktop" run scenarios/first_drive.lua --out "$out/clip" --set seconds=0.6 --size 640x400 \
    --spp 32 2>"$out/log"
grep -E 'frames [0-9]+ of' "$out/log" | tail -n 1
tail -n 1 "$out/log"
