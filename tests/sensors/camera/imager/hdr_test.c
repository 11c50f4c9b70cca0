// hdr_test.c: reads, their timing, fusion, companding, through whole cameras.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/render/view.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/imager/fuse.h"
#include "tests/support/check.h"

enum { SIDE = 128, PIXELS = SIDE * SIDE };
static const char *const roots[] = {"assets"};
static bt_camera_sheet sheet;
static uint16_t raw[2][PIXELS], reads[2][4][PIXELS];

static const char head[] =
    "local s = { name = 'hdr', array = { width_px = 128, height_px = 128, pixel_pitch_m = 3e-6, "
    "mosaic = 'MONO' }, lens = { fx_px = 100, f_number = 2 }, shutter = { auto = false, "
    "row_time_s = 1e-5, exposure_s = 1e-2 }, pixel = { full_well_e = 22000 }, "
    "readout = { bit_depth = 12, black_level_dn = 64 }, "
    "qe = { mono = { wavelength_nm = { 400, 700 }, value = { 0.5, 0.4 } } } }\n";
// OX03C10's four reads with the IMX490-like numbers of camera.md 2
static const char four[] =
    "s.small = { sensitivity = 0.1, full_well_e = 7900 }\n"
    "s.reads = { { name = 'hcg', conversion_e_dn = 0.8, read_noise_e = 0.83 },\n"
    "{ name = 'lcg', conversion_e_dn = 5.5, read_noise_e = 3.05 },\n"
    "{ name = 'spd', small = true, conversion_e_dn = 2, read_noise_e = 2.96 },\n"
    "{ name = 'vs', after = true, gap_rows = 3, exposure_ratio = 40, conversion_e_dn = 5.5, "
    "read_noise_e = 3.05 } }\n"
    "s.hdr = { bits = 20, output_bits = 16, black_dn = 64 }\n"
    "s.companding = { linear_dn = {0, 4096, 65536, 1048575}, code_dn = {0, 4096, 16384, 65535} }\n";

static bt_status try_sheet(const char *change)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s\nreturn s\n", head, change);
    CHECK_OK(bt_folder_make("build/hdr_test"));
    CHECK_OK(bt_file_write("build/hdr_test/sheet.lua", text, strlen(text)));
    return bt_camera_sheet_load("build/hdr_test/sheet.lua", roots, 1, &sheet);
}

static bt_camera *make(const char *change, uint32_t side)
{
    bt_camera *camera;
    CHECK_OK(try_sheet(change));
    bt_camera_desc desc = {.sheet = &sheet, .width_px = side, .height_px = side, .seed = 5};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    return camera;
}

// A film on which the large photodiode collects `rate` everywhere; planes as the view says.
static bt_film *even(const bt_view *view, double rate_e_s)
{
    bt_film *film;
    CHECK_OK(
        bt_film_create_planes(view->width_px, view->height_px, 1, bt_view_planes(view), &film));
    size_t stride = bt_film_plane_stride(film);
    for (uint32_t p = 0; p < film->plane_count; p++) {
        double gain =
            view->plane_count && view->planes[p].gain > 0.0f ? (double)view->planes[p].gain : 1.0;
        for (size_t i = 0; i < stride; i++)
            film->rate_e_s[p * stride + i] = (float)(gain * rate_e_s);
    }
    return film;
}

static bt_view view_of(const bt_camera *camera, bt_camera_state *state)
{
    bt_view view;
    bt_camera_state_init(camera, state);
    bt_camera_view(camera, state, BT_POSE_IDENTITY, &view);
    return view;
}

