// contrast.c: whether a camera sees a contrast: IEEE P2020's contrast transfer accuracy (formerly contrast
// detection probability) from 1 to 100 000 cd/m^2. camera.md 1.8; row 11.
//
// Half of the picture has the luminance L (1 + K), half L (1 - K), by daylight (D65), in the sensor's longest
// exposure. Of pixels in pairs, one of each half, the contrast (a - b) / (a + b) of counts above the dark is
// measured, and how often it lies within K (1 - e) and K (1 + e), e = 50 per cent (customary, from memory:
// the standard is not public). Truth sums over the whole counts of both; where they are fine, a and b are normal:
//     P((a - b) / (a + b) <= k) = Phi((mb (1 + k) - ma (1 - k)) / sqrt((1 - k)^2 va + (1 + k)^2 vb))
// One render, evened out, and grey filters. A pair's pixels are of different rows: row noise is not common.
#include "sensors/bench/lab.h"
#include "sensors/bench/read_model.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"

#define BOUND 0.5
#define SIGMAS 7.0
#define LIMIT 0.02 // camera.md 4, row 11

static const double contrasts[] = {0.05, 0.1, 0.2, 0.4, 0.8};
#define CONTRASTS (sizeof contrasts / sizeof *contrasts)
#define MOST_DECADES 6 // 1 to 100 000 cd/m^2

typedef struct cta {
    bench *b;
    bench_shot shot;
    read_model m;
    uint32_t plane, band;
    double rate_e_s;    // for one cd/m^2
    double dark_dn;     // mean without light
    double light_error; // relative
    lab_light light;    // of one cd/m^2
    bt_film *dimmed;
    uint16_t *cut;
    bench_text table;
} cta;

// ---- the sheet's promise ----------------------------------------------------------------------
// A pixel's counts above the dark, over all pixels: what differs from one to the next is in it.
static read_signal promise(const cta *c, double luminance)
{
    double light = luminance * c->rate_e_s;
    uint32_t raw = read_model_raw(&c->m);
    read_signal bright = read_model_signal(&c->m, raw, light);
    bright.mean_dn -= read_model_signal(&c->m, raw, 0.0).mean_dn;
    const read_model_read *first = &c->m.reads[0];
    bool full = read_model_electrons(first, light) >= first->full_e && c->m.read_count == 1;
    double prnu = full ? 0.0 : first->prnu * bright.mean_dn;
    if (full) bright.variance_dn2 = 0.0; // the top count, always
    if (!full) bright.variance_dn2 += prnu * prnu + c->m.offset_sigma_dn * c->m.offset_sigma_dn;
    return bright;
}

static double normal_below(read_signal s, double at)
{
    return 0.5 * erfc((s.mean_dn - at) / sqrt(2.0 * fmax(s.variance_dn2, 1e-12)));
}

// Of what is fused and expanded, whose codes are fine.
static double below(read_signal a, read_signal b, double k)
{
    read_signal apart = {a.mean_dn * (1.0 - k) - b.mean_dn * (1.0 + k),
                         pow(1.0 - k, 2.0) * a.variance_dn2 + pow(1.0 + k, 2.0) * b.variance_dn2};
    return normal_below(apart, 0.0);
}

// Of whole counts, from the dark: for each of a those of b between which the contrast lies.
static double counted(const cta *c, read_signal a, read_signal b, double least, double most)
{
    double dark = c->dark_dn, sigma = sqrt(a.variance_dn2), sum = 0.0;
    double first = floor(a.mean_dn + dark - SIGMAS * sigma),
           last = ceil(a.mean_dn + dark + SIGMAS * sigma);
    for (double code = first; code <= last; code += 1.0) {
        double one = code - dark;
        double share = normal_below(a, one + 0.5) - normal_below(a, one - 0.5);
        if (one <= 0.0) continue;
        double from = ceil(one * (1.0 - most) / (1.0 + most) + dark) - dark;
        double to = floor(one * (1.0 - least) / (1.0 + least) + dark) - dark;
        if (to >= from) sum += share * (normal_below(b, to + 0.5) - normal_below(b, from - 0.5));
    }
    return sum;
}

