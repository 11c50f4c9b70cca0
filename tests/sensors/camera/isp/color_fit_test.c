// color_fit_test.c: how true the colours of the shipped cameras are, and that the fit is a fit.
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/response.h"

#include "engine/core/file.h"
#include "engine/math/pose.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"
#include "tests/support/check.h"

#define PATCH_FILE "assets/spectra/colour_checker_10nm.csv"
#define PATCHES 24
static char patches[PATCHES][BT_SPECTRUM_NAME_MAX];

static bt_camera_sheet sheet;

static bool load(const char *name)
{
    const char *roots[] = {"assets"};
    bt_status status = bt_camera_sheet_load(name, roots, 1, &sheet);
    CHECK_OK(status);
    return status == BT_OK;
}

// CIEDE2000: Sharma, Wu, Dalal 2005, "The CIEDE2000 color-difference formula", equations 2 to 22.
static double hue_of(double a, double b)
{
    double h = atan2(b, a) / BT_RAD_PER_DEG;
    return a == 0.0 && b == 0.0 ? 0.0 : h < 0.0 ? h + 360.0 : h;
}

static double delta_e_lab(const double p[3], const double q[3])
{
    double mean_c = 0.5 * (hypot(p[1], p[2]) + hypot(q[1], q[2]));
    double g = 0.5 * (1.0 - sqrt(pow(mean_c, 7) / (pow(mean_c, 7) + pow(25.0, 7))));
    double ap = (1.0 + g) * p[1], aq = (1.0 + g) * q[1];
    double cp = hypot(ap, p[2]), cq = hypot(aq, q[2]);
    double hp = hue_of(ap, p[2]), hq = hue_of(aq, q[2]);

    double turn = hq - hp;
    if (cp * cq == 0.0) turn = 0.0;
    if (turn > 180.0) turn -= 360.0;
    if (turn < -180.0) turn += 360.0;
    double dl = q[0] - p[0], dc = cq - cp;
    double dh = 2.0 * sqrt(cp * cq) * sin(0.5 * turn * BT_RAD_PER_DEG);

    double l = 0.5 * (p[0] + q[0]), c = 0.5 * (cp + cq), h = hp + hq;
    if (cp * cq != 0.0) {
        if (fabs(hp - hq) > 180.0) h += h < 360.0 ? 360.0 : -360.0;
        h *= 0.5;
    }
    double t = 1.0 - 0.17 * cos((h - 30.0) * BT_RAD_PER_DEG) +
               0.24 * cos(2.0 * h * BT_RAD_PER_DEG) + 0.32 * cos((3.0 * h + 6.0) * BT_RAD_PER_DEG) -
               0.20 * cos((4.0 * h - 63.0) * BT_RAD_PER_DEG);
    double sl = 1.0 + 0.015 * (l - 50.0) * (l - 50.0) / sqrt(20.0 + (l - 50.0) * (l - 50.0));
    double sc = 1.0 + 0.045 * c, sh = 1.0 + 0.015 * c * t;
    double turned = 30.0 * exp(-(h - 275.0) / 25.0 * ((h - 275.0) / 25.0));
    double rc = 2.0 * sqrt(pow(c, 7) / (pow(c, 7) + pow(25.0, 7)));
    double rt = -sin(2.0 * turned * BT_RAD_PER_DEG) * rc;
    double x = dl / sl, y = dc / sc, z = dh / sh;
    return sqrt(x * x + y * y + z * z + rt * y * z);
}

// Three pairs of the paper's table 1.
static void test_delta_e(void)
{
    static const double pairs[3][7] = {
        {50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425},
        {50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.1492},
        {22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373},
    };
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(delta_e_lab(pairs[i], pairs[i] + 3), pairs[i][6], 5e-5);
}

static double delta_e(const double a_rgb[3], const double b_rgb[3])
{
    double a_xyz[3], b_xyz[3], a[3], b[3];
    bt_xyz_from_srgb_linear(a_rgb, a_xyz);
    bt_xyz_from_srgb_linear(b_rgb, b_xyz);
    bt_lab_from_xyz(a_xyz, a);
    bt_lab_from_xyz(b_xyz, b);
    return delta_e_lab(a, b);
}

