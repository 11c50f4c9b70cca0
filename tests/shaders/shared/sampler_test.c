// sampler_test.c: stratification of the scrambled Sobol points and of wavelengths; spectral weights.
#include "engine/render/atmosphere.h"
#include "tests/support/check.h"

#include "shaders/shared/sampler.h"
#include "shaders/shared/spectral.h"

// In each pair of the first two dimensions every elementary interval of 1/16 holds one of 16
// points; each dimension alone is stratified too.
static void test_stratified(void)
{
    int bad = 0;
    for (uint pixel = 0; pixel < 50u; pixel++)
        for (uint set = 0; set < 4u; set++) {
            int columns[4][16] = {{0}}, boxes[5][16] = {{0}};
            for (uint i = 0; i < 16u; i++) {
                bt_sampler s = bt_sampler_begin(pixel * 7u, pixel, i, 4u, 11u);
                float4 u = bt_sampler_4d(s, set);
                for (int d = 0; d < 4; d++)
                    columns[d][(int)(u[d] * 16.0f)]++;
                for (int b = 0; b < 5; b++) {
                    int x = (int)(u[0] * (float)(1 << b)), y = (int)(u[1] * (float)(16 >> b));
                    boxes[b][x * (16 >> b) + y]++;
                }
            }
            for (int i = 0; i < 16; i++) {
                for (int d = 0; d < 4; d++)
                    bad += columns[d][i] != 1;
                for (int b = 0; b < 5; b++)
                    bad += boxes[b][i] != 1;
            }
        }
    CHECK(bad == 0);
}

// Neighbouring pixels share a net: over a 4 x 4 block of pixels with one sample each, the 16
// points are a net as well (that is what spreads the error over the picture).
static void test_over_the_picture(void)
{
    int bad = 0;
    for (uint block = 0; block < 40u; block++) {
        int boxes[16] = {0};
        for (uint i = 0; i < 16u; i++) {
            bt_sampler s = bt_sampler_begin(block * 4u + (i & 3u), 8u + (i >> 2), 0u, 0u, 3u);
            float4 u = bt_sampler_4d(s, 1u);
            boxes[(int)(u[0] * 4.0f) * 4 + (int)(u[1] * 4.0f)]++;
        }
        for (int i = 0; i < 16; i++)
            bad += boxes[i] != 1;
    }
    CHECK(bad == 0);
}

// Sets, seeds and pixels do not repeat each other.
static void test_decorrelated(void)
{
    double product = 0.0, square = 0.0;
    uint count = 20000u;
    for (uint i = 0; i < count; i++) {
        float4 a = bt_sampler_4d(bt_sampler_begin(i, 3u, 0u, 0u, 5u), 1u);
        float4 b = bt_sampler_4d(bt_sampler_begin(i, 3u, 0u, 0u, 5u), 2u);
        product += ((double)a[0] - 0.5) * ((double)b[0] - 0.5);
        square += ((double)a[0] - 0.5) * ((double)a[0] - 0.5);
    }
    CHECK(fabs(product / square) < 0.03); // 4 sigma of independent numbers
}

static float limits_nm[BT_WAVELENGTH_CELLS + 1];

static void make_limits(void)
{
    double mass[80];
    for (int i = 0; i < 80; i++)
        mass[i] = i > 4 && i < 70 ? 0.01 + exp(-0.5 * pow((i - 30) / 12.0, 2.0)) : 0.0;
    bt_quantiles(mass, 80, BT_WAVELENGTH_CELLS, limits_nm);
    for (uint i = 0; i <= BT_WAVELENGTH_CELLS; i++)
        limits_nm[i] = 380.0f + 400.0f * limits_nm[i];
}

