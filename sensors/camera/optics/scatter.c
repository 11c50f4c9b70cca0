// scatter.c: see scatter.h.
#include "sensors/camera/optics/scatter.h"

#include <math.h>

#include "engine/core/random.h"
#include "engine/math/pose.h"

#define STRAY (UINT64_C(3) << 62) // apart from the numbers of wipers
#define STRAIGHT_M 1e3            // radius of what is straight

// Integral of 2 pi u / (1 + (u / l)^g), by steps of equal ratio of u.
static double abg_integral(const bt_haze *haze, double sine)
{
    double sum = 0.0, least = 1e-3 * haze->shoulder, step = 0.05;
    if (sine <= least) return BT_PI * sine * sine;
    sum = BT_PI * least * least;
    double span = log(sine / least);
    int count = (int)ceil(span / step);
    for (int i = 0; i < count; i++) {
        double u = least * exp(span * (i + 0.5) / count);
        sum += 2.0 * BT_PI * u * u / (1.0 + pow(u / haze->shoulder, haze->slope)) * span / count;
    }
    return sum;
}

double bt_haze_within(const bt_haze *haze, double sine)
{
    if (haze->abg) return abg_integral(haze, fmin(sine, 1.0)) / abg_integral(haze, 1.0);
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

bt_pane_footprint bt_pane_footprint_of(bt_pose cam_from_glass, double tan_x, double tan_y)
{
    bt_vec3 along = {tan_x, tan_y, 1.0}, normal = bt_pose_dir(cam_from_glass, (bt_vec3){0, 0, 1});
    double facing = fmax(bt_vec3_dot(along, normal), 0.05);
    double far = bt_vec3_dot(cam_from_glass.pos, normal) / facing;
    bt_pose glass_from_cam = bt_pose_inverse(cam_from_glass);
    bt_vec3 met = bt_pose_point(glass_from_cam, bt_vec3_scale(along, far));
    bt_pane_footprint f = {.x_m = met.x, .y_m = met.y};
    // a ray that starts beside the pupil's middle meets the plane so much earlier or later
    for (int k = 0; k < 2; k++) {
        bt_vec3 start = {k == 0, k == 1, 0.0};
        bt_vec3 moved = bt_vec3_mad(start, along, -bt_vec3_dot(start, normal) / facing);
        bt_vec3 on = bt_pose_dir(glass_from_cam, moved);
        f.slope[0][k] = on.x;
        f.slope[1][k] = on.y;
    }
    return f;
}

// The scratch of radius at_m as the pupil sees it. A pane turned in its own plane has the same
// distances: the slope is split into a turn and an upper triangle (QR), and that scaled to begin with 1.
static bt_pupil_scratch seen_scratch(const bt_pane_footprint *f, const double from[2], double at_m,
                                     double pupil_radius_m)
{
    const double(*m)[2] = f->slope;
    double first = hypot(m[0][0], m[1][0]);
    double shear = (m[0][0] * m[0][1] + m[1][0] * m[1][1]) / first;
    double det = m[0][0] * m[1][1] - m[0][1] * m[1][0], stretch = det / first;
    // the circle's middle: where slope (x, y) = -from
    double x0 = (-from[0] * m[1][1] + from[1] * m[0][1]) / det;
    double y0 = (-from[1] * m[0][0] + from[0] * m[1][0]) / det;
    return (bt_pupil_scratch){.x0 = x0 / pupil_radius_m,
                              .y0 = y0 / pupil_radius_m,
                              .shear = shear / first,
                              .stretch = stretch / first,
                              .radius = at_m / first / pupil_radius_m};
}

// The wiper passes here: the limits of its sweep are those of the middle of what the pupil sees.
static bool is_swept(const bt_pane_marks *marks, uint32_t pivot, const double from[2], double at_m)
{
    double swept_rad = marks->to_rad[pivot] - marks->from_rad[pivot];
    if (at_m < marks->radius_min_m[pivot]) return false;
    if (marks->radius_max_m[pivot] > 0.0 && at_m > marks->radius_max_m[pivot]) return false;
    if (swept_rad == 0.0) return true;
    double first_rad = fmin(marks->from_rad[pivot], marks->to_rad[pivot]);
    double turns = (atan2(-from[1], from[0]) - first_rad) / (2.0 * BT_PI); // y runs down
    return (turns - floor(turns)) * 2.0 * BT_PI <= fabs(swept_rad);
}

// A number of its own for each scratch: its wiper, its cell of the radius, its part of the arc.
static uint64_t scratch_index(uint32_t pivot, int64_t cell, int64_t part)
{
    return (uint64_t)pivot << 60 | ((uint64_t)part & 0xfffff) << 32 | ((uint64_t)cell & 0xffffffff);
}

// Adds a scratch of a circle; 1: there is no room.
static uint32_t add_scratch(const bt_pane_marks *marks, const bt_pane_footprint *f,
                            const double from[2], double at_m, double normal, double pupil_radius_m,
                            bt_exit_pupil *pupil)
{
    if (pupil->scratch_count == BT_PUPIL_MAX_SCRATCHES) return 1;
    bt_pupil_scratch scratch = seen_scratch(f, from, at_m, pupil_radius_m);
    double first = hypot(f->slope[0][0], f->slope[1][0]);
    scratch.width =
        marks->scratch_width_m * exp(marks->scratch_spread * normal) / first / pupil_radius_m;
    scratch.loss = marks->scratch_loss;
    scratch.bend_rad = marks->scratch_bend_rad;
    pupil->scratches[pupil->scratch_count++] = scratch;
    return 0;
}

// One wiper's, at a random place of each cell of its radius: the same for every direction that meets it.
static uint32_t add_wiper(const bt_pane_marks *marks, const bt_pane_footprint *f, uint32_t pivot,
                          double pupil_radius_m, bt_exit_pupil *pupil)
{
    double from[2] = {f->x_m - marks->pivot_m[pivot][0], f->y_m - marks->pivot_m[pivot][1]};
    double radius_m = hypot(from[0], from[1]), cell_m = 1.0 / marks->scratches_per_m;
    double grown =
        hypot(hypot(f->slope[0][0], f->slope[0][1]), hypot(f->slope[1][0], f->slope[1][1]));
    double reach_m = pupil_radius_m * BT_PUPIL_EXTENT * grown;
    int64_t part = 0;
    if (marks->scratch_length_m > 0.0)
        part = (int64_t)floor(atan2(from[1], from[0]) * radius_m / marks->scratch_length_m);
    uint32_t lost = 0;
    for (int64_t i = (int64_t)floor(fmax(radius_m - reach_m, 0.0) / cell_m);
         i <= (int64_t)floor((radius_m + reach_m) / cell_m); i++) {
        uint64_t index = scratch_index(pivot, i, part);
        double at_m =
            ((double)i + bt_random_unit(marks->seed, BT_STREAM_SENSOR_FIXED, index, 0)) * cell_m;
        double normal = bt_random_normal(marks->seed, BT_STREAM_SENSOR_FIXED, index, 1);
        if (fabs(at_m - radius_m) > reach_m || !is_swept(marks, pivot, from, at_m)) continue;
        lost += add_scratch(marks, f, from, at_m, normal, pupil_radius_m, pupil);
    }
    return lost;
}

// Those that lie anyhow, whose middle is in a cell of the pane: about `strays_per_m2` of them.
static uint32_t add_strays(const bt_pane_marks *marks, const bt_pane_footprint *f, int64_t column,
                           int64_t row, double pupil_radius_m, bt_exit_pupil *pupil)
{
    double cell_m = marks->scratch_length_m, wanted = marks->strays_per_m2 * cell_m * cell_m;
    uint64_t cell = STRAY | ((uint64_t)row & 0xffffff) << 32 | ((uint64_t)column & 0xffffff);
    uint32_t lost = 0,
             count =
                 (uint32_t)(wanted + bt_random_unit(marks->seed, BT_STREAM_SENSOR_FIXED, cell, 0));
    double reach_m =
        pupil_radius_m * BT_PUPIL_EXTENT *
        hypot(hypot(f->slope[0][0], f->slope[0][1]), hypot(f->slope[1][0], f->slope[1][1]));
    for (uint32_t i = 0; i < count; i++) {
        double place[3],
            normal = bt_random_normal(marks->seed, BT_STREAM_SENSOR_FIXED, cell, 4 * i + 4);
        for (uint32_t k = 0; k < 3; k++)
            place[k] = bt_random_unit(marks->seed, BT_STREAM_SENSOR_FIXED, cell, 4 * i + 1 + k);
        double turn = BT_PI * place[2], c = cos(turn), s = sin(turn);
        double x = f->x_m - ((double)column + place[0]) * cell_m;
        double y = f->y_m - ((double)row + place[1]) * cell_m;
        if (fabs(x * c + y * s) > 0.5 * cell_m || fabs(y * c - x * s) > reach_m) continue;
        // all but straight: a circle so large, its middle to the scratch's side
        double from[2] = {x - STRAIGHT_M * s, y + STRAIGHT_M * c};
        lost += add_scratch(marks, f, from, STRAIGHT_M, normal, pupil_radius_m, pupil);
    }
    return lost;
}

uint32_t bt_pane_scratches(const bt_pane_marks *marks, double tan_x, double tan_y,
                           double pupil_radius_m, bt_exit_pupil *pupil)
{
    uint32_t lost = 0;
    if (!(marks->scratches_per_m > 0.0 || marks->strays_per_m2 > 0.0)) return 0;
    bt_pane_footprint f = bt_pane_footprint_of(marks->cam_from_glass, tan_x, tan_y);
    for (uint32_t i = 0; i < marks->pivot_count && marks->scratches_per_m > 0.0; i++)
        lost += add_wiper(marks, &f, i, pupil_radius_m, pupil);
    if (!(marks->strays_per_m2 > 0.0)) return lost;
    // a scratch is as long as a cell: those of the next ones reach here
    int64_t column = (int64_t)floor(f.x_m / marks->scratch_length_m);
    int64_t row = (int64_t)floor(f.y_m / marks->scratch_length_m);
    for (int64_t j = row - 1; j <= row + 1; j++)
        for (int64_t i = column - 1; i <= column + 1; i++)
            lost += add_strays(marks, &f, i, j, pupil_radius_m, pupil);
    return lost;
}
