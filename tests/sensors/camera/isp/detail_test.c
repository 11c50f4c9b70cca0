// detail_test.c: what the developer makes of detail finer than its mosaic: false colour on a zone plate
// and on leaves finer than pixels, sharpness across slanted edges, rims of lamps; against Malvar, He,
// Cutler 2004, "High-quality linear interpolation for demosaicing of Bayer-patterned color images".
#include "sensors/camera/isp/isp.h"

#include <string.h>

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/math/pose.h"
#include "tests/sensors/camera/isp/isp_fixture.h"
#include "tests/support/check.h"

#define SIDE 192
#define PIXELS (SIDE * SIDE)
#define SIGMA_PX 0.456 // lens of 0.35 px and the pixel's own square: cameras/front_1mp.lua

static bt_isp plain_isp(void)
{
    static const uint8_t grbg[4] = {1, 0, 2, 1};
    return fixture_isp(SIDE, SIDE, grbg);
}

static void take_mosaic(const bt_isp *isp, const float *scene, float *mosaic)
{
    for (uint32_t i = 0; i < PIXELS; i++)
        mosaic[i] = scene[3 * i + bt_isp_band(isp, i % SIDE, i / SIDE)];
}

// ---- the paper's filters -------------------------------------------------------------------------
static float at(const float *m, int x, int y)
{
    x = x < 0 ? -x : x >= SIDE ? 2 * (SIDE - 1) - x : x;
    y = y < 0 ? -y : y >= SIDE ? 2 * (SIDE - 1) - y : y;
    return m[y * SIDE + x];
}

static void malvar(const bt_isp *isp, const float *m, float *rgb)
{
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++, rgb += 3) {
            float c = at(m, x, y), row = at(m, x - 1, y) + at(m, x + 1, y);
            float column = at(m, x, y - 1) + at(m, x, y + 1);
            float row2 = at(m, x - 2, y) + at(m, x + 2, y);
            float column2 = at(m, x, y - 2) + at(m, x, y + 2);
            float corners = at(m, x - 1, y - 1) + at(m, x + 1, y - 1) + at(m, x - 1, y + 1) +
                            at(m, x + 1, y + 1);
            uint32_t own = bt_isp_band(isp, (uint32_t)x, (uint32_t)y);
            uint32_t beside = bt_isp_band(isp, (uint32_t)x ^ 1u, (uint32_t)y);
            rgb[own] = c;
            if (own == 1) {
                rgb[beside] = (5 * c + 4 * row + 0.5f * column2 - row2 - corners) / 8;
                rgb[2 - beside] = (5 * c + 4 * column + 0.5f * row2 - column2 - corners) / 8;
            } else {
                rgb[1] = (4 * c + 2 * (row + column) - row2 - column2) / 8;
                rgb[2 - own] = (6 * c + 2 * corners - 1.5f * (row2 + column2)) / 8;
            }
        }
}

// Both developers' colours, false colour taken off, as a picture would have them.
typedef struct pair {
    float ours[PIXELS * 3], before[PIXELS * 3];
} pair;

static void calm(const bt_isp *isp, float *rgb)
{
    static float out[PIXELS * 3];
    for (uint32_t y = 0; y < SIDE; y++)
        bt_isp_calm(isp, rgb, y, out + 3 * SIDE * y);
    memcpy(rgb, out, sizeof out);
}

static void even(const bt_isp *isp, float *rgb)
{
    static float out[PIXELS * 3];
    for (uint32_t y = 0; y < SIDE; y++)
        bt_isp_texture(isp, rgb, y, out + 3 * SIDE * y);
    memcpy(rgb, out, sizeof out);
}

static void develop(const bt_isp *isp, const float *scene, pair *p)
{
    static float mosaic[PIXELS], work[PIXELS * 3];
    take_mosaic(isp, scene, mosaic);
    CHECK_OK(bt_isp_demosaic(isp, mosaic, NULL, work, p->ours));
    malvar(isp, mosaic, p->before);
    calm(isp, p->ours);
    even(isp, p->ours);
    calm(isp, p->before);
}

