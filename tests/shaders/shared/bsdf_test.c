// bsdf_test.c: energy, reciprocity, densities of every material; the pane against its series.
#include "engine/core/memory.h"
#include "engine/render/ggx_table.h"
#include "tests/support/check.h"

#include "shaders/shared/bsdf.h"
#include "shaders/shared/sampler.h"

static float ggx[BT_GGX_TABLE_FLOATS];
static const float cosines[4] = {0.98f, 0.6f, 0.25f, 0.08f};
static const float roughnesses[4] = {0.05f, 0.3f, 0.6f, 1.0f};

static float4 hashed4(uint i, uint set)
{
    bt_sampler s = bt_sampler_begin(set & 63u, 5u, i, 14u, 77u);
    return bt_sampler_4d(s, set);
}

static float3 at_cosine(float cosine, float turn)
{
    float r = sqrtf(1.0f - cosine * cosine);
    return float3(r * cosf(turn), r * sinf(turn), cosine);
}

static bt_material material(uint kind, float roughness)
{
    return (bt_material){.kind = kind,
                         .roughness = roughness,
                         .ior = 1.5f,
                         .retro = 2000.0f,
                         .retro_spread_rad = 0.0091f,
                         .retro_tail = 1.5f,
                         .retro_tilt = 0.5f,
                         .sheen = 0.7f,
                         .flakes = 0.6f};
}

static bt_bsdf make(uint kind, float roughness, float cosine, float4 color, float4 through)
{
    bt_material m = material(kind, roughness);
    float3 n = float3(0.0f, 0.0f, 1.0f);
    return bt_bsdf_make(m, ggx, n, n, at_cosine(cosine, 0.3f), roughness, color, through, true,
                        0.0f);
}

// Light that comes back of a uniform surround of radiance one, by the sampler.
static double furnace(const bt_bsdf *s, uint count)
{
    double sum = 0.0;
    for (uint i = 0; i < count; i++) {
        bt_bsdf_sample r = bt_bsdf_scatter(s, ggx, hashed4(i, s->kind));
        if (r.scatter == BT_SCATTER_NONE) continue;
        sum += (double)(r.f_cos[0] / r.pdf[0]);
    }
    return sum / count;
}

static void test_white_furnace(void)
{
    static const uint kinds[6] = {BT_MATERIAL_DIFFUSE, BT_MATERIAL_CONDUCTOR, BT_MATERIAL_COATED,
                                  BT_MATERIAL_LEAF,    BT_MATERIAL_RETRO,     BT_MATERIAL_CLOTH};
    double worst[BT_MATERIAL_KIND_COUNT] = {0};
    for (int k = 0; k < 6; k++)
        for (int r = 0; r < 4; r++)
            for (int c = 0; c < 4; c++) {
                float4 one = splat4(kinds[k] == BT_MATERIAL_LEAF ? 0.6f : 1.0f);
                bt_bsdf s = make(kinds[k], roughnesses[r], cosines[c], one, splat4(0.4f));
                double back = furnace(&s, 16384);
                worst[kinds[k]] = fmax(worst[kinds[k]], fabs(back - 1.0));
            }
    for (int k = 0; k < 6; k++) {
        printf("white furnace, kind %u: worst %.4f\n", (unsigned)kinds[k], worst[kinds[k]]);
        // interpolation of the albedo table and noise of 16384 points
        CHECK(worst[kinds[k]] < (kinds[k] == BT_MATERIAL_RETRO ? 0.01 : 0.005));
    }
}

// Reflectance 1 loses nothing through a pane without tint; both kinds of event are exact.
static void test_pane_energy(void)
{
    for (int c = 0; c < 4; c++) {
        bt_bsdf s = make(BT_MATERIAL_GLASS_THIN, 0.0f, cosines[c], splat4(1.0f), splat4(0.0f));
        CHECK_NEAR(furnace(&s, 64), 1.0, 1e-4);
    }
}

