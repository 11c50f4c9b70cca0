#!/bin/sh
# every_map.sh: drives a fifth of a second on every OpenDRIVE file below a folder and proves each clip.
#
# usage: tests/bench/every_map.sh FOLDER [BLACKTOP], from the project's root. One line a map; exit
# code 1 when one failed. A verdict of fail is no failure here, a refusal or a finding is.
set -u
folder=${1:?usage: every_map.sh FOLDER [BLACKTOP]}
blacktop=${2:-build/release/blacktop}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
find "$folder" -name '*.xodr' | sort >"$out/maps"
failed=0
while IFS= read -r map; do
    rm -rf "$out/clip"
    "$blacktop" run scenarios/first_drive.lua --out "$out/clip" --quiet --set map="$map" \
        --set seconds=0.2 --size 160x100 --spp 1 2>"$out/log" </dev/null
    code=$?
    if [ "$code" -gt 1 ] || ! "$blacktop" check "$out/clip" >"$out/check"; then
        failed=$((failed + 1))
        echo "FAILED $map"
        cat "$out/log" "$out/check" 2>/dev/null
    else
        tail -n 1 "$out/check" | sed "s|^[^:]*|$map|"
    fi
done <"$out/maps"
echo "$(wc -l <"$out/maps") maps, $failed failed"
[ "$failed" -eq 0 ]
