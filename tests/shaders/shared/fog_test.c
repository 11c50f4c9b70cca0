// fog_test.c: optical depth against quadrature, its inverse, the phase function's table and sampler, places along a ray
// by the angle that it takes up.
#include "engine/render/fog_table.h"
#include "tests/support/check.h"
#include "tests/support/chi_square.h"

#include "shaders/shared/path_glow.h"

static double extinction_at(bt_fog fog, double z)
{
    double above = z - (double)fog.base;
    return (double)fog.extinction * exp(-fmax(above, 0.0) * (double)fog.inverse_height);
}

// Midpoint rule on either side of the base.
static double depth_by_quadrature(bt_fog fog, double z, double rise, double distance)
{
    enum { STEPS = 4000 };
    double turn = rise != 0.0 ? ((double)fog.base - z) / rise : -1.0;
    double edge[3] = {0.0, turn > 0.0 && turn < distance ? turn : distance, distance}, sum = 0.0;
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < STEPS; i++) {
            double step = (edge[side + 1] - edge[side]) / STEPS;
            sum += step * extinction_at(fog, z + rise * (edge[side] + (i + 0.5) * step));
        }
    return sum;
}

static void test_depth(void)
{
    uint64_t state = 5;
    double worst = 0.0, worst_back = 0.0;
    for (int i = 0; i < 4000; i++) {
        bt_fog fog = {.extinction = (float)(0.001 + 0.1 * chi_uniform(&state)),
                      .base = (float)(20.0 * chi_uniform(&state) - 10.0),
                      .inverse_height =
                          i % 4 == 0 ? 0.0f : (float)(0.002 + chi_uniform(&state) * 0.1)};
        double z = 40.0 * chi_uniform(&state) - 15.0, rise = 2.0 * chi_uniform(&state) - 1.0;
        if (i % 5 == 0) rise *= 1e-3;
        if (i % 25 == 0) rise = 0.0;
        double distance = 100.0 * chi_uniform(&state);
        float got = bt_fog_depth(fog, (float)z, (float)rise, (float)distance);
        double want = depth_by_quadrature(fog, (double)(float)z, (double)(float)rise, distance);
        worst = fmax(worst, fabs((double)got - want) / (want + 1e-3));
        float back = bt_fog_distance(fog, (float)z, (float)rise, got);
        // compared as depth: where fog has thinned out, distance says little
        double again = (double)bt_fog_depth(fog, (float)z, (float)rise, back);
        worst_back = fmax(worst_back, fabs(again - (double)got) / ((double)got + 1e-3));
    }
    printf("optical depth: %.1e of quadrature, inverse %.1e\n", worst, worst_back);
    CHECK(worst < 3e-5);
    CHECK(worst_back < 3e-5);
}

// A ray that leaves through the top meets extinction * height / rise.
static void test_far(void)
{
    bt_fog fog = {.extinction = 0.02f, .base = 1.0f, .inverse_height = 1.0f / 50.0f};
    CHECK_NEAR((double)bt_fog_depth(fog, 1.0f, 0.5f, BT_FAR), 2.0, 1e-4);
    CHECK_NEAR((double)bt_fog_depth(fog, -9.0f, 1.0f, BT_FAR), 1.2, 1e-4);
    CHECK(bt_fog_left(fog, 0.0f, 0.0f, BT_FAR) < 1e-30f);
    CHECK(bt_fog_left(fog, 30.0f, -0.1f, BT_FAR) < 1e-30f);
    CHECK(bt_fog_distance(fog, 1.0f, 0.5f, 2.1f) >= BT_FAR);
    // ten metres down through what is thinner, then on
    double down = 10.0 + (1.0 - 0.02 * 50.0 * (1.0 - exp(-0.2))) / 0.02;
    CHECK_NEAR((double)bt_fog_distance(fog, 11.0f, -1.0f, 1.0f), down, 1e-3);
    fog.extinction = 0.0f;
    CHECK(bt_fog_left(fog, 0.0f, 0.0f, BT_FAR) == 1.0f);
}

typedef struct subject {
    const float *table;
    bt_wavelengths w;
    float3 dir;
} subject;

