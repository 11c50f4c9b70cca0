#!/bin/sh
# kernel.sh SOURCE.comp OUT.inc INCLUDE_FOLDER: compiles a compute shader to SPIR-V words for a C array,
# beside a dependency file OUT.inc.d. Decorated before anything is optimised: later is too late, the
# optimiser has reassociated by then.
set -eu
here=$(dirname "$0")
source=$1 out=$2 root=$3
glslc -O0 -S -fshader-stage=compute --target-env=vulkan1.2 -I "$root" -MD -MF "$out.d" \
    -MT "$out" -o "$out.plain" "$source"
awk -f "$here/exact.awk" "$out.plain" >"$out.exact"
spirv-as --target-env vulkan1.2 -o "$out.whole" "$out.exact"
spirv-opt --target-env=vulkan1.2 --eliminate-dead-functions --eliminate-dead-const -o "$out.spv" "$out.whole"
spirv-val --target-env vulkan1.2 "$out.spv"
od -An -v -tx4 "$out.spv" | sed 's/\([0-9a-f]\{8\}\)/0x\1u,/g' >"$out.part"
mv "$out.part" "$out"
rm -f "$out.plain" "$out.exact" "$out.whole"
