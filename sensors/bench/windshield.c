// windshield.c: a far point, a slanted square and an even ground, without and with a pane: double image,
// prism, modulation transfer, transmission. camera.md 1.9.
//
// The pane is flat, clear and wedged, thicker at the top; the lens is a long one that diffracts, so that
// both images stand apart. Light mirrored at the outer, then at the inner face comes in at
//     delta = 2 a sqrt(n^2 - sin^2 t) / cos t
// from the straight one, with the share rho: R_s^2 and R_p^2 of it, each weighted by its (1 - R)^2. The
// straight one is bent by a (sqrt(n^2 - sin^2 t) / cos t - 1). Through a shorter lens both are one image,
// whose transfer along an edge's normal is that without the pane times
//     |1 + rho exp(2 pi i f d)| / (1 + rho),   d: delta along the normal, in pixels
// Pictures are the light on the sensor: no noise, no counts.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"
#include "sensors/bench/esfr.h"
#include "sensors/camera/camera_lua.h"

#define FOCAL_PX 12000.0 // chosen: parts the images by 8 pixels at least
#define SHORT_PX 1500.0  // chosen: both within what an edge's spread is measured over
#define INDEX 1.52
#define THICK_M 4.96e-3
#define PANE_M 0.2
#define FAR_M 5000.0 // the images' rays are millimetres apart
#define HALF_PX 1.0  // half a side of the point
#define SQUARE 0.25  // half a side of the square, of the window: esfr.h
#define TURN_DEG 5.0
#define CONTRAST 4.0
#define LEAST_PX 128    // both images of an edge within what its spread is measured over
#define EVEN_SAMPLES 16 // of one wavelength: all the same
#define LIT_E 200.0     // chosen: weak, as in a frame of a long stack
#define NM 550.0        // whose index rays bend by (optics/shield.h)
#define NEAR_PX 4.0     // about the brightest place that an image's light is gathered from
#define ARCMIN (BT_RAD_PER_DEG / 60.0)
#define ANGLE_LIMIT (0.05 * ARCMIN) // camera.md 4, row 13, as the next two
#define RATIO_LIMIT 0.02
#define THROUGH_LIMIT 0.002
#define MTF_LIMIT 0.01 // camera.md 4, row 5

typedef struct pane {
    double wedge_rad, rake_deg;
} pane;

static const pane panes[] = {{3e-4, 60.0}, {2e-4, 70.0}, {1e-4, 70.0}, {2e-4, 65.0}, {2e-4, 55.0}};
#define PANE_COUNT (sizeof panes / sizeof *panes)

#define SUBJECTS 3
typedef struct shots {
    lab_light light[SUBJECTS];
} shots;

typedef struct glazed {
    bench *b;
    uint32_t band;
    shots free;      // without a pane
    double *samples; // of a picture
    bench_text table;
} glazed;

// ---- the sheet's promise ----------------------------------------------------------------------
static void mirrored(double incidence_rad, double share[2])
{
    double inside = asin(sin(incidence_rad) / INDEX);
    double minus = incidence_rad - inside, plus = incidence_rad + inside;
    share[0] = pow(sin(minus) / sin(plus), 2.0);
    share[1] = pow(tan(minus) / tan(plus), 2.0);
}

static double true_angle(pane p)
{
    double t = p.rake_deg * BT_RAD_PER_DEG;
    return 2.0 * p.wedge_rad * sqrt(INDEX * INDEX - sin(t) * sin(t)) / cos(t);
}

static double true_straight(pane p)
{
    double share[2];
    mirrored(p.rake_deg * BT_RAD_PER_DEG, share);
    return 0.5 * (pow(1.0 - share[0], 2.0) + pow(1.0 - share[1], 2.0));
}

static double true_prism(pane p)
{
    return 0.5 * true_angle(p) - p.wedge_rad;
}

static double true_ratio(pane p)
{
    double share[2], ghost = 0.0;
    mirrored(p.rake_deg * BT_RAD_PER_DEG, share);
    for (int i = 0; i < 2; i++)
        ghost += 0.5 * pow((1.0 - share[i]) * share[i], 2.0);
    return ghost / true_straight(p);
}

// Along the normal of the square's level edges: the wedge lies upright.
static double true_mtf_ratio(pane p, double f)
{
    double rho = true_ratio(p), apart_px = true_angle(p) * SHORT_PX;
    double phase = 2.0 * BT_PI * f * apart_px * cos(TURN_DEG * BT_RAD_PER_DEG);
    return sqrt(1.0 + rho * rho + 2.0 * rho * cos(phase)) / (1.0 + rho);
}

