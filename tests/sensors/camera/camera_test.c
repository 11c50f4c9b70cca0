// camera_test.c: sheets from Lua, the camera made of them, whole frames.
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/optics/windshield_lua.h"

#include <jansson.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"
#include "tests/support/check.h"

static const char *const roots[] = {"assets"};
static bt_camera_sheet sheet;

static bt_camera *make(const char *name, uint32_t width, uint32_t height, uint64_t seed)
{
    bt_camera *camera = NULL;
    CHECK_OK(bt_camera_sheet_load(name, roots, 1, &sheet));
    sheet.numbers[BT_SHEET_SHADING].value = 0.0; // films here are even
    bt_camera_desc desc = {.sheet = &sheet, .width_px = width, .height_px = height, .seed = seed};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    return camera;
}

static bt_view view_of(const bt_camera *camera)
{
    bt_camera_state state;
    bt_view view;
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    return view;
}

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

static bt_film *even_film(const bt_view *view, double luminance_cd_m2)
{
    bt_film *film = bt_alloc(1, sizeof *film);
    size_t pixels = (size_t)view->width_px * view->height_px;
    *film = (bt_film){.width_px = view->width_px,
                      .height_px = view->height_px,
                      .band_count = view->band_count,
                      .plane_count = 1,
                      .rate_e_s = bt_alloc(pixels * view->band_count, sizeof(float))};
    float radiance[BT_SPECTRUM_BINS];
    memcpy(radiance, bt_illuminant_d65, sizeof radiance);
    CHECK(bt_spectrum_set_luminance(radiance, luminance_cd_m2));
    for (uint32_t band = 0; band < view->band_count; band++) {
        double rate = 0.0;
        for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
            rate += 5.0 * (double)view->response[band][bin] * (double)radiance[bin];
        for (size_t i = 0; i < pixels; i++)
            film->rate_e_s[i * view->band_count + band] = (float)rate;
    }
    return film;
}

