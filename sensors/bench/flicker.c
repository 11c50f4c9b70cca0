// flicker.c: an even lamp that is switched (pulse width modulation) before a rolling shutter. camera.md 1.6.
//
// A row sees exposure T of a lamp that is on for the share d of its period P. With T = n P + r its signal
// lies between n d P + max(0, r - (1 - d) P) and n d P + min(r, d P), so that the flicker modulation
// index (max - min) / (max + min) (IEEE P2020) is known; along the rows it repeats after P / row time.
// Over all phases the signal is at its top for |r - d P|, on either ramp for w = min(r, d P, P - r,
// P - d P), else at its bottom: so is known for what share of phases a row sees at least DETECTED of the
// lamp's mean light: the probability that it is not lost (P2020 names a flicker detection index; its
// formula is not public).
// Light is weak and frames are many, as light that comes and goes is costly to sample.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/memory.h"

#define PHASES 8     // of each lamp: with the rows between they are many, all over its period
#define DETECTED 0.5 // chosen: of the mean signal
#define LIMIT 0.01   // camera.md 4, row 10, as the next
#define PERIOD_LIMIT 0.1
#define EXPOSURE_S                                                                                 \
    1.2e-3 // chosen: no whole number of periods of any lamp here, and DETECTED near no plateau
#define FILL 0.002 // of saturation, the brightest row: so weak that shot noise hides the light's
#define LEAST_PLATEAU 0.05 // of the time that each lamp here stays at its top
#define LEAST_BANDS 2.0    // periods in the picture to measure one

typedef struct lamp {
    double hz, duty;
} lamp;

// Half seen, averaged, dropped out.
static const lamp lamps[] = {{500, 0.5}, {2000, 0.2}, {120, 0.1}, {250, 0.8},
                             {90, 0.5},  {200, 0.25}, {50, 1.0},  {1000, 0.05}};
#define LAMP_COUNT (sizeof lamps / sizeof *lamps)

typedef struct flicker {
    bench *b;
    bench_shot shot;
    uint32_t plane, band, rows;
    double nm, row_s, exposure_s;
    double *signal;     // (phases x rows of the plane): means above black
    uint16_t *stack;    // (plane): sum of the frames
    double light_error; // relative, of a row
    bench_text table;
} flicker;

static void extremes(const flicker *f, lamp at, double *low_s, double *high_s)
{
    double period_s = 1.0 / at.hz, periods = floor(f->exposure_s * at.hz);
    double rest_s = f->exposure_s - periods * period_s, on_s = at.duty * period_s;
    *low_s = periods * on_s + fmax(0.0, rest_s - (period_s - on_s));
    *high_s = periods * on_s + fmin(rest_s, on_s);
}

// Share of phases at which a row sees at least DETECTED of its mean.
static double true_detection(const flicker *f, lamp at)
{
    double low_s, high_s, period_s = 1.0 / at.hz, on_s = at.duty * period_s;
    extremes(f, at, &low_s, &high_s);
    double rest_s = f->exposure_s - floor(f->exposure_s * at.hz) * period_s;
    double ramp_s = fmin(fmin(rest_s, on_s), period_s - fmax(rest_s, on_s));
    double least_s = DETECTED * f->exposure_s * at.duty;
    if (least_s <= low_s) return 1.0;
    if (least_s > high_s) return 0.0;
    double above = (high_s - least_s) / (high_s - low_s);
    return (fabs(rest_s - on_s) + 2.0 * ramp_s * above) / period_s;
}

// ---- frames -----------------------------------------------------------------------------------
// The light of a row is even: each of its pixels gets the mean of all.
static void even_rows(bt_film *film)
{
    uint32_t bands = film->band_count, rows = film->height_px * film->plane_count;
    for (uint32_t row = 0; row < rows; row++)
        for (uint32_t band = 0; band < bands; band++) {
            float *rate = film->rate_e_s + (size_t)row * film->width_px * bands + band;
            double sum = 0.0;
            for (uint32_t x = 0; x < film->width_px; x++)
                sum += (double)rate[x * bands];
            for (uint32_t x = 0; x < film->width_px; x++)
                rate[x * bands] = (float)(sum / film->width_px);
        }
}