// ---- pictures ---------------------------------------------------------------------------------
static bt_windshield glass_of(pane p)
{
    bt_windshield w;
    bt_windshield_init(&w);
    snprintf(w.name, sizeof w.name, "bench");
    w.numbers[BT_WINDSHIELD_RAKE_DEG].value = p.rake_deg;
    w.numbers[BT_WINDSHIELD_AZIMUTH_DEG].value = 0.0;
    w.numbers[BT_WINDSHIELD_DISTANCE_M].value = PANE_M;
    w.numbers[BT_WINDSHIELD_THICKNESS_M].value = THICK_M;
    w.numbers[BT_WINDSHIELD_WIDTH_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_HEIGHT_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_RADIUS_HORIZONTAL_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_RADIUS_VERTICAL_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_WEDGE_RAD].value = p.wedge_rad;
    w.numbers[BT_WINDSHIELD_WEDGE_DIRECTION_DEG].value = 90.0;
    w.numbers[BT_WINDSHIELD_INDEX].value = INDEX;
    w.numbers[BT_WINDSHIELD_ABBE].value = 0.0;
    return w;
}

typedef enum subject { POINT, SQUARE_ON_GROUND, EVEN } subject;

static void hang_square(lab *l, double half, double radiance)
{
    uint32_t dark = lab_lamp(l, lab_flat(l, 1.0), radiance);
    double turn = TURN_DEG * BT_RAD_PER_DEG, near_m = FAR_M * (1.0 - 1e-5);
    static const double corner[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    bt_vec3 four[4];
    for (int i = 0; i < 4; i++) {
        double x = half * corner[i][0], y = half * corner[i][1];
        four[i] = (bt_vec3){x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn), near_m};
    }
    lab_quad(l, dark, four);
}

static void hang(const bench *b, lab *l, subject what, double radiance)
{
    uint32_t lamp = lab_lamp(l, lab_flat(l, 1.0), radiance);
    double half = what == POINT ? HALF_PX * FAR_M / FOCAL_PX : FAR_M;
    lab_panel(l, lamp, (bt_vec3){-half, -half, FAR_M}, (bt_vec3){2.0 * half, 0, 0},
              (bt_vec3){0, 2.0 * half, 0});
    double side_px = SQUARE * fmin(b->width_px, b->height_px);
    if (what == SQUARE_ON_GROUND) hang_square(l, side_px * FAR_M / SHORT_PX, radiance / CONTRAST);
}

// Pixels that are all lamp get so many electrons in a frame: shot noise hides the light's.
static double radiance_of(const glazed *g)
{
    const bench *b = g->b;
    return LIT_E / (bench_photons_s(b, 1.0, NM) * bench_qe(&b->truth, g->band, NM) *
                    bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S));
}

// The light of a subject through a pane (NULL: none).
static bt_status photograph(const glazed *g, const bt_windshield *glass, subject what,
                            lab_light *light)
{
    lab l;
    bt_view view;
    bt_camera *camera = NULL;
    bt_camera_state state;
    bench *b = g->b;
    double focal_px = what == SQUARE_ON_GROUND ? SHORT_PX : FOCAL_PX;
    bench_set(b, BT_SHEET_FX_PX, focal_px);
    bench_set(b, BT_SHEET_FY_PX, focal_px);
    bt_camera_desc desc = {.sheet = &b->sheet,
                           .width_px = b->width_px,
                           .height_px = b->height_px,
                           .seed = b->desc->seed,
                           .windshield = glass,
                           .without_spread = what == EVEN,
                           .vehicle_from_cam = bt_camera_mount(1.5, 0.0, 1.3, 0.0, 0.0, 0.0)};
    bt_status status = bt_camera_create(&desc, b->desc->jobs, &camera);
    lab_begin(&l, b);
    l.only_shines = true;
    l.ends_early = what != EVEN;
    l.samples = what == EVEN ? EVEN_SAMPLES : 0;
    hang(b, &l, what, radiance_of(g));
    lab_finish(&l);
    if (status == BT_OK) {
        bt_camera_state_init(camera, &state);
        bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
        status = lab_film(&l, camera, &view, NULL, what, light);
    }
    if (status == BT_OK)
        status = lab_check_light(b, light, bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S));
    lab_clear(&l);
    bt_camera_destroy(camera);
    return status;
}

// ---- measuring --------------------------------------------------------------------------------
typedef struct image {
    double x, y, light;
} image;

// Light of one render or of both (lab.h), less that of the place opposite the middle: the straight image's
// own falls out of it.
typedef struct picture {
    const lab_light *light;
    int sign;
    uint32_t band;
    const image *middle; // NULL: nothing is taken off
} picture;

