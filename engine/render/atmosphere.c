// atmosphere.c: integrates the clear sky. Lengths in km here, spectra every 20 nm.
#include "engine/render/atmosphere.h"

#include "engine/core/memory.h"
#include "engine/render/atmosphere_internal.h"

#include "shaders/shared/sky.h"

#define BT_SKY_BINS 21 // every 20 nm
#define BINS BT_SKY_BINS
#define FULL_TEXEL (2 * BINS) // aerosol, rest
#define BASIS 4
#define EARTH_KM 6371.0
#define TOP_KM 100.0 // above: less than a hundred-thousandth of the air
#define RAYLEIGH_SCALE_KM 8.0
#define AEROSOL_SCALE_KM 1.2 // chosen: rural boundary layer
#define OZONE_MIDDLE_KM 25.0 // tent from 10 to 40 km, as Hillaire 2020
#define OZONE_HALF_KM 15.0
#define AEROSOL_ALBEDO 0.945f // Bird and Riordan 1984, rural, at 400 nm
#define AEROSOL_G 0.70f       // chosen: between rural (0.65) and the peaked aureole of real haze
#define WATER_CM 1.42f        // ASTM G173's
#define EYE_KM 0.002
#define SUN_RADIUS_RAD 0.0046512 // half of 0.533 degrees
#define COLUMN_STEPS 24
#define VIEW_STEPS 32
#define AMBIENT_ROWS 8     // heights
#define AMBIENT_COLUMNS 16 // zenith cosines of the sun
#define AMBIENT_LOW -0.3   // the lowest of them
#define AMBIENT_RAYS 24
#define AMBIENT_STEPS 12

typedef struct density { // over that at sea level; ozone: 1/km, integrates to 1
    float rayleigh, aerosol, ozone;
} density;

typedef density column; // integral of density along a ray, km (ozone: 1)

typedef struct air {
    float rayleigh[BT_SKY_BINS]; // scattering, 1/km at sea level
    float aerosol[BT_SKY_BINS];  // extinction, 1/km at the ground
    float ozone[BT_SKY_BINS];    // vertical optical depth of the whole layer
    float albedo;                // of the ground
    double ground_km;
    double sun_z;                                              // sine of its elevation
    float ambient[AMBIENT_ROWS][AMBIENT_COLUMNS][BT_SKY_BINS]; // over irradiance, 1/sr
} air;

// ---- geometry of spheres ----------------------------------------------------------------------
// Distance along a ray from height h, zenith cosine z, to a sphere of the given height: the near
// crossing (from outside) or the far one. Negative: none.
static double to_sphere(double h, double z, double sphere_km, bool near)
{
    double b = (EARTH_KM + h) * z;
    double d = b * b - (h - sphere_km) * (2.0 * EARTH_KM + h + sphere_km);
    if (d < 0.0) return -1.0;
    return near ? -b - sqrt(d) : -b + sqrt(d);
}
static bool meets_ground(const air *a, double h, double z)
{
    return z < 0.0 && to_sphere(h, z, a->ground_km, true) > 0.0;
}
// Height after a distance t.
static double height_along(double h, double z, double t)
{
    double r = EARTH_KM + h;
    double more = t * t + 2.0 * r * z * t; // r'^2 - r^2
    return h + more / (sqrt(r * r + more) + r);
}
// Zenith cosine of the sun after a distance t along a ray; toward_sun: cosine between ray and sun.
static double sun_z_along(double h, double z, double t, double sun_z, double toward_sun)
{
    double r = EARTH_KM + h;
    return (r * sun_z + t * toward_sun) / (EARTH_KM + height_along(h, z, t));
}

