#!/bin/sh
# every_scenario.sh: the first frame of every scenario that is shipped, to be looked at, and what each
# takes: the world, the light, the memory.
#
# usage: tests/bench/every_scenario.sh OUT [SIZE [SAMPLES]]      (480x300, 16)
set -eu
out=$1
size=${2:-480x300}
samples=${3:-16}
failed=0
for scenario in scenarios/*.lua; do
    name=$(basename "$scenario" .lua)
    begun=$(date +%s)
    status=0
    build/release/blacktop run "$scenario" --out "$out/$name" --quiet --size "$size" --spp "$samples" \
        --frames 0 --labels none || status=$?
    [ "$status" -le 1 ] || failed=$((failed + 1)) # 1: the verdict is against the ego
    echo "$name: exit code $status, $(($(date +%s) - begun)) s"
done
echo "$failed failed"
[ "$failed" -eq 0 ]
