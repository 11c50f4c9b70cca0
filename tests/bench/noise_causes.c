// noise_causes.c: how noisy a picture is for the time it takes, and which random choice makes it so:
// per cause, the share of the variance of the raw image that would go if that choice alone made none
// (Sobol's total index).
//
//   bench.noise_causes [SCENARIO.lua SAMPLES RENDERS PAIRS NAME=VALUE...]      names as --set takes them
//
// On 12 patches spread over the first instant's picture, at its full size, for edges fill more of the
// pixels of a small one.
// Noise: variance between RENDERS with different seeds; time: the processor's, of all threads, so that a
// busy machine disturbs it less. Two renderers are compared by the product of both.
// Causes, where PAIRS is not 0: two estimates of a pixel, of so many samples each, that share all random
// numbers but those of one cause, which are scrambled anew: half their squared difference is what the
// cause brings, by itself and together with others (Jansen 1999), stratification included. So the shares
// sum to more than 1; of each the 1 % of pixels where it is most are left out.
// Parts, where PAIRS is negative: so many estimates with seeds of their own, walked as they are; printed is by what way the
// light comes that varies: the sensor's error of all pixels, of each in proportion to the variance of its parts of light; by what
// the eye meets there, whole pixels and those where samples meet things that differ (edges).
// Each pixel counts in the band that it reads, in two ways: relative to the square of its mean plus that of a twentieth of the
// picture's, with and without the 1 % of pixels that vary most, where a few glints decide; and as a sensor sees it, whose mean
// pixel holds MEAN_E electrons: clipped where it is full, over the variance of the sensor's own noise.
#include "engine/app/production.h"
#include "engine/core/memory.h"
#include "tests/bench/ascending.h"
#include "tests/bench/first_instant.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <time.h>

#include "tests/bench/noise_pixel.h" // brings another path.h: last

#define COLUMNS ((int)PATCH_W + 2 * BT_EYE_MARGIN_PX)
#define ROWS ((int)PATCH_H + 2 * BT_EYE_MARGIN_PX)

static bt_status measure_patch(void *context, uint32_t patch, uint32_t worker)
{
    (void)worker;
    const bench *b = context;
    bt_seen lattice[COLUMNS * ROWS];
    float limits_nm[BT_WAVELENGTH_CELLS + 1];
    const bt_view *view = &b->views[patch];
    bt_wavelength_limits(b->stage->renderer, view, limits_nm);
    bt_aim aim = {.stage = b->stage,
                  .view = view,
                  .label_time_ns = b->label_ns,
                  .first_samples = b->samples,
                  .limits_nm = limits_nm};
    unsigned old = bt_embree_float_begin();
    bt_eye eye = bt_eye_make(&aim);
    bt_eye_fill_lattice(&eye, -BT_EYE_MARGIN_PX, -BT_EYE_MARGIN_PX, COLUMNS, ROWS, lattice);
    for (uint32_t i = 0; i < PATCH_PX; i++) {
        size_t at = (size_t)patch * PATCH_PX + i;
        if (b->estimates > 0)
            measure_ways(b, view, &eye, i % PATCH_W, i / PATCH_W, &b->ways[at]);
        else
            measure_pixel(b, view, &eye, i % PATCH_W, i / PATCH_W, at);
    }
    bt_embree_float_end(old);
    return BT_OK;
}

// ---- the picture --------------------------------------------------------------------------------
typedef struct spread {
    double mean, trimmed, median;
} spread;

// Variances (pixels), relative.
static spread spread_of(const bench *b, const double *variance)
{
    size_t kept = PIXELS - PIXELS / 100;
    double *sorted = bt_alloc(PIXELS, sizeof *sorted);
    spread s = {0};
    for (size_t i = 0; i < PIXELS; i++) {
        sorted[i] = variance[i] / b->scale[i];
        s.mean += sorted[i] / (double)PIXELS;
    }
    qsort(sorted, PIXELS, sizeof *sorted, ascending);
    for (size_t i = 0; i < kept; i++)
        s.trimmed += sorted[i] / (double)kept;
    s.median = sorted[PIXELS / 2];
    bt_free(sorted);
    return s;
}

// So that the mean pixel holds MEAN_E.
static void set_exposure(bench *b)
{
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 200; i++) {
        double sum = 0.0;
        b->exposure_s = i < 100 ? high : 0.5 * (low + high);
        for (size_t k = 0; k < PIXELS; k++)
            sum += sensed(b, b->mean[k]) / (double)PIXELS;
        if (i < 100 && sum > MEAN_E) high *= 0.5;
        if (i >= 100) *(sum > MEAN_E ? &high : &low) = b->exposure_s;
        if (i == 99) high *= 2.0;
    }
}

