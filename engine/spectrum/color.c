// color.c: sRGB, XYZ, CIELAB.
#include "engine/spectrum/color.h"

#include <math.h>

const double bt_white_d65_xyz[3] = {0.9504296893650056, 1.0, 1.088800547773008};

// Columns: the primaries (0.64, 0.33), (0.30, 0.60), (0.15, 0.06) of IEC 61966-2-1, scaled so that
// they sum to the white above (differs from the rounded matrix of the standard by 1e-4).
static const double xyz_from_rgb[3][3] = {
    {0.412408618, 0.357589611, 0.180431460},
    {0.212648194, 0.715179222, 0.072172584},
    {0.019331654, 0.119196537, 0.950272357},
};
static const double rgb_from_xyz[3][3] = {
    {3.240829910, -1.537316752, -0.498589217},
    {-0.969229347, 1.875939845, 0.041554445},
    {0.055645288, -0.204032724, 1.057260480},
};

static void multiply(const double m[3][3], const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2];
}

void bt_srgb_linear_from_xyz(const double xyz[3], double rgb[3])
{
    multiply(rgb_from_xyz, xyz, rgb);
}

void bt_xyz_from_srgb_linear(const double rgb[3], double xyz[3])
{
    multiply(xyz_from_rgb, rgb, xyz);
}

double bt_srgb_encode(double linear)
{
    double x = fabs(linear);
    double y = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1.0 / 2.4) - 0.055;
    return linear < 0.0 ? -y : y;
}

double bt_srgb_decode(double encoded)
{
    double y = fabs(encoded);
    double x = y <= 0.04045 ? y / 12.92 : pow((y + 0.055) / 1.055, 2.4);
    return encoded < 0.0 ? -x : x;
}

// CIE 015:2018: cube root, linear near black.
static double lab_curve(double t)
{
    const double delta = 6.0 / 29.0;
    return t > delta * delta * delta ? cbrt(t) : t / (3.0 * delta * delta) + 4.0 / 29.0;
}

void bt_lab_from_xyz(const double xyz[3], double lab[3])
{
    double x = lab_curve(xyz[0] / bt_white_d65_xyz[0]);
    double y = lab_curve(xyz[1] / bt_white_d65_xyz[1]);
    double z = lab_curve(xyz[2] / bt_white_d65_xyz[2]);
    lab[0] = 116.0 * y - 16.0;
    lab[1] = 500.0 * (x - y);
    lab[2] = 200.0 * (y - z);
}