// ---- matter along rays ------------------------------------------------------------------------
static density density_at(const air *a, double height_km)
{
    float h = (float)height_km;
    density d;
    d.rayleigh = pm_exp(-h / (float)RAYLEIGH_SCALE_KM);
    d.aerosol = pm_exp(-(h - (float)a->ground_km) / (float)AEROSOL_SCALE_KM);
    float tent = 1.0f - abs(h - (float)OZONE_MIDDLE_KM) / (float)OZONE_HALF_KM;
    d.ozone = max(tent, 0.0f) / (float)OZONE_HALF_KM;
    return d;
}
static void column_add(column *c, density d, float step_km)
{
    c->rayleigh += d.rayleigh * step_km;
    c->aerosol += d.aerosol * step_km;
    c->ozone += d.ozone * step_km;
}
// Middle and length of step i of n, growing quadratically: most of the air is near the ground.
static void step_at(int i, int n, double length, double *middle, double *step)
{
    double from = (double)i / n, to = (double)(i + 1) / n;
    *step = (to * to - from * from) * length;
    *middle = from * from * length + 0.5 * *step;
}
// From height h towards zenith cosine z to space; the ground is not looked for.
static column column_to_space(const air *a, double h, double z)
{
    column c = {0.0f, 0.0f, 0.0f};
    double length = to_sphere(h, z, TOP_KM, false);
    for (int i = 0; i < COLUMN_STEPS; i++) {
        double middle, step;
        step_at(i, COLUMN_STEPS, length, &middle, &step);
        column_add(&c, density_at(a, height_along(h, z, middle)), (float)step);
    }
    return c;
}
static float transmittance(const air *a, column c, int bin)
{
    return pm_exp(
        -(a->rayleigh[bin] * c.rayleigh + a->aerosol[bin] * c.aerosol + a->ozone[bin] * c.ozone));
}

// ---- multiply scattered light -----------------------------------------------------------------
// Mean radiance over all directions at a height, of light scattered twice or more.
static void ambient_at(const air *a, double height_km, double sun_z, float *out)
{
    double above = bt_clamp((height_km - a->ground_km) / (TOP_KM - a->ground_km), 0.0, 1.0);
    double row = (AMBIENT_ROWS - 1) * sqrt(above);
    double place =
        (AMBIENT_COLUMNS - 1) * bt_clamp((sun_z - AMBIENT_LOW) / (1.0 - AMBIENT_LOW), 0.0, 1.0);
    int r = (int)bt_clamp(row, 0.0, AMBIENT_ROWS - 2);
    int c = (int)bt_clamp(place, 0.0, AMBIENT_COLUMNS - 2);
    float fr = (float)(row - r), fc = (float)(place - c);
    for (int i = 0; i < BINS; i++)
        out[i] = lerp(lerp(a->ambient[r][c][i], a->ambient[r][c + 1][i], fc),
                      lerp(a->ambient[r + 1][c][i], a->ambient[r + 1][c + 1][i], fc), fr);
}

typedef struct ray { // from height h; z: zenith cosine; toward_sun: cosine to the sun
    double h, z, sun_z, toward_sun;
    double length;
    bool ground;
} ray;

static ray ray_make(const air *a, double h, double z, double sun_z, double toward_sun)
{
    ray r = {h, z, sun_z, toward_sun, 0.0, meets_ground(a, h, z)};
    r.length = r.ground ? to_sphere(h, z, a->ground_km, true) : to_sphere(h, z, TOP_KM, false);
    return r;
}

// Transmittance from space along the sun's direction to a place; false: in the earth's shadow.
static bool sun_column(const air *a, double h, double sun_z, column *c)
{
    if (meets_ground(a, h, sun_z)) return false;
    *c = column_to_space(a, h, sun_z);
    return true;
}

// Ground at the end of a ray, lit by the sun alone: radiance over irradiance.
static float ground_lit(const air *a, const ray *r, column view, int bin)
{
    double sun_z = sun_z_along(r->h, r->z, r->length, r->sun_z, r->toward_sun);
    column c;
    if (sun_z <= 0.0 || !sun_column(a, a->ground_km, sun_z, &c)) return 0.0f;
    column both = {view.rayleigh + c.rayleigh, view.aerosol + c.aerosol, view.ozone + c.ozone};
    return transmittance(a, both, bin) * a->albedo * (float)(sun_z / BT_PI);
}

