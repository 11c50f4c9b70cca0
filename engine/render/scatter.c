// scatter.c: light of one source (sun or moon) scattered in the air, once and more often.
//
// Single scattering is integrated along each ray with its phase functions, as Bruneton and Neyret
// 2008 do; light scattered more often is followed order by order as if each scattering after the
// first sent it everywhere alike (the isotropic source of Hillaire 2020, section 5.5, but summed in
// place over the curved earth instead of as a local series, which twilight needs: there the light
// comes from far). The ground's light is in it. Straight rays: no refraction.
#include "engine/render/atmosphere_internal.h"

#define TOP_KM 100.0
#define ORDERS 6 // the rest as a geometric series
#define GATHER_ZENITHS 5
#define GATHER_AZIMUTHS 5 // half a turn
#define GATHER_STEPS 12
#define VIEW_STEPS 64

static bt_coarse coarse_zero(void)
{
    bt_coarse s;
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        s.v[q] = splat4(0.0f);
    return s;
}

// ---- the table of ambient light ---------------------------------------------------------------
// Elevation of the source, degrees: every degree to 6 above, then every 10.5.
#define COLUMN_LOW_DEG -18.0f
#define COLUMN_FINE 24
static float column_deg(int column)
{
    if (column <= COLUMN_FINE) return COLUMN_LOW_DEG + (float)column;
    return COLUMN_LOW_DEG + (float)COLUMN_FINE + 10.5f * (float)(column - COLUMN_FINE);
}
static float column_of(double source_z)
{
    float z = (float)bt_clamp(source_z, -1.0, 1.0);
    float above = pm_asin(z) * (180.0f / BT_PI_F) - COLUMN_LOW_DEG;
    float fine = (float)COLUMN_FINE;
    return above <= fine ? max(above, 0.0f) : fine + (above - fine) / 10.5f;
}
static double row_height(const bt_air *a, int row)
{
    double x = (double)row / (BT_AMBIENT_ROWS - 1);
    return a->ground_km + BT_EYE_KM + (TOP_KM - 0.1 - a->ground_km) * x * x;
}
static float4 fourth_power(float4 x)
{
    float4 square = x * x;
    return square * square;
}
static float4 fourth_root(float4 x)
{
    return sqrt(sqrt(max(x, splat4(0.0f))));
}

static bt_coarse radiance_of(const bt_air *a, const bt_ambient *m, double height_km,
                             double source_z)
{
    double above = bt_clamp((height_km - a->ground_km) / (TOP_KM - a->ground_km), 0.0, 1.0);
    float row = (float)(BT_AMBIENT_ROWS - 1) * sqrt((float)above), column = column_of(source_z);
    int r = (int)bt_clamp(row, 0.0, BT_AMBIENT_ROWS - 2);
    int c = (int)bt_clamp(column, 0.0, BT_AMBIENT_COLUMNS - 2);
    float fr = row - (float)r, fc = min(column - (float)c, 1.0f);
    const bt_coarse *low = m->radiance[r], *high = m->radiance[r + 1];
    bt_coarse s;
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        s.v[q] = fourth_power(lerp4(lerp4(low[c].v[q], low[c + 1].v[q], fc),
                                    lerp4(high[c].v[q], high[c + 1].v[q], fc), fr));
    return s;
}
static bt_coarse irradiance_of(const bt_ambient *m, double source_z)
{
    float column = column_of(source_z);
    int c = (int)bt_clamp(column, 0.0, BT_AMBIENT_COLUMNS - 2);
    float fc = min(column - (float)c, 1.0f);
    bt_coarse s;
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        s.v[q] = fourth_power(lerp4(m->irradiance[c].v[q], m->irradiance[c + 1].v[q], fc));
    return s;
}
bt_coarse bt_ambient_radiance(const bt_air *air, double height_km, double source_z)
{
    return radiance_of(air, &air->ambient, height_km, source_z);
}
bt_coarse bt_ambient_irradiance(const bt_air *air, double source_z)
{
    return irradiance_of(&air->ambient, source_z);
}

