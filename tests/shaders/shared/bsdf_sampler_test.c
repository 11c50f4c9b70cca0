// bsdf_sampler_test.c: chi-square tests of every sampler of a surface against its density, with each
// wavelength's own for the hero's, and a wrong density that must be refused.
#include "engine/render/ggx_table.h"
#include "tests/support/check.h"
#include "tests/support/chi_square.h"

#include "shaders/shared/bsdf.h"
#include "shaders/shared/sampler.h"

static float ggx[BT_GGX_TABLE_FLOATS];

typedef struct subject {
    bt_bsdf bsdf;
    double scale; // of the density: 1 the true one
} subject;

static bool draw(const void *s, const double u[4], double dir[3])
{
    const subject *subject_of = s;
    float4 v = float4((float)u[0], (float)u[1], (float)u[2], (float)u[3]);
    bt_bsdf_sample r = bt_bsdf_scatter(&subject_of->bsdf, ggx, min(v, splat4(0.99999994f)));
    for (int k = 0; k < 3; k++)
        dir[k] = (double)r.wi[k];
    return r.scatter == BT_SCATTER_ROUGH;
}

static double density(const void *s, const double dir[3])
{
    const subject *subject_of = s;
    float3 wi = float3((float)dir[0], (float)dir[1], (float)dir[2]);
    return subject_of->scale * (double)bt_bsdf_eval(&subject_of->bsdf, ggx, wi).pdf[0];
}

static float3 at_cosine(float cosine)
{
    float r = sqrtf(1.0f - cosine * cosine);
    return float3(r * 0.8f, r * 0.6f, cosine);
}

static subject make(bt_material m, float cosine)
{
    float3 n = float3(0.0f, 0.0f, 1.0f);
    return (subject){.bsdf = bt_bsdf_make(m, ggx, n, n, at_cosine(cosine), m.roughness,
                                          float4(0.4f, 0.2f, 0.6f, 0.8f), splat4(0.3f), true, 0.0f),
                     .scale = 1.0};
}

#define TESTS 38.0

static void test_kinds(void)
{
    static const bt_uint kinds[] = {BT_MATERIAL_DIFFUSE, BT_MATERIAL_CONDUCTOR,  BT_MATERIAL_COATED,
                                    BT_MATERIAL_LEAF,    BT_MATERIAL_DIELECTRIC, BT_MATERIAL_CLOTH,
                                    BT_MATERIAL_PAINT,   BT_MATERIAL_COATED};
    static const float roughness[2] = {0.5f, 0.9f}, cosines[2] = {0.9f, 0.35f};
    for (int k = 0; k < 8; k++) // the last of them half metal
        for (int c = 0; c < 4; c++) {
            bt_material m = {.kind = kinds[k],
                             .roughness = roughness[c % 2],
                             .ior = 1.5f,
                             .metal = k == 7 ? 0.5f : 0.0f,
                             .sheen = 0.7f,
                             .flakes = 0.6f};
            subject s = make(m, cosines[c / 2]);
            chi_square_result r = chi_square_test(&(chi_square){.draw = draw,
                                                                .density = density,
                                                                .subject = &s,
                                                                .axis = {0.0, 0.0, 1.0},
                                                                .seed = (uint64_t)(100 * k + c)});
            printf("kind %u roughness %.1f cosine %.2f: p %.3f, integral %.4f, refused %.4f\n",
                   kinds[k], (double)m.roughness, (double)cosines[c / 2], r.p, r.integral,
                   r.refused);
            CHECK(r.p > CHI_SIGNIFICANCE / TESTS);
            CHECK_NEAR(r.integral + r.refused, 1.0, 0.004);
        }
}

// The lobe to the lamp, in cells that gather about it; two widths, as sheeting and as beads.
static void test_retro(void)
{
    static const float spread[2] = {0.0091f, 0.06f}, tilt[2] = {0.5f, -0.5f};
    static const float peak[2] = {1500.0f, 8.0f}, cosines[3] = {0.95f, 0.6f, 0.3f};
    for (int c = 0; c < 6; c++) {
        bt_material m = {.kind = BT_MATERIAL_RETRO,
                         .roughness = 0.6f,
                         .ior = 1.5f,
                         .retro = peak[c % 2],
                         .retro_spread_rad = spread[c % 2],
                         .retro_tail = 1.5f,
                         .retro_tilt = tilt[c % 2]};
        subject s = make(m, cosines[c / 2]);
        float3 wo = at_cosine(cosines[c / 2]);
        chi_square_result r =
            chi_square_test(&(chi_square){.draw = draw,
                                          .density = density,
                                          .subject = &s,
                                          .axis = {(double)wo[0], (double)wo[1], (double)wo[2]},
                                          .power = 4.0,
                                          .seed = (uint64_t)(900 + c)});
        printf("retro %.3f rad cosine %.2f: p %.3f, integral %.4f, refused %.4f\n",
               (double)spread[c % 2], (double)cosines[c / 2], r.p, r.integral, r.refused);
        CHECK(r.p > CHI_SIGNIFICANCE / TESTS);
        CHECK_NEAR(r.integral + r.refused, 1.0, 0.004);
    }
}

// Two per cent too much is seen.
static void test_power(void)
{
    subject s = make((bt_material){.kind = BT_MATERIAL_COATED, .roughness = 0.5f}, 0.6f);
    s.scale = 0.98;
    chi_square t = {.draw = draw, .density = density, .subject = &s, .axis = {0.0, 0.0, 1.0}};
    CHECK(chi_square_test(&t).p < CHI_SIGNIFICANCE / TESTS);
}

// chi-square with 10 degrees: 5 % above 18.307, 99 % above 2.558 (tables of any handbook)
static void test_tail(void)
{
    CHECK_NEAR(chi_tail(18.307, 10), 0.05, 1e-5);
    CHECK_NEAR(chi_tail(2.558, 10), 0.99, 1e-4);
}

int main(void)
{
    bt_ggx_table_compute(ggx);
    bt_ggx_table_compute_glass(ggx);
    test_tail();
    test_kinds();
    test_retro();
    test_power();
    return check_end();
}
