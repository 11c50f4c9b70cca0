// flare.c: glare of a lens: a black patch in a white field, in the manner of ISO 18844; the spread of a
// point's light (glare spread function); a ghost of a far point. camera.md 1.8.
//
// The lens is a plain one that scatters a known share by Harvey's form, the sheet's where it has any, and
// has one known ghost; else the sheet's own lens is taken off. At the middle of a round patch in a round
// field
//     F = s (H2 - H1) + (1 - s) (A2 - A1)  over the same place's light without the patch,
// H and A: share of scattered and of diffracted light within the radii of field and patch (Airy's
// 1 - J0^2 - J1^2). The sensor tells it by a pair of exposures, eight times as long for the patch as for
// the white (ISO 18844, type A). Of a point, the ring between two radii gets s (H2 - H1) + (1 - s)
// (A2 - A1) of all its light. The ghost is what a picture has more than that of the same lens without it.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"

#define FOCAL_PX 400.0
#define F_NUMBER 2.0
#define SHARE 0.05 // chosen, as the next two: a dirty lens
#define SHOULDER 0.01
#define SLOPE (-1.6)
#define PATCH_PX 20.0
#define FIELD_PX 70.0
#define SPOKES 180
#define FAR_M 10.0
#define MIDDLE_PX 2 // half a side of what is averaged
#define NM 550.0
#define FILL                                                                                       \
    0.05 // chosen: of saturation, the white in the shorter exposure: shot noise hides the light's
#define TIMES 8.0    // ISO 18844, type A: the longer exposure
#define POINT_PX 1.0 // half a side of the point
#define POINT_X_PX 40.0
#define POINT_Y_PX 24.0
#define GHOST_SCALE (-0.7)
#define GHOST_RADIUS_PX 5.0
#define GHOST_SHARE 1e-3
#define LIMIT 0.05 // camera.md 4, row 12, as the next
#define PLACE_LIMIT_PX 1.0

// Rings about a point, pixels: within what is known pixel by pixel, and beyond (kernel.h).
static const double rings_px[][2] = {{6, 9}, {12, 18}, {24, 36}, {48, 64}};
#define RINGS (sizeof rings_px / sizeof *rings_px)

typedef struct flare {
    bench *b;
    uint32_t band, plane;
    double radiance;               // of what shines
    double share, shoulder, slope; // of scatter
    double short_s;                // the shorter exposure
} flare;

// ---- the lens's promise -----------------------------------------------------------------------
static double scattered_within(const flare *f, double radius_px)
{
    double power = 1.0 - 0.5 * f->slope, sine = sin(atan(radius_px / FOCAL_PX));
    double shoulder2 = f->shoulder * f->shoulder;
    if (fabs(power) < 1e-9) return log1p(sine * sine / shoulder2) / log1p(1.0 / shoulder2);
    return (pow(1.0 + sine * sine / shoulder2, power) - 1.0) /
           (pow(1.0 + 1.0 / shoulder2, power) - 1.0);
}

static double diffracted_within(const flare *f, double radius_px)
{
    double x = BT_PI * radius_px * bt_sheet_get(&f->b->truth, BT_SHEET_PIXEL_PITCH_M) /
               (NM * 1e-9 * F_NUMBER);
    return 1.0 - j0(x) * j0(x) - j1(x) * j1(x);
}

// Share of a point's light between two radii.
static double true_ring(const flare *f, double inner_px, double outer_px)
{
    return f->share * (scattered_within(f, outer_px) - scattered_within(f, inner_px)) +
           (1.0 - f->share) * (diffracted_within(f, outer_px) - diffracted_within(f, inner_px));
}

static double true_flare(const flare *f)
{
    return true_ring(f, PATCH_PX, FIELD_PX) / true_ring(f, 0.0, FIELD_PX);
}

