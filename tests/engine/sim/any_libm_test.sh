#!/bin/sh
# any_libm_test.sh BENCH_SIM_SPEED BLACKTOP: the same bytes by the code that glibc takes on processors without FMA and AVX2: dense
# traffic, and generated roads. Where the libc knows no such setting it compares a run with itself, and says so.
set -u
bench=$1 blacktop=$2
plain=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-FMA_Usable,-AVX2_Usable
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
ldd --version 2>&1 | grep -qi glibc || echo "not glibc: only two runs are compared"
"$bench" hash 2 >"$work/a" && GLIBC_TUNABLES=$plain "$bench" hash 2 >"$work/b" || exit 1
cmp "$work/a" "$work/b" || exit 1
make="road make --seed 3 --km 4 --kind mixed --out"
"$blacktop" $make "$work/a.xodr" >/dev/null && GLIBC_TUNABLES=$plain "$blacktop" $make "$work/b.xodr" >/dev/null || exit 1
cmp "$work/a.xodr" "$work/b.xodr"