// ---- orders of scattering ---------------------------------------------------------------------
// What an order scatters: the source's beam itself (NULL), or the light of the order before.
static bt_coarse arriving(const bt_air *a, const bt_ambient *before, double h, double source_z)
{
    if (before) return radiance_of(a, before, h, source_z);
    bt_coarse beam;
    if (!bt_source_beam(a, h, source_z, &beam)) return coarse_zero();
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        beam.v[q] = beam.v[q] * (0.25f * BT_INV_PI_F);
    return beam;
}
// Irradiance of level ground by what an order scatters.
static bt_coarse ground_lit(const bt_air *a, const bt_ambient *before, double source_z)
{
    if (before) return irradiance_of(before, source_z);
    bt_coarse beam;
    if (source_z <= 0.0 || !bt_source_beam(a, a->ground_km, source_z, &beam)) return coarse_zero();
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        beam.v[q] = beam.v[q] * (float)source_z;
    return beam;
}

// Radiance that one order sends along a ray.
static bt_coarse gather_ray(const bt_air *a, const bt_ambient *before, const bt_air_ray *ray)
{
    bt_coarse sum = coarse_zero();
    bt_column view = {0.0f, 0.0f, 0.0f};
    for (int i = 0; i < GATHER_STEPS; i++) {
        bt_air_step s = bt_air_step_at(a, ray, i, GATHER_STEPS);
        bt_column_add(&view, s.density, 0.5f * s.length);
        bt_coarse light = arriving(a, before, s.h, s.source_z), seen = bt_transmittance(a, view);
        float air = s.density.rayleigh * s.length;
        float aerosol = s.density.aerosol * BT_AEROSOL_ALBEDO * s.length;
        for (int q = 0; q < BT_COARSE_QUADS; q++)
            sum.v[q] = sum.v[q] + (a->rayleigh.v[q] * air + a->aerosol.v[q] * aerosol) * seen.v[q] *
                                      light.v[q];
        bt_column_add(&view, s.density, 0.5f * s.length);
    }
    if (!ray->ground) return sum;
    bt_coarse lit = ground_lit(a, before, bt_air_ray_end_z(ray)), seen = bt_transmittance(a, view);
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        sum.v[q] = sum.v[q] + lit.v[q] * seen.v[q] * (a->albedo * BT_INV_PI_F);
    return sum;
}

// Mean over all directions of one order's radiance, and irradiance from above: directions gather
// near the horizon, where twilight is.
static void gather(const bt_air *a, const bt_ambient *before, double h, double source_z,
                   bt_coarse *mean, bt_coarse *irradiance)
{
    *mean = *irradiance = coarse_zero();
    double source_x = sqrt(1.0 - source_z * source_z);
    for (int k = 0; k < 2 * GATHER_ZENITHS * GATHER_AZIMUTHS; k++) {
        float u = ((float)(k / 2 % GATHER_ZENITHS) + 0.5f) / GATHER_ZENITHS;
        double z = (double)(u * u) * (k % 2 ? -1.0 : 1.0);
        float turn = ((float)(k / (2 * GATHER_ZENITHS)) + 0.5f) * (BT_PI_F / GATHER_AZIMUTHS);
        double toward = z * source_z + sqrt(1.0 - z * z) * source_x * (double)pm_cos(turn);
        bt_air_ray ray = bt_air_ray_make(a, h, z, source_z, bt_clamp(toward, -1.0, 1.0));
        bt_coarse radiance = gather_ray(a, before, &ray);
        float share = u / (float)(GATHER_ZENITHS * GATHER_AZIMUTHS); // of the sphere
        float level = z > 0.0 ? (float)z * 4.0f * BT_PI_F * share : 0.0f;
        for (int q = 0; q < BT_COARSE_QUADS; q++) {
            mean->v[q] = mean->v[q] + radiance.v[q] * share;
            irradiance->v[q] = irradiance->v[q] + radiance.v[q] * level;
        }
    }
}

