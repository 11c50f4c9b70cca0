// ggx_table.c: albedos of GGX reflection for each roughness and angle (Kulla and Conty 2017), of sheen
// and of rough glass.
#include "engine/render/ggx_table.h"

#include "shaders/shared/bsdf_glass.h"
#include "shaders/shared/ggx_sheen.h"
#include "shaders/shared/sampler.h"

#define POINTS 256u
#define GLASS_POINTS 1024u

// What all entries of a table draw their normals by: sine and cosine of the first number's turn, and the second.
static void fill_points(float3 *points, uint count)
{
    for (uint i = 0; i < count; i++) {
        float4 u = f4_from_u4(bitrev4(bt_sobol4(bitrev32(i))) >> 8u) * (1.0f / 16777216.0f) +
                   0.5f / (float)count;
        float2 sc = pm_sincos(2.0f * BT_PI_F * u[0]);
        points[i] = float3(sc[0], sc[1], u[1]);
    }
}
static float3 visible_normal(float3 wo, float alpha, float3 point)
{
    return bt_ggx_sample_turned(wo, alpha, float2(point[0], point[1]), point[2]);
}
// One entry: mean over visible normals of G2 / G1, and of that times (1 - cos)^5.
static float2 albedo(const float3 *points, float roughness, float cosine)
{
    float alpha = bt_ggx_alpha(roughness);
    float3 wo = float3(sqrt(max(0.0f, 1.0f - cosine * cosine)), 0.0f, cosine);
    double a = 0.0, b = 0.0;
    for (uint i = 0; i < POINTS; i++) {
        float3 h = visible_normal(wo, alpha, points[i]);
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
// A grid: the integrand is smooth. What no roughness changes is kept for all of them.
#define SHEEN_SIDE 64u
typedef struct sheen_grid {
    float4 log_sine2[SHEEN_SIDE][SHEEN_SIDE / 4u];
    float4 below[SHEEN_SIDE][SHEEN_SIDE / 4u];
    float z[SHEEN_SIDE];
    float2 turn[SHEEN_SIDE];
} sheen_grid;

static void sheen_grid_begin(sheen_grid *grid)
{
    for (uint i = 0; i < SHEEN_SIDE; i++) {
        grid->z[i] = ((float)i + 0.5f) / (float)SHEEN_SIDE;
        grid->turn[i] = pm_sincos(BT_PI_F * ((float)i + 0.5f) / (float)SHEEN_SIDE);
    }
}
static void sheen_grid_look(sheen_grid *grid, float cosine)
{
    float3 wo = float3(sqrt(max(0.0f, 1.0f - cosine * cosine)), 0.0f, max(cosine, 1e-3f));
    for (uint i = 0; i < SHEEN_SIDE * SHEEN_SIDE; i++) {
        uint row = i / SHEEN_SIDE, column = i % SHEEN_SIDE;
        float z = grid->z[row], r = sqrt(1.0f - z * z);
        float3 wi = float3(r * grid->turn[column][1], r * grid->turn[column][0], z);
        grid->log_sine2[row][column / 4u][column % 4u] = pm_log(bt_sheen_sine2(wo, wi));
        grid->below[row][column / 4u][column % 4u] = bt_sheen_below(wo, wi);
    }
}
static float sheen(const sheen_grid *grid, float roughness)
{
    float power = bt_sheen_power(roughness), scale = bt_sheen_scale(power);
    double sum = 0.0;
    for (uint row = 0; row < SHEEN_SIDE; row++)
        for (uint k = 0; k < SHEEN_SIDE / 4u; k++) {
            float4 f =
                pm_exp4(grid->log_sine2[row][k] * (0.5f * power)) * scale / grid->below[row][k];
            float4 part = f * grid->z[row];
            sum += (double)part[0];
            sum += (double)part[1];
            sum += (double)part[2];
            sum += (double)part[3];
        }
    return (float)(sum * 2.0 * M_PI / (SHEEN_SIDE * SHEEN_SIDE));
}
static void sheen_compute(float *table)
{
    float *albedos = table + BT_SHEEN_AT;
    sheen_grid grid;
    sheen_grid_begin(&grid);
    for (uint c = 0; c < BT_SHEEN_COLUMNS; c++) {
        float x = (float)c / (float)(BT_SHEEN_COLUMNS - 1u);
        sheen_grid_look(&grid, x * x);
        for (uint r = 0; r < BT_SHEEN_ROWS; r++) {
            float roughness = 0.2f + 0.8f * (float)r / (float)(BT_SHEEN_ROWS - 1u);
            albedos[r * BT_SHEEN_COLUMNS + c] = sheen(&grid, roughness);
        }
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
static float glass(const float3 *points, float eta, float roughness, float cosine)
{
    float alpha = bt_ggx_alpha(roughness);
    float z = max(cosine, 1e-3f);
    float3 wo = float3(sqrt(max(0.0f, 1.0f - z * z)), 0.0f, z);
    double sum = 0.0;
    for (uint i = 0; i < GLASS_POINTS; i++) {
        float3 h = visible_normal(wo, alpha, points[i]);
        sum += (double)glass_weight(wo, h, eta, alpha);
    }
    return (float)(sum / GLASS_POINTS);
}
void bt_ggx_table_compute_glass(float *table)
{
    float *out = table + BT_GLASS_AT;
    float3 points[GLASS_POINTS];
    fill_points(points, GLASS_POINTS);
    for (uint plane = 0; plane < BT_GLASS_PLANES; plane++) {
        float ior = 1.1f + 0.1f * (float)(plane % BT_GLASS_IORS);
        float eta = plane < BT_GLASS_IORS ? ior : 1.0f / ior;
        for (uint r = 0; r < BT_GLASS_ROWS; r++)
            for (uint c = 0; c < BT_GLASS_COLUMNS; c++) {
                float x = (float)c / (float)(BT_GLASS_COLUMNS - 1u);
                *out++ = glass(points, eta, (float)r / (float)(BT_GLASS_ROWS - 1u), x * x);
            }
    }
}

void bt_ggx_table_compute(float *table)
{
    sheen_compute(table);
    for (uint i = BT_GLASS_AT; i < BT_GGX_TABLE_FLOATS; i++)
        table[i] = 1.0f;
    float3 points[POINTS];
    fill_points(points, POINTS);
    for (uint r = 0; r < BT_GGX_ROWS; r++) {
        float roughness = (float)r / (float)(BT_GGX_ROWS - 1u);
        for (uint c = 0; c < BT_GGX_COLUMNS; c++) {
            float2 e = albedo(points, roughness, bt_ggx_column_cosine(c));
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