static double true_probability(const cta *c, double luminance, double contrast)
{
    read_signal a = promise(c, luminance * (1.0 + contrast)),
                b = promise(c, luminance * (1.0 - contrast));
    double least = contrast * (1.0 - BOUND), most = contrast * (1.0 + BOUND);
    if (c->m.fused) return below(a, b, most) - below(a, b, least);
    a.variance_dn2 = fmax(a.variance_dn2 - 1.0 / 12.0, 0.0); // their width comes with the counts
    b.variance_dn2 = fmax(b.variance_dn2 - 1.0 / 12.0, 0.0);
    return counted(c, a, b, least, most);
}

// ---- frames -----------------------------------------------------------------------------------
static bt_status make_light(cta *c)
{
    bench *b = c->b;
    float light[BT_SPECTRUM_BINS];
    lab l;
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++)
        light[i] = bt_illuminant_d65[i];
    bt_spectrum_set_luminance(light, 1.0);
    c->rate_e_s = bench_rate_e_s(b, c->band, light, NULL);
    lab_begin(&l, b);
    l.only_shines = true;
    lab_even_panel(&l, lab_lamp(&l, lab_table(&l, light), 1.0));
    lab_finish(&l);
    const bt_view *view = &c->shot.view;
    bt_status status = lab_film(&l, c->shot.camera, view, NULL, 0, &c->light);
    lab_clear(&l);
    if (status == BT_OK)
        status = bt_film_create_planes(b->width_px, b->height_px, view->band_count,
                                       bt_view_planes(view), &c->dimmed);
    if (status != BT_OK) return status;
    double exposure_s = c->shot.state.exposure.exposure_s,
           pixels = (double)b->width_px * b->height_px;
    double share = lab_light_share(b, &c->light, c->band, exposure_s) / pixels;
    lab_light_even(&c->light);
    c->light_error = sqrt(share / (c->rate_e_s * exposure_s));
    return lab_check_share(b, share * read_model_range_e(&c->m) / (c->rate_e_s * exposure_s));
}

static bt_status read_dark(cta *c)
{
    bt_film *cap = NULL;
    bench_rect all = {0, 0, c->b->width_px, c->b->height_px};
    bt_status status = bench_cap(c->b, &c->shot, &cap);
    if (status == BT_OK) status = bench_shot_read(c->b, &c->shot, cap, c->b->reads);
    if (status == BT_OK) c->dark_dn = bench_rect_mean(c->b, &c->shot, c->plane, all, NULL);
    bt_film_destroy(cap);
    return status;
}

// The left half brighter, the right one darker.
static void dim(cta *c, double luminance, double contrast)
{
    const bt_film *light = c->light.film;
    size_t row = (size_t)light->width_px * light->band_count, half = row / 2;
    size_t count = bt_film_plane_stride(light) * light->plane_count;
    for (size_t i = 0; i < count; i++) {
        double side = i % row < half ? 1.0 + contrast : 1.0 - contrast;
        c->dimmed->rate_e_s[i] = (float)((double)light->rate_e_s[i] * luminance * side);
    }
}

// Pairs of the last frame that show the contrast.
static void count_pairs(const cta *c, double contrast, double *seen, double *all)
{
    const bench *b = c->b;
    uint32_t step = b->sheet.band_count == 1 ? 1 : 2, half = b->width_px / 2,
             across = b->height_px / 2;
    for (uint32_t y = c->plane / 2 * (step - 1); y < b->height_px; y += step)
        for (uint32_t x = c->plane % 2 * (step - 1); x < half; x += step) {
            size_t other = (size_t)((y + across) % b->height_px) * b->width_px + x + half;
            double one = c->shot.mean[(size_t)y * b->width_px + x] - c->dark_dn;
            double two = c->shot.mean[other] - c->dark_dn;
            double k = (one - two) / (one + two);
            *seen += k >= contrast * (1.0 - BOUND) && k <= contrast * (1.0 + BOUND);
            *all += 1.0;
        }
}

