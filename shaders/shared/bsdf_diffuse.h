// bsdf_diffuse.h: rough diffuse surfaces: Portsmouth, Kutz, Hill 2024, "EON: a practical
// energy-preserving rough diffuse BRDF".
#ifndef BT_SHARED_BSDF_DIFFUSE_H
#define BT_SHARED_BSDF_DIFFUSE_H

#include "shaders/shared/bsdf_types.h"

#define BT_EON_C1 0.28779341f // 1/2 - 2 / (3 pi)
#define BT_EON_C2 0.07248821f // 2/3 - 28 / (15 pi)

// Albedo of the single-scattering part, with the authors' polynomial for G / pi.
FN float bt_eon_albedo(float cosine, float r)
{
    float s = 1.0f - clampf(cosine, 0.0f, 1.0f);
    float g = 0.0571085289f + s * (0.491881867f + s * (-0.332181442f + s * 0.0714429953f));
    return (1.0f + r * s * g) / (1.0f + BT_EON_C1 * r);
}
// f of a rough diffuse surface; wo, wi in its frame, both above.
FN float4 bt_eon(float4 color, float r, float3 wo, float3 wi)
{
    if (r <= 0.0f) return color * BT_INV_PI_F;
    float s = wo[0] * wi[0] + wo[1] * wi[1];
    float t = s > 0.0f ? s / max(max(wo[2], wi[2]), 1e-6f) : s;
    float af = 1.0f / (1.0f + BT_EON_C1 * r);
    float mean = af * (1.0f + BT_EON_C2 * r);
    float lost_o = max(1.0f - bt_eon_albedo(wo[2], r), 0.0f);
    float lost_i = max(1.0f - bt_eon_albedo(wi[2], r), 0.0f);
    float4 multiple = color * color * mean / (1.0f - color * (1.0f - mean));
    float again = lost_o * lost_i / max(1.0f - mean, 1e-6f);
    return (color * (af * (1.0f + r * t)) + multiple * again) * BT_INV_PI_F;
}

#endif
