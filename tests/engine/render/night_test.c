// night_test.c: moonlight against published illuminances, the moon's face, night sky, glow, stars.
#include "tests/engine/render/sky_light.h"

#include "shaders/shared/sampler.h"

static bt_sky_tables *moonlit(double elevation_deg, double phase_deg)
{
    return sky_of((bt_weather){.sun_elevation_rad = -40.0 * DEG,
                               .moon = true,
                               .moon_azimuth_rad = 0.7,
                               .moon_elevation_rad = elevation_deg * DEG,
                               .moon_phase_rad = phase_deg * DEG});
}

// Clear sky, mean distance. Janiczek and DeYoung 1987 (U.S. Naval Observatory circular 171), as in
// Urban and Seidelmann 2013: log10 lux by elevation from 20 to 90 degrees, and by phase.
static double published_lux(double elevation_deg, double phase_deg)
{
    double x = elevation_deg / 90.0, f = phase_deg;
    return pow(10.0, -1.95 + 4.06 * x - 4.24 * x * x + 1.56 * x * x * x - 8.68e-3 * f -
                         2.2e-9 * f * f * f * f);
}
// That is between what the disc brings alone and what disc and sky bring, within 10 %: the circular
// does not say how much of the sky's is in it.
static void test_moonlight(void)
{
    const double moons[][2] = {{90.0, 0.0}, {45.0, 0.0}, {25.0, 0.0}, {60.0, 60.0}, {60.0, 90.0}};
    for (int i = 0; i < 5; i++) {
        bt_sky_tables *t = moonlit(moons[i][0], moons[i][1]);
        double disc = lux_by_disc(t), all = disc + lux_by_sky(t);
        double want = published_lux(moons[i][0], moons[i][1]);
        printf(
            "moon at %.0f degrees, phase %.0f: %.4f lx by the disc, %.4f in all, published %.4f\n",
            moons[i][0], moons[i][1], disc, all, want);
        CHECK(t->sky.is_moon == 1.0f && t->sky.sun_up == 1.0f);
        CHECK(want > 0.9 * disc && want < 1.1 * all);
        bt_sky_tables_destroy(t);
    }
}

// Light sampling asks for the mean over the disc; the lit limb is on the sun's side.
static void test_face(void)
{
    for (double phase = 0.0; phase < 170.0; phase += 40.0) {
        bt_sky_tables *t = moonlit(40.0, phase);
        double sum = 0.0;
        for (uint i = 0; i < 65536u; i++) {
            float4 u = bt_sampler_4d(bt_sampler_begin(1u, 1u, i, 16u, 3u), 0u);
            bt_direction d = bt_sun_sample(t->sky, u[0], u[1]);
            sum += (double)bt_moon_face(t->sky, d.dir) / 65536.0;
        }
        CHECK_NEAR(sum, 1.0, 0.02);
        CHECK(dot3(t->sky.moon_x, t->sky.day.dir) >= 0.0f);
        CHECK(fabsf(dot3(t->sky.moon_x, t->sky.moon.dir)) < 1e-5f);
        float3 dark = normalize3(t->sky.moon.dir - t->sky.moon_x * (0.9f * BT_MOON_RADIUS_RAD));
        CHECK(phase < 60.0 || bt_moon_face(t->sky, dark) == 0.0f);
        bt_sky_tables_destroy(t);
    }
}

static void test_dark(void)
{
    bt_sky_tables *t = sky_at(-30.0);
    double zenith = luminance(t, float3(0.0f, 0.0f, 1.0f));
    printf("natural night: zenith %.3g cd/m2, ground %.3g lx\n", zenith, lux_by_sky(t));
    CHECK_NEAR(zenith, 1.71e-4, 1e-6);
    CHECK(t->sky.sun_up == 0.0f && light_from(t, 34u).sun[0] == 0.0f);
    bt_sky_tables_destroy(t);

    t = sky_of((bt_weather){.sun_elevation_rad = -30.0 * DEG, .sky_glow_cd_m2 = 5e-3});
    double town = luminance(t, float3(0.0f, 0.0f, 1.0f));
    double low = luminance(t, direction(10.0, 0.0, &t->sky));
    printf("a town: zenith %.3g, 10 degrees up %.3g cd/m2\n", town, low);
    CHECK_NEAR(town, 5e-3 + 1.71e-4, 1e-5);
    CHECK(low > 2.0 * town && low < 6.0 * town);
    bt_sky_tables_destroy(t);
}

// The moon by day is seen but hardly counts: sun and sky are asked for.
static void test_day_moon(void)
{
    bt_sky_tables *t = sky_of((bt_weather){.sun_elevation_rad = 30.0 * DEG,
                                           .moon = true,
                                           .moon_elevation_rad = 30.0 * DEG,
                                           .moon_azimuth_rad = 2.0});
    bt_sky_light l = light_from(t, 34u);
    CHECK(t->sky.is_moon == 0.0f && t->sky.day_moon == 1.0f);
    float4 moon = bt_sky_sights(t->sky, t->radiance, l, t->sky.moon.dir, false);
    float4 beside = bt_sky_sights(t->sky, t->radiance, l, direction(60.0, 180.0, &t->sky), false);
    CHECK(moon[0] > 0.0f && beside[0] == 0.0f);
    CHECK(l.moon[0] < 1e-4f * l.sun[0]);
    bt_sky_tables_destroy(t);
}

// Stars brighter than magnitudes 1 to 6 over the whole sphere. Hipparcos, after OEIS A053406.
static void test_stars(void)
{
    const int counts[6] = {15, 49, 172, 511, 1600, 4968};
    for (int m = 1; m <= 6; m++) {
        float least = powf(10.0f, 0.4f * (6.0f - (float)m));
        int got = 0;
        for (int row = 0; row < BT_STAR_ROWS; row++)
            for (int column = 0; column < BT_STAR_COLUMNS; column++)
                got += bt_star_of(row, column).light >= 0.9999f * least;
        printf("stars to magnitude %d: %d, counted %d\n", m, got, counts[m - 1]);
        CHECK_NEAR((double)got, counts[m - 1],
                   0.2 * counts[m - 1] + 2.0 * sqrt((double)counts[m - 1]));
    }
    // a star is found where it says it is
    int found = 0, all = 0;
    for (int row = 1; row < BT_STAR_ROWS - 1; row++)
        for (int column = 0; column < BT_STAR_COLUMNS; column++) {
            bt_star star = bt_star_of(row, column);
            all += star.light > 0.0f;
            found += bt_stars(star.dir) > 0.0f;
        }
    CHECK(found == all);
}

int main(void)
{
    test_moonlight();
    test_face();
    test_dark();
    test_day_moon();
    test_stars();
    return check_end();
}
