// eye_test.c: where samples look within their pixel: the filter, and lateral colour, whose shift is but a phase.
#include "engine/math/pose.h"
#include "tests/support/check.h"

#include "shaders/shared/eye.h"

#define SAMPLES 16384u
#define SIGMA_PX 0.4f

static float limits_nm[BT_WAVELENGTH_CELLS + 1];
static float color[BT_SPECTRUM_BINS];

// Wavelengths from 400 to 720 nm; magnification falls by 1e-3 over 100 nm and is 0 at 550.
static bt_eye eye_of(float sigma_px)
{
    for (uint i = 0; i <= BT_WAVELENGTH_CELLS; i++)
        limits_nm[i] = 400.0f + 2.5f * (float)i;
    for (uint i = 0; i < BT_SPECTRUM_BINS; i++)
        color[i] =
            1e-5f * (550.0f - (float)BT_SPECTRUM_MIN_NM - (float)BT_SPECTRUM_STEP_NM * (float)i);
    return (bt_eye){.limits_nm = limits_nm,
                    .color = color,
                    .color_on = 1u,
                    .filter_sigma_px = sigma_px,
                    .filter_radius_px = 3.0f * sigma_px,
                    .lens = {.cx = 640.0f, .cy = 480.0f}};
}

// Means over many samples of a pixel: of the weight of the k-th wavelength, and of it times exp(2 pi i f x), x along
// (c, s) from where the light of that wavelength is gathered.
typedef struct seen {
    double weight, re, im, most;
} seen;

static seen look(const bt_eye *eye, float x, float y, float u_wave, int k, double f, double angle)
{
    seen mean = {0};
    bt_wavelengths w = bt_wavelengths_sample(limits_nm, u_wave);
    double m = 1e-5 * (550.0 - (double)w.nm[k]), inward = m / (1.0 + m);
    double at_x = -inward * ((double)x - 640.0), at_y = -inward * ((double)y - 480.0);
    for (uint i = 0; i < SAMPLES; i++) {
        float4 u = bt_sampler_4d(bt_sampler_begin(3u, 5u, i, 14u, 17u), BT_SET_PIXEL);
        bt_eye_place place = bt_eye_place_sample(eye, x, y, w, u[0], u[1]);
        double along =
            ((double)place.x - at_x) * cos(angle) + ((double)place.y - at_y) * sin(angle);
        double weight = (double)place.weight[k] / SAMPLES;
        mean.weight += weight;
        mean.re += weight * cos(2.0 * BT_PI * f * along);
        mean.im += weight * sin(2.0 * BT_PI * f * along);
        mean.most = fmax(mean.most, (double)place.weight[k]);
    }
    return mean;
}

// Transform of the Gaussian cut off at 3 sigma: 0.989 of it lies within.
static double filter_mtf(double sigma, double f)
{
    double sum = 0.0, all = 0.0;
    for (int i = 0; i < 2000; i++) {
        double r = 3.0 * sigma * (i + 0.5) / 2000.0, mass = r * exp(-0.5 * r * r / (sigma * sigma));
        sum += mass * j0(2.0 * BT_PI * f * r);
        all += mass;
    }
    return sum / all;
}

// Up to the corner of a picture, where wavelengths lie a pixel apart: each is gathered about its own place with the
// filter's own sharpness, at the Nyquist frequency and beyond; no weight passes 4.
static void test_shift_is_a_phase(void)
{
    static const float places[][2] = {{640.0f, 480.0f}, {900.0f, 300.0f}, {1279.0f, 959.0f}};
    static const double frequencies[] = {0.1, 0.5, 0.8};
    bt_eye eye = eye_of(SIGMA_PX);
    double worst = 0.0;
    for (int p = 0; p < 3; p++)
        for (int k = 0; k < 4; k++)
            for (int f = 0; f < 3; f++) {
                seen s = look(&eye, places[p][0], places[p][1], 0.07f, k, frequencies[f], 0.6);
                CHECK_NEAR(s.weight, 1.0, 0.01);
                CHECK(s.most <= 4.0 + 1e-4);
                CHECK_NEAR(s.re, filter_mtf((double)SIGMA_PX, frequencies[f]), 0.01);
                CHECK_NEAR(s.im, 0.0, 0.01);
                worst = fmax(worst, fabs(s.re - filter_mtf((double)SIGMA_PX, frequencies[f])));
            }
    printf("transfer of the filter about its place, a pixel apart: %.4f off at worst\n", worst);
}

// On the axis nothing is shifted: every sample has weight 1.
static void test_axis(void)
{
    bt_eye eye = eye_of(SIGMA_PX);
    seen s = look(&eye, 640.0f, 480.0f, 0.3f, 2, 0.3, 0.0);
    CHECK_NEAR(s.most, 1.0, 1e-6);
}

// A box over the pixel is shifted, too.
static void test_box(void)
{
    bt_eye eye = eye_of(0.0f);
    for (int k = 0; k < 4; k++) {
        seen s = look(&eye, 1279.0f, 959.0f, 0.07f, k, 0.5, 0.0);
        CHECK_NEAR(s.weight, 1.0, 0.01);
        CHECK_NEAR(s.re, 2.0 / BT_PI, 0.01);
        CHECK_NEAR(s.im, 0.0, 0.01);
    }
}

int main(void)
{
    test_shift_is_a_phase();
    test_axis();
    test_box();
    return check_end();
}
