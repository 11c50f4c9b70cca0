// ggx_glass.h: what a single bounce off a rough dielectric returns on both sides together, tabled.
#ifndef BT_SHARED_GGX_GLASS_H
#define BT_SHARED_GGX_GLASS_H

#include "shaders/shared/ggx.h"

// Planes: index 1.1, 1.2 .. 2.0 seen from outside, then the same from inside.
#define BT_GLASS_IORS (BT_GLASS_PLANES / 2u)

FN float bt_glass_plane(BT_FLOATS table, uint plane, float roughness, float cosine)
{
    float row = clampf(roughness, 0.0f, 1.0f) * to_f(BT_GLASS_ROWS - 1u);
    float column = sqrt(clampf(cosine, 0.0f, 1.0f)) * to_f(BT_GLASS_COLUMNS - 1u);
    uint r = min(to_u(row), BT_GLASS_ROWS - 2u);
    uint c = min(to_u(column), BT_GLASS_COLUMNS - 2u);
    uint at = BT_GLASS_AT + (plane * BT_GLASS_ROWS + r) * BT_GLASS_COLUMNS + c;
    uint below = at + BT_GLASS_COLUMNS;
    float fc = column - to_f(c);
    return lerp(lerp(floats_at(table, at), floats_at(table, at + 1u), fc),
                lerp(floats_at(table, below), floats_at(table, below + 1u), fc), row - to_f(r));
}
// eta below 1: from inside.
FN float bt_glass_albedo(BT_FLOATS table, float eta, float roughness, float cosine)
{
    float ior = eta < 1.0f ? 1.0f / eta : eta;
    float at = (clampf(ior, 1.1f, 2.0f) - 1.1f) * 10.0f;
    uint k = min(to_u(at), BT_GLASS_IORS - 2u);
    uint plane = eta < 1.0f ? k + BT_GLASS_IORS : k;
    float e = lerp(bt_glass_plane(table, plane, roughness, cosine),
                   bt_glass_plane(table, plane + 1u, roughness, cosine), at - to_f(k));
    return clampf(e, 0.1f, 1.0f);
}

#endif