// ---- figures -------------------------------------------------------------------------------------
// Root of the mean squared error of red and blue less green, and of green.
typedef struct errors {
    double chroma, luma;
} errors;

static errors errors_of(const float *scene, const float *rgb)
{
    double chroma = 0.0, luma = 0.0;
    int count = 0;
    for (int y = 8; y < SIDE - 8; y++)
        for (int x = 8; x < SIDE - 8; x++, count++) {
            const float *want = scene + 3 * (y * SIDE + x), *got = rgb + 3 * (y * SIDE + x);
            for (int c = 0; c < 3; c += 2) {
                double d = (double)(got[c] - got[1]) - (double)(want[c] - want[1]);
                chroma += 0.5 * d * d;
            }
            luma += pow((double)(got[1] - want[1]), 2.0);
        }
    return (errors){sqrt(chroma / count), sqrt(luma / count)};
}

// Grey rings whose frequency grows to 0.5 cycles per pixel at the border, through the lens.
static void zone_plate(float *scene)
{
    for (int i = 0; i < PIXELS; i++) {
        double x = i % SIDE - 0.5 * (SIDE - 1), y = i / SIDE - 0.5 * (SIDE - 1);
        double r = sqrt(x * x + y * y), f = fmin(r / SIDE, 0.6);
        double mtf = exp(-2.0 * pow(BT_PI * SIGMA_PX * f, 2.0));
        float v = (float)(0.4 + 0.35 * mtf * cos(BT_PI * r * r / SIDE));
        scene[3 * i] = scene[3 * i + 1] = scene[3 * i + 2] = v;
    }
}

static double uniform(uint32_t i, uint32_t k)
{
    return bt_random_block(11, 3, i, k).v[0] * 0x1p-32;
}

// A crown: leaves of `side` thirds of a pixel, lit, shaded or not there, before something bright, through
// the lens.
static void crown(const double behind[3], uint32_t side, float *scene)
{
    static const double lit[3] = {0.25, 0.30, 0.16}, dark[3] = {0.03, 0.037, 0.022};
    enum { FINE = 3 };
    static float fine[SIDE * FINE][SIDE * FINE][3];
    for (uint32_t y = 0; y < SIDE * FINE; y++)
        for (uint32_t x = 0; x < SIDE * FINE; x++) {
            double u = uniform(y / side * SIDE * FINE + x / side, 0);
            double depth = 0.5 + 0.4 * sin(x * 0.05) * cos(y * 0.043);
            const double *c = u < 0.3 * depth ? lit : u < 0.3 + 0.5 * depth ? dark : behind;
            for (int k = 0; k < 3; k++)
                fine[y][x][k] = (float)c[k];
        }
    for (int i = 0; i < PIXELS; i++) {
        double sum[3] = {0}, all = 0.0;
        for (int k = 0; k < 81; k++) {
            int a = k % 9 - 4, b = k / 9 - 4;
            int x = i % SIDE * FINE + 1 + a, y = i / SIDE * FINE + 1 + b;
            if (x < 0 || y < 0 || x >= SIDE * FINE || y >= SIDE * FINE) continue;
            double w = exp(-0.5 * (a * a + b * b) / pow(SIGMA_PX * FINE, 2.0));
            all += w;
            for (int c = 0; c < 3; c++)
                sum[c] += w * (double)fine[y][x][c];
        }
        for (int c = 0; c < 3; c++)
            scene[3 * i + c] = (float)(sum[c] / all);
    }
}

static void leaves_before_sky(float *scene)
{
    static const double sky[3] = {0.45, 0.60, 0.85};
    crown(sky, 1, scene);
}

static void leaves_before_wall(float *scene)
{
    static const double wall[3] = {0.9, 0.8, 0.62};
    crown(wall, 4, scene);
}

