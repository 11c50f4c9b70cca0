// pupil_mtf.c: see pupil_mtf.h.
#include "sensors/bench/pupil_mtf.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "sensors/bench/bench_internal.h"

#define CELLS 60 // over a radius of the pupil: 2e-4 of a perfect lens's transfer
#define GAUSSIAN_PARTS 1000
#define SMALL_SHIFT 0.1 // radii: a disc's common area bends by 4e-4 of its slope until there
#define WINDOW_PARTS 100
#define WINDOW_REACHES 8 // integrated

// ---- the sheet's pupil ------------------------------------------------------------------------
// A thin lens's.
static double stop_radius_m(const bt_camera_sheet *sheet)
{
    double focal_m = bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M);
    if (focal_m <= 0.0)
        focal_m = bt_sheet_get(sheet, BT_SHEET_FX_PX) * bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    return 0.5 * focal_m / bt_sheet_get(sheet, BT_SHEET_F_NUMBER);
}

// What the ray through a place of the pupil, radii from its middle, meets on the chart; its chief ray goes to `chief`.
static bt_vec3 met(const bt_camera_sheet *sheet, bt_vec3 chief, double distance_m, double px,
                   double py)
{
    double radius_m = stop_radius_m(sheet), reach_m = bt_sheet_get(sheet, BT_SHEET_FOCUS_M);
    bt_vec3 from = {radius_m * px, radius_m * py, 0.0};
    if (sheet->lens_kind == BT_LENS_PINHOLE) {
        reach_m /= chief.z;
    } else {
        // a fisheye's pupil turns towards the ray: by the shortest turn that takes the axis there
        double share = (chief.x * from.x + chief.y * from.y) / (1.0 + chief.z);
        from = (bt_vec3){from.x - chief.x * share, from.y - chief.y * share,
                         -chief.x * from.x - chief.y * from.y};
    }
    bt_vec3 way = bt_vec3_sub(bt_vec3_scale(chief, reach_m), from);
    if (distance_m <= 0.0) return way;
    return bt_vec3_add(from, bt_vec3_scale(way, (distance_m - from.z) / way.z));
}

static void set_disc(const bt_camera_sheet *sheet, double x_px, double y_px, double distance_m,
                     double disc_px[2][2])
{
    bt_vec3 chief = bench_unproject(sheet, x_px, y_px);
    memset(disc_px, 0, 2 * sizeof *disc_px);
    if (bt_sheet_get(sheet, BT_SHEET_FOCUS_M) <= 0.0) return;
    for (int i = 0; i < 2; i++) {
        double x[2], y[2];
        for (int side = 0; side < 2; side++) {
            double at = side ? 0.5 : -0.5;
            bt_vec3 place = met(sheet, chief, distance_m, i ? 0.0 : at, i ? at : 0.0);
            bench_project(sheet, place, &x[side], &y[side]);
        }
        disc_px[i][0] = x[1] - x[0];
        disc_px[i][1] = y[1] - y[0];
    }
}

// Relative illumination without cos^4 is what a second stop leaves of the pupil.
static void clip(const bt_camera_sheet *sheet, double theta_rad, bt_exit_pupil *pupil)
{
    double share = bt_sheet_curve_at(&sheet->illumination, theta_rad / BT_RAD_PER_DEG, 1.0) /
                   bt_sheet_curve_at(&sheet->illumination, 0.0, 1.0);
    if (!(share < 1.0)) return;
    double shift = bt_pupil_clip(share);
    pupil->clip_x = -shift * cos(pupil->field_rad);
    pupil->clip_y = -shift * sin(pupil->field_rad);
}

