// rolling.c: a bar that passes by, whose skew tells the time between rows.
//
// In each row the bar's place between two pictures of it at rest tells when the row was exposed: no use is
// made of the lens. Light is weak enough that of several reads the first tells it; it is read alone, as others'
// longer exposures would take most of the samples. The exposure is short: what moves is wider by its blur, and
// the lens's fall-off draws a wider thing's middle further in.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"

#define PASS_M 2.0        // distance
#define PASS_SKEW_PX 60.0 // chosen: over the read-out, so that a thousandth of it is measurable
// Between the two pictures at rest: of the skew sqrt(3 / 5), where lines through a cubic distortion at these
// two places and through all of it by least squares have the same slope; whole pixels, as what LEAST_LIGHT
// cuts off is then the same in both.
#define SHIFT_PX 46.0
#define EXPOSED_ROWS 8.0 // chosen: blurred by so many rows' skew
#define BAR_PX 24.0      // half the bar's width
#define FILL 0.05        // chosen: of saturation: shot noise hides the light's
#define LEAST_LIGHT 0.1  // of a row's brightest: what its centroid is taken of
#define PICTURES 3
#define LIMIT 0.001 // camera.md 4, row 7

typedef struct passing {
    bench *b;
    bench_shot shot;
    uint32_t band; // that tells the bar's light: of one wavelength, which costs few samples
    double nm, speed_m_s, still_apart_m;
    double *image;               // (height x width): counts above black, or light
    double *places[3][PICTURES]; // (height): of frames and of both renders of the light
} passing;

// ---- pictures ---------------------------------------------------------------------------------
static void hang_bar(const passing *p, lab *l, double at_px, double speed_m_s)
{
    const bench *b = p->b;
    double px_m = PASS_M / bt_sheet_get(&b->truth, BT_SHEET_FX_PX);
    double x = (at_px - bt_sheet_get(&b->truth, BT_SHEET_CX_PX)) * px_m;
    const bt_camera_exposure *exposure = &p->shot.state.exposure;
    double own = bench_photons_s(b, 1.0, p->nm) * bench_qe(&b->truth, p->band, p->nm);
    double radiance =
        FILL * bench_saturation_e(&b->truth, exposure->analog_gain) / (own * exposure->exposure_s);
    uint32_t lamp = lab_lamp(l, lab_flat(l, 1.0), radiance);
    double w = BAR_PX * px_m, h = 2.0 * PASS_M;
    bt_vec3 velocity = {speed_m_s, 0, 0};
    bt_vec3 a = {x - w, -h, PASS_M}, c = {x + w, h, PASS_M}, d = {c.x, a.y, PASS_M},
            e = {a.x, c.y, PASS_M};
    bt_vec3 six[6] = {a, e, c, a, c, d};
    uint32_t materials[2] = {lamp, lamp};
    lab_mesh(l, six, materials, 2, &velocity);
}

// Centroid of the bar's light in each row, by its pixels of the band.
static void find_places(const passing *p, double *places)
{
    const bench *b = p->b;
    for (uint32_t row = 0; row < b->height_px; row++) {
        const double *line = p->image + (size_t)row * b->width_px;
        double most = 0.0, sum = 0.0, moment = 0.0;
        for (uint32_t x = 0; x < b->width_px; x++)
            if (bt_sheet_band(&b->sheet, x, row) == p->band) most = fmax(most, line[x]);
        for (uint32_t x = 0; x < b->width_px; x++) {
            if (bt_sheet_band(&b->sheet, x, row) != p->band || line[x] <= LEAST_LIGHT * most)
                continue;
            sum += line[x];
            moment += line[x] * x;
        }
        places[row] = sum > 0.0 ? moment / sum : (double)NAN;
    }
}

static void take_places(passing *p, const lab_light *light, int picture)
{
    const bench *b = p->b;
    double black = bench_black_dn(&b->sheet);
    for (int kind = 0; kind < 3; kind++) {
        for (uint32_t y = 0; y < b->height_px; y++)
            for (uint32_t x = 0; x < b->width_px; x++) {
                size_t at = (size_t)y * b->width_px + x;
                uint32_t band = bt_sheet_band(&b->sheet, x, y);
                p->image[at] = kind == 0 ? p->shot.mean[at] - black
                                         : lab_rate(light, kind == 1 ? 1 : -1, band, x, y);
            }
        find_places(p, p->places[kind][picture]);
    }
}