// Adds one ray's twice-scattered light to `second`, and to `again` what it would bring of isotropic
// light of radiance one (Hillaire 2020, eqs. 5 to 8; the ground's share of `again` is ours).
static void ambient_ray(const air *a, const ray *r, float *second, float *again)
{
    column view = {0.0f, 0.0f, 0.0f};
    for (int s = 0; s < AMBIENT_STEPS; s++) {
        double middle, step;
        step_at(s, AMBIENT_STEPS, r->length, &middle, &step);
        double h = height_along(r->h, r->z, middle);
        density d = density_at(a, h);
        column_add(&view, d, 0.5f * (float)step);
        column sun = {0.0f, 0.0f, 0.0f};
        bool lit = sun_column(a, h, sun_z_along(r->h, r->z, middle, r->sun_z, r->toward_sun), &sun);
        for (int i = 0; i < BINS; i++) {
            float scatter =
                (a->rayleigh[i] * d.rayleigh + a->aerosol[i] * d.aerosol * AEROSOL_ALBEDO) *
                (float)step * transmittance(a, view, i);
            again[i] += scatter;
            if (lit) second[i] += scatter * transmittance(a, sun, i) * (0.25f * BT_INV_PI_F);
        }
        column_add(&view, d, 0.5f * (float)step);
    }
    if (!r->ground) return;
    for (int i = 0; i < BINS; i++) {
        second[i] += ground_lit(a, r, view, i);
        again[i] += transmittance(a, view, i) * a->albedo;
    }
}

static void ambient_compute(air *a)
{
    for (int row = 0; row < AMBIENT_ROWS; row++) {
        double x = (double)row / (AMBIENT_ROWS - 1);
        double h = a->ground_km + EYE_KM + (TOP_KM - 0.1 - a->ground_km) * x * x;
        for (int col = 0; col < AMBIENT_COLUMNS; col++) {
            double sun_z = AMBIENT_LOW + (1.0 - AMBIENT_LOW) * (double)col / (AMBIENT_COLUMNS - 1);
            double sun_x = sqrt(1.0 - sun_z * sun_z);
            float second[BT_SKY_BINS] = {0}, again[BT_SKY_BINS] = {0};
            for (int k = 0; k < AMBIENT_RAYS; k++) {
                // spiral over the sphere: equal areas, golden angle
                double z = 1.0 - (2.0 * k + 1.0) / AMBIENT_RAYS;
                float turn = 2.3999632f * (float)k;
                double toward = z * sun_z + sqrt(1.0 - z * z) * sun_x * (double)pm_cos(turn);
                ray r = ray_make(a, h, z, sun_z, toward);
                ambient_ray(a, &r, second, again);
            }
            for (int i = 0; i < BINS; i++)
                a->ambient[row][col][i] =
                    second[i] / AMBIENT_RAYS / max(1.0f - again[i] / AMBIENT_RAYS, 0.05f);
        }
    }
}

// ---- the sky as seen from the ground ----------------------------------------------------------
// One texel: light along a ray, single scattering by aerosol (without its phase) kept apart.
static column sky_ray(const air *a, const ray *r, float *aerosol, float *rest)
{
    float phase = bt_phase_rayleigh((float)r->toward_sun);
    float ambient[BT_SKY_BINS];
    column view = {0.0f, 0.0f, 0.0f};
    for (int s = 0; s < VIEW_STEPS; s++) {
        double middle, step;
        step_at(s, VIEW_STEPS, r->length, &middle, &step);
        double h = height_along(r->h, r->z, middle);
        double sun_z = sun_z_along(r->h, r->z, middle, r->sun_z, r->toward_sun);
        density d = density_at(a, h);
        column_add(&view, d, 0.5f * (float)step);
        column sun = {0.0f, 0.0f, 0.0f};
        bool lit = sun_column(a, h, sun_z, &sun);
        ambient_at(a, h, sun_z, ambient);
        for (int i = 0; i < BINS; i++) {
            float seen = transmittance(a, view, i) * (float)step;
            float by_air = a->rayleigh[i] * d.rayleigh * seen;
            float by_aerosol = a->aerosol[i] * d.aerosol * AEROSOL_ALBEDO * seen;
            float sunlit = lit ? transmittance(a, sun, i) : 0.0f;
            aerosol[i] += by_aerosol * sunlit;
            rest[i] += by_air * sunlit * phase + (by_air + by_aerosol) * ambient[i];
        }
        column_add(&view, d, 0.5f * (float)step);
    }
    return view;
}