// Sums fourth roots; `last`: so small a step that the rest follows as a geometric series.
static void order_add(bt_coarse *sum, const bt_coarse *before, const bt_coarse *now, bool last)
{
    for (int q = 0; q < BT_COARSE_QUADS; q++) {
        float4 more = fourth_power(now->v[q]);
        if (last) {
            float4 ratio = more / max(fourth_power(before->v[q]), splat4(1e-30f));
            more = more / (splat4(1.0f) - min(ratio, splat4(0.9f)));
        }
        sum->v[q] = fourth_root(fourth_power(sum->v[q]) + more);
    }
}
static void order_compute(bt_air *a, int order, int first, int last)
{
    bt_ambient *before = order > 0 ? &a->orders[(order + 1) % 2] : NULL;
    bt_ambient *now = &a->orders[order % 2];
    for (int column = first; column <= last; column++) {
        double source_z = (double)pm_sin(column_deg(column) * (BT_PI_F / 180.0f));
        for (int row = 0; row < BT_AMBIENT_ROWS; row++) {
            bt_coarse mean, irradiance;
            gather(a, before, row_height(a, row), source_z, &mean, &irradiance);
            for (int q = 0; q < BT_COARSE_QUADS; q++) {
                now->radiance[row][column].v[q] = fourth_root(mean.v[q]);
                if (row == 0) now->irradiance[column].v[q] = fourth_root(irradiance.v[q]);
            }
        }
    }
}
// Columns that were not computed say what the nearest one does.
static void columns_extend(bt_ambient *m, int first, int last)
{
    for (int column = 0; column < BT_AMBIENT_COLUMNS; column++) {
        int from = column < first ? first : column > last ? last : column;
        for (int row = 0; row < BT_AMBIENT_ROWS; row++)
            m->radiance[row][column] = m->radiance[row][from];
        m->irradiance[column] = m->irradiance[from];
    }
}

void bt_ambient_compute(bt_air *a, double source_z)
{
    // along a ray the source's elevation changes by up to 10 degrees; light comes little farther
    float deg = pm_asin((float)bt_clamp(source_z, -1.0, 1.0)) * (180.0f / BT_PI_F);
    int first = (int)column_of((double)pm_sin(max(deg - 10.0f, -90.0f) * (BT_PI_F / 180.0f)));
    int last = (int)column_of((double)pm_sin(min(deg + 20.0f, 90.0f) * (BT_PI_F / 180.0f))) + 1;
    last = last < BT_AMBIENT_COLUMNS ? last : BT_AMBIENT_COLUMNS - 1;
    memset(&a->ambient, 0, sizeof a->ambient);
    for (int order = 0; order < ORDERS; order++) {
        order_compute(a, order, first, last);
        bt_ambient *now = &a->orders[order % 2], *before = &a->orders[(order + 1) % 2];
        columns_extend(now, first, last);
        bool end = order == ORDERS - 1;
        for (int column = 0; column < BT_AMBIENT_COLUMNS; column++) {
            for (int row = 0; row < BT_AMBIENT_ROWS; row++)
                order_add(&a->ambient.radiance[row][column], &before->radiance[row][column],
                          &now->radiance[row][column], end);
            order_add(&a->ambient.irradiance[column], &before->irradiance[column],
                      &now->irradiance[column], end);
        }
    }
}

