// atmosphere.c: puts the tables of the sky together.
#include "engine/render/atmosphere.h"

#include "engine/core/memory.h"
#include "engine/render/atmosphere_internal.h"

#define WATER_CM 1.42f // ASTM G173's
#define SUN_RADIUS_RAD (0.2665 * BT_RAD_PER_DEG)
#define MOON_RADIUS_RAD ((double)BT_MOON_RADIUS_RAD)
#define TWILIGHT_END (-18.0 * BT_RAD_PER_DEG) // below, a source lights nothing
#define NIGHT_BELOW (4.0 * BT_RAD_PER_DEG)    // above, the night's own light is a millionth
#define STARS_BELOW (-5.0 * BT_RAD_PER_DEG)
#define SKY_GAS_MASS 3.0f // chosen: air that scattered light has crossed where water vapour is

#define TEXELS (BT_SKY_ROWS * BT_SKY_COLUMNS)

static double or_default(double value, double fallback, double low, double high)
{
    return isfinite(value) && value != 0.0 ? bt_clamp(value, low, high) : fallback;
}

// ---- spectra of the air -----------------------------------------------------------------------
// Optical depth of the whole air above sea level. Bodhaine et al. 1999, eq. 30 (360 ppm CO2), made
// for 250 to 850 nm and by its authors good to 0.05 % at 1000 nm.
static float rayleigh_depth(float nm)
{
    float l2 = sqr(nm * 1.0e-3f);
    return 0.0021520f * (1.0455996f - 341.29061f / l2 - 0.90230850f * l2) /
           (1.0f + 0.0027059889f / l2 - 85.968563f * l2);
}
// Air and aerosol and ozone at one wavelength (5 nm bin): 1/km, 1/km, depth.
static void air_at(const bt_weather *weather, int bin, float *rayleigh, float *aerosol,
                   float *ozone)
{
    float nm = BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)bin;
    double depth = or_default(weather->aerosol_optical_depth, 0.10, 0.0, 3.0);
    double angstrom = or_default(weather->angstrom_exponent, 1.3, -1.0, 4.0);
    *rayleigh = rayleigh_depth(nm) / (float)BT_RAYLEIGH_KM;
    *aerosol = (float)depth * pm_pow(nm / 550.0f, -(float)angstrom) / (float)BT_AEROSOL_SCALE_KM;
    *ozone = (float)or_default(weather->ozone_atm_cm, 0.34, 0.0, 2.0) * bt_ozone_absorption[bin];
}
static void air_fill(const bt_weather *weather, bt_air *a)
{
    a->albedo = (float)or_default(weather->ground_albedo, 0.2, 0.0, 1.0);
    a->ground_km = 1e-3 * or_default(weather->altitude_m, 0.0, 0.0, 8000.0);
    for (int i = 0; i < 4 * BT_COARSE_QUADS; i++) {
        float rayleigh, aerosol, ozone;
        int bin = i < BT_COARSE_BINS ? i : BT_COARSE_BINS - 1;
        air_at(weather, 4 * bin, &rayleigh, &aerosol, &ozone);
        a->rayleigh.v[i / 4][i % 4] = rayleigh;
        a->aerosol.v[i / 4][i % 4] = aerosol;
        a->ozone.v[i / 4][i % 4] = ozone;
    }
}
// What oxygen and water vapour leave over a relative air mass. Bird and Riordan 1984, eqs. 2-8, 2-11.
static float gas_transmittance(int bin, float air_mass)
{
    float w = bt_water_absorption[bin] * WATER_CM * air_mass;
    float m = bt_mixed_absorption[bin] * air_mass;
    return pm_exp(-0.2385f * w / pm_pow(1.0f + 20.07f * w, 0.45f) -
                  1.41f * m / pm_pow(1.0f + 118.3f * m, 0.45f));
}
static float air_mass_of(bt_column c)
{
    return c.rayleigh / (float)BT_RAYLEIGH_KM;
}
static bt_column column_of(const bt_air *a, double source_z)
{
    return bt_column_to_space(a, a->ground_km, source_z > 0.0 ? source_z : 0.0);
}

static float *spectrum_of(bt_sky_tables *t, uint which)
{
    return t->spectra + which * BT_SPECTRUM_BINS;
}

