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
# pupil FILE: the test camera with its point spread from a pupil: central stop, aberrations, axial colour
pupil() {
    sed "s/blur_sigma_px = 0.55,/point_spread = true, obscuration = 0.2,\\
        zernike = { value = { { noll = 4, axis_m = 20e-9, edge_m = 0 }, { noll = 11, axis_m = 30e-9, edge_m = 0 } } },\\
        axial_color = { wavelength_nm = { 440, 540, 640 }, value = { 6e-6, 0, 4e-6 } },/" "$mono" >"$1"
}
# split FILE: the test camera with a second, small photodiode and two conversion gains, fused and companded
split() {
    sed "s/^}/    small = { sensitivity = 0.1, full_well_e = 8000, prnu = 0.005, dsnu_e = 2, dark_current_e_s = 2 },\\
        reads = { { name = 'high', conversion_e_dn = 1.5, read_noise_e = 2 }, { name = 'low' },\\
            { name = 'small', small = true, read_noise_e = 4 } },\\
        hdr = { bits = 18, black_dn = 64, output_bits = 16 },\\
        companding = { linear_dn = { 0, 16384, 262143 }, code_dn = { 0, 16384, 65535 } },\\
    }/" "$mono" >"$1"
}
# one thread: more would spin beside the small matrices of a judge
judge() {
    OPENBLAS_NUM_THREADS=1 BLACKTOP=$blacktop BENCH_SHEET=$sheet "$python" "$here/judges/$1.py" "$folder/out" ${2:+--fails "$2"}
}

mono=$here/mono.lua
spatial="--size 240x180 --reads 60 --samples 16"
edges="--size 160x160 --samples 64 --reads 1024" # a standard error of 0.1 % of MTF50
board="--size 320x240 --steps 6"
flare="--samples 2048"  # the light's own error (truth.csv) is a fortieth of what glare may be off at most
headlamp="--samples 16" # a tenth of what candela may be off
rolling="--size 160x160"
colors="--size 60x40 --steps 1 --reads 4000 --samples 400" # so many that errors bring less than 0.3 of CIEDE2000
star="--samples 1024"
case $row in
flat) bench cameras/front_1mp.lua flat-field --size 480x360 && BENCH_TIER_A=1 judge emva ;;
flat/qe)
    broken "0.55, 0.7, 0.6" "0.55, 0.68, 0.6"
    bench "$folder/broken.lua" flat-field --size 240x180 --truth "$mono" && judge emva eta ;;
flat/reads)
    split "$folder/split.lua"
    bench "$folder/split.lua" flat-field --size 240x180 && BENCH_TIER_A=1 judge emva ;;
spatial) bench "$mono" spatial $spatial && judge emva ;;
spatial/prnu)
    broken "prnu = 0.005" "prnu = 0"
    bench "$folder/broken.lua" spatial $spatial --truth "$mono" && judge emva PRNU ;;
spectral) bench cameras/front_1mp.lua spectral --size 48x48 && judge spectral ;;
edges) bench "$mono" edges --size 224x224 --samples 128 --reads 128 --steps 1 && judge edge && judge sfr ;;
edges/blur)
    broken "blur_sigma_px = 0.55" "blur_sigma_px = 0.57"
    bench "$folder/broken.lua" edges $edges --steps 1 --truth "$mono" && judge edge MTF,MTF50 && judge sfr MTF,MTF50 ;;
edges/pupil)
    # off the axis, at three wavelengths
    pupil "$folder/pupil.lua"
    bench "$folder/pupil.lua" edges $edges --steps 3 && judge edge ;;
edges/mosaic)
    # a plane of a mosaic aliases so much that a line fitted without regard to it is off
    pupil "$folder/pupil.lua"
    sed 's/mosaic = "MONO"/mosaic = "RGGB"/; s/mono = \(.*\) },$/red = \1, green = \1, blue = \1 },/' "$folder/pupil.lua" \
        >"$folder/mosaic.lua"
    bench "$folder/mosaic.lua" edges --size 256x256 --samples 64 --reads 512 --steps 1 && judge edge ;;
