// camera_test.c: the camera made of a sheet: its view, its size, whole frames.
#include "tests/sensors/camera/camera_fixture.h"

#include <jansson.h>

static void test_front_view(void)
{
    bt_camera *camera = make("cameras/front_1mp.lua", 0, 0, 1);
    bt_view view = view_of(camera);
    CHECK(view.width_px == 1280 && view.height_px == 960 && view.band_count == 3);
    CHECK_NEAR(view.lens.fx, 4.9e-3 / 3.75e-6, 1e-3);
    CHECK_NEAR(view.lens.cx, 639.5, 0.0);
    CHECK_NEAR(view.lens.cy, 479.5, 0.0);
    CHECK_NEAR(view.row_time_ns, 22220.0, 1e-6);
    CHECK(view.vignette[0] == 1.0f);
    for (int i = 1; i < BT_VIEW_VIGNETTE_BINS; i++)
        CHECK(view.vignette[i] < view.vignette[i - 1]);
    CHECK(view.theta_max_rad > 0.6f && view.theta_max_rad < 1.4f);
    CHECK(view.filter_sigma_px > 0.3f && view.filter_sigma_px < 0.6f);
    CHECK(sheet.numbers[BT_SHEET_WIDTH_PX].provenance.origin == BT_ORIGIN_DATASHEET);
    CHECK(sheet.numbers[BT_SHEET_F_NUMBER].provenance.origin == BT_ORIGIN_GUESSED);
    CHECK(sheet.numbers[BT_SHEET_FX_PX].provenance.origin == BT_ORIGIN_DEFAULT);
    bt_camera_destroy(camera);
}

// Half the size of a picture cropped to 640 x 400: same field across, rows read as fast per array
// row, four times the electrons per pixel, counts as before.
static void test_size(void)
{
    bt_camera *camera = make("cameras/front_1mp.lua", 0, 0, 1);
    bt_camera *half = make("cameras/front_1mp.lua", 640, 400, 1);
    bt_view a = view_of(camera), b = view_of(half);
    CHECK_NEAR(b.lens.fx, 0.5 * (double)a.lens.fx, 1e-4);
    // the same direction: centre of the array, and its left border
    CHECK_NEAR(b.lens.cx, 319.5, 1e-5);
    CHECK_NEAR(b.lens.cy, 199.5, 1e-5);
    CHECK_NEAR((-0.5 - (double)b.lens.cx) / (double)b.lens.fx,
               (-0.5 - (double)a.lens.cx) / (double)a.lens.fx, 1e-6);
    CHECK_NEAR(b.row_time_ns, 2.0 * a.row_time_ns, 1e-6);
    CHECK_NEAR((double)b.response[1][30] / (double)a.response[1][30], 4.0, 1e-5);
    // two pixels of one colour, one array pixel either side of the middle: variance 1 + 1/12
    double blur = 0.5 * bt_sheet_get(&sheet, BT_SHEET_BLUR_SIGMA_PX);
    CHECK_NEAR(b.filter_sigma_px, sqrt(blur * blur + (1.0 + 1.0 / 12.0) / 4.0), 1e-6);
    bt_camera_destroy(half);
    bt_camera_destroy(camera);

    // an off-centre principal point stays over the same place of the array
    bt_camera *fisheye = make("cameras/fisheye_190.lua", 0, 0, 1);
    bt_camera *third = make("cameras/fisheye_190.lua", 640, 512, 1);
    a = view_of(fisheye);
    b = view_of(third);
    CHECK(a.lens.kind == BT_LENS_FISHEYE);
    CHECK_NEAR(a.theta_max_rad, 95.0 * BT_RAD_PER_DEG, 1e-6);
    CHECK_NEAR(b.lens.cx, (960.5 + 0.5) / 3.0 - 0.5, 1e-4);
    CHECK_NEAR(b.lens.cy, (769.1 + 0.5) / 3.0 - 0.5, 1e-4);
    CHECK_NEAR(b.lens.fy, 512.4 / 3.0, 1e-4);
    bt_camera_destroy(third);
    bt_camera_destroy(fisheye);
}

