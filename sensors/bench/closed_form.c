// closed_form.c: what a sheet promises, in double and apart from the code that renders: spectral
// integrals, projections.
//
// Projections: shaders/shared/lens.h names the models; here they are written from their papers again.
#include "sensors/bench/bench_internal.h"

#include <math.h>

#include "engine/spectrum/spectrum.h"

#define PLANCK_J_S 6.62607015e-34   // SI, exact
#define LIGHT_SPEED_M_S 299792458.0 // SI, exact
#define PARTS 16                    // chosen: of 5 nm; products of three straight lines
#define NEWTON_STEPS 40

// ---- light ------------------------------------------------------------------------------------
// Electrons per second for radiance 1 at a table wavelength.
static double response_at(const bench *b, uint32_t band, unsigned bin)
{
    const bt_camera_sheet *sheet = &b->truth;
    double nm = bt_spectrum_bin_nm(bin), pitch_m = bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    double f_number = bt_sheet_get(sheet, BT_SHEET_F_NUMBER);
    double watt = pitch_m * pitch_m * BT_PI / (4.0 * f_number * f_number + 1.0) *
                  bt_sheet_get(sheet, BT_SHEET_TRANSMISSION);
    return watt * bench_qe(sheet, band, nm) * nm * 1e-9 / (PLANCK_J_S * LIGHT_SPEED_M_S);
}

double bench_rate_e_s(const bench *b, uint32_t band, const float *radiance,
                      const float *reflectance)
{
    double sum = 0.0, low = response_at(b, band, 0);
    for (unsigned bin = 0; bin + 1 < BT_SPECTRUM_BINS; bin++) {
        double high = response_at(b, band, bin + 1);
        for (int part = 0; part < PARTS; part++) {
            double u = (part + 0.5) / PARTS;
            double light = bt_lerp((double)radiance[bin], (double)radiance[bin + 1], u);
            if (reflectance)
                light *= bt_lerp((double)reflectance[bin], (double)reflectance[bin + 1], u);
            sum += light * bt_lerp(low, high, u) / PARTS;
        }
        low = high;
    }
    return sum * (double)BT_SPECTRUM_STEP_NM;
}

double bench_illumination(const bt_camera_sheet *sheet, double theta_rad)
{
    double cosine = fmax(cos(theta_rad), 0.0);
    double natural = bt_sheet_get(sheet, BT_SHEET_COS4) > 0.5 ? pow(cosine, 4.0) : 1.0;
    return natural * bt_sheet_curve_at(&sheet->illumination, theta_rad / BT_RAD_PER_DEG, 1.0) /
           bt_sheet_curve_at(&sheet->illumination, 0.0, 1.0);
}

double bench_rect_illumination(const bt_camera_sheet *sheet, bench_rect r)
{
    double sum = 0.0;
    for (uint32_t y = r.y0; y < r.y1; y++)
        for (uint32_t x = r.x0; x < r.x1; x++) {
            bt_vec3 d = bench_unproject(sheet, x, y);
            sum += bench_illumination(sheet, atan2(hypot(d.x, d.y), d.z));
        }
    return sum / ((double)(r.x1 - r.x0) * (r.y1 - r.y0));
}

// ---- projection -------------------------------------------------------------------------------
bench_intrinsics bench_intrinsics_of(const bt_camera_sheet *sheet)
{
    bench_intrinsics in = {.fx = bt_sheet_get(sheet, BT_SHEET_FX_PX),
                           .fy = bt_sheet_get(sheet, BT_SHEET_FY_PX),
                           .cx = bt_sheet_get(sheet, BT_SHEET_CX_PX),
                           .cy = bt_sheet_get(sheet, BT_SHEET_CY_PX)};
    if (in.fx <= 0.0)
        in.fx = bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M) /
                bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    if (in.fy <= 0.0) in.fy = in.fx;
    if (bt_sheet_is_middle(in.cx)) in.cx = 0.5 * (bt_sheet_get(sheet, BT_SHEET_WIDTH_PX) - 1.0);
    if (bt_sheet_is_middle(in.cy)) in.cy = 0.5 * (bt_sheet_get(sheet, BT_SHEET_HEIGHT_PX) - 1.0);
    in.kind = sheet->lens_kind;
    for (int i = 0; i < 8; i++)
        in.k[i] = (double)sheet->lens_k[i];
    for (int i = 0; i < 6; i++)
        in.s[i] = (double)sheet->lens_s[i];
    return in;
}