static void set_pupil(const bt_camera_sheet *sheet, double nm, double x_px, double y_px,
                      bt_exit_pupil *p)
{
    bt_vec3 d = bench_unproject(sheet, x_px, y_px);
    double theta = atan2(hypot(d.x, d.y), d.z), corner = bench_corner_rad(sheet);
    double blades = bt_sheet_get(sheet, BT_SHEET_BLADES);
    *p = (bt_exit_pupil){
        .f_number = bt_sheet_get(sheet, BT_SHEET_F_NUMBER),
        .blades = (uint32_t)blades,
        .blade_rotation_rad = bt_sheet_get(sheet, BT_SHEET_BLADE_ROTATION_DEG) * BT_RAD_PER_DEG +
                              BT_PI / fmax(blades, 1.0),
        .obscuration = bt_sheet_get(sheet, BT_SHEET_OBSCURATION),
        .field_rad = atan2(y_px - bt_sheet_get(sheet, BT_SHEET_CY_PX),
                           x_px - bt_sheet_get(sheet, BT_SHEET_CX_PX)),
        .field = theta / corner,
        .focus_shift_m = bt_sheet_get(sheet, BT_SHEET_FOCUS_SHIFT_M) +
                         bt_sheet_curve_at(&sheet->axial_color, nm, 0.0),
        .zernike_count = sheet->zernike_count,
    };
    for (uint32_t i = 0; i < sheet->zernike_count; i++)
        p->zernikes[i] = (bt_pupil_zernike){sheet->zernikes[i].noll, sheet->zernikes[i].axis_m,
                                            sheet->zernikes[i].edge_m};
    clip(sheet, theta, p);
}

// ---- transfers --------------------------------------------------------------------------------
// Cells at a rim are open in part; of two rims that pass a cell side by side the one closes what the other does.
static double open_in_both(const pupil_mtf *m, double x, double y, double dx, double dy)
{
    double one = bt_pupil_open(&m->pupil, x + dx, y + dy, 1.0 / CELLS);
    return one > 0.0 ? fmin(one, bt_pupil_open(&m->pupil, x - dx, y - dy, 1.0 / CELLS)) : 0.0;
}

static double wave_m(const pupil_mtf *m, double defocus_m, double x, double y)
{
    return bt_pupil_wavefront(&m->pupil, x, y) + defocus_m * (x * x + y * y);
}

static double open_area(const pupil_mtf *m)
{
    int reach = (int)ceil(BT_PUPIL_EXTENT * CELLS);
    double sum = 0.0;
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++)
            sum += bt_pupil_open(&m->pupil, (double)i / CELLS, (double)j / CELLS, 1.0 / CELLS);
    return sum;
}

// defocus_m: of the wavefront at the pupil's rim, on top of the sheet's own.
static double correlation(const pupil_mtf *m, double defocus_m, double f, double angle_rad)
{
    double s = 2.0 * m->lambda_m * m->pupil.f_number * f / m->pitch_m;
    double dx = 0.5 * s * cos(angle_rad), dy = 0.5 * s * sin(angle_rad);
    int reach = (int)ceil(BT_PUPIL_EXTENT * CELLS);
    double complex sum = 0.0;
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++) {
            double x = (double)i / CELLS, y = (double)j / CELLS;
            double open = open_in_both(m, x, y, dx, dy);
            if (!(open > 0.0)) continue;
            double apart_m =
                wave_m(m, defocus_m, x + dx, y + dy) - wave_m(m, defocus_m, x - dx, y - dy);
            sum += open * cexp(2.0 * BT_PI * (double complex)I * apart_m / m->lambda_m);
        }
    return cabs(sum);
}

static double geometric_mtf(const pupil_mtf *m, double f, double angle_rad)
{
    double c = cos(angle_rad), s = sin(angle_rad);
    double across = c * m->disc_px[0][0] + s * m->disc_px[0][1];
    double down = c * m->disc_px[1][0] + s * m->disc_px[1][1];
    if (across == 0.0 && down == 0.0) return 1.0;
    int reach = (int)ceil(BT_PUPIL_EXTENT * CELLS);
    double complex sum = 0.0;
    double all = 0.0;
    bt_exit_pupil outline = m->pupil;
    outline.clip_x = outline.clip_y = 0.0; // rays come from all of the stop
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++) {
            double x = (double)i / CELLS, y = (double)j / CELLS;
            double open = bt_pupil_open(&outline, x, y, 1.0 / CELLS);
            double along = x * across + y * down;
            sum += open * cexp(2.0 * BT_PI * (double complex)I * f * along);
            all += open;
        }
    return cabs(sum) / all;
}

static double gaussian_mtf(double sigma_px, double f)
{
    double sum = 0.0, all = 0.0, step = fmin(3.0 * sigma_px, 2.0) / GAUSSIAN_PARTS;
    for (int i = 0; i < GAUSSIAN_PARTS; i++) {
        double r = (i + 0.5) * step, mass = r * exp(-0.5 * r * r / (sigma_px * sigma_px));
        sum += mass * j0(2.0 * BT_PI * f * r);
        all += mass;
    }
    return sum / all;
}

