// flicker_test.c: a pulsed lamp through the renderer and a camera's exposures: each row of each plane sees
// the share of its own window in which the lamp is on, whichever way the rows are read.
#include "tests/engine/render/render_fixture.h"

#include "engine/core/file.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"

enum { WIDTH = 8, HEIGHT = 128, SAMPLES = 32 };
#define HZ 90.0
#define DUTY 0.3
#define PHASES 4000

static const char *const roots[] = {"assets"};
static bt_camera_sheet sheet;

// 2 ms, 11.2 ms on the small photodiode, 0.5 ms after them; 128 rows take 12.8 ms.
static bt_view view_of(const char *shutter)
{
    char text[2048];
    snprintf(
        text, sizeof text,
        "return { name = 'flicker', array = { width_px = 8, height_px = 128, pixel_pitch_m = 3e-6, "
        "mosaic = 'MONO' }, lens = { fx_px = 4000, f_number = 2, cos4 = false, blur_sigma_px = 0 "
        "}, "
        "shutter = { auto = false, row_time_s = 1e-4, exposure_s = 2e-3 %s }, "
        "pixel = { full_well_e = 20000 }, small = { sensitivity = 0.1, full_well_e = 8000 }, "
        "reads = { { name = 'long' }, { name = 'spd', small = true, exposure_min_s = 11.2e-3 }, "
        "{ name = 'vs', after = true, gap_rows = 2, exposure_ratio = 4 } }, "
        "hdr = { bits = 16, output_bits = 16 }, "
        "qe = { mono = { wavelength_nm = { 400, 700 }, value = { 0.5, 0.4 } } } }",
        shutter);
    bt_camera *camera;
    bt_camera_state state;
    bt_view view;
    CHECK_OK(bt_folder_make("build/flicker_test"));
    CHECK_OK(bt_file_write("build/flicker_test/sheet.lua", text, strlen(text)));
    CHECK_OK(bt_camera_sheet_load("build/flicker_test/sheet.lua", roots, 1, &sheet));
    bt_camera_desc desc = {.sheet = &sheet, .seed = 1};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    bt_camera_destroy(camera);
    view.filter_sigma_px = 0.0f; // rows on their own
    return view;
}

// Mean of each row of each plane, of a lamp that fills the view.
static void shoot(const bt_view *view, float hz, double rows[3][HEIGHT])
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(&s, 0.0),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(&s, 1.0),
                     .emission_scale = 1.0f,
                     .flicker_hz = hz,
                     .flicker_duty = (float)DUTY};
    uint32_t quad = fx_quad(&s, fx_material(&s, "lamp", m), (bt_vec3){0, -5, -5},
                            (bt_vec3){0, 10, 0}, (bt_vec3){0, 0, 10});
    fx_static(&s, quad, 0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){1, 0, 0}, (bt_vec3){0, 0, 0}));
    bt_film *film;
    bt_render_settings settings = {.samples = SAMPLES, .frame = 3};
    CHECK_OK(bt_film_create_planes(WIDTH, HEIGHT, 1, bt_view_planes(view), &film));
    CHECK_OK(bt_render_film(s.stage, view, bt_from_seconds(0.5), &settings, NULL, film));
    for (int i = 0; i < 3 * HEIGHT; i++) {
        double sum = 0.0;
        for (int x = 0; x < WIDTH; x++)
            sum += (double)film->rate_e_s[i * WIDTH + x];
        rows[i / HEIGHT][i % HEIGHT] = sum / WIDTH;
    }
    bt_film_destroy(film);
    fx_end(&s);
}

// Integral of the pulses, which begin at whole numbers of cycles, from 0 to `cycles`.
static double pulses(double cycles)
{
    double whole = floor(cycles);
    return whole * DUTY + fmin(cycles - whole, DUTY);
}

// The lamp's mean over a row's exposure, relative to its mean over all time.
static double closed_form(const bt_view *view, int plane, int row, double phase)
{
    double open_s = (bt_view_row_middle_ns(view, bt_from_seconds(0.5), row) -
                     0.5 * view->exposure_ns + view->planes[plane].offset_ns) *
                    1e-9;
    double length = view->planes[plane].exposure_ns * 1e-9 * HZ, begin = open_s * HZ + phase;
    return (pulses(begin + length) - pulses(begin)) / length / DUTY;
}

static double misfit(const bt_view *view, const double seen[3][HEIGHT], double phase)
{
    double square = 0.0;
    for (int plane = 0; plane < 3; plane++)
        for (int row = 0; row < HEIGHT; row++) {
            double d = seen[plane][row] - closed_form(view, plane, row, phase);
            square += d * d;
        }
    return sqrt(square / (3.0 * HEIGHT));
}

static void test_rows(const char *shutter, double row_ns)
{
    static double steady[3][HEIGHT], seen[3][HEIGHT];
    bt_view view = view_of(shutter);
    CHECK(view.plane_count == 3);
    CHECK_NEAR(view.row_time_ns, row_ns, 1e-6);
    shoot(&view, 0.0f, steady);
    shoot(&view, (float)HZ, seen);
    int dark[3] = {0};
    for (int i = 0; i < 3 * HEIGHT; i++) {
        double *at = &seen[i / HEIGHT][i % HEIGHT];
        *at /= steady[i / HEIGHT][i % HEIGHT];
        dark[i / HEIGHT] += *at < 1e-4;
    }
    CHECK_NEAR(steady[1][5] / steady[0][5], 0.1, 0.01);

    // the lamp's phase is its own: find it
    double best = HUGE_VAL, phase = 0.0;
    for (int i = 0; i < PHASES; i++) {
        double error = misfit(&view, (const double(*)[HEIGHT])seen, (double)i / PHASES);
        if (error < best) phase = (double)i / PHASES;
        best = fmin(best, error);
    }
    printf("row time %6.0f us: rms error %.3f of a mean of 1, dark rows %d %d %d of %d\n",
           row_ns * 1e-3, best, dark[0], dark[1], dark[2], HEIGHT);
    // 256 rays a row, a third or more of them each plane's: a share of one half is known to 0.05, of
    // pulses 1 / 0.3 high, and stratified
    CHECK(best < 0.1);
    int expected[3] = {0};
    for (int i = 0; i < 3 * HEIGHT; i++)
        expected[i / HEIGHT] += closed_form(&view, i / HEIGHT, i % HEIGHT, phase) == 0.0;
    // drop-out where t < (1 - d) / f = 7.8 ms: a window of 2 ms misses the pulse, 11.2 ms cannot
    CHECK(expected[1] == 0 && dark[1] == 0);
    for (int plane = 0; plane < 3; plane += 2)
        CHECK_NEAR(dark[plane], expected[plane], row_ns == 0.0 ? 0.0 : 3.0);
    if (row_ns != 0.0) CHECK(dark[0] > 40 && dark[2] > 60);
    // the other way round it does not fit
    if (row_ns == 0.0) return;
    view.row_time_ns = -view.row_time_ns;
    double wrong = HUGE_VAL;
    for (int i = 0; i < PHASES; i += 10)
        wrong = fmin(wrong, misfit(&view, (const double(*)[HEIGHT])seen, (double)i / PHASES));
    CHECK(wrong > 5.0 * best);
}

int main(void)
{
    test_rows("", 1e5);
    test_rows(", bottom_up = true", -1e5);
    test_rows(", global = true", 0.0);
    skies_clear();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