// Fills one half of a table of whole spectra (rows x columns x FULL_TEXEL); sky_irradiance: on level
// ground over the sun's, for rays that end there.
static void sky_half(const air *a, bt_sky sky, bool upper, const float *sky_irradiance,
                     float *table)
{
    for (uint row = upper ? BT_SKY_ROWS / 2u : 0u; row < (upper ? BT_SKY_ROWS : BT_SKY_ROWS / 2u);
         row++) {
        double z = (double)bt_sky_row_z(row);
        if (!upper) z = bt_clamp(z, -1.0, -0.0012); // below the dip of the horizon
        double across = sqrt(1.0 - z * z);
        for (uint col = 0; col < BT_SKY_COLUMNS; col++) {
            double toward =
                z * (double)sky.sun_dir[2] + across * sqrt(1.0 - (double)sqr(sky.sun_dir[2])) *
                                                 (double)bt_sky_column_cosine(col);
            ray r = ray_make(a, a->ground_km + EYE_KM, z, a->sun_z, bt_clamp(toward, -1.0, 1.0));
            float *aerosol = table + (row * BT_SKY_COLUMNS + col) * FULL_TEXEL;
            float *rest = aerosol + BINS;
            column view = sky_ray(a, &r, aerosol, rest);
            for (int i = 0; r.ground && i < BINS; i++)
                rest[i] += ground_lit(a, &r, view, i) +
                           transmittance(a, view, i) * a->albedo * BT_INV_PI_F * sky_irradiance[i];
        }
    }
}

// Irradiance of the upper half on level ground, over the sun's extraterrestrial: each texel of the
// table stands for its neighbourhood.
static void sky_irradiance(bt_sky sky, const float *table, float *out)
{
    enum { ROWS = 24, COLUMNS = 48 };
    double sum[BT_SKY_BINS] = {0};
    for (int k = 0; k < ROWS * COLUMNS; k++) {
        float z = ((float)(k / COLUMNS) + 0.5f) / ROWS;
        float2 sc = pm_sincos(2.0f * BT_PI_F * ((float)(k % COLUMNS) + 0.5f) / COLUMNS);
        float r = bt_sqrt_f(1.0f - z * z);
        float3 dir = float3(r * sc[1], r * sc[0], z);
        float2 place = bt_sky_place(sky, dir);
        uint row = to_u(place[0] + 0.5f), col = to_u(place[1] + 0.5f);
        float phase = bt_phase_aerosol(dot3(dir, sky.sun_dir), sky.aerosol_g);
        const float *t = table + (row * BT_SKY_COLUMNS + col) * FULL_TEXEL;
        for (int i = 0; i < BINS; i++)
            sum[i] += (double)((t[i] * phase + t[BINS + i]) * z);
    }
    for (int i = 0; i < BINS; i++)
        out[i] = (float)(sum[i] * 2.0 * BT_PI / (ROWS * COLUMNS));
}

// ---- basis spectra ----------------------------------------------------------------------------
// Sky spectra over the sun's are all nearly combinations of four: the principal components of the
// table, each texel counted by its shape, not its brightness.
#define SPECTRA_COUNT (BT_SKY_ROWS * BT_SKY_COLUMNS * 2u)

