// edges.c: slanted squares over the field, at several wavelengths and distances: modulation transfer
// (ISO 12233's e-SFR) against what the sheet's pupil promises, and lateral colour.
//
// At each place the array is windowed: a dark square turned by 5 degrees on a light ground, contrast 4
// to 1, so that all four edges can be used; printed so that the lens shows its edges straight. Frames are read and
// averaged; the picture is the plane of the mosaic that answers most, so its frequency axis is scaled by 2 (a mono
// sensor: by 1). The ground alone is photographed, too, by which evaluators divide (fall-off, fixed pattern).
// The lens is clean: scatter and ghosts are left out, for a veil wider than the window is flare's to
// measure. Of what diffraction throws, too, true values count only what lies within the window.
//
// Steps, in this order: three places on the diagonal, each at three wavelengths; near and far on the axis, of a lens
// that has a focus; then 5 x 5 places at three wavelengths and three distances: camera.md 4, row 5, whole.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "sensors/bench/esfr.h"
#include "sensors/bench/pupil_mtf.h"

#define TURN_DEG 5.0
#define CONTRAST 4.0
#define FILL 0.2            // chosen: of saturation, the light ground
#define SQUARE 0.25         // half a side, of the window: esfr.h
#define PARTS 16            // straight ones of a printed edge
#define DISTANCE_M 5.0      // along the axis, of a lens that is sharp everywhere
#define BLUR_PX 2.0         // chosen: diameter of the disc that the near chart is blurred by
#define FAR 10.0            // chosen: the far chart, in focus distances
#define STEEPEST_DEG 70.0   // chosen: farthest off the axis that a flat chart is looked at
#define TRUTH_STEP 5        // of ESFR_STEP: where the closed form is asked
#define MTF50_STEPS 3       // of false position: 1e-6 cycles per pixel
#define COLOR_LIMIT_PX 0.02 // camera.md 4, row 5, as the next two
#define MTF_LIMIT 0.01
#define MTF50_LIMIT 0.005
#define EDGES 4
#define LATTICE 5 // places of the whole field, along each side

typedef struct setup {
    double across,
        down; // -1: the window at the array's left, upper end; 0: in its middle; 1: at its right, lower end
    double nm;         // of the tables
    double distance_m; // along the axis
    bool moved;        // out of focus
    bool field;        // of the whole field
} setup;

typedef struct edges {
    bench *b, own; // own: as it was, before any window
    setup at;
    uint32_t number; // of it
    char name[40];
    bench_shot shot;
    uint32_t plane, band;
    pupil_mtf mtf[EDGES]; // of the square
    lab_light light[2];   // square, ground
    double *samples;      // of a plane
    double *mean[2];      // (height x width): frames above black, of square and ground
    double green_px[2];   // middle of the square at this place, at the first wavelength
    bench_text list;
    size_t plot;
} edges;

static const double waves_nm[] = {530.0, 450.0, 620.0};
static const double places[] = {0.7, 0.0,
                                1.0}; // towards a corner: lateral colour is seen off the axis
#define WAVES ((uint32_t)(sizeof waves_nm / sizeof *waves_nm))
#define PLACES ((uint32_t)(sizeof places / sizeof *places))
#define IN_FOCUS (WAVES * PLACES)

// ---- what is photographed ---------------------------------------------------------------------
static double focus_m(const bench *b)
{
    return bt_sheet_get(&b->truth, BT_SHEET_FOCUS_M);
}

// At this distance a point's disc is BLUR_PX wide: f^2 / (N (s - f)) (s - d) / d.
static double near_m(const bench *b)
{
    double s = focus_m(b), pitch_m = bt_sheet_get(&b->truth, BT_SHEET_PIXEL_PITCH_M);
    double f = bt_sheet_get(&b->truth, BT_SHEET_FX_PX) * pitch_m;
    double all = f * f / (bt_sheet_get(&b->truth, BT_SHEET_F_NUMBER) * (s - f));
    return s / (1.0 + BLUR_PX * pitch_m / all);
}

static uint32_t moved_count(const bench *b)
{
    return focus_m(b) > 0.0 ? 2 : 0;
}

