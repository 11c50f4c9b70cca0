// air.c: where air, aerosol and ozone are, and what rays meet of them on a round earth.
#include "engine/render/atmosphere_internal.h"

#define EARTH_KM 6371.0
#define TOP_KM 100.0         // above: less than a hundred-thousandth of the air
#define OZONE_MIDDLE_KM 25.0 // tent from 10 to 40 km, as Hillaire 2020
#define OZONE_HALF_KM 15.0
#define COLUMN_STEPS 16

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
bool bt_meets_ground(const bt_air *air, double h, double z)
{
    return z < 0.0 && to_sphere(h, z, air->ground_km, true) > 0.0;
}
// Height after a distance t.
static double height_along(double h, double z, double t)
{
    double r = EARTH_KM + h;
    double more = t * t + 2.0 * r * z * t; // r'^2 - r^2
    return h + more / (sqrt(r * r + more) + r);
}

// ---- matter along rays ------------------------------------------------------------------------
// ln of density over that at sea level every 5 km. U.S. Standard Atmosphere 1976: an exponential is
// twice too dense at 50 km, where twilight is.
static const float log_density[21] = {
    0.0f,     -0.5089f,  -1.0860f,  -1.8390f,  -2.6231f,  -3.4197f,  -4.1978f,
    -4.9750f, -5.7255f,  -6.4346f,  -7.0842f,  -7.6762f,  -8.2829f,  -8.9234f,
    -9.6017f, -10.3316f, -11.1030f, -11.9119f, -12.7900f, -13.6870f, -14.5976f};

bt_density bt_density_at(const bt_air *air, double height_km)
{
    float h = (float)height_km, at = clampf(0.2f * h, 0.0f, 20.0f);
    int i = min(to_i(at), 19);
    bt_density d;
    d.rayleigh = pm_exp(lerp(log_density[i], log_density[i + 1], at - (float)i));
    float above = (h - (float)air->ground_km) / (float)BT_AEROSOL_SCALE_KM;
    d.aerosol = above < 16.0f ? pm_exp(-above) : 0.0f;
    float tent = 1.0f - abs(h - (float)OZONE_MIDDLE_KM) / (float)OZONE_HALF_KM;
    d.ozone = max(tent, 0.0f) / (float)OZONE_HALF_KM;
    return d;
}
static void step_at(int i, int n, double length, double *middle, double *step)
{
    double from = (double)i / n, to = (double)(i + 1) / n;
    *step = (to * to - from * from) * length;
    *middle = from * from * length + 0.5 * *step;
}
// Adds what lies between a place and a distance along a ray that does not go down.
static void column_along(const bt_air *air, double h, double z, double length, bt_column *c)
{
    for (int i = 0; i < COLUMN_STEPS; i++) {
        double middle, step;
        step_at(i, COLUMN_STEPS, length, &middle, &step);
        bt_column_add(c, bt_density_at(air, height_along(h, z, middle)), (float)step);
    }
}
bt_column bt_column_to_space(const bt_air *air, double h, double z)
{
    bt_column c = {0.0f, 0.0f, 0.0f};
    if (z >= 0.0) {
        column_along(air, h, z, to_sphere(h, z, TOP_KM, false), &c);
        return c;
    }
    // both ways from where it is lowest, which is where the air is
    double down = -(EARTH_KM + h) * z;
    double lowest = height_along(h, z, down);
    column_along(air, lowest, 0.0, down, &c);
    column_along(air, lowest, 0.0, to_sphere(lowest, 0.0, TOP_KM, false), &c);
    return c;
}

// ---- rays -------------------------------------------------------------------------------------
bt_air_ray bt_air_ray_make(const bt_air *air, double h, double z, double source_z, double toward)
{
    bt_air_ray r = {h, z, source_z, toward, 0.0, bt_meets_ground(air, h, z)};
    r.length = r.ground ? to_sphere(h, z, air->ground_km, true) : to_sphere(h, z, TOP_KM, false);
    return r;
}
static double source_z_along(const bt_air_ray *r, double t)
{
    double from = EARTH_KM + r->h;
    return (from * r->source_z + t * r->toward) / (EARTH_KM + height_along(r->h, r->z, t));
}
bt_air_step bt_air_step_at(const bt_air *air, const bt_air_ray *ray, int i, int n)
{
    double middle, step;
    step_at(i, n, ray->length, &middle, &step);
    bt_air_step s;
    s.h = height_along(ray->h, ray->z, middle);
    s.source_z = source_z_along(ray, middle);
    s.length = (float)step;
    s.density = bt_density_at(air, s.h);
    return s;
}
double bt_air_ray_end_z(const bt_air_ray *ray)
{
    return source_z_along(ray, ray->length);
}

bool bt_source_beam(const bt_air *air, double h, double source_z, bt_coarse *beam)
{
    if (bt_meets_ground(air, h, source_z)) return false;
    *beam = bt_transmittance(air, bt_column_to_space(air, h, source_z));
    return true;
}