// The ray through (x, y, 1), met by a plane through (0, 0, 1) that is turned by tau_x, then tau_y, in
// coordinates of that plane seen along its normal: OpenCV's tilted sensor.
static void tilt_sensor(double tau_x, double tau_y, double at[2])
{
    double sx = sin(tau_x), cx = cos(tau_x), sy = sin(tau_y), cy = cos(tau_y);
    double right = cy * at[0] + sy * (sx * at[1] - cx), down = cx * at[1] + sx;
    double ahead = sy * at[0] + cy * (cx - sx * at[1]), upright = cx * cy;
    at[0] = upright * right / ahead + sy * cx;
    at[1] = upright * down / ahead - sx;
}

// Brown 1966, Conrady 1919, thin prism: order k1 k2 p1 p2 k3 k4 k5 k6, s1 to s4.
static void bend_pinhole(const bench_intrinsics *in, double x, double y, double out[2])
{
    const double *k = in->k, *s = in->s;
    double r2 = x * x + y * y, r4 = r2 * r2, r6 = r4 * r2;
    double radial =
        (1.0 + k[0] * r2 + k[1] * r4 + k[4] * r6) / (1.0 + k[5] * r2 + k[6] * r4 + k[7] * r6);
    out[0] = x * radial + 2.0 * k[2] * x * y + k[3] * (r2 + 2.0 * x * x) + s[0] * r2 + s[1] * r4;
    out[1] = y * radial + k[2] * (r2 + 2.0 * y * y) + 2.0 * k[3] * x * y + s[2] * r2 + s[3] * r4;
    tilt_sensor(s[4], s[5], out);
}

static double quintic(const double *k, double t)
{
    return t * (k[0] + t * (k[1] + t * (k[2] + t * (k[3] + t * k[4]))));
}

// Where a rising quintic has a value, by bisection from 0 to `most`.
static double quintic_inverse(const double *k, double value, double most)
{
    double low = 0.0, high = most;
    for (int step = 0; step < 2 * NEWTON_STEPS; step++) {
        double middle = 0.5 * (low + high);
        if (quintic(k, middle) < value)
            low = middle;
        else
            high = middle;
    }
    return low;
}

// Bent angle: Kannala and Brandt 2006, or f-theta, in pixels.
static double bend_angle(const bench_intrinsics *in, double theta)
{
    const double *k = in->k;
    double t2 = theta * theta;
    if (in->kind == BT_LENS_FTHETA) return quintic(k, theta);
    if (in->kind == BT_LENS_FTHETA_INVERSE) return quintic_inverse(k, theta, 4.0 / k[0]);
    return theta * (1.0 + t2 * (k[0] + t2 * (k[1] + t2 * (k[2] + t2 * k[3]))));
}

void bench_intrinsics_project(const bench_intrinsics *in, bt_vec3 place, double *x_px, double *y_px)
{
    double bent[2] = {0.0, 0.0}, across = hypot(place.x, place.y);
    if (in->kind == BT_LENS_PINHOLE) {
        bend_pinhole(in, place.x / place.z, place.y / place.z, bent);
    } else if (across > 0.0) {
        double radius = bend_angle(in, atan2(across, place.z));
        bent[0] = radius * place.x / across;
        bent[1] = radius * place.y / across;
    }
    bool affine = in->kind == BT_LENS_FTHETA || in->kind == BT_LENS_FTHETA_INVERSE;
    *x_px = affine ? in->s[0] * bent[0] + in->s[1] * bent[1] + in->cx : in->fx * bent[0] + in->cx;
    *y_px = affine ? in->s[2] * bent[0] + bent[1] + in->cy : in->fy * bent[1] + in->cy;
}

void bench_project(const bt_camera_sheet *sheet, bt_vec3 place, double *x_px, double *y_px)
{
    bench_intrinsics in = bench_intrinsics_of(sheet);
    bench_intrinsics_project(&in, place, x_px, y_px);
}

