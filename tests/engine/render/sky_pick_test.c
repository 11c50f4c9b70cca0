// sky_pick_test.c: directions towards sky, sun and moon are drawn as often as their densities say,
// and bring as much light as the tables hold.
#include "tests/engine/render/sky_light.h"
#include "tests/support/chi_square.h"

#include "shaders/shared/sampler.h"

#define TESTS 7

static float3 from_doubles(const double dir[3])
{
    return float3((float)dir[0], (float)dir[1], (float)dir[2]);
}
static bool to_doubles(bt_direction d, double dir[3])
{
    for (int k = 0; k < 3; k++)
        dir[k] = (double)d.dir[k];
    return true;
}
static bool draw_sky(const void *subject, const double u[4], double dir[3])
{
    const bt_sky_tables *t = subject;
    return to_doubles(bt_sky_sample(t->sky, t->pick, (float)u[0], (float)u[1]), dir);
}
static double density_sky(const void *subject, const double dir[3])
{
    const bt_sky_tables *t = subject;
    return (double)bt_sky_pdf(t->sky, t->pick, from_doubles(dir));
}
static bool draw_disc(const void *subject, const double u[4], double dir[3])
{
    const bt_sky_tables *t = subject;
    return to_doubles(bt_sun_sample(t->sky, (float)u[0], (float)u[1]), dir);
}
static double density_disc(const void *subject, const double dir[3])
{
    const bt_sky_tables *t = subject;
    bool in = bt_sky_in_sun(t->sky, from_doubles(dir));
    return in ? 1.0 / (double)t->sky.sun_angle : 0.0;
}

static void test_sky(const bt_sky_tables *t, const char *name, uint64_t seed)
{
    // the density jumps at the limits of narrow cells: integrate finely
    chi_square_result r = chi_square_test(&(chi_square){.draw = draw_sky,
                                                        .density = density_sky,
                                                        .subject = t,
                                                        .axis = {0, 0, 1},
                                                        .seed = seed,
                                                        .split = 16});
    printf("%s: p %.3f, density integrates to %.5f\n", name, r.p, r.integral);
    CHECK(r.p > CHI_SIGNIFICANCE / TESTS);
    CHECK_NEAR(r.integral, 1.0, 0.005);
}
// Rows gather about the disc so that its edge lies on one of theirs.
static void test_disc(const bt_sky_tables *t, const char *name, uint64_t seed)
{
    chi_square test = {.draw = draw_disc, .density = density_disc, .subject = t, .seed = seed};
    for (int k = 0; k < 3; k++)
        test.axis[k] = (double)t->sky.sun_dir[k];
    test.power = log(0.5 * (double)t->sky.sun_height) / log(0.25);
    chi_square_result r = chi_square_test(&test);
    printf("%s: p %.3f, density integrates to %.5f\n", name, r.p, r.integral);
    CHECK(r.p > CHI_SIGNIFICANCE / TESTS);
    CHECK_NEAR(r.integral, 1.0, 0.005);
}

// Irradiance of level ground at 550 nm: by the sampler, and by a fine grid over the table.
static void test_irradiance(const bt_sky_tables *t, const char *name)
{
    enum { GRID = 384, COUNT = 65536 };
    bt_sky_light l = light_from(t, 34u);
    double grid = 0.0, sampled = 0.0, square = 0.0;
    for (int k = 0; k < GRID * GRID; k++) {
        double z2 = (k / GRID + 0.5) / GRID, turn = 2.0 * M_PI * (k % GRID + 0.5) / GRID;
        double r = sqrt(1.0 - z2); // z dz = d(z^2) / 2
        float3 dir = float3((float)(r * cos(turn)), (float)(r * sin(turn)), (float)sqrt(z2));
        grid += (double)bt_sky_radiance(t->sky, t->radiance, l, dir)[0] * M_PI / (GRID * GRID);
    }
    for (uint i = 0; i < COUNT; i++) {
        float4 u = bt_sampler_4d(bt_sampler_begin(1u, 1u, i, 16u, 5u), 0u);
        bt_direction d = bt_sky_sample(t->sky, t->pick, u[0], u[1]);
        float4 radiance = bt_sky_radiance(t->sky, t->radiance, l, d.dir);
        double part = (double)(radiance[0] * d.dir[2] / d.pdf);
        sampled += part / COUNT;
        square += part * part / COUNT;
    }
    double spread = sqrt(square / (sampled * sampled) - 1.0);
    printf("%s: irradiance sampled / grid %.5f, spread of a sample %.2f\n", name, sampled / grid,
           spread);
    CHECK_NEAR(sampled / grid, 1.0, 0.003);
    CHECK(spread < 1.5); // of cosine and what the coarse table misses
}

int main(void)
{
    const struct {
        const char *name;
        bt_weather weather;
    } skies[] = {
        {"day", {.sun_elevation_rad = 30.0 * DEG, .sun_azimuth_rad = 1.0}},
        {"dusk", {.sun_elevation_rad = -6.0 * DEG, .sun_azimuth_rad = -2.0}},
        {"clouds", {.sun_elevation_rad = 30.0 * DEG, .cloud = 0.4}},
        {"moon",
         {.sun_elevation_rad = -30.0 * DEG,
          .moon = true,
          .moon_elevation_rad = 25.0 * DEG,
          .moon_azimuth_rad = 3.0,
          .sky_glow_cd_m2 = 1e-3}},
    };
    for (int i = 0; i < 4; i++) {
        bt_sky_tables *t = sky_of(skies[i].weather);
        test_sky(t, skies[i].name, 11u + (uint64_t)i);
        test_irradiance(t, skies[i].name);
        if (t->sky.sun_up > 0.0f && i != 2) test_disc(t, "its disc", 21u + (uint64_t)i);
        bt_sky_tables_destroy(t);
    }
    return check_end();
}
