// sweep_test.c: one instant of a rendered wall at eight exposures and three gains, by day and by a lamp at
// night: counts less black over gain and exposure are the same light in all frames, within 0.5 %, where
// nothing is clipped. The bench's row "exposure sweep" in small: tests/bench/exposure_sweep.sh is the whole.
//
// Errors: each frame's shot, read, row and rounding noise and its pixels' offsets, summed over the
// blocks it is judged by, are known; the renderer's are the same in all frames, for nothing moves and the
// paths are the same (how far films of different exposures are apart is printed and bounded).
#include "tests/engine/render/render_fixture.h"

#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"

enum { WIDTH = 96, HEIGHT = 72, EXPOSURES = 8, GAINS = 3, FRAMES = EXPOSURES * GAINS };
enum { BLOCK = 12, BLOCKS = WIDTH / BLOCK * (HEIGHT / BLOCK) * 4 }; // each colour plane its own
#define LIMIT 0.005
#define BLACK_DN 168.0
#define TOP_DN 4095.0

static const char *const roots[] = {"assets"};
static const double gains[GAINS] = {1.0, 2.0, 8.0};
static bt_camera_sheet sheet;

typedef struct frame {
    double unit;         // exposure times gain
    double sum[BLOCKS];  // counts above black
    double want[BLOCKS]; // ... of the film
    double most[BLOCKS]; // of the brightest pixel, with 5 sigmas of its noise
    double variance[BLOCKS];
    double row_dn; // noise that the pixels of a row share
} frame;

// A grey wall in stripes over a road; at night under a panel of 1 m^2.
static void build(fx_scene *s, bool night)
{
    fx_begin(s);
    s->weather.sun_elevation_rad = night ? -0.6 : 0.7;
    for (int i = 0; i < 6; i++) {
        char name[24];
        snprintf(name, sizeof name, "grey %d", i);
        uint32_t grey = fx_plain(s, name, BT_MATERIAL_DIFFUSE, 0.05 * pow(16.0, i / 5.0), 1.0f);
        uint32_t stripe = fx_quad(s, grey, (bt_vec3){10, 4.5 - 1.5 * i, 0}, (bt_vec3){0, -1.5, 0},
                                  (bt_vec3){0, 0, 6});
        fx_static(s, stripe, 0, 0, 0);
    }
    uint32_t road = fx_plain(s, "road", BT_MATERIAL_DIFFUSE, 0.2, 1.0f);
    fx_static(s, fx_quad(s, road, (bt_vec3){-30, -30, 0}, (bt_vec3){60, 0, 0}, (bt_vec3){0, 60, 0}),
              0, 0, 0);
    if (night) {
        uint32_t lamp = fx_lamp(s, "panel", 3e-2);
        fx_static(s,
                  fx_quad(s, lamp, (bt_vec3){5, -0.5, 5}, (bt_vec3){0, 1, 0}, (bt_vec3){1, 0, 0}),
                  0, 0, 0);
    }
    fx_compile(s);
    fx_place_still(s, fx_look((bt_vec3){0, 0, 1.5}, (bt_vec3){10, 0, 2.0}));
}

static uint32_t block_of(uint32_t x, uint32_t y)
{
    return (y / BLOCK * (WIDTH / BLOCK) + x / BLOCK) * 4 + (y & 1) * 2 + (x & 1);
}

// What a frame's counts are and should be, block by block.
static void look(const bt_film *film, const bt_camera_state *state, const uint16_t *raw, frame *f)
{
    double binned = 1280.0 / WIDTH * 1280.0 / WIDTH,
           conversion_e = 24500.0 / (TOP_DN - BLACK_DN) * binned;
    double dn_e = state->exposure.analog_gain / conversion_e;
    double read_e = bt_sheet_get(&sheet, BT_SHEET_READ_NOISE_E),
           row_e = bt_sheet_get(&sheet, BT_SHEET_ROW_NOISE_E);
    double dsnu_e = bt_sheet_get(&sheet, BT_SHEET_DSNU_E),
           prnu = bt_sheet_get(&sheet, BT_SHEET_PRNU);
    double own_e2 = binned * (read_e * read_e + dsnu_e * dsnu_e);
    *f = (frame){.unit = state->exposure.exposure_s * state->exposure.analog_gain,
                 .row_dn = dn_e * row_e * pow(binned, 0.75)};
    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++) {
            uint32_t block = block_of(x, y), band = bt_sheet_band(&sheet, x, y);
            double e =
                (double)film->rate_e_s[3 * (y * WIDTH + x) + band] * state->exposure.exposure_s;
            double noise = dn_e * sqrt(e + own_e2);
            f->sum[block] += raw[y * WIDTH + x] - BLACK_DN;
            f->want[block] += dn_e * e;
            f->most[block] = fmax(f->most[block], dn_e * e * (1.0 + 5.0 * prnu) + 5.0 * noise);
            f->variance[block] += noise * noise + 1.0 / 12.0;
        }
}

// Variance of the sum over the blocks used, that the noise of rows brings: half of a row's pixels are of
// one plane.
static double row_variance(const frame *f, const bool *use)
{
    double sum = 0.0;
    for (uint32_t y = 0; y < HEIGHT; y++) {
        double count = 0.0;
        for (uint32_t x = 0; x < WIDTH; x++)
            count += use[block_of(x, y)];
        sum += count * count * f->row_dn * f->row_dn;
    }
    return sum;
}