static double sinc(double x)
{
    return x != 0.0 ? sin(BT_PI * x) / (BT_PI * x) : 1.0;
}

static double wave_mtf(const pupil_mtf *m, double defocus_m, double f, double angle_rad)
{
    double pixel = sinc(f * cos(angle_rad)) * sinc(f * sin(angle_rad));
    return pixel * correlation(m, defocus_m, f, angle_rad) / m->energy;
}

double pupil_mtf_at(const pupil_mtf *m, double f, double angle_rad)
{
    double sharp = m->gaussian ? gaussian_mtf(m->blur_sigma_px, f) : wave_mtf(m, 0.0, f, angle_rad);
    return sharp * geometric_mtf(m, f, angle_rad);
}

double pupil_mtf_waves(const pupil_mtf *m, double f, double angle_rad)
{
    // a focus shift z makes a disc of radius z / (2 N) and a wavefront of z / (8 N^2) at the rim
    double radius_px = 0.5 * (m->disc_px[0][0] + m->disc_px[1][1]);
    double shift_m = 2.0 * m->pupil.f_number * radius_px * m->pitch_m;
    double defocus_m = shift_m / (8.0 * m->pupil.f_number * m->pupil.f_number);
    return wave_mtf(m, defocus_m, f, angle_rad);
}

// Area that the pupil has in common with itself, moved by s radii.
static double common_area(const pupil_mtf *m, double s, double angle_rad)
{
    double dx = 0.5 * s * cos(angle_rad), dy = 0.5 * s * sin(angle_rad), sum = 0.0;
    int reach = (int)ceil(BT_PUPIL_EXTENT * CELLS);
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++) {
            double x = (double)i / CELLS, y = (double)j / CELLS;
            sum += open_in_both(m, x, y, dx, dy);
        }
    return sum;
}

// Integral over both sides of (1 - window) cos(2 pi f x) / x^2: to where it has died away, then by its mean.
static double cut_off(double reach_px, double f)
{
    double sum = 0.0, step = 0.5 * reach_px / WINDOW_PARTS;
    for (int i = 0; i < WINDOW_REACHES * 2 * WINDOW_PARTS; i++) {
        double x = 0.5 * reach_px + (i + 0.5) * step, fall = (i + 0.5) / WINDOW_PARTS;
        double gone = fall < 1.0 ? 0.5 - 0.5 * cos(BT_PI * fall) : 1.0;
        sum += 2.0 * step * gone * cos(2.0 * BT_PI * f * x) / (x * x);
    }
    double last = (WINDOW_REACHES + 0.5) * reach_px;
    return sum + (f == 0.0 ? 2.0 / last : 0.0);
}

// Transfer that diffraction's far light has at a frequency, of what a window cuts off.
static double veil(const pupil_mtf *m, double f, double angle_rad, double reach_px)
{
    if (m->gaussian) return 0.0;
    double per_cycle = 2.0 * m->lambda_m * m->pupil.f_number / m->pitch_m; // radii
    double kink =
        (1.0 - common_area(m, SMALL_SHIFT, angle_rad) / m->energy) / SMALL_SHIFT * per_cycle;
    return kink / (2.0 * BT_PI * BT_PI) * cut_off(reach_px, f);
}

double pupil_mtf_windowed(const pupil_mtf *m, double mtf, double f, double angle_rad,
                          double reach_px)
{
    return (mtf - veil(m, f, angle_rad, reach_px)) / (1.0 - veil(m, 0.0, angle_rad, reach_px));
}

void pupil_mtf_init(const bt_camera_sheet *sheet, double nm, double x_px, double y_px,
                    double distance_m, pupil_mtf *m)
{
    double blur = bt_sheet_get(sheet, BT_SHEET_BLUR_SIGMA_PX);
    *m = (pupil_mtf){.gaussian = bt_sheet_get(sheet, BT_SHEET_POINT_SPREAD) < 0.5,
                     .blur_sigma_px = sqrt(blur * blur + 1.0 / 12.0),
                     .lambda_m = nm * 1e-9,
                     .pitch_m = bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M)};
    set_disc(sheet, x_px, y_px, distance_m, m->disc_px);
    set_pupil(sheet, nm, x_px, y_px, &m->pupil);
    m->energy = open_area(m);
}