static double odd_light(const picture *p, int x, int y)
{
    const image *middle = p->middle;
    int width = (int)p->light->film->width_px, height = (int)p->light->film->height_px;
    if (x < 0 || y < 0 || x >= width || y >= height) return 0.0;
    double light = lab_rate(p->light, p->sign, p->band, (uint32_t)x, (uint32_t)y);
    if (!middle) return light;
    int across = (int)floor(2.0 * middle->x + 0.5) - x,
        down = (int)floor(2.0 * middle->y + 0.5) - y;
    if (across < 0 || down < 0 || across >= width || down >= height) return light;
    return light - lab_rate(p->light, p->sign, p->band, (uint32_t)across, (uint32_t)down);
}

// Brightest place, at least 3 pixels off the middle, and the centroid of the light about it.
static image find_image(const picture *p)
{
    int best_x = 0, best_y = 0, reach = (int)NEAR_PX;
    double best = -INFINITY;
    image found = {0};
    for (int y = 0; y < (int)p->light->film->height_px; y++)
        for (int x = 0; x < (int)p->light->film->width_px; x++) {
            double own = odd_light(p, x, y);
            if (p->middle && hypot(x - p->middle->x, y - p->middle->y) < 3.0) continue;
            if (own > best) best = own, best_x = x, best_y = y;
        }
    for (int y = best_y - reach; y <= best_y + reach; y++)
        for (int x = best_x - reach; x <= best_x + reach; x++) {
            double own = odd_light(p, x, y);
            found.light += own;
            found.x += own * x;
            found.y += own * y;
        }
    found.x /= found.light;
    found.y /= found.light;
    return found;
}

static double sum_of(const glazed *g, const lab_light *light, int sign)
{
    double sum = 0.0;
    for (uint32_t y = 0; y < light->film->height_px; y++)
        for (uint32_t x = 0; x < light->film->width_px; x++)
            sum += lab_rate(light, sign, g->band, x, y);
    return sum;
}

static bt_status transfer(const glazed *g, const lab_light *light, int sign, esfr *result)
{
    uint32_t width = light->film->width_px, height = light->film->height_px;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            g->samples[(size_t)y * width + x] = lab_rate(light, sign, g->band, x, y);
    return esfr_square(g->samples, width, height, 1.0, result);
}

// ---- scores -----------------------------------------------------------------------------------
typedef struct seen {
    double angle_rad, ratio, prism_rad, straight;
    esfr glazed, bare; // of the square, with and without the pane
} seen;

// From one render's light, or from both's: with the pane, against without.
static bt_status measure(const glazed *g, const shots *with, int sign, seen *out)
{
    picture point = {&with->light[POINT], sign, g->band, NULL}, rest = point;
    picture free_point = {&g->free.light[POINT], sign, g->band, NULL};
    image direct = find_image(&point), before = find_image(&free_point);
    rest.middle = &direct;
    image ghost = find_image(&rest);
    out->angle_rad = hypot(ghost.x - direct.x, ghost.y - direct.y) / FOCAL_PX;
    out->prism_rad = hypot(direct.x - before.x, direct.y - before.y) / FOCAL_PX;
    out->ratio = ghost.light / direct.light;
    out->straight = sum_of(g, &with->light[EVEN], sign) / sum_of(g, &g->free.light[EVEN], sign);
    bt_status status = transfer(g, &with->light[SQUARE_ON_GROUND], sign, &out->glazed);
    return status == BT_OK ? transfer(g, &g->free.light[SQUARE_ON_GROUND], sign, &out->bare)
                           : status;
}

// What the pane takes off the transfer, along the wedge.
static bt_status score_mtf(glazed *g, pane p, const char *where, const seen s[3])
{
    bt_status status = BT_OK;
    for (int k = 10; k <= 40 && status == BT_OK; k += 10) {
        char at[48];
        double change[3], truth = s[0].bare.down[k] * (true_mtf_ratio(p, k * ESFR_STEP) - 1.0);
        for (int i = 0; i < 3; i++)
            change[i] = s[i].glazed.down[k] - s[i].bare.down[k];
        snprintf(at, sizeof at, "%s/%.1f", where, k * ESFR_STEP);
        status = bench_add(g->b, "mtf_change", at, "", truth, MTF_LIMIT, MTF_LIMIT,
                           bench_half_apart(change[1], change[2]), change[0]);
    }
    return status;
}

