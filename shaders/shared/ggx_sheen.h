// ggx_sheen.h: the sheen distribution of fibres and its albedo, from the table beside GGX's.
#ifndef BT_SHARED_GGX_SHEEN_H
#define BT_SHARED_GGX_SHEEN_H

#include "shaders/shared/ggx.h"

// What it is made of: the power 1/r, what does not depend on directions, sin^2 of the half-way vector, the divisor.
FN float bt_sheen_power(float roughness)
{
    return 1.0f / clampf(roughness, 0.2f, 1.0f);
}
FN float bt_sheen_scale(float power)
{
    return (2.0f + power) * 0.5f * BT_INV_PI_F;
}
FN float bt_sheen_sine2(float3 wo, float3 wi)
{
    float3 h = normalize3(wo + wi);
    return clampf(1.0f - h[2] * h[2], 1e-6f, 1.0f);
}
FN float bt_sheen_below(float3 wo, float3 wi)
{
    return 4.0f * max(wo[2] + wi[2] - wo[2] * wi[2], 1e-4f);
}
// f of white sheen: sin^(1/r) (2 + 1/r) / (2 pi) / (4 (o + i - o i)).
FN float bt_sheen(float roughness, float3 wo, float3 wi)
{
    float power = bt_sheen_power(roughness);
    float d = bt_sheen_scale(power) * pm_pow(bt_sheen_sine2(wo, wi), 0.5f * power);
    return d / bt_sheen_below(wo, wi);
}
FN float bt_sheen_row(float roughness)
{
    return (clampf(roughness, 0.2f, 1.0f) - 0.2f) * (to_f(BT_SHEEN_ROWS - 1u) / 0.8f);
}
FN float bt_sheen_albedo(BT_FLOATS table, float roughness, float cosine)
{
    float row = bt_sheen_row(roughness);
    float column = sqrt(clampf(cosine, 0.0f, 1.0f)) * to_f(BT_SHEEN_COLUMNS - 1u);
    uint r = min(to_u(row), BT_SHEEN_ROWS - 2u);
    uint c = min(to_u(column), BT_SHEEN_COLUMNS - 2u);
    uint at = BT_SHEEN_AT + r * BT_SHEEN_COLUMNS + c;
    uint below = at + BT_SHEEN_COLUMNS;
    float fc = column - to_f(c);
    return lerp(lerp(floats_at(table, at), floats_at(table, at + 1u), fc),
                lerp(floats_at(table, below), floats_at(table, below + 1u), fc), row - to_f(r));
}
FN float bt_sheen_albedo_mean(BT_FLOATS table, float roughness)
{
    float row = bt_sheen_row(roughness);
    uint r = min(to_u(row), BT_SHEEN_ROWS - 2u);
    uint at = BT_SHEEN_AT + BT_SHEEN_ROWS * BT_SHEEN_COLUMNS + r;
    return lerp(floats_at(table, at), floats_at(table, at + 1u), row - to_f(r));
}

#endif