// Flux that leaves a rough dielectric, radiance inside being denser by eta^2.
static double glass_flux(float ior, float roughness, float cosine, bool front)
{
    bt_material m = {.kind = BT_MATERIAL_DIELECTRIC, .ior = ior};
    float3 n = float3(0.0f, 0.0f, 1.0f);
    bt_bsdf s = bt_bsdf_make(m, ggx, n, n, at_cosine(cosine, 1.0f), roughness, splat4(1.0f),
                             splat4(0.0f), front, 0.0f);
    double flux = 0.0;
    uint count = 8192;
    for (uint i = 0; i < count; i++) {
        bt_bsdf_sample b = bt_bsdf_scatter(&s, ggx, hashed4(i, 40u));
        if (b.scatter == BT_SCATTER_NONE) continue;
        float scale = b.wi[2] < 0.0f ? s.eta * s.eta : 1.0f;
        flux += (double)(b.f_cos[0] / b.pdf[0] * scale) / count;
    }
    return flux;
}

static void test_dielectric_energy(void)
{
    static const float iors[3] = {1.1f, 1.33f, 1.52f};
    double worst = 0.0;
    for (int i = 0; i < 3; i++)
        for (int r = 0; r < 4; r++)
            for (int c = 0; c < 8; c++) {
                double flux = glass_flux(iors[i], roughnesses[r], cosines[c / 2], c % 2 == 0);
                worst = fmax(worst, fabs(flux - 1.0));
            }
    printf("glass, both sides: worst %.4f\n", worst);
    CHECK(worst < 0.01);
}

// Flakes never gain, and lose no more than the header says.
static void test_paint_energy(void)
{
    double least = 1.0, most = 0.0;
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) {
            bt_bsdf s =
                make(BT_MATERIAL_PAINT, roughnesses[r], cosines[c], splat4(1.0f), splat4(0.0f));
            double back = furnace(&s, 16384);
            least = fmin(least, back);
            most = fmax(most, back);
        }
    printf("flakes at 0.6: %.4f to %.4f\n", least, most);
    CHECK(most < 1.005 && least > 0.88);
}

static void test_reciprocity(void)
{
    static const uint kinds[7] = {BT_MATERIAL_DIFFUSE, BT_MATERIAL_CONDUCTOR, BT_MATERIAL_COATED,
                                  BT_MATERIAL_LEAF,    BT_MATERIAL_RETRO,     BT_MATERIAL_CLOTH,
                                  BT_MATERIAL_PAINT};
    double worst = 0.0;
    for (int k = 0; k < 7; k++)
        for (uint i = 0; i < 500; i++) {
            float4 u = hashed4(i, 3u);
            float3 a = at_cosine(0.05f + 0.95f * u[0], 6.28f * u[1]);
            float3 b = at_cosine(0.05f + 0.95f * u[2], 6.28f * u[3]);
            bt_material m = material(kinds[k], 0.0f);
            float3 n = float3(0.0f, 0.0f, 1.0f);
            float rough = 0.2f + 0.8f * u[1];
            float4 color = float4(0.2f, 0.5f, 0.7f, 0.9f);
            bt_bsdf s = bt_bsdf_make(m, ggx, n, n, a, rough, color, splat4(0.1f), true, 0.0f);
            bt_bsdf t = bt_bsdf_make(m, ggx, n, n, b, rough, color, splat4(0.1f), true, 0.0f);
            bt_bsdf_value there = bt_bsdf_eval(&s, ggx, b), back = bt_bsdf_eval(&t, ggx, a);
            for (int l = 0; l < 4; l++) {
                double f = (double)(there.f_cos[l] / b[2]), g = (double)(back.f_cos[l] / a[2]);
                worst = fmax(worst, fabs(f - g) / fmax(f, 1e-3));
            }
        }
    printf("reciprocity: worst relative difference %.2g\n", worst);
    CHECK(worst < 1e-3); // float, near the peak of smooth lobes
}

// The integral of the density over the sphere is one, less what the lobe would send into the
// surface, for each wavelength as hero; and the sampler's energy is the integral of the value.
static void test_densities(void)
{
    static const uint kinds[5] = {BT_MATERIAL_DIFFUSE, BT_MATERIAL_CONDUCTOR, BT_MATERIAL_COATED,
                                  BT_MATERIAL_LEAF, BT_MATERIAL_DIELECTRIC};
    for (int k = 0; k < 5; k++) {
        float4 color = float4(0.1f, 0.3f, 0.5f, 0.7f);
        bt_bsdf s = make(kinds[k], 0.6f, 0.6f, color, splat4(0.3f));
        double sum[4] = {0}, energy = 0.0;
        uint count = 60000;
        for (uint i = 0; i < count; i++) {
            float4 u = hashed4(i & 16383u, 9u + (i >> 14));
            float z = 2.0f * u[0] - 1.0f;
            float3 wi = at_cosine(z, 6.2831853f * u[1]);
            bt_bsdf_value v = bt_bsdf_eval(&s, ggx, wi);
            for (int l = 0; l < 4; l++)
                sum[l] += (double)v.pdf[l] * 4.0 * M_PI / count;
            energy += (double)v.f_cos[0] * 4.0 * M_PI / count;
        }
        for (int l = 0; l < 4; l++) // the rest falls into the surface
            CHECK(sum[l] > 0.88 && sum[l] < 1.01);
        CHECK_NEAR(furnace(&s, 16384), energy, 0.012);
    }
}

