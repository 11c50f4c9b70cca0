// drop_sizes.c: see drop_sizes.h.
#include "procedural/weather/drop_sizes.h"

#include "engine/math/pose.h"

#include <math.h>

#define LARGEST_MM 12.0 // integrals end here: e^-20 of the whole at 50 mm/h
#define FLAKE_FILL (1.0 / 3.0)

bt_drop_sizes bt_drop_sizes_make(bt_fall_kind kind, double rate_mm_h)
{
    bt_drop_sizes s = {.kind = kind, .n0_m3_mm = 0.0, .slope_mm = 1.0};
    if (!(rate_mm_h > 0.0)) return s;
    if (kind == BT_FALL_RAIN) {
        s.n0_m3_mm = 8000.0;
        s.slope_mm = 4.1 * bt_pow(rate_mm_h, -0.21);
    } else {
        s.n0_m3_mm = 3800.0 * bt_pow(rate_mm_h, -0.87);
        s.slope_mm = 2.55 * bt_pow(rate_mm_h, -0.48);
    }
    return s;
}

double bt_drop_extent_mm(bt_fall_kind kind, double diameter_mm)
{
    if (kind == BT_FALL_RAIN)
        return diameter_mm * bt_pow(bt_drop_axis_ratio(diameter_mm), -1.0 / 3.0);
    double mass_mg = BT_PI / 6.0 * diameter_mm * diameter_mm * diameter_mm;
    // small ones are single crystals: never less than the water's own size
    return fmax(diameter_mm, bt_pow(mass_mg / 0.073, 1.0 / 1.4));
}

double bt_drop_speed_m_s(bt_fall_kind kind, double diameter_mm)
{
    double speed = kind == BT_FALL_RAIN ? 9.65 - 10.3 * bt_exp(-0.6 * diameter_mm)
                                        : 0.8 * bt_pow(bt_drop_extent_mm(kind, diameter_mm), 0.16);
    return fmax(speed, 0.1);
}

double bt_drop_axis_ratio(double d)
{
    double ratio = 1.0048 + d * (5.7e-4 + d * (-2.628e-2 + d * (3.682e-3 - d * 1.677e-4)));
    return fmin(fmax(ratio, 0.4), 1.0);
}

// ---- integrals --------------------------------------------------------------------------------
double bt_drop_count_m3(const bt_drop_sizes *s, double low_mm, double high_mm)
{
    return s->n0_m3_mm / s->slope_mm *
           (bt_exp(-s->slope_mm * low_mm) - bt_exp(-s->slope_mm * high_mm));
}

// Integral of x^3 exp(-x) from x on.
static double upper_gamma_4(double x)
{
    return bt_exp(-x) * (6.0 + x * (6.0 + x * (3.0 + x)));
}

double bt_drop_water_g_m3(const bt_drop_sizes *s, double low_mm, double high_mm)
{
    double l = s->slope_mm;
    double moment =
        s->n0_m3_mm / (l * l * l * l) * (upper_gamma_4(l * low_mm) - upper_gamma_4(l * high_mm));
    return 1e-3 * BT_PI / 6.0 * moment; // 1 mm^3 weighs 1 mg
}

static double snow_shadow_m2_m3(const bt_drop_sizes *s)
{
    double sum = 0.0, step = 0.01;
    for (double d = 0.5 * step; d < LARGEST_MM; d += step) {
        double extent_m = 1e-3 * bt_drop_extent_mm(BT_FALL_SNOW, d);
        double disc_m2 = FLAKE_FILL * 0.25 * BT_PI * extent_m * extent_m;
        // any convex body turned at random shows a quarter of its surface (Cauchy): half a disc
        sum += s->n0_m3_mm * bt_exp(-s->slope_mm * d) * step * 0.5 * disc_m2;
    }
    return sum;
}

double bt_drop_extinction_m(const bt_drop_sizes *s)
{
    double l = s->slope_mm;
    if (s->kind == BT_FALL_SNOW) return 2.0 * snow_shadow_m2_m3(s);
    return 1e-6 * BT_PI * s->n0_m3_mm / (l * l * l);
}
