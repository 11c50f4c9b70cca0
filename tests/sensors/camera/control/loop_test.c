// loop_test.c: automatic exposure and white balance over the counts of a camera that looks at walls;
// sweeps: the light that counts stand for is the same at all exposures and gains.
#include "sensors/camera/control/loop.h"

#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

#define WIDTH 160
#define HEIGHT 100
#define PIXELS (WIDTH * HEIGHT)

static const char *const roots[] = {"assets"};
static bt_camera_sheet sheet;
static uint16_t raw[PIXELS];

static bt_camera *make(const char *name)
{
    bt_camera *camera = NULL;
    CHECK_OK(bt_camera_sheet_load(name, roots, 1, &sheet));
    bt_camera_desc desc = {.sheet = &sheet, .width_px = WIDTH, .height_px = HEIGHT, .seed = 3};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    return camera;
}

// A wall in eight stripes of grey from 0.1 to 0.9 under a light, seen on all planes; luminance of its
// white. The last two stripes are `brighter` times as bright.
static void light_stripes(const bt_camera *camera, const float light[BT_SPECTRUM_BINS],
                          double luminance_cd_m2, double brighter, bt_film *film)
{
    bt_camera_state state;
    bt_view view;
    float radiance[BT_SPECTRUM_BINS];
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    memcpy(radiance, light, sizeof radiance);
    CHECK(bt_spectrum_set_luminance(radiance, luminance_cd_m2));
    for (uint32_t b = 0; b < 3; b++) {
        double rate = 0.0;
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            rate += 5.0 * (double)view.response[b][i] * (double)radiance[i];
        for (uint32_t i = 0; i < PIXELS; i++)
            for (uint32_t p = 0; p < film->plane_count; p++) {
                float gain = view.plane_count ? view.planes[p].gain : 1.0f;
                uint32_t stripe = i % WIDTH / 20;
                double grey = (0.1 + 0.8 * stripe / 7.0) * (stripe >= 6 ? brighter : 1.0);
                film->rate_e_s[3 * (p * PIXELS + i) + b] = gain * (float)(rate * grey);
            }
    }
}

static void light_film(const bt_camera *camera, const float light[BT_SPECTRUM_BINS],
                       double luminance_cd_m2, bt_film *film)
{
    light_stripes(camera, light, luminance_cd_m2, 1.0, film);
}

static bt_film *film_create(void)
{
    bt_film *film = NULL;
    CHECK_OK(bt_film_create(WIDTH, HEIGHT, 3, &film));
    return film;
}

static void take(const bt_camera *camera, bt_loop *loop, const bt_film *film, uint64_t frame)
{
    bt_camera_state state;
    bt_camera_state_init(camera, &state);
    state.exposure = loop->now;
    CHECK_OK(bt_camera_read(camera, &state, film, frame, NULL, raw));
    CHECK_OK(bt_loop_see(loop, camera, state.temperature_kelvin, raw));
}

static double total_of(const bt_loop *loop)
{
    return loop->now.exposure_s * loop->now.analog_gain * loop->now.digital_gain;
}

static bt_loop begin(const bt_camera *camera, const bt_film *film, const bt_exposure_plan *plan)
{
    bt_loop loop;
    bt_camera_exposure first;
    CHECK_OK(bt_camera_meter(camera, film, &first));
    bt_loop_begin(plan, camera, &first, &loop);
    return loop;
}

static const bt_exposure_plan plain = {.mode = BT_EXPOSURE_PLAN_AUTO,
                                       .delay_frames = 2,
                                       .damping = 0.5,
                                       .step_stops = 1.5,
                                       .hold_stops = 0.15,
                                       .white_balance = true};

