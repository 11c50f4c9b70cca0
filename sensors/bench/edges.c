// edges.c: slanted squares at several places of the field and wavelengths: ISO 12233's e-SFR.
//
// At each place the array is windowed: a dark square turned by 5 degrees on a light ground, contrast 4
// to 1, so that all four edges can be used. Frames are read and averaged; the file is the plane of the
// mosaic that answers most, so its frequency axis is scaled by 2 (a mono sensor: by 1).
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"
#include "engine/image/png.h"

#define TURN_DEG 5.0
#define CONTRAST 4.0
#define FILL 0.7       // chosen: of saturation, the light ground
#define SQUARE 0.25    // half a side, of the window
#define DISTANCE_M 5.0 // along the axis
#define CURVE_POINTS 51
#define GAUSSIAN_PARTS 1000

// The renderer's round Gaussian ends at 3 sigma, at most 2 pixels (view.h), and is what a sheet without
// point spread stands for: its Hankel transform.
static double gaussian_mtf(double sigma_px, double f)
{
    double sum = 0.0, all = 0.0, step = fmin(3.0 * sigma_px, 2.0) / GAUSSIAN_PARTS;
    for (int i = 0; i < GAUSSIAN_PARTS; i++) {
        double r = (i + 0.5) * step, mass = r * exp(-0.5 * r * r / (sigma_px * sigma_px));
        sum += mass * j0(2.0 * BT_PI * f * r);
        all += mass;
    }
    return sum / all;
}

// Perfect lens: 2/pi (acos v - v sqrt(1 - v^2)), v = f lambda N / pitch.
static double diffraction_mtf(const bt_camera_sheet *sheet, double nm, double f)
{
    double v = f * nm * 1e-9 * bt_sheet_get(sheet, BT_SHEET_F_NUMBER) /
               bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    return v >= 1.0 ? 0.0 : 2.0 / BT_PI * (acos(v) - v * sqrt(1.0 - v * v));
}

static double square_mtf(double f)
{
    return f > 0.0 ? sin(BT_PI * f) / (BT_PI * f) : 1.0;
}

// A closed form exists for the Gaussian and for a lens that diffracts and does nothing else.
static bool has_closed_form(const bt_camera_sheet *sheet)
{
    if (bt_sheet_get(sheet, BT_SHEET_POINT_SPREAD) < 0.5) return true;
    return sheet->zernike_count == 0 && sheet->axial_color.count == 0 && sheet->ghost_count == 0 &&
           sheet->surface_count == 0 && bt_sheet_get(sheet, BT_SHEET_SCATTER_SHARE) <= 0.0 &&
           bt_sheet_get(sheet, BT_SHEET_OBSCURATION) <= 0.0 &&
           bt_sheet_get(sheet, BT_SHEET_BLADES) < 1.0 &&
           bt_sheet_get(sheet, BT_SHEET_FOCUS_SHIFT_M) == 0.0 &&
           bt_sheet_get(sheet, BT_SHEET_FOCUS_M) <= 0.0;
}

static double true_mtf(const bench *b, double nm, double f)
{
    if (bt_sheet_get(&b->truth, BT_SHEET_POINT_SPREAD) > 0.5)
        return diffraction_mtf(&b->truth, nm, f) * square_mtf(f);
    double blur = bt_sheet_get(&b->truth, BT_SHEET_BLUR_SIGMA_PX);
    return gaussian_mtf(sqrt(blur * blur + 1.0 / 12.0), f);
}

static double mtf50(const bench *b, double nm)
{
    double low = 0.0, high = 4.0;
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        if (true_mtf(b, nm, middle) > 0.5)
            low = middle;
        else
            high = middle;
    }
    return low;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_vec3 on_chart(const bench *b, double x_px, double y_px)
{
    bt_vec3 d = bench_unproject(&b->truth, x_px, y_px);
    return bt_vec3_scale(d, DISTANCE_M / d.z);
}

