// colors.c: the 24 patches of a ColorChecker under four lights: counts of each raw channel.
//
// What differs from pixel to pixel is taken off, as a laboratory does: dark frames, and what each pixel is
// above or below all of its band in even light. What a patch's mean may then be off by, has four causes:
// the light's sampling, the noise of its frames and of the dark ones, that of the pattern's, and the
// pattern's own mean: all pixels of a window together are not the sensor's average, which nobody can tell
// from quantum efficiency. A patch sends the same light to all of its pixels, but for the lens's fall-off: each
// gets the mean, of whatever filter it is.
//
// The patches hang in the middle of a closed box whose walls all shine alike: each patch gets pi times
// that radiance and sends back its reflectance of it, whatever way it is turned.
#include "sensors/bench/lab.h"
#include "sensors/bench/read_model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"

#define PATCH_FILE "colour_checker_10nm.csv"
#define PATCHES 24
#define COLUMNS 6
#define ROWS 4
#define DISTANCE_M 1.0
#define BOX_M 4.0
// chosen: of saturation, the brightest patch in its band: more than read noise of a dark patch, and shot
// noise still hides the light's
#define FILL 0.08
#define PATTERN_FILL 0.5
#define LIGHTNESS (116.0 / 3.0) // of L* for a relative change of Y; of dark patches less
#define SIGMAS 4.0              // of 384 quantities one fails by chance in 40 runs
#define LEAST_CELL_PX 8         // chosen: 16 pixels or more of it are then its own

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
    char patch_names[PATCHES][BT_SPECTRUM_NAME_MAX];
    double *dark, *pattern; // (height x width): counts; factor of a pixel on its band's mean
    double pattern_noise[BT_VIEW_MAX_BANDS]; // what frames leave of it in one pixel, relative
    double scale;                            // of the light's table
    double reach_px;                         // from a pixel's middle to where it gathers light
    double light_error_e_s[PATCHES][BT_VIEW_MAX_BANDS]; // of a patch's pixels together
    double worst_error;                                 // of this light's patches: relative
    bench_text table;
} colors;

static bt_status read_spectrum(const bench *b, const char *file, const char *column, float *out)
{
    char path[4096], name[128];
    snprintf(name, sizeof name, "spectra/%s", file);
    bt_status status = bt_path_join(path, sizeof path, b->desc->assets, name);
    return status == BT_OK ? bt_spectrum_read_csv(path, column, out) : status;
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
    uint32_t material = lab_matte(l, lab_table(l, c->reflectance[patch]));
    bt_vec3 corners[4] = {cell_corner(c->b, column, row), cell_corner(c->b, column + 1, row),
                          cell_corner(c->b, column + 1, row + 1),
                          cell_corner(c->b, column, row + 1)};
    lab_quad(l, material, corners);
}

static bt_status render(const colors *c, const bench_shot *shot, uint64_t number, lab_light *light)
{
    lab l;
    lab_begin(&l, c->b);
    l.max_depth = 2; // a patch, and the box that lights it
    lab_box(&l, lab_lamp(&l, lab_table(&l, c->light), 1.0), BOX_M);
    for (int patch = 0; patch < PATCHES; patch++)
        hang_patch(&l, c, patch);
    lab_finish(&l);
    bt_status status = lab_film(&l, shot->camera, &shot->view, NULL, number, light);
    lab_clear(&l);
    return status;
}

// ---- measuring --------------------------------------------------------------------------------
// Pixels that get light of their own patch alone.
static void inner_span(double side_px, int cells, int cell, double reach_px, uint32_t *from,
                       uint32_t *to)
{
    *from = (uint32_t)ceil(cell * side_px / cells - 0.5 + reach_px);
    *to = (uint32_t)floor((cell + 1) * side_px / cells - 0.5 - reach_px) + 1;
}

static bench_rect inner_of(const colors *c, int patch)
{
    bench_rect r;
    inner_span(c->b->width_px, COLUMNS, patch % COLUMNS, c->reach_px, &r.x0, &r.x1);
    inner_span(c->b->height_px, ROWS, patch / COLUMNS, c->reach_px, &r.y0, &r.y1);
    return r;
}

// ---- fixed pattern ----------------------------------------------------------------------------
static bt_status read_dark(colors *c, bench_shot *shot)
{
    bt_film *cap = NULL;
    bt_status status = bench_cap(c->b, shot, &cap);
    if (status == BT_OK) status = bench_shot_read(c->b, shot, cap, c->b->reads);
    size_t pixels = (size_t)c->b->width_px * c->b->height_px;
    if (status == BT_OK) memcpy(c->dark, shot->mean, pixels * sizeof *c->dark);
    bt_film_destroy(cap);
    return status;
}