static bool draw(const void *s, const double u[4], double dir[3])
{
    const subject *f = s;
    float q = bt_fog_sample_q(f->table, f->w.nm[0], (float)u[0] * 0.99999994f);
    float3 to = bt_fog_turn(f->dir, q, (float)u[1]);
    for (int k = 0; k < 3; k++)
        dir[k] = (double)to[k];
    return true;
}
static double density(const void *s, const double dir[3])
{
    const subject *f = s;
    float3 to = float3((float)dir[0], (float)dir[1], (float)dir[2]);
    return (double)bt_fog_phase(f->table, f->w, bt_fog_q(f->dir, to))[0];
}

// Mean cosine of one wavelength's phase function.
static double mean_cosine(const float *table, float nm)
{
    bt_wavelengths w = {.nm = splat4(nm)};
    double sum = 0.0, all = 0.0;
    enum { STEPS = 200000 };
    for (int i = 0; i < STEPS; i++) {
        double s = (i + 0.5) / STEPS, q = s * s * s * s, weight = 4.0 * s * s * s;
        double p = (double)bt_fog_phase(table, w, (float)q)[0] * weight;
        sum += p * (1.0 - 2.0 * q);
        all += p;
    }
    CHECK_NEAR(all / STEPS * 4.0 * (double)BT_PI_F, 1.0, 2e-3);
    return sum / all;
}

static void test_phase(void)
{
    static float table[BT_FOG_FLOATS];
    const double modes[2] = {2.0, 10.0};
    for (int i = 0; i < 2; i++) {
        CHECK_OK(bt_fog_table_compute(modes[i], table));
        double g = mean_cosine(table, BT_FOG_MIDDLE_NM);
        CHECK_NEAR(bt_fog_table_mean_cosine(table), g, 1e-3);
        printf("droplets of %g um: mean cosine %.4f\n", modes[i], g);
        // water droplets of 2 to 20 um: 0.83 to 0.88, growing with size (Hu and Stamnes 1993)
        CHECK(g > 0.82 && g < 0.89);
        subject s = {.table = table, .w = {.nm = splat4(505.0f)}};
        s.dir = normalize3(float3(0.3f, -0.5f, 0.4f));
        chi_square test = {.draw = draw, .density = density, .subject = &s, .power = 4.0};
        for (int k = 0; k < 3; k++)
            test.axis[k] = (double)s.dir[k];
        chi_square_result r = chi_square_test(&test);
        printf("  sampler: p %.3f, integral %.5f\n", r.p, r.integral);
        CHECK(r.p > CHI_SIGNIFICANCE / 2);
        CHECK_NEAR(r.integral, 1.0, 0.01);
    }
    CHECK(bt_fog_table_compute(30.0, table) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "0.5 to 20");
}

// Places along a ray by the angle that it takes up, seen from a lamp: the part of the angle before the place
// is the number that drew it, and the density is its derivative.
static void test_equiangular(void)
{
    uint64_t state = 9;
    double worst = 0.0, worst_density = 0.0;
    for (int i = 0; i < 20000; i++) {
        float along = (float)exp(log(0.5) + log(4000.0) * chi_uniform(&state));
        float3 lamp = float3(along * (float)(1.4 * chi_uniform(&state) - 0.2),
                             (float)exp(log(0.02) + log(5000.0) * chi_uniform(&state)), 0.0f);
        bt_light_asker line = {.normal = float3(1.0f, 0.0f, 0.0f), .along = along};
        float u = (float)chi_uniform(&state);
        bt_glow_sight s = bt_glow_see(line, lamp);
        double at = (double)bt_glow_draw(s, along, u), x = (double)lamp[0], y = (double)lamp[1];
        double from = atan(-x / y), span = atan(((double)along - x) / y) - from;
        CHECK(at >= 0.0 && at <= (double)along);
        // of what a float tells of an angle, and of a place so far along
        double told = 4e-7 + 1.2e-7 * fmax(at, fabs(x)) / y;
        worst = fmax(worst, fabs(atan((at - x) / y) - from - span * (double)u) / told);
        double want = y / (span * (y * y + (at - x) * (at - x)));
        worst_density =
            fmax(worst_density, fabs((double)bt_glow_density(s, (float)at) / want - 1.0));
    }
    printf("equiangular: angle off by %.2f of what floats tell, density by %.1e\n", worst,
           worst_density);
    CHECK(worst < 1.5);
    CHECK(worst_density < 1e-2);
}

int main(void)
{
    test_equiangular();
    test_depth();
    test_far();
    test_phase();
    return check_end();
}
