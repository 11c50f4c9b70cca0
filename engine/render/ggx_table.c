// ggx_table.c: albedos of GGX reflection for each roughness and angle (Kulla and Conty 2017).
#include "engine/render/ggx_table.h"

#include "shaders/shared/fresnel.h"
#include "shaders/shared/ggx.h"
#include "shaders/shared/sampler.h"

#define POINTS 256u

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

void bt_ggx_table_compute(float *table)
{
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