static bt_status write_stack(flicker *f, lamp at, uint32_t phase)
{
    const bench *b = f->b;
    uint32_t width, height, step = b->sheet.band_count == 1 ? 1 : 2;
    double black = bench_black_dn(&b->sheet), scale = bench_linear_scale(b);
    char name[64];
    bench_plane_size(b, &width, &height);
    for (uint32_t y = 0; y < height; y++) {
        double *row = &f->signal[(size_t)phase * height + y];
        *row = 0.0;
        for (uint32_t x = 0; x < width; x++) {
            size_t from = (size_t)(y * step + f->plane / 2) * b->width_px + x * step + f->plane % 2;
            *row += (f->shot.mean[from] - black) / width;
            f->stack[(size_t)y * width + x] =
                (uint16_t)bt_clamp(f->shot.mean[from] * scale + 0.5, 0.0, 65535.0);
        }
    }
    snprintf(name, sizeof name, "flicker/%.0f_%.0f_%u.tiff", at.hz, 100.0 * at.duty, phase);
    return bench_write_tiff(b, name, width, height, f->stack);
}

static bt_status take_phase(flicker *f, lab *l, lamp at, uint32_t phase, uint64_t number)
{
    lab_light light = {0};
    l->later_ns = (int64_t)floor(1e9 / at.hz * phase / PHASES + 0.5);
    bt_status status = lab_film(l, f->shot.camera, &f->shot.view, NULL, number, &light);
    if (status == BT_OK) {
        even_rows(light.film);
        even_rows(light.half);
        double brightest_e =
            FILL * bench_saturation_e(&f->b->truth, f->shot.state.exposure.analog_gain);
        status = lab_check_light(f->b, &light, f->exposure_s);
        f->light_error = sqrt(light.share[f->band] / brightest_e);
    }
    if (status == BT_OK) status = bench_shot_read(f->b, &f->shot, light.film, f->b->reads);
    if (status == BT_OK) status = write_stack(f, at, phase);
    lab_light_clear(&light);
    return status;
}

static double mean_radiance(const flicker *f, lamp at)
{
    double low_s, high_s;
    const bt_camera_sheet *truth = &f->b->truth;
    extremes(f, at, &low_s, &high_s);
    double per_radiance = bench_photons_s(f->b, 1.0, f->nm) * bench_qe(truth, f->band, f->nm);
    return FILL * bench_saturation_e(truth, f->shot.state.exposure.analog_gain) * at.duty /
           (per_radiance * high_s);
}

// ---- scores -----------------------------------------------------------------------------------
static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The levels are the medians of the plateaus, whose widths are |rest - off| and |rest - on|: extremes would
// be those of noise.
static bt_status measured_index(const flicker *f, lamp at, double *index)
{
    double periods = f->exposure_s * at.hz, rest = periods - floor(periods);
    size_t count = (size_t)PHASES * f->rows;
    size_t below = (size_t)(0.5 * fabs(rest - 1.0 + at.duty) * (double)count);
    size_t above = (size_t)(0.5 * fabs(rest - at.duty) * (double)count);
    *index = NAN;
    double *sorted = bt_alloc(count, sizeof *sorted);
    if (!sorted) return bt_fail(BT_ERR_MEMORY, "no memory for rows");
    memcpy(sorted, f->signal, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, ascending);
    double low = sorted[below], high = sorted[count - 1 - above];
    *index = (high - low) / (high + low);
    bt_free(sorted);
    return BT_OK;
}

static double measured_detection(const flicker *f)
{
    size_t count = (size_t)PHASES * f->rows;
    double sum = 0.0, seen = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += f->signal[i];
    for (size_t i = 0; i < count; i++)
        seen += f->signal[i] >= DETECTED * sum / (double)count;
    return seen / (double)count;
}

// lowest: level over the highest.
static bt_status plot_bands(flicker *f, const char *where, double lowest)
{
    size_t plot;
    char title[64];
    snprintf(title, sizeof title, "Bands, %s", where);
    bt_status status =
        bench_plot_begin(f->b, title, "row of the plane", "DN above black", false, false, &plot);
    for (uint32_t row = 0; row < f->rows && status == BT_OK; row++)
        status = bench_plot_add(f->b, plot, "first phase", BENCH_DOTS, row, f->signal[row]);
    // the levels between which rows lie
    const bt_camera_sheet *truth = &f->b->truth;
    double analog = f->shot.state.exposure.analog_gain;
    double top = FILL * bench_saturation_e(truth, analog) * bench_gain_dn_e(truth, analog);
    if (status == BT_OK) status = bench_plot_level(f->b, plot, "lowest", top * lowest);
    if (status == BT_OK) status = bench_plot_level(f->b, plot, "highest", top);
    return status;
}

