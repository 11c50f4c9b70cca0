// flare.c: a black patch in a white field, in the manner of ISO 18844, and a ghost of a far point.
// camera.md 1.8.
//
// The lens is a plain one that scatters a known share by Harvey's form and has one known ghost; the sheet's
// own lens is taken off. At the middle of a round patch in a round field
//     F = s (H2 - H1) + (1 - s) (A2 - A1)  over the same place's light without the patch,
// H and A: share of scattered and of diffracted light within the radii of field and patch (Airy's
// 1 - J0^2 - J1^2). The ghost is what a picture has more than that of the same lens without it.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#define FOCAL_PX 400.0
#define F_NUMBER 2.0
#define SHARE 0.05 // chosen, as the next two: a dirty lens
#define SHOULDER 0.01
#define SLOPE 1.6
#define PATCH_PX 20.0
#define FIELD_PX 70.0
#define SPOKES 180
#define FAR_M 10.0
#define MIDDLE_PX 2 // half a side of what is averaged
#define NM 550.0
#define POINT_X_PX 40.0
#define POINT_Y_PX 24.0
#define GHOST_SCALE (-0.7)
#define GHOST_RADIUS_PX 5.0
#define GHOST_SHARE 1e-3

typedef struct flare {
    bench *b;
    uint32_t band;
} flare;

// ---- the lens's promise -----------------------------------------------------------------------
static double scattered_within(double radius_px)
{
    double power = 1.0 - 0.5 * SLOPE, sine = sin(atan(radius_px / FOCAL_PX));
    double own = pow(1.0 + pow(sine / SHOULDER, 2.0), power) - 1.0;
    return own / (pow(1.0 + 1.0 / (SHOULDER * SHOULDER), power) - 1.0);
}

static double diffracted_within(const bench *b, double radius_px)
{
    double x = BT_PI * radius_px * bt_sheet_get(&b->truth, BT_SHEET_PIXEL_PITCH_M) /
               (NM * 1e-9 * F_NUMBER);
    return 1.0 - j0(x) * j0(x) - j1(x) * j1(x);
}

static double true_flare(const bench *b)
{
    double scattered = scattered_within(FIELD_PX), passed = diffracted_within(b, FIELD_PX);
    double white = SHARE * scattered + (1.0 - SHARE) * passed;
    return (SHARE * (scattered - scattered_within(PATCH_PX)) +
            (1.0 - SHARE) * (passed - diffracted_within(b, PATCH_PX))) /
           white;
}

// ---- pictures ---------------------------------------------------------------------------------
static bt_vec3 around(double radius_px, int spoke)
{
    double turn = 2.0 * BT_PI * spoke / SPOKES, radius = radius_px * FAR_M / FOCAL_PX;
    return (bt_vec3){radius * cos(turn), radius * sin(turn), FAR_M};
}

