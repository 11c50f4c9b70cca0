// highlights_test.c: lights that fill the sensor: their colour through the clip, by the developer of
// cameras/front_1mp.lua. CIE 1976 u'v' and CIELAB by engine/spectrum/color.h.
#include <string.h>

#include "engine/core/memory.h"
#include "engine/spectrum/color.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

#define WIDTH 256
#define HEIGHT 64
#define PIXELS (WIDTH * HEIGHT)

static bt_isp front; // set once: a camera takes a while to make

static void make_front(void)
{
    static bt_camera_sheet sheet;
    const char *roots[] = {"assets"};
    bt_camera *camera = NULL;
    bt_camera_state state;
    CHECK_OK(bt_camera_sheet_load("cameras/front_1mp.lua", roots, 1, &sheet));
    bt_camera_desc desc = {.sheet = &sheet};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    if (!camera) return;
    bt_camera_state_init(camera, &state);
    front = bt_camera_isp(camera, &state);
    front.width_px = WIDTH;
    front.height_px = HEIGHT;
    front.dark = NULL; // the camera's, as are knees
    front.knees = NULL;
    bt_camera_destroy(camera);
}

static bt_isp front_isp(double digital_gain)
{
    bt_isp isp = front;
    isp.digital_gain = digital_gain;
    return isp;
}

// Counts of light whose white-balanced colour is known (height x width x 3).
static void expose(const bt_isp *isp, const float *light, uint16_t *counts)
{
    for (uint32_t i = 0; i < PIXELS; i++) {
        uint32_t band = bt_isp_band(isp, i % WIDTH, i / WIDTH);
        double share = fmin((double)light[3 * i + band] / isp->white_balance[band], 1.0);
        counts[i] =
            (uint16_t)(isp->black_level_dn + share * (isp->top_dn - isp->black_level_dn) + 0.5);
    }
}

// Linear light of a pixel of the picture.
static void seen(const uint8_t *rgb, uint32_t x, uint32_t y, double out[3])
{
    for (int c = 0; c < 3; c++)
        out[c] = bt_srgb_decode(rgb[3 * (y * WIDTH + x) + (uint32_t)c] / 255.0);
}

static void uv_of(const double rgb[3], double uv[2])
{
    double xyz[3];
    bt_xyz_from_srgb_linear(rgb, xyz);
    double all = xyz[0] + 15.0 * xyz[1] + 3.0 * xyz[2];
    uv[0] = 4.0 * xyz[0] / all;
    uv[1] = 9.0 * xyz[1] / all;
}

static double chroma_of(const double rgb[3])
{
    double xyz[3], lab[3];
    bt_xyz_from_srgb_linear(rgb, xyz);
    bt_lab_from_xyz(xyz, lab);
    return hypot(lab[1], lab[2]);
}

// Light that rises along a row from 1/16 to 32 of what fills green.
static double rise(uint32_t x)
{
    return exp2(-4.0 + 9.0 * x / (WIDTH - 1.0));
}

static void ramp(const double colour[3], float *light)
{
    for (uint32_t i = 0; i < PIXELS; i++)
        for (uint32_t c = 0; c < 3; c++)
            light[3 * i + c] = (float)(rise(i % WIDTH) * colour[c]);
}

// A white lamp stays white.
static void test_white(double gain)
{
    static float light[PIXELS * 3];
    static uint16_t counts[PIXELS];
    static uint8_t rgb[PIXELS * 3];
    bt_isp isp = front_isp(gain);
    const double white[3] = {1, 1, 1}, d65[3] = {1, 1, 1};
    double at_white[2], worst = 0.0, chroma = 0.0;
    uv_of(d65, at_white);
    ramp(white, light);
    expose(&isp, light, counts);
    CHECK_OK(bt_isp_develop(&isp, counts, NULL, rgb));
    for (uint32_t x = 8; x < WIDTH; x++) {
        double out[3], uv[2];
        seen(rgb, x, HEIGHT / 2, out);
        uv_of(out, uv);
        worst = fmax(worst, hypot(uv[0] - at_white[0], uv[1] - at_white[1]));
        chroma = fmax(chroma, chroma_of(out));
    }
    printf("white lamp, gain %.1f: u'v' %.4f off, CIELAB chroma %.2f at most\n", gain, worst,
           chroma);
    CHECK(worst < 0.004); // two steps of 8 bits in a dark grey
    CHECK(chroma < 1.5);
    CHECK(rgb[3 * (PIXELS / 2 + WIDTH - 1)] == 255);
}

// Of a pixel's u'v' from the line between a light's and white: along it, 1 the light, and across.
typedef struct place {
    double along, across;
} place;

