// uplift_test.c: colours come back from their spectra; spectra stay smooth and within [0, 1].
#include "engine/spectrum/uplift.h"

#include "engine/core/file.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"
#include "tests/support/check.h"

#include <stdbool.h>

static void srgb_of(const float reflectance[BT_SPECTRUM_BINS], double rgb[3])
{
    double xyz[3];
    bt_spectrum_xyz_reflected(reflectance, bt_illuminant_d65, xyz);
    bt_srgb_linear_from_xyz(xyz, rgb);
    for (int k = 0; k < 3; k++)
        rgb[k] = bt_srgb_encode(rgb[k]);
}

// A quadratic under a monotone curve has at most one turning point.
static int turning_points(const float s[BT_SPECTRUM_BINS])
{
    int count = 0, before = 0;
    for (int i = 1; i < BT_SPECTRUM_BINS; i++) {
        float step = s[i] - s[i - 1];
        int sign = step > 1e-6f ? 1 : step < -1e-6f ? -1 : 0;
        if (sign != 0 && before != 0 && sign != before) count++;
        if (sign != 0) before = sign;
    }
    return count;
}

static void test_grid(void)
{
    double worst = 0.0, worst_inner = 0.0;
    for (int i = 0; i < 11 * 11 * 11; i++) {
        double want[3] = {i % 11 / 10.0, i / 11 % 11 / 10.0, i / 121 / 10.0}, got[3];
        float s[BT_SPECTRUM_BINS];
        CHECK_OK(bt_uplift_srgb(want[0], want[1], want[2], s));
        srgb_of(s, got);
        bool inner = true, bound = true;
        for (int k = 0; k < 3; k++)
            inner = inner && want[k] > 0.05 && want[k] < 0.95;
        for (int k = 0; k < BT_SPECTRUM_BINS; k++)
            bound = bound && s[k] >= 0.0f && s[k] <= 1.0f;
        CHECK(bound);
        CHECK(turning_points(s) <= 1);
        for (int k = 0; k < 3; k++) {
            double error = fabs(got[k] - want[k]);
            worst = fmax(worst, error);
            if (inner) worst_inner = fmax(worst_inner, error);
        }
    }
    printf("uplift: worst channel error %.2e inside the cube, %.2e with its faces\n", worst_inner,
           worst);
    CHECK(worst_inner < 1e-3);
    CHECK(worst < 4e-3); // one step of 8 bits
}

static void test_bad_colours(void)
{
    float s[BT_SPECTRUM_BINS];
    CHECK(bt_uplift_srgb(1.1, 0.0, 0.0, s) == BT_ERR_INPUT);
    CHECK(bt_uplift_srgb(0.1, -0.01, 0.0, s) == BT_ERR_INPUT);
    CHECK(bt_uplift_srgb(0.1, NAN, 0.0, s) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "0 to 1");
}

// Real surfaces: uplifting a patch's colour gives a spectrum near the patch's own. The sigmoid
// knows nothing of pigments: worst are the steep edges of yellow (0.131) and orange (0.112).
static void test_colour_checker(void)
{
    const char *path = "../shared/data/spectra/colour_checker_babelcolor_average.csv";
    static const char *const patches[] = {"dark skin", "light skin", "blue sky", "foliage", "red",
                                          "yellow",    "orange",     "cyan",     "green"};
    if (!bt_file_exists(path)) return;
    double worst = 0.0;
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        float real[BT_SPECTRUM_BINS], made[BT_SPECTRUM_BINS];
        double rgb[3], sum = 0.0;
        CHECK_OK(bt_spectrum_read_csv(path, patches[i], real));
        srgb_of(real, rgb);
        for (int k = 0; k < 3; k++)
            rgb[k] = fmin(fmax(rgb[k], 0.0), 1.0);
        CHECK_OK(bt_uplift_srgb(rgb[0], rgb[1], rgb[2], made));
        int bins = 0;
        for (int k = 8; k <= 64; k++, bins++) // 420 to 700 nm
            sum += ((double)made[k] - (double)real[k]) * ((double)made[k] - (double)real[k]);
        worst = fmax(worst, sqrt(sum / bins));
    }
    printf("uplift: worst rms against colour checker patches %.3f\n", worst);
    CHECK(worst < 0.14);
}

// Beyond 780 nm what is there is held; an infrared of its own begins at 700 nm and is there by 800.
static void test_infrared(void)
{
    float s[BT_SPECTRUM_BINS], kept[BT_SPECTRUM_BINS], beyond[BT_SPECTRUM_BINS];
    CHECK_OK(bt_uplift_srgb(0.2, 0.6, 0.25, s));
    memcpy(kept, s, sizeof s);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        beyond[i] = 0.45f;
    for (int i = BT_SPECTRUM_VISIBLE_BINS; i < BT_SPECTRUM_BINS; i++)
        CHECK(s[i] == s[BT_SPECTRUM_VISIBLE_BINS - 1]);
    bt_uplift_infrared(s, beyond);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        if (i <= 64) CHECK(s[i] == kept[i]);
        if (i >= 84) CHECK_NEAR(s[i], 0.45, 1e-6);
    }
    CHECK(s[74] > kept[74] && s[74] < 0.45f);
}

int main(void)
{
    test_infrared();
    test_grid();
    test_bad_colours();
    test_colour_checker();
    return check_end();
}