// Steps of four stops both ways: nothing moves before the delay is over, then it goes there without
// turning back (by more than half of a bin of metering, a sixteenth of a stop) and is within a quarter of a stop after ten frames.
static void test_step(const bt_camera *camera, uint32_t delay, double factor)
{
    bt_film *film = film_create();
    bt_exposure_plan plan = plain;
    plan.delay_frames = delay;
    light_film(camera, bt_illuminant_d65, 2000.0, film);
    bt_loop loop = begin(camera, film, &plan);
    for (uint64_t k = 0; k < 12; k++)
        take(camera, &loop, film, k);
    double before = total_of(&loop), last = before;
    light_film(camera, bt_illuminant_d65, 2000.0 * factor, film);
    int settled = -1;
    for (uint64_t k = 12; k < 40; k++) { // frame 12 is the first that sees the new light
        take(camera, &loop, film, k);    // now: what frame k + 1 is taken with
        double now = total_of(&loop), stops = log2(now / before), left = log2(factor) + stops;
        if (k + 1 < 12 + delay) CHECK(now == before);
        if (k + 1 == 12 + delay) CHECK(fabs(stops) > 0.5);
        CHECK(factor > 1.0 ? now <= last * 1.03 : now >= last * 0.97); // no turning back
        if (fabs(left) < 0.25 && settled < 0) settled = (int)k - 12;
        if (settled >= 0) CHECK(fabs(left) < 0.25);
        last = now;
    }
    printf("delay %u, light times %g: settled after %d frames, off by %.3f stops\n", delay, factor,
           settled, log2(factor * last / before));
    CHECK(settled >= 0 && settled <= 10 + (int)delay);
    bt_film_destroy(film);
}

// Light that wavers by less than the hold moves nothing.
static void test_hold(const bt_camera *camera)
{
    bt_film *film = film_create();
    light_film(camera, bt_illuminant_d65, 2000.0, film);
    bt_loop loop = begin(camera, film, &plain);
    for (uint64_t k = 0; k < 12; k++)
        take(camera, &loop, film, k);
    double before = total_of(&loop);
    for (uint64_t k = 12; k < 30; k++) {
        light_film(camera, bt_illuminant_d65, k % 2 ? 1900.0 : 2100.0, film);
        take(camera, &loop, film, k);
        CHECK(total_of(&loop) == before);
    }
    bt_film_destroy(film);
}

// Time before gain, whole rows, whole periods of lamps, the product kept within its limits.
static void test_split(const bt_camera *camera)
{
    bt_exposure_plan plan = plain;
    bt_camera_exposure e;
    double row_s = bt_sheet_get(&sheet, BT_SHEET_ROW_TIME_S);
    for (double total = 3e-5; total < 0.079; total *= 1.13) {
        for (int lamps = 0; lamps < 2; lamps++) {
            plan.flicker_hz = lamps ? 100.0 : 0.0;
            bt_loop_split(&plan, camera, total, &e);
            double rows = e.exposure_s / row_s;
            CHECK_NEAR(rows, floor(rows + 0.5), 1e-9);
            CHECK_NEAR(e.exposure_s * e.analog_gain / total, 1.0,
                       1e-9 + (total < 1e-3 ? 0.5 : 0.03));
            if (lamps && e.exposure_s > 0.011) CHECK(false); // 15 ms at most: one period
            if (lamps && total > 0.0101) CHECK_NEAR(e.exposure_s, 0.01, row_s);
            if (!lamps && total < 0.0149) CHECK(e.analog_gain < 1.0 + row_s / e.exposure_s);
        }
    }
}

// From daylight to incandescent light: greys come out grey again, slowly and without overshoot.
static void test_white(const bt_camera *camera)
{
    bt_film *film = film_create();
    light_film(camera, bt_illuminant_d65, 2000.0, film);
    bt_loop loop = begin(camera, film, &plain);
    for (uint64_t k = 0; k < 30; k++)
        take(camera, &loop, film, k);
    const float *pixel = film->rate_e_s + 3 * 50;
    double red = log2((double)pixel[0] * loop.now.white_balance[0] /
                      ((double)pixel[1] * loop.now.white_balance[1]));
    printf("white: red off by %.3f stops under D65", red);
    CHECK(fabs(red) < 0.08); // lights are 24 steps apart
    light_film(camera, bt_illuminant_a, 300.0, film);
    double last = INFINITY;
    for (uint64_t k = 30; k < 80; k++) {
        take(camera, &loop, film, k);
        double off = fabs(log2((double)pixel[0] * loop.now.white_balance[0] /
                               ((double)pixel[1] * loop.now.white_balance[1])));
        CHECK(off < last + 0.02);
        last = off;
        for (int c = 0; c < 3; c++)
            CHECK(loop.now.white_balance[c] >= 1.0 - 1e-12);
    }
    printf(", by %.3f under A after 50 frames\n", last);
    CHECK(last < 0.08);
    bt_film_destroy(film);
}