// ---- the sky as seen from the ground ----------------------------------------------------------
static bt_sky_texel_full view_ray(const bt_air *a, const bt_air_ray *ray)
{
    bt_sky_texel_full t = {coarse_zero(), coarse_zero()};
    float phase = bt_phase_rayleigh((float)ray->toward);
    bt_column view = {0.0f, 0.0f, 0.0f};
    for (int i = 0; i < VIEW_STEPS; i++) {
        bt_air_step s = bt_air_step_at(a, ray, i, VIEW_STEPS);
        bt_column_add(&view, s.density, 0.5f * s.length);
        bt_coarse seen = bt_transmittance(a, view), beam = coarse_zero();
        bt_coarse ambient = bt_ambient_radiance(a, s.h, s.source_z);
        (void)bt_source_beam(a, s.h, s.source_z, &beam);
        for (int q = 0; q < BT_COARSE_QUADS; q++) {
            float4 by_air = a->rayleigh.v[q] * seen.v[q] * (s.density.rayleigh * s.length);
            float4 by_aerosol =
                a->aerosol.v[q] * seen.v[q] * (s.density.aerosol * BT_AEROSOL_ALBEDO * s.length);
            t.aerosol.v[q] = t.aerosol.v[q] + by_aerosol * beam.v[q];
            t.rest.v[q] =
                t.rest.v[q] + by_air * beam.v[q] * phase + (by_air + by_aerosol) * ambient.v[q];
        }
        bt_column_add(&view, s.density, 0.5f * s.length);
    }
    if (!ray->ground) return t;
    double end_z = bt_air_ray_end_z(ray);
    bt_coarse direct = ground_lit(a, NULL, end_z), sky = bt_ambient_irradiance(a, end_z);
    bt_coarse seen = bt_transmittance(a, view);
    for (int q = 0; q < BT_COARSE_QUADS; q++)
        t.rest.v[q] =
            t.rest.v[q] + (direct.v[q] + sky.v[q]) * seen.v[q] * (a->albedo * BT_INV_PI_F);
    return t;
}

// Each texel of the table stands for its neighbourhood.
static bt_coarse level_irradiance(bt_sky_source source, float g, const bt_sky_texel_full *full)
{
    enum { ROWS = 32, COLUMNS = 48 };
    bt_coarse sum = coarse_zero();
    for (int k = 0; k < ROWS * COLUMNS; k++) {
        float z = ((float)(k / COLUMNS) + 0.5f) / ROWS;
        float2 sc = pm_sincos(2.0f * BT_PI_F * ((float)(k % COLUMNS) + 0.5f) / COLUMNS);
        float r = bt_sqrt_f(1.0f - z * z);
        float3 dir = float3(r * sc[1], r * sc[0], z);
        float2 place = bt_sky_place(source.side[0], source.side[1], dir[0], dir[1], dir[2]);
        uint row = to_u(place[0] + 0.5f), col = to_u(place[1] + 0.5f);
        float phase = bt_phase_aerosol(dot3(dir, source.dir), g);
        const bt_sky_texel_full *t = &full[row * BT_SKY_COLUMNS + col];
        float weight = z * 2.0f * BT_PI_F / (ROWS * COLUMNS);
        for (int q = 0; q < BT_COARSE_QUADS; q++)
            sum.v[q] = sum.v[q] + (t->aerosol.v[q] * phase + t->rest.v[q]) * weight;
    }
    return sum;
}

void bt_sky_full_compute(const bt_air *air, bt_sky_source source, float aerosol_g,
                         bt_sky_texel_full *full, bt_coarse *irradiance)
{
    double source_z = (double)source.dir[2], source_x = sqrt(1.0 - source_z * source_z);
    for (uint row = 0; row < BT_SKY_ROWS; row++) {
        double z = (double)bt_sky_row_z(row);
        if (row < BT_SKY_ROWS / 2u) z = bt_clamp(z, -1.0, -0.0012); // below the dip of the horizon
        for (uint col = 0; col < BT_SKY_COLUMNS; col++) {
            double toward =
                z * source_z + sqrt(1.0 - z * z) * source_x * (double)bt_sky_column_cosine(col);
            bt_air_ray ray = bt_air_ray_make(air, air->ground_km + BT_EYE_KM, z, source_z,
                                             bt_clamp(toward, -1.0, 1.0));
            full[row * BT_SKY_COLUMNS + col] = view_ray(air, &ray);
        }
    }
    *irradiance = level_irradiance(source, aerosol_g, full);
}
