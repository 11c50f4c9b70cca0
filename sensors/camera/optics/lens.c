// lens.c: how far out a lens can be inverted.
#include "sensors/camera/optics/lens.h"

#include "engine/math/pose.h"

#include <math.h>

#define LENS_SCAN_RAD 1e-3

// Radius and its slope: against r = tan(theta) for a pinhole, against theta for a fisheye.
typedef struct lens_radial {
    double radius, slope, denominator;
} lens_radial;

static lens_radial fisheye_radial(const bt_lens *lens, double theta)
{
    double t2 = theta * theta;
    const float *k = lens->k;
    double k1 = (double)k[0], k2 = (double)k[1], k3 = (double)k[2], k4 = (double)k[3];
    double radius = theta * (1.0 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))));
    double slope = 1.0 + t2 * (3.0 * k1 + t2 * (5.0 * k2 + t2 * (7.0 * k3 + t2 * 9.0 * k4)));
    return (lens_radial){radius, slope, 1.0};
}

static lens_radial pinhole_radial(const bt_lens *lens, double r)
{
    double r2 = r * r;
    const float *k = lens->k;
    double k1 = (double)k[0], k2 = (double)k[1], k3 = (double)k[4];
    double k4 = (double)k[5], k5 = (double)k[6], k6 = (double)k[7];
    double top = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
    double low = 1.0 + r2 * (k4 + r2 * (k5 + r2 * k6));
    double top_slope = k1 + r2 * (2.0 * k2 + r2 * 3.0 * k3); // d/d(r^2)
    double low_slope = k4 + r2 * (2.0 * k5 + r2 * 3.0 * k6);
    double factor = top / low;
    double slope = factor + 2.0 * r2 * (top_slope - factor * low_slope) / low;
    return (lens_radial){r * factor, slope, low};
}

static lens_radial radial_at(const bt_lens *lens, double theta)
{
    if (lens->kind == BT_LENS_FISHEYE) return fisheye_radial(lens, theta);
    return pinhole_radial(lens, tan(theta));
}

static bool rises_at(const bt_lens *lens, double theta)
{
    lens_radial at = radial_at(lens, theta);
    return at.denominator > 0.0 && at.slope >= BT_LENS_SLOPE_MIN;
}

double bt_lens_limit(const bt_lens *lens, double limit_rad)
{
    double most = (lens->kind == BT_LENS_FISHEYE ? 180.0 : 89.0) * BT_RAD_PER_DEG;
    if (limit_rad > 0.0 && limit_rad < most) most = limit_rad;

    // walk outward to the first angle that fails, then bisect its step
    double good = 0.0;
    double bad = most;
    for (int step = 1; step * LENS_SCAN_RAD <= most; step++) {
        double theta = step * LENS_SCAN_RAD;
        if (!rises_at(lens, theta)) {
            bad = theta;
            break;
        }
        good = theta;
    }
    if (bad >= most && rises_at(lens, most)) return most;
    while (bad - good > 1e-9) {
        double middle = 0.5 * (good + bad);
        if (rises_at(lens, middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

double bt_lens_radius(const bt_lens *lens, double theta_rad)
{
    return radial_at(lens, theta_rad).radius;
}

double bt_lens_corner_angle(const bt_lens *lens, uint32_t width_px, uint32_t height_px)
{
    // pixel edges lie half a pixel beyond the outermost centres
    double across = fmax(0.5 + (double)lens->cx, (double)width_px - 0.5 - (double)lens->cx);
    double down = fmax(0.5 + (double)lens->cy, (double)height_px - 0.5 - (double)lens->cy);
    double radius = hypot(across / (double)lens->fx, down / (double)lens->fy);

    double low = 0.0;
    double high = (double)lens->theta_max_rad;
    if (bt_lens_radius(lens, high) <= radius) return high;
    for (int step = 0; step < 60; step++) {
        double middle = 0.5 * (low + high);
        if (bt_lens_radius(lens, middle) < radius) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}
