// rgb_basis_test.c: the textures' basis is bounded, complete, smooth where colours are weak, and
// gives every colour back.
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/uplift.h"
#include "tests/support/check.h"

static void mix(const double rgb[3], float out[BT_SPECTRUM_BINS])
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        double sum = 0.0;
        for (int k = 0; k < 3; k++)
            sum += rgb[k] * (double)bt_rgb_basis[k][i];
        out[i] = (float)sum;
    }
}

static void color_under(const float *illuminant, const float reflectance[BT_SPECTRUM_BINS],
                        double rgb[3])
{
    double xyz[3];
    bt_spectrum_xyz_reflected(reflectance, illuminant, xyz);
    bt_srgb_linear_from_xyz(xyz, rgb);
}

static void test_complete(void)
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        double sum = 0.0;
        for (int k = 0; k < 3; k++) {
            CHECK(bt_rgb_basis[k][i] >= 0.0f && bt_rgb_basis[k][i] <= 1.0f);
            sum += (double)bt_rgb_basis[k][i];
        }
        CHECK_NEAR(sum, 1.0, 3e-7); // three roundings of float
    }
}

// Colours on a grid over all of sRGB, corners included.
static void test_colors(void)
{
    double worst = 0.0;
    for (int r = 0; r <= 8; r++)
        for (int g = 0; g <= 8; g++)
            for (int b = 0; b <= 8; b++) {
                double rgb[3] = {r / 8.0, g / 8.0, b / 8.0}, back[3];
                float reflectance[BT_SPECTRUM_BINS];
                mix(rgb, reflectance);
                color_under(bt_illuminant_d65, reflectance, back);
                for (int k = 0; k < 3; k++)
                    worst = fmax(worst, fabs(back[k] - rgb[k]));
            }
    printf("worst error of a linear channel: %.2g\n", worst);
    CHECK(worst < 1e-6); // eight digits are stored
}

// How far a texture's colour is from a plain material's of the same sRGB under another lamp: both
// are guesses of the spectrum. Printed as CIELAB distances; weak colours must agree.
static void test_beside_sigmoid(void)
{
    const double colors[][3] = {{0.5, 0.5, 0.5}, {0.45, 0.35, 0.25}, {0.3, 0.4, 0.25},
                                {0.6, 0.3, 0.2}, {0.2, 0.3, 0.6},    {0.8, 0.1, 0.1}};
    for (size_t c = 0; c < sizeof colors / sizeof *colors; c++) {
        const double *srgb = colors[c];
        double linear[3], a[3], b[3], lab_a[3], lab_b[3];
        float mixed[BT_SPECTRUM_BINS], sigmoid[BT_SPECTRUM_BINS];
        for (int k = 0; k < 3; k++)
            linear[k] = bt_srgb_decode(srgb[k]);
        mix(linear, mixed);
        CHECK_OK(bt_uplift_srgb(srgb[0], srgb[1], srgb[2], sigmoid));
        bt_spectrum_xyz_reflected(mixed, bt_illuminant_a, a);
        bt_spectrum_xyz_reflected(sigmoid, bt_illuminant_a, b);
        bt_lab_from_xyz(a, lab_a);
        bt_lab_from_xyz(b, lab_b);
        double distance = sqrt(pow(lab_a[0] - lab_b[0], 2.0) + pow(lab_a[1] - lab_b[1], 2.0) +
                               pow(lab_a[2] - lab_b[2], 2.0));
        printf("sRGB (%g %g %g): %.2f CIELAB from the sigmoid under illuminant A\n", srgb[0],
               srgb[1], srgb[2], distance);
        CHECK(c > 2 || distance < 3.0);
    }
}

int main(void)
{
    test_complete();
    test_colors();
    test_beside_sigmoid();
    return check_end();
}