// A sheet's promise of counts, in light and without.
typedef struct promise {
    double above_dn, variance_dn2; // of both frames
    double gain_dn_e, prnu;
} promise;

static promise promise_of(const bench *b, const bench_shot *shot, uint32_t band, double rate_e_s)
{
    const bt_camera_exposure *exposure = &shot->state.exposure;
    read_model m;
    read_model_make(&b->truth, exposure->exposure_s, exposure->analog_gain, band, 1.0, &m);
    read_signal bright = read_model_signal(&m, read_model_raw(&m), rate_e_s);
    read_signal unlit = read_model_signal(&m, read_model_raw(&m), 0.0);
    return (promise){.above_dn = bright.mean_dn - unlit.mean_dn,
                     .variance_dn2 = bright.variance_dn2 + unlit.variance_dn2,
                     .gain_dn_e = m.reads[0].gain_dn_e,
                     .prnu = m.reads[0].prnu};
}

static void set_pattern(colors *c, const bench_shot *shot)
{
    const bench *b = c->b;
    for (uint32_t band = 0; band < b->sheet.band_count; band++) {
        double sum = 0.0, count = 0.0;
        promise even = promise_of(b, shot, band, bench_rate_e_s(b, band, bt_illuminant_d65, NULL));
        c->pattern_noise[band] = sqrt(even.variance_dn2 / b->reads) / even.above_dn;
        for (int pass = 0; pass < 2; pass++)
            for (size_t at = 0; at < (size_t)b->width_px * b->height_px; at++) {
                uint32_t x = (uint32_t)(at % b->width_px), y = (uint32_t)(at / b->width_px);
                double own = shot->mean[at] - c->dark[at];
                if (bt_sheet_band(&b->sheet, x, y) != band) continue;
                if (pass == 1) c->pattern[at] = own * count / sum;
                sum += pass == 0 ? own : 0.0;
                count += pass == 0 ? 1.0 : 0.0;
            }
    }
}

// A diffuser on the sensor: the light of the box, the same everywhere, up to PATTERN_FILL.
static bt_status learn_pattern(colors *c)
{
    bench *b = c->b;
    bench_shot shot;
    lab_light even = {0};
    lab l;
    bt_status status = bench_shot_begin(b, &shot);
    lab_begin(&l, b);
    l.only_shines = true;
    lab_box(&l, lab_lamp(&l, lab_table(&l, bt_illuminant_d65), 1.0), BOX_M);
    lab_finish(&l);
    double most = 0.0;
    for (uint32_t band = 0; band < b->truth.band_count; band++)
        most = fmax(most, bench_rate_e_s(b, band, bt_illuminant_d65, NULL));
    if (status == BT_OK) {
        double full_e = bench_saturation_e(&b->truth, shot.state.exposure.analog_gain);
        bench_shot_expose(&shot, PATTERN_FILL * full_e / most);
        status = lab_film(&l, shot.camera, &shot.view, NULL, LAMP_COUNT, &even);
    }
    if (status == BT_OK) lab_light_even(&even);
    if (status == BT_OK) status = read_dark(c, &shot);
    if (status == BT_OK) status = bench_shot_read(b, &shot, even.film, b->reads);
    if (status == BT_OK) set_pattern(c, &shot);
    lab_light_clear(&even);
    lab_clear(&l);
    bench_shot_clear(&shot);
    return status;
}

// ---- patches ----------------------------------------------------------------------------------
static bool in_plane(const bench *b, uint32_t plane, uint32_t x, uint32_t y)
{
    uint32_t step = b->sheet.band_count == 1 ? 1 : 2;
    return x % step == plane % 2 * (step - 1) && y % step == plane / 2 * (step - 1);
}

// Mean over a patch of counts above dark, without the pattern.
static double patch_counts(const colors *c, const bench_shot *shot, uint32_t plane, bench_rect r,
                           uint32_t *count)
{
    const bench *b = c->b;
    double sum = 0.0;
    *count = 0;
    for (uint32_t y = r.y0; y < r.y1; y++)
        for (uint32_t x = r.x0; x < r.x1; x++) {
            size_t at = (size_t)y * b->width_px + x;
            if (!in_plane(b, plane, x, y)) continue;
            sum += (shot->mean[at] - c->dark[at]) / c->pattern[at];
            ++*count;
        }
    return sum / *count;
}

