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

// ---- over the picture -------------------------------------------------------------------------
// Pictures of the error of an integral that changes slowly from pixel to pixel, by `samples` each.
// SCATTERED: every pixel has a net of its own, unrelated to its neighbours'. PART: the first of a
// sequence of 1024 a pixel. OPEN: of one that has no end.
enum way { NET, SCATTERED, PART, OPEN };
enum { SIDE = 32, PICTURES = 32, LOW = 4 }; // low: below 4 waves a picture, of 16

static bt_sampler sampler_of(enum way way, uint x, uint y, uint i, uint samples, uint seed)
{
    uint log2 = 0u;
    while ((1u << log2) < samples)
        log2++;
    if (way == SCATTERED) return bt_sampler_begin(0u, 0u, i, log2, bt_hash2(seed, y * 1000u + x));
    if (way == PART) return bt_sampler_begin(x, y, i, 10u, seed);
    if (way == OPEN) return bt_sampler_begin_open(x, y, i, 4u, seed);
    return bt_sampler_begin(x, y, i, log2, seed);
}

// An edge across the pixel, then a smooth hill; and their integrals over [0, 1)^4.
static double integrand(bool edge, uint x, uint y, float4 u)
{
    double s = 0.3 + 0.4 * x / SIDE, t = 0.3 + 0.4 * y / SIDE;
    double a = (double)u[0], b = (double)u[1], c = (double)u[2], d = (double)u[3];
    if (edge) return a * s + b * t < 0.5 * (s + t) ? 2.0 * c : 0.0;
    return s * a * b + t * sin(3.0 * c) + s * d * d;
}
static double integral(bool edge, uint x, uint y)
{
    double s = 0.3 + 0.4 * x / SIDE, t = 0.3 + 0.4 * y / SIDE;
    if (edge) return 0.5; // the edge passes through the middle
    return 0.25 * s + t * (1.0 - cos(3.0)) / 3.0 + s / 3.0;
}

static void error_picture(enum way way, bool edge, uint samples, uint seed, double *picture)
{
    for (uint y = 0; y < SIDE; y++)
        for (uint x = 0; x < SIDE; x++) {
            double sum = 0.0;
            for (uint i = 0; i < samples; i++)
                sum += integrand(edge, x, y,
                                 bt_sampler_4d(sampler_of(way, x, y, i, samples, seed), 1u));
            picture[y * SIDE + x] = sum / samples - integral(edge, x, y);
        }
}

// Squared amplitude of a wave of the picture, such that white noise has its variance at every one.
static double power_at(const double *picture, int kx, int ky)
{
    double re = 0.0, im = 0.0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        double phase = 2.0 * BT_PI * (kx * (i % SIDE) + ky * (i / SIDE)) / SIDE;
        re += picture[i] * cos(phase);
        im += picture[i] * sin(phase);
    }
    return (re * re + im * im) / (SIDE * SIDE);
}

typedef struct spread {
    double mean, variance, doubt; // of the error; standard error of the variance
    double low;                   // power of its low frequencies over that of white noise as strong
} spread;

static spread spread_of(enum way way, bool edge, uint samples)
{
    spread s = {0};
    double picture[SIDE * SIDE], square = 0.0;
    int waves = 0;
    for (uint seed = 0; seed < PICTURES; seed++) {
        double variance = 0.0;
        error_picture(way, edge, samples, seed, picture);
        for (int i = 0; i < SIDE * SIDE; i++) {
            s.mean += picture[i] / (SIDE * SIDE * PICTURES);
            variance += picture[i] * picture[i] / (SIDE * SIDE);
        }
        s.variance += variance / PICTURES;
        square += variance * variance / PICTURES;
        for (int ky = 0; ky < LOW; ky++)
            for (int kx = ky > 0 ? 1 - LOW : 1; kx < LOW; kx++, waves++)
                s.low += power_at(picture, kx, ky);
    }
    s.doubt = sqrt((square - s.variance * s.variance) / (PICTURES - 1));
    s.low /= waves * s.variance;
    return s;
}

// Variance a is at most b times `factor`, for all that so few pictures can tell.
static bool at_most(spread a, double factor, spread b)
{
    return a.variance < factor * b.variance + 3.0 * hypot(a.doubt, factor * b.doubt);
}

// The error keeps to high frequencies, where eyes and filters do not see it, and is no larger for
// that. 768 waves of white noise give 1 +- 0.036.
static void test_blue_noise(void)
{
    for (int edge = 0; edge < 2; edge++)
        for (uint samples = 1; samples <= 16u; samples *= 2u) {
            spread net = spread_of(NET, edge, samples);
            spread scattered = spread_of(SCATTERED, edge, samples);
            printf("%s, %2u samples: variance %.3g, scattered %.3g; low frequencies %.2f, "
                   "scattered %.2f\n",
                   edge ? "edge  " : "smooth", samples, net.variance, scattered.variance, net.low,
                   scattered.low);
            CHECK(net.low < 0.5);
            CHECK_NEAR(scattered.low, 1.0, 0.15); // 4 sigma
            CHECK(at_most(net, 1.0, scattered));
            CHECK(fabs(net.mean) < 4.0 * sqrt(net.variance / (SIDE * SIDE * PICTURES)));
        }
}

// Pixels that may go on: after 16 samples the same as a net of 16, which is blue, while the beginning
// of a longer net is as good but white; with every doubling half the variance at most, and blue again.
static void test_open_end(void)
{
    for (int edge = 0; edge < 2; edge++) {
        spread net = spread_of(NET, edge, 16u), part = spread_of(PART, edge, 16u);
        CHECK(at_most(net, 1.0, part) && at_most(part, 1.0, net));
        CHECK(part.low > 0.7);
        for (uint samples = 32; samples <= 64u; samples += 16u) {
            spread open = spread_of(OPEN, edge, samples);
            printf("%s, %2u samples of no end: variance %.3g, low frequencies %.2f\n",
                   edge ? "edge  " : "smooth", samples, open.variance, open.low);
            CHECK(at_most(open, 16.0 / samples, net));
            CHECK(open.low < (samples == 48u ? 0.7 : 0.5));
        }
    }
    for (uint i = 0; i < 16u; i++) {
        float4 a = bt_sampler_4d(bt_sampler_begin(5u, 9u, i, 4u, 3u), 2u);
        float4 b = bt_sampler_4d(bt_sampler_begin_open(5u, 9u, i, 4u, 3u), 2u);
        for (int d = 0; d < 4; d++)
            CHECK(a[d] == b[d]);
    }
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
    test_blue_noise();
    test_open_end();
    make_limits();
    test_wavelengths();
    test_spectral_weights();
    return check_end();
}
