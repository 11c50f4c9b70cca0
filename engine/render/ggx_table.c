// ggx_table.c: albedos of GGX reflection for each roughness and angle (Kulla and Conty 2017), of sheen
// and of rough glass.
#include "engine/render/ggx_table.h"

#include "shaders/shared/bsdf_glass.h"
#include "shaders/shared/ggx_sheen.h"
#include "shaders/shared/sampler.h"

#define POINTS 256u
#define GLASS_POINTS 1024u

// One entry: mean over visible normals of G2 / G1, and of that times (1 - cos)^5.
static float2 albedo(float roughness, float cosine)
{
    float alpha = bt_ggx_alpha(roughness);
    float3 wo = float3(sqrt(max(0.0f, 1.0f - cosine * cosine)), 0.0f, cosine);
    double a = 0.0, b = 0.0;
    for (uint i = 0; i < POINTS; i++) {
        float4 u = f4_from_u4(bitrev4(bt_sobol4(bitrev32(i))) >> 8u) * (1.0f / 16777216.0f) +
                   0.5f / (float)POINTS;
        float3 h = bt_ggx_sample(wo, alpha, u[0], u[1]);
        float3 wi = reflect3(wo, h);
        if (wi[2] <= 0.0f) continue;
        float weight = bt_ggx_g2(wo, wi, alpha) / bt_ggx_g1(wo, alpha);
        a += (double)weight;
        b += (double)(weight * bt_pow5(1.0f - clampf(dot3(wi, h), 0.0f, 1.0f)));
    }
    return float2((float)(a / POINTS), (float)(b / POINTS));
}

// Mean over the hemisphere of 2 cos E(cos), from the table as it will be read.
static float2 albedo_mean(const float *table, float roughness)
{
    double a = 0.0, b = 0.0;
    for (uint i = 0; i < POINTS; i++) {
        float cosine = ((float)i + 0.5f) / (float)POINTS;
        float2 e = bt_ggx_albedo(table, roughness, cosine);
        a += 2.0 * (double)(cosine * e[0]);
        b += 2.0 * (double)(cosine * e[1]);
    }
    return float2((float)(a / POINTS), (float)(b / POINTS));
}

// ---- sheen: over uniform directions ------------------------------------------------------------
static float sheen(float roughness, float cosine)
{
    float3 wo = float3(sqrt(max(0.0f, 1.0f - cosine * cosine)), 0.0f, max(cosine, 1e-3f));
    double sum = 0.0;
    uint side = 64u; // a grid: the integrand is smooth
    for (uint i = 0; i < side * side; i++) {
        float z = ((float)(i / side) + 0.5f) / (float)side, r = sqrt(1.0f - z * z);
        float2 sc = pm_sincos(BT_PI_F * ((float)(i % side) + 0.5f) / (float)side);
        sum += (double)(bt_sheen(roughness, wo, float3(r * sc[1], r * sc[0], z)) * z);
    }
    return (float)(sum * 2.0 * M_PI / (side * side));
}
static void sheen_compute(float *table)
{
    float *albedos = table + BT_SHEEN_AT;
    for (uint r = 0; r < BT_SHEEN_ROWS; r++)
        for (uint c = 0; c < BT_SHEEN_COLUMNS; c++) {
            float x = (float)c / (float)(BT_SHEEN_COLUMNS - 1u);
            float roughness = 0.2f + 0.8f * (float)r / (float)(BT_SHEEN_ROWS - 1u);
            albedos[r * BT_SHEEN_COLUMNS + c] = sheen(roughness, x * x);
        }
    for (uint r = 0; r < BT_SHEEN_ROWS; r++) {
        float roughness = 0.2f + 0.8f * (float)r / (float)(BT_SHEEN_ROWS - 1u);
        double sum = 0.0;
        for (uint i = 0; i < POINTS; i++) {
            float cosine = ((float)i + 0.5f) / (float)POINTS;
            sum += 2.0 * (double)(cosine * min(bt_sheen_albedo(table, roughness, cosine), 1.0f));
        }
        albedos[BT_SHEEN_ROWS * BT_SHEEN_COLUMNS + r] = (float)(sum / POINTS);
    }
}

// ---- glass: both sides, each visible normal's reflection and refraction weighed by Fresnel --------
static float glass_weight(float3 wo, float3 h, float eta, float alpha)
{
    bt_interface f = bt_fresnel_interface(dot3(wo, h), eta);
    float r = 0.5f * (f.r_s + f.r_p), g1 = bt_ggx_g1(wo, alpha), sum = 0.0f;
    float3 wi = reflect3(wo, h);
    if (wi[2] > 0.0f) sum = r * bt_ggx_g2(wo, wi, alpha) / g1;
    if (r >= 1.0f) return sum;
    float3 wt = bt_refract(wo, h, eta, f.cos_t);
    if (wt[2] < 0.0f) sum += (1.0f - r) * bt_ggx_g2(wo, wt, alpha) / g1;
    return sum;
}
static float glass(float eta, float roughness, float cosine)
{
    float alpha = bt_ggx_alpha(roughness);
    float z = max(cosine, 1e-3f);
    float3 wo = float3(sqrt(max(0.0f, 1.0f - z * z)), 0.0f, z);
    double sum = 0.0;
    for (uint i = 0; i < GLASS_POINTS; i++) {
        float4 u = f4_from_u4(bitrev4(bt_sobol4(bitrev32(i))) >> 8u) * (1.0f / 16777216.0f) +
                   0.5f / (float)GLASS_POINTS;
        sum += (double)glass_weight(wo, bt_ggx_sample(wo, alpha, u[0], u[1]), eta, alpha);
    }
    return (float)(sum / GLASS_POINTS);
}
void bt_ggx_table_compute_glass(float *table)
{
    float *out = table + BT_GLASS_AT;
    for (uint plane = 0; plane < BT_GLASS_PLANES; plane++) {
        float ior = 1.1f + 0.1f * (float)(plane % BT_GLASS_IORS);
        float eta = plane < BT_GLASS_IORS ? ior : 1.0f / ior;
        for (uint r = 0; r < BT_GLASS_ROWS; r++)
            for (uint c = 0; c < BT_GLASS_COLUMNS; c++) {
                float x = (float)c / (float)(BT_GLASS_COLUMNS - 1u);
                *out++ = glass(eta, (float)r / (float)(BT_GLASS_ROWS - 1u), x * x);
            }
    }
}

void bt_ggx_table_compute(float *table)
{
    sheen_compute(table);
    for (uint i = BT_GLASS_AT; i < BT_GGX_TABLE_FLOATS; i++)
        table[i] = 1.0f;
    for (uint r = 0; r < BT_GGX_ROWS; r++) {
        float roughness = (float)r / (float)(BT_GGX_ROWS - 1u);
        for (uint c = 0; c < BT_GGX_COLUMNS; c++) {
            float2 e = albedo(roughness, bt_ggx_column_cosine(c));
            uint at = (r * BT_GGX_COLUMNS + c) * 2u;
            table[at] = e[0];
            table[at + 1u] = e[1];
        }
    }
    for (uint r = 0; r < BT_GGX_ROWS; r++) {
        float2 mean = albedo_mean(table, (float)r / (float)(BT_GGX_ROWS - 1u));
        table[2u * BT_GGX_ROWS * BT_GGX_COLUMNS + 2u * r] = mean[0];
        table[2u * BT_GGX_ROWS * BT_GGX_COLUMNS + 2u * r + 1u] = mean[1];
    }
}
