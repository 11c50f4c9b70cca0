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
#include "sensors/bench/edges_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"

#define CONTRAST 4.0
#define FILL 0.2          // chosen: of saturation, the light ground
#define PARTS 16          // straight ones of a printed edge
#define DISTANCE_M 5.0    // along the axis, of a lens that is sharp everywhere
#define BLUR_PX 2.0       // chosen: diameter of the disc that the near chart is blurred by
#define FAR 10.0          // chosen: the far chart, in focus distances
#define STEEPEST_DEG 70.0 // chosen: farthest off the axis that a flat chart is looked at
#define LATTICE 5         // places of the whole field, along each side

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

uint32_t edges_plane_step(const bench *b)
{
    return b->sheet.band_count == 1 ? 1 : 2;
}

double edges_first_nm(void)
{
    return bench_nearest_bin_nm(waves_nm[0]);
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

// The frames' plane above black, scaled as bench_write_linear does.
static bt_status write_plane(const edges *e, int subject)
{
    const bench *b = e->b;
    uint32_t width, height, step = edges_plane_step(b);
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
    if (status == BT_OK) status = edges_score(e);
    bench_print(&e->list, "%s,%.0f,%.9g,%s,%u,%u,%u,%.9g,%.9g\n", e->name, e->at.nm,
                e->at.distance_m, bench_plane_name(&b->sheet, e->plane), edges_plane_step(b),
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
    return edges_note_summary(b);
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
