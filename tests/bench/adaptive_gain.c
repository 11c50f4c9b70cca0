// adaptive_gain.c: samples and seconds that sampling by the sensor's noise spends (by need, and down to a share of
// that noise), against the same number everywhere, at equal error of the final raw image; on the first instant of a scenario.
//
// A small picture whose pixels collect what one of the whole array does, so that it has the noise of a
// large one. Error of a pixel: squared difference from a converged reference of what the sensor
// collects there (its band, clipped where it is full), over the variance of the sensor's own noise;
// mean over several renders. Of a picture: what all but 10 and 5 in 100 of its pixels stay below. (The
// mean is that of few pixels whose light comes by rare paths, which the reference has not met often
// enough either.)
//   bench.adaptive_gain [FOLDER SCENARIO.lua WIDTH HEIGHT REFERENCE_SAMPLES RENDERS SUN_DEG]
#include "engine/app/production.h"
#include "engine/core/memory.h"
#include "tests/bench/ascending.h"
#include "tests/bench/first_instant.h"
#include "tests/bench/kept_film.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define FIXED_STEPS 5 // 16, 32, 64, ... samples
#define CEILING 512u

typedef struct bench {
    const char *folder;
    uint32_t renders;
    bt_jobs *jobs;
    bt_drive_camera *camera;
    bt_view view;
    bt_stage *stage;
    bt_time_ns label_ns;
    bt_film *reference, *film;
    double *each; // (pixels): error of each
} bench;

typedef struct outcome {
    double samples; // a pixel, on average
    double seconds; // a picture
    double mean, median, below_90, below_95;
    double claimed; // mean of the film's own estimates
    double bias;    // of the pixels' means, over the sensor's sigma: mean
} outcome;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// ---- errors -----------------------------------------------------------------------------------
static size_t pixel_count(const bench *b)
{
    return (size_t)b->view.width_px * b->view.height_px;
}

static uint32_t band_of(const bench *b, size_t pixel)
{
    size_t x = pixel % b->view.width_px, y = pixel / b->view.width_px;
    return (uint32_t)__builtin_ctz(b->view.read_bands[(y & 3) * 4 + (x & 3)]);
}

static double collected_e(const bench *b, const bt_film *film, size_t pixel)
{
    uint32_t band = band_of(b, pixel);
    double e = (double)film->rate_e_s[pixel * film->band_count + band] * b->view.exposure_ns * 1e-9;
    return fmin(e, (double)b->view.full_e[0][band]);
}

static double sensor_e2(const bench *b, size_t pixel)
{
    return collected_e(b, b->reference, pixel) + (double)b->view.noise_e2[0][band_of(b, pixel)];
}

static void add_errors(const bench *b, outcome *o)
{
    size_t pixels = pixel_count(b);
    double share = 1.0 / b->renders, all = share / (double)pixels;
    for (size_t i = 0; i < pixels; i++) {
        double d = collected_e(b, b->film, i) - collected_e(b, b->reference, i);
        b->each[i] += share * d * d / sensor_e2(b, i);
        o->samples += all * b->film->samples[i];
        o->claimed += all * (double)b->film->sensor_share[i];
        o->bias += all * d / sqrt(sensor_e2(b, i));
    }
}

static outcome measure(const bench *b, bt_render_settings settings)
{
    outcome o = {0};
    size_t pixels = pixel_count(b);
    memset(b->each, 0, pixels * sizeof *b->each);
    settings.seed = 5;
    for (uint32_t i = 0; i < b->renders; i++) {
        settings.frame = i + 1;
        double start = seconds();
        CHECK_OK(bt_render_film(b->stage, &b->view, b->label_ns, &settings, b->jobs, b->film));
        o.seconds += (seconds() - start) / b->renders;
        add_errors(b, &o);
    }
    for (size_t i = 0; i < pixels; i++)
        o.mean += b->each[i] / (double)pixels;
    qsort(b->each, pixels, sizeof *b->each, ascending);
    o.median = b->each[pixels / 2];
    o.below_90 = b->each[pixels - 1 - pixels / 10];
    o.below_95 = b->each[pixels - 1 - pixels / 20];
    return o;
}