// The integral of a spectrum by f / pdf; table places; the four are quarters apart.
static void test_wavelengths(void)
{
    double sum = 0.0, truth = 0.0;
    uint count = 4096u;
    for (uint i = 0; i < count; i++) {
        bt_wavelengths w = bt_wavelengths_sample(limits_nm, ((float)i + 0.5f) / (float)count);
        for (int k = 0; k < 4; k++) {
            CHECK(w.nm[k] >= 380.0f && w.nm[k] <= 780.0f && w.pdf[k] > 0.0f);
            CHECK(w.bin[k] < 80u && w.part[k] >= 0.0f && w.part[k] <= 1.0f);
            CHECK_NEAR(380.0f + 5.0f * (to_f(w.bin[k]) + w.part[k]), w.nm[k], 1e-3);
            bool inside = w.nm[k] >= 405.0f && w.nm[k] <= 730.0f;
            sum += inside ? (double)(w.nm[k] / w.pdf[k]) / (4.0 * count) : 0.0;
        }
    }
    for (int i = 5; i < 70; i++)
        truth += 5.0 * (380.0 + 5.0 * (i + 0.5));
    CHECK_NEAR(sum / truth, 1.0, 2e-3);
    bt_wavelengths a = bt_wavelengths_sample(limits_nm, 0.1f);
    bt_wavelengths b = bt_wavelengths_sample(limits_nm, 0.35f);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(a.nm[k + 1], b.nm[k], 1e-3);
}

// A material whose lobe depends on wavelength, sampled for the hero: density p_k(x) = 1 + s_k (2x -
// 1) on [0, 1], value f_k(x) = a_k x. The spectral weights must give a_k / 2 for every wavelength,
// whether light is met, or sampled uniformly, or both share (multiple importance sampling).
static float density(float s, float x)
{
    return 1.0f + s * (2.0f * x - 1.0f);
}
static float sample_density(float s, float u)
{
    if (abs(s) < 1e-3f) return u;
    float b = 1.0f - s; // s x^2 + (1 - s) x = u
    return (sqrt(b * b + 4.0f * s * u) - b) / (2.0f * s);
}

static void test_spectral_weights(void)
{
    static const float slope[4] = {-0.95f, -0.3f, 0.4f, 0.95f}, a[4] = {0.3f, 1.0f, 2.0f, 0.7f};
    double both[4] = {0}, met_only[4] = {0};
    uint count = 16384u;
    for (uint i = 0; i < count; i++) {
        float4 u = bt_sampler_4d(bt_sampler_begin(1u, 2u, i, 14u, 4u), 0u);
        int hero = (int)(u[3] * 4.0f); // rotation makes each wavelength hero equally often
        float4 s, f, pdf, amplitude;
        for (int k = 0; k < 4; k++) {
            s[k] = slope[(hero + k) & 3];
            amplitude[k] = a[(hero + k) & 3];
        }
        // two bounces: the first leaves its trace in r_u
        bt_path_weight w = bt_path_weight_begin();
        for (int bounce = 0; bounce < 2; bounce++) {
            float x = sample_density(s[0], u[bounce]);
            for (int k = 0; k < 4; k++) {
                pdf[k] = density(s[k], x);
                f[k] = bounce == 0 ? 2.0f * x : amplitude[k] * x;
            }
            if (bounce == 1) {
                float y = u[2]; // light sampling, density 1
                float4 g, q;
                for (int k = 0; k < 4; k++) {
                    q[k] = density(s[k], y);
                    g[k] = amplitude[k] * y;
                }
                float4 lit = bt_path_weight_lit(w, g, q, splat4(1.0f), 1.0f);
                for (int k = 0; k < 4; k++)
                    both[(hero + k) & 3] += (double)lit[k];
            }
            w = bt_path_weight_scatter(w, f, pdf);
        }
        float4 met = bt_path_weight_met(w, splat4(1.0f), 1.0f);
        float4 alone = bt_path_weight_met(w, splat4(1.0f), 0.0f);
        for (int k = 0; k < 4; k++) {
            both[(hero + k) & 3] += (double)met[k];
            met_only[(hero + k) & 3] += (double)alone[k];
        }
    }
    for (int k = 0; k < 4; k++) {
        // integrals of 2x and a x over [0, 1]: 1 and a / 2
        CHECK_NEAR(both[k] / count, 0.5 * (double)a[k], 0.01 * (double)a[k]);
        CHECK_NEAR(met_only[k] / count, 0.5 * (double)a[k], 0.01 * (double)a[k]);
    }
}

int main(void)
{
    test_stratified();
    test_over_the_picture();
    test_decorrelated();
    make_limits();
    test_wavelengths();
    test_spectral_weights();
    return check_end();
}