edges/color)
    # blue and red are shifted by parts of a pixel, which costs them no sharpness
    pupil "$folder/pupil.lua"
    sed "s/obscuration = 0.2,/lateral_color = { wavelength_nm = { 440, 540, 640 }, value = { 9e-4, 0, -4e-4 } },/" \
        "$folder/pupil.lua" >"$folder/color.lua"
    sed "s/9e-4, 0, -4e-4/9e-4, 0, -6e-4/" "$folder/color.lua" >"$folder/broken.lua"
    bench "$folder/broken.lua" edges $edges --steps 3 --truth "$folder/color.lua"
    judge edge lateral_color ;;
board)
    # an array of this size: pixels binned by two see corners too sharp for any detector
    sed "s/640, height_px = 480/320, height_px = 240/; s/fx_px = 600/fx_px = 300/" "$mono" \
        >"$folder/small.lua"
    bench "$folder/small.lua" checkerboard $board && judge board ;;
rolling) bench "$mono" rolling $rolling && judge rolling ;;
rolling/row)
    broken "row_time_s = 25e-6" "row_time_s = 25.1e-6"
    bench "$folder/broken.lua" rolling $rolling --truth "$mono" && judge rolling row_time ;;
colors) bench cameras/front_1mp.lua colors $colors && judge colors ;;
colors/fused) bench cameras/imx490.lua colors $colors && judge colors ;;
steps) bench cameras/ox03c10.lua steps --steps 51 && judge steps ;;
steps/imx490) bench cameras/imx490.lua steps --steps 51 && judge steps ;;
steps/noise)
    # the first read alone is noisier than the sheet says: its range, what is fused, and both SNRs
    sed "s/read_noise_e = guessed(0.9/read_noise_e = guessed(1.8/" assets/cameras/ox03c10.lua >"$folder/broken.lua"
    bench "$folder/broken.lua" steps --steps 51 --truth cameras/ox03c10.lua
    sheet=cameras/ox03c10.lua
    judge steps dynamic_range,snr_off ;;
flicker) bench "$mono" flicker --steps 4 --samples 32 && judge flicker ;;
flicker/row)
    broken "row_time_s = 25e-6" "row_time_s = 25.2e-6"
    bench "$folder/broken.lua" flicker --steps 1 --samples 32 --truth "$mono"
    sheet=$mono
    judge flicker band_period ;;
windshield) bench "$mono" windshield --size 128x128 --steps 1 && judge windshield ;;
flare) bench "$mono" flare $flare && judge flare ;;
flare/scatter)
    sed "s/blur_sigma_px = 0.55/scatter_share = 0.05, scatter_slope = -1.6/" "$mono" >"$folder/dirty.lua"
    sed "s/scatter_share = 0.05/scatter_share = 0.06/" "$folder/dirty.lua" >"$folder/broken.lua"
    bench "$folder/broken.lua" flare $flare --truth "$folder/dirty.lua"
    judge flare flare,flare_counts,glare_spread ;;
dark) bench "$mono" dark --size 160x120 && judge dark ;;
dark/doubling)
    broken "dark_doubling_kelvin = 7" "dark_doubling_kelvin = 7.4"
    bench "$folder/broken.lua" dark --size 160x120 --truth "$mono"
    sheet=$mono
    judge dark dark_current,dark_doubling ;;
star) bench "$mono" star $star && judge star ;;
star/pitch)
    # rings are as many pixels wide as the sheet says
    broken "pixel_pitch_m = 4e-6" "pixel_pitch_m = 4.1e-6"
    bench "$folder/broken.lua" star $star --truth "$mono"
    sheet=$mono
    judge star airy_ring,encircled ;;
headlamp) bench "$mono" headlamp $headlamp && judge headlamp ;;
headlamp/qe)
    broken "0.55, 0.7, 0.6" "0.55, 0.68, 0.6"
    bench "$folder/broken.lua" headlamp $headlamp --truth "$mono"
    judge headlamp intensity ;;
retro) bench "$mono" retro && judge retro ;;
retro/qe)
    broken "0.55, 0.7, 0.6" "0.55, 0.68, 0.6"
    bench "$folder/broken.lua" retro --truth "$mono"
    judge retro R_A,R_L ;;
contrast) bench "$mono" contrast --steps 3 && judge contrast ;;
contrast/noise)
    broken "read_noise_e = 5.0" "read_noise_e = 8.0"
    bench "$folder/broken.lua" contrast --steps 1 --truth "$mono"
    sheet=$mono
    judge contrast detection ;;
energy) bench cameras/front_1mp.lua energy && judge energy ;;
*)
    echo "no row '$row'"
    exit 1
    ;;
esac