// The same counts again give the same state: what a resumed run does.
static void test_again(const bt_camera *camera)
{
    bt_film *film = film_create();
    light_film(camera, bt_illuminant_d65, 500.0, film);
    bt_loop one = begin(camera, film, &plain), two = one;
    for (uint64_t k = 0; k < 15; k++) {
        light_film(camera, bt_illuminant_d65, 500.0 * (double)(1 + k % 5), film);
        take(camera, &one, film, k);
        CHECK_OK(bt_loop_see(&two, camera, bt_sheet_get(&sheet, BT_SHEET_TEMPERATURE_KELVIN), raw));
        CHECK(memcmp(&one.now, &two.now, sizeof one.now) == 0);
    }
    bt_film_destroy(film);
}

// Eight exposures and three gains of one wall: mean counts less black and dark current over gain and
// time agree within 0.5 % where nothing clips and signal is ten times noise. Standard error of the
// mean of 6250 pixels at 10 % noise: 0.13 %.
static void test_sweep(const bt_camera *camera)
{
    bt_exposure_plan plan = {.mode = BT_EXPOSURE_PLAN_SWEEP,
                             .exposure_count = 8,
                             .gain_count = 3,
                             .gains = {1.0, 2.0, 8.0},
                             .digital_gain = 1.0,
                             .instant = true};
    for (int i = 0; i < 8; i++)
        plan.exposures_s[i] = 45e-6 * exp2(0.5 * i);
    CHECK(bt_exposure_plan_frames_per_instant(&plan) == 24);
    bt_film *film = film_create();
    light_film(camera, bt_illuminant_d65, 3000.0, film);
    double least = INFINITY, most = 0.0, truth = (double)film->rate_e_s[3 * 90 + 1];
    int compared = 0;
    for (uint64_t k = 0; k < 24; k++) {
        bt_camera_state state;
        bt_camera_state_init(camera, &state);
        state.exposure = bt_exposure_plan_at(&plan, k);
        CHECK_OK(bt_camera_read(camera, &state, film, k, NULL, raw));
        double sum = 0.0, full_dn = 0.0;
        int count = 0;
        for (uint32_t y = 0; y < HEIGHT; y++) // stripe 4, greens
            for (uint32_t x = 80; x < 100; x++)
                if (bt_sheet_band(&sheet, x, y) == 1) {
                    sum += raw[y * WIDTH + x];
                    full_dn = fmax(full_dn, raw[y * WIDTH + x]);
                    count++;
                }
        double conversion_dn_e = state.exposure.analog_gain * (4095.0 - 168.0) / 24500.0 /
                                 (1280.0 / WIDTH * 1280.0 / WIDTH);
        double rate = (sum / count - 168.0) / (conversion_dn_e * state.exposure.exposure_s);
        if (full_dn > 4000.0 || sum / count - 168.0 < 100.0) continue;
        compared++;
        least = fmin(least, rate);
        most = fmax(most, rate);
    }
    printf("sweep: %d of 24 compared, light from %.4f to %.4f of the truth\n", compared,
           least / truth, most / truth);
    CHECK(compared >= 12);
    CHECK(most / least < 1.005);
    CHECK_NEAR(most / truth, 1.0, 0.005);
    bt_film_destroy(film);
}

// ---- a sensor of four reads: what its first read clips is metered by the others ----------------
// Electrons that the first read takes: 0.508 a count of one pixel, binned to the picture's size, from 64 on.
static double first_read_e(void)
{
    return 0.508 * (4095.0 - 64.0) * (1928.0 / WIDTH) * (1928.0 / WIDTH);
}

static bt_film *planes_create(const bt_camera *camera)
{
    bt_camera_state state;
    bt_view view;
    bt_film *film = NULL;
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    CHECK_OK(bt_film_create_planes(WIDTH, HEIGHT, 3, bt_view_planes(&view), &film));
    return film;
}