static void test_false_color(const char *name, void (*draw)(float *), double chroma, double luma)
{
    static float scene[PIXELS * 3];
    static pair p;
    bt_isp isp = plain_isp();
    draw(scene);
    develop(&isp, scene, &p);
    errors ours = errors_of(scene, p.ours), before = errors_of(scene, p.before);
    printf("%s: error of colour %.4f (Malvar et al. %.4f), of luma %.4f (%.4f)\n", name,
           ours.chroma, before.chroma, ours.luma, before.luma);
    CHECK(ours.chroma < chroma * before.chroma);
    CHECK(ours.luma < luma * before.luma);
}

// ---- sharpness -----------------------------------------------------------------------------------
// MTF of luma at a frequency, of an edge x = x0 + slope y through the lens, by the derivative of the edge
// read at quarter pixels (ISO 12233), without the derivative's and bins' own fall.
static double mtf_at(const float *rgb, double slope, double frequency)
{
    enum { BINS = 128 };
    double sum[BINS] = {0}, count[BINS] = {0}, re = 0.0, im = 0.0, all = 0.0;
    for (int y = 16; y < SIDE - 16; y++)
        for (int x = 0; x < SIDE; x++) {
            double u = (x - (0.5 * SIDE + slope * (y - 0.5 * SIDE))) / sqrt(1.0 + slope * slope);
            int bin = (int)floor(u * 4.0) + BINS / 2;
            if (bin < 0 || bin >= BINS) continue;
            const float *c = rgb + 3 * (y * SIDE + x);
            sum[bin] += 0.2126 * (double)c[0] + 0.7152 * (double)c[1] + 0.0722 * (double)c[2];
            count[bin] += 1.0;
        }
    for (int i = 1; i < BINS; i++) {
        double step = sum[i] / count[i] - sum[i - 1] / count[i - 1];
        double angle = 2.0 * BT_PI * frequency * (i - BINS / 2) / 4.0;
        re += step * cos(angle);
        im += step * sin(angle);
        all += step;
    }
    return sqrt(re * re + im * im) / fabs(all);
}

static void edge(float *scene, double slope, double low, double high)
{
    for (int i = 0; i < PIXELS; i++) {
        int x = i % SIDE, y = i / SIDE;
        double u = (x - (0.5 * SIDE + slope * (y - 0.5 * SIDE))) / sqrt(1.0 + slope * slope);
        float v = (float)(low + (high - low) * 0.5 * erfc(-u / (SIGMA_PX * sqrt(2.0))));
        scene[3 * i] = scene[3 * i + 1] = scene[3 * i + 2] = v;
    }
}

static void test_sharpness(double slope)
{
    static float scene[PIXELS * 3];
    static pair p;
    bt_isp isp = plain_isp();
    edge(scene, slope, 0.15, 0.6);
    develop(&isp, scene, &p);
    for (int k = 1; k <= 4; k++) {
        double f = 0.1 * k, ours = mtf_at(p.ours, slope, f), before = mtf_at(p.before, slope, f);
        double want = mtf_at(scene, slope, f);
        printf(
            "slope %.2f, %.1f cycles per pixel: MTF %.3f, Malvar et al. %.3f, of the lens %.3f\n",
            slope, f, ours, before, want);
        CHECK(fabs(ours - want) < 0.01); // theirs adds up to a tenth and loses up to a third
    }
}