static bt_status measure(cta *c, double luminance, double contrast, size_t plot)
{
    char name[64], where[40];
    double seen = 0.0, all = 0.0, truth = true_probability(c, luminance, contrast);
    bt_status status = BT_OK;
    uint32_t width, height;
    bench_plane_size(c->b, &width, &height);
    dim(c, luminance, contrast);
    for (uint32_t read = 0; read < c->b->reads && status == BT_OK; read++) {
        status = bench_shot_read(c->b, &c->shot, c->dimmed, 1);
        if (status == BT_OK) count_pairs(c, contrast, &seen, &all);
        snprintf(name, sizeof name, "contrast/%.0f_%.0f_%u.tiff", luminance, 100.0 * contrast,
                 read);
        bench_plane_cut(c->b, c->plane, c->shot.raw, c->cut);
        if (status == BT_OK) status = bench_write_tiff(c->b, name, width, height, c->cut);
    }
    bench_print(&c->table, "%g,%g,%u,%.9g,%.9g,%.9g\n", luminance, contrast, c->b->reads,
                c->rate_e_s, c->shot.state.exposure.exposure_s, c->dark_dn);
    snprintf(where, sizeof where, "%.0f cd/m2 %.0f %%", luminance, 100.0 * contrast);
    if (status == BT_OK)
        status = bench_add(c->b, "detection", where, "", truth, LIMIT, LIMIT, c->light_error,
                           seen / all);
    snprintf(name, sizeof name, "%.0f %%", 100.0 * contrast);
    return status == BT_OK ? bench_plot_add(c->b, plot, name, BENCH_DOTS, luminance, seen / all)
                           : status;
}

// ---- the chart --------------------------------------------------------------------------------
static void set_up(cta *c)
{
    bench *b = c->b;
    double f_number = bt_sheet_get(&b->truth, BT_SHEET_F_NUMBER);
    double transmission = bt_sheet_get(&b->truth, BT_SHEET_TRANSMISSION);
    bench_bare_sensor(b);
    bench_set(b, BT_SHEET_F_NUMBER, f_number); // as much light as on its axis
    bench_set(b, BT_SHEET_TRANSMISSION, transmission);
    bench_set(b, BT_SHEET_AUTO, 0.0);
    bench_set(b, BT_SHEET_EXPOSURE_S, bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S));
    c->band = b->truth.band_count > 1 ? 1 : 0; // that metering goes by
    c->plane = bench_band_plane(&b->truth, c->band);
}

static bt_status measure_all(cta *c)
{
    size_t plot;
    bt_status status = bench_plot_begin(c->b, "Contrast detected", "luminance, cd/m2",
                                        "share of pairs", true, false, &plot);
    uint32_t decades = c->b->steps < MOST_DECADES ? c->b->steps : MOST_DECADES;
    for (uint32_t i = 0; i < decades; i++)
        for (size_t k = 0; k < CONTRASTS && status == BT_OK; k++)
            status = measure(c, pow(10.0, i), contrasts[k], plot);
    return status;
}

bt_status bench_contrast(bench *b)
{
    cta c = {.b = b};
    if (b->width_px % 4 || b->height_px % 4)
        return bt_fail(BT_ERR_INPUT, "contrast at %u x %u: expected multiples of 4: two halves",
                       b->width_px, b->height_px);
    set_up(&c);
    bt_status status = bench_shot_begin(b, &c.shot);
    c.cut = bt_alloc((size_t)b->width_px * b->height_px, sizeof *c.cut);
    if (status == BT_OK && !c.cut) status = bt_fail(BT_ERR_MEMORY, "no memory for frames");
    bench_print(&c.table, "luminance,contrast,frames,rate_e_s,exposure_s,dark_dn\n");
    if (status == BT_OK) {
        const bt_camera_exposure *e = &c.shot.state.exposure;
        read_model_make(&b->truth, e->exposure_s, e->analog_gain, c.band, 1.0, &c.m);
        status = bench_folder(b, "contrast");
    }
    if (status == BT_OK) status = make_light(&c);
    if (status == BT_OK) status = read_dark(&c);
    if (status == BT_OK) status = measure_all(&c);
    lab_light_clear(&c.light);
    bt_film_destroy(c.dimmed);
    bt_free(c.cut);
    bench_shot_clear(&c.shot);
    bt_status written = bench_text_write(b, &c.table, "contrast.csv");
    return status != BT_OK ? status : written;
}