static bt_status photograph(passing *p, double at_px, double speed_m_s, int picture,
                            const char *name)
{
    lab l;
    lab_light light = {0};
    bench *b = p->b;
    lab_begin(&l, b);
    l.only_shines = true;
    l.ends_early = true;
    hang_bar(p, &l, at_px, speed_m_s);
    lab_finish(&l);
    bt_status status = lab_film(&l, p->shot.camera, &p->shot.view, NULL, (uint64_t)picture, &light);
    if (status == BT_OK) status = lab_check_light(b, &light, p->shot.state.exposure.exposure_s);
    if (status == BT_OK) status = bench_shot_read(b, &p->shot, light.film, b->reads);
    if (status == BT_OK) status = bench_write_linear(b, &p->shot, name);
    if (status == BT_OK) take_places(p, &light, picture);
    lab_light_clear(&light);
    lab_clear(&l);
    return status;
}

// ---- scores -----------------------------------------------------------------------------------
// Slope of the time at which the bar was where a row has it, against the row: rows that see it.
static double row_time(const passing *p, int kind)
{
    double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    double *const *at = p->places[kind]; // left, right, moving
    for (uint32_t row = 0; row < p->b->height_px; row++) {
        double apart = at[1][row] - at[0][row];
        double time = p->still_apart_m / p->speed_m_s * (at[2][row] - at[0][row]) / apart;
        if (isnan(time)) continue;
        n += 1.0;
        x += row;
        y += time;
        xx += (double)row * row;
        xy += row * time;
    }
    return (n * xy - x * y) / (n * xx - x * x);
}

static bt_status score(const passing *p)
{
    double truth = bt_sheet_get(&p->b->truth, BT_SHEET_ROW_TIME_S);
    return bench_add(p->b, "row_time", "all", "s", truth, LIMIT * truth, LIMIT * truth,
                     bench_half_apart(row_time(p, 1), row_time(p, 2)), row_time(p, 0));
}

static bt_status allocate(passing *p)
{
    bool complete = true;
    for (int i = 0; i < 3 * PICTURES; i++) {
        double **at = &p->places[i / PICTURES][i % PICTURES];
        complete &= (*at = bt_alloc(p->b->height_px, sizeof **at)) != NULL;
    }
    p->image = bt_alloc((size_t)p->b->width_px * p->b->height_px, sizeof *p->image);
    if (complete && p->image) return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for pictures of %u x %u", p->b->width_px,
                   p->b->height_px);
}

static bt_status take_pictures(passing *p)
{
    bench *b = p->b;
    bench_text table = {0};
    double row_s = bt_sheet_get(&b->truth, BT_SHEET_ROW_TIME_S), middle = 0.5 * b->width_px;
    double metre_px = bt_sheet_get(&b->truth, BT_SHEET_FX_PX) / PASS_M;
    p->speed_m_s = PASS_SKEW_PX / (row_s * b->height_px) / metre_px;
    p->still_apart_m = SHIFT_PX / metre_px;
    bt_status status = photograph(p, middle - 0.5 * SHIFT_PX, 0.0, 0, "still_left.tiff");
    if (status == BT_OK)
        status = photograph(p, middle + 0.5 * SHIFT_PX, 0.0, 1, "still_right.tiff");
    if (status == BT_OK) status = photograph(p, middle, p->speed_m_s, 2, "moving.tiff");
    uint32_t plane = bench_band_plane(&b->truth, p->band);
    bench_print(&table,
                "black_level_dn,speed_m_s,still_apart_m,plane_count,first_x,first_y\n"
                "%.9g,%.12g,%.12g,%u,%u,%u\n",
                bench_linear_black(b), p->speed_m_s, p->still_apart_m, bench_plane_count(&b->sheet),
                plane % 2, plane / 2);
    bt_status written = bench_text_write(b, &table, "rolling.csv");
    return status != BT_OK ? status : written;
}

bt_status bench_rolling(bench *b)
{
    passing p = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    p.nm = bench_peak_nm(&b->truth, p.band);
    if (!(bt_sheet_get(&b->truth, BT_SHEET_ROW_TIME_S) > 0.0))
        return bt_fail(BT_ERR_INPUT, "rolling: %s reads all rows at once (shutter.row_time_s 0)",
                       b->truth.name);
    double x = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX) - b->width_px);
    double y = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX) - b->height_px);
    lab_take_first_read(b);
    bench_window(b, floor(x), floor(y), b->width_px, b->height_px);
    bench_filter(b, p.nm);
    bench_set(b, BT_SHEET_AUTO, 0.0);
    bench_set(b, BT_SHEET_EXPOSURE_S, EXPOSED_ROWS * bt_sheet_get(&b->truth, BT_SHEET_ROW_TIME_S));
    bt_status status = allocate(&p);
    if (status == BT_OK) status = bench_shot_begin(b, &p.shot);
    if (status == BT_OK) status = take_pictures(&p);
    if (status == BT_OK) status = score(&p);
    for (int i = 0; i < 3 * PICTURES; i++)
        bt_free(p.places[i / PICTURES][i % PICTURES]);
    bt_free(p.image);
    bench_shot_clear(&p.shot);
    return status;
}
