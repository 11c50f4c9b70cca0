// guard_test.c: a film wider than its picture: the picture is where it was, its border sees what lies
// beyond, its rows have the picture's times.
#include "tests/engine/render/render_fixture.h"

#include "engine/render/internal.h"

#define GUARD 8u
#define WIDTH 32u
#define HEIGHT 9u

// A lamp right of an edge that moves right across the picture in front of the dark, at 100 px/s.
static fx_scene make(void)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    fx_actor(&s, fx_quad(&s, lamp, (bt_vec3){0, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 9, 0}));
    fx_compile(&s);
    bt_pose from[2] = {BT_POSE_IDENTITY, BT_POSE_IDENTITY}, to[2];
    from[1].pos = (bt_vec3){10, 5.0, 0};
    to[0] = from[0];
    to[1] = from[1];
    to[1].pos.y -= 10.0;
    fx_place(&s, from, to, 300 * BT_NS_PER_MS, 700 * BT_NS_PER_MS);
    return s;
}

static bt_view view_of(uint32_t guard_px)
{
    bt_view v = fx_view(WIDTH, HEIGHT, 100.0);
    v.exposure_ns = 1e5;
    v.row_time_ns = 5e6; // half a pixel from row to row
    v.guard_px = guard_px;
    return v;
}

// Where the edge is in a row of a film, in columns of the picture.
static double edge_in(const bt_film *film, uint32_t row, uint32_t guard_px)
{
    double sum = 0.0;
    for (uint32_t x = 0; x < WIDTH; x++)
        sum += (double)film->rate_e_s[(size_t)row * film->width_px + x + guard_px] / FX_SPAN_NM;
    return WIDTH - 0.5 - sum;
}

static void test_place_and_time(void)
{
    fx_scene s = make();
    bt_view v = view_of(GUARD), bare = view_of(0);
    bt_render_settings settings = {.samples = 512};
    bt_film *film = fx_render(&s, &v, &settings, NULL),
            *narrow = fx_render(&s, &bare, &settings, NULL);
    CHECK(film->width_px == WIDTH + 2 * GUARD && film->height_px == HEIGHT + 2 * GUARD);
    for (uint32_t y = 0; y < film->height_px; y++) {
        int row = (int)y - (int)GUARD;
        row = row < 0 ? 0 : row >= (int)HEIGHT ? (int)HEIGHT - 1 : row;
        bool beyond = y < GUARD || y >= GUARD + HEIGHT;
        // the picture's middle is at column (WIDTH - 1) / 2; half of a pixel a row
        double want = 0.5 * (WIDTH - 1.0) + 0.5 * (row - 0.5 * (HEIGHT - 1.0));
        CHECK_NEAR(edge_in(film, y, GUARD), want, beyond ? 0.15 : 0.05);
        if (!beyond) CHECK_NEAR(edge_in(narrow, (uint32_t)row, 0), want, 0.05);
        // light beyond the right border, none beyond the left one
        CHECK_NEAR((double)film->rate_e_s[(size_t)y * film->width_px + film->width_px - 1],
                   FX_SPAN_NM, 0.05 * FX_SPAN_NM); // noise of 128 samples
        CHECK(film->rate_e_s[(size_t)y * film->width_px] < 1e-3f * (float)FX_SPAN_NM); // stars
        CHECK(film->samples[(size_t)y * film->width_px + 20] == (beyond ? 128u : 512u));
    }
    bt_film_destroy(film);
    bt_film_destroy(narrow);
    fx_end(&s);
}

// Ending early looks at the picture's pixels only.
static void test_early_end(void)
{
    fx_scene s = make();
    bt_view v = view_of(GUARD);
    v.filter_sigma_px = 0.5f;
    v.noise_e2[0][0] = 1.0f;
    bt_render_settings settings = {.samples = 256, .sensor_share = 1e-5f};
    bt_film *film = fx_render(&s, &v, &settings, NULL);
    uint32_t most = 0;
    for (uint32_t y = 0; y < film->height_px; y++)
        for (uint32_t x = 0; x < film->width_px; x++) {
            bool beyond = x < GUARD || y < GUARD || x >= GUARD + WIDTH || y >= GUARD + HEIGHT;
            uint32_t samples = film->samples[(size_t)y * film->width_px + x];
            if (beyond) CHECK(samples == 4);
            if (!beyond && samples > most) most = samples;
        }
    CHECK(most > 16);
    bt_film_destroy(film);
    fx_end(&s);
}

static void test_bad_guard(void)
{
    fx_scene s = make();
    bt_view v = view_of(6);
    bt_film *film = NULL;
    CHECK_OK(bt_film_create_view(&v, &film));
    bt_render_settings settings = {.samples = 4};
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "guard band of 6 px; expected a multiple of 4");
    bt_film_destroy(film);
    fx_end(&s);
}

int main(void)
{
    test_place_and_time();
    test_early_end();
    test_bad_guard();
    return check_end();
}