static uint32_t setup_count(const bench *b)
{
    return IN_FOCUS + moved_count(b) + LATTICE * LATTICE * WAVES * (1 + moved_count(b));
}

// 0: in focus; 1: near; 2: far.
static double chart_m(const bench *b, uint32_t which)
{
    double sharp = focus_m(b) > 0.0 ? focus_m(b) : DISTANCE_M;
    if (which == 0) return sharp;
    return which == 1 ? near_m(b) : FAR * sharp;
}

static setup setup_of(const bench *b, uint32_t number)
{
    setup s = {.distance_m = chart_m(b, 0), .nm = waves_nm[number % WAVES]};
    if (number < IN_FOCUS) {
        s.across = s.down = -places[number / WAVES];
    } else if (number < IN_FOCUS + moved_count(b)) {
        s.moved = true;
        s.nm = waves_nm[0];
        s.distance_m = chart_m(b, number - IN_FOCUS + 1);
    } else {
        uint32_t rest = number - IN_FOCUS - moved_count(b), place = rest / WAVES;
        uint32_t which = place / (LATTICE * LATTICE), column = place % LATTICE;
        uint32_t row = place / LATTICE % LATTICE;
        s.field = true;
        s.nm = waves_nm[rest % WAVES];
        s.moved = which > 0;
        s.distance_m = chart_m(b, which);
        s.across = 2.0 * column / (LATTICE - 1.0) - 1.0;
        s.down = 2.0 * row / (LATTICE - 1.0) - 1.0;
    }
    s.nm = bench_nearest_bin_nm(s.nm);
    return s;
}

static bt_vec3 on_chart(const edges *e, double x_px, double y_px)
{
    bt_vec3 d = bench_unproject(&e->b->truth, x_px, y_px);
    return bt_vec3_scale(d, e->at.distance_m / d.z);
}

