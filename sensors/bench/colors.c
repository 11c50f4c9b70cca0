// colors.c: the 24 patches of a ColorChecker under four lights: counts of each raw channel.
//
// The patches hang in the middle of a closed box whose walls all shine alike: each patch gets pi times
// that radiance and sends back its reflectance of it, whatever way it is turned.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"

#define PATCHES 24
#define COLUMNS 6
#define ROWS 4
#define DISTANCE_M 1.0
#define BOX_M 4.0
#define FILL 0.7  // chosen: of saturation, the brightest patch in the brightest band
#define INNER 0.3 // of a cell to each side of its middle: what is measured

static const char *const patch_names[PATCHES] = {"dark skin",
                                                 "light skin",
                                                 "blue sky",
                                                 "foliage",
                                                 "blue flower",
                                                 "bluish green",
                                                 "orange",
                                                 "purplish blue",
                                                 "moderate red",
                                                 "purple",
                                                 "yellow green",
                                                 "orange yellow",
                                                 "blue",
                                                 "green",
                                                 "red",
                                                 "yellow",
                                                 "magenta",
                                                 "cyan",
                                                 "white 9.5 (.05 D)",
                                                 "neutral 8 (.23 D)",
                                                 "neutral 6.5 (.44 D)",
                                                 "neutral 5 (.70 D)",
                                                 "neutral 3.5 (1.05 D)",
                                                 "black 2 (1.5 D)"};

typedef struct lamp_info {
    const char *name, *file, *column;
} lamp_info;

static const lamp_info lamps[] = {{"D65", "illuminants_5nm.csv", "d65"},
                                  {"A", "illuminants_5nm.csv", "a"},
                                  {"LED-B3", "lamps_5nm.csv", "led_b3"},
                                  {"HP1", "lamps_5nm.csv", "sodium_high_pressure"}};
#define LAMP_COUNT (sizeof lamps / sizeof *lamps)

typedef struct colors {
    bench *b;
    float reflectance[PATCHES][BT_SPECTRUM_BINS];
    float light[BT_SPECTRUM_BINS];
    bench_text table;
} colors;

static bt_status read_spectrum(const bench *b, const char *file, const char *column, float *out)
{
    char path[4096], name[128];
    snprintf(name, sizeof name, "spectra/%s", file);
    bt_status status = bt_path_join(path, sizeof path, b->desc->assets, name);
    return status == BT_OK ? bt_spectrum_read_csv(path, column, out) : status;
}

static uint32_t add_table(lab *l, const float *table)
{
    double nm[BT_SPECTRUM_BINS], values[BT_SPECTRUM_BINS];
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        nm[i] = bt_spectrum_bin_nm(i);
        values[i] = (double)table[i];
    }
    return lab_spectrum(l, nm, values, BT_SPECTRUM_BINS);
}

// Corner of cell (column, row) of the picture's grid, in the chart's plane.
static bt_vec3 cell_corner(const bench *b, double column, double row)
{
    bt_vec3 d = bench_unproject(&b->truth, column * b->width_px / COLUMNS - 0.5,
                                row * b->height_px / ROWS - 0.5);
    return bt_vec3_scale(d, DISTANCE_M / d.z);
}

static void hang_patch(lab *l, const colors *c, int patch)
{
    int column = patch % COLUMNS, row = patch / COLUMNS;
    uint32_t material = lab_matte(l, add_table(l, c->reflectance[patch]));
    bt_vec3 corners[4] = {cell_corner(c->b, column, row), cell_corner(c->b, column + 1, row),
                          cell_corner(c->b, column + 1, row + 1),
                          cell_corner(c->b, column, row + 1)};
    lab_quad(l, material, corners);
}

