// ggx.h: the GGX microfacet distribution, isotropic, directions in the surface's frame (z normal).
//
// Walter, Marschner, Li, Torrance 2007 (D, refraction); Heitz 2014 (height-correlated masking);
// Dupuy and Benyoub 2023, "Sampling visible GGX normals with spherical caps".
// What one bounce off rough facets loses is put back by Kulla and Conty 2017 ("Revisiting physically
// based shading at Imageworks") from a table of albedos that engine/render/ggx_table.c integrates.
#ifndef BT_SHARED_GGX_H
#define BT_SHARED_GGX_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/tables.h"

#define BT_GGX_MIN_ALPHA 1.0e-3f

FN float bt_ggx_alpha(float roughness)
{
    return max(roughness * roughness, BT_GGX_MIN_ALPHA);
}
// Walter eq. 33, h on the upper side
FN float bt_ggx_d(float3 h, float alpha)
{
    float a2 = alpha * alpha;
    float across = h[0] * h[0] + h[1] * h[1];
    float t = across + a2 * h[2] * h[2]; // a2 cos^2 + sin^2, without cancellation
    return a2 / (BT_PI_F * t * t);
}
// The same with a matrix (xx, xy, yy) over the tangent plane in the place of alpha^2: Tokuyoshi and Kaplanyan 2021, eq. 1.
FN float bt_ggx_d_spread(float3 h, float3 alpha2)
{
    float det = max(alpha2[0] * alpha2[2] - sqr(alpha2[1]), 1e-20f);
    float across = (alpha2[2] * h[0] * h[0] - 2.0f * alpha2[1] * h[0] * h[1] +
                    alpha2[0] * h[1] * h[1]) / det;
    return 1.0f / (BT_PI_F * sqrt(det) * sqr(across + h[2] * h[2]));
}
// Heitz eq. 72
FN float bt_ggx_lambda(float3 w, float alpha)
{
    float across = w[0] * w[0] + w[1] * w[1];
    float z2 = max(w[2] * w[2], 1e-12f);
    return 0.5f * (sqrt(1.0f + alpha * alpha * across / z2) - 1.0f);
}
FN float bt_ggx_g1(float3 w, float alpha)
{
    return 1.0f / (1.0f + bt_ggx_lambda(w, alpha));
}
// Heitz eq. 99
FN float bt_ggx_g2(float3 wo, float3 wi, float alpha)
{
    return 1.0f / (1.0f + bt_ggx_lambda(wo, alpha) + bt_ggx_lambda(wi, alpha));
}
// A normal among those visible from wo (wo.z > 0); density G1(wo) D(h) max(0, wo.h) / wo.z. sc: sine and cosine of
// 2 pi u0.
FN float3 bt_ggx_sample_turned(float3 wo, float alpha, float2 sc, float u1)
{
    float3 stretched = normalize3(float3(wo[0] * alpha, wo[1] * alpha, wo[2]));
    float z = (1.0f - u1) * (1.0f + stretched[2]) - stretched[2];
    float r = sqrt(clampf(1.0f - z * z, 0.0f, 1.0f));
    float3 h = float3(r * sc[1] + stretched[0], r * sc[0] + stretched[1], z + stretched[2]);
    return normalize3(float3(h[0] * alpha, h[1] * alpha, max(h[2], 0.0f)));
}
FN float3 bt_ggx_sample(float3 wo, float alpha, float u0, float u1)
{
    return bt_ggx_sample_turned(wo, alpha, pm_sincos(2.0f * BT_PI_F * u0), u1);
}
// Density over h of bt_ggx_sample.
FN float bt_ggx_pdf(float3 wo, float3 h, float alpha)
{
    return bt_ggx_g1(wo, alpha) * bt_ggx_d(h, alpha) * max(0.0f, dot3(wo, h)) / max(wo[2], 1e-6f);
}

// ---- albedos ----------------------------------------------------------------------------------
// One table: for each roughness (rows) and cosine (columns), A = albedo with reflectance 1, and
// B = the same weighted by (1 - cos)^5 of the half-way angle, so that Schlick's Fresnel gives
// f0 A + (1 - f0) B exactly; then their cosine-weighted means for each roughness.
#define BT_GGX_ROWS 32u
#define BT_GGX_COLUMNS 32u
// Behind them: albedos of sheen (ggx_sheen.h) and their means, albedos of glass (ggx_glass.h).
#define BT_SHEEN_ROWS 16u
#define BT_SHEEN_COLUMNS 32u
#define BT_SHEEN_AT (2u * BT_GGX_ROWS * BT_GGX_COLUMNS + 2u * BT_GGX_ROWS)
#define BT_GLASS_ROWS 16u
#define BT_GLASS_COLUMNS 32u
#define BT_GLASS_PLANES 20u
#define BT_GLASS_AT (BT_SHEEN_AT + BT_SHEEN_ROWS * BT_SHEEN_COLUMNS + BT_SHEEN_ROWS)
#define BT_GGX_TABLE_FLOATS (BT_GLASS_AT + BT_GLASS_PLANES * BT_GLASS_ROWS * BT_GLASS_COLUMNS)

// Column c stands for this cosine: denser at grazing.
FN float bt_ggx_column_cosine(uint column)
{
    float x = (to_f(column) + 0.02f) / (to_f(BT_GGX_COLUMNS - 1u) + 0.02f);
    return x * x;
}
FN float2 bt_ggx_albedo(BT_FLOATS table, float roughness, float cosine)
{
    float row = clampf(roughness, 0.0f, 1.0f) * to_f(BT_GGX_ROWS - 1u);
    float column = sqrt(clampf(cosine, 0.0f, 1.0f)) * (to_f(BT_GGX_COLUMNS - 1u) + 0.02f) - 0.02f;
    column = max(column, 0.0f);
    uint r = min(to_u(row), BT_GGX_ROWS - 2u);
    uint c = min(to_u(column), BT_GGX_COLUMNS - 2u);
    float fr = row - to_f(r);
    float fc = column - to_f(c);
    uint at = (r * BT_GGX_COLUMNS + c) * 2u;
    uint below = at + BT_GGX_COLUMNS * 2u;
    // A and B at this column and at the next
    float4 high = floats4_at(table, at);
    float4 low = floats4_at(table, below);
    float4 along = lerp4(float4(high[0], high[1], low[0], low[1]),
                         float4(high[2], high[3], low[2], low[3]), fc);
    return float2(lerp(along[0], along[2], fr), lerp(along[1], along[3], fr));
}
FN float2 bt_ggx_albedo_mean(BT_FLOATS table, float roughness)
{
    float row = clampf(roughness, 0.0f, 1.0f) * to_f(BT_GGX_ROWS - 1u);
    uint r = min(to_u(row), BT_GGX_ROWS - 2u);
    float fr = row - to_f(r);
    uint at = 2u * BT_GGX_ROWS * BT_GGX_COLUMNS + r * 2u;
    return float2(lerp(floats_at(table, at), floats_at(table, at + 2u), fr),
                  lerp(floats_at(table, at + 1u), floats_at(table, at + 3u), fr));
}

#endif