// ---- pictures ---------------------------------------------------------------------------------
static bt_vec3 around(double radius_px, int spoke)
{
    double turn = 2.0 * BT_PI * spoke / SPOKES, radius = radius_px * FAR_M / FOCAL_PX;
    return (bt_vec3){radius * cos(turn), radius * sin(turn), FAR_M};
}

static void hang_ring(lab *l, uint32_t lamp, double inner_px)
{
    bt_vec3 corners[6 * SPOKES];
    uint32_t materials[2 * SPOKES];
    for (int i = 0; i < SPOKES; i++) {
        bt_vec3 a = around(inner_px, i), b = around(inner_px, i + 1);
        bt_vec3 c = around(FIELD_PX, i + 1), d = around(FIELD_PX, i);
        bt_vec3 six[6] = {a, b, c, a, c, d}; // seen from the camera, y down: its front
        for (int k = 0; k < 6; k++)
            corners[6 * i + k] = six[k];
        materials[2 * i] = materials[2 * i + 1] = lamp;
    }
    lab_mesh(l, corners, materials, 2 * SPOKES, NULL);
}

static void hang_point(lab *l, uint32_t lamp, double x_px, double y_px)
{
    double px_m = FAR_M / FOCAL_PX;
    lab_panel(l, lamp, (bt_vec3){(x_px - POINT_PX) * px_m, (y_px - POINT_PX) * px_m, FAR_M},
              (bt_vec3){2.0 * POINT_PX * px_m, 0, 0}, (bt_vec3){0, 2.0 * POINT_PX * px_m, 0});
}

typedef struct subject {
    double inner_px; // of the ring; below 0: a point instead, there:
    double x_px, y_px;
    double times; // above 0: the sensor reads it at so many times the shorter exposure
} subject;

static double shot_middle(const flare *f, const bench_shot *shot)
{
    uint32_t x = f->b->width_px / 2, y = f->b->height_px / 2;
    bench_rect middle = {x - MIDDLE_PX, y - MIDDLE_PX, x + MIDDLE_PX, y + MIDDLE_PX};
    return bench_rect_mean(f->b, shot, f->plane, middle, NULL);
}

// Counts of the middle above those in the dark.
static bt_status read_middle(const flare *f, bench_shot *shot, const lab_light *light, double times,
                             double *counts)
{
    bt_film *cap = NULL;
    shot->state.exposure.exposure_s = times * f->short_s;
    bt_status status = bench_shot_read(f->b, shot, light->film, f->b->reads);
    *counts = shot_middle(f, shot);
    if (status == BT_OK) status = bench_cap(f->b, shot, &cap);
    if (status == BT_OK) status = bench_shot_read(f->b, shot, cap, f->b->reads);
    *counts -= shot_middle(f, shot);
    bt_film_destroy(cap);
    return status;
}

// counts may be NULL when the sensor does not read it.
static bt_status photograph(const flare *f, subject what, lab_light *light, double *counts)
{
    lab l;
    bench_shot shot;
    bt_status status = bench_shot_begin(f->b, &shot);
    lab_begin(&l, f->b);
    l.only_shines = true;
    l.ends_early = true;
    uint32_t lamp = lab_lamp(&l, lab_flat(&l, 1.0), f->radiance);
    if (what.inner_px < 0.0)
        hang_point(&l, lamp, what.x_px, what.y_px);
    else
        hang_ring(&l, lamp, what.inner_px);
    lab_finish(&l);
    if (status == BT_OK) status = lab_film(&l, shot.camera, &shot.view, NULL, 0, light);
    // in the longer exposure the white is beyond what is judged
    if (status == BT_OK) status = lab_check_light(f->b, light, f->short_s);
    if (status == BT_OK && what.times > 0.0)
        status = read_middle(f, &shot, light, what.times, counts);
    lab_clear(&l);
    bench_shot_clear(&shot);
    return status;
}