static void spectra_of_air(const bt_air *a, const bt_weather *weather, bt_sky_tables *t)
{
    bt_column sun = column_of(a, (double)t->sky.day.dir[2]);
    bt_density d = bt_density_at(a, a->ground_km);
    float mass = air_mass_of(sun), sky_mass = min(mass, SKY_GAS_MASS);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        float rayleigh, aerosol, ozone;
        air_at(weather, i, &rayleigh, &aerosol, &ozone);
        float depth = rayleigh * sun.rayleigh + aerosol * sun.aerosol + ozone * sun.ozone;
        float gas = gas_transmittance(i, sky_mass);
        spectrum_of(t, BT_SKY_SUN_IRRADIANCE)[i] = bt_solar_irradiance[i] * gas;
        spectrum_of(t, BT_SKY_SUN_TRANSMITTANCE)[i] =
            pm_exp(-depth) * gas_transmittance(i, mass) / gas;
        spectrum_of(t, BT_SKY_RAYLEIGH)[i] = 1e-3f * rayleigh * d.rayleigh;
        spectrum_of(t, BT_SKY_AEROSOL)[i] = 1e-3f * aerosol;
    }
}
static void spectrum_of_moonlight(const bt_air *a, const bt_weather *weather, const float *ratio,
                                  bt_sky_tables *t)
{
    bt_column moon = column_of(a, (double)t->sky.moon.dir[2]);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        float rayleigh, aerosol, ozone;
        air_at(weather, i, &rayleigh, &aerosol, &ozone);
        float depth = rayleigh * moon.rayleigh + aerosol * moon.aerosol + ozone * moon.ozone;
        spectrum_of(t, BT_SKY_MOONLIGHT)[i] = bt_solar_irradiance[i] * ratio[i] * pm_exp(-depth) *
                                              gas_transmittance(i, air_mass_of(moon));
    }
}

// ---- sun and moon -----------------------------------------------------------------------------
static bt_sky_source source_make(double elevation_rad, double azimuth_rad)
{
    double up = isfinite(elevation_rad) ? elevation_rad : 0.7;
    double turn = isfinite(azimuth_rad) ? azimuth_rad : 0.0;
    up = bt_clamp(up, -0.5 * BT_PI, 0.5 * BT_PI);
    bt_sky_source s;
    s.side = float3((float)cos(turn), (float)sin(turn), 0.0f);
    s.dir = s.side * (float)cos(up);
    s.dir[2] = (float)sin(up);
    s.on = up > TWILIGHT_END ? 1.0f : 0.0f;
    return s;
}
static void disc_set(bt_sky *sky, bt_sky_source source, double radius_rad)
{
    double half = sin(0.5 * radius_rad);
    sky->sun_dir = source.dir;
    sky->sun_y = float3(-source.side[1], source.side[0], 0.0f);
    sky->sun_x = cross3(sky->sun_y, source.dir);
    sky->sun_height = (float)(2.0 * half * half);
    sky->sun_angle = (float)(4.0 * BT_PI * half * half);
    sky->sun_up = (double)source.dir[2] > -sin(radius_rad) ? 1.0f : 0.0f;
}
static bt_sky sky_make(const bt_weather *weather)
{
    bt_sky sky;
    memset(&sky, 0, sizeof sky);
    sky.day = source_make(weather->sun_elevation_rad, weather->sun_azimuth_rad);
    sky.moon = source_make(weather->moon_elevation_rad, weather->moon_azimuth_rad);
    if (!weather->moon) sky.moon.on = 0.0f;
    bt_moon_face_set(&sky, isfinite(weather->moon_phase_rad) ? weather->moon_phase_rad : 0.0);
    disc_set(&sky, sky.day, or_default(weather->sun_radius_rad, SUN_RADIUS_RAD, 1e-4, 0.2));
    bool moon_up = sky.moon.on > 0.0f && (double)sky.moon.dir[2] > -sin(MOON_RADIUS_RAD);
    if (moon_up && !(sky.sun_up > 0.0f)) {
        disc_set(&sky, sky.moon, MOON_RADIUS_RAD);
        sky.is_moon = 1.0f;
    }
    sky.day_moon = moon_up && !(sky.is_moon > 0.0f) ? 1.0f : 0.0f;
    sky.sun_open = sky.cloud_ground = 1.0f;
    sky.aerosol_g = BT_AEROSOL_G;
    sky.aerosol_albedo = BT_AEROSOL_ALBEDO;
    sky.night_on = (double)sky.day.dir[2] < sin(NIGHT_BELOW) ? 1.0f : 0.0f;
    sky.star_on = (double)sky.day.dir[2] < sin(STARS_BELOW) ? 1.0f : 0.0f;
    return sky;
}

// ---- scattered light --------------------------------------------------------------------------
typedef struct scattered {
    bt_sky_texel_full full[2][TEXELS]; // by the sun, by the moon
    bt_coarse irradiance[2];           // of level ground, over the sun's above the air
    bt_air air;
} scattered;