static void print(const char *name, const outcome *o)
{
    printf("%-12s %6.1f samples %6.2f s; error: mean %.3f, median %.3f, 90 %% %.3f, 95 %% %.3f; "
           "claimed %.3f; bias %+.4f sigma\n",
           name, o->samples, o->seconds, o->mean, o->median, o->below_90, o->below_95, o->claimed,
           o->bias);
}

// ---- equal error ------------------------------------------------------------------------------
// The fixed sample count (or seconds) with the same error, between steps on a double-logarithmic
// line; beyond the last step, along its continuation.
static double fixed_with(const outcome *fixed, size_t error_at, size_t value_at, double error)
{
#define AT(i, offset) (*(const double *)((const char *)&fixed[i] + (offset)))
    int i = 0;
    while (i + 2 < FIXED_STEPS && AT(i + 1, error_at) > error)
        i++;
    double slope =
        log(AT(i + 1, value_at) / AT(i, value_at)) / log(AT(i + 1, error_at) / AT(i, error_at));
    return AT(i, value_at) * pow(error / AT(i, error_at), slope);
#undef AT
}

static void compare(const char *what, const outcome *fixed, const outcome *o, size_t error_at)
{
    double error = *(const double *)((const char *)o + error_at);
    double samples = fixed_with(fixed, error_at, offsetof(outcome, samples), error);
    double time_s = fixed_with(fixed, error_at, offsetof(outcome, seconds), error);
    printf("    equal %-14s fixed %8.1f samples %7.3f s: %.2f times the samples, %.2f the time\n",
           what, samples, time_s, samples / o->samples, time_s / o->seconds);
}

static void run(bench *b)
{
    static const float shares[] = {1.0f, 0.5f, 0.2f};
    outcome fixed[FIXED_STEPS];
    for (int i = 0; i < FIXED_STEPS; i++) {
        char name[32];
        fixed[i] = measure(b, (bt_render_settings){.samples = 16u << i});
        snprintf(name, sizeof name, "fixed %u", 16u << i);
        print(name, &fixed[i]);
    }
    for (uint32_t samples = 32; samples <= 128; samples *= 2) {
        char name[32];
        outcome o = measure(b, (bt_render_settings){.samples = samples, .by_need = true});
        snprintf(name, sizeof name, "by need %u", (unsigned)samples);
        print(name, &o);
        compare("mean", fixed, &o, offsetof(outcome, mean));
        compare("90 %", fixed, &o, offsetof(outcome, below_90));
    }
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char name[32];
        outcome o = measure(b, (bt_render_settings){.samples = CEILING, .sensor_share = shares[i]});
        snprintf(name, sizeof name, "share %g", (double)shares[i]);
        print(name, &o);
        compare("90 %", fixed, &o, offsetof(outcome, below_90));
        compare("95 %", fixed, &o, offsetof(outcome, below_95));
    }
}

// ---- setting up -------------------------------------------------------------------------------
// The reference is kept from run to run.
static void make_reference(bench *b, uint32_t samples)
{
    char path[1024];
    bt_render_settings settings = {.samples = samples, .seed = 77};
    snprintf(path, sizeof path, "%s/reference_%ux%u_%u_%.0f.raw", b->folder, b->view.width_px,
             b->view.height_px, samples, b->view.exposure_ns);
    if (kept_film_load(path, b->reference)) return;
    CHECK_OK(bt_render_film(b->stage, &b->view, b->label_ns, &settings, b->jobs, b->reference));
    double own = 0.0;
    for (size_t i = 0; i < pixel_count(b); i++)
        own += (double)b->reference->sensor_share[i] / (double)pixel_count(b);
    printf("reference of %u samples: its own error %.4f, as claimed\n", samples, own);
    CHECK_OK(kept_film_save(path, b->reference));
}

