// bench.c: the charts, and one run of one of them.
#include "sensors/bench/bench_internal.h"

#include <inttypes.h>
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
} chart;

static const chart charts[] = {
    {{"flat-field", "photon transfer: even light, exposures past saturation, EMVA 1288",
      "PLANE/bright_*, dark_*.tiff, emva1288_PLANE.txt"},
     bench_flat_field,
     640,
     480,
     50,
     8,
     0,
     8},
    {{"spatial", "the same with stacks at half of saturation: DSNU, PRNU",
      "PLANE/*.tiff, emva1288_PLANE.txt"},
     bench_spatial,
     640,
     480,
     12,
     32,
     100,
     8},
    {{"dark", "dark current under the cap, at several temperatures", "dark.csv"},
     bench_dark,
     320,
     240,
     5,
     1,
     4,
     2},
    {{"spectral", "quantum efficiency: equal photons every 10 nm", "spectral.csv"},
     bench_spectral,
     64,
     64,
     1,
     8,
     4,
     1},
    {{"colors", "a ColorChecker under D65, A, LED-B3 and sodium", "patches.csv, raw_LIGHT.tiff"},
     bench_colors,
     120,
     80,
     4,
     512,
     64,
     1},
    {{"energy", "lamp, lit wall and furnace against closed forms", "rates.csv, NAME.exr"},
     bench_energy,
     16,
     16,
     1,
     1024,
     1,
     1},
    {{"edges", "slanted squares over the field at three wavelengths, ISO 12233",
      "edge_fFIELD_wNM.tiff and .png, edges.csv"},
     bench_edges,
     320,
     320,
     9,
     64,
     32,
     1},
    {{"checkerboard", "a board of 9 x 6 inner corners in many poses", "view_NN.png, corners.csv"},
     bench_checkerboard,
     640,
     480,
     40,
     64,
     1,
     4},
    {{"rolling", "a bar that passes by, and at rest: the time between rows",
      "moving, still_left, still_right.tiff, rolling.csv"},
     bench_rolling,
     320,
     240,
     1,
     256,
     1,
     1},
    {{"steps", "steps of light over 150 dB: SNR with its dips, dynamic range, companding",
      "steps/NNN_SIGNAL_COPY.tiff, steps.csv"},
     bench_steps,
     96,
     96,
     76,
     64,
     2,
     16},
    {{"flicker", "a pulsed lamp at 90 to 2000 Hz: modulation index, period of the bands",
      "flicker/HZ_DUTY_PHASE.tiff, flicker.csv"},
     bench_flicker,
     16,
     240,
     4,
     64,
     128,
     1},
    {{"windshield", "a far point through wedged panes: double image, transmission",
      "point_RAKE_WEDGE.csv, windshield.csv"},
     bench_windshield,
     96,
     96,
     5,
     256,
     1,
     1},
    {{"flare", "a black patch in a white field, and a ghost, of a lens of known scatter",
      "patch, white, point, ghost.csv, flare.csv"},
     bench_flare,
     160,
     160,
     1,
     64,
     1,
     1},
};
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

// Takes a sensor of several reads as it is, not its first read alone.
static bool takes_every_read(const chart *c)
{
    return c->run == bench_steps;
}

static bt_status bench_begin(bench *b, const bt_bench_desc *desc, const chart *c)
{
    *b = (bench){.desc = desc, .sheet = *desc->sheet};
    b->truth = desc->truth ? *desc->truth : *desc->sheet;
    b->width_px = given_or(desc->width_px, c->width_px);
    b->height_px = given_or(desc->height_px, c->height_px);
    if (b->width_px == 0) b->width_px = (uint32_t)bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX);
    if (b->height_px == 0) b->height_px = (uint32_t)bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX);
    if (!takes_every_read(c)) bench_leave_one_read(b);
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
    return bt_folder_make(desc->out);
}

static bt_status write_note(const bench *b)
{
    bench_text text = {0};
    bool one_read = b->desc->sheet->read_count > 1 && b->sheet.read_count == 0;
    bench_print(&text, "chart %s\ncamera %s\n", b->desc->chart, b->desc->sheet->name);
    if (b->desc->truth) bench_print(&text, "true values of %s\n", b->desc->truth->name);
    if (one_read) bench_print(&text, "the first read alone, linear\n");
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

bt_status bt_bench_run(const bt_bench_desc *desc, bt_bench_result *result)
{
    *result = (bt_bench_result){0};
    const chart *c = find_chart(desc->chart);
    if (!c) return unknown_chart(desc->chart);
    bench *b = bt_alloc(1, sizeof *b);
    if (!b) return bt_fail(BT_ERR_MEMORY, "no memory for the bench");
    bt_status status = bench_begin(b, desc, c);
    if (status == BT_OK) status = c->run(b);
    if (status == BT_OK) status = bench_write_rows(b);
    if (status == BT_OK) status = write_note(b);
    if (status == BT_OK && desc->report) status = bench_write_report(b);
    if (status == BT_OK) result->scored = bench_scored(b, &result->failed);
    bench_clear(b);
    bt_free(b);
    return status;
}