static bt_status score(glazed *g, pane p, const seen s[3])
{
    char where[40];
    double ratio = true_ratio(p), through = true_straight(p), limit = ANGLE_LIMIT / ARCMIN;
    snprintf(where, sizeof where, "%.0f deg %.2f mrad", p.rake_deg, p.wedge_rad * 1e3);
    bt_status status = bench_add(
        g->b, "double_angle", where, "arcmin", true_angle(p) / ARCMIN, limit, limit,
        bench_half_apart(s[1].angle_rad, s[2].angle_rad) / ARCMIN, s[0].angle_rad / ARCMIN);
    if (status == BT_OK)
        status =
            bench_add(g->b, "double_ratio", where, "", ratio, RATIO_LIMIT * ratio,
                      RATIO_LIMIT * ratio, bench_half_apart(s[1].ratio, s[2].ratio), s[0].ratio);
    if (status == BT_OK)
        status = bench_add(g->b, "prism", where, "arcmin", true_prism(p) / ARCMIN, limit, limit,
                           bench_half_apart(s[1].prism_rad, s[2].prism_rad) / ARCMIN,
                           s[0].prism_rad / ARCMIN);
    if (status == BT_OK)
        status = bench_add(g->b, "transmission", where, "", through, THROUGH_LIMIT * through,
                           THROUGH_LIMIT * through, bench_half_apart(s[1].straight, s[2].straight),
                           s[0].straight);
    return status == BT_OK ? score_mtf(g, p, where, s) : status;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_status take_shots(const glazed *g, const bt_windshield *glass, shots *taken)
{
    bt_status status = BT_OK;
    for (int what = POINT; what <= EVEN && status == BT_OK; what++)
        status = photograph(g, glass, (subject)what, &taken->light[what]);
    return status;
}

static void clear_shots(shots *taken)
{
    for (int what = POINT; what <= EVEN; what++)
        lab_light_clear(&taken->light[what]);
}

static bt_status write_shots(const glazed *g, const shots *taken, const char *names[2])
{
    bt_status status = bench_write_rates(g->b, taken->light[POINT].film, g->band, names[0]);
    return status == BT_OK
               ? bench_write_rates(g->b, taken->light[SQUARE_ON_GROUND].film, g->band, names[1])
               : status;
}

static bt_status take_pane(glazed *g, pane p)
{
    shots with = {0};
    seen s[3];
    bt_windshield glass = glass_of(p);
    char point[64], square[64];
    snprintf(point, sizeof point, "point_%.0f_%.0f.csv", p.rake_deg, p.wedge_rad * 1e6);
    snprintf(square, sizeof square, "square_%.0f_%.0f.csv", p.rake_deg, p.wedge_rad * 1e6);
    bt_status status = take_shots(g, &glass, &with);
    if (status == BT_OK) status = write_shots(g, &with, (const char *[]){point, square});
    for (int i = 0; i < 3 && status == BT_OK; i++)
        status = measure(g, &with, i == 2 ? -1 : i, &s[i]);
    if (status == BT_OK)
        bench_print(&g->table, "%s,%s,%.9g,%.9g,%g,%g,%g,%.9g\n", point, square, p.rake_deg,
                    p.wedge_rad, INDEX, FOCAL_PX, SHORT_PX, s[0].straight);
    if (status == BT_OK) status = score(g, p, s);
    clear_shots(&with);
    return status;
}

bt_status bench_windshield(bench *b)
{
    if (b->width_px < LEAST_PX || b->height_px < LEAST_PX)
        return bt_fail(BT_ERR_INPUT, "windshield at %u x %u: expected at least %d each",
                       b->width_px, b->height_px, LEAST_PX);
    glazed g = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    g.samples = bt_alloc((size_t)b->width_px * b->height_px, sizeof *g.samples);
    if (!g.samples)
        return bt_fail(BT_ERR_MEMORY, "no memory for %u x %u pixels", b->width_px, b->height_px);
    bench_put_perfect_lens_on(b, FOCAL_PX, 8.0);
    lab_judge_light(b);
    bench_filter(b, NM);
    snprintf(b->note, sizeof b->note,
             "a lens of %g pixels (square: %g) at f/8, %.0f nm; the light on the sensor\n",
             FOCAL_PX, SHORT_PX, NM);
    bench_print(&g.table, "file,square,rake_deg,wedge_rad,index,focal_px,short_px,straight\n");
    bt_status status = take_shots(&g, NULL, &g.free);
    if (status == BT_OK)
        status = write_shots(&g, &g.free, (const char *[]){"point_free.csv", "square_free.csv"});
    for (uint32_t i = 0; i < b->steps && i < PANE_COUNT && status == BT_OK; i++)
        status = take_pane(&g, panes[i]);
    clear_shots(&g.free);
    bt_free(g.samples);
    bt_status written = bench_text_write(b, &g.table, "windshield.csv");
    return status != BT_OK ? status : written;
}
