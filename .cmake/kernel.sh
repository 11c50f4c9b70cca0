#!/bin/sh
# kernel.sh SOURCE.comp OUT INCLUDE_FOLDER KEPT [STAGES]: compiles a shader to SPIR-V words for a C
# array, OUT.inc, beside a dependency file OUT.d. With STAGES, a module for each value from 0 of the
# specialization constant 0, with what that value does alone: OUT.0.inc, OUT.1.inc and so on: drivers
# read each in a fraction of the time. Decorated before anything is optimised: later is too late, the
# optimiser has reassociated by then.
#
# KEPT: a folder that the presets share, "" for none: what one has compiled the other takes from there,
# as long as all it was made from is the same.
set -eu
here=$(dirname "$0")
source=$1 out=$2 root=$3 kept=$4 stages=${5:-0}
first=$out.inc results=inc
if [ "$stages" -gt 0 ]; then
    first=$out.0.inc results=
    stage=0
    while [ "$stage" -lt "$stages" ]; do
        results="$results $stage.inc"
        stage=$((stage + 1))
    done
fi

# All that the words follow from.
glslc -E --target-env=vulkan1.2 -I "$root" -MD -MF "$out.d" -MT "$first" -o "$out.from" "$source"
{
    echo "stages $stages"
    glslc --version
    spirv-opt --version 2>&1
    cat "$here/kernel.sh" "$here/exact.awk"
} >>"$out.from"

# take: copies what is kept; fails if that is none, or of something else, also by the time it is copied.
take() {
    [ -n "$kept" ] && cmp -s "$out.from" "$kept/from" || return 1
    for result in $results; do
        cp "$kept/$result" "$out.$result.part" 2>/dev/null && mv "$out.$result.part" "$out.$result" || return 1
    done
    cmp -s "$out.from" "$kept/from"
}
# keep: puts the results where the next can take them; whoever comes between finds nothing or all.
keep() {
    [ -n "$kept" ] || return 0
    new=$kept.$$
    mkdir -p "$new"
    for result in $results; do
        cp "$out.$result" "$new/$result"
    done
    mv "$out.from" "$new/from"
    rm -rf "$kept"
    mv -T "$new" "$kept" 2>/dev/null || rm -rf "$new"
}
if take; then
    rm -f "$out.from"
    exit 0
fi

# words MODULE.spv OUT.inc
words() {
    spirv-val --target-env vulkan1.2 "$1"
    od -An -v -tx4 "$1" | sed 's/\([0-9a-f]\{8\}\)/0x\1u,/g' >"$2.part"
    mv "$2.part" "$2"
}

glslc -O0 -S --target-env=vulkan1.2 -I "$root" -o "$out.plain" "$source"
awk -f "$here/exact.awk" "$out.plain" >"$out.exact"
spirv-as --target-env vulkan1.2 -o "$out.whole" "$out.exact"
if [ "$stages" -eq 0 ]; then
    spirv-opt --target-env=vulkan1.2 --eliminate-dead-functions --eliminate-dead-const \
        -o "$out.spv" "$out.whole"
    words "$out.spv" "$out.inc"
fi
stage=0
while [ "$stage" -lt "$stages" ]; do
    # constants reach the branches on the stage and nothing else: all other values are in variables
    spirv-opt --target-env=vulkan1.2 --set-spec-const-default-value "0:$stage" --freeze-spec-const \
        --fold-spec-const-op-composite --eliminate-dead-branches --eliminate-dead-functions \
        --eliminate-dead-const -o "$out.$stage.spv" "$out.whole"
    if spirv-dis "$out.$stage.spv" | grep -q OpSpecConstant; then
        echo "$source: what stage $stage does is not known when it is compiled" >&2
        exit 1
    fi
    words "$out.$stage.spv" "$out.$stage.inc"
    stage=$((stage + 1))
done
keep
rm -f "$out.plain" "$out.exact" "$out.whole" "$out.from"
