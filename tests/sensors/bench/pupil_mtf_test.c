// pupil_mtf_test.c: the closed form of the edges chart against a perfect lens's own, and against what the
// camera's point spread makes of a point.
#include "sensors/bench/pupil_mtf.h"

#include "sensors/bench/bench_internal.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/optics/kernel.h"
#include "tests/support/check.h"

#define SIZE 96u

static bench b;
static bt_bench_desc desc = {.seed = 3};

static void load(const char *name)
{
    static const char *const roots[] = {"assets", "tests/sensors/bench"};
    CHECK_OK(bt_camera_sheet_load(name, roots, 2, &b.sheet));
    b.truth = b.sheet;
    b.desc = &desc;
    b.width_px = b.height_px = SIZE;
}

// 2/pi (acos v - v sqrt(1 - v^2)) times the pixel.
static double perfect_mtf(double f, double per_cycle)
{
    double v = fmin(fabs(f) * per_cycle, 1.0),
           pixel = f != 0.0 ? sin(BT_PI * f) / (BT_PI * f) : 1.0;
    return 2.0 / BT_PI * (acos(v) - v * sqrt(1.0 - v * v)) * pixel;
}

static void test_perfect(void)
{
    load("mono.lua");
    bench_put_perfect_lens_on(&b, 600.0, 2.8);
    pupil_mtf m;
    pupil_mtf_init(&b.truth, 550.0, 47.5, 47.5, 0.0, &m);
    for (double f = 0.05; f < 0.5; f += 0.1) {
        CHECK_NEAR(pupil_mtf_at(&m, f, 0.0), perfect_mtf(f, 550e-9 * 2.8 / 4e-6), 2e-4);
    }
}

// Transform of a window that is flat within half of its reach and then falls by a cosine: a box's times a cosine lobe's.
static double window_transform(double reach, double f)
{
    double box = 1.5 * reach, lobe = 1.0 - reach * reach * f * f;
    double wide = f != 0.0 ? sin(BT_PI * box * f) / (BT_PI * f) : box;
    if (fabs(lobe) < 1e-9) return wide * 0.25 * BT_PI;
    return wide * cos(0.5 * BT_PI * reach * f) / lobe;
}

// A product of line spread and window: their transforms convolved. Where the window cuts diffraction's far light off,
// all that is left seems 0.5 % more, the lowest frequencies less.
static void test_window(void)
{
    load("mono.lua");
    bench_put_perfect_lens_on(&b, 600.0, 2.8);
    pupil_mtf m;
    pupil_mtf_init(&b.truth, 620.0, 47.5, 47.5, 0.0, &m);
    double per_cycle = 620e-9 * 2.8 / 4e-6, step = 2e-4;
    for (double reach = 12.0; reach < 21.0; reach += 8.0)
        for (double f = 0.0; f < 0.51; f += 0.0625) {
            double part = 0.0, all = 0.0;
            for (double u = -2.5; u < 2.5; u += step) {
                part += perfect_mtf(u, per_cycle) * window_transform(reach, f - u) * step;
                all += perfect_mtf(u, per_cycle) * window_transform(reach, u) * step;
            }
            double seen = pupil_mtf_windowed(&m, perfect_mtf(f, per_cycle), f, 0.0, reach);
            CHECK_NEAR(seen, part / all, 3e-4);
        }
}

// A thin lens's disc on the axis, f / (2 N) (1 / d - 1 / s) of the focal length; of a pinhole without distortion
// the same all over the picture.
static void test_disc(void)
{
    load("mono.lua");
    bench_spell_out_lens(&b);
    for (int i = 0; i < 8; i++)
        b.truth.lens_k[i] = 0.0f;
    b.truth.numbers[BT_SHEET_FOCUS_M].value = 2.0;
    double want = 600.0 * 600.0 * 4e-6 / (2.0 * 2.8) * (1.0 / 1.0 - 1.0 / 2.0);
    for (double x = 319.5; x > 0.0; x -= 300.0) {
        pupil_mtf m;
        pupil_mtf_init(&b.truth, 530.0, x, 100.0, 1.0, &m);
        CHECK_NEAR(m.disc_px[0][0], want, 1e-6);
        CHECK_NEAR(m.disc_px[1][1], want, 1e-6);
        CHECK_NEAR(m.disc_px[0][1], 0.0, 1e-6);
    }
}

// Transform of a spread point's picture along an angle.
static double point_mtf(const bt_film *film, uint32_t band, double f, double angle)
{
    double re = 0.0, im = 0.0, all = 0.0, middle = 0.5 * SIZE;
    for (uint32_t y = 0; y < SIZE; y++)
        for (uint32_t x = 0; x < SIZE; x++) {
            double light = bench_rate(film, band, x, y);
            double phase =
                2.0 * BT_PI * f * ((x - middle) * cos(angle) + (y - middle) * sin(angle));
            re += light * cos(phase);
            im += light * sin(phase);
            all += light;
        }
    return hypot(re, im) / all;
}

// The shipped lens with seven blades, aberrations and colours, on the axis and far off it.
static void test_camera(double x, double y, double nm)
{
    bt_camera *camera = NULL;
    bt_camera_state state;
    bt_view view;
    bt_film *film = NULL, *picture = NULL;
    load("cameras/front_glass.lua");
    bench_clean_lens(&b);
    bench_window(&b, x, y, SIZE, SIZE);
    nm = bench_nearest_bin_nm(nm);
    bench_filter(&b, nm);
    CHECK_OK(bench_camera(&b, &camera));
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    CHECK_OK(bt_film_create(bt_view_film_width(&view), bt_view_film_height(&view), view.band_count,
                            &film));
    CHECK_OK(bt_film_create(SIZE, SIZE, view.band_count, &picture));
    uint32_t at = view.guard_px + SIZE / 2;
    for (uint32_t band = 0; band < view.band_count; band++)
        film->rate_e_s[(at * film->width_px + at) * view.band_count + band] = 1e6f;
    CHECK_OK(bt_camera_spread(camera, film, NULL, picture));
    pupil_mtf m;
    pupil_mtf_init(&b.truth, nm, 0.5 * SIZE, 0.5 * SIZE, 0.0, &m);
    double worst = 0.0, sigma = (double)view.filter_sigma_px;
    for (double f = 0.05; f < 0.501; f += 0.05)
        for (int i = 0; i < 2; i++) {
            double angle = 0.087 + 0.5 * BT_PI * i;
            double seen = point_mtf(picture, 1, f, angle) * bt_kernel_filter_mtf(sigma, f);
            double want = pupil_mtf_at(&m, f, angle);
            worst = fmax(worst, fabs(seen - want));
        }
    printf("window at %g, %g, %.0f nm: %.4f off at worst\n", x, y, nm, worst);
    CHECK(worst < 0.005);
    bt_film_destroy(film);
    bt_film_destroy(picture);
    bt_camera_destroy(camera);
}

int main(void)
{
    test_perfect();
    test_window();
    test_disc();
    test_camera(592.0, 432.0, 530.0);
    test_camera(118.0, 86.0, 540.0);
    return check_end();
}