static void hang_ring(lab *l, uint32_t lamp, double inner_px)
{
    static bt_vec3 corners[6 * SPOKES];
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

static void hang_point(lab *l, uint32_t lamp)
{
    double px_m = FAR_M / FOCAL_PX;
    lab_panel(l, lamp, (bt_vec3){(POINT_X_PX - 1.0) * px_m, (POINT_Y_PX - 1.0) * px_m, FAR_M},
              (bt_vec3){2.0 * px_m, 0, 0}, (bt_vec3){0, 2.0 * px_m, 0});
}

// inner_px: of the ring; below 0: the point instead.
static bt_status photograph(const flare *f, double inner_px, bt_film **film)
{
    lab l;
    bench_shot shot;
    bt_status status = bench_shot_begin(f->b, &shot);
    lab_begin(&l, f->b);
    l.max_depth = 1; // what shines reflects nothing
    uint32_t lamp = lab_lamp(&l, lab_flat(&l, 1.0), 1.0);
    if (inner_px < 0.0)
        hang_point(&l, lamp);
    else
        hang_ring(&l, lamp, inner_px);
    lab_finish(&l);
    if (status == BT_OK) status = lab_film(&l, shot.camera, &shot.view, NULL, 0, film, NULL);
    lab_clear(&l);
    bench_shot_clear(&shot);
    return status;
}

// ---- scores -----------------------------------------------------------------------------------
static double middle_of(const flare *f, const bt_film *film)
{
    double sum = 0.0;
    for (uint32_t y = film->height_px / 2 - MIDDLE_PX; y < film->height_px / 2 + MIDDLE_PX; y++)
        for (uint32_t x = film->width_px / 2 - MIDDLE_PX; x < film->width_px / 2 + MIDDLE_PX; x++)
            sum += bench_rate(film, f->band, x, y);
    return sum;
}

static bt_status measure_patch(flare *f)
{
    bt_film *black = NULL, *white = NULL;
    bt_status status = photograph(f, PATCH_PX, &black);
    if (status == BT_OK) status = photograph(f, 0.0, &white);
    if (status == BT_OK) status = bench_write_rates(f->b, black, f->band, "patch.csv");
    if (status == BT_OK) status = bench_write_rates(f->b, white, f->band, "white.csv");
    double truth = 100.0 * true_flare(f->b);
    if (status == BT_OK)
        status = bench_add(f->b, "flare", "middle", "%", truth, 0.05 * truth, 0.05 * truth, NAN,
                           100.0 * middle_of(f, black) / middle_of(f, white));
    bt_film_destroy(black);
    bt_film_destroy(white);
    return status;
}

static bt_status score_ghost(flare *f, const bt_film *with, const bt_film *without)
{
    double sum = 0.0, all = 0.0, x_sum = 0.0, y_sum = 0.0;
    for (uint32_t y = 0; y < with->height_px; y++)
        for (uint32_t x = 0; x < with->width_px; x++) {
            double own = bench_rate(with, f->band, x, y) - bench_rate(without, f->band, x, y);
            sum += own;
            x_sum += own * x;
            y_sum += own * y;
            all += bench_rate(without, f->band, x, y);
        }
    double x0 = 0.5 * (with->width_px - 1.0), y0 = 0.5 * (with->height_px - 1.0);
    bt_status status = bench_add(f->b, "ghost_x", "point", "px", GHOST_SCALE * POINT_X_PX, 1.0, 1.0,
                                 NAN, x_sum / sum - x0);
    if (status == BT_OK)
        status = bench_add(f->b, "ghost_y", "point", "px", GHOST_SCALE * POINT_Y_PX, 1.0, 1.0, NAN,
                           y_sum / sum - y0);
    if (status == BT_OK)
        status = bench_add(f->b, "ghost_energy", "point", "", GHOST_SHARE, 0.05 * GHOST_SHARE,
                           0.05 * GHOST_SHARE, NAN, sum / all);
    return status;
}

static bt_status measure_ghost(flare *f)
{
    bt_film *with = NULL, *without = NULL;
    bench *b = f->b;
    bench_set(b, BT_SHEET_SCATTER_SHARE, 0.0);
    bt_status status = photograph(f, -1.0, &without);
    double pitch_m = bt_sheet_get(&b->sheet, BT_SHEET_PIXEL_PITCH_M);
    b->sheet.ghost_count = 1;
    b->sheet.ghosts[0] = (bt_sheet_ghost){GHOST_SCALE, GHOST_RADIUS_PX * pitch_m, GHOST_SHARE};
    if (status == BT_OK) status = photograph(f, -1.0, &with);
    if (status == BT_OK) status = bench_write_rates(f->b, without, f->band, "point.csv");
    if (status == BT_OK) status = bench_write_rates(f->b, with, f->band, "ghost.csv");
    if (status == BT_OK) status = score_ghost(f, with, without);
    bt_film_destroy(with);
    bt_film_destroy(without);
    return status;
}

bt_status bench_flare(bench *b)
{
    flare f = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    bench_text table = {0};
    bench_put_perfect_lens_on(b, FOCAL_PX, F_NUMBER);
    bench_set(b, BT_SHEET_SCATTER_SHARE, SHARE);
    bench_set(b, BT_SHEET_SCATTER_SHOULDER, SHOULDER);
    bench_set(b, BT_SHEET_SCATTER_SLOPE, -SLOPE);
    bench_filter(b, NM);
    if (b->width_px < 2.0 * FIELD_PX || b->height_px < 2.0 * FIELD_PX)
        return bt_fail(BT_ERR_INPUT, "flare at %u x %u: expected at least %g each", b->width_px,
                       b->height_px, 2.0 * FIELD_PX);
    snprintf(b->note, sizeof b->note, "a lens of %g pixels at f/%g, %.0f nm, of known scatter\n",
             FOCAL_PX, F_NUMBER, NM);
    bt_status status = measure_patch(&f);
    if (status == BT_OK) status = measure_ghost(&f);
    bench_print(
        &table,
        "share,shoulder,slope,patch_px,field_px,focal_px,f_number,wavelength_nm,pitch_m,"
        "point_x_px,point_y_px,ghost_scale,ghost_share\n%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,"
        "%g\n",
        SHARE, SHOULDER, SLOPE, PATCH_PX, FIELD_PX, FOCAL_PX, F_NUMBER, NM,
        bt_sheet_get(&b->truth, BT_SHEET_PIXEL_PITCH_M), POINT_X_PX, POINT_Y_PX, GHOST_SCALE,
        GHOST_SHARE);
    bt_status written = bench_text_write(b, &table, "flare.csv");
    return status != BT_OK ? status : written;
}