// A sunlit grey wall: metered, read, developed: at the sheet's key, neutral, well exposed; same bytes for
// any number of threads, other bytes for another frame or specimen.
static void test_frame(void)
{
    bt_camera *camera = make("cameras/front_1mp.lua", 320, 200, 7);
    bt_view view = view_of(camera);
    bt_film *film = even_film(&view, 4000.0);
    bt_camera_state state;
    bt_camera_state_init(camera, &state);
    CHECK_OK(bt_camera_meter(camera, film, &state.exposure));
    printf("4000 cd/m2: %.3f ms, analog %.2f, digital %.2f\n", 1e3 * state.exposure.exposure_s,
           state.exposure.analog_gain, state.exposure.digital_gain);
    CHECK(state.exposure.exposure_s > 2e-5 && state.exposure.exposure_s < 1e-3);

    enum { PIXELS = 320 * 200 };
    static uint16_t raw[3][PIXELS];
    static uint8_t rgb[PIXELS * 3];
    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(3, &jobs));
    CHECK_OK(bt_camera_read(camera, &state, film, 4, NULL, raw[0]));
    CHECK_OK(bt_camera_read(camera, &state, film, 4, jobs, raw[1]));
    CHECK_OK(bt_camera_read(camera, &state, film, 5, jobs, raw[2]));
    CHECK(memcmp(raw[0], raw[1], sizeof raw[0]) == 0);
    CHECK(memcmp(raw[0], raw[2], sizeof raw[0]) != 0);
    CHECK_OK(bt_camera_develop(camera, &state, raw[0], jobs, rgb));
    double mean[3] = {0};
    for (int i = 0; i < PIXELS * 3; i++)
        mean[i % 3] += rgb[i] / (double)PIXELS;
    printf("grey wall: %.1f %.1f %.1f\n", mean[0], mean[1], mean[2]);
    // the sheet's key, 0.15, encodes to 108 of 255, contrast 0.3 takes it to 105; D65 on a camera
    // balanced for daylight on the ground is a little blue
    CHECK_NEAR(mean[1], 105.4, 6.0);
    CHECK_NEAR(mean[0], mean[1], 14.0);
    CHECK_NEAR(mean[2], mean[1], 14.0);
    CHECK(mean[2] > mean[0]);

    film->rate_e_s[3 * 777 + 1] = NAN;
    film->rate_e_s[3 * 777 + 0] = NAN;
    film->rate_e_s[3 * 777 + 2] = NAN;
    CHECK(bt_camera_read(camera, &state, film, 4, jobs, raw[1]) == BT_ERR_INTERNAL);
    CHECK_CONTAINS(bt_error_message(), "(137, 2)");
    film->width_px = 319;
    CHECK(bt_camera_read(camera, &state, film, 4, jobs, raw[1]) == BT_ERR_INPUT);
    bt_jobs_destroy(jobs);
    free_film(film);
    bt_camera_destroy(camera);
}

// What the view says of the sensor is what frames show: the noise of a pixel, the electrons above which
// more make no difference, the band that it reads.
enum { LIMITS_WIDTH = 320, LIMITS_PIXELS = LIMITS_WIDTH * 200 };

static void expose(const bt_camera *camera, const bt_view *view, double mean_e, uint64_t frame,
                   uint16_t *raw)
{
    bt_film *film = even_film(view, 0.0);
    bt_camera_state state;
    double rate = mean_e / (view->exposure_ns * 1e-9);
    bt_camera_state_init(camera, &state);
    for (int i = 0; i < LIMITS_PIXELS; i++) {
        int tile = (i / LIMITS_WIDTH & 3) * 4 + (i % LIMITS_WIDTH & 3);
        for (int band = 0; band < 3; band++) // those that are not read are full of light
            film->rate_e_s[i * 3 + band] =
                view->read_bands[tile] == 1 << band ? (float)rate : (float)(1e6 + 3.0 * rate);
    }
    CHECK_OK(bt_camera_read(camera, &state, film, frame, NULL, raw));
    free_film(film);
}

