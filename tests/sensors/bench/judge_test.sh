#!/bin/sh
# judge_test.sh BLACKTOP PYTHON ROW: one row of the bench at small size, scored by a program that is
# not ours. Skips (77) where the judges are not installed (.ci/judges). The word after a slash breaks
# one model in the camera, not in the truth: then that row, and nothing else, must be off.
set -eu
blacktop=$1 python=$2 row=$3
here=$(cd "$(dirname "$0")" && pwd)
[ -x "$python" ] || { echo "no judges: run .ci/judges (network needed once)"; exit 77; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/bench_test.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# bench SHEET CHART OPTIONS...: exit code 1, a quantity off, is for the judge to say
bench() {
    sheet=$1 chart=$2
    shift 2
    code=0
    nice "$blacktop" camera bench "$sheet" --chart "$chart" --out "$folder/out" "$@" || code=$?
    [ "$code" -le 1 ] || exit 1
}
# broken FROM TO: the test camera with one number changed
broken() {
    sed "s/$1/$2/" "$here/mono.lua" >"$folder/broken.lua"
    if cmp -s "$here/mono.lua" "$folder/broken.lua"; then
        echo "nothing was broken"
        exit 1
    fi
}
judge() {
    BLACKTOP=$blacktop BENCH_SHEET=$sheet "$python" "$here/judges/$1.py" "$folder/out" ${2:+--fails "$2"}
}

mono=$here/mono.lua
spatial="--size 240x180 --reads 60 --samples 16"
edges="--size 240x240 --steps 1 --samples 64 --reads 16"
board="--size 320x240 --steps 12 --samples 96"
rolling="--size 160x160 --samples 128"
case $row in
flat) bench cameras/front_1mp.lua flat-field --size 384x288 && judge emva ;;
flat/qe)
    broken "0.55, 0.7, 0.6" "0.55, 0.68, 0.6"
    bench "$folder/broken.lua" flat-field --size 240x180 --truth "$mono" && judge emva eta ;;
spatial) bench "$mono" spatial $spatial && judge emva ;;
spatial/prnu)
    broken "prnu = 0.005" "prnu = 0"
    bench "$folder/broken.lua" spatial $spatial --truth "$mono" && judge emva PRNU ;;
spectral) bench cameras/front_1mp.lua spectral --size 48x48 && judge spectral ;;
edges) bench "$mono" edges $edges && judge edge ;;
edges/diffraction)
    broken "blur_sigma_px = 0.55" "point_spread = true"
    bench "$folder/broken.lua" edges $edges && judge edge ;;
board)
    # an array of this size: pixels binned by two see corners too sharp for any detector
    sed "s/640, height_px = 480/320, height_px = 240/; s/fx_px = 600/fx_px = 300/" "$mono" \
        >"$folder/small.lua"
    bench "$folder/small.lua" checkerboard $board && judge board ;;
rolling) bench "$mono" rolling $rolling && judge rolling ;;
rolling/row)
    broken "row_time_s = 25e-6" "row_time_s = 25.1e-6"
    bench "$folder/broken.lua" rolling $rolling --truth "$mono" && judge rolling row_time ;;
colors) bench cameras/front_1mp.lua colors --steps 1 --size 96x64 --samples 1024 --reads 100 && judge colors ;;
steps) bench cameras/ox03c10.lua steps --steps 51 && judge steps ;;
steps/imx490) bench cameras/imx490.lua steps --steps 51 && judge steps ;;
steps/noise)
    # the first read alone is noisier than the sheet says: its range, what is fused, and both SNRs
    sed "s/read_noise_e = guessed(0.9/read_noise_e = guessed(1.8/" assets/cameras/ox03c10.lua >"$folder/broken.lua"
    bench "$folder/broken.lua" steps --steps 51 --truth cameras/ox03c10.lua
    sheet=cameras/ox03c10.lua
    judge steps dynamic_range,snr_off ;;
flicker) bench "$mono" flicker --steps 3 && judge flicker ;;
flicker/row)
    broken "row_time_s = 25e-6" "row_time_s = 25.2e-6"
    bench "$folder/broken.lua" flicker --steps 1 --truth "$mono"
    sheet=$mono
    judge flicker band_period ;;
windshield) bench "$mono" windshield --size 64x64 --steps 2 --samples 64 && judge windshield ;;
flare) bench "$mono" flare --samples 16 && judge flare ;;
energy) bench cameras/front_1mp.lua energy --samples 512 && judge energy ;;
*)
    echo "no row '$row'"
    exit 1
    ;;
esac