static bt_vec3 straighten_pinhole(const bench_intrinsics *in, double x, double y)
{
    double at[2] = {x, y};
    for (int step = 0; step < NEWTON_STEPS; step++) {
        double here[2], right[2], down[2];
        const double h = 1e-7;
        bend_pinhole(in, at[0], at[1], here);
        bend_pinhole(in, at[0] + h, at[1], right);
        bend_pinhole(in, at[0], at[1] + h, down);
        double a = (right[0] - here[0]) / h, b = (down[0] - here[0]) / h;
        double c = (right[1] - here[1]) / h, d = (down[1] - here[1]) / h;
        double ex = x - here[0], ey = y - here[1], det = a * d - b * c;
        at[0] += (d * ex - b * ey) / det;
        at[1] += (a * ey - c * ex) / det;
        if (hypot(ex, ey) < 1e-13) break;
    }
    return bt_vec3_normalize((bt_vec3){at[0], at[1], 1.0});
}

static bt_vec3 straighten_angle(const bench_intrinsics *in, double x, double y)
{
    double radius = hypot(x, y), low = 0.0, high = BT_PI;
    for (int step = 0; step < 2 * NEWTON_STEPS; step++) { // within the field it rises
        double middle = 0.5 * (low + high);
        if (bend_angle(in, middle) < radius)
            low = middle;
        else
            high = middle;
    }
    double side = radius > 0.0 ? sin(low) / radius : 0.0;
    return (bt_vec3){x * side, y * side, cos(low)};
}

bt_vec3 bench_unproject(const bt_camera_sheet *sheet, double x_px, double y_px)
{
    bench_intrinsics in = bench_intrinsics_of(sheet);
    double x = x_px - in.cx, y = y_px - in.cy;
    if (in.kind == BT_LENS_PINHOLE) return straighten_pinhole(&in, x / in.fx, y / in.fy);
    if (in.kind == BT_LENS_FISHEYE) return straighten_angle(&in, x / in.fx, y / in.fy);
    double det = in.s[0] - in.s[1] * in.s[2];
    return straighten_angle(&in, (x - in.s[1] * y) / det, (in.s[0] * y - in.s[2] * x) / det);
}

double bench_corner_rad(const bt_camera_sheet *sheet)
{
    double farthest = 0.0;
    for (int i = 0; i < 4; i++) {
        double x = (i % 2) * bt_sheet_get(sheet, BT_SHEET_WIDTH_PX) - 0.5;
        double y = (double)(i / 2) * bt_sheet_get(sheet, BT_SHEET_HEIGHT_PX) - 0.5;
        bt_vec3 d = bench_unproject(sheet, x, y);
        farthest = fmax(farthest, atan2(hypot(d.x, d.y), d.z));
    }
    return farthest;
}

void bench_scale_lens(const bt_camera_sheet *sheet, uint32_t width_px, uint32_t height_px,
                      bt_camera_sheet *scaled)
{
    bench_intrinsics in = bench_intrinsics_of(sheet);
    double width = bt_sheet_get(sheet, BT_SHEET_WIDTH_PX);
    double height = bt_sheet_get(sheet, BT_SHEET_HEIGHT_PX);
    double s = fmax(width_px / width, height_px / height);
    *scaled = *sheet;
    bt_sheet_number *n = scaled->numbers;
    n[BT_SHEET_FX_PX].value = in.fx * s;
    n[BT_SHEET_FY_PX].value = in.fy * s;
    n[BT_SHEET_CX_PX].value = (in.cx + 0.5) * s - 0.5 + 0.5 * (width_px - width * s);
    n[BT_SHEET_CY_PX].value = (in.cy + 0.5) * s - 0.5 + 0.5 * (height_px - height * s);
    if (in.kind == BT_LENS_FTHETA)
        for (int i = 0; i < 5; i++)
            scaled->lens_k[i] = (float)(in.k[i] * s);
    if (in.kind == BT_LENS_FTHETA_INVERSE)
        for (int i = 0; i < 5; i++)
            scaled->lens_k[i] = (float)(in.k[i] / pow(s, i + 1));
    n[BT_SHEET_WIDTH_PX].value = width_px;
    n[BT_SHEET_HEIGHT_PX].value = height_px;
    n[BT_SHEET_ROW_TIME_S].value /= s;
}
