#!/bin/sh
# every_sheet.sh [SHEET...]: each shipped camera, or those named, before every chart of the bench in small. A line each: how
# many quantities were measured and how many were off (so few pixels cannot tell all of them), or why the chart refused.
# Fails where the program crashed, refused in more or less than one line, or wrote what is no number.
set -eu
cd "$(dirname "$0")/../.."
blacktop=build/release/blacktop
out=$(mktemp -d "${TMPDIR:-/tmp}/every_sheet.XXXXXX")
trap 'rm -rf "$out"' EXIT
failures=0

# small CHART: its options
small() {
    case $1 in
    flat-field) echo --size 256x192 --steps 24 ;;
    spatial) echo --size 48x48 --steps 8 --reads 4 --samples 16 ;;
    dark) echo --size 32x32 ;;
    spectral) echo --size 16x16 --samples 64 ;;
    colors) echo --size 48x32 --steps 1 --reads 50 ;;
    edges) echo --size 160x160 --steps 1 --samples 128 --reads 8 ;;
    checkerboard) echo --size 160x120 --steps 4 --samples 256 --reads 4 ;;
    rolling) echo --size 128x96 --samples 256 --reads 4 ;;
    steps) echo --size 32x32 --steps 31 ;;
    flicker) echo --steps 1 --samples 64 --reads 8 ;;
    windshield) echo --size 128x128 --steps 1 --samples 256 ;;
    flare) echo --samples 1024 --reads 8 ;;
    energy) echo --samples 256 ;;
    esac
}

fail() {
    echo "    FAILED: $1"
    failures=$((failures + 1))
}

run() {
    rm -rf "$out/run"
    code=0
    # shellcheck disable=SC2046 # a list of options
    timeout 300 nice "$blacktop" camera bench "cameras/$1.lua" --chart "$2" --out "$out/run" --report $(small "$2") \
        >"$out/said" 2>"$out/complaint" || code=$?
    case $code in
    0 | 1) printf '%-16s %-13s %s\n' "$1" "$2" "$(sed 's/.*: \([0-9]* quantities.*off\);.*/\1/' "$out/said")" ;;
    2) printf '%-16s %-13s %s\n' "$1" "$2" "$(cat "$out/complaint")" ;;
    *) fail "$1 $2: exit code $code: $(tail -1 "$out/complaint")" ;;
    esac
    [ "$code" -ne 2 ] || [ "$(wc -l <"$out/complaint")" -eq 1 ] || fail "$1 $2: refused, but not in one line"
    [ "$code" -gt 1 ] || ! grep -niE '(^|[^a-z])-?(nan|inf)([^a-z]|$)' "$out/run/truth.csv" "$out/run/scores.csv" \
        "$out/run/report.html" || fail "$1 $2: no number"
}

if [ $# -eq 0 ]; then # files there that are no sheets are what sheets share
    for file in assets/cameras/*.lua; do
        name=$(basename "$file" .lua)
        ! "$blacktop" camera sheet "cameras/$name.lua" >/dev/null 2>&1 || set -- "$@" "$name"
    done
fi
charts=$("$blacktop" camera bench --help | awk '/^Charts/ { on = 1; next } on && /^  [a-z]/ { print $1 }')
[ -n "$charts" ] || { echo "no charts in the help"; exit 1; }
for sheet in "$@"; do
    for chart in $charts; do
        run "$sheet" "$chart"
    done
done
echo "$failures failed"
[ "$failures" -eq 0 ]
