// scatter.c: see scatter.h.
#include "sensors/camera/optics/scatter.h"

#include <math.h>

#include "engine/core/random.h"
#include "engine/math/pose.h"

#define WIDTH_SPREAD 0.4 // of scratches' widths, standard deviation of the logarithm: chosen

double bt_haze_within(const bt_haze *haze, double sine)
{
    // integral of 2 pi u (1 + (u / l)^2)^(-s / 2) over u = sin, in closed form
    double l2 = haze->shoulder * haze->shoulder, s = 1.0 - 0.5 * haze->slope;
    double part = 1.0 + sine * sine / l2, all = 1.0 + 1.0 / l2;
    if (sine >= 1.0) return 1.0;
    if (fabs(s) < 1e-9) return log(part) / log(all);
    return (pow(part, s) - 1.0) / (pow(all, s) - 1.0);
}

double bt_airy_within(double x)
{
    double a = j0(x), b = j1(x);
    return 1.0 - a * a - b * b;
}

double bt_dust_within(const bt_dust *dust, double lambda_m, double sine)
{
    // diameters at -2.5 to 2.5 standard deviations
    double sum = 0.0, weights = 0.0;
    int reach = dust->spread > 0.0 ? 10 : 0;
    for (int i = -reach; i <= reach; i++) {
        double t = 0.25 * i, weight = exp(-0.5 * t * t);
        double diameter_m = dust->diameter_m * exp(dust->spread * t);
        sum += weight * bt_airy_within(BT_PI * diameter_m * fmin(sine, 1.0) / lambda_m);
        weights += weight;
    }
    return sum / weights;
}

// Where the light of a direction meets the pane, and how the pane's coordinates change with the
// pupil's: a parallel beam that meets a plane z = d + y tan(rake).
typedef struct footprint {
    double u_m, v_m, stretch, shear;
} footprint;

static footprint footprint_of(const bt_pane_marks *marks, double tan_x, double tan_y)
{
    double slope = tan(marks->rake_rad), left = fmax(1.0 - tan_y * slope, 0.05);
    double z_m = marks->distance_m / left, cosine = cos(marks->rake_rad);
    return (footprint){.u_m = tan_x * z_m,
                       .v_m = tan_y * z_m / cosine,
                       .stretch = 1.0 / (left * cosine),
                       .shear = tan_x * slope / left};
}

uint32_t bt_pane_scratches(const bt_pane_marks *marks, double tan_x, double tan_y,
                           double pupil_radius_m, bt_exit_pupil *pupil)
{
    if (!(marks->scratches_per_m > 0.0)) return 0;
    footprint f = footprint_of(marks, tan_x, tan_y);
    double from_u_m = f.u_m - marks->pivot_x_m, from_v_m = f.v_m - marks->pivot_y_m;
    double radius_m = hypot(from_u_m, from_v_m), cell_m = 1.0 / marks->scratches_per_m;
    double reach_m = pupil_radius_m * BT_PUPIL_EXTENT * fmax(hypot(f.stretch, f.shear), 1.0);
    uint32_t lost = 0;
    // one scratch at a random place of each cell, the same for every direction that meets it
    for (int64_t i = (int64_t)floor((radius_m - reach_m) / cell_m);
         i <= (int64_t)floor((radius_m + reach_m) / cell_m); i++) {
        if (i < 0) continue;
        uint64_t index = (uint64_t)i;
        double at_m =
            ((double)i + bt_random_unit(marks->seed, BT_STREAM_SENSOR_FIXED, index, 0)) * cell_m;
        double normal = bt_random_normal(marks->seed, BT_STREAM_SENSOR_FIXED, index, 1);
        if (fabs(at_m - radius_m) > reach_m) continue;
        if (pupil->scratch_count == BT_PUPIL_MAX_SCRATCHES) {
            lost++;
            continue;
        }
        double y0 = -from_v_m / f.stretch / pupil_radius_m;
        pupil->scratches[pupil->scratch_count++] = (bt_pupil_scratch){
            .x0 = -from_u_m / pupil_radius_m - f.shear * y0,
            .y0 = y0,
            .stretch = f.stretch,
            .shear = f.shear,
            .radius = at_m / pupil_radius_m,
            .width = marks->scratch_width_m * exp(WIDTH_SPREAD * normal) / pupil_radius_m,
            .opacity = marks->scratch_opacity};
    }
    return lost;
}
