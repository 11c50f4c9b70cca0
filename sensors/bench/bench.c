// bench.c: the charts, and one run of one of them.
#include "sensors/bench/bench_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"

typedef struct chart {
    bt_bench_chart_info info;
    bt_status (*run)(bench *b);
    uint32_t width_px, height_px; // 0: the array's
    uint32_t steps, samples, reads;
    uint32_t least_steps;
    bool each_read; // of a sensor of several, by itself; else what is fused from them
} chart;

static const chart charts[] = {
    {.info = {"flat-field", "photon transfer: even light, exposures past saturation, EMVA 1288",
              "PLANE/bright_*, dark_*.tiff, emva1288_PLANE.txt"},
     .run = bench_flat_field,
     .width_px = 640,
     .height_px = 480,
     .steps = 50,
     .samples = 8,
     .reads = 0,
     .least_steps = 8,
     .each_read = true},
    {.info = {"spatial", "the same with stacks at half of saturation: DSNU, PRNU",
              "PLANE/*.tiff, emva1288_PLANE.txt"},
     .run = bench_spatial,
     .width_px = 640,
     .height_px = 480,
     .steps = 12,
     .samples = 32,
     .reads = 100,
     .least_steps = 8,
     .each_read = true},
    {.info = {"dark", "dark current under the cap, at several temperatures", "dark.csv"},
     .run = bench_dark,
     .width_px = 320,
     .height_px = 240,
     .steps = 5,
     .samples = 1,
     .reads = 4,
     .least_steps = 2},
    {.info = {"spectral", "quantum efficiency: equal photons every 10 nm", "spectral.csv"},
     .run = bench_spectral,
     .width_px = 64,
     .height_px = 64,
     .steps = 1,
     .samples = 8,
     .reads = 4,
     .least_steps = 1},
    {.info = {"colors", "a ColorChecker under D65, A, LED-B3 and sodium",
              "patches.csv, raw_LIGHT.tiff"},
     .run = bench_colors,
     .width_px = 120,
     .height_px = 80,
     .steps = 4,
     .samples = 1024,
     .reads = 1000,
     .least_steps = 1},
    {.info = {"energy", "lamp, lit wall and furnace against closed forms", "rates.csv, NAME.exr"},
     .run = bench_energy,
     .width_px = 16,
     .height_px = 16,
     .steps = 1,
     .samples = 1024,
     .reads = 1,
     .least_steps = 1},
    {.info = {"edges", "slanted squares over the field, ISO 12233: MTF, focus, lateral colour",
              "edge_PLACE_wNM.tiff and .png, the ground alone beside each, edges.csv"},
     .run = bench_edges,
     .width_px = 320,
     .height_px = 320,
     .steps = 11,
     .samples = 512,
     .reads = 128,
     .least_steps = 1},
    {.info = {"checkerboard", "a board of 9 x 6 inner corners in many poses",
              "view_NN.png, corners.csv, poses.csv"},
     .run = bench_checkerboard,
     .width_px = 640,
     .height_px = 480,
     .steps = 40,
     .samples = 256,
     .reads = 64,
     .least_steps = 4},
    {.info = {"rolling", "a bar that passes by, and at rest: the time between rows",
              "moving, still_left, still_right.tiff, rolling.csv"},
     .run = bench_rolling,
     .width_px = 320,
     .height_px = 240,
     .steps = 1,
     .samples = 256,
     .reads = 8,
     .least_steps = 1},
    {.info = {"steps", "steps of light over 150 dB: SNR with its dips, dynamic range, companding",
              "steps/NNN_SIGNAL_COPY.tiff, steps.csv"},
     .run = bench_steps,
     .width_px = 96,
     .height_px = 96,
     .steps = 76,
     .samples = 64,
     .reads = 2,
     .least_steps = 16,
     .each_read = true},
    {.info = {"flicker", "pulsed lamps at many phases: modulation, detection, period of the bands",
              "flicker/HZ_DUTY_PHASE.tiff, flicker.csv"},
     .run = bench_flicker,
     .width_px = 16,
     .height_px = 240,
     .steps = 8,
     .samples = 64,
     .reads = 64,
     .least_steps = 1},
    {.info = {"windshield",
              "wedged panes, without and with: double image, prism, MTF, transmission",
              "point_ and square_RAKE_WEDGE.csv, windshield.csv"},
     .run = bench_windshield,
     .width_px = 160,
     .height_px = 160,
     .steps = 5,
     .samples = 512,
     .reads = 1,
     .least_steps = 1},
    {.info = {"flare", "a black patch on white, glare of a point, a ghost, of known scatter",
              "patch, white, glare, point, ghost.csv, flare.csv"},
     .run = bench_flare,
     .width_px = 160,
     .height_px = 160,
     .steps = 1,
     .samples = 4096,
     .reads = 64,
     .least_steps = 1},
    {.info = {"star",
              "points over the field: Airy's rings, encircled energy, streaks of a wiped pane",
              "stars_PHASE, bare, scratched.exr, places.csv, star.csv"},
     .run = bench_star,
     .width_px = 240,
     .height_px = 240,
     .steps = 1,
     .samples = 4096,
     .reads = 1,
     .least_steps = 1},
    {.info = {"headlamp",
              "a passing beam on a wall at 25 m: candela against its IES file, cut-off, UN R112",
              "passing_beam.ies, wall.exr (lux and luminance), headlamp.csv"},
     .run = bench_headlamp,
     .width_px = 400,
     .height_px = 120,
     .steps = 1,
     .samples = 32,
     .reads = 1,
     .least_steps = 1},
    {.info = {"retro",
              "sign sheeting and road marking by a lamp 0.1 to 2 degrees off the camera: R_A, R_L",
              "sheeting_ and marking_DEGREES.exr (luminance for a lux), retro.csv"},
     .run = bench_retro,
     .width_px = 16,
     .height_px = 16,
     .steps = 1,
     .samples = 64,
     .reads = 1,
     .least_steps = 1},
    {.info = {"contrast",
              "contrasts of 5 to 80 % at 1 to 100 000 cd/m2: how often they are seen (IEEE P2020)",
              "contrast/LUMINANCE_PERCENT_FRAME.tiff, contrast.csv"},
     .run = bench_contrast,
     .width_px = 128,
     .height_px = 128,
     .steps = 6,
     .samples = 16,
     .reads = 4,
     .least_steps = 1},
};
#define MOST_TIMES                                                                                 \
    64 // chosen: the chart's samples that the bench takes by itself where the light needs more