// Standard error of the light of all pixels of a patch together, e/s. From n of them it is known to
// 1 / sqrt(2 n), so that SIGMAS of a normal error are more of this one: Student's t, by the first term of
// Cornish and Fisher's expansion (Abramowitz and Stegun 1964, 26.7.5).
static double light_error(const lab_light *light, uint32_t band, bench_rect r)
{
    double squares = 0.0, all = (double)(r.x1 - r.x0) * (r.y1 - r.y0);
    for (uint32_t y = r.y0; y < r.y1; y++)
        for (uint32_t x = r.x0; x < r.x1; x++)
            squares += pow(bench_rate(light->half, band, x, y), 2.0);
    return sqrt(squares) / all * (1.0 + (SIGMAS * SIGMAS + 1.0) / (4.0 * all));
}

// Each patch's light becomes the same all over it.
static void even_patches(colors *c, lab_light *light)
{
    for (int patch = 0; patch < PATCHES; patch++) {
        bench_rect rect = inner_of(c, patch);
        for (uint32_t band = 0; band < c->b->sheet.band_count; band++)
            c->light_error_e_s[patch][band] = light_error(light, band, rect);
        lab_light_even_rect(light, rect);
    }
}

// Standard error of a patch's mean, DN: `count` pixels of a plane.
static double patch_error(const colors *c, promise p, uint32_t band, uint32_t count,
                          double light_dn)
{
    const bench *b = c->b;
    uint32_t step = b->sheet.band_count == 1 ? 1 : 2, planes = 0;
    for (uint32_t plane = 0; plane < bench_plane_count(&b->sheet); plane++)
        planes += bench_plane_band(&b->sheet, plane) == band;
    double pixels = (double)planes * b->width_px * b->height_px / (step * step);
    double frames = p.variance_dn2 / ((double)b->reads * count);
    double pattern =
        p.above_dn * p.above_dn *
        (c->pattern_noise[band] * c->pattern_noise[band] / count + p.prnu * p.prnu / pixels);
    return sqrt(light_dn * light_dn + frames + pattern);
}

// One patch, one plane. The allowed deviation is 0.3 % of the spectral integral, or so many standard errors
// where these are more. What is fused cuts noise off at its black, in the dark: the closed form has it, too.
static bt_status add_patch(colors *c, const lamp_info *lamp, const bench_shot *shot, int patch,
                           uint32_t plane)
{
    bench *b = c->b;
    uint32_t band = bench_plane_band(&b->sheet, plane), count = 0;
    bench_rect rect = inner_of(c, patch);
    double exposure = shot->state.exposure.exposure_s,
           fall = bench_rect_illumination(&b->truth, rect);
    promise p =
        promise_of(b, shot, band, bench_rate_e_s(b, band, c->light, c->reflectance[patch]) * fall);
    double truth = p.above_dn / p.gain_dn_e;
    double above_dn = patch_counts(c, shot, plane, rect, &count);
    double own = c->light_error_e_s[patch][band] * exposure;
    double error_dn = patch_error(c, p, band, count, own * p.gain_dn_e);
    c->worst_error = fmax(c->worst_error, truth > 0.0 ? own / truth : 0.0);
    double allowed = fmax(0.003 * truth, SIGMAS * error_dn / p.gain_dn_e);
    char where[40];
    const char *name = bench_plane_name(&b->sheet, plane);
    snprintf(where, sizeof where, "%s/%d/%s", lamp->name, patch + 1, name);
    bench_print(&c->table, "%s,%d,%s,%s,%.9g,%.9g,%.9g,%.3g\n", lamp->name, patch + 1,
                c->patch_names[patch], name, exposure * c->scale, fall, above_dn, error_dn);
    return bench_add(b, "raw", where, "e", truth, allowed, allowed, own, above_dn / p.gain_dn_e);
}

// Brings the light to where the brightest patch fills its pixels to FILL in the longest exposure, by the
// spectral integral; gives what the table is multiplied by. (A short one may be a small part of what all
// reads take, and then costs samples.)
static double dim(colors *c, double analog_gain, double exposure_s)
{
    double most = 0.0;
    for (uint32_t band = 0; band < c->b->truth.band_count; band++)
        for (int patch = 0; patch < PATCHES; patch++)
            most = fmax(most, bench_rate_e_s(c->b, band, c->light, c->reflectance[patch]));
    double scale = FILL * bench_saturation_e(&c->b->truth, analog_gain) / (most * exposure_s);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        c->light[i] = (float)(scale * (double)c->light[i]);
    return scale;
}

