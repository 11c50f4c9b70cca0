// asked_met.c: is all light that is asked for there, and no more? A scenario's first instant, rendered as always, where
// paths ask the lights that the light tree, the sky's table and the sun's disc offer, and by paths that only meet lights
// by chance (bt_render_settings.scatter_only). Both have the same mean where nothing is lost, counted twice or shadowed
// by the lamp itself.
//
//   bench.asked_met [SCENARIO.lua SAMPLES MET_SAMPLES RENDERS WIDTHxHEIGHT NAME=VALUE...]
//
// 64 samples, 512 of the others, 12 renders of 96x60, in turns; names as --set takes them. One more render says how
// bright each pixel is, and each counts by the inverse of the brightest about it and what nine of ten stay below: lights
// that are seen themselves, alike in both, would be most of the mean and all of its error. Printed: means of such pixels,
// all bands together, over the picture, of both, their ratio, and the block of a twelfth of the picture whose ratio is
// furthest from 1 by its own error. Errors are of the mean of so many renders. Small lamps are met seldom, so that errors
// are too small where few were met: more samples tell. Exit code 1: the pictures' means are 4 errors or more apart.
#include "tests/bench/ascending.h"
#include "tests/bench/first_instant.h"

#include <math.h>
#include <stdlib.h>

#define BLOCKS_X 4u
#define BLOCKS_Y 3u
#define BLOCKS (BLOCKS_X * BLOCKS_Y)
#define MOST_ERRORS 4.0

// Of the renders so far.
typedef struct running_mean {
    double mean, square;
    uint32_t count;
} running_mean;

typedef struct way {
    bt_render_settings settings;
    running_mean all, blocks[BLOCKS];
} way;

static void add_value(running_mean *m, double value)
{
    double delta = value - m->mean;
    m->count++;
    m->mean += delta / m->count;
    m->square += delta * (value - m->mean);
}

// Variance of the mean.
static double variance_of(const running_mean *m)
{
    return m->square / (m->count - 1) / m->count;
}

static double all_bands(const bt_film *film, size_t pixel)
{
    double sum = 0.0;
    for (uint32_t band = 0; band < film->band_count; band++)
        sum += (double)film->rate_e_s[pixel * film->band_count + band];
    return sum;
}

static void add_film(way *w, const bt_film *film, const double *weights)
{
    double sums[BLOCKS] = {0}, all = 0.0;
    uint32_t counts[BLOCKS] = {0};
    size_t count = (size_t)film->width_px * film->height_px;
    for (size_t i = 0; i < count; i++) {
        size_t x = i % film->width_px * BLOCKS_X / film->width_px;
        size_t y = i / film->width_px * BLOCKS_Y / film->height_px;
        double value = weights[i] * all_bands(film, i);
        sums[y * BLOCKS_X + x] += value;
        counts[y * BLOCKS_X + x]++;
        all += value / (double)count;
    }
    for (uint32_t i = 0; i < BLOCKS; i++)
        add_value(&w->blocks[i], sums[i] / counts[i]);
    add_value(&w->all, all);
}

// The brightest of a pixel and those about it, for a small lamp may have been missed in it.
static double brightest_about(const bt_film *film, size_t pixel)
{
    size_t x = pixel % film->width_px, y = pixel / film->width_px;
    double most = 0.0;
    for (size_t v = y > 0 ? y - 1 : 0; v <= y + 1 && v < film->height_px; v++)
        for (size_t u = x > 0 ? x - 1 : 0; u <= x + 1 && u < film->width_px; u++)
            most = fmax(most, all_bands(film, v * film->width_px + u));
    return most;
}