// ---- the patch --------------------------------------------------------------------------------
static double middle_of(const flare *f, const lab_light *light, int sign)
{
    double sum = 0.0;
    uint32_t x0 = f->b->width_px / 2, y0 = f->b->height_px / 2;
    for (uint32_t y = y0 - MIDDLE_PX; y < y0 + MIDDLE_PX; y++)
        for (uint32_t x = x0 - MIDDLE_PX; x < x0 + MIDDLE_PX; x++)
            sum += lab_rate(light, sign, f->band, x, y);
    return sum;
}

static bt_status measure_patch(flare *f, bench_text *counts)
{
    lab_light black = {0}, white = {0};
    double dn[2] = {0.0, 0.0}, percent[3];
    bt_status status =
        photograph(f, (subject){.inner_px = PATCH_PX, .times = TIMES}, &black, &dn[0]);
    if (status == BT_OK)
        status = photograph(f, (subject){.inner_px = 0.0, .times = 1.0}, &white, &dn[1]);
    if (status == BT_OK) status = bench_write_rates(f->b, black.film, f->band, "patch.csv");
    if (status == BT_OK) status = bench_write_rates(f->b, white.film, f->band, "white.csv");
    for (int i = 0; i < 3 && status == BT_OK; i++) {
        int sign = i == 2 ? -1 : i;
        percent[i] = 100.0 * middle_of(f, &black, sign) / middle_of(f, &white, sign);
    }
    double truth = 100.0 * true_flare(f), error = bench_half_apart(percent[1], percent[2]);
    if (status == BT_OK)
        status = bench_add(f->b, "flare", "middle", "%", truth, LIMIT * truth, LIMIT * truth, error,
                           percent[0]);
    bench_print(counts, "%.9g,%.9g", dn[0], dn[1]);
    if (status == BT_OK)
        status = bench_add(f->b, "flare_counts", "middle", "%", truth, LIMIT * truth, LIMIT * truth,
                           error, 100.0 * dn[0] / TIMES / dn[1]);
    lab_light_clear(&black);
    lab_light_clear(&white);
    return status;
}

// ---- a point's glare --------------------------------------------------------------------------
// Share of all the point's light that a ring would get if it were everywhere as in its pixels.
static double ring_share(const flare *f, const lab_light *light, int sign, const double ring[2])
{
    double sum = 0.0, count = 0.0;
    double x0 = 0.5 * (f->b->width_px - 1.0), y0 = 0.5 * (f->b->height_px - 1.0);
    for (uint32_t y = 0; y < f->b->height_px; y++)
        for (uint32_t x = 0; x < f->b->width_px; x++) {
            double r = hypot(x - x0, y - y0);
            if (r < ring[0] || r >= ring[1]) continue;
            sum += lab_rate(light, sign, f->band, x, y);
            count += 1.0;
        }
    double own = bench_photons_s(f->b, f->radiance, NM) * bench_qe(&f->b->truth, f->band, NM);
    double all = own * 4.0 * POINT_PX * POINT_PX;
    return sum / count * BT_PI * (ring[1] * ring[1] - ring[0] * ring[0]) / all;
}