static place place_of(const double rgb[3], const double light[2])
{
    const double d65[3] = {1, 1, 1};
    double white[2], uv[2];
    uv_of(d65, white);
    uv_of(rgb, uv);
    double lu = light[0] - white[0], lv = light[1] - white[1];
    double du = uv[0] - white[0], dv = uv[1] - white[1], length2 = lu * lu + lv * lv;
    return (place){(du * lu + dv * lv) / length2, fabs(du * lv - dv * lu) / sqrt(length2)};
}

// Distance from that line when each band is white where it is full, and each channel rolls off by itself.
static double across_of_clipping(const bt_isp *isp, const double colour[3], const double light[2])
{
    bt_isp one = *isp;
    one.width_px = 1;
    double worst = 0.0;
    for (uint32_t x = 64; x < WIDTH; x++) {
        float rgb[3];
        double out[3];
        for (int c = 0; c < 3; c++)
            rgb[c] = (float)fmin(rise(x) * colour[c], 1.0);
        bt_isp_color(&one, rgb);
        for (int c = 0; c < 3; c++)
            out[c] = bt_srgb_decode(bt_isp_tone(&one, (double)rgb[c], one.digital_gain));
        worst = fmax(worst, place_of(out, light).across);
    }
    return worst;
}

// Another light keeps its hue and fades into white: in u'v' mixtures with white lie on a line. Its
// colour never grows.
static void test_colour(const char *name, const double colour[3], double most)
{
    static float light[PIXELS * 3];
    static uint16_t counts[PIXELS];
    static uint8_t rgb[PIXELS * 3];
    bt_isp isp = front_isp(1.6);
    isp.contrast = 0.0; // an S curve of each channel colours anything
    double first[3], own[2], across = 0.0, more = 0.0, least = 1.0;
    ramp(colour, light);
    expose(&isp, light, counts);
    CHECK_OK(bt_isp_develop(&isp, counts, NULL, rgb));
    seen(rgb, 64, HEIGHT / 2, first);
    uv_of(first, own);
    for (uint32_t x = 64; x < WIDTH; x++) {
        double out[3];
        seen(rgb, x, HEIGHT / 2, out);
        place p = place_of(out, own);
        across = fmax(across, p.across);
        more = fmax(more, p.along - least);
        least = fmin(least, p.along);
    }
    printf("%s: u'v' %.4f off the line to white (clipping each: %.4f), colour grows by %.3f\n",
           name, across, across_of_clipping(&isp, colour, own), more);
    CHECK(across < most);
    CHECK(more < 0.05);
    CHECK_NEAR(least, 0.0, 0.01); // white at last
}

// Rims of full discs are as white as they are.
static void test_rims(void)
{
    static float light[PIXELS * 3];
    static uint16_t counts[PIXELS];
    static uint8_t rgb[PIXELS * 3];
    bt_isp isp = front_isp(1.6);
    double worst = 0.0;
    for (uint32_t i = 0; i < PIXELS; i++) {
        double x = i % WIDTH % 64 - 31.3, y = i / WIDTH - 30.6, level = 1.6 * (1 + i % WIDTH / 64);
        double inside = 0.5 * erfc((hypot(x, y) - 12.0) / (0.456 * sqrt(2.0)));
        for (uint32_t c = 0; c < 3; c++)
            light[3 * i + c] = (float)(0.03 + level * inside);
    }
    expose(&isp, light, counts);
    CHECK_OK(bt_isp_develop(&isp, counts, NULL, rgb));
    for (uint32_t i = 0; i < PIXELS; i++) {
        double out[3];
        seen(rgb, i % WIDTH, i / WIDTH, out);
        worst = fmax(worst, chroma_of(out));
    }
    printf("rims of white discs: CIELAB chroma %.2f at most\n", worst);
    CHECK(worst <
          20.0); // 16 of it beside the rim, in a dark grey; plain means of differences leave 56
}

int main(void)
{
    static const double amber[3] = {1.3, 1.0, 0.55}, warm[3] = {1.45, 1.0, 0.42},
                        fog[3] = {0.9, 1.0, 1.12}, red[3] = {1.3, 0.12, 0.08},
                        green[3] = {0.15, 1.0, 0.6};
    make_front();
    if (check_failed_count > 0) return check_end();
    test_white(1.0);
    test_white(2.5);
    test_colour("amber lamp", amber, 0.004); // steps of 8 bits
    test_colour("warm lamp", warm, 0.004);
    test_colour("bluish fog", fog, 0.004);
    test_colour("red lamp, outside sRGB", red, 0.02); // the least channel is cut at 0
    test_colour("green lamp, outside sRGB", green, 0.02);
    test_rims();
    return check_end();
}