static bt_status render(const colors *c, const bench_shot *shot, uint64_t number, bt_film **film,
                        double *spread)
{
    lab l;
    lab_begin(&l, c->b);
    l.max_depth = 2; // a patch, and the box that lights it
    lab_box(&l, lab_lamp(&l, add_table(&l, c->light), 1.0), BOX_M);
    for (int patch = 0; patch < PATCHES; patch++)
        hang_patch(&l, c, patch);
    lab_finish(&l);
    bt_status status = lab_film(&l, shot->camera, &shot->view, NULL, number, film, spread);
    lab_clear(&l);
    return status;
}

// ---- measuring --------------------------------------------------------------------------------
static bench_rect inner_of(const bench *b, int patch)
{
    double x = (patch % COLUMNS + 0.5) * b->width_px / COLUMNS;
    double y = (patch / COLUMNS + 0.5) * b->height_px / ROWS;
    double w = INNER * b->width_px / COLUMNS, h = INNER * b->height_px / ROWS;
    return (bench_rect){(uint32_t)(x - w), (uint32_t)(y - h), (uint32_t)(x + w), (uint32_t)(y + h)};
}

// Mean relative illumination of a rectangle.
static double fall_off(const bench *b, bench_rect r)
{
    double sum = 0.0;
    for (uint32_t y = r.y0; y < r.y1; y++)
        for (uint32_t x = r.x0; x < r.x1; x++) {
            bt_vec3 d = bench_unproject(&b->truth, x, y);
            sum += bench_illumination(&b->truth, atan2(hypot(d.x, d.y), d.z));
        }
    return sum / ((double)(r.x1 - r.x0) * (r.y1 - r.y0));
}

// Standard error of the light in a patch's mean, e/s.
static double light_error(const bt_film *film, uint32_t band, bench_rect r)
{
    double sum = 0.0;
    for (uint32_t y = r.y0; y < r.y1; y++)
        for (uint32_t x = r.x0; x < r.x1; x++)
            sum += (double)film
                       ->variance_e2_s2[((size_t)y * film->width_px + x) * film->band_count + band];
    return sqrt(sum) / ((double)(r.x1 - r.x0) * (r.y1 - r.y0));
}

// One patch, one plane. The allowed deviation is 0.3 % of the spectral integral, or three standard
// errors of shot noise, read noise and fixed pattern over the pixels and frames, where these are more.
static bt_status add_patch(colors *c, const lamp_info *lamp, const bench_shot *shot,
                           const bt_film *film, const double dark[4], int patch, uint32_t plane)
{
    bench *b = c->b;
    uint32_t band = bench_plane_band(&b->sheet, plane), count = 0;
    bench_rect rect = inner_of(b, patch);
    double exposure = shot->state.exposure.exposure_s, fall = fall_off(b, rect);
    double gain = bench_gain_dn_e(&b->truth, shot->state.exposure.analog_gain);
    double truth = bench_rate_e_s(b, band, c->light, c->reflectance[patch]) * fall * exposure;
    double mean = bench_rect_mean(b, shot, plane, rect, &count);
    double measured = (mean - dark[plane]) / gain;
    double sigma = bench_dark_sigma_e(&b->truth), prnu = bt_sheet_get(&b->truth, BT_SHEET_PRNU);
    double dsnu = bt_sheet_get(&b->truth, BT_SHEET_DSNU_E);
    double frames = (truth + sigma * sigma + 1.0 / (12.0 * gain * gain)) / b->reads;
    double error = sqrt((frames + prnu * prnu * truth * truth + dsnu * dsnu) / count);
    double allowed = fmax(0.003 * truth, 3.0 * error);
    char where[40];
    const char *name = bench_plane_name(&b->sheet, plane);
    snprintf(where, sizeof where, "%s/%d/%s", lamp->name, patch + 1, name);
    bench_print(&c->table, "%s,%d,%s,%s,%.9g,%.9g,%.9g,%.9g\n", lamp->name, patch + 1,
                patch_names[patch], name, exposure, fall, mean, dark[plane]);
    return bench_add(b, "raw", where, "e", truth, allowed, allowed,
                     light_error(film, band, rect) * exposure, measured);
}