#define CHART_COUNT (sizeof charts / sizeof *charts)

size_t bt_bench_chart_count(void)
{
    return CHART_COUNT;
}

const bt_bench_chart_info *bt_bench_chart_get(size_t index)
{
    return &charts[index].info;
}

static const chart *find_chart(const char *name)
{
    for (size_t i = 0; i < CHART_COUNT; i++)
        if (strcmp(charts[i].info.name, name) == 0) return &charts[i];
    return NULL;
}

static bt_status unknown_chart(const char *name)
{
    char list[512] = "";
    for (size_t i = 0; i < CHART_COUNT; i++) {
        size_t at = strlen(list);
        snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", charts[i].info.name);
    }
    return bt_fail(BT_ERR_INPUT, "no chart '%.64s'; there are %s", name, list);
}

static uint32_t given_or(uint32_t given, uint32_t otherwise)
{
    return given ? given : otherwise;
}

// What a picture is made of, for the notes.
static void say_what_is_read(bench *b, bool each_read)
{
    const bt_camera_sheet *sheet = &b->sheet;
    char names[BT_SHEET_READS_MAX * (sizeof sheet->reads[0].name + 2)] = "";
    for (uint32_t k = 0; k < sheet->read_count; k++) {
        size_t at = strlen(names);
        snprintf(names + at, sizeof names - at, "%s%s", k ? ", " : "", sheet->reads[k].name);
    }
    if (sheet->read_count > 1)
        snprintf(b->taken, sizeof b->taken,
                 each_read ? "each read by itself: %s" : "fused from the reads %s, expanded",
                 names);
    else if (sheet->companding.count > 0 && !each_read)
        snprintf(b->taken, sizeof b->taken, "the one read, expanded");
    else
        snprintf(b->taken, sizeof b->taken, "the one read");
}

