# exact.awk: decorates every float result of a SPIR-V module's assembly NoContraction, so that no
# driver fuses or reorders it: the same bits as C with -ffp-contract=off. GLSL's `precise` does not
# reach into called functions.
{ line[NR] = $0 }
$2 == "=" && $3 ~ /^Op(FAdd|FSub|FMul|FDiv|FNegate|FRem|FMod|Dot|VectorTimesScalar)$/ {
    decorate[++count] = "OpDecorate " $1 " NoContraction"
}
END {
    for (i = 1; i <= NR; i++) {
        if (!done && line[i] ~ /^ *(OpDecorate|OpMemberDecorate) |= OpType/) {
            for (k = 1; k <= count; k++) print decorate[k]
            done = 1
        }
        print line[i]
    }
}