static void test_view_limits(void)
{
    static uint16_t raw[2][LIMITS_PIXELS];
    bt_camera *camera = make("cameras/front_1mp.lua", LIMITS_WIDTH, 200, 7);
    bt_view view = view_of(camera);
    double full_e = (double)view.full_e[0][0];
    double counts = exp2(bt_sheet_get(&sheet, BT_SHEET_BIT_DEPTH)) - 1.0 -
                    bt_sheet_get(&sheet, BT_SHEET_BLACK_LEVEL_DN);
    for (int level = 0; level < 2; level++) {
        // the less, still wide enough for rounding to be a noise of its own
        double mean_e = (level == 0 ? 0.01 : 0.5) * full_e, square = 0.0;
        for (int frame = 0; frame < 2; frame++)
            expose(camera, &view, mean_e, (uint64_t)frame, raw[frame]);
        // a row shifts as one, and the pattern is in both frames
        for (int i = 0; i + 2 < LIMITS_PIXELS; i += 4) {
            double pair = (raw[0][i] - raw[1][i]) - (raw[0][i + 2] - raw[1][i + 2]);
            square +=
                pair * pair / (4.0 * (LIMITS_PIXELS / 4.0)) * full_e * full_e / counts / counts;
        }
        double expected = mean_e + (double)view.noise_e2[0][0];
        printf("at %.0f e: noise %.1f e, expected %.1f e\n", mean_e, sqrt(square), sqrt(expected));
        CHECK_NEAR(square / expected, 1.0, 0.05); // of 16000 pairs: 4 sigma
    }
    expose(camera, &view, 1.1 * full_e, 3, raw[0]);
    expose(camera, &view, 1.3 * full_e, 3, raw[1]);
    CHECK(memcmp(raw[0], raw[1], sizeof raw[0]) == 0);
    bt_camera_destroy(camera);
}

// Binning keeps the metered exposure and the mean count, and lowers the noise by its root.
static void test_binning(void)
{
    bt_camera_state states[2];
    double means[2], deviations[2];
    for (int i = 0; i < 2; i++) {
        bt_camera *camera = make("cameras/front_1mp.lua", i ? 160 : 0, i ? 120 : 0, 7);
        bt_view view = view_of(camera);
        bt_film *film = even_film(&view, 2000.0);
        bt_camera_state_init(camera, &states[i]);
        CHECK_OK(bt_camera_meter(camera, film, &states[i].exposure));
        states[i].exposure.exposure_s = 2e-4;
        size_t count = (size_t)view.width_px * view.height_px;
        uint16_t *raw = bt_alloc(count, sizeof *raw);
        CHECK_OK(bt_camera_read(camera, &states[i], film, 0, NULL, raw));
        double sum = 0.0, squares = 0.0;
        int greens = 0;
        for (uint32_t y = 0; y < view.height_px; y += 2)
            for (uint32_t x = 0; x < view.width_px; x += 2, greens++) { // G of GRBG
                double dn = raw[(size_t)y * view.width_px + x];
                sum += dn;
                squares += dn * dn;
            }
        means[i] = sum / greens;
        deviations[i] = sqrt(squares / greens - means[i] * means[i]);
        bt_free(raw);
        free_film(film);
        bt_camera_destroy(camera);
    }
    printf("binned 8 x 8: mean %.2f and %.2f, deviation %.3f and %.3f DN\n", means[0], means[1],
           deviations[0], deviations[1]);
    CHECK_NEAR(means[1], means[0], 0.1);
    // quantisation (1/12 DN^2) does not shrink
    double want = sqrt((deviations[0] * deviations[0] - 1.0 / 12.0) / 64.0 + 1.0 / 12.0);
    CHECK_NEAR(deviations[1], want, 0.05 * want);
}

static void test_json(void)
{
    bt_camera *camera = make("cameras/fisheye_190.lua", 640, 512, 2);
    bt_camera_state state;
    bt_camera_state_init(camera, &state);
    char *text;
    CHECK_OK(bt_camera_sheet_json(&sheet, &text));
    json_t *root = json_loads(text, 0, NULL);
    CHECK(root != NULL);
    json_t *fx = json_object_get(json_object_get(root, "lens"), "fx_px");
    CHECK_NEAR(json_number_value(json_object_get(fx, "value")), 513.0, 0.0);
    CHECK(strcmp(json_string_value(json_object_get(fx, "from")), "measured") == 0);
    json_t *red = json_object_get(json_object_get(root, "qe"), "red");
    CHECK(json_array_size(json_object_get(red, "value")) == 65);
    json_decref(root);
    bt_free(text);

    CHECK_OK(bt_camera_json(camera, &state, &text));
    root = json_loads(text, 0, NULL);
    json_t *intrinsics = json_object_get(root, "intrinsics");
    CHECK_NEAR(json_number_value(json_object_get(intrinsics, "fx_px")), (double)(float)171.0, 0.0);
    CHECK(json_array_size(json_object_get(root, "not_modelled")) > 5);
    json_decref(root);
    bt_free(text);
    bt_camera_destroy(camera);
}