static void free_film(bt_film *film)
{
    bt_free(film->rate_e_s);
    bt_free(film);
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

// ---- mosaics ------------------------------------------------------------------------------------
// Bands of the first 4 x 4 pixels, and what filters they are.
static void check_mosaic(const char *name, uint32_t band_count, const char *filters,
                         const char *tile)
{
    CHECK_OK(bt_sheet_set_mosaic(&sheet, name));
    CHECK(sheet.band_count == band_count);
    static const char letters[] = "RGBCYcM";
    for (uint32_t band = 0; band < band_count; band++)
        CHECK(letters[sheet.filters[band]] == filters[band]);
    for (uint32_t i = 0; i < 16; i++)
        CHECK(letters[sheet.filters[bt_sheet_band(&sheet, i % 4 + 4, i / 4 + 8)]] == tile[i]);
}

static void test_mosaics(void)
{
    check_mosaic("RGGB", 3, "RGB", "RGRGGBGBRGRGGBGB");
    CHECK(bt_sheet_is_bayer(&sheet));
    check_mosaic("GBRG", 3, "RGB", "GBGBRGRGGBGBRGRG");
    CHECK(bt_sheet_is_bayer(&sheet));
    check_mosaic("RCCB", 3, "RCB", "RCRCCBCBRCRCCBCB");
    check_mosaic("RCCC", 2, "RC", "RCRCCCCCRCRCCCCC");
    check_mosaic("RYYCy", 3, "RYc", "RYRYYcYcRYRYYcYc");
    CHECK(!bt_sheet_is_bayer(&sheet));
    check_mosaic("MONO", 1, "M", "MMMMMMMMMMMMMMMM");
    check_mosaic("RRGGRRGGGGBBGGBB", 3, "RGB", "RRGGRRGGGGBBGGBB"); // four of each colour together
    CHECK(!bt_sheet_is_bayer(&sheet));
    check_mosaic("RGCBGRBCCGRBBCGR", 4, "RGCB", "RGCBGRBCCGRBBCGR");
    check_mosaic("RGRB", 3, "RGB", "RGRGRBRBRGRGRBRB");
    CHECK(!bt_sheet_is_bayer(&sheet));
    static const char *const wrong[] = {"",     "R",       "RGG",   "RGGBB",           "rggb",
                                        "RGBW", "RGBCYCy", "RGGB ", "RGYBCCyRRRRRRRRR"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(bt_sheet_set_mosaic(&sheet, wrong[i]) == BT_ERR_INPUT);
}

// ---- sheets that are wrong ----------------------------------------------------------------------
static const char good_head[] = "local s = { name = 'x', array = { width_px = 64, height_px = 64, "
                                "pixel_pitch_m = 3e-6 }, lens = { fx_px = 60, f_number = 2 }, "
                                "pixel = { full_well_e = 1e4 }, qe = {} }\n"
                                "for _, b in ipairs { 'red', 'green', 'blue' } do s.qe[b] = "
                                "{ wavelength_nm = { 400, 700 }, value = { 0.5, 0.4 } } end\n";

static void check_sheet(const char *change, const char *complaint)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s\nreturn s\n", good_head, change);
    CHECK_OK(bt_folder_make("build/camera_test"));
    CHECK_OK(bt_file_write("build/camera_test/sheet.lua", text, strlen(text)));
    bt_status status = bt_camera_sheet_load("build/camera_test/sheet.lua", roots, 1, &sheet);
    bt_camera *camera = NULL;
    if (status == BT_OK) {
        bt_camera_desc desc = {.sheet = &sheet};
        status = bt_camera_create(&desc, NULL, &camera);
    }
    if (!complaint) {
        CHECK_OK(status);
    } else {
        CHECK(status == BT_ERR_INPUT);
        if (!strstr(bt_error_message(), complaint)) printf("    %s\n", bt_error_message());
        CHECK_CONTAINS(bt_error_message(), complaint);
        CHECK(strchr(bt_error_message(), '\n') == NULL);
    }
    bt_camera_destroy(camera);
}

// Each pixel reads the light of its own filter, and only that.
static void test_mosaic_read(void)
{
    static uint16_t raw[64 * 64];
    check_sheet("s.array.mosaic = 'RGCBGRBCCGRBBCGR'; s.qe.clear = s.qe.red", NULL);
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
    check_sheet("s.lens.point_spread = true; s.lens.zernike = { value = { "
                "{ noll = 4, axis_m = 3e-8, edge_m = 0 } } }; "
                "s.lens.scatter_share = 0.02; s.lens.ghosts = { value = { "
                "{ scale = -1, radius_m = 1e-5, share = 1e-6 } } }",
                NULL);
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

static void test_bad_sheets(void)
{
    check_sheet("s.lens.zernike = { value = { { noll = 3, axis_m = 0, edge_m = 0 } } }", "noll");
    check_sheet("s.lens.zernike = { value = { { noll = 4.5, axis_m = 0, edge_m = 0 } } }", "whole");
    check_sheet("s.lens.zernike = { value = { { noll = 5, axis_m = 0 } } }", "edge_m");
    check_sheet("s.lens.surfaces = { from = 'fitted' }", "surfaces.value: missing");
    check_sheet("s.lens.lateral_color = { wavelength_nm = { 500 }, value = { 0.2 } }",
                "lateral_color");
    check_sheet("s.dirt = { dust_cover = 0.1 }", "expected a windshield's sheet");
    check_sheet("s.lens.scatter_slope = 1.6", "lens.scatter_slope");
    check_sheet("s.lens.cx_px = -1", "cx_px: expected 0 to 63, a place on the array, or nothing");
    check_sheet("s.lens.cy_px = { value = 64, from = 'measured' }", "cy_px: expected 0 to 63");
    check_sheet("s.lens.cx_px = 0", NULL);
    check_sheet("", NULL);
    check_sheet("s.array.mosaic = 'MONO'; s.qe = { mono = s.qe.red }", NULL);
    check_sheet("s.array.width_px = nil", "array.width_px: missing");
    check_sheet("s.array.width_px = 64.5", "array.width_px: expected a whole number");
    check_sheet("s.array.width_px = { value = 1e9, from = 'datasheet' }", "width_px.value");
    check_sheet("s.array.width_px = { from = 'datasheet' }", "width_px.value: missing");
    check_sheet("s.array.width_px = { value = 64, from = 'heaven' }", "'datasheet'");
    check_sheet("s.array.mosaic = 'RGXB'", "array.mosaic");
    check_sheet("s.lens.f_number = 0/0", "lens.f_number");
    check_sheet("s.lens.fx_px = nil", "fx_px or focal_length_m");
    check_sheet("s.lens.model = 'sphere'", "'kannala_brandt'");
    check_sheet("s.lens.coefficients = { value = { 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 } }",
                "at most 14");
    check_sheet("s.lens.coefficients = { value = { 0,0,0,0,0,0,0,0,0,0,0,0,0.1,-0.05 } }", NULL);
    check_sheet("s.lens.coefficients = { value = { 0,0,0,0,0,0,0,0,0,0,0,0,2,0 } }",
                "tilted by less than 1 rad");
    check_sheet("s.lens.model = 'f_theta'; s.lens.coefficients = { value = { 0, 60, -1 } }; "
                "s.lens.affine = { value = { 1.01, 1e-3, 2e-3 } }",
                NULL);
    check_sheet("s.lens.model = 'f_theta'", "k1 of f_theta is 0");
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 0, 0.016 } }",
                NULL);
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 0, -1 } }",
                "j1 of f_theta is -1 radians a pixel");
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 1, 0.016 } }",
                "j0 = 0");
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 0, 0.016 } }; "
                "s.lens.coefficients = { value = { 0, 60 } }",
                "either this or coefficients");
    check_sheet("s.lens.pixeldist_to_angle = { value = { 0, 0.016 } }", "unknown key");
    check_sheet("s.lens.model = 'f_theta'; s.lens.coefficients = { value = { 3, 60 } }", "k0 = 0");
    check_sheet("s.lens.model = 'f_theta'; s.lens.coefficients = { value = { 0, 60 } }; "
                "s.lens.affine = { value = { 0, 0, 0 } }",
                "determinant");
    check_sheet("s.lens.focus_m = 1e-4", "lens.focus_m 0.0001");
    check_sheet("s.lens.focus_m = 20 s.lens.focus_shift_m = 5e-6",
                "lens.focus_m 20 and lens.focus_shift_m 5e-06");
    check_sheet("s.lens.blades = 2", "lens.blades 2");
    check_sheet("s.lens.coefficients = { value = { -9e3 } }", "bend the picture back");
    check_sheet("s.lens.focus = 3", "lens.focus: unknown key");
    check_sheet("s.qe.green = nil", "qe.green is missing");
    check_sheet("s.array.mosaic = 'RCCB'", "qe.green: unknown key");
    check_sheet("s.array.mosaic = 'RGCB'", "qe.clear is missing");
    check_sheet("s.qe.green.wavelength_nm = { 1200, 1300 }", "the light that is simulated");
    check_sheet("s.qe.green.wavelength_nm = { 200, 300 }", "the light that is simulated");
    check_sheet("s.qe.green.value = { 1 }", "as many numbers");
    check_sheet("s.qe.green.wavelength_nm = { 700, 400 }", "ascending");
    check_sheet("s.qe.green.value = { 2, 0 }", "qe.green.value");
    check_sheet("s.pixel = nil", "pixel: missing");
    check_sheet("s.readout = { bit_depth = 8, black_level_dn = 200 }", "black_level_dn");
    check_sheet("s.shutter = { exposure_min_s = 0.1, exposure_max_s = 0.01 }", "exposure_min_s");
    check_sheet("s.isp = { white_balance = { value = { 1, 2 } } }", "expected 3 numbers");
    check_sheet("s.isp = { white_balance = { value = { 1, 2, 0 } } }", "at least 0.1");
    check_sheet("s = 3", "expected a table");
    CHECK(bt_camera_sheet_load("cameras/none.lua", roots, 1, &sheet) != BT_OK);
    CHECK_CONTAINS(bt_error_message(), "none.lua");
}

