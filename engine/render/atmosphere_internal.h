// atmosphere_internal.h: what the files behind atmosphere.h share. Lengths in km, spectra every
// 20 nm in whole registers; include last.
#ifndef BT_RENDER_ATMOSPHERE_INTERNAL_H
#define BT_RENDER_ATMOSPHERE_INTERNAL_H

#include "engine/render/atmosphere.h"

#include "shaders/shared/types.h"

// solar_tables.c, every 5 nm
extern const float bt_solar_irradiance[BT_SPECTRUM_BINS];
extern const float bt_ozone_absorption[BT_SPECTRUM_BINS];
extern const float bt_water_absorption[BT_SPECTRUM_BINS];
extern const float bt_mixed_absorption[BT_SPECTRUM_BINS];

// ---- coarse spectra ---------------------------------------------------------------------------
#define BT_COARSE_BINS 32 // 380 to 1000 nm
#define BT_COARSE_QUADS 8 // in registers of four

typedef struct bt_coarse {
    float4 v[BT_COARSE_QUADS];
} bt_coarse;

static inline float bt_coarse_bin(const bt_coarse *s, int bin)
{
    return s->v[bin / 4][bin % 4];
}
// At a 5 nm bin, linear between.
static inline float bt_coarse_at(const bt_coarse *s, int fine)
{
    int bin = fine / 4 < BT_COARSE_BINS - 1 ? fine / 4 : BT_COARSE_BINS - 2;
    return lerp(bt_coarse_bin(s, bin), bt_coarse_bin(s, bin + 1), 0.25f * (float)(fine - 4 * bin));
}

// ---- air --------------------------------------------------------------------------------------
#define BT_RAYLEIGH_KM 8.404 // all of the air at its density at sea level (air.c)
#define BT_AEROSOL_SCALE_KM (1e-3 * (double)BT_AEROSOL_SCALE_M)
#define BT_AEROSOL_ALBEDO 0.945f // Bird and Riordan 1984, rural, at 400 nm
#define BT_AEROSOL_G 0.70f       // chosen: between rural (0.65) and the aureole of real haze
#define BT_EYE_KM 0.002          // above the ground

#define BT_AMBIENT_ROWS 10    // heights, denser near the ground
#define BT_AMBIENT_COLUMNS 33 // elevations of the sun, denser near and below the horizon

// Light scattered at least twice, for a source of irradiance one above the air: mean radiance over
// all directions at each height, and irradiance of level ground without the source's own beam. Both
// are stored as fourth roots, because they fall by decades below the horizon.
typedef struct bt_ambient {
    bt_coarse radiance[BT_AMBIENT_ROWS][BT_AMBIENT_COLUMNS];
    bt_coarse irradiance[BT_AMBIENT_COLUMNS];
} bt_ambient;

typedef struct bt_air {
    bt_coarse rayleigh; // scattering, 1/km at sea level
    bt_coarse aerosol;  // extinction, 1/km at the ground
    bt_coarse ozone;    // vertical optical depth of the whole layer
    float albedo;       // of the ground
    double ground_km;
    bt_ambient ambient;   // of the source at hand
    bt_ambient orders[2]; // two successive orders of it
} bt_air;

// Integral of density, over that at sea level (aerosol: at the ground), km; ozone: 1 for all of it.
typedef struct bt_column {
    float rayleigh, aerosol, ozone;
} bt_column;

// From height h towards zenith cosine z to space. air.c
bt_column bt_column_to_space(const bt_air *air, double h, double z);
bool bt_meets_ground(const bt_air *air, double h, double z);

static inline bt_coarse bt_transmittance(const bt_air *a, bt_column c)
{
    bt_coarse t;
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        t.v[q] = pm_exp4((a->rayleigh.v[q] * c.rayleigh + a->aerosol.v[q] * c.aerosol +
                          a->ozone.v[q] * c.ozone) *
                         -1.0f);
    return t;
}

typedef struct bt_density { // over that at sea level (aerosol: at the ground); ozone: 1/km
    float rayleigh, aerosol, ozone;
} bt_density;
bt_density bt_density_at(const bt_air *air, double height_km);

// A straight ray from height h with zenith cosine z, and where the source is there. air.c
typedef struct bt_air_ray {
    double h, z, source_z, toward; // toward: cosine between ray and source
    double length;
    bool ground; // where it ends
} bt_air_ray;

bt_air_ray bt_air_ray_make(const bt_air *air, double h, double z, double source_z, double toward);

// The middle of step i of n along a ray, the steps growing quadratically: most of the air is near.
typedef struct bt_air_step {
    double h, source_z; // there
    float length;
    bt_density density;
} bt_air_step;
bt_air_step bt_air_step_at(const bt_air *air, const bt_air_ray *ray, int i, int n);
double bt_air_ray_end_z(const bt_air_ray *ray); // the source's zenith cosine where the ray ends

static inline void bt_column_add(bt_column *c, bt_density d, float step_km)
{
    c->rayleigh += d.rayleigh * step_km;
    c->aerosol += d.aerosol * step_km;
    c->ozone += d.ozone * step_km;
}

// What is left of the source's beam at a place; false: in the earth's shadow. air.c
bool bt_source_beam(const bt_air *air, double h, double source_z, bt_coarse *beam);

// ---- scattered light --------------------------------------------------------------------------
// Fills air->ambient, as far from the source as its light comes from. scatter.c
void bt_ambient_compute(bt_air *air, double source_z);
bt_coarse bt_ambient_radiance(const bt_air *air, double height_km, double source_z);
bt_coarse bt_ambient_irradiance(const bt_air *air, double source_z);

// One texel of the sky's table for a source of irradiance one: two whole spectra.
typedef struct bt_sky_texel_full {
    bt_coarse aerosol; // scattered once by aerosol, without its phase
    bt_coarse rest;
} bt_sky_texel_full;
// The whole table (rows x columns), and irradiance of level ground from its upper half. scatter.c
void bt_sky_full_compute(const bt_air *air, bt_sky_source source, float aerosol_g,
                         bt_sky_texel_full *full, bt_coarse *irradiance);

// ---- night ------------------------------------------------------------------------------------
// The moon's irradiance above the air over the sun's (BT_SPECTRUM_BINS). night.c
void bt_moon_over_sun(double phase_rad, float *ratio);
void bt_moon_face_set(bt_sky *sky, double phase_rad); // needs both sources' directions
// Radiances at the zenith. scattering: of the air, relative
void bt_night_zenith(float *spectrum);
void bt_glow_zenith(const float *scattering, double cd_m2, float *spectrum);

// ---- clouds -----------------------------------------------------------------------------------
// What falls on the clouds from above, W m^-2 nm^-1 at 550 nm: directly, and from the sky; and where
// the former comes from.
typedef struct bt_cloud_light {
    double direct, diffuse;
    float3 dir;
} bt_cloud_light;
// Fills the table of clouds; haze: optical depth of the air below them; ground: what they leave of
// all light, over that of a clear sky. cloud.c
void bt_cloud_compute(const bt_weather *weather, double albedo, double haze, bt_cloud_light light,
                      float *table, float *ground);
#define BT_CLOUD_BASE_KM 1.5 // chosen: stratocumulus

// ---- tables -----------------------------------------------------------------------------------
// Four spectra whose sums are nearly all `count` texels, and each texel's shares. basis.c
void bt_sky_basis_compute(const bt_sky_texel_full *full, uint32_t count, float *basis_5nm,
                          float *radiance);
// What light sampling needs; everything else of the tables is done. sky_pick.c
void bt_sky_pick_compute(bt_sky_tables *tables);

#endif