static bt_status measure_spread(flare *f)
{
    size_t plot;
    lab_light light = {0};
    bt_status status = photograph(f, (subject){.inner_px = -1.0}, &light, NULL);
    if (status == BT_OK) status = bench_write_rates(f->b, light.film, f->band, "glare.csv");
    if (status == BT_OK)
        status = bench_plot_begin(f->b, "Glare spread function", "angle from the point, degrees",
                                  "share of its light, 1/sr", true, true, &plot);
    for (size_t i = 0; i < RINGS && status == BT_OK; i++) {
        char where[40];
        const double *ring = rings_px[i];
        double truth = true_ring(f, ring[0], ring[1]), share[3];
        for (int k = 0; k < 3; k++)
            share[k] = ring_share(f, &light, k == 2 ? -1 : k, ring);
        double low = atan(ring[0] / FOCAL_PX), high = atan(ring[1] / FOCAL_PX);
        double solid = 2.0 * BT_PI * (cos(low) - cos(high)), middle = 0.5 * (low + high);
        snprintf(where, sizeof where, "%.2f deg", middle / BT_RAD_PER_DEG);
        status = bench_add(f->b, "glare_spread", where, "1/sr", truth / solid,
                           LIMIT * truth / solid, LIMIT * truth / solid,
                           bench_half_apart(share[1], share[2]) / solid, share[0] / solid);
        if (status == BT_OK)
            status = bench_plot_add(f->b, plot, "measured", BENCH_DOTS, middle / BT_RAD_PER_DEG,
                                    share[0] / solid);
        if (status == BT_OK)
            status = bench_plot_add(f->b, plot, "truth", BENCH_LINE, middle / BT_RAD_PER_DEG,
                                    truth / solid);
    }
    lab_light_clear(&light);
    return status;
}

// ---- a ghost ----------------------------------------------------------------------------------
typedef struct ghost {
    double x_px, y_px, share;
} ghost;

static ghost find_ghost(const flare *f, const lab_light *with, const lab_light *without, int sign)
{
    double sum = 0.0, all = 0.0, x_sum = 0.0, y_sum = 0.0;
    for (uint32_t y = 0; y < f->b->height_px; y++)
        for (uint32_t x = 0; x < f->b->width_px; x++) {
            double bare = lab_rate(without, sign, f->band, x, y);
            double own = lab_rate(with, sign, f->band, x, y) - bare;
            sum += own;
            x_sum += own * x;
            y_sum += own * y;
            all += bare;
        }
    return (ghost){x_sum / sum - 0.5 * (f->b->width_px - 1.0),
                   y_sum / sum - 0.5 * (f->b->height_px - 1.0), sum / all};
}

static bt_status score_ghost(flare *f, const lab_light *with, const lab_light *without)
{
    ghost g[3];
    for (int i = 0; i < 3; i++)
        g[i] = find_ghost(f, with, without, i == 2 ? -1 : i);
    bt_status status =
        bench_add(f->b, "ghost_x", "point", "px", GHOST_SCALE * POINT_X_PX, PLACE_LIMIT_PX,
                  PLACE_LIMIT_PX, bench_half_apart(g[1].x_px, g[2].x_px), g[0].x_px);
    if (status == BT_OK)
        status = bench_add(f->b, "ghost_y", "point", "px", GHOST_SCALE * POINT_Y_PX, PLACE_LIMIT_PX,
                           PLACE_LIMIT_PX, bench_half_apart(g[1].y_px, g[2].y_px), g[0].y_px);
    if (status == BT_OK)
        status =
            bench_add(f->b, "ghost_energy", "point", "", GHOST_SHARE, LIMIT * GHOST_SHARE,
                      LIMIT * GHOST_SHARE, bench_half_apart(g[1].share, g[2].share), g[0].share);
    return status;
}

static bt_status measure_ghost(flare *f)
{
    lab_light with = {0}, without = {0};
    bench *b = f->b;
    subject point = {-1.0, POINT_X_PX, POINT_Y_PX, 0.0};
    bench_set(b, BT_SHEET_SCATTER_SHARE, 0.0);
    bt_status status = photograph(f, point, &without, NULL);
    double pitch_m = bt_sheet_get(&b->sheet, BT_SHEET_PIXEL_PITCH_M);
    b->sheet.ghost_count = 1;
    b->sheet.ghosts[0] = (bt_sheet_ghost){GHOST_SCALE, GHOST_RADIUS_PX * pitch_m, GHOST_SHARE};
    if (status == BT_OK) status = photograph(f, point, &with, NULL);
    if (status == BT_OK) status = bench_write_rates(b, without.film, f->band, "point.csv");
    if (status == BT_OK) status = bench_write_rates(b, with.film, f->band, "ghost.csv");
    if (status == BT_OK) status = score_ghost(f, &with, &without);
    lab_light_clear(&with);
    lab_light_clear(&without);
    return status;
}