static void hang_square(lab *l, const bench *b, double radiance, bool square)
{
    uint32_t light = lab_lamp(l, lab_flat(l, 1.0), radiance);
    uint32_t dark = lab_lamp(l, lab_flat(l, 1.0), radiance / CONTRAST);
    double cx = 0.5 * (b->width_px - 1.0), cy = 0.5 * (b->height_px - 1.0);
    double half = SQUARE * fmin(b->width_px, b->height_px), turn = TURN_DEG * BT_RAD_PER_DEG;
    static const double corner[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    bt_vec3 four[4];
    for (int i = 0; i < 4; i++) {
        double x = half * corner[i][0], y = half * corner[i][1];
        four[i] =
            on_chart(b, cx + x * cos(turn) - y * sin(turn), cy + x * sin(turn) + y * cos(turn));
    }
    if (square) lab_quad(l, dark, four);
    // the ground a hair behind it, and far beyond the window
    bt_vec3 middle = on_chart(b, cx, cy);
    double reach = 2.0 * DISTANCE_M;
    lab_panel(l, light, (bt_vec3){middle.x - reach, middle.y - reach, DISTANCE_M * (1.0 + 1e-5)},
              (bt_vec3){2.0 * reach, 0, 0}, (bt_vec3){0, 2.0 * reach, 0});
}

// ---- measuring --------------------------------------------------------------------------------
static uint32_t best_plane(const bench *b, double nm)
{
    uint32_t best = 0;
    for (uint32_t plane = 1; plane < bench_plane_count(&b->sheet); plane++)
        if (bench_qe(&b->truth, bench_plane_band(&b->truth, plane), nm) >
            bench_qe(&b->truth, bench_plane_band(&b->truth, best), nm))
            best = plane;
    return best;
}

// Mean of the frames above black, scaled to 16 bits, of one plane.
static bt_status write_plane(const bench *b, const bench_shot *shot, uint32_t plane,
                             const char *name)
{
    uint32_t width, height, step = b->sheet.band_count == 1 ? 1 : 2;
    double black = bt_sheet_get(&b->sheet, BT_SHEET_BLACK_LEVEL_DN);
    double scale = 65535.0 / exp2(bt_sheet_get(&b->sheet, BT_SHEET_BIT_DEPTH));
    char file[80], path[4096];
    bench_plane_size(b, &width, &height);
    uint16_t *pixels = bt_alloc((size_t)width * height, sizeof *pixels);
    if (!pixels) return bt_fail(BT_ERR_MEMORY, "no memory for an image of %u x %u", width, height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            size_t at = (size_t)(y * step + plane / 2) * b->width_px + x * step + plane % 2;
            pixels[(size_t)y * width + x] =
                (uint16_t)bt_clamp((shot->mean[at] - black) * scale + 0.5, 0.0, 65535.0);
        }
    snprintf(file, sizeof file, "%s.tiff", name);
    bt_status status = bench_write_tiff(b, file, width, height, pixels);
    snprintf(file, sizeof file, "%s/%s.png", b->desc->out, name);
    snprintf(path, sizeof path, "%s/%s.png", b->desc->out, name);
    if (status == BT_OK) status = bt_png_write_u16(path, width, height, pixels);
    bt_free(pixels);
    return status;
}

static bt_status add_truth(bench *b, const char *name, double nm, size_t plot)
{
    if (!has_closed_form(&b->truth)) return BT_OK;
    bt_status status = BT_OK;
    double at50 = mtf50(b, nm);
    for (int i = 1; i <= 10 && status == BT_OK; i++) {
        char where[40];
        double f = 0.05 * i;
        snprintf(where, sizeof where, "%.24s/%.2f", name, f);
        status = bench_add(b, "MTF", where, "", true_mtf(b, nm, f), 0.01, 0.01, NAN, NAN);
    }
    // beyond the pixel's Nyquist frequency the renderer's own filter stands for the lens's fall
    if (status == BT_OK && at50 < 0.5)
        status =
            bench_add(b, "MTF50", name, "cycles/px", at50, 0.005 * at50, 0.005 * at50, NAN, NAN);
    for (int i = 0; i < CURVE_POINTS && status == BT_OK; i++) {
        double f = 0.5 * i / (CURVE_POINTS - 1);
        status = bench_plot_add(b, plot, name, true, f, true_mtf(b, nm, f));
    }
    return status;
}

// One subject: the square, or the ground alone, by which evaluators divide (fall-off, fixed pattern).
static bt_status photograph(bench *b, bench_shot *shot, const char *name, double radiance,
                            uint32_t plane, uint64_t number, bool square)
{
    lab l;
    bt_film *film = NULL;
    double spread[BT_VIEW_MAX_BANDS];
    lab_begin(&l, b);
    l.max_depth = 1; // what shines reflects nothing
    hang_square(&l, b, radiance, square);
    lab_finish(&l);
    bt_status status = lab_film(&l, shot->camera, &shot->view, NULL, number, &film, spread);
    if (status == BT_OK) status = bench_shot_read(b, shot, film, b->reads);
    if (status == BT_OK) status = write_plane(b, shot, plane, name);
    bt_film_destroy(film);
    lab_clear(&l);
    return status;
}

static bt_status measure(bench *b, const char *name, double nm, uint64_t number, bench_text *list)
{
    bench_shot shot;
    char flat[48];
    uint32_t plane = best_plane(b, nm), band = bench_plane_band(&b->sheet, plane);
    bt_status status = bench_shot_begin(b, &shot);
    double exposure = shot.state.exposure.exposure_s;
    double electrons = bench_photons_s(b, 1.0, nm) * bench_qe(&b->truth, band, nm) * exposure;
    double radiance = FILL / electrons;
    if (status == BT_OK) radiance *= bench_saturation_e(&b->truth, shot.state.exposure.analog_gain);
    snprintf(flat, sizeof flat, "%s_flat", name);
    if (status == BT_OK) status = photograph(b, &shot, name, radiance, plane, 2 * number, true);
    if (status == BT_OK)
        status = photograph(b, &shot, flat, radiance, plane, 2 * number + 1, false);
    bench_print(list, "%s,%.0f,%s,%u\n", name, nm, bench_plane_name(&b->sheet, plane),
                b->sheet.band_count == 1 ? 1u : 2u);
    bench_shot_clear(&shot);
    return status;
}

bt_status bench_edges(bench *b)
{
    static const double waves_nm[] = {530.0, 460.0, 620.0};
    static const double places[] = {0.0, 0.4, 0.7};
    bench_text list = {0};
    size_t plot;
    bench own = *b;
    uint32_t count = b->steps < 9 ? b->steps : 9;
    double width = bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX);
    double height = bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX);
    bench_print(&list, "name,wavelength_nm,plane,pixels_per_sample\n");
    bt_status status = bench_plot_begin(b, "Modulation transfer, truth", "cycles per pixel", "MTF",
                                        false, false, &plot);
    for (uint32_t i = 0; i < count && status == BT_OK; i++) {
        char name[40];
        double nm = bench_nearest_bin_nm(waves_nm[i / 3]), out = 1.0 - places[i % 3];
        b->sheet = own.sheet;
        b->truth = own.truth;
        bench_window(b, floor(0.5 * (width - b->width_px) * out),
                     floor(0.5 * (height - b->height_px) * out), b->width_px, b->height_px);
        bench_filter(b, nm);
        snprintf(name, sizeof name, "edge_f%.0f_w%.0f", 100.0 * places[i % 3], nm);
        status = measure(b, name, nm, i, &list);
        if (status == BT_OK) status = add_truth(b, name, nm, plot);
    }
    bt_status written = bench_text_write(b, &list, "edges.csv");
    return status != BT_OK ? status : written;
}