// Reads of one charge share a plane; the very short one follows after three rows; the row is open from
// the first start to the last end. Planes are what the renderer accepts: within the open time.
static void test_planes(void)
{
    bt_camera_state state;
    bt_camera *camera = make(four, SIDE);
    bt_view view = view_of(camera, &state);
    CHECK(view.plane_count == 3 && bt_camera_read_count(camera) == 4);
    CHECK_NEAR(view.exposure_ns, 1e7 + 3e4 + 2.5e5, 1.0);
    CHECK_NEAR(view.planes[0].offset_ns, 0.0, 0.5);
    CHECK_NEAR(view.planes[1].offset_ns, 0.0, 0.5);
    CHECK_NEAR(view.planes[1].gain, 0.1, 1e-6);
    CHECK_NEAR(view.planes[2].offset_ns, 1e7 + 3e4, 0.5);
    CHECK_NEAR(view.planes[2].exposure_ns, 2.5e5, 1e-3);
    // what the sampler may stop at: quietest read, fullest read, of each plane
    CHECK_NEAR(view.noise_e2[0][0], 0.83 * 0.83 + 0.8 * 0.8 / 12.0, 1e-4);
    CHECK_NEAR(view.full_e[0][0], 22000.0, 1.0);
    CHECK_NEAR(view.full_e[1][0], 7900.0, 0.5);
    CHECK_NEAR(view.noise_e2[2][0], 3.05 * 3.05 + 5.5 * 5.5 / 12.0, 1e-3);
    bt_camera_destroy(camera);

    // staggered: long, middle, short, one after the other; 8.3 of 1e-5 s are 8 rows
    camera = make(
        "s.reads = { {}, { after = true, exposure_ratio = 15.9 }, { after = true, gap_rows = 1, "
        "exposure_ratio = 120.5 } } s.hdr = { bits = 16, output_bits = 16 }",
        SIDE);
    view = view_of(camera, &state);
    CHECK(view.plane_count == 3);
    CHECK_NEAR(view.planes[1].offset_ns, 1e7, 0.5);
    CHECK_NEAR(view.planes[1].exposure_ns, 6.3e5, 1.0); // 62.9 rows are 63
    CHECK_NEAR(view.planes[2].offset_ns, 1e7 + 6.3e5 + 1e4, 1.0);
    CHECK_NEAR(view.planes[2].exposure_ns, 8e4, 1.0);
    CHECK_NEAR(view.exposure_ns, 1e7 + 6.3e5 + 1e4 + 8e4, 1.0);
    bt_camera_destroy(camera);

    // a small photodiode that must see 11 ms begins before the large one and ends with it
    camera =
        make("s.small = { sensitivity = 0.1, full_well_e = 7900 } s.reads = { {}, { small = true, "
             "exposure_min_s = 11e-3 } } s.hdr = { bits = 16, output_bits = 16 }",
             SIDE);
    view = view_of(camera, &state);
    CHECK_NEAR(view.planes[0].offset_ns, 1e6, 1.0);
    CHECK_NEAR(view.planes[1].exposure_ns, 1.1e7, 1.0);
    bt_camera_destroy(camera);
}

typedef struct pair_stats {
    double mean, variance, covariance_next;
} pair_stats;

// Two reads of the same charge: the shot noise is common, the read noise is not.
static void test_shared_charge(void)
{
    bt_camera_state state;
    bt_camera *camera = make(four, SIDE);
    bt_view view = view_of(camera, &state);
    bt_film *film = even(&view, 2000.0 / 1e-2);
    uint16_t *out[4];
    for (int k = 0; k < 4; k++)
        out[k] = reads[0][k];
    CHECK_OK(bt_camera_read_all(camera, &state, film, 1, NULL, NULL, out));
    static const double per_dn[4] = {0.8, 5.5, 2.0, 5.5}, want_e[4] = {2000, 2000, 200, 50};
    double mean[4] = {0}, cov[4][4] = {{0}};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < PIXELS; i++)
            mean[k] += (reads[0][k][i] - 64.0) * per_dn[k] / PIXELS;
    for (int k = 0; k < 4; k++)
        for (int j = 0; j < 4; j++)
            for (int i = 0; i < PIXELS; i++)
                cov[k][j] += ((reads[0][k][i] - 64.0) * per_dn[k] - mean[k]) *
                             ((reads[0][j][i] - 64.0) * per_dn[j] - mean[j]) / PIXELS;
    static const double noise[4] = {0.83, 3.05, 2.96, 3.05};
    for (int k = 0; k < 4; k++) {
        double variance = want_e[k] + noise[k] * noise[k] + per_dn[k] * per_dn[k] / 12.0;
        CHECK_NEAR(mean[k], want_e[k], 4.5 * sqrt(variance / PIXELS));
        CHECK_NEAR(cov[k][k], variance, 4.5 * variance * sqrt(2.0 / PIXELS));
    }
    CHECK_NEAR(cov[0][1], 2000.0, 4.5 * 2000.0 * sqrt(2.0 / PIXELS));
    CHECK_NEAR(cov[0][2], 0.0, 4.5 * sqrt(2000.0 * 212.0 / PIXELS));
    CHECK_NEAR(cov[1][3], 0.0, 4.5 * sqrt(2000.0 * 60.0 / PIXELS));
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

