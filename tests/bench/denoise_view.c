// denoise_view.c: what the denoiser gains and loses on the first instant of a scenario.
//
// Prints squared errors against a converged reference, relative to its level, before and after, the
// mean's bias, and the cost; writes pictures of both to a folder. The reference is kept there.
//   bench.denoise_view [FOLDER SCENARIO.lua WIDTH HEIGHT REFERENCE_SAMPLES]
#include "engine/app/production.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/render/denoise.h"
#include "tests/bench/ascending.h"
#include "tests/bench/first_instant.h"
#include "tests/bench/kept_film.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <time.h>

typedef struct bench {
    const char *folder;
    bt_jobs *jobs;
    bt_drive_camera *camera;
    bt_view view;
    bt_stage *stage;
    bt_time_ns label_ns;
    bt_film *reference;
    bt_guides *guides;
} bench;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bt_film *render(const bench *b, uint32_t samples, uint64_t frame)
{
    bt_film *film = NULL;
    bt_render_settings settings = {.samples = samples, .seed = 5, .frame = frame};
    CHECK_OK(bt_film_create(b->view.width_px, b->view.height_px, b->view.band_count, &film));
    CHECK_OK(bt_render_film(b->stage, &b->view, b->label_ns, &settings, b->jobs, film));
    return film;
}

static void picture(const bench *b, const bt_film *film, const char *name)
{
    char path[1024];
    size_t pixels = (size_t)film->width_px * film->height_px;
    uint16_t *raw = bt_alloc(pixels, sizeof *raw);
    uint8_t *rgb = bt_alloc(pixels, 3);
    const bt_camera *camera = b->camera->camera;
    CHECK_OK(bt_camera_read(camera, &b->camera->state, film, 0, b->jobs, raw));
    CHECK_OK(bt_camera_develop(camera, &b->camera->state, raw, b->jobs, rgb));
    snprintf(path, sizeof path, "%s/%s.png", b->folder, name);
    CHECK_OK(bt_png_write_u8(path, film->width_px, film->height_px, 3, rgb));
    bt_free(raw);
    bt_free(rgb);
}

// Means over pixels and bands.
typedef struct error {
    double relative;  // squared error over squared level
    double trimmed;   // the same without the worst percent
    double absolute;  // squared error over the picture's squared mean
    double bias;      // of the mean
    double predicted; // as `relative`, from the film's variance
} error;
static error error_of(const bt_film *film, const bt_film *reference)
{
    size_t count = (size_t)film->width_px * film->height_px * film->band_count;
    double *each = bt_alloc(count, sizeof *each), sum = 0.0, mean = 0.0;
    error e = {0};
    for (size_t i = 0; i < count; i++)
        mean += (double)reference->rate_e_s[i] / (double)count;
    for (size_t i = 0; i < count; i++) {
        double level = (double)reference->rate_e_s[i], d = (double)film->rate_e_s[i] - level;
        double scale = level * level + 1e-4 * mean * mean;
        each[i] = d * d / scale;
        e.relative += each[i] / (double)count;
        e.predicted += (double)film->variance_e2_s2[i] / scale / (double)count;
        e.absolute += d * d / (double)count / (mean * mean);
        sum += d / (double)count;
    }
    qsort(each, count, sizeof *each, ascending);
    for (size_t i = 0; i < count - count / 100; i++)
        e.trimmed += each[i] / (double)count;
    e.bias = sum / mean;
    bt_free(each);
    return e;
}