// Light of one source, `ratio` of the sun's (5 nm bins; NULL: the sun's).
static void scatter(scattered *s, bt_sky_source source, const float *ratio, int which)
{
    if (!(source.on > 0.0f)) return; // zero
    bt_ambient_compute(&s->air, (double)source.dir[2]);
    bt_sky_full_compute(&s->air, source, BT_AEROSOL_G, s->full[which], &s->irradiance[which]);
    if (!ratio) return;
    for (int q = 0; q < BT_COARSE_QUADS; q++) {
        int bin = 16 * q;
        float4 part = splat4(0.0f);
        for (int k = 0; k < 4; k++)
            part[k] = ratio[min(bin + 4 * k, BT_SPECTRUM_BINS - 1)];
        s->irradiance[which].v[q] = s->irradiance[which].v[q] * part;
        for (uint i = 0; i < TEXELS; i++) {
            s->full[which][i].aerosol.v[q] = s->full[which][i].aerosol.v[q] * part;
            s->full[which][i].rest.v[q] = s->full[which][i].rest.v[q] * part;
        }
    }
}

// ---- night, clouds ----------------------------------------------------------------------------
// Radiance of a ground under a sky of this shape, over its zenith's.
static float ground_under(const bt_sky *sky, float albedo, float (*shape)(bt_sky, float))
{
    float sum = 0.0f;
    for (int i = 0; i < 64; i++) {
        float z = ((float)i + 0.5f) / 64.0f;
        sum += 2.0f * z * shape(*sky, z) / 64.0f;
    }
    return albedo * sum;
}
static void night_fill(const bt_air *a, const bt_weather *weather, bt_sky_tables *t)
{
    float scattering[BT_SPECTRUM_BINS];
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        scattering[i] = spectrum_of(t, BT_SKY_RAYLEIGH)[i] * (1e3f * (float)BT_RAYLEIGH_KM) +
                        spectrum_of(t, BT_SKY_AEROSOL)[i] * BT_AEROSOL_SCALE_M;
    t->sky.night_depth = scattering[34]; // 550 nm
    bt_night_zenith(spectrum_of(t, BT_SKY_NIGHT));
    t->sky.night_ground = ground_under(&t->sky, a->albedo, bt_night_shape);
    double glow = isfinite(weather->sky_glow_cd_m2) ? weather->sky_glow_cd_m2 : 0.0;
    t->sky.glow_on = glow > 0.0 && t->sky.night_on > 0.0f ? 1.0f : 0.0f;
    if (!(t->sky.glow_on > 0.0f)) return;
    bt_glow_zenith(scattering, bt_clamp(glow, 0.0, 10.0), spectrum_of(t, BT_SKY_GLOW));
    t->sky.glow_ground = ground_under(&t->sky, a->albedo, bt_glow_shape);
}

// Irradiance across the disc's ray at the ground, under no cloud.
static float direct_below(const bt_sky_tables *t, int i)
{
    const float *s = t->spectra + i;
    float sun = s[BT_SKY_SUN_IRRADIANCE * BT_SPECTRUM_BINS] *
                s[BT_SKY_SUN_TRANSMITTANCE * BT_SPECTRUM_BINS];
    return t->sky.sun_up * (t->sky.is_moon > 0.0f ? s[BT_SKY_MOONLIGHT * BT_SPECTRUM_BINS] : sun);
}
// Irradiance of clouds from above: the light of disc and sky together is about as much there as down
// here (the air between sends on what it scatters), but more of it comes from the disc.
static void clouds_fill(const scattered *s, const bt_weather *weather, const float *moon_ratio,
                        bt_sky_tables *t)
{
    if (!(weather->cloud > 0.0)) return;
    double height = s->air.ground_km + BT_CLOUD_BASE_KM, z = (double)t->sky.sun_dir[2];
    bt_coarse beam;
    bool lit = t->sky.sun_up > 0.0f && z > 0.0 && bt_source_beam(&s->air, height, z, &beam);
    bt_cloud_light light = {0.0, 0.0, t->sky.sun_dir};
    float night_level = t->sky.night_on > 0.0f ? t->sky.night_ground / s->air.albedo : 0.0f;
    float *cloud = spectrum_of(t, BT_SKY_CLOUD);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        float sun = spectrum_of(t, BT_SKY_SUN_IRRADIANCE)[i];
        float part = t->sky.is_moon > 0.0f ? moon_ratio[i] : 1.0f;
        float direct = lit ? sun * part * bt_coarse_at(&beam, i) * (float)z : 0.0f;
        float beside =
            sun * (bt_coarse_at(&s->irradiance[0], i) + bt_coarse_at(&s->irradiance[1], i));
        float below = direct_below(t, i) * max((float)z, 0.0f);
        float diffuse = beside - min(max(direct - below, 0.0f), 0.7f * beside) +
                        BT_PI_F * night_level * spectrum_of(t, BT_SKY_NIGHT)[i];
        cloud[i] = (direct + diffuse) * BT_INV_PI_F;
        if (i == 34) light.direct = (double)direct, light.diffuse = (double)diffuse;
    }
    t->sky.cloud_on = 1.0f;
    float up_m = 1e3f * (float)BT_CLOUD_BASE_KM;
    bt_haze_way way = bt_haze_way_along(0.0f, 1.0f, up_m, 1.0f, t->sky.aerosol_g);
    float haze = spectrum_of(t, BT_SKY_RAYLEIGH)[34] * way.air_m +
                 spectrum_of(t, BT_SKY_AEROSOL)[34] * way.aerosol_m;
    bt_cloud_compute(weather, (double)s->air.albedo, (double)haze, light,
                     t->radiance + BT_SKY_CLOUD_AT, &t->sky.cloud_ground);
    t->sky.sun_open = bt_sky_open(t->sky, t->radiance, t->sky.sun_dir);
}