static void basis_moments(const float *full, double m[BT_SKY_BINS][BT_SKY_BINS])
{
    for (uint t = 0; t < SPECTRA_COUNT; t++) {
        const float *v = full + t * (uint)BINS;
        double square = 0.0;
        for (int i = 0; i < BINS; i++)
            square += (double)v[i] * (double)v[i];
        if (!(square > 1e-30)) continue;
        for (int i = 0; i < BINS; i++)
            for (int k = 0; k <= i; k++)
                m[i][k] += (double)v[i] * (double)v[k] / square;
    }
    for (int i = 0; i < BINS; i++)
        for (int k = i + 1; k < BINS; k++)
            m[i][k] = m[k][i];
}
// Largest eigenvectors, one by one: power iteration and deflation.
static void basis_compute(const float *full, double basis[BASIS][BT_SKY_BINS])
{
    double m[BT_SKY_BINS][BT_SKY_BINS] = {{0}};
    basis_moments(full, m);
    for (int b = 0; b < BASIS; b++) {
        double v[BT_SKY_BINS], value = 0.0;
        for (int i = 0; i < BINS; i++)
            v[i] = 1.0 + 0.1 * i * (b + 1) * (i % (b + 2) ? 1.0 : -1.0);
        for (int round = 0; round < 200; round++) {
            double next[BT_SKY_BINS] = {0}, square = 0.0;
            for (int i = 0; i < BINS; i++) {
                for (int k = 0; k < BINS; k++)
                    next[i] += m[i][k] * v[k];
                square += next[i] * next[i];
            }
            value = sqrt(square);
            for (int i = 0; i < BINS; i++)
                v[i] = value > 0.0 ? next[i] / value : 0.0;
        }
        for (int i = 0; i < BINS; i++) {
            basis[b][i] = v[i];
            for (int k = 0; k < BINS; k++)
                m[i][k] -= value * v[i] * v[k];
        }
    }
}
static void basis_project(const float *full, bt_sky_tables *t)
{
    double basis[BASIS][BT_SKY_BINS];
    basis_compute(full, basis);
    for (uint k = 0; k < SPECTRA_COUNT; k++)
        for (int b = 0; b < BASIS; b++) {
            double sum = 0.0;
            for (int i = 0; i < BINS; i++)
                sum += basis[b][i] * (double)full[k * (uint)BINS + (uint)i];
            t->radiance[k * BASIS + (uint)b] = (float)sum;
        }
    for (uint b = 0; b < BASIS; b++)
        for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
            int bin = i / 4 < BINS - 1 ? i / 4 : BINS - 2;
            double part = 0.25 * (i - 4 * bin);
            t->spectra[(BT_SKY_BASIS + b) * 81u + (uint)i] =
                (float)(basis[b][bin] + (basis[b][bin + 1] - basis[b][bin]) * part);
        }
}

// ---- spectra ----------------------------------------------------------------------------------
// Optical depth of the whole air above sea level. Bodhaine et al. 1999, eq. 30 (360 ppm CO2).
static float rayleigh_depth(float nm)
{
    float l2 = sqr(nm * 1.0e-3f);
    return 0.0021520f * (1.0455996f - 341.29061f / l2 - 0.90230850f * l2) /
           (1.0f + 0.0027059889f / l2 - 85.968563f * l2);
}
static double or_default(double value, double fallback, double low, double high)
{
    return isfinite(value) && value != 0.0 ? bt_clamp(value, low, high) : fallback;
}
// Ozone and aerosol and air at one wavelength (5 nm bin): 1/km, 1/km, depth.
static void air_at(const bt_weather *weather, int bin, float *rayleigh, float *aerosol,
                   float *ozone)
{
    float nm = BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)bin;
    double depth = or_default(weather->aerosol_optical_depth, 0.10, 0.0, 3.0);
    double angstrom = or_default(weather->angstrom_exponent, 1.3, -1.0, 4.0);
    *rayleigh = rayleigh_depth(nm) / (float)RAYLEIGH_SCALE_KM;
    *aerosol = (float)depth * pm_pow(nm / 550.0f, -(float)angstrom) / (float)AEROSOL_SCALE_KM;
    *ozone = (float)or_default(weather->ozone_atm_cm, 0.34, 0.0, 2.0) * bt_ozone_absorption[bin];
}
// What oxygen and water vapour leave over a relative air mass. Bird and Riordan 1984, eqs. 2-8, 2-11.
static float gas_transmittance(int bin, float air_mass)
{
    float w = bt_water_absorption[bin] * WATER_CM * air_mass;
    float m = bt_mixed_absorption[bin] * air_mass;
    return pm_exp(-0.2385f * w / pm_pow(1.0f + 20.07f * w, 0.45f) -
                  1.41f * m / pm_pow(1.0f + 118.3f * m, 0.45f));
}