// Signal-to-noise of the linear picture in decibels, from two frames; and the mean.
static double snr_db(const bt_camera *camera, const bt_camera_state *state, const bt_film *film,
                     double *mean)
{
    for (int frame = 0; frame < 2; frame++)
        CHECK_OK(bt_camera_read(camera, state, film, (uint64_t)frame, NULL, raw[frame]));
    double sum = 0.0, square = 0.0;
    for (int i = 0; i < PIXELS; i++) {
        double a = bt_camera_linear(camera, raw[0][i]) - 64.0;
        double b = bt_camera_linear(camera, raw[1][i]) - 64.0;
        sum += 0.5 * (a + b) / PIXELS;
        square += 0.5 * (a - b) * (a - b) / PIXELS;
    }
    *mean = sum;
    return 20.0 * log10(sum / sqrt(square));
}

// Before and behind each hand-over signal-to-noise is that of one read, by the closed form: a
// saw-tooth. Rounding by companding counts: it is uniform over a step.
static void test_snr_dips(void)
{
    bt_camera_state state;
    bt_camera *camera = make(four, SIDE);
    bt_view view = view_of(camera, &state);
    // share of the light, electrons a count, noise of each read; shares of its range
    static const double share[4] = {1, 1, 0.1, 0.025}, per_dn[4] = {0.8, 5.5, 2, 5.5};
    static const double noise[4] = {0.83, 3.05, 2.96, 3.05};
    static const double range_e[4] = {4031 * 0.8, 22000, 7900, 22000};
    double before = 0.0;
    for (int k = 0; k < 4; k++) {
        // a tenth behind the last hand-over, and before the next: 5 % away, more than 4 sigma
        double ends[2] = {k ? 0.95 * range_e[k - 1] / share[k - 1] : 10.0,
                          0.75 * range_e[k] / share[k]};
        for (int end = 0; end < 2; end++) {
            bt_film *film = even(&view, ends[end] / 1e-2);
            double mean, got = snr_db(camera, &state, film, &mean);
            double e = ends[end] * share[k];
            double linear = ends[end] / 0.8 + 64.0;
            double step = linear < 4096    ? 1.0
                          : linear < 65536 ? 61440.0 / 12288.0
                                           : 983039.0 / 49151.0;
            double step_e = (step * step + 1.0) * 0.64 * share[k] * share[k];
            double want =
                20.0 *
                log10(e / sqrt(e + noise[k] * noise[k] + (per_dn[k] * per_dn[k] + step_e) / 12.0));
            printf("read %d at %8.0f e: %.2f dB, closed form %.2f\n", k, ends[end], got, want);
            CHECK_NEAR(mean, ends[end] / 0.8, 4e-3 * mean + 0.1);
            CHECK_NEAR(got, want, 0.2); // tolerance of the bench 1 dB; 16384 pixels know it to 0.1
            if (end == 0 && k > 1) CHECK(got < before - 0.5);
            before = got;
            bt_film_destroy(film);
        }
    }
    // highest light: all reads are full, and the code stays the same
    double mean;
    bt_film *film = even(&view, 1e9);
    snr_db(camera, &state, film, &mean);
    CHECK(memcmp(raw[0], raw[1], sizeof raw[0]) == 0);
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

// Every linear count comes back within half a code's width; every code exactly.
static void test_companding(void)
{
    CHECK_OK(try_sheet(four));
    const bt_sheet_curve *knees = &sheet.companding;
    double worst = 0.0;
    for (double linear = 0.0; linear < 1048575.0; linear += linear < 5000.0 ? 1.0 : 37.0) {
        double code = floor(bt_compand(knees, linear) + 0.5);
        worst = fmax(worst, fabs(bt_compand(knees, linear) - code));
        worst = fmax(worst,
                     fabs(bt_compand(knees, linear) - bt_compand(knees, bt_expand(knees, code))));
    }
    CHECK(worst <= 0.5 + 1e-9);
    for (double code = 0.0; code <= 65535.0; code++)
        CHECK(floor(bt_compand(knees, bt_expand(knees, code)) + 0.5) == code);
    CHECK_NEAR(bt_expand(knees, 4096.0), 4096.0, 0.0);
    CHECK_NEAR(bt_expand(knees, 16384.0), 65536.0, 1e-9);
}

// A lamp of which the large photodiode's exposure saw nothing and the small one's did.
static void test_flicker(void)
{
    static const char *const change[2] = {
        "s.small = { sensitivity = 0.02, full_well_e = 7900 } s.reads = { { read_noise_e = 2 }, { "
        "small = "
        "true, exposure_min_s = 11e-3, read_noise_e = 2 } } s.shutter.exposure_s = 1e-3 "
        "s.hdr = { bits = 16, output_bits = 16 }",
        "s.small = { sensitivity = 0.02, full_well_e = 7900 } s.reads = { { read_noise_e = 2 }, { "
        "small = "
        "true, exposure_min_s = 11e-3, read_noise_e = 2 } } s.shutter.exposure_s = 1e-3 "
        "s.hdr = { bits = 16, output_bits = 16, flicker_sigmas = 6 }"};
    for (int on = 0; on < 2; on++) {
        bt_camera_state state;
        bt_camera *camera = make(change[on], SIDE);
        bt_view view = view_of(camera, &state);
        bt_film *film = even(&view, 0.0);
        // 2000 e in the small photodiode: mean light that gives the large one 9091 e in its 1 ms
        for (int i = 0; i < PIXELS / 2; i++)
            film->rate_e_s[PIXELS + (size_t)i] = (float)(2000.0 / 11e-3);
        CHECK_OK(bt_camera_read(camera, &state, film, 0, NULL, raw[0]));
        double lit = 0.0, dark = 0.0;
        for (int i = 0; i < PIXELS / 2; i++) {
            lit += raw[0][i] / (PIXELS / 2.0);
            dark += raw[0][PIXELS / 2 + i] / (PIXELS / 2.0);
        }
        double count_e = 22000.0 / 4031.0;
        double want = on ? 2000.0 / 0.02 / 11.0 / count_e : 0.0;
        CHECK_NEAR(lit, want, 2.0);
        CHECK_NEAR(dark, 0.0, 1.0);
        bt_film_destroy(film);
        bt_camera_destroy(camera);
    }
}

// A sheet with one read gives what a sheet without gives; any number of threads the same bytes, also
// with all models on.
static void test_same(void)
{
    bt_camera_state state;
    bt_camera *plain = make("s.readout.read_noise_e = 3", SIDE);
    bt_view view = view_of(plain, &state);
    bt_film *film = even(&view, 1e5);
    CHECK_OK(bt_camera_read(plain, &state, film, 3, NULL, raw[0]));
    bt_camera_destroy(plain);
    bt_camera *one = make("s.readout.read_noise_e = 3; s.reads = { { name = 'only' } }", SIDE);
    view = view_of(one, &state);
    CHECK_OK(bt_camera_read(one, &state, film, 3, NULL, raw[1]));
    CHECK(memcmp(raw[0], raw[1], sizeof raw[0]) == 0);
    bt_camera_destroy(one);
    bt_film_destroy(film);

    char all[3000];
    snprintf(
        all, sizeof all,
        "%ss.pixel = { full_well_e = 22000, bloom = 0.7, prnu = 0.01, prnu_row = 0.01, "
        "rts_fraction "
        "= 0.1, rts_amplitude_e = 20, dark_current_e_s = 100, eclipse_e_s = 1e8, soft_well = 0.9 } "
        "s.readout = { bit_depth = 12, black_level_dn = 64, dnl_dn = 0.2, black_pixels = 100, "
        "black_rows = true, column_noise_e = 1, row_noise_e = 1, inl = { range = {0, 0.5, 1}, "
        "value_dn = {0, 3, 0} } }",
        four);
    bt_camera *camera = make(all, SIDE);
    view = view_of(camera, &state);
    film = even(&view, 1e4);
    for (uint32_t p = 0; p < 3; p++)
        for (uint32_t i = 0; i < 9; i++)
            film->rate_e_s[p * PIXELS + 4000 + SIDE * (size_t)i] = 3e7f;
    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(3, &jobs));
    CHECK_OK(bt_camera_read(camera, &state, film, 3, NULL, raw[0]));
    CHECK_OK(bt_camera_read(camera, &state, film, 3, jobs, raw[1]));
    CHECK(memcmp(raw[0], raw[1], sizeof raw[0]) == 0);
    bt_jobs_destroy(jobs);
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

// The small photodiode is dimmer in the corner and under its filters as the sheet says.
static void test_small(void)
{
    char text[3000];
    snprintf(text, sizeof text, "%ss.small.corner = 0.6; s.small.mono = 0.8", four);
    bt_camera_state state;
    bt_camera *camera = make(text, SIDE);
    bt_view view = view_of(camera, &state);
    bt_film *film = even(&view, 30000.0 / 1e-2);
    uint16_t *out[4] = {NULL, NULL, reads[0][2], NULL};
    CHECK_OK(bt_camera_read_all(camera, &state, film, 1, NULL, raw[0], out));
    double sums[2] = {0}, wants[2] = {0};
    for (int i = 0; i < PIXELS; i++) {
        double u = (i % SIDE + 0.5) / (SIDE / 2) - 1.0, v = (i / SIDE + 0.5) / (SIDE / 2) - 1.0;
        double r2 = 0.5 * (u * u + v * v);
        int outside = r2 > 0.5;
        sums[outside] += 2.0 * (reads[0][2][i] - 64.0);
        wants[outside] += 3000.0 * 0.8 * (1.0 - 0.4 * r2);
    }
    for (int i = 0; i < 2; i++)
        CHECK_NEAR(sums[i] / wants[i], 1.0, 4.5 / sqrt(wants[i]));
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

// The same scene binned 2 x 2: counts of every read as before.
static void test_binned(void)
{
    double means[2][4];
    for (int half = 0; half < 2; half++) {
        bt_camera_state state;
        bt_camera *camera = make(four, half ? SIDE / 2 : SIDE);
        bt_view view = view_of(camera, &state);
        bt_film *film = even(&view, (half ? 4.0 : 1.0) * 2000.0 / 1e-2);
        uint16_t *out[4] = {reads[0][0], reads[0][1], reads[0][2], reads[0][3]};
        CHECK_OK(bt_camera_read_all(camera, &state, film, 1, NULL, NULL, out));
        int count = half ? PIXELS / 4 : PIXELS;
        for (int k = 0; k < 4; k++) {
            means[half][k] = 0.0;
            for (int i = 0; i < count; i++)
                means[half][k] += reads[0][k][i] / (double)count;
        }
        CHECK(half == 0 || fabs((double)view.full_e[1][0] - 4.0 * 7900.0) < 1.0);
        CHECK_NEAR(view.planes[2].exposure_ns, 2.5e5, 1e-3); // rows of the array
        bt_film_destroy(film);
        bt_camera_destroy(camera);
    }
    for (int k = 0; k < 4; k++)
        CHECK_NEAR(means[1][k], means[0][k], 3.0);
}

static double mean_of(const char *change, double rate_e_s, double seconds)
{
    bt_camera_state state;
    bt_camera *camera = make(change, SIDE);
    bt_view view = view_of(camera, &state);
    bt_film *film = even(&view, rate_e_s);
    double mean = 0.0;
    state.time_s = seconds;
    state.temperature_kelvin = 312.15;
    CHECK_OK(bt_camera_read(camera, &state, film, 1, NULL, raw[0]));
    for (int i = 0; i < PIXELS; i++)
        mean += raw[0][i] / (double)PIXELS;
    bt_film_destroy(film);
    bt_camera_destroy(camera);
    return mean;
}

// Dark current of 14 K above its temperature, four times 5000 e/s, in 10 ms: 200 e at 1 e a count. Without
// a clamp it is in the counts; with one it is not, but for what covered pixels have too much.
static void test_black_clamp(void)
{
    static const char dark[] =
        "s.pixel = { full_well_e = 22000, dark_current_e_s = 5000, dark_temperature_kelvin = "
        "298.15, "
        "dark_doubling_kelvin = 7 } s.readout.conversion_e_dn = 1 s.readout.black_level_dn = 400 "
        "s.readout.read_noise_e = 3 ";
    char text[1000];
    double error = 4.5 * sqrt(210.0 / PIXELS);
    CHECK_NEAR(mean_of(dark, 0.0, 0.0), 600.0, error);
    snprintf(text, sizeof text, "%s s.readout.black_pixels = 100000", dark);
    CHECK_NEAR(mean_of(text, 0.0, 0.0), 400.0, error + 4.5 * sqrt(209.0 / 1e5));
    snprintf(text, sizeof text, "%s s.readout.black_pixels = 100000; s.readout.black_dark = 1.2",
             dark);
    CHECK_NEAR(mean_of(text, 0.0, 0.0), 360.0, error + 4.5 * sqrt(250.0 / 1e5));
    // few covered pixels: the whole frame is off
    snprintf(text, sizeof text, "%s s.readout.black_pixels = 1", dark);
    double off = fabs(mean_of(text, 0.0, 0.0) - 400.0);
    CHECK(off > error && off < 4.5 * sqrt(209.0));
}

// Telegraph pixels go by the time of the frame, not by its number.
static void test_time(void)
{
    static const char jumps[] = "s.pixel = { full_well_e = 22000, rts_fraction = 0.5, "
                                "rts_amplitude_e = 100, rts_rate_hz = 5 } "
                                "s.readout.conversion_e_dn = 1 ";
    static uint16_t before[PIXELS];
    double mean = mean_of(jumps, 0.0, 3.0);
    memcpy(before, raw[0], sizeof before);
    CHECK_NEAR(mean, 64.0 + 0.25 * 100.0, 4.5 * 100.0 * sqrt(0.5 / PIXELS));
    mean_of(jumps, 0.0, 3.0);
    CHECK(memcmp(before, raw[0], sizeof before) == 0);
    int changed[2] = {0};
    for (int later = 0; later < 2; later++) {
        mean_of(jumps, 0.0, later ? 60.0 : 3.02);
        for (int i = 0; i < PIXELS; i++)
            changed[later] += before[i] != raw[0][i];
    }
    // of the jumping half: 2 d (1 - d) (1 - exp(-rate dt)); a jump below half a count is not seen
    CHECK_NEAR(changed[0], 0.5 * PIXELS * 0.5 * (1.0 - exp(-0.1)), 4.5 * sqrt(0.025 * PIXELS));
    CHECK_NEAR(changed[1], 0.5 * PIXELS * 0.5 * 0.995, 4.5 * sqrt(0.19 * PIXELS));
}

// Blooming, soft well, eclipse, non-linearity and digital gain reach the raw picture.
static void test_sheet_effects(void)
{
    static const char plain[] = "s.readout.conversion_e_dn = 10; ";
    char text[1000];
    CHECK_NEAR(mean_of(plain, 1e8, 0.0), 64.0 + 2200.0, 0.5);
    snprintf(text, sizeof text, "%s s.pixel.eclipse_e_s = 0.6e8", plain);
    CHECK_NEAR(mean_of(text, 1e8, 0.0), 64.0 + 2200.0 / 3.0, 0.5);
    snprintf(text, sizeof text, "%s s.pixel.soft_well = 0.5", plain);
    CHECK_NEAR(mean_of(text, 1.5e6, 0.0), 64.0 + 1100.0 * (2.0 - exp(-4.0 / 11.0)), 2.0);
    snprintf(text, sizeof text, "%s s.readout.digital_gain = 1.5", plain);
    CHECK_NEAR(mean_of(text, 1e6, 0.0), 64.0 + 1500.0, 2.0);
    snprintf(text, sizeof text, "%s s.readout.inl = { range = {0, 1}, value_dn = {8, 8} }", plain);
    CHECK_NEAR(mean_of(text, 1e6, 0.0), 64.0 + 1008.0, 2.0);
}

static void check_bad(const char *change, const char *complaint)
{
    CHECK(try_sheet(change) == BT_ERR_INPUT);
    if (!strstr(bt_error_message(), complaint)) printf("    %s\n", bt_error_message());
    CHECK_CONTAINS(bt_error_message(), complaint);
    CHECK(strchr(bt_error_message(), '\n') == NULL);
}

static void test_bad(void)
{
    check_bad("s.reads = {}", "expected 1 to 4 reads");
    check_bad("s.reads = { {}, {}, {}, {}, {} }", "expected 1 to 4 reads, got 5");
    check_bad("s.reads = { {}, { small = true } }", "small.sensitivity");
    check_bad("s.small = { sensitivity = 0.1 } s.reads = { {}, { small = true } }",
              "small.full_well_e");
    check_bad("s.reads = { { after = true } }", "is the first");
    check_bad("s.reads = { {}, { exposure_ratio = 5000 } }", "less than shutter.row_time_s");
    check_bad("s.reads = { {}, { exposure_min_s = 0.2, exposure_max_s = 0.1 } }",
              "is above exposure_max_s");
    check_bad("s.reads = { { name = 'a' }, { name = 'a' } }", "'a' is there twice");
    check_bad("s.reads = { { name = '../x' } }", "expected small letters");
    check_bad("s.reads = { { gain = 3 } }", "gain: unknown key");
    check_bad("s.reads = { {}, {} }", "companding is missing");
    check_bad("s.readout.conversion_e_dn = 100",
              "pixel.full_well_e 22000 fills 220 of 4031 counts");
    check_bad("s.hdr = { blend_low = 0.95 }", "hdr.blend_low 0.95 is above");
    check_bad("s.hdr = { bits = 12 } s.readout.bit_depth = 14", "hdr.bits 12 is below");
    check_bad("s.companding = { linear_dn = {0, 9, 5}, code_dn = {0, 5, 6} }", "ascending");
    check_bad("s.companding = { linear_dn = {0, 9, 15}, code_dn = {0, 6, 6} }", "ascending");
    check_bad("s.companding = { linear_dn = {0, 5000}, code_dn = {0, 5000} }",
              "hdr.output_bits 12 end at");
    check_bad("s.companding = { linear_dn = {5, 5000}, code_dn = {0, 500} }", "the first at 0, 0");
    check_bad("s.companding = { linear_dn = {0, 5.5}, code_dn = {0, 5} }", "whole counts");
    check_bad("s.readout.inl = { range = {0, 2}, value_dn = {0, 1} }", "inl.range");
    check_bad("s.pixel.bloom = 1.5", "pixel.bloom");
    check_bad("s.array.height_px = 0", "array.height_px");
}

int main(void)
{
    test_planes();
    test_shared_charge();
    test_snr_dips();
    test_companding();
    test_flicker();
    test_same();
    test_small();
    test_binned();
    test_black_clamp();
    test_time();
    test_sheet_effects();
    test_bad();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