// ---- the chart --------------------------------------------------------------------------------
// Another lens with the sheet's scatter, or, where it has none, with the chart's.
static void put_lens_on(flare *f)
{
    static const bt_sheet_key keys[3] = {BT_SHEET_SCATTER_SHARE, BT_SHEET_SCATTER_SHOULDER,
                                         BT_SHEET_SCATTER_SLOPE};
    static const double own[3] = {SHARE, SHOULDER, SLOPE};
    bench *b = f->b;
    bt_camera_sheet *sheets[2] = {&b->sheet, &b->truth};
    bool given = bt_sheet_get(&b->truth, BT_SHEET_SCATTER_SHARE) > 0.0;
    double values[2][3];
    for (int i = 0; i < 6; i++)
        values[i / 3][i % 3] = given ? bt_sheet_get(sheets[i / 3], keys[i % 3]) : own[i % 3];
    bench_put_perfect_lens_on(b, FOCAL_PX, F_NUMBER);
    for (int i = 0; i < 6; i++)
        sheets[i / 3]->numbers[keys[i % 3]].value = values[i / 3][i % 3];
    f->share = values[1][0];
    f->shoulder = values[1][1];
    f->slope = -values[1][2]; // what it falls by
    bench_filter(b, NM);
    snprintf(
        b->note, sizeof b->note,
        "a lens of %g pixels at f/%g, %.0f nm, of %s scatter; but for flare_counts the light on "
        "the sensor\n",
        FOCAL_PX, F_NUMBER, NM, given ? "the sheet's" : "the chart's");
}

static void set_light(flare *f)
{
    bench *b = f->b;
    f->short_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S) / TIMES;
    double own = bench_photons_s(b, 1.0, NM) * bench_qe(&b->truth, f->band, NM) * f->short_s;
    double analog = bt_sheet_get(&b->truth, BT_SHEET_ANALOG_GAIN);
    f->radiance = FILL * bench_saturation_e(&b->truth, analog) / own;
    bench_set(b, BT_SHEET_EXPOSURE_S, f->short_s);
}

bt_status bench_flare(bench *b)
{
    flare f = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    bench_text table = {0}, counts = {0};
    if (b->width_px < 2.0 * FIELD_PX || b->height_px < 2.0 * FIELD_PX)
        return bt_fail(BT_ERR_INPUT, "flare at %u x %u: expected at least %g each", b->width_px,
                       b->height_px, 2.0 * FIELD_PX);
    lab_take_first_read(b);
    f.plane = bench_band_plane(&b->truth, f.band);
    put_lens_on(&f);
    set_light(&f);
    bt_status status = measure_patch(&f, &counts);
    if (status == BT_OK) status = measure_spread(&f);
    if (status == BT_OK) status = measure_ghost(&f);
    double all = bench_photons_s(b, f.radiance, NM) * bench_qe(&b->truth, f.band, NM) * 4.0 *
                 POINT_PX * POINT_PX;
    bench_print(&table,
                "share,shoulder,slope,patch_px,field_px,focal_px,f_number,wavelength_nm,pitch_m,"
                "point_x_px,point_y_px,ghost_scale,ghost_share,point_e_s,times,patch_dn,white_dn\n"
                "%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%.9g,%g,%s\n",
                f.share, f.shoulder, f.slope, PATCH_PX, FIELD_PX, FOCAL_PX, F_NUMBER, NM,
                bt_sheet_get(&b->truth, BT_SHEET_PIXEL_PITCH_M), POINT_X_PX, POINT_Y_PX,
                GHOST_SCALE, GHOST_SHARE, all, TIMES, counts.text ? counts.text : ",");
    bt_free(counts.text);
    bt_status written = bench_text_write(b, &table, "flare.csv");
    return status != BT_OK ? status : written;
}
