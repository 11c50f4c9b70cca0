#!/bin/sh
# every_sheet.sh [SHEET...]: each shipped camera, or those named, before every chart of the bench in small. A line each: how
# many quantities were measured and how many were off, or why the chart refused; beneath it the first that are off.
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
    flat-field) echo --size 384x288 ;;
    spatial) echo --size 48x48 --steps 8 --reads 4 --samples 16 ;;
    dark) echo --size 32x32 ;;
    spectral) echo --size 16x16 ;;
    colors) echo --size 48x32 --steps 1 --reads 50 --samples 2048 ;;
    edges) echo --size 256x256 --steps 1 --samples 128 --reads 8 ;;
    checkerboard) echo --size 160x120 --steps 4 --samples 1024 --reads 16 ;;
    rolling) echo --size 128x96 --samples 256 --reads 4 ;;
    steps) echo --steps 51 ;;
    flicker) echo --steps 1 ;;
    windshield) echo --size 128x128 --steps 1 --samples 1024 ;;
    flare) echo --samples 1024 --reads 8 ;;
    energy) echo --samples 256 ;;
    star) echo --samples 2048 ;;
    headlamp) echo --samples 16 ;;
    retro) echo --samples 64 ;;
    contrast) echo --steps 6 ;;
    esac
}

fail() {
    echo "    FAILED: $1"
    failures=$((failures + 1))
}

# off: of the run's scores those that are off, as "quantity where: measured, true unit, allowed below and above"
off() {
    awk -F, '$NF == "no" && ++n <= 5 { printf "    %s %s: %s, true %s %s, allowed -%s +%s\n", $1, $2, $3, $4, $5, $6, $7 }
             END { if (n > 5) printf "    and %d more\n", n - 5 }' "$out/run/scores.csv"
}

run() {
    rm -rf "$out/run"
    code=0
    # shellcheck disable=SC2046 # a list of options
    timeout 1800 nice "$blacktop" camera bench "cameras/$1.lua" --chart "$2" --out "$out/run" --report $(small "$2") \
        >"$out/said" 2>"$out/complaint" || code=$?
    case $code in
    0 | 1) printf '%-16s %-13s %s\n' "$1" "$2" "$(sed 's/.*: \([0-9]* quantities.*off\);.*/\1/' "$out/said")" ;;
    2) printf '%-16s %-13s %s\n' "$1" "$2" "$(cat "$out/complaint")" ;;
    *) fail "$1 $2: exit code $code: $(tail -1 "$out/complaint")" ;;
    esac
    [ "$code" -ne 1 ] || off
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