static void measure(const bench *b, uint32_t samples)
{
    char name[64];
    bt_film *film = render(b, samples, 1), *out = NULL;
    CHECK_OK(bt_film_create(b->view.width_px, b->view.height_px, b->view.band_count, &out));
    double start = seconds();
    CHECK_OK(bt_denoise(film, b->guides, NULL, b->jobs, out));
    double took = seconds() - start;
    error before = error_of(film, b->reference), after = error_of(out, b->reference);
    printf("%3u samples: relative MSE %.5f -> %.5f (1/%.1f), without the worst %% %.5f -> %.5f "
           "(1/%.1f), absolute %.5f -> %.5f (1/%.1f)\n",
           samples, before.relative, after.relative, before.relative / after.relative,
           before.trimmed, after.trimmed, before.trimmed / after.trimmed, before.absolute,
           after.absolute, before.absolute / after.absolute);
    printf("      mean off by %+.3f %% -> %+.3f %%; the film's own variance says %.5f -> %.5f; "
           "%.2f s per Mpx\n",
           100.0 * before.bias, 100.0 * after.bias, before.predicted, after.predicted,
           took / (1e-6 * b->view.width_px * b->view.height_px));
    snprintf(name, sizeof name, "noisy_%u", samples);
    picture(b, film, name);
    snprintf(name, sizeof name, "denoised_%u", samples);
    picture(b, out, name);
    bt_film_destroy(film);
    bt_film_destroy(out);
}

// ---- the reference, kept from run to run ------------------------------------------------------
static void make_reference(bench *b, uint32_t samples)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/reference_%ux%u_%u.raw", b->folder, b->view.width_px,
             b->view.height_px, samples);
    CHECK_OK(
        bt_film_create(b->view.width_px, b->view.height_px, b->view.band_count, &b->reference));
    if (kept_film_load(path, b->reference)) return;
    bt_film_destroy(b->reference);
    b->reference = render(b, samples, 0);
    CHECK_OK(kept_film_save(path, b->reference));
}

static void run(bench *b, uint32_t reference_samples)
{
    bt_film *small = render(b, 16, 9);
    CHECK_OK(bt_camera_meter(b->camera->camera, small, &b->camera->state.exposure));
    bt_film_destroy(small);
    double start = seconds();
    CHECK_OK(bt_guides_create(b->view.width_px, b->view.height_px, &b->guides));
    CHECK_OK(bt_guides_trace(b->stage, &b->view, b->label_ns, 0, 5, b->jobs, b->guides));
    printf("guides: %.2f s per Mpx\n",
           (seconds() - start) / (1e-6 * b->view.width_px * b->view.height_px));
    make_reference(b, reference_samples);
    picture(b, b->reference, "reference");
    for (uint32_t samples = 8; samples <= 32; samples *= 2)
        measure(b, samples);
    bt_guides_destroy(b->guides);
    bt_film_destroy(b->reference);
}

static void stage_scene(bench *b, bt_production *p, uint32_t reference_samples)
{
    b->camera = &p->cameras[0];
    b->label_ns = BT_NS_PER_S / 2;
    bt_camera_view(b->camera->camera, &b->camera->state, b->camera->vehicle_from_cam, &b->view);
    b->view.guard_px = 0; // light before the lens spreads it
    bt_snapshot *snapshot = first_frame(p, &b->view, b->label_ns);
    CHECK_OK(bt_stage_create(p->leg.renderer, snapshot, NULL, 0, &b->stage));
    run(b, reference_samples);
    bt_stage_destroy(b->stage);
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    bench b = {.folder = argc > 1 ? argv[1] : "out/denoise"};
    const char *path = argc > 2 ? argv[2] : "scenarios/first_drive.lua";
    uint32_t width = argc > 3 ? (uint32_t)atoi(argv[3]) : 320;
    uint32_t height = argc > 4 ? (uint32_t)atoi(argv[4]) : 200;
    uint32_t samples = argc > 5 ? (uint32_t)atoi(argv[5]) : 1024;
    bt_settings settings = {0};
    prepared p;
    CHECK_OK(bt_folder_make(b.folder));
    CHECK_OK(bt_jobs_create(0, &b.jobs));
    prepared_init(path, &settings, width, height, b.jobs, &p);
    if (check_failed_count == 0) stage_scene(&b, &p.production, samples);
    prepared_clear(&p);
    bt_jobs_destroy(b.jobs);
    return check_failed_count > 0;
}
