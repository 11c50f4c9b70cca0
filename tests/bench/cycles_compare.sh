#!/bin/sh
# cycles_compare.sh: the same glTF scene in Cycles and in Blacktop, where there is a Blender.
#
#   tests/bench/cycles_compare.sh [SCENARIO.lua] [BUILD]
#
# WIDTH HEIGHT THREADS PAIRS (at least 2) SAMPLES LADDER OUT RADIUS_M DARK in the environment change the defaults
# below. DARK, any word: no lamp is lit. Exports the scenario's first instant, then lets both renderers
# draw it in turns under the same sun and sky: same bodies under a gloss (Lambert's), same camera, threads and longest path, box filter, no denoiser, the same samples everywhere, no
# clamping. Only rendering is timed, in the processor's seconds of all threads: Cycles by the
# difference of two renders that keep their scene. The error is that of a raw image, from how renders
# with other seeds differ. A picture of both is left in OUT.
#
# LADDER, "32 128 512": for a scene of lamps, what error those samples of Cycles leave and SAMPLES of Blacktop.
#
# What differs: four wavelengths against three colours, haze in the air, what each does by default
# against fireflies (Filter Glossy 1; caustic_roughness 0.6).
set -e
scenario=${1:-scenarios/first_drive.lua}
build=${2:-build/release}
out=${OUT:-out/cycles_compare}

if ! command -v blender > /dev/null; then
    echo "there is no Blender here: nothing to compare with"
    exit 0
fi
if ! blender -b --factory-startup --python-exit-code 1 --python-expr \
    "import bpy, numpy; bpy.context.scene.render.engine = 'CYCLES'; bpy.ops.import_scene.gltf.poll()" \
    > /dev/null 2>&1; then
    echo "this Blender lacks Cycles, its glTF reader or numpy (python3-numpy): nothing to compare with"
    exit 0
fi
"$build/tests/bench/bench.export_gltf" "$scenario" "$out" "${RADIUS_M:-1e9}" ${DARK:+dark}
if ! blender -b --factory-startup --python-exit-code 1 -P tests/bench/cycles_compare.py -- \
    "$out" "$build/tests/bench/bench.gltf_render" "${WIDTH:-320}" "${HEIGHT:-200}" "${THREADS:-2}" \
    "${PAIRS:-4}" "${SAMPLES:-32}" $LADDER 3>&1 > "$out/blender.log" 2> "$out/errors.log"; then
    cat "$out/errors.log" >&2
    tail -n 3 "$out/blender.log" >&2
    exit 1
fi
