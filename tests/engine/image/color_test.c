// color_test.c: the sRGB curve at its published points; the matrices from the primaries again.
#include "engine/image/color.h"

#include "tests/support/check.h"

static void test_curve(void)
{
    CHECK(bt_srgb_encode(0.0) == 0.0);
    CHECK_NEAR(bt_srgb_encode(1.0), 1.0, 1e-15);
    CHECK_NEAR(bt_srgb_encode(0.0031308), 0.040449936, 1e-12); // 12.92 x
    CHECK_NEAR(bt_srgb_encode(0.18), 0.46135612950044164, 1e-12);
    CHECK_NEAR(bt_srgb_encode(-0.18), -0.46135612950044164, 1e-12);
    CHECK(isnan(bt_srgb_encode(NAN)) && isnan(bt_srgb_decode(NAN)));
    // the standard's two pieces meet within 1e-7
    for (int i = 0; i <= 1000; i++) {
        double x = i / 1000.0;
        CHECK_NEAR(bt_srgb_decode(bt_srgb_encode(x)), x, 1e-7);
    }
    for (int i = 0; i < 256; i++) {
        CHECK(bt_srgb_encode_u8(bt_srgb_decode_u8((uint8_t)i)) == i);
    }
    CHECK(bt_srgb_encode_u8(-1.0) == 0 && bt_srgb_encode_u8(7.0) == 255);
    CHECK(bt_srgb_encode_u8(NAN) == 0 && bt_srgb_encode_u8(INFINITY) == 255);
}

static void check_chromaticity(const double rgb[3], double x, double y)
{
    double xyz[3];
    bt_srgb_to_xyz(rgb, xyz);
    double sum = xyz[0] + xyz[1] + xyz[2];
    CHECK_NEAR(xyz[0] / sum, x, 1e-15);
    CHECK_NEAR(xyz[1] / sum, y, 1e-15);
}

// Three primaries, the white and Y(white) = 1 fix all nine numbers.
static void test_matrix(void)
{
    check_chromaticity((const double[]){1, 0, 0}, 0.64, 0.33);
    check_chromaticity((const double[]){0, 1, 0}, 0.30, 0.60);
    check_chromaticity((const double[]){0, 0, 1}, 0.15, 0.06);
    check_chromaticity((const double[]){1, 1, 1}, 0.3127, 0.3290);
    double v[3] = {1, 1, 1};
    bt_srgb_to_xyz(v, v); // in place
    CHECK_NEAR(v[1], 1.0, 1e-15);
    bt_srgb_from_xyz(v, v);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(v[i], 1.0, 1e-14);
    double rgb[3] = {0.2, 0.7, -0.1}, xyz[3], back[3];
    bt_srgb_to_xyz(rgb, xyz);
    bt_srgb_from_xyz(xyz, back);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(back[i], rgb[i], 1e-14);
}

int main(void)
{
    test_curve();
    test_matrix();
    return check_end();
}
