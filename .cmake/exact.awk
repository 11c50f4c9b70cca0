# exact.awk: decorates every float result of a SPIR-V module's assembly NoContraction, so that no
# driver fuses or reorders it: the same bits as C with -ffp-contract=off. GLSL's `precise` does not
# reach into called functions. Of names it leaves those of types, which a test of their layout reads:
# spirv-opt takes ten times as long to read a module with all of them.
{ line[NR] = $0 }
$2 == "=" && $3 ~ /^OpType/ { type[$1] = 1 }
$2 == "=" && $3 ~ /^Op(FAdd|FSub|FMul|FDiv|FNegate|FRem|FMod|Dot|VectorTimesScalar)$/ {
    decorate[++count] = "OpDecorate " $1 " NoContraction"
}
END {
    for (i = 1; i <= NR; i++) {
        if (!done && line[i] ~ /^ *(OpDecorate|OpMemberDecorate) |= OpType/) {
            for (k = 1; k <= count; k++) print decorate[k]
            done = 1
        }
        split(line[i], word)
        if (word[1] != "OpName" || word[2] in type) print line[i]
    }
}