static void test_mount(void)
{
    // looking 90 degrees left and 30 down: forward (camera z) is half down, the rest to the left
    bt_pose pose = bt_camera_mount(1.5, 0.2, 1.3, BT_PI / 2.0, BT_PI / 6.0, 0.0);
    bt_vec3 forward = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0));
    CHECK_NEAR(forward.x, 0.0, 1e-12);
    CHECK_NEAR(forward.y, sqrt(0.75), 1e-12);
    CHECK_NEAR(forward.z, -0.5, 1e-12);
    bt_vec3 right = bt_pose_dir(pose, bt_vec3_make(1.0, 0.0, 0.0));
    CHECK_NEAR(right.x, 1.0, 1e-12);
    CHECK_NEAR(pose.pos.z, 1.3, 0.0);
}

// Every camera of the shipped rigs has a mount that reads and a sheet that loads.
static void test_rigs(void)
{
    static const char *const rigs[] = {"rigs/front.lua", "rigs/surround.lua",
                                       "rigs/eight_cameras.lua"};
    static const size_t counts[] = {1, 5, 8};
    for (int i = 0; i < 3; i++) {
        bt_script *script;
        bt_script_desc desc = {.roots = roots, .root_count = 1};
        char path[512];
        CHECK_OK(bt_script_create(&desc, &script));
        CHECK_OK(bt_script_find_file(script, rigs[i], path, sizeof path));
        CHECK_OK(bt_script_run_file(script, path, 1));
        bt_table rig, camera, mount;
        bt_table_begin(&rig, bt_script_lua(script), -1, rigs[i], "");
        size_t count = 0;
        for (const char *name; (name = bt_table_key(&rig, count)) != NULL; count++) {
            bt_pose pose;
            CHECK(bt_table_open(&rig, name, &camera));
            bt_status status =
                bt_camera_sheet_load(bt_table_string(&camera, "sheet", NULL), roots, 1, &sheet);
            CHECK_OK(status);
            CHECK(bt_table_number(&camera, "rate_hz", BT_REQUIRED, 1.0, 100.0) == 10.0);
            const char *pane = bt_table_string(&camera, "windshield", "");
            bt_windshield windshield;
            if (pane[0]) CHECK_OK(bt_windshield_load(pane, roots, 1, &windshield));
            CHECK(bt_table_open(&camera, "mount", &mount));
            CHECK_OK(bt_camera_mount_read(&mount, &pose));
            CHECK(pose.pos.z > 0.3 && pose.pos.z < 2.0);
            CHECK_OK(bt_table_end(&camera));
        }
        CHECK(count == counts[i]);
        CHECK_OK(bt_table_end(&rig));
        bt_script_destroy(script);
    }
}

int main(void)
{
    test_rigs();
    test_front_view();
    test_size();
    test_frame();
    test_view_limits();
    test_binning();
    test_json();
    test_mosaics();
    test_mosaic_read();
    test_point_spread();
    test_bad_sheets();
    test_mount();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