// A pane's two faces with every bounce between them, added up one by one.
static void test_pane_series(void)
{
    for (int c = 0; c < 4; c++) {
        double cos_i = (double)cosines[c], n = 1.52, tau = 0.83;
        double cos_t = sqrt(1.0 - (1.0 - cos_i * cos_i) / (n * n)), through = pow(tau, 1.0 / cos_t);
        double rs = pow((cos_i - n * cos_t) / (cos_i + n * cos_t), 2.0);
        double rp = pow((n * cos_i - cos_t) / (n * cos_i + cos_t), 2.0);
        double t = 0.0, r = 0.0, faces[2] = {rs, rp};
        for (int p = 0; p < 2; p++) {
            double f = faces[p], inside = (1.0 - f) * through; // light at the second face
            r += 0.5 * f;
            for (int bounce = 0; bounce < 200; bounce++) {
                t += 0.5 * inside * (1.0 - f);
                inside *= f * through; // back at the first face
                r += 0.5 * inside * (1.0 - f);
                inside *= f * through;
            }
        }
        bt_pane pane = bt_pane_at(cosines[c], 1.52f, splat4(0.83f));
        CHECK_NEAR(pane.transmitted[0], t, 2e-5);
        CHECK_NEAR(pane.reflected[3], r, 2e-5);
    }
    // clear glass at normal incidence: 2n / (n^2 + 1)
    bt_pane pane = bt_pane_at(1.0f, 1.5f, splat4(1.0f));
    CHECK_NEAR(pane.transmitted[0], 3.0 / 3.25, 1e-5);
}

// A conductor whose facets are a mirror gives F0 back; a smooth coat reflects Schlick's Fresnel.
static void test_limits(void)
{
    bt_bsdf s = make(BT_MATERIAL_CONDUCTOR, 0.02f, 0.98f, splat4(0.8f), splat4(0.0f));
    CHECK_NEAR(furnace(&s, 4096), 0.8, 2e-3);
    s = make(BT_MATERIAL_COATED, 0.02f, 0.98f, splat4(0.0f), splat4(0.0f));
    CHECK_NEAR(furnace(&s, 16384), 0.04, 1e-3);
    s = make(BT_MATERIAL_DIFFUSE, 0.0f, 0.5f, splat4(0.35f), splat4(0.0f));
    CHECK_NEAR(furnace(&s, 64), 0.35, 1e-5);
}

// Lekner and Dorf 1988: a dull dark body is about half as bright when wet, a white one as white.
static void test_wet(void)
{
    CHECK_NEAR(bt_wet_body(splat4(0.1f), 1.0f, 1.0f)[0], 0.0554, 1e-4);
    CHECK_NEAR(bt_wet_body(splat4(1.0f), 1.0f, 1.0f)[0], 1.0, 1e-6);
    CHECK_NEAR(bt_wet_body(splat4(0.1f), 1.0f, 0.0f)[0], 0.1, 1e-7);
    CHECK_NEAR(bt_wet_body(splat4(0.1f), 0.4f, 1.0f)[0], 0.0554, 1e-4);
    // what water keeps: mean Fresnel reflectance of the exact interface, both ways
    double out = 0.0, in = 0.0;
    for (int i = 0; i < 4000; i++) {
        float c = ((float)i + 0.5f) / 4000.0f;
        out += 2.0 * (double)(c * bt_fresnel_unpolarised(c, BT_WATER_IOR)) / 4000.0;
        in += 2.0 * (double)(c * bt_fresnel_unpolarised(c, 1.0f / BT_WATER_IOR)) / 4000.0;
    }
    CHECK_NEAR(in, BT_WATER_KEEPS, 1e-3);
    CHECK_NEAR(1.0 - (1.0 - out) / (1.33 * 1.33), in, 1e-3);
    for (int kind = 0; kind < 9; kind++) {
        bt_material m = material((uint)kind, 0.5f);
        m.wet = 0.8f;
        m.porosity = 1.0f;
        if (kind == BT_MATERIAL_GLASS_THIN || kind == BT_MATERIAL_DIELECTRIC) continue;
        float3 n = float3(0.0f, 0.0f, 1.0f);
        bt_bsdf s = bt_bsdf_make(m, ggx, n, n, at_cosine(0.6f, 0.3f), 0.5f, splat4(1.0f),
                                 splat4(0.0f), true, 0.0f);
        double back = furnace(&s, 16384);
        CHECK(back < 1.005 && back > (kind == BT_MATERIAL_PAINT ? 0.9 : 0.99));
    }
}