// Each pixel reads the light of its own filter, and only that.
static void test_mosaic_read(void)
{
    static uint16_t raw[64 * 64];
    CHECK_OK(
        load_changed("camera.lua", "s.array.mosaic = 'RGCBGRBCCGRBBCGR'; s.qe.clear = s.qe.red"));
    bt_camera_desc desc = {.sheet = &sheet};
    bt_camera *camera;
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    bt_view view = view_of(camera);
    bt_film *film = even_film(&view, 0.0);
    for (int i = 0; i < 64 * 64 * 4; i++)
        film->rate_e_s[i] = 1e6f * (float)(1 + i % 4);
    bt_camera_state state;
    bt_camera_state_init(camera, &state);
    CHECK_OK(bt_camera_read(camera, &state, film, 0, NULL, raw));
    double mean[16] = {0};
    for (int i = 0; i < 64 * 64; i++)
        mean[i / 64 % 4 * 4 + i % 4] += raw[i] / 256.0;
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t band = bt_sheet_band(&sheet, i % 4, i / 4);
        CHECK(view.read_bands[i] == 1 << band);
        // thousands of electrons in 1 ms, 1e4 of them 4095 counts
        CHECK_NEAR(mean[i], 409.5 * (1 + band), 4.5 * sqrt(1e3 * (1 + band) / 256.0) * 0.4095);
    }
    free_film(film);
    bt_camera_destroy(camera);
}

// Point spread from the sheet: a guard band that keeps the mosaic in step, even light that stays even,
// a picture of the camera's own size, and what clip.json says of it.
static void test_point_spread(void)
{
    CHECK_OK(load_changed("camera.lua", "s.lens.point_spread = true; s.lens.zernike = { value = { "
                                        "{ noll = 4, axis_m = 3e-8, edge_m = 0 } } }; "
                                        "s.lens.scatter_share = 0.02; s.lens.ghosts = { value = { "
                                        "{ scale = -1, radius_m = 1e-5, share = 1e-6 } } }"));
    bt_camera_desc desc = {.sheet = &sheet};
    bt_camera *camera;
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    bt_view view = view_of(camera);
    CHECK(view.width_px == 64 && view.guard_px >= 8 && view.guard_px % 4 == 0);
    CHECK(view.filter_sigma_px >= 0.3f && view.filter_sigma_px <= 0.62f);
    bt_film *film = NULL, *picture = NULL;
    CHECK_OK(
        bt_film_create_planes(bt_view_film_width(&view), bt_view_film_height(&view), 3, 1, &film));
    CHECK_OK(bt_film_create(view.width_px, view.height_px, 3, &picture));
    for (size_t i = 0; i < bt_film_plane_stride(film); i++)
        film->rate_e_s[i] = 1e6f;
    CHECK_OK(bt_camera_spread(camera, film, NULL, picture));
    for (uint32_t b = 0; b < 3; b++) // all but what the lens scatters in from beyond the film
        CHECK_NEAR((double)picture->rate_e_s[(32 * 64 + 32) * 3 + b] / 1e6, 1.0, 0.02);
    static uint16_t raw[2][64 * 64];
    bt_camera_state state;
    bt_camera_state_init(camera, &state);
    CHECK_OK(bt_camera_read(camera, &state, film, 0, NULL, raw[0]));
    CHECK_OK(bt_camera_read(camera, &state, picture, 0, NULL, raw[1]));
    CHECK(memcmp(raw[0], raw[1], sizeof raw[0]) == 0);
    char *text = NULL;
    CHECK_OK(bt_camera_json(camera, &state, &text));
    CHECK_CONTAINS(text, "pupil function");
    CHECK_CONTAINS(text, "\"ghosts\":1");
    CHECK(strstr(text, "\"lens ghosts\"") == NULL &&
          strstr(text, "\"pupil point spread\"") == NULL);
    CHECK_CONTAINS(text, "\"lateral colour\"");
    bt_free(text);
    bt_film_destroy(film);
    bt_film_destroy(picture);
    bt_camera_destroy(camera);
}

int main(void)
{
    test_front_view();
    test_size();
    test_frame();
    test_view_limits();
    test_binning();
    test_json();
    test_mosaic_read();
    test_point_spread();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
