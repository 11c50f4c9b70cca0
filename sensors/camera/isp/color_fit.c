// color_fit.c: the colour matrix of a camera from its spectral response.
//
// The training set is made here, so that no file is needed: reflectances 0.04 + 0.86 f(lambda) for
// Gaussian bands, their inverses, and smooth edges both ways, over centres every 20 nm and three
// widths each: smooth like nearly all natural and painted surfaces (Maloney 1986), and spread all
// around the hue circle.
#include <math.h>
#include <string.h>

#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "sensors/camera/response.h"

#define FIT_CENTRES 16 // 400 to 700 nm
#define FIT_WIDTHS 3
#define FIT_SHAPES 4
#define FIT_COUNT (FIT_CENTRES * FIT_WIDTHS * FIT_SHAPES)

static void training_reflectance(int index, float out[BT_SPECTRUM_BINS])
{
    static const double widths_nm[FIT_WIDTHS] = {30.0, 55.0, 90.0};
    int shape = index % FIT_SHAPES;
    double width_nm = widths_nm[index / FIT_SHAPES % FIT_WIDTHS];
    int place = index / (FIT_SHAPES * FIT_WIDTHS);
    double centre_nm = 400.0 + 20.0 * place;
    for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double u = (bt_spectrum_bin_nm(bin) - centre_nm) / width_nm;
        double band = exp(-0.5 * u * u);
        double edge = 1.0 / (1.0 + exp(-2.0 * u));
        double f = shape == 0 ? band : shape == 1 ? 1.0 - band : shape == 2 ? edge : 1.0 - edge;
        out[bin] = (float)(0.04 + 0.86 * f);
    }
}

// Bradford cone response (Lam 1985; ICC.1:2010, annex E), row-major, and its inverse.
static const double bradford[9] = {0.8951, 0.2664, -0.1614, -0.7502, 1.7135,
                                   0.0367, 0.0389, -0.0685, 1.0296};
static const double bradford_inverse[9] = {0.9869929, -0.1470543, 0.1599627, 0.4323053, 0.5183603,
                                           0.0492912, -0.0085287, 0.0400428, 0.9684867};

static void multiply(const double m[9], const double v[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2];
}

void bt_color_target(const float reflectance[BT_SPECTRUM_BINS],
                     const float illuminant[BT_SPECTRUM_BINS], double rgb[3])
{
    float flat[BT_SPECTRUM_BINS];
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        flat[bin] = 1.0f;
    double xyz[3], white[3], cone[3], cone_white[3], cone_d65[3], adapted[3];
    bt_spectrum_xyz_reflected(reflectance, illuminant, xyz);
    bt_spectrum_xyz_reflected(flat, illuminant, white);
    multiply(bradford, xyz, cone);
    multiply(bradford, white, cone_white);
    multiply(bradford, bt_white_d65_xyz, cone_d65);
    for (int i = 0; i < 3; i++)
        cone[i] *= cone_d65[i] / cone_white[i];
    multiply(bradford_inverse, cone, adapted);
    bt_srgb_linear_from_xyz(adapted, rgb);
}

// White-balanced camera colour of a reflectance, 1 for the perfect diffuser.
static void camera_color(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                         const double gains[3], const float reflectance[BT_SPECTRUM_BINS],
                         double rgb[3])
{
    float light[BT_SPECTRUM_BINS];
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        light[bin] = illuminant[bin] * reflectance[bin];
    double rates[3], white[3];
    bt_response_rates(response, 3, light, rates);
    bt_response_rates(response, 3, illuminant, white);
    double most = 0.0;
    for (int i = 0; i < 3; i++)
        most = fmax(most, white[i] * gains[i]);
    for (int i = 0; i < 3; i++)
        rgb[i] = most > 0.0 ? rates[i] * gains[i] / most : 0.0;
}

// One row (a, b, 1 - a - b) of the matrix: normal equations in a and b.
typedef struct fit_row {
    double aa, ab, bb, at, bt;
} fit_row;

static void fit_row_add(fit_row *row, const double rgb[3], double target, double weight)
{
    double a = rgb[0] - rgb[2];
    double b = rgb[1] - rgb[2];
    double t = target - rgb[2];
    row->aa += weight * a * a;
    row->ab += weight * a * b;
    row->bb += weight * b * b;
    row->at += weight * a * t;
    row->bt += weight * b * t;
}

static void fit_row_solve(const fit_row *row, double out[3])
{
    double det = row->aa * row->bb - row->ab * row->ab;
    bool sound = fabs(det) > 1e-12;
    out[0] = sound ? (row->at * row->bb - row->bt * row->ab) / det : 0.0;
    out[1] = sound ? (row->aa * row->bt - row->ab * row->at) / det : 0.0;
    out[2] = 1.0 - out[0] - out[1];
}

// How much a training colour counts. The eye sees ratios: a dark colour's error counts more (chosen:
// CIELAB's cube root is steepest there); and a surface colour more than the edge of the gamut.
static double weight_of(const double target[3])
{
    double luminance = 0.2126 * target[0] + 0.7152 * target[1] + 0.0722 * target[2];
    double weight = 1.0 / (luminance * luminance + 0.02);
    for (int i = 0; i < 3; i++)
        if (target[i] < -0.1) weight *= 0.3;
    return weight;
}

void bt_color_fit_pair(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                       const double gains[3], double matrix[9])
{
    double dd = 0.0, dt[3] = {0.0, 0.0, 0.0};
    bt_response pair = *response; // a third band as luma
    memcpy(pair.band[2], pair.band[1], sizeof pair.band[2]);
    const double three[3] = {gains[0], gains[1], gains[1]};
    for (int index = 0; index < FIT_COUNT; index++) {
        float reflectance[BT_SPECTRUM_BINS];
        double camera[3], target[3];
        training_reflectance(index, reflectance);
        camera_color(&pair, illuminant, three, reflectance, camera);
        bt_color_target(reflectance, illuminant, target);
        double d = camera[0] - camera[1], weight = weight_of(target);
        dd += weight * d * d;
        for (int i = 0; i < 3; i++)
            dt[i] += weight * d * (target[i] - camera[1]);
    }
    for (int i = 0; i < 3; i++) {
        double a = dd > 1e-12 ? dt[i] / dd : 0.0;
        matrix[3 * i] = a;
        matrix[3 * i + 1] = 1.0 - a;
        matrix[3 * i + 2] = 0.0;
    }
}

void bt_color_fit(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                  const double gains[3], double matrix[9])
{
    fit_row rows[3] = {{0}};
    for (int index = 0; index < FIT_COUNT; index++) {
        float reflectance[BT_SPECTRUM_BINS];
        double camera[3], target[3];
        training_reflectance(index, reflectance);
        camera_color(response, illuminant, gains, reflectance, camera);
        bt_color_target(reflectance, illuminant, target);
        double weight = weight_of(target);
        for (int i = 0; i < 3; i++)
            fit_row_add(&rows[i], camera, target[i], weight);
    }
    for (int i = 0; i < 3; i++)
        fit_row_solve(&rows[i], &matrix[3 * i]);
}
