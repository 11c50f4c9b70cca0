#!/bin/sh
# libm_calls_test.sh: no room of what moves or is generated calls a function whose last bits the C standard leaves
# open (engine/math/elementary.h).
set -u
calls='(sin|cos|tan|sincos|asin|acos|atan|atan2|sinh|cosh|tanh|exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|hypot|erf|lgamma|tgamma)[fl]?'
found=0
for room in engine/math engine/core engine/road engine/scene engine/sim engine/story engine/openscenario engine/label \
    engine/link procedural; do
    [ -d "$room" ] || { echo "no $room here: run from the project's root" >&2; exit 1; }
    for file in $(find "$room" -name '*.[ch]'); do
        lines=$(sed 's|//.*||' "$file" | grep -nE "(^|[^A-Za-z0-9_>.\"'])$calls\\(") || continue
        echo "$file: $lines" >&2
        found=1
    done
done
# a test that cannot fail proves nothing
echo 'x = sin(y);' | grep -qE "(^|[^A-Za-z0-9_>.\"'])$calls\\(" || found=1
exit $found