// Exposed by the small picture; its pixels then collect what one of the array does.
static void set_exposure(bench *b)
{
    bt_render_settings settings = {.samples = 16, .seed = 5};
    bt_drive_camera *small = b->camera;
    bt_camera *array = NULL;
    bt_view limits;
    bt_camera_desc desc = {.sheet = bt_camera_sheet_of(small->camera)};
    CHECK_OK(bt_camera_create(&desc, b->jobs, &array));
    CHECK_OK(bt_render_film(b->stage, &b->view, b->label_ns, &settings, b->jobs, b->film));
    CHECK_OK(bt_camera_meter(small->camera, b->film, &small->state.exposure));
    bt_camera_view(small->camera, &small->state, small->vehicle_from_cam, &b->view);
    bt_camera_view(array, &small->state, small->vehicle_from_cam, &limits);
    memcpy(b->view.response, limits.response, sizeof limits.response);
    memcpy(b->view.noise_e2, limits.noise_e2, sizeof limits.noise_e2);
    memcpy(b->view.full_e, limits.full_e, sizeof limits.full_e);
    printf("exposure %.2f ms, gain %.2f; noise in the dark %.1f e; full at %.0f e\n",
           1e-6 * b->view.exposure_ns, small->state.exposure.analog_gain,
           sqrt((double)b->view.noise_e2[0][0]), (double)b->view.full_e[0][0]);
    bt_camera_destroy(array);
}

static void stage_scene(bench *b, bt_production *p, uint32_t reference_samples)
{
    b->camera = &p->cameras[0];
    b->label_ns = BT_NS_PER_S / 2;
    bt_camera_view(b->camera->camera, &b->camera->state, b->camera->vehicle_from_cam, &b->view);
    b->view.guard_px = 0; // light before the lens spreads it
    bt_snapshot *snapshot =
        first_instant(p, BT_NS_PER_S / 10, BT_NS_PER_S * 9 / 10, (double)b->view.theta_max_rad);
    CHECK_OK(bt_stage_create(p->leg.renderer, snapshot, NULL, 0, &b->stage));
    uint32_t width = b->view.width_px, height = b->view.height_px;
    CHECK_OK(bt_film_create(width, height, b->view.band_count, &b->film));
    CHECK_OK(bt_film_create(width, height, b->view.band_count, &b->reference));
    b->each = bt_alloc(pixel_count(b), sizeof *b->each);
    set_exposure(b);
    make_reference(b, reference_samples);
    run(b);
    bt_free(b->each);
    bt_film_destroy(b->film);
    bt_film_destroy(b->reference);
    bt_stage_destroy(b->stage);
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    bench b = {.folder = argc > 1 ? argv[1] : "out/adaptive"};
    const char *path = argc > 2 ? argv[2] : "scenarios/first_drive.lua";
    uint32_t width = argc > 3 ? (uint32_t)atoi(argv[3]) : 64;
    uint32_t height = argc > 4 ? (uint32_t)atoi(argv[4]) : 40;
    uint32_t samples = argc > 5 ? (uint32_t)atoi(argv[5]) : 2048;
    b.renders = argc > 6 ? (uint32_t)atoi(argv[6]) : 3;
    char assets[4096];
    bt_settings settings = {0};
    bt_scenario scenario = {0};
    bt_production p = {0};
    CHECK_OK(bt_folder_make(b.folder));
    CHECK_OK(bt_jobs_create(0, &b.jobs));
    CHECK_OK(bt_assets_find(assets, sizeof assets));
    CHECK_OK(bt_scenario_load(path, assets, &settings, NULL, &scenario));
    if (argc > 7) scenario.weather.sun_elevation_rad = atof(argv[7]) * BT_PI / 180.0;
    bt_production_desc desc = {.scenario = &scenario,
                               .assets = assets,
                               .width_px = width,
                               .height_px = height,
                               .jobs = b.jobs};
    CHECK_OK(bt_production_init(&desc, &p));
    if (check_failed_count == 0) stage_scene(&b, &p, samples);
    bt_production_clear(&p);
    bt_scenario_clear(&scenario);
    bt_jobs_destroy(b.jobs);
    return check_failed_count > 0;
}