// Two stripes of eight lie beyond the first read's range, and within the fused signal's by far: the middle
// comes out at the key by the exposure alone, and the loop, which sees only counts, stays there.
static void test_fused(void)
{
    bt_camera *camera = make("cameras/ox03c10.lua");
    bt_film *film = planes_create(camera);
    light_stripes(camera, bt_illuminant_d65, 400.0, 30.0, film);
    bt_loop loop = begin(camera, film, &plain);
    double log_sum = 0.0, well_e = first_read_e(), key = bt_sheet_get(&sheet, BT_SHEET_KEY);
    for (uint32_t stripe = 0; stripe < 8; stripe++)
        log_sum += log((double)film->rate_e_s[3 * 20 * stripe + 1]) / 8.0;
    double level = exp(log_sum) * loop.now.exposure_s * loop.now.analog_gain / well_e;
    double brightest = (double)film->rate_e_s[3 * 159 + 1] * loop.now.exposure_s / well_e;
    printf("fused: middle at %.4f of a key of %.2f, brightest at %.2f of the first read\n", level,
           key, brightest);
    CHECK(brightest > 2.0);
    double row = bt_sheet_get(&sheet, BT_SHEET_ROW_TIME_S) / loop.now.exposure_s;
    CHECK_NEAR(level * loop.now.digital_gain / key, 1.0, 1e-3);
    CHECK(loop.now.digital_gain < 1.001 + row); // no more than whole rows ask for
    double before = total_of(&loop);
    for (uint64_t k = 0; k < 12; k++) {
        take(camera, &loop, film, k);
        const bt_camera_exposure *t = &loop.targets[k % (BT_EXPOSURE_PLAN_DELAY_MAX + 1)];
        double stops = log2(t->exposure_s * t->analog_gain * t->digital_gain / before);
        CHECK_NEAR(stops, 0.0, 0.07); // a bin of metering
    }
    CHECK(total_of(&loop) == before);
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

// Where the fused signal would clip too, the exposure gives way as it does for one read.
static void test_fused_highlights(void)
{
    bt_camera *camera = make("cameras/ox03c10.lua");
    bt_film *film = planes_create(camera);
    light_stripes(camera, bt_illuminant_d65, 40.0, 3000.0, film);
    bt_camera_exposure e;
    CHECK_OK(bt_camera_meter(camera, film, &e));
    double binned = (1928.0 / WIDTH) * (1928.0 / WIDTH), most = 0.0;
    for (uint32_t b = 0; b < 3; b++)
        most = fmax(most, (double)film->rate_e_s[3 * 159 + b]);
    // the knees end at 458496 counts of the first read; the very short one, at a 40th of the time but one
    // row at least, takes 4031 counts of 3.72 electrons
    double rows = e.exposure_s / bt_sheet_get(&sheet, BT_SHEET_ROW_TIME_S);
    double ratio = rows / fmax(1.0, floor(rows / 40.0 + 0.5));
    double end_e = fmin(0.508 * 458496.0, 3.72 * 4031.0 * ratio) * binned;
    double level = most * e.exposure_s * e.analog_gain / end_e;
    printf("fused: brightest at %.3f of the signal's end, %.0f rows, digital gain %.2f\n", level,
           rows, e.digital_gain);
    CHECK(level <= 0.9 * 1.001);
    CHECK(level > 0.9 * (1.0 - 1.0 / rows) / 1.0443); // whole rows, a bin of 1/16 stop
    CHECK(e.digital_gain > 1.0);
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

// Greys that all lie beyond the first read's range still tell the light.
static void test_fused_white(void)
{
    bt_camera *camera = make("cameras/ox03c10.lua");
    bt_film *film = planes_create(camera);
    light_film(camera, bt_illuminant_a, 300.0, film);
    bt_camera_exposure e;
    bt_loop loop;
    CHECK_OK(bt_camera_meter(camera, film, &e));
    e.exposure_s =
        1.5 * first_read_e() / (double)film->rate_e_s[1]; // of the darkest stripe's green
    e.analog_gain = 1.0;
    e.white_balance[0] = 0.0;
    bt_loop_begin(&plain, camera, &e, &loop);
    take(camera, &loop, film, 0);
    const float *pixel = film->rate_e_s;
    const double *gains = loop.targets[0].white_balance;
    double red = log2((double)pixel[0] * gains[0] / ((double)pixel[1] * gains[1]));
    printf("fused: red off by %.3f stops under A\n", red);
    CHECK(fabs(red) < 0.08);
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

int main(void)
{
    bt_camera *camera = make("cameras/front_1mp.lua");
    test_step(camera, 1, 16.0);
    test_step(camera, 2, 16.0);
    test_step(camera, 2, 1.0 / 16.0);
    test_step(camera, 4, 16.0);
    test_hold(camera);
    test_split(camera);
    test_white(camera);
    test_again(camera);
    test_sweep(camera);
    bt_camera_destroy(camera);
    test_fused();
    test_fused_highlights();
    test_fused_white();
    return check_end();
}