static bt_status measure_lamp(colors *c, size_t index)
{
    bench *b = c->b;
    bench_shot shot;
    lab_light light = {0};
    char name[64];
    bt_status status = read_spectrum(b, lamps[index].file, lamps[index].column, c->light);
    c->worst_error = 0.0;
    bt_status begun = bench_shot_begin(b, &shot);
    if (status == BT_OK) status = begun;
    if (status == BT_OK) {
        double longest_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S);
        c->scale = dim(c, shot.state.exposure.analog_gain, longest_s);
        bench_shot_expose(&shot, longest_s);
        // of the renderer's Gaussian (engine/render/eye_make.c)
        c->reach_px = fmin(3.0 * (double)shot.view.filter_sigma_px, 2.0);
        status = render(c, &shot, index, &light);
    }
    if (status == BT_OK) status = lab_check_light(b, &light, shot.state.exposure.exposure_s);
    if (status == BT_OK) even_patches(c, &light);
    if (status == BT_OK) status = read_dark(c, &shot);
    if (status == BT_OK) status = bench_shot_read(b, &shot, light.film, b->reads);
    for (int patch = 0; patch < PATCHES; patch++)
        for (uint32_t plane = 0; plane < bench_plane_count(&b->sheet) && status == BT_OK; plane++)
            status = add_patch(c, &lamps[index], &shot, patch, plane);
    // after one matrix to colour, as the judge of colour fits it
    if (status == BT_OK)
        status = bench_add(b, "delta_E00", lamps[index].name, "", 0.0, 0.3, 0.3,
                           LIGHTNESS * c->worst_error, NAN);
    snprintf(name, sizeof name, "raw_%s.tiff", lamps[index].name);
    if (status == BT_OK) status = bench_write_tiff(b, name, b->width_px, b->height_px, shot.raw);
    lab_light_clear(&light);
    bench_shot_clear(&shot);
    return status;
}

static bt_status plot(bench *b)
{
    size_t index;
    bt_status status =
        bench_plot_begin(b, "Raw means of all patches, lights and channels", "spectral integral, e",
                         "off by, of what is allowed", true, false, &index);
    for (size_t i = 0; i < b->row_count && status == BT_OK; i++) {
        const bench_row *row = &b->rows[i];
        if (row->value > 0.0)
            status = bench_plot_add(b, index, "patches", BENCH_DOTS, row->value,
                                    (row->measured - row->value) / row->above);
    }
    for (int side = -1; side <= 1 && status == BT_OK; side += 2)
        status = bench_plot_level(b, index, side < 0 ? "least allowed" : "most allowed", side);
    return status;
}

static bt_status set_up(colors *c)
{
    bench *b = c->b;
    char path[4096];
    uint32_t found = 0;
    size_t pixels = (size_t)b->width_px * b->height_px;
    c->dark = bt_alloc(pixels, sizeof *c->dark);
    c->pattern = bt_alloc(pixels, sizeof *c->pattern);
    if (!c->dark || !c->pattern) return bt_fail(BT_ERR_MEMORY, "no memory for %zu pixels", pixels);
    bt_status status = bt_path_join(path, sizeof path, b->desc->assets, "spectra/" PATCH_FILE);
    if (status == BT_OK) status = bt_spectrum_csv_names(path, PATCHES, c->patch_names, &found);
    if (status == BT_OK && found != PATCHES)
        return bt_fail(BT_ERR_INPUT, "%s: %u columns: expected %d patches", path, found, PATCHES);
    for (int patch = 0; patch < PATCHES && status == BT_OK; patch++)
        status = read_spectrum(b, PATCH_FILE, c->patch_names[patch], c->reflectance[patch]);
    return status;
}

bt_status bench_colors(bench *b)
{
    colors c = {.b = b};
    if (b->width_px < COLUMNS * LEAST_CELL_PX || b->height_px < ROWS * LEAST_CELL_PX)
        return bt_fail(BT_ERR_INPUT, "colors at %u x %u: expected at least %d x %d: 24 patches",
                       b->width_px, b->height_px, COLUMNS * LEAST_CELL_PX, ROWS * LEAST_CELL_PX);
    double x = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX) - b->width_px);
    double y = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX) - b->height_px);
    bench_window(b, floor(x), floor(y), b->width_px, b->height_px);
    // what a patch gets of its neighbours' light is for edges and flare to measure
    bench_sharpen_lens(b);
    bench_print(&c.table, "light,patch,name,plane,exposure_s,relative_illumination,above_dark_dn,"
                          "error_dn\n");
    bt_status status = set_up(&c);
    if (status == BT_OK) status = learn_pattern(&c);
    size_t count = b->steps < LAMP_COUNT ? b->steps : LAMP_COUNT;
    for (size_t i = 0; i < count && status == BT_OK; i++)
        status = measure_lamp(&c, i);
    if (status == BT_OK) status = plot(b);
    bt_free(c.dark);
    bt_free(c.pattern);
    bt_status written = bench_text_write(b, &c.table, "patches.csv");
    return status != BT_OK ? status : written;
}