static void spectra_compute(const air *a, const bt_weather *weather, float *spectra)
{
    column sun = column_to_space(a, a->ground_km, a->sun_z > 0.0 ? a->sun_z : 0.0);
    float air_mass = sun.rayleigh / (float)RAYLEIGH_SCALE_KM;
    density d = density_at(a, a->ground_km);
    float ambient[BT_SKY_BINS];
    ambient_at(a, a->ground_km, a->sun_z, ambient);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        float rayleigh, aerosol, ozone;
        air_at(weather, i, &rayleigh, &aerosol, &ozone);
        float depth = rayleigh * sun.rayleigh + aerosol * sun.aerosol + ozone * sun.ozone;
        spectra[BT_SKY_SUN_IRRADIANCE * 81u + (uint)i] =
            bt_solar_irradiance[i] * gas_transmittance(i, air_mass);
        spectra[BT_SKY_SUN_TRANSMITTANCE * 81u + (uint)i] = pm_exp(-depth);
        spectra[BT_SKY_RAYLEIGH * 81u + (uint)i] = 1e-3f * rayleigh * d.rayleigh;
        spectra[BT_SKY_AEROSOL * 81u + (uint)i] = 1e-3f * aerosol * AEROSOL_ALBEDO;
        spectra[BT_SKY_EXTINCTION * 81u + (uint)i] = 1e-3f * (rayleigh * d.rayleigh + aerosol);
        int bin = i / 4 < BINS - 1 ? i / 4 : BINS - 2;
        spectra[BT_SKY_AMBIENT * 81u + (uint)i] =
            lerp(ambient[bin], ambient[bin + 1], (float)(i - 4 * bin) * 0.25f);
    }
}

// ---- sampling tables --------------------------------------------------------------------------
void bt_quantiles(const double *mass, uint32_t count, uint32_t cells, float *limits)
{
    double total = 0.0, sum = 0.0;
    for (uint i = 0; i < count; i++)
        total += mass[i];
    uint at = 0;
    while (at + 1u < count && mass[at] <= 0.0)
        at++;
    for (uint c = 0; c <= cells; c++) {
        double want = total * c / cells;
        while (at + 1u < count && sum + mass[at] < want)
            sum += mass[at++];
        double part = mass[at] > 0.0 ? (want - sum) / mass[at] : 1.0;
        limits[c] = (float)((at + bt_clamp(part, 0.0, 1.0)) / count);
    }
}
static void guide_fill(float *limits, uint cells)
{
    uint cell = 0;
    for (uint i = 0; i < BT_SKY_PICK_GUIDE; i++) {
        while (cell + 1u < cells && limits[cell + 1u] <= (float)i / (float)BT_SKY_PICK_GUIDE)
            cell++;
        limits[cells + 1u + i] = (float)cell;
    }
}

#define FINE_ROWS 128
#define FINE_COLUMNS 128

// Brightness around the sky at one height, and its sum.
static double pick_ring(const bt_sky_tables *t, bt_sky_light l, float z, double *mass)
{
    double total = 0.0;
    float r = bt_sqrt_f(1.0f - z * z);
    for (int col = 0; col < FINE_COLUMNS; col++) {
        float2 sc = pm_sincos(2.0f * BT_PI_F * ((float)col + 0.5f) / FINE_COLUMNS);
        float3 dir = float3(r * (sc[1] * t->sky.sun_side[0] - sc[0] * t->sky.sun_side[1]),
                            r * (sc[1] * t->sky.sun_side[1] + sc[0] * t->sky.sun_side[0]), z);
        mass[col] = (double)sum4(bt_sky_radiance(t->sky, t->radiance, l, dir)) + 1e-12;
        total += mass[col];
    }
    for (int col = 0; col < FINE_COLUMNS; col++) // nowhere improbable
        mass[col] += 0.1 * total / FINE_COLUMNS;
    return total;
}

