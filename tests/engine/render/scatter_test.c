// scatter_test.c: the sky at low sun and in twilight: against published illuminances, and against a
// random walk through the same air that scatters by Rayleigh's phase function each time.
#include "tests/engine/render/sky_light.h"

#include "engine/core/memory.h"
#include "engine/render/atmosphere_internal.h"

#include "shaders/shared/frame.h"
#include "shaders/shared/sampler.h"

// Illuminance of level ground under clear skies, lux: Glossary of Meteorology (American
// Meteorological Society), "civil twilight": 585 to 410 at sunset, 3.5 to 2 at -6 degrees;
// "astronomical twilight": 0.008 at -12. Skies differ by what is in them; without refraction the sun
// stands up to half a degree lower than it seems, a factor of 1.5 at -12 degrees.
static void test_twilight(void)
{
    const struct {
        double sun_deg, low, high;
    } published[] = {{-0.83, 410.0, 585.0}, {-6.0, 2.0, 3.5}, {-12.0, 0.008 / 2.0, 0.008 * 2.0}};
    for (int i = 0; i < 3; i++) {
        bt_sky_tables *t = sky_at(published[i].sun_deg);
        double lux = lux_by_sky(t);
        printf("sun at %.2f degrees: %.4g lx (published %.3g to %.3g), zenith %.3g cd/m2\n",
               published[i].sun_deg, lux, published[i].low, published[i].high,
               luminance(t, float3(0.0f, 0.0f, 1.0f)));
        CHECK(lux > published[i].low && lux < published[i].high);
        CHECK(i == 0 || t->sky.sun_up == 0.0f);
        bt_sky_tables_destroy(t);
    }
}

// Opposite a sun just set the earth's shadow stands low, blue and dark, under a belt of red light.
static void test_shadow(void)
{
    bt_sky_tables *t = sky_at(-2.0);
    double shadow = luminance(t, direction(2.5, 180.0, &t->sky));
    double above = luminance(t, direction(15.0, 180.0, &t->sky));
    double blue_shadow = blueness(t, direction(2.5, 180.0, &t->sky));
    double blue_belt = blueness(t, direction(9.5, 180.0, &t->sky));
    printf("-2 degrees, opposite the sun: shadow %.0f, above it %.0f cd/m2; 450 over 650 nm %.2f, "
           "in the belt %.2f\n",
           shadow, above, blue_shadow, blue_belt);
    CHECK(shadow < 0.6 * above && blue_belt < 0.7 * blue_shadow);
    bt_sky_tables_destroy(t);

    t = sky_at(-5.0);
    double sunward = luminance(t, direction(4.0, 0.0, &t->sky));
    CHECK(sunward > 8.0 * luminance(t, direction(4.0, 180.0, &t->sky)));
    bt_sky_tables_destroy(t);
}

// ---- a random walk ----------------------------------------------------------------------------
#define WALK_BIN 8 // 540 nm
#define WALK_STEPS 96
#define WALK_SCATTERINGS 12

typedef struct walk {
    const bt_air *air;
    float3 sun;
    bt_sampler random;
    uint set;
} walk;

// Extinction at a height, and the shares of air and aerosol that are scattered.
static float extinction(const walk *w, bt_density d, float *scattered)
{
    float air = bt_coarse_bin(&w->air->rayleigh, WALK_BIN) * d.rayleigh;
    float aerosol = bt_coarse_bin(&w->air->aerosol, WALK_BIN) * d.aerosol;
    float all = air + aerosol + bt_coarse_bin(&w->air->ozone, WALK_BIN) * d.ozone;
    *scattered = (air + BT_AEROSOL_ALBEDO * aerosol) / fmaxf(all, 1e-30f);
    return all;
}

// A place after a distance from (0, 0, height), in a frame whose z is up at the start.
typedef struct place {
    double x, y, z; // km from the earth's centre
} place;
static double height_of(place p)
{
    return sqrt(p.x * p.x + p.y * p.y + p.z * p.z) - 6371.0;
}
static place moved(place p, float3 dir, double t)
{
    return (place){p.x + t * (double)dir[0], p.y + t * (double)dir[1], p.z + t * (double)dir[2]};
}
static double zenith_cosine(place p, float3 dir)
{
    double r = sqrt(p.x * p.x + p.y * p.y + p.z * p.z);
    return (p.x * (double)dir[0] + p.y * (double)dir[1] + p.z * (double)dir[2]) / r;
}