static void set_scale(bench *b)
{
    double all = 0.0;
    for (size_t i = 0; i < PIXELS; i++)
        all += b->mean[i] / (double)PIXELS;
    for (size_t i = 0; i < PIXELS; i++)
        b->scale[i] = b->mean[i] * b->mean[i] + 0.0025 * all * all;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// One render of a patch; `values` (pixels) get what it brings.
static double add_render(bench *b, uint32_t patch, uint32_t number, bt_film *film, double *square,
                         double *values, bt_jobs *jobs)
{
    const bt_view *view = &b->views[patch];
    bt_render_settings settings = {.samples = b->samples, .seed = 3, .frame = number};
    double start = cpu_seconds();
    CHECK_OK(bt_render_film(b->stage, view, b->label_ns, &settings, jobs, film));
    double spent = cpu_seconds() - start;
    for (size_t i = 0; i < PATCH_PX; i++) {
        size_t at = patch * PATCH_PX + i;
        uint32_t band = band_read(view, i % PATCH_W, i / PATCH_W);
        double delta = (double)film->rate_e_s[i * film->band_count + band] - b->mean[at];
        values[at] = b->mean[at] + delta;
        b->mean[at] += delta / (number + 1);
        square[at] += delta * delta * number / (number + 1.0);
    }
    return spent;
}

// Mean variance between renders over the sensor's own.
static double seen_by_sensor(const bench *b, const double *values)
{
    double sum = 0.0;
    for (size_t i = 0; i < PIXELS; i++) {
        double mean = 0.0, square = 0.0;
        for (uint32_t r = 0; r < b->renders; r++) {
            double delta = sensed(b, values[r * PIXELS + i]) - mean;
            mean += delta / (r + 1);
            square += delta * (sensed(b, values[r * PIXELS + i]) - mean);
        }
        sum += square / (b->renders - 1) / sensor_e2(mean);
    }
    return sum / (double)PIXELS;
}

static void measure_rate(bench *b, bt_jobs *jobs)
{
    double *square = bt_alloc(PIXELS, sizeof *square), seconds = 0.0, all = 0.0, all_error = 0.0;
    double *values = bt_alloc(PIXELS * b->renders, sizeof *values);
    bt_film *film = NULL;
    CHECK_OK(bt_film_create_view(&b->views[0], &film));
    for (uint32_t r = 0; r < b->renders; r++)
        for (uint32_t patch = 0; patch < PATCHES_X * PATCHES_Y; patch++)
            seconds +=
                add_render(b, patch, r, film, square, values + r * PIXELS, jobs) / b->renders;
    for (size_t i = 0; i < PIXELS; i++) {
        square[i] /= b->renders - 1;
        all += b->mean[i] / (double)PIXELS;
        all_error += square[i] / b->renders;
    }
    set_scale(b);
    spread s = spread_of(b, square);
    printf("%u samples: mean %.5g +- %.2g e/s, %.3f s; relative squared error, and times seconds: "
           "mean %.4g, %.4g; "
           "without the worst 1 %% %.4g, %.4g; median %.4g, %.4g\n",
           b->samples, all, sqrt(all_error) / (double)PIXELS, seconds, s.mean, s.mean * seconds,
           s.trimmed, s.trimmed * seconds, s.median, s.median * seconds);
    set_exposure(b);
    double seen_error = seen_by_sensor(b, values);
    printf("as the sensor sees it: variance over its own %.4g, times seconds %.4g\n", seen_error,
           seen_error * seconds);
    bt_film_destroy(film);
    bt_free(values);
    bt_free(square);
}

static void measure_causes(bench *b, bt_jobs *jobs)
{
    double total = 0.0, total_seen = 0.0;
    for (cause c = CAUSE_ALL; c < CAUSES; c++) {
        b->square[c] = bt_alloc(PIXELS, sizeof *b->square[c]);
        b->seen[c] = bt_alloc(PIXELS, sizeof *b->seen[c]);
    }
    CHECK_OK(bt_jobs_run(jobs, PATCHES_X * PATCHES_Y, measure_patch, b));
    for (cause c = CAUSE_ALL; c < CAUSES; c++) {
        double mean = spread_of(b, b->square[c]).trimmed, seen_mean = 0.0;
        for (size_t i = 0; i < PIXELS; i++)
            seen_mean += b->seen[c][i] / (double)PIXELS;
        if (c == CAUSE_ALL) total = mean;
        if (c == CAUSE_ALL) total_seen = seen_mean;
        if (c != CAUSE_ALL)
            printf("  %-36s %5.1f %%, %5.1f %% as the sensor sees it\n", cause_names[c],
                   100.0 * mean / total, 100.0 * seen_mean / total_seen);
        bt_free(b->square[c]);
        bt_free(b->seen[c]);
    }
}

// A row of the table: pixels of one kind, edges or not.
static void print_ways(const bench *b, uint32_t kind, bool edge, double all)
{
    double sum[WAYS + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < PIXELS; i++) {
        const pixel_ways *p = &b->ways[i];
        if (p->edge != edge || p->kind != kind) continue;
        count++;
        double ways = 1e-300;
        for (uint32_t w = 0; w < WAYS; w++)
            ways += p->square[w];
        double own = p->square[WAYS + 1] / sensor_e2(p->mean[WAYS + 1]) / all;
        for (uint32_t w = 0; w < WAYS; w++)
            sum[w] += own * p->square[w] / ways;
        sum[WAYS] += own;
    }
    if (count == 0) return;
    printf("  %-10s %-5s %5.1f %% of pixels: %5.1f %%:", seen_names[kind], edge ? "edges" : "whole",
           100.0 * (double)count / (double)PIXELS, 100.0 * sum[WAYS]);
    for (uint32_t w = 0; w < WAYS; w++)
        if (sum[w] > 0.0005)
            printf(" %s%u %.1f", way_names[w / STEPS], (unsigned)(w % STEPS), 100.0 * sum[w]);
    printf("\n");
}

static void measure_all_ways(bench *b, bt_jobs *jobs)
{
    b->ways = bt_alloc(PIXELS, sizeof *b->ways);
    CHECK_OK(bt_jobs_run(jobs, PATCHES_X * PATCHES_Y, measure_patch, b));
    double all = 0.0;
    for (size_t i = 0; i < PIXELS; i++)
        all += b->ways[i].square[WAYS + 1] / sensor_e2(b->ways[i].mean[WAYS + 1]);
    for (uint32_t kind = 0; kind < SEEN_KINDS; kind++)
        for (int edge = 0; edge < 2; edge++)
            print_ways(b, kind, edge, all);
    bt_free(b->ways);
}

static void measure(bench *b, bt_jobs *jobs)
{
    b->setup = (bt_path_setup){
        .max_depth = 6, .caustic_alpha = bt_ggx_alpha(0.6f), .cone_samples = b->samples};
    if (b->views[0].shield.on != 0u) {
        const bt_snapshot *s = b->stage->snapshot;
        b->setup.own_first = s->world->actors[s->camera_actor].first_instance;
        b->setup.own_count = s->world->actors[s->camera_actor].instance_count;
    }
    b->mean = bt_alloc(PIXELS, sizeof *b->mean);
    b->scale = bt_alloc(PIXELS, sizeof *b->scale);
    measure_rate(b, jobs);
    if (b->pairs > 0) measure_causes(b, jobs);
    if (b->estimates > 0) measure_all_ways(b, jobs);
    bt_free(b->scale);
    bt_free(b->mean);
}

// Patches of a picture; in step with its mosaic.
static void set_views(bench *b, const bt_view *whole)
{
    for (uint32_t i = 0; i < PATCHES_X * PATCHES_Y; i++) {
        uint32_t left = (whole->width_px - PATCH_W) * (2 * (i % PATCHES_X) + 1) / (2 * PATCHES_X);
        uint32_t top = (whole->height_px - PATCH_H) * (2 * (i / PATCHES_X) + 1) / (2 * PATCHES_Y);
        b->views[i] = *whole;
        b->views[i].width_px = PATCH_W;
        b->views[i].height_px = PATCH_H;
        b->views[i].lens.cx -= (float)(left / 4 * 4);
        b->views[i].lens.cy -= (float)(top / 4 * 4);
    }
}

static void stage_scene(bench *b, bt_production *p, bt_jobs *jobs)
{
    bt_drive_camera *camera = &p->cameras[0];
    bt_stage *stage = NULL;
    bt_view view;
    b->label_ns = BT_NS_PER_S / 2;
    bt_camera_view(camera->camera, &camera->state, camera->vehicle_from_cam, &view);
    view.guard_px = 0; // light before the lens spreads it
    bt_snapshot *snapshot = first_frame(p, &view, b->label_ns);
    CHECK_OK(bt_stage_create(p->leg.renderer, snapshot, NULL, 0, &stage));
    b->stage = stage;
    set_views(b, &view);
    measure(b, jobs);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *path = argc > 1 ? argv[1] : "scenarios/first_drive.lua";
    int samples = argc > 2 ? atoi(argv[2]) : 16, renders = argc > 3 ? atoi(argv[3]) : 8;
    int pairs = argc > 4 ? atoi(argv[4]) : 4;
    if (samples < 1 || renders < 2) {
        fprintf(stderr,
                "usage: %s [SCENARIO.lua SAMPLES RENDERS PAIRS NAME=VALUE...]: at least 1 sample, "
                "2 renders\n",
                argv[0]);
        return 2;
    }
    bench b = {.samples = (uint32_t)samples,
               .renders = (uint32_t)renders,
               .pairs = (uint32_t)max(pairs, 0),
               .estimates = (uint32_t)max(-pairs, 0)};
    bt_settings settings = {0};
    prepared p;
    bt_jobs *jobs = NULL;
    CHECK_OK(bt_jobs_create(0, &jobs));
    prepared_set(argc, argv, 5, &settings);
    prepared_init(path, &settings, 0, 0, jobs, &p);
    if (check_failed_count == 0) stage_scene(&b, &p.production, jobs);
    prepared_clear(&p);
    bt_jobs_destroy(jobs);
    return check_failed_count > 0;
}
