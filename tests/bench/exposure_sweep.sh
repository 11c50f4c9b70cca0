#!/bin/sh
# exposure_sweep.sh: scenarios/exposure_sweep.lua by day and by night, and how far apart the light is that
# its raw files stand for: a table of 24 frames each.
#
# usage: tests/bench/exposure_sweep.sh OUT [SIZE [SAMPLES [OPTION...]]]      (640x480, 4; needs .ci/judges)
# Options go to blacktop run: --backend vulkan.
set -eu
out=$1
size=${2:-640x480}
samples=${3:-4}
[ $# -gt 3 ] && shift 3 || shift $#
python=${PYTHON:-build/judges/bin/python}
failed=0
for night in false true; do
    clip=$out/night_$night
    build/release/blacktop run scenarios/exposure_sweep.lua --out "$clip" --frames 24:47 --set night=$night \
        --size "$size" --spp "$samples" --labels none --images off --quiet "$@"
    echo "night=$night"
    "$python" tests/bench/exposure_sweep.py "$clip" || failed=1
done
exit $failed