// Light of the sun scattered at a place into a direction, over its irradiance.
static double lit(const walk *w, place p, float3 dir)
{
    bt_coarse beam;
    if (!bt_source_beam(w->air, height_of(p), zenith_cosine(p, w->sun), &beam)) return 0.0;
    return (double)(bt_coarse_bin(&beam, WALK_BIN) * bt_phase_rayleigh(dot3(dir, w->sun)));
}

// Forces a scattering before the ray leaves the air; what is left of the weight.
static double collide(walk *w, place *p, float3 dir, float u)
{
    bt_air_ray ray = bt_air_ray_make(w->air, height_of(*p), zenith_cosine(*p, dir), 0.0, 0.0);
    double depth[WALK_STEPS + 1] = {0.0}, step = ray.length / WALK_STEPS;
    for (int i = 0; i < WALK_STEPS; i++) {
        float scattered;
        bt_density d = bt_density_at(w->air, height_of(moved(*p, dir, (i + 0.5) * step)));
        depth[i + 1] = depth[i] + step * (double)extinction(w, d, &scattered);
    }
    double taken = 1.0 - exp(-depth[WALK_STEPS]), want = -log(1.0 - (double)u * taken);
    int i = 0;
    while (i < WALK_STEPS - 1 && depth[i + 1] < want)
        i++;
    double part = (want - depth[i]) / fmax(depth[i + 1] - depth[i], 1e-30);
    *p = moved(*p, dir, (i + part) * step);
    float scattered;
    extinction(w, bt_density_at(w->air, height_of(*p)), &scattered);
    return taken * (double)scattered;
}
// By Rayleigh's phase function: the cosine's distribution solved (Frisvad 2011).
static float3 scatter_from(float3 dir, float u, float v)
{
    double b = 4.0 * (double)u - 2.0, root = cbrt(b + sqrt(b * b + 1.0));
    float cosine = (float)(root - 1.0 / root);
    float2 sc = pm_sincos(2.0f * BT_PI_F * v);
    float r = bt_sqrt_f(fmaxf(1.0f - cosine * cosine, 0.0f));
    float3 x = normalize3(cross3(abs(dir[2]) < 0.9f ? float3(0, 0, 1) : float3(1, 0, 0), dir));
    return x * (r * sc[0]) + cross3(dir, x) * (r * sc[1]) + dir * cosine;
}
static double walk_radiance(walk *w, float3 dir)
{
    place p = {0.0, 0.0, 6371.0 + BT_EYE_KM};
    double weight = 1.0, sum = 0.0;
    for (uint k = 0; k < WALK_SCATTERINGS; k++) {
        float4 u = bt_sampler_4d(w->random, k);
        weight *= collide(w, &p, dir, u[0]);
        sum += weight * lit(w, p, dir);
        dir = scatter_from(dir, u[1], u[2]);
    }
    return sum;
}

// Air alone over black ground. Isotropic second and later scatterings are what differs.
static void test_walk(void)
{
    bt_air *air = bt_alloc(1, sizeof *air);
    bt_sky_texel_full *full = bt_alloc(BT_SKY_ROWS * BT_SKY_COLUMNS, sizeof *full);
    CHECK(air && full);
    const double suns_deg[] = {45.0, 5.0, -3.0};
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        air->rayleigh.v[q] = splat4(0.0116f); // 540 nm, 1/km
    for (int i = 0; i < 3; i++) {
        bt_sky_source sun = {.side = float3(1, 0, 0), .on = 1.0f};
        sun.dir = float3((float)cos(suns_deg[i] * DEG), 0, (float)sin(suns_deg[i] * DEG));
        bt_coarse irradiance;
        bt_ambient_compute(air, (double)sun.dir[2]);
        bt_sky_full_compute(air, sun, BT_AEROSOL_G, full, &irradiance);
        double table =
            (double)bt_coarse_bin(&full[(BT_SKY_ROWS - 1u) * BT_SKY_COLUMNS].rest, WALK_BIN);
        double sum = 0.0, square = 0.0;
        const int count = 12000;
        for (int k = 0; k < count; k++) {
            walk w = {.air = air, .sun = sun.dir};
            w.random = bt_sampler_begin(3u, 5u, (uint)k, 14u, 9u);
            double r = walk_radiance(&w, float3(0, 0, 1));
            sum += r / count;
            square += r * r / count;
        }
        double error = sqrt((square - sum * sum) / count) / sum;
        printf("zenith of pure air, sun at %g: table over random walk %.3f, walk within %.3f\n",
               suns_deg[i], table / sum, error);
        CHECK_NEAR(table / sum, 1.0, 0.08 + 3.0 * error);
    }
    bt_free(full);
    bt_free(air);
}

int main(void)
{
    test_twilight();
    test_shadow();
    test_walk();
    return check_end();
}
