// cloud_test.c: the closed layer against the CIE's overcast sky and a random walk through a slab; the
// sun behind it; the broken layer's cover.
#include "tests/engine/render/sky_light.h"

#include "shaders/shared/sampler.h"

#define SUN_DEG 40.0

static bt_sky_tables *clouded(double cover, double depth)
{
    return sky_of((bt_weather){.sun_elevation_rad = SUN_DEG * DEG,
                               .ground_albedo = 1e-6,
                               .cloud = cover,
                               .cloud_optical_depth = depth});
}

// CIE S 011, type 1 in its older form: (1 + 2 sin) / 3 of the zenith, all around alike.
static void test_shape(void)
{
    bt_sky_tables *t = clouded(1.0, 40.0);
    double zenith = luminance(t, float3(0.0f, 0.0f, 1.0f)), worst = 0.0;
    for (double up = 2.0; up < 90.0; up += 7.0)
        for (double turn = 0.0; turn < 360.0; turn += 47.0) {
            double ratio = luminance(t, direction(up, turn, &t->sky)) / zenith;
            worst = fmax(worst, fabs(ratio / ((1.0 + 2.0 * sin(up * DEG)) / 3.0) - 1.0));
        }
    printf("overcast: zenith %.0f cd/m2, shape off by %.4f at worst\n", zenith, worst);
    CHECK(worst < 0.005); // the table is linear between its rows
    bt_sky_tables_destroy(t);
}

// Share of photons that fall through a slab of Henyey-Greenstein scatterers, sun as above.
static double fallen_through(double depth)
{
    const int count = 40000;
    int through = 0;
    for (int k = 0; k < count; k++) {
        bt_sampler random = bt_sampler_begin(7u, 3u, (uint)k, 16u, 1u);
        double at = 0.0, mu = sin(SUN_DEG * DEG), g = 0.85; // mu: downwards
        for (uint i = 0; i < 4000u; i++) {
            float4 u = bt_sampler_4d(random, i);
            at -= mu * log(1.0 - (double)u[0]);
            if (at < 0.0 || at > depth) break;
            double s = (1.0 - g * g) / (1.0 - g + 2.0 * g * (double)u[1]);
            double cosine = (1.0 + g * g - s * s) / (2.0 * g);
            mu = mu * cosine + sqrt(fmax(0.0, (1.0 - mu * mu) * (1.0 - cosine * cosine))) *
                                   cos(2.0 * M_PI * (double)u[2]);
        }
        through += at > depth;
    }
    return (double)through / count;
}
// Over black ground; of the light of a clear sky there, which what is above the clouds is taken for.
static void test_level(void)
{
    bt_sky_tables *clear = clouded(0.0, 0.0);
    double above = lux_by_disc(clear) + lux_by_sky(clear);
    const double depths[] = {5.0, 30.0};
    for (int i = 0; i < 2; i++) {
        bt_sky_tables *t = clouded(1.0, depths[i]);
        double below = lux_by_disc(t) + lux_by_sky(t), walk = fallen_through(depths[i]);
        printf("slab of depth %.0f: %.0f lx below, %.3f of a clear sky's; a random walk %.3f\n",
               depths[i], below, below / above, walk);
        CHECK_NEAR(below / above / walk, 1.0, 0.04); // delta-Eddington is good to about 2 %
        bt_sky_tables_destroy(t);
    }
    bt_sky_tables_destroy(clear);
}

static void test_disc(void)
{
    bt_sky_tables *clear = clouded(0.0, 0.0), *thin = clouded(1.0, 1.0);
    double left = lux_by_disc(thin) / lux_by_disc(clear);
    CHECK_NEAR(left, exp(-1.0 / sin(SUN_DEG * DEG)), 0.01);
    bt_sky_light l = light_from(thin, 34u);
    float4 disc = bt_sun_radiance(thin->sky, thin->radiance, l, thin->sky.sun_dir);
    CHECK_NEAR(disc[0] * thin->sky.sun_angle / l.haze_sun[0], 1.0, 1e-3);
    bt_sky_tables_destroy(clear);
    bt_sky_tables_destroy(thin);
}

// Overhead are but a few clouds: the cover there scatters about what was asked for.
static void test_cover(void)
{
    double before = 0.0;
    for (double cover = 0.2; cover < 0.9; cover += 0.3) {
        bt_sky_tables *t = clouded(cover, 30.0);
        int covered = 0, count = 0;
        for (double y = -1.0; y < 1.0; y += 0.01)
            for (double x = -1.0; x < 1.0; x += 0.01) {
                if (x * x + y * y > 0.75) continue; // above 30 degrees
                float z = (float)sqrt(1.0 - x * x - y * y);
                float open = bt_sky_open(t->sky, t->radiance, float3((float)x, (float)y, z));
                covered += open < expf(-1.0f / z);
                count++;
            }
        double got = (double)covered / count;
        printf("cover %.1f: %.2f of the sky above 30 degrees\n", cover, got);
        CHECK_NEAR(got, cover, 0.1);
        CHECK(got > before);
        CHECK(bad_numbers(t) == 0);
        before = got;
        bt_sky_tables_destroy(t);
    }
}

int main(void)
{
    test_shape();
    test_level();
    test_disc();
    test_cover();
    return check_end();
}