// A place of the square's outline, counted in sides from its left top, clockwise as the picture shows it.
static bt_vec3 on_outline(const edges *e, double sides)
{
    static const double corner[5][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    const bench *b = e->b;
    double half = SQUARE * fmin(b->width_px, b->height_px), turn = TURN_DEG * BT_RAD_PER_DEG;
    int side = (int)fmin(sides, 3.0);
    double x = half * bt_lerp(corner[side][0], corner[side + 1][0], sides - side);
    double y = half * bt_lerp(corner[side][1], corner[side + 1][1], sides - side);
    return on_chart(e, 0.5 * (b->width_px - 1.0) + x * cos(turn) - y * sin(turn),
                    0.5 * (b->height_px - 1.0) + x * sin(turn) + y * cos(turn));
}

static void hang_square(lab *l, const edges *e, uint32_t dark)
{
    const bench *b = e->b;
    bt_vec3 corners[4 * PARTS][3];
    uint32_t materials[4 * PARTS];
    for (int i = 0; i < 4 * PARTS; i++) {
        corners[i][0] = on_chart(e, 0.5 * (b->width_px - 1.0), 0.5 * (b->height_px - 1.0));
        corners[i][1] = on_outline(e, (i + 1.0) / PARTS);
        corners[i][2] = on_outline(e, (double)i / PARTS);
        materials[i] = dark;
    }
    lab_mesh(l, corners[0], materials, 4 * PARTS, NULL);
}

// A hair behind the square, and far beyond the window.
static void hang_ground(lab *l, const edges *e, uint32_t light)
{
    double reach = 2.0 * e->at.distance_m * (1.0 + tan(bench_corner_rad(&e->b->truth)));
    lab_panel(l, light, (bt_vec3){-reach, -reach, e->at.distance_m * (1.0 + 1e-5)},
              (bt_vec3){2.0 * reach, 0, 0}, (bt_vec3){0, 2.0 * reach, 0});
}

// ---- pictures ---------------------------------------------------------------------------------
static uint32_t best_plane(const bench *b, double nm)
{
    uint32_t best = 0;
    for (uint32_t plane = 1; plane < bench_plane_count(&b->sheet); plane++)
        if (bench_qe(&b->truth, bench_plane_band(&b->truth, plane), nm) >
            bench_qe(&b->truth, bench_plane_band(&b->truth, best), nm))
            best = plane;
    return best;
}

static uint32_t plane_step(const bench *b)
{
    return b->sheet.band_count == 1 ? 1 : 2;
}

// The frames' plane above black, scaled as bench_write_linear does.
static bt_status write_plane(const edges *e, int subject)
{
    const bench *b = e->b;
    uint32_t width, height, step = plane_step(b);
    double scale = bench_linear_scale(b);
    char file[80], path[4096];
    bench_plane_size(b, &width, &height);
    uint16_t *pixels = bt_alloc((size_t)width * height, sizeof *pixels);
    if (!pixels) return bt_fail(BT_ERR_MEMORY, "no memory for an image of %u x %u", width, height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            size_t at = (size_t)(y * step + e->plane / 2) * b->width_px + x * step + e->plane % 2;
            pixels[(size_t)y * width + x] =
                (uint16_t)bt_clamp(e->mean[subject][at] * scale + 0.5, 0.0, 65535.0);
        }
    snprintf(file, sizeof file, "%s%s.tiff", e->name, subject ? "_flat" : "");
    bt_status status = bench_write_tiff(b, file, width, height, pixels);
    snprintf(file, sizeof file, "%s%s.png", e->name, subject ? "_flat" : "");
    if (status == BT_OK) status = bt_path_join(path, sizeof path, b->desc->out, file);
    if (status == BT_OK) status = bt_png_write_u16(path, width, height, pixels);
    bt_free(pixels);
    return status;
}

static bt_status photograph(edges *e, double radiance, int subject, uint64_t number)
{
    lab l;
    bench *b = e->b;
    lab_begin(&l, b);
    l.only_shines = true;
    // samples that agree end a pixel's sampling: where a sharp edge grazes it the first ones miss the edge, which
    // sharpens it (MTF50 by 0.25 %); and what is left would be more than the noise of many frames' mean
    l.ends_early = subject == 1 || e->at.moved;
    if (subject == 0) hang_square(&l, e, lab_lamp(&l, lab_flat(&l, 1.0), radiance / CONTRAST));
    hang_ground(&l, e, lab_lamp(&l, lab_flat(&l, 1.0), radiance));
    lab_finish(&l);
    bt_status status =
        lab_film(&l, e->shot.camera, &e->shot.view, NULL, number, &e->light[subject]);
    if (status == BT_OK)
        status = lab_check_light(b, &e->light[subject], e->shot.state.exposure.exposure_s);
    if (status == BT_OK) status = bench_shot_read(b, &e->shot, e->light[subject].film, b->reads);
    double black = bench_black_dn(&b->sheet);
    for (size_t i = 0; status == BT_OK && i < (size_t)b->width_px * b->height_px; i++)
        e->mean[subject][i] = e->shot.mean[i] - black;
    if (status == BT_OK) status = write_plane(e, subject);
    lab_clear(&l);
    return status;
}

static bt_status take_pictures(edges *e)
{
    bench *b = e->b;
    e->plane = best_plane(b, e->at.nm);
    e->band = bench_plane_band(&b->sheet, e->plane);
    bt_status status = bench_shot_begin(b, &e->shot);
    if (status != BT_OK) return status;
    const bt_camera_exposure *exposure = &e->shot.state.exposure;
    double electrons = bench_photons_s(b, 1.0, e->at.nm) * bench_qe(&b->truth, e->band, e->at.nm) *
                       exposure->exposure_s;
    double radiance = FILL * bench_saturation_e(&b->truth, exposure->analog_gain) / electrons;
    for (int subject = 0; subject < 2 && status == BT_OK; subject++)
        status = photograph(e, radiance, subject, 2 * (uint64_t)e->number + (uint64_t)subject);
    return status;
}

// ---- scores -----------------------------------------------------------------------------------
// What an evaluator sees: square over ground, in the plane. half 0: the frames; 1, -1: one or the other
// render of the light, without noise.
static bt_status evaluate(const edges *e, int half, esfr *result)
{
    const bench *b = e->b;
    uint32_t width, height, step = plane_step(b);
    bench_plane_size(b, &width, &height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t px = x * step + e->plane % 2, py = y * step + e->plane / 2;
            double value[2];
            for (int i = 0; i < 2; i++)
                value[i] = half == 0 ? e->mean[i][(size_t)py * b->width_px + px]
                                     : lab_rate(&e->light[i], half, e->band, px, py);
            e->samples[(size_t)y * width + x] = value[0] / value[1];
        }
    bt_status status = esfr_square(e->samples, width, height, step, result);
    result->x = result->x * step + e->plane % 2; // pixels of the window
    result->y = result->y * step + e->plane / 2;
    return status;
}

// Each edge has its own place in the field: the middles of the right, lower, left and upper one, and directions of
// their normals.
static double normal_rad(int edge)
{
    return TURN_DEG * BT_RAD_PER_DEG + 0.5 * BT_PI * edge;
}

static void set_truth(edges *e)
{
    const bench *b = e->b;
    double half = SQUARE * fmin(b->width_px, b->height_px);
    for (int i = 0; i < EDGES; i++)
        pupil_mtf_init(&b->truth, e->at.nm, 0.5 * (b->width_px - 1.0) + half * cos(normal_rad(i)),
                       0.5 * (b->height_px - 1.0) + half * sin(normal_rad(i)), e->at.distance_m,
                       &e->mtf[i]);
}

// Mean over the square's edges, of what lies within the evaluator's window.
static double true_mtf(const edges *e, double f, double reach_px, bool waves)
{
    double sum = 0.0;
    for (int i = 0; i < EDGES; i++) {
        double along = normal_rad(i);
        double mtf =
            waves ? pupil_mtf_waves(&e->mtf[i], f, along) : pupil_mtf_at(&e->mtf[i], f, along);
        sum += pupil_mtf_windowed(&e->mtf[i], mtf, f, along, reach_px) / EDGES;
    }
    return sum;
}

// Between two frequencies that it lies between, by the rule of false position: transfers are all but straight there.
static double true_mtf50(const edges *e, double reach_px, double low, double high)
{
    double above = true_mtf(e, low, reach_px, false) - 0.5;
    double below = true_mtf(e, high, reach_px, false) - 0.5;
    double f = low;
    for (int i = 0; i < MTF50_STEPS; i++) {
        f = low + (high - low) * above / (above - below);
        double here = true_mtf(e, f, reach_px, false) - 0.5;
        *(here > 0.0 ? &low : &high) = f;
        *(here > 0.0 ? &above : &below) = here;
    }
    return f;
}

static bt_status score_mtf(edges *e, const esfr *seen, const esfr lit[2])
{
    bench *b = e->b;
    bt_status status = BT_OK;
    double passes = 0.0; // the highest of these frequencies of which half or more is passed
    for (int k = TRUTH_STEP; k < ESFR_FREQUENCIES && status == BT_OK; k += TRUTH_STEP) {
        char where[48];
        double f = k * ESFR_STEP, truth = true_mtf(e, f, seen->reach_px, false);
        snprintf(where, sizeof where, "%s/%.2f", e->name, f);
        if (truth >= 0.5) passes = f;
        status = bench_add(b, "MTF", where, "", truth, MTF_LIMIT, MTF_LIMIT,
                           bench_half_apart(lit[0].mtf[k], lit[1].mtf[k]), seen->mtf[k]);
        if (status == BT_OK) status = bench_plot_add(b, e->plot, "truth", BENCH_LINE, f, truth);
        if (status == BT_OK && e->at.moved)
            status = bench_plot_add(b, e->plot, "by wave optics", BENCH_LINE, f,
                                    true_mtf(e, f, seen->reach_px, true));
    }
    for (int k = 0; k < ESFR_FREQUENCIES && status == BT_OK; k++)
        status = bench_plot_add(b, e->plot, e->at.moved ? "out of focus" : "in focus", BENCH_DOTS,
                                k * ESFR_STEP, seen->mtf[k]);
    double next = passes + TRUTH_STEP * ESFR_STEP;
    // beyond the pixel's Nyquist frequency the renderer's own filter stands for the lens's fall
    if (status != BT_OK || next > (ESFR_FREQUENCIES - 0.5) * ESFR_STEP) return status;
    double at50 = true_mtf50(e, seen->reach_px, passes, next);
    return bench_add(b, "MTF50", e->name, "cycles/px", at50, MTF50_LIMIT * at50, MTF50_LIMIT * at50,
                     bench_half_apart(esfr_mtf50(lit[0].mtf), esfr_mtf50(lit[1].mtf)),
                     esfr_mtf50(seen->mtf));
}

// How much farther out than at the first wavelength the square's middle lies.
static bt_status score_color(edges *e, const esfr *seen, const esfr lit[2])
{
    bench *b = e->b;
    bool first = e->at.nm == bench_nearest_bin_nm(waves_nm[0]);
    if (e->at.moved) return BT_OK;
    if (first) {
        e->green_px[0] = seen->x;
        e->green_px[1] = seen->y;
        return BT_OK;
    }
    double x = 0.5 * (b->width_px - 1.0) - bt_sheet_get(&b->truth, BT_SHEET_CX_PX);
    double y = 0.5 * (b->height_px - 1.0) - bt_sheet_get(&b->truth, BT_SHEET_CY_PX);
    double r = hypot(x, y), ux = r > 1.0 ? x / r : 1.0, uy = r > 1.0 ? y / r : 0.0;
    const bt_sheet_curve *color = &b->truth.lateral_color;
    double own = bt_sheet_curve_at(color, e->at.nm, 0.0);
    double green = bt_sheet_curve_at(color, bench_nearest_bin_nm(waves_nm[0]), 0.0);
    double shift = (seen->x - e->green_px[0]) * ux + (seen->y - e->green_px[1]) * uy;
    double apart = bench_half_apart(lit[0].x * ux + lit[0].y * uy, lit[1].x * ux + lit[1].y * uy);
    return bench_add(b, "lateral_color", e->name, "px", r * (own - green), COLOR_LIMIT_PX,
                     COLOR_LIMIT_PX, apart * sqrt(2.0), shift); // of two wavelengths
}

static bt_status score(edges *e)
{
    esfr seen, lit[2];
    bt_status status = evaluate(e, 0, &seen);
    for (int i = 0; i < 2 && status == BT_OK; i++)
        status = evaluate(e, i == 0 ? 1 : -1, &lit[i]);
    set_truth(e);
    if (status == BT_OK) status = score_mtf(e, &seen, lit);
    return status == BT_OK ? score_color(e, &seen, lit) : status;
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

// Of all rows of a quantity: sorted deviations, how many there are.
static size_t deviations(const bench *b, const char *quantity, double *off)
{
    size_t count = 0;
    for (size_t i = 0; i < b->row_count; i++)
        if (strcmp(b->rows[i].quantity, quantity) == 0)
            off[count++] = b->rows[i].measured - b->rows[i].value;
    qsort(off, count, sizeof *off, by_size);
    return count;
}

static bt_status note_summary(bench *b)
{
    static const char *const quantities[] = {"MTF", "MTF50"};
    double *off = bt_alloc(b->row_count + 1, sizeof *off);
    if (!off) return bt_fail(BT_ERR_MEMORY, "no memory for %zu scores", b->row_count);
    for (int i = 0; i < 2; i++) {
        size_t count = deviations(b, quantities[i], off), length = strlen(b->note);
        if (count > 0)
            snprintf(b->note + length, sizeof b->note - length,
                     "%zu of %s: off by %.4f to %.4f, the median %.4f\n", count, quantities[i],
                     off[0], off[count - 1], off[count / 2]);
    }
    bt_free(off);
    return BT_OK;
}

// ---- the chart --------------------------------------------------------------------------------
// The window, the filter, and what to call both.
static void aim(edges *e, uint32_t number)
{
    bench *b = e->b;
    const setup *at = &e->at;
    e->number = number;
    e->at = setup_of(&e->own, number);
    double width = bt_sheet_get(&e->own.sheet, BT_SHEET_WIDTH_PX);
    double height = bt_sheet_get(&e->own.sheet, BT_SHEET_HEIGHT_PX);
    char place[20], away[16] = "";
    b->sheet = e->own.sheet;
    b->truth = e->own.truth;
    bench_window(b, floor(0.5 * (width - b->width_px) * (1.0 + at->across)),
                 floor(0.5 * (height - b->height_px) * (1.0 + at->down)), b->width_px,
                 b->height_px);
    bench_filter(b, at->nm);
    if (at->field)
        snprintf(place, sizeof place, "x%.0f_y%.0f", 100.0 * at->across, 100.0 * at->down);
    else
        snprintf(place, sizeof place, "f%.0f", -100.0 * at->across);
    if (at->moved) snprintf(away, sizeof away, "_d%.3g", at->distance_m);
    snprintf(e->name, sizeof e->name, "edge_%s_w%.0f%s", place, at->nm, away);
}

// A flat chart is not seen from its side or from behind.
static bool is_seen(const edges *e)
{
    return bench_corner_rad(&e->b->truth) < STEEPEST_DEG * BT_RAD_PER_DEG;
}

static bt_status measure(edges *e)
{
    bench *b = e->b;
    char title[80];
    snprintf(title, sizeof title, "Modulation transfer, %s", e->name);
    bt_status status = bench_plot_begin(b, title, "spatial frequency, cycles per pixel", "MTF",
                                        false, false, &e->plot);
    if (status == BT_OK) status = take_pictures(e);
    if (status == BT_OK) status = score(e);
    bench_print(&e->list, "%s,%.0f,%.9g,%s,%u,%u,%u,%.9g,%.9g\n", e->name, e->at.nm,
                e->at.distance_m, bench_plane_name(&b->sheet, e->plane), plane_step(b),
                e->plane % 2, e->plane / 2,
                0.5 * (b->width_px - 1.0) - bt_sheet_get(&b->truth, BT_SHEET_CX_PX),
                0.5 * (b->height_px - 1.0) - bt_sheet_get(&b->truth, BT_SHEET_CY_PX));
    for (int i = 0; i < 2; i++)
        lab_light_clear(&e->light[i]);
    bench_shot_clear(&e->shot);
    return status;
}

static bt_status allocate(edges *e)
{
    size_t pixels = (size_t)e->b->width_px * e->b->height_px;
    e->samples = bt_alloc(pixels, sizeof *e->samples);
    for (int i = 0; i < 2; i++)
        e->mean[i] = bt_alloc(pixels, sizeof *e->mean[i]);
    if (e->samples && e->mean[0] && e->mean[1]) return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for pictures of %u x %u", e->b->width_px,
                   e->b->height_px);
}

static bt_status measure_all(edges *e)
{
    bench *b = e->b;
    uint32_t all = setup_count(b), count = b->steps < all ? b->steps : all, unseen = 0;
    bt_status status = allocate(e);
    for (uint32_t i = 0; i < count && status == BT_OK; i++) {
        aim(e, i);
        if (is_seen(e))
            status = measure(e);
        else
            unseen++;
    }
    if (status != BT_OK) return status;
    if (unseen == count)
        return bt_fail(
            BT_ERR_INPUT,
            "edges: all windows of %u x %u look farther than %g degrees off the axis, where a flat "
            "chart is "
            "no longer seen well: give a smaller --size, or --steps 6, which come to the axis",
            b->width_px, b->height_px, STEEPEST_DEG);
    size_t length = strlen(b->note);
    if (unseen > 0)
        snprintf(b->note + length, sizeof b->note - length,
                 "%u of %u setups left out: farther than %g degrees off the axis a flat chart is "
                 "not seen well\n",
                 unseen, count, STEEPEST_DEG);
    return note_summary(b);
}

bt_status bench_edges(bench *b)
{
    bench_clean_lens(b);
    bench_spell_out_lens(b);
    edges e = {.b = b, .own = *b};
    snprintf(b->note, sizeof b->note, "a clean lens: scatter and ghosts are left out\n%s",
             focus_m(b) > 0.0 ? "" : "lens.focus_m 0: the same at all distances\n");
    bench_print(&e.list, "name,wavelength_nm,distance_m,plane,pixels_per_sample,first_x,first_y,"
                         "out_x_px,out_y_px\n");
    bt_status status = measure_all(&e);
    bt_free(e.samples);
    bt_free(e.mean[0]);
    bt_free(e.mean[1]);
    bt_status written = bench_text_write(b, &e.list, "edges.csv");
    return status != BT_OK ? status : written;
}