static bt_status bench_begin(bench *b, const bt_bench_desc *desc, const chart *c)
{
    *b = (bench){.desc = desc, .sheet = *desc->sheet, .light_share = NAN};
    b->truth = desc->truth ? *desc->truth : *desc->sheet;
    b->width_px = given_or(desc->width_px, c->width_px);
    b->height_px = given_or(desc->height_px, c->height_px);
    if (b->width_px == 0) b->width_px = (uint32_t)bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX);
    if (b->height_px == 0) b->height_px = (uint32_t)bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX);
    b->steps = given_or(desc->steps, c->steps);
    b->samples = given_or(desc->samples, c->samples);
    b->reads = given_or(desc->reads, c->reads);
    if (b->steps < c->least_steps)
        return bt_fail(BT_ERR_INPUT, "%s with %u steps: expected at least %u", c->info.name,
                       b->steps, c->least_steps);
    if (b->width_px % 2 || b->height_px % 2)
        return bt_fail(BT_ERR_INPUT,
                       "%s at %u x %u: expected even sizes, whole tiles of the mosaic",
                       c->info.name, b->width_px, b->height_px);
    if (b->sheet.tile_px > 2)
        return bt_fail(BT_ERR_INPUT,
                       "%s: mosaic %s repeats after 4 pixels: the bench cuts tiles of 2",
                       b->sheet.name, b->sheet.mosaic_name);
    if (strcmp(b->sheet.mosaic_name, b->truth.mosaic_name) != 0)
        return bt_fail(BT_ERR_INPUT, "the sheet of the truth is %s, the camera %s",
                       b->truth.mosaic_name, b->sheet.mosaic_name);
    say_what_is_read(b, c->each_read);
    if (b->sheet.read_count != b->truth.read_count)
        return bt_fail(BT_ERR_INPUT, "the sheet of the truth has %u reads, the camera %u",
                       b->truth.read_count, b->sheet.read_count);
    return bt_folder_make(desc->out);
}

static bt_status write_note(const bench *b)
{
    bench_text text = {0};
    bench_print(&text, "chart %s\ncamera %s\n", b->desc->chart, b->desc->sheet->name);
    if (b->desc->truth) bench_print(&text, "true values of %s\n", b->desc->truth->name);
    bench_print(&text, "read: %s\n", b->taken);
    if (!isnan(b->light_share))
        bench_print(&text, "light's own noise: at most %.2g of shot noise's variance\n",
                    b->light_share);
    bench_print(&text, "size %u x %u\nsteps %u\nsamples 2 x %u\nreads %u\nseed %" PRIu64 "\n%s",
                b->width_px, b->height_px, b->steps, b->samples, b->reads, b->desc->seed, b->note);
    return bench_text_write(b, &text, "note.txt");
}

static void bench_clear(bench *b)
{
    bt_free(b->rows);
    for (size_t i = 0; i < b->plot_count; i++)
        for (uint32_t k = 0; k < b->plots[i].curve_count; k++)
            bt_free(b->plots[i].curves[k].points);
    bt_free(b->plots);
}

// Samples that are not given are the chart's, or as many more as the light asks for.
static bt_status run_chart(bench *b, const bt_bench_desc *desc, const chart *c)
{
    for (uint32_t samples = given_or(desc->samples, c->samples);;) {
        bt_status status = bench_begin(b, desc, c);
        b->samples = samples;
        if (status == BT_OK) status = c->run(b);
        bool more = status != BT_OK && !desc->samples && b->enough_samples > samples &&
                    b->enough_samples <= MOST_TIMES * c->samples;
        if (!more) return status;
        samples = b->enough_samples;
        bench_clear(b);
    }
}

bt_status bt_bench_run(const bt_bench_desc *desc, bt_bench_result *result)
{
    *result = (bt_bench_result){0};
    const chart *c = find_chart(desc->chart);
    if (!c) return unknown_chart(desc->chart);
    bench *b = bt_alloc(1, sizeof *b);
    if (!b) return bt_fail(BT_ERR_MEMORY, "no memory for the bench");
    bt_status status = run_chart(b, desc, c);
    if (status == BT_OK) status = bench_write_rows(b);
    if (status == BT_OK) status = write_note(b);
    if (status == BT_OK && desc->report) status = bench_write_report(b);
    if (status == BT_OK) result->scored = bench_scored(b, &result->failed);
    bench_clear(b);
    bt_free(b);
    return status;
}