// ---- ambient light at the ground --------------------------------------------------------------
static bt_wavelengths wavelengths_at(uint first)
{
    bt_wavelengths w;
    w.pdf = splat4(1.0f);
    w.part = splat4(0.0f);
    for (int k = 0; k < 4; k++) {
        w.bin[k] = min(first + (uint)k, BT_SPECTRUM_BINS - 2u);
        w.part[k] = (float)(first + (uint)k - w.bin[k]);
        w.nm[k] = BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)(first + (uint)k);
    }
    return w;
}
// Mean radiance from all around: half of it sky, half ground under sky and disc.
static void ambient_fill(float albedo, bt_sky_tables *t)
{
    enum { ROWS = 24, COLUMNS = 32 };
    const uint last = BT_SPECTRUM_BINS - 4u; // of the registers, which may overlap
    for (uint first = 0; first < BT_SPECTRUM_BINS; first += 4u) {
        bt_sky_light l = bt_sky_light_at(t->sky, t->spectra, wavelengths_at(min(first, last)));
        float4 mean = splat4(0.0f), level = l.haze_sun * max(t->sky.sun_dir[2], 0.0f);
        for (int k = 0; k < ROWS * COLUMNS; k++) {
            float z = ((float)(k / COLUMNS) + 0.5f) / ROWS, r = bt_sqrt_f(1.0f - z * z);
            float2 sc = pm_sincos(2.0f * BT_PI_F * ((float)(k % COLUMNS) + 0.5f) / COLUMNS);
            float4 sky = bt_sky_radiance(t->sky, t->radiance, l, float3(r * sc[1], r * sc[0], z));
            mean = mean + sky * (1.0f / (ROWS * COLUMNS));
            level = level + sky * (z * 2.0f * BT_PI_F / (ROWS * COLUMNS));
        }
        float4 all = (mean + level * (albedo * BT_INV_PI_F)) * 0.5f;
        for (uint k = 0; k < 4u; k++)
            spectrum_of(t, BT_SKY_AMBIENT)[min(first, last) + k] = all[k];
    }
}

// ---- all of it --------------------------------------------------------------------------------
static void fill(const bt_weather *weather, scattered *s, bt_sky_tables *t)
{
    float moon_ratio[BT_SPECTRUM_BINS];
    t->sky = sky_make(weather);
    air_fill(weather, &s->air);
    bt_moon_over_sun(isfinite(weather->moon_phase_rad) ? weather->moon_phase_rad : 0.0, moon_ratio);
    scatter(s, t->sky.day, NULL, 0);
    scatter(s, t->sky.moon, moon_ratio, 1);
    bt_sky_basis_compute(s->full[0], 2u * TEXELS, spectrum_of(t, BT_SKY_BASIS), t->radiance);
    spectra_of_air(&s->air, weather, t);
    spectrum_of_moonlight(&s->air, weather, moon_ratio, t);
    night_fill(&s->air, weather, t);
    clouds_fill(s, weather, moon_ratio, t);
    ambient_fill(s->air.albedo, t);
    bt_sky_pick_compute(t);
}

bt_status bt_sky_tables_create(const bt_weather *weather, bt_sky_tables **tables)
{
    *tables = NULL;
    bt_sky_tables *t = bt_alloc(1, sizeof *t);
    scattered *s = bt_alloc(1, sizeof *s);
    if (!t || !s) {
        bt_free(t);
        bt_free(s);
        return bt_fail(BT_ERR_MEMORY, "sky tables");
    }
    fill(weather, s, t);
    bt_free(s);
    *tables = t;
    return BT_OK;
}

void bt_sky_tables_destroy(bt_sky_tables *tables)
{
    bt_free(tables);
}