static bt_status score(flicker *f, lamp at)
{
    char where[40];
    double low_s, high_s, rows = 1.0 / (at.hz * f->row_s);
    extremes(f, at, &low_s, &high_s);
    double index = (high_s - low_s) / (high_s + low_s);
    snprintf(where, sizeof where, "%.0f Hz %.0f %%", at.hz, 100.0 * at.duty);
    double measured, plateau = LEAST_PLATEAU * PHASES * f->rows;
    bt_status status = measured_index(f, at, &measured);
    if (status == BT_OK)
        status = bench_add(f->b, "flicker_index", where, "", index, LIMIT, LIMIT,
                           f->light_error / sqrt(plateau), measured);
    // a row's light moves the place on the ramp where it counts as seen
    double moved = high_s > low_s ? f->light_error * high_s / (high_s - low_s) : 0.0;
    if (status == BT_OK)
        status = bench_add(f->b, "detection", where, "", true_detection(f, at), LIMIT, LIMIT,
                           moved / sqrt((double)PHASES * f->rows), measured_detection(f));
    if (status == BT_OK && at.duty < 1.0 && f->b->height_px >= LEAST_BANDS * rows)
        status = bench_add(f->b, "band_period", where, "rows", rows, PERIOD_LIMIT, PERIOD_LIMIT,
                           f->light_error * rows / sqrt(f->rows), NAN);
    return status == BT_OK ? plot_bands(f, where, low_s / high_s) : status;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_status take_lamp(flicker *f, uint32_t number)
{
    lab l;
    lamp at = lamps[number];
    lab_begin(&l, f->b);
    l.only_shines = true;
    bt_material material = {.kind = BT_MATERIAL_DIFFUSE,
                            .reflectance = lab_flat(&l, 0.0),
                            .reflectance2 = BT_NO_SPECTRUM,
                            .emission = lab_flat(&l, 1.0),
                            .emission_scale = (float)mean_radiance(f, at),
                            .flicker_hz = (float)at.hz,
                            .flicker_duty = (float)at.duty};
    if (at.duty >= 1.0) material.flicker_hz = 0.0f; // it is never off
    lab_even_panel(&l, lab_material(&l, &material));
    lab_finish(&l);
    bt_status status = l.status;
    for (uint32_t phase = 0; phase < PHASES && status == BT_OK; phase++)
        status = take_phase(f, &l, at, phase, (uint64_t)number * PHASES + phase);
    lab_clear(&l);
    bench_print(&f->table, "%.0f,%.9g,%u,%u,%.9g,%.9g,%u,%.9g\n", at.hz, at.duty, PHASES, f->rows,
                f->row_s, f->exposure_s, f->b->sheet.band_count == 1 ? 1u : 2u,
                bench_linear_black(f->b));
    return status == BT_OK ? score(f, at) : status;
}

static bt_status set_up(flicker *f)
{
    bench *b = f->b;
    f->row_s = bt_sheet_get(&b->truth, BT_SHEET_ROW_TIME_S);
    if (!(f->row_s > 0.0) || bt_sheet_get(&b->truth, BT_SHEET_GLOBAL) > 0.5)
        return bt_fail(BT_ERR_INPUT, "flicker: %s reads all rows at once: no bands", b->truth.name);
    bench_take_lens_off(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    f->exposure_s = floor(EXPOSURE_S / f->row_s + 0.5) * f->row_s;
    bench_set(b, BT_SHEET_AUTO, 0.0);
    bench_set(b, BT_SHEET_EXPOSURE_S, f->exposure_s);
    f->band = b->truth.band_count > 1 ? 1 : 0;
    f->plane = bench_band_plane(&b->truth, f->band);
    f->nm = bench_peak_nm(&b->truth, f->band);
    bench_filter(b, f->nm);
    uint32_t width;
    bench_plane_size(b, &width, &f->rows);
    f->signal = bt_alloc((size_t)PHASES * f->rows, sizeof *f->signal);
    f->stack = bt_alloc((size_t)width * f->rows, sizeof *f->stack);
    if (!f->signal || !f->stack) return bt_fail(BT_ERR_MEMORY, "no memory for rows");
    return bench_folder(b, "flicker");
}

bt_status bench_flicker(bench *b)
{
    flicker f = {.b = b};
    bt_status status = set_up(&f);
    if (status == BT_OK) status = bench_shot_begin(b, &f.shot);
    bench_print(&f.table, "hz,duty,phases,rows,row_time_s,exposure_s,rows_per_sample,black\n");
    for (uint32_t i = 0; i < b->steps && i < LAMP_COUNT && status == BT_OK; i++)
        status = take_lamp(&f, i);
    bt_free(f.signal);
    bt_free(f.stack);
    bench_shot_clear(&f.shot);
    bt_status written = bench_text_write(b, &f.table, "flicker.csv");
    return status != BT_OK ? status : written;
}