// ---- what must stay ------------------------------------------------------------------------------
// A red lamp of two pixels before the dark, and the two sides of an edge of colours, keep them.
static void test_kept(void)
{
    static float scene[PIXELS * 3], mosaic[PIXELS], work[PIXELS * 3], rgb[PIXELS * 3],
        before[PIXELS * 3];
    static const double red[3] = {0.7, 0.05, 0.03}, road[3] = {0.22, 0.22, 0.21};
    bt_isp isp = plain_isp();
    for (int i = 0; i < PIXELS; i++) {
        double x = i % SIDE, y = i / SIDE;
        double lamp = exp(-0.5 * (pow(x - 40.3, 2.0) + pow(y - 60.4, 2.0)) / 0.7);
        double side = 0.5 * erfc((x - 120.0 - 0.3 * (y - 96.0)) / (SIGMA_PX * sqrt(2.0) * 1.04));
        for (int c = 0; c < 3; c++)
            scene[3 * i + c] =
                (float)(0.02 * side + lamp * red[c] + (1.0 - side) * (y < 96 ? red[c] : road[c]));
    }
    take_mosaic(&isp, scene, mosaic);
    CHECK_OK(bt_isp_demosaic(&isp, mosaic, NULL, work, rgb));
    even(&isp, rgb);
    malvar(&isp, mosaic, before);
    calm(&isp, before);
    size_t at_lamp = 3 * (60 * SIDE + 40);
    const float *lamp = rgb + at_lamp, *was = before + at_lamp, *is = scene + at_lamp;
    printf("red lamp of two pixels, red and green: %.2f %.2f (Malvar et al. %.2f %.2f, light %.2f "
           "%.2f)\n",
           (double)lamp[0], (double)lamp[1], (double)was[0], (double)was[1], (double)is[0],
           (double)is[1]);
    CHECK(lamp[0] > 3.0f * lamp[1] && lamp[0] > 0.85f * was[0]);
    double worst = 0.0;
    for (int y = 70; y < 122; y++)
        for (int x = 90; x < 160; x++) {
            double away = fabs(x - 120.0 - 0.3 * (y - 96.0));
            if (away < 2.0 || (y > 93 && y < 99)) continue;
            for (int c = 0; c < 3; c++)
                worst = fmax(worst, fabs((double)(rgb[3 * (y * SIDE + x) + c] -
                                                  scene[3 * (y * SIDE + x) + c])));
        }
    printf("two pixels beside an edge of colours: %.3f off\n", worst);
    CHECK(worst < 0.03);
}

// A dark and a bright line of a pixel along a diagonal stay grey.
static void test_diagonal(double line, double ground)
{
    static float scene[PIXELS * 3], mosaic[PIXELS], work[PIXELS * 3], rgb[PIXELS * 3];
    bt_isp isp = plain_isp();
    double worst = 0.0;
    for (int i = 0; i < PIXELS; i++) {
        double away = (i % SIDE - i / SIDE - 0.4) / sqrt(2.0);
        double on = exp(-0.5 * pow(away / (SIGMA_PX + 0.1), 2.0));
        for (int c = 0; c < 3; c++)
            scene[3 * i + c] = (float)(ground + (line - ground) * on);
    }
    take_mosaic(&isp, scene, mosaic);
    CHECK_OK(bt_isp_demosaic(&isp, mosaic, NULL, work, rgb));
    calm(&isp, rgb);
    even(&isp, rgb);
    for (int y = 10; y < SIDE - 10; y++)
        for (int x = 10; x < SIDE - 10; x++) {
            const float *c = rgb + 3 * (y * SIDE + x);
            worst = fmax(worst,
                         (double)(fmaxf(c[0], fmaxf(c[1], c[2])) - fminf(c[0], fminf(c[1], c[2]))));
        }
    printf("line of %.2f on %.2f along a diagonal: colours %.3f apart\n", line, ground, worst);
    CHECK(worst < 0.08);
}

int main(void)
{
    test_false_color("zone plate", zone_plate, 0.4, 0.9);
    test_false_color("leaves of a third of a pixel before sky", leaves_before_sky, 0.85, 1.0);
    test_false_color("leaves of a pixel before a wall", leaves_before_wall, 0.6, 1.0);
    test_kept();
    test_diagonal(0.05, 0.6);
    test_diagonal(0.6, 0.05);
    test_sharpness(0.0875); // 5 degrees
    test_sharpness(0.7);
    return check_end();
}