static double brightest(const bench *b, const bt_film *film)
{
    double most = 0.0;
    size_t count = (size_t)b->width_px * b->height_px * film->band_count;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, (double)film->rate_e_s[i]);
    return most;
}

static bt_status read_dark(const bench *b, bench_shot *shot, double dark[4])
{
    bt_film *cap = NULL;
    bench_rect all = {0, 0, b->width_px, b->height_px};
    bt_status status = bt_film_create(b->width_px, b->height_px, b->sheet.band_count, &cap);
    if (status == BT_OK) status = bench_shot_read(b, shot, cap, b->reads);
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++)
        dark[plane] = bench_rect_mean(b, shot, plane, all, NULL);
    bt_film_destroy(cap);
    return status;
}

static bt_status measure_lamp(colors *c, size_t index)
{
    bench *b = c->b;
    bench_shot shot;
    bt_film *film = NULL;
    double spread[BT_VIEW_MAX_BANDS], dark[4];
    char name[64];
    bt_status status = read_spectrum(b, lamps[index].file, lamps[index].column, c->light);
    bt_status begun = bench_shot_begin(b, &shot);
    if (status == BT_OK) status = begun;
    if (status == BT_OK) status = render(c, &shot, index, &film, spread);
    if (status == BT_OK) {
        double full = bench_saturation_e(&b->truth, shot.state.exposure.analog_gain);
        shot.state.exposure.exposure_s = FILL * full / brightest(b, film);
        status = read_dark(b, &shot, dark);
    }
    if (status == BT_OK) status = bench_shot_read(b, &shot, film, b->reads);
    for (int patch = 0; patch < PATCHES; patch++)
        for (uint32_t plane = 0; plane < bench_plane_count(&b->sheet) && status == BT_OK; plane++)
            status = add_patch(c, &lamps[index], &shot, film, dark, patch, plane);
    // after one matrix to colour, as the judge of colour fits it
    if (status == BT_OK)
        status = bench_add(b, "delta_E00", lamps[index].name, "", 0.0, 0.3, 0.3, 0.0, NAN);
    snprintf(name, sizeof name, "raw_%s.tiff", lamps[index].name);
    if (status == BT_OK) status = bench_write_tiff(b, name, b->width_px, b->height_px, shot.raw);
    bt_film_destroy(film);
    bench_shot_clear(&shot);
    return status;
}

static bt_status plot(bench *b)
{
    size_t index;
    bt_status status = bench_plot_begin(b, "Raw means of all patches, lights and channels",
                                        "spectral integral, e", "off by, %", true, false, &index);
    for (size_t i = 0; i < b->row_count && status == BT_OK; i++)
        if (b->rows[i].value > 0.0)
            status = bench_plot_add(b, index, "patches", false, b->rows[i].value,
                                    100.0 * (b->rows[i].measured / b->rows[i].value - 1.0));
    return status;
}

bt_status bench_colors(bench *b)
{
    colors c = {.b = b};
    double x = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX) - b->width_px);
    double y = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX) - b->height_px);
    bench_window(b, floor(x), floor(y), b->width_px, b->height_px);
    bench_print(&c.table,
                "light,patch,name,plane,exposure_s,relative_illumination,raw_dn,dark_dn\n");
    bt_status status = BT_OK;
    for (int patch = 0; patch < PATCHES && status == BT_OK; patch++)
        status =
            read_spectrum(b, "colour_checker_10nm.csv", patch_names[patch], c.reflectance[patch]);
    size_t count = b->steps < LAMP_COUNT ? b->steps : LAMP_COUNT;
    for (size_t i = 0; i < count && status == BT_OK; i++)
        status = measure_lamp(&c, i);
    if (status == BT_OK) status = plot(b);
    bt_status written = bench_text_write(b, &c.table, "patches.csv");
    return status != BT_OK ? status : written;
}