// The dip is there at 82 degrees and nowhere at the ends.
static void test_edge(void)
{
    float4 f0 = splat4(0.6f);
    double schlick = 0.6 + 0.4 * pow(6.0 / 7.0, 5.0);
    CHECK_NEAR(bt_metal_fresnel(f0, 0.1f, 1.0f / 7.0f)[0], 0.9 * schlick, 1e-5);
    CHECK_NEAR(bt_metal_fresnel(f0, 0.1f, 1.0f)[0], 0.6, 1e-6);
    CHECK_NEAR(bt_metal_fresnel(f0, 0.1f, 0.0f)[0], 1.0, 1e-6);
    double mean = 0.0;
    for (int i = 0; i < 4000; i++) {
        float c = ((float)i + 0.5f) / 4000.0f;
        mean += 2.0 * (double)(c * bt_metal_fresnel(f0, 0.1f, c)[1]) / 4000.0;
    }
    CHECK_NEAR(bt_metal_fresnel_mean(f0, 0.1f)[1], mean, 1e-4);
}

// Half metal: no light is lost or made, reciprocal, and the linear mix that glTF 2.0 asks for.
static void test_part_metal(void)
{
    double worst = 0.0;
    float4 color = float4(0.2f, 0.5f, 0.7f, 0.9f);
    float3 n = float3(0.0f, 0.0f, 1.0f);
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) {
            bt_material m = material(BT_MATERIAL_COATED, roughnesses[r]);
            float3 a = at_cosine(cosines[c], 0.3f), b = at_cosine(cosines[(c + 2) % 4], 2.0f);
            m.metal = 0.2f + 0.2f * (float)c;
            bt_bsdf white = bt_bsdf_make(m, ggx, n, n, a, roughnesses[r], splat4(1.0f),
                                         splat4(0.0f), true, 0.0f);
            worst = fmax(worst, fabs(furnace(&white, 16384) - 1.0));
            bt_bsdf s =
                bt_bsdf_make(m, ggx, n, n, a, roughnesses[r], color, splat4(0.0f), true, 0.0f);
            bt_bsdf t =
                bt_bsdf_make(m, ggx, n, n, b, roughnesses[r], color, splat4(0.0f), true, 0.0f);
            bt_bsdf coat = make(BT_MATERIAL_COATED, roughnesses[r], cosines[c], color, color);
            bt_bsdf metal = make(BT_MATERIAL_CONDUCTOR, roughnesses[r], cosines[c], color, color);
            for (int l = 0; l < 4; l++) {
                double there = (double)(bt_bsdf_eval(&s, ggx, b).f_cos[l] / b[2]);
                double back = (double)(bt_bsdf_eval(&t, ggx, a).f_cos[l] / a[2]);
                double mix = (double)lerp(bt_bsdf_eval(&coat, ggx, b).f_cos[l],
                                          bt_bsdf_eval(&metal, ggx, b).f_cos[l], m.metal);
                CHECK_NEAR(there, back, 1e-3 * fmax(there, 1e-3));
                CHECK_NEAR(there * (double)b[2], mix, 1e-5 * fmax(mix, 1e-3));
            }
        }
    printf("half metal: furnace, worst %.4f\n", worst);
    CHECK(worst < 0.005);
}

int main(void)
{
    bt_ggx_table_compute(ggx);
    bt_ggx_table_compute_glass(ggx);
    test_white_furnace();
    test_pane_energy();
    test_dielectric_energy();
    test_paint_energy();
    test_reciprocity();
    test_densities();
    test_pane_series();
    test_limits();
    test_wet();
    test_edge();
    test_part_metal();
    return check_end();
}