// What the camera and the matrix make of a reflectance; white is 1.
static void camera_rgb(const bt_response *response, const float *illuminant, const double gains[3],
                       const double matrix[9], const float *reflectance, double rgb[3])
{
    float light[BT_SPECTRUM_BINS];
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        light[bin] = illuminant[bin] * reflectance[bin];
    double rates[3], white[3];
    bt_response_rates(response, 3, light, rates);
    bt_response_rates(response, 3, illuminant, white);
    for (int i = 0; i < 3; i++) {
        rgb[i] = 0.0;
        for (int j = 0; j < 3; j++)
            rgb[i] += matrix[3 * i + j] * rates[j] * gains[j] / (white[1] * gains[1]);
    }
}

static void test_checker(const char *name, double mean_bound, double worst_bound)
{
    if (!load(name)) return;
    bt_response response;
    bt_response_compute(&sheet, 1e-11, &response);
    double gains[3], matrix[9], sum = 0.0, worst = 0.0, grey = 0.0;
    const char *worst_patch = "";
    bt_white_balance(&response, bt_illuminant_d65, gains);
    bt_color_fit(&response, bt_illuminant_d65, gains, matrix);
    for (int i = 0; i < PATCHES; i++) {
        float reflectance[BT_SPECTRUM_BINS];
        CHECK_OK(bt_spectrum_read_csv(PATCH_FILE, patches[i], reflectance));
        double got[3], want[3];
        camera_rgb(&response, bt_illuminant_d65, gains, matrix, reflectance, got);
        bt_color_target(reflectance, bt_illuminant_d65, want);
        double delta = delta_e(got, want);
        sum += delta;
        if (i >= 18) grey = fmax(grey, delta);
        if (delta > worst) {
            worst = delta;
            worst_patch = patches[i];
        }
    }
    printf("%s: colour checker, D65: mean delta E00 %.2f, worst %.2f (%s), greys %.2f\n", name,
           sum / PATCHES, worst, worst_patch, grey);
    printf("  gains %.3f %.3f %.3f\n", gains[0], gains[1], gains[2]);
    for (int i = 0; i < 3; i++)
        printf("  %7.3f %7.3f %7.3f\n", matrix[3 * i], matrix[3 * i + 1], matrix[3 * i + 2]);
    CHECK(sum / PATCHES < mean_bound);
    CHECK(worst < worst_bound);
}

// A camera whose bands are linear combinations of the eye's is fitted exactly.
static void test_colorimetric_camera(void)
{
    bt_response response;
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double x = (double)bt_cie_1931_x[bin], y = (double)bt_cie_1931_y[bin],
               z = (double)bt_cie_1931_z[bin];
        response.band[0][bin] = (float)(0.8 * x + 0.3 * y + 0.05 * z);
        response.band[1][bin] = (float)(0.1 * x + 0.9 * y + 0.1 * z);
        response.band[2][bin] = (float)(0.05 * x + 0.05 * y + 0.9 * z);
    }
    float daylight[BT_SPECTRUM_BINS], reflectance[BT_SPECTRUM_BINS];
    double gains[3], matrix[9], got[3], want[3];
    bt_daylight(5500.0, daylight);
    bt_white_balance(&response, daylight, gains);
    bt_color_fit(&response, daylight, gains, matrix);
    for (int step = 0; step < 5; step++) {
        for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
            reflectance[bin] = (float)(0.5 + 0.4 * sin(0.05 * bin * (step + 1)));
        camera_rgb(&response, daylight, gains, matrix, reflectance, got);
        bt_color_target(reflectance, daylight, want);
        CHECK_NEAR(delta_e(got, want), 0.0, 0.02); // float tables
    }
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(matrix[3 * i] + matrix[3 * i + 1] + matrix[3 * i + 2], 1.0, 1e-12);
}

// Grey under any illuminant to which the eye is adapted is grey: D65 in, white out.
static void test_target(void)
{
    float grey[BT_SPECTRUM_BINS], daylight[BT_SPECTRUM_BINS];
    double rgb[3];
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        grey[bin] = 0.4f;
    bt_daylight(4500.0, daylight);
    bt_color_target(grey, daylight, rgb);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(rgb[i], 0.4, 1e-5); // seven digits of the inverse Bradford matrix
}

int main(void)
{
    uint32_t named = 0;
    CHECK_OK(bt_spectrum_csv_names(PATCH_FILE, PATCHES, patches, &named));
    CHECK(named == PATCHES);
    test_delta_e();
    test_colorimetric_camera();
    test_target();
    test_checker("cameras/front_1mp.lua", 1.6, 4.5);
    test_checker("cameras/fisheye_190.lua", 1.6, 4.5);
    return check_end();
}