// The caller's.
static double *weigh_pixels(const bt_film *film)
{
    size_t count = (size_t)film->width_px * film->height_px;
    double *weights = bt_alloc(count, sizeof *weights), *sorted = bt_alloc(count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = all_bands(film, i);
    qsort(sorted, count, sizeof *sorted, ascending);
    for (size_t i = 0; i < count; i++)
        weights[i] = 1.0 / (brightest_about(film, i) + sorted[count * 9 / 10]);
    bt_free(sorted);
    return weights;
}

// Their difference over its error; 0 where there is none.
static double errors_apart(const running_mean *asked, const running_mean *met)
{
    double error = sqrt(variance_of(asked) + variance_of(met));
    return error > 0.0 ? (met->mean - asked->mean) / error : 0.0;
}

static void print_ratio(const running_mean *asked, const running_mean *met)
{
    double ratio = met->mean / asked->mean;
    double relative =
        hypot(sqrt(variance_of(met)) / met->mean, sqrt(variance_of(asked)) / asked->mean);
    printf("asked %.4f +- %.4f, met %.4f +- %.4f, ratio %.4f +- %.4f", asked->mean,
           sqrt(variance_of(asked)), met->mean, sqrt(variance_of(met)), ratio, ratio * relative);
}

static void print_outcome(const way *asked, const way *met)
{
    uint32_t worst = 0;
    for (uint32_t i = 1; i < BLOCKS; i++)
        if (fabs(errors_apart(&asked->blocks[i], &met->blocks[i])) >
            fabs(errors_apart(&asked->blocks[worst], &met->blocks[worst])))
            worst = i;
    printf("all: ");
    print_ratio(&asked->all, &met->all);
    printf(": %+.1f errors\nblock %u, %u: ", errors_apart(&asked->all, &met->all), worst % BLOCKS_X,
           worst / BLOCKS_X);
    print_ratio(&asked->blocks[worst], &met->blocks[worst]);
    printf(": %+.1f errors\n", errors_apart(&asked->blocks[worst], &met->blocks[worst]));
}

static void render_both(bt_production *p, uint32_t renders, bt_jobs *jobs, way ways[2])
{
    bt_view view;
    bt_stage *stage = NULL;
    bt_film *film = NULL;
    bt_time_ns label_ns = BT_NS_PER_S / 2;
    bt_snapshot *snapshot = first_picture(p, label_ns, &view);
    CHECK_OK(bt_stage_create(p->leg.renderer, snapshot, NULL, 0, &stage));
    CHECK_OK(bt_film_create_view(&view, &film));
    bt_render_settings pilot = {.samples = ways[1].settings.samples};
    CHECK_OK(bt_render_film(stage, &view, label_ns, &pilot, jobs, film));
    double *weights = weigh_pixels(film);
    for (uint32_t i = 0; i < 2 * renders && check_failed_count == 0; i++) {
        way *w = &ways[i % 2];
        w->settings.frame = i + 1;
        CHECK_OK(bt_render_film(stage, &view, label_ns, &w->settings, jobs, film));
        add_film(w, film, weights);
    }
    bt_free(weights);
    bt_film_destroy(film);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "scenarios/first_drive.lua";
    int samples = argc > 2 ? atoi(argv[2]) : 64, met_samples = argc > 3 ? atoi(argv[3]) : 512;
    int renders = argc > 4 ? atoi(argv[4]) : 12;
    unsigned width_px = 96, height_px = 60;
    if (argc > 5 && sscanf(argv[5], "%ux%u", &width_px, &height_px) != 2) width_px = 0;
    if (samples < 1 || met_samples < 1 || renders < 2 || width_px < BLOCKS_X ||
        height_px < BLOCKS_Y) {
        fprintf(stderr,
                "usage: %s [SCENARIO.lua SAMPLES MET_SAMPLES RENDERS WIDTHxHEIGHT NAME=VALUE...]: "
                "at least 1 sample, 2 renders, 4x3 pixels\n",
                argv[0]);
        return 2;
    }
    way ways[2] = {{.settings = {.samples = (uint32_t)samples}},
                   {.settings = {.samples = (uint32_t)met_samples, .scatter_only = true}}};
    bt_settings settings = {0};
    prepared p;
    bt_jobs *jobs = NULL;
    CHECK_OK(bt_jobs_create(0, &jobs));
    prepared_set(argc, argv, 6, &settings);
    prepared_init(path, &settings, width_px, height_px, jobs, &p);
    if (check_failed_count == 0) render_both(&p.production, (uint32_t)renders, jobs, ways);
    prepared_clear(&p);
    bt_jobs_destroy(jobs);
    if (check_failed_count > 0) return 1;
    print_outcome(&ways[0], &ways[1]);
    return fabs(errors_apart(&ways[0].all, &ways[1].all)) >= MOST_ERRORS;
}