static void pick_compute(bt_sky_tables *t)
{
    // four wavelengths stand for what cameras see
    bt_wavelengths w;
    w.nm = float4(460.0f, 530.0f, 560.0f, 610.0f);
    w.pdf = splat4(1.0f);
    w.bin = uint4(16u, 30u, 36u, 46u);
    w.part = splat4(0.0f);
    bt_sky_light l = bt_sky_light_at(t->sky, t->spectra, w);

    double rows[FINE_ROWS], ring[FINE_COLUMNS], total = 0.0;
    for (int row = 0; row < FINE_ROWS; row++)
        total += rows[row] = pick_ring(t, l, ((float)row + 0.5f) / FINE_ROWS, ring);
    for (int row = 0; row < FINE_ROWS; row++)
        rows[row] += 0.1 * total / FINE_ROWS;
    bt_quantiles(rows, FINE_ROWS, BT_SKY_PICK_ROWS, t->pick);
    guide_fill(t->pick, BT_SKY_PICK_ROWS);
    for (uint row = 0; row < BT_SKY_PICK_ROWS; row++) {
        float *limits = t->pick + BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW;
        pick_ring(t, l, 0.5f * (t->pick[row] + t->pick[row + 1u]), ring);
        bt_quantiles(ring, FINE_COLUMNS, BT_SKY_PICK_COLUMNS, limits);
        guide_fill(limits, BT_SKY_PICK_COLUMNS);
    }
}

// ---- all of it --------------------------------------------------------------------------------
static bt_sky sun_make(const bt_weather *weather)
{
    double up = isfinite(weather->sun_elevation_rad) ? weather->sun_elevation_rad : 0.7;
    double turn = isfinite(weather->sun_azimuth_rad) ? weather->sun_azimuth_rad : 0.0;
    up = bt_clamp(up, -0.5 * BT_PI, 0.5 * BT_PI);
    bt_sky sky;
    sky.sun_side = float3((float)cos(turn), (float)sin(turn), 0.0f);
    sky.sun_dir = sky.sun_side * (float)cos(up);
    sky.sun_dir[2] = (float)sin(up);
    sky.sun_y = float3(-sky.sun_side[1], sky.sun_side[0], 0.0f);
    sky.sun_x = cross3(sky.sun_y, sky.sun_dir);
    sky.sun_cos = (float)cos(SUN_RADIUS_RAD);
    double half = sin(0.5 * SUN_RADIUS_RAD);
    sky.sun_angle = (float)(4.0 * BT_PI * half * half);
    sky.sun_up = up > 0.0 ? 1.0f : 0.0f;
    sky.aerosol_g = AEROSOL_G;
    return sky;
}

bt_status bt_sky_tables_create(const bt_weather *weather, bt_sky_tables **tables)
{
    *tables = NULL;
    bt_sky_tables *t = bt_alloc(1, sizeof *t);
    air *a = bt_alloc(1, sizeof *a);
    float *full = bt_alloc(SPECTRA_COUNT, BT_SKY_BINS * sizeof(float));
    if (!t || !a || !full) {
        bt_free(t);
        bt_free(a);
        bt_free(full);
        return bt_fail(BT_ERR_MEMORY, "sky tables");
    }
    t->sky = sun_make(weather);
    a->sun_z = (double)t->sky.sun_dir[2];
    a->albedo = (float)or_default(weather->ground_albedo, 0.2, 0.0, 1.0);
    a->ground_km = 1e-3 * or_default(weather->altitude_m, 0.0, 0.0, 8000.0);
    for (int i = 0; i < BINS; i++)
        air_at(weather, 4 * i, &a->rayleigh[i], &a->aerosol[i], &a->ozone[i]);

    ambient_compute(a);
    spectra_compute(a, weather, t->spectra);
    float irradiance[BT_SKY_BINS];
    sky_half(a, t->sky, true, NULL, full);
    sky_irradiance(t->sky, full, irradiance);
    sky_half(a, t->sky, false, irradiance, full);
    basis_project(full, t);
    pick_compute(t);
    bt_free(full);
    bt_free(a);
    *tables = t;
    return BT_OK;
}

void bt_sky_tables_destroy(bt_sky_tables *tables)
{
    bt_free(tables);
}