// The frame against all others over the blocks that it and they see well: ratio and its standard error.
static double ratio_of(const frame *frames, int k, const bool *use, double *error)
{
    double mine = 0.0, theirs = 0.0, variance = 0.0;
    for (int b = 0; b < BLOCKS; b++) {
        if (!use[k * BLOCKS + b]) continue;
        double sum = 0.0, unit = 0.0, spread = 0.0;
        for (int i = 0; i < FRAMES; i++) {
            if (i == k || !use[i * BLOCKS + b]) continue;
            sum += frames[i].sum[b];
            unit += frames[i].unit;
            spread += frames[i].variance[b];
        }
        if (unit <= 0.5 * frames[k].unit) continue;
        double u = frames[k].unit / unit;
        mine += frames[k].sum[b];
        theirs += sum * u;
        variance += frames[k].variance[b] + spread * u * u;
    }
    variance += row_variance(&frames[k], use + k * BLOCKS);
    *error = mine > 0.0 ? sqrt(variance) / mine : 1e9;
    return mine / theirs;
}

// How far films of two exposures are apart, rms over the pixels, and what a film's own mean is known to.
static double apart(const bt_film *a, const bt_film *b)
{
    double square = 0.0;
    for (int i = 0; i < 3 * WIDTH * HEIGHT; i++) {
        double d = (double)a->rate_e_s[i] / fmax((double)b->rate_e_s[i], 1e-9) - 1.0;
        square += d * d;
    }
    return sqrt(square / (3.0 * WIDTH * HEIGHT));
}

static void shoot(const fx_scene *s, const bt_camera *camera, double longest_s, bt_jobs *jobs,
                  frame *frames)
{
    static uint16_t raw[WIDTH * HEIGHT];
    bt_film *first = NULL;
    double worst = 0.0;
    for (int i = 0; i < EXPOSURES; i++) {
        bt_camera_state state;
        bt_view view;
        bt_film *film = NULL;
        bt_render_settings settings = {.samples = 4, .max_depth = 3};
        bt_camera_state_init(camera, &state);
        state.exposure.exposure_s = longest_s * exp2(0.5 * (i + 1 - EXPOSURES));
        bt_camera_view(camera, &state, bt_camera_mount(0, 0, 0, 0, 0, 0), &view);
        CHECK_OK(bt_film_create_view(&view, &film));
        CHECK_OK(bt_render_film(s->stage, &view, FX_LABEL_NS, &settings, jobs, film));
        for (int g = 0; g < GAINS; g++) {
            state.exposure.analog_gain = gains[g];
            CHECK_OK(bt_camera_read(camera, &state, film, (uint64_t)(i * GAINS + g), jobs, raw));
            look(film, &state, raw, &frames[i * GAINS + g]);
        }
        if (first) {
            worst = fmax(worst, apart(film, first));
            bt_film_destroy(film);
        } else {
            first = film;
        }
    }
    printf("  films of other exposures: %.2g apart, rms\n", worst);
    CHECK(worst < 1e-3);
    bt_film_destroy(first);
}

static void test_sweep(bool night, double longest_s, int least_judged)
{
    static frame frames[FRAMES];
    static bool use[FRAMES * BLOCKS];
    fx_scene s;
    bt_camera *camera = NULL;
    bt_jobs *jobs = NULL;
    CHECK_OK(bt_jobs_create(2, &jobs));
    CHECK_OK(bt_camera_sheet_load("cameras/front_1mp.lua", roots, 1, &sheet));
    sheet.numbers[BT_SHEET_DARK_CURRENT_E_S].value = 0.0; // it is light to a sensor
    bt_camera_desc desc = {.sheet = &sheet, .width_px = WIDTH, .height_px = HEIGHT, .seed = 3};
    CHECK_OK(bt_camera_create(&desc, jobs, &camera));
    build(&s, night);
    printf("%s:\n", night ? "night" : "day");
    shoot(&s, camera, longest_s, jobs, frames);
    int pixels = BLOCK * BLOCK / 4, judged = 0;
    for (int k = 0; k < FRAMES * BLOCKS; k++) {
        const frame *f = &frames[k / BLOCKS];
        use[k] =
            f->want[k % BLOCKS] > 10.0 * pixels && f->most[k % BLOCKS] < 0.98 * (TOP_DN - BLACK_DN);
    }
    double worst = 0.0, worst_sigmas = 0.0, least_error = 1.0, most_error = 0.0;
    for (int k = 0; k < FRAMES; k++) {
        double error, ratio = ratio_of(frames, k, use, &error);
        if (!(error < 0.3 * LIMIT)) continue;
        judged++;
        worst = fmax(worst, fabs(ratio - 1.0));
        worst_sigmas = fmax(worst_sigmas, fabs(ratio - 1.0) / error);
        least_error = fmin(least_error, error);
        most_error = fmax(most_error, error);
    }
    printf("  %d of %d judged, standard errors %.5f to %.5f; %.5f apart at worst, %.1f errors\n",
           judged, FRAMES, least_error, most_error, worst, worst_sigmas);
    CHECK(judged >= least_judged);
    CHECK(worst < LIMIT);
    CHECK(worst_sigmas < 4.5);
    fx_end(&s);
    bt_camera_destroy(camera);
    bt_jobs_destroy(jobs);
}

int main(void)
{
    test_sweep(false, 0.00045, 20); // as scenarios/exposure_sweep.lua
    test_sweep(true, 0.0288, 12);
    skies_clear();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
