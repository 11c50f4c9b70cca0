// color.c: the sRGB encoding and its primaries. IEC 61966-2-1:1999.
#include "engine/image/color.h"

uint8_t bt_srgb_encode_u8(double linear)
{
    if (!(linear > 0.0)) return 0;
    if (linear >= 1.0) return 255;
    return (uint8_t)(255.0 * bt_srgb_encode(linear) + 0.5);
}

double bt_srgb_decode_u8(uint8_t encoded)
{
    return bt_srgb_decode((double)encoded / 255.0);
}

// From the chromaticities R (0.64, 0.33), G (0.30, 0.60), B (0.15, 0.06), white (0.3127, 0.3290),
// in exact fractions, rounded once; the test derives it again.
static const double xyz_from_rgb[3][3] = {
    {0.41239079926595951, 0.35758433938387796, 0.18048078840183429},
    {0.21263900587151036, 0.71516867876775592, 0.072192315360733714},
    {0.019330818715591849, 0.11919477979462599, 0.95053215224966059},
};
static const double rgb_from_xyz[3][3] = {
    {3.2409699419045213, -1.5373831775700935, -0.49861076029300327},
    {-0.96924363628087984, 1.8759675015077206, 0.041555057407175612},
    {0.055630079696993608, -0.20397695888897657, 1.0569715142428786},
};

static void multiply(const double m[3][3], const double in[3], double out[3])
{
    const double v[3] = {in[0], in[1], in[2]}; // in may be out
    for (int i = 0; i < 3; i++)
        out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
}

void bt_srgb_from_xyz(const double xyz[3], double linear_rgb[3])
{
    multiply(rgb_from_xyz, xyz, linear_rgb);
}

void bt_srgb_to_xyz(const double linear_rgb[3], double xyz[3])
{
    multiply(xyz_from_rgb, linear_rgb, xyz);
}
